//! Into the capture and out of it: append, evict, filter, scroll.

use std::hint::black_box;

use midge::capture::{Capture, Crossing};
use midge::protocol::{Direction, Outline, Qos, Version, outline};

use crate::packets;

/// Messages in the capture that is searched.
pub const QUERIED: u64 = 20_000;
/// Messages after which a capture that never evicts begins anew.
pub const FULL: usize = 65_536;
/// The smallest budget whose segments are as large as those of the usual one.
const SMALL_BUDGET: usize = 4 << 20;
const START_US: u64 = 1_795_379_100_000_000;

struct Ready {
    topic: String,
    bytes: Vec<u8>,
    outline: Outline,
}

fn ready(topics: usize, version: Version) -> Vec<Ready> {
    let one = |number| {
        let bytes = packets::publish(number, topics, Qos::AtMostOnce, version);
        let outline = outline(&bytes, version, Direction::Incoming).expect("a packet");
        let topic = packets::topic(number % topics);
        Ready {
            topic,
            bytes,
            outline,
        }
    };
    (0..topics.max(100)).map(one).collect()
}

fn capture(budget: usize) -> Capture {
    let mut capture = Capture::new(7);
    capture.set_budget(budget);
    capture.add_filter("#");
    capture
}

fn put(capture: &mut Capture, number: usize, ready: &[Ready], version: Version) {
    let Ready {
        topic,
        bytes,
        outline,
    } = &ready[number % ready.len()];
    let now = START_US + number as u64 * 20;
    capture.append(Crossing {
        time_us: now,
        direction: Direction::Incoming,
        version,
        topic: topic.as_bytes(),
        bytes,
        outline,
        repeat: false,
    });
}

fn appended(topics: usize, version: Version) -> Box<dyn FnMut()> {
    let ready = ready(topics, version);
    let mut capture = capture(1 << 30);
    let mut number = 0;
    Box::new(move || {
        put(&mut capture, number, &ready, version);
        number += 1;
        if number % FULL == 0 {
            capture.clear();
        }
    })
}

/// One message, on so many topics in turn.
pub fn append(topics: usize) -> Box<dyn FnMut()> {
    appended(topics, Version::V311)
}

/// One message of MQTT 5.
pub fn append_5() -> Box<dyn FnMut()> {
    appended(1, Version::V5)
}

/// One message into a capture that is full.
pub fn evict() -> Box<dyn FnMut()> {
    let ready = ready(1000, Version::V311);
    let mut capture = capture(SMALL_BUDGET);
    let mut number = 0;
    while capture.counts().dropped == 0 {
        put(&mut capture, number, &ready, Version::V311);
        number += 1;
    }
    Box::new(move || {
        put(&mut capture, number, &ready, Version::V311);
        number += 1;
    })
}

fn filled() -> Capture {
    let ready = ready(1000, Version::V311);
    let mut capture = capture(64 << 20);
    for number in 0..QUERIED as usize {
        put(&mut capture, number, &ready, Version::V311);
    }
    capture
}

/// The list filtered anew, over everything.
pub fn query(filter: &'static str) -> Box<dyn FnMut()> {
    let mut capture = filled();
    Box::new(move || {
        capture.set_list_filter("");
        capture.set_list_filter(filter);
        while capture.work(512 * 1024) {}
        black_box(capture.span());
    })
}

/// 40 positions somewhere in the list.
pub fn scroll() -> Box<dyn FnMut()> {
    let capture = filled();
    let mut position = 0;
    Box::new(move || {
        position = (position + 7919) % (QUERIED - 40);
        for row in position..position + 40 {
            black_box(capture.listed(row).map(|packet| packet.seq));
        }
    })
}
