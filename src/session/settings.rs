//! What a connection needs, and how long things may take. Plain data: knows no clock.

use crate::protocol::{Connect, Qos};

/// Microseconds in a second: every time of this room is in microseconds.
pub(super) const SECOND: u64 = 1_000_000;

/// Everything a connection needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `ws://` or `wss://` address. Handed to the socket as it is.
    pub address: String,
    /// What CONNECT says.
    pub connect: Connect,
    /// The client identifier was made up, so that another may take its place when the session at the broker ends with
    /// the connection.
    pub client_id_made_up: bool,
    /// Largest packet that is taken from the broker, in bytes, fixed header included.
    pub packet_limit: usize,
    /// How long things may take.
    pub timing: Timing,
}

impl Settings {
    /// Settings with the default limit and timing, for a client identifier that the user chose.
    pub fn new(address: impl Into<String>, connect: Connect) -> Self {
        Self {
            address: address.into(),
            connect,
            client_id_made_up: false,
            packet_limit: 64 << 20,
            timing: Timing::default(),
        }
    }

    /// Session state kept for one of these settings means something to the broker that the other reaches.
    pub(super) fn same_session(&self, other: &Self) -> bool {
        self.address == other.address && self.connect.client_id == other.connect.client_id
    }

    /// The client identifier may change without losing a session.
    pub(super) fn may_rename(&self) -> bool {
        self.client_id_made_up && self.connect.clean_session
    }
}

/// How long things may take, all in microseconds. The keep alive is part of [`Connect`], in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// From asking for a socket to its opening.
    pub open: u64,
    /// From CONNECT to CONNACK.
    pub connack: u64,
    /// From PINGREQ to PINGRESP at the most; never longer than the keep alive.
    pub pingresp: u64,
    /// From asking for a probe to its result.
    pub probe: u64,
    /// Shortest time to the next try.
    pub retry_least: u64,
    /// Longest time to the next try.
    pub retry_most: u64,
    /// A connection that lasted this long held: the times between tries start over.
    pub held: u64,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            open: 10 * SECOND,
            connack: 10 * SECOND,
            pingresp: 10 * SECOND,
            probe: 3 * SECOND,
            retry_least: SECOND,
            retry_most: 30 * SECOND,
            held: 5 * SECOND,
        }
    }
}

/// An application message to publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Chosen by the caller; comes back in the events and with the packets.
    pub number: u32,
    /// Topic name.
    pub topic: String,
    /// Any bytes.
    pub payload: Vec<u8>,
    /// Quality of service.
    pub qos: Qos,
    /// Retain flag.
    pub retain: bool,
}
