//! The list of messages: what the page shows of it, and the rows that answer.

use serde::{Deserialize, Serialize};

use crate::protocol::Qos;

/// The visible part of the list, newest first.
///
/// A message's *position* counts from 0 for the first that matched the filter since it was set, and never changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ListView {
    /// The query, as typed (see [`crate::reading`]); one that can be read. Empty: all.
    pub filter: String,
    /// Show every control packet, not messages alone. They are found by their names.
    pub packets: bool,
    /// Hold still: the newest position that is shown. `None` follows the newest.
    pub newest: Option<u64>,
    /// Rows between the newest shown and the first visible one.
    pub skip: u64,
    /// How many rows are visible.
    pub rows: u16,
}

/// The visible rows of the list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct List {
    /// The filter these rows answer.
    pub filter: String,
    /// They are of every control packet, not of messages alone.
    pub packets: bool,
    /// Position of the oldest message that is still there.
    pub oldest: u64,
    /// Position after the newest that is there. Equal to `oldest`: nothing is there.
    pub end: u64,
    /// Another number: positions were counted anew, because of another filter or because a subscription was muted or
    /// shown again. A position that the page holds still at means nothing any more.
    pub numbering: u32,
    /// The query has looked at everything; false while it is still at work on a changed filter.
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
    /// The packet's name, for any other than a PUBLISH; empty for that. The preview is then the packet's fields in short, and
    /// the size that of the packet.
    pub packet: String,
    /// It broke the protocol; the preview says how.
    pub malformed: bool,
    /// A message that breaks a rule; the packet view says which.
    pub flawed: bool,
    /// Quality of service.
    pub qos: Qos,
    /// Retain flag of the packet.
    pub retain: bool,
    /// DUP flag of the packet.
    pub dup: bool,
    /// Topic name.
    pub topic: String,
    /// The start of the payload for reading, on one line, at most 160 characters.
    pub preview: Preview,
    /// Length of the payload in bytes.
    pub size: u32,
    /// Colour number of the first subscription that matches.
    pub colour: Option<u8>,
    /// It is a request, or the response to one (MQTT 5 section 4.10).
    pub pair: Option<Pair>,
}

/// A request, or the response to one: the response is on the request's response topic, with the same correlation data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Pair {
    /// A request; the first response to it, if one was seen.
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
    /// No bytes at all.
    #[default]
    Empty,
    /// Text, or the first line of it.
    Text(String),
    /// A picture or other known kind, by its name (`PNG`, `JPEG`, `GIF`, `WebP`, `gzip`, ...).
    Kind(String),
    /// Other bytes: the first ones in hexadecimal.
    Hex(String),
}
