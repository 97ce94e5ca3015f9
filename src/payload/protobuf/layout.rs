//! The layout, as far as it has come.

use super::field::{ProtobufProblem, Wire, field, is_message};
use crate::payload::diagnostic::{
    self, Line, LineEnd, LineKind, MOST_SHOWN, Scalar, bytes as in_hex, float,
};

/// Messages that are looked for within each other. What is deeper is shown as bytes.
const MOST_NESTED: usize = 64;
/// How much of a text is looked at to tell that it is one.
const LOOKED_AT: usize = 64 * 1024;

/// What is wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProtobufFault {
    /// What.
    pub problem: ProtobufProblem,
    /// The first byte of the field that is wrong, from 0.
    pub at: usize,
}

#[derive(Clone, Copy, Debug)]
enum Level {
    /// A message inside, which ends here.
    Message(usize),
    /// A group of this field number.
    Group(u32),
}

/// The layout of some bytes, as far as it has come. A level takes a line, so what is kept is bounded by the lines.
#[derive(Clone, Debug, Default)]
pub struct ProtobufLayout {
    at: usize,
    done: bool,
    levels: Vec<Level>,
    lines: Vec<Line>,
    fault: Option<ProtobufFault>,
    whole_strings: bool,
}

impl ProtobufLayout {
    /// A layout that cuts no string.
    pub fn with_whole_strings() -> Self {
        Self {
            whole_strings: true,
            ..Self::default()
        }
    }

    /// Goes on until there are so many lines, or all. The bytes have to be the same in all turns.
    pub fn go_on(&mut self, bytes: &[u8], lines: usize) {
        while !self.done && self.lines.len() < lines {
            match self.levels.last() {
                Some(Level::Message(end)) if self.at >= *end => self.close(),
                None if self.at >= bytes.len() => self.done = true,
                _ => {
                    let start = self.at;
                    if let Err(problem) = self.field(bytes) {
                        self.done = true;
                        self.fault = Some(ProtobufFault { problem, at: start });
                    }
                }
            }
        }
    }

    /// The lines so far.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// There are no more.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Up to where the bytes are laid out.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Why the rest is not laid out.
    pub fn fault(&self) -> Option<ProtobufFault> {
        self.fault
    }

    fn close(&mut self) {
        self.levels.pop();
        self.push(None, "}".to_owned(), LineKind::Close, None);
    }

    fn field(&mut self, bytes: &[u8]) -> Result<(), ProtobufProblem> {
        // What is inside of a message does not reach beyond it: it was looked at before it was opened. A group does not
        // either.
        let until = self.levels.iter().rev().find_map(|level| match level {
            Level::Message(end) => Some(*end),
            Level::Group(_) => None,
        });
        let bytes = bytes.get(..until.unwrap_or(bytes.len())).unwrap_or(bytes);
        let (field, end) = field(bytes, self.at)?;
        let key = Some(field.number.to_string());
        match field.wire {
            Wire::Close => {
                if !matches!(self.levels.last(), Some(Level::Group(open)) if *open == field.number)
                {
                    return Err(ProtobufProblem::StrayEnd);
                }
                self.at = end;
                self.close();
            }
            Wire::Open => {
                self.at = end;
                self.open(key, Level::Group(field.number));
            }
            Wire::Bytes(value) => {
                let nested = self.levels.len() < MOST_NESTED
                    && !value.is_empty()
                    && !readable(value)
                    && is_message(value);
                if nested {
                    self.at = end - value.len();
                    self.open(key, Level::Message(end));
                } else {
                    self.at = end;
                    let most = if self.whole_strings {
                        usize::MAX
                    } else {
                        MOST_SHOWN
                    };
                    let text = std::str::from_utf8(value).ok().filter(|_| readable(value));
                    self.scalar(
                        key,
                        match text {
                            Some(text) => diagnostic::text(text, most),
                            None => in_hex(value, most),
                        },
                    );
                }
            }
            Wire::Varint(value) => {
                self.at = end;
                self.scalar(key, Scalar::short(varint(value), LineKind::Number));
            }
            Wire::Fixed32(value) => {
                self.at = end;
                let text = format!(
                    "{value} / fixed32, float {} /",
                    float::single(f32::from_bits(value))
                );
                self.scalar(key, Scalar::short(text, LineKind::Number));
            }
            Wire::Fixed64(value) => {
                self.at = end;
                let text = format!(
                    "{value} / fixed64, double {} /",
                    float::double(f64::from_bits(value))
                );
                self.scalar(key, Scalar::short(text, LineKind::Number));
            }
        }
        Ok(())
    }

    fn open(&mut self, key: Option<String>, level: Level) {
        self.push(key, "{".to_owned(), LineKind::Open, None);
        self.levels.push(level);
    }

    fn scalar(&mut self, key: Option<String>, scalar: Scalar) {
        self.push(key, scalar.text, scalar.kind, scalar.whole);
    }

    fn push(&mut self, key: Option<String>, value: String, kind: LineKind, whole: Option<usize>) {
        self.lines.push(Line {
            depth: self.levels.len(),
            key,
            value,
            kind,
            end: LineEnd::Nothing,
            whole,
        });
    }
}

/// A number of any length, with the other number that it may be.
fn varint(value: u64) -> String {
    let half = i64::try_from(value >> 1).unwrap_or_default();
    let zigzag = if value & 1 == 0 { half } else { -half - 1 };
    let signed = i64::from_le_bytes(value.to_le_bytes());
    match (signed < 0, value & 1) {
        (true, _) => format!("{value} / int {signed}, sint {zigzag} /"),
        // One that is even may be positive in either way; only what is negative in the other is told.
        (false, 1) if value > 1 => format!("{value} / sint {zigzag} /"),
        _ => value.to_string(),
    }
}

/// It is a text that one can read, as far as is looked at.
pub fn readable(value: &[u8]) -> bool {
    let start = value.get(..LOOKED_AT).unwrap_or(value);
    let text = match std::str::from_utf8(start) {
        Ok(text) => Some(text),
        // Cut inside of a character.
        Err(error) if error.error_len().is_none() && start.len() < value.len() => start
            .get(..error.valid_up_to())
            .and_then(|start| std::str::from_utf8(start).ok()),
        Err(_) => None,
    };
    let odd = |letter: char| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r');
    text.is_some_and(|text| !text.chars().any(odd))
}
