//! Packets to the broker: what is written, that it reads back, and that nothing is written when it cannot be.

use midge::protocol::encode::{self, EncodeError, Part};
use midge::protocol::{
    Connect, Direction::Outgoing, FilterFault, PacketType, PublishParts, Qos, TopicFault, Version,
    Will, fields, outline,
};
use proptest::prelude::*;

fn plain_connect() -> Connect {
    Connect {
        version: Version::V311,
        client_id: "midge".into(),
        keep_alive: 60,
        clean_session: true,
        user_name: None,
        password: None,
        will: None,
        properties: Default::default(),
    }
}

fn connect(c: &Connect) -> Result<Vec<u8>, EncodeError> {
    let mut out = b"before".to_vec();
    match encode::connect(c, &mut out) {
        Ok(()) => Ok(out.split_off(6)),
        Err(error) => {
            assert_eq!(out, b"before", "nothing was appended");
            Err(error)
        }
    }
}

fn publish(p: &PublishParts) -> Result<Vec<u8>, EncodeError> {
    let mut out = b"before".to_vec();
    match encode::publish(p, Version::V311, &mut out) {
        Ok(()) => Ok(out.split_off(6)),
        Err(error) => {
            assert_eq!(out, b"before", "nothing was appended");
            Err(error)
        }
    }
}

const MESSAGE: PublishParts<'static> = PublishParts {
    topic: "a/b",
    payload: b"hi",
    qos: Qos::AtLeastOnce,
    retain: false,
    dup: false,
    packet_id: 10,
    properties: None,
    topic_alias: None,
};

/// What the field map calls `name`, in order.
fn values(packet: &[u8], name: &str) -> Vec<String> {
    let all = fields(packet, Version::V311);
    all.into_iter()
        .filter(|field| field.name == name)
        .map(|field| field.value)
        .collect()
}

/// Section 3.1, byte by byte.
///
/// MQTT 3.1.1 [MQTT-3.1.2-9], [MQTT-3.1.2-11], [MQTT-3.1.3-1], [MQTT-3.1.3-3], [MQTT-3.1.3-4]
#[test]
fn connect_is_written_as_the_specification_lays_it_out() {
    assert_eq!(
        connect(&plain_connect()).unwrap(),
        b"\x10\x11\x00\x04MQTT\x04\x02\x00\x3c\x00\x05midge"
    );
    let full = Connect {
        clean_session: false,
        keep_alive: 0x0102,
        user_name: Some("u".into()),
        password: Some(vec![0, 0xFF]),
        will: Some(Will {
            topic: "w/t".into(),
            payload: b"\0bye".to_vec(),
            qos: Qos::ExactlyOnce,
            retain: true,
            ..Will::default()
        }),
        ..plain_connect()
    };
    let packet = connect(&full).unwrap();
    assert_eq!(
        packet,
        b"\x10\x23\x00\x04MQTT\x04\xf4\x01\x02\x00\x05midge\x00\x03w/t\x00\x04\x00bye\x00\x01u\x00\x02\x00\xff"
    );
    assert_eq!(
        outline(&packet, Version::V311, Outgoing)
            .unwrap()
            .packet_type,
        PacketType::Connect
    );
}

/// MQTT 3.1.1 [MQTT-3.1.2-18], [MQTT-3.1.2-19], [MQTT-3.1.2-20], [MQTT-3.1.2-21]
#[test]
fn an_empty_user_name_and_an_empty_password_are_sent_and_absent_ones_are_not() {
    let both = Connect {
        user_name: Some(String::new()),
        password: Some(Vec::new()),
        ..plain_connect()
    };
    let packet = connect(&both).unwrap();
    assert_eq!(packet[9], 0xC2);
    assert!(packet.ends_with(b"midge\x00\x00\x00\x00"));
    let user = Connect {
        password: None,
        ..both
    };
    let packet = connect(&user).unwrap();
    assert_eq!(packet[9], 0x82);
    assert!(packet.ends_with(b"midge\x00\x00"));
    assert_eq!(connect(&plain_connect()).unwrap()[9], 0x02);
}

/// MQTT 3.1.1 [MQTT-3.1.2-22], [MQTT-3.1.3-7], [MQTT-1.5.3-2], [MQTT-3.1.3-10], [MQTT-3.1.3-11]
#[test]
fn a_connect_that_breaks_a_rule_is_not_written() {
    let long = "x".repeat(65_536);
    let will = |topic: &str, payload: Vec<u8>| {
        Some(Will {
            topic: topic.into(),
            payload,
            qos: Qos::AtMostOnce,
            retain: false,
            ..Will::default()
        })
    };
    for (c, error) in [
        (
            Connect {
                password: Some(b"p".to_vec()),
                ..plain_connect()
            },
            EncodeError::PasswordWithoutUserName,
        ),
        (
            Connect {
                client_id: String::new(),
                clean_session: false,
                ..plain_connect()
            },
            EncodeError::ClientIdEmpty,
        ),
        (
            Connect {
                client_id: long.clone(),
                ..plain_connect()
            },
            EncodeError::TooLong(Part::ClientId),
        ),
        (
            Connect {
                client_id: "a\0".into(),
                ..plain_connect()
            },
            EncodeError::Nul(Part::ClientId),
        ),
        (
            Connect {
                user_name: Some(long.clone()),
                ..plain_connect()
            },
            EncodeError::TooLong(Part::UserName),
        ),
        (
            Connect {
                user_name: Some("\0".into()),
                ..plain_connect()
            },
            EncodeError::Nul(Part::UserName),
        ),
        (
            Connect {
                user_name: Some("u".into()),
                password: Some(long.clone().into()),
                ..plain_connect()
            },
            EncodeError::TooLong(Part::Password),
        ),
        (
            Connect {
                will: will("a/+", vec![]),
                ..plain_connect()
            },
            EncodeError::Topic(TopicFault::Wildcard { level: 1 }),
        ),
        (
            Connect {
                will: will("", vec![]),
                ..plain_connect()
            },
            EncodeError::Topic(TopicFault::Empty),
        ),
        (
            Connect {
                will: will(&long, vec![]),
                ..plain_connect()
            },
            EncodeError::Topic(TopicFault::TooLong),
        ),
        (
            Connect {
                will: will("w", vec![0; 65_536]),
                ..plain_connect()
            },
            EncodeError::TooLong(Part::WillMessage),
        ),
    ] {
        assert_eq!(connect(&c), Err(error), "{error}");
        assert!(!error.clause().is_empty());
    }
    let empty = Connect {
        client_id: String::new(),
        ..plain_connect()
    };
    assert!(
        connect(&empty).is_ok(),
        "an empty client identifier goes with a clean session"
    );
}

#[test]
fn the_longest_strings_of_connect_are_written_whole() {
    let long = "x".repeat(65_535);
    let c = Connect {
        client_id: long.clone(),
        user_name: Some(long.clone()),
        password: Some(long.clone().into()),
        will: Some(Will {
            topic: long.clone(),
            payload: vec![9; 65_535],
            qos: Qos::AtMostOnce,
            retain: false,
            ..Will::default()
        }),
        ..plain_connect()
    };
    let packet = connect(&c).unwrap();
    assert_eq!(packet.len(), 4 + 10 + 5 * 65_537);
    assert!(outline(&packet, Version::V311, Outgoing).is_ok());
    assert_eq!(values(&packet, "Client Identifier"), [long]);
}

#[test]
fn the_password_is_not_shown_by_debug() {
    let c = Connect {
        user_name: Some("u".into()),
        password: Some(b"hunter2".to_vec()),
        ..plain_connect()
    };
    let text = format!("{c:?}");
    assert!(
        text.contains("•••") && !text.contains("hunter2") && !text.contains("104"),
        "{text}"
    );
}

/// MQTT 3.1.1 [MQTT-2.3.1-1], [MQTT-2.3.1-5], [MQTT-3.3.1-2], [MQTT-3.3.2-1], [MQTT-3.3.2-2], [MQTT-4.7.1-1]
#[test]
fn a_publish_that_breaks_a_rule_is_not_written() {
    let long = "x".repeat(65_536);
    for (p, error) in [
        (
            PublishParts {
                topic: "",
                ..MESSAGE
            },
            EncodeError::Topic(TopicFault::Empty),
        ),
        (
            PublishParts {
                topic: "a/#",
                ..MESSAGE
            },
            EncodeError::Topic(TopicFault::Wildcard { level: 1 }),
        ),
        (
            PublishParts {
                topic: "a\0",
                ..MESSAGE
            },
            EncodeError::Topic(TopicFault::Nul),
        ),
        (
            PublishParts {
                topic: &long,
                ..MESSAGE
            },
            EncodeError::Topic(TopicFault::TooLong),
        ),
        (
            PublishParts {
                packet_id: 0,
                ..MESSAGE
            },
            EncodeError::PacketIdZero,
        ),
        (
            PublishParts {
                packet_id: 0,
                qos: Qos::ExactlyOnce,
                ..MESSAGE
            },
            EncodeError::PacketIdZero,
        ),
        (
            PublishParts {
                dup: true,
                qos: Qos::AtMostOnce,
                ..MESSAGE
            },
            EncodeError::DupWithQosZero,
        ),
    ] {
        assert_eq!(publish(&p), Err(error), "{error}");
    }
}

/// A PUBLISH of QoS 0 has no packet identifier.
///
/// MQTT 3.1.1 [MQTT-2.3.1-5]
#[test]
fn publish_is_written_as_the_specification_lays_it_out() {
    assert_eq!(publish(&MESSAGE).unwrap(), b"\x32\x09\x00\x03a/b\x00\x0ahi");
    let zero = PublishParts {
        qos: Qos::AtMostOnce,
        retain: true,
        ..MESSAGE
    };
    assert_eq!(publish(&zero).unwrap(), b"\x31\x07\x00\x03a/bhi");
    let empty = PublishParts {
        payload: b"",
        qos: Qos::ExactlyOnce,
        dup: true,
        ..MESSAGE
    };
    assert_eq!(publish(&empty).unwrap(), b"\x3c\x07\x00\x03a/b\x00\x0a");
}

/// MQTT 3.1.1 [MQTT-3.3.1-1]
/// MQTT 5 [MQTT-3.3.1-1]
#[test]
fn dup_is_set_on_messages_that_are_delivered_again_and_on_nothing_else() {
    for qos in [Qos::AtLeastOnce, Qos::ExactlyOnce] {
        let mut packet = publish(&PublishParts { qos, ..MESSAGE }).unwrap();
        encode::set_dup(&mut packet);
        assert_eq!(
            packet,
            publish(&PublishParts {
                qos,
                dup: true,
                ..MESSAGE
            })
            .unwrap()
        );
    }
    for mut packet in [
        publish(&PublishParts {
            qos: Qos::AtMostOnce,
            ..MESSAGE
        })
        .unwrap(),
        vec![0x62, 2, 0, 1],
        vec![],
    ] {
        let before = packet.clone();
        encode::set_dup(&mut packet);
        assert_eq!(packet, before);
    }
}

/// MQTT 3.1.1 [MQTT-3.6.1-1], [MQTT-3.14.1-1]
/// MQTT 5 [MQTT-3.14.1-1]
#[test]
fn the_short_packets_are_written_to_the_byte() {
    let mut out = Vec::new();
    encode::puback(1, &mut out);
    encode::pubrec(0x0203, &mut out);
    encode::pubrel(0xFFFF, &mut out);
    encode::pubcomp(256, &mut out);
    encode::pingreq(&mut out);
    encode::disconnect(&mut out);
    assert_eq!(
        out,
        [
            0x40, 2, 0, 1, 0x50, 2, 2, 3, 0x62, 2, 0xFF, 0xFF, 0x70, 2, 1, 0, 0xC0, 0, 0xE0, 0
        ],
        "one after the other"
    );
}

/// MQTT 3.1.1 [MQTT-3.8.1-1], [MQTT-3.10.1-1], [MQTT-3.8.3-1], [MQTT-3.10.3-1]
#[test]
fn subscribe_and_unsubscribe_are_written_as_the_specification_lays_them_out() {
    let mut out = b"before".to_vec();
    encode::subscribe(
        260,
        &[
            ("a/+", Qos::AtMostOnce.into()),
            ("#", Qos::ExactlyOnce.into()),
        ],
        None,
        Version::V311,
        &mut out,
    )
    .unwrap();
    assert_eq!(out, b"before\x82\x0c\x01\x04\x00\x03a/+\x00\x00\x01#\x02");
    let mut out = b"before".to_vec();
    encode::unsubscribe(1, &["a/+", "#"], Version::V311, &mut out).unwrap();
    assert_eq!(out, b"before\xa2\x0a\x00\x01\x00\x03a/+\x00\x01#");
}

/// MQTT 3.1.1 [MQTT-3.8.3-3], [MQTT-3.10.3-2], [MQTT-2.3.1-1], [MQTT-4.7.1-2], [MQTT-4.7.3-3]
#[test]
fn a_subscribe_that_breaks_a_rule_is_not_written() {
    let long = "x".repeat(65_536);
    for (packet_id, filters, error) in [
        (0, &["a"][..], EncodeError::PacketIdZero),
        (1, &[], EncodeError::NoFilters),
        (
            1,
            &["a", "b#"],
            EncodeError::Filter {
                index: 1,
                fault: FilterFault::HashNotAlone { level: 0 },
            },
        ),
        (
            1,
            &[""],
            EncodeError::Filter {
                index: 0,
                fault: FilterFault::Empty,
            },
        ),
        (
            1,
            &["a", "b", &long],
            EncodeError::Filter {
                index: 2,
                fault: FilterFault::TooLong,
            },
        ),
    ] {
        let mut out = b"before".to_vec();
        let with_qos: Vec<_> = filters
            .iter()
            .map(|filter| (*filter, Qos::AtLeastOnce.into()))
            .collect();
        assert_eq!(
            encode::subscribe(packet_id, &with_qos, None, Version::V311, &mut out),
            Err(error)
        );
        assert_eq!(
            encode::unsubscribe(packet_id, filters, Version::V311, &mut out),
            Err(error)
        );
        assert_eq!(out, b"before", "nothing was appended");
    }
    // 4,097 filters of 65,535 bytes are more than one packet can hold.
    let longest = "x".repeat(65_535);
    let mut out = Vec::new();
    let filters = vec![(&longest[..], Qos::AtMostOnce.into()); 4_097];
    assert_eq!(
        encode::subscribe(1, &filters, None, Version::V311, &mut out),
        Err(EncodeError::PacketTooLarge)
    );
    assert!(out.is_empty());
}

proptest! {
    #[test]
    fn whatever_publish_is_written_reads_back(
        topic in "[^\0+#]{1,60}",
        payload in prop::collection::vec(any::<u8>(), 0..20_000),
        qos in 0_u8..3,
        (retain, dup) in any::<(bool, bool)>(),
        packet_id in 1_u16..,
    ) {
        let qos = Qos::from_bits(qos).unwrap();
        let dup = dup && qos != Qos::AtMostOnce;
        let p = PublishParts { topic: &topic, payload: &payload, qos, retain, dup, packet_id, properties: None, topic_alias: None };
        let packet = publish(&p).unwrap();
        let found = outline(&packet, Version::V311, Outgoing).unwrap();
        prop_assert_eq!(&packet[found.topic.0 as usize..found.topic.1 as usize], topic.as_bytes());
        prop_assert_eq!(&packet[found.payload as usize..], &payload[..]);
        let expected_id = if qos == Qos::AtMostOnce { 0 } else { packet_id };
        prop_assert_eq!((found.qos, found.retain, found.dup, found.packet_id), (qos, retain, dup, expected_id));
        prop_assert_eq!(values(&packet, "Topic Name"), [topic.clone()]);
    }

    #[test]
    fn whatever_connect_is_written_reads_back(
        client_id in "[^\0]{0,30}",
        user_name in prop::option::of("[^\0]{0,30}"),
        password in prop::option::of(prop::collection::vec(any::<u8>(), 0..30)),
        will in prop::option::of(("[^\0+#]{1,30}", prop::collection::vec(any::<u8>(), 0..30), 0_u8..3, any::<bool>())),
        keep_alive in any::<u16>(),
    ) {
        let c = Connect { properties: Default::default(),
            version: Version::V311,
            client_id: client_id.clone(),
            keep_alive,
            clean_session: client_id.is_empty(),
            password: password.clone().filter(|_| user_name.is_some()),
            user_name: user_name.clone(),
            will: will.clone().map(|(topic, payload, qos, retain)| {
                Will { topic, payload, qos: Qos::from_bits(qos).unwrap(), retain,..Will::default() }
            }),
        };
        let packet = connect(&c).unwrap();
        prop_assert!(outline(&packet, Version::V311, Outgoing).is_ok());
        prop_assert_eq!(values(&packet, "Client Identifier"), [client_id]);
        prop_assert_eq!(values(&packet, "User Name"), user_name.into_iter().collect::<Vec<_>>());
        prop_assert_eq!(values(&packet, "Keep Alive"), [keep_alive.to_string()]);
        prop_assert_eq!(values(&packet, "Will Topic"), will.into_iter().map(|will| will.0).collect::<Vec<_>>());
        prop_assert_eq!(values(&packet, "Password").len(), usize::from(c.password.is_some()));
    }

    #[test]
    fn whatever_subscribe_is_written_reads_back(
        filters in prop::collection::vec(("[a-z溫/]{1,20}", 0_u8..3), 1..20),
        packet_id in 1_u16..,
    ) {
        let with_qos: Vec<_> = filters.iter().map(|(f, qos)| (&f[..], Qos::from_bits(*qos).unwrap().into())).collect();
        let plain: Vec<_> = filters.iter().map(|(filter, _)| &filter[..]).collect();
        let (mut subscribe, mut unsubscribe) = (Vec::new(), Vec::new());
        encode::subscribe(packet_id, &with_qos, None, Version::V311, &mut subscribe).unwrap();
        encode::unsubscribe(packet_id, &plain, Version::V311, &mut unsubscribe).unwrap();
        for packet in [&subscribe, &unsubscribe] {
            prop_assert_eq!(outline(packet, Version::V311, Outgoing).unwrap().packet_id, packet_id);
            prop_assert_eq!(values(packet, "Topic Filter"), plain.clone());
        }
        let asked: Vec<_> = filters.iter().map(|(_, qos)| qos.to_string()).collect();
        prop_assert_eq!(values(&subscribe, "Requested QoS"), asked);
    }
}
