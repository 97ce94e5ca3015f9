//! Packets to the broker. Each function appends one whole packet, or nothing and says why.
//!
//! Every length, identifier, topic name and filter is checked before the first byte is written, because mqttbytes cuts
//! the length of what is too long and lets the rest follow as if it were packets. SUBSCRIBE and UNSUBSCRIBE are then
//! written by mqttbytes into an empty buffer. The others are written here, for these reasons:
//!
//! - CONNECT: mqttbytes patches its flags at an absolute place, cannot send a binary password, and drops an empty user
//!   name or password.
//! - PUBLISH: mqttbytes wants to own topic and payload, which is two copies for each message.
//! - Acknowledgements, PINGREQ, DISCONNECT: two to four bytes that do not deserve a buffer of their own.

use std::fmt;

use bytes::BytesMut;
use mqttbytes::{QoS, v4};

use super::header::{LARGEST, write_remaining_length};
use super::packet::{Qos, Version};
use super::topic::{FilterFault, LONGEST, TopicFault, check_topic_filter, check_topic_name};
use super::typed::{Connect, PublishParts, SubscribeOptions, Will};

/// Why a packet cannot be made. Sections are those of MQTT 3.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodeError {
    /// The version is known by name, and not spoken.
    VersionUnsupported(Version),
    /// The topic name (or the will's) is not valid.
    Topic(TopicFault),
    /// A topic filter is not valid.
    Filter {
        /// Which one, counted from 0.
        index: usize,
        /// Why.
        fault: FilterFault,
    },
    /// SUBSCRIBE or UNSUBSCRIBE without a filter (sections 3.8.3 and 3.10.3).
    NoFilters,
    /// The packet identifier is 0 (section 2.3.1).
    PacketIdZero,
    /// DUP with QoS 0 (section 3.3.1.1).
    DupWithQosZero,
    /// An empty client identifier without a clean session (section 3.1.3.1).
    ClientIdEmpty,
    /// A password without a user name (section 3.1.2.9).
    PasswordWithoutUserName,
    /// A text or byte string of CONNECT has more than 65,535 bytes (section 1.5.3).
    TooLong(Part),
    /// A text of CONNECT holds U+0000 (section 1.5.3).
    Nul(Part),
    /// The remaining length would be more than 268,435,455 bytes (section 2.2.3).
    PacketTooLarge,
    /// The codec refused what the checks let through. Not known to happen.
    Codec,
}

/// A part of CONNECT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Client identifier.
    ClientId,
    /// User name.
    UserName,
    /// Password.
    Password,
    /// Will message.
    WillMessage,
}

impl EncodeError {
    /// Section and statement of the specification.
    pub fn clause(&self) -> &'static str {
        match self {
            Self::VersionUnsupported(_) => "3.1.2.2",
            Self::Topic(fault) => fault.clause(),
            Self::Filter { fault, .. } => fault.clause(),
            Self::NoFilters => "3.8.3 [MQTT-3.8.3-3], 3.10.3 [MQTT-3.10.3-2]",
            Self::PacketIdZero => "2.3.1 [MQTT-2.3.1-1]",
            Self::DupWithQosZero => "3.3.1.1 [MQTT-3.3.1-2]",
            Self::ClientIdEmpty => "3.1.3.1 [MQTT-3.1.3-7]",
            Self::PasswordWithoutUserName => "3.1.2.9 [MQTT-3.1.2-22]",
            Self::TooLong(_) => "1.5.3",
            Self::Nul(_) => "1.5.3 [MQTT-1.5.3-2]",
            Self::PacketTooLarge => "2.2.3",
            Self::Codec => "4.8",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClientId => "client identifier",
            Self::UserName => "user name",
            Self::Password => "password",
            Self::WillMessage => "will message",
        })
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::VersionUnsupported(version) => write!(f, "{version} is not spoken"),
            Self::Topic(fault) => fault.fmt(f),
            Self::Filter { index, fault } => write!(f, "filter {index} (counted from 0): {fault}"),
            Self::NoFilters => f.write_str("there is no topic filter"),
            Self::PacketIdZero => f.write_str("the packet identifier is 0"),
            Self::DupWithQosZero => f.write_str("DUP is set with QoS 0"),
            Self::ClientIdEmpty => {
                f.write_str("the client identifier is empty without a clean session")
            }
            Self::PasswordWithoutUserName => f.write_str("there is a password without a user name"),
            Self::TooLong(part) => write!(f, "the {part} is longer than 65,535 bytes"),
            Self::Nul(part) => write!(f, "the {part} holds the character U+0000"),
            Self::PacketTooLarge => f.write_str("the packet is larger than the protocol allows"),
            Self::Codec => f.write_str("the packet cannot be encoded"),
        }
    }
}

impl std::error::Error for EncodeError {}

/// CONNECT (section 3.1).
pub fn connect(c: &Connect, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    speak(c.version)?;
    check_text(&c.client_id, Part::ClientId)?;
    if c.client_id.is_empty() && !c.clean_session {
        return Err(EncodeError::ClientIdEmpty);
    }
    if c.password.is_some() && c.user_name.is_none() {
        return Err(EncodeError::PasswordWithoutUserName);
    }
    let protocol_name = c.version.protocol_name();
    // Name, level, flags, keep alive; then the payload.
    let mut length = 2 + protocol_name.len() + 4 + 2 + c.client_id.len();
    let mut flags = if c.clean_session { 0x02 } else { 0 };
    if let Some(Will {
        topic,
        payload,
        qos,
        retain,
        ..
    }) = &c.will
    {
        check_topic_name(topic).map_err(EncodeError::Topic)?;
        check_length(payload, Part::WillMessage)?;
        length += 2 + topic.len() + 2 + payload.len();
        flags |= 0x04 | qos.bits() << 3 | u8::from(*retain) << 5;
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

    begin(0x10, length, out);
    prefixed(protocol_name.as_bytes(), out);
    out.extend_from_slice(&[c.version.level(), flags]);
    out.extend_from_slice(&c.keep_alive.to_be_bytes());
    prefixed(c.client_id.as_bytes(), out);
    if let Some(will) = &c.will {
        prefixed(will.topic.as_bytes(), out);
        prefixed(&will.payload, out);
    }
    for part in [
        c.user_name.as_ref().map(String::as_bytes),
        c.password.as_deref(),
    ]
    .into_iter()
    .flatten()
    {
        prefixed(part, out);
    }
    Ok(())
}

/// PUBLISH (section 3.3).
pub fn publish(p: &PublishParts, version: Version, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    speak(version)?;
    check_topic_name(p.topic).map_err(EncodeError::Topic)?;
    let with_id = p.qos != Qos::AtMostOnce;
    if with_id && p.packet_id == 0 {
        return Err(EncodeError::PacketIdZero);
    }
    if p.dup && !with_id {
        return Err(EncodeError::DupWithQosZero);
    }
    let length = 2 + p.topic.len() + if with_id { 2 } else { 0 } + p.payload.len();
    if length > LARGEST {
        return Err(EncodeError::PacketTooLarge);
    }
    begin(
        0x30 | u8::from(p.dup) << 3 | p.qos.bits() << 1 | u8::from(p.retain),
        length,
        out,
    );
    prefixed(p.topic.as_bytes(), out);
    if with_id {
        out.extend_from_slice(&p.packet_id.to_be_bytes());
    }
    out.extend_from_slice(p.payload);
    Ok(())
}

/// PUBACK (section 3.4). The identifier is that of the PUBLISH it answers, so not 0.
pub fn puback(packet_id: u16, out: &mut Vec<u8>) {
    acknowledge(0x40, packet_id, out);
}

/// PUBREC (section 3.5). The identifier is that of the PUBLISH it answers, so not 0.
pub fn pubrec(packet_id: u16, out: &mut Vec<u8>) {
    acknowledge(0x50, packet_id, out);
}

/// PUBREL (section 3.6), with its flags 0010 [MQTT-3.6.1-1]. The identifier is that of the PUBREC it answers.
pub fn pubrel(packet_id: u16, out: &mut Vec<u8>) {
    acknowledge(0x62, packet_id, out);
}

/// PUBCOMP (section 3.7). The identifier is that of the PUBREL it answers.
pub fn pubcomp(packet_id: u16, out: &mut Vec<u8>) {
    acknowledge(0x70, packet_id, out);
}

/// SUBSCRIBE (section 3.8): at least one filter, each with the QoS that is asked for.
pub fn subscribe(
    packet_id: u16,
    filters: &[(&str, SubscribeOptions)],
    _identifier: Option<u32>,
    version: Version,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    speak(version)?;
    check_filters(packet_id, filters.iter().map(|(filter, _)| *filter), 3)?;
    let filters = filters.iter().map(|(filter, options)| v4::SubscribeFilter {
        path: (*filter).to_owned(),
        qos: match options.qos {
            Qos::AtMostOnce => QoS::AtMostOnce,
            Qos::AtLeastOnce => QoS::AtLeastOnce,
            Qos::ExactlyOnce => QoS::ExactlyOnce,
        },
    });
    let packet = v4::Subscribe {
        pkid: packet_id,
        filters: filters.collect(),
    };
    through_scratch(|scratch| packet.write(scratch), out)
}

/// UNSUBSCRIBE (section 3.10): at least one filter.
pub fn unsubscribe(
    packet_id: u16,
    filters: &[&str],
    version: Version,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    speak(version)?;
    check_filters(packet_id, filters.iter().copied(), 2)?;
    let topics = filters.iter().map(|filter| (*filter).to_owned()).collect();
    let packet = v4::Unsubscribe {
        pkid: packet_id,
        topics,
    };
    through_scratch(|scratch| packet.write(scratch), out)
}

/// PINGREQ (section 3.12).
pub fn pingreq(out: &mut Vec<u8>) {
    out.extend_from_slice(&[0xC0, 0]);
}

/// DISCONNECT (section 3.14).
pub fn disconnect(out: &mut Vec<u8>) {
    out.extend_from_slice(&[0xE0, 0]);
}

/// Marks an encoded PUBLISH of QoS 1 or 2 as delivered again [MQTT-3.3.1-1]. Leaves anything else as it is.
pub fn set_dup(packet: &mut [u8]) {
    if let Some(first) = packet.first_mut()
        && *first >> 4 == 3
        && *first & 0x06 != 0
    {
        *first |= 0x08;
    }
}

fn speak(version: Version) -> Result<(), EncodeError> {
    if version == Version::V311 {
        Ok(())
    } else {
        Err(EncodeError::VersionUnsupported(version))
    }
}

fn check_length(bytes: &[u8], part: Part) -> Result<(), EncodeError> {
    if bytes.len() > LONGEST {
        Err(EncodeError::TooLong(part))
    } else {
        Ok(())
    }
}

fn check_text(text: &str, part: Part) -> Result<(), EncodeError> {
    check_length(text.as_bytes(), part)?;
    if memchr::memchr(0, text.as_bytes()).is_some() {
        Err(EncodeError::Nul(part))
    } else {
        Ok(())
    }
}

/// `each`: bytes per filter beside its text.
fn check_filters<'a>(
    packet_id: u16,
    filters: impl ExactSizeIterator<Item = &'a str>,
    each: usize,
) -> Result<(), EncodeError> {
    if packet_id == 0 {
        return Err(EncodeError::PacketIdZero);
    }
    if filters.len() == 0 {
        return Err(EncodeError::NoFilters);
    }
    let mut length = 2;
    for (index, filter) in filters.enumerate() {
        check_topic_filter(filter).map_err(|fault| EncodeError::Filter { index, fault })?;
        length += each + filter.len();
    }
    if length > LARGEST {
        Err(EncodeError::PacketTooLarge)
    } else {
        Ok(())
    }
}

/// Lets mqttbytes write into an empty buffer, so that what an error leaves behind is never sent.
fn through_scratch(
    write: impl FnOnce(&mut BytesMut) -> Result<usize, mqttbytes::Error>,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let mut scratch = BytesMut::new();
    write(&mut scratch).map_err(|_| EncodeError::Codec)?;
    out.extend_from_slice(&scratch);
    Ok(())
}

fn begin(first: u8, length: usize, out: &mut Vec<u8>) {
    out.reserve(5 + length);
    out.push(first);
    write_remaining_length(length, out);
}

/// Appends bytes behind their length, which was checked.
fn prefixed(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&(bytes.len() as u16).to_be_bytes());
    out.extend_from_slice(bytes);
}

fn acknowledge(first: u8, packet_id: u16, out: &mut Vec<u8>) {
    let [high, low] = packet_id.to_be_bytes();
    out.extend_from_slice(&[first, 2, high, low]);
}
