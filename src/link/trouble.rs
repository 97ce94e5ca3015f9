//! Why a connection failed: facts only. The page interprets them and finds the words.

use serde::{Deserialize, Serialize};

/// Why there is no connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Trouble {
    /// CONNECT cannot be encoded with these settings, so nothing was tried.
    Settings {
        /// What is wrong, in English.
        detail: String,
    },
    /// The browser refused to create the socket: to it the address is invalid, or not allowed from this page.
    Forbidden {
        /// The browser's own words, in English.
        detail: String,
    },
    /// The socket closed before it opened. Browsers give no reason.
    NotOpened {
        /// Milliseconds from the attempt to the close.
        after: u32,
    },
    /// The socket did not open in time.
    OpenTimeout {
        /// Milliseconds.
        after: u32,
    },
    /// The broker chose another WebSocket subprotocol than `mqtt`, or none.
    Subprotocol {
        /// The subprotocol; empty for none.
        chosen: String,
    },
    /// A WebSocket text frame came; MQTT uses binary frames (MQTT 3.1.1 section 6, [MQTT-6.0.0-1]).
    TextFrame,
    /// CONNACK did not come in time.
    NoConnack {
        /// Milliseconds from CONNECT.
        after: u32,
    },
    /// The socket closed after CONNECT and before CONNACK.
    ClosedBeforeConnack {
        /// WebSocket close code.
        code: u16,
        /// Milliseconds from CONNECT.
        after: u32,
    },
    /// CONNACK refused the connection (MQTT 3.1.1 section 3.2.2.3, MQTT 5 section 3.2.2.2).
    Refused {
        /// 1 to 5 before MQTT 5, a reason code from 0x80 in MQTT 5.
        code: u8,
        /// Reason string.
        reason: Option<String>,
        /// Another broker that it names. It is shown, and not connected to automatically.
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
        /// Another broker that it names.
        server_reference: Option<String>,
    },
    /// Enhanced authentication failed, because the broker's answer is not what the method requires.
    Authentication {
        /// What is wrong, in English.
        detail: String,
    },
    /// The broker violated the protocol.
    Malformed {
        /// What was wrong, in English, in the specification's words.
        detail: String,
        /// The section of the specification.
        clause: String,
    },
    /// A packet is larger than Midge accepts. This is nobody's fault.
    TooLarge {
        /// Its size in bytes.
        size: u32,
        /// The limit in bytes.
        limit: u32,
    },
    /// PINGRESP did not come in time.
    PingUnanswered {
        /// Milliseconds from PINGREQ.
        after: u32,
    },
    /// The socket closed while connected.
    Lost {
        /// WebSocket close code; 1006: none was sent.
        code: u16,
        /// WebSocket close reason, from the broker.
        reason: String,
        /// How many milliseconds before that nothing was received or sent.
        silence: u32,
    },
    /// Another client took over the client identifier. If the broker did not say so, this is a guess: it ended the connection
    /// soon after each of the last CONNACKs, for which there may be other reasons.
    Replaced {
        /// The broker said so; otherwise it is a guess.
        certain: bool,
        /// The client identifier.
        client_id: String,
    },
}
