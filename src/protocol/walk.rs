//! The one walk over a whole packet: every field in the order of its bytes, each checked (MQTT 3.1.1 sections 2 and 3).
//!
//! [`super::outline()`] takes it with nobody looking on, [`super::fields()`] with an observer that writes the fields
//! down. Does not allocate.

use super::cursor::{Cursor, Observer, Value};
use super::fault::{Fault, FaultKind};
use super::packet::{Direction, Outline, PacketType, Qos, Version};
use super::topic::check_topic_filter;
use super::{header, label};

/// Walks over `packet`, which is to be exactly one packet. Without a direction it may be of either.
///
/// On a fault, the field that the observer was told of last is the one at fault; if it was told of none, there was
/// nothing to read.
#[inline]
pub(super) fn walk<'p, O: Observer<'p>>(
    packet: &'p [u8],
    version: Version,
    direction: Option<Direction>,
    observer: &mut O,
) -> Result<Outline, Fault> {
    if version != Version::V311 {
        return Err(Fault {
            kind: FaultKind::VersionUnsupported(version),
            at: 0,
            packet_type: None,
        });
    }
    let Some((&first, rest)) = packet.split_first() else {
        return Err(Fault {
            kind: FaultKind::Incomplete,
            at: 0,
            packet_type: None,
        });
    };
    let fault = |kind, at| Fault {
        kind,
        at,
        packet_type: PacketType::from_bits(first >> 4),
    };
    observer.field(0, 1, &label::FIRST_BYTE, Value::FirstByte(first));
    let packet_type =
        header::first_byte(first, version, direction).map_err(|kind| fault(kind, 0))?;

    let (length, length_bytes) = match header::remaining_length(rest) {
        Ok(Some(found)) => found,
        Ok(None) => {
            observer.field(1, packet.len(), &label::REMAINING_LENGTH, Value::CutShort);
            return Err(fault(FaultKind::Incomplete, packet.len()));
        }
        Err(kind) => {
            let end = 1 + rest
                .iter()
                .take(4)
                .take_while(|&&byte| byte & 0x80 != 0)
                .count();
            let end = if kind == FaultKind::LengthNotMinimal {
                end + 1
            } else {
                end
            };
            observer.field(1, end, &label::REMAINING_LENGTH, Value::Bytes);
            return Err(fault(kind, 1));
        }
    };
    let body = 1 + length_bytes;
    observer.field(1, body, &label::REMAINING_LENGTH, Value::Number(length));

    let announced_end = body + length;
    let end = announced_end.min(packet.len());
    let mut cursor = Cursor {
        packet,
        at: body,
        end,
        announced_end,
        packet_type: Some(packet_type),
        observer,
    };
    let outline = match packet_type {
        PacketType::Publish => publish(&mut cursor, first)?,
        other => {
            let packet_id = match other {
                PacketType::Connect => connect(&mut cursor, version)?,
                PacketType::Connack => connack(&mut cursor)?,
                PacketType::Subscribe | PacketType::Unsubscribe => filters(&mut cursor, other)?,
                PacketType::Suback => suback(&mut cursor)?,
                PacketType::Puback
                | PacketType::Pubrec
                | PacketType::Pubrel
                | PacketType::Pubcomp
                | PacketType::Unsuback => cursor.packet_id(&label::PACKET_ID)?,
                _ => 0,
            };
            Outline {
                packet_type,
                dup: false,
                qos: Qos::AtMostOnce,
                retain: false,
                packet_id,
                topic: (0, 0),
                payload: 0,
                properties: (0, 0),
                topic_alias: 0,
            }
        }
    };
    cursor.finish()?;
    Ok(outline)
}

/// Section 3.3. Byte 1 is checked already.
#[inline]
fn publish<'p, O: Observer<'p>>(
    cursor: &mut Cursor<'p, '_, O>,
    first: u8,
) -> Result<Outline, Fault> {
    let qos = Qos::from_bits((first >> 1) & 3).unwrap_or_default();
    let topic = cursor.topic_name(&label::TOPIC_NAME_LENGTH, &label::TOPIC_NAME)?;
    let topic_end = cursor.at;
    let packet_id = if qos == Qos::AtMostOnce {
        0
    } else {
        cursor.packet_id(&label::PACKET_ID)?
    };
    let payload = cursor.at;
    cursor.rest(&label::PAYLOAD)?;
    // A packet has at most 268,435,460 bytes: its offsets fit.
    Ok(Outline {
        packet_type: PacketType::Publish,
        dup: first & 8 != 0,
        qos,
        retain: first & 1 != 0,
        packet_id,
        topic: ((topic_end - topic.len()) as u32, topic_end as u32),
        payload: payload as u32,
        properties: (0, 0),
        topic_alias: 0,
    })
}

/// Section 3.1.
fn connect<'p, O: Observer<'p>>(
    cursor: &mut Cursor<'p, '_, O>,
    version: Version,
) -> Result<u16, Fault> {
    let name = cursor.text(&label::PROTOCOL_NAME_LENGTH, &label::PROTOCOL_NAME)?;
    if name != version.protocol_name() {
        return Err(cursor.fault(FaultKind::ProtocolName, cursor.at - name.len()));
    }
    let level = cursor.byte(&label::PROTOCOL_LEVEL, |byte| Value::Number(byte.into()))?;
    if level != version.level() {
        return Err(cursor.fault(FaultKind::ProtocolLevel(level), cursor.at - 1));
    }

    let flags = cursor.byte(&label::CONNECT_FLAGS, Value::ConnectFlags)?;
    let is_set = |bit: u8| flags & bit != 0;
    let broken = if is_set(0x01) {
        Some(FaultKind::ConnectFlagReserved)
    } else if flags & 0x18 == 0x18 {
        Some(FaultKind::WillQosThree)
    } else if !is_set(0x04) && is_set(0x38) {
        Some(FaultKind::WillFlagsWithoutWill)
    } else if is_set(0x40) && !is_set(0x80) {
        Some(FaultKind::PasswordWithoutUserName)
    } else {
        None
    };
    if let Some(kind) = broken {
        return Err(cursor.fault(kind, cursor.at - 1));
    }

    cursor.number(&label::KEEP_ALIVE)?;
    let client_id = cursor.text(&label::CLIENT_ID_LENGTH, &label::CLIENT_ID)?;
    if client_id.is_empty() && !is_set(0x02) {
        return Err(cursor.fault(FaultKind::ClientIdEmpty, cursor.at));
    }
    if is_set(0x04) {
        cursor.topic_name(&label::WILL_TOPIC_LENGTH, &label::WILL_TOPIC)?;
        cursor.prefixed(&label::WILL_MESSAGE_LENGTH, &label::WILL_MESSAGE, |_| {
            Value::Bytes
        })?;
    }
    if is_set(0x80) {
        cursor.text(&label::USER_NAME_LENGTH, &label::USER_NAME)?;
    }
    if is_set(0x40) {
        cursor.prefixed(&label::PASSWORD_LENGTH, &label::PASSWORD, |_| Value::Secret)?;
    }
    Ok(0)
}

/// Section 3.2.
fn connack<'p, O: Observer<'p>>(cursor: &mut Cursor<'p, '_, O>) -> Result<u16, Fault> {
    let flags = cursor.byte(&label::CONNACK_FLAGS, Value::ConnackFlags)?;
    if flags & 0xFE != 0 {
        return Err(cursor.fault(FaultKind::ConnackFlags, cursor.at - 1));
    }
    let code = cursor.byte(&label::CONNACK_CODE, Value::ConnackCode)?;
    if code > 5 {
        return Err(cursor.fault(FaultKind::ConnackCode(code), cursor.at - 1));
    }
    if flags == 1 && code != 0 {
        return Err(cursor.fault(FaultKind::SessionPresentRefused, cursor.at - 1));
    }
    Ok(0)
}

/// SUBSCRIBE and UNSUBSCRIBE: sections 3.8 and 3.10.
fn filters<'p, O: Observer<'p>>(
    cursor: &mut Cursor<'p, '_, O>,
    packet_type: PacketType,
) -> Result<u16, Fault> {
    let packet_id = cursor.packet_id(&label::PACKET_ID)?;
    if cursor.is_at_end() {
        cursor
            .observer
            .field(cursor.at, cursor.at, &label::TOPIC_FILTER, Value::CutShort);
        return Err(cursor.fault(FaultKind::NoFilters, cursor.at));
    }
    while !cursor.is_at_end() {
        let filter = cursor.utf8(&label::TOPIC_FILTER_LENGTH, &label::TOPIC_FILTER)?;
        if let Err(fault) = check_topic_filter(filter) {
            return Err(cursor.fault(FaultKind::Filter(fault), cursor.at - filter.len()));
        }
        if packet_type == PacketType::Subscribe {
            let qos = cursor.byte(&label::REQUESTED_QOS, |byte| Value::Number(byte.into()))?;
            if Qos::from_bits(qos).is_none() {
                return Err(cursor.fault(FaultKind::RequestedQos(qos), cursor.at - 1));
            }
        }
    }
    Ok(packet_id)
}

/// Section 3.9.
fn suback<'p, O: Observer<'p>>(cursor: &mut Cursor<'p, '_, O>) -> Result<u16, Fault> {
    let packet_id = cursor.packet_id(&label::PACKET_ID)?;
    if cursor.is_at_end() {
        cursor
            .observer
            .field(cursor.at, cursor.at, &label::SUBACK_CODE, Value::CutShort);
        return Err(cursor.fault(FaultKind::SubackEmpty, cursor.at));
    }
    while !cursor.is_at_end() {
        let code = cursor.byte(&label::SUBACK_CODE, Value::SubackCode)?;
        if Qos::from_bits(code).is_none() && code != 0x80 {
            return Err(cursor.fault(FaultKind::SubackCode(code), cursor.at - 1));
        }
    }
    Ok(packet_id)
}
