//! A door. Its state and its being there are retained; when it is gone without a word, the broker says "offline" for it.

use fastrand::Rng;

use super::super::template::{AVAILABILITY, STATE};
use super::saying::{Saying, Sayings, Thing};

#[derive(Debug, Default)]
pub(super) struct Door {
    open: bool,
}

impl Door {
    fn say(&self, say: &mut Sayings) {
        say.push(Saying::text(
            STATE,
            if self.open { "open" } else { "closed" },
        ));
    }
}

impl Thing for Door {
    fn greet(&mut self, _rng: &mut Rng, say: &mut Sayings) {
        say.push(Saying::text(AVAILABILITY, "online"));
        self.say(say);
    }

    fn tick(&mut self, _seconds: u32, rng: &mut Rng, say: &mut Sayings) {
        // It stays open less long than shut.
        if rng.u8(0..6) < if self.open { 4 } else { 2 } {
            self.by_hand(say);
        }
    }

    fn by_hand(&mut self, say: &mut Sayings) {
        self.open = !self.open;
        self.say(say);
    }

    fn farewell(&mut self, say: &mut Sayings) {
        // Another word than the will's, so that one sees who said it.
        say.push(Saying::text(AVAILABILITY, "switched off"));
    }
}
