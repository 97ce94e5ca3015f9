//! SUBSCRIBE and UNSUBSCRIBE, and their answers (sections 3.8 to 3.11).

use super::super::cursor::{Cursor, Observer, Value};
use super::super::fault::{Fault, FaultKind};
use super::super::label;
use super::super::packet::{PacketType, Qos, Version};
use super::super::property;
use super::super::topic::{check_topic_filter, is_shared};
use super::properties::properties;

/// SUBSCRIBE and UNSUBSCRIBE: sections 3.8 and 3.10.
pub(super) fn filters<'p, O: Observer<'p>>(cursor: &mut Cursor<'p, '_, O>) -> Result<u16, Fault> {
    let packet_id = cursor.packet_id(&label::PACKET_ID)?;
    if cursor.version == Version::V5 {
        properties(cursor, property::allowed(cursor.packet_type, false))?;
    }
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
        match (cursor.packet_type, cursor.version) {
            (PacketType::Unsubscribe, _) => {}
            (_, Version::V5) => options(cursor, filter)?,
            _ => {
                let qos = cursor.byte(&label::REQUESTED_QOS, |byte| Value::Number(byte.into()))?;
                if Qos::from_bits(qos).is_none() {
                    return Err(cursor.fault(FaultKind::RequestedQos(qos), cursor.at - 1));
                }
            }
        }
    }
    Ok(packet_id)
}

/// MQTT 5 section 3.8.3.1.
fn options<'p, O: Observer<'p>>(cursor: &mut Cursor<'p, '_, O>, filter: &str) -> Result<(), Fault> {
    let options = cursor.byte(&label::SUBSCRIPTION_OPTIONS, Value::SubscriptionOptions)?;
    let broken = if options & 0xC0 != 0 {
        FaultKind::SubscriptionOptionsReserved(options)
    } else if options & 0x03 == 3 {
        FaultKind::RequestedQos(3)
    } else if options & 0x30 == 0x30 {
        FaultKind::RetainHandlingThree
    } else if options & 0x04 != 0 && is_shared(filter) {
        FaultKind::NoLocalShared
    } else {
        return Ok(());
    };
    Err(cursor.fault(broken, cursor.at - 1))
}

/// SUBACK and UNSUBACK: sections 3.9 and 3.11. Before MQTT 5, UNSUBACK has no codes.
pub(super) fn codes<'p, O: Observer<'p>>(cursor: &mut Cursor<'p, '_, O>) -> Result<u16, Fault> {
    let is_five = cursor.version == Version::V5;
    let packet_id = cursor.packet_id(&label::PACKET_ID)?;
    if is_five {
        properties(cursor, property::allowed(cursor.packet_type, false))?;
    } else if cursor.packet_type == PacketType::Unsuback {
        return Ok(packet_id);
    }
    let label = if is_five {
        &label::REASON_CODE
    } else {
        &label::SUBACK_CODE
    };
    if cursor.is_at_end() {
        cursor
            .observer
            .field(cursor.at, cursor.at, label, Value::CutShort);
        return Err(cursor.fault(FaultKind::SubackEmpty, cursor.at));
    }
    while !cursor.is_at_end() {
        if is_five {
            super::answer::reason_code(cursor, label)?;
            continue;
        }
        // MQTT 3.1 has no 0x80, but brokers that also know 3.1.1 refuse with it.
        let code = cursor.byte(label, Value::SubackCode)?;
        if Qos::from_bits(code).is_none() && code != 0x80 {
            return Err(cursor.fault(FaultKind::SubackCode(code), cursor.at - 1));
        }
    }
    Ok(packet_id)
}
