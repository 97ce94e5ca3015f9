//! What is to be done to sockets: packets of one turn are joined into one buffer, so that they leave in one WebSocket
//! frame, or in few if they are many. Knows no packets, only bytes.

use std::collections::VecDeque;

/// Room that is kept for the next turn.
const KEPT_ROOM: usize = 1024 * 1024;
/// Bytes of one WebSocket frame at the most. Servers limit their frames (Midge's own host at 16 MiB), and what is sent
/// again after a reconnect may be far more than any of its packets; packets may be split over frames [MQTT-6.0.0-2].
const LARGEST_FRAME: usize = 1024 * 1024;

/// One thing to do to a socket.
#[derive(Debug, PartialEq, Eq)]
pub enum Action<'a> {
    /// Open a WebSocket; any earlier one is of no interest any more.
    Open {
        /// Its number, never used twice.
        socket: u32,
        /// Where.
        address: String,
        /// The WebSocket subprotocol to offer.
        subprotocol: &'static str,
    },
    /// Send these bytes as one binary frame.
    Send {
        /// Its number.
        socket: u32,
        /// Packets, mostly whole ones.
        bytes: &'a [u8],
    },
    /// Close it once everything sent before is on its way.
    Close {
        /// Its number.
        socket: u32,
        /// WebSocket close code.
        code: u16,
        /// WebSocket close reason.
        reason: &'static str,
    },
    /// Open a WebSocket, send nothing, close it, and say whether it opened.
    Probe {
        /// Its number, never used twice.
        socket: u32,
        /// Where.
        address: String,
        /// The WebSocket subprotocol to offer.
        subprotocol: &'static str,
    },
}

#[derive(Debug)]
enum Queued {
    Bytes {
        socket: u32,
        start: usize,
        end: usize,
    },
    Other(Action<'static>),
}

/// Everything that is to be done, in order.
#[derive(Debug, Default)]
pub(super) struct Wire {
    socket: u32,
    bytes: Vec<u8>,
    queued_to: usize,
    queue: VecDeque<Queued>,
}

impl Wire {
    /// A turn begins: what was taken is no longer needed.
    pub fn begin(&mut self) {
        if self.queue.is_empty() {
            self.bytes.clear();
            self.bytes.shrink_to(KEPT_ROOM);
            self.queued_to = 0;
        }
    }

    pub fn send(&mut self, packet: &[u8]) {
        self.bytes.extend_from_slice(packet);
    }

    /// A turn ends: what it sent may leave.
    pub fn end(&mut self) {
        let (socket, start, end) = (self.socket, self.queued_to, self.bytes.len());
        if start == end {
            return;
        }
        self.queued_to = end;
        // Several turns before the socket is served leave in one frame too.
        match self.queue.back_mut() {
            Some(Queued::Bytes {
                socket: last,
                end: last_end,
                ..
            }) if *last == socket => *last_end = end,
            _ => self.queue.push_back(Queued::Bytes { socket, start, end }),
        }
    }

    pub fn open(&mut self, address: &str, subprotocol: &'static str, socket: u32) {
        self.end();
        self.socket = socket;
        self.queue.push_back(Queued::Other(Action::Open {
            socket,
            address: address.to_owned(),
            subprotocol,
        }));
    }

    pub fn close(&mut self, socket: u32, code: u16, reason: &'static str) {
        self.end();
        self.queue.push_back(Queued::Other(Action::Close {
            socket,
            code,
            reason,
        }));
    }

    pub fn probe(&mut self, address: &str, subprotocol: &'static str, socket: u32) {
        self.end();
        self.queue.push_back(Queued::Other(Action::Probe {
            socket,
            address: address.to_owned(),
            subprotocol,
        }));
    }

    pub fn next(&mut self) -> Option<Action<'_>> {
        Some(match self.queue.pop_front()? {
            Queued::Bytes {
                socket,
                start,
                mut end,
            } => {
                if end - start > LARGEST_FRAME {
                    let rest = start + LARGEST_FRAME;
                    self.queue.push_front(Queued::Bytes {
                        socket,
                        start: rest,
                        end,
                    });
                    end = rest;
                }
                Action::Send {
                    socket,
                    bytes: self.bytes.get(start..end).unwrap_or_default(),
                }
            }
            Queued::Other(action) => action,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_a_frame_may_hold_leaves_in_several_and_in_order() {
        let mut wire = Wire::default();
        wire.begin();
        wire.open("ws://b", "mqtt", 7);
        let bytes: Vec<u8> = (0..LARGEST_FRAME * 2 + 3)
            .map(|at| (at % 251) as u8)
            .collect();
        wire.send(&bytes);
        wire.end();
        wire.close(7, 1000, "");
        assert!(matches!(wire.next(), Some(Action::Open { .. })));
        let (mut sent, mut lengths) = (Vec::new(), Vec::new());
        while let Some(Action::Send { socket: 7, bytes }) = wire.next() {
            sent.extend_from_slice(bytes);
            lengths.push(bytes.len());
        }
        assert_eq!(lengths, [LARGEST_FRAME, LARGEST_FRAME, 3]);
        assert!(sent == bytes);
        assert_eq!(wire.next(), None);
    }
}
