//! Retained messages, as rmqtt's retainer keeps them: no more than granted.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use rmqtt::Result;
use rmqtt::retain::RetainStorage;
use rmqtt::types::{Retain, TopicFilter, TopicName};
use rmqtt::utils::StatsMergeMode;

use crate::limits::Limits;

/// What one level of a topic takes in the retainer's tree, and what a message takes beside its bytes, about.
const LEVEL: usize = 160;
const OVERHEAD: usize = 512;

/// How much is kept, by topic.
pub(crate) struct Ledger {
    limits: Arc<Limits>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    sizes: HashMap<TopicName, usize>,
    total: usize,
}

impl Ledger {
    pub(crate) fn new(limits: Arc<Limits>) -> Ledger {
        Ledger {
            limits,
            kept: Mutex::default(),
        }
    }

    /// Whether a message with this topic and payload may be kept, in the place of one that is.
    pub(crate) fn has_room(&self, topic: &str, payload: &[u8]) -> bool {
        payload.is_empty() || self.fits(&self.lock(), topic, size(topic, payload))
    }

    fn fits(&self, kept: &Kept, topic: &str, size: usize) -> bool {
        let (count, before) = match kept.sizes.get(topic) {
            Some(before) => (kept.sizes.len(), *before),
            None => (kept.sizes.len() + 1, 0),
        };
        count <= self.limits.retained && kept.total - before + size <= self.limits.retained_bytes
    }

    /// Enters a message. An empty payload takes the topic's one away, for which there is always room.
    fn enter(&self, topic: &TopicName, payload: &[u8]) -> bool {
        let mut kept = self.lock();
        let size = if payload.is_empty() {
            0
        } else {
            size(topic, payload)
        };
        if size > 0 && !self.fits(&kept, topic, size) {
            return false;
        }
        let before = if size > 0 {
            kept.sizes.insert(topic.clone(), size)
        } else {
            kept.sizes.remove(topic)
        };
        kept.total = kept.total - before.unwrap_or(0) + size;
        true
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn size(topic: &str, payload: &[u8]) -> usize {
    let levels = 1 + topic.bytes().filter(|byte| *byte == b'/').count();
    OVERHEAD + LEVEL * levels + topic.len() + payload.len()
}

/// A storage that asks the ledger first.
pub(crate) struct Bounded {
    pub(crate) inner: Box<dyn RetainStorage>,
    pub(crate) ledger: Arc<Ledger>,
}

#[async_trait]
impl RetainStorage for Bounded {
    fn enable(&self) -> bool {
        self.inner.enable()
    }

    fn merge_on_read(&self) -> bool {
        self.inner.merge_on_read()
    }

    fn need_sync(&self) -> bool {
        self.inner.need_sync()
    }

    async fn set(&self, topic: &TopicName, retain: Retain, expiry: Option<Duration>) -> Result<()> {
        // Copied out of the buffer that they came in, all of which a few bytes would keep.
        let topic = TopicName::from(str::to_owned(topic));
        if !self.ledger.enter(&topic, &retain.publish.payload) {
            return Ok(());
        }
        let mut retain = retain;
        retain.publish.payload = Bytes::copy_from_slice(&retain.publish.payload);
        retain.publish.topic = topic.clone();
        self.inner.set(&topic, retain, expiry).await
    }

    async fn get(&self, topic_filter: &TopicFilter) -> Result<Vec<(TopicName, Retain)>> {
        self.inner.get(topic_filter).await
    }

    async fn get_all_paginated(
        &self,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<(TopicName, Retain, Option<Duration>)>, bool)> {
        self.inner.get_all_paginated(offset, limit).await
    }

    async fn count(&self) -> isize {
        self.inner.count().await
    }

    async fn max(&self) -> isize {
        self.inner.max().await
    }

    fn stats_merge_mode(&self) -> StatsMergeMode {
        self.inner.stats_merge_mode()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_bounded_by_number_and_by_size_and_can_be_taken_away() {
        let limits = Limits {
            retained: 2,
            retained_bytes: 4_000,
            ..Limits::default()
        };
        let ledger = Ledger::new(Arc::new(limits));
        let topic = |name: &'static str| TopicName::from_static(name);
        assert!(ledger.enter(&topic("a"), b"x"));
        assert!(ledger.enter(&topic("b"), b"x"));
        assert!(!ledger.has_room("c", b"x") && !ledger.enter(&topic("c"), b"x"));
        // In the place of one that is kept there is room, up to the bytes.
        assert!(ledger.enter(&topic("a"), &[0; 2_000]));
        assert!(!ledger.enter(&topic("b"), &[0; 2_000]));
        assert!(ledger.has_room("c", b"") && ledger.enter(&topic("a"), b""));
        assert!(ledger.enter(&topic("c"), &[0; 2_000]));
        ledger.enter(&topic("b"), b"");
        ledger.enter(&topic("c"), b"");
        assert_eq!(ledger.lock().total, 0);
    }
}
