//! What a packet means, in words of its own: neither Midge's types nor an oracle's, so that all three are translated
//! into the same words and compared there.

use midge::protocol::{Direction, Version};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes; hexadecimal in JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        unhex(&text)
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("not hexadecimal"))
    }
}

pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0x0F])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

pub fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    text.as_bytes()
        .chunks(2)
        .map(|pair| Some((digit(pair[0])? * 16 + digit(pair[1])?) as u8))
        .collect()
}

/// A property's value in the form that its identifier has (MQTT 5 section 2.2.2.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    Byte(u8),
    Two(u16),
    Four(u32),
    Variable(u32),
    Text(String),
    Binary(Bytes),
    Pair(String, String),
}

/// A property: its identifier and its value.
pub type Property = (u8, Value);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Will {
    pub topic: String,
    pub payload: Bytes,
    pub qos: u8,
    pub retain: bool,
    pub properties: Vec<Property>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connect {
    pub client_id: String,
    pub keep_alive: u16,
    pub clean: bool,
    pub user_name: Option<String>,
    pub password: Option<Bytes>,
    pub will: Option<Will>,
    pub properties: Vec<Property>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publish {
    pub dup: bool,
    pub qos: u8,
    pub retain: bool,
    /// 0 with QoS 0.
    pub packet_id: u16,
    pub topic: String,
    pub payload: Bytes,
    pub properties: Vec<Property>,
}

/// PUBACK, PUBREC, PUBREL and PUBCOMP.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// The packet type's number: 4 to 7.
    pub kind: u8,
    pub packet_id: u16,
    pub code: u8,
    pub properties: Vec<Property>,
}

/// SUBACK and UNSUBACK.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Codes {
    /// The packet type's number: 9 or 11.
    pub kind: u8,
    pub packet_id: u16,
    pub codes: Vec<u8>,
    pub properties: Vec<Property>,
}

/// SUBSCRIBE and UNSUBSCRIBE.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filters {
    /// The packet type's number: 8 or 10.
    pub kind: u8,
    pub packet_id: u16,
    /// Each with its subscription options; 0 in UNSUBSCRIBE.
    pub filters: Vec<(String, u8)>,
    pub properties: Vec<Property>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Packet {
    Connect(Connect),
    Connack {
        session_present: bool,
        code: u8,
        properties: Vec<Property>,
    },
    Publish(Publish),
    Acknowledgement(Acknowledgement),
    Filters(Filters),
    Codes(Codes),
    Pingreq,
    Pingresp,
    Disconnect {
        code: u8,
        properties: Vec<Property>,
    },
    Auth {
        code: u8,
        properties: Vec<Property>,
    },
}

impl Packet {
    /// The packet with its properties ordered by identifier. Those of one identifier keep their order, which has a
    /// meaning; the order between identifiers has none.
    pub fn settled(mut self) -> Self {
        for properties in self.lists_of_properties() {
            properties.sort_by_key(|(id, _)| *id);
        }
        self
    }

    /// Its properties, and those of its will.
    pub fn lists_of_properties(&mut self) -> Vec<&mut Vec<Property>> {
        match self {
            Self::Connect(connect) => {
                let mut all = vec![&mut connect.properties];
                all.extend(connect.will.as_mut().map(|will| &mut will.properties));
                all
            }
            Self::Publish(Publish { properties, .. })
            | Self::Acknowledgement(Acknowledgement { properties, .. })
            | Self::Filters(Filters { properties, .. })
            | Self::Codes(Codes { properties, .. })
            | Self::Connack { properties, .. }
            | Self::Disconnect { properties, .. }
            | Self::Auth { properties, .. } => vec![properties],
            Self::Pingreq | Self::Pingresp => Vec::new(),
        }
    }
}

/// A valid packet: what it means, and its bytes.
#[derive(Clone, Debug)]
pub struct Case {
    /// What is special about it.
    pub name: String,
    pub version: Version,
    pub direction: Direction,
    /// Settled.
    pub packet: Packet,
    pub bytes: Vec<u8>,
}

/// Where two packets differ: the names of the parts, as `Publish.properties`, and what stands there.
pub fn differences(expected: &Packet, found: &Packet) -> Vec<String> {
    let json = |packet: &Packet| serde_json::to_value(packet).expect("plain data");
    let mut paths = Vec::new();
    compare(&json(expected), &json(found), "", &mut paths);
    paths
}

fn compare(
    expected: &serde_json::Value,
    found: &serde_json::Value,
    path: &str,
    paths: &mut Vec<String>,
) {
    if expected == found {
        return;
    }
    if let (Some(expected), Some(found)) = (expected.as_object(), found.as_object())
        && expected.keys().eq(found.keys())
    {
        for (key, value) in expected {
            compare(value, &found[key], &format!("{path}.{key}"), paths);
        }
        return;
    }
    let short = |value: &serde_json::Value| {
        let text = value.to_string();
        match text.char_indices().nth(200) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    };
    paths.push(format!("{path}: {} is {}", short(expected), short(found)));
}
