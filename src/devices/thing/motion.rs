//! Whether somebody moves in a room. Said when it changes, and each time somebody waves.

use fastrand::Rng;

use super::saying::{Saying, Sayings, Thing};

#[derive(Debug, Default)]
pub(super) struct Motion {
    moves: bool,
}

impl Motion {
    fn say(&self, say: &mut Sayings) {
        say.push(Saying::json("", format!("{{\"motion\":{}}}", self.moves)));
    }
}

impl Thing for Motion {
    fn tick(&mut self, _seconds: u32, rng: &mut Rng, say: &mut Sayings) {
        if rng.u8(0..3) == 0 {
            self.moves = !self.moves;
            self.say(say);
        }
    }

    fn by_hand(&mut self, say: &mut Sayings) {
        self.moves = true;
        self.say(say);
    }
}
