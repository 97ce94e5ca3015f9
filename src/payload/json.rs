//! JSON for reading: laid out on lines, every token exactly as it came. Nothing is parsed into numbers, so 64 digits stay
//! 64 digits.

use std::{collections::HashMap, hash::BuildHasher, ops::Range};

use foldhash::fast::FixedState;
use serde::de::IgnoredAny;

/// Levels deeper than this are not laid out (serde_json refuses beyond 128).
const DEEPEST: usize = 128;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonKind {
    /// A string, with its quotes.
    String,
    /// A number.
    Number,
    /// `true`, `false` or `null`.
    Word,
    /// `{`, `[`, `}`, `]`, or an empty `{}` or `[]`.
    Bracket,
}

/// One line of laid out JSON. The ranges are places in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonLine {
    /// Levels to indent.
    pub depth: usize,
    /// The key with its quotes, in an object.
    pub key: Option<Range<usize>>,
    /// The value.
    pub value: Range<usize>,
    /// What the value is.
    pub kind: JsonKind,
    /// A comma follows.
    pub comma: bool,
    /// Where the value is in the document, for comparing: a digest of the keys and indices that lead there, because a
    /// long key over many values would fill the memory if each of them held it.
    pub path: u64,
}

/// Why text is not JSON: the parser's words, with line and column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotJson(pub String);

/// Checks that text is JSON.
pub fn check_json(text: &str) -> Result<(), NotJson> {
    serde_json::from_str::<IgnoredAny>(text)
        .map(drop)
        .map_err(|error| NotJson(error.to_string()))
}

/// Lays JSON out on lines, at most so many of them.
pub fn lay_out(text: &str, most: usize) -> Result<Vec<JsonLine>, NotJson> {
    check_json(text)?;
    let mut layout = Layout {
        text,
        at: 0,
        lines: Vec::new(),
        path: 0,
        most,
    };
    layout.value(0, None);
    Ok(layout.lines)
}

/// The single values of a document by their path, for comparing with another, from as many lines.
pub fn values(text: &str, most: usize) -> Option<HashMap<u64, String>> {
    let lines = lay_out(text, most).ok()?;
    let single = lines
        .into_iter()
        .filter(|line| line.kind != JsonKind::Bracket);
    Some(
        single
            .filter_map(|line| Some((line.path, text.get(line.value)?.to_owned())))
            .collect(),
    )
}

/// Walks text that is known to be JSON.
struct Layout<'a> {
    text: &'a str,
    at: usize,
    lines: Vec<JsonLine>,
    path: u64,
    most: usize,
}

impl Layout<'_> {
    fn peek(&mut self) -> u8 {
        let bytes = self.text.as_bytes();
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(self.at) {
            self.at += 1;
        }
        bytes.get(self.at).copied().unwrap_or(0)
    }

    fn value(&mut self, depth: usize, key: Option<Range<usize>>) {
        let first = self.peek();
        let start = self.at;
        let (close, object) = match first {
            b'{' => (b'}', true),
            b'[' => (b']', false),
            _ => {
                let (end, kind) = self.single(first);
                self.at = end;
                return self.push(depth, key, start..end, kind);
            }
        };
        self.at += 1;
        if self.peek() == close || depth >= DEEPEST {
            // An empty one stays on its line, as it stands.
            self.at += 1;
            return self.push(depth, key, start..self.at, JsonKind::Bracket);
        }
        self.push(depth, key, start..start + 1, JsonKind::Bracket);
        let here = self.path;
        let mut index = 0usize;
        loop {
            self.peek();
            let key = object.then(|| {
                let start = self.at;
                self.at = self.string_end();
                let key = start..self.at;
                self.peek();
                self.at += 1; // the colon
                key
            });
            // Values of an object are found by their key, wherever they stand.
            let name = key.clone().map(|key| self.text.get(key));
            let place = (!object).then_some(index);
            self.path = FixedState::default().hash_one((here, name, place));
            self.value(depth + 1, key);
            self.path = here;
            index += 1;
            let next = self.peek();
            self.at += 1;
            if next != b',' {
                break;
            }
            if let Some(line) = self.lines.last_mut() {
                line.comma = true;
            }
        }
        self.push(depth, None, self.at - 1..self.at, JsonKind::Bracket);
    }

    fn single(&self, first: u8) -> (usize, JsonKind) {
        if first == b'"' {
            return (self.string_end(), JsonKind::String);
        }
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let length = rest
            .iter()
            .position(|byte| b" \n\r\t,]}".contains(byte))
            .unwrap_or(rest.len());
        let kind = if first == b'-' || first.is_ascii_digit() {
            JsonKind::Number
        } else {
            JsonKind::Word
        };
        (self.at + length, kind)
    }

    /// The end of the string that starts here.
    fn string_end(&self) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = self.at + 1;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'\\' => at += 2,
                b'"' => return at + 1,
                _ => at += 1,
            }
        }
        bytes.len()
    }

    fn push(
        &mut self,
        depth: usize,
        key: Option<Range<usize>>,
        value: Range<usize>,
        kind: JsonKind,
    ) {
        if self.lines.len() >= self.most {
            return;
        }
        self.lines.push(JsonLine {
            depth,
            key,
            value,
            kind,
            comma: false,
            path: self.path,
        });
    }
}
