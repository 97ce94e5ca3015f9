//! The byte stream of a connection, cut into whole packets (MQTT 3.1.1 sections 2.2 and 6, MQTT 5 sections 2.1 and 6).
//!
//! WebSocket frames and packets have nothing to do with each other [MQTT-6.0.0-2]: one may hold a part of the other, or
//! many. Knows the fixed header and nothing of what stands behind it.

use std::ops::Range;

use super::fault::{Fault, FaultKind};
use super::header;
use super::packet::{Direction, PacketType, Version};

/// Of a packet that is passed over, so much is kept: the longest fixed header, topic name and packet identifier there are.
const HEAD: usize = 5 + 2 + 65_535 + 2;

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
    /// What is too large is passed over.
    passes_over: bool,
    /// A QoS 0 message with DUP is cut like any other.
    forgiving: bool,
    passing: Option<Box<Passing>>,
    /// The start of the packet that was passed over last.
    head: Vec<u8>,
}

/// A packet whose bytes go by without being kept.
#[derive(Debug)]
struct Passing {
    fault: Fault,
    left: usize,
    head: Vec<u8>,
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
            passes_over: false,
            forgiving: false,
            passing: None,
            head: Vec::new(),
        }
    }

    /// A packet over the limit is passed over: its bytes are not kept, [`Framer::next`] says
    /// [`FaultKind::PacketTooLarge`] once they have all gone by, and the packets behind it follow.
    pub fn passing_over(mut self, passes_over: bool) -> Self {
        self.passes_over = passes_over;
        self
    }

    /// Cuts what breaks a rule in its first byte and can be taken all the same: see [`super::flawed_publish`].
    pub fn forgiving(mut self, forgiving: bool) -> Self {
        self.forgiving = forgiving;
        self
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

    /// What [`Framer::next`] says, with the packet's place for [`Framer::packet`].
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

    /// The packet that was cut last.
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

    /// Lets go what has come of a packet that is passed over. `Some`: it was the last of it.
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

    /// The last fault was said of a packet that was passed over: the next packet may follow.
    pub fn is_between(&self) -> bool {
        self.fault.is_none()
    }

    /// The start of the packet that was passed over last: with topic name and packet identifier, if it is a PUBLISH.
    pub fn passed_over(&self) -> &[u8] {
        &self.head
    }

    /// Forgets all bytes and any fault: a new connection begins.
    pub fn reset(&mut self) {
        *self = Self::facing(self.limit, self.version, self.direction)
            .passing_over(self.passes_over)
            .forgiving(self.forgiving);
    }

    /// How many bytes have come that no packet was made of yet; one at least while a packet is passed over.
    pub fn pending(&self) -> usize {
        (self.end - self.start).max(usize::from(self.passing.is_some()))
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
