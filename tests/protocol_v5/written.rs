//! Packets to the broker: byte for byte, and nothing where a rule would be broken.

use midge::protocol::Direction::Outgoing;
use midge::protocol::encode::{self, EncodeError, Part};
use midge::protocol::{
    Auth, Connect, ConnectProperties, Disconnect, FilterFault, MOST_USER_PROPERTIES, PublishParts,
    PublishProperties, Qos, RetainHandling, SubscribeOptions, TopicFault, Version, Will, outline,
    publish_properties,
};

use super::bytes::hex;

fn written(
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), EncodeError>,
) -> Result<Vec<u8>, EncodeError> {
    let mut out = b"before".to_vec();
    match write(&mut out) {
        Ok(()) => {
            let bytes = out.split_off(6);
            let found = outline(&bytes, Version::V5, Outgoing);
            assert!(found.is_ok(), "{found:?}: {bytes:02x?}");
            Ok(bytes)
        }
        Err(error) => {
            assert_eq!(out, b"before", "nothing was appended: {error}");
            assert!(!error.clause().is_empty() && !error.to_string().is_empty());
            Err(error)
        }
    }
}

fn connect() -> Connect {
    Connect {
        version: Version::V5,
        client_id: "midge".into(),
        keep_alive: 60,
        clean_session: true,
        user_name: None,
        password: None,
        will: None,
        properties: ConnectProperties::default(),
    }
}

fn users(all: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = all
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    owned.collect()
}

/// MQTT 5 [MQTT-2.2.2-1], [MQTT-3.1.2-4], [MQTT-3.1.2-16], [MQTT-3.1.2-18], [MQTT-3.1.3-1], [MQTT-3.1.3-3]
#[test]
fn a_plain_connect_has_a_property_length_of_zero() {
    assert_eq!(
        written(|out| encode::connect(&connect(), out)).unwrap(),
        hex("10 12 00 04 'MQTT' 05 02 00 3C 00 00 05 'midge'")
    );
    let empty = Connect {
        client_id: String::new(),
        clean_session: false,
        ..connect()
    };
    assert_eq!(
        written(|out| encode::connect(&empty, out)).unwrap(),
        hex("10 0D 00 04 'MQTT' 05 00 00 3C 00 00 00")
    );
}

/// MQTT 5 [MQTT-3.1.2-7], [MQTT-3.1.2-9], [MQTT-3.1.2-17], [MQTT-3.1.2-19], [MQTT-3.1.3-1]
#[test]
fn every_part_of_a_connect_is_written_in_its_place() {
    let c = Connect {
        user_name: Some("u".into()),
        password: Some(vec![0, 0xFF]),
        will: Some(Will {
            topic: "gone".into(),
            payload: b"yes".to_vec(),
            qos: Qos::AtLeastOnce,
            retain: true,
            delay: Some(5),
            properties: PublishProperties {
                payload_is_text: Some(true),
                message_expiry: Some(60),
                content_type: Some("t".into()),
                response_topic: Some("r".into()),
                correlation_data: Some(vec![1]),
                user_properties: users(&[("k", "v")]),
                topic_alias: Some(9),
                subscription_identifiers: vec![7],
            },
        }),
        properties: ConnectProperties {
            session_expiry: Some(u32::MAX),
            receive_maximum: Some(10),
            maximum_packet_size: Some(1 << 20),
            topic_alias_maximum: Some(16),
            request_response_information: Some(true),
            request_problem_information: Some(false),
            user_properties: users(&[("b", "1"), ("a", "2")]),
            authentication_method: Some("M".into()),
            authentication_data: Some(vec![0]),
        },
        ..connect()
    };
    assert_eq!(
        written(|out| encode::connect(&c, out)).unwrap(),
        hex("10 6E 00 04 'MQTT' 05 EE 00 3C
             2A 11 FF FF FF FF 21 00 0A 27 00 10 00 00 22 00 10 19 01 17 00
             26 00 01 'b' 00 01 '1' 26 00 01 'a' 00 01 '2' 15 00 01 'M' 16 00 01 00
             00 05 'midge'
             1F 18 00 00 00 05 01 01 02 00 00 00 3C 03 00 01 't' 08 00 01 'r' 09 00 01 01 26 00 01 'k' 00 01 'v'
             00 04 'gone' 00 03 'yes' 00 01 'u' 00 02 00 FF"),
        "the will has neither a topic alias nor identifiers"
    );
    let alone = Connect {
        password: Some(b"p".to_vec()),
        ..connect()
    };
    let bytes = written(|out| encode::connect(&alone, out)).unwrap();
    assert_eq!(
        bytes[9], 0x42,
        "MQTT 5 takes a password without a user name"
    );
}

/// MQTT 5 [MQTT-1.5.4-2], [MQTT-3.1.3-11], [MQTT-3.1.3-12]
#[test]
fn a_connect_that_breaks_a_rule_is_not_written() {
    let long = "x".repeat(65_536);
    let with = |change: &dyn Fn(&mut ConnectProperties)| {
        let mut c = connect();
        change(&mut c.properties);
        written(|out| encode::connect(&c, out)).unwrap_err()
    };
    for (found, expected) in [
        (
            with(&|p| p.receive_maximum = Some(0)),
            EncodeError::OutOfRange(Part::ReceiveMaximum),
        ),
        (
            with(&|p| p.maximum_packet_size = Some(0)),
            EncodeError::OutOfRange(Part::MaximumPacketSize),
        ),
        (
            with(&|p| p.authentication_method = Some(long.clone())),
            EncodeError::TooLong(Part::AuthenticationMethod),
        ),
        (
            with(&|p| p.authentication_method = Some("\0".into())),
            EncodeError::Nul(Part::AuthenticationMethod),
        ),
        (
            with(&|p| p.authentication_data = Some(vec![1])),
            EncodeError::Missing(Part::AuthenticationMethod),
        ),
        (
            with(&|p| p.authentication_data = Some(vec![0; 65_536])),
            EncodeError::TooLong(Part::AuthenticationData),
        ),
        (
            with(&|p| p.user_properties = users(&[("a\0", "")])),
            EncodeError::Nul(Part::UserPropertyName),
        ),
        (
            with(&|p| p.user_properties = users(&[("a", &long)])),
            EncodeError::TooLong(Part::UserPropertyValue),
        ),
        (
            with(&|p| p.user_properties = vec![Default::default(); MOST_USER_PROPERTIES + 1]),
            EncodeError::TooManyUserProperties,
        ),
    ] {
        assert_eq!(found, expected);
    }
    for (will, expected) in [
        (
            PublishProperties {
                response_topic: Some("a/#".into()),
                ..PublishProperties::default()
            },
            EncodeError::ResponseTopic(TopicFault::Wildcard { level: 1 }),
        ),
        (
            PublishProperties {
                content_type: Some("\0".into()),
                ..PublishProperties::default()
            },
            EncodeError::Nul(Part::ContentType),
        ),
    ] {
        let c = Connect {
            will: Some(Will {
                topic: "w".into(),
                properties: will,
                ..Will::default()
            }),
            ..connect()
        };
        assert_eq!(written(|out| encode::connect(&c, out)), Err(expected));
    }
}

fn message(properties: &PublishProperties) -> PublishParts<'_> {
    PublishParts {
        topic: "a/b",
        payload: b"hi",
        qos: Qos::AtLeastOnce,
        packet_id: 10,
        properties: Some(properties),
        ..PublishParts::default()
    }
}

fn publish(parts: &PublishParts) -> Result<Vec<u8>, EncodeError> {
    written(|out| encode::publish(parts, Version::V5, out))
}

/// MQTT 5 [MQTT-2.2.1-2], [MQTT-2.2.2-1], [MQTT-3.3.2-1]
#[test]
fn a_publish_has_its_properties_between_the_identifier_and_the_payload() {
    let absent = PublishProperties::default();
    let none = PublishParts {
        properties: None,
        ..message(&absent)
    };
    assert_eq!(
        publish(&none).unwrap(),
        hex("32 0A 00 03 'a/b' 00 0A 00 'hi'")
    );
    let zero = PublishParts {
        qos: Qos::AtMostOnce,
        ..none
    };
    assert_eq!(
        publish(&zero).unwrap(),
        hex("30 08 00 03 'a/b' 00 'hi'"),
        "no identifier"
    );
    let all = PublishProperties {
        payload_is_text: Some(false),
        message_expiry: Some(1),
        topic_alias: Some(2),
        response_topic: Some("r".into()),
        correlation_data: Some(vec![]),
        subscription_identifiers: vec![],
        content_type: Some(String::new()),
        user_properties: users(&[("z", "1"), ("a", "2"), ("z", "3")]),
    };
    let bytes = publish(&message(&all)).unwrap();
    let found = outline(&bytes, Version::V5, Outgoing).unwrap();
    assert_eq!(publish_properties(&bytes, &found), all);
    assert_eq!(&bytes[found.payload as usize..], b"hi");
    assert_eq!((found.packet_id, found.topic_alias), (10, 2));
    // Other versions have no properties.
    let mut out = Vec::new();
    encode::publish(&message(&all), Version::V311, &mut out).unwrap();
    assert_eq!(out, hex("32 09 00 03 'a/b' 00 0A 'hi'"));
}

/// MQTT 5 [MQTT-3.3.2-8]
#[test]
fn the_topic_may_be_empty_with_an_alias_and_only_then() {
    let with = |topic, topic_alias| PublishParts {
        topic,
        topic_alias,
        payload: b"hi",
        ..PublishParts::default()
    };
    assert_eq!(
        publish(&with("", Some(7))).unwrap(),
        hex("30 08 00 00 03 23 00 07 'hi'")
    );
    assert_eq!(
        publish(&with("t", Some(7))).unwrap(),
        hex("30 09 00 01 't' 03 23 00 07 'hi'")
    );
    assert_eq!(
        publish(&with("", None)),
        Err(EncodeError::Topic(TopicFault::Empty))
    );
    assert_eq!(
        publish(&with("t", Some(0))),
        Err(EncodeError::OutOfRange(Part::TopicAlias))
    );
    let mut out = Vec::new();
    let earlier = encode::publish(&with("", Some(7)), Version::V311, &mut out);
    assert_eq!(earlier, Err(EncodeError::Topic(TopicFault::Empty)));
    // The alias of the parts is the one that counts.
    let properties = PublishProperties {
        topic_alias: Some(1),
        ..PublishProperties::default()
    };
    let both = PublishParts {
        properties: Some(&properties),
        ..with("", Some(2))
    };
    assert_eq!(publish(&both).unwrap(), hex("30 08 00 00 03 23 00 02 'hi'"));
    let own = PublishParts {
        topic_alias: None,
        ..both
    };
    assert_eq!(publish(&own).unwrap(), hex("30 08 00 00 03 23 00 01 'hi'"));
}

#[test]
fn the_identifiers_of_a_subscription_are_never_sent_back() {
    let properties = PublishProperties {
        subscription_identifiers: vec![1, 2],
        ..PublishProperties::default()
    };
    let bytes = publish(&message(&properties)).unwrap();
    assert_eq!(bytes, hex("32 0A 00 03 'a/b' 00 0A 00 'hi'"));
}

/// MQTT 5 [MQTT-3.3.2-2], [MQTT-3.3.2-13], [MQTT-3.3.2-14], [MQTT-3.3.2-19]
#[test]
fn a_publish_that_breaks_a_rule_is_not_written() {
    let long = "x".repeat(65_536);
    let with = |change: &dyn Fn(&mut PublishProperties)| {
        let mut properties = PublishProperties::default();
        change(&mut properties);
        publish(&message(&properties)).unwrap_err()
    };
    for (found, expected) in [
        (
            with(&|p| p.topic_alias = Some(0)),
            EncodeError::OutOfRange(Part::TopicAlias),
        ),
        (
            with(&|p| p.response_topic = Some(String::new())),
            EncodeError::ResponseTopic(TopicFault::Empty),
        ),
        (
            with(&|p| p.response_topic = Some("+".into())),
            EncodeError::ResponseTopic(TopicFault::Wildcard { level: 0 }),
        ),
        (
            with(&|p| p.response_topic = Some(long.clone())),
            EncodeError::TooLong(Part::ResponseTopic),
        ),
        (
            with(&|p| p.response_topic = Some("a\0".into())),
            EncodeError::Nul(Part::ResponseTopic),
        ),
        (
            with(&|p| p.correlation_data = Some(vec![0; 65_536])),
            EncodeError::TooLong(Part::CorrelationData),
        ),
        (
            with(&|p| p.content_type = Some(long.clone())),
            EncodeError::TooLong(Part::ContentType),
        ),
        (
            with(&|p| p.content_type = Some("\0".into())),
            EncodeError::Nul(Part::ContentType),
        ),
        (
            with(&|p| p.user_properties = users(&[("", "\0")])),
            EncodeError::Nul(Part::UserPropertyValue),
        ),
    ] {
        assert_eq!(found, expected);
    }
    let properties = PublishProperties::default();
    let wildcard = PublishParts {
        topic: "a/+",
        ..message(&properties)
    };
    let expected = EncodeError::Topic(TopicFault::Wildcard { level: 1 });
    assert_eq!(publish(&wildcard), Err(expected));
}

/// MQTT 5 [MQTT-3.8.3-1], [MQTT-3.10.3-1], [MQTT-2.2.2-1]
#[test]
fn subscribe_and_unsubscribe_are_written_with_all_options() {
    let options = |qos, no_local, retain_as_published, retain_handling| SubscribeOptions {
        qos,
        no_local,
        retain_as_published,
        retain_handling,
    };
    let filters = [
        (
            "a",
            options(Qos::AtMostOnce, true, false, RetainHandling::Always),
        ),
        (
            "b",
            options(Qos::AtLeastOnce, false, true, RetainHandling::IfNew),
        ),
        (
            "$share/g/#",
            options(Qos::ExactlyOnce, false, true, RetainHandling::Never),
        ),
    ];
    let expected = "00 01 'a' 04 00 01 'b' 19 00 0A '$share/g/#' 2A";
    let subscribe =
        |identifier| written(|out| encode::subscribe(7, &filters, identifier, Version::V5, out));
    assert_eq!(
        subscribe(None).unwrap(),
        hex(&format!("82 18 00 07 00 {expected}"))
    );
    for (identifier, bytes) in [
        (1, "82 1A 00 07 02 0B 01"),
        (127, "82 1A 00 07 02 0B 7F"),
        (128, "82 1B 00 07 03 0B 80 01"),
        (16_384, "82 1C 00 07 04 0B 80 80 01"),
        (268_435_455, "82 1D 00 07 05 0B FF FF FF 7F"),
    ] {
        let found = subscribe(Some(identifier)).unwrap();
        assert_eq!(found, hex(&format!("{bytes} {expected}")), "{identifier}");
    }
    for identifier in [0, 268_435_456, u32::MAX] {
        let expected = EncodeError::OutOfRange(Part::SubscriptionIdentifier);
        assert_eq!(subscribe(Some(identifier)), Err(expected));
    }
    let unsubscribe = written(|out| encode::unsubscribe(7, &["a", "b/#"], Version::V5, out));
    assert_eq!(
        unsubscribe.unwrap(),
        hex("A2 0B 00 07 00 00 01 'a' 00 03 'b/#'")
    );
}

/// MQTT 5 [MQTT-2.2.1-3], [MQTT-3.8.3-2], [MQTT-3.8.3-4], [MQTT-3.10.3-2], [MQTT-4.7.1-1], [MQTT-4.8.2-1], [MQTT-4.8.2-2]
#[test]
fn a_subscribe_that_breaks_a_rule_is_not_written() {
    let no_local = SubscribeOptions {
        no_local: true,
        ..SubscribeOptions::default()
    };
    let plain = SubscribeOptions::default();
    for (packet_id, filters, expected) in [
        (0, vec![("a", plain)], EncodeError::PacketIdZero),
        (1, vec![], EncodeError::NoFilters),
        (
            1,
            vec![("a", no_local), ("$share/g/a", no_local)],
            EncodeError::NoLocalShared { index: 1 },
        ),
        (
            1,
            vec![("a", plain), ("a#", plain)],
            EncodeError::Filter {
                index: 1,
                fault: FilterFault::HashNotAlone { level: 0 },
            },
        ),
        (
            1,
            vec![("$share//a", plain)],
            EncodeError::Filter {
                index: 0,
                fault: FilterFault::ShareGroupEmpty,
            },
        ),
        (
            1,
            vec![("$share/+/a", plain)],
            EncodeError::Filter {
                index: 0,
                fault: FilterFault::ShareGroupWildcard,
            },
        ),
    ] {
        let found = written(|out| encode::subscribe(packet_id, &filters, None, Version::V5, out));
        assert_eq!(found, Err(expected));
        if !matches!(expected, EncodeError::NoLocalShared { .. }) {
            let names: Vec<_> = filters.iter().map(|(filter, _)| *filter).collect();
            let found = written(|out| encode::unsubscribe(packet_id, &names, Version::V5, out));
            assert_eq!(found, Err(expected));
        }
    }
}

/// MQTT 5 [MQTT-3.14.1-1], [MQTT-3.14.2-1]
#[test]
fn a_disconnect_says_its_reason() {
    let with = |d: Disconnect| written(|out| encode::disconnect_with(&d, out));
    assert_eq!(with(Disconnect::default()).unwrap(), hex("E0 00"));
    let code = |code| Disconnect {
        code,
        ..Disconnect::default()
    };
    assert_eq!(with(code(0x04)).unwrap(), hex("E0 02 04 00"));
    let full = Disconnect {
        code: 0x82,
        session_expiry: Some(0),
        reason_string: Some("no".into()),
        server_reference: Some("a client has none".into()),
        user_properties: users(&[("k", "v")]),
    };
    assert_eq!(
        with(full).unwrap(),
        hex("E0 13 82 11 11 00 00 00 00 1F 00 02 'no' 26 00 01 'k' 00 01 'v'")
    );
    for refused in [0x01, 0x87, 0x8B, 0x8E, 0x9D, 0xFF] {
        assert_eq!(with(code(refused)), Err(EncodeError::ReasonCode(refused)));
    }
    let nul = Disconnect {
        reason_string: Some("\0".into()),
        ..code(0x82)
    };
    assert_eq!(with(nul), Err(EncodeError::Nul(Part::ReasonString)));
}

/// MQTT 5 [MQTT-3.15.1-1], [MQTT-3.15.2-1]
#[test]
fn an_auth_is_written_with_its_method() {
    let with = |a: &Auth| written(|out| encode::auth(a, out));
    let full = Auth {
        code: 0x18,
        method: Some("M".into()),
        data: Some(vec![0, 0xFF]),
        reason_string: Some("r".into()),
        user_properties: users(&[("k", "v")]),
    };
    assert_eq!(
        with(&full).unwrap(),
        hex("F0 16 18 14 15 00 01 'M' 16 00 02 00 FF 1F 00 01 'r' 26 00 01 'k' 00 01 'v'")
    );
    let again = Auth {
        code: 0x19,
        method: Some("M".into()),
        ..Auth::default()
    };
    assert_eq!(with(&again).unwrap(), hex("F0 06 19 04 15 00 01 'M'"));
    let success = Auth {
        code: 0,
        ..again.clone()
    };
    assert_eq!(
        with(&success),
        Err(EncodeError::ReasonCode(0)),
        "only a broker says so"
    );
    let without = Auth {
        method: None,
        ..again.clone()
    };
    assert_eq!(
        with(&without),
        Err(EncodeError::Missing(Part::AuthenticationMethod))
    );
    let long = Auth {
        data: Some(vec![0; 65_536]),
        ..again
    };
    assert_eq!(
        with(&long),
        Err(EncodeError::TooLong(Part::AuthenticationData))
    );
}

#[test]
fn a_property_length_of_each_size_is_right() {
    for size in [0_usize, 1, 117, 118, 119, 16_370, 16_380, 65_000] {
        for copies in [1, 40] {
            let properties = PublishProperties {
                user_properties: vec![("n".into(), "v".repeat(size)); copies],
                ..PublishProperties::default()
            };
            let bytes = publish(&message(&properties)).unwrap();
            let found = outline(&bytes, Version::V5, Outgoing).unwrap();
            assert_eq!(publish_properties(&bytes, &found), properties);
            assert_eq!(&bytes[found.payload as usize..], b"hi");
        }
    }
}
