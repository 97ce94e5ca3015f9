//! The byte stream of a connection, cut into whole packets (MQTT 3.1.1 sections 2.2 and 6, MQTT 5 sections 2.1 and 6).
//!
//! WebSocket frames and packets are independent [MQTT-6.0.0-2]: one may hold a part of the other, or many. Knows only
//! the fixed header of a packet.

use std::ops::Range;

use super::fault::{Fault, FaultKind};
use super::header;
use super::packet::{Direction, PacketType, Version};

/// How much of a skipped packet is kept: enough for the longest fixed header, topic name and packet identifier.
const HEAD: usize = 5 + 2 + 65_535 + 2;

/// A buffer that has grown beyond this is released once it is empty.
const KEPT: usize = 1 << 20;

/// Cuts incoming bytes into whole packets. What cannot become a packet is refused as early as possible: a wrong first
/// byte when it arrives, a packet over the limit when its length is known.
///
/// The bytes wait in one buffer, which grows with the bytes that arrive, never by what a length field says.
#[derive(Debug)]
pub struct Framer {
    /// Received bytes are at `start..end`; the rest is free.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    limit: usize,
    version: Version,
    direction: Direction,
    fault: Option<Fault>,
    /// Packets that are too large are skipped.
    passes_over: bool,
    /// A QoS 0 message with DUP is accepted.
    forgiving: bool,
    passing: Option<Box<Passing>>,
    /// The start of the latest skipped packet.
    head: Vec<u8>,
}

/// A packet that is being skipped.
#[derive(Debug)]
struct Passing {
    fault: Fault,
    left: usize,
    head: Vec<u8>,
}

impl Framer {
    /// For a stream from a broker. `limit`: the largest packet that is accepted, in bytes, fixed header included.
    pub fn new(limit: usize, version: Version) -> Self {
        Self::facing(limit, version, Direction::Incoming)
    }

    /// For a stream in either direction.
    pub fn facing(limit: usize, version: Version, direction: Direction) -> Self {
        Self {
            buffer: Vec::new(),
            start: 0,
            end: 0,
            limit,
            version,
            direction,
            fault: None,
            passes_over: false,
            forgiving: false,
            passing: None,
            head: Vec::new(),
        }
    }

    /// Skips packets over the limit: their bytes are not kept, [`Framer::next`] returns [`FaultKind::PacketTooLarge`]
    /// once all of them have arrived, and then the following packets.
    pub fn passing_over(mut self, passes_over: bool) -> Self {
        self.passes_over = passes_over;
        self
    }

    /// Accepts a first byte that breaks a rule but can be tolerated; see [`super::flawed_publish`].
    pub fn forgiving(mut self, forgiving: bool) -> Self {
        self.forgiving = forgiving;
        self
    }

    /// Space for `len` more bytes, which the caller must fill at once: they count as received. (So bytes from
    /// JavaScript are copied only once.) After a fault, what is written there is discarded.
    pub fn space(&mut self, len: usize) -> &mut [u8] {
        if self.start == self.end && self.fault.is_none() {
            (self.start, self.end) = (0, 0);
            if self.buffer.len() > KEPT && len <= KEPT {
                self.buffer = Vec::new();
            }
        }
        if self.buffer.len() - self.end < len {
            // Not if it already starts at the front: otherwise a large packet in tiny frames would be moved once for
            // each of them.
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

    /// Receives these bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.space(bytes.len()).copy_from_slice(bytes);
    }

    /// The next whole packet. `None`: more bytes are needed. After a fault always the same fault, until
    /// [`Framer::reset`]; but see [`Framer::passing_over`].
    #[expect(
        clippy::should_implement_trait,
        reason = "it lends from the buffer, which an iterator cannot"
    )]
    #[inline]
    pub fn next(&mut self) -> Option<Result<&[u8], Fault>> {
        let cut = self.cut()?;
        Some(cut.map(|range| self.packet(range)))
    }

    /// Like [`Framer::next`], but returns the packet's range for [`Framer::packet`].
    #[inline]
    pub fn cut(&mut self) -> Option<Result<Range<usize>, Fault>> {
        if let Some(fault) = self.fault {
            return Some(Err(fault));
        }
        if self.passing.is_some() {
            return self.pass_over().map(Err);
        }
        let bytes = &self.buffer[self.start..self.end];
        match measured(
            bytes,
            self.limit,
            self.version,
            self.direction,
            self.forgiving,
        ) {
            Ok(Some(size)) if size <= bytes.len() => {
                let from = self.start;
                self.start += size;
                Some(Ok(from..from + size))
            }
            Ok(_) => None,
            Err(fault) => self.faulty(fault).map(Err),
        }
    }

    /// The packet at a range from [`Framer::cut`].
    #[inline]
    pub fn packet(&self, range: Range<usize>) -> &[u8] {
        &self.buffer[range]
    }

    #[cold]
    fn faulty(&mut self, fault: Fault) -> Option<Fault> {
        if let (true, FaultKind::PacketTooLarge { size, .. }) = (self.passes_over, fault.kind) {
            self.passing = Some(Box::new(Passing {
                fault,
                left: size as usize,
                head: Vec::new(),
            }));
            return self.pass_over();
        }
        self.fault = Some(fault);
        Some(fault)
    }

    /// Discards what has arrived of a skipped packet. `Some`: that was all of it.
    #[cold]
    fn pass_over(&mut self) -> Option<Fault> {
        let mut passing = self.passing.take()?;
        let here = &self.buffer[self.start..self.end];
        let here = &here[..here.len().min(passing.left)];
        let room = HEAD.saturating_sub(passing.head.len());
        passing
            .head
            .extend_from_slice(&here[..here.len().min(room)]);
        self.start += here.len();
        passing.left -= here.len();
        if passing.left > 0 {
            self.passing = Some(passing);
            return None;
        }
        self.head = passing.head;
        Some(passing.fault)
    }

    /// The latest fault was a skipped packet, so further packets may follow.
    pub fn is_between(&self) -> bool {
        self.fault.is_none()
    }

    /// The start of the latest skipped packet: up to topic name and packet identifier, if it is a PUBLISH.
    pub fn passed_over(&self) -> &[u8] {
        &self.head
    }

    /// Forgets all bytes and any fault: a new connection begins.
    pub fn reset(&mut self) {
        *self = Self::facing(self.limit, self.version, self.direction)
            .passing_over(self.passes_over)
            .forgiving(self.forgiving);
    }

    /// How many bytes have arrived that belong to no packet yet; at least one while a packet is being skipped.
    pub fn pending(&self) -> usize {
        (self.end - self.start).max(usize::from(self.passing.is_some()))
    }

    /// The bytes that belong to no packet yet: a part of one, or after a fault the malformed one and everything after
    /// it.
    pub fn pending_bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }
}

/// The size of the packet that begins here, fixed header included; `None`: its length is incomplete.
#[inline]
pub fn packet_size(
    bytes: &[u8],
    limit: usize,
    version: Version,
    direction: Direction,
) -> Result<Option<usize>, Fault> {
    measured(bytes, limit, version, direction, false)
}

#[inline]
fn measured(
    bytes: &[u8],
    limit: usize,
    version: Version,
    direction: Direction,
    forgiving: bool,
) -> Result<Option<usize>, Fault> {
    let Some((&first, rest)) = bytes.split_first() else {
        return Ok(None);
    };
    let fault = |kind, at| fault(first, version, kind, at);
    match header::first_byte(first, version, Some(direction)) {
        Ok(_) => {}
        Err(FaultKind::DupWithQosZero) if forgiving => {}
        Err(kind) => return Err(fault(kind, 0)),
    }
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
