//! What the user asks for: to connect, to disconnect, to try now.

use super::outbox::Queued;
use super::stage::Stage;
use super::state::State;
use super::suspicion::Suspicion;
use super::tries::Tries;
use super::{PacketRole, Settings, StorageState, Trouble};
use crate::protocol::encode;

impl State {
    /// Connects with these settings, after ending any earlier connection. `stored`: the records of its session.
    pub(super) fn connect(&mut self, mut settings: Box<Settings>, stored: Vec<(u64, Vec<u8>)>) {
        let earlier = self.settings.as_ref();
        let same = earlier.is_some_and(|earlier| earlier.same_session(&settings));
        let was_stored = *self.storage.state() != StorageState::Off;
        if !same {
            self.park();
        }
        self.leave();
        if !same {
            self.storage.leave_parked();
        }
        let empty = stored.is_empty();
        let at_hand = same && (was_stored || empty && self.at_hand());
        self.take_up_storage(&mut settings, stored, at_hand);
        // If storage is empty, it may still be about to report a failure. Then what was left to it is taken back.
        if !empty {
            self.storage.leave_parked();
        }
        self.tries = Tries::new(settings.connect.version);
        self.attempts.asked();
        self.broker_session.asked(settings.ends());
        self.suspicion = Suspicion::default();
        self.fight.forget();
        self.trial.forget_suspected();
        // Another broker, or other credentials, may permit what was withheld.
        if self.settings.as_ref() != Some(&settings) && self.owed.subscriptions_mut().pardon() {
            self.trial.be_careful();
        }
        // A test encoding: a CONNECT that cannot be encoded is reported before a socket is opened.
        let unwritable = encode::connect(&settings.connect, &mut Vec::new()).err();
        self.settings = Some(settings);
        match unwritable {
            Some(error) => self.give_up(Trouble::Settings {
                detail: error.to_string(),
            }),
            None => self.begin(),
        }
    }

    /// Ends the connection, without another attempt.
    pub(super) fn disconnect(&mut self) {
        self.leave();
        self.park();
        self.attempts.withdrawn();
        self.enter(Stage::Idle);
    }

    /// Sends DISCONNECT if there is a connection [MQTT-3.14.4-1], and closes the socket.
    fn leave(&mut self) {
        let ends = self.session_ends();
        if self.is_connected() {
            self.send_plain(PacketRole::Control, encode::disconnect);
            // The socket closes only after everything that was sent has left.
            self.left_behind(0);
        }
        self.close(1000, "");
        // A clean session (MQTT 3.1.1 [MQTT-3.1.2-6]), and in MQTT 5 one without an expiry interval (section
        // 3.1.2.11.2), ends with the connection. Waiting messages are given up with it.
        if ends {
            self.discard_session();
        }
    }

    /// Tries now instead of waiting, or after giving up.
    pub(super) fn try_now(&mut self) {
        if matches!(self.stage, Stage::Waiting { .. } | Stage::Failed) {
            match self.attempts.trouble() {
                // The same settings would fail the same way.
                Some(Trouble::Settings { .. }) => {}
                _ => self.begin(),
            }
        }
    }

    /// Begins an attempt at the current address.
    pub(super) fn begin(&mut self) {
        self.tries.begin();
        self.attempts.begin();
        self.open();
    }

    /// Opens a new socket.
    pub(super) fn open(&mut self) {
        self.socket = self.socket.wrapping_add(1);
        self.attempts.opening();
        self.line.begin(self.outbox.written());
        self.outbox.push(Queued::Open {
            socket: self.socket,
        });
        self.enter(Stage::Opening {
            since: self.clock.now(),
        });
    }
}
