//! Packets as bytes, for tests of what is made of them.

use midge::protocol::{self, Direction, Outline, PublishParts, Qos, Version};

pub fn publish(topic: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let parts = PublishParts {
        topic,
        payload,
        qos: Qos::AtMostOnce,
        retain: false,
        dup: false,
        packet_id: 0,
    };
    protocol::encode::publish(&parts, Version::V311, &mut bytes).unwrap();
    bytes
}

pub fn outline_of(bytes: &[u8], direction: Direction) -> Outline {
    protocol::outline(bytes, Version::V311, direction).unwrap()
}
