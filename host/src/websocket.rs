//! WebSocket as a server speaks it (RFC 6455): the answer to the handshake, and frames.
//!
//! MQTT's packets have nothing to do with frames [MQTT-6.0.0-2], so that no frame needs to be all there before its bytes go
//! on, and none is held: however large a frame says that it is, it takes no memory. No clock and no socket.

use base64ct::{Base64, Encoding};
use sha1::{Digest, Sha1};

/// Continuation, text, binary, close, ping, pong (section 5.2).
const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// The largest payload of a control frame (section 5.5).
const CONTROL: usize = 125;

/// The longest header that a client sends, mask included.
const LONGEST_HEADER: usize = 14;

/// The most bytes of one frame to the client, so that its header is short.
pub const FRAME: usize = 65_535;

/// What a client has to be answered with to prove that its request was understood (section 4.2.2).
pub fn accept(key: &[u8]) -> String {
    let mut hash = Sha1::new();
    hash.update(key);
    hash.update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    Base64::encode_string(&hash.finalize())
}

/// What came from the client.
#[derive(Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// Bytes of a binary message, in order. May be a part of a frame.
    Bytes(&'a [u8]),
    /// Answer with [`pong`] of [`Frames::asked`].
    Ping,
    /// The client closes; answer with [`close`].
    Close,
    /// The client sent text.
    Text,
    /// The client breaks the rules (section 7.4.1: code 1002).
    Broken,
    /// All bytes are used up.
    More,
}

/// Takes frames apart as their bytes come.
pub struct Frames {
    /// A header that is not all there.
    header: [u8; LONGEST_HEADER],
    header_len: usize,
    /// What is left of the payload of the frame in hand.
    left: u64,
    mask: [u8; 4],
    /// Where in the mask the next byte of it is.
    turn: usize,
    /// The frame in hand is a control frame, and its payload is gathered.
    control: Option<u8>,
    gathered: [u8; CONTROL],
    gathered_len: usize,
    /// A message has begun and goes on in the next frame.
    is_split: bool,
}

impl Default for Frames {
    /// Before the first frame.
    fn default() -> Frames {
        Frames {
            header: [0; LONGEST_HEADER],
            header_len: 0,
            left: 0,
            mask: [0; 4],
            turn: 0,
            control: None,
            gathered: [0; CONTROL],
            gathered_len: 0,
            is_split: false,
        }
    }
}

impl Frames {
    /// Takes bytes from the front of `input`, as far as they make one event. To be called until there is no more. The
    /// bytes are unmasked where they stand.
    pub fn next<'a>(&mut self, input: &mut &'a mut [u8]) -> Event<'a> {
        loop {
            if let Some(opcode) = self.control {
                if !self.gather(input) {
                    return Event::More;
                }
                self.control = None;
                match opcode {
                    PING => return Event::Ping,
                    CLOSE => return Event::Close,
                    _ => continue,
                }
            }
            if self.left > 0 {
                if input.is_empty() {
                    return Event::More;
                }
                let here = usize::try_from(self.left).unwrap_or(usize::MAX);
                let whole = std::mem::take(input);
                let (bytes, rest) = whole.split_at_mut(here.min(whole.len()));
                *input = rest;
                self.unmask(bytes);
                self.left -= bytes.len() as u64;
                return Event::Bytes(bytes);
            }
            if let Some(event) = self.begin(input) {
                return event;
            }
        }
    }

    /// What the last ping asked with.
    pub fn asked(&self) -> &[u8] {
        self.gathered.get(..self.gathered_len).unwrap_or_default()
    }

    /// Gathers the payload of a control frame. Whether it is all there.
    fn gather(&mut self, input: &mut &mut [u8]) -> bool {
        let here = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(input.len());
        let whole = std::mem::take(input);
        let (bytes, rest) = whole.split_at_mut(here);
        *input = rest;
        self.unmask(bytes);
        self.left -= bytes.len() as u64;
        let end = self.gathered_len + bytes.len();
        if let Some(room) = self.gathered.get_mut(self.gathered_len..end) {
            room.copy_from_slice(bytes);
            self.gathered_len = end;
        }
        self.left == 0
    }

    /// Reads the header of a frame. `None`: it is there.
    fn begin(&mut self, input: &mut &mut [u8]) -> Option<Event<'static>> {
        let size = loop {
            let known = self.header.get(..self.header_len).unwrap_or_default();
            let size = header_size(known);
            if size <= self.header_len {
                break size;
            }
            let whole = std::mem::take(input);
            let Some((byte, rest)) = whole.split_first_mut() else {
                return Some(Event::More);
            };
            *input = rest;
            if let Some(room) = self.header.get_mut(self.header_len) {
                *room = *byte;
            }
            self.header_len += 1;
            if !self.may_begin_so() {
                return Some(Event::Broken);
            }
        };
        self.header_len = 0;
        let [first, second, ..] = self.header;
        let length = self.header.get(2..size - 4).unwrap_or_default();
        self.left = match second & 0x7F {
            126 | 127 => length
                .iter()
                .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
            short => u64::from(short),
        };
        let mask = self.header.get(size - 4..size).unwrap_or_default();
        self.mask = mask.try_into().unwrap_or_default();
        self.turn = 0;
        let (is_last, opcode) = (first & 0x80 != 0, first & 0x0F);
        match opcode {
            // The highest bit of a length is 0 (section 5.2).
            _ if self.left >> 63 != 0 => return Some(Event::Broken),
            TEXT => return Some(Event::Text),
            BINARY => self.is_split = !is_last,
            CONTINUATION => self.is_split = !is_last,
            _ => {
                self.control = Some(opcode);
                self.gathered_len = 0;
            }
        }
        None
    }

    /// Whether what is there of a header breaks no rule: no reserved bit and type, masked, control frames whole and short
    /// (sections 5.1, 5.2, 5.4 and 5.5).
    fn may_begin_so(&self) -> bool {
        let [first, second, ..] = self.header;
        let (is_last, opcode) = (first & 0x80 != 0, first & 0x0F);
        let is_control = matches!(opcode, CLOSE | PING | PONG);
        let is_known = match opcode {
            CONTINUATION => self.is_split,
            TEXT | BINARY => !self.is_split,
            _ => is_control && is_last,
        };
        if first & 0x70 != 0 || !is_known {
            return false;
        }
        if self.header_len < 2 {
            return true;
        }
        second & 0x80 != 0 && !(is_control && usize::from(second & 0x7F) > CONTROL)
    }

    fn unmask(&mut self, bytes: &mut [u8]) {
        // As it stands at the first byte; four at a time then.
        let mut mask = self.mask;
        mask.rotate_left(self.turn);
        let (words, rest) = bytes.as_chunks_mut::<4>();
        let whole = u32::from_ne_bytes(mask);
        for word in words {
            *word = (u32::from_ne_bytes(*word) ^ whole).to_ne_bytes();
        }
        for (byte, mask) in rest.iter_mut().zip(mask) {
            *byte ^= mask;
        }
        self.turn = (self.turn + bytes.len()) % 4;
    }
}

/// How long a masked header is that begins so; more than there is while that is not known.
fn header_size(known: &[u8]) -> usize {
    match known.get(1).map(|second| second & 0x7F) {
        None => 2,
        Some(126) => 8,
        Some(127) => LONGEST_HEADER,
        Some(_) => 6,
    }
}

/// The header of a binary frame with a payload of so many bytes, at most [`FRAME`]: how many of these are of it.
pub fn header(length: usize) -> ([u8; 4], usize) {
    let [high, low] = (length.min(FRAME) as u16).to_be_bytes();
    match length {
        ..126 => ([0x80 | BINARY, low, 0, 0], 2),
        _ => ([0x80 | BINARY, 126, high, low], 4),
    }
}

/// A pong with this payload, of at most 125 bytes.
pub fn pong(payload: &[u8]) -> Vec<u8> {
    control(PONG, &[payload])
}

/// A close frame. Of the reason at most 123 bytes are sent.
pub fn close(code: u16, reason: &str) -> Vec<u8> {
    let reason = reason.as_bytes();
    let reason = reason.get(..CONTROL - 2).unwrap_or(reason);
    control(CLOSE, &[&code.to_be_bytes(), reason])
}

fn control(opcode: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length = parts.iter().map(|part| part.len()).sum::<usize>();
    let mut frame = vec![0x80 | opcode, length.min(CONTROL) as u8];
    frame.extend(parts.iter().copied().flatten().take(CONTROL));
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut frame = vec![first];
        match payload.len() {
            short @ ..126 => frame.push(0x80 | short as u8),
            long @ ..65_536 => {
                frame.push(0x80 | 126);
                frame.extend((long as u16).to_be_bytes());
            }
            long => {
                frame.push(0x80 | 127);
                frame.extend((long as u64).to_be_bytes());
            }
        }
        let mask = [7, 0, 200, 33];
        frame.extend(mask);
        let one = |(at, byte): (usize, &u8)| byte ^ mask[at % 4];
        frame.extend(payload.iter().enumerate().map(one));
        frame
    }

    /// The bytes, and the other events by name, with the input cut into pieces of this size.
    fn taken(input: &[u8], piece: usize) -> (Vec<u8>, Vec<String>) {
        let mut frames = Frames::default();
        let (mut bytes, mut others) = (Vec::new(), Vec::new());
        for piece in input.chunks(piece) {
            let mut piece = piece.to_vec();
            let mut input = &mut piece[..];
            loop {
                match frames.next(&mut input) {
                    Event::Bytes(more) => bytes.extend_from_slice(more),
                    Event::More => break,
                    Event::Ping => {
                        others.push(String::from_utf8(frames.asked().to_vec()).unwrap());
                    }
                    other => {
                        others.push(format!("{other:?}"));
                        return (bytes, others);
                    }
                }
            }
        }
        (bytes, others)
    }

    #[test]
    fn bytes_come_through_however_they_are_cut() {
        let long: Vec<u8> = (0..70_000_u32).map(|number| number as u8).collect();
        let mut input = masked(0x82, b"one");
        input.extend(masked(0x02, &long[..300]));
        input.extend(masked(0x89, b"are you there"));
        input.extend(masked(0x00, b""));
        input.extend(masked(0x80, &long));
        input.extend(masked(0x8A, b"unasked"));
        input.extend(masked(0x88, b"\x03\xe8"));
        let expected = [b"one", &long[..300], &long[..]].concat();
        for piece in [1, 2, 3, 7, 64, 1_000, input.len()] {
            let (bytes, others) = taken(&input, piece);
            assert!(bytes == expected, "{piece}");
            assert_eq!(others, ["are you there", "Close"]);
        }
    }

    #[test]
    fn a_client_that_breaks_the_rules_is_found_out_at_once() {
        for (input, event) in [
            (&b"\x82\x03abc"[..], "Broken"),                   // not masked
            (b"\xc2\x80", "Broken"),                           // a reserved bit
            (b"\x83", "Broken"),                               // a reserved type
            (b"\x80", "Broken"),                               // nothing to go on with
            (b"\x09", "Broken"),                               // a ping in parts
            (b"\x89\xfe", "Broken"),                           // a long ping
            (b"\x82\xff\xff\0\0\0\0\0\0\0\0\0\0\0", "Broken"), // longer than can be
            (b"\x81\x80\0\0\0\0", "Text"),
        ] {
            for piece in [1, input.len()] {
                assert_eq!(taken(input, piece).1, [event], "{input:x?}");
            }
        }
        let mut split = masked(0x02, b"a");
        split.push(0x82);
        assert_eq!(taken(&split, 3).1, ["Broken"]);
    }

    #[test]
    fn a_frame_that_claims_gigabytes_takes_nothing() {
        let mut frames = Frames::default();
        let mut claim = *b"\x82\xff\0\0\0\xff\xff\xff\xff\xff\0\0\0\0";
        assert_eq!(frames.next(&mut &mut claim[..]), Event::More);
        let mut some = [7; 100];
        let mut input = &mut some[..];
        assert!(matches!(frames.next(&mut input), Event::Bytes(bytes) if bytes.len() == 100));
        assert!(size_of::<Frames>() < 256);
    }

    #[test]
    fn frames_to_the_client_have_the_shortest_header() {
        assert_eq!(header(125), ([0x82, 125, 0, 0], 2));
        assert_eq!(header(126), ([0x82, 126, 0, 126], 4));
        assert_eq!(header(FRAME), ([0x82, 126, 255, 255], 4));
        assert_eq!(close(1000, ""), [0x88, 2, 3, 232]);
        assert_eq!(close(1008, &"x".repeat(200)).len(), 127);
        assert_eq!(pong(b"hi"), b"\x8a\x02hi");
    }

    #[test]
    fn the_answer_to_the_handshake_is_that_of_the_specification() {
        assert_eq!(
            accept(b"dGhlIHNhbXBsZSBub25jZQ=="),
            "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        );
    }
}
