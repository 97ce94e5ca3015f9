//! Encoding packets to the broker. Each function appends one whole packet, or nothing and returns an error.
//!
//! Every length, number, identifier, topic name and filter is checked before the first byte is written, because
//! mqttbytes truncates the length of what is too long and writes the rest after it, where it would be read as packets.
//! SUBSCRIBE and UNSUBSCRIBE are then written by mqttbytes into an empty buffer. The others are written here, for these
//! reasons:
//!
//! - CONNECT: mqttbytes patches its flags at an absolute place, cannot send a binary password, drops an empty user name
//!   or password, and does not know MQTT 3.1.
//! - PUBLISH: mqttbytes takes ownership of topic and payload, which would cost two copies per message.
//! - DISCONNECT of MQTT 5: mqttbytes loses the reason code of one with empty properties.
//! - AUTH: mqttbytes does not know it.
//! - Acknowledgements, PINGREQ, DISCONNECT: two to five bytes, for which a separate buffer would be wasteful.

mod checked;
mod connect;
mod error;
mod properties;
mod subscribe;

pub use connect::connect;
pub use error::{EncodeError, Part};
pub use subscribe::{subscribe, unsubscribe};

use super::packet::{Direction, PacketType, Qos, Version};
use super::reason;
use super::topic::check_topic_name;
use super::typed::{Auth, Disconnect, PublishParts};
use checked::{begin, check_size};
use properties::{OfPublish, Properties, prefixed, with_length};

/// PUBLISH (section 3.3). In MQTT 5 the topic may be empty if there is a topic alias.
pub fn publish(p: &PublishParts, version: Version, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let is_five = version == Version::V5;
    let properties = OfPublish {
        properties: p.properties,
        topic_alias: p
            .topic_alias
            .or_else(|| p.properties.and_then(|all| all.topic_alias)),
    };
    let has_alias = is_five && properties.topic_alias.is_some();
    if !(p.topic.is_empty() && has_alias) {
        check_topic_name(p.topic).map_err(EncodeError::Topic)?;
    }
    let with_id = p.qos != Qos::AtMostOnce;
    if with_id && p.packet_id == 0 {
        return Err(EncodeError::PacketIdZero);
    }
    if p.dup && !with_id {
        return Err(EncodeError::DupWithQosZero);
    }
    let mut length = 2 + p.topic.len() + if with_id { 2 } else { 0 } + p.payload.len();
    let mut size = 0;
    if is_five {
        properties.check()?;
        size = properties.size();
        length += with_length(size);
    }
    check_size(length)?;
    begin(
        0x30 | u8::from(p.dup) << 3 | p.qos.bits() << 1 | u8::from(p.retain),
        length,
        out,
    );
    prefixed(out, p.topic.as_bytes());
    if with_id {
        out.extend_from_slice(&p.packet_id.to_be_bytes());
    }
    if is_five {
        properties::write(&properties, size, out);
    }
    out.extend_from_slice(p.payload);
    Ok(())
}

/// PUBACK (section 3.4). The identifier is that of the PUBLISH it answers, so not 0.
pub fn puback(packet_id: u16, out: &mut Vec<u8>) {
    answer(0x40, packet_id, out);
}

/// PUBREC (section 3.5). The identifier is that of the PUBLISH it answers, so not 0.
pub fn pubrec(packet_id: u16, out: &mut Vec<u8>) {
    answer(0x50, packet_id, out);
}

/// PUBREL (section 3.6), with its flags 0010 [MQTT-3.6.1-1]. The identifier is that of the PUBREC it answers.
pub fn pubrel(packet_id: u16, out: &mut Vec<u8>) {
    answer(0x62, packet_id, out);
}

/// PUBCOMP (section 3.7). The identifier is that of the PUBREL it answers.
pub fn pubcomp(packet_id: u16, out: &mut Vec<u8>) {
    answer(0x70, packet_id, out);
}

/// PUBACK, PUBREC, PUBREL or PUBCOMP with a reason code, for MQTT 5 (sections 3.4 to 3.7). Code 0 is omitted, so that
/// the packet is the same as in other versions. An error for any other packet type, and for a code that a client may
/// not send.
pub fn acknowledge(
    packet_type: PacketType,
    packet_id: u16,
    code: u8,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let first = match packet_type {
        PacketType::Puback | PacketType::Pubrec | PacketType::Pubcomp => (packet_type as u8) << 4,
        PacketType::Pubrel => 0x62,
        _ => return Err(EncodeError::ReasonCode(code)),
    };
    if packet_id == 0 {
        return Err(EncodeError::PacketIdZero);
    }
    check_code(packet_type, code)?;
    if code == 0 {
        answer(first, packet_id, out);
    } else {
        let [high, low] = packet_id.to_be_bytes();
        out.extend_from_slice(&[first, 3, high, low, code]);
    }
    Ok(())
}

/// PINGREQ (section 3.12).
pub fn pingreq(out: &mut Vec<u8>) {
    out.extend_from_slice(&[0xC0, 0]);
}

/// DISCONNECT (section 3.14) of any version; in MQTT 5 with reason code 0, a normal disconnection.
pub fn disconnect(out: &mut Vec<u8>) {
    out.extend_from_slice(&[0xE0, 0]);
}

/// DISCONNECT of MQTT 5 with a reason code and properties (MQTT 5 section 3.14). A server reference is not written: only
/// a broker sends it.
pub fn disconnect_with(d: &Disconnect, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    check_code(PacketType::Disconnect, d.code)?;
    d.check()?;
    let size = d.size();
    if size == 0 && d.code == 0 {
        disconnect(out);
        return Ok(());
    }
    // The property length 0 could be omitted. It is written because some brokers wait for it for ever.
    let length = 1 + with_length(size);
    check_size(length)?;
    begin(0xE0, length, out);
    out.push(d.code);
    properties::write(d, size, out);
    Ok(())
}

/// AUTH (MQTT 5 section 3.15), with its method.
pub fn auth(a: &Auth, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    check_code(PacketType::Auth, a.code)?;
    a.check()?;
    let size = a.size();
    let length = 1 + with_length(size);
    check_size(length)?;
    begin(0xF0, length, out);
    out.push(a.code);
    properties::write(a, size, out);
    Ok(())
}

/// Sets the DUP flag of an encoded QoS 1 or 2 PUBLISH [MQTT-3.3.1-1]. Anything else is left unchanged.
pub fn set_dup(packet: &mut [u8]) {
    if let Some(first) = packet.first_mut()
        && *first >> 4 == 3
        && *first & 0x06 != 0
    {
        *first |= 0x08;
    }
}

/// A client may send this code in a packet of this type.
fn check_code(packet_type: PacketType, code: u8) -> Result<(), EncodeError> {
    match reason::sender(packet_type, code) {
        Some(sender) if sender.may_go(Direction::Outgoing) => Ok(()),
        _ => Err(EncodeError::ReasonCode(code)),
    }
}

fn answer(first: u8, packet_id: u16, out: &mut Vec<u8>) {
    let [high, low] = packet_id.to_be_bytes();
    out.extend_from_slice(&[first, 2, high, low]);
}
