//! What exists only on an accepted connection: what the broker granted, the timers of keep alive, outgoing topic
//! aliases, and a re-authentication that is under way. It is created at CONNACK and dropped as a whole when the
//! connection ends. Knows no socket.

use super::aliases::{Aliases, Naming};
use super::authentication::Exchange;
use super::keep_alive::{Due, KeepAlive};
use super::settings::Timing;
use crate::protocol::Granted;

/// One connection, from CONNACK to its end. Times are in microseconds.
#[derive(Debug)]
pub(super) struct Connected {
    since: u64,
    keep_alive: KeepAlive,
    /// In MQTT 5 only.
    granted: Option<Granted>,
    session_present: bool,
    aliases: Aliases,
    /// Re-authentication.
    exchange: Option<Exchange>,
    proved: bool,
}

impl Connected {
    /// CONNACK accepted the connection. `asked_keep_alive`: the value in CONNECT, in seconds; `granted` overrides it.
    pub(super) fn new(
        now: u64,
        asked_keep_alive: u16,
        timing: &Timing,
        granted: Option<Granted>,
        session_present: bool,
    ) -> Self {
        let (keep_alive, highest_alias) = match &granted {
            Some(granted) => (granted.keep_alive, granted.topic_alias_maximum),
            None => (asked_keep_alive, 0),
        };
        Self {
            since: now,
            keep_alive: KeepAlive::new(keep_alive, timing, now),
            granted,
            session_present,
            aliases: Aliases::new(highest_alias),
            exchange: None,
            proved: false,
        }
    }

    pub(super) fn since(&self) -> u64 {
        self.since
    }

    pub(super) fn granted(&self) -> Option<&Granted> {
        self.granted.as_ref()
    }

    /// The broker had kept the session.
    pub(super) fn session_present(&self) -> bool {
        self.session_present
    }

    /// A packet was sent, which postpones PINGREQ.
    pub(super) fn sent(&mut self, now: u64) {
        self.keep_alive.sent(now);
    }

    /// Bytes arrived.
    pub(super) fn heard(&mut self, now: u64) {
        self.keep_alive.heard(now);
    }

    pub(super) fn heard_at(&self) -> u64 {
        self.keep_alive.heard_at()
    }

    /// When something was last sent or received.
    pub(super) fn moved_at(&self) -> u64 {
        self.keep_alive.moved_at()
    }

    /// Everything before `place` has left the send buffer. `moved`: that is more than was known.
    pub(super) fn left(&mut self, now: u64, moved: bool, place: u64) {
        self.keep_alive.left(now, moved, place);
    }

    /// PINGREQ was sent. `end` and `through`: see [`KeepAlive::asked`].
    pub(super) fn pinged(&mut self, now: u64, end: u64, through: u64) {
        self.keep_alive.asked(now, end, through);
    }

    /// PINGRESP arrived. Returns the time since PINGREQ, if one was sent.
    pub(super) fn pinged_back(&mut self, now: u64) -> Option<u64> {
        self.keep_alive.answered(now)
    }

    /// The broker has received PINGREQ, as far as can be known, and has not answered it.
    pub(super) fn ping_is_unanswered(&self, now: u64) -> bool {
        self.keep_alive.unanswered(now)
    }

    /// What keep alive requires now.
    pub(super) fn due(&mut self, now: u64) -> Due {
        self.keep_alive.due(now)
    }

    /// When keep alive requires something next.
    pub(super) fn wake_at(&self) -> Option<u64> {
        self.keep_alive.wake_at()
    }

    /// How the next PUBLISH should name this topic.
    pub(super) fn naming(&self, topic: &str) -> Naming {
        self.aliases.naming(topic)
    }

    /// A PUBLISH was sent that names its topic this way.
    pub(super) fn named(&mut self, topic: &str, naming: Naming) {
        self.aliases.sent(topic, naming);
    }

    /// Re-authentication begins, unless one is under way.
    pub(super) fn begin_exchange(&mut self, exchange: Exchange) {
        self.exchange.get_or_insert(exchange);
    }

    pub(super) fn exchange(&mut self) -> Option<&mut Exchange> {
        self.exchange.as_mut()
    }

    /// Re-authentication is over.
    pub(super) fn end_exchange(&mut self) {
        self.exchange = None;
    }

    /// The broker has answered something since CONNACK.
    pub(super) fn prove(&mut self) {
        self.proved = true;
    }

    pub(super) fn is_proved(&self) -> bool {
        self.proved
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::ConnackProperties;
    use crate::session::settings::SECOND;

    #[test]
    fn what_is_granted_wins_over_what_was_asked() {
        let timing = Timing::default();
        let asked = Connected::new(0, 60, &timing, None, false);
        assert_eq!(asked.wake_at(), Some(59 * SECOND));
        assert_eq!(asked.naming("home/a"), Naming::Full);
        let properties = ConnackProperties {
            server_keep_alive: Some(30),
            topic_alias_maximum: Some(1),
            ..ConnackProperties::default()
        };
        let granted = Granted::new(&properties, 60, None);
        let mut granted = Connected::new(0, 60, &timing, Some(granted), false);
        assert_eq!(granted.wake_at(), Some(29 * SECOND));
        assert_eq!(granted.naming("home/a"), Naming::Fresh(1));
        granted.named("home/a", Naming::Fresh(1));
        assert_eq!(granted.naming("home/a"), Naming::Known(1));
    }

    #[test]
    fn an_answer_without_a_question_is_none() {
        let timing = Timing::default();
        let mut connected = Connected::new(0, 60, &timing, None, false);
        assert_eq!(connected.pinged_back(5), None);
        connected.left(6, true, 100);
        assert!(!connected.ping_is_unanswered(7));
        connected.pinged(10, 200, 10);
        assert_eq!(connected.pinged_back(15), Some(5));
        assert_eq!(connected.pinged_back(16), None);
    }
}
