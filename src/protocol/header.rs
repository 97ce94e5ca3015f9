//! The fixed header: byte 1 and the remaining length (MQTT 3.1.1 section 2.2, MQTT 5 section 2.1).
//!
//! Needs no more bytes than necessary, so that a wrong first byte is refused before a second one arrives.

use super::fault::FaultKind;
use super::packet::{Direction, PacketType, Qos, Version};

/// The most bytes a remaining length has.
const LENGTH_BYTES: usize = 4;

/// The packet type in byte 1, if its flags are right and, if a direction is given, it may go that way.
#[inline]
pub(super) fn first_byte(
    byte: u8,
    version: Version,
    direction: Option<Direction>,
) -> Result<PacketType, FaultKind> {
    // The most frequent case: a QoS 0 PUBLISH, which may go either way.
    if byte & 0b1111_1110 == 0b0011_0000 {
        return Ok(PacketType::Publish);
    }
    any_first_byte(byte, version, direction)
}

fn any_first_byte(
    byte: u8,
    version: Version,
    direction: Option<Direction>,
) -> Result<PacketType, FaultKind> {
    let packet_type = match PacketType::from_bits(byte >> 4) {
        None => return Err(FaultKind::TypeReserved(byte >> 4)),
        Some(PacketType::Auth) if version != Version::V5 => {
            return Err(FaultKind::TypeReserved(byte >> 4));
        }
        Some(packet_type) => packet_type,
    };
    if direction.is_some_and(|direction| !may_go(packet_type, version, direction)) {
        return Err(FaultKind::TypeNotAllowed);
    }
    let flags = byte & 0x0F;
    match packet_type {
        PacketType::Publish => match Qos::from_bits((flags >> 1) & 3) {
            None => return Err(FaultKind::QosThree),
            Some(Qos::AtMostOnce) if flags & 8 != 0 => return Err(FaultKind::DupWithQosZero),
            Some(_) => {}
        },
        PacketType::Pubrel | PacketType::Subscribe | PacketType::Unsubscribe if flags == 2 => {}
        // In MQTT 3.1 these may be repeated, with DUP set (MQTT 3.1 sections 2.1 and 4.2).
        PacketType::Pubrel | PacketType::Subscribe | PacketType::Unsubscribe
            if version == Version::V31 && flags == 0b1010 => {}
        PacketType::Pubrel | PacketType::Subscribe | PacketType::Unsubscribe => {
            return Err(FaultKind::ReservedFlags);
        }
        _ if flags != 0 => return Err(FaultKind::ReservedFlags),
        _ => {}
    }
    Ok(packet_type)
}

/// Which side sends what (section 2.2.1, table 2.1; MQTT 5 section 2.1.2, table 2-1).
fn may_go(packet_type: PacketType, version: Version, direction: Direction) -> bool {
    match packet_type {
        PacketType::Disconnect => version == Version::V5 || direction == Direction::Outgoing,
        PacketType::Connect
        | PacketType::Subscribe
        | PacketType::Unsubscribe
        | PacketType::Pingreq => direction == Direction::Outgoing,
        PacketType::Connack | PacketType::Suback | PacketType::Unsuback | PacketType::Pingresp => {
            direction == Direction::Incoming
        }
        PacketType::Publish
        | PacketType::Puback
        | PacketType::Pubrec
        | PacketType::Pubrel
        | PacketType::Pubcomp
        | PacketType::Auth => true,
    }
}

/// The remaining length at the start of `bytes`, and how many bytes it takes. `None`: it is incomplete. Faults:
/// [`FaultKind::LengthUnended`] as soon as its fourth byte says that there is a fifth, and
/// [`FaultKind::LengthNotMinimal`].
#[inline]
pub(super) fn remaining_length(bytes: &[u8]) -> Result<Option<(usize, usize)>, FaultKind> {
    match *bytes {
        [low, ..] if low & 0x80 == 0 => Ok(Some((usize::from(low), 1))),
        [low, high, ..] if high & 0x80 == 0 && high != 0 => {
            Ok(Some((usize::from(low & 0x7F) | usize::from(high) << 7, 2)))
        }
        _ => any_remaining_length(bytes),
    }
}

fn any_remaining_length(bytes: &[u8]) -> Result<Option<(usize, usize)>, FaultKind> {
    let mut value = 0;
    for (index, &byte) in bytes.iter().take(LENGTH_BYTES).enumerate() {
        value |= usize::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            let padded = byte == 0 && index > 0;
            return if padded {
                Err(FaultKind::LengthNotMinimal)
            } else {
                Ok(Some((value, index + 1)))
            };
        }
    }
    if bytes.len() >= LENGTH_BYTES {
        Err(FaultKind::LengthUnended)
    } else {
        Ok(None)
    }
}

/// How many bytes a length takes that [`remaining_length`] refused.
pub(super) fn wrong_length(bytes: &[u8]) -> usize {
    let going_on = bytes
        .iter()
        .take(LENGTH_BYTES)
        .take_while(|&&byte| byte & 0x80 != 0);
    (going_on.count() + 1).min(LENGTH_BYTES)
}

/// The largest variable byte integer: four bytes with seven bits each. The limit of the remaining length (section
/// 2.2.3) and of subscription identifiers (MQTT 5 section 3.8.2.1.2).
pub const LARGEST_NUMBER: u32 = 268_435_455;

/// The largest packet, fixed header included.
pub const LARGEST_PACKET: usize = 1 + LENGTH_BYTES + LARGEST_LENGTH;

/// The largest remaining length.
pub const LARGEST_LENGTH: usize = LARGEST_NUMBER as usize;

/// Appends a remaining length; `length` is at most [`LARGEST_LENGTH`].
pub(super) fn write_remaining_length(mut length: usize, out: &mut Vec<u8>) {
    loop {
        let byte = (length & 0x7F) as u8;
        length >>= 7;
        if length == 0 {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}
