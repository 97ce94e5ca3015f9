//! The properties of MQTT 5 on the wire: identifiers, types of their values, and which packet may hold which (MQTT 5
//! section 2.2.2.2, table 2-4).
//!
//! Tables only; knows no bytes. [`super::properties`] has them as plain data.

use super::label::{self, Label};
use super::packet::{Direction, PacketType};

pub(super) const PAYLOAD_FORMAT: u8 = 0x01;
pub(super) const MESSAGE_EXPIRY: u8 = 0x02;
pub(super) const CONTENT_TYPE: u8 = 0x03;
pub(super) const RESPONSE_TOPIC: u8 = 0x08;
pub(super) const CORRELATION_DATA: u8 = 0x09;
pub(super) const SUBSCRIPTION_ID: u8 = 0x0B;
pub(super) const SESSION_EXPIRY: u8 = 0x11;
pub(super) const ASSIGNED_CLIENT_ID: u8 = 0x12;
pub(super) const SERVER_KEEP_ALIVE: u8 = 0x13;
pub(super) const AUTHENTICATION_METHOD: u8 = 0x15;
pub(super) const AUTHENTICATION_DATA: u8 = 0x16;
pub(super) const REQUEST_PROBLEM_INFORMATION: u8 = 0x17;
pub(super) const WILL_DELAY: u8 = 0x18;
pub(super) const REQUEST_RESPONSE_INFORMATION: u8 = 0x19;
pub(super) const RESPONSE_INFORMATION: u8 = 0x1A;
pub(super) const SERVER_REFERENCE: u8 = 0x1C;
pub(super) const REASON_STRING: u8 = 0x1F;
pub(super) const RECEIVE_MAXIMUM: u8 = 0x21;
pub(super) const TOPIC_ALIAS_MAXIMUM: u8 = 0x22;
pub(super) const TOPIC_ALIAS: u8 = 0x23;
pub(super) const MAXIMUM_QOS: u8 = 0x24;
pub(super) const RETAIN_AVAILABLE: u8 = 0x25;
pub(super) const USER_PROPERTY: u8 = 0x26;
pub(super) const MAXIMUM_PACKET_SIZE: u8 = 0x27;
pub(super) const WILDCARD_AVAILABLE: u8 = 0x28;
pub(super) const IDENTIFIERS_AVAILABLE: u8 = 0x29;
pub(super) const SHARED_AVAILABLE: u8 = 0x2A;

/// The type of a property's value.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// One byte, 0 or 1.
    Flag(&'static Label),
    /// Two bytes.
    Two(&'static Label),
    /// Two bytes, not both 0.
    TwoNotZero(&'static Label),
    /// Four bytes.
    Four(&'static Label),
    /// Four bytes, not all 0.
    FourNotZero(&'static Label),
    /// A variable byte integer, not 0.
    VariableNotZero(&'static Label),
    /// UTF-8 text after a length.
    Text(&'static Label, &'static Label),
    /// A topic name after a length.
    TopicName(&'static Label, &'static Label),
    /// Bytes behind a length.
    Binary(&'static Label, &'static Label),
    /// Two texts, each after a length.
    Pair,
}

/// The type for this identifier; `None`: there is no such property.
#[inline]
pub(super) fn kind(id: u8) -> Option<Kind> {
    use label::*;
    Some(match id {
        self::PAYLOAD_FORMAT => Kind::Flag(&label::PAYLOAD_FORMAT),
        self::MESSAGE_EXPIRY => Kind::Four(&label::MESSAGE_EXPIRY),
        self::CONTENT_TYPE => Kind::Text(&CONTENT_TYPE_LENGTH, &label::CONTENT_TYPE),
        self::RESPONSE_TOPIC => Kind::TopicName(&RESPONSE_TOPIC_LENGTH, &label::RESPONSE_TOPIC),
        self::CORRELATION_DATA => Kind::Binary(&CORRELATION_DATA_LENGTH, &label::CORRELATION_DATA),
        self::SUBSCRIPTION_ID => Kind::VariableNotZero(&label::SUBSCRIPTION_ID),
        self::SESSION_EXPIRY => Kind::Four(&label::SESSION_EXPIRY),
        self::ASSIGNED_CLIENT_ID => {
            Kind::Text(&ASSIGNED_CLIENT_ID_LENGTH, &label::ASSIGNED_CLIENT_ID)
        }
        self::SERVER_KEEP_ALIVE => Kind::Two(&label::SERVER_KEEP_ALIVE),
        self::AUTHENTICATION_METHOD => {
            Kind::Text(&AUTHENTICATION_METHOD_LENGTH, &label::AUTHENTICATION_METHOD)
        }
        self::AUTHENTICATION_DATA => {
            Kind::Binary(&AUTHENTICATION_DATA_LENGTH, &label::AUTHENTICATION_DATA)
        }
        self::REQUEST_PROBLEM_INFORMATION => Kind::Flag(&label::REQUEST_PROBLEM_INFORMATION),
        self::WILL_DELAY => Kind::Four(&label::WILL_DELAY),
        self::REQUEST_RESPONSE_INFORMATION => Kind::Flag(&label::REQUEST_RESPONSE_INFORMATION),
        self::RESPONSE_INFORMATION => {
            Kind::Text(&RESPONSE_INFORMATION_LENGTH, &label::RESPONSE_INFORMATION)
        }
        self::SERVER_REFERENCE => Kind::Text(&SERVER_REFERENCE_LENGTH, &label::SERVER_REFERENCE),
        self::REASON_STRING => Kind::Text(&REASON_STRING_LENGTH, &label::REASON_STRING),
        self::RECEIVE_MAXIMUM => Kind::TwoNotZero(&label::RECEIVE_MAXIMUM),
        self::TOPIC_ALIAS_MAXIMUM => Kind::Two(&label::TOPIC_ALIAS_MAXIMUM),
        self::TOPIC_ALIAS => Kind::TwoNotZero(&label::TOPIC_ALIAS),
        self::MAXIMUM_QOS => Kind::Flag(&label::MAXIMUM_QOS),
        self::RETAIN_AVAILABLE => Kind::Flag(&label::RETAIN_AVAILABLE),
        self::USER_PROPERTY => Kind::Pair,
        self::MAXIMUM_PACKET_SIZE => Kind::FourNotZero(&label::MAXIMUM_PACKET_SIZE),
        self::WILDCARD_AVAILABLE => Kind::Flag(&label::WILDCARD_AVAILABLE),
        self::IDENTIFIERS_AVAILABLE => Kind::Flag(&label::IDENTIFIERS_AVAILABLE),
        self::SHARED_AVAILABLE => Kind::Flag(&label::SHARED_AVAILABLE),
        _ => return None,
    })
}

/// Its name in the specification.
pub(super) fn name(id: u8) -> &'static str {
    match kind(id) {
        None => "unknown",
        Some(Kind::Pair) => "User Property",
        Some(
            Kind::Flag(label)
            | Kind::Two(label)
            | Kind::TwoNotZero(label)
            | Kind::Four(label)
            | Kind::FourNotZero(label)
            | Kind::VariableNotZero(label)
            | Kind::Text(_, label)
            | Kind::TopicName(_, label)
            | Kind::Binary(_, label),
        ) => label.name,
    }
}

/// The identifiers that are allowed in one kind of packet, with their sections. The first one, 0, is the property
/// length.
type Section = &'static [(u8, &'static str)];

const CONNECT: Section = &[
    (0, "3.1.2.11.1"),
    (SESSION_EXPIRY, "3.1.2.11.2"),
    (RECEIVE_MAXIMUM, "3.1.2.11.3"),
    (MAXIMUM_PACKET_SIZE, "3.1.2.11.4"),
    (TOPIC_ALIAS_MAXIMUM, "3.1.2.11.5"),
    (REQUEST_RESPONSE_INFORMATION, "3.1.2.11.6"),
    (REQUEST_PROBLEM_INFORMATION, "3.1.2.11.7"),
    (USER_PROPERTY, "3.1.2.11.8"),
    (AUTHENTICATION_METHOD, "3.1.2.11.9"),
    (AUTHENTICATION_DATA, "3.1.2.11.10"),
];
const WILL: Section = &[
    (0, "3.1.3.2.1"),
    (WILL_DELAY, "3.1.3.2.2"),
    (PAYLOAD_FORMAT, "3.1.3.2.3"),
    (MESSAGE_EXPIRY, "3.1.3.2.4"),
    (CONTENT_TYPE, "3.1.3.2.5"),
    (RESPONSE_TOPIC, "3.1.3.2.6"),
    (CORRELATION_DATA, "3.1.3.2.7"),
    (USER_PROPERTY, "3.1.3.2.8"),
];
const CONNACK: Section = &[
    (0, "3.2.2.3.1"),
    (SESSION_EXPIRY, "3.2.2.3.2"),
    (RECEIVE_MAXIMUM, "3.2.2.3.3"),
    (MAXIMUM_QOS, "3.2.2.3.4"),
    (RETAIN_AVAILABLE, "3.2.2.3.5"),
    (MAXIMUM_PACKET_SIZE, "3.2.2.3.6"),
    (ASSIGNED_CLIENT_ID, "3.2.2.3.7"),
    (TOPIC_ALIAS_MAXIMUM, "3.2.2.3.8"),
    (REASON_STRING, "3.2.2.3.9"),
    (USER_PROPERTY, "3.2.2.3.10"),
    (WILDCARD_AVAILABLE, "3.2.2.3.11"),
    (IDENTIFIERS_AVAILABLE, "3.2.2.3.12"),
    (SHARED_AVAILABLE, "3.2.2.3.13"),
    (SERVER_KEEP_ALIVE, "3.2.2.3.14"),
    (RESPONSE_INFORMATION, "3.2.2.3.15"),
    (SERVER_REFERENCE, "3.2.2.3.16"),
    (AUTHENTICATION_METHOD, "3.2.2.3.17"),
    (AUTHENTICATION_DATA, "3.2.2.3.18"),
];
const PUBLISH: Section = &[
    (0, "3.3.2.3.1"),
    (PAYLOAD_FORMAT, "3.3.2.3.2"),
    (MESSAGE_EXPIRY, "3.3.2.3.3"),
    (TOPIC_ALIAS, "3.3.2.3.4"),
    (RESPONSE_TOPIC, "3.3.2.3.5"),
    (CORRELATION_DATA, "3.3.2.3.6"),
    (USER_PROPERTY, "3.3.2.3.7"),
    (SUBSCRIPTION_ID, "3.3.2.3.8"),
    (CONTENT_TYPE, "3.3.2.3.9"),
];
const PUBACK: Section = &[
    (0, "3.4.2.2.1"),
    (REASON_STRING, "3.4.2.2.2"),
    (USER_PROPERTY, "3.4.2.2.3"),
];
const PUBREC: Section = &[
    (0, "3.5.2.2.1"),
    (REASON_STRING, "3.5.2.2.2"),
    (USER_PROPERTY, "3.5.2.2.3"),
];
const PUBREL: Section = &[
    (0, "3.6.2.2.1"),
    (REASON_STRING, "3.6.2.2.2"),
    (USER_PROPERTY, "3.6.2.2.3"),
];
const PUBCOMP: Section = &[
    (0, "3.7.2.2.1"),
    (REASON_STRING, "3.7.2.2.2"),
    (USER_PROPERTY, "3.7.2.2.3"),
];
const SUBSCRIBE: Section = &[
    (0, "3.8.2.1.1"),
    (SUBSCRIPTION_ID, "3.8.2.1.2"),
    (USER_PROPERTY, "3.8.2.1.3"),
];
const SUBACK: Section = &[
    (0, "3.9.2.1.1"),
    (REASON_STRING, "3.9.2.1.2"),
    (USER_PROPERTY, "3.9.2.1.3"),
];
const UNSUBSCRIBE: Section = &[(0, "3.10.2.1.1"), (USER_PROPERTY, "3.10.2.1.2")];
const UNSUBACK: Section = &[
    (0, "3.11.2.1.1"),
    (REASON_STRING, "3.11.2.1.2"),
    (USER_PROPERTY, "3.11.2.1.3"),
];
const DISCONNECT: Section = &[
    (0, "3.14.2.2.1"),
    (SESSION_EXPIRY, "3.14.2.2.2"),
    (REASON_STRING, "3.14.2.2.3"),
    (USER_PROPERTY, "3.14.2.2.4"),
    (SERVER_REFERENCE, "3.14.2.2.5"),
];
const AUTH: Section = &[
    (0, "3.15.2.2.1"),
    (AUTHENTICATION_METHOD, "3.15.2.2.2"),
    (AUTHENTICATION_DATA, "3.15.2.2.3"),
    (REASON_STRING, "3.15.2.2.4"),
    (USER_PROPERTY, "3.15.2.2.5"),
];

fn section(packet_type: PacketType, in_will: bool) -> Section {
    match packet_type {
        PacketType::Connect if in_will => WILL,
        PacketType::Connect => CONNECT,
        PacketType::Connack => CONNACK,
        PacketType::Publish => PUBLISH,
        PacketType::Puback => PUBACK,
        PacketType::Pubrec => PUBREC,
        PacketType::Pubrel => PUBREL,
        PacketType::Pubcomp => PUBCOMP,
        PacketType::Subscribe => SUBSCRIBE,
        PacketType::Suback => SUBACK,
        PacketType::Unsubscribe => UNSUBSCRIBE,
        PacketType::Unsuback => UNSUBACK,
        PacketType::Disconnect => DISCONNECT,
        PacketType::Auth => AUTH,
        PacketType::Pingreq | PacketType::Pingresp => &[],
    }
}

/// One bit for each allowed identifier.
pub(super) const fn mask(section: Section) -> u64 {
    let mut mask = 0;
    let mut index = 1;
    while index < section.len() {
        mask |= 1 << section[index].0;
        index += 1;
    }
    mask
}

/// One bit for each identifier that is allowed in a PUBLISH.
pub(super) const IN_PUBLISH: u64 = mask(PUBLISH);

/// One bit for each identifier that is allowed in the properties of this packet, or in those of its will.
pub(super) fn allowed(packet_type: PacketType, in_will: bool) -> u64 {
    mask(section(packet_type, in_will))
}

/// The one side that may send this property in this packet, where only one may send it and the packet can come from both.
#[inline]
pub(super) fn only_way(id: u8, packet_type: PacketType) -> Option<Direction> {
    match (packet_type, id) {
        (PacketType::Publish, SUBSCRIPTION_ID) | (PacketType::Disconnect, SERVER_REFERENCE) => {
            Some(Direction::Incoming)
        }
        (PacketType::Disconnect, SESSION_EXPIRY) => Some(Direction::Outgoing),
        _ => None,
    }
}

/// The section that describes this property in this packet; identifier 0 is the length of all of them.
pub(super) fn clause(id: u8, packet_type: PacketType, in_will: bool) -> &'static str {
    let find = |section: Section| section.iter().find(|entry| entry.0 == id);
    find(section(packet_type, in_will))
        // A fault does not record whether it is in the will. An identifier that is allowed in both gets the section of
        // CONNECT.
        .or_else(|| {
            (packet_type == PacketType::Connect)
                .then(|| find(WILL))
                .flatten()
        })
        .map_or("2.2.2.2", |entry| entry.1)
}
