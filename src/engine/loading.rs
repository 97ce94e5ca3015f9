//! A connection that waits for its session: what is remembered meanwhile.

use crate::{link::Command, session::Settings};

/// A connection that is wanted, and whose session is being read.
#[derive(Debug)]
pub(super) struct Loading {
    /// Of the load.
    pub ticket: u64,
    /// The session's name in storage.
    pub name: String,
    /// What is to be connected with.
    pub settings: Box<Settings>,
    /// What the page wants to send meanwhile.
    pub waiting: Vec<Command>,
}
