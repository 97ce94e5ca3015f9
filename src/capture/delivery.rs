//! The packets of one QoS 1 or 2 delivery (MQTT 3.1.1 section 4.3), found again in the log by packet identifier and
//! order. Knows no session: it reads what crossed the wire.

use super::{log::Log, packet::Packet};
use crate::protocol::{Direction, PacketType, Qos};

/// Packets looked at in each direction of time. A delivery that takes longer is shown as far as it was found.
const REACH: u64 = 20_000;
/// Steps shown at the most: a message that is sent again and again has no end.
const MOST_STEPS: usize = 64;

fn other(direction: Direction) -> Direction {
    match direction {
        Direction::Incoming => Direction::Outgoing,
        Direction::Outgoing => Direction::Incoming,
    }
}

/// Which way the message of the exchange goes that this packet belongs to.
fn message_direction(packet: &Packet<'_>) -> Option<Direction> {
    match packet.packet_type {
        PacketType::Publish if packet.qos != Qos::AtMostOnce => Some(packet.direction),
        PacketType::Pubrel => Some(packet.direction),
        PacketType::Puback | PacketType::Pubrec | PacketType::Pubcomp => {
            Some(other(packet.direction))
        }
        _ => None,
    }
}

/// The numbers of the packets of the same delivery, oldest first; empty for a packet that belongs to none.
pub(super) fn delivery(log: &Log, packet: &Packet<'_>) -> Vec<u64> {
    let Some(way) = message_direction(packet) else {
        return Vec::new();
    };
    // Saved from eviction: whatever the log still has of this identifier belongs to another delivery.
    if packet.seq < log.oldest_seq() {
        return Vec::new();
    }
    let id = packet.packet_id;
    let belongs = |other: &Packet<'_>| {
        !other.malformed && other.packet_id == id && message_direction(other) == Some(way)
    };
    let opens = |packet: &Packet<'_>| packet.packet_type == PacketType::Publish && !packet.dup;
    let start = if opens(packet) {
        packet.seq
    } else {
        opening(log, packet, &belongs, &opens)
    };
    let mut steps = Vec::new();
    for step in log
        .packets_from(start)
        .take(REACH as usize * 2)
        .filter(|packet| belongs(packet))
    {
        // The identifier is free again, and this is the next message that uses it.
        if !steps.is_empty() && opens(&step) {
            break;
        }
        steps.push(step.seq);
        if (step.ends_delivery() && step.seq >= packet.seq) || steps.len() >= MOST_STEPS {
            break;
        }
    }
    steps
}

/// The first packet of the delivery that `packet` belongs to, looking back.
fn opening(
    log: &Log,
    packet: &Packet<'_>,
    belongs: &dyn Fn(&Packet<'_>) -> bool,
    opens: &dyn Fn(&Packet<'_>) -> bool,
) -> u64 {
    let mut first = packet.seq;
    let furthest = packet.seq.saturating_sub(REACH).max(log.oldest_seq());
    for seq in (furthest..packet.seq).rev() {
        let Some(earlier) = log.packet(seq).filter(|earlier| belongs(earlier)) else {
            continue;
        };
        if earlier.ends_delivery() {
            break;
        }
        first = seq;
        if opens(&earlier) {
            break;
        }
    }
    first
}
