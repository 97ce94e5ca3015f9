//! What is in front: which part of the page.

use crate::link::Phase;

/// Which part of the page is in front. On a wide screen all but `Broker` are shown together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The list of messages.
    Messages,
    /// Subscriptions and the topic tree.
    Topics,
    /// The publisher.
    Publish,
    /// The connection.
    Broker,
}

impl Section {
    /// As the style sheets name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Topics => "topics",
            Self::Publish => "publish",
            Self::Broker => "broker",
        }
    }

    /// The section of this name that a connection can show; the messages where there is none.
    pub fn at_work(name: &str) -> Self {
        [Self::Topics, Self::Publish]
            .into_iter()
            .find(|section| section.name() == name)
            .unwrap_or(Self::Messages)
    }

    /// What comes to the front when the connection goes from one phase to another: a new connection shows where the user was
    /// at work last; its end by the user, or one that no retry cures, shows the broker.
    pub fn after(self, before: Phase, now: Phase, at_work: Self) -> Self {
        match now {
            _ if before == now => self,
            Phase::Connected if self == Self::Broker => at_work,
            Phase::Failed | Phase::Disconnected => Self::Broker,
            _ => self,
        }
    }
}

/// The section to which going back leads: the messages of a connection, or else the form for one. `narrow`: one section is on
/// the screen at a time; otherwise all but `Broker` are shown together.
pub fn is_usual(section: Section, connected: bool, narrow: bool) -> bool {
    match (section, connected) {
        (Section::Broker, connected) => !connected,
        (Section::Messages, connected) => connected,
        (_, connected) => connected && !narrow,
    }
}
