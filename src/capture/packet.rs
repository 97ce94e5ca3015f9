//! One packet of the capture: its record of fixed size, and what its bytes say. Knows no segments.

use crate::protocol::{self, Direction, Outline, PacketType, PublishProperties, Qos, Version};

const OUTGOING: u8 = 1;
const RETAIN: u8 = 2;
const DUP: u8 = 4;
const REPEAT: u8 = 8;
const MALFORMED: u8 = 16;
/// The topic name is not in the packet, but stored behind it.
const NAME_BEHIND: u8 = 32;
const QOS_SHIFT: u8 = 6;

/// Bytes of one record, as counted against the budget.
pub(super) const RECORD_BYTES: usize = size_of::<Record>();
/// No interned topic.
pub(super) const NO_TOPIC: u32 = u32::MAX;

/// What is known about one packet without reading its bytes: 40 bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    time_us: u64,
    /// Where it starts in its segment.
    pub offset: u32,
    len: u32,
    /// Interned topic, or [`NO_TOPIC`].
    pub topic: u32,
    payload: u32,
    /// How many sequence numbers earlier the message before this one on the same topic is; 0 for none.
    before: u32,
    /// Messages in the same segment before this packet.
    pub messages_before: u32,
    packet_id: u16,
    topic_len: u16,
    topic_start: u8,
    packet_type: PacketType,
    flags: u8,
    version: Version,
}

const _: () = assert!(RECORD_BYTES <= 40);

/// Where a packet comes to lie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub seq: u64,
    pub offset: usize,
    pub messages_before: u32,
}

impl Record {
    /// Of a packet of `len` bytes, with `behind` bytes of topic name stored behind it.
    pub fn new(
        entry: &Entry<'_>,
        outline: &Outline,
        len: usize,
        behind: usize,
        place: Place,
    ) -> Self {
        let outgoing = entry.direction == Direction::Outgoing;
        let flags = if outgoing { OUTGOING } else { 0 }
            | if outline.retain { RETAIN } else { 0 }
            | if outline.dup { DUP } else { 0 }
            | if entry.repeat { REPEAT } else { 0 }
            | if entry.malformed { MALFORMED } else { 0 }
            | if behind == 0 { 0 } else { NAME_BEHIND }
            | ((outline.qos as u8) << QOS_SHIFT);
        let topic_len = if behind == 0 {
            outline.topic.1.saturating_sub(outline.topic.0) as usize
        } else {
            behind
        };
        Self {
            time_us: entry.time_us,
            // A packet is at most 256 MiB + 5 bytes (section 2.2.3) and a segment with several far smaller.
            offset: place.offset as u32,
            len: len as u32,
            topic: entry.topic,
            payload: outline.payload,
            before: entry
                .before
                .and_then(|before| u32::try_from(place.seq - before).ok())
                .unwrap_or(0),
            messages_before: place.messages_before,
            packet_id: outline.packet_id,
            topic_len: u16::try_from(topic_len).unwrap_or(0),
            topic_start: u8::try_from(outline.topic.0).unwrap_or(0),
            packet_type: outline.packet_type,
            flags,
            version: entry.version,
        }
    }

    /// A whole PUBLISH packet, either way.
    pub fn is_message(&self) -> bool {
        self.packet_type == PacketType::Publish && self.flags & MALFORMED == 0
    }

    pub fn is_received_message(&self) -> bool {
        self.is_message() && self.flags & OUTGOING == 0
    }

    /// Bytes of the packet, and of what is stored behind it.
    pub fn stored_len(&self) -> usize {
        self.len as usize + self.name_behind()
    }

    /// Bytes of the topic name that is stored behind the packet.
    fn name_behind(&self) -> usize {
        if self.flags & NAME_BEHIND == 0 {
            0
        } else {
            usize::from(self.topic_len)
        }
    }
}

/// What an owner knows about a packet beside its bytes and outline.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub time_us: u64,
    pub direction: Direction,
    pub version: Version,
    /// The topic name of a PUBLISH, which is not in its bytes where a topic alias stands for it.
    pub name: &'a [u8],
    pub repeat: bool,
    pub malformed: bool,
    pub topic: u32,
    /// The message before this one on the same topic and in the same direction.
    pub before: Option<u64>,
}

/// One packet of the capture.
#[derive(Clone, Copy, Debug)]
pub struct Packet<'a> {
    /// Its number: counts from 0, never used twice.
    pub seq: u64,
    /// Microseconds since the Unix epoch.
    pub time_us: u64,
    /// Which way it went.
    pub direction: Direction,
    /// The version that was spoken.
    pub version: Version,
    /// Its type; for a malformed packet what its first byte claims.
    pub packet_type: PacketType,
    /// PUBLISH only.
    pub qos: Qos,
    /// PUBLISH only.
    pub retain: bool,
    /// PUBLISH only.
    pub dup: bool,
    /// A QoS 2 message that had been delivered already (section 4.3.3).
    pub repeat: bool,
    /// It broke the protocol.
    pub malformed: bool,
    /// 0 where there is none.
    pub packet_id: u16,
    /// Where its payload starts in `bytes`.
    pub payload_start: u32,
    /// The whole packet.
    pub bytes: &'a [u8],
    /// The message before this one on the same topic and in the same direction; it may be evicted by now.
    pub before: Option<u64>,
    name: &'a [u8],
    record: Record,
}

impl<'a> Packet<'a> {
    /// `stored`: the packet, and behind it the topic name that a topic alias stands for.
    pub(super) fn of(record: &Record, seq: u64, stored: &'a [u8]) -> Self {
        let (bytes, behind) = stored
            .split_at_checked(record.len as usize)
            .unwrap_or((stored, &[]));
        let start = usize::from(record.topic_start);
        let name = if record.flags & NAME_BEHIND == 0 {
            bytes
                .get(start..start + usize::from(record.topic_len))
                .unwrap_or_default()
        } else {
            behind
        };
        Self {
            seq,
            time_us: record.time_us,
            direction: if record.flags & OUTGOING == 0 {
                Direction::Incoming
            } else {
                Direction::Outgoing
            },
            version: record.version,
            packet_type: record.packet_type,
            qos: match record.flags >> QOS_SHIFT {
                0 => Qos::AtMostOnce,
                1 => Qos::AtLeastOnce,
                _ => Qos::ExactlyOnce,
            },
            retain: record.flags & RETAIN != 0,
            dup: record.flags & DUP != 0,
            repeat: record.flags & REPEAT != 0,
            malformed: record.flags & MALFORMED != 0,
            packet_id: record.packet_id,
            payload_start: record.payload,
            bytes,
            before: if record.before == 0 {
                None
            } else {
                seq.checked_sub(u64::from(record.before))
            },
            name,
            record: *record,
        }
    }

    /// A whole PUBLISH packet, either way.
    pub fn is_message(&self) -> bool {
        self.record.is_message()
    }

    /// The topic name's bytes; empty where there is none. In MQTT 5 a topic alias may stand for it in `bytes`.
    pub fn topic_bytes(&self) -> &'a [u8] {
        self.name
    }

    /// The topic name; empty where there is none.
    pub fn topic(&self) -> &'a str {
        std::str::from_utf8(self.name).unwrap_or_default()
    }

    /// The properties of a PUBLISH of MQTT 5, read from its bytes. `None` for any other packet.
    pub fn properties(&self) -> Option<PublishProperties> {
        if !self.is_message() || self.version != Version::V5 {
            return None;
        }
        let outline = protocol::outline(self.bytes, self.version, self.direction).ok()?;
        Some(protocol::publish_properties(self.bytes, &outline))
    }

    /// The last packet of a QoS 1 or 2 delivery: in MQTT 5 that is also a PUBREC that refuses (MQTT 5 section 4.3.3).
    pub fn ends_delivery(&self) -> bool {
        match self.packet_type {
            PacketType::Puback | PacketType::Pubcomp => true,
            PacketType::Pubrec if self.version == Version::V5 => {
                // Behind the remaining length, whose last byte has no continuation bit, and the packet identifier.
                let length = self.bytes.iter().skip(1);
                let header = 2 + length.take_while(|byte| **byte >= 0x80).count();
                self.bytes.get(header + 2).is_some_and(|code| *code >= 0x80)
            }
            _ => false,
        }
    }

    /// The payload of a PUBLISH; empty for other packets.
    pub fn payload(&self) -> &'a [u8] {
        if !self.is_message() {
            return &[];
        }
        self.bytes
            .get(self.payload_start as usize..)
            .unwrap_or_default()
    }

    pub(super) fn record(&self) -> &Record {
        &self.record
    }

    /// What [`Packet::of`] takes, copied.
    pub(super) fn stored(&self) -> Box<[u8]> {
        let behind = if self.record.name_behind() == 0 {
            &[]
        } else {
            self.name
        };
        [self.bytes, behind].concat().into()
    }

    /// Bytes of [`Packet::stored`].
    pub(super) fn stored_len(&self) -> usize {
        self.record.stored_len()
    }

    pub(super) fn topic_id(&self) -> Option<u32> {
        (self.record.topic != NO_TOPIC).then_some(self.record.topic)
    }
}
