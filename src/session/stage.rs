//! The stage of the connection. Each stage holds the data that exists only there, so that nothing can be left over from
//! an earlier connection. Knows no packets and no socket.
//!
//! The normal order is idle, opening, greeting, connected. From each of the last three the connection can end with
//! [`Stage::end`], which leaves [`Stage::Over`]. While the same input is being handled, that becomes opening, waiting,
//! failed or idle.

use super::authentication::Exchange;
use super::connected::Connected;
use super::settings::Timing;

/// The state of the connection, as shown to the user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// The user has not asked for a connection, or has ended it.
    #[default]
    Disconnected,
    /// The socket is opening, or CONNECT was sent.
    Connecting,
    /// CONNACK accepted the connection.
    Connected,
    /// The connection was lost or could not be made. There will be another attempt.
    Waiting,
    /// A retry would not help. There will be no automatic attempt.
    Failed,
}

/// How far an attempt got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// Nothing was tried.
    #[default]
    Nothing,
    /// The socket was asked to open.
    Opening,
    /// The socket opened, and CONNECT was sent.
    Sent,
    /// CONNACK accepted.
    Accepted,
}

/// See the head of the file. Times are in microseconds.
#[derive(Debug)]
pub(super) enum Stage {
    /// No connection is wanted.
    Idle,
    /// The socket was asked to open.
    Opening { since: u64 },
    /// CONNECT was sent.
    Greeting(Box<Greeting>),
    /// CONNACK accepted.
    Connected(Box<Connected>),
    /// The connection has ended, and what follows is being decided. Never seen from outside of the session.
    Over(Over),
    /// The next try is due then.
    Waiting { until: u64 },
    /// Given up.
    Failed,
}

/// A connection between CONNECT and CONNACK.
#[derive(Debug)]
pub(super) struct Greeting {
    since: u64,
    clean: bool,
    answered: bool,
    exchange: Option<Exchange>,
}

/// How far a connection that has ended had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    Opening,
    /// `answered`: at least one byte came.
    Greeting {
        answered: bool,
    },
    /// `heard_at`: when bytes last came.
    Connected {
        since: u64,
        heard_at: u64,
    },
}

impl Greeting {
    /// CONNECT is sent. `clean`: it asks for a clean session. `exchange`: the enhanced authentication it begins.
    pub(super) fn new(since: u64, clean: bool, exchange: Option<Exchange>) -> Self {
        Self {
            since,
            clean,
            answered: false,
            exchange,
        }
    }

    /// When CONNECT was sent.
    pub(super) fn since(&self) -> u64 {
        self.since
    }

    /// CONNECT asked for a clean session.
    pub(super) fn is_clean(&self) -> bool {
        self.clean
    }

    /// CONNACK ends the exchange, one way or the other.
    pub(super) fn take_exchange(&mut self) -> Option<Exchange> {
        self.exchange.take()
    }
}

impl Stage {
    pub(super) fn phase(&self) -> Phase {
        match self {
            Self::Idle => Phase::Disconnected,
            Self::Opening { .. } | Self::Greeting(_) => Phase::Connecting,
            Self::Connected(_) => Phase::Connected,
            Self::Over(Over::Opening | Over::Greeting { .. }) => Phase::Connecting,
            Self::Over(Over::Connected { .. }) => Phase::Connected,
            Self::Waiting { .. } => Phase::Waiting,
            Self::Failed => Phase::Failed,
        }
    }

    /// The user wants a connection.
    pub(super) fn is_wanted(&self) -> bool {
        !matches!(self, Self::Idle)
    }

    /// There is a socket, opening or open.
    pub(super) fn has_socket(&self) -> bool {
        matches!(self, Self::Opening { .. }) || self.receives()
    }

    /// Bytes that come are taken.
    pub(super) fn receives(&self) -> bool {
        matches!(self, Self::Greeting(_) | Self::Connected(_))
    }

    pub(super) fn is_connected(&self) -> bool {
        matches!(self, Self::Connected(_))
    }

    pub(super) fn connected(&self) -> Option<&Connected> {
        match self {
            Self::Connected(connected) => Some(connected),
            _ => None,
        }
    }

    pub(super) fn connected_mut(&mut self) -> Option<&mut Connected> {
        match self {
            Self::Connected(connected) => Some(connected),
            _ => None,
        }
    }

    /// Bytes came.
    pub(super) fn heard(&mut self, now: u64) {
        match self {
            Self::Greeting(greeting) => greeting.answered = true,
            Self::Connected(connected) => connected.heard(now),
            _ => {}
        }
    }

    /// The enhanced authentication that is under way.
    pub(super) fn exchange(&mut self) -> Option<&mut Exchange> {
        match self {
            Self::Greeting(greeting) => greeting.exchange.as_mut(),
            Self::Connected(connected) => connected.exchange(),
            _ => None,
        }
    }

    /// The connection is, or was until just now, between CONNECT and CONNACK.
    pub(super) fn is_or_was_greeting(&self) -> bool {
        matches!(self, Self::Greeting(_) | Self::Over(Over::Greeting { .. }))
    }

    /// Not one byte came in answer to CONNECT.
    pub(super) fn is_unanswered(&self) -> bool {
        match self {
            Self::Greeting(greeting) => !greeting.answered,
            Self::Over(Over::Greeting { answered }) => !answered,
            _ => false,
        }
    }

    /// For a connection that is, or was until just now, accepted by CONNACK: since when, and when bytes last came.
    pub(super) fn accepted(&self) -> Option<(u64, u64)> {
        match self {
            Self::Connected(connected) => Some((connected.since(), connected.heard_at())),
            &Self::Over(Over::Connected { since, heard_at }) => Some((since, heard_at)),
            _ => None,
        }
    }

    /// Forgets what belongs to a network connection, if there is one.
    pub(super) fn end(&mut self) {
        *self = Self::Over(match self {
            Self::Opening { .. } => Over::Opening,
            Self::Greeting(greeting) => Over::Greeting {
                answered: greeting.answered,
            },
            Self::Connected(connected) => Over::Connected {
                since: connected.since(),
                heard_at: connected.heard_at(),
            },
            Self::Idle | Self::Over(_) | Self::Waiting { .. } | Self::Failed => return,
        });
    }

    /// When something is due.
    pub(super) fn wake_at(&self, timing: &Timing) -> Option<u64> {
        match self {
            Self::Opening { since } => Some(since.saturating_add(timing.open)),
            Self::Greeting(greeting) => Some(greeting.since.saturating_add(timing.connack)),
            Self::Connected(connected) => connected.wake_at(),
            Self::Waiting { until } => Some(*until),
            Self::Idle | Self::Over(_) | Self::Failed => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::settings::SECOND;

    fn connected() -> Stage {
        let timing = Timing::default();
        let connected = Connected::new(7, 60, &timing, None, false);
        Stage::Connected(Box::new(connected))
    }

    #[test]
    fn what_belongs_to_a_connection_is_gone_with_it() {
        let mut stage = connected();
        stage.heard(9);
        stage.end();
        assert!(!stage.has_socket() && !stage.receives() && !stage.is_connected());
        assert!(stage.connected().is_none() && stage.exchange().is_none());
        assert_eq!(stage.accepted(), Some((7, 9)));
        assert_eq!(stage.wake_at(&Timing::default()), None);
        // The phase changes only with the stage that follows.
        assert_eq!(stage.phase(), Phase::Connected);
    }

    #[test]
    fn a_connection_ends_once() {
        for (mut stage, phase) in [
            (Stage::Idle, Phase::Disconnected),
            (Stage::Waiting { until: 3 }, Phase::Waiting),
            (Stage::Failed, Phase::Failed),
        ] {
            stage.end();
            assert_eq!(stage.phase(), phase);
            assert!(stage.accepted().is_none() && !stage.is_or_was_greeting());
        }
        let mut stage = connected();
        stage.end();
        // Bytes that come later say nothing of it any more.
        stage.heard(9);
        stage.end();
        assert_eq!(stage.accepted(), Some((7, 7)));
    }

    #[test]
    fn only_a_connect_that_is_waited_for_can_be_unanswered() {
        let mut stage = Stage::Opening { since: 0 };
        stage.heard(1);
        assert!(!stage.is_unanswered() && !stage.is_or_was_greeting());
        for answered in [false, true] {
            let mut stage = Stage::Greeting(Box::new(Greeting::new(2, true, None)));
            assert_eq!(stage.wake_at(&Timing::default()), Some(2 + 10 * SECOND));
            if answered {
                stage.heard(3);
            }
            assert_eq!(stage.is_unanswered(), !answered);
            stage.end();
            assert_eq!(stage.is_unanswered(), !answered);
            assert!(stage.is_or_was_greeting() && stage.accepted().is_none());
            assert_eq!(stage.phase(), Phase::Connecting);
        }
    }
}
