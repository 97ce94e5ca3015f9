//! Frames what a client sends, as far as that cannot be left to the broker: CONNECT is held until it is whole, so that name
//! and password can be looked at first, and from then on it is known whether a packet has begun and not ended.
//!
//! No clock and no socket. What is held is counted together with what all other connections hold.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use midge::protocol::{Direction, Version, packet_size};
use midge_broker::Limits;

use crate::refusal::Refusal;

/// What all connections hold of a CONNECT that is not all there, in bytes.
#[derive(Debug, Default)]
pub struct Unfinished(AtomicUsize);

/// The first packet of a connection, as it comes.
pub struct Greeting {
    limits: Arc<Limits>,
    all: Arc<Unfinished>,
    /// How much of it is counted in `all`.
    counted: usize,
    held: Vec<u8>,
}

impl Greeting {
    /// Of a connection that has just begun.
    pub fn new(limits: Arc<Limits>, all: Arc<Unfinished>) -> Greeting {
        Greeting {
            limits,
            all,
            counted: 0,
            held: Vec::new(),
        }
    }

    /// Takes what belongs to it from the front of these bytes. Whether it is whole.
    ///
    /// # Errors
    /// When it is no CONNECT, or larger than one may be.
    pub fn take(&mut self, bytes: &mut &[u8]) -> Result<bool, Refusal> {
        loop {
            let wanted = match self.size()? {
                Some(size) if size <= self.held.len() => return Ok(true),
                Some(size) => size - self.held.len(),
                // Its length is not all there: byte by byte, so that nothing of the next packet is taken.
                None => 1,
            };
            let (taken, rest) = bytes.split_at(wanted.min(bytes.len()));
            *bytes = rest;
            if taken.is_empty() {
                return self.count();
            }
            self.held.extend_from_slice(taken);
        }
    }

    /// The packet, once it is whole.
    pub fn packet(&self) -> &[u8] {
        &self.held
    }

    /// How large it is, once that is there.
    fn size(&self) -> Result<Option<usize>, Refusal> {
        match self.held.first() {
            None => Ok(None),
            Some(0x10) => {
                let limit = self.limits.first_packet;
                // Until CONNECT was seen, every version's fixed header is the same.
                packet_size(&self.held, limit, Version::V5, Direction::Outgoing)
                    .map_err(Refusal::of_fault)
            }
            Some(_) => Err(Refusal::NoConnect),
        }
    }

    fn count(&mut self) -> Result<bool, Refusal> {
        let more = self.held.len() - self.counted;
        self.counted = self.held.len();
        let all = self.all.0.fetch_add(more, Relaxed) + more;
        if all > self.limits.unfinished && self.counted > self.limits.unfinished_small {
            return Err(Refusal::TooMuchUnfinished);
        }
        Ok(false)
    }
}

impl Drop for Greeting {
    fn drop(&mut self) {
        self.all.0.fetch_sub(self.counted, Relaxed);
    }
}

/// Where in its packets a client is that is connected.
#[derive(Debug, Default)]
pub struct Place {
    /// Bytes of the packet in hand that are still to come, once its length is there.
    left: usize,
    /// Bytes of its fixed header that have come, while its length is not there.
    header: u8,
}

impl Place {
    /// The client sent these bytes. What is no length, the broker refuses.
    pub fn pass(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.header == 0 {
                let here = self.left.min(bytes.len());
                self.left -= here;
                bytes = bytes.get(here..).unwrap_or_default();
            }
            if self.left > 0 && self.header == 0 {
                return;
            }
            while let Some((byte, rest)) = bytes.split_first() {
                bytes = rest;
                self.header += 1;
                if self.header == 1 {
                    continue;
                }
                self.left |= usize::from(byte & 0x7F) << (7 * (self.header - 2));
                if byte & 0x80 == 0 || self.header == 5 {
                    self.header = 0;
                    break;
                }
            }
        }
    }

    /// Whether a packet has begun and is not all there.
    pub fn is_inside(&self) -> bool {
        self.left > 0 || self.header > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONNECT: &[u8] = b"\x10\x0d\0\x04MQTT\x04\x02\0\0\0\x01c";

    fn limits() -> Arc<Limits> {
        Arc::new(Limits {
            first_packet: 200,
            unfinished: 250,
            unfinished_small: 20,
            ..Limits::default()
        })
    }

    #[test]
    fn a_greeting_is_whole_however_it_is_cut_and_takes_nothing_behind_it() {
        let input = [CONNECT, b"\xc0\0\xe0\0"].concat();
        for piece in 1..input.len() {
            let all = Arc::new(Unfinished::default());
            let mut greeting = Greeting::new(limits(), all.clone());
            let mut whole = 0;
            let mut pieces = input.chunks(piece);
            let rest = loop {
                let mut piece = pieces.next().unwrap();
                whole += piece.len();
                if greeting.take(&mut piece).unwrap() {
                    break piece;
                }
                assert_eq!(all.0.load(Relaxed), whole);
            };
            assert_eq!(greeting.packet(), CONNECT);
            assert_eq!(whole - rest.len(), CONNECT.len());
            drop(greeting);
            assert_eq!(all.0.load(Relaxed), 0);
        }
    }

    #[test]
    fn what_is_no_connect_and_what_is_too_large_is_refused_by_its_first_bytes() {
        for (input, refusal) in [
            (&b"\x82"[..], Refusal::NoConnect),
            (b"GET /", Refusal::NoConnect),
            (b"\x10\xff\x01", Refusal::TooLarge),
            (b"\x10\xff\xff\xff\xff", Refusal::Malformed),
        ] {
            for piece in [1, input.len()] {
                let mut greeting = Greeting::new(limits(), Arc::default());
                let found = input
                    .chunks(piece)
                    .map(|mut piece| greeting.take(&mut piece));
                assert_eq!(found.last(), Some(Err(refusal)), "{input:x?}");
            }
        }
    }

    #[test]
    fn all_together_hold_so_much_and_small_ones_go_on() {
        let all = Arc::new(Unfinished::default());
        let mut large = [&b"\x10\x80\x01"[..], &[0; 117]].concat();
        let mut held: Vec<_> = (0..2)
            .map(|_| {
                let mut greeting = Greeting::new(limits(), all.clone());
                assert_eq!(greeting.take(&mut &large[..]), Ok(false));
                greeting
            })
            .collect();
        let mut one_more = Greeting::new(limits(), all.clone());
        assert_eq!(
            one_more.take(&mut &large[..]),
            Err(Refusal::TooMuchUnfinished)
        );
        drop(one_more);
        large.truncate(18);
        let mut small = Greeting::new(limits(), all.clone());
        assert_eq!(small.take(&mut &large[..]), Ok(false));
        held.clear();
        drop(small);
        assert_eq!(all.0.load(Relaxed), 0);
    }

    #[test]
    fn it_is_known_whether_a_packet_is_under_way() {
        let long = [&b"\x30\x80\x02"[..], &[0xFF; 256]].concat();
        let packets = [&b"\xc0\0"[..], &long, b"\x30\x03\0\x01a", b"\xe0\0"];
        let input = packets.concat();
        let mut ends = Vec::new();
        for packet in packets {
            ends.push(ends.last().unwrap_or(&0) + packet.len());
        }
        for piece in 1..=input.len() {
            let mut place = Place::default();
            let mut at = 0;
            for piece in input.chunks(piece) {
                place.pass(piece);
                at += piece.len();
                assert_eq!(place.is_inside(), !ends.contains(&at), "{at}");
            }
        }
    }

    #[test]
    fn a_length_that_is_none_ends_after_its_fourth_byte() {
        let mut place = Place::default();
        place.pass(b"\x30\xff\xff\xff\xff");
        assert!(place.is_inside());
        place.pass(&[0; 300]);
        assert!(place.is_inside());
    }
}
