//! Why there is no connection: facts only. Texts for the user are made elsewhere.

/// Why there is no connection. Times are in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// CONNECT cannot be encoded from these settings, so nothing was tried.
    Settings {
        /// What is wrong, in English.
        detail: String,
    },
    /// The browser refused to create the socket.
    Forbidden {
        /// The browser's error message.
        detail: String,
    },
    /// The socket closed before it opened.
    NotOpened {
        /// From the try to the close.
        after: u32,
    },
    /// The socket did not open in time.
    OpenTimeout {
        /// From the try.
        after: u32,
    },
    /// The broker chose a WebSocket subprotocol that was not offered, or none [MQTT-6.0.0-4].
    Subprotocol {
        /// What it chose; empty for none.
        chosen: String,
    },
    /// A WebSocket text frame arrived [MQTT-6.0.0-1].
    TextFrame,
    /// No CONNACK in time.
    NoConnack {
        /// From CONNECT.
        after: u32,
    },
    /// The socket closed after CONNECT and before CONNACK.
    ClosedBeforeConnack {
        /// WebSocket close code.
        code: u16,
        /// From CONNECT.
        after: u32,
    },
    /// CONNACK refused (MQTT 3.1.1 section 3.2.2.3, MQTT 5 section 3.2.2.2).
    Refused {
        /// 1 to 5 before MQTT 5, a reason code from 0x80 in MQTT 5.
        code: u8,
        /// Reason string.
        reason: Option<String>,
        /// Another broker to use instead. It is shown but never followed automatically, because it could be anybody's.
        server_reference: Option<String>,
    },
    /// The broker accepts none of the versions that were tried.
    NoVersion,
    /// The broker ended the connection with DISCONNECT (MQTT 5 section 3.14).
    Disconnected {
        /// Reason code.
        code: u8,
        /// Reason string.
        reason: Option<String>,
        /// Another broker to use instead.
        server_reference: Option<String>,
    },
    /// Enhanced authentication failed on this side: the broker's answer is not what the method requires.
    Authentication {
        /// What is wrong, in English.
        detail: String,
    },
    /// The broker violated the protocol.
    Malformed {
        /// What was wrong, in English, with the terms of the specification.
        detail: String,
        /// The section of the specification.
        clause: String,
    },
    /// A packet is larger than this client accepts. This is no violation of the protocol.
    TooLarge {
        /// Its bytes.
        size: u32,
        /// The limit.
        limit: u32,
    },
    /// PINGRESP did not come in time.
    PingUnanswered {
        /// From PINGREQ.
        after: u32,
    },
    /// The socket closed while connected.
    Lost {
        /// WebSocket close code; 1006 if there was none.
        code: u16,
        /// WebSocket close reason, from the broker.
        reason: String,
        /// How long nothing had been sent or received before.
        silence: u32,
    },
    /// Another client has taken over the client identifier. If the broker did not say so, this is concluded from
    /// several connections in a row that ended soon after CONNACK, which may have another reason.
    Replaced {
        /// The broker said so.
        certain: bool,
        /// The client identifier.
        client_id: String,
    },
}

/// A valid packet that the protocol does not allow at this moment [MQTT-4.8.0-1].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Breach {
    /// What, in English.
    pub detail: &'static str,
    /// The section of the specification that forbids it.
    pub clause: &'static str,
}

impl From<Breach> for Trouble {
    fn from(breach: Breach) -> Self {
        Self::Malformed {
            detail: breach.detail.to_owned(),
            clause: breach.clause.to_owned(),
        }
    }
}

/// A breach, with the reason code for DISCONNECT (MQTT 5 section 4.13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Violation {
    pub breach: Breach,
    pub code: u8,
}

impl From<Breach> for Violation {
    /// 0x82: protocol error.
    fn from(breach: Breach) -> Self {
        Self { breach, code: 0x82 }
    }
}
