//! JSON on one line, for a row of a list: its keys with their values, without what only a program needs to read them.

use super::{
    check::{Check, Checked},
    fault::{JsonFault, NotJson},
    token::{self, after_space, unit},
};

/// An object or an array on one line of at most `most` characters and a bit; `None`: it is none. `whole`: the text is all of
/// it, not the start alone.
///
/// Strings stand without their quotation marks where they cannot be taken for anything else.
pub fn json_on_a_line(text: &str, whole: bool, most: usize) -> Option<String> {
    let bytes = text.as_bytes();
    let start = after_space(bytes, 0);
    if !matches!(bytes.get(start), Some(b'{' | b'[')) {
        return None;
    }
    match Check::default().go_on(bytes, usize::MAX) {
        Checked::Not(fault) if whole || !is_cut(bytes, &fault) => return None,
        _ => {}
    }
    let mut line = Line {
        text,
        out: String::with_capacity(most + 8),
        open: Vec::new(),
        key: false,
    };
    let mut at = start;
    // What the output holds is at most what was read, and a few characters for each token.
    while line.out.len() <= most * 4 {
        at = after_space(bytes, at);
        let Some(&byte) = bytes.get(at) else { break };
        at = line.token(at, byte);
    }
    Some(line.out)
}

/// It is JSON as far as it goes: the text ends within a token.
fn is_cut(text: &[u8], fault: &NotJson) -> bool {
    match fault.fault {
        JsonFault::Unfinished(_) => true,
        JsonFault::Unknown(_) => text
            .get(fault.at..)
            .is_some_and(|rest| rest.iter().all(u8::is_ascii_lowercase)),
        _ => false,
    }
}

struct Line<'a> {
    text: &'a str,
    out: String,
    /// The brackets around: objects are `true`.
    open: Vec<bool>,
    /// A string is a key here.
    key: bool,
}

impl Line<'_> {
    /// Writes a token; where the next one may start. The text was checked.
    fn token(&mut self, at: usize, byte: u8) -> usize {
        match byte {
            b'{' | b'[' => {
                let object = byte == b'{';
                let next = after_space(self.text.as_bytes(), at + 1);
                let empty = matches!(self.text.as_bytes().get(next), Some(b'}' | b']'));
                // The outermost object needs no brackets, but to be seen where it is empty.
                if !object || !self.open.is_empty() || empty {
                    self.out.push(char::from(byte));
                }
                self.open.push(object);
                self.key = object;
            }
            b'}' | b']' => {
                let empty = self.out.ends_with(['{', '[']);
                self.open.pop();
                if byte == b']' || !self.open.is_empty() || empty {
                    self.out.push(char::from(byte));
                }
                self.key = false;
            }
            b',' => {
                self.out.push_str(", ");
                self.key = self.open.last().copied().unwrap_or_default();
            }
            b':' => {
                self.out.push_str(": ");
                self.key = false;
            }
            b'"' => {
                let end = token::string(self.text.as_bytes(), at, |_| {});
                let end = end.unwrap_or(self.text.len());
                self.string(self.text.get(at + 1..end).unwrap_or_default());
                return end;
            }
            _ => {
                let rest = self.text.get(at..).unwrap_or_default();
                let length = rest
                    .find(|letter: char| !letter.is_ascii_alphanumeric() && !"+-.".contains(letter))
                    .unwrap_or(rest.len());
                self.out.push_str(rest.get(..length).unwrap_or_default());
                return at + length.max(1);
            }
        }
        at + 1
    }

    /// Writes a string, from behind its first quotation mark.
    fn string(&mut self, inside: &str) {
        let inside = inside.strip_suffix('"').unwrap_or(inside);
        let value = unescaped(inside);
        let plain = if self.key {
            is_word(&value)
        } else {
            is_no_other(&value)
        };
        if plain {
            self.out.push_str(&value);
        } else {
            self.out.push('"');
            self.out.push_str(&value);
            self.out.push('"');
        }
    }
}

/// A key that needs no quotation marks.
fn is_word(key: &str) -> bool {
    !key.is_empty()
        && key
            .chars()
            .all(|letter| letter.is_alphanumeric() || "_-./$@#".contains(letter))
}

/// A string that cannot be taken for a number, a word of JSON, or several values.
fn is_no_other(value: &str) -> bool {
    let number = || token::number(value.as_bytes(), 0) == Ok(value.len());
    !value.is_empty()
        && value.trim() == value
        && !matches!(value, "true" | "false" | "null")
        && !value.contains(['"', ',', ':', '{', '}', '[', ']'])
        && !number()
}

/// A string with its escapes read; what is none stays as it is.
fn unescaped(inside: &str) -> String {
    let bytes = inside.as_bytes();
    let mut out = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at).unwrap_or_default());
        let here = inside.len() - rest.len() + at;
        let (letter, length) = escape(bytes, here);
        out.push(letter);
        rest = inside.get(here + length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The character of the escape that starts here, and its length in bytes.
fn escape(bytes: &[u8], at: usize) -> (char, usize) {
    let length = 2.min(bytes.len() - at);
    let letter = match bytes.get(at + 1) {
        Some(b'u') => return by_number(bytes, at),
        Some(b'n' | b'r' | b't' | b'b' | b'f') => ' ',
        Some(&letter) if letter.is_ascii() => char::from(letter),
        _ => return ('\\', 1),
    };
    (letter, length)
}

/// The character of an escape by its number, which may be two halves.
fn by_number(bytes: &[u8], at: usize) -> (char, usize) {
    let Some(first) = unit(bytes, at) else {
        return ('\\', 1);
    };
    let second = (bytes.get(at + 6..at + 8) == Some(b"\\u")).then(|| unit(bytes, at + 6));
    let pair = [first, second.flatten().unwrap_or_default()];
    match char::decode_utf16(pair).next() {
        Some(Ok(letter)) => (letter, if letter.len_utf16() == 2 { 12 } else { 6 }),
        _ => ('\u{fffd}', 6),
    }
}
