//! How the room of a row is shared: in columns of its letters, which are all of one width. So nothing has to be measured for
//! a row, and a flood costs no more than before.
//!
//! A name that has no room is cut in its middle: names differ at their end as often as at their start.

use std::ops::Range;

/// Up to here a list has no room for a size and for thousandths of a second.
const SHORT: usize = 75;
/// The least that is left of a name.
const LEAST: usize = 9;
/// Columns that the size and the letters of a time of day take.
const CLOCK: usize = 12;
const THOUSANDTHS: usize = 4;
/// The most of a value beside a level of the tree, and what it gives way to.
const VALUE: usize = 8;

/// How the rows of the list are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// Each on one line.
    One,
    /// On one line, without what can be missed.
    Short,
    /// Each on two.
    Two,
}

/// The room of a row of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListRoom {
    /// How it is laid out.
    pub lines: Lines,
    /// Columns of a topic; on two lines, those that topic and payload share.
    columns: usize,
}

impl ListRoom {
    /// For a list that is so wide, with letters so wide; both in one unit. `rem` is the letter size of the page in that unit.
    pub fn new(width: f64, letter: f64, rem: f64, phone: bool) -> Self {
        let columns = |width: f64| (width / letter.max(1.0)).max(0.0) as usize;
        let all = columns(width);
        let lines = match (phone, all) {
            (_, SHORT..) => Lines::One,
            (false, _) => Lines::Short,
            (true, _) => Lines::Two,
        };
        let columns = match lines {
            Lines::One => all * 34 / 100,
            Lines::Short => all * 36 / 100,
            // What stands at the sides and between the two.
            Lines::Two => columns(width - 2.25 * rem),
        };
        Self {
            lines,
            columns: columns.max(LEAST),
        }
    }

    /// Columns that the topic has for itself; `None`: it shares them.
    pub fn topic_column(&self) -> Option<usize> {
        (self.lines != Lines::Two).then_some(self.columns)
    }

    /// The most that a payload takes of what it shares with its topic.
    pub fn payload_most(&self) -> usize {
        self.columns * 45 / 100
    }

    /// Columns of the topic of a row with this payload.
    pub fn topic(&self, payload: &str) -> usize {
        match self.lines {
            Lines::One | Lines::Short => self.columns,
            Lines::Two => {
                self.columns - columns(payload, self.payload_most()).min(self.payload_most())
            }
        }
    }

    /// Columns of a time of day.
    pub fn clock(&self) -> usize {
        match self.lines {
            Lines::Short => CLOCK - THOUSANDTHS,
            Lines::One | Lines::Two => CLOCK,
        }
    }
}

/// The room of a row of the tree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TreeRoom {
    columns: f64,
    /// Columns for one rem.
    rem: f64,
}

impl TreeRoom {
    /// For a tree that is so wide, as for a list.
    pub fn new(width: f64, letter: f64, rem: f64, phone: bool) -> Self {
        let letter = letter.max(1.0);
        // At the sides, between the three parts, and the arrow.
        let around = if phone { 4.25 } else { 3.5 };
        Self {
            columns: (width - around * rem) / letter,
            rem: rem / letter,
        }
    }

    /// Columns of the name of a level at this depth, with this value and count beside it.
    pub fn name(&self, depth: u16, value: &str, count: &str) -> usize {
        let beside = columns(value, VALUE).min(VALUE) + count.len();
        let room = self.columns - indent(depth) * self.rem - beside as f64;
        (room.max(0.0) as usize).max(LEAST)
    }
}

/// How far a level of the tree is indented, in rem. The deeper, the less further: a deep topic must not push its name out.
pub fn indent(depth: u16) -> f64 {
    let depth = f64::from(depth);
    let first = depth.min(3.0) * 0.875;
    let then = (depth - 3.0).clamp(0.0, 5.0) * 0.375;
    let deep = (depth - 8.0).clamp(0.0, 12.0) * 0.125;
    first + then + deep
}

/// The columns of a text; more than `most` are not counted to their end.
pub fn columns(text: &str, most: usize) -> usize {
    let mut all = 0;
    for letter in text.chars() {
        all += wide(letter);
        if all > most {
            break;
        }
    }
    all
}

/// What has to be left out of the middle of a name for so many columns, of which one is for the sign that something is left
/// out; `None`: all of it has room.
pub fn middle(name: &str, room: usize) -> Option<Range<usize>> {
    if columns(name, room) <= room {
        return None;
    }
    let room = room.max(3) - 1;
    let head = room / 3;
    let mut left = head;
    let start = name
        .char_indices()
        .find_map(|(at, letter)| {
            let fits = left.checked_sub(wide(letter));
            left = fits.unwrap_or(0);
            fits.is_none().then_some(at)
        })
        .unwrap_or(name.len());
    let mut left = room - head;
    let mut end = name.len();
    for (at, letter) in name.char_indices().rev() {
        let Some(fits) = left.checked_sub(wide(letter)) else {
            break;
        };
        left = fits;
        end = at;
    }
    // A mark belongs to the letter before it.
    let marks = |text: &str| {
        let letters = text.chars().take_while(|letter| is_mark(*letter));
        letters.map(char::len_utf8).sum::<usize>()
    };
    let start = start + marks(name.get(start..).unwrap_or_default());
    let end = end + marks(name.get(end..).unwrap_or_default());
    (start < end).then_some(start..end)
}

/// Columns of a letter: those of fixed width are at most two where they are not Latin, Greek or Cyrillic.
fn wide(letter: char) -> usize {
    if letter < '\u{1100}' { 1 } else { 2 }
}

/// It is drawn over the letter before it.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{200d}'
        | '\u{20d0}'..='\u{20ff}' | '\u{3099}' | '\u{309a}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' | '\u{1f3fb}'..='\u{1f3ff}')
}
