//! One connection, from its opening to its end.

use std::collections::BTreeMap;
use std::sync::Arc;

use midge::protocol::Version;

use crate::access::Exchange;
use crate::greeting::Hello;
use crate::slab::Key;

/// Where a connection stands.
#[derive(Debug)]
pub enum Stage {
    /// Its CONNECT is awaited.
    Greeting,
    /// It said CONNECT, and enhanced authentication is under way.
    Proving {
        hello: Box<Hello>,
        exchange: Box<dyn Exchange>,
    },
    /// It is connected, with this session.
    Live(Key),
}

/// One connection.
#[derive(Debug)]
pub struct Connection {
    /// Its number with the owner.
    pub number: u64,
    pub stage: Stage,
    pub version: Version,
    /// Bytes that have come and make no packet yet.
    pub partial: Vec<u8>,
    /// It stands among those whose bytes are to be read.
    pub unread: bool,
    /// Bytes that were handed out and have not left.
    pub owed: usize,
    /// How many of those are of answers to it, at the most.
    pub answers: usize,
    /// When its last packet came, or when it opened.
    pub heard: u64,
    /// Microseconds that it may be silent; 0: for ever.
    pub silence: u64,
    /// Its keep alive in seconds.
    pub keep_alive: u16,
    /// It asked for a clean start.
    pub clean: bool,
    /// When its timer goes off.
    pub timer: Option<u64>,
    /// The largest packet that it takes, in bytes.
    pub largest: usize,
    /// Reason strings are wanted.
    pub wants_reasons: bool,
    /// QoS 1 and 2 messages that it takes unacknowledged.
    pub window: usize,
    /// CONNECT had a session expiry interval other than 0.
    pub had_expiry: bool,
    /// The method of enhanced authentication of its CONNECT.
    pub method: Option<Box<str>>,
    /// An authentication anew is under way.
    pub proving: Option<Box<dyn Exchange>>,
    pub aliases_in: BTreeMap<u16, Arc<str>>,
    pub aliases_out: BTreeMap<Box<str>, u16>,
    /// Bytes of the topics that it knows by alias.
    pub alias_bytes: usize,
    /// How many topic aliases it may be sent.
    pub aliases: u16,
}

impl Connection {
    pub fn new(number: u64, now: u64, silence: u64) -> Self {
        Self {
            number,
            stage: Stage::Greeting,
            version: Version::V311,
            partial: Vec::new(),
            unread: false,
            owed: 0,
            answers: 0,
            heard: now,
            silence,
            keep_alive: 0,
            clean: false,
            timer: None,
            largest: usize::MAX,
            wants_reasons: false,
            window: 0,
            had_expiry: false,
            method: None,
            proving: None,
            aliases_in: BTreeMap::new(),
            aliases_out: BTreeMap::new(),
            alias_bytes: 0,
            aliases: 0,
        }
    }

    /// Why something was refused, if the client wants to know and takes packets of that size (MQTT 5 [MQTT-3.1.2-29]).
    /// `besides`: bytes of the packet without it.
    pub fn reason(&self, code: u8, besides: usize) -> Option<&'static str> {
        let words = refusal_words(code)?;
        // With identifier, two lengths and the property length.
        let fits = besides + words.len() + 6 <= self.largest;
        (self.is_five() && self.wants_reasons && fits).then_some(words)
    }

    pub fn is_five(&self) -> bool {
        self.version == Version::V5
    }

    /// The alias that this topic goes under, and whether the client knows it already; 0 for none.
    pub fn alias(&mut self, topic: &str, most_bytes: usize) -> (u16, bool) {
        if self.aliases == 0 {
            return (0, false);
        }
        if let Some(&alias) = self.aliases_out.get(topic) {
            return (alias, true);
        }
        // An alias takes three bytes: it spares nothing on shorter names.
        let used = self.aliases_out.len();
        let bytes = self.alias_bytes + topic.len();
        if used >= usize::from(self.aliases) || topic.len() < 4 || bytes > most_bytes {
            return (0, false);
        }
        self.alias_bytes = bytes;
        let alias = used as u16 + 1;
        self.aliases_out.insert(topic.into(), alias);
        (alias, false)
    }
}

/// What a refusal means here, in a few words.
fn refusal_words(code: u8) -> Option<&'static str> {
    Some(match code {
        0x87 => "the rules of this broker do not allow it",
        0x8F => "the topic filter breaks the rules, or has too many levels",
        0x90 => "the topic has too many levels",
        0x91 => "the packet identifier is that of a message that was not released",
        0x97 => "as much is held here as may be",
        _ => return None,
    })
}
