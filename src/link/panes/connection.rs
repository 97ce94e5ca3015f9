//! The connection: its state, what the broker granted, and why there is none.

use serde::{Deserialize, Serialize};

use crate::link::Trouble;
use crate::protocol::{Granted, Version};

/// The state of the connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// No connection is wanted.
    #[default]
    Disconnected,
    /// The socket is opening, or CONNECT was sent.
    Connecting,
    /// CONNACK accepted the connection.
    Connected,
    /// The connection was lost or could not be made. The next attempt is scheduled.
    Waiting,
    /// It failed, and trying again would not help, so there is no automatic attempt.
    Failed,
}

/// The connection.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// Its state.
    pub phase: Phase,
    /// The address in use, or the one that was tried last.
    pub address: String,
    /// The version in use, or the one that was tried last.
    pub version: Version,
    /// What the broker granted; before MQTT 5 that is everything. `None` while not connected.
    pub granted: Option<Granted>,
    /// What CONNECT asked for, to be shown beside that.
    pub asked: Asked,
    /// Whether the session is stored.
    pub storage: Storage,
    /// The client identifier in use.
    pub client_id: String,
    /// User name in use.
    pub user_name: Option<String>,
    /// The number of the attempt since a connection last worked; the first is 1.
    pub attempt: u32,
    /// When the next attempt is due, in milliseconds since the Unix epoch.
    pub next_try: Option<f64>,
    /// Since when it is connected, in milliseconds since the Unix epoch.
    pub since: Option<f64>,
    /// The broker had kept the session.
    pub session_present: bool,
    /// Milliseconds from the latest PINGREQ (or CONNECT) to its answer.
    pub round_trip: Option<f64>,
    /// How far the latest attempt got.
    pub reached: Reached,
    /// Why there is no connection, or why the last one ended. Kept until a connection works.
    pub trouble: Option<Trouble>,
    /// What ended the connection that stood before. Stays until a connection works.
    pub lost: Option<Loss>,
    /// If the same invalid packet ends every connection: the filters that probably cause it.
    pub suspects: Vec<String>,
    /// The probable reason why the last connection ended.
    pub suspected: Option<Suspected>,
}

/// How a connection that stood ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Loss {
    /// Milliseconds since the Unix epoch.
    pub at: f64,
    /// Why.
    pub trouble: Trouble,
}

/// What CONNECT asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Seconds.
    pub keep_alive: u16,
    /// Clean session; in MQTT 5, clean start.
    pub clean_session: bool,
    /// Seconds. MQTT 5 only.
    pub session_expiry: Option<u32>,
}

/// Whether the session is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Storage {
    /// No: it ends with the connection or with the page, as requested.
    #[default]
    Off,
    /// It is stored.
    On,
    /// It should be, but storage failed. It is kept in memory until the page closes.
    Failed {
        /// The browser's own words.
        detail: String,
    },
}

/// How far an attempt got.
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

/// The probable reason why a connection ended: a request that the broker had not answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspected {
    /// The first of the topic filters in it.
    pub filters: Vec<String>,
    /// If there are none: the topic of a message.
    pub topic: Option<String>,
}
