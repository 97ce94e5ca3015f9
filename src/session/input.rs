//! Inputs of the session: what the user asks for, and what happened to a socket, which is named by its number.

use super::{Message, Settings};
use crate::protocol::SubscribeRequest;

/// One input. See [`super::Session::handle`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input<'a> {
    /// Connect. An earlier connection is ended first, with DISCONNECT.
    ///
    /// `stored`: the records of this session in storage, as [`super::Output::Store`] wrote them, in the order of their
    /// keys; empty for a session that is not stored. If the session is resumed, subscriptions that the broker already
    /// has are not requested again, and those that are no longer wanted are ended. So call [`Self::Subscribe`] first.
    Connect {
        /// Everything it needs.
        settings: Box<Settings>,
        /// Keys and values.
        stored: Vec<(u64, Vec<u8>)>,
    },
    /// Disconnect, and do not reconnect.
    Disconnect,
    /// Try now instead of waiting, or after giving up.
    TryNow,
    /// Subscribe to these topic filters, now or at the next connection. A filter that is already in the list is
    /// requested again.
    Subscribe(Vec<SubscribeRequest>),
    /// Unsubscribe from this topic filter.
    Unsubscribe(String),
    /// Publish this message, now or when there is a connection. Answered with [`super::Event::Published`],
    /// [`super::Event::PublishRefused`] or [`super::Event::PublishFailed`].
    Publish(Message),
    /// Cancel the waiting message with this number. Answered with [`super::Event::Cancelled`], or not at all if it was
    /// already sent.
    Cancel(u32),
    /// Send the held-back message with this number again. If one more connection ends because of it, it is held back
    /// again.
    SendHeld(u32),
    /// Discard the held-back message with this number. Answered with [`super::Event::Cancelled`].
    DropHeld(u32),
    /// Re-authenticate on this connection (MQTT 5 section 4.12.1).
    Reauthenticate,
    /// Storage has failed. The session continues in memory only.
    StorageFailed {
        /// The browser's error message.
        detail: String,
    },
    /// Something happened to the socket with this number. Earlier sockets are ignored.
    Socket {
        /// The number of [`super::Output::Open`].
        socket: u32,
        /// What happened.
        event: SocketEvent<'a>,
    },
    /// How much of what was sent on this socket is still in the browser's send buffer. A shrinking buffer shows that
    /// the connection is alive; a full one holds messages back.
    Buffered {
        /// The number of [`super::Output::Open`].
        socket: u32,
        /// Bytes.
        bytes: u64,
    },
    /// The same for a socket that has closed; comes before [`SocketEvent::Closed`]. What is in the buffer will never be
    /// sent.
    LeftBehind {
        /// The number of [`super::Output::Open`].
        socket: u32,
        /// Bytes.
        bytes: u64,
    },
    /// The network was lost, came back, or changed. If a connection ends soon before or after, this is taken for the
    /// reason.
    NetworkChanged,
    /// The time of [`super::Session::wake_at`] has come.
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
        /// The browser refused to create it: its error message. `None`: it was created, and closed before it opened.
        forbidden: Option<String>,
    },
    /// A binary frame, or any part of one.
    Bytes(&'a [u8]),
    /// The space from [`super::Session::space`] was filled with a binary frame.
    Filled,
    /// A text frame, which MQTT does not use [MQTT-6.0.0-1].
    TextFrame,
    /// It closed, on whichever side's initiative.
    Closed {
        /// WebSocket close code.
        code: u16,
        /// WebSocket close reason, from the broker.
        reason: &'a str,
        /// The closing handshake was completed.
        clean: bool,
    },
}
