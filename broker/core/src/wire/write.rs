//! Packets to clients. What they hold was checked where it came from: lengths fit.

use midge::protocol::serving::write_header;
use midge::protocol::{PacketType, Qos, Version};

use super::property::id;
use crate::message::{Ids, Message};

/// How a PUBLISH to one client looks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shape {
    /// MQTT 5.
    pub five: bool,
    /// Quality of service.
    pub qos: Qos,
    /// Delivered again.
    pub dup: bool,
    /// Retain flag.
    pub retain: bool,
    /// Packet identifier; 0 with QoS 0.
    pub packet_id: u16,
    /// Topic alias; 0 is none.
    pub alias: u16,
    /// The topic name is left out: the alias says it.
    pub nameless: bool,
    /// Message expiry interval that is left.
    pub expiry: Option<u32>,
}

impl Shape {
    fn properties(&self, message: &Message, ids: &Ids) -> usize {
        let identifiers = ids
            .as_slice()
            .iter()
            .map(|&id| 1 + variable_size(id as usize));
        message.properties.len()
            + if self.expiry.is_some() { 5 } else { 0 }
            + if self.alias != 0 { 3 } else { 0 }
            + identifiers.sum::<usize>()
    }

    /// What stands behind the fixed header.
    fn length(&self, message: &Message, ids: &Ids) -> usize {
        let name = if self.nameless {
            0
        } else {
            message.topic.len()
        };
        let mut length = 2 + name + message.payload.len();
        if self.qos != Qos::AtMostOnce {
            length += 2;
        }
        if self.five {
            let properties = self.properties(message, ids);
            length += variable_size(properties) + properties;
        }
        length
    }
}

/// The size of the whole packet in bytes.
pub fn publish_size(message: &Message, shape: &Shape, ids: &Ids) -> usize {
    let length = shape.length(message, ids);
    1 + variable_size(length) + length
}

/// Appends a PUBLISH up to its payload.
pub fn publish_head(message: &Message, shape: &Shape, ids: &Ids, out: &mut Vec<u8>) {
    let first = 0x30 | u8::from(shape.dup) << 3 | shape.qos.bits() << 1 | u8::from(shape.retain);
    write_header(first, shape.length(message, ids), out);
    let name = if shape.nameless { "" } else { &*message.topic };
    prefixed(name.as_bytes(), out);
    if shape.qos != Qos::AtMostOnce {
        out.extend_from_slice(&shape.packet_id.to_be_bytes());
    }
    if !shape.five {
        return;
    }
    variable(shape.properties(message, ids), out);
    if let Some(expiry) = shape.expiry {
        four(id::MESSAGE_EXPIRY, expiry, out);
    }
    if shape.alias != 0 {
        two(id::TOPIC_ALIAS, shape.alias, out);
    }
    for &identifier in ids.as_slice() {
        out.push(id::SUBSCRIPTION_ID);
        variable(identifier as usize, out);
    }
    out.extend_from_slice(&message.properties);
}

/// What a CONNACK of MQTT 5 says beside its code (MQTT 5 section 3.2.2.3).
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)] // the names are the specification's own
pub struct Connack<'a> {
    pub session_expiry: Option<u32>,
    pub receive_maximum: Option<u16>,
    pub maximum_packet_size: Option<u32>,
    pub assigned_client_id: Option<&'a str>,
    pub topic_alias_maximum: Option<u16>,
    pub reason_string: Option<&'a str>,
    pub server_keep_alive: Option<u16>,
    pub response_information: Option<&'a str>,
    pub method: Option<&'a str>,
    pub data: Option<&'a [u8]>,
}

/// Appends a CONNACK (section 3.2).
pub fn write_connack(
    version: Version,
    session_present: bool,
    code: u8,
    said: &Connack<'_>,
    out: &mut Vec<u8>,
) {
    let head = [u8::from(session_present), code];
    if version != Version::V5 {
        write_header(0x20, 2, out);
        out.extend_from_slice(&head);
        return;
    }
    let mut all = Vec::new();
    let p = &mut all;
    said.session_expiry
        .inspect(|n| four(id::SESSION_EXPIRY, *n, p));
    said.receive_maximum
        .inspect(|n| two(id::RECEIVE_MAXIMUM, *n, p));
    said.maximum_packet_size
        .inspect(|n| four(id::MAXIMUM_PACKET_SIZE, *n, p));
    said.assigned_client_id
        .inspect(|t| text(id::ASSIGNED_CLIENT_ID, t.as_bytes(), p));
    said.topic_alias_maximum
        .inspect(|n| two(id::TOPIC_ALIAS_MAXIMUM, *n, p));
    said.reason_string
        .inspect(|t| text(id::REASON_STRING, t.as_bytes(), p));
    said.server_keep_alive
        .inspect(|n| two(id::SERVER_KEEP_ALIVE, *n, p));
    said.response_information
        .inspect(|t| text(id::RESPONSE_INFORMATION, t.as_bytes(), p));
    said.method
        .inspect(|t| text(id::AUTHENTICATION_METHOD, t.as_bytes(), p));
    said.data.inspect(|t| text(id::AUTHENTICATION_DATA, t, p));
    with_properties(0x20, &head, &all, out);
}

/// Appends a packet that is a head, and properties behind their length: DISCONNECT, AUTH, CONNACK of MQTT 5.
pub fn with_properties(first: u8, head: &[u8], properties: &[u8], out: &mut Vec<u8>) {
    let length = head.len() + variable_size(properties.len()) + properties.len();
    write_header(first, length, out);
    out.extend_from_slice(head);
    variable(properties.len(), out);
    out.extend_from_slice(properties);
}

/// Appends a PUBACK, PUBREC, PUBREL or PUBCOMP. A code other than 0 only in MQTT 5; behind it a reason string, if any.
pub fn acknowledge(
    packet_type: PacketType,
    packet_id: u16,
    code: u8,
    reason: Option<&str>,
    out: &mut Vec<u8>,
) {
    let flags = if packet_type == PacketType::Pubrel {
        2
    } else {
        0
    };
    let first = (packet_type as u8) << 4 | flags;
    let [high, low] = packet_id.to_be_bytes();
    match (code, reason) {
        (0, _) => out.extend_from_slice(&[first, 2, high, low]),
        (_, None) => out.extend_from_slice(&[first, 3, high, low, code]),
        (_, Some(reason)) => {
            let mut properties = Vec::new();
            text(id::REASON_STRING, reason.as_bytes(), &mut properties);
            with_properties(first, &[high, low, code], &properties, out);
        }
    }
}

/// Appends a SUBACK or UNSUBACK; before MQTT 5 an UNSUBACK has no codes. The reason string only in MQTT 5.
pub fn codes(
    packet_type: PacketType,
    version: Version,
    packet_id: u16,
    codes: &[u8],
    reason: Option<&str>,
    out: &mut Vec<u8>,
) {
    let first = (packet_type as u8) << 4;
    let is_five = version == Version::V5;
    let codes = if is_five || packet_type == PacketType::Suback {
        codes
    } else {
        &[]
    };
    let mut properties = Vec::new();
    if let Some(reason) = reason {
        text(id::REASON_STRING, reason.as_bytes(), &mut properties);
    }
    let size = if is_five {
        variable_size(properties.len()) + properties.len()
    } else {
        0
    };
    write_header(first, 2 + size + codes.len(), out);
    out.extend_from_slice(&packet_id.to_be_bytes());
    if is_five {
        variable(properties.len(), out);
        out.extend_from_slice(&properties);
    }
    out.extend_from_slice(codes);
}

/// Appends a property that is text or bytes.
pub fn text(id: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(id);
    prefixed(bytes, out);
}

fn two(id: u8, number: u16, out: &mut Vec<u8>) {
    out.push(id);
    out.extend_from_slice(&number.to_be_bytes());
}

fn four(id: u8, number: u32, out: &mut Vec<u8>) {
    out.push(id);
    out.extend_from_slice(&number.to_be_bytes());
}

/// Bytes behind their length. Longer ones than a length can say are cut: none are made.
fn prefixed(bytes: &[u8], out: &mut Vec<u8>) {
    let bytes = bytes.get(..usize::from(u16::MAX)).unwrap_or(bytes);
    out.extend_from_slice(&(bytes.len() as u16).to_be_bytes());
    out.extend_from_slice(bytes);
}

fn variable(mut number: usize, out: &mut Vec<u8>) {
    loop {
        let byte = (number & 0x7F) as u8;
        number >>= 7;
        if number == 0 {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}

fn variable_size(number: usize) -> usize {
    match number {
        0..128 => 1,
        128..16_384 => 2,
        16_384..2_097_152 => 3,
        _ => 4,
    }
}
