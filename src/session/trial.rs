//! The search for what makes a broker close connections. Before MQTT 5 many brokers can only say "not permitted" by
//! closing the connection, so what they had not answered is suspected. This file holds the rules: how long something
//! sent is suspected, how many strikes it takes until it is not sent any more, and when things are sent one at a time.
//! Knows no connection.

use super::settings::SECOND;

/// If the connection ends this soon after something was sent, in microseconds, that is suspected.
const SOON: u64 = 5 * SECOND;

/// This time is extended by what the data takes over a slow line, in bytes per second.
const SLOW_LINE: u64 = 65_536;

/// The same for a QoS 0 message, which is never answered, in microseconds.
const AT_ONCE: u64 = SECOND;

/// A filter that was unanswered at the end of this many connections, alone the last time, is not requested again
/// automatically.
pub(super) const FILTER_STRIKES: u8 = 2;

/// A message that was unanswered at the end of this many connections, alone the last time, is not sent again
/// automatically. More than for a filter, because it is the user's data.
pub(super) const MESSAGE_STRIKES: u8 = 3;

/// From this many strikes on, messages are sent one at a time. A single strike may be a coincidence: connections end,
/// and something is always outstanding.
pub(super) const TWICE: u8 = 2;

/// The probable reason for the end of a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suspected {
    /// Topic filters that were requested and not answered.
    pub filters: Vec<String>,
    /// If there are none: the topic of the first unacknowledged message, or of the latest QoS 0 message.
    pub topic: Option<String>,
}

/// What the end of a connection showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weighed {
    /// Nothing that was outstanding explains it.
    Nothing,
    /// Something does, for the first time.
    Suspected,
    /// Something does, again.
    Repeated,
    /// The reason was found, and is not sent any more.
    LeftOut,
}

/// See the head of the file. Times are in microseconds.
#[derive(Clone, Debug, Default)]
pub(super) struct Trial {
    care: Care,
    suspected: Option<Suspected>,
    /// When the latest QoS 0 message was sent on this connection, and its topic.
    last: Option<u64>,
    last_topic: String,
}

/// How packets that need an answer are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Care {
    /// As many at once as the broker accepts.
    #[default]
    None,
    /// One at a time, because something is suspected of ending connections. `due`: when a connection that is still up
    /// clears what is outstanding; `None`: nothing is outstanding.
    OneByOne { due: Option<u64> },
}

impl Trial {
    /// A new connection.
    pub(super) fn begin(&mut self) {
        self.cancel_acquittal();
        (self.suspected, self.last) = (None, None);
    }

    /// The user asks for a connection: why the last one ended no longer matters.
    pub(super) fn forget_suspected(&mut self) {
        self.suspected = None;
    }

    /// A connection ended, and this is the probable reason.
    pub(super) fn suspect(&mut self, suspected: Option<Suspected>) {
        self.suspected = suspected;
    }

    /// The probable reason for the end of the last connection.
    pub(super) fn suspected(&self) -> Option<&Suspected> {
        self.suspected.as_ref()
    }

    /// Packets that need an answer are sent one at a time.
    pub(super) fn is_careful(&self) -> bool {
        self.care != Care::None
    }

    /// Something that needs an answer is sent. `on_way`: bytes in the send buffer, including it. Returns until when it
    /// is suspected if the connection ends.
    pub(super) fn until(&mut self, now: u64, on_way: u64) -> u64 {
        let until = now
            .saturating_add(SOON)
            .saturating_add(on_way.saturating_mul(SECOND) / SLOW_LINE);
        if let Care::OneByOne { due } = &mut self.care {
            *due = Some(until.saturating_add(1));
        }
        until
    }

    /// From the next connection on, packets that need an answer are sent one at a time.
    pub(super) fn be_careful(&mut self) {
        if self.care == Care::None {
            self.care = Care::OneByOne { due: None };
        }
    }

    /// From now on, packets that need an answer are sent one at a time. The next one waits for those that are already
    /// outstanding.
    pub(super) fn take_care(&mut self, now: u64) {
        self.be_careful();
        if let Care::OneByOne { due } = &mut self.care {
            due.get_or_insert(now.saturating_add(SOON + 1));
        }
    }

    /// Nothing is suspected any more.
    pub(super) fn calm_down(&mut self) {
        self.care = Care::None;
    }

    /// When the time that has passed clears what is outstanding.
    pub(super) fn acquittal(&self) -> Option<u64> {
        match self.care {
            Care::None => None,
            Care::OneByOne { due } => due,
        }
    }

    /// That time has come.
    pub(super) fn cancel_acquittal(&mut self) {
        if let Care::OneByOne { due } = &mut self.care {
            *due = None;
        }
    }

    /// A message of QoS 0 was sent.
    pub(super) fn said(&mut self, now: u64, topic: &str) {
        self.last = Some(now);
        self.last_topic.clear();
        self.last_topic.push_str(topic);
    }

    /// The topic of a QoS 0 message that was sent just before.
    pub(super) fn just_said(&self, now: u64) -> Option<&str> {
        self.last
            .is_some_and(|last| now.saturating_sub(last) <= AT_ONCE)
            .then_some(self.last_topic.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_clears_nothing_while_nothing_is_suspected() {
        let mut trial = Trial::default();
        assert_eq!(trial.until(0, 0), SOON);
        assert_eq!(trial.acquittal(), None);
        trial.be_careful();
        assert!(trial.is_careful());
        assert_eq!(trial.acquittal(), None, "nothing is outstanding");
        assert_eq!(trial.until(0, SLOW_LINE), SOON + SECOND);
        assert_eq!(trial.acquittal(), Some(SOON + SECOND + 1));
        trial.calm_down();
        assert_eq!((trial.is_careful(), trial.acquittal()), (false, None));
    }

    #[test]
    fn what_is_on_its_way_already_is_waited_for_once() {
        let mut trial = Trial::default();
        trial.take_care(1);
        trial.take_care(9);
        trial.be_careful();
        assert_eq!(trial.acquittal(), Some(SOON + 2));
        trial.cancel_acquittal();
        assert_eq!((trial.is_careful(), trial.acquittal()), (true, None));
    }

    #[test]
    fn a_new_connection_is_as_careful_as_the_last_and_blames_nobody() {
        let mut trial = Trial::default();
        trial.take_care(1);
        trial.said(2, "a");
        trial.suspect(Some(Suspected::default()));
        trial.begin();
        assert_eq!((trial.is_careful(), trial.acquittal()), (true, None));
        assert_eq!((trial.suspected(), trial.just_said(2)), (None, None));
    }

    #[test]
    fn a_message_that_nobody_answers_is_remembered_for_a_moment() {
        let mut trial = Trial::default();
        trial.said(2, "a");
        trial.said(3, "b");
        assert_eq!(trial.just_said(3 + AT_ONCE), Some("b"));
        assert_eq!(trial.just_said(4 + AT_ONCE), None);
    }
}
