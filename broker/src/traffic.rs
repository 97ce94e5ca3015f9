//! Counts of PUBLISH packets and their payload bytes, for the `$SYS` topics. Knows no topic.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What went through the broker since it started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Clients that are connected now.
    pub clients_connected: u64,
    /// PUBLISH packets that clients sent.
    pub publish_received: u64,
    /// Payload bytes of those.
    pub publish_bytes_received: u64,
    /// PUBLISH packets that were sent to subscribers, one per subscriber.
    pub publish_sent: u64,
    /// Payload bytes of those.
    pub publish_bytes_sent: u64,
}

#[derive(Default)]
pub(crate) struct Counters {
    received: AtomicU64,
    bytes_received: AtomicU64,
    sent: AtomicU64,
    bytes_sent: AtomicU64,
}

impl Counters {
    pub(crate) fn count_received(&self, payload: usize) {
        self.received.fetch_add(1, Relaxed);
        self.bytes_received.fetch_add(payload as u64, Relaxed);
    }

    pub(crate) fn count_sent(&self, payload: usize) {
        self.sent.fetch_add(1, Relaxed);
        self.bytes_sent.fetch_add(payload as u64, Relaxed);
    }

    pub(crate) fn read(&self, clients_connected: u64) -> Traffic {
        Traffic {
            clients_connected,
            publish_received: self.received.load(Relaxed),
            publish_bytes_received: self.bytes_received.load(Relaxed),
            publish_sent: self.sent.load(Relaxed),
            publish_bytes_sent: self.bytes_sent.load(Relaxed),
        }
    }
}
