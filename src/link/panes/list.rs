//! The list of messages: the visible part, and its rows.

use serde::{Deserialize, Serialize};

use crate::protocol::Qos;

/// The visible part of the list, newest first.
///
/// Positions count from 0 for the first message that matched the filter. The position of a message never changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ListView {
    /// The query as typed (see [`crate::reading`]). The page sends only valid ones. Empty: everything.
    pub filter: String,
    /// Show all control packets, not only messages. A query finds them by their names.
    pub packets: bool,
    /// The newest position that is shown, to hold the list still; `None`: it follows the newest message.
    pub newest: Option<u64>,
    /// Rows between the newest shown and the first visible one.
    pub skip: u64,
    /// How many rows are visible.
    pub rows: u16,
}

/// The visible rows of the list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct List {
    /// The filter of these rows.
    pub filter: String,
    /// The rows are of all control packets, not only of messages.
    pub packets: bool,
    /// The position of the oldest message that is still there.
    pub oldest: u64,
    /// The position after the newest message. If it equals `oldest`, there is none.
    pub end: u64,
    /// It changes when positions are counted from 0 again, which is when the filter changes or a subscription is muted or
    /// unmuted. Earlier positions are then invalid.
    pub numbering: u32,
    /// The query has read everything. False while it works on a changed filter.
    pub complete: bool,
    /// The visible rows, newest first.
    pub rows: Vec<Row>,
}

/// One message of the list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its position in this list.
    pub position: u64,
    /// Its number in the capture, never used twice.
    pub seq: u64,
    /// Milliseconds since the Unix epoch.
    pub time: f64,
    /// It was sent by this client.
    pub outgoing: bool,
    /// The name of the packet; empty for PUBLISH. For other packets, the preview is a summary of the fields, and the size that
    /// of the packet.
    pub packet: String,
    /// The packet is malformed. The preview says why.
    pub malformed: bool,
    /// The message violates the protocol. The packet view says how.
    pub flawed: bool,
    /// Quality of service.
    pub qos: Qos,
    /// Retain flag of the packet.
    pub retain: bool,
    /// DUP flag of the packet.
    pub dup: bool,
    /// Topic name.
    pub topic: String,
    /// The start of the payload as readable text, on one line, at most 160 characters.
    pub preview: Preview,
    /// Length of the payload in bytes.
    pub size: u32,
    /// The colour number of the first subscription that matches.
    pub colour: Option<u8>,
    /// It is a request, or the response to one (MQTT 5 section 4.10).
    pub pair: Option<Pair>,
}

/// A request or a response. A response has the response topic of the request and the same correlation data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Pair {
    /// A request, with the first response to it, if there is one.
    Request {
        /// Its number in the capture.
        response: Option<u64>,
    },
    /// A response.
    Response {
        /// The request's number in the capture.
        request: u64,
        /// Milliseconds from the request.
        after: f64,
    },
}

/// The start of a payload.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Preview {
    /// It is empty.
    #[default]
    Empty,
    /// The start of a text.
    Text(String),
    /// A known format, such as `PNG`, `JPEG`, `GIF`, `WebP` or `gzip`.
    Kind(String),
    /// The first bytes in hexadecimal.
    Hex(String),
}
