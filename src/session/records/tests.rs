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
