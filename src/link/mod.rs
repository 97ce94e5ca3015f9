//! The words that the two threads exchange, as plain data: the page says [`Command`]s, a [`Turn`] at a time, the worker
//! answers with [`Frame`]s of [`Answer`]s. What MQTT itself has a word for is `protocol`'s plain data; nothing else of that room is used, and no other
//! room.
//!
//! One turn of either side is one buffer, written with [`encode`] and read with [`decode`]. At most one frame is on its
//! way: the page says [`Command::Ask`] after it has drawn the last one, so a slow page slows the asking and never the
//! receiving. The worker answers an `Ask` as soon as something that is shown has changed, which may be later.
//!
//! Left to itself, serde takes a `Vec<u8>` byte by byte, which for a payload of some megabytes is time that the page is seen
//! to stand still: bytes are written and read as a whole, with `serde_bytes`.

mod chunk;
mod command;
mod frame;
mod notice;
mod panes;
mod trouble;
mod turn;
mod view;

pub use chunk::*;
pub use command::*;
pub use frame::*;
pub use notice::*;
pub use panes::*;
pub use trouble::*;
pub use turn::*;
pub use view::*;

use serde::{Serialize, de::DeserializeOwned};

/// A buffer that is not what the other thread writes. It cannot happen between two halves of one build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Garbled;

/// Writes one turn.
pub fn encode<T: Serialize>(words: &T) -> Vec<u8> {
    // Writing plain data into a growing vector has no way to fail; an empty buffer is refused by `decode`.
    postcard::to_allocvec(words).unwrap_or_default()
}

/// Reads one turn.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Garbled> {
    postcard::from_bytes(bytes).map_err(|_| Garbled)
}
