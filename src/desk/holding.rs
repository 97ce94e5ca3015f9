//! Where the list of messages stands: it follows the newest, or holds still while what is newer waits above it, counted.
//! One state machine: what the user and the engine do goes in; what to ask for and where rows belong comes out.
//!
//! A place to hold still at is the position after the newest message that is shown (see [`crate::link::ListView`]).

use super::{
    walking::walked,
    window::{Part, Window},
};
use crate::link::List;

/// What the list does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stand {
    /// It shows the newest.
    #[default]
    Following,
    /// It is paused and shows the newest all the same, until the answer to a changed filter is complete: there it holds.
    Settling,
    /// It holds still here for as long as it is scrolled down.
    Scrolled(u64),
    /// It holds still here until the user lets it go.
    Paused(u64),
}

/// Where the list stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holding {
    stand: Stand,
    /// The numbering that positions belong to.
    numbering: u32,
}

/// What to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The newest position that is shown; `None` follows the newest.
    pub newest: Option<u64>,
    /// The rows.
    pub part: Part,
}

/// Where the rows of an answer belong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    /// Height of the whole list in px.
    pub tall: f64,
    /// How far down its rows begin, in px.
    pub down: f64,
    /// How many rows come before: they are newer than where it holds still, and were asked for before it did.
    pub skip: usize,
    /// How many of the rows after those are still there.
    pub count: usize,
}

impl Holding {
    /// Where it holds still.
    pub fn held(&self) -> Option<u64> {
        match self.stand {
            Stand::Following | Stand::Settling => None,
            Stand::Scrolled(at) | Stand::Paused(at) => Some(at),
        }
    }

    /// The user asked it to hold still.
    pub fn is_paused(&self) -> bool {
        matches!(self.stand, Stand::Settling | Stand::Paused(_))
    }

    /// The user asks it to hold still at what is the newest now.
    pub fn pause(&mut self, end: u64) {
        self.stand = Stand::Paused(end);
    }

    /// Somebody walks through it by keys: a list that runs on under them would take the chosen row away.
    pub fn hold_for_keys(&mut self, end: u64) {
        if self.held().is_none() {
            self.pause(end);
        }
    }

    /// Back to the newest.
    pub fn follow(&mut self) {
        self.stand = Stand::Following;
    }

    /// It was scrolled, and is away from the top, or not.
    pub fn scrolled(&mut self, away: bool, end: u64) {
        self.stand = match self.stand {
            Stand::Following if away => Stand::Scrolled(end),
            Stand::Settling if away => Stand::Paused(end),
            Stand::Scrolled(_) if !away => Stand::Following,
            same => same,
        };
    }

    /// The user asks for other messages: a place among those before means nothing among them.
    pub fn asked_anew(&mut self) {
        self.stand = if self.is_paused() {
            Stand::Settling
        } else {
            Stand::Following
        };
    }

    /// An answer came. False: it is not to be shown, because it was asked for by positions that are counted anew; ask again.
    pub fn answered(&mut self, list: &List) -> bool {
        let counted_anew = self.numbering != list.numbering;
        self.numbering = list.numbering;
        if counted_anew && self.held().is_some() {
            self.asked_anew();
            return false;
        }
        if list.complete && self.stand == Stand::Settling {
            self.stand = Stand::Paused(list.end);
        }
        true
    }

    /// What to ask for at this scroll position, by the latest answer.
    pub fn ask(&self, window: &Window, scroll: f64, list: &List) -> Ask {
        let held = self.held();
        Ask {
            newest: held.map(|at| at.saturating_sub(1)),
            part: match held {
                // Nothing was there when it was held still: no row is older than none.
                Some(0) => Part::default(),
                _ => window.part(scroll, self.total(list)),
            },
        }
    }

    /// Where the rows of an answer belong.
    pub fn place(&self, window: &Window, scroll: f64, list: &List) -> Placed {
        let total = self.total(list);
        let end = self.end(list);
        let newer = list.rows.iter().take_while(|row| row.position >= end);
        let skip = newer.count();
        let mut here = list.rows.iter().skip(skip).peekable();
        let above = here.peek().map_or(0, |row| self.above(list, row.position));
        Placed {
            tall: window.tall(total),
            down: window.down(above, scroll, total),
            skip,
            count: here.take_while(|row| row.position >= list.oldest).count(),
        }
    }

    /// The scroll position at which the row at this position is seen; `None`: it is seen already.
    pub fn reveal(&self, window: &Window, scroll: f64, list: &List, position: u64) -> Option<i32> {
        window.reveal(self.above(list, position), scroll, self.total(list))
    }

    /// The position that a key leads to from another; `None`: it leads nowhere.
    pub fn walk(
        &self,
        key: &str,
        from: Option<u64>,
        window: &Window,
        scroll: f64,
        list: &List,
    ) -> Option<u64> {
        let from = from.map(|position| self.above(list, position));
        let above = walked(key, from, window.seen(scroll, self.total(list)))?;
        self.end(list).checked_sub(above + 1)
    }

    /// Which row from the top it is that has this position, from 1, and how many there are.
    pub fn place_of(&self, list: &List, position: u64) -> (u64, u64) {
        (self.above(list, position) + 1, self.total(list))
    }

    /// How many messages wait above it; `None` while it follows.
    pub fn newer(&self, list: &List) -> Option<u64> {
        self.held().map(|at| list.end.saturating_sub(at))
    }

    /// Position after the newest that is shown.
    fn end(&self, list: &List) -> u64 {
        self.held().unwrap_or(list.end)
    }

    /// Rows there are to scroll through.
    fn total(&self, list: &List) -> u64 {
        self.end(list).saturating_sub(list.oldest)
    }

    /// Rows above the one at this position.
    fn above(&self, list: &List, position: u64) -> u64 {
        self.end(list).saturating_sub(position.saturating_add(1))
    }
}

/// Where somebody walks through the list by keys: also over rows that are not here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Walker {
    /// The position that a key led to, until its row is here.
    pub wanted: Option<u64>,
    /// The chosen message and its position, when it was last seen.
    last: Option<(u64, u64)>,
    /// The numbering that positions belong to.
    numbering: u32,
}

impl Walker {
    /// The chosen message is here.
    pub fn seen(&mut self, list: &List, seq: u64, position: u64) {
        self.last = Some((seq, position));
        self.numbering = list.numbering;
    }

    /// The position to go on from: that of the chosen message, wherever it is by now.
    pub fn place(&self, list: &List, chosen: Option<u64>) -> Option<u64> {
        if self.wanted.is_some() {
            return self.wanted;
        }
        let chosen = chosen?;
        let here = list.rows.iter().find(|row| row.seq == chosen);
        here.map(|row| row.position).or_else(|| {
            let (seq, position) = self.last?;
            (seq == chosen && self.numbering == list.numbering).then_some(position)
        })
    }

    /// The message that a key led to, once it is here.
    pub fn arrived(&mut self, list: &List) -> Option<u64> {
        let wanted = self.wanted?;
        let row = list.rows.iter().find(|row| row.position == wanted);
        // It may be gone by now.
        if row.is_some() || wanted < list.oldest {
            self.wanted = None;
        }
        row.map(|row| row.seq)
    }
}
