//! One line of what is laid out.

use crate::payload::json::MOST_INDENTED;

/// What a line holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// A text string, in quotes.
    Text,
    /// A byte string, in hexadecimal.
    Bytes,
    /// A number, whole or not.
    Number,
    /// `true`, `false`, `null`, `undefined`, or another simple value.
    Word,
    /// An opening bracket, with more on the lines below.
    Open,
    /// A closing bracket.
    Close,
    /// Both brackets of what is empty.
    Empty,
}

/// What follows on the same line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// Nothing.
    Nothing,
    /// Another item.
    Comma,
    /// The value of this key.
    Colon,
}

impl LineEnd {
    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Comma => ",",
            Self::Colon => ":",
        }
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Levels around it.
    pub depth: usize,
    /// The key, in a map, where it is no bracket itself.
    pub key: Option<String>,
    /// The value, with its tags around it.
    pub value: String,
    /// What it is.
    pub kind: LineKind,
    /// What follows.
    pub end: LineEnd,
    /// Bytes of a string that is too long for a line: only its start is in `value`.
    pub whole: Option<usize>,
}

impl Line {
    /// Levels to indent: deeper ones stand below each other, as there are documents of a million levels.
    pub fn indented(&self) -> usize {
        self.depth.min(MOST_INDENTED)
    }

    /// Adds it to a text.
    pub fn write(&self, text: &mut String) {
        if let Some(key) = &self.key {
            text.push_str(key);
            text.push_str(": ");
        }
        text.push_str(&self.value);
        text.push_str(self.end.sign());
    }
}
