//! Who may read and write which topics, as mosquitto's acl files say it and mosquitto decides it.

use std::collections::HashMap;

use midge::protocol::topic::matches;
use midge_broker_core::Person;

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// Messages may be received.
    Read,
    /// Messages may be published.
    Write,
    /// Both.
    ReadWrite,
    /// Neither, whatever other rules say.
    Deny,
}

/// Topics, and what may be done with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Which topics. In a pattern `%u` stands for the user's name, `%c` for the client's identifier.
    pub filter: String,
    /// What may be done.
    pub grant: Grant,
}

/// All rules. What none grants is not allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// For those who gave no name.
    pub nameless: Vec<Rule>,
    /// By the users' names.
    pub named: HashMap<String, Vec<Rule>>,
    /// For everybody.
    pub patterns: Vec<Rule>,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// To receive.
    Read,
    /// To publish.
    Write,
}

impl Rules {
    /// Whether this client may do so.
    pub(crate) fn allow(&self, person: &Person, topic: &str, wish: Wish) -> bool {
        let name = person.user_name.as_deref();
        let own = match name {
            Some(name) => self.named.get(name).map(Vec::as_slice),
            None => Some(&self.nameless[..]),
        };
        match decide(own.unwrap_or_default().iter(), topic, wish, |filter| {
            Some(filter.into())
        }) {
            Some(answer) => answer,
            None => self.allow_by_pattern(person, topic, wish),
        }
    }

    fn allow_by_pattern(&self, person: &Person, topic: &str, wish: Wish) -> bool {
        let name = person.user_name.as_deref();
        // Who chose such a name would read what others alone may.
        let is_wild = |text: &str| text.contains(['+', '#']);
        if is_wild(&person.client_id) || name.is_some_and(is_wild) {
            return false;
        }
        let expanded = |filter: &str| {
            if filter.contains("%u") && name.is_none() {
                return None;
            }
            Some(expand(filter, name.unwrap_or_default(), &person.client_id).into())
        };
        decide(self.patterns.iter(), topic, wish, expanded).unwrap_or(false)
    }
}

/// `None`: no rule is about this topic. One that denies counts before all others.
fn decide<'a>(
    rules: impl Iterator<Item = &'a Rule> + Clone,
    topic: &str,
    wish: Wish,
    expanded: impl Fn(&'a str) -> Option<std::borrow::Cow<'a, str>>,
) -> Option<bool> {
    let fitting = rules.filter(|rule| {
        let is_about = match (rule.grant, wish) {
            (Grant::Deny | Grant::ReadWrite, _)
            | (Grant::Read, Wish::Read)
            | (Grant::Write, Wish::Write) => true,
            (Grant::Read, Wish::Write) | (Grant::Write, Wish::Read) => false,
        };
        is_about && expanded(&rule.filter).is_some_and(|filter| matches(&filter, topic))
    });
    let mut is_granted = None;
    for rule in fitting {
        if rule.grant == Grant::Deny {
            return Some(false);
        }
        is_granted = Some(true);
    }
    is_granted
}

/// In one go, so that a name with `%c` in it stays what it is.
fn expand(filter: &str, name: &str, client_id: &str) -> String {
    let mut whole = String::new();
    let mut rest = filter;
    while let Some(at) = rest.find('%') {
        let (before, from) = rest.split_at(at);
        whole.push_str(before);
        let (put, behind) = match from.get(..2) {
            Some("%u") => (name, 2),
            Some("%c") => (client_id, 2),
            _ => ("%", 1),
        };
        whole.push_str(put);
        rest = from.get(behind..).unwrap_or_default();
    }
    whole.push_str(rest);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: Option<&str>, client_id: &str) -> Person {
        Person {
            client_id: client_id.into(),
            user_name: name.map(Into::into),
        }
    }

    fn rule(grant: Grant, filter: &str) -> Rule {
        Rule {
            filter: filter.to_owned(),
            grant,
        }
    }

    #[test]
    fn a_pattern_is_filled_in_one_go() {
        assert_eq!(expand("a/%u/%c", "x", "y"), "a/x/y");
        assert_eq!(expand("%u", "%c", "y"), "%c");
        assert_eq!(expand("100%/%x%", "x", "y"), "100%/%x%");
        assert_eq!(expand("%%u茶", "x", "y"), "%x茶");
    }

    #[test]
    fn what_is_denied_stays_so_wherever_that_stands() {
        let rules = Rules {
            named: HashMap::from([(
                "chen".to_owned(),
                vec![rule(Grant::ReadWrite, "a/#"), rule(Grant::Deny, "a/secret")],
            )]),
            patterns: vec![
                rule(Grant::Read, "a/secret"),
                rule(Grant::Write, "own/%u/#"),
            ],
            nameless: vec![rule(Grant::Read, "open")],
        };
        let chen = person(Some("chen"), "c1");
        assert!(rules.allow(&chen, "a/b", Wish::Read) && rules.allow(&chen, "a/b", Wish::Write));
        assert!(!rules.allow(&chen, "a/secret", Wish::Read));
        assert!(!rules.allow(&chen, "b", Wish::Read));
        assert!(rules.allow(&chen, "own/chen/x", Wish::Write));
        assert!(!rules.allow(&chen, "own/ana/x", Wish::Write));
        let nobody = person(None, "c2");
        assert!(rules.allow(&nobody, "open", Wish::Read));
        assert!(!rules.allow(&nobody, "open", Wish::Write));
        assert!(!rules.allow(&chen, "open", Wish::Read));
        // A name that would match the names of others.
        let wild = person(Some("+"), "c3");
        assert!(!rules.allow(&wild, "own/chen/x", Wish::Write));
        let wild = person(Some("ana"), "#");
        assert!(!rules.allow(&wild, "own/ana/x", Wish::Write));
    }
}
