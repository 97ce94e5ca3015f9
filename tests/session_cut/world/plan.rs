//! What happens in a run, and what it came to.

use midge::protocol::{Qos, Version};

use super::super::broker::Habits;

/// What goes wrong once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// The connection breaks.
    Cut {
        /// The broker loses the session with it.
        forget: bool,
        /// The page crashes with it, and is opened again from storage.
        crash: bool,
    },
    /// From here on the bytes of this connection vanish both ways, and nobody is told.
    Vanish,
}

/// What the user, the other clients of the broker, and the machine do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// The user publishes.
    Publish { number: u16, qos: Qos },
    /// Somebody publishes to the client.
    Receive { number: u16, qos: u8 },
    /// It goes wrong at this time.
    Suffer(Mishap),
    /// The machine sleeps for so long.
    Sleep(u64),
    /// The user wants another filter, or no longer.
    Want(bool),
    /// Storage fails, for good.
    FailStorage,
    /// The machine changes its network.
    ChangeNetwork,
    /// The user takes back the message of this number, if it still waits.
    Cancel(u16),
    /// The user disconnects, and connects again after so long.
    Leave(u64),
    /// The user connects again.
    Return,
    /// The user presses "try now", if there is nothing else that would try.
    Persist,
}

/// A whole run.
#[derive(Clone, Debug)]
pub struct Plan {
    pub version: Version,
    pub habits: Habits,
    /// Seconds.
    pub keep_alive: u16,
    /// What the client says that it takes at once (MQTT 5).
    pub receive_maximum: u16,
    /// The session is to end with the connection.
    pub clean: bool,
    /// Published by the user at the first connection.
    pub out: Vec<(u16, Qos)>,
    /// Published to the client once it has subscribed for the first time.
    pub into: Vec<(u16, u8)>,
    /// By the count of bytes that arrived at either end, and of commits.
    pub mishaps: Vec<(u64, Mishap)>,
    /// By time in microseconds.
    pub deeds: Vec<(u64, Deed)>,
    /// Leaves delays to chance.
    pub seed: Option<u64>,
}

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// After how many steps something had arrived or was committed.
    pub places: Vec<u64>,
    /// See [`Ledger::deceived`].
    pub deceived: bool,
    /// As often the broker closed because it heard nothing.
    pub fed_up: u32,
    /// As many mishaps were not reached.
    pub left: usize,
    /// Longest time in which the client did not notice a half-open link, in microseconds.
    pub unnoticed: u64,
}
