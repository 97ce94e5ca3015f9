//! What waits to be drained: outgoing packets in one reused buffer, and everything else in the order in which it was
//! said. Knows no meaning.

use std::collections::VecDeque;

use super::{Change, Event, PacketRole};
use crate::protocol::{Direction, Fault, Outline, Version, outline};

/// A buffer that is larger than this is given back once it is drained.
const KEPT: usize = 1 << 20;

/// One output that waits, without what it borrows.
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
        /// Where the topic name is that a topic alias stands for; empty: it is in the packet.
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

    /// Writes one packet behind all that waits. On an error nothing was written; `None` stands for a packet that breaks
    /// the specification although it was written.
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
        // What we wrote ourselves is held against the same rules as what comes: nothing malformed leaves.
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

    /// Bytes of all packets that were ever written.
    pub(super) fn written(&self) -> u64 {
        self.written
    }

    /// Nothing waits, and nothing is lent. Asked for before every packet that came.
    pub(super) fn is_clear(&self) -> bool {
        self.queue.is_empty() && self.bytes.is_empty()
    }

    /// Takes the next out. The bytes of a packet stay until the call after this.
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
