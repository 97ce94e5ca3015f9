//! The courses of the messages that came lately, noted while somebody asks for them and forgotten when nobody does any
//! more. Bounded in number and in bytes; the oldest go first.

use std::collections::VecDeque;
use std::sync::Arc;

use midge::inside::{Outcome, START};
use midge::protocol::Qos;

use crate::interest::Asked;
use crate::message::{Message, SECOND};
use crate::slab::Key;

/// Microseconds that courses are noted after they were asked for last.
pub const PATIENCE: u64 = 10 * SECOND;

/// Messages whose courses are held at the most.
const COURSES: usize = 1000;

/// Their bytes at the most, as they are reckoned here.
const BYTES: usize = 4 * 1024 * 1024;

/// Reckoned for each part of a course, beside its texts.
const PART: usize = 128;

/// The course of one message.
#[derive(Debug)]
pub struct Noted {
    pub order: u64,
    pub at: u64,
    pub topic: Box<str>,
    pub from: Option<Arc<str>>,
    pub is_will: bool,
    pub qos: Qos,
    pub retain: bool,
    pub size: usize,
    pub start: Box<[u8]>,
    pub to: Vec<Way>,
    /// How many clients more it was for.
    pub left_out: usize,
    bytes: usize,
}

/// The way of a message to one client, by one or more of its subscriptions.
#[derive(Debug)]
pub struct Way {
    pub session: Key,
    /// The session's serial number: keys are used again.
    pub serial: u64,
    pub client_id: Arc<str>,
    pub is_shared: bool,
    pub as_retained: bool,
    pub hits: Vec<Hit>,
    /// How many subscriptions more.
    pub left_out: usize,
    pub qos: Qos,
    pub outcome: Outcome,
    /// Its number in the session, if it is to be acknowledged or waits.
    pub number: Option<u64>,
}

/// A subscription that a message matches.
#[derive(Clone, Debug)]
pub struct Hit {
    pub filter: Box<str>,
    pub group: Option<Box<str>>,
    pub asked: Asked,
}

impl Noted {
    pub fn new(message: &Message, topic: Box<str>, is_will: bool) -> Self {
        let start = message.payload.get(..START.min(message.payload.len()));
        Self {
            order: message.order,
            at: message.arrived,
            topic,
            from: message.from.clone(),
            is_will,
            qos: message.qos,
            retain: message.retain,
            size: message.payload.len(),
            start: start.unwrap_or_default().into(),
            to: Vec::new(),
            left_out: 0,
            bytes: 0,
        }
    }

    fn reckon(&self) -> usize {
        let ways = self.to.iter().map(|way| {
            let hits = way.hits.iter().map(|hit| PART + hit.filter.len());
            PART + hits.sum::<usize>()
        });
        PART + self.topic.len() + self.start.len() + ways.sum::<usize>()
    }
}

/// What is noted while somebody watches.
#[derive(Debug, Default)]
pub struct Watch {
    /// When it ends, unless somebody asks again.
    pub until: u64,
    /// The message that is published next is the will of the client that it is from.
    pub next_is_will: bool,
    noted: VecDeque<Noted>,
    bytes: usize,
}

impl Watch {
    /// Takes the course of a message, which is the newest.
    pub fn note(&mut self, mut noted: Noted) {
        noted.bytes = noted.reckon();
        self.bytes += noted.bytes;
        self.noted.push_back(noted);
        self.trim();
    }

    fn trim(&mut self) {
        while self.noted.len() > COURSES || self.bytes > BYTES {
            match self.noted.pop_front() {
                Some(old) => self.bytes -= old.bytes,
                None => return,
            }
        }
    }

    /// The newest first.
    pub fn newest(&self) -> impl Iterator<Item = &Noted> {
        self.noted.iter().rev()
    }

    /// The newest one.
    pub fn last_mut(&mut self) -> Option<&mut Noted> {
        self.noted.back_mut()
    }

    /// The course of the message of this number.
    pub fn get(&self, order: u64) -> Option<&Noted> {
        let at = self.noted.binary_search_by_key(&order, |noted| noted.order);
        self.noted.get(at.ok()?)
    }

    /// Changes it.
    pub fn change(&mut self, order: u64, change: impl FnOnce(&mut Noted)) {
        let at = self.noted.binary_search_by_key(&order, |noted| noted.order);
        if let Ok(at) = at
            && let Some(noted) = self.noted.get_mut(at)
        {
            self.bytes -= noted.bytes;
            change(noted);
            noted.bytes = noted.reckon();
            self.bytes += noted.bytes;
            self.trim();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU32;

    fn noted(order: u64, topic: &str) -> Noted {
        let message = Message {
            topic: topic.into(),
            payload: vec![7; 100].into(),
            properties: Box::default(),
            qos: Qos::AtMostOnce,
            retain: false,
            expiry: None,
            arrived: 1,
            from: None,
            order,
            holds: AtomicU32::new(0),
            stored: AtomicU32::new(0),
        };
        Noted::new(&message, topic.into(), false)
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many() {
        let mut watch = Watch::default();
        for order in 1..=COURSES as u64 + 5 {
            watch.note(noted(order, "t"));
        }
        assert_eq!(watch.newest().count(), COURSES);
        assert!(watch.get(5).is_none() && watch.get(6).is_some());
        assert_eq!(watch.get(6).unwrap().start.len(), START);
    }

    #[test]
    fn the_oldest_go_when_they_are_too_large_also_when_they_grew() {
        let mut watch = Watch::default();
        let long = "t".repeat(BYTES / 4);
        for order in 1..=9 {
            watch.note(noted(order, &long));
        }
        assert_eq!(watch.newest().count(), 3);
        watch.change(9, |noted| noted.topic = "t".repeat(BYTES / 2).into());
        assert_eq!(watch.newest().count(), 2);
        let held: usize = watch.newest().map(|noted| noted.bytes).sum();
        assert!(watch.bytes == held && held <= BYTES);
    }
}
