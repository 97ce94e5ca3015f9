//! The messages of one topic in one direction, one before the other. Each knows the one before it; those after one are
//! found by a look at the records behind it, without reading their bytes.

use super::{Capture, packet::Packet};
use crate::protocol::Direction;

impl Capture {
    /// The latest message on this topic, in this direction. It may be evicted.
    pub fn latest_on(&self, topic: &str, direction: Direction) -> Option<u64> {
        let id = self.topics.known(topic.as_bytes())?;
        self.topics
            .get(id)?
            .before(direction == Direction::Outgoing)
    }

    /// A message and those before it on its topic, as far as they are there.
    pub fn back_from(&self, seq: u64) -> impl Iterator<Item = Packet<'_>> {
        std::iter::successors(self.log.packet(seq), |packet| {
            self.log.packet(packet.before?)
        })
    }

    /// The messages after this one on its topic and in its direction, oldest first, at most so many.
    pub fn after(&self, seq: u64, most: usize) -> Vec<u64> {
        let Some(packet) = self.log.packet(seq) else {
            return Vec::new();
        };
        let Some(topic) = packet.topic_id() else {
            return Vec::new();
        };
        let outgoing = packet.direction == Direction::Outgoing;
        self.log
            .logged_from(seq + 1)
            .filter(|logged| {
                let record = logged.record;
                record.topic_id() == Some(topic)
                    && record.is_message()
                    && record.is_received_message() != outgoing
                    && !record.is_repeat()
            })
            .take(most)
            .map(|logged| logged.seq)
            .collect()
    }
}
