//! Recognises two clients that use the same client identifier, by the rhythm in which connections end. Before MQTT 5 a
//! broker cannot say that another client has taken over, and not every MQTT 5 broker does. Two clients that both
//! reconnect would take over from each other for ever. Knows no connection: its caller reports how each one ended.

/// This many connections in a row that ended soon after CONNACK are a fight.
const ROUNDS: u8 = 3;

/// How the last connections ended.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fight {
    /// Connections in a row that the broker ended soon after CONNACK.
    rounds: u8,
}

impl Fight {
    /// The broker ended a connection, and nothing explains it. `stable`: the connection had lasted a while. True: this is
    /// a fight.
    pub(super) fn thrown_out(&mut self, stable: bool) -> bool {
        self.rounds = if stable {
            0
        } else {
            self.rounds.saturating_add(1)
        };
        self.rounds >= ROUNDS
    }

    /// Something happened that does not belong to a fight: an attempt failed, or the user asked for a connection.
    pub(super) fn forget(&mut self) {
        self.rounds = 0;
    }
}
