//! The layout, as far as it has come.

use minicbor::{Decoder, data::Token, decode::Tokenizer};

use super::scalar::scalar;
use crate::payload::diagnostic::{Line, LineEnd, LineKind, MOST_SHOWN};

/// Tags that stand before a value on its own line. More get lines of their own.
const MOST_TAGS: usize = 8;
/// The byte that ends what has no length (RFC 8949 section 3.2.1).
const BREAK: u8 = 0xff;

/// Why the bytes are no CBOR from here on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CborProblem {
    /// They end inside an item.
    Cut,
    /// This byte begins no item: what it means is reserved (section 3).
    NoItem,
    /// A text string is no UTF-8 (section 3.1).
    NotUtf8,
    /// An end where nothing is open that has one (section 3.2.1).
    StrayBreak,
    /// A map ends after a key, without its value.
    NoValue,
    /// What is in a string without length is no string of its kind (section 3.2.3).
    WrongChunk,
}

/// What is wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CborFault {
    /// What.
    pub problem: CborProblem,
    /// The first byte of the item that is wrong, from 0.
    pub at: usize,
}

/// What is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opened {
    Array,
    Map,
    /// Pieces of a byte string without length.
    Bytes,
    /// Pieces of a text string without length.
    Text,
    /// Tags, around one item.
    Tags,
}

#[derive(Clone, Copy, Debug)]
struct Level {
    opened: Opened,
    /// Items that are to come; of a map keys and values. `None`: until a break.
    left: Option<u64>,
    /// In a map: a value is next.
    value: bool,
    /// Tags that close with it.
    tags: usize,
    /// It is the key of the map around it.
    key: bool,
}

/// The layout of some bytes, as far as it has come.
#[derive(Clone, Debug, Default)]
pub struct CborLayout {
    at: usize,
    done: bool,
    levels: Vec<Level>,
    lines: Vec<Line>,
    fault: Option<CborFault>,
    /// Tags before the next value, as they are written.
    tags: String,
    tag_count: usize,
    /// A key that waits for its value.
    key: Option<String>,
    /// No string is cut.
    whole_strings: bool,
}

impl CborLayout {
    /// A layout that cuts no string.
    pub fn with_whole_strings() -> Self {
        Self {
            whole_strings: true,
            ..Self::default()
        }
    }

    /// Goes on until there are so many lines, or all. The bytes have to be the same in all turns. Several items one after
    /// the other are a sequence (RFC 8742).
    pub fn go_on(&mut self, bytes: &[u8], lines: usize) {
        while !self.done && self.lines.len() < lines {
            if self.at >= bytes.len() {
                self.done = true;
                if !self.levels.is_empty() || self.tag_count > 0 || bytes.is_empty() {
                    self.stop(CborProblem::Cut, self.at);
                }
                break;
            }
            self.item(bytes);
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
    pub fn fault(&self) -> Option<CborFault> {
        self.fault
    }

    fn stop(&mut self, problem: CborProblem, at: usize) {
        self.done = true;
        self.fault = Some(CborFault { problem, at });
        // What was read and stands on no line yet.
        let key = self.key.take();
        if key.is_some() || self.tag_count > 0 {
            let tags = std::mem::take(&mut self.tags);
            let end = match key {
                Some(_) => LineEnd::Colon,
                None => LineEnd::Nothing,
            };
            let value = key.unwrap_or_default() + &tags;
            self.push(None, value, LineKind::Open, end, None);
        }
    }

    fn item(&mut self, bytes: &[u8]) {
        let start = self.at;
        let mut decoder = Decoder::new(bytes);
        decoder.set_position(start);
        let token = Tokenizer::from(&mut decoder).token();
        let token = match token {
            Ok(token) => token,
            Err(error) => return self.stop(problem(&error, bytes, start), start),
        };
        if let Some(problem) = self.misplaced(&token) {
            return self.stop(problem, start);
        }
        self.at = decoder.position();
        let most = if self.whole_strings {
            usize::MAX
        } else {
            MOST_SHOWN
        };
        if let Some(scalar) = scalar(&token, most) {
            return self.whole_item(bytes, scalar.text, scalar.kind, scalar.whole);
        }
        match token {
            Token::Tag(tag) => self.tag(tag.as_u64()),
            Token::Break => self.close(bytes),
            Token::Array(0) => self.whole_item(bytes, "[]".to_owned(), LineKind::Empty, None),
            Token::Map(0) => self.whole_item(bytes, "{}".to_owned(), LineKind::Empty, None),
            Token::Array(count) => self.open("[", Opened::Array, Some(count)),
            // Twice the greatest number of pairs is beyond any count, and beyond any bytes.
            Token::Map(count) => self.open("{", Opened::Map, Some(count.saturating_mul(2))),
            Token::BeginArray => self.open("[_", Opened::Array, None),
            Token::BeginMap => self.open("{_", Opened::Map, None),
            Token::BeginBytes => self.open("(_", Opened::Bytes, None),
            _ => self.open("(_", Opened::Text, None),
        }
    }

    /// Why this may not stand here.
    fn misplaced(&self, token: &Token<'_>) -> Option<CborProblem> {
        let level = self.levels.last();
        if *token == Token::Break {
            return match level {
                _ if self.tag_count > 0 => Some(CborProblem::StrayBreak),
                Some(level) if level.left.is_some() => Some(CborProblem::StrayBreak),
                Some(level) if level.value => Some(CborProblem::NoValue),
                Some(_) => None,
                None => Some(CborProblem::StrayBreak),
            };
        }
        let fits = match level.map(|level| level.opened) {
            Some(Opened::Bytes) => matches!(token, Token::Bytes(_)),
            Some(Opened::Text) => matches!(token, Token::String(_)),
            _ => true,
        };
        (!fits).then_some(CborProblem::WrongChunk)
    }

    fn tag(&mut self, tag: u64) {
        if self.tag_count == MOST_TAGS {
            self.open("", Opened::Tags, Some(1));
        }
        self.tags.push_str(&tag.to_string());
        self.tags.push('(');
        self.tag_count += 1;
    }

    /// The next item is the key of a map.
    fn is_key(&self) -> bool {
        self.levels
            .last()
            .is_some_and(|level| level.opened == Opened::Map && !level.value)
    }

    fn open(&mut self, bracket: &str, opened: Opened, left: Option<u64>) {
        let key = self.is_key();
        let before = self.key.take();
        let value = std::mem::take(&mut self.tags) + bracket;
        let tags = std::mem::take(&mut self.tag_count);
        self.push(before, value, LineKind::Open, LineEnd::Nothing, None);
        self.levels.push(Level {
            opened,
            left,
            value: false,
            tags,
            key,
        });
    }

    /// A value that is whole in itself.
    fn whole_item(&mut self, bytes: &[u8], text: String, kind: LineKind, whole: Option<usize>) {
        let tags = std::mem::take(&mut self.tag_count);
        let value = std::mem::take(&mut self.tags) + &text + &")".repeat(tags);
        if self.is_key() && whole.is_none() {
            self.key = Some(value);
            self.counted();
            return;
        }
        let key = self.key.take();
        let is_key = self.is_key();
        self.counted();
        let end = self.end(bytes, is_key);
        self.push(key, value, kind, end, whole);
        self.close_what_is_full(bytes);
    }

    /// One item more is there.
    fn counted(&mut self) {
        if let Some(level) = self.levels.last_mut() {
            level.left = level.left.map(|left| left.saturating_sub(1));
            level.value = level.opened == Opened::Map && !level.value;
        }
    }

    /// What follows the item that was counted last.
    fn end(&self, bytes: &[u8], is_key: bool) -> LineEnd {
        let more = self.levels.last().is_some_and(|level| match level.left {
            Some(left) => left > 0,
            None => bytes.get(self.at).is_some_and(|next| *next != BREAK),
        });
        match (is_key, more) {
            (true, _) => LineEnd::Colon,
            (false, true) => LineEnd::Comma,
            (false, false) => LineEnd::Nothing,
        }
    }

    fn close_what_is_full(&mut self, bytes: &[u8]) {
        while self
            .levels
            .last()
            .is_some_and(|level| level.left == Some(0))
        {
            self.close_one(bytes);
        }
    }

    /// A break came.
    fn close(&mut self, bytes: &[u8]) {
        self.close_one(bytes);
        self.close_what_is_full(bytes);
    }

    fn close_one(&mut self, bytes: &[u8]) {
        let Some(level) = self.levels.pop() else {
            return;
        };
        let bracket = match level.opened {
            Opened::Array => "]",
            Opened::Map => "}",
            Opened::Bytes | Opened::Text => ")",
            Opened::Tags => "",
        };
        let value = bracket.to_owned() + &")".repeat(level.tags);
        self.counted();
        let end = self.end(bytes, level.key);
        self.push(None, value, LineKind::Close, end, None);
    }

    fn push(
        &mut self,
        key: Option<String>,
        value: String,
        kind: LineKind,
        end: LineEnd,
        whole: Option<usize>,
    ) {
        self.lines.push(Line {
            depth: self.levels.len(),
            key,
            value,
            kind,
            end,
            whole,
        });
    }
}

fn problem(error: &minicbor::decode::Error, bytes: &[u8], start: usize) -> CborProblem {
    if error.is_end_of_input() {
        return CborProblem::Cut;
    }
    // Of all items only text strings have a rule for what they hold.
    match bytes.get(start).map(|first| first >> 5) {
        Some(3) if bytes.get(start).is_some_and(|first| first & 0x1f < 28) => CborProblem::NotUtf8,
        _ => CborProblem::NoItem,
    }
}
