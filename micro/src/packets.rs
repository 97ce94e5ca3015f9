//! Packets as a broker sends them.

use midge::protocol::{PublishParts, PublishProperties, Version, encode};

/// Bytes of a payload.
pub const PAYLOAD: usize = 64;

/// Topic names: `bench/0`, `bench/1` and so on.
pub fn topics(count: usize) -> Vec<String> {
    (0..count)
        .map(|number| format!("bench/{}/{}", number / 100, number % 100))
        .collect()
}

/// One PUBLISH of QoS 0 for each of these topics, joined.
pub fn publishes(
    topics: &[String],
    version: Version,
    properties: Option<&PublishProperties>,
) -> Vec<Vec<u8>> {
    let packet = |(number, topic): (usize, &String)| {
        let mut bytes = Vec::new();
        let payload: Vec<u8> = (0..PAYLOAD).map(|at| (number + at) as u8).collect();
        let parts = PublishParts {
            topic,
            payload: &payload,
            properties,
            ..PublishParts::default()
        };
        // Topic and payload are our own and within every limit; an empty packet would show at once.
        let _ = encode::publish(&parts, version, &mut bytes);
        bytes
    };
    topics.iter().enumerate().map(packet).collect()
}
