//! Why text is not JSON, and where. Facts only: the words are made elsewhere.

use std::ops::Range;

/// Characters of a word that are kept for people to read.
const MOST_SHOWN: usize = 24;

/// What is open where a text ends too early, or where the wrong bracket closes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// `{`
    Object,
    /// `[`
    Array,
    /// `"`
    String,
    /// A number, or a value that never came.
    Value,
}

/// What is wrong with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberFault {
    /// A digit follows a 0 that stands first, or an `x`.
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
    /// The text ends inside of something.
    Unfinished(Open),
    /// The document is over, and another begins.
    Second,
    /// The document is over, and this follows.
    After(char),
    /// A comma before a closing bracket.
    TrailingComma,
    /// No comma between two values or members.
    MissingComma,
    /// No colon after a key.
    MissingColon,
    /// No value where one has to be.
    MissingValue,
    /// Single quotes.
    SingleQuote,
    /// Quotes of a text editor or a telephone.
    CurlyQuote(char),
    /// A comment.
    Comment,
    /// A key without quotes.
    PlainKey(String),
    /// A key that is no string.
    Key(char),
    /// `NaN`, `Infinity` and their like.
    NoNumber(String),
    /// A word that JSON writes otherwise: `True`, `None`, `undefined`.
    Word(String, &'static str),
    /// Any other word.
    Unknown(String),
    /// The wrong bracket closes what is open.
    WrongBracket(Open),
    /// A number.
    Number(NumberFault),
    /// A control character in a string, by its code; 10 is a line break.
    Control(u8),
    /// A backslash before a letter that it does not go with.
    Escape(char),
    /// `\u` without four hexadecimal digits.
    Unicode,
    /// Anything else.
    Character(char),
}

/// A place in a text as people count: from 1, by characters.
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

/// The place of a byte.
pub fn place(text: &[u8], at: usize) -> Place {
    let before = text.get(..at).unwrap_or(text);
    let start = before
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |at| at + 1);
    let lines = before.iter().filter(|&&byte| byte == b'\n').count();
    let line = before.get(start..).unwrap_or_default();
    // Every character has one byte that does not go on with another.
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

/// The letters, digits, `_`, `-` and `$` from here on.
pub(super) fn word(text: &[u8], at: usize) -> Range<usize> {
    let rest = text.get(at..).unwrap_or_default();
    let length = rest.iter().position(|&byte| {
        !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'$') || byte >= 0x80)
    });
    at..at + length.unwrap_or(rest.len())
}

/// The start of a word, for people.
pub(super) fn shown(text: &[u8], word: Range<usize>) -> String {
    let end = word.end.min(word.start + 4 * MOST_SHOWN);
    String::from_utf8_lossy(text.get(word.start..end).unwrap_or_default())
        .chars()
        .take(MOST_SHOWN)
        .collect()
}
