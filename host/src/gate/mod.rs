//! Looks at every packet of a client before the broker gets it: framed and walked by the room `protocol`, held against the
//! limits.
//!
//! No clock and no socket. Whole packets that are fine go on as they came, many at once and without being copied; the part
//! of one that is not all there yet is held, and counted together with what all other connections hold.

mod filters;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use midge::protocol::serving::{self, Greeting, levels, version, write_header};
use midge::protocol::{
    Direction, FaultKind, FilterFault, Outline, PacketType, Qos, Version, outline, packet_size,
};
use midge_broker::{Limits, refused};

use crate::refusal::{Kind, Refusal};

/// A buffer that is larger than this is given back once it is empty.
const KEPT: usize = 16 * 1024;

/// What all connections hold of unfinished packets, in bytes.
#[derive(Debug, Default)]
pub struct Unfinished(AtomicUsize);

/// What became of some of a client's bytes.
#[derive(Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// The connection's CONNECT, whole and fine.
    Connect(&'a [u8]),
    /// Whole packets for the broker.
    Pass(&'a [u8]),
    /// The client says goodbye: this packet for the broker, and nothing behind it counts any more.
    Goodbye(&'a [u8]),
    /// All bytes are used up.
    More,
    /// The connection ends.
    Refuse(Refusal),
}

/// The gate of one connection.
pub struct Gate {
    limits: Arc<Limits>,
    all: Arc<Unfinished>,
    /// Known once CONNECT was seen.
    version: Option<Version>,
    /// An unfinished packet, or one that was just given out.
    held: Vec<u8>,
    /// How much of it is counted in `all`.
    counted: usize,
    /// The held packet was given out.
    is_spent: bool,
    /// What goes on in the place of a packet.
    other: Vec<u8>,
    /// Parts of packets that were refused, for the terminal. The connection goes on.
    pub noted: Option<Kind>,
}

/// What is to be done with one packet.
enum Verdict {
    Fine,
    Connect,
    Goodbye,
    Drop,
    /// `other` goes on in its place.
    Instead,
    Refuse(Refusal),
}

impl Gate {
    /// For a connection that has just begun.
    pub fn new(limits: Arc<Limits>, all: Arc<Unfinished>) -> Gate {
        Gate {
            limits,
            all,
            version: None,
            held: Vec::new(),
            counted: 0,
            is_spent: false,
            other: Vec::new(),
            noted: None,
        }
    }

    /// The version of the connection, once CONNECT was seen.
    pub fn version(&self) -> Option<Version> {
        self.version
    }

    /// Whether a packet has begun and is not all there.
    pub fn is_waiting(&self) -> bool {
        !self.held.is_empty() && !self.is_spent
    }

    /// Takes bytes from the front of `input`, as far as they make one step, and tells how many. To be called with the
    /// others until there is no more.
    pub fn next<'a>(&'a mut self, input: &'a [u8]) -> (usize, Step<'a>) {
        if self.is_spent {
            self.forget();
        }
        if self.held.is_empty() {
            self.direct(input)
        } else {
            self.joined(input)
        }
    }

    /// Packets that lie whole in what came.
    fn direct<'a>(&'a mut self, input: &'a [u8]) -> (usize, Step<'a>) {
        let mut end = 0;
        loop {
            let rest = input.get(end..).unwrap_or_default();
            let size = match self.size(rest) {
                Ok(Some(size)) if size <= rest.len() => size,
                Err(refusal) if end == 0 => return (0, Step::Refuse(refusal)),
                _ => break,
            };
            let packet = rest.get(..size).unwrap_or_default();
            let verdict = self.judge(packet);
            if matches!(verdict, Verdict::Fine) {
                end += size;
                continue;
            }
            // What is fine before it goes first.
            if end > 0 {
                break;
            }
            return (size, self.step(verdict, packet));
        }
        if end > 0 {
            return (end, Step::Pass(input.get(..end).unwrap_or_default()));
        }
        match self.hold(input) {
            Ok(()) => (input.len(), Step::More),
            Err(refusal) => (0, Step::Refuse(refusal)),
        }
    }

    /// The packet that has begun, and as much of what came as belongs to it.
    fn joined<'a>(&'a mut self, input: &'a [u8]) -> (usize, Step<'a>) {
        let mut used = 0;
        loop {
            let wanted = match self.size(&self.held) {
                Ok(Some(size)) if size <= self.held.len() => break,
                Ok(Some(size)) => size - self.held.len(),
                // Its length is not all there: byte by byte, so that nothing of the next packet is taken.
                Ok(None) => 1,
                Err(refusal) => return (used, Step::Refuse(refusal)),
            };
            let rest = input.get(used..).unwrap_or_default();
            let taken = rest.get(..wanted.min(rest.len())).unwrap_or_default();
            if taken.is_empty() {
                return (used, Step::More);
            }
            used += taken.len();
            if let Err(refusal) = self.hold(taken) {
                return (used, Step::Refuse(refusal));
            }
        }
        self.is_spent = true;
        let held = std::mem::take(&mut self.held);
        let verdict = self.judge(&held);
        self.held = held;
        (used, self.step(verdict, &self.held))
    }

    fn step<'a>(&'a self, verdict: Verdict, packet: &'a [u8]) -> Step<'a> {
        match verdict {
            Verdict::Fine => Step::Pass(packet),
            Verdict::Connect => Step::Connect(packet),
            Verdict::Goodbye => Step::Goodbye(packet),
            Verdict::Instead => Step::Pass(&self.other),
            Verdict::Drop => Step::Pass(&[]),
            Verdict::Refuse(refusal) => Step::Refuse(refusal),
        }
    }

    fn hold(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let all = self.all.0.fetch_add(bytes.len(), Relaxed) + bytes.len();
        self.counted += bytes.len();
        if all > self.limits.unfinished && self.counted > self.limits.unfinished_small {
            return Err(Refusal::of(Kind::TooMuchUnfinished));
        }
        self.held.extend_from_slice(bytes);
        Ok(())
    }

    fn forget(&mut self) {
        self.is_spent = false;
        self.held.clear();
        if self.held.capacity() > KEPT {
            self.held = Vec::new();
        }
        self.all.0.fetch_sub(self.counted, Relaxed);
        self.counted = 0;
    }

    /// The size of the packet that begins here, if its length is there.
    #[inline]
    fn size(&self, bytes: &[u8]) -> Result<Option<usize>, Refusal> {
        // Until CONNECT was seen, every version's fixed header is the same.
        let version = self.version.unwrap_or(Version::V5);
        let limit = match self.version {
            Some(_) => self.limits.packet,
            None => self.limits.first_packet,
        };
        if self.version.is_none() && bytes.first().is_some_and(|first| *first != 0x10) {
            return Err(Refusal::of(Kind::NoConnect));
        }
        packet_size(bytes, limit, version, Direction::Outgoing).map_err(Refusal::malformed)
    }

    #[inline]
    fn judge(&mut self, packet: &[u8]) -> Verdict {
        let Some(version) = self.version else {
            return self.judge_first(packet);
        };
        match outline(packet, version, Direction::Outgoing) {
            Ok(outline) if outline.packet_type == PacketType::Publish => {
                self.judge_publish(packet, version, &outline)
            }
            Ok(outline) => match outline.packet_type {
                PacketType::Subscribe | PacketType::Unsubscribe => {
                    self.judge_filters(packet, version)
                }
                PacketType::Connect => Verdict::Refuse(Refusal::of(Kind::SecondConnect)),
                // No method was agreed on, so that there is nothing to go on with (MQTT 5 section 4.12).
                PacketType::Auth => Verdict::Refuse(Refusal::of(Kind::Auth)),
                PacketType::Disconnect => Verdict::Goodbye,
                _ => Verdict::Fine,
            },
            Err(fault) => match fault.kind {
                // Somebody may have typed it: it is refused by itself.
                FaultKind::Filter(
                    FilterFault::HashNotLast { .. }
                    | FilterFault::HashNotAlone { .. }
                    | FilterFault::PlusNotAlone { .. }
                    | FilterFault::ShareGroupEmpty
                    | FilterFault::ShareGroupWildcard
                    | FilterFault::ShareFilterEmpty,
                ) => self.judge_filters(packet, version),
                _ => Verdict::Refuse(Refusal::malformed(fault)),
            },
        }
    }

    #[cold]
    fn judge_first(&mut self, packet: &[u8]) -> Verdict {
        let Some(version) = version(packet) else {
            return Verdict::Refuse(Refusal::of(Kind::Version));
        };
        // From here on refusals are said in the client's own version.
        self.version = Some(version);
        let greeting = match serving::greeting(packet, version) {
            Ok(greeting) => greeting,
            Err(fault) => return Verdict::Refuse(Refusal::malformed(fault)),
        };
        let Greeting { will_topic, .. } = greeting;
        match will_topic {
            Some(topic) if levels(topic) > self.limits.topic_levels => {
                Verdict::Refuse(Refusal::of(Kind::DeepWill))
            }
            Some(topic) if is_the_brokers(topic) => Verdict::Refuse(Refusal::of(Kind::BrokersWill)),
            _ => Verdict::Connect,
        }
    }

    #[inline]
    fn judge_publish(&mut self, packet: &[u8], version: Version, outline: &Outline) -> Verdict {
        let (start, end) = (outline.topic.0 as usize, outline.topic.1 as usize);
        let topic = packet.get(start..end).unwrap_or_default();
        // Fewer bytes than separators that would be too many.
        if topic.len() >= self.limits.topic_levels && levels(topic) > self.limits.topic_levels {
            if version != Version::V5 || outline.qos == Qos::AtMostOnce {
                return Verdict::Refuse(Refusal::of(Kind::DeepTopic));
            }
            return self.refuse_publish(version, outline, Kind::DeepTopic);
        }
        if topic.first() == Some(&b'$') && is_the_brokers(topic) {
            return self.refuse_publish(version, outline, Kind::BrokersTopic);
        }
        Verdict::Fine
    }

    /// The publication does not happen, and is acknowledged as its version can say so.
    #[cold]
    fn refuse_publish(&mut self, version: Version, outline: &Outline, kind: Kind) -> Verdict {
        self.noted = Some(kind);
        if outline.qos == Qos::AtMostOnce {
            return Verdict::Drop;
        }
        let mut body = vec![0, 3];
        body.extend_from_slice(&refused(kind.code()));
        body.extend_from_slice(&outline.packet_id.to_be_bytes());
        if version == Version::V5 {
            body.push(0);
        }
        self.other.clear();
        write_header(0x30 | outline.qos.bits() << 1, body.len(), &mut self.other);
        self.other.extend_from_slice(&body);
        Verdict::Instead
    }

    fn judge_filters(&mut self, packet: &[u8], version: Version) -> Verdict {
        match filters::judge(packet, version, &self.limits, &mut self.other) {
            Ok(None) => Verdict::Fine,
            Ok(Some(kind)) => {
                self.noted = Some(kind);
                Verdict::Instead
            }
            Err(refusal) => Verdict::Refuse(refusal),
        }
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.all.0.fetch_sub(self.counted, Relaxed);
    }
}

/// Whether only the broker itself may publish here: its figures, and what it is told by subscriptions and by
/// administrators. Mosquitto refuses the same; other topics with a dollar sign are free (section 4.7.2 leaves them open).
fn is_the_brokers(topic: &[u8]) -> bool {
    [&b"$SYS"[..], b"$share", b"$CONTROL"].iter().any(|own| {
        topic
            .strip_prefix(*own)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
    })
}
