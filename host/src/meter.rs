//! Counts the MQTT bytes that clients sent and were sent, over WebSocket and over TCP alike.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Bytes of MQTT, without what WebSocket adds.
#[derive(Debug, Default)]
pub struct Meter {
    received: AtomicU64,
    sent: AtomicU64,
}

impl Meter {
    /// Counts bytes that came from a client.
    pub fn count_received(&self, bytes: usize) {
        self.received.fetch_add(bytes as u64, Relaxed);
    }

    /// Counts bytes that went to a client.
    pub fn count_sent(&self, bytes: usize) {
        self.sent.fetch_add(bytes as u64, Relaxed);
    }

    /// Bytes from clients so far.
    pub fn received(&self) -> u64 {
        self.received.load(Relaxed)
    }

    /// Bytes to clients so far.
    pub fn sent(&self) -> u64 {
        self.sent.load(Relaxed)
    }
}
