//! A turn: the commands that the page sends in one buffer.

use serde::{Deserialize, Serialize};

use super::Command;

/// The number of the only connection. Turns and frames contain the number, so that there may be more connections.
pub const FIRST_CONNECTION: u32 = 0;

/// Commands for one connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    /// The number of the connection. If there is none with this number, the commands are ignored, and the answer is
    /// [`super::Notice::NoSuchConnection`].
    pub connection: u32,
    /// The commands, in order.
    pub commands: Vec<Command>,
}
