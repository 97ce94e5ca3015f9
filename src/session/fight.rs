//! Telling a fight over a client identifier from a lost connection, by its rhythm. Versions before MQTT 5 cannot say that
//! another client has taken over, not all brokers of MQTT 5 do, and two clients that both come back would throw each other
//! out for ever. Knows no connection: it is told how each one ended.

/// So many connections in a row that were ended soon after CONNACK are a fight.
const ROUNDS: u8 = 3;

/// How the last connections ended.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fight {
    /// Ended soon after CONNACK by the other side, one after the other.
    rounds: u8,
}

impl Fight {
    /// The other side ended a connection, and nothing explains it. `held`: not soon after CONNACK. True: it was a fight.
    pub(super) fn thrown_out(&mut self, held: bool) -> bool {
        self.rounds = if held {
            0
        } else {
            self.rounds.saturating_add(1)
        };
        self.rounds >= ROUNDS
    }

    /// Something else happened than in a fight: a try came to nothing, or the user wants another go.
    pub(super) fn forget(&mut self) {
        self.rounds = 0;
    }
}
