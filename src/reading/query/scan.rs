//! Reads a query, term by term.

use std::borrow::Cow;

use super::{
    Compare, Query, QueryFault, Term, Wanted, WhyNot,
    quoted::{TOPIC, unquoted},
};
use crate::{
    protocol::{self, PacketType, Qos},
    reading::{
        json_path::{JsonPath, Value},
        span::Span,
    },
};

/// Terms that are read; more would slow the search down without end.
const MOST_TERMS: usize = 32;

/// What wants a topic filter behind it.
const FILTERS: [(&str, FromFilter); 2] = [("sub:", Wanted::Through), ("filter:", Wanted::Names)];

type FromFilter = fn(String) -> Wanted;

/// Reads a query. What cannot be read is told with its place; what is only not finished (a quote that is not closed, a
/// prefix with nothing behind it) is read as far as it goes.
pub fn read_query(text: &str) -> Result<Query, QueryFault> {
    let mut scan = Scan { text, rest: text };
    let mut terms = Vec::new();
    loop {
        scan.skip_spaces();
        if scan.rest.is_empty() {
            return Ok(Query { terms });
        }
        if terms.len() == MOST_TERMS {
            return Err(scan.fault(WhyNot::TooManyTerms));
        }
        terms.push(scan.term()?);
    }
}

/// The same query with this term for a span of time instead of those it has; `None`: with none. What cannot be read stays.
pub fn with_span(query: &str, term: Option<&str>) -> String {
    let mut scan = Scan {
        text: query,
        rest: query,
    };
    let mut kept = Vec::new();
    loop {
        scan.skip_spaces();
        let start = scan.rest;
        if start.is_empty() {
            break;
        }
        let Ok(read) = scan.term() else {
            kept.push(start.trim_end());
            break;
        };
        let spans = matches!(read.wanted, Wanted::At(_)) && !read.negated;
        if !spans {
            let len = start.len() - scan.rest.len();
            kept.extend(start.get(..len).map(str::trim_end));
        }
    }
    kept.extend(term);
    kept.join(" ")
}

struct Scan<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Scan<'a> {
    fn term(&mut self) -> Result<Term, QueryFault> {
        let start = self.rest;
        let negated = self
            .rest
            .strip_prefix('-')
            .filter(|after| after.chars().next().is_some_and(|it| !it.is_whitespace()));
        if let Some(after) = negated {
            self.rest = after;
        }
        let negated = negated.is_some();
        let wanted = self.wanted()?;
        if negated && matches!(wanted, Wanted::Since(_)) {
            self.rest = start;
            return Err(self.fault(WhyNot::SinceNegated));
        }
        Ok(Term { negated, wanted })
    }

    fn wanted(&mut self) -> Result<Wanted, QueryFault> {
        if self.begins_path() {
            return self.json();
        }
        if self.rest.starts_with('"') {
            return Ok(Wanted::Text(self.word().into_owned()));
        }
        if let Some(after) = self.prefix("size")
            && after.starts_with(['<', '>', '=', '!'])
        {
            self.rest = after;
            return self.size();
        }
        if self.prefixed(TOPIC) {
            return Ok(Wanted::Topic(self.word().into_owned()));
        }
        if self.prefixed("qos:") {
            return self.value(WhyNot::Qos, |word| {
                let level = word.parse().ok()?;
                Qos::from_bits(level).map(Wanted::Qos)
            });
        }
        if self.prefixed("since:") {
            return self.value(WhyNot::Since, |word| duration(word).map(Wanted::Since));
        }
        if self.prefixed("at:") {
            return self.value(WhyNot::At, |word| Span::read(word).map(Wanted::At));
        }
        if self.prefixed("type:") {
            return self.value(WhyNot::Type, |word| packet_type(word).map(Wanted::Type));
        }
        if self.prefixed("id:") {
            return self.value(WhyNot::Id, |word| {
                let id = word.parse().ok().filter(|id| *id > 0)?;
                Some(Wanted::Id(id))
            });
        }
        if self.prefixed("code:") {
            return self.value(WhyNot::Code, code);
        }
        for (prefix, wanted) in FILTERS {
            if self.prefixed(prefix) {
                return self.value(WhyNot::Filter, |word| {
                    protocol::check_topic_filter(word).ok()?;
                    Some(wanted(word.to_owned()))
                });
            }
        }
        if self.prefixed("prop:") {
            return self.property();
        }
        let word = self.word();
        Ok(match &*word {
            "retained" => Wanted::Retained,
            "dup" => Wanted::Dup,
            "sent" => Wanted::Sent,
            "received" => Wanted::Received,
            filter
                if filter.contains(['+', '#']) && protocol::check_topic_filter(filter).is_ok() =>
            {
                Wanted::Filter(filter.to_owned())
            }
            text => Wanted::Text(text.to_owned()),
        })
    }

    /// `$` with a step behind it, or with a comparison: then it is the whole document.
    fn begins_path(&self) -> bool {
        self.prefix("$").is_some_and(|after| {
            after.starts_with(['.', '['])
                || after.trim_start().starts_with(['=', '!', '<', '>', '~'])
        })
    }

    fn prefix(&self, prefix: &str) -> Option<&'a str> {
        self.rest.strip_prefix(prefix)
    }

    /// Takes a prefix that has something behind it: without that it is text still.
    fn prefixed(&mut self, prefix: &str) -> bool {
        let after = self
            .prefix(prefix)
            .filter(|after| after.chars().next().is_some_and(|it| !it.is_whitespace()));
        if let Some(after) = after {
            self.rest = after;
        }
        after.is_some()
    }

    /// A word that has to be read in one way.
    fn value(
        &mut self,
        why: WhyNot,
        read: impl FnOnce(&str) -> Option<Wanted>,
    ) -> Result<Wanted, QueryFault> {
        let fault = self.fault(why);
        read(&self.word()).ok_or(fault)
    }

    fn size(&mut self) -> Result<Wanted, QueryFault> {
        let compare = self.compare();
        self.skip_spaces();
        let fault = self.fault(WhyNot::Size);
        let bytes = bytes(&self.word()).ok_or(fault)?;
        Ok(Wanted::Size(compare.ok_or(fault)?, bytes))
    }

    fn property(&mut self) -> Result<Wanted, QueryFault> {
        let fault = self.fault(WhyNot::Property);
        let name = self.word_until(&['=']).into_owned();
        if name.is_empty() {
            return Err(fault);
        }
        let value = self.rest.strip_prefix('=').map(|after| {
            self.rest = after;
            self.word().into_owned()
        });
        Ok(Wanted::Property { name, value })
    }

    fn json(&mut self) -> Result<Wanted, QueryFault> {
        let path = JsonPath::read(&mut self.rest).map_err(|why| self.fault(why))?;
        let after_path = self.rest;
        self.skip_spaces();
        let Some(compare) = self.compare() else {
            self.rest = after_path;
            return Ok(Wanted::Json { path, test: None });
        };
        self.skip_spaces();
        if self.rest.is_empty() {
            return Err(self.fault(WhyNot::Value));
        }
        let quoted = self.rest.starts_with('"');
        let word = self.word();
        let value = if compare == Compare::Contains || quoted {
            Value::Text(word.into_owned())
        } else {
            Value::of(&word)
        };
        let test = Some((compare, value));
        Ok(Wanted::Json { path, test })
    }

    fn compare(&mut self) -> Option<Compare> {
        let signs = [
            ("!=", Compare::NotEqual),
            ("<=", Compare::AtMost),
            (">=", Compare::AtLeast),
            ("==", Compare::Equal),
            ("=", Compare::Equal),
            ("<", Compare::Less),
            (">", Compare::Greater),
            ("~", Compare::Contains),
        ];
        let (after, compare) = signs
            .iter()
            .find_map(|(sign, compare)| Some((self.rest.strip_prefix(sign)?, *compare)))?;
        self.rest = after;
        Some(compare)
    }

    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn word(&mut self) -> Cow<'a, str> {
        self.word_until(&[])
    }

    /// What stands in quotes, or else before the next space or one of these characters.
    fn word_until(&mut self, ends: &[char]) -> Cow<'a, str> {
        if let Some(quoted) = self.rest.strip_prefix('"') {
            let (text, rest) = unquoted(quoted);
            self.rest = rest;
            return text;
        }
        let end = self
            .rest
            .find(|it: char| it.is_whitespace() || ends.contains(&it))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        Cow::Borrowed(word)
    }

    /// A fault where the scan is.
    fn fault(&self, why: WhyNot) -> QueryFault {
        let read = self.text.len() - self.rest.len();
        let at = self.text.get(..read).map_or(0, |read| read.chars().count());
        QueryFault { at, why }
    }
}

/// A number of bytes, with `k` (1,024) or `m` behind it.
fn bytes(word: &str) -> Option<u64> {
    let word = word.to_ascii_lowercase();
    let word = word.strip_suffix('b').unwrap_or(&word);
    let (digits, factor) = if let Some(digits) = word.strip_suffix('k') {
        (digits, 1024)
    } else if let Some(digits) = word.strip_suffix('m') {
        (digits, 1024 * 1024)
    } else {
        (word, 1)
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

/// Microseconds.
fn duration(word: &str) -> Option<u64> {
    let units = [
        ("ms", 1_000),
        ("s", 1_000_000),
        ("m", 60_000_000),
        ("h", 3_600_000_000),
        ("d", 86_400_000_000),
    ];
    let (digits, factor) = units
        .iter()
        .find_map(|(unit, factor)| Some((word.strip_suffix(unit)?, *factor)))?;
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

/// A reason code, in decimal or with `0x` in hex; or all that refuse.
fn code(word: &str) -> Option<Wanted> {
    if word == "refused" {
        return Some(Wanted::Refused);
    }
    let code = match word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
        Some(hex) => u8::from_str_radix(hex, 16).ok(),
        None => word.parse().ok(),
    };
    code.map(Wanted::Code)
}

/// The type of this name, whatever the case.
fn packet_type(word: &str) -> Option<PacketType> {
    (1..=15)
        .filter_map(PacketType::from_bits)
        .find(|packet_type| packet_type.name().eq_ignore_ascii_case(word))
}
