//! Typed packets from the broker, decoded by mqttbytes after our validation.
//!
//! mqttbytes does not check reserved flags, direction, trailing bytes and most identifiers, and it takes a short packet
//! for an incomplete one. So it gets exactly one whole packet that was validated, and any error from it means that the
//! packet is malformed. This file reads what mqttbytes does not: the short DISCONNECT, AUTH, and a CONNACK in the
//! format of an earlier version.
//!
//! Its functions for single packet types are used, because its function for all types also reads packets that only a
//! client sends, which adds 18 kB to the program.

use bytes::Bytes;
use mqttbytes::{v4, v5};

use super::fault::{Fault, FaultKind};
use super::outline::outline;
use super::packet::{Direction, PacketType, Version};
use super::properties::ConnackProperties;
use super::read_properties::{auth_properties, section, without_further};
use super::typed::{Acknowledgement, Auth, Codes, Connack, Disconnect, FromBroker};

/// Validates a whole packet of the broker and makes it typed. A PUBLISH is refused with [`FaultKind::TypeNotAllowed`]:
/// it stays as bytes, and [`outline()`] finds its parts.
pub fn decode(packet: &[u8], version: Version) -> Result<FromBroker, Fault> {
    let outline = outline(packet, version, Direction::Incoming)?;
    let kind = if outline.packet_type == PacketType::Publish {
        FaultKind::TypeNotAllowed
    } else {
        let typed = match version {
            Version::V31 | Version::V311 => earlier(packet, outline.packet_type),
            Version::V5 => five(packet, outline.packet_type),
        };
        match typed {
            Some(typed) => return Ok(typed),
            None => FaultKind::Codec,
        }
    };
    Err(Fault {
        kind,
        at: 0,
        packet_type: Some(outline.packet_type),
        version,
    })
}

/// MQTT 3.1 and 3.1.1, which are the same for a client.
fn earlier(packet: &[u8], packet_type: PacketType) -> Option<FromBroker> {
    let header = mqttbytes::check(packet.iter(), packet.len()).ok()?;
    let bytes = Bytes::copy_from_slice(packet);
    let typed = match packet_type {
        PacketType::Connack => {
            let connack = v4::ConnAck::read(header, bytes).ok()?;
            FromBroker::Connack(Box::new(Connack {
                session_present: connack.session_present,
                code: connack.code as u8,
                ..Connack::default()
            }))
        }
        PacketType::Puback => FromBroker::Puback(plain(v4::PubAck::read(header, bytes).ok()?.pkid)),
        PacketType::Pubrec => FromBroker::Pubrec(plain(v4::PubRec::read(header, bytes).ok()?.pkid)),
        PacketType::Pubrel => FromBroker::Pubrel(plain(v4::PubRel::read(header, bytes).ok()?.pkid)),
        PacketType::Pubcomp => {
            FromBroker::Pubcomp(plain(v4::PubComp::read(header, bytes).ok()?.pkid))
        }
        PacketType::Suback => {
            let suback = v4::SubAck::read(header, bytes).ok()?;
            let codes = suback.return_codes.iter().map(|code| match code {
                v4::SubscribeReasonCode::Success(qos) => *qos as u8,
                v4::SubscribeReasonCode::Failure => 0x80,
            });
            FromBroker::Suback(Codes {
                packet_id: suback.pkid,
                codes: codes.collect(),
                ..Codes::default()
            })
        }
        PacketType::Unsuback => FromBroker::Unsuback(Codes {
            packet_id: v4::UnsubAck::read(header, bytes).ok()?.pkid,
            ..Codes::default()
        }),
        PacketType::Pingresp => FromBroker::Pingresp,
        _ => return None,
    };
    Some(typed)
}

fn plain(packet_id: u16) -> Acknowledgement {
    Acknowledgement {
        packet_id,
        ..Acknowledgement::default()
    }
}

// mqttbytes has a type for each packet, with the same field names but without a common trait.

macro_rules! acknowledgement {
    ($packet:ty, $header:ident, $bytes:ident) => {{
        let one = <$packet>::read($header, $bytes).ok()?;
        let said = one
            .properties
            .map(|all| (all.reason_string, all.user_properties));
        let (reason_string, user_properties) = said.unwrap_or_default();
        Acknowledgement {
            packet_id: one.pkid,
            code: one.reason as u8,
            reason_string,
            user_properties,
        }
    }};
}

macro_rules! codes {
    ($packet:ty, $codes:ident, $header:ident, $bytes:ident) => {{
        let one = <$packet>::read($header, $bytes).ok()?;
        let said = one
            .properties
            .map(|all| (all.reason_string, all.user_properties));
        let (reason_string, user_properties) = said.unwrap_or_default();
        Codes {
            packet_id: one.pkid,
            codes: one.$codes.iter().map(|code| *code as u8).collect(),
            reason_string,
            user_properties,
        }
    }};
}

fn five(packet: &[u8], packet_type: PacketType) -> Option<FromBroker> {
    match (packet_type, packet) {
        // The flags are 0, because the outline refuses session present here.
        (PacketType::Connack, &[_, 2, _, code]) => {
            return Some(FromBroker::Connack(Box::new(Connack {
                code,
                ..Connack::default()
            })));
        }
        (PacketType::Disconnect, &[_, 0] | &[_, 1, _]) => {
            return Some(FromBroker::Disconnect(Disconnect {
                code: packet.get(2).copied().unwrap_or(0),
                ..Disconnect::default()
            }));
        }
        (PacketType::Auth, _) => return Some(FromBroker::Auth(auth(packet))),
        _ => {}
    }
    // mqttbytes would allocate all of them, however many there are.
    let shorter = without_further(packet, before_properties(packet_type));
    let packet = shorter.as_deref().unwrap_or(packet);
    let header = mqttbytes::check(packet.iter(), packet.len()).ok()?;
    let bytes = Bytes::copy_from_slice(packet);
    let typed = match packet_type {
        PacketType::Connack => {
            let connack = v5::ConnAck::read(header, bytes).ok()?;
            FromBroker::Connack(Box::new(Connack {
                session_present: connack.session_present,
                code: connack.code as u8,
                properties: connack
                    .properties
                    .map(connack_properties)
                    .unwrap_or_default(),
            }))
        }
        PacketType::Puback => FromBroker::Puback(acknowledgement!(v5::PubAck, header, bytes)),
        PacketType::Pubrec => FromBroker::Pubrec(acknowledgement!(v5::PubRec, header, bytes)),
        PacketType::Pubrel => FromBroker::Pubrel(acknowledgement!(v5::PubRel, header, bytes)),
        PacketType::Pubcomp => FromBroker::Pubcomp(acknowledgement!(v5::PubComp, header, bytes)),
        PacketType::Suback => FromBroker::Suback(codes!(v5::SubAck, return_codes, header, bytes)),
        PacketType::Unsuback => FromBroker::Unsuback(codes!(v5::UnsubAck, reasons, header, bytes)),
        PacketType::Disconnect => {
            let one = v5::Disconnect::read(header, bytes).ok()?;
            let mut disconnect = Disconnect {
                code: one.reason_code as u8,
                ..Disconnect::default()
            };
            if let Some(properties) = one.properties {
                disconnect.session_expiry = properties.session_expiry_interval;
                disconnect.reason_string = properties.reason_string;
                disconnect.server_reference = properties.server_reference;
                disconnect.user_properties = properties.user_properties;
            }
            FromBroker::Disconnect(disconnect)
        }
        PacketType::Pingresp => FromBroker::Pingresp,
        _ => return None,
    };
    Some(typed)
}

/// How many bytes of the body come before the property length.
fn before_properties(packet_type: PacketType) -> usize {
    match packet_type {
        // Reason code.
        PacketType::Disconnect => 1,
        // Flags and reason code; packet identifier.
        PacketType::Connack | PacketType::Suback | PacketType::Unsuback => 2,
        // Packet identifier and reason code.
        _ => 3,
    }
}

fn connack_properties(all: v5::ConnAckProperties) -> ConnackProperties {
    let flag = |byte: Option<u8>| byte.map(|byte| byte == 1);
    ConnackProperties {
        session_expiry: all.session_expiry_interval,
        receive_maximum: all.receive_max,
        maximum_qos: all.max_qos,
        retain_available: flag(all.retain_available),
        maximum_packet_size: all.max_packet_size,
        assigned_client_id: all.assigned_client_identifier,
        topic_alias_maximum: all.topic_alias_max,
        reason_string: all.reason_string,
        user_properties: all.user_properties,
        wildcard_available: flag(all.wildcard_subscription_available),
        identifiers_available: flag(all.subscription_identifiers_available),
        shared_available: flag(all.shared_subscription_available),
        server_keep_alive: all.server_keep_alive,
        response_information: all.response_information,
        server_reference: all.server_reference,
        authentication_method: all.authentication_method,
        authentication_data: all.authentication_data.map(|data| data.to_vec()),
    }
}

/// Of a validated AUTH: it is empty, or has a code and a property length.
fn auth(packet: &[u8]) -> Auth {
    let body = section(packet.get(1..).unwrap_or_default());
    let Some((&code, properties)) = body.split_first() else {
        return Auth::default();
    };
    let mut auth = Auth {
        code,
        ..Auth::default()
    };
    auth_properties(section(properties), &mut auth);
    auth
}
