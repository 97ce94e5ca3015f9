//! The way from this side to the broker: bytes that were written and have not left yet, as far as is told of them. A
//! browser takes whatever it is given, so without a bound a line that stands still fills the memory. Knows no socket and no
//! packets: it counts bytes.

use std::collections::VecDeque;

/// Bytes on their way at the most, beyond which messages wait. A browser says what has left only between two turns of the
/// page, so a burst of small messages has to fit: 100,000 of 64 bytes are 8 MB. Acknowledgements and the like are not held
/// to it.
const MOST: u64 = 16 << 20;

/// A message that is larger than [`MOST`] goes when no more than this is on its way: with acknowledgements leaving all the
/// time, it may never be nothing.
const NEARLY_NOTHING: u64 = 64 << 10;

/// Between two looks, in microseconds: at first, and while nothing moves.
const SOON: u64 = 10_000;
const LATE: u64 = 100_000;

/// What leaves the browser may lie in buffers of the system, which no page can see. A slow line is taken to carry so many
/// bytes a second.
const SLOWEST: u64 = 32 << 10;
/// No more than so long is put down to that, in microseconds.
const LONGEST: u64 = 300_000_000;

/// What is known of one connection's line.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Places are counted from the first byte that the session ever wrote. Everything before this one has left.
    left: u64,
    /// What was written when it was accounted for last.
    seen: u64,
    /// When it was looked last, and how long from then to the next time.
    seen_at: u64,
    wait: u64,
    /// By when even a slow line has carried what was written.
    through: u64,
    /// QoS 0 publications on their way: number, and the byte after the last.
    publications: VecDeque<(u32, u64)>,
}

impl Line {
    /// A connection begins with this byte. Nothing of another one is on its way.
    pub(super) fn begin(&mut self, written: u64) {
        self.publications.clear();
        (self.left, self.seen, self.wait, self.through) = (written, written, 0, 0);
    }

    /// Bytes on their way.
    pub(super) fn len(&self, written: u64) -> u64 {
        written.saturating_sub(self.left)
    }

    /// A message of so many bytes may go.
    pub(super) fn has_room(&self, written: u64, size: usize) -> bool {
        let on_way = self.len(written);
        on_way <= NEARLY_NOTHING || on_way.saturating_add(size as u64) <= MOST
    }

    /// A publication of QoS 0 was written, up to this byte. It is done when that has left.
    pub(super) fn push(&mut self, number: u32, written: u64) {
        self.publications.push_back((number, written));
    }

    /// So many bytes have not left yet. True if any has left since the last look.
    pub(super) fn told(&mut self, now: u64, written: u64, buffered: u64) -> bool {
        let new = written > self.seen;
        self.account(now, written);
        let left = written.saturating_sub(buffered).max(self.left);
        let moved = left > self.left;
        self.wait = match moved || new {
            true => SOON,
            false => (self.wait * 2).clamp(SOON, LATE),
        };
        (self.left, self.seen_at) = (left, now);
        moved
    }

    /// When to look how much has left: never while nothing is on its way.
    pub(super) fn look_at(&self, written: u64) -> Option<u64> {
        (written > self.left).then(|| self.seen_at.saturating_add(self.wait))
    }

    /// Everything before this byte has left.
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    /// By when even a slow line has carried what was written.
    pub(super) fn account(&mut self, now: u64, written: u64) -> u64 {
        let new = written.saturating_sub(self.seen);
        let carried = new.saturating_mul(1_000_000) / SLOWEST;
        let through = self.through.max(now).saturating_add(carried);
        self.through = through.min(now.saturating_add(LONGEST));
        self.seen = written;
        self.through
    }

    /// The next publication of QoS 0 that has left.
    pub(super) fn next_done(&mut self) -> Option<u32> {
        let left = self.left;
        let (number, _) = self.publications.pop_front_if(|(_, end)| *end <= left)?;
        Some(number)
    }

    /// The next publication of QoS 0 that was on its way when the connection ended.
    pub(super) fn next_cut(&mut self) -> Option<u32> {
        self.publications.pop_front().map(|(number, _)| number)
    }
}
