//! The list of messages, or of all packets: which of them a filter shows, and at which position. Works in parts, so that a
//! changed filter over millions of packets never blocks. Knows no rows and no colours.
//!
//! For messages without a filter, and with nothing muted, there is no index: positions are the log's own.

use std::collections::VecDeque;

use super::{filters::Filters, log::Log, packet::Packet, terms::Terms, topics::Topics};
use crate::{
    protocol::Direction,
    reading::{self, LocalTime},
};

/// Looking at one packet costs as much as reading so many bytes.
const PACKET_COST: usize = 32;

/// Which positions of the list are there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The oldest.
    pub oldest: u64,
    /// After the newest; equal to `oldest` if there is none.
    pub end: u64,
    /// Everything captured was looked at.
    pub complete: bool,
    /// A number that is another one whenever positions were counted anew: another filter, or something was muted.
    pub numbering: u32,
}

/// The matches so far, as distances from a base: half as large as packet numbers.
#[derive(Debug, Default)]
struct Index {
    base: u64,
    found: VecDeque<u32>,
    oldest: u64,
    next_seq: u64,
}

/// The list.
#[derive(Debug, Default)]
pub(super) struct Query {
    text: String,
    terms: Terms,
    /// Show every packet, not messages alone.
    packets: bool,
    /// `None` while the list shows everything.
    index: Option<Index>,
    numbering: u32,
    filters_version: u32,
}

impl Query {
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Shows what `text` asks for. True if that is another filter than before.
    pub fn set(&mut self, text: &str, local: LocalTime, log: &Log, filters: &Filters) -> bool {
        if self.text == text {
            return false;
        }
        self.text = text.to_owned();
        // The page asks for nothing that cannot be read; whoever does sees nothing rather than everything.
        self.terms = reading::read_query(text)
            .map_or_else(|_| Terms::nothing(), |query| Terms::new(query, local));
        self.start(log, filters);
        true
    }

    pub fn shows_packets(&self) -> bool {
        self.packets
    }

    /// Shows every packet, or messages alone. True if that is a change.
    pub fn show_packets(&mut self, packets: bool, log: &Log, filters: &Filters) -> bool {
        if self.packets == packets {
            return false;
        }
        self.packets = packets;
        self.start(log, filters);
        true
    }

    /// Packets of every kind: switched on, or asked for by their type.
    fn lists_packets(&self) -> bool {
        self.packets || self.terms.want_packets()
    }

    /// Matches that have become too old for `since:` are gone. True if that changed the list.
    pub fn age(&mut self, now_us: u64, log: &Log) -> bool {
        let (Some(since), Some(index)) = (self.terms.since(now_us), &mut self.index) else {
            return false;
        };
        let before = index.oldest;
        while let Some(distance) = index.found.front() {
            let packet = log.packet(index.base + u64::from(*distance));
            if packet.is_some_and(|packet| packet.time_us >= since) {
                break;
            }
            index.found.pop_front();
            index.oldest += 1;
        }
        index.oldest != before
    }

    /// The list changes by time alone.
    pub fn ages(&self) -> bool {
        let found = self.index.as_ref();
        self.terms.since(0).is_some() && found.is_some_and(|index| !index.found.is_empty())
    }

    /// Reads the log from its beginning again; topics have other numbers.
    pub fn start(&mut self, log: &Log, filters: &Filters) {
        self.numbering = self.numbering.wrapping_add(1);
        self.filters_version = filters.version();
        let oldest = log.oldest_seq();
        let index = Index {
            base: oldest,
            next_seq: oldest,
            ..Index::default()
        };
        let indexed = self.lists_packets() || !self.terms.is_empty() || filters.any_muted();
        self.terms.forget_topics();
        self.index = indexed.then_some(index);
    }

    /// Filters came, went or were muted or shown again. True if that changed the list.
    pub fn filters_changed(&mut self, was_muted: bool, log: &Log, filters: &Filters) -> bool {
        if self.filters_version == filters.version() {
            return false;
        }
        self.filters_version = filters.version();
        let affected = was_muted || filters.any_muted();
        if affected {
            self.start(log, filters);
        }
        affected
    }

    /// Everything was thrown away; topics get other numbers from now on.
    pub fn clear(&mut self, log: &Log) {
        self.terms.forget_topics();
        if let Some(index) = &mut self.index {
            index.oldest += index.found.len() as u64;
            *index = Index {
                base: log.next_seq(),
                next_seq: log.next_seq(),
                oldest: index.oldest,
                ..Index::default()
            };
        }
    }

    /// Messages before this one are gone.
    pub fn evicted(&mut self, oldest_seq: u64) {
        let Some(index) = &mut self.index else { return };
        while index
            .found
            .front()
            .is_some_and(|distance| index.base + u64::from(*distance) < oldest_seq)
        {
            index.found.pop_front();
            index.oldest += 1;
        }
    }

    /// Looks at packets that were not looked at yet, for as long as that reads `most` bytes. True if there are more.
    pub fn work(&mut self, most: usize, log: &Log, topics: &mut Topics, filters: &Filters) -> bool {
        let packets = self.lists_packets();
        let Some(index) = &mut self.index else {
            return false;
        };
        self.terms.find_topics(topics);
        let any_muted = filters.any_muted();
        let mut spent = 0;
        let mut next_seq = index.next_seq.max(log.oldest_seq());
        for logged in log.logged_from(next_seq) {
            if spent >= most {
                break;
            }
            spent += PACKET_COST;
            next_seq = logged.seq + 1;
            if !logged.record.is_message() {
                if packets && self.terms.fit_control(&logged) {
                    index.push(logged.seq);
                }
                continue;
            }
            if self.terms.fit(&logged, &mut spent)
                && !(any_muted
                    && logged
                        .packet()
                        .is_some_and(|packet| hidden(&packet, topics, filters)))
            {
                index.push(logged.seq);
            }
        }
        index.next_seq = next_seq;
        next_seq < log.next_seq()
    }

    pub fn span(&self, log: &Log) -> Span {
        match &self.index {
            None => {
                let (oldest, end) = log.positions();
                Span {
                    oldest,
                    end,
                    complete: true,
                    numbering: self.numbering,
                }
            }
            Some(index) => Span {
                oldest: index.oldest,
                end: index.oldest + index.found.len() as u64,
                complete: index.next_seq.max(log.oldest_seq()) == log.next_seq(),
                numbering: self.numbering,
            },
        }
    }

    /// The number of the message at this position.
    pub fn seq_at(&self, position: u64, log: &Log) -> Option<u64> {
        match &self.index {
            None => log.seq_at(position),
            Some(index) => {
                let at = usize::try_from(position.checked_sub(index.oldest)?).ok()?;
                Some(index.base + u64::from(*index.found.get(at)?))
            }
        }
    }
}

/// All filters that match this message are muted. What this client sent is not hidden.
fn hidden(packet: &Packet<'_>, topics: &mut Topics, filters: &Filters) -> bool {
    if packet.direction == Direction::Outgoing {
        return false;
    }
    let topic = packet
        .topic_id()
        .and_then(|id| topics.get_mut(id))
        .map(|topic| {
            filters.refresh(topic);
            &*topic
        });
    filters.hides(topic, packet.topic())
}

impl Index {
    fn push(&mut self, seq: u64) {
        let distance = u32::try_from(seq - self.base).unwrap_or_else(|_| {
            // After four thousand million packets, distances are counted from the oldest match that is still there.
            let by = self.found.front().copied().unwrap_or(u32::MAX);
            self.base += u64::from(by);
            self.found.iter_mut().for_each(|distance| *distance -= by);
            (seq - self.base) as u32
        });
        self.found.push_back(distance);
    }
}
