//! The connection: where it stands, what the broker granted, and why there is none.

use serde::{Deserialize, Serialize};

use crate::link::Trouble;
use crate::protocol::{Granted, Version};

/// Where the connection stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// The user has not asked for a connection, or has ended it.
    #[default]
    Disconnected,
    /// The socket is opening, or CONNECT was sent.
    Connecting,
    /// CONNACK accepted the connection.
    Connected,
    /// The connection was lost or could not be made; there will be another try.
    Waiting,
    /// A retry cannot cure it; no further try by itself.
    Failed,
}

/// The connection.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// Where it stands.
    pub phase: Phase,
    /// The address in use: of several the one that was tried last.
    pub address: String,
    /// The version in use: of several the one that was tried last.
    pub version: Version,
    /// What the broker granted, before MQTT 5 everything; `None` while not connected.
    pub granted: Option<Granted>,
    /// What this connection asked for, to be shown beside it.
    pub asked: Asked,
    /// Whether the session is stored, so that it outlives the page.
    pub storage: Storage,
    /// The client identifier in use.
    pub client_id: String,
    /// User name in use.
    pub user_name: Option<String>,
    /// How often it was tried since it last worked; 1 is the first.
    pub attempt: u32,
    /// When the next try is due: milliseconds since the Unix epoch.
    pub next_try: Option<f64>,
    /// Since when it is connected: milliseconds since the Unix epoch.
    pub since: Option<f64>,
    /// The broker had kept the session.
    pub session_present: bool,
    /// Milliseconds from the last PINGREQ (or CONNECT) to its answer.
    pub round_trip: Option<f64>,
    /// How far the last try came.
    pub reached: Reached,
    /// Why it is not connected, or why it last was not. Stays until a connection works.
    pub trouble: Option<Trouble>,
    /// Where the same broken packet ends every connection: the filters that probably bring it.
    pub suspects: Vec<String>,
    /// What was probably the reason for it.
    pub suspected: Option<Suspected>,
}

/// What was asked for at CONNECT.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Seconds.
    pub keep_alive: u16,
    /// Clean session, or clean start.
    pub clean_session: bool,
    /// Seconds. MQTT 5 only.
    pub session_expiry: Option<u32>,
}

/// Whether the session is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Storage {
    /// It ends with the connection or with the page, as was asked for.
    #[default]
    Off,
    /// It is stored.
    On,
    /// It should be, and storage failed: it is kept in memory only, until the page closes.
    Failed {
        /// The browser's own words.
        detail: String,
    },
}

/// How far a try came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Reached {
    /// Nothing was tried.
    #[default]
    Nothing,
    /// The socket was asked to open.
    Opening,
    /// The socket opened, and CONNECT was sent.
    Sent,
    /// CONNACK accepted.
    Accepted,
}

/// What was probably the reason for the end of a connection: the broker had not answered it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspected {
    /// The first of the topic filters that were asked for.
    pub filters: Vec<String>,
    /// Where there are none: the topic of a message.
    pub topic: Option<String>,
}
