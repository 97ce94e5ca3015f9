//! Goals that a lesson watches for, and how far they are.

use serde::{Deserialize, Serialize};

/// What is watched for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WatchView {
    /// Chosen by the page; comes back with the answer. Goals of another number are watched for anew.
    pub number: u32,
    /// Packets before this one do not count; `None`: none that is there already.
    pub from: Option<u64>,
    /// The goals, 64 at most.
    pub goals: Vec<Goal>,
}

/// One goal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goal {
    /// Packets that count: a query of the list.
    pub query: String,
    /// So many are wanted, one at least.
    pub count: u32,
    /// Each has to come so many milliseconds after the one before it, from the first number to the second.
    pub apart: Option<(u32, u32)>,
    /// Only what comes after the goal before this one was reached counts.
    pub then: bool,
}

/// How far the goals are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Watched {
    /// As in [`WatchView`].
    pub number: u32,
    /// In the order of the goals.
    pub goals: Vec<Found>,
}

/// How far a goal is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Packets that count, not more than are wanted.
    pub count: u32,
    /// The number of the first of them.
    pub first: Option<u64>,
    /// The number of the latest of them.
    pub last: Option<u64>,
    /// As many as are wanted.
    pub reached: bool,
}
