//! The basic types of the protocol: versions, packet types, qualities of service, and the outline of a packet.
//!
//! Plain data, with the numbers of the specification.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A protocol version, as the CONNECT packet names it (MQTT 3.1.1 section 3.1.2.2, MQTT 5 section 3.1.2.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Version {
    /// MQTT 3.1: protocol name `MQIsdp`, level 3.
    V31,
    /// MQTT 3.1.1: protocol name `MQTT`, level 4.
    V311,
    /// MQTT 5: protocol name `MQTT`, level 5.
    #[default]
    V5,
}

impl Version {
    /// Its name as shown to the user: `MQTT 3.1.1`.
    pub fn name(self) -> &'static str {
        match self {
            Self::V31 => "MQTT 3.1",
            Self::V311 => "MQTT 3.1.1",
            Self::V5 => "MQTT 5",
        }
    }

    /// The protocol level byte of CONNECT (MQTT 3.1.1 section 3.1.2.2).
    pub fn level(self) -> u8 {
        match self {
            Self::V31 => 3,
            Self::V311 => 4,
            Self::V5 => 5,
        }
    }

    /// The protocol name of CONNECT (MQTT 3.1.1 section 3.1.2.1).
    pub fn protocol_name(self) -> &'static str {
        match self {
            Self::V31 => "MQIsdp",
            Self::V311 | Self::V5 => "MQTT",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which way a packet went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the broker to this client.
    Incoming,
    /// From this client to the broker.
    Outgoing,
}

/// The control packet type: the high half of the first byte (MQTT 3.1.1 section 2.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(missing_docs)] // the names are the specification's own
pub enum PacketType {
    Connect = 1,
    Connack = 2,
    Publish = 3,
    Puback = 4,
    Pubrec = 5,
    Pubrel = 6,
    Pubcomp = 7,
    Subscribe = 8,
    Suback = 9,
    Unsubscribe = 10,
    Unsuback = 11,
    Pingreq = 12,
    Pingresp = 13,
    Disconnect = 14,
    Auth = 15,
}

impl PacketType {
    /// The type for the high half of a first byte; `None` for the reserved 0 and for numbers above 15.
    pub fn from_bits(bits: u8) -> Option<Self> {
        Some(match bits {
            1 => Self::Connect,
            2 => Self::Connack,
            3 => Self::Publish,
            4 => Self::Puback,
            5 => Self::Pubrec,
            6 => Self::Pubrel,
            7 => Self::Pubcomp,
            8 => Self::Subscribe,
            9 => Self::Suback,
            10 => Self::Unsubscribe,
            11 => Self::Unsuback,
            12 => Self::Pingreq,
            13 => Self::Pingresp,
            14 => Self::Disconnect,
            15 => Self::Auth,
            _ => return None,
        })
    }

    /// Its name, as the specification writes it: `PUBLISH`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Connect => "CONNECT",
            Self::Connack => "CONNACK",
            Self::Publish => "PUBLISH",
            Self::Puback => "PUBACK",
            Self::Pubrec => "PUBREC",
            Self::Pubrel => "PUBREL",
            Self::Pubcomp => "PUBCOMP",
            Self::Subscribe => "SUBSCRIBE",
            Self::Suback => "SUBACK",
            Self::Unsubscribe => "UNSUBSCRIBE",
            Self::Unsuback => "UNSUBACK",
            Self::Pingreq => "PINGREQ",
            Self::Pingresp => "PINGRESP",
            Self::Disconnect => "DISCONNECT",
            Self::Auth => "AUTH",
        }
    }
}

impl fmt::Display for PacketType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Quality of service (MQTT 3.1.1 section 4.3).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[repr(u8)]
pub enum Qos {
    /// 0: at most once.
    #[default]
    AtMostOnce = 0,
    /// 1: at least once.
    AtLeastOnce = 1,
    /// 2: exactly once.
    ExactlyOnce = 2,
}

impl Qos {
    /// The quality of service that two bits stand for; `None` for 3 and above.
    pub fn from_bits(bits: u8) -> Option<Self> {
        Some(match bits {
            0 => Self::AtMostOnce,
            1 => Self::AtLeastOnce,
            2 => Self::ExactlyOnce,
            _ => return None,
        })
    }

    /// 0, 1 or 2.
    pub fn bits(self) -> u8 {
        self as u8
    }
}

impl fmt::Display for Qos {
    /// 0, 1 or 2.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bits().fmt(f)
    }
}

/// Where the parts of one whole packet are. Made for every packet that crosses the wire, without allocating.
/// Offsets count from the first byte of the packet's fixed header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outline {
    /// The control packet type.
    pub packet_type: PacketType,
    /// PUBLISH only: the DUP flag (section 3.3.1.1).
    pub dup: bool,
    /// PUBLISH only: its quality of service.
    pub qos: Qos,
    /// PUBLISH only: the retain flag (section 3.3.1.3).
    pub retain: bool,
    /// The packet identifier; 0 where the packet has none.
    pub packet_id: u16,
    /// PUBLISH only: where the topic name starts and ends, without its length prefix.
    pub topic: (u32, u32),
    /// PUBLISH only: where the payload starts; it reaches to the end of the packet.
    pub payload: u32,
    /// PUBLISH of MQTT 5 only: where its properties start and end, without their length (MQTT 5 section 3.3.2.3). Equal:
    /// there are none. Read them with [`super::publish_properties`].
    pub properties: (u32, u32),
    /// PUBLISH of MQTT 5 only: its topic alias; 0: there is none (MQTT 5 section 3.3.2.3.4). With an alias the topic
    /// name may be empty. It then means the topic that was last sent with this alias on this connection.
    pub topic_alias: u16,
}

impl Outline {
    /// PUBLISH only: the topic name in the packet of which this is the outline.
    #[inline]
    pub fn topic_name<'a>(&self, packet: &'a [u8]) -> &'a [u8] {
        let (start, end) = self.topic;
        packet.get(start as usize..end as usize).unwrap_or_default()
    }
}
