//! Connections that were saved under a name, and the one that was used last. As JSON, for the browser's storage.
//!
//! A password is never in them. Storage may be damaged or written by another version, so reading keeps whatever is valid.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::{
    MAX_ADDRESSES, USUAL_KEEP_ALIVE,
    kept_filters::{self, KeptFilter},
    names::{version_key, version_of},
    secrets::without_secrets,
};
use crate::protocol::Version;

/// The version of the format. Version 1 had one address, no protocol version and nothing of MQTT 5. It is read with default
/// values for these.
pub const VERSION: u32 = 2;

/// The most saved connections.
pub const MAX_CONNECTIONS: usize = 200;

/// The most user properties of a connection or a will.
pub const MAX_USER_PROPERTIES: usize = 100;

/// The most names of secrets that were left out.
const MAX_LEFT_OUT: usize = 20;

/// The default topic alias maximum: enough to be useful, and few topics to remember.
pub const USUAL_TOPIC_ALIASES: u16 = 16;

/// User properties, in order.
pub type UserProperties = Vec<(String, String)>;

/// Everything about a connection but the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedConnection {
    /// The name the user gave it; empty for the one that was used last.
    #[serde(default)]
    pub name: String,
    /// Address of the broker.
    pub address: String,
    /// Further addresses of the same broker, which are tried in this order.
    #[serde(default)]
    pub more_addresses: Vec<String>,
    /// The version to use; `None`: the newest that the broker accepts.
    #[serde(default, with = "version_text")]
    pub version: Option<Version>,
    /// The version that the broker accepted last. The search for the newest starts with it.
    #[serde(default, with = "version_text")]
    pub found: Option<Version>,
    /// Offer the WebSocket subprotocol `mqttv3.1` instead of `mqtt`.
    #[serde(default)]
    pub old_subprotocol: bool,
    /// Client identifier; `None`: generate one.
    #[serde(default)]
    pub client_id: Option<String>,
    /// User name.
    #[serde(default)]
    pub user_name: Option<String>,
    /// Authenticate by SCRAM-SHA-256.
    #[serde(default)]
    pub scram: bool,
    /// Keep alive in seconds.
    #[serde(default = "usual_keep_alive")]
    pub keep_alive: u16,
    /// Clean session flag.
    #[serde(default = "usual_clean_session")]
    pub clean_session: bool,
    /// Settings of MQTT 5.
    #[serde(default)]
    pub properties: SavedProperties,
    /// Will.
    #[serde(default)]
    pub will: Option<SavedWill>,
    /// The user chose to store secrets in the addresses, too.
    #[serde(default)]
    pub with_secrets: bool,
    /// If not: the names of the secrets that were left out.
    #[serde(default)]
    pub left_out: Vec<String>,
    /// Its subscriptions; `None`: they are not known.
    #[serde(default, deserialize_with = "kept_filters::read")]
    pub subscriptions: Option<Vec<KeptFilter>>,
    /// A secret was typed that is not saved, so it has to be typed again.
    #[serde(default)]
    pub incomplete: bool,
}

impl SavedConnection {
    /// Prepares it for saving: secrets in the addresses are removed, unless the user chose to store them.
    pub fn to_keep(mut self) -> Self {
        if self.with_secrets {
            return self;
        }
        let mut left_out = std::mem::take(&mut self.left_out);
        let mut plain = |address: &str| {
            let (address, names) = without_secrets(address);
            for name in names {
                if !left_out.contains(&name) && left_out.len() < MAX_LEFT_OUT {
                    left_out.push(name);
                }
            }
            address
        };
        self.address = plain(&self.address);
        let others = std::mem::take(&mut self.more_addresses);
        for other in others {
            let other = plain(&other);
            if other != self.address && !self.more_addresses.contains(&other) {
                self.more_addresses.push(other);
            }
        }
        self.left_out = left_out;
        self
    }
}

/// Properties of CONNECT (MQTT 5 section 3.1.2.11). `None`: not in the packet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedProperties {
    /// Session expiry interval in seconds; 0xFFFFFFFF: forever.
    pub session_expiry: Option<u32>,
    /// Receive maximum, 1 to 65,535.
    pub receive_maximum: Option<u16>,
    /// Maximum packet size in bytes, at least 1.
    pub maximum_packet_size: Option<u32>,
    /// Topic alias maximum, 0 to 65,535.
    pub topic_alias_maximum: Option<u16>,
    /// Request response information.
    pub request_response_information: Option<bool>,
    /// Request problem information: reason strings and user properties with failures.
    pub request_problem_information: Option<bool>,
    /// In their order.
    pub user_properties: UserProperties,
}

impl Default for SavedProperties {
    fn default() -> Self {
        Self {
            session_expiry: None,
            receive_maximum: None,
            maximum_packet_size: None,
            topic_alias_maximum: Some(USUAL_TOPIC_ALIASES),
            request_response_information: None,
            request_problem_information: None,
            user_properties: Vec::new(),
        }
    }
}

/// A will.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedWill {
    /// Topic name.
    pub topic: String,
    /// The payload, as text.
    pub payload: String,
    /// 0, 1 or 2.
    pub qos: u8,
    /// Retain flag.
    pub retain: bool,
    /// Will delay interval in seconds. MQTT 5 only, like all below.
    pub delay: Option<u32>,
    /// Payload format indicator: the payload is UTF-8 text.
    pub is_text: bool,
    /// Message expiry interval in seconds.
    pub expiry: Option<u32>,
    /// Content type.
    pub content_type: Option<String>,
    /// Response topic.
    pub response_topic: Option<String>,
    /// Correlation data, as text.
    pub correlation_data: Option<String>,
    /// In their order.
    pub user_properties: UserProperties,
}

fn usual_keep_alive() -> u16 {
    USUAL_KEEP_ALIVE
}

fn usual_clean_session() -> bool {
    true
}

/// A version as text. Unknown ones, written by a later Midge, are read as `None`.
mod version_text {
    use super::{
        Deserialize, Deserializer, RawValue, Serializer, Version, read_some, version_key,
        version_of,
    };

    pub fn serialize<S: Serializer>(
        version: &Option<Version>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match version {
            Some(version) => serializer.serialize_some(version_key(*version)),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Version>, D::Error> {
        let value = <&RawValue>::deserialize(deserializer)?;
        Ok(read_some::<String>(value).and_then(|version| version_of(&version)))
    }
}

/// Everything that is saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// The saved connections, in the order in which they were first saved. Each name is unique.
    pub connections: Vec<SavedConnection>,
    /// The one that was used last.
    pub last: Option<SavedConnection>,
}

/// The format in storage. Each part may be damaged, so each is kept as raw JSON at first.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Stored<'a> {
    #[serde(borrow)]
    connections: Option<&'a RawValue>,
    #[serde(borrow)]
    last: Option<&'a RawValue>,
}

impl Saved {
    /// Reads what [`super::stored::change`] wrote. Damaged parts are left out here, but stay in storage.
    pub fn read(stored: &str) -> Self {
        // Only an object: serde would also read a list as this type.
        if !stored.trim_start().starts_with('{') {
            return Self::default();
        }
        let stored: Stored = serde_json::from_str(stored).unwrap_or_default();
        let mut saved = Self::default();
        let connections = stored.connections.and_then(read_some::<Vec<&RawValue>>);
        for connection in connections.into_iter().flatten() {
            if let Some(connection) = read_one(connection)
                && !connection.name.is_empty()
            {
                saved.put(connection);
            }
        }
        saved.last = stored.last.and_then(read_one).map(SavedConnection::to_keep);
        saved
    }

    /// Adds a connection, or replaces the one of the same name, unless there are too many.
    fn put(&mut self, connection: SavedConnection) {
        if let Some(place) = self
            .connections
            .iter_mut()
            .find(|each| each.name == connection.name)
        {
            *place = connection;
        } else if self.connections.len() < MAX_CONNECTIONS {
            self.connections.push(connection);
        }
    }
}

fn read_some<'a, T: Deserialize<'a>>(value: &'a RawValue) -> Option<T> {
    serde_json::from_str(value.get()).ok()
}

/// Reads a connection, if it is valid.
pub(super) fn read_one(value: &RawValue) -> Option<SavedConnection> {
    let mut connection: SavedConnection = read_some(value)?;
    connection.will = connection
        .will
        .filter(|will| will.qos <= 2 && !will.topic.is_empty());
    connection.more_addresses.retain(|one| !one.is_empty());
    connection.more_addresses.truncate(MAX_ADDRESSES - 1);
    let properties = &mut connection.properties;
    properties.receive_maximum = properties.receive_maximum.filter(|most| *most > 0);
    properties.maximum_packet_size = properties.maximum_packet_size.filter(|most| *most > 0);
    properties.user_properties.truncate(MAX_USER_PROPERTIES);
    if let Some(will) = &mut connection.will {
        will.user_properties.truncate(MAX_USER_PROPERTIES);
    }
    (!connection.address.is_empty()).then_some(connection)
}
