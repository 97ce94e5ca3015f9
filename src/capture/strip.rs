//! How many messages came when: counts for each slot of time, kept while messages are appended, so that nobody has to walk
//! over them. Knows no messages, only when they came and in which lane they are counted.
//!
//! A message is added to one slot of a tenth of a second, the open one. When time leaves it, it is added to a ladder of
//! levels, each with slots twice as wide as the one before, and each of at most [`SLOTS`] slots: the widest is a day.
//! Whatever span is still kept, seconds of a flood or a week of silence, one of the levels shows it in some hundred slots.
//! All of it takes 300 KB at the most, whatever comes.

use std::collections::VecDeque;

/// Microseconds of the finest slot.
const FINEST_US: u64 = 100_000;
/// Each has slots twice as wide as the one before.
const LEVELS: usize = 21;
/// Slots of a level at the most, and of an answer.
pub const SLOTS: usize = 256;

/// Lanes for the filters' messages: from 0 to before this one.
pub const FILTER_LANES: u8 = 8;
/// The lane of what no filter matches.
pub const NO_FILTER: u8 = FILTER_LANES;
/// The lane of what was sent.
pub const SENT: u8 = FILTER_LANES + 1;
/// All lanes.
pub const LANES: usize = SENT as usize + 1;

/// Messages of one slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// By their lanes.
    pub lanes: [u32; LANES],
    /// Received ones with the retain flag: in MQTT, what the broker had kept, mostly.
    pub retained: u32,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        for (lane, more) in self.lanes.iter_mut().zip(other.lanes) {
            *lane = lane.saturating_add(more);
        }
        self.retained = self.retained.saturating_add(other.retained);
    }
}

/// The slots of one level that have messages, by number; the others are not there.
#[derive(Clone, Debug, Default)]
struct Level {
    slots: VecDeque<(u64, Tally)>,
    /// The end of what was given up because there was no room for more slots.
    lost_us: u64,
}

/// Slots of equal width, in order; those without messages are not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slots {
    /// Microseconds of each.
    pub width_us: u64,
    /// A slot of number `n` begins `n` widths after the Unix epoch.
    pub slots: Vec<(u64, Tally)>,
}

/// All counts.
#[derive(Clone, Debug)]
pub(super) struct Strip {
    open: Tally,
    /// When the open slot begins; it lasts for [`FINEST_US`].
    open_us: u64,
    levels: Vec<Level>,
    /// Nothing before is kept.
    kept_us: u64,
}

impl Default for Strip {
    fn default() -> Self {
        Self {
            open: Tally::default(),
            // Whatever comes first opens a slot of its own.
            open_us: u64::MAX - FINEST_US,
            levels: vec![Level::default(); LEVELS],
            kept_us: 0,
        }
    }
}

impl Strip {
    /// Counts one message.
    #[inline]
    pub fn add(&mut self, time_us: u64, lane: u8, retained: bool) {
        if time_us.wrapping_sub(self.open_us) >= FINEST_US {
            self.open_at(time_us);
        }
        if let Some(count) = self.open.lanes.get_mut(usize::from(lane)) {
            *count += 1;
        }
        self.open.retained += u32::from(retained);
    }

    /// Closes the open slot, and opens that of this time: later, or earlier where the clock was put back.
    #[cold]
    fn open_at(&mut self, time_us: u64) {
        let closed = std::mem::take(&mut self.open);
        if closed != Tally::default() {
            let number = self.open_us / FINEST_US;
            for (shift, level) in self.levels.iter_mut().enumerate() {
                level.add(number >> shift, &closed);
                if level.slots.len() > SLOTS
                    && let Some((first, _)) = level.slots.pop_front()
                {
                    level.lost_us = level.lost_us.max(end_us(first, shift));
                }
            }
        }
        self.open_us = time_us - time_us % FINEST_US;
    }

    /// Messages before this time are gone.
    pub fn evicted(&mut self, kept_us: u64) {
        self.kept_us = kept_us;
        for (shift, level) in self.levels.iter_mut().enumerate() {
            while level
                .slots
                .front()
                .is_some_and(|(first, _)| end_us(*first, shift) <= kept_us)
            {
                level.slots.pop_front();
            }
        }
    }

    /// Everything there is, in at most so many slots as narrow as that allows. The first slot may count some messages that
    /// are gone by now.
    pub fn slots(&self, most: usize) -> Slots {
        let most = most.clamp(1, SLOTS) as u64;
        let open = (self.open != Tally::default()).then_some(self.open_us / FINEST_US);
        let mut answer = Slots::default();
        for (shift, level) in self.levels.iter().enumerate() {
            let ends = [
                level.slots.front().map(|(number, _)| *number),
                level.slots.back().map(|(number, _)| *number),
                open.map(|open| open >> shift),
            ];
            let numbers = || ends.into_iter().flatten();
            let (Some(first), Some(last)) = (numbers().min(), numbers().max()) else {
                return answer;
            };
            let whole = level.lost_us <= self.kept_us && last - first < most;
            if whole || shift + 1 == LEVELS {
                let mut level = level.clone();
                if let Some(open) = open {
                    level.add(open >> shift, &self.open);
                }
                answer.width_us = FINEST_US << shift;
                answer.slots = level.slots.into();
                answer.widen_to(most);
                break;
            }
        }
        answer
    }
}

impl Slots {
    /// Makes slots twice as wide until so many span all of them: more than the widest level holds is months.
    fn widen_to(&mut self, most: u64) {
        while let (Some((first, _)), Some((last, _))) = (self.slots.first(), self.slots.last())
            && last - first >= most
        {
            self.width_us *= 2;
            let mut wider: Vec<(u64, Tally)> = Vec::with_capacity(self.slots.len());
            for (number, tally) in &self.slots {
                match wider.last_mut() {
                    Some((last, sum)) if *last == number / 2 => sum.add(tally),
                    _ => wider.push((number / 2, *tally)),
                }
            }
            self.slots = wider;
        }
    }
}

/// When a slot ends.
fn end_us(number: u64, shift: usize) -> u64 {
    (number + 1).saturating_mul(FINEST_US << shift)
}

impl Level {
    fn add(&mut self, number: u64, tally: &Tally) {
        match self
            .slots
            .binary_search_by_key(&number, |(number, _)| *number)
        {
            Ok(at) => {
                if let Some((_, slot)) = self.slots.get_mut(at) {
                    slot.add(tally);
                }
            }
            Err(at) => self.slots.insert(at, (number, *tally)),
        }
    }
}
