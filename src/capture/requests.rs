//! Requests and their responses (MQTT 5 section 4.10). A message with a response topic is a request; a later message on
//! that topic with the same correlation data (none is the same as none), from the same broker, is its response. Knows no
//! log beyond looking up whether a number is still there, and of connections only whether two lead to the same broker.
//!
//! Where several requests wait for the same topic and data, one that went the other way comes before one that went the
//! same way as the response, and the oldest without a response before others: messages of one topic stay in order. Names
//! and data come from the broker, so the index is bounded in bytes; the oldest go.

use std::{collections::VecDeque, hash::BuildHasher};

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::{connections::Connections, log::Log, packet::Packet};
use crate::protocol::{self, Outline};

/// Property identifiers (MQTT 5 section 2.2.2.2): where neither byte occurs in the properties, there is neither property.
const RESPONSE_TOPIC: u8 = 0x08;
const CORRELATION_DATA: u8 = 0x09;

/// Requests that are looked at for one response.
const MOST_ALIKE: usize = 64;
/// Bytes of the tables for one request, about.
const TABLE_COST: usize = 64;

/// What a message is in an exchange of request and response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pair {
    /// A request; the first response to it that was seen and is still there.
    Request {
        /// Its number.
        response: Option<u64>,
    },
    /// A response.
    Response {
        /// The request's number.
        request: u64,
        /// Microseconds from the request.
        after_us: u64,
    },
}

#[derive(Debug)]
struct Request {
    seq: u64,
    outgoing: bool,
    topic: Box<str>,
    correlation: Option<Box<[u8]>>,
    response: Option<u64>,
}

impl Request {
    fn cost(&self) -> usize {
        let correlation = self.correlation.as_ref().map_or(0, |data| data.len());
        size_of::<Self>() + TABLE_COST + self.topic.len() + correlation
    }
}

/// All requests and responses that are known.
#[derive(Debug)]
pub(super) struct Requests {
    hasher: FixedState,
    /// Ascending by number.
    requests: VecDeque<Request>,
    /// Number of the response, number of its request; ascending.
    responses: VecDeque<(u64, u64)>,
    /// Numbers of the requests that wait for a topic, by its hash, ascending.
    by_topic: HashMap<u64, Vec<u64>, FixedState>,
    bytes: usize,
    budget: usize,
}

impl Requests {
    /// It takes at most `budget` bytes.
    pub fn new(seed: u64, budget: usize) -> Self {
        Self {
            hasher: FixedState::with_seed(seed),
            requests: VecDeque::new(),
            responses: VecDeque::new(),
            by_topic: HashMap::with_hasher(FixedState::with_seed(seed)),
            bytes: 0,
            budget,
        }
    }

    /// Bytes that the index takes.
    pub fn bytes(&self) -> usize {
        self.bytes + self.responses.len() * size_of::<(u64, u64)>()
    }

    /// Takes everything out.
    pub fn set_aside(&mut self) -> Self {
        let mut next = Self::new(0, self.budget);
        next.hasher = self.hasher.clone();
        next.by_topic = HashMap::with_hasher(self.hasher.clone());
        std::mem::replace(self, next)
    }

    pub fn clear(&mut self) {
        self.requests.clear();
        self.responses.clear();
        self.by_topic.clear();
        self.bytes = 0;
    }

    /// The index takes at most this many bytes from now on.
    pub fn set_budget(&mut self, budget: usize) {
        self.budget = budget;
        self.shrink();
    }

    /// A message of MQTT 5 crosses the wire.
    pub fn note(
        &mut self,
        seq: u64,
        outgoing: bool,
        topic: &[u8],
        bytes: &[u8],
        outline: &Outline,
        connections: &Connections,
    ) {
        let (start, end) = outline.properties;
        let properties = bytes.get(start as usize..end as usize).unwrap_or_default();
        let is_request = memchr::memchr(RESPONSE_TOPIC, properties).is_some();
        // Most messages are neither: nothing is allocated for them, and while nobody waits nothing is looked up.
        if !is_request && self.by_topic.is_empty() {
            return;
        }
        let hash = self.hasher.hash_one(topic);
        let awaited = self.by_topic.contains_key(&hash);
        if !is_request && !awaited {
            return;
        }
        let properties = if is_request || memchr::memchr(CORRELATION_DATA, properties).is_some() {
            protocol::publish_properties(bytes, outline)
        } else {
            protocol::PublishProperties::default()
        };
        let correlation = properties.correlation_data.map(Vec::into_boxed_slice);
        if awaited {
            let answers = |asked| connections.same_broker(asked, seq);
            self.add_response(seq, outgoing, hash, topic, correlation.as_deref(), answers);
        }
        if let Some(response_topic) = properties.response_topic {
            self.add(Request {
                seq,
                outgoing,
                topic: response_topic.into(),
                correlation,
                response: None,
            });
        }
        self.shrink();
    }

    fn add(&mut self, request: Request) {
        self.bytes += request.cost();
        let candidates = self
            .by_topic
            .entry(self.hasher.hash_one(request.topic.as_bytes()))
            .or_default();
        if candidates.len() >= MOST_ALIKE {
            candidates.remove(0);
        }
        candidates.push(request.seq);
        self.requests.push_back(request);
    }

    fn add_response(
        &mut self,
        seq: u64,
        outgoing: bool,
        hash: u64,
        topic: &[u8],
        correlation: Option<&[u8]>,
        may_answer: impl Fn(u64) -> bool,
    ) {
        let Self {
            requests, by_topic, ..
        } = self;
        let candidates = by_topic.get(&hash).map_or(&[][..], Vec::as_slice);
        // Among equals: of those without a response the oldest, of the others the newest.
        let best = candidates
            .iter()
            .filter_map(|asked| {
                let index = find(requests, *asked)?;
                let request = requests.get(index)?;
                let same = request.topic.as_bytes() == topic
                    && request.correlation.as_deref() == correlation;
                (same && may_answer(*asked)).then_some((index, request))
            })
            .min_by_key(|(_, request)| {
                let answered = request.response.is_some();
                let age = if answered {
                    u64::MAX - request.seq
                } else {
                    request.seq
                };
                (answered, request.outgoing == outgoing, age)
            })
            .map(|(index, _)| index);
        if let Some(request) = best.and_then(|index| requests.get_mut(index)) {
            request.response.get_or_insert(seq);
            let request = request.seq;
            self.responses.push_back((seq, request));
        }
    }

    /// Forgets the oldest until the index is within its budget.
    fn shrink(&mut self) {
        while self.bytes() > self.budget {
            let oldest = [
                self.requests.front().map(|request| request.seq),
                self.responses.front().map(|(seq, _)| *seq),
            ];
            let Some(oldest) = oldest.into_iter().flatten().min() else {
                break;
            };
            self.evicted(oldest + 1);
        }
    }

    /// Packets before this one are gone.
    pub fn evicted(&mut self, oldest_seq: u64) {
        while let Some(request) = self.requests.pop_front_if(|first| first.seq < oldest_seq) {
            self.bytes -= request.cost();
            let hash = self.hasher.hash_one(request.topic.as_bytes());
            if let Some(candidates) = self.by_topic.get_mut(&hash) {
                candidates.retain(|seq| *seq != request.seq);
                if candidates.is_empty() {
                    self.by_topic.remove(&hash);
                }
            }
        }
        while self
            .responses
            .pop_front_if(|(seq, _)| *seq < oldest_seq)
            .is_some()
        {}
    }

    /// Whether this packet is a request or a response. What is no longer in the log is not named.
    pub fn pair(&self, packet: &Packet<'_>, log: &Log) -> Option<Pair> {
        if !packet.is_message() {
            return None;
        }
        let response = self
            .responses
            .binary_search_by_key(&packet.seq, |(seq, _)| *seq)
            .ok();
        if let Some((_, request)) = response.and_then(|index| self.responses.get(index))
            && let Some(asked) = log.packet(*request)
        {
            return Some(Pair::Response {
                request: *request,
                after_us: packet.time_us.saturating_sub(asked.time_us),
            });
        }
        let request = self.requests.get(find(&self.requests, packet.seq)?)?;
        Some(Pair::Request {
            response: request.response.filter(|seq| log.packet(*seq).is_some()),
        })
    }
}

fn find(requests: &VecDeque<Request>, seq: u64) -> Option<usize> {
    requests
        .binary_search_by_key(&seq, |request| request.seq)
        .ok()
}
