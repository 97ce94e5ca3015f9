//! What the page says at a time, and to which connection.

use serde::{Deserialize, Serialize};

use super::Command;

/// The connection that there is. Turns and frames carry the number, so that there may be more.
pub const FIRST_CONNECTION: u32 = 0;

/// What the page says at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    /// Which connection is meant. Where there is none of this number, nothing is done, and the answer is
    /// [`super::Notice::NoSuchConnection`].
    pub connection: u32,
    /// What is asked of it, in order.
    pub commands: Vec<Command>,
}
