//! Packets of a broker, as bytes: 64 bytes of payload. Knows no session.

use midge::protocol::{PublishParts, Qos, Version, encode};

/// Bytes of each payload.
const PAYLOAD: usize = 64;

/// The name of a topic.
pub fn topic(number: usize) -> String {
    format!("site/{}/sensor/{number}/value", number % 10)
}

/// A PUBLISH on this topic; its payload is text, and another one for each number.
pub fn publish(number: usize, topics: usize, qos: Qos, version: Version) -> Vec<u8> {
    let mut payload = format!("{{\"number\":{number},\"noise\":\"");
    while payload.len() < PAYLOAD - 2 {
        payload.push(char::from(
            b"0123456789abcdef"[(payload.len() * 7 + number) % 16],
        ));
    }
    payload.push_str("\"}");
    let parts = PublishParts {
        topic: &topic(number % topics),
        payload: payload.as_bytes(),
        qos,
        packet_id: if qos == Qos::AtMostOnce {
            0
        } else {
            number as u16 % 1000 + 1
        },
        ..PublishParts::default()
    };
    let mut bytes = Vec::new();
    encode::publish(&parts, version, &mut bytes).expect("a packet that MQTT allows");
    bytes
}

/// So many packets, one behind the other.
pub fn batch(count: usize, topics: usize, qos: Qos, version: Version) -> Vec<u8> {
    (0..count)
        .flat_map(|number| publish(number, topics, qos, version))
        .collect()
}
