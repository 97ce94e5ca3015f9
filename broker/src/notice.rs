//! What the broker has to say to the person at the terminal when it holds somebody back. Knows no terminal.

use std::fmt;
use std::sync::Arc;

/// Something was held back. Names no topic and no payload: those are others' words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// A client has too many subscriptions.
    TooManyFilters,
    /// A topic filter breaks the rules, or has too many levels.
    WrongFilter,
    /// A message's topic has too many levels.
    DeepTopic,
    /// A message's topic is the broker's own.
    BrokersTopic,
    /// No further retained messages are kept.
    RetainedFull,
    /// Messages for a client that reads too slowly, or not at all, are dropped.
    ReaderTooSlow,
    /// Messages for a client that is away, or does not acknowledge, are dropped.
    TooMuchWaits,
    /// A session that is kept for a client that is away ended, because there are too many.
    SessionDropped,
    /// What is to outlive the program cannot be written.
    CannotKeep,
    /// Some of what outlived it cannot be read.
    Damaged,
}

impl Notice {
    /// For the person at the terminal.
    pub fn words(self) -> &'static str {
        match self {
            Notice::TooManyFilters => {
                "a client has too many subscriptions; further ones are refused"
            }
            Notice::WrongFilter => "a topic filter breaks the rules and was refused",
            Notice::DeepTopic => "a message to a topic with too many levels was refused",
            Notice::BrokersTopic => "a message to a topic of the broker's own ($SYS) was refused",
            Notice::RetainedFull => "the room for retained messages is used up; no more are kept",
            Notice::ReaderTooSlow => {
                "a client reads more slowly than messages come; some of them are dropped for it"
            }
            Notice::TooMuchWaits => {
                "too much waits for a client that is away or does not acknowledge; further messages are dropped for it"
            }
            Notice::SessionDropped => {
                "too many sessions are kept for clients that are away; the oldest one was ended"
            }
            Notice::CannotKeep => {
                "the folder of --data cannot be written; clients wait until it can (is the disk full?)"
            }
            Notice::Damaged => "some of what was kept in the folder of --data cannot be read",
        }
    }
}

/// Who hears of it.
#[derive(Clone)]
pub struct Ear(Arc<dyn Fn(Notice) + Send + Sync>);

impl Ear {
    /// Calls this for each notice. It comes as often as there is reason to.
    pub fn new(hear: impl Fn(Notice) + Send + Sync + 'static) -> Ear {
        Ear(Arc::new(hear))
    }

    pub(crate) fn tell(&self, notice: Notice) {
        (self.0)(notice);
    }
}

impl Default for Ear {
    /// Nobody.
    fn default() -> Ear {
        Ear::new(|_| {})
    }
}

impl fmt::Debug for Ear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ear")
    }
}
