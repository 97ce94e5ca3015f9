//! CONNECT and CONNACK (sections 3.1 and 3.2).

use super::super::cursor::{Cursor, Observer, Value};
use super::super::fault::{Fault, FaultKind};
use super::super::label;
use super::super::packet::{PacketType, Version};
use super::super::property;
use super::properties::properties;

/// Section 3.1.
pub(super) fn connect<'p, O: Observer<'p>>(cursor: &mut Cursor<'p, '_, O>) -> Result<u16, Fault> {
    let version = cursor.version;
    let is_five = version == Version::V5;
    let name = cursor.text(&label::PROTOCOL_NAME_LENGTH, &label::PROTOCOL_NAME)?;
    if name != version.protocol_name() {
        return Err(cursor.fault(FaultKind::ProtocolName, cursor.at - name.len()));
    }
    let level_label = if is_five {
        &label::PROTOCOL_VERSION
    } else {
        &label::PROTOCOL_LEVEL
    };
    let level = cursor.byte(level_label, |byte| Value::Number(byte.into()))?;
    if level != version.level() {
        return Err(cursor.fault(FaultKind::ProtocolLevel(level), cursor.at - 1));
    }

    let flags = cursor.byte(&label::CONNECT_FLAGS, |flags| {
        if is_five {
            Value::ConnectFlagsOfFive(flags)
        } else {
            Value::ConnectFlags(flags)
        }
    })?;
    let is_set = |bit: u8| flags & bit != 0;
    let broken = if is_set(0x01) {
        Some(FaultKind::ConnectFlagReserved)
    } else if flags & 0x18 == 0x18 {
        Some(FaultKind::WillQosThree)
    } else if !is_set(0x04) && is_set(0x38) {
        Some(FaultKind::WillFlagsWithoutWill)
    } else if is_set(0x40) && !is_set(0x80) && !is_five {
        Some(FaultKind::PasswordWithoutUserName)
    } else {
        None
    };
    if let Some(kind) = broken {
        return Err(cursor.fault(kind, cursor.at - 1));
    }

    cursor.number(&label::KEEP_ALIVE)?;
    if is_five {
        let found = properties(cursor, property::allowed(PacketType::Connect, false))?;
        // Authentication data is not allowed without a method (section 3.1.2.11.10).
        if found.has(property::AUTHENTICATION_DATA) && !found.has(property::AUTHENTICATION_METHOD) {
            return Err(cursor.fault(FaultKind::AuthenticationDataAlone, found.length_at));
        }
    }
    let client_id = cursor.text(&label::CLIENT_ID_LENGTH, &label::CLIENT_ID)?;
    // MQTT 3.1 requires 1 to 23 characters, but brokers only enforce the minimum. MQTT 3.1.1 allows none with a clean
    // session.
    let may_be_empty = match version {
        Version::V31 => false,
        Version::V311 => is_set(0x02),
        Version::V5 => true,
    };
    if client_id.is_empty() && !may_be_empty {
        return Err(cursor.fault(FaultKind::ClientIdEmpty, cursor.at));
    }
    if is_set(0x04) {
        will(cursor)?;
    }
    if is_set(0x80) {
        cursor.text(&label::USER_NAME_LENGTH, &label::USER_NAME)?;
    }
    if is_set(0x40) {
        cursor.prefixed(&label::PASSWORD_LENGTH, &label::PASSWORD, |_| Value::Bytes)?;
    }
    Ok(0)
}

fn will<'p, O: Observer<'p>>(cursor: &mut Cursor<'p, '_, O>) -> Result<(), Fault> {
    let (length, payload) = if cursor.version == Version::V5 {
        properties(cursor, property::allowed(PacketType::Connect, true))?;
        (&label::WILL_PAYLOAD_LENGTH, &label::WILL_PAYLOAD)
    } else {
        (&label::WILL_MESSAGE_LENGTH, &label::WILL_MESSAGE)
    };
    cursor.topic_name(&label::WILL_TOPIC_LENGTH, &label::WILL_TOPIC)?;
    cursor.prefixed(length, payload, |_| Value::Bytes)?;
    Ok(())
}

/// Section 3.2.
pub(super) fn connack<'p, O: Observer<'p>>(cursor: &mut Cursor<'p, '_, O>) -> Result<u16, Fault> {
    // A broker that does not know MQTT 5 refuses in the format of its own version (MQTT 5 section 3.1.2.2).
    let refuses_five = cursor.announced_end - cursor.at == 2
        && matches!(
            cursor.packet.get(cursor.at..cursor.announced_end),
            Some([0, 1..=5])
        );
    let is_five = cursor.version == Version::V5 && !refuses_five;
    let flags = cursor.byte(&label::CONNACK_FLAGS, Value::ConnackFlags)?;
    // In MQTT 3.1 the whole byte is reserved, but brokers that also know 3.1.1 set session present in it.
    if flags & 0xFE != 0 {
        return Err(cursor.fault(FaultKind::ConnackFlags, cursor.at - 1));
    }
    let code = if is_five {
        super::answer::reason_code(cursor, &label::CONNACK_REASON)?
    } else {
        let code = cursor.byte(&label::CONNACK_CODE, Value::ConnackCode)?;
        if code > 5 {
            return Err(cursor.fault(FaultKind::ConnackCode(code), cursor.at - 1));
        }
        code
    };
    if flags == 1 && code != 0 {
        return Err(cursor.fault(FaultKind::SessionPresentRefused, cursor.at - 1));
    }
    if is_five {
        properties(cursor, property::allowed(PacketType::Connack, false))?;
    }
    Ok(0)
}
