//! The properties of MQTT 5: their length, then identifier and value of each (MQTT 5 section 2.2.2).

use super::super::cursor::{Cursor, Observer, Value};
use super::super::fault::{Fault, FaultKind};
use super::super::label;
use super::super::packet::{Direction, PacketType};
use super::super::property::{self, Kind};

/// The most user properties that are made into text: each takes at least 5 bytes on the wire, and about twenty times
/// that in memory. A packet of a broker may have more, which is no violation, but only the first ones are read. A
/// packet of a client may not.
pub const MOST_USER_PROPERTIES: usize = 10_000;

/// What was found.
pub(super) struct Section {
    /// Where the properties start and end, without their length.
    pub(super) range: (usize, usize),
    /// Where their length starts.
    pub(super) length_at: usize,
    /// The topic alias; 0 where there is none.
    pub(super) topic_alias: u16,
    /// One bit for each identifier that was there.
    seen: u64,
}

impl Section {
    /// The property with this identifier was there.
    pub(super) fn has(&self, id: u8) -> bool {
        self.seen & 1 << id != 0
    }
}

/// The property length and all properties. `allowed`: one bit for each allowed identifier.
#[inline]
pub(super) fn properties<'p, O: Observer<'p>>(
    cursor: &mut Cursor<'p, '_, O>,
    allowed: u64,
) -> Result<Section, Fault> {
    let length_at = cursor.at;
    let length = cursor.variable(&label::PROPERTY_LENGTH, Value::Number)?;
    if length > cursor.announced_end - cursor.at {
        return Err(cursor.fault(FaultKind::PropertiesOverEnd, length_at));
    }
    let start = cursor.at;
    let mut section = Section {
        range: (start, start + length),
        length_at,
        topic_alias: 0,
        seen: 0,
    };
    if length > 0 {
        each(cursor, allowed, &mut section)?;
    }
    Ok(section)
}

fn each<'p, O: Observer<'p>>(
    cursor: &mut Cursor<'p, '_, O>,
    allowed: u64,
    section: &mut Section,
) -> Result<(), Fault> {
    let (end, announced_end) = (cursor.end, cursor.announced_end);
    cursor.announced_end = section.range.1;
    cursor.end = end.min(section.range.1);
    cursor.in_properties = true;
    let mut user_properties = 0;
    while !cursor.is_at_end() {
        if let Err(fault) = one(cursor, allowed, section, &mut user_properties) {
            // The remaining properties cannot be separated, but it is known where all of them end.
            if !cursor.observer.forgives(&fault) {
                return Err(fault);
            }
            cursor.pass_over();
            break;
        }
    }
    cursor.in_properties = false;
    cursor.end = end;
    cursor.announced_end = announced_end;
    Ok(())
}

/// One property.
#[inline]
fn one<'p, O: Observer<'p>>(
    cursor: &mut Cursor<'p, '_, O>,
    allowed: u64,
    section: &mut Section,
    user_properties: &mut usize,
) -> Result<(), Fault> {
    let id = identifier(cursor, allowed, section.seen)?;
    section.seen |= 1 << id;
    if id == property::USER_PROPERTY {
        *user_properties += 1;
        if *user_properties > MOST_USER_PROPERTIES && cursor.direction == Some(Direction::Outgoing)
        {
            return Err(cursor.fault(FaultKind::TooManyUserProperties, cursor.at - 1));
        }
    }
    let number = value(cursor, id)?;
    if id == property::TOPIC_ALIAS {
        section.topic_alias = number;
    }
    Ok(())
}

/// An identifier that is allowed at this point.
fn identifier<'p, O: Observer<'p>>(
    cursor: &mut Cursor<'p, '_, O>,
    allowed: u64,
    seen: u64,
) -> Result<u8, Fault> {
    let at = cursor.at;
    let number = cursor.variable(&label::PROPERTY_ID, Value::PropertyId)?;
    let known = u8::try_from(number)
        .ok()
        .filter(|&id| property::kind(id).is_some());
    let Some(id) = known else {
        return Err(cursor.fault(FaultKind::PropertyUnknown(number as u32), at));
    };
    let bit = 1 << id;
    if allowed & bit == 0 {
        cursor.object(FaultKind::PropertyNotAllowed(id), at)?;
    }
    let only = property::only_way(id, cursor.packet_type);
    if only.is_some() && cursor.direction.is_some() && only != cursor.direction {
        return Err(cursor.fault(FaultKind::PropertyWrongWay(id), at));
    }
    let may_repeat = match id {
        property::USER_PROPERTY => true,
        property::SUBSCRIPTION_ID => cursor.packet_type == PacketType::Publish,
        _ => false,
    };
    if seen & bit != 0 && !may_repeat {
        cursor.object(FaultKind::PropertyRepeated(id), at)?;
    }
    Ok(id)
}

/// The value after an identifier. Returns it if it is a two-byte integer.
fn value<'p, O: Observer<'p>>(cursor: &mut Cursor<'p, '_, O>, id: u8) -> Result<u16, Fault> {
    let start = cursor.at;
    let Some(kind) = property::kind(id) else {
        return Ok(0);
    };
    let (number, is_zero) = match kind {
        Kind::Flag(label) => {
            let byte = cursor.byte(label, |byte| Value::Number(byte.into()))?;
            if byte > 1 {
                cursor.object(FaultKind::PropertyNotFlag(id), start)?;
            }
            (0, false)
        }
        Kind::Two(label) => (cursor.number(label)?, false),
        Kind::TwoNotZero(label) => {
            let number = cursor.number(label)?;
            (number, number == 0)
        }
        Kind::Four(label) => {
            cursor.long_number(label)?;
            (0, false)
        }
        Kind::FourNotZero(label) => (0, cursor.long_number(label)? == 0),
        Kind::VariableNotZero(label) => (0, cursor.variable(label, Value::Number)? == 0),
        Kind::Text(length, label) => {
            cursor.text(length, label)?;
            (0, false)
        }
        Kind::TopicName(length, label) => {
            response_topic(cursor, length, label)?;
            (0, false)
        }
        Kind::Binary(length, label) => {
            cursor.prefixed(length, label, |_| Value::Bytes)?;
            (0, false)
        }
        Kind::Pair => {
            cursor.text(
                &label::USER_PROPERTY_NAME_LENGTH,
                &label::USER_PROPERTY_NAME,
            )?;
            cursor.text(
                &label::USER_PROPERTY_VALUE_LENGTH,
                &label::USER_PROPERTY_VALUE,
            )?;
            (0, false)
        }
    };
    if is_zero {
        cursor.object(FaultKind::PropertyZero(id), start)?;
    }
    Ok(number)
}

/// A response topic (MQTT 5 section 3.3.2.3.5).
fn response_topic<'p, O: Observer<'p>>(
    cursor: &mut Cursor<'p, '_, O>,
    length: &'static label::Label,
    label: &'static label::Label,
) -> Result<(), Fault> {
    let start = cursor.at + 2;
    let topic = cursor.text(length, label)?;
    // Not if the text is empty because it was invalid.
    if cursor.at == start {
        return cursor.object(FaultKind::ResponseTopicEmpty, start);
    }
    match memchr::memchr2(b'+', b'#', topic.as_bytes()) {
        None => Ok(()),
        Some(at) => cursor.object(FaultKind::ResponseTopicWildcard, start + at),
    }
}
