//! A connection whose session is still being read from storage.

use crate::{link::Command, session::Settings};

/// The connection that begins once the session was read.
#[derive(Debug)]
pub(super) struct Loading {
    /// The ticket of the [`super::Action::Load`].
    pub ticket: u64,
    /// The name of the session in storage.
    pub name: String,
    /// The settings for the connection.
    pub settings: Box<Settings>,
    /// Commands that came meanwhile, in order.
    pub waiting: Vec<Command>,
}
