//! Topic names, each kept once, with the latest and the latest retained message of each. Knows no tree and no filters.
//!
//! Names come from the broker, so their number and their bytes are bounded. A message whose topic finds no room is
//! listed like any other; it is only not in the tree.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::{
    log::{Log, Segment},
    packet::{Packet, SavedPacket},
};

/// Topics at most.
pub(super) const MOST_TOPICS: usize = 100_000;
/// No message.
const NO_SEQ: u64 = u64::MAX;
/// Topics that are found without a hash, a power of two.
const RECENT: usize = 1024;

/// One message that survives eviction: its number in the log, and a copy once the log has evicted it.
#[derive(Debug)]
struct Pinned {
    seq: u64,
    copy: Option<Box<SavedPacket>>,
}

impl Pinned {
    const NOTHING: Self = Self {
        seq: NO_SEQ,
        copy: None,
    };

    /// Pins another message. Returns the bytes of the copy that goes.
    fn replace(&mut self, seq: u64) -> usize {
        self.seq = seq;
        match self.copy.take() {
            Some(copy) => copy.bytes(),
            None => 0,
        }
    }

    fn packet<'a>(&'a self, log: &'a Log) -> Option<Packet<'a>> {
        match &self.copy {
            Some(copy) => Some(copy.packet(self.seq)),
            None if self.seq == NO_SEQ => None,
            None => log.packet(self.seq),
        }
    }
}

/// One topic name.
#[derive(Debug)]
pub(super) struct Topic {
    pub name: Box<str>,
    /// Its node in the tree, once a message was received on it.
    pub node: Option<u32>,
    /// The subscriptions that match it, as of `mask_of`.
    pub mask: u64,
    /// The version of the filters that `mask` belongs to.
    pub mask_of: u32,
    latest: Pinned,
    retained: Pinned,
    sent: u64,
}

impl Topic {
    /// The message before the next one.
    pub fn before(&self, outgoing: bool) -> Option<u64> {
        let seq = if outgoing { self.sent } else { self.latest.seq };
        (seq != NO_SEQ).then_some(seq)
    }

    /// A message went out.
    pub fn sent(&mut self, seq: u64) {
        self.sent = seq;
    }

    /// A message was received. Without a payload it deletes the retained message (section 3.3.1.3): the broker passes
    /// that on with the retain flag off to those who were subscribed before. Returns the bytes of the copies that went.
    pub fn received(&mut self, seq: u64, retain: bool, empty: bool) -> usize {
        let mut copied = self.latest.replace(seq);
        if retain || empty {
            copied += self.retained.replace(if empty { NO_SEQ } else { seq });
        }
        copied
    }
}

/// The slot of `recent` that a name is looked for in first. Names mostly differ near their ends: the last sixteen bytes are
/// cheaper than a hash of all.
#[inline]
fn cache_slot(name: &[u8]) -> usize {
    const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
    let mixed = match name.last_chunk::<16>() {
        Some(end) => {
            let end = u128::from_le_bytes(*end);
            (end as u64).wrapping_mul(SPREAD) ^ (end >> 64) as u64
        }
        None => name
            .iter()
            .fold(0, |end: u64, byte| end.rotate_left(8) ^ u64::from(*byte)),
    };
    (mixed.wrapping_mul(SPREAD) >> (u64::BITS - RECENT.ilog2())) as usize
}

/// All topic names.
#[derive(Debug)]
pub(super) struct Topics {
    table: HashTable<u32>,
    hasher: FixedState,
    all: Vec<Topic>,
    /// The topic that was found last in each slot. Whoever chooses names that collide here only has them found by their
    /// hash.
    recent: Box<[u32; RECENT]>,
    bytes: usize,
    copied: usize,
    /// How often all were forgotten.
    clearings: u32,
}

impl Topics {
    pub fn new(seed: u64) -> Self {
        Self {
            table: HashTable::new(),
            hasher: FixedState::with_seed(seed),
            all: Vec::new(),
            recent: Box::new([0; RECENT]),
            bytes: 0,
            copied: 0,
            clearings: 0,
        }
    }

    /// Bytes of the names and what belongs to them.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Bytes of the messages that were copied out of the log.
    pub fn copied(&self) -> usize {
        self.copied
    }

    pub fn get(&self, id: u32) -> Option<&Topic> {
        self.all.get(id as usize)
    }

    pub fn get_mut(&mut self, id: u32) -> Option<&mut Topic> {
        self.all.get_mut(id as usize)
    }

    /// The number of this topic name, if it has one. Topics that come again and again are found without a hash.
    #[inline]
    pub fn find(&mut self, name: &[u8]) -> Option<u32> {
        let all = &self.all;
        let same = |id: &u32| {
            all.get(*id as usize)
                .is_some_and(|topic| topic.name.as_bytes() == name)
        };
        let slot = self.recent.get_mut(cache_slot(name));
        if let Some(id) = &slot
            && same(id)
        {
            return Some(**id);
        }
        let id = *self.table.find(self.hasher.hash_one(name), same)?;
        if let Some(slot) = slot {
            *slot = id;
        }
        Some(id)
    }

    /// The number of this topic name, for somebody who asks once.
    pub fn known(&self, name: &[u8]) -> Option<u32> {
        let same = |id: &u32| {
            self.get(*id)
                .is_some_and(|topic| topic.name.as_bytes() == name)
        };
        self.table.find(self.hasher.hash_one(name), same).copied()
    }

    /// Gives a new topic name a number, while there is room for `room` more bytes. Not for one that [`Self::find`] finds.
    #[cold]
    pub fn add(&mut self, name: &[u8], room: usize) -> Option<u32> {
        let cost = name.len() + size_of::<Topic>() + size_of::<u32>() * 2;
        if self.all.len() >= MOST_TOPICS || cost > room {
            return None;
        }
        let hash = self.hasher.hash_one(name);
        let name = std::str::from_utf8(name).ok()?;
        let id = self.all.len() as u32;
        self.all.push(Topic {
            name: name.into(),
            node: None,
            mask: 0,
            mask_of: u32::MAX,
            latest: Pinned::NOTHING,
            retained: Pinned::NOTHING,
            sent: NO_SEQ,
        });
        self.bytes += cost;
        let (all, hasher) = (&self.all, &self.hasher);
        self.table.insert_unique(hash, id, |id| {
            all.get(*id as usize)
                .map_or(0, |topic| hasher.hash_one(topic.name.as_bytes()))
        });
        Some(id)
    }

    /// How often all were forgotten, and how many there are.
    pub fn count(&self) -> (u32, u32) {
        (self.clearings, self.all.len() as u32)
    }

    /// Copies of so many bytes were dropped.
    pub fn give_back(&mut self, copied: usize) {
        self.copied -= copied;
    }

    /// The latest message of a topic.
    pub fn latest<'a>(&'a self, id: u32, log: &'a Log) -> Option<Packet<'a>> {
        self.get(id)?.latest.packet(log)
    }

    /// The latest message of a topic that came with the retain flag.
    pub fn retained<'a>(&'a self, id: u32, log: &'a Log) -> Option<Packet<'a>> {
        self.get(id)?.retained.packet(log)
    }

    /// A retained message of this topic came and was not deleted since.
    pub fn knows_retained(&self, id: u32) -> bool {
        self.get(id)
            .is_some_and(|topic| topic.retained.seq != NO_SEQ)
    }

    /// Copies the pinned messages of a segment that is evicted, as long as the copies stay within `budget` bytes.
    pub fn save(&mut self, segment: &Segment, budget: usize) {
        for logged in segment.logged_from(0) {
            let Some(topic) = logged
                .record
                .topic_id()
                .and_then(|id| self.all.get_mut(id as usize))
            else {
                continue;
            };
            for pinned in [&mut topic.latest, &mut topic.retained] {
                // Nearly no message is pinned, and the bytes of the others are not read.
                if pinned.seq != logged.seq || pinned.copy.is_some() {
                    continue;
                }
                if let Some(packet) = logged.packet()
                    && self.copied + SavedPacket::cost(packet.stored_len()) <= budget
                {
                    let copy = SavedPacket::new(&packet);
                    self.copied += copy.bytes();
                    pinned.copy = Some(Box::new(copy));
                }
            }
        }
    }

    /// Takes all out.
    pub fn set_aside(&mut self) -> Self {
        let next = Self {
            hasher: self.hasher.clone(),
            clearings: self.clearings,
            ..Self::new(0)
        };
        std::mem::replace(self, next)
    }

    /// These are all there are from now on.
    pub fn bring_back(&mut self, earlier: Self) {
        let clearings = self.clearings.wrapping_add(1);
        *self = Self {
            clearings,
            ..earlier
        };
    }

    /// Forgets every topic.
    pub fn clear(&mut self) {
        self.clearings = self.clearings.wrapping_add(1);
        self.table.clear();
        self.all = Vec::new();
        self.bytes = 0;
        self.copied = 0;
    }
}
