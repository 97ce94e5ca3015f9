//! Typed packets: what this client sends, and a broker's answers. Plain data.
//!
//! Sections are those of MQTT 5, which mostly have the same numbers in MQTT 3.1.1. In versions without properties and
//! reason codes, these are absent and 0.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::packet::{Qos, Version};
use super::properties::{ConnackProperties, ConnectProperties, PublishProperties, UserProperties};

/// The application message of an outgoing PUBLISH.
#[derive(Clone, Copy, Debug, Default)]
pub struct PublishParts<'a> {
    /// Topic name: no wildcards, 1 to 65,535 bytes; in MQTT 5 it may be empty if there is an alias that the broker
    /// knows.
    pub topic: &'a str,
    /// Any bytes.
    pub payload: &'a [u8],
    /// Quality of service.
    pub qos: Qos,
    /// Retain flag.
    pub retain: bool,
    /// DUP flag.
    pub dup: bool,
    /// Packet identifier: non-zero for QoS 1 and 2, ignored for QoS 0.
    pub packet_id: u16,
    /// MQTT 5 only; other versions ignore them.
    pub properties: Option<&'a PublishProperties>,
    /// MQTT 5 only: a topic alias, which overrides the one in `properties`.
    pub topic_alias: Option<u16>,
}

/// A will: what the broker publishes when the connection is lost (section 3.1.2.5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Will {
    /// Topic name.
    pub topic: String,
    /// Any bytes, at most 65,535.
    #[serde(with = "serde_bytes")]
    pub payload: Vec<u8>,
    /// Quality of service.
    pub qos: Qos,
    /// Retain flag.
    pub retain: bool,
    /// MQTT 5 only: will delay interval in seconds (section 3.1.3.2.2).
    pub delay: Option<u32>,
    /// MQTT 5 only.
    pub properties: PublishProperties,
}

/// The content of a CONNECT packet (section 3.1).
///
/// `Debug` does not show the password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connect {
    /// Protocol version.
    pub version: Version,
    /// Client identifier; may be empty with `clean_session`, and in MQTT 5 always. Not in MQTT 3.1, which requires 1 to
    /// 23 characters; longer ones are sent anyway, because brokers accept them.
    pub client_id: String,
    /// Seconds between packets at the most; 0 turns keep alive off.
    pub keep_alive: u16,
    /// Clean session flag; in MQTT 5 clean start.
    pub clean_session: bool,
    /// User name, which may be empty.
    pub user_name: Option<String>,
    /// Password: any bytes, at most 65,535.
    #[serde(with = "serde_bytes")]
    pub password: Option<Vec<u8>>,
    /// Will.
    pub will: Option<Will>,
    /// MQTT 5 only.
    pub properties: ConnectProperties,
}

impl fmt::Debug for Connect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connect")
            .field("version", &self.version)
            .field("client_id", &self.client_id)
            .field("keep_alive", &self.keep_alive)
            .field("clean_session", &self.clean_session)
            .field("user_name", &self.user_name)
            .field("password", &self.password.as_ref().map(|_| "•••"))
            .field("will", &self.will)
            .field("properties", &self.properties)
            .finish()
    }
}

/// The options of a subscription (section 3.8.3.1). Before MQTT 5 only the quality of service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscribeOptions {
    /// Maximum quality of service.
    pub qos: Qos,
    /// No local: do not send back what this client published. Not with shared subscriptions.
    pub no_local: bool,
    /// Retain as published: keep the retain flag of the publisher.
    pub retain_as_published: bool,
    /// When retained messages are sent.
    pub retain_handling: RetainHandling,
}

impl From<Qos> for SubscribeOptions {
    fn from(qos: Qos) -> Self {
        Self {
            qos,
            ..Self::default()
        }
    }
}

/// A topic filter to subscribe to, with all that SUBSCRIBE says of it (section 3.8).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscribeRequest {
    /// Topic filter.
    pub filter: String,
    /// What is asked for with it.
    pub options: SubscribeOptions,
    /// Subscription identifier, MQTT 5 only: 1 to [`super::LARGEST_NUMBER`] (MQTT 5 section 3.8.2.1.2).
    pub identifier: Option<u32>,
}

/// When retained messages are sent (section 3.8.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum RetainHandling {
    /// 0: at every SUBSCRIBE.
    #[default]
    Always = 0,
    /// 1: only if the subscription is new.
    IfNew = 1,
    /// 2: never.
    Never = 2,
}

impl RetainHandling {
    /// The handling that two bits stand for; `None` for 3 and above.
    pub fn from_bits(bits: u8) -> Option<Self> {
        Some(match bits {
            0 => Self::Always,
            1 => Self::IfNew,
            2 => Self::Never,
            _ => return None,
        })
    }
}

/// Typed packets a broker may send to a client, PUBLISH excepted (see [`super::Outline`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromBroker {
    /// CONNACK (section 3.2).
    Connack(Box<Connack>),
    /// PUBACK: end of a QoS 1 delivery.
    Puback(Acknowledgement),
    /// PUBREC: QoS 2 delivery, part 1.
    Pubrec(Acknowledgement),
    /// PUBREL: QoS 2 delivery, part 2, for a message from the broker.
    Pubrel(Acknowledgement),
    /// PUBCOMP: QoS 2 delivery, part 3.
    Pubcomp(Acknowledgement),
    /// SUBACK: one code per filter, in order.
    Suback(Codes),
    /// UNSUBACK: in MQTT 5 one code per filter, in order; before it, none.
    Unsuback(Codes),
    /// PINGRESP.
    Pingresp,
    /// DISCONNECT (section 3.14), from a broker in MQTT 5 only.
    Disconnect(Disconnect),
    /// AUTH (section 3.15), MQTT 5 only.
    Auth(Auth),
}

/// CONNACK (section 3.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connack {
    /// The broker had a session for this client identifier.
    pub session_present: bool,
    /// 0: accepted. Otherwise the refusal: 1 to 5 before MQTT 5, a reason code from 0x80 in MQTT 5. A broker that does
    /// not know MQTT 5 answers with code 1 in the format of MQTT 3.1.1 (section 3.1.2.2), which is 1 here, too.
    pub code: u8,
    /// MQTT 5 only.
    pub properties: ConnackProperties,
}

/// PUBACK, PUBREC, PUBREL, PUBCOMP (sections 3.4 to 3.7).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Packet identifier, never 0.
    pub packet_id: u16,
    /// Reason code; 0 where the packet has none.
    pub code: u8,
    /// Reason string.
    pub reason_string: Option<String>,
    /// User properties.
    pub user_properties: UserProperties,
}

/// SUBACK and UNSUBACK (sections 3.9 and 3.11).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codes {
    /// Packet identifier, never 0.
    pub packet_id: u16,
    /// One code per filter, in order.
    pub codes: Vec<u8>,
    /// Reason string.
    pub reason_string: Option<String>,
    /// User properties.
    pub user_properties: UserProperties,
}

/// DISCONNECT (section 3.14), either way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disconnect {
    /// Reason code; 0 is a normal disconnection.
    pub code: u8,
    /// Session expiry interval in seconds, to the broker only.
    pub session_expiry: Option<u32>,
    /// Reason string.
    pub reason_string: Option<String>,
    /// Server reference, from the broker only.
    pub server_reference: Option<String>,
    /// User properties.
    pub user_properties: UserProperties,
}

/// AUTH (section 3.15), either way. `Debug` does not show the data.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Auth {
    /// Reason code: 0x00 success, 0x18 continue authentication, 0x19 re-authenticate.
    pub code: u8,
    /// Authentication method.
    pub method: Option<String>,
    /// Authentication data.
    pub data: Option<Vec<u8>>,
    /// Reason string.
    pub reason_string: Option<String>,
    /// User properties.
    pub user_properties: UserProperties,
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Auth")
            .field("code", &self.code)
            .field("method", &self.method)
            .field("data", &self.data.as_ref().map(|_| "•••"))
            .field("reason_string", &self.reason_string)
            .finish_non_exhaustive()
    }
}
