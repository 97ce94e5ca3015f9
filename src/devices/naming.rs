//! What a device may be called: the beginning of its topics.

use serde::{Deserialize, Serialize};

use crate::protocol::{TopicFault, check_topic_name};

/// Bytes of the longest base.
const LONGEST: usize = 200;

/// Why topics may not begin so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NameFault {
    /// There is nothing.
    Empty,
    /// It is too long.
    Long,
    /// It holds a wildcard, which names no single topic (MQTT 5 section 4.7.1).
    Wildcard,
    /// It holds U+0000 [MQTT-4.7.3-2].
    Nul,
    /// It begins with a dollar sign: such topics are the broker's (section 4.7.2).
    Dollar,
    /// It begins or ends with a slash, or has an empty level: allowed, and a trap for everybody who looks for it.
    EmptyLevel,
}

/// What is wrong with a base for topics, if anything is.
pub fn base_fault(base: &str) -> Option<NameFault> {
    match check_topic_name(base) {
        Err(TopicFault::Empty) => return Some(NameFault::Empty),
        Err(TopicFault::TooLong) => return Some(NameFault::Long),
        Err(TopicFault::Nul) => return Some(NameFault::Nul),
        Err(TopicFault::Wildcard { .. }) => return Some(NameFault::Wildcard),
        Ok(()) => {}
    }
    if base.len() > LONGEST {
        return Some(NameFault::Long);
    }
    if base.starts_with('$') {
        return Some(NameFault::Dollar);
    }
    base.split('/')
        .any(str::is_empty)
        .then_some(NameFault::EmptyLevel)
}
