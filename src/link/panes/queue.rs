//! Publications that wait or are held back.

use serde::{Deserialize, Serialize};

use crate::protocol::Qos;

/// Publications that wait for a connection, for the broker to accept more, or for space in the send buffer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    /// How many wait.
    pub count: u32,
    /// How many may wait.
    pub limit: u32,
    /// Bytes of topics and payloads that wait.
    pub bytes: u64,
    /// Bytes in the send buffer; 0 if they are too few to be shown.
    pub leaving: u64,
    /// The first 100 of them, in the order of sending. Empty while they change faster than anybody can read.
    pub first: Vec<Waiting>,
    /// The first 100 of those that are held back, because the broker closed the connection each time they were sent.
    pub held: Vec<HeldMessage>,
}

/// A publication that is held back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HeldMessage {
    /// For [`crate::link::Command::SendHeld`] and [`crate::link::Command::DropHeld`].
    pub number: u32,
    /// Topic name. `None`: the broker has the message, and only PUBREL is held back.
    pub topic: Option<String>,
    /// Bytes of topic, payload and properties.
    pub size: u32,
    /// Quality of service, 1 or 2.
    pub qos: Qos,
    /// When it was published, in milliseconds since the Unix epoch.
    pub published_at: Option<f64>,
}

/// A publication that waits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// For [`crate::link::Command::Cancel`].
    pub number: u32,
    /// Topic name.
    pub topic: String,
    /// Bytes of the payload.
    pub size: u32,
    /// Quality of service.
    pub qos: Qos,
}
