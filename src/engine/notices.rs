//! Notices that wait for the next frame. Their number is bounded, so that a frame costs the page the same after one
//! publication and after ten thousand.

use std::{mem, ops::RangeInclusive};

use crate::link::Notice;

/// The most notices of each kind. If there are more, the oldest are dropped, because the page shows the latest.
const MOST_OF_A_KIND: usize = 64;

/// Notices that wait for the next frame.
#[derive(Debug, Default)]
pub(super) struct Notices {
    all: Vec<Notice>,
    /// Series that failed. None of these is dropped, because the page shows a series as running until it is told.
    ended: Vec<Notice>,
}

impl Notices {
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.ended.is_empty()
    }

    /// Publications with consecutive numbers and the same outcome are one notice.
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
        // `Queued` is the first notice of a publication, its outcome the last.
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

    /// Takes all of them, for a frame.
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

/// The publications of a notice that may be about several.
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

/// Both notices are of the same kind, and the numbers of `next` follow directly.
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
