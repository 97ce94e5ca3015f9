//! The query of the list of messages, as it is typed into its field.
//!
//! `topic:a/b` is one exact topic, and nothing but that: not `a/bc`, not `A/B`, not a payload that mentions it. A name that
//! a bare word cannot hold stands in quotes, `topic:"a b"`. In quotes `\"` and `\\` stand for themselves, and `\n`, `\r`,
//! `\t` and `\u{200b}` for what a field does not show or does not hold. What follows after a space is looked for within the
//! topic. Without such a term in front the whole query is text or a topic filter, as its reader decides.

use std::borrow::Cow;

use super::hidden;

/// Begins an exact topic. In small letters alone, so that `Topic:` can be looked for like any other text.
const TERM: &str = "topic:";

/// A query in its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query<'a> {
    /// Only messages on this very topic; it may be empty.
    pub topic: Option<Cow<'a, str>>,
    /// Text or a topic filter that they must fit as well; empty: none.
    pub rest: &'a str,
}

/// Reads a query. Every text is one: a quote that is not closed yet reaches to the end, and a backslash before anything
/// else stands for itself.
pub fn read_query(text: &str) -> Query<'_> {
    let plain = Query {
        topic: None,
        rest: text,
    };
    let Some(term) = text.strip_prefix(TERM) else {
        return plain;
    };
    if let Some(quoted) = term.strip_prefix('"') {
        let (topic, rest) = unquoted(quoted);
        return Query {
            topic: Some(topic),
            rest: rest.trim_start(),
        };
    }
    let end = term.find(char::is_whitespace).unwrap_or(term.len());
    let (topic, rest) = term.split_at_checked(end).unwrap_or((term, ""));
    if topic.is_empty() {
        // Nothing is named yet.
        return plain;
    }
    Query {
        topic: Some(Cow::Borrowed(topic)),
        rest: rest.trim_start(),
    }
}

/// The query for one exact topic.
pub fn exact_topic(topic: &str) -> String {
    use std::fmt::Write;
    let mut query = String::with_capacity(TERM.len() + topic.len() + 2);
    query.push_str(TERM);
    let odd = |letter: char| letter == '\\' || letter.is_whitespace() || hidden::is_hidden(letter);
    if !topic.is_empty() && !topic.starts_with('"') && !topic.chars().any(odd) {
        query.push_str(topic);
        return query;
    }
    query.push('"');
    for letter in topic.chars() {
        match letter {
            '"' | '\\' => {
                query.push('\\');
                query.push(letter);
            }
            '\n' => query.push_str("\\n"),
            '\r' => query.push_str("\\r"),
            '\t' => query.push_str("\\t"),
            ' ' => query.push(' '),
            _ if odd(letter) => {
                // Writing into a string cannot fail.
                let _ = write!(query, "\\u{{{:x}}}", u32::from(letter));
            }
            _ => query.push(letter),
        }
    }
    query.push('"');
    query
}

/// Whether somebody typed this query by hand, as far as can be told: it is more than a press on a button writes.
pub fn is_typed(query: &str) -> bool {
    let read = read_query(query);
    !query.trim().is_empty() && read.topic.is_none_or(|topic| exact_topic(&topic) != query)
}

/// What stands before the next quote that is not escaped, and what follows after it.
fn unquoted(text: &str) -> (Cow<'_, str>, &str) {
    let end = text.find(['"', '\\']).unwrap_or(text.len());
    let (plain, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    if !rest.starts_with('\\') {
        return (Cow::Borrowed(plain), rest.strip_prefix('"').unwrap_or(rest));
    }
    let mut topic = plain.to_owned();
    let mut rest = rest;
    loop {
        let mut letters = rest.chars();
        match letters.next() {
            None => return (Cow::Owned(topic), ""),
            Some('"') => return (Cow::Owned(topic), letters.as_str()),
            Some('\\') => {
                let (letter, after) = escaped(letters.as_str());
                topic.push(letter);
                rest = after;
            }
            Some(letter) => {
                topic.push(letter);
                rest = letters.as_str();
            }
        }
    }
}

/// The character for which this stands after a backslash, and what follows.
fn escaped(text: &str) -> (char, &str) {
    let mut letters = text.chars();
    let letter = match letters.next() {
        Some('"') => '"',
        Some('\\') => '\\',
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('u') => {
            let number = letters
                .as_str()
                .strip_prefix('{')
                .and_then(|text| text.split_once('}'))
                .and_then(|(digits, after)| {
                    let number = u32::from_str_radix(digits, 16).ok()?;
                    Some((char::from_u32(number)?, after))
                });
            return number.unwrap_or(('\\', text));
        }
        _ => return ('\\', text),
    };
    (letter, letters.as_str())
}
