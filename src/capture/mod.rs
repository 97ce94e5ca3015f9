//! Everything that crossed the wire: every control packet, both ways, kept once as its raw bytes, with the connection that
//! it crossed, and the views of it (list, topic tree, counts, deliveries, requests and responses). May know `protocol` and
//! `reading` only: no session, no clock, no page.
//!
//! It stays within a budget of bytes by evicting its oldest segment as a whole. PUBLISH packets that were received are
//! either kept or dropped: `received = kept + dropped`, always.

mod append;
mod cleared;
mod connections;
mod delivery;
mod filters;
mod history;
mod log;
mod masking;
mod packet;
mod query;
mod rate;
mod requests;
mod selection;
mod siblings;
mod strip;
mod terms;
mod topics;
mod tree;
mod views;
mod watching;

pub use self::{
    append::Crossing,
    connections::{Closing, Connection, Opening},
    delivery::Trace,
    packet::Packet,
    query::Span,
    requests::Pair,
    selection::Selection,
    strip::{FILTER_LANES, LANES, NO_FILTER, SENT, SLOTS, Slots, Tally},
    tree::Branch,
    watching::{Found, Goal, Watching},
};

use self::{
    connections::Connections, filters::Filters, query::Query, rate::Rate, requests::Requests,
    strip::Strip, topics::Topics, tree::Tree,
};
use crate::reading::LocalTime;

/// Bytes the capture may hold unless it is told otherwise.
pub const DEFAULT_BUDGET: usize = 64 * 1024 * 1024;

const SECOND_US: u64 = 1_000_000;

/// Whole numbers of PUBLISH packets, and bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    /// PUBLISH packets that came.
    pub received: u64,
    /// Those of them that are still there.
    pub kept: u64,
    /// Those of them that were evicted.
    pub dropped: u64,
    /// PUBLISH packets that were sent.
    pub sent: u64,
    /// Received in the last second.
    pub received_rate: f32,
    /// Sent in the last second.
    pub sent_rate: f32,
    /// Messages received whose topic found no room in the tree; they are in the list like any other.
    pub beyond_tree: u64,
    /// Bytes held: packets, records, topics, requests, and the latest messages that were saved from eviction.
    pub held_bytes: u64,
    /// Bytes that may be held.
    pub budget_bytes: u64,
}

/// The capture.
#[derive(Debug)]
pub struct Capture {
    log: log::Log,
    connections: Connections,
    topics: Topics,
    tree: Tree,
    filters: Filters,
    list: Query,
    requests: Requests,
    strip: Strip,
    local: LocalTime,
    budget: usize,
    received: Rate,
    sent: Rate,
    dropped: u64,
    beyond_tree: u64,
    window_start: Option<u64>,
    /// When [`Capture::measure`] was called last.
    measured_us: u64,
    revision: u64,
    /// What can be brought back.
    cleared: Option<Box<cleared::Cleared>>,
    /// Bytes of it.
    cleared_held: usize,
}

impl Capture {
    /// An empty capture. `seed` guards the table of topics against names that were chosen to collide.
    pub fn new(seed: u64) -> Self {
        Self {
            log: log::Log::default(),
            connections: Connections::new(DEFAULT_BUDGET / 16),
            topics: Topics::new(seed),
            tree: Tree::new(),
            filters: Filters::default(),
            list: Query::default(),
            requests: Requests::new(seed, DEFAULT_BUDGET / 16),
            strip: Strip::default(),
            local: LocalTime::default(),
            budget: DEFAULT_BUDGET,
            received: Rate::default(),
            sent: Rate::default(),
            dropped: 0,
            beyond_tree: 0,
            window_start: None,
            measured_us: 0,
            revision: 0,
            cleared: None,
            cleared_held: 0,
        }
    }

    /// A number that is another one whenever something in the capture has changed.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The number that the next packet gets.
    pub fn next_seq(&self) -> u64 {
        self.log.next_seq()
    }

    /// All counts.
    pub fn counts(&self) -> Counts {
        Counts {
            received: self.received.count(),
            kept: self.log.kept(),
            dropped: self.dropped,
            sent: self.sent.count(),
            received_rate: self.received.rate(),
            sent_rate: self.sent.rate(),
            beyond_tree: self.beyond_tree,
            held_bytes: self.held() as u64,
            budget_bytes: self.budget as u64,
        }
    }

    /// Bytes that may be held from now on: a sixteenth of it at least is the segment that is being filled.
    pub fn set_budget(&mut self, bytes: usize) {
        self.budget = bytes;
        self.revision += 1;
        self.requests.set_budget(bytes / 16);
        self.connections.set_budget(bytes / 16);
        self.keep_budget();
    }

    /// Throws everything away and counts from zero. Filters stay. Packet numbers and positions are not used again.
    pub fn clear(&mut self) {
        self.log.clear();
        self.connections.clear(self.log.next_seq());
        self.topics.clear();
        self.tree.clear();
        self.list.clear(&self.log);
        self.filters.clear_counts();
        self.requests.clear();
        self.strip = Strip::default();
        self.received = Rate::default();
        self.sent = Rate::default();
        self.dropped = 0;
        self.beyond_tree = 0;
        self.window_start = None;
        self.revision += 1;
    }

    /// When [`Capture::measure`] is due, in microseconds since the Unix epoch; `None` while all rates are zero, nothing in
    /// the list grows too old, and nothing that was cleared can be brought back.
    pub fn measure_at(&self) -> Option<u64> {
        let start = self
            .window_start
            .or_else(|| self.list.ages().then_some(self.measured_us));
        let due = start.map(|start| start.saturating_add(SECOND_US));
        [due, self.cleared_until()].into_iter().flatten().min()
    }

    /// Computes the rates again once a second has passed, and takes what has become too old for `since:` out of the list.
    pub fn measure(&mut self, now_us: u64) {
        self.measured_us = now_us;
        self.forget_cleared(now_us);
        if self.list.age(now_us, &self.log) {
            self.revision += 1;
        }
        let Some(start) = self.window_start else {
            return;
        };
        let elapsed = now_us.saturating_sub(start);
        if elapsed < SECOND_US {
            return;
        }
        let changed = self.received.close_window(elapsed)
            | self.sent.close_window(elapsed)
            | self.filters.close_window(elapsed);
        if changed {
            self.revision += 1;
        }
        let moving = self.received.is_moving() || self.sent.is_moving() || self.filters.is_moving();
        self.window_start = moving.then_some(now_us);
    }

    // -- Packets --

    /// The packet with this number, if it is still there.
    pub fn packet(&self, seq: u64) -> Option<Packet<'_>> {
        self.log.packet(seq)
    }

    /// All packets that are there, oldest first.
    pub fn packets(&self) -> impl Iterator<Item = Packet<'_>> {
        self.log.packets_from(0)
    }

    /// The packets of the same QoS 1 or 2 delivery, oldest first.
    pub fn delivery(&self, packet: &Packet<'_>) -> Vec<Packet<'_>> {
        self.follow(&mut self.trace(packet))
            .into_iter()
            .filter_map(|seq| self.log.packet(seq))
            .collect()
    }

    /// Begins a search for the packets of the same QoS 1 or 2 delivery.
    pub fn trace(&self, packet: &Packet<'_>) -> Trace {
        Trace::new(&self.log, &self.connections, packet)
    }

    /// Continues the search, and gives the numbers of the packets that are found and still there, oldest first.
    pub fn follow(&self, trace: &mut Trace) -> Vec<u64> {
        trace.follow(&self.log, &self.connections)
    }

    /// Whether this message is a request, or the response to one (MQTT 5 section 4.10).
    pub fn pair(&self, packet: &Packet<'_>) -> Option<Pair> {
        self.requests.pair(packet, &self.log)
    }

    /// The latest message received on the topic of a node. It survives eviction.
    pub fn latest(&self, node: u32) -> Option<Packet<'_>> {
        self.topics.latest(self.tree.topic(node)?, &self.log)
    }

    /// The latest message on the topic of this name.
    pub fn latest_named(&self, topic: &str) -> Option<Packet<'_>> {
        self.topics
            .latest(self.topics.known(topic.as_bytes())?, &self.log)
    }

    /// The latest message with the retain flag received on the topic of a node. It survives eviction.
    pub fn latest_retained(&self, node: u32) -> Option<Packet<'_>> {
        self.topics.retained(self.tree.topic(node)?, &self.log)
    }

    /// The node of this packet's topic.
    pub fn node(&self, packet: &Packet<'_>) -> Option<u32> {
        self.topics
            .get(packet.topic_id()?)?
            .node
            .map(|node| self.tree.number(node))
    }

    // -- Connections --

    /// What is appended from now on crosses a new connection.
    pub fn begin_connection(&mut self, opening: Opening<'_>) {
        self.connections.begin(opening, self.log.next_seq());
        self.revision += 1;
        self.keep_budget();
    }

    /// The socket of the present connection opened, and the server chose this subprotocol. Another socket is none of it.
    pub fn connection_opened(&mut self, socket: u32, time_us: u64, subprotocol: &str) {
        self.connections.change(socket, |connection| {
            connection.opened_us = Some(time_us);
            connection.subprotocol = subprotocol.into();
        });
        self.revision += 1;
    }

    /// The socket of the present connection closed. What is said of its end first holds.
    pub fn connection_closed(&mut self, socket: u32, closing: Closing) {
        self.connections.change(socket, |connection| {
            connection.closed.get_or_insert(closing);
        });
        self.revision += 1;
    }

    /// The broker accepted the present connection and has kept no session of those before it: packet identifiers mean
    /// something else from here on.
    pub fn begin_session(&mut self) {
        self.connections.begin_session();
    }

    /// Connections that begin from now on belong to another session, whatever the broker says.
    pub fn leave_session(&mut self) {
        self.connections.leave_session();
    }

    /// The connection that this packet crossed. `None`: it is not known any more, as may be for a message that survived
    /// eviction.
    pub fn connection(&self, packet: &Packet<'_>) -> Option<&Connection> {
        self.connections.of(packet.seq)
    }

    /// All connections that are known, oldest first.
    pub fn connections(&self) -> impl Iterator<Item = &Connection> {
        self.connections.all()
    }
}
