//! What a close says. Many brokers have no other word for "not permitted" before MQTT 5 than to close the connection; what
//! they had not answered by then is why, probably. How long a close is put down to what was sent, how often it takes until
//! something is left out, and whether things go out one at a time meanwhile. Knows no connection.

use super::settings::SECOND;

/// A close so soon after something was sent may be the answer to it, in microseconds.
const SOON: u64 = 5 * SECOND;

/// What takes longer to reach the broker is waited for longer: bytes a second of a slow line.
const SLOW_LINE: u64 = 65_536;

/// So soon after a message of QoS 0, which nobody answers, in microseconds.
const AT_ONCE: u64 = SECOND;

/// A filter that was outstanding at so many closes, alone at the last, is not asked for again by itself.
pub(super) const FILTER_STRIKES: u8 = 2;

/// A message that was outstanding at so many closes, alone at the last, is not sent again by itself. It is somebody's data:
/// three times is no accident.
pub(super) const MESSAGE_STRIKES: u8 = 3;

/// From the second close on they go out one at a time. Once alone may be chance: connections end, and something is always on
/// its way.
pub(super) const TWICE: u8 = 2;

/// What was probably the reason for the end of a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suspected {
    /// Topic filters that were asked for and not answered.
    pub filters: Vec<String>,
    /// Where there are none: the topic of the first message that was not acknowledged, or of the last of QoS 0.
    pub topic: Option<String>,
}

/// What the end of a connection said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weighed {
    /// Nothing was outstanding that can explain it.
    Nothing,
    /// Something was, for the first time.
    Suspected,
    /// The same as before.
    Repeated,
    /// It is left out from here on.
    LeftOut,
}

/// Where the search for the reason stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Trial {
    /// Something is suspected: what is to be answered goes out one at a time.
    pub careful: bool,
    /// When what is outstanding has been cleared by the time that has gone by.
    pub due: Option<u64>,
    pub suspected: Option<Suspected>,
    /// When the last message of QoS 0 was sent on this connection, and its topic.
    last: Option<u64>,
    last_topic: String,
}

impl Trial {
    /// A new connection.
    pub(super) fn begin(&mut self) {
        (self.due, self.suspected, self.last) = (None, None, None);
    }

    /// Something is sent that the broker has to answer, and so many bytes are on their way up to its end: until when a close
    /// is put down to it.
    pub(super) fn until(&mut self, now: u64, on_way: u64) -> u64 {
        let until = now
            .saturating_add(SOON)
            .saturating_add(on_way.saturating_mul(SECOND) / SLOW_LINE);
        if self.careful {
            self.due = Some(until.saturating_add(1));
        }
        until
    }

    /// What is to be answered goes out one at a time from here on, also behind what is on its way already.
    pub(super) fn take_care(&mut self, now: u64) {
        self.careful = true;
        self.due.get_or_insert(now.saturating_add(SOON + 1));
    }

    /// A message of QoS 0 was sent.
    pub(super) fn said(&mut self, now: u64, topic: &str) {
        self.last = Some(now);
        self.last_topic.clear();
        self.last_topic.push_str(topic);
    }

    /// The topic of a message of QoS 0 that was sent just before.
    pub(super) fn just_said(&self, now: u64) -> Option<&str> {
        self.last
            .is_some_and(|last| now.saturating_sub(last) <= AT_ONCE)
            .then_some(self.last_topic.as_str())
    }
}
