//! Texts of unknown origin and length, where there is room for a line or a word in a sentence only.

use crate::reading::{self, Kind};

/// Characters that are shown at first.
const SHOWN: usize = 160;

/// The start of a text, at most so many characters; `None` when that is all of it.
fn start(text: &str, most: usize) -> Option<&str> {
    let (at, _) = text.char_indices().nth(most)?;
    text.get(..at)
}

/// A text, cut for a place that has room for so many characters of it.
pub fn cut(text: &str, most: usize) -> String {
    start(text, most).map_or_else(|| text.to_owned(), |start| format!("{start}…"))
}

/// There is more of a text than is shown at first.
pub fn is_long(text: &str) -> bool {
    start(text, SHOWN).is_some()
}

/// A text, cut for a place that has no room for more than its start.
pub fn shortened(text: &str) -> String {
    cut(text, SHOWN)
}

/// A topic inside of a sentence, or in a name for screen readers.
pub fn topic_words(topic: &str) -> String {
    reading::spelled(&shortened(topic), Kind::Topic).into_owned()
}

/// Anybody's words inside of a sentence.
pub fn spoken(text: &str) -> String {
    reading::spelled(text, Kind::Text).into_owned()
}

/// Bytes as text, if they are meant for reading.
pub fn readable(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    (!text.chars().any(char::is_control)).then_some(text)
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(bytes.len() * 3);
    for (index, byte) in bytes.iter().enumerate() {
        let space = if index == 0 { "" } else { " " };
        // Writing into a string cannot fail.
        let _ = write!(out, "{space}{byte:02x}");
    }
    out
}
