//! The air of a room: its temperature, which a heating keeps up, and its humidity. In whole thousandths, so that every machine
//! has the same curve.

use fastrand::Rng;

use super::saying::{Saying, Sayings, Thing, tenths};

/// Thousandths of a degree: the heating goes on below, off above; it warms as far as, the room cools down to.
const ON: i32 = 20_600;
const OFF: i32 = 22_400;
const WARMEST: i32 = 25_000;
const COLDEST: i32 = 17_000;
/// A tenth of the way in so many seconds is gone after this many of them.
const SLOWNESS: i32 = 240;
/// Steps that are taken at most for one value, however long the rhythm is.
const STEPS: u32 = 600;

#[derive(Debug)]
pub(super) struct Thermometer {
    air: i32,
    heats: bool,
}

impl Thermometer {
    pub(super) fn new(rng: &mut Rng) -> Self {
        Self {
            air: rng.i32(21_000..22_000),
            heats: rng.bool(),
        }
    }
}

impl Thing for Thermometer {
    fn greet(&mut self, rng: &mut Rng, say: &mut Sayings) {
        self.tick(0, rng, say);
    }

    fn tick(&mut self, seconds: u32, rng: &mut Rng, say: &mut Sayings) {
        for _ in 0..seconds.min(STEPS) {
            let goal = if self.heats { WARMEST } else { COLDEST };
            self.air += (goal - self.air) / SLOWNESS;
            self.heats = if self.heats {
                self.air < OFF
            } else {
                self.air < ON
            };
        }
        // The sensor's own noise does not stay in the room.
        let read = (self.air + rng.i32(-60..=60) + 50).div_euclid(100);
        let temp = tenths(read);
        say.push(Saying::json(
            "",
            format!("{{\"temp\":{temp},\"unit\":\"C\"}}"),
        ));
    }
}

#[derive(Debug)]
pub(super) struct Hygrometer {
    /// Thousandths of a percent.
    air: i32,
}

impl Hygrometer {
    pub(super) fn new(rng: &mut Rng) -> Self {
        Self {
            air: rng.i32(46_000..54_000),
        }
    }
}

impl Thing for Hygrometer {
    fn greet(&mut self, rng: &mut Rng, say: &mut Sayings) {
        self.tick(0, rng, say);
    }

    fn tick(&mut self, seconds: u32, rng: &mut Rng, say: &mut Sayings) {
        for _ in 0..seconds.min(STEPS) {
            // It wanders, and is drawn back to half.
            self.air += rng.i32(-150..=150) + (50_000 - self.air) / 200;
        }
        say.push(Saying::text("", tenths((self.air + 50).div_euclid(100))));
    }
}
