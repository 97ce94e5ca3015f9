//! What MQTT 5 adds to what the page is told: what was granted, properties, pairs, refusals, versions.

use crate::simulated::{World, publication, request, subscribe};
use crate::told::Told;
use midge::link::{
    Command, ConnectRequest, Grant, Inspected, Notice, Pair, Phase, Publication, PublishTrouble,
    Target,
};
use midge::protocol::{
    self, Connect, ConnectProperties, Limit, PublishParts, PublishProperties, Qos, RetainHandling,
    SubscribeOptions, SubscribeRequest, Version,
};

fn connected(connack_properties: &[u8]) -> World {
    World::connected_with_v5(request(), connack_properties)
}

fn message(topic: &str, payload: &[u8], properties: PublishProperties) -> Vec<u8> {
    let mut bytes = Vec::new();
    let parts = PublishParts {
        topic,
        payload,
        topic_alias: properties.topic_alias,
        properties: Some(&properties),
        ..PublishParts::default()
    };
    protocol::encode::publish(&parts, Version::V5, &mut bytes).unwrap();
    bytes
}

fn publish(world: &mut World, number: u32, qos: u8, properties: PublishProperties) {
    world.say(Command::Publish(Box::new(Publication {
        properties,
        ..*publication(number, "t", "x", qos)
    })));
}

fn inspect(world: &mut World, seq: u64) -> Inspected {
    world.say(Command::Inspect(Some(Target::Packet(seq))));
    world.ask();
    let mut told = world.frames.iter().rev();
    told.find_map(|frame| frame.inspected().cloned()).unwrap()
}

fn alias(shown: &Inspected) -> Option<u16> {
    shown.properties.as_ref()?.topic_alias
}

#[test]
fn what_was_granted_is_told_beside_what_was_asked() {
    // Receive maximum 5, maximum QoS 1, no retain, topic alias maximum 3, server keep alive 30, assigned identifier.
    let properties = [
        &[0x21, 0, 5, 0x24, 1, 0x25, 0, 0x22, 0, 3, 0x13, 0, 30][..],
        &[0x12, 0, 4],
        b"auto",
    ]
    .concat();
    let mut world = World::connected_with_v5(
        ConnectRequest {
            connect: Connect {
                client_id: String::new(),
                properties: ConnectProperties {
                    session_expiry: Some(60),
                    ..ConnectProperties::default()
                },
                ..request().connect
            },
            client_id_made_up: true,
            ..request()
        },
        properties,
    );
    world.ask();
    let connection = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.connection().cloned())
        .unwrap();
    assert_eq!(
        (
            connection.phase,
            connection.version,
            connection.client_id.as_str()
        ),
        (Phase::Connected, Version::V5, "auto")
    );
    assert_eq!(
        (connection.asked.keep_alive, connection.asked.session_expiry),
        (60, Some(60))
    );
    let granted = connection.granted.unwrap();
    assert_eq!(
        (granted.maximum_qos, granted.retain, granted.receive_maximum),
        (Qos::AtLeastOnce, false, 5)
    );
    assert_eq!(
        (
            granted.topic_alias_maximum,
            granted.keep_alive,
            granted.keep_alive_by_server
        ),
        (3, 30, true)
    );
    assert!(granted.wildcards && granted.shared && granted.identifiers);
    world.broker_closes();
    world.ask();
    let connection = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.connection().cloned());
    assert_eq!(connection.unwrap().granted, None);
}

#[test]
fn before_mqtt_5_everything_is_granted() {
    let mut world = World::connected();
    world.ask();
    let told = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.connection().cloned());
    let granted = told.unwrap().granted.unwrap();
    assert_eq!(
        (
            granted.maximum_qos,
            granted.keep_alive,
            granted.session_expiry
        ),
        (Qos::ExactlyOnce, 60, None)
    );
    assert!(granted.retain && granted.wildcards && granted.shared && granted.identifiers);
}

/// MQTT 5 [MQTT-3.2.2-11]
#[test]
fn what_the_broker_does_not_allow_is_not_sent_and_says_why() {
    let mut world = connected(&[0x24, 1, 0x2a, 0]);
    publish(&mut world, 1, 2, PublishProperties::default());
    world.say(Command::Subscribe(vec![SubscribeRequest {
        filter: "$share/group/a".into(),
        ..SubscribeRequest::default()
    }]));
    let frame = world.ask().unwrap();
    let why = PublishTrouble::Forbidden(Limit::Qos(Qos::AtLeastOnce));
    assert_eq!(
        frame.notices,
        [Notice::PublishFailed {
            numbers: 1..=1,
            why
        }]
    );
    assert_eq!(
        frame.subscriptions().cloned().unwrap()[0].grant,
        Grant::Forbidden(Limit::Shared)
    );
    assert!(world.published().is_empty());
}

#[test]
fn the_options_of_a_subscription_are_told_and_the_reason_of_a_refusal() {
    let mut world = connected(&[]);
    let options = SubscribeOptions {
        qos: Qos::ExactlyOnce,
        no_local: true,
        retain_as_published: true,
        retain_handling: RetainHandling::Never,
    };
    let wanted = SubscribeRequest {
        filter: "a/#".into(),
        options,
        identifier: Some(77),
    };
    world.say(Command::Subscribe(vec![wanted]));
    world.ask();
    world.broker.refuses = Some(0x87);
    world.say(subscribe(&["secret"]));
    world.say(Command::Unsubscribe {
        filter: "a/#".into(),
    });
    world.ask();
    let all: Vec<_> = world
        .frames
        .iter()
        .filter_map(|frame| frame.subscriptions().cloned())
        .flatten()
        .collect();
    let first = all
        .iter()
        .find(|one| one.grant == Grant::Granted(Qos::ExactlyOnce))
        .unwrap();
    assert_eq!(first.options, options);
    assert_eq!(first.identifier, Some(77));
    let last = all.last().unwrap();
    assert_eq!(
        (last.filter.as_str(), last.grant),
        ("secret", Grant::Refused(0x87))
    );
    assert!(world.notices().contains(&Notice::UnsubscribeRefused {
        filter: "a/#".into(),
        code: 0x87,
        reason: None
    }));
}

#[test]
fn properties_go_out_and_come_in_and_are_shown() {
    let mut world = connected(&[]);
    let sent = PublishProperties {
        payload_is_text: Some(true),
        message_expiry: Some(60),
        content_type: Some("text/plain".into()),
        response_topic: Some("answers".into()),
        correlation_data: Some(vec![1, 0, 255]),
        user_properties: vec![("b".into(), "1".into()), ("a".into(), "2".into())],
        ..PublishProperties::default()
    };
    // Aliases are the session's to choose, and identifiers a broker's: from the page they are dropped.
    let asked = PublishProperties {
        topic_alias: Some(7),
        subscription_identifiers: vec![3],
        ..sent.clone()
    };
    publish(&mut world, 1, 0, asked);
    let seq = world.ask().unwrap().list().cloned().unwrap().rows[0].seq;
    let shown = inspect(&mut world, seq);
    assert_eq!((shown.version, shown.properties), (Version::V5, Some(sent)));
    let incoming = PublishProperties {
        topic_alias: Some(9),
        subscription_identifiers: vec![3, 300],
        content_type: Some("x".into()),
        ..PublishProperties::default()
    };
    // What a broker may send and a client may not, so written out.
    let mut bytes = [
        &[0x30, 0, 0, 3][..],
        b"a/b",
        &[12, 0x23, 0, 9, 0x0b, 3, 0x0b, 0xac, 0x02, 0x03, 0, 1, b'x'],
        b"first",
    ]
    .concat();
    bytes[1] = bytes.len() as u8 - 2;
    world.broker_sends(&bytes);
    world.ask();
    let told = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.list().cloned());
    let shown = inspect(&mut world, told.unwrap().rows[0].seq);
    assert_eq!((shown.topic.as_str(), alias(&shown)), ("a/b", Some(9)));
    let identifiers = shown.properties.clone().unwrap().subscription_identifiers;
    assert_eq!(identifiers, incoming.subscription_identifiers);
    assert_eq!(
        shown.properties.unwrap().content_type,
        incoming.content_type
    );
    assert!(
        shown
            .fields
            .iter()
            .any(|field| field.name.contains("Topic Alias"))
    );
}

#[test]
fn an_alias_is_shown_as_the_topic_that_it_stands_for() {
    let mut world = World::connected_with_v5(
        ConnectRequest {
            connect: Connect {
                properties: ConnectProperties {
                    topic_alias_maximum: Some(10),
                    ..ConnectProperties::default()
                },
                ..request().connect
            },
            ..request()
        },
        [],
    );
    world.say(subscribe(&["a/#"]));
    let aliased = || PublishProperties {
        topic_alias: Some(4),
        ..PublishProperties::default()
    };
    world.broker_sends(&message("a/b", b"1", aliased()));
    world.broker_sends(&message("", b"2", aliased()));
    world.ask();
    let told = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.list().cloned());
    let rows = told.unwrap().rows;
    assert_eq!((rows[0].topic.as_str(), rows[0].colour), ("a/b", Some(0)));
    let shown = inspect(&mut world, rows[0].seq);
    assert_eq!((shown.topic.as_str(), alias(&shown)), ("a/b", Some(4)));
    assert_eq!(shown.before.as_deref(), Some(&b"1"[..]));
    assert_eq!(shown.matched, [("a/#".to_owned(), 0)]);
}

#[test]
fn a_request_and_its_response_are_paired_in_list_and_inspector() {
    let mut world = connected(&[]);
    let asks = PublishProperties {
        response_topic: Some("answers".into()),
        correlation_data: Some(b"42".to_vec()),
        ..PublishProperties::default()
    };
    publish(&mut world, 1, 0, asks);
    let rows = world.ask().unwrap().list().cloned().unwrap().rows;
    let asked = rows[0].seq;
    assert_eq!(rows[0].pair, Some(Pair::Request { response: None }));
    world.pass(1_250_000);
    let answer = PublishProperties {
        correlation_data: Some(b"42".to_vec()),
        ..PublishProperties::default()
    };
    world.broker_sends(&message("answers", b"yes", answer));
    world.ask();
    let told = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.list().cloned());
    let rows = told.unwrap().rows;
    let answered = rows[0].seq;
    let response = Some(Pair::Response {
        request: asked,
        after: 1250.0,
    });
    assert_eq!(rows[0].pair, response);
    let with_response = Some(Pair::Request {
        response: Some(answered),
    });
    assert_eq!(rows[1].pair, with_response);
    assert_eq!(inspect(&mut world, answered).pair, response);
    assert_eq!(inspect(&mut world, asked).pair, with_response);
}

#[test]
fn a_series_sends_its_properties_each_time() {
    let mut world = connected(&[]);
    world.say(Command::Start {
        publication: Box::new(Publication {
            properties: PublishProperties {
                content_type: Some("text/plain".into()),
                ..PublishProperties::default()
            },
            ..*publication(1, "t", "{{seq}}", 0)
        }),
        every_ms: 100,
    });
    world.pass(250_000);
    let carries =
        |(_, packet): &&(u64, Vec<u8>)| packet.windows(10).any(|part| part == b"text/plain");
    assert_eq!(world.sent.iter().filter(carries).count(), 3);
    let payloads: Vec<_> = world
        .published()
        .into_iter()
        .map(|(.., text)| text)
        .collect();
    assert_eq!(payloads, ["1", "2", "3"]);
}

#[test]
fn a_publication_that_the_broker_refuses_says_with_which_code() {
    let mut world = connected(&[]);
    world.broker.refuses = Some(0x97);
    publish(&mut world, 8, 1, PublishProperties::default());
    world.say(Command::Start {
        publication: publication(9, "t", "x", 1),
        every_ms: 100,
    });
    world.pass(350_000);
    world.ask();
    world.ask();
    let refused: Vec<_> = world
        .notices()
        .into_iter()
        .filter_map(|notice| match notice {
            Notice::PublishRefused {
                number, seq, code, ..
            } => Some((number, seq.is_some(), code)),
            _ => None,
        })
        .collect();
    assert_eq!(
        refused,
        [(8, true, 0x97), (9, true, 0x97)],
        "a series ends with it"
    );
    assert_eq!(world.published().len(), 2);
}

#[test]
fn the_version_that_a_broker_takes_is_told_when_it_was_searched_for() {
    let mut world = World::new();
    world.say(Command::Hello);
    world.broker.version = Version::V5;
    world.answers = false;
    world.say(Command::Connect(Box::new(ConnectRequest {
        connect: Connect {
            version: Version::V5,
            ..request().connect
        },
        newest: true,
        ..request()
    })));
    world.open();
    // "Unacceptable protocol version", as a broker that knows no MQTT 5 says it.
    world.broker.version = Version::V311;
    world.answers = true;
    world.broker_sends(&[0x20, 2, 0, 1]);
    let mut passed = 0;
    while world.sent.len() < 2 {
        world.pass(100_000);
        if world.socket.is_some() {
            world.open();
        }
        passed += 1;
        assert!(passed < 400);
    }
    world.ask();
    world.ask();
    assert_eq!(world.notices(), [Notice::VersionTaken(Version::V311)]);
    let told = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.connection().cloned());
    let connection = told.unwrap();
    assert_eq!(
        (connection.phase, connection.version),
        (Phase::Connected, Version::V311)
    );
    // Every packet is shown as what it was when it crossed.
    let shown: Vec<_> = (0..4)
        .map(|seq| {
            let shown = inspect(&mut world, seq);
            let faulty = shown.fields.iter().any(|field| field.fault.is_some());
            (shown.bytes[0], shown.version, faulty)
        })
        .collect();
    assert_eq!(
        [shown[0], shown[2], shown[3]],
        [
            (0x10, Version::V5, false),
            (0x10, Version::V311, false),
            (0x20, Version::V311, false)
        ]
    );
    assert_eq!((shown[1].0, shown[1].1), (0x20, Version::V5));
}

#[test]
fn a_session_that_only_the_broker_knows_is_said_to_be_lost() {
    let mut world = World::new();
    world.broker.version = Version::V5;
    world.broker.session_present = true;
    world.say(Command::Hello);
    world.say(Command::Connect(Box::new(ConnectRequest {
        connect: Connect {
            version: Version::V5,
            clean_session: false,
            ..request().connect
        },
        ..request()
    })));
    world.open();
    world.ask();
    world.ask();
    assert!(
        world.notices().contains(&Notice::SessionUnknown),
        "{:?}",
        world.notices()
    );
}

#[test]
fn scram_proves_the_password_and_says_it_nowhere() {
    let mut world = World::new();
    world.broker.version = Version::V5;
    world.answers = false;
    world.say(Command::Hello);
    world.say(Command::Connect(Box::new(ConnectRequest {
        connect: Connect {
            version: Version::V5,
            ..request().connect
        },
        scram: true,
        ..request()
    })));
    world.open();
    let (_, connect) = &world.sent[0];
    let holds = |text: &[u8]| connect.windows(text.len()).any(|part| part == text);
    assert!(holds(b"SCRAM-SHA-256") && holds(b"n=chen,r=") && !holds(b"secret"));
    // Connect flags: neither user name nor password.
    assert_eq!(connect[9 + usize::from(connect[1] >= 0x80)] & 0xc0, 0);
    world.ask();
    let told = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.connection().cloned());
    assert_eq!(told.unwrap().user_name.as_deref(), Some("chen"));
}
