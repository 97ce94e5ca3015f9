//! What happened since the last frame. However much that was, a frame tells of it in bounded room, so that it costs the
//! page the same after one publication and after ten thousand.

use std::{mem, ops::RangeInclusive};

use crate::link::Notice;

/// Of each kind so many are told at the most. Beyond that the oldest are left out: the page shows the latest.
const MOST_OF_A_KIND: usize = 64;

/// Notices that wait for the next frame.
#[derive(Debug, Default)]
pub(super) struct Notices {
    all: Vec<Notice>,
    /// Series that failed. The page believes that they run until it hears this, so none is left out.
    ended: Vec<Notice>,
}

impl Notices {
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.ended.is_empty()
    }

    /// The latest. One that goes on where an earlier one ends is joined to it.
    pub fn push(&mut self, notice: Notice) {
        let earlier = self
            .all
            .iter()
            .rposition(|earlier| goes_on(earlier, &notice));
        let Some(at) = earlier else {
            self.make_room(&notice);
            return self.all.push(notice);
        };
        let mut joined = self.all.remove(at);
        if let (Some(numbers), Some(more)) = (run_of(&mut joined), run(&notice)) {
            *numbers = *numbers.start()..=*more.end();
        }
        // That it waits is the first word of a publication, and what became of it the last.
        if matches!(joined, Notice::Queued { .. }) {
            self.all.insert(at, joined);
        } else {
            self.all.push(joined);
        }
    }

    /// A series has ended by itself.
    pub fn series_ended(&mut self, notice: Notice) {
        self.ended.push(notice);
    }

    /// All of them, for a frame.
    pub fn take(&mut self) -> Vec<Notice> {
        let mut all = mem::take(&mut self.all);
        all.append(&mut self.ended);
        all
    }

    fn make_room(&mut self, notice: &Notice) {
        let kind = mem::discriminant(notice);
        let alike = |earlier: &Notice| mem::discriminant(earlier) == kind;
        if self.all.iter().filter(|earlier| alike(earlier)).count() < MOST_OF_A_KIND {
            return;
        }
        if let Some(oldest) = self.all.iter().position(alike) {
            self.all.remove(oldest);
        }
    }
}

/// The publications of a notice whose kind is told of several at once.
fn run(notice: &Notice) -> Option<&RangeInclusive<u32>> {
    match notice {
        Notice::Published { numbers }
        | Notice::Queued { numbers }
        | Notice::PublishFailed { numbers, .. } => Some(numbers),
        _ => None,
    }
}

fn run_of(notice: &mut Notice) -> Option<&mut RangeInclusive<u32>> {
    match notice {
        Notice::Published { numbers }
        | Notice::Queued { numbers }
        | Notice::PublishFailed { numbers, .. } => Some(numbers),
        _ => None,
    }
}

/// The same happened to the very next numbers.
fn goes_on(earlier: &Notice, notice: &Notice) -> bool {
    if let (Notice::PublishFailed { why: one, .. }, Notice::PublishFailed { why: other, .. }) =
        (earlier, notice)
        && one != other
    {
        return false;
    }
    mem::discriminant(earlier) == mem::discriminant(notice)
        && matches!((run(earlier), run(notice)), (Some(numbers), Some(more))
            if numbers.end().checked_add(1) == Some(*more.start()))
}
