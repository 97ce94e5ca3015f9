//! The packets of one QoS 1 or 2 delivery (MQTT 3.1.1 section 4.3), found again in the log by packet identifier and
//! order, within the connections of one session: in another session the same identifier means another message. Knows no
//! session: it reads what crossed the wire.

use super::{connections::Connections, log::Log, packet::Packet};
use crate::protocol::{Direction, PacketType, Qos};

/// Packets that are looked at before a packet. A delivery that takes longer is shown as far as it was found.
const REACH: u64 = 20_000;
/// Steps shown at the most: a message that is sent again and again has no end.
const MOST_STEPS: usize = 64;

fn other(direction: Direction) -> Direction {
    match direction {
        Direction::Incoming => Direction::Outgoing,
        Direction::Outgoing => Direction::Incoming,
    }
}

/// The direction of the message whose delivery this packet belongs to.
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

/// The search for the packets of one delivery. It continues where it stopped: following a delivery while packets come costs
/// no more than looking at each new packet once.
#[derive(Clone, Debug)]
pub struct Trace {
    seq: u64,
    id: u16,
    /// The direction of the delivery's message.
    direction: Option<Direction>,
    /// The packet that is looked at next, and the one where it ends.
    next: u64,
    end: u64,
    steps: Vec<u64>,
    looked: u64,
}

impl Trace {
    /// Looks back for where the delivery of this packet began.
    pub(super) fn new(log: &Log, connections: &Connections, packet: &Packet<'_>) -> Self {
        let mut trace = Self {
            seq: packet.seq,
            id: packet.packet_id,
            direction: message_direction(packet),
            next: packet.seq,
            end: packet.seq,
            steps: Vec::new(),
            looked: 0,
        };
        // Saved from eviction: whatever the log still has of this identifier belongs to another delivery.
        if trace.direction.is_none() || packet.seq < log.oldest_seq() {
            return trace;
        }
        if !opens(packet) {
            let first = connections.session_of(packet.seq).0;
            trace.next = trace.opening(log, packet, first);
        }
        trace.end = trace.next.saturating_add(REACH * 2);
        trace
    }

    /// It is the search that began at this packet.
    pub fn is_of(&self, seq: u64) -> bool {
        self.seq == seq
    }

    /// Packets that were looked at so far.
    pub fn looked(&self) -> u64 {
        self.looked
    }

    /// The numbers of the packets of the delivery that are there, oldest first; none for a packet that belongs to none.
    pub(super) fn follow(&mut self, log: &Log, connections: &Connections) -> Vec<u64> {
        self.end = self.end.min(connections.session_of(self.seq).1);
        if self.next < self.end {
            self.look_on(log);
        }
        let oldest = log.oldest_seq();
        if self.seq < oldest {
            return Vec::new();
        }
        let there = self.steps.iter().copied();
        there.filter(|step| *step >= oldest).collect()
    }

    fn look_on(&mut self, log: &Log) {
        for step in log.packets_from(self.next) {
            if step.seq >= self.end {
                break;
            }
            self.looked += 1;
            self.next = step.seq + 1;
            if !self.has(&step) {
                continue;
            }
            // The identifier was free again, and this is the next message with it.
            if !self.steps.is_empty() && opens(&step) {
                self.end = self.next;
                break;
            }
            self.steps.push(step.seq);
            if (step.ends_delivery() && step.seq >= self.seq) || self.steps.len() >= MOST_STEPS {
                self.end = self.next;
                break;
            }
        }
    }

    fn has(&self, packet: &Packet<'_>) -> bool {
        !packet.malformed
            && packet.packet_id == self.id
            && message_direction(packet) == self.direction
    }

    /// The first packet of the delivery that `packet` belongs to, looking back, from this number on.
    fn opening(&mut self, log: &Log, packet: &Packet<'_>, first_of_session: u64) -> u64 {
        let mut first = packet.seq;
        let reach = packet.seq.saturating_sub(REACH);
        let furthest = reach.max(first_of_session).max(log.oldest_seq());
        for seq in (furthest..packet.seq).rev() {
            self.looked += 1;
            let Some(earlier) = log.packet(seq).filter(|earlier| self.has(earlier)) else {
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
}

fn opens(packet: &Packet<'_>) -> bool {
    packet.packet_type == PacketType::Publish && !packet.dup
}
