//! What changed between two documents: each line is compared with the value at the same path in the earlier one.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use foldhash::fast::FixedState;

use super::{
    check::{Check, Checked},
    layout::{JsonKind, JsonLine, Layout},
};

/// The most lines of the earlier document that are kept. For a longer document only changes are shown, not what was
/// added or removed.
const MOST_LINES: usize = 20_000;
/// The most characters of an earlier value that are shown.
const MOST_SHOWN: usize = 40;
/// The most keys that are named.
const MOST_NAMED: usize = 3;

/// How the value on a line has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It has not, or this is shown on the lines within it.
    None,
    /// It was this before; at most 40 characters.
    Was(String),
    /// It is new.
    New,
    /// For a closing bracket: this many entries were removed, and these are the first keys.
    Gone(usize, Vec<String>),
}

/// An earlier document, and the state of the comparison with a later one.
#[derive(Clone, Debug)]
pub struct Difference {
    text: Vec<u8>,
    whole: bool,
    before: HashMap<u64, Earlier, FixedState>,
    /// The content of each bracket, in order.
    inside: HashMap<u64, Vec<u64>, FixedState>,
    /// The paths in the later document.
    met: HashSet<u64, FixedState>,
}

#[derive(Clone, Debug)]
struct Earlier {
    kind: JsonKind,
    key: Option<Range<usize>>,
    value: Range<usize>,
}

impl Difference {
    /// `None`: the earlier document is not JSON, or has nothing to compare with.
    pub fn from(text: &[u8]) -> Option<Self> {
        std::str::from_utf8(text).ok()?;
        if Check::default().go_on(text, usize::MAX) != Checked::Json {
            return None;
        }
        let mut layout = Layout::default();
        layout.go_on(text, MOST_LINES);
        let mut before = HashMap::default();
        let mut inside: HashMap<u64, Vec<u64>, FixedState> = HashMap::default();
        for line in layout.lines() {
            if line.kind == JsonKind::Close {
                continue;
            }
            if line.depth > 0 {
                inside.entry(line.parent).or_default().push(line.path);
            }
            before.insert(
                line.path,
                Earlier {
                    kind: line.kind,
                    key: line.key.clone(),
                    value: line.value.clone(),
                },
            );
        }
        Some(Self {
            text: text.to_vec(),
            whole: layout.is_done(),
            before,
            inside,
            met: HashSet::default(),
        })
    }

    /// How a line of the later document has changed. Call it for all lines in order.
    pub fn of(&mut self, line: &JsonLine, text: &[u8]) -> Change {
        if line.kind == JsonKind::Close {
            return self.gone(line, text);
        }
        self.met.insert(line.path);
        let Some(earlier) = self.before.get(&line.path) else {
            return self.came(line);
        };
        if line.kind == JsonKind::Folded {
            // It is told within, once that is unfolded.
            return Change::None;
        }
        let bytes = self.text.get(earlier.value.clone()).unwrap_or_default();
        let now = text.get(line.value.clone()).unwrap_or_default();
        match (earlier.kind, line.kind) {
            // This is shown on the lines within it.
            (JsonKind::Open | JsonKind::Empty, JsonKind::Open)
            | (JsonKind::Empty, JsonKind::Empty)
                if bytes == now =>
            {
                Change::None
            }
            (JsonKind::Open, _) => {
                Change::Was(if bytes == b"{" { "{…}" } else { "[…]" }.to_owned())
            }
            (JsonKind::Empty, _) => Change::Was(if bytes == b"{" { "{}" } else { "[]" }.to_owned()),
            _ if bytes == now => Change::None,
            _ => Change::Was(start(bytes)),
        }
    }

    /// Whether there was a bracket of the same kind before.
    fn stood(&self, path: u64, bracket: u8) -> bool {
        self.before.get(&path).is_some_and(|earlier| {
            matches!(earlier.kind, JsonKind::Open | JsonKind::Empty)
                && self.text.get(earlier.value.start) == Some(&bracket)
        })
    }

    fn came(&self, line: &JsonLine) -> Change {
        let bracket = if line.key.is_some() { b'{' } else { b'[' };
        // The contents of something new are not marked one by one.
        if self.whole && line.depth > 0 && self.stood(line.parent, bracket) {
            Change::New
        } else {
            Change::None
        }
    }

    fn gone(&self, line: &JsonLine, text: &[u8]) -> Change {
        let close = text.get(line.value.start).copied();
        let bracket = if close == Some(b'}') { b'{' } else { b'[' };
        if !self.whole || !self.stood(line.path, bracket) {
            return Change::None;
        }
        let inside = self.inside.get(&line.path);
        let gone = || {
            let paths = inside.into_iter().flatten();
            paths.filter(|path| !self.met.contains(path))
        };
        let count = gone().count();
        if count == 0 {
            return Change::None;
        }
        let keys = gone()
            .filter_map(|path| self.before.get(path)?.key.clone())
            .map(|key| start(self.text.get(key).unwrap_or_default()));
        Change::Gone(count, keys.take(MOST_NAMED).collect())
    }
}

fn start(bytes: &[u8]) -> String {
    let few = bytes.get(..4 * MOST_SHOWN).unwrap_or(bytes);
    let whole = few.len() == bytes.len();
    let text = String::from_utf8_lossy(few);
    let mut shown: String = text.chars().take(MOST_SHOWN).collect();
    if !whole || shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
