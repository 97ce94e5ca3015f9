//! What a client's packet says. The packet was validated; of bytes that were not, something is said all the same.

use midge::protocol::serving;
use midge::protocol::{Qos, RetainHandling, SubscribeOptions, Version};

use super::property::{Properties, Value, id, variable};

/// What a CONNECT says (section 3.1).
#[derive(Clone, Debug)]
pub struct Connect<'p> {
    /// The version.
    pub version: Version,
    /// The client identifier; may be empty.
    pub client_id: &'p str,
    /// Keep alive in seconds; 0 is none.
    pub keep_alive: u16,
    /// Clean session, in MQTT 5 clean start.
    pub clean: bool,
    /// Will.
    pub will: Option<Will<'p>>,
    /// User name.
    pub user_name: Option<&'p str>,
    /// Password.
    pub password: Option<&'p [u8]>,
    /// Session expiry interval in seconds.
    pub session_expiry: u32,
    /// Receive maximum.
    pub receive_maximum: u16,
    /// Maximum packet size in bytes.
    pub maximum_packet_size: u32,
    /// Topic alias maximum.
    pub topic_alias_maximum: u16,
    /// Request response information.
    pub wants_response_information: bool,
    /// Request problem information.
    pub wants_problem_information: bool,
    /// Authentication method.
    pub method: Option<&'p str>,
    /// Authentication data.
    pub data: Option<&'p [u8]>,
}

/// A will (section 3.1.2.5).
#[derive(Clone, Copy, Debug)]
pub struct Will<'p> {
    /// Topic name.
    pub topic: &'p str,
    /// Payload.
    pub payload: &'p [u8],
    /// Its properties, as bytes of the wire.
    pub properties: &'p [u8],
    /// Quality of service.
    pub qos: Qos,
    /// Retain.
    pub retain: bool,
}

struct Reader<'p>(&'p [u8]);

impl<'p> Reader<'p> {
    /// What stands behind the fixed header.
    fn body(packet: &'p [u8]) -> Option<Self> {
        let rest = packet.get(1..)?;
        let (_, count) = variable(rest)?;
        Some(Self(rest.get(count..)?))
    }

    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(byte)
    }

    fn number(&mut self) -> Option<u16> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u16::from_be_bytes(*bytes))
    }

    fn prefixed(&mut self) -> Option<&'p [u8]> {
        let length = self.number()?;
        let (bytes, rest) = self.0.split_at_checked(length.into())?;
        self.0 = rest;
        Some(bytes)
    }

    fn text(&mut self) -> Option<&'p str> {
        std::str::from_utf8(self.prefixed()?).ok()
    }

    fn properties(&mut self) -> Option<&'p [u8]> {
        let (length, count) = variable(self.0)?;
        let (bytes, rest) = self.0.get(count..)?.split_at_checked(length as usize)?;
        self.0 = rest;
        Some(bytes)
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// Reads a CONNECT of this version.
pub fn connect(packet: &[u8], version: Version) -> Option<Connect<'_>> {
    let is_five = version == Version::V5;
    let mut reader = Reader::body(packet)?;
    reader.prefixed()?;
    reader.byte()?;
    let flags = reader.byte()?;
    let keep_alive = reader.number()?;
    let mut found = Connect {
        version,
        client_id: "",
        keep_alive,
        clean: flags & 0x02 != 0,
        will: None,
        user_name: None,
        password: None,
        session_expiry: if is_five || flags & 0x02 != 0 {
            0
        } else {
            u32::MAX
        },
        receive_maximum: u16::MAX,
        maximum_packet_size: u32::MAX,
        topic_alias_maximum: 0,
        wants_response_information: false,
        wants_problem_information: true,
        method: None,
        data: None,
    };
    if is_five {
        for (id, value, _) in Properties(reader.properties()?) {
            match (id, value) {
                (id::SESSION_EXPIRY, Value::Number(number)) => found.session_expiry = number,
                (id::RECEIVE_MAXIMUM, Value::Number(number)) => {
                    found.receive_maximum = number as u16;
                }
                (id::MAXIMUM_PACKET_SIZE, Value::Number(number)) => {
                    found.maximum_packet_size = number;
                }
                (id::TOPIC_ALIAS_MAXIMUM, Value::Number(number)) => {
                    found.topic_alias_maximum = number as u16;
                }
                (id::REQUEST_RESPONSE_INFORMATION, Value::Number(flag)) => {
                    found.wants_response_information = flag == 1;
                }
                (id::REQUEST_PROBLEM_INFORMATION, Value::Number(flag)) => {
                    found.wants_problem_information = flag == 1;
                }
                (id::AUTHENTICATION_METHOD, Value::Bytes(method)) => {
                    found.method = Some(text(method));
                }
                (id::AUTHENTICATION_DATA, Value::Bytes(data)) => found.data = Some(data),
                _ => {}
            }
        }
    }
    found.client_id = reader.text()?;
    if flags & 0x04 != 0 {
        let properties = if is_five { reader.properties()? } else { &[] };
        found.will = Some(Will {
            topic: reader.text()?,
            payload: reader.prefixed()?,
            properties,
            qos: Qos::from_bits((flags >> 3) & 3).unwrap_or_default(),
            retain: flags & 0x20 != 0,
        });
    }
    if flags & 0x80 != 0 {
        found.user_name = Some(reader.text()?);
    }
    if flags & 0x40 != 0 {
        found.password = Some(reader.prefixed()?);
    }
    Some(found)
}

/// The bytes of the properties in what stands before the first topic filter: packet identifier, length, properties.
fn property_bytes(before: &[u8]) -> &[u8] {
    let mut reader = Reader(before.get(2..).unwrap_or_default());
    reader.properties().unwrap_or_default()
}

/// One topic filter of a SUBSCRIBE, or of an UNSUBSCRIBE, where the options say nothing.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'p> {
    /// Topic filter.
    pub filter: &'p str,
    /// What is asked for.
    pub options: SubscribeOptions,
}

/// The topic filters of a SUBSCRIBE or UNSUBSCRIBE, and its subscription identifier; 0 is none.
pub fn entries(packet: &[u8], version: Version) -> (u32, impl Iterator<Item = Entry<'_>>) {
    let found = serving::entries(packet, version);
    let before = found.map(|found| found.before).unwrap_or_default();
    let identifier = match version {
        Version::V5 => Properties(property_bytes(before)).find_map(|property| match property {
            (id::SUBSCRIPTION_ID, Value::Number(number), _) => Some(number),
            _ => None,
        }),
        _ => None,
    };
    let all = found.into_iter().flatten().map(|entry| {
        let bits = entry.options.unwrap_or_default();
        Entry {
            filter: text(entry.filter),
            options: SubscribeOptions {
                qos: Qos::from_bits(bits & 3).unwrap_or_default(),
                no_local: bits & 0x04 != 0,
                retain_as_published: bits & 0x08 != 0,
                retain_handling: RetainHandling::from_bits((bits >> 4) & 3).unwrap_or_default(),
            },
        }
    });
    (identifier.unwrap_or_default(), all)
}

/// The packet identifier of a SUBSCRIBE or UNSUBSCRIBE.
pub fn packet_id(packet: &[u8]) -> u16 {
    let found = Reader::body(packet).and_then(|reader| reader.0.first_chunk().copied());
    u16::from_be_bytes(found.unwrap_or_default())
}

/// The reason code of a PUBACK, PUBREC, PUBREL or PUBCOMP; 0 where there is none.
pub fn acknowledgement(packet: &[u8]) -> u8 {
    Reader::body(packet)
        .and_then(|reader| reader.0.get(2).copied())
        .unwrap_or_default()
}

/// The reason code of a DISCONNECT, and its session expiry interval.
pub fn disconnect(packet: &[u8]) -> (u8, Option<u32>) {
    let Some(mut reader) = Reader::body(packet) else {
        return (0, None);
    };
    let code = reader.byte().unwrap_or_default();
    let expiry =
        Properties(reader.properties().unwrap_or_default()).find_map(|property| match property {
            (id::SESSION_EXPIRY, Value::Number(number), _) => Some(number),
            _ => None,
        });
    (code, expiry)
}

/// The reason code, method and data of an AUTH.
pub fn auth(packet: &[u8]) -> (u8, Option<&str>, Option<&[u8]>) {
    let Some(mut reader) = Reader::body(packet) else {
        return (0, None, None);
    };
    let code = reader.byte().unwrap_or_default();
    let (mut method, mut data) = (None, None);
    for (id, value, _) in Properties(reader.properties().unwrap_or_default()) {
        match (id, value) {
            (id::AUTHENTICATION_METHOD, Value::Bytes(bytes)) => method = Some(text(bytes)),
            (id::AUTHENTICATION_DATA, Value::Bytes(bytes)) => data = Some(bytes),
            _ => {}
        }
    }
    (code, method, data)
}
