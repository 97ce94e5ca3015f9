//! Where times stand on the time strip, and what is meant by a place on it. Knows no canvas; what the local time is, is
//! asked for from outside.

use crate::link::{Timeline, TimelineSlot};

/// The strip shows so many milliseconds at least, so that the first messages do not fill it.
const LEAST_MS: f64 = 30_000.0;
/// Pixels between two times that are written below it, at least.
const APART_PX: f64 = 96.0;
/// Milliseconds between two of them.
const STEPS_MS: [f64; 20] = [
    1_000.0,
    2_000.0,
    5_000.0,
    10_000.0,
    15_000.0,
    30_000.0,
    60_000.0,
    120_000.0,
    300_000.0,
    600_000.0,
    900_000.0,
    1_800_000.0,
    3_600_000.0,
    7_200_000.0,
    10_800_000.0,
    21_600_000.0,
    43_200_000.0,
    86_400_000.0,
    604_800_000.0,
    2_592_000_000.0,
];

/// A strip of so many pixels. Times are milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Its left end.
    pub from: f64,
    /// Its right end.
    pub to: f64,
    /// Pixels.
    pub px: f64,
    /// When slots begin: one of them does then.
    first: f64,
    /// Milliseconds of a slot.
    slot: f64,
}

impl Scale {
    /// All that is there, until now. `None`: there is no room.
    pub fn of(timeline: &Timeline, now: f64, px: f64) -> Option<Self> {
        let end = timeline.slots.last().map_or(now, |last| {
            timeline.from + (f64::from(last.at) + 1.0) * timeline.width
        });
        let to = now.max(end);
        let first = if timeline.slots.is_empty() {
            to
        } else {
            timeline.from
        };
        (px >= 1.0 && to.is_finite()).then_some(Self {
            from: first.min(to - LEAST_MS),
            to,
            px,
            first,
            slot: if timeline.width > 0.0 {
                timeline.width
            } else {
                100.0
            },
        })
    }

    /// The place of a time, in pixels; it may be beyond an end.
    pub fn place(&self, time: f64) -> f64 {
        (time - self.from) / (self.to - self.from) * self.px
    }

    /// The time at a place, within the strip.
    pub fn time(&self, place: f64) -> f64 {
        let time = self.from + place / self.px * (self.to - self.from);
        time.clamp(self.from, self.to)
    }

    /// Pixels of a slot.
    pub fn slot_px(&self) -> f64 {
        self.slot / (self.to - self.from) * self.px
    }

    /// The slot that a time is in, or that would be there: from its beginning to its end.
    pub fn slot_at(&self, time: f64) -> (f64, f64) {
        let number = ((time - self.first) / self.slot).floor();
        let from = self.first + number * self.slot;
        (from, from + self.slot)
    }

    /// The whole slots between two times, whichever comes first.
    pub fn between(&self, one: f64, other: f64) -> (f64, f64) {
        let (from, _) = self.slot_at(one.min(other));
        let (_, to) = self.slot_at(one.max(other));
        (from, to)
    }

    /// The time that a key leads to, from another or from the right end. Coarse: ten slots.
    pub fn step(&self, key: &str, from: Option<f64>) -> Option<f64> {
        // A slot that is narrower than a pixel would not be seen to move.
        let step = self.slot * (1.0 / self.slot_px()).ceil().max(1.0);
        let here = from.unwrap_or(self.to);
        let middle = |time: f64| {
            let (from, to) = self.slot_at(time.clamp(self.from, self.to - 1.0));
            (from + to) / 2.0
        };
        let to = match key {
            "ArrowLeft" | "ArrowDown" => here - step,
            "ArrowRight" | "ArrowUp" => here + step,
            "PageDown" => here - 10.0 * step,
            "PageUp" => here + 10.0 * step,
            "Home" => self.first,
            "End" => self.to,
            _ => return None,
        };
        Some(middle(to))
    }

    /// Times that are written below it, at even times of the local clock, which is so many milliseconds ahead of UTC; and
    /// the milliseconds between them.
    pub fn ticks(&self, ahead: f64) -> (Vec<f64>, f64) {
        let least = APART_PX / self.px * (self.to - self.from);
        let step = STEPS_MS.iter().copied().find(|step| *step >= least);
        let step = step.unwrap_or(least);
        let mut at = ((self.from + ahead) / step).ceil() * step - ahead;
        let mut ticks = Vec::new();
        while at <= self.to && ticks.len() < 100 {
            ticks.push(at);
            at += step;
        }
        (ticks, step)
    }
}

/// What came and went in a part of the strip.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Messages received.
    pub received: u64,
    /// Messages sent.
    pub sent: u64,
    /// Of those received: with the retain flag.
    pub retained: u64,
}

/// Messages of the slots that begin from the first time to before the second.
pub fn sums(timeline: &Timeline, from: f64, to: f64) -> Sums {
    let mut sums = Sums::default();
    for slot in &timeline.slots {
        let begins = timeline.from + f64::from(slot.at) * timeline.width;
        // Half a slot of grace: times are not exact to the last bit.
        let middle = begins + timeline.width / 2.0;
        if middle >= from && middle < to {
            sums.received += received(slot);
            sums.sent += u64::from(slot.sent);
            sums.retained += u64::from(slot.retained);
        }
    }
    sums
}

/// Messages received in a slot.
pub fn received(slot: &TimelineSlot) -> u64 {
    slot.received
        .iter()
        .map(|(_, count)| u64::from(*count))
        .sum()
}

/// Most of what came in this slot, and more than a few, had been kept by the broker: it comes at once after subscribing.
pub fn is_retained_flood(slot: &TimelineSlot) -> bool {
    slot.retained >= 3 && u64::from(slot.retained) * 2 > received(slot)
}
