//! CONNECT (section 3.1).

use super::super::packet::Version;
use super::super::topic::check_topic_name;
use super::super::typed::Connect;
use super::checked::{begin, check_length, check_size, check_text};
use super::error::{EncodeError, Part};
use super::properties::{self, Properties, prefixed, with_length};

/// CONNECT (section 3.1). Properties, those of the will and its delay are written in MQTT 5 only.
pub fn connect(c: &Connect, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let is_five = c.version == Version::V5;
    check_text(&c.client_id, Part::ClientId)?;
    let may_be_empty = match c.version {
        Version::V31 => false,
        Version::V311 => c.clean_session,
        Version::V5 => true,
    };
    if c.client_id.is_empty() && !may_be_empty {
        return Err(EncodeError::ClientIdEmpty);
    }
    if c.password.is_some() && c.user_name.is_none() && !is_five {
        return Err(EncodeError::PasswordWithoutUserName);
    }
    let protocol_name = c.version.protocol_name();
    // Name, level, flags, keep alive; then the payload.
    let mut length = 2 + protocol_name.len() + 4 + 2 + c.client_id.len();
    let mut flags = if c.clean_session { 0x02 } else { 0 };
    let (mut own_size, mut will_size) = (0, 0);
    if is_five {
        c.properties.check()?;
        own_size = c.properties.size();
        length += with_length(own_size);
    }
    if let Some(will) = &c.will {
        check_topic_name(&will.topic).map_err(EncodeError::Topic)?;
        check_length(&will.payload, Part::WillMessage)?;
        length += 2 + will.topic.len() + 2 + will.payload.len();
        flags |= 0x04 | will.qos.bits() << 3 | u8::from(will.retain) << 5;
        if is_five {
            will.check()?;
            will_size = will.size();
            length += with_length(will_size);
        }
    }
    if let Some(user_name) = &c.user_name {
        check_text(user_name, Part::UserName)?;
        length += 2 + user_name.len();
        flags |= 0x80;
    }
    if let Some(password) = &c.password {
        check_length(password, Part::Password)?;
        length += 2 + password.len();
        flags |= 0x40;
    }
    check_size(length)?;

    begin(0x10, length, out);
    prefixed(out, protocol_name.as_bytes());
    out.extend_from_slice(&[c.version.level(), flags]);
    out.extend_from_slice(&c.keep_alive.to_be_bytes());
    if is_five {
        properties::write(&c.properties, own_size, out);
    }
    prefixed(out, c.client_id.as_bytes());
    if let Some(will) = &c.will {
        if is_five {
            properties::write(will, will_size, out);
        }
        prefixed(out, will.topic.as_bytes());
        prefixed(out, &will.payload);
    }
    for part in [
        c.user_name.as_ref().map(String::as_bytes),
        c.password.as_deref(),
    ]
    .into_iter()
    .flatten()
    {
        prefixed(out, part);
    }
    Ok(())
}
