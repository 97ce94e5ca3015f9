//! What the capture holds against its budget, and what it takes from the allocator: bytes, counted, never times.

use allocation_counter::{AllocationInfo, measure};
use midge::capture::{Capture, Crossing, DEFAULT_BUDGET};
use midge::protocol::{Direction, PublishParts, Version, encode, outline};

const MESSAGES: usize = 2_000_000;
const MIB: usize = 1 << 20;

/// So many messages of 64 bytes on so many topics, and what was allocated for what is kept of them.
fn filled(topics: usize) -> (Capture, AllocationInfo) {
    let packets: Vec<_> = (0..topics)
        .map(|number| {
            let topic = format!("plant/{}/sensor/{number}", number % 100);
            let parts = PublishParts {
                topic: &topic,
                payload: &[b'7'; 64],
                ..PublishParts::default()
            };
            let mut bytes = Vec::new();
            encode::publish(&parts, Version::V311, &mut bytes).expect("it fits");
            let outline = outline(&bytes, Version::V311, Direction::Incoming).expect("a packet");
            (topic, bytes, outline)
        })
        .collect();
    let mut capture = Capture::new(3);
    let taken = measure(|| {
        for (number, (topic, bytes, outline)) in packets.iter().cycle().take(MESSAGES).enumerate() {
            capture.append(Crossing {
                time_us: number as u64,
                direction: Direction::Incoming,
                version: Version::V311,
                topic: topic.as_bytes(),
                bytes,
                outline,
                repeat: false,
            });
        }
    });
    (capture, taken)
}

fn assert_frugal(topics: usize, most_bytes_each: u64) {
    let (capture, taken) = filled(topics);
    let counts = capture.counts();
    assert_eq!(counts.received, MESSAGES as u64);
    assert_eq!(counts.kept + counts.dropped, counts.received);
    assert!(counts.dropped > 0, "the budget is full");
    assert!(counts.held_bytes <= DEFAULT_BUDGET as u64);
    let each = counts.held_bytes / counts.kept;
    assert!(each <= most_bytes_each, "{each} bytes for each message");
    let most = DEFAULT_BUDGET + 3 * MIB;
    let (end, peak) = (taken.bytes_current as usize, taken.bytes_max as usize);
    let held = counts.held_bytes;
    println!("{topics} topics: {each} bytes each, {held} held, {end} at the end, {peak} at most");
    assert!(end <= most && peak <= most, "{end} and {peak} of {most}");
}

#[test]
fn two_million_messages_on_one_topic_take_little_more_memory_than_the_budget() {
    assert_frugal(1, 110);
}

#[test]
fn ten_thousand_topics_take_little_more_memory_than_the_budget() {
    assert_frugal(10_000, 120);
}
