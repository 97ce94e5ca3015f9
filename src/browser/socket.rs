//! A connection to a broker: a WebSocket, or a line to the broker in this browser. What happens on either is told in the
//! words of a WebSocket.

use web_sys::MessagePort;

use super::{
    message_port::{Line, LineEvent},
    websocket::{WebSocket, WebSocketEvent},
};

/// A connection. Dropping it ends its events, and closes it.
pub enum Socket {
    /// Out into the world.
    Web(WebSocket),
    /// Into another thread.
    Line(Line),
}

impl Socket {
    /// Begins to open a WebSocket. The error is the browser's message, where it refuses to.
    pub fn open(
        address: &str,
        subprotocol: &str,
        on_event: impl Fn(WebSocketEvent) + 'static,
    ) -> Result<Self, String> {
        WebSocket::open(address, subprotocol, on_event).map(Self::Web)
    }

    /// Begins a line to the broker in this browser; `connect` brings the port there.
    pub fn line(
        connect: impl FnOnce(MessagePort),
        subprotocol: &'static str,
        on_event: impl Fn(WebSocketEvent) + 'static,
    ) -> Result<Self, String> {
        let opened = std::cell::Cell::new(false);
        let line = Line::begin(move |event| match event {
            LineEvent::Opened => {
                opened.set(true);
                // Whatever was offered is spoken there.
                on_event(WebSocketEvent::Opened(subprotocol.to_owned()));
            }
            LineEvent::Bytes(bytes) => on_event(WebSocketEvent::Frame(bytes)),
            LineEvent::Taken(_) => {}
            LineEvent::Closed { code, reason } => on_event(WebSocketEvent::Closed {
                opened: opened.get(),
                clean: code != 1006,
                code,
                reason,
            }),
        });
        let (line, port) = line.ok_or("MessageChannel")?;
        connect(port);
        Ok(Self::Line(line))
    }

    /// Sends bytes as one frame. What cannot be sent any more is left to the close that follows.
    pub fn send(&self, bytes: &[u8]) {
        match self {
            Self::Web(socket) => socket.send(bytes),
            Self::Line(line) => line.send(bytes),
        }
    }

    /// Bytes that were sent and are not known to have left.
    pub fn buffered(&self) -> u64 {
        match self {
            Self::Web(socket) => socket.buffered(),
            Self::Line(line) => line.buffered(),
        }
    }

    /// Closes it once everything sent before is on its way.
    pub fn close(&self, code: u16, reason: &str) {
        match self {
            Self::Web(socket) => socket.close(code, reason),
            Self::Line(line) => line.close(code, reason),
        }
    }
}
