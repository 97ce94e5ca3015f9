//! The publisher's series that run.

use serde::{Deserialize, Serialize};

/// A series of publications that runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// The publication's number.
    pub number: u32,
    /// Topic name.
    pub topic: String,
    /// Milliseconds between two.
    pub every_ms: u32,
    /// Sent so far.
    pub sent: u64,
    /// It waits for a connection.
    pub waiting: bool,
    /// It waits for what was sent before to leave.
    pub held: bool,
}
