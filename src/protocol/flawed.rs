//! Packets of a broker that break a rule and can be taken all the same: read a second time, with the faults forgiven that
//! leave the borders of everything where they are. Only after [`super::outline()`] or [`super::decode()`] has refused.
//!
//! Most faults inside of a PUBLISH are not the broker's: it passes on what somebody published. What is between broker and
//! client alone (packet identifiers, topic aliases) is never forgiven. Which fault is what, and why, is in
//! `docs/decisions/0016-tolerance.md`.

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
    /// It is in what was published, or about it, and not in how a packet is cut or in what is between broker and client:
    /// the message can be kept.
    pub fn is_of_a_message(&self) -> bool {
        if self.packet_type != Some(PacketType::Publish) {
            return false;
        }
        match self.kind {
            // Hop by hop, and what it stands for would be a guess.
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

    /// From here on properties cannot be told apart. Raised among them, where it is known where all of them end.
    fn is_among_properties(&self) -> bool {
        matches!(
            self.kind,
            FaultKind::PropertyUnknown(_)
                | FaultKind::PropertyOverEnd
                | FaultKind::VariableUnended
                | FaultKind::VariableNotMinimal
        )
    }

    /// What PUBACK or PUBREC says of a message that is at fault so (MQTT 5 sections 3.4.2.1 and 3.5.2.1).
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

/// Forgives what is of a message, and remembers the first of it.
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

/// The outline of a PUBLISH of a broker that breaks rules within sound borders, and the first that it breaks. `None`: it
/// breaks none, or one that cannot be forgiven. The topic is whatever stands there, of any bytes; of properties that cannot
/// be read the outline has the borders.
pub fn flawed_publish(packet: &[u8], version: Version) -> Option<(Outline, Fault)> {
    let mut forgiving = Forgiving { first: None };
    let outline = walk::walk(packet, version, Some(Direction::Incoming), &mut forgiving).ok()?;
    Some((outline, forgiving.first?))
}

/// The topic of a malformed PUBLISH, where it can be read. The packet need not be whole.
pub fn claimed_topic(packet: &[u8]) -> Option<&[u8]> {
    let (&first, rest) = packet.split_first()?;
    let (_, count) = header::remaining_length(rest).ok()??;
    let publish = PacketType::from_bits(first >> 4) == Some(PacketType::Publish);
    prefixed(rest.get(count..)?).filter(|_| publish)
}

/// Topic, and packet identifier or 0, of a PUBLISH of which only the start is here.
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

/// An answer of the broker that breaks a rule, read for what it can only mean: an acknowledgement with its packet
/// identifier, SUBACK and UNSUBACK with their codes, PINGRESP. Texts and properties are left out. `None`: it cannot be told
/// what it means.
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
        // In the shape of an earlier version, too.
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
