//! The bytes of what the page asks the devices and is told of them.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{Order, Refused, Told};

/// From the page. `ticket` comes back with the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Counts the page's orders.
    pub ticket: u32,
    /// What is asked for.
    pub order: Order,
}

/// To the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Report {
    /// How all of them are.
    Told(Vec<Told>),
    /// An order was not followed.
    Refused {
        /// Which.
        ticket: u32,
        /// Why.
        why: Refused,
    },
}

/// As bytes.
pub fn encode<T: Serialize>(said: &T) -> Vec<u8> {
    // Plain data with lengths known: there is nothing about it that could fail.
    postcard::to_allocvec(said).unwrap_or_default()
}

/// From bytes. `None`: they are none of [`encode`]'s.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let (said, rest) = postcard::take_from_bytes(bytes).ok()?;
    rest.is_empty().then_some(said)
}
