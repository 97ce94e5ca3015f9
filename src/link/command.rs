//! What the page asks of the worker.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::view::View;

/// One request of the page. A turn is a `Vec<Command>`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// The page is there. Answered at once with a frame in which everything is said.
    Hello,
    /// Send the next frame when something that is shown has changed.
    Ask,
    /// Connect, or connect anew with other settings. Ends any earlier connection first.
    Connect(Box<ConnectRequest>),
    /// Disconnect and stay disconnected.
    Disconnect,
    /// While waiting for the next try: try now.
    TryNow,
    /// Ask for these filters now, or at the next connection when there is none. A filter that is already there is
    /// subscribed again with the new quality of service.
    Subscribe(Vec<Wanted>),
    /// Give up a filter.
    Unsubscribe {
        /// The filter, as it was subscribed.
        filter: String,
    },
    /// Hide or show again what only this filter brought. Nothing is dropped.
    Mute {
        /// The filter, as it was subscribed.
        filter: String,
        /// Hide.
        muted: bool,
    },
    /// Publish once. Answered with [`super::Notice::Published`] or [`super::Notice::PublishFailed`].
    Publish(Box<Publication>),
    /// Publish once now and then every `every_ms`, until [`Command::Stop`]. Templates are filled in anew each time.
    Start {
        /// What to publish.
        publication: Box<Publication>,
        /// Milliseconds, 10 at least.
        every_ms: u32,
    },
    /// Withdraw a publication that waits; the number is that of [`super::Waiting`]. Answered with
    /// [`super::Notice::Cancelled`] unless it was sent already.
    Cancel(u32),
    /// Send a publication again that is held back; the number is that of [`super::HeldMessage`].
    SendHeld(u32),
    /// Give up a publication that is held back. Answered with [`super::Notice::Cancelled`].
    DropHeld(u32),
    /// Authenticate anew on this connection (MQTT 5 section 4.12.1).
    Reauthenticate,
    /// End a series that [`Command::Start`] began; the number is that of its publication.
    Stop {
        /// The publication's number.
        number: u32,
    },
    /// What the page shows from now on.
    Show(Box<View>),
    /// Look at one packet or topic from now on; `None` closes the inspector.
    Inspect(Option<Target>),
    /// Fold a node of the topic tree open or shut.
    Fold {
        /// The node, from [`super::TreeRow::node`].
        node: u32,
        /// Open it.
        open: bool,
    },
    /// Throw away what was captured, and start the counters at zero. Subscriptions stay.
    Clear,
    /// Bytes the capture may keep.
    Budget(u64),
    /// The page was hidden, or is shown again.
    Hidden(bool),
}

/// Everything a connection needs. `Debug` does not show the password.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ConnectRequest {
    /// `ws://` or `wss://` addresses with host, port, path and query, at least one; tried in order. Checked by the page.
    pub addresses: Vec<String>,
    /// Protocol version. With `newest` the first to be tried.
    pub version: Version,
    /// Try MQTT 5, then 3.1.1, then 3.1, beginning with `version`, until the broker takes one.
    pub newest: bool,
    /// Offer the WebSocket subprotocol `mqttv3.1` instead of `mqtt`.
    pub old_subprotocol: bool,
    /// Client identifier.
    pub client_id: String,
    /// The client identifier was made up by Midge, so that another may take its place.
    pub client_id_made_up: bool,
    /// User name.
    pub user_name: Option<String>,
    /// Password: any bytes.
    #[serde(with = "serde_bytes")]
    pub password: Option<Vec<u8>>,
    /// Seconds; 0 turns keep alive off.
    pub keep_alive: u16,
    /// Clean session flag; in MQTT 5 clean start.
    pub clean_session: bool,
    /// Will.
    pub will: Option<WillRequest>,
    /// Every broken rule ends the connection for good.
    pub strict: bool,
    /// Authenticate by SCRAM-SHA-256 with user name and password, which are not sent in CONNECT then. MQTT 5 only.
    pub scram: bool,
    /// MQTT 5 only.
    pub properties: ConnectProperties,
}

/// A protocol version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Version {
    /// MQTT 3.1.
    V31,
    /// MQTT 3.1.1.
    V311,
    /// MQTT 5.
    #[default]
    V5,
}

/// What CONNECT says beyond MQTT 3.1.1 (MQTT 5 section 3.1.2.11). `None`: not in the packet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectProperties {
    /// Seconds; 0xFFFFFFFF is never.
    pub session_expiry: Option<u32>,
    /// 1 to 65,535.
    pub receive_maximum: Option<u16>,
    /// Bytes, at least 1.
    pub maximum_packet_size: Option<u32>,
    /// 0 to 65,535.
    pub topic_alias_maximum: Option<u16>,
    /// Ask for response information.
    pub request_response_information: Option<bool>,
    /// Ask for reason strings and user properties with failures.
    pub request_problem_information: Option<bool>,
    /// In their order.
    pub user_properties: Vec<(String, String)>,
}

/// Properties of a message (MQTT 5 section 3.3.2.3). `None`: not in the packet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageProperties {
    /// Payload format indicator: the payload is UTF-8 text.
    pub payload_is_text: Option<bool>,
    /// Message expiry interval in seconds.
    pub message_expiry: Option<u32>,
    /// Content type.
    pub content_type: Option<String>,
    /// Response topic.
    pub response_topic: Option<String>,
    /// Correlation data.
    #[serde(with = "serde_bytes")]
    pub correlation_data: Option<Vec<u8>>,
    /// In their order.
    pub user_properties: Vec<(String, String)>,
}

impl fmt::Debug for ConnectRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectRequest")
            .field("addresses", &self.addresses)
            .field("version", &self.version)
            .field("client_id", &self.client_id)
            .field("user_name", &self.user_name)
            .field("keep_alive", &self.keep_alive)
            .field("clean_session", &self.clean_session)
            .field("will", &self.will)
            .finish_non_exhaustive()
    }
}

/// A will.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WillRequest {
    /// Topic name.
    pub topic: String,
    /// Any bytes.
    #[serde(with = "serde_bytes")]
    pub payload: Vec<u8>,
    /// 0, 1 or 2.
    pub qos: u8,
    /// Retain flag.
    pub retain: bool,
    /// Will delay interval in seconds. MQTT 5 only.
    pub delay: Option<u32>,
    /// MQTT 5 only.
    pub properties: MessageProperties,
}

/// A subscription the user wants.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Topic filter.
    pub filter: String,
    /// Maximum quality of service asked for: 0, 1 or 2.
    pub qos: u8,
    /// Do not send back what this client published. MQTT 5 only, like all below.
    pub no_local: bool,
    /// Keep the retain flag as it was published.
    pub retain_as_published: bool,
    /// When retained messages are sent: 0 always, 1 if the subscription is new, 2 never.
    pub retain_handling: u8,
    /// Subscription identifier: 1 to 268,435,455.
    pub identifier: Option<u32>,
}

/// A message to publish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Publication {
    /// Chosen by the page; comes back in the notices.
    pub number: u32,
    /// Topic name.
    pub topic: String,
    /// The payload.
    pub payload: Body,
    /// 0, 1 or 2.
    pub qos: u8,
    /// Retain flag.
    pub retain: bool,
    /// MQTT 5 only; other versions drop them.
    pub properties: MessageProperties,
}

/// A payload to send.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Body {
    /// These bytes.
    Bytes(#[serde(with = "serde_bytes")] Vec<u8>),
    /// Text with `{{random 0..99}}` and its like, filled in anew for each message (see `payload::template`).
    Template(String),
}

/// What the inspector looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// The packet with this sequence number ([`super::Row::seq`]).
    Packet(u64),
    /// The latest message of a topic, kept up to date: a node of the tree.
    Topic(u32),
}
