//! Packets with an identifier or a reason code only: PUBACK, PUBREC, PUBREL, PUBCOMP, DISCONNECT, AUTH (sections 3.4 to
//! 3.7, 3.14 and 3.15).

use super::super::cursor::{Cursor, Observer, Value};
use super::super::fault::{Fault, FaultKind};
use super::super::label::{self, Label};
use super::super::packet::{Direction, Version};
use super::super::{property, reason};
use super::properties::properties;

/// Sections 3.4 to 3.7. In MQTT 5 the reason code 0 may be left out, and the property length where it is 0.
pub(super) fn acknowledgement<'p, O: Observer<'p>>(
    cursor: &mut Cursor<'p, '_, O>,
) -> Result<u16, Fault> {
    let packet_id = cursor.packet_id(&label::PACKET_ID)?;
    if cursor.version == Version::V5 {
        code_and_properties(cursor)?;
    }
    Ok(packet_id)
}

/// Section 3.14. In MQTT 5 the reason code 0 may be left out, and the property length where it is 0.
pub(super) fn disconnect<'p, O: Observer<'p>>(
    cursor: &mut Cursor<'p, '_, O>,
) -> Result<u16, Fault> {
    if cursor.version == Version::V5 {
        code_and_properties(cursor)?;
    }
    Ok(0)
}

fn code_and_properties<'p, O: Observer<'p>>(cursor: &mut Cursor<'p, '_, O>) -> Result<(), Fault> {
    if cursor.is_at_end() {
        return Ok(());
    }
    reason_code(cursor, &label::REASON_CODE)?;
    if !cursor.is_at_end() {
        properties(cursor, property::allowed(cursor.packet_type, false))?;
    }
    Ok(())
}

/// MQTT 5 section 3.15. Code and property length may be omitted together; then both are 0, and there is no method. In
/// every other AUTH the method is required by section 3.15.2.2.2.
pub(super) fn auth<'p, O: Observer<'p>>(cursor: &mut Cursor<'p, '_, O>) -> Result<u16, Fault> {
    if cursor.is_at_end() {
        // It means success, which only the server may send (section 3.15.2.1).
        return match cursor.direction {
            Some(Direction::Outgoing) => {
                Err(cursor.fault(FaultKind::ReasonCodeWrongWay(0), cursor.at))
            }
            _ => Ok(0),
        };
    }
    let code = reason_code(cursor, &label::REASON_CODE)?;
    let found = properties(cursor, property::allowed(cursor.packet_type, false))?;
    let says_nothing = code == 0 && found.range.0 == found.range.1;
    if !says_nothing && !found.has(property::AUTHENTICATION_METHOD) {
        return Err(cursor.fault(FaultKind::AuthenticationMethodMissing, found.length_at));
    }
    Ok(0)
}

/// A reason code that is allowed in a packet of this type from its sender.
pub(super) fn reason_code<'p, O: Observer<'p>>(
    cursor: &mut Cursor<'p, '_, O>,
    label: &'static Label,
) -> Result<u8, Fault> {
    let packet_type = cursor.packet_type;
    let code = cursor.byte(label, |code| Value::Reason(packet_type, code))?;
    let kind = match (reason::sender(packet_type, code), cursor.direction) {
        (None, _) => FaultKind::ReasonCode(code),
        (Some(sender), Some(direction)) if !sender.may_go(direction) => {
            FaultKind::ReasonCodeWrongWay(code)
        }
        (Some(_), _) => return Ok(code),
    };
    Err(cursor.fault(kind, cursor.at - 1))
}
