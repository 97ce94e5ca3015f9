//! The running series.

use serde::{Deserialize, Serialize};

/// A running series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// The number of its publication.
    pub number: u32,
    /// Topic name.
    pub topic: String,
    /// Its interval in milliseconds.
    pub every_ms: u32,
    /// How many were sent.
    pub sent: u64,
    /// It waits for a connection.
    pub waiting: bool,
    /// It waits because the send buffer is full.
    pub held: bool,
}
