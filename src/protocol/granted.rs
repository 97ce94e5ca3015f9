//! What the broker allows on a connection, from the properties of CONNACK (MQTT 5 section 3.2.2.3). It overrides what
//! CONNECT asked for. Before MQTT 5 a broker cannot state limits, so nothing is forbidden beforehand.

use serde::{Deserialize, Serialize};

use super::packet::{Qos, Version};
use super::properties::{ConnackProperties, UserProperties};
use super::typed::{RetainHandling, SubscribeOptions};

/// The limits of one connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granted {
    /// The highest quality of service that may be published.
    pub maximum_qos: Qos,
    /// Retained messages may be published.
    pub retain: bool,
    /// Filters may hold wildcards.
    pub wildcards: bool,
    /// Shared subscriptions may be asked for.
    pub shared: bool,
    /// Subscriptions may have identifiers.
    pub identifiers: bool,
    /// The largest packet the broker takes, in bytes; `None`: no limit.
    pub packet_size: Option<u32>,
    /// QoS 1 and 2 messages that may be sent and not acknowledged.
    pub receive_maximum: u16,
    /// The highest topic alias that may be sent; 0: none.
    pub topic_alias_maximum: u16,
    /// Seconds between packets at the most; 0: no limit.
    pub keep_alive: u16,
    /// The broker chose the keep alive.
    pub keep_alive_by_server: bool,
    /// Seconds that the session is kept after the connection; 0xFFFFFFFF: for ever. `None` before MQTT 5.
    pub session_expiry: Option<u32>,
    /// The client identifier, where the broker made it up.
    pub assigned_client_id: Option<String>,
    /// The basis for response topics (MQTT 5 section 3.2.2.3.15).
    pub response_information: Option<String>,
    /// Another broker to use (MQTT 5 section 4.13).
    pub server_reference: Option<String>,
    /// Reason string.
    pub reason_string: Option<String>,
    /// User properties.
    pub user_properties: UserProperties,
}

/// Something that the broker, or the version in use, does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Limit {
    /// The quality of service is above the maximum [MQTT-3.2.2-11].
    Qos(Qos),
    /// Retained messages are not taken [MQTT-3.2.2-14].
    Retain,
    /// Wildcards are not taken (MQTT 5 section 3.2.2.3.11).
    Wildcards,
    /// Shared subscriptions are not taken (MQTT 5 section 3.2.2.3.13).
    Shared,
    /// Subscription identifiers are not taken (MQTT 5 section 3.2.2.3.12).
    Identifiers,
    /// The packet is larger than the broker takes, in bytes [MQTT-3.2.2-15].
    PacketSize(u32),
    /// The version has no such option: no local, retain as published, retain handling and identifiers are MQTT 5 only.
    /// So are shared subscriptions, but many brokers accept them in any version, so those are left to the broker.
    Version,
    /// No local is not allowed with a shared subscription [MQTT-3.8.3-4].
    NoLocalShared,
}

impl Default for Granted {
    /// What a broker grants that says nothing: everything.
    fn default() -> Self {
        Self::new(&ConnackProperties::default(), 0, None)
    }
}

impl Granted {
    /// From the properties of CONNACK, with the defaults of the specification. `asked_keep_alive` and `asked_expiry`
    /// are the values in CONNECT.
    pub fn new(
        properties: &ConnackProperties,
        asked_keep_alive: u16,
        asked_expiry: Option<u32>,
    ) -> Self {
        Self {
            maximum_qos: properties
                .maximum_qos
                .and_then(Qos::from_bits)
                .unwrap_or(Qos::ExactlyOnce),
            retain: properties.retain_available.unwrap_or(true),
            wildcards: properties.wildcard_available.unwrap_or(true),
            shared: properties.shared_available.unwrap_or(true),
            identifiers: properties.identifiers_available.unwrap_or(true),
            packet_size: properties.maximum_packet_size,
            receive_maximum: properties.receive_maximum.unwrap_or(u16::MAX),
            topic_alias_maximum: properties.topic_alias_maximum.unwrap_or(0),
            keep_alive: properties.server_keep_alive.unwrap_or(asked_keep_alive),
            keep_alive_by_server: properties.server_keep_alive.is_some(),
            session_expiry: properties.session_expiry.or(asked_expiry),
            assigned_client_id: properties.assigned_client_id.clone(),
            response_information: properties.response_information.clone(),
            server_reference: properties.server_reference.clone(),
            reason_string: properties.reason_string.clone(),
            user_properties: properties.user_properties.clone(),
        }
    }
}

/// Why this subscription must not be requested, by the version or by what the broker granted. Its size is checked
/// elsewhere.
pub fn forbids(
    granted: Option<&Granted>,
    version: Version,
    filter: &str,
    options: &SubscribeOptions,
    identifier: Option<u32>,
) -> Option<Limit> {
    let shared = filter.starts_with("$share/");
    if version != Version::V5 {
        let news = options.no_local
            || options.retain_as_published
            || options.retain_handling != RetainHandling::Always
            || identifier.is_some();
        return news.then_some(Limit::Version);
    }
    if shared && options.no_local {
        return Some(Limit::NoLocalShared);
    }
    let granted = granted?;
    if shared && !granted.shared {
        Some(Limit::Shared)
    } else if !granted.wildcards && filter.contains(['+', '#']) {
        Some(Limit::Wildcards)
    } else if !granted.identifiers && identifier.is_some() {
        Some(Limit::Identifiers)
    } else {
        None
    }
}
