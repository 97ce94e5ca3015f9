//! The time strip: how many messages came when, over everything that is kept.

use serde::{Deserialize, Serialize};

/// What the page shows of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TimelineView {
    /// Slots that there is room for; 256 at the most are given.
    pub columns: u16,
    /// The place of this moment in the list is asked for, in milliseconds since the Unix epoch.
    pub locate: Option<f64>,
}

/// Messages by time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Timeline {
    /// When the first slot begins: milliseconds since the Unix epoch.
    pub from: f64,
    /// Milliseconds of a slot.
    pub width: f64,
    /// The slots that have messages, oldest first.
    pub slots: Vec<TimelineSlot>,
    /// When there was no connection, oldest first.
    pub gaps: Vec<TimelineGap>,
    /// The place that was asked for.
    pub located: Option<Located>,
}

/// One slot of time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TimelineSlot {
    /// How many slots after the first.
    pub at: u32,
    /// Messages received, by the colour number of the first subscription that matched when they came. `None`: none did.
    pub received: Vec<(Option<u8>, u32)>,
    /// Messages sent.
    pub sent: u32,
    /// Of those received: with the retain flag.
    pub retained: u32,
}

/// A time without a connection.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimelineGap {
    /// Milliseconds since the Unix epoch.
    pub from: f64,
    /// `None`: until now.
    pub to: Option<f64>,
}

/// A moment's place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Located {
    /// The moment.
    pub time: f64,
    /// The position of the latest message that came until then, or of the first. `None`: the list is empty.
    pub position: Option<u64>,
    /// The numbering that the position belongs to, see [`crate::link::List::numbering`].
    pub numbering: u32,
}
