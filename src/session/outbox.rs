//! The queue of outputs. Outgoing packets lie one after another in one reused buffer. Does not interpret what it holds.

use std::collections::VecDeque;

use super::{Change, Event, PacketRole};
use crate::protocol::{Direction, Fault, Outline, Version, outline};

/// A buffer that has grown beyond this is released once the queue is empty.
const KEPT: usize = 1 << 20;

/// One output that waits, with positions in the buffer in place of borrowed bytes.
#[derive(Debug)]
pub(super) enum Queued {
    Open {
        socket: u32,
    },
    Close {
        socket: u32,
        code: u16,
        reason: &'static str,
    },
    Packet {
        start: usize,
        end: usize,
        outline: Outline,
        /// The topic name that a topic alias stands for; empty: the name is in the packet.
        topic: (usize, usize),
        role: PacketRole,
    },
    Store(Change),
    Malformed(Fault),
    Event(Event),
}

/// The queue, and the bytes of the packets in it.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    queue: VecDeque<Queued>,
    bytes: Vec<u8>,
    written: u64,
}

impl Outbox {
    pub(super) fn push(&mut self, queued: Queued) {
        self.queue.push_back(queued);
    }

    /// Appends one packet to the queue. On an error nothing is appended; the error `None` means that what was written
    /// is not a valid packet.
    pub(super) fn write<E>(
        &mut self,
        version: Version,
        role: PacketRole,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), Option<E>> {
        self.write_aliased(version, role, "", write)
    }

    /// Writes one packet in which an alias stands for this topic name.
    pub(super) fn write_aliased<E>(
        &mut self,
        version: Version,
        role: PacketRole,
        topic: &str,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), Option<E>> {
        if self.queue.is_empty() {
            self.bytes.clear();
        }
        let start = self.bytes.len();
        if let Err(error) = write(&mut self.bytes) {
            self.bytes.truncate(start);
            return Err(Some(error));
        }
        let end = self.bytes.len();
        // Outgoing packets are validated like incoming ones, so that nothing malformed is sent.
        let Ok(outline) = outline(&self.bytes[start..end], version, Direction::Outgoing) else {
            self.bytes.truncate(start);
            return Err(None);
        };
        self.written += (end - start) as u64;
        self.bytes.extend_from_slice(topic.as_bytes());
        self.queue.push_back(Queued::Packet {
            start,
            end,
            outline,
            topic: (end, self.bytes.len()),
            role,
        });
        Ok(())
    }

    /// Total size of all packets that were ever written.
    pub(super) fn written(&self) -> u64 {
        self.written
    }

    /// The queue is empty, and no packet of it is borrowed any more. Called before each incoming packet, so it must be
    /// cheap.
    pub(super) fn is_clear(&self) -> bool {
        self.queue.is_empty() && self.bytes.is_empty()
    }

    /// Removes the next output. The bytes of a packet stay valid until the next call.
    pub(super) fn next(&mut self) -> Option<Queued> {
        let next = self.queue.pop_front();
        if next.is_none() {
            self.bytes.clear();
            if self.bytes.capacity() > KEPT {
                self.bytes = Vec::new();
            }
        }
        next
    }

    /// Bytes of a packet, or of its topic name.
    pub(super) fn packet(&self, start: usize, end: usize) -> &[u8] {
        self.bytes.get(start..end).unwrap_or_default()
    }
}
