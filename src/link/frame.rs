//! What the worker tells the page.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::command::Target;
use super::remark::Remark;
use super::trouble::Trouble;
use crate::protocol::{Granted, Limit, PublishProperties, Qos, SubscribeOptions, Version};

/// One answer to one `Ask`. What is `None` has not changed since the last frame.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// The connection.
    pub connection: Option<Connection>,
    /// Counters and rates.
    pub counters: Option<Counters>,
    /// All subscriptions, in the order in which they were first asked for.
    pub subscriptions: Option<Vec<Subscription>>,
    /// The visible rows of the list.
    pub list: Option<List>,
    /// The visible rows of the tree.
    pub tree: Option<Tree>,
    /// What the inspector looks at.
    pub inspected: Option<Inspected>,
    /// The series that are running.
    pub series: Option<Vec<Series>>,
    /// Publications that wait.
    pub queue: Option<Queue>,
    /// What is remarked on while the connection goes on.
    pub remarks: Option<Vec<Remark>>,
    /// What happened since the last frame, in order. Bounded: the latest 64 of each kind, and publications of consecutive
    /// numbers that came to the same are one notice.
    pub notices: Vec<Notice>,
}

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

/// Whole numbers of PUBLISH packets. `received = kept + dropped`, always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counters {
    /// PUBLISH packets that came.
    pub received: u64,
    /// Those of them that the capture still holds.
    pub kept: u64,
    /// Those of them that the capture evicted to stay within its budget.
    pub dropped: u64,
    /// PUBLISH packets that were sent.
    pub sent: u64,
    /// PUBLISH packets received in the last second.
    pub received_rate: f32,
    /// PUBLISH packets sent in the last second.
    pub sent_rate: f32,
    /// Bytes the capture holds.
    pub held_bytes: u64,
    /// Bytes the capture may hold.
    pub budget_bytes: u64,
    /// Outgoing QoS 1 and 2 messages whose delivery is not finished.
    pub in_flight: u32,
}

/// What became of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Grant {
    /// Not connected, so not asked yet.
    Asleep,
    /// SUBSCRIBE was sent.
    Asked,
    /// SUBACK granted this quality of service.
    Granted(Qos),
    /// SUBACK refused it, with this code: 0x80, or the reason code of MQTT 5.
    Refused(u8),
    /// The broker does not allow it, so it was not asked for.
    Forbidden(Limit),
    /// The broker closed the connection when it was asked for it, so it is not asked for again by itself.
    Withheld,
}

/// A subscription.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subscription {
    /// Topic filter.
    pub filter: String,
    /// What is asked for with it.
    pub options: SubscribeOptions,
    /// Subscription identifier.
    pub identifier: Option<u32>,
    /// The broker's reason string, with a refusal.
    pub reason: Option<String>,
    /// What became of it.
    pub grant: Grant,
    /// Number of its colour: 0 to 7. Stays the same for as long as the filter is there.
    pub colour: u8,
    /// Hidden in the list.
    pub muted: bool,
    /// Messages that it matched.
    pub count: u64,
    /// Messages that it matched in the last second.
    pub rate: f32,
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

/// The visible rows of the tree.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    /// Topics that carried a message.
    pub topics: u32,
    /// Messages whose topic found no room in the tree; they are in the list like any other.
    pub beyond: u64,
    /// Rows there are with the present folds and search.
    pub total: u32,
    /// Position of the first of `rows`.
    pub skip: u32,
    /// The visible rows.
    pub rows: Vec<TreeRow>,
}

/// One level of a topic.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TreeRow {
    /// Its number, never used for another level.
    pub node: u32,
    /// 0 for the first level.
    pub depth: u16,
    /// The level's name; may be empty.
    pub name: String,
    /// It has levels below it.
    pub branch: bool,
    /// It is folded open.
    pub open: bool,
    /// Messages received on this topic and all below it.
    pub count: u64,
    /// The latest payload on this very topic.
    pub preview: Option<Preview>,
    /// The latest message's retain flag, or a retained message is known.
    pub retained: bool,
}

/// A packet under the inspector.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inspected {
    /// What was asked for, and is answered here: by the time the answer comes, the user may have chosen something else.
    pub target: Option<Target>,
    /// Its number in the capture; `None` when it is gone.
    pub seq: Option<u64>,
    /// The topic's node in the tree, for a PUBLISH.
    pub node: Option<u32>,
    /// Milliseconds since the Unix epoch.
    pub time: f64,
    /// It was sent by this client.
    pub outgoing: bool,
    /// Quality of service.
    pub qos: Qos,
    /// Retain flag.
    pub retain: bool,
    /// DUP flag.
    pub dup: bool,
    /// 0 where there is none.
    pub packet_id: u16,
    /// Topic name.
    pub topic: String,
    /// Where the payload starts in `bytes`.
    pub payload: u32,
    /// The whole packet; a password in it is made unreadable.
    #[serde(with = "serde_bytes")]
    pub bytes: Vec<u8>,
    /// The subscriptions that match its topic: filter and colour number.
    pub matched: Vec<(String, u8)>,
    /// Every field of the packet, in the order of its bytes.
    pub fields: Vec<Field>,
    /// The packets of the same delivery (PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP), oldest first.
    pub delivery: Vec<Step>,
    /// The version that was spoken.
    pub version: Version,
    /// Properties of a PUBLISH of MQTT 5.
    pub properties: Option<PublishProperties>,
    /// User properties that are there beyond those.
    pub further_properties: u32,
    /// A message that breaks a rule.
    pub flawed: bool,
    /// It is a request, or the response to one.
    pub pair: Option<Pair>,
    /// The payload of the message before this one on the same topic, if it is still there and at most 256 KiB.
    #[serde(with = "serde_bytes")]
    pub before: Option<Vec<u8>>,
}

/// One field of a packet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// First byte, counted from the packet's start.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
    /// The specification's name of the field, in English: a key for the page's words.
    pub name: String,
    /// The value for reading, or empty.
    pub value: String,
    /// The section of the specification.
    pub clause: String,
    /// What is wrong with it.
    pub fault: Option<String>,
}

/// One packet of a delivery.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Its number in the capture.
    pub seq: u64,
    /// The packet type's name as in the specification, in capitals.
    pub packet: String,
    /// It was sent by this client.
    pub outgoing: bool,
    /// Milliseconds since the Unix epoch.
    pub time: f64,
}

/// A series of publications that runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// The publication's number.
    pub number: u32,
    /// Topic name.
    pub topic: String,
    /// Milliseconds between two.
    pub every_ms: u32,
    /// Sent so far.
    pub sent: u64,
    /// It waits for a connection.
    pub waiting: bool,
    /// It waits for what was sent before to leave.
    pub held: bool,
}

/// Publications that wait for a connection, for the broker to take more, or for what was sent before to leave.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    /// How many wait.
    pub count: u32,
    /// How many may wait.
    pub limit: u32,
    /// Bytes of topics and payloads that wait.
    pub bytes: u64,
    /// Bytes that were sent and have not left yet; 0 while they are not worth a word.
    pub leaving: u64,
    /// The first 100 of them, in the order in which they will go out. Empty while others come to stand there faster than
    /// anybody can read.
    pub first: Vec<Waiting>,
    /// The first 100 of those that were sent and are held back now: the broker closed the connection each time.
    pub held: Vec<HeldMessage>,
}

/// A publication that is held back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HeldMessage {
    /// For [`super::Command::SendHeld`] and [`super::Command::DropHeld`].
    pub number: u32,
    /// Topic name. `None`: the broker has the message, and only the end of its delivery is held back.
    pub topic: Option<String>,
    /// Bytes of topic, payload and properties.
    pub size: u32,
    /// At least once, or exactly once.
    pub qos: Qos,
    /// When it was published, in milliseconds since the Unix epoch.
    pub published_at: Option<f64>,
}

/// What was probably the reason for the end of a connection: the broker had not answered it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspected {
    /// The first of the topic filters that were asked for.
    pub filters: Vec<String>,
    /// Where there are none: the topic of a message.
    pub topic: Option<String>,
}

/// A publication that waits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// For [`super::Command::Cancel`].
    pub number: u32,
    /// Topic name.
    pub topic: String,
    /// Bytes of the payload.
    pub size: u32,
    /// Quality of service.
    pub qos: Qos,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Notice {
    /// Publications are done: for QoS 0 they have left, for QoS 1 and 2 they are acknowledged.
    Published {
        /// The publications' numbers; 0 for one that a page before this one had sent.
        numbers: RangeInclusive<u32>,
    },
    /// Publications wait: there is no connection, or the broker takes no more for now.
    Queued {
        /// The publications' numbers.
        numbers: RangeInclusive<u32>,
    },
    /// A publication that waited was withdrawn.
    Cancelled {
        /// The publication's number; 0 for one that a page before this one had sent.
        number: u32,
    },
    /// The broker refused a publication, with a reason code of MQTT 5.
    PublishRefused {
        /// The publication's number; 0 for one that a page before this one had sent.
        number: u32,
        /// The PUBLISH packet's number in the capture, if it was sent by this page.
        seq: Option<u64>,
        /// Reason code, from 0x80.
        code: u8,
        /// Reason string.
        reason: Option<String>,
    },
    /// The broker did not give up a filter.
    UnsubscribeRefused {
        /// The filter.
        filter: String,
        /// Reason code, from 0x80.
        code: u8,
        /// Reason string.
        reason: Option<String>,
    },
    /// The broker took this version: to be remembered with the connection's settings.
    VersionTaken(Version),
    /// The broker closed the connection when it was asked for this filter: it is not asked for again by itself.
    Withheld {
        /// The filter.
        filter: String,
    },
    /// The broker closed the connection each time a publication was sent: it is held back.
    HeldBack {
        /// Its topic, where it is kept.
        topic: Option<String>,
    },
    /// After a connection was lost without the user's wish, it is there again.
    Returned {
        /// Milliseconds it was away.
        away: f64,
        /// The broker had kept the session.
        session_present: bool,
        /// The machine had slept meanwhile, as far as can be told.
        slept: bool,
    },
    /// Publications of an earlier page are taken up again.
    Restored {
        /// How many.
        publications: u32,
        /// How many could not be read from storage.
        damaged: u32,
    },
    /// Storage failed; the session goes on in memory. See [`Connection::storage`].
    StorageFailed {
        /// The browser's own words.
        detail: String,
    },
    /// Re-authentication was accepted.
    Reauthenticated,
    /// Publications, or a series, could not go out. What was typed is still with the page.
    PublishFailed {
        /// The publications' numbers, or that of the series.
        numbers: RangeInclusive<u32>,
        /// Why.
        why: PublishTrouble,
    },
    /// A filter was refused before it was sent; it is not in the list of subscriptions.
    FilterRefused {
        /// The filter.
        filter: String,
    },
    /// The session at the broker is gone, and with it messages whose delivery was not finished.
    Unfinished {
        /// How many QoS 1 messages were sent anew.
        sent_anew: u32,
        /// How many QoS 2 messages have an unknown outcome, because sending them anew could deliver them twice.
        unknown: u32,
    },
    /// The broker had kept a session that this side knows nothing of. It is given up and a new one begins, so messages
    /// that waited in it are lost.
    SessionUnknown,
}

/// Why a publication did not go out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PublishTrouble {
    /// There is no connection, and none is wanted.
    NotConnected,
    /// As much waits as may wait.
    QueueFull,
    /// It expired while it waited.
    Expired,
    /// Of QoS 0, and the connection ended before it had left.
    Cut,
    /// The broker does not allow it.
    Forbidden(Limit),
    /// The topic is not a topic name.
    Topic,
    /// The template has an error: byte offset in the text, and what stands there.
    Template {
        /// Byte offset.
        at: u32,
        /// The placeholder that is not understood.
        what: String,
    },
    /// The packet would be larger than MQTT allows (268,435,455 bytes of remaining length).
    TooLarge,
    /// All 65,535 packet identifiers are in use.
    NoIdentifier,
}
