//! The byte stream of a connection, cut into whole packets (MQTT 3.1.1 sections 2.2 and 6, MQTT 5 sections 2.1 and 6).
//!
//! WebSocket frames and packets have nothing to do with each other [MQTT-6.0.0-2]: one may hold a part of the other, or
//! many. Knows the fixed header and nothing of what stands behind it.

use super::fault::{Fault, FaultKind};
use super::header;
use super::packet::{Direction, PacketType, Version};

/// A buffer that is larger than this is given back once it is empty.
const KEPT: usize = 1 << 20;

/// Joins and splits what comes into whole packets, and refuses what cannot become one as early as possible: a wrong
/// first byte when it comes, a packet over the limit when its length is known.
///
/// The bytes wait in one buffer that grows with what has really come, never by what a length announces.
#[derive(Debug)]
pub struct Framer {
    /// Received bytes stand at `start..end`; what is behind is room.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    limit: usize,
    version: Version,
    direction: Direction,
    fault: Option<Fault>,
}

impl Framer {
    /// For what a broker sends. `limit`: the largest whole packet accepted, in bytes, fixed header included.
    pub fn new(limit: usize, version: Version) -> Self {
        Self::facing(limit, version, Direction::Incoming)
    }

    /// For a stream of either direction: a broker's side of it in a test, or a recording.
    pub fn facing(limit: usize, version: Version, direction: Direction) -> Self {
        Self {
            buffer: Vec::new(),
            start: 0,
            end: 0,
            limit,
            version,
            direction,
            fault: None,
        }
    }

    /// Room for `len` more bytes, for the caller to fill at once: they count as received. (So what comes from JavaScript
    /// is copied once.) After a fault the room is given and what is put there is forgotten.
    pub fn space(&mut self, len: usize) -> &mut [u8] {
        if self.start == self.end && self.fault.is_none() {
            (self.start, self.end) = (0, 0);
            if self.buffer.len() > KEPT && len <= KEPT {
                self.buffer = Vec::new();
            }
        }
        if self.buffer.len() - self.end < len {
            // Not onto itself: a large packet in tiny frames would be moved once for each of them.
            if self.start > 0 {
                self.buffer.copy_within(self.start..self.end, 0);
                self.end -= self.start;
                self.start = 0;
            }
            if self.buffer.len() - self.end < len {
                self.buffer.resize(self.end + len, 0);
            }
        }
        let from = self.end;
        if self.fault.is_none() {
            self.end += len;
        }
        &mut self.buffer[from..from + len]
    }

    /// Takes these bytes as received.
    pub fn push(&mut self, bytes: &[u8]) {
        self.space(bytes.len()).copy_from_slice(bytes);
    }

    /// The next whole packet. `None`: more bytes are needed. After a fault always the same fault, until
    /// [`Framer::reset`].
    #[expect(
        clippy::should_implement_trait,
        reason = "it lends from the buffer, which an iterator cannot"
    )]
    #[inline]
    pub fn next(&mut self) -> Option<Result<&[u8], Fault>> {
        if let Some(fault) = self.fault {
            return Some(Err(fault));
        }
        let bytes = &self.buffer[self.start..self.end];
        match packet_size(bytes, self.limit, self.version, self.direction) {
            Ok(Some(size)) if size <= bytes.len() => {
                let from = self.start;
                self.start += size;
                Some(Ok(&self.buffer[from..from + size]))
            }
            Ok(_) => None,
            Err(fault) => {
                self.fault = Some(fault);
                Some(Err(fault))
            }
        }
    }

    /// Forgets all bytes and any fault: a new connection begins.
    pub fn reset(&mut self) {
        *self = Self::facing(self.limit, self.version, self.direction);
    }

    /// How many bytes have come that no packet was made of yet.
    pub fn pending(&self) -> usize {
        self.end - self.start
    }

    /// The bytes that no packet was made of yet: a part of one, or after a fault the malformed one and all behind it.
    pub fn pending_bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }
}

/// The size of the packet that begins here, fixed header included; `None` while its length is not there. For whoever holds
/// the bytes already; [`Framer`] asks the same.
#[inline]
pub fn packet_size(
    bytes: &[u8],
    limit: usize,
    version: Version,
    direction: Direction,
) -> Result<Option<usize>, Fault> {
    let Some((&first, rest)) = bytes.split_first() else {
        return Ok(None);
    };
    let fault = |kind, at| fault(first, version, kind, at);
    header::first_byte(first, version, Some(direction)).map_err(|kind| fault(kind, 0))?;
    let Some((length, length_bytes)) =
        header::remaining_length(rest).map_err(|kind| fault(kind, 1))?
    else {
        return Ok(None);
    };
    let size = 1 + length_bytes + length;
    if size > limit {
        // Both fit: a packet has at most 268,435,460 bytes, and the limit is below that here.
        return Err(fault(
            FaultKind::PacketTooLarge {
                size: size as u32,
                limit: limit as u32,
            },
            1,
        ));
    }
    Ok(Some(size))
}

#[cold]
fn fault(first: u8, version: Version, kind: FaultKind, at: usize) -> Fault {
    Fault {
        kind,
        at,
        packet_type: PacketType::from_bits(first >> 4),
        version,
    }
}
