//! One packet of the capture: its record of fixed size, and what its bytes say. Knows no segments.

use std::fmt;

use crate::protocol::{
    self, Direction, Outline, PacketType, Places, PublishProperties, Qos, Version,
};

const OUTGOING: u8 = 1;
const REPEAT: u8 = 2;
const MALFORMED: u8 = 4;
const PUBLISH: u8 = 8;
/// The topic name is not in the packet, but stored behind it.
const NAME_BEHIND: u8 = 16;
const FLAWED: u8 = 32;

/// Bytes of one record, as counted against the budget.
pub(super) const RECORD_BYTES: usize = size_of::<Record>();
/// No interned topic.
pub(super) const NO_TOPIC: u32 = u32::MAX;

/// What is known of one packet without reading its bytes, and what they do not say: 20 bytes. Where its parts are is read
/// from its bytes again ([`protocol::places()`]); it ends where the next one starts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    /// Microseconds after its segment's time, or before it.
    pub time: i32,
    /// Where it starts in its segment.
    pub offset: u32,
    /// Interned topic, or [`NO_TOPIC`].
    topic: u32,
    /// How many sequence numbers earlier the message before this one on the same topic is; 0 for none.
    before: u32,
    /// Messages in the same segment before this packet.
    pub messages_before: u16,
    flags: u8,
    version: Version,
}

const _: () = assert!(RECORD_BYTES <= 20);

/// Where a packet is stored.
#[derive(Clone, Copy, Debug)]
pub(super) struct Location {
    pub seq: u64,
    pub time: i32,
    pub offset: u32,
    pub messages_before: u16,
}

impl Record {
    /// `behind`: its topic name is stored behind it.
    #[inline]
    pub fn new(
        packet: &NewPacket<'_>,
        packet_type: PacketType,
        behind: bool,
        location: Location,
    ) -> Self {
        let flag = |holds: bool, flag: u8| u8::from(holds) * flag;
        Self {
            time: location.time,
            offset: location.offset,
            topic: packet.topic,
            before: packet
                .before
                .and_then(|before| u32::try_from(location.seq - before).ok())
                .unwrap_or(0),
            messages_before: location.messages_before,
            flags: flag(packet.direction == Direction::Outgoing, OUTGOING)
                | flag(packet.repeat, REPEAT)
                | flag(packet.malformed, MALFORMED)
                | flag(packet.flawed, FLAWED)
                | flag(packet_type == PacketType::Publish, PUBLISH)
                | flag(behind, NAME_BEHIND),
            version: packet.version,
        }
    }

    /// A whole PUBLISH packet, either way.
    #[inline]
    pub fn is_message(&self) -> bool {
        self.flags & (PUBLISH | MALFORMED) == PUBLISH
    }

    /// The payload of a message, of which this is stored.
    pub fn payload<'a>(&self, stored: &'a [u8]) -> &'a [u8] {
        let places = protocol::places(stored, self.version);
        stored.get(places.payload..places.end).unwrap_or_default()
    }

    /// Its interned topic.
    pub fn topic_id(&self) -> Option<u32> {
        (self.topic != NO_TOPIC).then_some(self.topic)
    }

    /// A QoS 2 message that had been delivered already.
    pub fn is_repeat(&self) -> bool {
        self.flags & REPEAT != 0
    }

    #[inline]
    pub fn is_received_message(&self) -> bool {
        self.flags & (PUBLISH | MALFORMED | OUTGOING) == PUBLISH
    }
}

/// The packet type in a first byte (section 2.2.1); the reserved type 0 is shown as the other reserved one, 15.
pub(super) fn claimed_type(bytes: &[u8]) -> PacketType {
    bytes
        .first()
        .and_then(|first| PacketType::from_bits(first >> 4))
        .unwrap_or(PacketType::Auth)
}

/// A copy of a packet, outside of any segment.
pub(super) struct SavedPacket {
    record: Record,
    time_us: u64,
    stored: Box<[u8]>,
}

impl SavedPacket {
    pub fn new(packet: &Packet<'_>) -> Self {
        Self {
            record: packet.record,
            time_us: packet.time_us,
            stored: packet.stored.into(),
        }
    }

    pub fn packet(&self, seq: u64) -> Packet<'_> {
        Packet::of(&self.record, seq, self.time_us, &self.stored)
    }

    /// Bytes of a packet that is saved.
    pub fn cost(stored_len: usize) -> usize {
        size_of::<Self>() + stored_len
    }

    pub fn bytes(&self) -> usize {
        Self::cost(self.stored.len())
    }
}

/// What is known of a packet that is appended, beside its bytes and outline.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewPacket<'a> {
    pub time_us: u64,
    pub direction: Direction,
    pub version: Version,
    /// The topic name of a PUBLISH where it is not in its bytes, because a topic alias stands for it; empty otherwise.
    pub name_behind: &'a [u8],
    pub repeat: bool,
    pub malformed: bool,
    pub flawed: bool,
    pub topic: u32,
    /// The message before this one on the same topic and in the same direction.
    pub before: Option<u64>,
}

/// One packet of the capture.
#[derive(Clone, Copy)]
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
    /// A message that breaks a rule within sound borders.
    pub flawed: bool,
    /// 0 where there is none.
    pub packet_id: u16,
    /// Where its payload starts in its bytes.
    pub payload_start: u32,
    /// The message before this one on the same topic and in the same direction; it may be evicted by now.
    pub before: Option<u64>,
    /// The whole packet; secrets may be in it.
    pub(super) bytes: &'a [u8],
    name: &'a [u8],
    /// The packet, and what is stored behind it.
    stored: &'a [u8],
    record: Record,
}

/// Without its bytes, in which there may be secrets.
impl fmt::Debug for Packet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Packet")
            .field("seq", &self.seq)
            .field("direction", &self.direction)
            .field("packet_type", &self.packet_type)
            .field("size", &self.size())
            .finish_non_exhaustive()
    }
}

/// Without its bytes, in which there may be secrets.
impl fmt::Debug for SavedPacket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SavedPacket")
            .field("time_us", &self.time_us)
            .field("stored", &self.stored.len())
            .finish_non_exhaustive()
    }
}

impl<'a> Packet<'a> {
    /// `stored`: the packet, and behind it the topic name that a topic alias stands for.
    pub(super) fn of(record: &Record, seq: u64, time_us: u64, stored: &'a [u8]) -> Self {
        let malformed = record.flags & MALFORMED != 0;
        let places = if malformed {
            Places::default()
        } else {
            protocol::places(stored, record.version)
        };
        let (bytes, name) = if record.flags & NAME_BEHIND == 0 {
            let (start, end) = places.topic;
            (stored, stored.get(start..end).unwrap_or_default())
        } else {
            stored.split_at_checked(places.end).unwrap_or((stored, &[]))
        };
        Self {
            seq,
            time_us,
            direction: if record.flags & OUTGOING == 0 {
                Direction::Incoming
            } else {
                Direction::Outgoing
            },
            version: record.version,
            packet_type: claimed_type(stored),
            qos: places.qos,
            retain: places.retain,
            dup: places.dup,
            repeat: record.flags & REPEAT != 0,
            malformed,
            flawed: record.flags & FLAWED != 0,
            packet_id: places.packet_id,
            // A packet has at most 268,435,460 bytes (section 2.2.3): its offsets fit.
            payload_start: places.payload as u32,
            bytes,
            before: if record.before == 0 {
                None
            } else {
                seq.checked_sub(u64::from(record.before))
            },
            name,
            stored,
            record: *record,
        }
    }

    /// A whole PUBLISH packet, either way.
    pub fn is_message(&self) -> bool {
        self.record.is_message()
    }

    /// The topic name's bytes; empty where there is none. In MQTT 5 a topic alias may stand for it in the
    /// packet.
    pub fn topic_bytes(&self) -> &'a [u8] {
        self.name
    }

    /// The topic name; empty where there is none.
    pub fn topic(&self) -> &'a str {
        std::str::from_utf8(self.name).unwrap_or_default()
    }

    /// The properties of a PUBLISH of MQTT 5, read from its bytes. `None` for any other packet.
    pub fn properties(&self) -> Option<PublishProperties> {
        let outline = self.outline()?;
        Some(protocol::publish_properties(self.bytes, &outline))
    }

    /// How many user properties it has beyond those that [`Self::properties`] holds.
    pub fn further_properties(&self) -> usize {
        self.outline().map_or(0, |outline| {
            protocol::further_user_properties(self.bytes, &outline)
        })
    }

    /// Of a PUBLISH of MQTT 5.
    fn outline(&self) -> Option<Outline> {
        if !self.is_message() || self.version != Version::V5 {
            return None;
        }
        if self.flawed {
            return protocol::flawed_publish(self.bytes, self.version).map(|(outline, _)| outline);
        }
        protocol::outline(self.bytes, self.version, self.direction).ok()
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

    /// Bytes of the packet, and of what is stored behind it.
    pub(super) fn stored_len(&self) -> usize {
        self.stored.len()
    }

    pub(super) fn topic_id(&self) -> Option<u32> {
        self.record.topic_id()
    }
}
