//! The properties of MQTT 5 by packet (MQTT 5 section 2.2.2.2). In other versions all of them are absent.
//!
//! Plain data. What is `None` is not in the packet; the specification's default is named where there is one.

use serde::{Deserialize, Serialize};

/// User properties: names and values in their order; a name may come more than once (MQTT 5 section 3.1.2.11.8).
pub type UserProperties = Vec<(String, String)>;

/// Properties of a PUBLISH (MQTT 5 section 3.3.2.3), and of a will (section 3.1.3.2), which has no alias and no
/// identifiers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishProperties {
    /// Payload format indicator: `true`: the payload is UTF-8 text.
    pub payload_is_text: Option<bool>,
    /// Message expiry interval in seconds.
    pub message_expiry: Option<u32>,
    /// Topic alias: 1 to 65,535.
    pub topic_alias: Option<u16>,
    /// Response topic: a topic name.
    pub response_topic: Option<String>,
    /// Correlation data: any bytes.
    #[serde(with = "serde_bytes")]
    pub correlation_data: Option<Vec<u8>>,
    /// Subscription identifiers: 1 to [`super::LARGEST_NUMBER`], from the broker only.
    pub subscription_identifiers: Vec<u32>,
    /// Content type.
    pub content_type: Option<String>,
    /// User properties.
    pub user_properties: UserProperties,
}

/// Properties of a CONNECT (MQTT 5 section 3.1.2.11).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectProperties {
    /// Session expiry interval in seconds; absent is 0, 0xFFFFFFFF is never.
    pub session_expiry: Option<u32>,
    /// Receive maximum: QoS 1 and 2 messages that the broker may have unacknowledged; never 0, absent is 65,535.
    pub receive_maximum: Option<u16>,
    /// Maximum packet size in bytes; never 0, absent is no limit.
    pub maximum_packet_size: Option<u32>,
    /// Topic alias maximum: the highest alias that the broker may use; absent is 0.
    pub topic_alias_maximum: Option<u16>,
    /// Request response information; absent is `false`.
    pub request_response_information: Option<bool>,
    /// Request problem information; absent is `true`.
    pub request_problem_information: Option<bool>,
    /// User properties.
    pub user_properties: UserProperties,
    /// Authentication method (section 4.12).
    pub authentication_method: Option<String>,
    /// Authentication data. `Debug` does not show it.
    #[serde(with = "serde_bytes")]
    pub authentication_data: Option<Vec<u8>>,
}

impl std::fmt::Debug for ConnectProperties {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConnectProperties")
            .field("session_expiry", &self.session_expiry)
            .field("receive_maximum", &self.receive_maximum)
            .field("maximum_packet_size", &self.maximum_packet_size)
            .field("topic_alias_maximum", &self.topic_alias_maximum)
            .field("user_properties", &self.user_properties)
            .field("authentication_method", &self.authentication_method)
            .finish_non_exhaustive()
    }
}

/// Properties of a CONNACK (MQTT 5 section 3.2.2.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnackProperties {
    /// Session expiry interval in seconds; absent is what was asked for.
    pub session_expiry: Option<u32>,
    /// Receive maximum: QoS 1 and 2 messages that this client may have unacknowledged; absent is 65,535.
    pub receive_maximum: Option<u16>,
    /// Maximum QoS: 0 or 1; absent is 2.
    pub maximum_qos: Option<u8>,
    /// Retain available; absent is `true`.
    pub retain_available: Option<bool>,
    /// Maximum packet size in bytes; absent is no limit.
    pub maximum_packet_size: Option<u32>,
    /// Assigned client identifier.
    pub assigned_client_id: Option<String>,
    /// Topic alias maximum: the highest alias that this client may use; absent is 0.
    pub topic_alias_maximum: Option<u16>,
    /// Reason string.
    pub reason_string: Option<String>,
    /// User properties.
    pub user_properties: UserProperties,
    /// Wildcard subscription available; absent is `true`.
    pub wildcard_available: Option<bool>,
    /// Subscription identifiers available; absent is `true`.
    pub identifiers_available: Option<bool>,
    /// Shared subscription available; absent is `true`.
    pub shared_available: Option<bool>,
    /// Server keep alive in seconds; absent is what was asked for.
    pub server_keep_alive: Option<u16>,
    /// Response information.
    pub response_information: Option<String>,
    /// Server reference.
    pub server_reference: Option<String>,
    /// Authentication method.
    pub authentication_method: Option<String>,
    /// Authentication data.
    pub authentication_data: Option<Vec<u8>>,
}
