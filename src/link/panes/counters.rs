//! The counters and rates.

use serde::{Deserialize, Serialize};

/// Counts of PUBLISH packets, and rates. `received = kept + dropped`, always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counters {
    /// PUBLISH packets that were received.
    pub received: u64,
    /// Those of them that the capture still holds.
    pub kept: u64,
    /// Those of them that the capture evicted to stay within its budget.
    pub dropped: u64,
    /// PUBLISH packets that were sent.
    pub sent: u64,
    /// PUBLISH packets received in the last second.
    pub received_rate: f32,
    /// PUBLISH packets sent in the last second.
    pub sent_rate: f32,
    /// Bytes the capture holds.
    pub held_bytes: u64,
    /// Bytes the capture may hold.
    pub budget_bytes: u64,
    /// Outgoing QoS 1 and 2 messages whose delivery is not finished.
    pub in_flight: u32,
    /// How many cleared messages can be brought back.
    pub cleared: u64,
}
