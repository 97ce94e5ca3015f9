//! What was cleared, for a while: it can be brought back until the next time, or until the memory is wanted for what came
//! since. Packet numbers and positions go on meanwhile, so that what came since keeps them.

use std::mem;

use super::{
    Capture,
    connections::Connections,
    log::Log,
    packet::{NO_TOPIC, NewPacket, Packet},
    requests::Requests,
    strip::Strip,
    topics::Topics,
    tree::Tree,
};
use crate::protocol;

/// How long it can be brought back, in microseconds.
const PATIENCE_US: u64 = 30_000_000;

/// All that a capture holds of packets.
#[derive(Debug)]
pub(super) struct Cleared {
    log: Log,
    connections: Connections,
    topics: Topics,
    tree: Tree,
    requests: Requests,
    strip: Strip,
    /// What each filter had matched.
    matched: Vec<(String, u64)>,
    received: u64,
    sent: u64,
    dropped: u64,
    beyond_tree: u64,
    until_us: u64,
}

impl Cleared {
    /// Bytes of it.
    fn held(&self) -> usize {
        self.log.held()
            + self.topics.bytes()
            + self.topics.copied()
            + self.tree.bytes()
            + self.requests.bytes()
            + self.connections.bytes()
    }

    /// Gives up the oldest of it, until it takes at most so many bytes. False: it cannot.
    fn shrink(&mut self, bytes: usize) -> bool {
        while self.held() > bytes && self.log.can_evict() {
            let Some(segment) = self.log.evict() else {
                break;
            };
            self.dropped += segment.received;
            self.topics.save(&segment, bytes / 8);
            self.requests.evicted(self.log.oldest_seq());
            self.strip.evicted(self.log.oldest_us().unwrap_or(u64::MAX));
        }
        self.held() <= bytes
    }
}

impl Capture {
    /// Clears it like [`Capture::clear`], but what was there can be brought back for a while.
    pub fn clear_for_now(&mut self, now_us: u64) {
        let (received, sent) = (self.received.count(), self.sent.count());
        if received + sent == 0 && self.log.held() == 0 {
            // What was cleared before is still to be had.
            return self.clear();
        }
        let (dropped, beyond_tree) = (self.dropped, self.beyond_tree);
        let matched = self.filters.matched();
        let connections = self.connections.clone();
        let (log, topics, tree) = (
            self.log.set_aside(),
            self.topics.set_aside(),
            self.tree.set_aside(),
        );
        let requests = self.requests.set_aside();
        let strip = mem::take(&mut self.strip);
        self.clear();
        let cleared = Cleared {
            log,
            connections,
            topics,
            tree,
            requests,
            strip,
            matched,
            received,
            sent,
            dropped,
            beyond_tree,
            until_us: now_us.saturating_add(PATIENCE_US),
        };
        self.cleared_held = cleared.held();
        self.cleared = Some(Box::new(cleared));
        self.keep_budget();
    }

    /// How many messages were cleared and can be brought back.
    pub fn cleared(&self) -> u64 {
        self.cleared
            .as_ref()
            .map_or(0, |cleared| cleared.received + cleared.sent)
    }

    /// Until when they can, in microseconds since the Unix epoch.
    pub(super) fn cleared_until(&self) -> Option<u64> {
        self.cleared.as_ref().map(|cleared| cleared.until_us)
    }

    /// Nobody has brought them back in time.
    pub(super) fn forget_cleared(&mut self, now_us: u64) {
        if self.cleared_until().is_some_and(|until| until <= now_us) {
            self.give_up_cleared();
        }
    }

    fn give_up_cleared(&mut self) {
        self.cleared = None;
        self.cleared_held = 0;
        self.revision += 1;
    }

    /// Makes room for what came since.
    pub(super) fn shrink_cleared(&mut self) {
        let Some(mut cleared) = self.cleared.take() else {
            return;
        };
        let others = self.held() - mem::take(&mut self.cleared_held);
        if cleared.shrink(self.budget.saturating_sub(others)) {
            self.cleared_held = cleared.held();
            self.cleared = Some(cleared);
        }
        self.revision += 1;
    }

    /// Brings back what was cleared: it is there as if it had never been, with what came since. False: there is nothing to
    /// bring back.
    pub fn bring_back(&mut self) -> bool {
        let Some(cleared) = self.cleared.take() else {
            return false;
        };
        self.cleared_held = 0;
        let Cleared {
            log,
            connections,
            topics,
            tree,
            requests,
            strip,
            matched,
            received,
            sent,
            dropped,
            beyond_tree,
            ..
        } = *cleared;
        let newer = mem::replace(&mut self.log, log);
        self.connections.put_before(connections);
        self.topics.bring_back(topics);
        self.tree.bring_back(tree);
        self.requests = requests;
        self.strip = strip;
        self.requests.set_budget(self.budget / 16);
        self.beyond_tree = beyond_tree;
        let counts = (self.received, self.sent, self.filters.rates());
        // What was evicted of the newer ones leaves a gap in the numbers.
        self.log.go_on(newer.oldest_seq(), newer.positions().0);
        for packet in newer.packets_from(0) {
            self.append_again(&packet);
        }
        // They were counted when they came.
        let (newly_received, newly_sent, rates) = counts;
        self.received = newly_received.after(received);
        self.sent = newly_sent.after(sent);
        self.filters.put_rates(rates, &matched);
        self.dropped += dropped;
        self.list.start(&self.log, &self.filters);
        self.revision += 1;
        self.keep_budget();
        true
    }

    /// A packet that was in the log gets the same number again.
    fn append_again(&mut self, packet: &Packet<'_>) {
        let new = NewPacket {
            time_us: packet.time_us,
            direction: packet.direction,
            version: packet.version,
            name_behind: &[],
            repeat: packet.repeat,
            malformed: packet.malformed,
            flawed: packet.flawed,
            topic: NO_TOPIC,
            before: None,
        };
        let outline = if !packet.is_message() {
            None
        } else if packet.flawed {
            protocol::flawed_publish(packet.bytes, packet.version).map(|(outline, _)| outline)
        } else {
            protocol::outline(packet.bytes, packet.version, packet.direction).ok()
        };
        match outline {
            Some(outline) => {
                self.take_in(new, packet.topic_bytes(), packet.bytes, &outline);
            }
            None => {
                self.push(&new, packet.bytes, packet.packet_type);
            }
        }
    }
}
