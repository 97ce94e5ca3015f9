//! Finds the parts of a packet that was validated before, without checking it again, so that outlines need not be kept
//! with packets. Without properties. For other bytes the results are meaningless.

use super::header;
use super::packet::{PacketType, Qos, Version};

/// The parts of one packet, as offsets from its first byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// PUBLISH only: its quality of service.
    pub qos: Qos,
    /// PUBLISH only: the retain flag.
    pub retain: bool,
    /// PUBLISH only: the DUP flag.
    pub dup: bool,
    /// The packet identifier; 0 where the packet has none.
    pub packet_id: u16,
    /// PUBLISH only: where the topic name starts and ends, without its length prefix.
    pub topic: (usize, usize),
    /// PUBLISH only: where the payload starts.
    pub payload: usize,
    /// Where the packet ends.
    pub end: usize,
}

/// Finds the parts of a whole packet that [`super::outline()`] accepted.
pub fn places(packet: &[u8], version: Version) -> Places {
    let Some((&first, rest)) = packet.split_first() else {
        return Places::default();
    };
    let Ok(Some((length, length_bytes))) = header::remaining_length(rest) else {
        return Places::default();
    };
    let body = 1 + length_bytes;
    let end = body + length;
    let packet_type = PacketType::from_bits(first >> 4);
    if packet_type != Some(PacketType::Publish) {
        return Places {
            packet_id: match packet_type {
                Some(packet_type) if has_id(packet_type) => number(packet, body),
                _ => 0,
            },
            end,
            ..Places::default()
        };
    }
    let qos = Qos::from_bits((first >> 1) & 3).unwrap_or_default();
    let topic_end = body + 2 + usize::from(number(packet, body));
    let (packet_id, mut payload) = if qos == Qos::AtMostOnce {
        (0, topic_end)
    } else {
        (number(packet, topic_end), topic_end + 2)
    };
    if version == Version::V5 {
        let properties = packet.get(payload..).unwrap_or_default();
        if let Ok(Some((length, length_bytes))) = header::remaining_length(properties) {
            payload += length_bytes + length;
        }
    }
    Places {
        qos,
        retain: first & 1 != 0,
        dup: first & 8 != 0,
        packet_id,
        topic: (body + 2, topic_end),
        payload,
        end,
    }
}

/// Whether a packet of this type begins with its identifier (section 2.3.1).
fn has_id(packet_type: PacketType) -> bool {
    matches!(
        packet_type,
        PacketType::Puback
            | PacketType::Pubrec
            | PacketType::Pubrel
            | PacketType::Pubcomp
            | PacketType::Subscribe
            | PacketType::Suback
            | PacketType::Unsubscribe
            | PacketType::Unsuback
    )
}

fn number(packet: &[u8], at: usize) -> u16 {
    match packet.get(at..at.saturating_add(2)) {
        Some(&[high, low]) => u16::from_be_bytes([high, low]),
        _ => 0,
    }
}
