//! What changed between two payloads, in short: a number by so much, the values within JSON that are others.

use super::{
    decimal,
    json::{Change, Difference, JsonKind, Layout},
};

/// Longer payloads are told apart, and not compared.
const MOST_BYTES: usize = 16 * 1024;
/// Lines of JSON that are compared.
const MOST_LINES: usize = 500;
/// Changes that are named.
const MOST_NAMED: usize = 3;
/// Characters of a value that are shown.
const MOST_SHOWN: usize = 40;

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeInShort {
    /// Nothing.
    Same,
    /// A number, by so much, with its sign.
    Number(String),
    /// Values within JSON: the first of them, and how many more.
    Json(Vec<ChangedPart>, usize),
    /// Something else.
    Other,
}

/// A value within JSON that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedPart {
    /// Its key, or its place in brackets.
    pub key: String,
    /// What it was; `None`: it was not there.
    pub before: Option<String>,
    /// What it is; `None`: it is not there.
    pub now: Option<String>,
}

/// What changed from the one to the other.
pub fn change_in_short(before: &[u8], now: &[u8]) -> ChangeInShort {
    if before == now {
        return ChangeInShort::Same;
    }
    if before.len().max(now.len()) > MOST_BYTES {
        return ChangeInShort::Other;
    }
    let text = |bytes| std::str::from_utf8(bytes).ok().map(str::trim);
    if let (Some(before), Some(now)) = (text(before), text(now))
        && let Some(by) = decimal::difference(before, now)
    {
        return ChangeInShort::Number(by);
    }
    json(before, now).unwrap_or(ChangeInShort::Other)
}

fn json(before: &[u8], now: &[u8]) -> Option<ChangeInShort> {
    // What is no document in brackets has no parts.
    let opens = |text: &[u8]| {
        let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
        matches!(first, Some(b'{' | b'['))
    };
    if !opens(before) || !opens(now) {
        return None;
    }
    super::check_json(std::str::from_utf8(now).ok()?).ok()?;
    let mut difference = Difference::from(before)?;
    let mut layout = Layout::default();
    layout.go_on(now, MOST_LINES);
    let (mut named, mut more) = (Vec::new(), 0);
    // How many values there were at each depth, for those without a key.
    let mut places: Vec<usize> = Vec::new();
    for line in layout.lines() {
        let closes = line.kind == JsonKind::Close;
        places.truncate(line.depth + 1);
        places.resize(line.depth + 1, 0);
        let place = places.last().copied().unwrap_or(0);
        if let Some(place) = places.last_mut().filter(|_| !closes) {
            *place += 1;
        }
        let key = || {
            let key = line.shown_key(now).map(|key| key.trim_matches('"'));
            key.map_or_else(|| format!("[{place}]"), cut)
        };
        let part = match difference.of(line, now) {
            Change::None => continue,
            Change::Was(was) => ChangedPart {
                key: key(),
                before: Some(was),
                now: Some(cut(line.shown(now))),
            },
            Change::New => ChangedPart {
                key: key(),
                before: None,
                now: Some(cut(line.shown(now))),
            },
            Change::Gone(count, keys) => {
                more += count.saturating_sub(1);
                ChangedPart {
                    key: keys.first().map_or_else(String::new, |key| cut(key)),
                    before: Some(String::new()),
                    now: None,
                }
            }
        };
        if named.len() < MOST_NAMED {
            named.push(part);
        } else {
            more += 1;
        }
    }
    Some(if named.is_empty() {
        // Spaces or the order of keys.
        ChangeInShort::Other
    } else {
        ChangeInShort::Json(named, more)
    })
}

fn cut(text: &str) -> String {
    let mut letters = text.chars();
    let mut short: String = letters.by_ref().take(MOST_SHOWN).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}
