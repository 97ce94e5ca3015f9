//! What a connection needs, and how long things may take. Plain data: knows no clock.

use crate::protocol::{Connect, PublishProperties, Qos, Version};

/// Microseconds in a second: all times in this module are in microseconds.
pub(super) const SECOND: u64 = 1_000_000;

/// The default of [`Settings::packet_limit`]: half of the largest packet there is
/// ([`crate::protocol::LARGEST_PACKET`]). A packet that is inspected takes up to six times its size in memory, and
/// WebAssembly has 4 GiB.
const PACKET_LIMIT: usize = 128 << 20;

/// Everything a connection needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `ws://` or `wss://` addresses of the same broker or of nodes of one cluster, at least one. Tried in order, again
    /// and again. Passed to the socket unchanged.
    pub addresses: Vec<String>,
    /// Try MQTT 5, then 3.1.1, then 3.1, starting with the version of `connect`, until the broker accepts one.
    /// Otherwise only the version of `connect` is tried.
    pub newest: bool,
    /// The WebSocket subprotocol to offer.
    pub subprotocol: Subprotocol,
    /// The content of CONNECT. The version in it is tried first.
    pub connect: Connect,
    /// The client identifier was generated, so it may be replaced by another if the session ends with the connection.
    pub client_id_made_up: bool,
    /// Enhanced authentication, MQTT 5 only (MQTT 5 section 4.12). The session adds its method and data to CONNECT.
    pub authentication: Option<Authentication>,
    /// The largest packet that is accepted from the broker, in bytes, fixed header included.
    pub packet_limit: usize,
    /// End the connection for good at every violation of the protocol, as the specification allows.
    pub strict: bool,
    /// How much may wait while there is no connection.
    pub queue: QueueLimit,
    /// How long things may take.
    pub timing: Timing,
}

/// The WebSocket subprotocol to offer (MQTT 3.1.1 section 6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Subprotocol {
    /// `mqtt`: for all versions.
    #[default]
    Mqtt,
    /// `mqttv3.1`: for brokers that accept nothing else.
    Mqttv31,
}

impl Subprotocol {
    /// As it is offered.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mqtt => "mqtt",
            Self::Mqttv31 => "mqttv3.1",
        }
    }
}

/// Converts text to Unicode normalization form KC. It is provided from outside, because its tables are large and every
/// browser has them.
pub type Normalize = fn(&str) -> String;

/// The method of enhanced authentication, with its secrets. `Debug` does not show the password.
#[derive(Clone, Eq)]
pub enum Authentication {
    /// SCRAM-SHA-256 (RFC 7677).
    ScramSha256 {
        /// User name.
        user_name: String,
        /// Password.
        password: String,
        /// 32 unpredictable bytes, from which all nonces are derived.
        entropy: [u8; 32],
        /// How text is normalized.
        normalize: Normalize,
    },
}

impl PartialEq for Authentication {
    /// The same secrets. `normalize` is a property of the platform and always the same.
    fn eq(&self, other: &Self) -> bool {
        let Self::ScramSha256 {
            user_name,
            password,
            entropy,
            normalize: _,
        } = self;
        let Self::ScramSha256 {
            user_name: other_name,
            password: other_password,
            entropy: other_entropy,
            normalize: _,
        } = other;
        (user_name, password, entropy) == (other_name, other_password, other_entropy)
    }
}

impl std::fmt::Debug for Authentication {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::ScramSha256 { user_name, .. } => f
                .debug_struct("ScramSha256")
                .field("user_name", user_name)
                .finish_non_exhaustive(),
        }
    }
}

/// The limits of the queue of messages that wait to be sent. A message beyond them is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueLimit {
    /// Messages.
    pub messages: usize,
    /// Bytes of topics, payloads and properties.
    pub bytes: usize,
}

impl Default for QueueLimit {
    fn default() -> Self {
        Self {
            messages: 10_000,
            bytes: 32 << 20,
        }
    }
}

impl Settings {
    /// Settings with the defaults, for one address and a client identifier that the user chose.
    pub fn new(address: impl Into<String>, connect: Connect) -> Self {
        Self {
            addresses: vec![address.into()],
            newest: false,
            subprotocol: Subprotocol::default(),
            connect,
            client_id_made_up: false,
            authentication: None,
            packet_limit: PACKET_LIMIT,
            strict: false,
            queue: QueueLimit::default(),
            timing: Timing::default(),
        }
    }

    /// Both settings belong to the same session: the same broker and the same client identifier.
    pub(super) fn same_session(&self, other: &Self) -> bool {
        self.addresses == other.addresses && self.connect.client_id == other.connect.client_id
    }

    /// The session should outlive the connection (MQTT 3.1.1 section 3.1.2.4, MQTT 5 section 3.1.2.11.2), so this side
    /// keeps its part in storage.
    pub fn outlives_page(&self) -> bool {
        match self.connect.version {
            _ if self.client_id_made_up => false,
            Version::V5 => self.connect.properties.session_expiry.unwrap_or(0) > 0,
            Version::V31 | Version::V311 => !self.connect.clean_session,
        }
    }

    /// The session expiry interval that is asked for in MQTT 5, in seconds (MQTT 5 section 3.1.2.11.2).
    pub(super) fn expiry(&self) -> u32 {
        self.connect.properties.session_expiry.unwrap_or(0)
    }

    /// CONNECT asks for a session that ends with the connection.
    pub(super) fn ends(&self) -> bool {
        match self.connect.version {
            Version::V5 => self.expiry() == 0,
            Version::V31 | Version::V311 => self.connect.clean_session,
        }
    }

    /// The largest packet that is accepted in this version, in bytes. An MQTT 5 broker is informed of it.
    pub(super) fn largest(&self, version: Version) -> usize {
        let asked = self.connect.properties.maximum_packet_size;
        match asked.and_then(|asked| usize::try_from(asked).ok()) {
            Some(asked) if version == Version::V5 => self.packet_limit.min(asked),
            _ => self.packet_limit,
        }
    }
}

/// How long things may take, all in microseconds. The keep alive is part of [`Connect`], in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Until the socket opens.
    pub open: u64,
    /// From CONNECT to CONNACK.
    pub connack: u64,
    /// From PINGREQ to PINGRESP; never longer than the keep alive.
    pub pingresp: u64,
    /// The shortest wait before the next attempt.
    pub retry_least: u64,
    /// The longest wait before the next attempt.
    pub retry_most: u64,
    /// A connection that lasted this long was stable: the waits between attempts start over, and its end is not
    /// attributed to another client.
    pub stable: u64,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            open: 10 * SECOND,
            connack: 10 * SECOND,
            pingresp: 10 * SECOND,
            retry_least: SECOND,
            retry_most: 30 * SECOND,
            stable: 5 * SECOND,
        }
    }
}

/// Numbers of publications from this one on are assigned by the session, to publications that it restores from storage.
pub const FIRST_RESTORED: u32 = 0x8000_0000;

/// An application message to publish.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Chosen by the caller, below [`FIRST_RESTORED`]; returned in events and with packets.
    pub number: u32,
    /// Topic name.
    pub topic: String,
    /// Any bytes.
    pub payload: Vec<u8>,
    /// Quality of service.
    pub qos: Qos,
    /// Retain flag.
    pub retain: bool,
    /// MQTT 5 only; other versions drop them. An alias in them is ignored: the session chooses its own.
    pub properties: PublishProperties,
}
