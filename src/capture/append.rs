//! What comes into the capture, and what leaves it so that it stays within its budget.

use super::{
    Capture, log,
    packet::{NO_TOPIC, NewPacket, claimed_type},
    strip::SENT,
    tree::Tree,
};
use crate::protocol::{Direction, Outline, PacketType, Version};

/// A whole packet that crosses the wire, and what its sender or reader knows of it.
#[derive(Clone, Copy)]
pub struct Crossing<'a> {
    /// Microseconds since the Unix epoch.
    pub time_us: u64,
    /// Which way it goes.
    pub direction: Direction,
    /// The version that is spoken.
    pub version: Version,
    /// The topic name of a PUBLISH, which is not in its bytes where a topic alias stands for it; UTF-8. Empty for other
    /// packets.
    pub topic: &'a [u8],
    /// The whole packet.
    pub bytes: &'a [u8],
    /// Where its parts are.
    pub outline: &'a Outline,
    /// A QoS 2 message that had been delivered already: it is counted and listed as the packet that it is, but it is no new
    /// message on its topic.
    pub repeat: bool,
}

impl Crossing<'_> {
    fn described(&self, flawed: bool) -> NewPacket<'static> {
        NewPacket {
            time_us: self.time_us,
            direction: self.direction,
            version: self.version,
            name_behind: &[],
            repeat: self.repeat,
            malformed: false,
            flawed,
            topic: NO_TOPIC,
            before: None,
        }
    }
}

impl Capture {
    /// Appends one whole packet and returns its number.
    pub fn append(&mut self, crossing: Crossing<'_>) -> u64 {
        let packet = crossing.described(false);
        self.take_in(packet, crossing.topic, crossing.bytes, crossing.outline)
    }

    /// Appends a PUBLISH of the broker that breaks a rule and is a message all the same. Its topic is one for reading, as
    /// what stands in its bytes may be none; by this name it is listed, found and counted.
    pub fn append_flawed(&mut self, crossing: Crossing<'_>) -> u64 {
        let packet = crossing.described(true);
        self.take_in(packet, crossing.topic, crossing.bytes, crossing.outline)
    }

    /// Counts a received message that is not kept.
    pub fn drop_message(&mut self, time_us: u64) {
        self.begin_window(time_us);
        self.received.add();
        self.dropped += 1;
        self.revision += 1;
    }

    fn begin_window(&mut self, time_us: u64) {
        if self.window_start.is_none() {
            self.window_start = Some(time_us);
        }
    }

    #[inline]
    pub(super) fn take_in<'a>(
        &mut self,
        mut packet: NewPacket<'a>,
        name: &'a [u8],
        bytes: &[u8],
        outline: &Outline,
    ) -> u64 {
        let NewPacket {
            time_us,
            direction,
            version,
            repeat,
            ..
        } = packet;
        if outline.packet_type != PacketType::Publish {
            return self.push(&packet, bytes, outline.packet_type);
        }
        let outgoing = direction == Direction::Outgoing;
        // The topic in the bytes of a flawed message may not be the one that it is listed by.
        if outline.topic.0 == outline.topic.1 || packet.flawed && !is_in_bytes(name, bytes, outline)
        {
            packet.name_behind = name;
        }
        let seq = self.next_seq();
        self.begin_window(time_us);
        if outgoing {
            self.sent.add();
        } else {
            self.received.add();
        }
        let mut lane = SENT;
        let interned = self.topics.find(name).or_else(|| self.intern(name));
        if let Some(id) = interned
            && let Some(topic) = self.topics.get_mut(id)
        {
            packet.topic = id;
            packet.before = topic.before(outgoing);
            if outgoing {
                topic.sent(seq);
            } else {
                self.filters.refresh(topic);
                lane = self.filters.lane(topic.mask);
            }
            if !outgoing && !repeat {
                self.filters.count_message(topic);
                let node = match topic.node {
                    Some(node) => node,
                    None => *topic.node.insert(self.tree.insert(&topic.name, id)),
                };
                self.tree.count(node);
                let empty = outline.payload as usize >= bytes.len();
                let given_back = topic.received(seq, outline.retain, empty);
                self.topics.give_back(given_back);
            }
        } else if !outgoing {
            let name = std::str::from_utf8(name).unwrap_or_default();
            let mask = self.filters.mask(name);
            lane = self.filters.lane(mask);
            if !repeat {
                self.beyond_tree += 1;
                self.filters.count_unnumbered(mask, name);
            }
        }
        self.strip.add(time_us, lane, outline.retain && !outgoing);
        // A message that is sent again is no new request, and the response topic of a flawed one may be invalid.
        let no_request = repeat || outgoing && outline.dup || packet.flawed;
        if version == Version::V5 && !no_request {
            self.requests
                .note(seq, outgoing, name, bytes, outline, &self.connections);
        }
        self.push(&packet, bytes, PacketType::Publish)
    }

    /// A topic name that has no number yet. A quarter of the budget may go to topics, so that a flood of them cannot push
    /// out all packets.
    #[cold]
    fn intern(&mut self, name: &[u8]) -> Option<u32> {
        let taken = self.topics.bytes() + self.tree.bytes() + Tree::cost(name);
        let room = (self.budget / 4).checked_sub(taken)?;
        self.topics.add(name, room)
    }

    /// Appends bytes that broke the protocol, so that they can be looked at. They count as no message.
    pub fn append_malformed(
        &mut self,
        time_us: u64,
        direction: Direction,
        bytes: &[u8],
        version: Version,
    ) -> u64 {
        let packet = NewPacket {
            time_us,
            direction,
            version,
            name_behind: &[],
            repeat: false,
            malformed: true,
            flawed: false,
            topic: NO_TOPIC,
            before: None,
        };
        self.push(&packet, bytes, claimed_type(bytes))
    }

    #[inline]
    pub(super) fn push(
        &mut self,
        packet: &NewPacket<'_>,
        bytes: &[u8],
        packet_type: PacketType,
    ) -> u64 {
        // With a small budget smaller segments, so that eviction takes a small part of what is there.
        let segment_bytes = (self.budget / 16).clamp(1024, log::SEGMENT_BYTES);
        let seq = self.log.push(packet, bytes, packet_type, segment_bytes);
        self.revision += 1;
        self.keep_budget();
        seq
    }

    pub(super) fn keep_budget(&mut self) {
        if self.held() > self.budget {
            self.evict();
        }
    }

    #[cold]
    fn evict(&mut self) {
        self.shrink_cleared();
        // The newest segment stays, however large: a message that is dropped on arrival could never be looked at.
        while self.held() > self.budget && self.log.can_evict() {
            let Some(segment) = self.log.evict() else {
                break;
            };
            self.dropped += segment.received;
            self.topics.save(&segment, self.budget / 8);
            self.log.recycle(segment);
            let oldest = self.log.oldest_seq();
            self.list.evicted(oldest);
            self.connections.evicted(oldest);
            self.requests.evicted(oldest);
        }
        if let Some(oldest_us) = self.log.oldest_us() {
            self.strip.evicted(oldest_us);
        }
    }

    pub(super) fn held(&self) -> usize {
        self.log.held()
            + self.topics.bytes()
            + self.topics.copied()
            + self.tree.bytes()
            + self.requests.bytes()
            + self.connections.bytes()
            + self.cleared_held
    }
}

/// This is the topic name in the packet.
fn is_in_bytes(name: &[u8], bytes: &[u8], outline: &Outline) -> bool {
    let (start, end) = outline.topic;
    bytes.get(start as usize..end as usize) == Some(name)
}
