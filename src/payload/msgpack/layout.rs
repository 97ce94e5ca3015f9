//! The layout, as far as it has come.

use std::time::{Duration, UNIX_EPOCH};

use super::token::{Token, token};
use crate::payload::diagnostic::{
    self, Line, LineEnd, LineKind, MOST_SHOWN, Scalar, bytes as in_hex, float,
};

/// Why the bytes are no MessagePack from here on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MsgpackProblem {
    /// They end inside a value.
    Cut,
    /// C1 begins no value.
    NoItem,
}

/// What is wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MsgpackFault {
    /// What.
    pub problem: MsgpackProblem,
    /// The first byte of the value that is wrong, from 0.
    pub at: usize,
}

#[derive(Clone, Copy, Debug)]
struct Level {
    map: bool,
    /// Values that are to come; of a map keys and values.
    left: u64,
    /// It is the key of the map around it.
    key: bool,
}

/// The layout of some bytes, as far as it has come. A level takes a line, so what is kept is bounded by the lines.
#[derive(Clone, Debug, Default)]
pub struct MsgpackLayout {
    at: usize,
    done: bool,
    levels: Vec<Level>,
    lines: Vec<Line>,
    fault: Option<MsgpackFault>,
    /// A key that waits for its value.
    key: Option<String>,
    whole_strings: bool,
}

impl MsgpackLayout {
    /// A layout that cuts no string.
    pub fn with_whole_strings() -> Self {
        Self {
            whole_strings: true,
            ..Self::default()
        }
    }

    /// Goes on until there are so many lines, or all. The bytes have to be the same in all turns. Several values one after
    /// the other are shown below each other.
    pub fn go_on(&mut self, bytes: &[u8], lines: usize) {
        while !self.done && self.lines.len() < lines {
            if self.at >= bytes.len() && self.levels.is_empty() && !bytes.is_empty() {
                self.done = true;
                break;
            }
            match token(bytes, self.at) {
                Ok((token, end)) => {
                    self.at = end;
                    self.item(token);
                }
                Err(problem) => self.stop(problem),
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
    pub fn fault(&self) -> Option<MsgpackFault> {
        self.fault
    }

    fn stop(&mut self, problem: MsgpackProblem) {
        self.done = true;
        self.fault = Some(MsgpackFault {
            problem,
            at: self.at,
        });
        // What was read and stands on no line yet.
        if let Some(key) = self.key.take() {
            self.push(key, LineKind::Open, LineEnd::Colon, None);
        }
    }

    fn item(&mut self, token: Token<'_>) {
        let most = if self.whole_strings {
            usize::MAX
        } else {
            MOST_SHOWN
        };
        match token {
            Token::Array(0) => self.value(Scalar::short("[]".to_owned(), LineKind::Empty)),
            Token::Map(0) => self.value(Scalar::short("{}".to_owned(), LineKind::Empty)),
            Token::Array(count) => self.open("[", false, count.into()),
            Token::Map(count) => self.open("{", true, u64::from(count) * 2),
            _ => self.value(scalar(token, most)),
        }
    }

    fn is_key(&self) -> bool {
        self.levels
            .last()
            .is_some_and(|level| level.map && level.left.is_multiple_of(2))
    }

    fn open(&mut self, bracket: &str, map: bool, left: u64) {
        let key = self.is_key();
        self.push(bracket.to_owned(), LineKind::Open, LineEnd::Nothing, None);
        self.levels.push(Level { map, left, key });
    }

    fn value(&mut self, scalar: Scalar) {
        let key = self.is_key();
        if key && scalar.whole.is_none() {
            self.key = Some(scalar.text);
            return self.counted();
        }
        self.counted();
        let end = self.end(key);
        self.push(scalar.text, scalar.kind, end, scalar.whole);
        self.close_what_is_full();
    }

    fn counted(&mut self) {
        if let Some(level) = self.levels.last_mut() {
            level.left = level.left.saturating_sub(1);
        }
    }

    fn end(&self, key: bool) -> LineEnd {
        match self.levels.last() {
            _ if key => LineEnd::Colon,
            Some(level) if level.left > 0 => LineEnd::Comma,
            _ => LineEnd::Nothing,
        }
    }

    fn close_what_is_full(&mut self) {
        while let Some(level) = self.levels.pop_if(|level| level.left == 0) {
            self.counted();
            let end = self.end(level.key);
            let bracket = if level.map { "}" } else { "]" };
            self.push(bracket.to_owned(), LineKind::Close, end, None);
        }
    }

    fn push(&mut self, value: String, kind: LineKind, end: LineEnd, whole: Option<usize>) {
        self.lines.push(Line {
            depth: self.levels.len(),
            key: self.key.take(),
            value,
            kind,
            end,
            whole,
        });
    }
}

fn scalar(token: Token<'_>, most: usize) -> Scalar {
    let number = |text| Scalar::short(text, LineKind::Number);
    let word = |text: String| Scalar::short(text, LineKind::Word);
    match token {
        Token::Nil => word("null".to_owned()),
        Token::Bool(value) => word(value.to_string()),
        Token::Unsigned(value) => number(value.to_string()),
        Token::Signed(value) => number(value.to_string()),
        Token::Single(value) => number(float::single(value)),
        Token::Double(value) => number(float::double(value)),
        Token::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => diagnostic::text(text, most),
            // Programs from before there was a type for bytes put them into texts.
            Err(_) => in_hex(text, most),
        },
        Token::Bytes(value) => in_hex(value, most),
        Token::Extension(-1, value) if let Some(time) = timestamp(value) => {
            word(format!("timestamp({time})"))
        }
        Token::Extension(kind, value) => {
            let scalar = in_hex(value, most);
            Scalar {
                text: format!("ext({kind}, {})", scalar.text),
                ..scalar
            }
        }
        Token::Array(_) | Token::Map(_) => Scalar::short(String::new(), LineKind::Open),
    }
}

/// The last second that is written as a date: the year 9999 ends with it.
const LAST_DATE: i64 = 253_402_300_799;

/// As a date, or where there is none as seconds since 1970.
fn timestamp(value: &[u8]) -> Option<String> {
    let (seconds, nanoseconds) = match *value {
        [a, b, c, d] => (i64::from(u32::from_be_bytes([a, b, c, d])), 0),
        [_, _, _, _, _, _, _, _] => {
            let all = u64::from_be_bytes(value.try_into().ok()?);
            (
                i64::try_from(all & 0x3_ffff_ffff).ok()?,
                u32::try_from(all >> 34).ok()?,
            )
        }
        [a, b, c, d, ref seconds @ ..] => (
            i64::from_be_bytes(seconds.try_into().ok()?),
            u32::from_be_bytes([a, b, c, d]),
        ),
        _ => return None,
    };
    if nanoseconds > 999_999_999 {
        return None;
    }
    match u64::try_from(seconds) {
        Ok(whole) if seconds <= LAST_DATE => {
            let time = UNIX_EPOCH + Duration::new(whole, nanoseconds);
            Some(humantime::format_rfc3339(time).to_string())
        }
        _ => Some(format!("{seconds} s + {nanoseconds} ns")),
    }
}
