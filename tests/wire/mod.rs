//! Packets as bytes, for tests of what is made of them.

use midge::capture::{Capture, Crossing};
use midge::protocol::{self, Direction, Outline, PublishParts, Version};

pub fn publish(topic: &str, payload: &[u8]) -> Vec<u8> {
    let parts = PublishParts {
        topic,
        payload,
        ..PublishParts::default()
    };
    encoded(&parts, Version::V311)
}

pub fn encoded(parts: &PublishParts<'_>, version: Version) -> Vec<u8> {
    let mut bytes = Vec::new();
    protocol::encode::publish(parts, version, &mut bytes).unwrap();
    bytes
}

pub fn outline_of(bytes: &[u8], direction: Direction) -> Outline {
    protocol::outline(bytes, Version::V311, direction).unwrap()
}

/// Appends a packet of MQTT 3.1.1.
pub fn append(
    capture: &mut Capture,
    time_us: u64,
    direction: Direction,
    bytes: &[u8],
    repeat: bool,
) -> u64 {
    let outline = outline_of(bytes, direction);
    let (start, end) = outline.topic;
    capture.append(Crossing {
        time_us,
        direction,
        version: Version::V311,
        topic: &bytes[start as usize..end as usize],
        bytes,
        outline: &outline,
        repeat,
    })
}
