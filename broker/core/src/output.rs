//! What the broker says: bytes for connections, what is to be stored, and what happened.

use std::sync::Arc;

use bytes::Bytes;
use midge::protocol::Version;

/// One thing to do or to know.
#[derive(Debug, PartialEq)]
pub enum Output<'a> {
    /// One whole packet for this connection: the head and the payload, one after the other. The payload is shared by all
    /// connections that a message goes to, so that a clone of it costs nothing; only a PUBLISH has one.
    Send {
        /// The connection.
        connection: u64,
        /// The packet up to its payload.
        head: &'a [u8],
        /// The rest of it.
        payload: &'a Bytes,
    },
    /// Close this connection once everything sent before is on its way. The broker takes no further word of it.
    Close {
        /// The connection.
        connection: u64,
        /// Why.
        why: Ending,
    },
    /// Change what storage holds. What comes after it must not leave before storage has done so: only then is what was
    /// acknowledged safe.
    Store(Change),
    /// Something happened.
    Event(Event),
}

/// A change of what storage holds: keys and values, in the order of the keys' bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Put this value under this key, in place of any earlier one.
    Put {
        /// The key.
        key: Vec<u8>,
        /// The broker's own words.
        value: Vec<u8>,
    },
    /// Remove this key.
    Remove {
        /// The key.
        key: Vec<u8>,
    },
}

/// Something that happened, for a log and for whoever looks inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A client is connected.
    Connected {
        /// Its connection.
        connection: u64,
        /// Its client identifier.
        client_id: Arc<str>,
        /// Its version.
        version: Version,
        /// Its session was there.
        session_present: bool,
    },
    /// A connection was refused before it was one.
    Refused {
        /// The connection.
        connection: u64,
        /// Its client identifier, as far as it is known.
        client_id: Option<Arc<str>>,
        /// Why.
        why: Ending,
    },
    /// A client is no longer connected.
    Disconnected {
        /// Its connection.
        connection: u64,
        /// Its client identifier.
        client_id: Arc<str>,
        /// Why.
        why: Ending,
    },
    /// A session is over: what it was subscribed to and what waited for it is gone.
    SessionEnded {
        /// Its client identifier.
        client_id: Arc<str>,
        /// Why.
        why: SessionEnd,
    },
    /// A topic filter was not granted.
    FilterRefused {
        /// Whose.
        client_id: Arc<str>,
        /// The filter.
        filter: Box<str>,
        /// The reason code of MQTT 5, whatever the client's version.
        code: u8,
    },
    /// A message was not taken.
    PublishRefused {
        /// Whose; `None`: the broker's own.
        client_id: Option<Arc<str>>,
        /// Its topic.
        topic: Box<str>,
        /// The reason code of MQTT 5, whatever the client's version.
        code: u8,
    },
    /// Messages for a client are dropped from here on, until as much has left as must. Said once each time.
    Dropping {
        /// For whom.
        client_id: Arc<str>,
        /// Why.
        why: Overflow,
    },
    /// Records of storage could not be read, and are left out.
    Damaged {
        /// How many.
        records: usize,
    },
}

/// Why messages for a client are dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// Its connection does not drain.
    Owed,
    /// As many messages wait as may wait for one client, or as many bytes.
    Queued,
    /// As many bytes wait as may wait for all.
    QueuedInAll,
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionEnd {
    /// The client asked for it: a clean start, or no session beyond the connection.
    Clean,
    /// Its session expiry interval is over.
    Expired,
    /// It had to make room for another.
    Displaced,
    /// The client identifier came with another user name.
    AnotherUser,
}

/// Why a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The client said so, with this reason code: 0, 4, or another.
    Client(u8),
    /// It was lost.
    Lost,
    /// The broker ends it, for this reason: a reason code of MQTT 5, whatever the client's version.
    Broker(u8, Why),
}

/// Why the broker ends a connection. The variants say what the reason codes leave open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// What came breaks the specification.
    Fault(midge::protocol::FaultKind),
    /// The first packet was no CONNECT.
    NoConnect,
    /// No CONNECT came in time.
    ConnectTimeout,
    /// The protocol is none that is spoken here.
    Version,
    /// A second CONNECT.
    ConnectTwice,
    /// Nothing came for one and a half times the keep alive.
    KeepAlive,
    /// The client identifier connected anew.
    TakenOver,
    /// Users and rules refused it.
    Access,
    /// The method of enhanced authentication is not known, or the exchange went wrong.
    Authentication,
    /// The client identifier is longer than it may be.
    ClientId,
    /// There are as many connections as there may be.
    Connections,
    /// There are as many sessions as there may be, and all are connected.
    Sessions,
    /// As many bytes of wills are held as may be.
    Wills,
    /// As many bytes of packets that came in part are held as may be.
    Partial,
    /// The topics of its aliases are longer than they may be.
    AliasBytes,
    /// The user name is longer than it may be.
    UserName,
    /// More bytes are owed to it than it drains.
    Owed,
    /// It takes no packets of the size that is needed.
    PacketSize,
    /// More QoS 2 messages than its receive maximum.
    ReceiveMaximum,
    /// A topic alias that was not announced, or is too high.
    TopicAlias,
    /// A topic with too many levels.
    Levels,
    /// More topic filters in one packet than there may be.
    Filters,
    /// An acknowledgement of another kind than the message wants.
    Acknowledgement,
    /// A session expiry interval in DISCONNECT, where CONNECT had none.
    SessionExpiry,
    /// The broker shuts down.
    Shutdown,
}

impl Why {
    /// In a few words, for a log and for the reason string of MQTT 5.
    pub fn words(self) -> &'static str {
        match self {
            Self::Fault(_) => "the packet breaks the specification",
            Self::NoConnect => "the first packet is no CONNECT",
            Self::ConnectTimeout => "no CONNECT came in time",
            Self::Version => "the protocol version is not spoken here",
            Self::ConnectTwice => "a second CONNECT",
            Self::KeepAlive => "nothing came within the keep alive",
            Self::TakenOver => "the client identifier connected anew",
            Self::Access => "not let in",
            Self::Authentication => "enhanced authentication failed",
            Self::ClientId => "the client identifier is too long",
            Self::Connections => "there are as many connections as there may be",
            Self::Sessions => "there are as many sessions as there may be",
            Self::Wills => "there are as many wills as there may be",
            Self::Partial => "there are as many unfinished packets as there may be",
            Self::AliasBytes => "the topics of the aliases are too long",
            Self::UserName => "the user name is too long",
            Self::Owed => "the connection does not take what it is sent",
            Self::PacketSize => "the maximum packet size is too small",
            Self::ReceiveMaximum => "more messages than the receive maximum",
            Self::TopicAlias => "the topic alias is not known",
            Self::Levels => "the topic has too many levels",
            Self::Filters => "more topic filters in one packet than there may be",
            Self::Acknowledgement => "the acknowledgement is of the wrong kind",
            Self::SessionExpiry => "a session expiry interval that CONNECT did not have",
            Self::Shutdown => "the broker shuts down",
        }
    }
}
