//! The tries to connect, seen as a row: how many there were, how far the last one came, what went wrong, and how long to
//! wait for the next. Knows no socket: it is told how each try and each connection ended.
//!
//! Which address and which version come next is [`super::tries`]'s business.

use super::stage::Reached;
use super::trouble::Trouble;

/// Times are in microseconds.
#[derive(Clone, Debug, Default)]
pub(super) struct Attempts {
    reached: Reached,
    trouble: Option<Trouble>,
    count: u32,
    failures: u32,
    /// When bytes last came on a connection that was lost since.
    lost_at: Option<u64>,
    round_trip: Option<u64>,
}

impl Attempts {
    /// The user wants a connection: whatever was before does not count.
    pub(super) fn asked(&mut self) {
        *self = Self::default();
    }

    /// The user wants no connection any more. What the last one was like stays to be seen.
    pub(super) fn withdrawn(&mut self) {
        (self.trouble, self.count, self.lost_at) = (None, 0, None);
    }

    /// Another try begins at an address.
    pub(super) fn begin(&mut self) {
        self.count = self.count.saturating_add(1);
    }

    /// The socket is asked to open.
    pub(super) fn opening(&mut self) {
        self.reached = Reached::Opening;
    }

    /// CONNECT was sent.
    pub(super) fn sent(&mut self) {
        self.reached = Reached::Sent;
    }

    /// CONNACK accepted, so long after CONNECT. Says when the connection before was lost, if this one takes its place.
    pub(super) fn accepted(&mut self, round_trip: u64) -> Option<u64> {
        (self.reached, self.trouble) = (Reached::Accepted, None);
        self.round_trip = Some(round_trip);
        self.lost_at.take()
    }

    /// PINGRESP came, so long after PINGREQ.
    pub(super) fn measured(&mut self, round_trip: u64) {
        self.round_trip = Some(round_trip);
    }

    /// A connection that was accepted is over; bytes last came then. `held`: after one that held, failures count from the
    /// first again.
    pub(super) fn lost(&mut self, heard_at: u64, held: bool) {
        self.count = 0;
        self.lost_at = Some(heard_at);
        if held {
            self.failures = 0;
        }
    }

    /// Why there is no connection.
    pub(super) fn set_trouble(&mut self, trouble: Trouble) {
        self.trouble = Some(trouble);
    }

    /// A round of tries is over: failures in a row, this one included.
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

    /// Tries since it last worked.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// From the last PINGREQ, or CONNECT, to its answer.
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
        attempts.lost(3, false);
        assert_eq!((attempts.failed(), attempts.count()), (2, 0));
        attempts.lost(4, true);
        assert_eq!(attempts.failed(), 1);
    }

    #[test]
    fn the_time_of_a_loss_is_told_once_and_not_to_a_connection_that_the_user_asked_for() {
        let mut attempts = Attempts::default();
        attempts.lost(3, true);
        assert_eq!(attempts.accepted(1), Some(3));
        assert_eq!(attempts.accepted(1), None);
        attempts.lost(4, true);
        attempts.withdrawn();
        assert_eq!(attempts.accepted(1), None);
        attempts.lost(5, true);
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
}
