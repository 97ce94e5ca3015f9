//! Files of rules as mosquitto reads them: `user`, `topic` and `pattern`, one to a line.

use midge::protocol::check_topic_filter;
use midge_broker::{Grant, Rule, Rules};

use crate::password_file::Fault;

/// All rules of a file.
///
/// # Errors
/// At the first line that cannot be meant.
pub fn read(text: &str) -> Result<Rules, Fault> {
    let mut rules = Rules::default();
    let mut of: Option<String> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let fault = |words| (number, words);
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        match word {
            "user" if rest.is_empty() => return Err(fault("the user's name is missing")),
            "user" => {
                rules.named.entry(rest.to_owned()).or_default();
                of = Some(rest.to_owned());
            }
            "topic" => {
                let rule = rule(rest).map_err(fault)?;
                match &of {
                    Some(name) => rules.named.entry(name.clone()).or_default().push(rule),
                    None => rules.nameless.push(rule),
                }
            }
            "pattern" => rules.patterns.push(rule(rest).map_err(fault)?),
            _ => {
                let words =
                    "a line begins with user, topic or pattern, or with # where it is a remark";
                return Err(fault(words));
            }
        }
    }
    Ok(rules)
}

/// `[read|write|readwrite|deny] FILTER`. A filter may have spaces behind the first of these words.
fn rule(text: &str) -> Result<Rule, &'static str> {
    let (grant, filter) = match text.split_once(' ') {
        None => (Grant::ReadWrite, text),
        Some((word, filter)) => {
            let grant = match word {
                "read" => Grant::Read,
                "write" => Grant::Write,
                "readwrite" => Grant::ReadWrite,
                "deny" => Grant::Deny,
                _ => return Err("what may be done is read, write, readwrite or deny"),
            };
            (grant, filter.trim())
        }
    };
    if filter.is_empty() {
        return Err("the topic is missing");
    }
    check_topic_filter(filter)
        .map_err(|_| "this is no topic filter: + and # stand for whole levels, # is the last")?;
    Ok(Rule {
        filter: filter.to_owned(),
        grant,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_mosquitto_reads_it() {
        let text = "# rules\ntopic read open/#\n\nuser chen lee\r\ntopic a/b\ntopic write c  d/#\ntopic  deny a\n\
                    pattern read %u/%c\nuser ana\n";
        let rules = read(text).unwrap();
        let rule = |grant, filter: &str| Rule {
            filter: filter.to_owned(),
            grant,
        };
        assert_eq!(rules.nameless, [rule(Grant::Read, "open/#")]);
        let chen = [
            rule(Grant::ReadWrite, "a/b"),
            rule(Grant::Write, "c  d/#"),
            rule(Grant::Deny, "a"),
        ];
        assert_eq!(rules.named["chen lee"], chen);
        assert_eq!(rules.named["ana"], []);
        assert_eq!(rules.patterns, [rule(Grant::Read, "%u/%c")]);
    }

    #[test]
    fn a_fault_is_told_with_its_line() {
        for (text, line) in [
            ("topic", 1),
            ("topic read", 0),
            ("\ntopic listen a/b", 2),
            ("topic read a#", 1),
            ("# x\nuser", 2),
            ("user  ", 1),
            ("users chen", 1),
            (" topic a", 1),
            ("topic a\npattern write a/#/b", 2),
        ] {
            let found = read(text).map_or_else(|(found, _)| found, |_| 0);
            assert_eq!(found, line, "{text}");
        }
    }
}
