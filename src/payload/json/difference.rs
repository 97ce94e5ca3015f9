//! What a document changed against the one before it: each line is held against what stood at its path.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use foldhash::fast::FixedState;

use super::{
    check::{Check, Checked},
    layout::{JsonKind, JsonLine, Layout},
};

/// Lines of the earlier document that are held. Of a longer one only what changed is told, not what came or went.
const MOST_LINES: usize = 20_000;
/// Characters of what was, at the most.
const MOST_SHOWN: usize = 40;
/// Keys that are named.
const MOST_NAMED: usize = 3;

/// What became of the value of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing, or it is told further down.
    None,
    /// This stood here; at most 40 characters of it.
    Was(String),
    /// Nothing stood here.
    New,
    /// For a closing bracket: this many are gone from inside, and these are the first keys.
    Gone(usize, Vec<String>),
}

/// An earlier document, and how far the later one is compared.
#[derive(Clone, Debug)]
pub struct Difference {
    text: Vec<u8>,
    whole: bool,
    before: HashMap<u64, Earlier, FixedState>,
    /// What is in each bracket, in order.
    inside: HashMap<u64, Vec<u64>, FixedState>,
    /// What the later one has.
    met: HashSet<u64, FixedState>,
}

#[derive(Clone, Debug)]
struct Earlier {
    kind: JsonKind,
    key: Option<Range<usize>>,
    value: Range<usize>,
}

impl Difference {
    /// `None`: the earlier one is no JSON, or nothing to compare with.
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

    /// What became of a line of the later document. Its lines have to come in order.
    pub fn of(&mut self, line: &JsonLine, text: &[u8]) -> Change {
        if line.kind == JsonKind::Close {
            return self.gone(line, text);
        }
        self.met.insert(line.path);
        let Some(earlier) = self.before.get(&line.path) else {
            return self.came(line);
        };
        let bytes = self.text.get(earlier.value.clone()).unwrap_or_default();
        let now = text.get(line.value.clone()).unwrap_or_default();
        match (earlier.kind, line.kind) {
            // The lines inside tell it.
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

    /// Whether the bracket stood here before, of the same kind.
    fn stood(&self, path: u64, bracket: u8) -> bool {
        self.before.get(&path).is_some_and(|earlier| {
            matches!(earlier.kind, JsonKind::Open | JsonKind::Empty)
                && self.text.get(earlier.value.start) == Some(&bracket)
        })
    }

    fn came(&self, line: &JsonLine) -> Change {
        let bracket = if line.key.is_some() { b'{' } else { b'[' };
        // What is in something new is not told one by one.
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
