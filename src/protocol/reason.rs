//! Return codes (MQTT 3.1.1 sections 3.2.2.3 and 3.9.3) and the reason codes of MQTT 5 (section 2.4): their names in
//! the specification, and which packets may have them.
//!
//! English only, on purpose: the page translates them.

use super::packet::{Direction, PacketType, Version};

/// What a CONNACK return code means before MQTT 5 (MQTT 3.1.1 section 3.2.2.3, table 3.1).
pub fn connack_name(code: u8) -> &'static str {
    match code {
        0 => "Connection Accepted",
        1 => "Connection Refused, unacceptable protocol version",
        2 => "Connection Refused, identifier rejected",
        3 => "Connection Refused, Server unavailable",
        4 => "Connection Refused, bad user name or password",
        5 => "Connection Refused, not authorized",
        _ => "Reserved for future use",
    }
}

/// What a SUBACK return code means before MQTT 5 (MQTT 3.1.1 section 3.9.3).
pub fn suback_name(code: u8) -> &'static str {
    match code {
        0 => "Success - Maximum QoS 0",
        1 => "Success - Maximum QoS 1",
        2 => "Success - Maximum QoS 2",
        0x80 => "Failure",
        _ => "Reserved",
    }
}

/// The meaning of a code in a packet of this type. `Reserved`: it has none, or the packet has no code.
pub fn reason_name(version: Version, packet_type: PacketType, code: u8) -> &'static str {
    match (version, packet_type) {
        // A broker that does not know MQTT 5 answers in the format of MQTT 3.1.1 (MQTT 5 section 3.1.2.2).
        (Version::V5, PacketType::Connack) if matches!(code, 1..=5) => connack_name(code),
        (Version::V5, _) => match sender(packet_type, code) {
            None => "Reserved",
            Some(_) => match (code, packet_type) {
                (0, PacketType::Disconnect) => "Normal disconnection",
                (0, PacketType::Suback) => "Granted QoS 0",
                _ => name(code),
            },
        },
        (_, PacketType::Connack) => connack_name(code),
        (_, PacketType::Suback) => suback_name(code),
        _ => "Reserved",
    }
}

/// Which side may send a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// Only the client.
    Client,
    /// Only the broker.
    Server,
    /// Either.
    Either,
}

impl Sender {
    /// A packet in this direction may have it.
    pub fn may_go(self, direction: Direction) -> bool {
        match self {
            Self::Either => true,
            Self::Client => direction == Direction::Outgoing,
            Self::Server => direction == Direction::Incoming,
        }
    }
}

/// Which side may send this reason code of MQTT 5 in a packet of this type; `None`: nobody (sections 3.2.2.2, 3.4.2.1,
/// 3.5.2.1, 3.6.2.1, 3.7.2.1, 3.9.3, 3.11.3, 3.14.2.1 and 3.15.2.1).
///
/// By table 3-10 only a client may send normal disconnection. It is accepted from a broker, too: the short packet
/// without a reason code means the same, and the specification does not restrict who sends it.
pub fn sender(packet_type: PacketType, code: u8) -> Option<Sender> {
    use Sender::{Client, Either, Server};
    match packet_type {
        PacketType::Connack => matches!(
            code,
            0 | 0x80..=0x8A | 0x8C | 0x90 | 0x95 | 0x97 | 0x99..=0x9D | 0x9F
        )
        .then_some(Server),
        PacketType::Puback | PacketType::Pubrec => match code {
            0 | 0x80 | 0x83 | 0x87 | 0x90 | 0x91 | 0x97 | 0x99 => Some(Either),
            0x10 => Some(Server),
            _ => None,
        },
        PacketType::Pubrel | PacketType::Pubcomp => matches!(code, 0 | 0x92).then_some(Either),
        PacketType::Suback => matches!(
            code,
            0..=2 | 0x80 | 0x83 | 0x87 | 0x8F | 0x91 | 0x97 | 0x9E | 0xA1 | 0xA2
        )
        .then_some(Server),
        PacketType::Unsuback => {
            matches!(code, 0 | 0x11 | 0x80 | 0x83 | 0x87 | 0x8F | 0x91).then_some(Server)
        }
        PacketType::Disconnect => match code {
            0 | 0x80..=0x83 | 0x90 | 0x93..=0x99 => Some(Either),
            4 => Some(Client),
            0x87 | 0x89 | 0x8B | 0x8D..=0x8F | 0x9A..=0xA2 => Some(Server),
            _ => None,
        },
        PacketType::Auth => match code {
            0 => Some(Server),
            0x18 => Some(Either),
            0x19 => Some(Client),
            _ => None,
        },
        PacketType::Connect
        | PacketType::Publish
        | PacketType::Subscribe
        | PacketType::Unsubscribe
        | PacketType::Pingreq
        | PacketType::Pingresp => None,
    }
}

/// Section 2.4, table 2-6.
fn name(code: u8) -> &'static str {
    match code {
        0x00 => "Success",
        0x01 => "Granted QoS 1",
        0x02 => "Granted QoS 2",
        0x04 => "Disconnect with Will Message",
        0x10 => "No matching subscribers",
        0x11 => "No subscription existed",
        0x18 => "Continue authentication",
        0x19 => "Re-authenticate",
        0x80 => "Unspecified error",
        0x81 => "Malformed Packet",
        0x82 => "Protocol Error",
        0x83 => "Implementation specific error",
        0x84 => "Unsupported Protocol Version",
        0x85 => "Client Identifier not valid",
        0x86 => "Bad User Name or Password",
        0x87 => "Not authorized",
        0x88 => "Server unavailable",
        0x89 => "Server busy",
        0x8A => "Banned",
        0x8B => "Server shutting down",
        0x8C => "Bad authentication method",
        0x8D => "Keep Alive timeout",
        0x8E => "Session taken over",
        0x8F => "Topic Filter invalid",
        0x90 => "Topic Name invalid",
        0x91 => "Packet Identifier in use",
        0x92 => "Packet Identifier not found",
        0x93 => "Receive Maximum exceeded",
        0x94 => "Topic Alias invalid",
        0x95 => "Packet too large",
        0x96 => "Message rate too high",
        0x97 => "Quota exceeded",
        0x98 => "Administrative action",
        0x99 => "Payload format invalid",
        0x9A => "Retain not supported",
        0x9B => "QoS not supported",
        0x9C => "Use another server",
        0x9D => "Server moved",
        0x9E => "Shared Subscriptions not supported",
        0x9F => "Connection rate exceeded",
        0xA0 => "Maximum connect time",
        0xA1 => "Subscription Identifiers not supported",
        0xA2 => "Wildcard Subscriptions not supported",
        _ => "Reserved",
    }
}
