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
mod tests {
    use super::*;

    fn publication() -> Publication {
        Publication {
            key: outgoing_key(7),
            queued_at: 1_700_000_000_000_000,
            strikes: 0,
            message: Message {
                number: 0,
                topic: "a/ä".to_owned(),
                payload: vec![0, 255, 7],
                qos: Qos::ExactlyOnce,
                retain: true,
                properties: PublishProperties {
                    payload_is_text: Some(false),
                    message_expiry: Some(u32::MAX),
                    response_topic: Some("r".to_owned()),
                    correlation_data: Some(vec![0, 1]),
                    content_type: Some(String::new()),
                    user_properties: vec![
                        ("b".to_owned(), "1".to_owned()),
                        ("a".to_owned(), "2".to_owned()),
                        ("b".to_owned(), "1".to_owned()),
                    ],
                    ..PublishProperties::default()
                },
            },
        }
    }

    fn all() -> Vec<(Change, Record)> {
        let there = BrokerSubscription {
            filter: "a/#".to_owned(),
            options: SubscribeOptions {
                qos: Qos::ExactlyOnce,
                no_local: true,
                retain_as_published: true,
                retain_handling: RetainHandling::Never,
            },
            identifier: Some(crate::protocol::LARGEST_NUMBER),
            granted: Some(Qos::AtLeastOnce),
            leaving: false,
        };
        let key = outgoing_key(9);
        vec![
            (session(None), Record::Session { assigned: None }),
            (
                session(Some("x")),
                Record::Session {
                    assigned: Some("x".to_owned()),
                },
            ),
            (waiting(&publication()), Record::Waiting(publication())),
            (sent(3, &publication()), Record::Sent(3, publication())),
            (
                released(key, 65_535, 2),
                Record::Released {
                    key,
                    id: 65_535,
                    order: 2,
                },
            ),
            (received(12), Record::Received(12)),
            (
                subscription(subscription_key(4), &there),
                Record::Subscription(subscription_key(4), there),
            ),
        ]
    }

    /// Counts what is written byte by byte.
    struct Counting(usize);

    impl postcard::ser_flavors::Flavor for Counting {
        type Output = usize;

        fn try_extend(&mut self, _: &[u8]) -> postcard::Result<()> {
            Ok(())
        }

        fn try_push(&mut self, _: u8) -> postcard::Result<()> {
            self.0 += 1;
            Ok(())
        }

        fn finalize(self) -> postcard::Result<usize> {
            Ok(self.0)
        }
    }

    /// Payloads are of up to 256 MiB.
    #[test]
    fn bytes_are_written_in_one_piece() {
        let mut publication = publication();
        publication.message.payload = vec![7; 100_000];
        publication.message.properties.correlation_data = Some(vec![7; 60_000]);
        let record = Outgoing::Sent(1, Body::of(&publication));
        let single = postcard::serialize_with_flavor(&record, Counting(0)).expect("written");
        assert!(single < 100, "{single}");
    }

    /// The format of what earlier builds have stored.
    #[test]
    fn a_record_is_written_as_ever() {
        let Change::Put { value, .. } = waiting(&publication()) else {
            panic!("no record")
        };
        let written = b"\x01\x00\x80\x80\xf9\xc0\xc1\xc4\x82\x03\x04a/\xc3\xa4\x03\x00\xff\x07\x02\x01\
            \x01\x00\x01\xff\xff\xff\xff\x0f\x01\x01r\x01\x02\x00\x01\x01\x00\x03\x01b\x011\x01a\x012\x01b\x011";
        assert_eq!(value, written, "{}", value.escape_ascii());
    }

    #[test]
    fn what_was_written_is_read() {
        for (change, record) in all() {
            let Change::Put { key, value } = change else {
                panic!("{change:?}")
            };
            assert_eq!(read(key, &value), Some(record));
        }
    }

    /// Cut, grown, of another format, or under another key: no record, and no panic.
    #[test]
    fn what_is_damaged_is_no_record() {
        for (change, _) in all() {
            let Change::Put { key, mut value } = change else {
                panic!("{change:?}")
            };
            for cut in 0..value.len() {
                assert_eq!(read(key, &value[..cut]), None);
            }
            assert_eq!(read(key | 9 << KIND, &value), None);
            value.push(0);
            assert_eq!(read(key, &value), None);
            value.pop();
            value[0] = FORMAT + 1;
            assert_eq!(read(key, &value), None);
        }
        let mut none = publication();
        none.message.qos = Qos::AtMostOnce;
        let mut filter = publication();
        filter.message.topic = "a/#".to_owned();
        for change in [
            sent(0, &publication()),
            sent(1, &none),
            waiting(&filter),
            released(outgoing_key(1), 0, 1),
            received(0),
        ] {
            let Change::Put { key, value } = change else {
                panic!("{change:?}")
            };
            assert_eq!(read(key, &value), None, "{key:x}");
        }
    }
}
