//! The pieces of work that are timed and counted.

use std::hint::black_box;

use midge::capture::Capture;
use midge::link;
use midge::protocol::{Direction, Framer, Version, outline};

use crate::connected::Connected;
use crate::packets::{publishes, topics};

/// A piece of work.
pub struct Work {
    /// What it is called.
    pub name: &'static str,
    /// What it does.
    pub what: &'static str,
    /// Prepares it. What is returned does the work once for every message of a number, which may be rounded up to whole
    /// frames, and returns how many it was done for.
    pub prepare: fn() -> Box<dyn FnMut(u64) -> u64>,
}

/// All of them.
pub const WORK: [Work; 12] = [
    Work {
        name: "framing-1",
        what: "cut a WebSocket frame that holds one packet",
        prepare: || framing(1),
    },
    Work {
        name: "framing-50",
        what: "cut a WebSocket frame that holds 50 packets",
        prepare: || framing(50),
    },
    Work {
        name: "decode-311",
        what: "validate a PUBLISH of MQTT 3.1.1 and find its parts",
        prepare: || decode(Version::V311),
    },
    Work {
        name: "decode-5",
        what: "the same of MQTT 5, without properties",
        prepare: || decode(Version::V5),
    },
    Work {
        name: "append-1",
        what: "append a message of one topic to the capture",
        prepare: || append(1, usize::MAX),
    },
    Work {
        name: "append-1000",
        what: "the same with 1,000 topics in turn",
        prepare: || append(1000, usize::MAX),
    },
    Work {
        name: "append-evict",
        what: "the same over a budget of 1 MiB, so that old segments go",
        prepare: || append(1000, 1 << 20),
    },
    Work {
        name: "query-text",
        what: "look for a text in one captured message",
        prepare: || query("needle"),
    },
    Work {
        name: "query-filter",
        what: "hold one captured message against a topic filter",
        prepare: || query("bench/+/7"),
    },
    Work {
        name: "turn-1",
        what: "the engine's whole turn for a frame with one packet",
        prepare: || turn(1),
    },
    Work {
        name: "turn-50",
        what: "one message of the engine's turn for a frame with 50 packets",
        prepare: || turn(50),
    },
    Work {
        name: "frame",
        what: "make and encode what the page draws: 40 rows, 25 levels",
        prepare: frame,
    },
];

fn framing(in_a_frame: usize) -> Box<dyn FnMut(u64) -> u64> {
    let joined = publishes(&topics(in_a_frame), Version::V311, None).concat();
    let mut framer = Framer::new(1 << 20, Version::V311);
    Box::new(move |messages| {
        let mut done = 0;
        while done < messages {
            framer.push(&joined);
            while let Some(packet) = framer.next() {
                let _ = black_box(packet);
                done += 1;
            }
        }
        done
    })
}

fn decode(version: Version) -> Box<dyn FnMut(u64) -> u64> {
    let packets = publishes(&topics(50), version, None);
    Box::new(move |messages| {
        for packet in packets.iter().cycle().take(messages as usize) {
            let _ = black_box(outline(black_box(packet), version, Direction::Incoming));
        }
        messages
    })
}

/// A capture, and how a message comes into it.
fn appending(topic_count: usize, budget: usize) -> (Capture, impl FnMut(&mut Capture, u64)) {
    let mut capture = Capture::new(7);
    capture.set_budget(budget.min(64 << 20));
    capture.add_filter("#");
    let topics = topics(topic_count);
    let version = Version::V311;
    let packets: Vec<_> = topics
        .iter()
        .zip(publishes(&topics, version, None))
        .filter_map(|(topic, packet)| {
            let outline = outline(&packet, version, Direction::Incoming).ok()?;
            Some((topic.clone(), packet, outline))
        })
        .collect();
    let mut at = 0;
    let append = move |capture: &mut Capture, now| {
        let Some((topic, packet, outline)) = packets.get(at) else {
            return;
        };
        at = if at + 1 == packets.len() { 0 } else { at + 1 };
        capture.append(
            now,
            Direction::Incoming,
            topic,
            packet,
            outline,
            false,
            version,
        );
    };
    (capture, append)
}

fn append(topic_count: usize, budget: usize) -> Box<dyn FnMut(u64) -> u64> {
    let (mut capture, mut append) = appending(topic_count, budget);
    let mut now = 0;
    Box::new(move |messages| {
        for _ in 0..messages {
            now += 10;
            append(&mut capture, now);
        }
        messages
    })
}

fn query(text: &'static str) -> Box<dyn FnMut(u64) -> u64> {
    const HELD: u64 = 10_000;
    let (mut capture, mut append) = appending(1000, usize::MAX);
    (0..HELD).for_each(|now| append(&mut capture, now));
    Box::new(move |messages| {
        let mut done = 0;
        while done < messages {
            // Another filter each time, or nothing would have to be done.
            capture.set_list_filter("");
            capture.set_list_filter(text);
            while capture.work(1 << 20) {}
            black_box(capture.span());
            done += HELD;
        }
        done
    })
}

fn turn(in_a_frame: usize) -> Box<dyn FnMut(u64) -> u64> {
    let frames: Vec<Vec<u8>> = publishes(&topics(1000), Version::V311, None)
        .chunks(in_a_frame)
        .map(<[Vec<u8>]>::concat)
        .collect();
    let mut connected = Connected::with(link::Version::V311);
    let mut frames = frames.into_iter().cycle();
    Box::new(move |messages| {
        let count = messages.div_ceil(in_a_frame as u64);
        for frame in frames.by_ref().take(count as usize) {
            connected.receive(&frame);
        }
        count * in_a_frame as u64
    })
}

fn frame() -> Box<dyn FnMut(u64) -> u64> {
    let frame = publishes(&topics(1000), Version::V311, None).concat();
    let mut connected = Connected::with(link::Version::V311);
    let next = publishes(&topics(1), Version::V311, None).concat();
    connected.receive(&frame);
    Box::new(move |frames| {
        for _ in 0..frames {
            connected.receive(&next);
            let frame = connected.ask();
            black_box(frame.map(|frame| link::encode(&frame)));
        }
        frames
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A connection that was refused would make every turn cheap.
    #[test]
    fn what_is_fed_is_received() {
        for version in [link::Version::V311, link::Version::V5] {
            let mut connected = Connected::with(version);
            let protocol = match version {
                link::Version::V5 => Version::V5,
                _ => Version::V311,
            };
            for packet in publishes(&topics(120), protocol, None) {
                connected.receive(&packet);
            }
            assert_eq!(connected.received(), 120);
            assert!(connected.ask().is_none(), "nothing is new");
        }
    }

    #[test]
    fn every_work_does_what_it_is_asked_for() {
        for work in &WORK {
            let mut work_on = (work.prepare)();
            let done = work_on(100);
            assert!(done >= 100, "{}: {done}", work.name);
        }
    }
}
