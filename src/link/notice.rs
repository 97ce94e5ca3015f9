//! What happened, told once.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::protocol::{Limit, Version};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Notice {
    /// A turn was meant for a connection that does not exist; nothing of it was done. Alone in its frame, which carries the
    /// number of the turn.
    NoSuchConnection,
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
    /// Storage failed; the session goes on in memory. See [`crate::link::Connection::storage`].
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
