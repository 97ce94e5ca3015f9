//! The one walk over a whole packet: every field in the order of its bytes, each checked (sections 2 and 3 of every
//! version's specification).
//!
//! [`super::outline()`] runs it without an observer, [`super::fields()`] with one that records the fields. Does not
//! allocate. The fixed header is here; the groups of packets have a file each.

mod answer;
mod connect;
mod properties;
mod publish;
mod subscribe;

pub use properties::MOST_USER_PROPERTIES;

use super::cursor::{Cursor, Observer, Value};
use super::fault::{Fault, FaultKind};
use super::label::Label;
use super::packet::{Direction, Outline, PacketType, Qos, Version};
use super::{header, label};

/// Walks over `packet`, which must be exactly one packet. Without a direction, both are allowed.
///
/// On a fault, the field that was reported last is the one at fault, unless the fault is located before it. If none was
/// reported, there was nothing to read.
#[inline]
pub(super) fn walk<'p, O: Observer<'p>>(
    packet: &'p [u8],
    version: Version,
    direction: Option<Direction>,
    observer: &mut O,
) -> Result<Outline, Fault> {
    let Some((&first, rest)) = packet.split_first() else {
        return Err(Fault {
            kind: FaultKind::Incomplete,
            at: 0,
            packet_type: None,
            version,
        });
    };
    let fault = |kind, at| Fault {
        kind,
        at,
        packet_type: PacketType::from_bits(first >> 4),
        version,
    };
    observer.field(0, 1, &label::FIRST_BYTE, Value::FirstByte(first));
    let packet_type = match header::first_byte(first, version, direction) {
        Ok(packet_type) => packet_type,
        Err(kind) => forgiven_type(fault(kind, 0), observer)?,
    };

    let (length, length_bytes) = match header::remaining_length(rest) {
        Ok(Some(found)) => found,
        Ok(None) => {
            observer.field(1, packet.len(), &label::REMAINING_LENGTH, Value::CutShort);
            return Err(fault(FaultKind::Incomplete, packet.len()));
        }
        Err(kind) => {
            let end = 1 + header::wrong_length(rest);
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
        in_properties: false,
        packet_type,
        version,
        direction,
        observer,
    };
    let outline = match packet_type {
        PacketType::Publish => publish::publish(&mut cursor, first)?,
        _ => Outline {
            packet_type,
            dup: false,
            qos: Qos::AtMostOnce,
            retain: false,
            packet_id: other(&mut cursor)?,
            topic: (0, 0),
            payload: 0,
            properties: (0, 0),
            topic_alias: 0,
        },
    };
    cursor.finish()?;
    Ok(outline)
}

/// The same with any observer, compiled once for all of them: whoever observes looks at single packets, where a call for
/// each field does not count.
pub(super) fn observed<'p>(
    packet: &'p [u8],
    version: Version,
    direction: Option<Direction>,
    observer: &mut dyn Observer<'p>,
) -> Result<Outline, Fault> {
    walk(packet, version, direction, &mut Observed(observer))
}

/// An observer of a type that is not known here.
struct Observed<'o, 'p>(&'o mut dyn Observer<'p>);

impl<'p> Observer<'p> for Observed<'_, 'p> {
    fn field(&mut self, start: usize, end: usize, label: &'static Label, value: Value<'p>) {
        self.0.field(start, end, label, value);
    }

    fn forgives(&mut self, fault: &Fault) -> bool {
        self.0.forgives(fault)
    }
}

/// The packet type of an invalid first byte, if that is tolerated.
#[cold]
fn forgiven_type<'p, O: Observer<'p>>(fault: Fault, observer: &mut O) -> Result<PacketType, Fault> {
    match fault.packet_type {
        Some(packet_type) if observer.forgives(&fault) => Ok(packet_type),
        _ => Err(fault),
    }
}

/// The body of a packet other than PUBLISH. Returns its packet identifier, or 0.
fn other<'p, O: Observer<'p>>(cursor: &mut Cursor<'p, '_, O>) -> Result<u16, Fault> {
    match cursor.packet_type {
        PacketType::Connect => connect::connect(cursor),
        PacketType::Connack => connect::connack(cursor),
        PacketType::Subscribe | PacketType::Unsubscribe => subscribe::filters(cursor),
        PacketType::Suback | PacketType::Unsuback => subscribe::codes(cursor),
        PacketType::Puback | PacketType::Pubrec | PacketType::Pubrel | PacketType::Pubcomp => {
            answer::acknowledgement(cursor)
        }
        PacketType::Disconnect => answer::disconnect(cursor),
        PacketType::Auth => answer::auth(cursor),
        PacketType::Publish | PacketType::Pingreq | PacketType::Pingresp => Ok(0),
    }
}
