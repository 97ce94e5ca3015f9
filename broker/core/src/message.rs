//! An application message as the broker holds it: once, however many it is for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use midge::protocol::Qos;

/// Microseconds of a second.
pub const SECOND: u64 = 1_000_000;

/// An application message.
#[derive(Debug)]
pub struct Message {
    /// Topic name.
    pub topic: Box<str>,
    /// Any bytes.
    pub payload: Bytes,
    /// The properties of MQTT 5 that are passed on as they came, as bytes of the wire: all but topic alias, message expiry
    /// and subscription identifiers.
    pub properties: Box<[u8]>,
    /// The quality of service that it was published with.
    pub qos: Qos,
    /// The retain flag that it was published with.
    pub retain: bool,
    /// Message expiry interval: seconds from its arrival.
    pub expiry: Option<u32>,
    /// When it came, in microseconds.
    pub arrived: u64,
    /// The client that published it. `None`: the broker itself.
    pub from: Option<Arc<str>>,
    /// Counts all messages, from 1.
    pub order: u64,
    /// How many queues and sessions hold it.
    pub(crate) holds: AtomicU32,
    /// How many of those are stored.
    pub(crate) stored: AtomicU32,
}

impl Message {
    /// What it is counted as against limits, in bytes.
    pub fn size(&self) -> usize {
        self.topic.len() + self.payload.len() + self.properties.len() + 64
    }

    /// The message expiry interval that is left (MQTT 5 [MQTT-3.3.2-6]); `Err`: it is over.
    pub fn remaining(&self, now: u64) -> Result<Option<u32>, Expired> {
        let Some(expiry) = self.expiry else {
            return Ok(None);
        };
        let waited = now.saturating_sub(self.arrived) / SECOND;
        match u64::from(expiry).checked_sub(waited) {
            // An interval of 0 is over as soon as the message has waited at all.
            Some(0) if waited > 0 => Err(Expired),
            Some(left) => Ok(Some(left as u32)),
            None => Err(Expired),
        }
    }

    /// When its expiry interval is over, in microseconds.
    pub fn expires(&self) -> Option<u64> {
        let expiry = u64::from(self.expiry?).max(1);
        Some(self.arrived.saturating_add(expiry * SECOND))
    }

    /// Whether someone holds it.
    pub(crate) fn is_held(&self) -> bool {
        self.holds.load(Ordering::Relaxed) > 0
    }
}

/// One more. `true`: it is the first.
pub(crate) fn count_up(count: &AtomicU32) -> bool {
    count.fetch_add(1, Ordering::Relaxed) == 0
}

/// One less. `true`: it was the last.
pub(crate) fn count_down(count: &AtomicU32) -> bool {
    count.fetch_sub(1, Ordering::Relaxed) == 1
}

/// The message expiry interval of a message is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expired;

/// The subscription identifiers that a message is delivered with: nearly always none or one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Ids {
    /// None.
    #[default]
    None,
    /// One.
    One(u32),
    /// More.
    Many(Vec<u32>),
}

impl Ids {
    /// Adds one; 0 is none.
    pub fn push(&mut self, id: u32) {
        if id == 0 {
            return;
        }
        match self {
            Self::None => *self = Self::One(id),
            Self::One(first) => *self = Self::Many(vec![*first, id]),
            Self::Many(all) => all.push(id),
        }
    }

    /// All, in the order in which they were added.
    pub fn as_slice(&self) -> &[u32] {
        match self {
            Self::None => &[],
            Self::One(id) => std::slice::from_ref(id),
            Self::Many(all) => all,
        }
    }
}

impl From<u32> for Ids {
    fn from(id: u32) -> Self {
        if id == 0 { Self::None } else { Self::One(id) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(expiry: Option<u32>) -> Message {
        Message {
            topic: "t".into(),
            payload: Bytes::new(),
            properties: Box::default(),
            qos: Qos::AtMostOnce,
            retain: false,
            expiry,
            arrived: 7,
            from: None,
            order: 1,
            holds: AtomicU32::new(0),
            stored: AtomicU32::new(0),
        }
    }

    #[test]
    fn what_is_left_of_an_expiry_is_in_whole_seconds_and_then_over() {
        assert_eq!(message(None).remaining(u64::MAX), Ok(None));
        let two = message(Some(2));
        assert_eq!(two.remaining(7 + SECOND - 1), Ok(Some(2)));
        assert_eq!(two.remaining(7 + SECOND), Ok(Some(1)));
        assert_eq!(two.remaining(7 + 2 * SECOND), Err(Expired));
        assert_eq!(two.remaining(7 + 9 * SECOND), Err(Expired));
        assert_eq!(message(Some(0)).remaining(7), Ok(Some(0)));
    }

    #[test]
    fn identifiers_keep_their_order_and_zero_is_none() {
        let mut ids = Ids::default();
        for id in [0, 5, 5, 1] {
            ids.push(id);
        }
        assert_eq!(ids.as_slice(), [5, 5, 1]);
        assert!(Ids::from(0).as_slice().is_empty());
    }
}
