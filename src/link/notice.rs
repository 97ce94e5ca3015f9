//! Notices: what happened. Each is sent once.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::protocol::{Limit, Version};

/// One notice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Notice {
    /// A turn named a connection that does not exist, so its commands were ignored. This notice is alone in its frame, which
    /// has the number that the turn named.
    NoSuchConnection,
    /// Publications are finished: at QoS 0 they were sent, at QoS 1 and 2 they were acknowledged.
    Published {
        /// The publications' numbers; 0 for one that a page before this one had sent.
        numbers: RangeInclusive<u32>,
    },
    /// Publications wait: there is no connection, or the broker accepts no more at the moment.
    Queued {
        /// The publications' numbers.
        numbers: RangeInclusive<u32>,
    },
    /// A publication that waited was cancelled.
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
    /// The broker refused UNSUBSCRIBE for a filter.
    UnsubscribeRefused {
        /// The filter.
        filter: String,
        /// Reason code, from 0x80.
        code: u8,
        /// Reason string.
        reason: Option<String>,
    },
    /// The broker accepted this version. The page remembers it with the settings of the connection.
    VersionTaken(Version),
    /// The broker closed the connection when this filter was subscribed, so it is not subscribed again automatically.
    Withheld {
        /// The filter.
        filter: String,
    },
    /// The broker closed the connection each time this publication was sent, so it is held back.
    HeldBack {
        /// Its topic, if that is known.
        topic: Option<String>,
    },
    /// A lost connection was restored.
    Returned {
        /// Milliseconds it was away.
        away: f64,
        /// The broker had kept the session.
        session_present: bool,
        /// The machine probably slept meanwhile.
        slept: bool,
    },
    /// Publications of an earlier page were restored from storage.
    Restored {
        /// How many.
        publications: u32,
        /// How many could not be read.
        damaged: u32,
    },
    /// Storage failed, so the session is kept in memory only. See [`crate::link::Connection::storage`].
    StorageFailed {
        /// The browser's own words.
        detail: String,
    },
    /// The broker accepted re-authentication.
    Reauthenticated,
    /// Publications or a series could not be sent.
    PublishFailed {
        /// The publications' numbers, or that of the series.
        numbers: RangeInclusive<u32>,
        /// Why.
        why: PublishTrouble,
    },
    /// A filter cannot be sent, so it was not added to the subscriptions.
    FilterRefused {
        /// The filter.
        filter: String,
    },
    /// The broker has lost the session, and with it the state of unfinished messages.
    Unfinished {
        /// How many QoS 1 messages were sent again.
        sent_anew: u32,
        /// How many QoS 2 messages have an unknown outcome. They are not sent again, because that could deliver them twice.
        unknown: u32,
    },
    /// The broker had kept a session that this client does not know. A new one is begun, so messages that waited in the old
    /// one are lost.
    SessionUnknown,
}

/// Why a publication was not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PublishTrouble {
    /// There is no connection, and none is being made.
    NotConnected,
    /// The queue is full.
    QueueFull,
    /// It expired while it waited.
    Expired,
    /// QoS 0, and the connection ended before it was sent.
    Cut,
    /// The broker or the version does not allow it.
    Forbidden(Limit),
    /// The topic is not a valid topic name.
    Topic,
    /// The template has an error.
    Template {
        /// Byte offset.
        at: u32,
        /// The placeholder that cannot be filled in.
        what: String,
    },
    /// The packet would be larger than MQTT allows (a remaining length of 268,435,455 bytes).
    TooLarge,
    /// All 65,535 packet identifiers are in use.
    NoIdentifier,
}
