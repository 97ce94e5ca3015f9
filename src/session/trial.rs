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

/// Where the search for the reason stands. Times are in microseconds.
#[derive(Clone, Debug, Default)]
pub(super) struct Trial {
    care: Care,
    suspected: Option<Suspected>,
    /// When the last message of QoS 0 was sent on this connection, and its topic.
    last: Option<u64>,
    last_topic: String,
}

/// How what has to be answered goes out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Care {
    /// As much at once as the broker takes.
    #[default]
    None,
    /// One at a time, since something is suspected of ending connections. `due`: by then a connection that still stands has
    /// cleared what is outstanding; `None` as long as nothing is.
    OneByOne { due: Option<u64> },
}

impl Trial {
    /// A new connection.
    pub(super) fn begin(&mut self) {
        self.cancel_acquittal();
        (self.suspected, self.last) = (None, None);
    }

    /// The user wants a connection: what ended the last one is of no interest any more.
    pub(super) fn forget_suspected(&mut self) {
        self.suspected = None;
    }

    /// A connection ended, and this is probably why.
    pub(super) fn suspect(&mut self, suspected: Option<Suspected>) {
        self.suspected = suspected;
    }

    /// What was probably the reason for the end of the last connection.
    pub(super) fn suspected(&self) -> Option<&Suspected> {
        self.suspected.as_ref()
    }

    /// What has to be answered goes out one at a time.
    pub(super) fn is_careful(&self) -> bool {
        self.care != Care::None
    }

    /// Something is sent that the broker has to answer, and so many bytes are on their way up to its end: until when a close
    /// is put down to it.
    pub(super) fn until(&mut self, now: u64, on_way: u64) -> u64 {
        let until = now
            .saturating_add(SOON)
            .saturating_add(on_way.saturating_mul(SECOND) / SLOW_LINE);
        if let Care::OneByOne { due } = &mut self.care {
            *due = Some(until.saturating_add(1));
        }
        until
    }

    /// What has to be answered goes out one at a time from the next connection on.
    pub(super) fn be_careful(&mut self) {
        if self.care == Care::None {
            self.care = Care::OneByOne { due: None };
        }
    }

    /// What has to be answered goes out one at a time from here on, also behind what is on its way already.
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

    /// When what is outstanding has been cleared by the time that has gone by.
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

    /// The topic of a message of QoS 0 that was sent just before.
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
