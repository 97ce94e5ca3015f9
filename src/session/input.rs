//! What the session is told. Knows no socket: the words say what happened to one, by its number.

use super::{Message, Settings};
use crate::protocol::Qos;

/// One thing that happened. See [`super::Session::handle`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input<'a> {
    /// The user wants this connection. Ends any earlier one first, politely.
    Connect(Box<Settings>),
    /// The user wants no connection: DISCONNECT, close, and no further try.
    Disconnect,
    /// While waiting for the next try, or after giving up: try now.
    TryNow,
    /// The user wants these topic filters, each with its maximum quality of service; asked for at once, or at the next
    /// connection. A filter that is already wanted is asked for again.
    Subscribe(Vec<(String, Qos)>),
    /// The user no longer wants this topic filter.
    Unsubscribe(String),
    /// Publish this message. Answered with [`super::Event::Published`] or [`super::Event::PublishFailed`].
    Publish(Message),
    /// Something happened to the socket of this number. Numbers of earlier sockets are ignored.
    Socket {
        /// The number of [`super::Output::Open`].
        socket: u32,
        /// What happened.
        event: SocketEvent<'a>,
    },
    /// A probe came to its end.
    Probed {
        /// The number of [`super::Output::Probe`].
        socket: u32,
        /// A WebSocket opened there.
        alive: bool,
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
