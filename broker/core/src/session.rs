//! What the broker keeps for one client, beyond its connections (MQTT 5 section 4.1).

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use midge::protocol::{Qos, SubscribeOptions};

use crate::access::Person;
use crate::interest::Asked;
use crate::message::{Ids, Message};
use crate::retained::Scan;
use crate::slab::Key;

/// A will (section 3.1.2.5).
#[derive(Clone, Debug)]
pub struct Will {
    pub topic: Box<str>,
    pub payload: Box<[u8]>,
    /// Those that are passed on.
    pub properties: Box<[u8]>,
    pub qos: Qos,
    pub retain: bool,
    pub expiry: Option<u32>,
    /// Will delay interval in seconds.
    pub delay: u32,
}

impl Will {
    /// What it is counted as against limits, in bytes.
    pub fn size(&self) -> usize {
        self.topic.len() + self.payload.len() + self.properties.len()
    }
}

/// A message for the client: how it is to be delivered.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub message: Arc<Message>,
    pub qos: Qos,
    pub retain: bool,
    pub ids: Ids,
    /// The shared subscription that it is by, if any.
    pub share: Option<Arc<str>>,
}

/// What a delivery is counted as against what may wait for all, beside its message.
pub const DELIVERY_BYTES: usize = 64;

impl Delivery {
    /// To the member of a shared subscription whose turn it is.
    pub fn shared(message: &Arc<Message>, asked: Asked, share: Arc<str>) -> Self {
        Self {
            message: message.clone(),
            qos: message.qos.min(asked.qos),
            retain: message.retain && asked.retain_as_published,
            ids: asked.id.into(),
            share: Some(share),
        }
    }

    /// What it is counted as against limits, in bytes.
    pub fn size(&self) -> usize {
        self.message.size()
    }
}

/// A message that was sent and is not acknowledged.
#[derive(Debug)]
pub struct Flight {
    pub packet_id: u16,
    /// `None`: the client has it, and PUBREL was sent.
    pub delivery: Option<Delivery>,
    /// It was sent on this connection.
    pub sent: bool,
}

/// Retained messages that are still to be looked through for a new subscription.
#[derive(Debug)]
pub struct Looking {
    pub filter: Box<str>,
    pub asked: Asked,
    pub scan: Scan,
    /// What was published since has been delivered already.
    pub before: u64,
}

/// The session of one client.
#[derive(Debug)]
pub struct Session {
    pub person: Person,
    /// Counts all sessions, so that none is taken for another of the same client.
    pub serial: u64,
    /// It is kept in storage.
    pub stored: bool,
    pub connection: Option<Key>,
    /// Seconds that it stays without a connection; `u32::MAX` is for ever.
    pub expiry: u32,
    /// When it ends, if it is not connected.
    pub ends: Option<u64>,
    /// Since when it is not connected.
    pub since: u64,
    pub will: Option<Will>,
    /// When the will is published, if it is not connected.
    pub will_at: Option<u64>,
    pub timer: Option<u64>,
    pub filters: BTreeMap<Box<str>, (SubscribeOptions, u32)>,
    /// Their bytes.
    pub filter_bytes: usize,
    /// How many of them are shared.
    pub shared: usize,
    /// Messages in flight, by the order in which they were first for the client.
    pub flight: BTreeMap<u64, Flight>,
    pub flight_bytes: usize,
    pub by_packet_id: BTreeMap<u16, u64>,
    pub last_packet_id: u16,
    /// How many in flight were sent on this connection.
    pub active: usize,
    /// The number of the first that is still to be sent again on this connection.
    pub resend: Option<u64>,
    /// Messages that wait, with their numbers.
    pub queue: VecDeque<(u64, Delivery)>,
    pub queued_bytes: usize,
    /// How many of them are of QoS 0: they waited behind retained messages.
    pub queued_zero: usize,
    pub next_number: u64,
    /// Packet identifiers of QoS 2 messages from the client that it has not released.
    pub received: BTreeSet<u16>,
    pub looking: VecDeque<Looking>,
    /// It stands among those that may be sent more.
    pub hungry: bool,
    /// Messages are being dropped, which has been said.
    pub dropping: bool,
    /// When it was last said that something of it was refused.
    pub complained: u64,
    /// The message that was last found to be for it, and where among those that it is for.
    pub mark: (u64, usize),
    /// Messages that were dropped for it.
    pub dropped: u64,
}

impl Session {
    pub fn new(person: Person, serial: u64, now: u64) -> Self {
        Self {
            person,
            serial,
            stored: false,
            connection: None,
            expiry: 0,
            ends: None,
            since: now,
            will: None,
            will_at: None,
            timer: None,
            filters: BTreeMap::new(),
            filter_bytes: 0,
            shared: 0,
            flight: BTreeMap::new(),
            flight_bytes: 0,
            by_packet_id: BTreeMap::new(),
            last_packet_id: 0,
            active: 0,
            resend: None,
            queue: VecDeque::new(),
            queued_bytes: 0,
            queued_zero: 0,
            next_number: 1,
            received: BTreeSet::new(),
            looking: VecDeque::new(),
            hungry: false,
            dropping: false,
            complained: 0,
            mark: (0, 0),
            dropped: 0,
        }
    }

    /// Whether a delivery of this quality of service is kept in storage.
    pub fn stores(&self, qos: Qos) -> bool {
        self.stored && qos != Qos::AtMostOnce
    }

    /// A number for a message that is for the client.
    pub fn number(&mut self) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        number
    }

    /// A packet identifier that is not in use. There is one: far fewer than all are in flight.
    pub fn packet_id(&mut self) -> u16 {
        loop {
            self.last_packet_id = self.last_packet_id.checked_add(1).unwrap_or(1);
            if !self.by_packet_id.contains_key(&self.last_packet_id) {
                return self.last_packet_id;
            }
        }
    }
}
