//! What is told aloud of what happens by itself, and how often: changes of the connection at once, new messages in one
//! number and at a quiet pace. The title of the tab says the same to the eye.

use crate::link::Phase;

/// Least time between two numbers of new messages, in milliseconds: whoever listens wants to hear other things, too.
const PACE: f64 = 15_000.0;
/// The first number comes so soon after there is a connection.
const FIRST: f64 = 2_000.0;

/// Something to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// There is a connection.
    Connected,
    /// It was lost; it is tried again.
    Lost,
    /// The user ended it.
    Ended,
    /// So many messages came since the last number.
    New(u64),
}

/// What was told already.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Telling {
    phase: Phase,
    /// Messages that were received when they were told last.
    received: u64,
    /// When that was, or would have been: milliseconds.
    at: f64,
}

impl Telling {
    /// The connection is in this phase now. `received`: messages so far. `now`: milliseconds.
    pub fn phase(&mut self, phase: Phase, received: u64, now: f64) -> Option<Told> {
        let before = std::mem::replace(&mut self.phase, phase);
        match (before, phase) {
            _ if before == phase => None,
            (_, Phase::Connected) => {
                self.received = received;
                self.at = now - PACE + FIRST;
                Some(Told::Connected)
            }
            (Phase::Connected, Phase::Waiting) => Some(Told::Lost),
            (_, Phase::Disconnected) => Some(Told::Ended),
            // Why there is none is told where it is explained.
            _ => None,
        }
    }

    /// Time went by.
    pub fn time(&mut self, received: u64, now: f64) -> Option<Told> {
        // They were cleared.
        self.received = self.received.min(received);
        let new = received - self.received;
        if new == 0 || self.phase != Phase::Connected || now - self.at < PACE {
            return None;
        }
        self.received = received;
        self.at = now;
        Some(Told::New(new))
    }
}

/// The title of the tab: how many are unread, the state, the broker. `state` is in words; `address` is that of the broker,
/// or empty.
pub fn title(unread: u64, state: Option<&str>, address: &str) -> String {
    let mut title = String::new();
    if unread > 0 {
        title.push_str(&format!("({unread}) "));
    }
    if let Some(state) = state {
        title.push_str(state);
        title.push_str(" · ");
    }
    let broker = broker(address);
    if !broker.is_empty() {
        title.push_str(broker);
        title.push_str(" · ");
    }
    title.push_str("Midge");
    title
}

/// Host and port of an address: the rest of it may hold a secret, and there is no room for it.
pub fn broker(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host)
}
