//! Packets of a broker that break a rule and can still be accepted. They are read a second time, tolerating faults that
//! do not affect any boundaries. Use this only after [`super::outline()`] or [`super::decode()`] has refused a packet.
//!
//! Most faults within a PUBLISH are not the broker's: it forwards what somebody published. What concerns only broker
//! and client (packet identifiers, topic aliases) is never tolerated. `docs/decisions/0016-tolerance.md` lists the
//! faults, with reasons.

use super::cursor::{Observer, Value};
use super::fault::{Fault, FaultKind};
use super::header;
use super::label::Label;
use super::packet::{Direction, Outline, PacketType, Version};
use super::property;
use super::typed::{Acknowledgement, Codes, FromBroker};
use super::walk;

/// Reason codes of PUBACK and PUBREC (MQTT 5 section 2.4).
const UNSPECIFIED: u8 = 0x80;
const TOPIC_NAME_INVALID: u8 = 0x90;
const PAYLOAD_FORMAT_INVALID: u8 = 0x99;

impl Fault {
    /// The fault is in the published message or its properties, so the message can be kept.
    pub fn is_of_a_message(&self) -> bool {
        if self.packet_type != Some(PacketType::Publish) {
            return false;
        }
        match self.kind {
            // An alias concerns only broker and client, and its meaning would be a guess.
            FaultKind::PropertyRepeated(id) | FaultKind::PropertyZero(id) => {
                id != property::TOPIC_ALIAS
            }
            FaultKind::DupWithQosZero
            | FaultKind::NotUtf8
            | FaultKind::NulInText
            | FaultKind::TopicEmpty
            | FaultKind::TopicWildcard
            | FaultKind::ResponseTopicEmpty
            | FaultKind::ResponseTopicWildcard
            | FaultKind::PropertyNotFlag(_)
            | FaultKind::PropertyNotAllowed(_) => true,
            _ => self.is_among_properties(),
        }
    }

    /// The remaining properties cannot be separated, but it is known where all of them end.
    fn is_among_properties(&self) -> bool {
        matches!(
            self.kind,
            FaultKind::PropertyUnknown(_)
                | FaultKind::PropertyOverEnd
                | FaultKind::VariableUnended
                | FaultKind::VariableNotMinimal
        )
    }

    /// The reason code of PUBACK or PUBREC for a message with this fault (MQTT 5 sections 3.4.2.1 and 3.5.2.1).
    pub fn refusal(&self, outline: &Outline) -> u8 {
        let (start, end) = outline.topic;
        match self.kind {
            FaultKind::TopicEmpty | FaultKind::TopicWildcard => TOPIC_NAME_INVALID,
            _ if (start as usize..end as usize).contains(&self.at) => TOPIC_NAME_INVALID,
            FaultKind::PropertyNotFlag(property::PAYLOAD_FORMAT) => PAYLOAD_FORMAT_INVALID,
            _ => UNSPECIFIED,
        }
    }
}

/// An observer that tolerates faults of messages, and remembers the first one.
struct Forgiving {
    first: Option<Fault>,
}

impl<'p> Observer<'p> for Forgiving {
    fn field(&mut self, _: usize, _: usize, _: &'static Label, _: Value<'p>) {}

    fn forgives(&mut self, fault: &Fault) -> bool {
        let forgiven = fault.is_of_a_message();
        if forgiven {
            self.first.get_or_insert(*fault);
        }
        forgiven
    }
}

/// The outline of a PUBLISH that breaks rules but has intact boundaries, and its first fault. `None`: it has no fault,
/// or one that cannot be tolerated. The topic may be any bytes. For properties that cannot be read, the outline has
/// their range.
pub fn flawed_publish(packet: &[u8], version: Version) -> Option<(Outline, Fault)> {
    let mut forgiving = Forgiving { first: None };
    let outline =
        walk::observed(packet, version, Some(Direction::Incoming), &mut forgiving).ok()?;
    Some((outline, forgiving.first?))
}

/// The topic of a malformed PUBLISH, if it can be read. The packet may be incomplete.
pub fn claimed_topic(packet: &[u8]) -> Option<&[u8]> {
    let (&first, rest) = packet.split_first()?;
    let (_, count) = header::remaining_length(rest).ok()??;
    let publish = PacketType::from_bits(first >> 4) == Some(PacketType::Publish);
    prefixed(rest.get(count..)?).filter(|_| publish)
}

/// Topic, and packet identifier or 0, of a PUBLISH of which only the start is known.
pub fn start_of_publish(start: &[u8]) -> Option<(&[u8], u16)> {
    let topic = claimed_topic(start)?;
    let (&first, rest) = start.split_first()?;
    if first & 0b0110 == 0 {
        return Some((topic, 0));
    }
    let (_, count) = header::remaining_length(rest).ok()??;
    let id = number(rest.get(count + 2 + topic.len()..)?)?;
    (id != 0).then_some((topic, id))
}

/// An answer of the broker that breaks a rule but whose meaning is clear: an acknowledgement with its packet
/// identifier, SUBACK and UNSUBACK with their codes, PINGRESP. Texts and properties are ignored. `None`: the meaning is
/// not clear.
pub fn flawed_answer(packet: &[u8], version: Version) -> Option<FromBroker> {
    let (packet_type, body) = cut(packet)?;
    let five = version == Version::V5;
    if packet_type == PacketType::Pingresp {
        return Some(FromBroker::Pingresp);
    }
    let packet_id = number(body).filter(|&id| id != 0)?;
    let behind = body.get(2..)?;
    let acknowledgement = || Acknowledgement {
        packet_id,
        code: behind.first().copied().filter(|_| five).unwrap_or(0),
        ..Acknowledgement::default()
    };
    let codes = |codes: &[u8]| Codes {
        packet_id,
        codes: codes.to_vec(),
        ..Codes::default()
    };
    Some(match packet_type {
        PacketType::Puback => FromBroker::Puback(acknowledgement()),
        PacketType::Pubrec => FromBroker::Pubrec(acknowledgement()),
        PacketType::Pubrel => FromBroker::Pubrel(acknowledgement()),
        PacketType::Pubcomp => FromBroker::Pubcomp(acknowledgement()),
        // Also in the format of an earlier version.
        PacketType::Unsuback if behind.is_empty() || !five => FromBroker::Unsuback(codes(&[])),
        PacketType::Suback if !five => FromBroker::Suback(codes(behind)),
        PacketType::Suback => FromBroker::Suback(codes(behind_properties(behind)?)),
        PacketType::Unsuback => FromBroker::Unsuback(codes(behind_properties(behind)?)),
        _ => return None,
    })
}

/// Type and body of one whole packet.
fn cut(packet: &[u8]) -> Option<(PacketType, &[u8])> {
    let (&first, rest) = packet.split_first()?;
    let (length, count) = header::remaining_length(rest).ok()??;
    let body = rest.get(count..)?;
    let packet_type = PacketType::from_bits(first >> 4)?;
    (body.len() == length).then_some((packet_type, body))
}

fn behind_properties(bytes: &[u8]) -> Option<&[u8]> {
    let (length, count) = header::remaining_length(bytes).ok()??;
    bytes.get(count..)?.get(length..)
}

fn prefixed(bytes: &[u8]) -> Option<&[u8]> {
    let length = usize::from(number(bytes)?);
    bytes.get(2..)?.get(..length)
}

fn number(bytes: &[u8]) -> Option<u16> {
    bytes.first_chunk().map(|two| u16::from_be_bytes(*two))
}
