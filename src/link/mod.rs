//! The messages between the two threads, as plain data: the page sends [`Turn`]s of [`Command`]s, the worker sends
//! [`Frame`]s of [`Answer`]s. Types that belong to MQTT itself come from `protocol`. No other room is used.
//!
//! A turn or a frame is one buffer, written with [`encode`] and read with [`decode`]. The page sends [`Command::Ask`] after
//! it has drawn the last frame, so at most one frame is on its way, and a slow page does not slow down receiving. The
//! worker answers once something that is shown has changed, which may be later.
//!
//! Fields of bytes use `serde_bytes`: by default serde reads a `Vec<u8>` byte by byte, which makes the page stop visibly
//! for a payload of some megabytes.

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

/// The buffer cannot be read. This cannot happen if page and worker are of the same build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Garbled;

/// Writes a turn or a frame.
pub fn encode<T: Serialize>(words: &T) -> Vec<u8> {
    // Serializing plain data into memory cannot fail. If it did, `decode` would refuse the empty buffer.
    postcard::to_allocvec(words).unwrap_or_default()
}

/// Reads a turn or a frame.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Garbled> {
    postcard::from_bytes(bytes).map_err(|_| Garbled)
}
