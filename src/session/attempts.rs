//! The attempts to connect: how many there were, how far the latest one got, and what went wrong. Knows no socket: its
//! caller reports how each attempt and each connection ended.
//!
//! The address and the version of the next attempt are chosen in [`super::tries`].

use super::stage::Reached;
use super::trouble::Trouble;

/// Times are in microseconds.
#[derive(Clone, Debug, Default)]
pub(super) struct Attempts {
    reached: Reached,
    trouble: Option<Trouble>,
    count: u32,
    failures: u32,
    /// When bytes last arrived on the latest connection, if that was lost.
    lost_at: Option<u64>,
    /// When the latest connection was found to be lost, until it is known why.
    noticed: Option<u64>,
    /// The first trouble since a connection worked, and when: what ended it, whatever went wrong with the tries after it.
    loss: Option<(u64, Trouble)>,
    round_trip: Option<u64>,
}

impl Attempts {
    /// The user asks for a connection: everything starts over.
    pub(super) fn asked(&mut self) {
        *self = Self::default();
    }

    /// The user ends the connection. How far it got and its round trip stay visible.
    pub(super) fn withdrawn(&mut self) {
        (self.trouble, self.count, self.lost_at) = (None, 0, None);
        (self.noticed, self.loss) = (None, None);
    }

    /// Another attempt begins.
    pub(super) fn begin(&mut self) {
        self.count = self.count.saturating_add(1);
    }

    /// The socket is being opened.
    pub(super) fn opening(&mut self) {
        self.reached = Reached::Opening;
    }

    /// CONNECT was sent.
    pub(super) fn sent(&mut self) {
        self.reached = Reached::Sent;
    }

    /// CONNACK accepted the connection. `round_trip`: the time since CONNECT. Returns when the previous connection was
    /// lost, if this one replaces it.
    pub(super) fn accepted(&mut self, round_trip: u64) -> Option<u64> {
        (self.reached, self.trouble) = (Reached::Accepted, None);
        (self.noticed, self.loss) = (None, None);
        self.round_trip = Some(round_trip);
        self.lost_at.take()
    }

    /// PINGRESP arrived. `round_trip`: the time since PINGREQ.
    pub(super) fn measured(&mut self, round_trip: u64) {
        self.round_trip = Some(round_trip);
    }

    /// A connection that CONNACK had accepted has ended, as is seen now. `stable`: it lasted long enough to start counting failures anew.
    pub(super) fn lost(&mut self, heard_at: u64, now: u64, stable: bool) {
        self.count = 0;
        self.lost_at = Some(heard_at);
        (self.noticed, self.loss) = (Some(now), None);
        if stable {
            self.failures = 0;
        }
    }

    /// Why there is no connection.
    pub(super) fn set_trouble(&mut self, trouble: Trouble) {
        if let Some(at) = self.noticed.take() {
            self.loss = Some((at, trouble.clone()));
        }
        self.trouble = Some(trouble);
    }

    /// An attempt at each address has failed. Returns the number of such failures in a row.
    pub(super) fn failed(&mut self) -> u32 {
        self.failures = self.failures.saturating_add(1);
        self.failures
    }

    pub(super) fn reached(&self) -> Reached {
        self.reached
    }

    pub(super) fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }

    /// When the connection that had worked was lost, and why.
    pub(super) fn loss(&self) -> Option<(u64, &Trouble)> {
        self.loss.as_ref().map(|(at, trouble)| (*at, trouble))
    }

    /// Attempts since a connection last worked.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// The time from the latest PINGREQ, or CONNECT, to its answer.
    pub(super) fn round_trip(&self) -> Option<u64> {
        self.round_trip
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_that_did_not_hold_goes_on_counting_failures() {
        let mut attempts = Attempts::default();
        attempts.begin();
        assert_eq!((attempts.failed(), attempts.count()), (1, 1));
        attempts.begin();
        assert_eq!(attempts.accepted(7), None);
        attempts.lost(3, 3, false);
        assert_eq!((attempts.failed(), attempts.count()), (2, 0));
        attempts.lost(4, 4, true);
        assert_eq!(attempts.failed(), 1);
    }

    #[test]
    fn the_time_of_a_loss_is_told_once_and_not_to_a_connection_that_the_user_asked_for() {
        let mut attempts = Attempts::default();
        attempts.lost(3, 3, true);
        assert_eq!(attempts.accepted(1), Some(3));
        assert_eq!(attempts.accepted(1), None);
        attempts.lost(4, 4, true);
        attempts.withdrawn();
        assert_eq!(attempts.accepted(1), None);
        attempts.lost(5, 5, true);
        attempts.asked();
        assert_eq!(attempts.accepted(1), None);
    }

    #[test]
    fn trouble_stays_until_a_connection_works() {
        let mut attempts = Attempts::default();
        attempts.set_trouble(Trouble::TextFrame);
        attempts.begin();
        attempts.opening();
        attempts.sent();
        assert_eq!(attempts.trouble(), Some(&Trouble::TextFrame));
        assert_eq!(attempts.reached(), Reached::Sent);
        attempts.accepted(1);
        assert_eq!(
            (attempts.trouble(), attempts.reached()),
            (None, Reached::Accepted)
        );
    }

    #[test]
    fn what_ended_a_connection_is_told_whatever_went_wrong_with_later_tries() {
        let mut attempts = Attempts::default();
        attempts.set_trouble(Trouble::TextFrame);
        assert_eq!(attempts.loss(), None, "none had worked");
        attempts.accepted(1);
        attempts.lost(3, 8, true);
        attempts.set_trouble(Trouble::NoVersion);
        attempts.begin();
        attempts.set_trouble(Trouble::TextFrame);
        assert_eq!(attempts.loss(), Some((8, &Trouble::NoVersion)));
        assert_eq!(attempts.trouble(), Some(&Trouble::TextFrame));
        attempts.accepted(1);
        assert_eq!(attempts.loss(), None);
    }
}
