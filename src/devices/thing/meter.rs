//! An electricity meter: what a flat takes now, and what it has taken in all.

use fastrand::Rng;

use super::saying::{Saying, Sayings, Thing, tenths};

/// Seconds of the whole that one value accounts for at most, so that no number grows out of bounds.
const LONGEST: u32 = 3600;

#[derive(Debug)]
pub(super) struct Meter {
    /// Watts of what always runs, and of what comes and goes.
    base: u32,
    load: u32,
    /// Watt-seconds.
    taken: u64,
    /// Tenths of a kilowatt-hour that were said.
    said: Option<u64>,
}

const TENTH: u64 = 360_000;

impl Meter {
    pub(super) fn new(rng: &mut Rng) -> Self {
        Self {
            base: rng.u32(120..220),
            load: 0,
            taken: u64::from(rng.u32(8_000..30_000)) * TENTH,
            said: None,
        }
    }
}

impl Thing for Meter {
    fn greet(&mut self, rng: &mut Rng, say: &mut Sayings) {
        self.tick(0, rng, say);
    }

    fn tick(&mut self, seconds: u32, rng: &mut Rng, say: &mut Sayings) {
        match rng.u8(0..12) {
            // A fridge, an oven, a kettle.
            0 => self.load = 90,
            1 => self.load = 1_400,
            2 => self.load = 2_000,
            3..6 => self.load = 0,
            _ => {}
        }
        let watts = self.base + self.load + rng.u32(0..12);
        self.taken += u64::from(watts) * u64::from(seconds.min(LONGEST));
        say.push(Saying::text("/watts", watts.to_string()));
        let whole = self.taken / TENTH;
        if self.said != Some(whole) {
            self.said = Some(whole);
            let whole = i32::try_from(whole).unwrap_or(i32::MAX);
            say.push(Saying::text("/kwh", tenths(whole)));
        }
    }
}
