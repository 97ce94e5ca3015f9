//! The queue of messages that wait to be sent, in the order in which they were published: for a connection, for
//! acknowledgements, or for room in the send buffer. Its limits are in the settings. Knows no connection.

use std::collections::VecDeque;

use super::settings::SECOND;
use super::trial::TWICE;
use super::{Message, QueueLimit};
use crate::protocol::Qos;

/// A message, from the request to publish until its delivery is finished. It is kept as it was published, with its full
/// topic, and encoded each time it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Publication {
    /// Its place in the order of sending, and its key in storage.
    pub key: u64,
    /// When it was published, in microseconds.
    pub queued_at: u64,
    /// How many connections ended with it sent and unacknowledged. Not stored.
    pub strikes: u8,
    pub message: Message,
}

impl Publication {
    /// What it takes, in bytes: topic, payload and properties.
    pub(super) fn size(&self) -> usize {
        let message = &self.message;
        let properties = &message.properties;
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let user = properties.user_properties.iter();
        message.topic.len()
            + message.payload.len()
            + text(&properties.response_topic)
            + text(&properties.content_type)
            + properties.correlation_data.as_ref().map_or(0, Vec::len)
            + user
                .map(|(name, value)| name.len() + value.len() + 4)
                .sum::<usize>()
    }

    /// When it expires, in microseconds.
    pub(super) fn expires_at(&self) -> Option<u64> {
        let interval = self.message.properties.message_expiry?;
        // A message that has not waited at all is always sent.
        let waited = u64::from(interval).saturating_mul(SECOND).max(1);
        Some(self.queued_at.saturating_add(waited))
    }

    /// The rest of its message expiry interval, in whole seconds.
    pub(super) fn remaining(&self, now: u64) -> Option<u32> {
        let waited = now.saturating_sub(self.queued_at) / SECOND;
        let waited = u32::try_from(waited).unwrap_or(u32::MAX);
        let interval = self.message.properties.message_expiry?;
        Some(interval.saturating_sub(waited))
    }
}

/// A publication that waits to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting<'a> {
    /// Its number.
    pub number: u32,
    /// Topic name.
    pub topic: &'a str,
    /// What it takes, in bytes: topic, payload and properties.
    pub size: usize,
    /// Quality of service.
    pub qos: Qos,
}

impl<'a> From<&'a Publication> for Waiting<'a> {
    fn from(publication: &'a Publication) -> Self {
        Self {
            number: publication.message.number,
            topic: &publication.message.topic,
            size: publication.size(),
            qos: publication.message.qos,
        }
    }
}

/// See the head of the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    waiting: VecDeque<Publication>,
    bytes: usize,
    /// How many are of QoS 0.
    at_most_once: usize,
    /// No message expires before this time.
    expiry: Option<u64>,
}

impl Queue {
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Publication> {
        self.waiting.iter()
    }

    /// There is room for a message of this size.
    pub(super) fn has_room(&self, size: usize, limit: &QueueLimit) -> bool {
        self.waiting.len() < limit.messages && self.bytes.saturating_add(size) <= limit.bytes
    }

    /// Adds a message to the end.
    pub(super) fn push(&mut self, publication: Publication) {
        self.count(&publication);
        self.waiting.push_back(publication);
    }

    /// Adds a message to the front.
    pub(super) fn push_front(&mut self, publication: Publication) {
        self.count(&publication);
        self.waiting.push_front(publication);
    }

    /// The message at the front is suspected of having ended connections.
    pub(super) fn suspects(&self) -> bool {
        self.waiting
            .front()
            .is_some_and(|publication| publication.strikes >= TWICE)
    }

    /// The message at the front.
    pub(super) fn first(&self) -> Option<&Publication> {
        self.waiting.front()
    }

    /// The first QoS 0 message. These do not wait for acknowledgements of others.
    pub(super) fn first_at_most_once(&self) -> Option<&Publication> {
        if self.at_most_once == 0 {
            return None;
        }
        let mut waiting = self.waiting.iter();
        waiting.find(|publication| publication.message.qos == Qos::AtMostOnce)
    }

    /// Removes the message at the front.
    pub(super) fn pop(&mut self) -> Option<Publication> {
        let publication = self.waiting.pop_front()?;
        self.discount(&publication);
        Some(publication)
    }

    /// Removes the QoS 0 messages, in order, up to the first that does not fit.
    pub(super) fn take_at_most_once(
        &mut self,
        mut fits: impl FnMut(usize) -> bool,
    ) -> Vec<Publication> {
        let mut full = false;
        self.take_where(|publication| {
            let wanted = !full && publication.message.qos == Qos::AtMostOnce;
            full |= wanted && !fits(publication.size());
            wanted && !full
        })
    }

    /// Removes all messages that have expired.
    pub(super) fn take_expired(&mut self, now: u64) -> Vec<Publication> {
        if self.expiry.is_none_or(|expiry| expiry > now) {
            return Vec::new();
        }
        let expired = self.take_where(|publication| {
            publication
                .expires_at()
                .is_some_and(|expires_at| expires_at <= now)
        });
        self.expiry = self
            .waiting
            .iter()
            .filter_map(Publication::expires_at)
            .min();
        expired
    }

    /// When to call [`Self::take_expired`] next.
    pub(super) fn expiry(&self) -> Option<u64> {
        self.expiry
    }

    /// Removes the message with this number.
    pub(super) fn withdraw(&mut self, number: u32) -> Option<Publication> {
        let at = self
            .waiting
            .iter()
            .position(|publication| publication.message.number == number)?;
        let publication = self.waiting.remove(at)?;
        self.discount(&publication);
        Some(publication)
    }

    fn take_where(&mut self, mut wanted: impl FnMut(&Publication) -> bool) -> Vec<Publication> {
        let mut taken = Vec::new();
        for publication in std::mem::take(&mut self.waiting) {
            if wanted(&publication) {
                self.discount(&publication);
                taken.push(publication);
            } else {
                self.waiting.push_back(publication);
            }
        }
        taken
    }

    fn count(&mut self, publication: &Publication) {
        self.bytes += publication.size();
        self.at_most_once += usize::from(publication.message.qos == Qos::AtMostOnce);
        self.expiry = match (self.expiry, publication.expires_at()) {
            (Some(earlier), Some(own)) => Some(earlier.min(own)),
            (earlier, own) => earlier.or(own),
        };
    }

    fn discount(&mut self, publication: &Publication) {
        self.bytes = self.bytes.saturating_sub(publication.size());
        self.at_most_once -= usize::from(publication.message.qos == Qos::AtMostOnce);
    }
}
