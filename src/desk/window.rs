//! The window on a list that is longer than the screen: which rows to ask for, how tall the list pretends to be, and where
//! the rows that are there belong. All lengths are in px.

use super::walking::Seen;

/// Browsers cap the height of an element (Firefox near 17.8 million px). A list that would be taller is this tall, and
/// scroll positions are scaled.
pub const TALLEST: f64 = 15_000_000.0;

/// What is seen of the list. All rows are of one height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    height: f64,
    row: f64,
    /// Rows above and below the visible ones, so that a scroll or a key finds them there.
    spare: u64,
}

/// A part of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Rows above it.
    pub skip: u64,
    /// How many rows it has.
    pub rows: u16,
}

impl Window {
    /// A window that nothing is seen through yet.
    pub fn new(row: f64, spare: u64) -> Self {
        Self {
            height: 0.0,
            row,
            spare,
        }
    }

    /// It is this high now, and a row of it that high.
    pub fn resize(&mut self, height: f64, row: f64) {
        self.height = height;
        self.row = row;
    }

    /// The rows to have there at this scroll position of a list of `total` rows.
    pub fn part(&self, scroll: f64, total: u64) -> Part {
        if self.height == 0.0 {
            return Part::default();
        }
        let row = self.row.max(1.0);
        let first = (scroll * self.scale(total) / row) as u64;
        let skip = first.saturating_sub(self.spare);
        let visible = (self.height / row).ceil() as u64 + 1;
        let rows = visible + (first - skip) + self.spare;
        Part {
            skip,
            rows: u16::try_from(rows).unwrap_or(u16::MAX),
        }
    }

    /// How tall an element has to be for a list of `total` rows.
    pub fn tall(&self, total: u64) -> f64 {
        self.full(total).min(TALLEST)
    }

    /// How far down in that element rows belong that have `above` rows above them.
    pub fn down(&self, above: u64, scroll: f64, total: u64) -> f64 {
        let top = above as f64 * self.row;
        let scale = self.scale(total);
        // Scaled, rows stand where the scroll position is, not at their place in the full list.
        if scale == 1.0 {
            top
        } else {
            scroll + top - scroll * scale
        }
    }

    /// The scroll position at which the row with `above` rows above it is seen; `None`: it is seen already.
    pub fn reveal(&self, above: u64, scroll: f64, total: u64) -> Option<i32> {
        let scale = self.scale(total);
        let (top, from) = (above as f64 * self.row, scroll * scale);
        if top < from {
            Some((top / scale) as i32)
        } else if top + self.row > from + self.height {
            Some(((top + self.row - self.height) / scale).ceil() as i32)
        } else {
            None
        }
    }

    /// What is seen at this scroll position of a list of `total` rows.
    pub fn seen(&self, scroll: f64, total: u64) -> Seen {
        let row = self.row.max(1.0);
        let whole = (self.height / row) as u64;
        Seen {
            first: (scroll * self.scale(total) / row).ceil() as u64,
            // One row of the page before stays, to go on from.
            page: whole.saturating_sub(1).max(1),
            total,
        }
    }

    fn full(&self, total: u64) -> f64 {
        total as f64 * self.row
    }

    /// Px of the full list for one px of scrolling.
    fn scale(&self, total: u64) -> f64 {
        let full = self.full(total);
        if full <= TALLEST {
            1.0
        } else {
            (full - self.height) / (TALLEST - self.height)
        }
    }
}
