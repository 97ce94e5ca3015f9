//! Who may come in, and who may read and write what: the one thing that the broker asks of its owner.
//!
//! The answers are given at once. What takes time (a password hash is meant to) happens inside of [`Access::admit`].

use std::fmt::Debug;
use std::sync::Arc;

use midge::protocol::Version;

/// A client that asks to come in.
#[derive(Clone, Copy)]
pub struct Newcomer<'a> {
    /// The number of its connection, as the owner gave it.
    pub connection: u64,
    /// Its client identifier, which may be one that the broker made up.
    pub client_id: &'a str,
    /// Its version.
    pub version: Version,
    /// User name.
    pub user_name: Option<&'a str>,
    /// Password.
    pub password: Option<&'a [u8]>,
}

impl Debug for Newcomer<'_> {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Newcomer")
            .field("connection", &self.connection)
            .field("client_id", &self.client_id)
            .field("user_name", &self.user_name)
            .finish_non_exhaustive()
    }
}

/// A client that was let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Its client identifier.
    pub client_id: Arc<str>,
    /// Its user name, or the name that enhanced authentication gave it.
    pub user_name: Option<Arc<str>>,
}

/// Why a client is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Bad user name or password.
    BadUserNameOrPassword,
    /// Not authorized.
    NotAuthorized,
    /// Banned.
    Banned,
    /// Server unavailable: it cannot be said now.
    Unavailable,
}

impl Refusal {
    /// The code of CONNACK (MQTT 3.1.1 section 3.2.2.3, MQTT 5 section 3.2.2.2).
    pub fn code(self, version: Version) -> u8 {
        match (self, version) {
            (Self::BadUserNameOrPassword, Version::V5) => 0x86,
            (Self::NotAuthorized, Version::V5) => 0x87,
            (Self::Banned, Version::V5) => 0x8A,
            (Self::Unavailable, Version::V5) => 0x88,
            (Self::BadUserNameOrPassword, _) => 4,
            (Self::NotAuthorized | Self::Banned, _) => 5,
            (Self::Unavailable, _) => 3,
        }
    }
}

/// Users and rules.
pub trait Access: Debug + Send {
    /// Whether this client may come in.
    fn admit(&mut self, newcomer: &Newcomer<'_>) -> Result<(), Refusal>;

    /// Begins enhanced authentication by this method (MQTT 5 section 4.12). `None`: the method is not known.
    fn exchange(&mut self, newcomer: &Newcomer<'_>, method: &str) -> Option<Box<dyn Exchange>> {
        let _ = (newcomer, method);
        None
    }

    /// Whether this client may publish to this topic; its will too.
    fn may_publish(&self, person: &Person, topic: &str) -> bool {
        let _ = (person, topic);
        true
    }

    /// Whether this client may subscribe to this filter. Of a shared subscription it is the filter behind the group.
    fn may_subscribe(&self, person: &Person, filter: &str) -> bool {
        let _ = (person, filter);
        true
    }

    /// Whether this client may be given messages of this topic, which a filter of its own matched. Asked for each delivery.
    fn may_receive(&self, person: &Person, topic: &str) -> bool {
        let _ = (person, topic);
        true
    }
}

/// One enhanced authentication (MQTT 5 section 4.12).
pub trait Exchange: Debug + Send {
    /// Takes the client's authentication data, of CONNECT first and then of each AUTH.
    fn step(&mut self, data: Option<&[u8]>) -> Step;
}

/// What comes of a step of enhanced authentication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// AUTH with these data goes to the client.
    Continue(Vec<u8>),
    /// It is in, under this name; the data go with the CONNACK.
    Done {
        /// Its name.
        user_name: Arc<str>,
        /// Authentication data.
        data: Option<Vec<u8>>,
    },
    /// It is not let in.
    Refuse(Refusal),
}

/// Everybody may do everything. For a broker of one's own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Everybody;

impl Access for Everybody {
    fn admit(&mut self, _: &Newcomer<'_>) -> Result<(), Refusal> {
        Ok(())
    }
}
