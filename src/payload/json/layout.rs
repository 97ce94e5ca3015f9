//! JSON laid out on lines, with every token exactly as received. It can be continued where it stopped. There is no
//! recursion: each open level has a line, so the memory depends only on how many lines were requested, however deep the
//! text is.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
    hash::BuildHasher,
    ops::Range,
};

use foldhash::fast::FixedState;

use super::{
    fault::word,
    token::{after_comment, after_gap, single_end, string_end, unit},
};

/// The most levels that are indented. Deeper ones are not indented further: a document may have a million levels, and
/// no screen is that wide.
pub const MOST_INDENTED: usize = 20;

/// What a line holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonKind {
    /// A string, with its quotes.
    String,
    /// A number.
    Number,
    /// `true`, `false` or `null`.
    Word,
    /// `{` or `[`, with more on the lines below.
    Open,
    /// `}` or `]`.
    Close,
    /// `{}` or `[]`.
    Empty,
    /// All between two brackets, in one line.
    Folded,
}

/// Bytes of what is folded that are passed over in one step.
const MOST_PASSED: usize = 4 * 1024 * 1024;

/// Which brackets are folded, by the position of the opening one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folds {
    /// All below the outermost are, but for the others.
    all: bool,
    others: BTreeSet<usize>,
}

impl Folds {
    /// All below the outermost.
    pub fn all() -> Self {
        Self {
            all: true,
            ..Self::default()
        }
    }

    /// Folds the bracket at this place, or unfolds it.
    pub fn toggle(&mut self, at: usize) {
        if !self.others.remove(&at) {
            self.others.insert(at);
        }
    }

    /// Nothing is folded.
    pub fn is_none(&self) -> bool {
        !self.all && self.others.is_empty()
    }

    fn holds(&self, at: usize, depth: usize) -> bool {
        (self.all && depth > 0) != self.others.contains(&at)
    }
}

/// One line of the layout. Ranges are positions in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonLine {
    /// Levels around it.
    pub depth: usize,
    /// The key with its quotes, in an object.
    pub key: Option<Range<usize>>,
    /// The value; of an empty bracket the opening one.
    pub value: Range<usize>,
    /// What it is.
    pub kind: JsonKind,
    /// A comma follows.
    pub comma: bool,
    /// The path of the value, for comparison: a digest of the keys and indices that lead to it, because long keys
    /// repeated for many values would fill the memory. An opening bracket and its closing bracket have the same path.
    pub path: u64,
    /// The path of what contains it.
    pub parent: u64,
}

impl JsonLine {
    /// The text of the value.
    pub fn shown<'a>(&self, text: &'a [u8]) -> &'a str {
        let bytes = text.get(self.value.clone()).unwrap_or_default();
        match (self.kind, bytes.first()) {
            (JsonKind::Folded, Some(b'{')) => "{…}",
            (JsonKind::Folded, _) => "[…]",
            (JsonKind::Empty, Some(b'{')) => "{}",
            (JsonKind::Empty, _) => "[]",
            _ => std::str::from_utf8(bytes).unwrap_or_default(),
        }
    }

    /// The text of the key.
    pub fn shown_key<'a>(&self, text: &'a [u8]) -> Option<&'a str> {
        let bytes = text.get(self.key.clone()?)?;
        std::str::from_utf8(bytes).ok()
    }

    /// Levels to indent.
    pub fn indented(&self) -> usize {
        self.depth.min(MOST_INDENTED)
    }
}

/// A layout in progress, of a text that is known to be JSON, or nearly: several documents stand below each other, and comments
/// are passed over.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    at: usize,
    done: bool,
    levels: Vec<Level>,
    lines: Vec<JsonLine>,
    /// How often each key has occurred in each object.
    seen: HashMap<u64, u32, FixedState>,
    /// Documents that were begun.
    documents: u64,
    folds: Folds,
    /// What is folded is being passed over: brackets that are open in it, and the quote of the string that
    /// is; 0 where none is.
    passing: Option<(usize, u8)>,
}

#[derive(Clone, Debug)]
struct Level {
    object: bool,
    path: u64,
    parent: u64,
    index: usize,
}

impl Layout {
    /// A layout in which these brackets are folded.
    pub fn folded(folds: Folds) -> Self {
        Self {
            folds,
            ..Self::default()
        }
    }

    /// What is folded.
    pub fn folds(&self) -> &Folds {
        &self.folds
    }

    /// Continues until there are this many lines, or all, or a bounded part of what is folded is passed over. The text must be the
    /// same in all steps.
    pub fn go_on(&mut self, text: &[u8], lines: usize) {
        let until = self.at.saturating_add(MOST_PASSED);
        while !self.done && (self.lines.len() < lines || self.passing.is_some()) {
            if self.passing.is_some() {
                self.pass(text, until);
                if self.passing.is_some() {
                    return;
                }
                self.done |= self.at >= text.len()
                    || self.levels.is_empty() && after_gap(text, self.at) >= text.len();
                continue;
            }
            self.at = after_gap(text, self.at);
            if self.at >= text.len() {
                // Cut off behind a gap.
                self.done = true;
                break;
            }
            self.line(text);
            // This also ends for a text that is not JSON.
            self.done |= self.at >= text.len()
                || self.levels.is_empty() && after_gap(text, self.at) >= text.len();
        }
    }

    /// The last line is folded, and what is in it is not passed over to its end.
    pub fn is_passing(&self) -> bool {
        self.passing.is_some()
    }

    /// The lines so far.
    pub fn lines(&self) -> &[JsonLine] {
        &self.lines
    }

    /// The layout is complete.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Up to where the text is laid out, in bytes.
    pub fn at(&self) -> usize {
        self.at
    }

    fn line(&mut self, text: &[u8]) {
        let first = text.get(self.at).copied().unwrap_or_default();
        let Some(level) = self.levels.last_mut() else {
            let path = self.documents;
            self.documents += 1;
            return self.value(text, None, path, 0);
        };
        let parent = level.path;
        if matches!(first, b'}' | b']') {
            let (path, parent) = (level.path, level.parent);
            self.levels.pop();
            let start = self.at;
            self.at += 1;
            return self.push(
                text,
                None,
                start..start + 1,
                JsonKind::Close,
                (path, parent),
            );
        }
        if !level.object {
            let path = digest((parent, level.index));
            level.index += 1;
            return self.value(text, None, path, parent);
        }
        let start = self.at;
        let end = key_end(text, start);
        // Values of an object are identified by their key, in any order; repeated keys by their number.
        let name = digest((parent, key_of(text.get(start..end).unwrap_or_default())));
        let count = self.seen.entry(name).or_default();
        let path = digest((name, u64::from(*count)));
        *count += 1;
        self.at = after_gap(text, after_gap(text, end) + 1).min(text.len());
        self.value(text, Some(start..end), path, parent);
    }

    fn value(&mut self, text: &[u8], key: Option<Range<usize>>, path: u64, parent: u64) {
        let start = self.at;
        let first = text.get(start).copied().unwrap_or_default();
        let (end, kind) = match first {
            b'{' | b'[' => {
                let inside = after_gap(text, start + 1);
                if matches!(text.get(inside), Some(b'}' | b']')) {
                    self.at = inside + 1;
                    return self.push(text, key, start..start + 1, JsonKind::Empty, (path, parent));
                }
                self.at = start + 1;
                if self.folds.holds(start, self.levels.len()) {
                    self.passing = Some((1, 0));
                    return self.push(
                        text,
                        key,
                        start..start + 1,
                        JsonKind::Folded,
                        (path, parent),
                    );
                }
                self.push(text, key, start..start + 1, JsonKind::Open, (path, parent));
                self.levels.push(Level {
                    object: first == b'{',
                    path,
                    parent,
                    index: 0,
                });
                return;
            }
            b'"' | b'\'' => (string_end(text, start), JsonKind::String),
            b'-' | b'0'..=b'9' => (single_end(text, start), JsonKind::Number),
            _ => (single_end(text, start), JsonKind::Word),
        };
        // One that is cut off ends with the text.
        let end = end.min(text.len());
        self.at = end;
        self.push(text, key, start..end, kind, (path, parent));
    }

    /// Adds a line, with the comma after it.
    fn push(
        &mut self,
        text: &[u8],
        key: Option<Range<usize>>,
        value: Range<usize>,
        kind: JsonKind,
        (path, parent): (u64, u64),
    ) {
        let next = after_gap(text, self.at);
        let opens = matches!(kind, JsonKind::Open | JsonKind::Folded);
        let comma = !opens && text.get(next) == Some(&b',');
        if comma {
            self.at = next + 1;
        }
        self.lines.push(JsonLine {
            depth: self.levels.len(),
            key,
            value,
            kind,
            comma,
            path,
            parent,
        });
    }
}

impl Layout {
    /// Passes over what is folded, up to about here.
    fn pass(&mut self, text: &[u8], until: usize) {
        let Some((mut open, mut quote)) = self.passing else {
            return;
        };
        while open > 0 && self.at < until {
            let Some(&byte) = text.get(self.at) else {
                break;
            };
            match byte {
                b'\\' if quote != 0 => self.at += 1,
                _ if quote != 0 && byte == quote => quote = 0,
                _ if quote != 0 => {}
                b'"' | b'\'' => quote = byte,
                b'{' | b'[' => open += 1,
                b'}' | b']' => open -= 1,
                b'/' | b'#' if let Some(end) = after_comment(text, self.at) => {
                    self.at = end;
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
        self.at = self.at.min(text.len());
        if open > 0 && self.at < text.len() {
            self.passing = Some((open, quote));
            return;
        }
        self.passing = None;
        let next = after_gap(text, self.at);
        let comma = text.get(next) == Some(&b',');
        if let Some(line) = self.lines.last_mut() {
            line.value.end = self.at;
            line.comma = comma;
        }
        if comma {
            self.at = next + 1;
        }
    }
}

fn digest(what: impl std::hash::Hash) -> u64 {
    FixedState::default().hash_one(what)
}

/// The end of the key that starts here: in quotes, or a word. At least one byte, so that this ends for a text that is no JSON.
fn key_end(text: &[u8], start: usize) -> usize {
    match text.get(start) {
        Some(b'"' | b'\'') => string_end(text, start),
        _ => word(text, start).end.max(start + 1),
    }
}

/// The content of a key: `"\u0061"` is `"a"`. Half a surrogate pair becomes three bytes that are not valid UTF-8.
fn key_of(key: &[u8]) -> Cow<'_, [u8]> {
    let inside = key
        .strip_prefix(b"\"")
        .and_then(|key| key.strip_suffix(b"\""))
        .unwrap_or(key);
    if !inside.contains(&b'\\') {
        return Cow::Borrowed(inside);
    }
    let mut out = Vec::with_capacity(inside.len());
    let mut at = 0;
    while let Some(&byte) = inside.get(at) {
        let escaped = inside.get(at + 1).copied();
        match (byte, escaped) {
            (b'\\', Some(b'u')) => {
                let first = unit(inside, at).unwrap_or_default();
                let second = unit(inside, at + 6)
                    .filter(|_| inside.get(at + 6..at + 8) == Some(br"\u".as_slice()));
                let pair = [first, second.unwrap_or_default()];
                match char::decode_utf16(pair).next() {
                    Some(Ok(letter)) => {
                        let mut bytes = [0; 4];
                        out.extend_from_slice(letter.encode_utf8(&mut bytes).as_bytes());
                        at += if first & 0xfc00 == 0xd800 { 12 } else { 6 };
                    }
                    _ => {
                        let [high, low] = first.to_be_bytes();
                        out.extend_from_slice(&[0xff, high, low]);
                        at += 6;
                    }
                }
                continue;
            }
            (b'\\', Some(letter)) => {
                out.push(match letter {
                    b'b' => 8,
                    b'f' => 12,
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    other => other,
                });
                at += 2;
                continue;
            }
            _ => out.push(byte),
        }
        at += 1;
    }
    Cow::Owned(out)
}
