//! The log: segments of raw bytes, and one record of fixed size for each packet. Knows no topics and no filters; who
//! evicts, and what must be saved before, is decided by its owner.

use std::{collections::VecDeque, fmt};

use super::packet::{Location, NewPacket, Packet, RECORD_BYTES, Record};
use crate::protocol::PacketType;

/// Bytes of raw packets that one segment holds; a larger packet gets a segment of its own.
pub(super) const SEGMENT_BYTES: usize = 256 * 1024;
/// Records that one segment holds, so that a flood of tiny packets is evicted in small parts too.
const SEGMENT_RECORDS: usize = 8192;
/// Packets that follow each other, and are evicted together.
pub(super) struct Segment {
    first_seq: u64,
    /// Of its first packet.
    time_us: u64,
    first_position: u64,
    messages: u16,
    /// PUBLISH packets from the broker among them.
    pub received: u64,
    bytes: Vec<u8>,
    records: Vec<Record>,
}

/// Without its bytes, in which there may be secrets.
impl fmt::Debug for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Segment")
            .field("first_seq", &self.first_seq)
            .field("records", &self.records.len())
            .finish_non_exhaustive()
    }
}

impl Segment {
    fn held(&self) -> usize {
        self.bytes.len() + self.records.len() * RECORD_BYTES
    }

    /// A packet, and what is stored behind it.
    fn stored(&self, index: usize) -> Option<(&Record, &[u8])> {
        let record = self.records.get(index)?;
        let end = self
            .records
            .get(index + 1)
            .map_or(self.bytes.len(), |next| next.offset as usize);
        Some((record, self.bytes.get(record.offset as usize..end)?))
    }

    fn packet(&self, index: usize) -> Option<Packet<'_>> {
        let (record, stored) = self.stored(index)?;
        let seq = self.first_seq + index as u64;
        let time_us = self.time_us.wrapping_add_signed(record.time.into());
        Some(Packet::of(record, seq, time_us, stored))
    }

    fn has_room(&self, len: usize, segment_bytes: usize) -> bool {
        self.records.len() < SEGMENT_RECORDS
            && (self.bytes.is_empty() || self.bytes.len() + len <= segment_bytes)
    }

    /// This time as a record of this segment holds it; `None`: it is too far away.
    fn time(&self, time_us: u64) -> Option<i32> {
        let distance = time_us.wrapping_sub(self.time_us) as i64;
        i32::try_from(distance).ok()
    }

    /// The packets from this one of the segment on, in order.
    pub fn logged_from(&self, skip: usize) -> impl Iterator<Item = Logged<'_>> {
        let records = self.records.iter().enumerate().skip(skip);
        records.map(|(index, record)| Logged {
            seq: self.first_seq + index as u64,
            record,
            segment: self,
            index,
        })
    }
}

/// A packet in the log: its record, and its bytes when they are asked for.
#[derive(Clone, Copy)]
pub(super) struct Logged<'a> {
    pub seq: u64,
    pub record: &'a Record,
    segment: &'a Segment,
    index: usize,
}

impl<'a> Logged<'a> {
    pub fn packet(&self) -> Option<Packet<'a>> {
        self.segment.packet(self.index)
    }

    /// When it crossed: microseconds since the Unix epoch.
    pub fn time_us(&self) -> u64 {
        let after = self.record.time.into();
        self.segment.time_us.wrapping_add_signed(after)
    }

    /// The payload of a message.
    pub fn payload(&self) -> &'a [u8] {
        self.segment
            .stored(self.index)
            .map_or(&[], |(record, stored)| record.payload(stored))
    }
}

/// All segments, oldest first.
#[derive(Debug, Default)]
pub(super) struct Log {
    segments: VecDeque<Segment>,
    /// Buffers of an evicted segment, for the next one.
    spare: Option<(Vec<u8>, Vec<Record>)>,
    next_seq: u64,
    next_position: u64,
    held: usize,
    kept: u64,
    /// The numbers made a leap: the next packet begins a segment.
    broken_off: bool,
}

impl Log {
    /// The number that the next packet gets.
    pub fn next_seq(&self) -> u64 {
        self.next_seq
    }

    /// The oldest packet that is still there; the next one where none is.
    pub fn oldest_seq(&self) -> u64 {
        self.segments
            .front()
            .map_or(self.next_seq, |segment| segment.first_seq)
    }

    /// When the oldest segment began.
    pub fn oldest_us(&self) -> Option<u64> {
        self.segments.front().map(|segment| segment.time_us)
    }

    /// Positions of messages (PUBLISH either way) that are there: from the first to before the second.
    pub fn positions(&self) -> (u64, u64) {
        (
            self.segments
                .front()
                .map_or(self.next_position, |segment| segment.first_position),
            self.next_position,
        )
    }

    /// Bytes of packets and records.
    pub fn held(&self) -> usize {
        self.held
    }

    /// PUBLISH packets from the broker that are there.
    pub fn kept(&self) -> u64 {
        self.kept
    }

    /// More than the segment being filled is there.
    pub fn can_evict(&self) -> bool {
        self.segments.len() > 1
    }

    /// A copy and a push. Segments are `segment_bytes` large.
    #[inline]
    pub fn push(
        &mut self,
        packet: &NewPacket<'_>,
        bytes: &[u8],
        packet_type: PacketType,
        segment_bytes: usize,
    ) -> u64 {
        // A topic name has at most 65,535 bytes (section 1.5.3).
        let behind = packet
            .name_behind
            .get(..65_535)
            .unwrap_or(packet.name_behind);
        let len = bytes.len() + behind.len();
        let seq = self.next_seq;
        let last = self.segments.back().filter(|_| !self.broken_off);
        let room = last.and_then(|segment| {
            let time = segment.time(packet.time_us)?;
            segment.has_room(len, segment_bytes).then_some(time)
        });
        let time = room.unwrap_or_else(|| {
            self.open_segment(len.max(segment_bytes), packet.time_us);
            0
        });
        let Some(segment) = self.segments.back_mut() else {
            return seq;
        };
        let location = Location {
            seq,
            time,
            // Only a segment with a single packet is larger than `SEGMENT_BYTES`.
            offset: segment.bytes.len() as u32,
            messages_before: segment.messages,
        };
        let record = Record::new(packet, packet_type, !behind.is_empty(), location);
        segment.bytes.extend_from_slice(bytes);
        if !behind.is_empty() {
            segment.bytes.extend_from_slice(behind);
        }
        segment.records.push(record);
        self.held += len + RECORD_BYTES;
        self.next_seq += 1;
        if record.is_message() {
            segment.messages += 1;
            self.next_position += 1;
        }
        if record.is_received_message() {
            segment.received += 1;
            self.kept += 1;
        }
        seq
    }

    #[cold]
    fn open_segment(&mut self, capacity: usize, time_us: u64) {
        // Only bytes in use are held against the budget, so room that stays empty is given back: many tiny packets, or
        // one that left no room for the next.
        let mut expected = 0;
        if let Some(full) = self.segments.back_mut() {
            if full.bytes.capacity() - full.bytes.len() > full.bytes.capacity() / 4 {
                full.bytes.shrink_to_fit();
            }
            if full.records.capacity() - full.records.len() > full.records.len() / 8 {
                full.records.shrink_to_fit();
            }
            // The next one will be like this one.
            expected = full.records.len() + full.records.len() / 16;
        }
        self.broken_off = false;
        let (mut bytes, mut records) = self.spare.take().unwrap_or_default();
        if bytes.capacity() < capacity {
            bytes = Vec::with_capacity(capacity);
        }
        if records.capacity() < expected {
            records = Vec::with_capacity(expected.min(SEGMENT_RECORDS));
        }
        self.segments.push_back(Segment {
            first_seq: self.next_seq,
            time_us,
            first_position: self.next_position,
            messages: 0,
            received: 0,
            bytes,
            records,
        });
    }

    /// Takes the oldest segment out. Hand its buffers back with [`Log::recycle`].
    pub fn evict(&mut self) -> Option<Segment> {
        let segment = self.segments.pop_front()?;
        self.held -= segment.held();
        self.kept -= segment.received;
        Some(segment)
    }

    /// Keeps the buffers of an evicted segment for the next one, unless they are unusually large.
    pub fn recycle(&mut self, segment: Segment) {
        let Segment {
            mut bytes,
            mut records,
            ..
        } = segment;
        if bytes.capacity() <= SEGMENT_BYTES {
            bytes.clear();
            records.clear();
            self.spare = Some((bytes, records));
        }
    }

    /// Throws every packet away; numbers and positions go on.
    pub fn clear(&mut self) {
        self.segments.clear();
        self.spare = None;
        self.held = 0;
        self.kept = 0;
    }

    /// Takes all out; numbers and positions go on.
    pub fn set_aside(&mut self) -> Self {
        let next = Self {
            next_seq: self.next_seq,
            next_position: self.next_position,
            ..Self::default()
        };
        std::mem::replace(self, next)
    }

    /// The next packet gets this number and this position, and a segment of its own: within a segment there is no gap.
    pub fn go_on(&mut self, seq: u64, position: u64) {
        if seq != self.next_seq || position != self.next_position {
            self.next_seq = seq;
            self.next_position = position;
            self.broken_off = true;
        }
    }

    /// The packet with this number, if it is still there.
    pub fn packet(&self, seq: u64) -> Option<Packet<'_>> {
        let segment = self.segments.get(self.segment_of(seq)?)?;
        segment.packet((seq - segment.first_seq) as usize)
    }

    /// The packets from this number on (or from the oldest that is there), in order.
    pub fn packets_from(&self, seq: u64) -> impl Iterator<Item = Packet<'_>> {
        self.logged_from(seq).filter_map(|logged| logged.packet())
    }

    /// The same, without reading their bytes.
    pub fn logged_from(&self, seq: u64) -> impl Iterator<Item = Logged<'_>> {
        let seq = seq.max(self.oldest_seq());
        let start = self.segment_of(seq).unwrap_or(self.segments.len());
        self.segments.range(start..).flat_map(move |segment| {
            let skip = seq.saturating_sub(segment.first_seq) as usize;
            segment.logged_from(skip)
        })
    }

    fn segment_of(&self, seq: u64) -> Option<usize> {
        self.segments
            .partition_point(|segment| segment.first_seq <= seq)
            .checked_sub(1)
    }

    /// The number of the message at this position.
    pub fn seq_at(&self, position: u64) -> Option<u64> {
        if position >= self.next_position {
            return None;
        }
        let index = self
            .segments
            .partition_point(|segment| segment.first_position <= position)
            .checked_sub(1)?;
        let segment = self.segments.get(index)?;
        let within = position - segment.first_position;
        if usize::from(segment.messages) == segment.records.len() {
            // Nothing else lies between them.
            return Some(segment.first_seq + within);
        }
        // The message is the last of the records that have `within` messages before them.
        let record = segment
            .records
            .partition_point(|record| u64::from(record.messages_before) <= within)
            .checked_sub(1)?;
        Some(segment.first_seq + record as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        capture::packet::NO_TOPIC,
        protocol::{Direction, Version},
    };

    fn room(len: usize, count: usize) -> (usize, usize) {
        let mut log = Log::default();
        let packet = NewPacket {
            time_us: 0,
            direction: Direction::Incoming,
            version: Version::V311,
            name_behind: &[],
            repeat: false,
            malformed: true,
            flawed: false,
            topic: NO_TOPIC,
            before: None,
        };
        for _ in 0..count {
            log.push(&packet, &vec![0; len], PacketType::Pingresp, SEGMENT_BYTES);
        }
        let room = log
            .segments
            .iter()
            .map(|segment| segment.bytes.capacity() + segment.records.capacity() * RECORD_BYTES)
            .sum();
        (room, log.held())
    }

    /// Two segments more for the one being filled.
    #[test]
    fn the_memory_in_use_is_not_far_above_what_is_held_against_the_budget() {
        for (len, count) in [(2, 100_000), (40, 100_000), (150_000, 60), (300_000, 30)] {
            let (room, held) = room(len, count);
            assert!(
                room < held + held / 3 + 2 * SEGMENT_BYTES,
                "{count} packets of {len} bytes: {room} for {held}"
            );
        }
    }
}
