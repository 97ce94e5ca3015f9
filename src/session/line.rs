//! The browser's send buffer: how many written bytes have not left it, as far as is reported. A browser accepts any
//! amount of data, so without a limit a stalled connection would fill the memory. Knows no socket and no packets: it
//! counts bytes.

use std::collections::VecDeque;

/// The most bytes in the send buffer, beyond which messages wait. A browser updates its number only between two tasks
/// of the page, so a burst of small messages has to fit: 100,000 of 64 bytes are 8 MB. Acknowledgements and requests
/// are sent regardless.
const MOST: u64 = 16 << 20;

/// A message that is larger than [`MOST`] is sent when the buffer holds no more than this. With acknowledgements
/// leaving all the time, it may never be quite empty.
const NEARLY_NOTHING: u64 = 64 << 10;

/// Time between two looks at the buffer, in microseconds: at first, and while nothing leaves.
const SOON: u64 = 10_000;
const LATE: u64 = 100_000;

/// What has left the browser may still be in buffers of the operating system, which a page cannot see. The slowest line
/// that is reckoned with carries this many bytes a second.
const SLOWEST: u64 = 32 << 10;
/// The longest delay that is attributed to those buffers, in microseconds.
const LONGEST: u64 = 300_000_000;

/// See the head of the file.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Positions are counts of all bytes that the session ever wrote. Everything before this one has left.
    left: u64,
    /// The position that [`Self::account`] has reached.
    seen: u64,
    /// When the buffer was last looked at, and how long until the next look.
    seen_at: u64,
    wait: u64,
    /// By when everything written has arrived even over a slow line.
    through: u64,
    /// QoS 0 publications that have not left: number, and the position after the last byte.
    publications: VecDeque<(u32, u64)>,
}

impl Line {
    /// A new connection begins at this position. Its buffer is empty.
    pub(super) fn begin(&mut self, written: u64) {
        self.publications.clear();
        (self.left, self.seen, self.wait, self.through) = (written, written, 0, 0);
    }

    /// Bytes that have not left.
    pub(super) fn len(&self, written: u64) -> u64 {
        written.saturating_sub(self.left)
    }

    /// A message of this size may be sent.
    pub(super) fn has_room(&self, written: u64, size: usize) -> bool {
        let on_way = self.len(written);
        on_way <= NEARLY_NOTHING || on_way.saturating_add(size as u64) <= MOST
    }

    /// A QoS 0 publication was written that ends at this position. It is done when everything before has left.
    pub(super) fn push(&mut self, number: u32, written: u64) {
        self.publications.push_back((number, written));
    }

    /// The buffer still holds this many bytes. True: some have left since the last look.
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

    /// When to look at the buffer next; `None`: it is empty.
    pub(super) fn look_at(&self, written: u64) -> Option<u64> {
        (written > self.left).then(|| self.seen_at.saturating_add(self.wait))
    }

    /// Everything before this byte has left.
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    /// By when everything written has arrived even over a slow line.
    pub(super) fn account(&mut self, now: u64, written: u64) -> u64 {
        let new = written.saturating_sub(self.seen);
        let carried = new.saturating_mul(1_000_000) / SLOWEST;
        let through = self.through.max(now).saturating_add(carried);
        self.through = through.min(now.saturating_add(LONGEST));
        self.seen = written;
        self.through
    }

    /// Removes the next QoS 0 publication that has left.
    pub(super) fn next_done(&mut self) -> Option<u32> {
        let left = self.left;
        let (number, _) = self.publications.pop_front_if(|(_, end)| *end <= left)?;
        Some(number)
    }

    /// The connection has ended. Removes the next QoS 0 publication that had not left.
    pub(super) fn next_cut(&mut self) -> Option<u32> {
        self.publications.pop_front().map(|(number, _)| number)
    }
}
