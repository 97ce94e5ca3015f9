//! Text in quotes, as a query holds it: `\"` and `\\` stand for themselves, and `\n`, `\r`, `\t` and `\u{200b}` for what a
//! field does not show or does not hold. A backslash before anything else stands for itself, and a quote that is not
//! closed yet reaches to the end.

use std::borrow::Cow;

use crate::reading::hidden;

/// Begins an exact topic. In small letters alone, so that `Topic:` can be looked for like any other text.
pub(super) const TOPIC: &str = "topic:";

/// The query for one exact topic.
pub fn exact_topic(topic: &str) -> String {
    use std::fmt::Write;
    let mut query = String::with_capacity(TOPIC.len() + topic.len() + 2);
    query.push_str(TOPIC);
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

/// What stands before the next quote that is not escaped, and what follows after it.
pub(super) fn unquoted(text: &str) -> (Cow<'_, str>, &str) {
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
