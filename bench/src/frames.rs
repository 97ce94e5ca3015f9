//! Bytes that are made before anything is measured: PUBLISH packets, and WebSocket frames around them as a server sends
//! them. Knows no socket.

use midge::protocol::{PublishParts, Version, encode};

/// Bytes of the payload of every message, unless a case says otherwise.
pub const PAYLOAD: usize = 64;

/// Which topics the messages of a load go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topics {
    /// All to one.
    One,
    /// In turn to so many: ten areas, each of ten lines, each of the same number of sensors.
    Turn(usize),
}

impl Topics {
    /// The topic of the message with this number.
    pub fn name(self, number: usize) -> String {
        match self {
            Self::One => "bench/flood/one".to_owned(),
            Self::Turn(count) => {
                let at = number % count.max(1);
                format!(
                    "bench/area{}/line{}/sensor{}",
                    at % 10,
                    at / 10 % 10,
                    at / 100
                )
            }
        }
    }

    fn count(self) -> usize {
        match self {
            Self::One => 1,
            Self::Turn(count) => count.max(1),
        }
    }
}

/// The payload of the message with this number: JSON as a sensor sends it, exactly [`PAYLOAD`] bytes.
pub fn payload(number: usize) -> Vec<u8> {
    let mut text = format!(
        "{{\"seq\":{},\"value\":{}.{},\"unit\":\"C\",\"site\":\"",
        number % 100_000_000,
        10 + number % 30,
        number % 10
    );
    while text.len() < PAYLOAD - 2 {
        text.push('x');
    }
    text.push_str("\"}");
    text.into_bytes()
}

/// One PUBLISH packet of QoS 0.
pub fn publish(topic: &str, payload: &[u8], version: Version) -> Result<Vec<u8>, String> {
    let mut packet = Vec::new();
    let parts = PublishParts {
        topic,
        payload,
        ..PublishParts::default()
    };
    encode::publish(&parts, version, &mut packet).map_err(|error| format!("{error:?}"))?;
    Ok(packet)
}

/// Adds one whole binary WebSocket frame, unmasked as a server's frames are (RFC 6455 section 5.2).
pub fn frame(content: &[u8], out: &mut Vec<u8>) {
    out.push(0x82);
    match content.len() {
        short @ 0..=125 => out.push(short as u8),
        medium @ 126..=0xFFFF => {
            out.push(126);
            out.extend_from_slice(&(medium as u16).to_be_bytes());
        }
        long => {
            out.push(127);
            out.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(content);
}

/// Frames that are written over and over, and where each of them ends.
pub struct Reel {
    /// All frames, one after the other.
    pub bytes: Vec<u8>,
    /// The end of each frame in `bytes`.
    pub ends: Vec<usize>,
}

/// Messages in a reel, at least. Over ten thousand topics each comes twice.
const LENGTH: usize = 20_000;

impl Reel {
    /// Makes a reel of at least one turn through all topics.
    pub fn new(topics: Topics, per_frame: usize, version: Version) -> Result<Self, String> {
        let turns = LENGTH.div_ceil(topics.count() * per_frame).max(1);
        let messages = turns * topics.count() * per_frame;
        let mut reel = Self {
            bytes: Vec::with_capacity(messages * 110),
            ends: Vec::new(),
        };
        let mut content = Vec::new();
        for number in 0..messages {
            content.extend(publish(&topics.name(number), &payload(number), version)?);
            if (number + 1) % per_frame == 0 {
                frame(&content, &mut reel.bytes);
                reel.ends.push(reel.bytes.len());
                content.clear();
            }
        }
        Ok(reel)
    }

    /// The bytes of `count` frames from the frame `from` on, as far as the reel reaches; and how many frames they are.
    pub fn stretch(&self, from: usize, count: usize) -> (&[u8], usize) {
        let from = from % self.ends.len();
        let to = (from + count).min(self.ends.len());
        let begin = if from == 0 { 0 } else { self.ends[from - 1] };
        let end = if to == 0 { 0 } else { self.ends[to - 1] };
        (&self.bytes[begin..end], to - from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_payload_has_the_same_length_and_is_json() {
        for number in [0, 7, 99_999_999, 100_000_000, usize::MAX] {
            let payload = payload(number);
            assert_eq!(payload.len(), PAYLOAD);
            assert!(serde_json::from_slice::<serde_json::Value>(&payload).is_ok());
        }
    }

    #[test]
    fn the_length_of_a_frame_is_written_in_the_shortest_form() {
        for (length, head) in [
            (0usize, vec![0x82, 0]),
            (125, vec![0x82, 125]),
            (126, vec![0x82, 126, 0, 126]),
            (65_535, vec![0x82, 126, 0xFF, 0xFF]),
            (65_536, vec![0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ] {
            let mut out = Vec::new();
            frame(&vec![7; length], &mut out);
            assert_eq!(out[..head.len()], head);
            assert_eq!(out.len(), head.len() + length);
        }
    }
}
