//! The start of a payload, for a line in a list. Looks at a bounded number of bytes, however large the payload is.

use super::{cbor::cbor_on_a_line, json::json_on_a_line, kind::kind};

/// Stands before CBOR, which would be taken for JSON otherwise.
const CBOR: &str = "CBOR ";
/// The most characters of text, with the sign that there is more.
pub const MOST_CHARACTERS: usize = 160;
/// The most bytes that are shown in hexadecimal.
pub const MOST_HEX_BYTES: usize = 16;
/// How many bytes are examined: enough for the characters, each of up to 4 bytes.
const LOOKED_AT: usize = MOST_CHARACTERS * 4 + 4;

/// The preview of a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Preview {
    /// No bytes at all.
    Empty,
    /// Text on one line, shortened; control characters are replaced by spaces. Of JSON, the keys with their values.
    Text(String),
    /// A known kind of file, by its name.
    Kind(&'static str),
    /// Other bytes: the first ones in hexadecimal, separated by spaces.
    Hex(String),
}

/// The preview of this payload.
pub fn preview(payload: &[u8]) -> Preview {
    if payload.is_empty() {
        return Preview::Empty;
    }
    if let Some(kind) = kind(payload) {
        return Preview::Kind(kind);
    }
    if let Some(text) = text(payload) {
        return Preview::Text(text);
    }
    // What is longer than is looked at cannot be told from other bytes.
    let cbor = Some(payload).filter(|payload| payload.len() <= LOOKED_AT);
    let cbor = cbor.and_then(|payload| cbor_on_a_line(payload, MOST_CHARACTERS - CBOR.len()));
    match cbor {
        Some(line) => Preview::Text(CBOR.chars().chain(line.chars().map(unbroken)).collect()),
        None => Preview::Hex(hex(payload)),
    }
}

/// The start as text, unless it is not UTF-8 or contains control characters that do not occur in text.
fn text(payload: &[u8]) -> Option<String> {
    let start = payload.get(..LOOKED_AT).unwrap_or(payload);
    let valid = match std::str::from_utf8(start) {
        Ok(text) => text,
        // A character may be incomplete at the end of the examined part, but nowhere else.
        Err(error) if start.len() < payload.len() && error.error_len().is_none() => {
            std::str::from_utf8(start.get(..error.valid_up_to())?).ok()?
        }
        Err(_) => return None,
    };
    if valid.chars().any(|character| {
        character.is_control() && !matches!(character, '\t' | '\n' | '\r' | '\x1b')
    }) {
        return None;
    }
    let whole = valid.len() == payload.len();
    Some(match json_on_a_line(valid, whole, MOST_CHARACTERS) {
        Some(line) => on_a_line(&line, whole),
        None => on_a_line(valid, whole),
    })
}

/// The start of a text; `whole`: there is nothing after it.
fn on_a_line(text: &str, whole: bool) -> String {
    let fits = whole && text.chars().nth(MOST_CHARACTERS).is_none();
    let most = if fits {
        MOST_CHARACTERS
    } else {
        MOST_CHARACTERS - 1
    };
    let mut line: String = text.chars().take(most).map(unbroken).collect();
    if !fits {
        line.push('…');
    }
    line
}

/// The character, or a space in place of one that would not stay on the line.
fn unbroken(character: char) -> char {
    if breaks_line(character) {
        ' '
    } else {
        character
    }
}

/// Control characters, and those that break a line or change its direction.
fn breaks_line(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn hex(payload: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(MOST_HEX_BYTES * 3);
    for (at, byte) in payload.iter().take(MOST_HEX_BYTES).enumerate() {
        let gap = if at == 0 { "" } else { " " };
        // Writing into a string cannot fail.
        let _ = write!(text, "{gap}{byte:02x}");
    }
    if payload.len() > MOST_HEX_BYTES {
        text.push_str(" …");
    }
    text
}
