//! Topic names, each kept once, with the latest and the latest retained message of each. Knows no tree and no filters.
//!
//! Names come from the broker, so their number and their bytes are bounded. A message whose topic finds no room is
//! listed like any other; it is only not in the tree.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::{
    log::{Log, Segment},
    packet::{Packet, Saved},
};

/// Topics at most.
pub(super) const MOST_TOPICS: usize = 100_000;
const NOWHERE: u64 = u64::MAX;

/// One message that is to survive eviction: a number into the log, and a copy once the log has lost it.
#[derive(Debug)]
struct Held {
    seq: u64,
    copy: Option<Box<Saved>>,
}

impl Held {
    const NOTHING: Self = Self {
        seq: NOWHERE,
        copy: None,
    };

    /// Holds another one. Returns the bytes of the copy that goes.
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
            None if self.seq == NOWHERE => None,
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
    latest: Held,
    retained: Held,
    sent: u64,
}

impl Topic {
    /// The message before the next one.
    pub fn before(&self, outgoing: bool) -> Option<u64> {
        let seq = if outgoing { self.sent } else { self.latest.seq };
        (seq != NOWHERE).then_some(seq)
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
            copied += self.retained.replace(if empty { NOWHERE } else { seq });
        }
        copied
    }
}

/// All topic names.
#[derive(Debug)]
pub(super) struct Topics {
    table: HashTable<u32>,
    hasher: FixedState,
    all: Vec<Topic>,
    /// What was found or added last.
    last: u32,
    bytes: usize,
    copied: usize,
}

impl Topics {
    pub fn new(seed: u64) -> Self {
        Self {
            table: HashTable::new(),
            hasher: FixedState::with_seed(seed),
            all: Vec::new(),
            last: 0,
            bytes: 0,
            copied: 0,
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

    /// The number of this topic name, if it has one. A topic that carries one message mostly carries the next as well:
    /// that is seen without a hash.
    pub fn find(&mut self, name: &[u8]) -> Option<u32> {
        let all = &self.all;
        let same = |id: &u32| {
            all.get(*id as usize)
                .is_some_and(|topic| topic.name.as_bytes() == name)
        };
        if same(&self.last) {
            return Some(self.last);
        }
        let id = *self.table.find(self.hasher.hash_one(name), same)?;
        self.last = id;
        Some(id)
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
            latest: Held::NOTHING,
            retained: Held::NOTHING,
            sent: NOWHERE,
        });
        self.bytes += cost;
        self.last = id;
        let (all, hasher) = (&self.all, &self.hasher);
        self.table.insert_unique(hash, id, |id| {
            all.get(*id as usize)
                .map_or(0, |topic| hasher.hash_one(topic.name.as_bytes()))
        });
        Some(id)
    }

    /// These bytes of copies are no longer there.
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
            .is_some_and(|topic| topic.retained.seq != NOWHERE)
    }

    /// Copies what must survive out of a segment that goes, as long as the copies stay within `budget` bytes.
    pub fn save(&mut self, segment: &Segment, budget: usize) {
        for lying in segment.lying_from(0) {
            let Some(topic) = lying
                .record
                .topic_id()
                .and_then(|id| self.all.get_mut(id as usize))
            else {
                continue;
            };
            for held in [&mut topic.latest, &mut topic.retained] {
                // Nearly all are neither, and their bytes are not touched.
                if held.seq != lying.seq || held.copy.is_some() {
                    continue;
                }
                if let Some(packet) = lying.packet()
                    && self.copied + Saved::cost(packet.stored_len()) <= budget
                {
                    let copy = Saved::new(&packet);
                    self.copied += copy.bytes();
                    held.copy = Some(Box::new(copy));
                }
            }
        }
    }

    /// Forgets every topic.
    pub fn clear(&mut self) {
        self.table.clear();
        self.all = Vec::new();
        self.bytes = 0;
        self.copied = 0;
    }
}
