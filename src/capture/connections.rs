//! The connections that packets crossed: each socket with its address, version and subprotocol, when it opened, and when and
//! how it closed. Knows no packets, only their numbers.
//!
//! A packet does not say which connection it crossed. One socket is used at a time and packets are numbered in order, so
//! each connection notes the number of its first packet, and the connection of a packet is found by its number. A connection
//! that no packet crossed is dropped when the next one begins, and one whose packets were evicted is dropped with them. All
//! are bounded in bytes, however often a lost connection is tried again: the oldest are dropped.

use std::{collections::VecDeque, fmt};

use crate::{protocol::Version, reading::secrets};

/// A socket that begins to open.
#[derive(Clone, Copy)]
pub struct Opening<'a> {
    /// Microseconds since the Unix epoch.
    pub time_us: u64,
    /// The number of the socket, never used twice.
    pub socket: u32,
    /// Where.
    pub address: &'a str,
    /// The version that will be spoken.
    pub version: Version,
}

/// How a connection closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// Microseconds since the Unix epoch.
    pub time_us: u64,
    /// This client closed it. Otherwise the broker did, or the network failed.
    pub by_client: bool,
    /// WebSocket close code.
    pub code: u16,
    /// WebSocket close reason.
    pub reason: Box<str>,
}

/// One WebSocket connection.
#[derive(Clone)]
pub struct Connection {
    /// The number of its socket.
    pub socket: u32,
    /// The version of MQTT that was spoken on it.
    pub version: Version,
    /// When its socket began to open: microseconds since the Unix epoch.
    pub began_us: u64,
    /// When its socket opened, if it did.
    pub opened_us: Option<u64>,
    /// The WebSocket subprotocol that the server chose; empty for none, and before the socket opened.
    pub subprotocol: Box<str>,
    /// When and how it closed. `None`: not yet.
    pub closed: Option<Closing>,
    address: Box<str>,
    first_seq: u64,
    /// Those that share one MQTT session have the same number, and later sessions a higher one.
    session: u64,
}

impl Connection {
    /// Its address, without what looks like a secret.
    pub fn address(&self) -> String {
        let address = secrets::without_user_info(&self.address);
        secrets::without_secrets(address.as_ref()).0
    }

    /// Its address, with the secrets that may be in it.
    pub fn address_with_secrets(&self) -> &str {
        &self.address
    }

    fn cost(&self) -> usize {
        let reason = self.closed.as_ref().map_or(0, |closed| closed.reason.len());
        size_of::<Self>() + self.address.len() + self.subprotocol.len() + reason
    }
}

/// Without secrets.
impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("socket", &self.socket)
            .field("address", &self.address())
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// All connections that are known, oldest first.
#[derive(Clone, Debug)]
pub(super) struct Connections {
    all: VecDeque<Connection>,
    /// The session that the next one belongs to.
    session: u64,
    bytes: usize,
    budget: usize,
}

impl Connections {
    /// They take at most `budget` bytes, but for the present one.
    pub fn new(budget: usize) -> Self {
        Self {
            all: VecDeque::new(),
            session: 0,
            bytes: 0,
            budget,
        }
    }

    /// They take at most so many bytes from now on.
    pub fn set_budget(&mut self, budget: usize) {
        self.budget = budget;
        self.shrink();
    }

    /// Bytes that they take.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn all(&self) -> impl Iterator<Item = &Connection> {
        self.all.iter()
    }

    /// The packets from this number on cross a new connection.
    pub fn begin(&mut self, opening: Opening<'_>, next_seq: u64) {
        if let Some(unused) = self.all.pop_back_if(|last| last.first_seq == next_seq) {
            self.bytes -= unused.cost();
        }
        let connection = Connection {
            socket: opening.socket,
            version: opening.version,
            began_us: opening.time_us,
            opened_us: None,
            subprotocol: Box::default(),
            closed: None,
            address: opening.address.into(),
            first_seq: next_seq,
            session: self.session,
        };
        self.bytes += connection.cost();
        self.all.push_back(connection);
        self.shrink();
    }

    fn shrink(&mut self) {
        while self.bytes > self.budget && self.all.len() > 1 {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        if let Some(gone) = self.all.pop_front() {
            self.bytes -= gone.cost();
        }
    }

    /// Changes the present connection, if its socket is this one.
    pub fn change(&mut self, socket: u32, change: impl FnOnce(&mut Connection)) {
        if let Some(last) = self.all.back_mut().filter(|last| last.socket == socket) {
            self.bytes -= last.cost();
            change(last);
            self.bytes += last.cost();
            self.shrink();
        }
    }

    /// Connections that begin from now on belong to another session.
    pub fn leave_session(&mut self) {
        self.session += 1;
    }

    /// The present connection belongs to another session than those before it.
    pub fn begin_session(&mut self) {
        self.leave_session();
        if let Some(last) = self.all.back_mut() {
            last.session = self.session;
        }
    }

    /// Packets before this one are gone.
    pub fn evicted(&mut self, oldest_seq: u64) {
        while self
            .all
            .get(1)
            .is_some_and(|next| next.first_seq <= oldest_seq)
        {
            self.forget_oldest();
        }
    }

    /// All packets before this one were thrown away.
    pub fn clear(&mut self, next_seq: u64) {
        self.evicted(u64::MAX);
        if let Some(present) = self.all.back_mut() {
            present.first_seq = next_seq;
        }
    }

    /// These were before those that are known now.
    pub fn put_before(&mut self, mut earlier: Self) {
        // The present one at that time is the first of these, unless it was never used.
        if let (Some(last), Some(first)) = (earlier.all.back(), self.all.front_mut())
            && last.socket == first.socket
            && last.began_us == first.began_us
        {
            first.first_seq = last.first_seq;
            earlier.all.pop_back();
        }
        earlier.all.append(&mut self.all);
        self.all = earlier.all;
        self.bytes = self.all.iter().map(Connection::cost).sum();
        self.shrink();
    }

    /// The one that the packet with this number crossed, or will cross. `None`: it is not known any more.
    pub fn of(&self, seq: u64) -> Option<&Connection> {
        let after = self.all.partition_point(|one| one.first_seq <= seq);
        self.all.get(after.checked_sub(1)?)
    }

    /// The numbers of the packets that crossed a connection of the same session as this one: from the first to before the
    /// second.
    pub fn session_of(&self, seq: u64) -> (u64, u64) {
        let first_of = |index| self.all.get(index).map(|one: &Connection| one.first_seq);
        let Some(session) = self.of(seq).map(|connection| connection.session) else {
            return (0, first_of(0).unwrap_or(u64::MAX));
        };
        let begin = self.all.partition_point(|one| one.session < session);
        let end = self.all.partition_point(|one| one.session <= session);
        // What is no longer known may be of this session too.
        let begin = first_of(begin).filter(|_| begin > 0);
        (begin.unwrap_or(0), first_of(end).unwrap_or(u64::MAX))
    }

    /// The packets with these numbers crossed connections to the same broker, as far as is known: with the same session, or
    /// to the same address.
    pub fn same_broker(&self, one: u64, other: u64) -> bool {
        match (self.of(one), self.of(other)) {
            (Some(one), Some(other)) => {
                one.session == other.session || one.address == other.address
            }
            _ => true,
        }
    }
}
