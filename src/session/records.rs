//! The format of the session's records in storage: their keys and values. Knows no session. What is read from storage
//! is not trusted.
//!
//! The highest byte of a key is the kind of record, the rest is a number, so that the order of keys is the order of
//! sending. The first byte of a value is the version of the format, the rest is postcard. A value that cannot be read,
//! has another version, or contains something that this client never writes, is read as `None`.

use serde::{Deserialize, Serialize};

use super::queue::Publication;
use super::{Change, Message};
use crate::protocol::{
    LARGEST_LENGTH, PublishProperties, Qos, RetainHandling, SubscribeOptions, check_topic_filter,
    check_topic_name,
};

/// The format of values.
const FORMAT: u8 = 1;

const KIND: u32 = 56;
const SESSION: u64 = 0;
const OUTGOING: u64 = 1 << KIND;
const RECEIVED: u64 = 2 << KIND;
const SUBSCRIPTION: u64 = 3 << KIND;
const NUMBER: u64 = (1 << KIND) - 1;

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// There is a session. `assigned`: its client identifier, if the broker assigned it.
    Session { assigned: Option<String> },
    /// A message that was not sent.
    Waiting(Publication),
    /// A message that was or may have been sent, with this packet identifier.
    Sent(u16, Publication),
    /// A QoS 2 message after PUBREC: its key, its packet identifier, and its place in the order of PUBREC.
    Released { key: u64, id: u16, order: u64 },
    /// The packet identifier of a QoS 2 message from the broker that is not released.
    Received(u16),
    /// A subscription that the broker holds or may hold.
    Subscription(u64, BrokerSubscription),
}

/// A subscription that the broker holds, or may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BrokerSubscription {
    pub filter: String,
    pub options: SubscribeOptions,
    pub identifier: Option<u32>,
    /// The maximum quality of service that it granted; `None`: unknown.
    pub granted: Option<Qos>,
    /// The user has ended it, and the broker has not confirmed that.
    pub leaving: bool,
}

#[derive(Serialize, Deserialize)]
enum Outgoing<'a> {
    Waiting(#[serde(borrow)] Body<'a>),
    Sent(u16, #[serde(borrow)] Body<'a>),
    Released(u16, u64),
}

#[derive(Serialize, Deserialize)]
struct Body<'a> {
    queued_at: u64,
    topic: &'a str,
    #[serde(with = "serde_bytes")]
    payload: &'a [u8],
    qos: u8,
    retain: bool,
    #[serde(borrow)]
    properties: Properties<'a>,
}

#[derive(Serialize, Deserialize)]
struct Properties<'a> {
    payload_is_text: Option<bool>,
    message_expiry: Option<u32>,
    #[serde(borrow)]
    response_topic: Option<&'a str>,
    #[serde(borrow, with = "serde_bytes")]
    correlation_data: Option<&'a [u8]>,
    #[serde(borrow)]
    content_type: Option<&'a str>,
    #[serde(borrow)]
    user_properties: Vec<(&'a str, &'a str)>,
}

#[derive(Serialize, Deserialize)]
struct SubscriptionBody<'a> {
    filter: &'a str,
    qos: u8,
    no_local: bool,
    retain_as_published: bool,
    retain_handling: u8,
    identifier: Option<u32>,
    granted: Option<u8>,
    leaving: bool,
}

/// The key of the message of this number.
pub(super) fn outgoing_key(number: u64) -> u64 {
    OUTGOING | number & NUMBER
}

/// The key of a QoS 2 message from the broker.
pub(super) fn received_key(id: u16) -> u64 {
    RECEIVED | u64::from(id)
}

/// The key of the subscription of this number.
pub(super) fn subscription_key(number: u64) -> u64 {
    SUBSCRIPTION | number & NUMBER
}

/// The number in a key of a message or a subscription.
pub(super) fn number(key: u64) -> u64 {
    key & NUMBER
}

pub(super) fn session(assigned: Option<&str>) -> Change {
    put(SESSION, &assigned)
}

pub(super) fn waiting(publication: &Publication) -> Change {
    put(publication.key, &Outgoing::Waiting(Body::of(publication)))
}

pub(super) fn sent(id: u16, publication: &Publication) -> Change {
    put(publication.key, &Outgoing::Sent(id, Body::of(publication)))
}

pub(super) fn released(key: u64, id: u16, order: u64) -> Change {
    put(key, &Outgoing::Released(id, order))
}

pub(super) fn received(id: u16) -> Change {
    put(received_key(id), &())
}

pub(super) fn subscription(key: u64, subscription: &BrokerSubscription) -> Change {
    let SubscribeOptions {
        qos,
        no_local,
        retain_as_published,
        retain_handling,
    } = subscription.options;
    let body = SubscriptionBody {
        filter: &subscription.filter,
        qos: qos.bits(),
        no_local,
        retain_as_published,
        retain_handling: retain_handling as u8,
        identifier: subscription.identifier,
        granted: subscription.granted.map(Qos::bits),
        leaving: subscription.leaving,
    };
    put(key, &body)
}

/// Reads a record.
pub(super) fn read(key: u64, value: &[u8]) -> Option<Record> {
    let (&format, value) = value.split_first()?;
    if format != FORMAT {
        return None;
    }
    match key & !NUMBER {
        SESSION if key == SESSION => {
            let assigned: Option<&str> = whole(value)?;
            Some(Record::Session {
                assigned: assigned.map(str::to_owned),
            })
        }
        OUTGOING => match whole(value)? {
            Outgoing::Waiting(body) => Some(Record::Waiting(body.publication(key)?)),
            Outgoing::Sent(id, body) => {
                let publication = body.publication(key)?;
                (id != 0 && publication.message.qos != Qos::AtMostOnce)
                    .then_some(Record::Sent(id, publication))
            }
            Outgoing::Released(id, order) => {
                (id != 0).then_some(Record::Released { key, id, order })
            }
        },
        RECEIVED => {
            let () = whole(value)?;
            let id = u16::try_from(number(key)).ok()?;
            (id != 0).then_some(Record::Received(id))
        }
        SUBSCRIPTION => {
            let subscription: SubscriptionBody<'_> = whole(value)?;
            check_topic_filter(subscription.filter).ok()?;
            let options = SubscribeOptions {
                qos: Qos::from_bits(subscription.qos)?,
                no_local: subscription.no_local,
                retain_as_published: subscription.retain_as_published,
                retain_handling: RetainHandling::from_bits(subscription.retain_handling)?,
            };
            let granted = match subscription.granted {
                Some(bits) => Some(Qos::from_bits(bits)?),
                None => None,
            };
            let subscription = BrokerSubscription {
                filter: subscription.filter.to_owned(),
                options,
                identifier: subscription.identifier,
                granted,
                leaving: subscription.leaving,
            };
            Some(Record::Subscription(key, subscription))
        }
        _ => None,
    }
}

impl<'a> Body<'a> {
    fn of(publication: &'a Publication) -> Self {
        let message = &publication.message;
        let properties = &message.properties;
        let user = properties.user_properties.iter();
        Self {
            queued_at: publication.queued_at,
            topic: &message.topic,
            payload: &message.payload,
            qos: message.qos.bits(),
            retain: message.retain,
            properties: Properties {
                payload_is_text: properties.payload_is_text,
                message_expiry: properties.message_expiry,
                response_topic: properties.response_topic.as_deref(),
                correlation_data: properties.correlation_data.as_deref(),
                content_type: properties.content_type.as_deref(),
                user_properties: user
                    .map(|(name, value)| (name.as_str(), value.as_str()))
                    .collect(),
            },
        }
    }

    fn publication(self, key: u64) -> Option<Publication> {
        check_topic_name(self.topic).ok()?;
        if self.topic.len() + self.payload.len() > LARGEST_LENGTH {
            return None;
        }
        let text = |text: Option<&str>| text.map(str::to_owned);
        let user = self.properties.user_properties.into_iter();
        Some(Publication {
            key,
            queued_at: self.queued_at,
            strikes: 0,
            message: Message {
                number: 0,
                topic: self.topic.to_owned(),
                payload: self.payload.to_vec(),
                qos: Qos::from_bits(self.qos)?,
                retain: self.retain,
                properties: PublishProperties {
                    payload_is_text: self.properties.payload_is_text,
                    message_expiry: self.properties.message_expiry,
                    topic_alias: None,
                    response_topic: text(self.properties.response_topic),
                    correlation_data: self.properties.correlation_data.map(<[u8]>::to_vec),
                    subscription_identifiers: Vec::new(),
                    content_type: text(self.properties.content_type),
                    user_properties: user
                        .map(|(name, value)| (name.to_owned(), value.to_owned()))
                        .collect(),
                },
            },
        })
    }
}

fn put(key: u64, value: &impl Serialize) -> Change {
    // Serializing these types into memory cannot fail.
    let value = postcard::to_extend(value, vec![FORMAT]).unwrap_or_default();
    Change::Put { key, value }
}

/// Reads one value from all of the bytes.
fn whole<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Option<T> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
