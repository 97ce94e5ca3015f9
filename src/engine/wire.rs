//! Actions for sockets. Packets that are sent while one input is handled are joined into one buffer, so that they leave in
//! one WebSocket frame, or in few if there are many. Bytes that depend on a change of storage wait until that is written.
//! Knows no packets, only bytes, and of storage only ticket numbers.

use std::collections::VecDeque;

use crate::session::Change;

/// The capacity that is kept for the next input.
const KEPT_ROOM: usize = 1024 * 1024;
/// The most bytes of one WebSocket frame. Servers limit the size of frames (Midge's own host at 16 MiB), and what is sent
/// again after a reconnect may be far more than any single packet. A packet may be split over frames [MQTT-6.0.0-2]. Some
/// browsers update the size of the send buffer for whole frames only, and this much takes seconds on a slow line.
const LARGEST_FRAME: u64 = 128 * 1024;

/// One action for a socket or for storage.
#[derive(Debug, PartialEq, Eq)]
pub enum Action<'a> {
    /// Open a WebSocket, and drop any earlier one.
    Open {
        /// Its number, never used twice.
        socket: u32,
        /// The address.
        address: String,
        /// The WebSocket subprotocol to offer.
        subprotocol: &'static str,
    },
    /// Send these bytes as one binary frame.
    Send {
        /// Its number.
        socket: u32,
        /// Packets. The last one may be cut and continue in the next action.
        bytes: &'a [u8],
    },
    /// Close it once everything before was handed to it.
    Close {
        /// Its number.
        socket: u32,
        /// WebSocket close code.
        code: u16,
        /// WebSocket close reason.
        reason: &'static str,
    },
    /// Read all records of a session, take it over from any earlier page, and report [`super::Engine::loaded`].
    Load {
        /// The session's name.
        session: String,
        /// For the answer. Never used twice, not for `Store` either.
        ticket: u64,
    },
    /// The [`Action::Load`] of this ticket is no longer needed. Unless it was read already, the session stays with the page
    /// that has it.
    GiveUp {
        /// The ticket of the load.
        ticket: u64,
    },
    /// Write these changes for a session, all or nothing, and report [`super::Engine::stored`].
    Store {
        /// The session's name.
        session: String,
        /// For the answer.
        ticket: u64,
        /// In order.
        changes: Vec<Change>,
    },
}

#[derive(Debug)]
enum What {
    /// Both places are counted from the first byte that was ever queued.
    Bytes {
        socket: u32,
        start: u64,
        end: u64,
    },
    Other(Action<'static>),
}

#[derive(Debug)]
struct Queued {
    /// It may leave once this ticket is written.
    after: u64,
    what: What,
}

/// All actions for sockets, in order.
#[derive(Debug, Default)]
pub(super) struct Wire {
    socket: u32,
    bytes: Vec<u8>,
    /// How many bytes were ever queued before the first of `bytes`.
    base: u64,
    queued_to: u64,
    /// All bytes of the current socket before this one were handed to it.
    handed_to: u64,
    /// Bytes that are queued from now on may leave once this ticket is written.
    after: u64,
    queue: VecDeque<Queued>,
}

impl Wire {
    /// The handling of an input begins: bytes that were handed to the socket are no longer needed.
    pub fn begin(&mut self) {
        let needed = self.queue.iter().find_map(|queued| match queued.what {
            What::Bytes { start, .. } => Some(start),
            What::Other(_) => None,
        });
        match needed {
            None => {
                self.base = self.queued_to;
                self.bytes.clear();
                self.bytes.shrink_to(KEPT_ROOM);
            }
            Some(needed) => {
                // While storage is slow the queue is never empty. Move the bytes to the front once half of the buffer is unused.
                let taken = (needed - self.base) as usize;
                if taken > KEPT_ROOM && taken * 2 >= self.bytes.len() {
                    self.bytes.drain(..taken);
                    self.base = needed;
                }
            }
        }
    }

    pub fn send(&mut self, packet: &[u8]) {
        self.bytes.extend_from_slice(packet);
    }

    /// Bytes that are sent from here on wait until this ticket is written.
    pub fn wait_for(&mut self, ticket: u64) {
        if self.after != ticket {
            self.end();
            self.after = ticket;
        }
    }

    /// The handling of an input ends: the bytes that it sent may leave.
    pub fn end(&mut self) {
        let (socket, after) = (self.socket, self.after);
        let (start, end) = (self.queued_to, self.base + self.bytes.len() as u64);
        if start == end {
            return;
        }
        self.queued_to = end;
        // If several inputs are handled before the socket is served, their bytes leave in one frame, too.
        match self.queue.back_mut() {
            Some(Queued {
                after: last_after,
                what:
                    What::Bytes {
                        socket: last,
                        end: last_end,
                        ..
                    },
            }) if *last == socket && *last_after == after => *last_end = end,
            _ => self.push(What::Bytes { socket, start, end }),
        }
    }

    /// Only bytes wait for storage. Other actions wait only for the bytes before them.
    fn push(&mut self, what: What) {
        let after = match what {
            What::Bytes { .. } => self.after,
            What::Other(_) => 0,
        };
        self.queue.push_back(Queued { after, what });
    }

    /// Drops what waits for an earlier socket, unless that one is still to be closed properly.
    pub fn open(&mut self, address: &str, subprotocol: &'static str, socket: u32) {
        self.end();
        let last = self.socket;
        let polite = |queued: &Queued| matches!(queued.what, What::Other(Action::Close { socket, .. }) if socket == last);
        if !self.queue.iter().any(polite) {
            self.queue.retain(
                |queued| !matches!(queued.what, What::Bytes { socket, .. } if socket == last),
            );
        }
        self.socket = socket;
        self.handed_to = self.queued_to;
        self.push(What::Other(Action::Open {
            socket,
            address: address.to_owned(),
            subprotocol,
        }));
    }

    pub fn close(&mut self, socket: u32, code: u16, reason: &'static str) {
        self.end();
        self.push(What::Other(Action::Close {
            socket,
            code,
            reason,
        }));
    }

    /// How many bytes for the current socket were not handed to it yet.
    pub fn waiting(&self) -> u64 {
        self.base + self.bytes.len() as u64 - self.handed_to
    }

    /// There are actions.
    pub fn is_waiting(&self) -> bool {
        !self.queue.is_empty()
    }

    /// The next action, if tickets up to `written` are enough for it.
    pub fn next(&mut self, written: u64) -> Option<Action<'_>> {
        let Queued { after, what } = self.queue.pop_front_if(|first| first.after <= written)?;
        Some(match what {
            What::Bytes {
                socket,
                start,
                mut end,
            } => {
                if end - start > LARGEST_FRAME {
                    let rest = start + LARGEST_FRAME;
                    let what = What::Bytes {
                        socket,
                        start: rest,
                        end,
                    };
                    self.queue.push_front(Queued { after, what });
                    end = rest;
                }
                self.handed_to = self.handed_to.max(end);
                let range = (start - self.base) as usize..(end - self.base) as usize;
                Action::Send {
                    socket,
                    bytes: self.bytes.get(range).unwrap_or_default(),
                }
            }
            What::Other(action) => action,
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
        let bytes: Vec<u8> = (0..LARGEST_FRAME as usize * 2 + 3)
            .map(|at| (at % 251) as u8)
            .collect();
        wire.send(&bytes);
        wire.end();
        wire.close(7, 1000, "");
        assert!(matches!(wire.next(0), Some(Action::Open { .. })));
        let (mut sent, mut lengths) = (Vec::new(), Vec::new());
        while let Some(Action::Send { socket: 7, bytes }) = wire.next(0) {
            sent.extend_from_slice(bytes);
            lengths.push(bytes.len());
        }
        assert_eq!(lengths, [LARGEST_FRAME as usize, LARGEST_FRAME as usize, 3]);
        assert!(sent == bytes);
        assert_eq!(wire.next(0), None);
    }

    #[test]
    fn while_storage_is_always_one_behind_the_buffer_does_not_grow() {
        let mut wire = Wire::default();
        wire.open("ws://b", "mqtt", 1);
        wire.next(0);
        let packet = vec![7; 10_000];
        let mut left = 0;
        for ticket in 1..2000 {
            wire.begin();
            wire.wait_for(ticket);
            wire.send(&packet);
            wire.end();
            if let Some(Action::Send { bytes, .. }) = wire.next(ticket - 1) {
                assert!(bytes == packet);
                left += 1;
            }
            assert!(wire.bytes.capacity() < 8 * KEPT_ROOM);
        }
        assert_eq!(left, 1998);
    }

    #[test]
    fn a_new_socket_drops_what_waited_for_a_lost_one_and_not_a_polite_farewell() {
        let opens = |polite: bool| {
            let mut wire = Wire::default();
            wire.open("ws://b", "mqtt", 1);
            wire.next(0);
            wire.wait_for(1);
            wire.send(b"held");
            wire.end();
            if polite {
                wire.close(1, 1000, "");
            }
            wire.open("ws://b", "mqtt", 2);
            wire.send(b"new");
            wire.end();
            let mut left = Vec::new();
            let mut written = 0;
            while written < 2 {
                let Some(action) = wire.next(written) else {
                    left.push("stored".to_owned());
                    written += 1;
                    continue;
                };
                left.push(match action {
                    Action::Send { socket, bytes } => {
                        format!("{socket} {}", String::from_utf8_lossy(bytes))
                    }
                    Action::Open { socket, .. } => format!("open {socket}"),
                    Action::Close { socket, .. } => format!("close {socket}"),
                    _ => String::new(),
                });
            }
            left
        };
        assert_eq!(opens(false), ["open 2", "stored", "2 new", "stored"]);
        assert_eq!(
            opens(true),
            ["stored", "1 held", "close 1", "open 2", "2 new", "stored"]
        );
    }
}
