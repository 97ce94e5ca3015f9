//! What storage holds, in the broker's own words: one record for each thing, so that a change is one small write.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

#[cfg(feature = "storing")]
use midge::protocol::RetainHandling;
use midge::protocol::{Qos, SubscribeOptions};
use serde::{Deserialize, Serialize};

#[cfg(feature = "storing")]
use crate::message::Ids;
use crate::message::Message;
use crate::session::{Delivery, Will};

/// The first byte of a key: what the record is of. In the order in which records are taken up again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// A message that deliveries hold; behind it its order.
    Message = 1,
    /// A session; behind it the client identifier.
    Session = 2,
    /// A subscription; behind it the client identifier and the filter.
    Filter = 3,
    /// A QoS 2 message of the client that it has not released; behind it the client identifier and the packet identifier.
    Received = 4,
    /// A delivery to the client; behind it the client identifier and the delivery's number.
    Delivery = 5,
    /// A retained message; behind it the topic.
    Retained = 6,
}

impl Kind {
    #[cfg(feature = "storing")]
    pub fn of(key: &[u8]) -> Option<(Self, &[u8])> {
        let (&first, rest) = key.split_first()?;
        let all = [
            Self::Message,
            Self::Session,
            Self::Filter,
            Self::Received,
            Self::Delivery,
            Self::Retained,
        ];
        let kind = all.into_iter().find(|kind| *kind as u8 == first)?;
        Some((kind, rest))
    }
}

/// A key of something that belongs to no client, or of a session.
pub fn key(kind: Kind, name: &[u8]) -> Vec<u8> {
    let mut key = vec![kind as u8];
    key.extend_from_slice(name);
    key
}

/// A key of something that belongs to a client. The identifier's length goes first, so that none is the beginning of
/// another.
pub fn key_of(kind: Kind, client_id: &str, name: &[u8]) -> Vec<u8> {
    let mut key = vec![kind as u8];
    key.extend_from_slice(&(client_id.len() as u16).to_be_bytes());
    key.extend_from_slice(client_id.as_bytes());
    key.extend_from_slice(name);
    key
}

/// The client identifier, and what stands behind it, of a key without its first byte.
#[cfg(feature = "storing")]
pub fn owner(key: &[u8]) -> Option<(&str, &[u8])> {
    let (length, rest) = key.split_first_chunk()?;
    let (client_id, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
    Some((std::str::from_utf8(client_id).ok()?, rest))
}

/// A session.
#[derive(Debug, Serialize, Deserialize)]
pub struct SessionRecord {
    pub user_name: Option<String>,
    pub expiry: u32,
    pub ends: Option<u64>,
    pub will: Option<WillRecord>,
    pub will_at: Option<u64>,
}

/// A will.
#[derive(Debug, Serialize, Deserialize)]
pub struct WillRecord {
    pub message: MessageRecord,
    pub delay: u32,
}

impl From<&Will> for WillRecord {
    fn from(will: &Will) -> Self {
        Self {
            message: MessageRecord {
                topic: will.topic.to_string(),
                payload: will.payload.to_vec(),
                properties: will.properties.to_vec(),
                qos: will.qos.bits(),
                retain: will.retain,
                expiry: will.expiry,
                arrived: 0,
                from: None,
                order: 0,
            },
            delay: will.delay,
        }
    }
}

impl From<WillRecord> for Will {
    fn from(record: WillRecord) -> Self {
        let message = record.message;
        Self {
            topic: message.topic.into(),
            payload: message.payload.into(),
            properties: message.properties.into(),
            qos: Qos::from_bits(message.qos).unwrap_or_default(),
            retain: message.retain,
            expiry: message.expiry,
            delay: record.delay,
        }
    }
}

/// A message.
#[derive(Debug, Serialize, Deserialize)]
pub struct MessageRecord {
    pub topic: String,
    pub payload: Vec<u8>,
    pub properties: Vec<u8>,
    pub qos: u8,
    pub retain: bool,
    pub expiry: Option<u32>,
    pub arrived: u64,
    pub from: Option<String>,
    pub order: u64,
}

impl From<&Message> for MessageRecord {
    fn from(message: &Message) -> Self {
        Self {
            topic: message.topic.to_string(),
            payload: message.payload.to_vec(),
            properties: message.properties.to_vec(),
            qos: message.qos.bits(),
            retain: message.retain,
            expiry: message.expiry,
            arrived: message.arrived,
            from: message.from.as_deref().map(str::to_owned),
            order: message.order,
        }
    }
}

impl From<MessageRecord> for Arc<Message> {
    fn from(record: MessageRecord) -> Self {
        Arc::new(Message {
            topic: record.topic.into(),
            payload: record.payload.into(),
            properties: record.properties.into(),
            qos: Qos::from_bits(record.qos).unwrap_or_default(),
            retain: record.retain,
            expiry: record.expiry,
            arrived: record.arrived,
            from: record.from.map(Arc::from),
            order: record.order,
            holds: AtomicU32::new(0),
            stored: AtomicU32::new(0),
        })
    }
}

/// A subscription.
#[derive(Debug, Serialize, Deserialize)]
pub struct FilterRecord {
    pub options: u8,
    pub id: u32,
}

impl FilterRecord {
    pub fn new(options: SubscribeOptions, id: u32) -> Self {
        let options = options.qos.bits()
            | u8::from(options.no_local) << 2
            | u8::from(options.retain_as_published) << 3
            | (options.retain_handling as u8) << 4;
        Self { options, id }
    }

    #[cfg(feature = "storing")]
    pub fn options(&self) -> SubscribeOptions {
        SubscribeOptions {
            qos: Qos::from_bits(self.options & 3).unwrap_or_default(),
            no_local: self.options & 4 != 0,
            retain_as_published: self.options & 8 != 0,
            retain_handling: RetainHandling::from_bits((self.options >> 4) & 3).unwrap_or_default(),
        }
    }
}

/// A delivery.
#[derive(Debug, Serialize, Deserialize)]
pub struct DeliveryRecord {
    /// The order of its message; `None`: the client has it.
    pub order: Option<u64>,
    pub qos: u8,
    pub retain: bool,
    pub ids: Vec<u32>,
    /// 0: it waits.
    pub packet_id: u16,
}

impl DeliveryRecord {
    pub fn new(delivery: &Delivery, packet_id: u16) -> Self {
        Self {
            order: Some(delivery.message.order),
            qos: delivery.qos.bits(),
            retain: delivery.retain,
            ids: delivery.ids.as_slice().to_vec(),
            packet_id,
        }
    }

    #[cfg(feature = "storing")]
    pub fn ids(&self) -> Ids {
        let mut ids = Ids::default();
        for id in &self.ids {
            ids.push(*id);
        }
        ids
    }
}
