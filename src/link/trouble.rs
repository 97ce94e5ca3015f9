//! Why a connection failed: facts only. The page makes words of them, and weighs them.

use serde::{Deserialize, Serialize};

/// Why there is no connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Trouble {
    /// CONNECT cannot be written from these settings, so nothing was tried.
    Settings {
        /// What is wrong, in English.
        detail: String,
    },
    /// The browser refused to make the socket: the address is not valid for it, or not allowed from this page.
    Forbidden {
        /// The browser's own words, in English.
        detail: String,
    },
    /// The socket closed before it opened. A browser tells no more than that.
    NotOpened {
        /// Milliseconds from the try to the close.
        after: u32,
    },
    /// The socket did not open in time.
    OpenTimeout {
        /// Milliseconds.
        after: u32,
    },
    /// The broker chose another WebSocket subprotocol than `mqtt`, or none.
    Subprotocol {
        /// What it chose; empty for none.
        chosen: String,
    },
    /// A WebSocket text frame came; MQTT uses binary frames (MQTT 3.1.1 section 6, [MQTT-6.0.0-1]).
    TextFrame,
    /// No CONNACK in time.
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
    /// CONNACK refused (MQTT 3.1.1 section 3.2.2.3, MQTT 5 section 3.2.2.2).
    Refused {
        /// 1 to 5 before MQTT 5, a reason code from 0x80 in MQTT 5.
        code: u8,
        /// Reason string.
        reason: Option<String>,
        /// Another broker that is named instead. It is shown and never followed by itself.
        server_reference: Option<String>,
    },
    /// The broker takes none of the versions that were tried.
    NoVersion,
    /// The broker ended the connection with DISCONNECT (MQTT 5 section 3.14).
    Disconnected {
        /// Reason code.
        code: u8,
        /// Reason string.
        reason: Option<String>,
        /// Another broker that is named instead.
        server_reference: Option<String>,
    },
    /// Enhanced authentication failed on this side: the broker's answer is not what the method demands.
    Authentication {
        /// What is wrong, in English.
        detail: String,
    },
    /// The broker broke the protocol.
    Malformed {
        /// What was wrong, in English, in the specification's words.
        detail: String,
        /// The section of the specification.
        clause: String,
    },
    /// A packet is larger than Midge takes, which is nobody's fault.
    TooLarge {
        /// Its bytes.
        size: u32,
        /// The limit.
        limit: u32,
    },
    /// PINGRESP did not come in time.
    PingUnanswered {
        /// Milliseconds from PINGREQ.
        after: u32,
    },
    /// The socket closed while connected.
    Lost {
        /// WebSocket close code; 1006 says nothing.
        code: u16,
        /// WebSocket close reason, from the broker.
        reason: String,
        /// Milliseconds before in which nothing had come or been sent.
        silence: u32,
    },
    /// Another client has taken over the client identifier. Where the broker did not say so, it ended the connection soon
    /// after each of the last CONNACKs, which it may do for another reason, too.
    Replaced {
        /// The broker said so.
        certain: bool,
        /// The client identifier.
        client_id: String,
    },
}
