//! A button. It says how often it was pressed: with QoS 2 a press counts once.

use super::saying::{Saying, Sayings, Thing};

#[derive(Debug, Default)]
pub(super) struct Button {
    presses: u32,
}

impl Thing for Button {
    fn by_hand(&mut self, say: &mut Sayings) {
        self.presses = self.presses.saturating_add(1);
        say.push(Saying::json("", format!("{{\"press\":{}}}", self.presses)));
    }
}
