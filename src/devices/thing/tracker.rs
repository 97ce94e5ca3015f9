//! Something that moves through the middle of Taipei, around one block of streets and again.

use fastrand::Rng;

use super::saying::{Saying, Sayings, Thing};

/// Corners of its way: millionths of a degree, latitude and longitude.
const WAY: [(i32, i32); 6] = [
    (25_033_000, 121_564_500),
    (25_041_200, 121_564_900),
    (25_041_500, 121_550_600),
    (25_044_300, 121_543_700),
    (25_033_100, 121_543_500),
    (25_033_000, 121_552_000),
];
/// Steps from one corner to the next, a second each.
const STEPS: u32 = 120;

#[derive(Debug)]
pub(super) struct Tracker {
    /// Seconds on its way.
    at: u32,
}

impl Tracker {
    pub(super) fn new(rng: &mut Rng) -> Self {
        Self {
            at: rng.u32(0..STEPS * WAY.len() as u32),
        }
    }

    fn place(&self) -> (i32, i32) {
        let corner = (self.at / STEPS) as usize % WAY.len();
        let (from, to) = (WAY[corner], WAY[(corner + 1) % WAY.len()]);
        let gone = (self.at % STEPS) as i32;
        let between = |from: i32, to: i32| from + (to - from) / STEPS as i32 * gone;
        (between(from.0, to.0), between(from.1, to.1))
    }
}

fn degrees(millionths: i32) -> String {
    format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
}

impl Thing for Tracker {
    fn greet(&mut self, rng: &mut Rng, say: &mut Sayings) {
        self.tick(0, rng, say);
    }

    fn tick(&mut self, seconds: u32, rng: &mut Rng, say: &mut Sayings) {
        self.at = (self.at + seconds) % (STEPS * WAY.len() as u32);
        let (lat, lon) = self.place();
        // A receiver is never quite sure.
        let off = |rng: &mut Rng| rng.i32(-20..=20);
        let (lat, lon) = (degrees(lat + off(rng)), degrees(lon + off(rng)));
        let speed = rng.u8(24..=34);
        say.push(Saying::json(
            "",
            format!("{{\"lat\":{lat},\"lon\":{lon},\"speed\":{speed}}}"),
        ));
    }
}
