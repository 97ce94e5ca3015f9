//! What a broker tells of its inside, as plain data: who is connected, who is subscribed to what, what is kept, and what
//! became of a message. The broker makes it and the page shows it, each with [`encode`] and [`decode`].
//!
//! All of it is bounded by the numbers below, and what is left out is counted. Of a payload only the first bytes are told,
//! and passwords are not known to what makes it.

mod course;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::protocol::{Qos, SubscribeOptions, Version};

pub use course::{Came, Course, Matched, Outcome, Reached};

/// Clients that are told of at most; those that are connected go first.
pub const CLIENTS: usize = 200;
/// Topic filters.
pub const FILTERS: usize = 300;
/// Subscribers of one topic filter.
pub const SUBSCRIBERS: usize = 50;
/// Retained messages.
pub const RETAINED: usize = 200;
/// Messages that came lately.
pub const CAME: usize = 50;
/// Clients that one message was for.
pub const REACHED: usize = 64;
/// Filters of one client that one message matched.
pub const MATCHED: usize = 8;
/// Bytes of a name: a client identifier, a topic, a filter. What a longer one has beyond is left out, and an ellipsis says so.
pub const NAME: usize = 512;
/// Bytes of a payload.
pub const START: usize = 48;

/// What is asked of a broker. While somebody asks, and for a moment after, it notes what becomes of the messages that come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// Of the messages that came lately, only those of this topic; and whom a message of this topic would reach now.
    pub topic: Option<String>,
    /// The message whose course is asked for, by its number with the broker.
    pub picked: Option<u64>,
}

/// A list, and how many do not stand on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed<T> {
    /// Those that are told.
    pub shown: Vec<T>,
    /// How many there are beside those.
    pub left_out: u64,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self {
            shown: Vec::new(),
            left_out: 0,
        }
    }
}

/// How many there are, and their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// How many.
    pub count: u64,
    /// Their bytes, as they are counted against the broker's limits.
    pub bytes: u64,
}

/// The inside of a broker.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The broker's time, in microseconds of a clock that is its own: other times here are to be read against it.
    pub now: u64,
    /// How many clients are connected.
    pub connected: u64,
    /// How many subscriptions there are.
    pub subscriptions: u64,
    /// Messages that wait or are not acknowledged.
    pub waiting: Amount,
    /// Retained messages, those of the broker's own among them.
    pub kept: Amount,
    /// Clients, by their identifiers.
    pub clients: Listed<Client>,
    /// Topic filters, by their levels. What is left out are subscriptions.
    pub filters: Listed<Filter>,
    /// Retained messages by their topics, without those of the broker's own.
    pub retained: Listed<Retained>,
    /// Messages that came since somebody watches, the last one first.
    pub came: Listed<Came>,
    /// The course of the message that was picked, as long as the broker remembers it.
    pub course: Option<Course>,
    /// Whom a message of the topic that was asked for would reach now.
    pub would_reach: Option<Listed<Reached>>,
}

/// A client, connected or kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Its identifier.
    pub id: String,
    /// The user name that it came with.
    pub user_name: Option<String>,
    /// Its connection; `None`: it is away, and its session is kept.
    pub connection: Option<Connection>,
    /// Seconds that its session stays without a connection; 0: it ends with it, `u32::MAX`: for ever.
    pub session_expiry: u32,
    /// When its session ends, if it is away.
    pub ends: Option<u64>,
    /// The topic of its will.
    pub will: Option<String>,
    /// How many filters it is subscribed to.
    pub filters: u64,
    /// How many messages were sent to it that it has not acknowledged.
    pub in_flight: u64,
    /// Messages that wait for it.
    pub queued: Amount,
    /// How many messages of its own, of QoS 2, it has not released.
    pub unreleased: u64,
    /// How many messages for it were dropped.
    pub dropped: u64,
}

/// A client's connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// The version of MQTT that it speaks.
    pub version: Version,
    /// Keep alive in seconds; 0 is none.
    pub keep_alive: u16,
    /// CONNECT asked for a clean start (clean session before MQTT 5).
    pub clean: bool,
    /// When its last packet came.
    pub heard: u64,
    /// Bytes that were written to it and have not left.
    pub owed: u64,
}

/// A topic filter, with who is subscribed to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// The filter, without group.
    pub filter: String,
    /// Who is subscribed.
    pub subscribers: Listed<Subscriber>,
}

/// Who is subscribed to a topic filter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscriber {
    /// Client identifier.
    pub client: String,
    /// It is connected.
    pub is_here: bool,
    /// The group of a shared subscription.
    pub group: Option<String>,
    /// What it asked for and was granted.
    pub options: SubscribeOptions,
    /// Subscription identifier; 0 is none.
    pub identifier: u32,
}

/// A retained message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retained {
    /// Topic name.
    pub topic: String,
    /// Bytes of its payload.
    pub size: u64,
    /// The quality of service that it was published with.
    pub qos: Qos,
    /// When it came.
    pub at: u64,
    /// Who published it; `None`: the broker.
    pub from: Option<String>,
    /// When it expires.
    pub expires: Option<u64>,
}

/// A buffer that is no report, or no question. It cannot happen between two halves of one build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Garbled;

/// Writes a question or a report.
pub fn encode<T: Serialize>(words: &T) -> Vec<u8> {
    // Plain data into a growing vector: there is no way to fail.
    postcard::to_allocvec(words).unwrap_or_default()
}

/// Reads a question or a report.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Garbled> {
    postcard::from_bytes(bytes).map_err(|_| Garbled)
}

/// A name as it is told: no longer than [`NAME`].
pub fn name(text: &str) -> String {
    if text.len() <= NAME {
        return text.to_owned();
    }
    let end = (0..=NAME).rev().find(|end| text.is_char_boundary(*end));
    let start = end.and_then(|end| text.get(..end)).unwrap_or_default();
    format!("{start}…")
}
