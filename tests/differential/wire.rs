//! Packets as bytes, written down from the tables of the specification and from nothing else: neither Midge's encoder
//! nor an oracle's has a hand in it. Both directions, because Midge writes only one of them.

use midge::protocol::Version;

use super::packet::{Acknowledgement, Bytes, Codes, Connect, Filters, Packet, Property, Value};

/// How much of what may be left out is written (MQTT 5 sections 3.4.2.1, 3.14.2.1, 3.15.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Nothing that may be left out.
    Shortest,
    /// The reason code, even 0; the property length only before properties.
    WithCode,
    /// Everything.
    Full,
}

/// The packet's bytes, properties in the order in which they stand.
pub fn write(packet: &Packet, version: Version, form: Form) -> Vec<u8> {
    let mut body = Vec::new();
    let v5 = version == Version::V5;
    let first = match packet {
        Packet::Connect(connect) => {
            write_connect(connect, version, &mut body);
            0x10
        }
        Packet::Connack {
            session_present,
            code,
            properties,
        } => {
            body.extend_from_slice(&[u8::from(*session_present), *code]);
            if v5 {
                write_properties(properties, &mut body);
            }
            0x20
        }
        Packet::Publish(publish) => {
            text(&publish.topic, &mut body);
            if publish.qos > 0 {
                body.extend_from_slice(&publish.packet_id.to_be_bytes());
            }
            if v5 {
                write_properties(&publish.properties, &mut body);
            }
            body.extend_from_slice(&publish.payload.0);
            0x30 | u8::from(publish.dup) << 3 | publish.qos << 1 | u8::from(publish.retain)
        }
        Packet::Acknowledgement(Acknowledgement {
            kind,
            packet_id,
            code,
            properties,
        }) => {
            body.extend_from_slice(&packet_id.to_be_bytes());
            if v5 {
                write_code_and_properties(*code, properties, form, &mut body);
            }
            kind << 4 | if *kind == 6 { 2 } else { 0 }
        }
        Packet::Filters(Filters {
            kind,
            packet_id,
            filters,
            properties,
        }) => {
            body.extend_from_slice(&packet_id.to_be_bytes());
            if v5 {
                write_properties(properties, &mut body);
            }
            for (filter, options) in filters {
                text(filter, &mut body);
                if *kind == 8 {
                    body.push(*options);
                }
            }
            kind << 4 | 2
        }
        Packet::Codes(Codes {
            kind,
            packet_id,
            codes,
            properties,
        }) => {
            body.extend_from_slice(&packet_id.to_be_bytes());
            if v5 {
                write_properties(properties, &mut body);
            }
            body.extend_from_slice(codes);
            kind << 4
        }
        Packet::Pingreq => 0xC0,
        Packet::Pingresp => 0xD0,
        Packet::Disconnect { code, properties } => {
            if v5 {
                write_code_and_properties(*code, properties, form, &mut body);
            }
            0xE0
        }
        Packet::Auth { code, properties } => {
            // "The Reason Code and Property Length can be omitted if the Reason Code is 0x00 and there are no
            // Properties", and only both of them.
            let form = if form == Form::Shortest && *code == 0 && properties.is_empty() {
                Form::Shortest
            } else {
                Form::Full
            };
            write_code_and_properties(*code, properties, form, &mut body);
            0xF0
        }
    };
    let mut bytes = vec![first];
    variable(body.len() as u32, &mut bytes);
    bytes.append(&mut body);
    bytes
}

fn write_code_and_properties(code: u8, properties: &[Property], form: Form, out: &mut Vec<u8>) {
    if form == Form::Shortest && code == 0 && properties.is_empty() {
        return;
    }
    out.push(code);
    if form == Form::Full || !properties.is_empty() {
        write_properties(properties, out);
    }
}

fn write_connect(connect: &Connect, version: Version, out: &mut Vec<u8>) {
    let (name, level) = match version {
        Version::V31 => ("MQIsdp", 3),
        Version::V311 => ("MQTT", 4),
        Version::V5 => ("MQTT", 5),
    };
    text(name, out);
    out.push(level);
    let mut flags = u8::from(connect.clean) << 1;
    if let Some(will) = &connect.will {
        flags |= 1 << 2 | will.qos << 3 | u8::from(will.retain) << 5;
    }
    flags |= u8::from(connect.password.is_some()) << 6;
    flags |= u8::from(connect.user_name.is_some()) << 7;
    out.push(flags);
    out.extend_from_slice(&connect.keep_alive.to_be_bytes());
    if version == Version::V5 {
        write_properties(&connect.properties, out);
    }
    text(&connect.client_id, out);
    if let Some(will) = &connect.will {
        if version == Version::V5 {
            write_properties(&will.properties, out);
        }
        text(&will.topic, out);
        binary(&will.payload.0, out);
    }
    if let Some(user_name) = &connect.user_name {
        text(user_name, out);
    }
    if let Some(Bytes(password)) = &connect.password {
        binary(password, out);
    }
}

/// The properties behind their length.
pub fn write_properties(properties: &[Property], out: &mut Vec<u8>) {
    let mut all = Vec::new();
    for (id, value) in properties {
        all.push(*id);
        match value {
            Value::Byte(byte) => all.push(*byte),
            Value::Two(number) => all.extend_from_slice(&number.to_be_bytes()),
            Value::Four(number) => all.extend_from_slice(&number.to_be_bytes()),
            Value::Variable(number) => variable(*number, &mut all),
            Value::Text(words) => text(words, &mut all),
            Value::Binary(Bytes(bytes)) => binary(bytes, &mut all),
            Value::Pair(name, value) => {
                text(name, &mut all);
                text(value, &mut all);
            }
        }
    }
    variable(all.len() as u32, out);
    out.append(&mut all);
}

fn text(words: &str, out: &mut Vec<u8>) {
    binary(words.as_bytes(), out);
}

fn binary(bytes: &[u8], out: &mut Vec<u8>) {
    let length = u16::try_from(bytes.len()).expect("at most 65,535 bytes");
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(bytes);
}

/// Section 1.5.5.
fn variable(mut number: u32, out: &mut Vec<u8>) {
    assert!(number <= 268_435_455, "{number} has no four bytes");
    loop {
        let byte = (number % 128) as u8;
        number /= 128;
        if number == 0 {
            out.push(byte);
            return;
        }
        out.push(byte | 128);
    }
}
