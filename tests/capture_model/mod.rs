//! A plain model of the capture: everything in one vector, every question answered by looking at all of it.

use midge::capture::{Capture, Crossing};
use midge::protocol::{self, Direction, PublishParts, Version};

use super::wire::{append, encoded, publish};

/// One thing that is done to the capture and to the model.
#[derive(Clone, Debug)]
pub enum Step {
    Message {
        topic: String,
        incoming: bool,
        payload: Vec<u8>,
        repeat: bool,
        /// A topic alias stands for the topic.
        aliased: bool,
    },
    Control,
    Budget(usize),
    Clear,
    Subscribe(String),
    Unsubscribe(String),
    Mute(String, bool),
    Filter(String),
    Work(usize),
}

struct Kept {
    seq: u64,
    bytes: Vec<u8>,
    topic: String,
    payload: Vec<u8>,
    incoming: bool,
    message: bool,
}

pub struct Model {
    pub capture: Capture,
    packets: Vec<Kept>,
    filters: Vec<(String, bool, u64)>,
    filter: String,
    received: u64,
    sent: u64,
    /// Messages received since the last clearing, without repeats.
    topics: Vec<String>,
}

impl Model {
    pub fn new(budget: usize) -> Self {
        let mut capture = Capture::new(42);
        capture.set_budget(budget);
        Self {
            capture,
            packets: Vec::new(),
            filters: Vec::new(),
            filter: String::new(),
            received: 0,
            sent: 0,
            topics: Vec::new(),
        }
    }

    pub fn apply(&mut self, step: Step) {
        match step {
            Step::Message {
                topic,
                incoming,
                payload,
                repeat,
                aliased,
            } => {
                let direction = if incoming {
                    Direction::Incoming
                } else {
                    Direction::Outgoing
                };
                let repeat = repeat && incoming;
                let (bytes, seq) = if aliased {
                    append_aliased(&mut self.capture, direction, &topic, &payload, repeat)
                } else {
                    let bytes = publish(&topic, &payload);
                    let seq = append(&mut self.capture, 1, direction, &bytes, repeat);
                    (bytes, seq)
                };
                if incoming {
                    self.received += 1;
                } else {
                    self.sent += 1;
                }
                if incoming && !repeat {
                    for filter in &mut self.filters {
                        filter.2 += u64::from(protocol::matches(&filter.0, &topic));
                    }
                    self.topics.push(topic.clone());
                }
                self.packets.push(Kept {
                    seq,
                    bytes,
                    topic,
                    payload,
                    incoming,
                    message: true,
                });
            }
            Step::Control => {
                let bytes = vec![0xc0, 0];
                let seq = append(&mut self.capture, 1, Direction::Outgoing, &bytes, false);
                let nothing = (String::new(), Vec::new());
                self.packets.push(Kept {
                    seq,
                    bytes,
                    topic: nothing.0,
                    payload: nothing.1,
                    incoming: false,
                    message: false,
                });
            }
            Step::Budget(bytes) => self.capture.set_budget(bytes),
            Step::Clear => {
                self.capture.clear();
                self.packets.clear();
                self.topics.clear();
                (self.received, self.sent) = (0, 0);
                self.filters.iter_mut().for_each(|filter| filter.2 = 0);
            }
            Step::Subscribe(filter) => {
                self.capture.add_filter(&filter);
                if self.filters.iter().all(|(known, ..)| *known != filter) {
                    self.filters.push((filter, false, 0));
                }
            }
            Step::Unsubscribe(filter) => {
                self.capture.remove_filter(&filter);
                self.filters.retain(|(known, ..)| *known != filter);
            }
            Step::Mute(filter, muted) => {
                self.capture.mute(&filter, muted);
                self.filters
                    .iter_mut()
                    .filter(|(known, ..)| *known == filter)
                    .for_each(|known| known.1 = muted);
            }
            Step::Filter(filter) => {
                self.capture.set_list_filter(&filter);
                self.filter = filter;
            }
            Step::Work(most) => {
                self.capture.work(most);
            }
        }
        // What was evicted is for the capture to decide; the model only follows.
        let oldest = self
            .capture
            .packets()
            .next()
            .map_or(u64::MAX, |packet| packet.seq);
        self.packets.retain(|packet| packet.seq >= oldest);
    }

    pub fn check_counts(&self) {
        let counts = self.capture.counts();
        assert_eq!(counts.received, self.received);
        assert_eq!(counts.sent, self.sent);
        assert_eq!(counts.received, counts.kept + counts.dropped);
        let kept = self
            .packets
            .iter()
            .filter(|packet| packet.message && packet.incoming)
            .count();
        assert_eq!(counts.kept, kept as u64);
    }

    pub fn check_everything(&mut self) {
        let kept: Vec<_> = self
            .capture
            .packets()
            .map(|packet| (packet.seq, packet.bytes_with_secrets().to_vec()))
            .collect();
        let wanted: Vec<_> = self
            .packets
            .iter()
            .map(|packet| (packet.seq, packet.bytes.clone()))
            .collect();
        assert_eq!(kept, wanted);
        for packet in &self.packets {
            let found = self.capture.packet(packet.seq).unwrap();
            assert_eq!(
                (found.topic(), found.payload()),
                (packet.topic.as_str(), &packet.payload[..])
            );
        }
        let mut turns = 0;
        while self.capture.work(500) {
            turns += 1;
            assert!(turns < 100_000);
        }
        let span = self.capture.span();
        assert!(span.complete);
        let listed: Vec<_> = (span.oldest..span.end)
            .map(|at| self.capture.listed(at).map(|packet| packet.seq))
            .collect();
        let shown: Vec<_> = self
            .packets
            .iter()
            .filter(|packet| self.shows(packet))
            .map(|packet| Some(packet.seq))
            .collect();
        assert_eq!(listed, shown);
        assert!(self.capture.listed(span.end).is_none());
        for (filter, _, count) in &self.filters {
            assert_eq!(self.capture.filter_count(filter).0, *count, "{filter}");
        }
        self.check_tree();
    }

    fn shows(&self, packet: &Kept) -> bool {
        if !packet.message {
            return false;
        }
        let matching: Vec<_> = self
            .filters
            .iter()
            .filter(|(filter, ..)| protocol::matches(filter, &packet.topic))
            .collect();
        let hidden =
            packet.incoming && !matching.is_empty() && matching.iter().all(|(_, muted, _)| *muted);
        let wanted = if self.filter.contains(['+', '#']) {
            protocol::matches(&self.filter, &packet.topic)
        } else {
            let needle = self.filter.to_lowercase();
            packet.topic.to_lowercase().contains(&needle)
                || String::from_utf8_lossy(&packet.payload)
                    .to_lowercase()
                    .contains(&needle)
        };
        wanted && !hidden
    }

    fn check_tree(&mut self) {
        let total = self.capture.tree_size().1;
        for row in 0..total {
            let node = self.capture.tree_rows(row, 1).first().map(|row| row.node);
            assert!(node.is_some());
        }
        let rows = self.capture.tree_rows(0, usize::MAX);
        assert_eq!(rows.len(), total as usize);
        let mut path: Vec<&str> = Vec::new();
        let mut counted = 0;
        for row in &rows {
            path.truncate(usize::from(row.depth));
            path.push(row.name);
            let name = path.join("/");
            let below = format!("{name}/");
            let count = self
                .topics
                .iter()
                .filter(|topic| **topic == name || topic.starts_with(&below))
                .count() as u64;
            // Small budgets leave no room for topics; what is in the tree is never more than what came.
            assert!(row.count <= count, "{name}");
            if row.depth == 0 {
                counted += row.count;
            }
        }
        assert_eq!(
            counted + self.capture.counts().beyond_tree,
            self.topics.len() as u64
        );
    }
}

/// Appends a message of MQTT 5 whose topic an alias stands for.
fn append_aliased(
    capture: &mut Capture,
    direction: Direction,
    topic: &str,
    payload: &[u8],
    repeat: bool,
) -> (Vec<u8>, u64) {
    let parts = PublishParts {
        payload,
        topic_alias: Some(1),
        ..PublishParts::default()
    };
    let bytes = encoded(&parts, Version::V5);
    let outline = protocol::outline(&bytes, Version::V5, direction).unwrap();
    let seq = capture.append(Crossing {
        time_us: 1,
        direction,
        version: Version::V5,
        topic: topic.as_bytes(),
        bytes: &bytes,
        outline: &outline,
        repeat,
    });
    (bytes, seq)
}
