//! What the session is told. Knows no socket: the words say what happened to one, by its number.

use super::{Message, Settings};
use crate::protocol::SubscribeRequest;

/// One thing that happened. See [`super::Session::handle`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input<'a> {
    /// The user wants this connection. Ends any earlier one first, politely.
    ///
    /// `stored`: what storage holds for this session, as [`super::Output::Store`] put it there, in the order of its keys;
    /// empty for a session that is not stored. Where the session goes on, what the broker holds of subscriptions is not
    /// asked for again, and what is not wanted by then is given up: so say what is wanted before.
    Connect {
        /// Everything it needs.
        settings: Box<Settings>,
        /// Keys and values.
        stored: Vec<(u64, Vec<u8>)>,
    },
    /// The user wants no connection: DISCONNECT, close, and no further try.
    Disconnect,
    /// While waiting for the next try, or after giving up: try now.
    TryNow,
    /// The user wants these topic filters; asked for at once, or at the next connection. A filter that is already wanted
    /// is asked for again.
    Subscribe(Vec<SubscribeRequest>),
    /// The user no longer wants this topic filter.
    Unsubscribe(String),
    /// Publish this message, now or when there is a connection. Answered with [`super::Event::Published`],
    /// [`super::Event::PublishRefused`] or [`super::Event::PublishFailed`].
    Publish(Message),
    /// Do not send the message of this number, which waits. Answered with [`super::Event::Cancelled`], or with nothing if
    /// it was sent already.
    Cancel(u32),
    /// Send the message of this number again, which is held back because the broker closed the connection each time it was
    /// sent. Held back anew if it does so once more.
    SendHeld(u32),
    /// Give up the message of this number, which is held back. Answered with [`super::Event::Cancelled`].
    DropHeld(u32),
    /// Authenticate anew on this connection (MQTT 5 section 4.12.1).
    Reauthenticate,
    /// Storage has failed: nothing more can be kept there. The session goes on in memory.
    StorageFailed {
        /// The browser's own words.
        detail: String,
    },
    /// Something happened to the socket of this number. Numbers of earlier sockets are ignored.
    Socket {
        /// The number of [`super::Output::Open`].
        socket: u32,
        /// What happened.
        event: SocketEvent<'a>,
    },
    /// So much of what was sent on the socket of this number has not left yet: it waits in a buffer of this side. Bytes that
    /// leave are a sign of life, and too many that do not hold messages back.
    Buffered {
        /// The number of [`super::Output::Open`].
        socket: u32,
        /// Bytes.
        bytes: u64,
    },
    /// The same of a socket that has closed, before it is said that it has: nothing more of it will leave, so nothing more is
    /// sent on it.
    LeftBehind {
        /// The number of [`super::Output::Open`].
        socket: u32,
        /// Bytes.
        bytes: u64,
    },
    /// The network went, came back, or is another one: a connection that ends about now says nothing about other clients.
    NetworkChanged,
    /// Time passed, as [`super::Session::wake_at`] asked.
    Time,
}

/// What happened to a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketEvent<'a> {
    /// It opened.
    Opened {
        /// The WebSocket subprotocol that the broker chose; empty for none.
        subprotocol: &'a str,
    },
    /// It did not open.
    OpenFailed {
        /// The browser refused to make it, in the browser's words. `None`: it was made and then closed unopened.
        forbidden: Option<String>,
    },
    /// A binary frame, or any part of one.
    Bytes(&'a [u8]),
    /// The space from [`super::Session::space`] was filled with a binary frame.
    Filled,
    /// A text frame, which MQTT does not use [MQTT-6.0.0-1].
    TextFrame,
    /// It closed, whoever began it.
    Closed {
        /// WebSocket close code.
        code: u16,
        /// WebSocket close reason, from the broker.
        reason: &'a str,
        /// The closing handshake was completed.
        clean: bool,
    },
}
