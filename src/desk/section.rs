//! What is in front: which part of the page, and whether the inspector covers it.

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

    /// What comes to the front when the connection goes from one phase to another: a new connection shows the messages; its
    /// end by the user, or one that no retry cures, shows the broker.
    pub fn after(self, before: Phase, now: Phase) -> Self {
        match now {
            _ if before == now => self,
            Phase::Connected if self == Self::Broker => Self::Messages,
            Phase::Failed | Phase::Disconnected => Self::Broker,
            _ => self,
        }
    }
}

/// What to do with the browser's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing.
    Stay,
    /// Take a step, which going back takes back.
    Forward,
    /// Take it back.
    Back,
}

/// Whether the open inspector is a step in the history: where it covers the page, going back closes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    stepped: bool,
}

impl Opened {
    /// Something, or nothing, is looked at from now on. `covers`: the page is so narrow that it covers all else.
    pub fn look(&mut self, at_something: bool, covers: bool) -> Step {
        match (at_something, self.stepped) {
            (true, false) if covers => {
                self.stepped = true;
                Step::Forward
            }
            (false, true) => {
                self.stepped = false;
                Step::Back
            }
            _ => Step::Stay,
        }
    }

    /// The user went back. True: that closes the inspector.
    pub fn went_back(&mut self) -> bool {
        std::mem::take(&mut self.stepped)
    }
}
