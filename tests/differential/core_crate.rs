//! The oracle in Rust: crate `mqtt-protocol-core`, packets of MQTT 3.1.1 and 5. It does not speak 3.1.

use std::fmt::Debug;
use std::sync::Arc;

use midge::protocol::Version;
use mqtt_protocol_core::mqtt::packet::{Properties, Property as TheirProperty, v3_1_1, v5_0};
use mqtt_protocol_core::mqtt::prelude::PropertyValueAccess;

use super::answer::Answer;
use super::packet::{
    Acknowledgement, Bytes, Codes, Connect, Filters, Packet, Property, Publish, Value, Will,
};

/// Its name, in the list of known disagreements too.
pub const NAME: &str = "mqtt-protocol-core";

/// What it makes of one whole packet.
pub fn ask(bytes: &[u8], version: Version) -> Answer {
    match read(bytes, version) {
        Ok((packet, again)) => Answer {
            decoded: Ok(packet.settled()),
            again: Ok(again),
        },
        Err(reason) => Answer {
            decoded: Err(reason.clone()),
            again: Err(reason),
        },
    }
}

type Read = Result<(Packet, Vec<u8>), String>;

fn read(bytes: &[u8], version: Version) -> Read {
    let length_bytes = 1 + bytes[1..]
        .iter()
        .position(|byte| byte & 0x80 == 0)
        .ok_or("no end of the remaining length")?;
    let body = &bytes[1 + length_bytes..];
    if version == Version::V5 {
        read_v5(bytes[0], body)
    } else {
        read_v311(bytes[0], body)
    }
}

/// A packet of theirs, if all bytes were taken.
fn whole<P, E: Debug>(parsed: Result<(P, usize), E>, body: &[u8]) -> Result<P, String> {
    match parsed {
        Ok((packet, taken)) if taken == body.len() => Ok(packet),
        Ok((_, taken)) => Err(format!("{taken} of {} bytes taken", body.len())),
        Err(error) => Err(format!("{error:?}")),
    }
}

/// Translates a packet of theirs and lets it be written again.
macro_rules! both {
    ($parsed:expr, $body:expr, |$packet:ident| $meaning:expr) => {{
        let $packet = whole($parsed, $body)?;
        Ok(($meaning, $packet.to_continuous_buffer()))
    }};
}

macro_rules! acknowledgement_v5 {
    ($type:ty, $body:expr, $kind:expr) => {
        both!(<$type>::parse($body), $body, |p| Packet::Acknowledgement(
            Acknowledgement {
                kind: $kind,
                packet_id: p.packet_id(),
                code: p.reason_code().map_or(0, |code| code as u8),
                properties: optional(p.props()),
            }
        ))
    };
}

fn read_v5(first: u8, body: &[u8]) -> Read {
    match first >> 4 {
        1 => both!(v5_0::Connect::parse(body), body, |p| Packet::Connect(
            Connect {
                client_id: p.client_id().to_owned(),
                keep_alive: p.keep_alive(),
                clean: p.clean_start(),
                user_name: p.user_name().map(str::to_owned),
                password: p.password().map(|bytes| Bytes(bytes.to_vec())),
                will: p.will_topic().map(|topic| Will {
                    topic: topic.to_owned(),
                    payload: Bytes(p.will_payload().unwrap_or_default().to_vec()),
                    qos: p.will_qos() as u8,
                    retain: p.will_retain(),
                    properties: properties(p.will_props()),
                }),
                properties: properties(p.props()),
            }
        )),
        2 => both!(v5_0::Connack::parse(body), body, |p| Packet::Connack {
            session_present: p.session_present(),
            code: p.reason_code() as u8,
            properties: properties(p.props()),
        }),
        3 => both!(
            v5_0::Publish::parse(first & 0x0F, Arc::from(body)),
            body,
            |p| Packet::Publish(Publish {
                dup: p.dup(),
                qos: p.qos() as u8,
                retain: p.retain(),
                packet_id: p.packet_id().unwrap_or(0),
                topic: p.topic_name().to_owned(),
                payload: Bytes(p.payload().as_slice().to_vec()),
                properties: properties(p.props()),
            })
        ),
        4 => acknowledgement_v5!(v5_0::Puback, body, 4),
        5 => acknowledgement_v5!(v5_0::Pubrec, body, 5),
        6 => acknowledgement_v5!(v5_0::Pubrel, body, 6),
        7 => acknowledgement_v5!(v5_0::Pubcomp, body, 7),
        8 => both!(v5_0::Subscribe::parse(body), body, |p| Packet::Filters(
            Filters {
                kind: 8,
                packet_id: p.packet_id(),
                filters: p
                    .entries()
                    .iter()
                    .map(|entry| (
                        entry.topic_filter().to_owned(),
                        entry.sub_opts().to_buffer()[0]
                    ))
                    .collect(),
                properties: properties(p.props()),
            }
        )),
        9 => both!(v5_0::Suback::parse(body), body, |p| Packet::Codes(Codes {
            kind: 9,
            packet_id: p.packet_id(),
            codes: p.reason_codes().iter().map(|code| *code as u8).collect(),
            properties: properties(p.props()),
        })),
        10 => both!(v5_0::Unsubscribe::parse(body), body, |p| Packet::Filters(
            Filters {
                kind: 10,
                packet_id: p.packet_id(),
                filters: p
                    .entries()
                    .iter()
                    .map(|entry| (entry.as_str().to_owned(), 0))
                    .collect(),
                properties: properties(p.props()),
            }
        )),
        11 => both!(v5_0::Unsuback::parse(body), body, |p| Packet::Codes(
            Codes {
                kind: 11,
                packet_id: p.packet_id(),
                codes: p.reason_codes().iter().map(|code| *code as u8).collect(),
                properties: properties(p.props()),
            }
        )),
        12 => both!(v5_0::Pingreq::parse(body), body, |p| Packet::Pingreq),
        13 => both!(v5_0::Pingresp::parse(body), body, |p| Packet::Pingresp),
        14 => both!(v5_0::Disconnect::parse(body), body, |p| {
            Packet::Disconnect {
                code: p.reason_code().map_or(0, |code| code as u8),
                properties: optional(p.props()),
            }
        }),
        15 => both!(v5_0::Auth::parse(body), body, |p| Packet::Auth {
            code: p.reason_code().map_or(0, |code| code as u8),
            properties: optional(p.props()),
        }),
        kind => Err(format!("no packet type {kind}")),
    }
}

macro_rules! acknowledgement_v311 {
    ($type:ty, $body:expr, $kind:expr) => {
        both!(<$type>::parse($body), $body, |p| Packet::Acknowledgement(
            Acknowledgement {
                kind: $kind,
                packet_id: p.packet_id(),
                ..Acknowledgement::default()
            }
        ))
    };
}

fn read_v311(first: u8, body: &[u8]) -> Read {
    match first >> 4 {
        1 => both!(v3_1_1::Connect::parse(body), body, |p| Packet::Connect(
            Connect {
                client_id: p.client_id().to_owned(),
                keep_alive: p.keep_alive(),
                clean: p.clean_session(),
                user_name: p.user_name().map(str::to_owned),
                password: p.password().map(|bytes| Bytes(bytes.to_vec())),
                will: p.will_topic().map(|topic| Will {
                    topic: topic.to_owned(),
                    payload: Bytes(p.will_payload().unwrap_or_default().to_vec()),
                    qos: p.will_qos() as u8,
                    retain: p.will_retain(),
                    properties: Vec::new(),
                }),
                properties: Vec::new(),
            }
        )),
        2 => both!(v3_1_1::Connack::parse(body), body, |p| Packet::Connack {
            session_present: p.session_present(),
            code: p.return_code() as u8,
            properties: Vec::new(),
        }),
        3 => both!(
            v3_1_1::Publish::parse(first & 0x0F, Arc::from(body)),
            body,
            |p| Packet::Publish(Publish {
                dup: p.dup(),
                qos: p.qos() as u8,
                retain: p.retain(),
                packet_id: p.packet_id().unwrap_or(0),
                topic: p.topic_name().to_owned(),
                payload: Bytes(p.payload().as_slice().to_vec()),
                properties: Vec::new(),
            })
        ),
        4 => acknowledgement_v311!(v3_1_1::Puback, body, 4),
        5 => acknowledgement_v311!(v3_1_1::Pubrec, body, 5),
        6 => acknowledgement_v311!(v3_1_1::Pubrel, body, 6),
        7 => acknowledgement_v311!(v3_1_1::Pubcomp, body, 7),
        8 => both!(v3_1_1::Subscribe::parse(body), body, |p| Packet::Filters(
            Filters {
                kind: 8,
                packet_id: p.packet_id(),
                filters: p
                    .entries()
                    .iter()
                    .map(|entry| (
                        entry.topic_filter().to_owned(),
                        entry.sub_opts().to_buffer()[0]
                    ))
                    .collect(),
                properties: Vec::new(),
            }
        )),
        9 => both!(v3_1_1::Suback::parse(body), body, |p| Packet::Codes(
            Codes {
                kind: 9,
                packet_id: p.packet_id(),
                codes: p.return_codes().iter().map(|code| *code as u8).collect(),
                properties: Vec::new(),
            }
        )),
        10 => both!(v3_1_1::Unsubscribe::parse(body), body, |p| {
            Packet::Filters(Filters {
                kind: 10,
                packet_id: p.packet_id(),
                filters: p
                    .entries()
                    .iter()
                    .map(|entry| (entry.as_str().to_owned(), 0))
                    .collect(),
                properties: Vec::new(),
            })
        }),
        11 => both!(v3_1_1::Unsuback::parse(body), body, |p| Packet::Codes(
            Codes {
                kind: 11,
                packet_id: p.packet_id(),
                ..Codes::default()
            }
        )),
        12 => both!(v3_1_1::Pingreq::parse(body), body, |p| Packet::Pingreq),
        13 => both!(v3_1_1::Pingresp::parse(body), body, |p| Packet::Pingresp),
        14 => both!(v3_1_1::Disconnect::parse(body), body, |p| {
            Packet::Disconnect {
                code: 0,
                properties: Vec::new(),
            }
        }),
        kind => Err(format!("no packet type {kind}")),
    }
}

fn optional(list: &Option<Properties>) -> Vec<Property> {
    list.as_ref().map(properties).unwrap_or_default()
}

fn properties(list: &Properties) -> Vec<Property> {
    list.iter()
        .map(|property| (property.id().as_u8(), value(property)))
        .collect()
}

fn value(property: &TheirProperty) -> Value {
    if let TheirProperty::SubscriptionIdentifier(identifier) = property {
        Value::Variable(identifier.val())
    } else if let Some(byte) = property.as_u8() {
        Value::Byte(byte)
    } else if let Some(number) = property.as_u16() {
        Value::Two(number)
    } else if let Some(number) = property.as_u32() {
        Value::Four(number)
    } else if let Some(text) = property.as_str() {
        Value::Text(text.to_owned())
    } else if let Some((name, value)) = property.as_key_value() {
        Value::Pair(name.to_owned(), value.to_owned())
    } else {
        Value::Binary(Bytes(property.as_bytes().unwrap_or_default().to_vec()))
    }
}
