//! What the broker has to say to the person at the terminal when it holds somebody back. Knows no terminal.

use std::fmt;
use std::sync::Arc;

/// Something was held back. Names no topic and no payload: those are others' words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// A client has too many subscriptions.
    TooManyFilters,
    /// No further retained messages are kept.
    RetainedFull,
    /// Messages for a client that reads too slowly, or not at all, are dropped.
    ReaderTooSlow,
    /// Messages for a client that is away are dropped.
    AwayTooLong,
    /// A session that is kept for a client that is away ended, because there are too many.
    SessionDropped,
}

impl Notice {
    /// For the person at the terminal.
    pub fn words(self) -> &'static str {
        match self {
            Notice::TooManyFilters => {
                "a client has too many subscriptions; further ones are refused"
            }
            Notice::RetainedFull => "the room for retained messages is used up; no more are kept",
            Notice::ReaderTooSlow => {
                "a client reads more slowly than messages come; some of them are dropped for it"
            }
            Notice::AwayTooLong => {
                "too much waits for a client that is away; further messages are dropped for it"
            }
            Notice::SessionDropped => {
                "too many sessions are kept for clients that are away; the oldest one was ended"
            }
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
