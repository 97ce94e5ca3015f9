//! Why a text is not JSON, and where. Facts only: texts for the user are made elsewhere.

use std::ops::Range;

/// The most characters of a word that are shown.
const MOST_SHOWN: usize = 24;

/// What is open where the text ends too early, or where the wrong bracket follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// `{`
    Object,
    /// `[`
    Array,
    /// `"`
    String,
    /// A number, or a value that is missing.
    Value,
}

/// What is wrong with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberFault {
    /// A leading 0 is followed by a digit or an `x`.
    LeadingZero,
    /// It begins with `+`.
    Plus,
    /// It begins with a point.
    PointFirst,
    /// There is no digit after the minus, the point or the exponent.
    NoDigit,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonFault {
    /// There is nothing, or white space alone.
    Nothing,
    /// The text ends too early.
    Unfinished(Open),
    /// Another document follows.
    Second,
    /// This follows after the document.
    After(char),
    /// A comma before a closing bracket.
    TrailingComma,
    /// No comma between two values or members.
    MissingComma,
    /// No colon after a key.
    MissingColon,
    /// A required value is missing.
    MissingValue,
    /// Single quotes.
    SingleQuote,
    /// Typographic quotes.
    CurlyQuote(char),
    /// A comment.
    Comment,
    /// A key without quotes.
    PlainKey(String),
    /// A key that is not a string.
    Key(char),
    /// `NaN`, `Infinity` and similar.
    NoNumber(String),
    /// A word for which JSON has another: `True`, `None`, `undefined`.
    Word(String, &'static str),
    /// Any other word.
    Unknown(String),
    /// The wrong bracket closes what is open.
    WrongBracket(Open),
    /// A number.
    Number(NumberFault),
    /// A control character in a string, by its code; 10 is a line break.
    Control(u8),
    /// A backslash before a character that cannot be escaped.
    Escape(char),
    /// `\u` without four hexadecimal digits.
    Unicode,
    /// Anything else.
    Character(char),
}

/// A position in a text as line and column, counted from 1 in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

/// Why text is not JSON, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotJson {
    /// What is wrong.
    pub fault: JsonFault,
    /// Byte offset in the text.
    pub at: usize,
}

/// The position of a byte.
pub fn place(text: &[u8], at: usize) -> Place {
    let before = text.get(..at).unwrap_or(text);
    let start = before
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |at| at + 1);
    let lines = before.iter().filter(|&&byte| byte == b'\n').count();
    let line = before.get(start..).unwrap_or_default();
    // Every character has exactly one byte that is not a continuation byte.
    let characters = line.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
    Place {
        line: lines + 1,
        column: characters + 1,
    }
}

/// The character that starts here.
pub(super) fn character(text: &[u8], at: usize) -> char {
    let bytes = text.get(at..text.len().min(at + 4)).unwrap_or_default();
    let valid = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => bytes
            .get(..error.valid_up_to())
            .and_then(|valid| std::str::from_utf8(valid).ok())
            .unwrap_or_default(),
    };
    valid.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The letters, digits, `_`, `-` and `$` that follow.
pub(super) fn word(text: &[u8], at: usize) -> Range<usize> {
    let rest = text.get(at..).unwrap_or_default();
    let length = rest.iter().position(|&byte| {
        !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'$') || byte >= 0x80)
    });
    at..at + length.unwrap_or(rest.len())
}

/// The start of a word, to be shown.
pub(super) fn shown(text: &[u8], word: Range<usize>) -> String {
    let end = word.end.min(word.start + 4 * MOST_SHOWN);
    String::from_utf8_lossy(text.get(word.start..end).unwrap_or_default())
        .chars()
        .take(MOST_SHOWN)
        .collect()
}
