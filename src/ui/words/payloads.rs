//! The words for what payloads are in and how they are laid out. Both languages are in the program that shows a message, so
//! no other word leads here.

use crate::{
    desk::shape::{Reason, Shape},
    payload::{MsgpackFault, ProtobufFault, WhyNot},
};

/// See the file of each language.
pub struct PayloadWords {
    /// What is wrong, and from which byte on.
    pub msgpack_fault: fn(&MsgpackFault) -> String,
    pub protobuf_fault: fn(&ProtobufFault) -> String,
    /// Beside the first fault of what is nearly JSON: how many more there are.
    pub nearly: fn(usize) -> String,
    /// Beside a fault behind which nothing is laid out.
    pub up_to_there: &'static str,
    /// Why this shape was taken.
    pub reason: fn(Shape, Reason) -> String,
    /// Beside what can be folded, and the buttons for all.
    pub fold: &'static str,
    pub fold_all: &'static str,
    pub unfold_all: &'static str,
    /// The button that takes the choice for a topic back.
    pub by_itself: &'static str,
    /// What it was in, and the sizes before and after.
    pub opened: fn(&str, &str, &str) -> String,
    /// Why what is inside is not all, or not what it should be.
    pub why_not: fn(WhyNot) -> String,
    pub sparkplug: SparkplugWords,
    pub difference: DifferenceWords,
    /// Buttons.
    pub as_it_came: &'static str,
    pub open: &'static str,
    pub save_inside: &'static str,
    pub as_base64: &'static str,
}

/// The words for payloads of Sparkplug.
pub struct SparkplugWords {
    pub table: &'static str,
    pub metric: &'static str,
    pub kind: &'static str,
    pub value: &'static str,
    pub time: &'static str,
    /// Number in the sequence.
    pub seq: fn(u64) -> String,
    /// How many messages are missing before this one.
    pub gap: fn(u64) -> String,
    /// Metrics whose alias nobody has told.
    pub unknown: fn(usize) -> String,
    pub no_birth: &'static str,
    pub historical: &'static str,
    /// The name is the birth's.
    pub resolved: fn(u64) -> String,
    /// From which byte on it is none.
    pub fault: fn(&str) -> String,
    /// Metrics that are not shown.
    pub more: fn(&str) -> String,
    pub empty: &'static str,
}

/// The words for what changed.
pub struct DifferenceWords {
    pub title: &'static str,
    pub with_before: &'static str,
    /// The time of the message that was picked.
    pub with_picked: fn(&str) -> String,
    pub is_picked: &'static str,
    pub same: &'static str,
    /// Buttons.
    pub pick: &'static str,
    pub drop: &'static str,
    /// From which line on.
    pub line: fn(&str) -> String,
    /// The first and the last byte.
    pub bytes: fn(&str, &str) -> String,
    /// Places that are not shown.
    pub more: fn(&str) -> String,
}
