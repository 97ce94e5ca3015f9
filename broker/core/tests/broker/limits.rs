//! What the broker holds at the most, and what comes of more.

use midge::protocol::{FromBroker, PublishProperties};
use midge_broker_core::{Event, Limits, Overflow, SessionEnd, Settings, Why};

use crate::desk::*;

#[test]
fn connections() {
    let mut desk = Desk::limited(|limits| limits.connections = 2);
    let (a, b) = (desk.client(V311, "a"), desk.open(V5));
    let c = desk.open(V5);
    assert_eq!(desk.closed_why(c), Some(Why::Connections));
    assert_eq!((desk.ended(a), desk.ended(b)), (None, None));
    desk.cut(a);
    desk.client(V311, "d");
}

#[test]
fn bytes_before_connect() {
    let mut desk = Desk::limited(|limits| limits.greeting_bytes = 50);
    let client = desk.open(V311);
    desk.send(client, b"\x10\x31");
    assert_eq!(desk.closed_with(client), Some(0x95));
    let client = desk.open(V311);
    desk.send(client, b"\x10\x30");
    assert_eq!(desk.ended(client), None);
}

#[test]
fn sessions() {
    let mut desk = Desk::limited(|limits| limits.sessions = 3);
    let mut away = Vec::new();
    for name in ["a", "b", "c"] {
        away.push(desk.join(&staying(V5, name)));
    }
    // All are here: there is no room.
    for (version, code) in [(V5, 0x97), (V311, 3)] {
        let (client, connack) = desk.greet(&hello(version, "d"));
        assert_eq!(
            (connack.code, desk.closed_why(client)),
            (code, Some(Why::Sessions))
        );
    }
    // Who is there already needs none.
    away[0] = desk.join(&staying(V5, "a"));
    desk.cut(away[1]);
    desk.wait(1);
    desk.cut(away[2]);
    desk.client(V311, "d");
    assert!(desk.broker.client("b").is_none() && desk.broker.client("c").is_some());
    assert!(desk.events.iter().any(|event| matches!(event, Event::SessionEnded { why: SessionEnd::Displaced, client_id } if &**client_id == "b")));
}

/// MQTT 5 [MQTT-3.1.3-8]
#[test]
fn client_identifiers() {
    for (version, code) in [(V5, 0x85), (V311, 2)] {
        let mut desk = Desk::new();
        let (client, connack) = desk.greet(&hello(version, &"c".repeat(1025)));
        assert_eq!(
            (connack.code, desk.closed_why(client)),
            (code, Some(Why::ClientId))
        );
        desk.client(version, &"c".repeat(1024));
    }
}

#[test]
fn levels() {
    let deep = |levels: usize| vec!["a"; levels].join("/");
    for version in VERSIONS {
        let mut desk = Desk::new();
        let watcher = desk.client(version, "w");
        desk.subscribe(watcher, &[("#", QOS[0])]);
        let client = desk.client(version, "c");
        assert_eq!(desk.subscribe(client, &[(&deep(128), QOS[0])]), [0]);
        let refused = if version == V5 { 0x8F } else { 0x80 };
        assert_eq!(desk.subscribe(client, &[(&deep(129), QOS[0])]), [refused]);
        let shared = format!("$share/g/{}", deep(129));
        assert_eq!(desk.subscribe(client, &[(&shared, QOS[0])]), [refused]);
        desk.publish(client, &deep(128), "x", QOS[0], 0);
        assert_eq!(desk.texts(client), ["x"]);
        desk.publish(client, &deep(129), "x", QOS[1], 1);
        if version == V5 {
            assert!(
                matches!(desk.other(client), FromBroker::Puback(answer) if answer.code == 0x90)
            );
            desk.publish(client, &deep(30_000), "x", QOS[0], 0);
        }
        assert_eq!(desk.closed_with(client), Some(0x90));
        assert_eq!(desk.texts(watcher), ["x"]);
        let mut said = hello(version, "d");
        said.will = will(&deep(129), "x");
        assert_eq!(
            desk.greet(&said).1.code,
            if version == V5 { 0x90 } else { 5 }
        );
    }
}

#[test]
fn filters() {
    for version in VERSIONS {
        let full = if version == V5 { 0x97 } else { 0x80 };
        let mut desk = Desk::limited(|limits| {
            limits.filters_per_packet = 4;
            limits.filters_per_client = 5;
            limits.filters = 7;
        });
        let (a, b) = (desk.client(version, "a"), desk.client(version, "b"));
        let codes = desk.subscribe(a, &[("1", QOS[0]), ("2", QOS[0]), ("3", QOS[0])]);
        assert_eq!(codes, [0, 0, 0]);
        assert_eq!(
            desk.subscribe(a, &[("4", QOS[0]), ("5", QOS[0]), ("6", QOS[0])]),
            [0, 0, full]
        );
        // One that is there already is no other.
        assert_eq!(desk.subscribe(a, &[("5", QOS[1])]), [1]);
        assert_eq!(
            desk.subscribe(b, &[("1", QOS[0]), ("2", QOS[0]), ("3", QOS[0])]),
            [0, 0, full]
        );
        desk.send(a, &unsubscribe(version, 1, &["1"]));
        assert_eq!(desk.subscribe(b, &[("3", QOS[0])]), [0]);
        let five = ["1", "2", "3", "4", "5"];
        for packet in [
            subscribe(version, 1, &five.map(|filter| (filter, QOS[0]))),
            unsubscribe(version, 1, &five),
        ] {
            let many = desk.client(version, "many");
            desk.send(many, &packet);
            assert_eq!(desk.closed_why(many), Some(Why::Filters));
        }
        assert!(
            desk.events
                .iter()
                .any(|event| matches!(event, Event::FilterRefused { code: 0x97, .. }))
        );
    }
}

#[test]
fn retained_messages() {
    for bytes in [false, true] {
        let mut desk = Desk::limited(|limits| {
            if bytes {
                limits.retained_bytes = 3 * 66 + 10;
            } else {
                limits.retained = 3;
            }
        });
        let (five, three) = (desk.client(V5, "a"), desk.client(V311, "b"));
        desk.subscribe(three, &[("#", QOS[0])]);
        for topic in ["1", "2", "3"] {
            desk.send(five, &retained(V5, topic, "x", QOS[0], 0));
        }
        desk.got(three);
        desk.send(five, &retained(V5, "4", "x", QOS[1], 1));
        assert!(matches!(desk.other(five), FromBroker::Puback(answer) if answer.code == 0x97));
        assert_eq!(desk.got(three), []);
        // Who cannot be told is served as far as can be.
        desk.send(three, &retained(V311, "4", "x", QOS[1], 1));
        assert_eq!(desk.texts(three), ["x"]);
        assert_eq!(desk.broker.held().retained.0, 3);
        // In place of another there is room, and after another is gone.
        desk.send(five, &retained(V5, "3", "y", QOS[0], 0));
        desk.send(five, &retained(V5, "1", "", QOS[0], 0));
        desk.send(five, &retained(V5, "4", "x", QOS[0], 0));
        assert_eq!(desk.broker.held().retained.0, 3);
        assert!(desk.broker.retained("4").is_some());
        assert!(
            desk.events
                .iter()
                .any(|event| matches!(event, Event::PublishRefused { code: 0x97, .. }))
        );
    }
}

#[test]
fn queued_messages() {
    let size = 64 + 1 + 10;
    type Set = fn(&mut Limits);
    let cases: [(Set, Overflow); 3] = [
        (|limits| limits.queued = 5, Overflow::Queued),
        (|limits| limits.queued_bytes = 5 * 75, Overflow::Queued),
        (
            // Of each of five messages 64 more for each of three clients.
            |limits| limits.queued_bytes_in_all = 5 * (75 + 3 * 64),
            Overflow::QueuedInAll,
        ),
    ];
    for (limit, why) in cases {
        let mut desk = Desk::limited(limit);
        let publisher = desk.client(V5, "p");
        // What many wait for counts once, but for what it takes to know who they are.
        for name in ["a", "b", "c"] {
            let client = desk.join(&staying(V5, name));
            desk.subscribe(client, &[("t", QOS[1])]);
            desk.cut(client);
        }
        for number in 0..8 {
            desk.publish_whole(publisher, "t", &format!("{number:010}"), QOS[1]);
        }
        assert_eq!(desk.broker.held().messages, (5, 5 * size));
        for name in ["a", "b", "c"] {
            assert_eq!(
                desk.broker
                    .client(name)
                    .map(|client| (client.queued.0, client.dropped)),
                Some((5, 3))
            );
            let client = desk.join(&staying(V5, name));
            let messages = desk.messages(client);
            assert_eq!(messages.len(), 5);
            for message in &messages {
                desk.take(client, message);
            }
        }
        assert_eq!(desk.broker.held().messages, (0, 0));
        let said = desk
            .events
            .iter()
            .filter(|event| matches!(event, Event::Dropping { why: said, .. } if *said == why));
        assert_eq!(said.count(), 3);
    }
}

/// A million topics beside each other, under one and as filters of one client, are no harder than ten.
#[test]
fn width_is_no_burden() {
    let mut desk = Desk::limited(|limits| limits.filters_per_client = 100_000);
    let client = desk.client(V311, "c");
    let mut bytes = Vec::new();
    for number in 0..100_000 {
        bytes.extend(retained(V311, &format!("w/{number}"), "x", QOS[0], 0));
    }
    desk.send(client, &bytes);
    assert_eq!(desk.broker.held().retained.0, 100_000);
    for chunk in 0..100 {
        let names: Vec<_> = (0..1000)
            .map(|number| format!("s/{}", chunk * 1000 + number))
            .collect();
        let filters: Vec<_> = names.iter().map(|name| (name.as_str(), QOS[0])).collect();
        desk.subscribe(client, &filters);
    }
    assert_eq!(desk.broker.held().subscriptions, 100_000);
    desk.publish(client, "s/77777", "x", QOS[0], 0);
    assert_eq!(desk.texts(client), ["x"]);
    desk.send(client, DISCONNECT);
    assert_eq!(desk.broker.held().subscriptions, 0);
}

#[test]
fn properties_count_as_bytes() {
    let mut desk = Desk::new();
    let client = desk.client(V5, "c");
    let properties = PublishProperties {
        user_properties: vec![("a".into(), "b".repeat(1000))],
        ..PublishProperties::default()
    };
    let mut packet = publish_with(V5, "t", "x", QOS[0], 0, &properties);
    packet[0] |= 1;
    desk.send(client, &packet);
    assert!(desk.broker.held().retained.1 > 1000);
}

#[test]
fn user_names() {
    for (version, code) in [(V5, 0x86), (V311, 4)] {
        let mut desk = Desk::new();
        let mut said = hello(version, "c");
        said.user_name = Some("u".repeat(4097));
        let (client, connack) = desk.greet(&said);
        assert_eq!(
            (connack.code, desk.closed_why(client)),
            (code, Some(Why::UserName))
        );
    }
}

#[test]
fn wills() {
    for (version, code) in [(V5, 0x97), (V311, 3)] {
        let mut desk = Desk::limited(|limits| limits.will_bytes_in_all = 100);
        let mut said = hello(version, "a");
        said.will = will("w", &"x".repeat(60));
        let first = desk.join(&said);
        said.client_id = "b".into();
        let (client, connack) = desk.greet(&said);
        assert_eq!(
            (connack.code, desk.closed_why(client)),
            (code, Some(Why::Wills))
        );
        // A will that is gone makes room, however it went.
        desk.send(first, DISCONNECT);
        for _ in 0..5 {
            let client = desk.join(&said);
            desk.cut(client);
        }
    }
}

#[test]
fn bytes_of_filters() {
    for (per_client, in_all) in [(100, 1000), (1000, 100)] {
        let mut desk = Desk::limited(|limits| {
            limits.filter_bytes_per_client = per_client;
            limits.filter_bytes = in_all;
        });
        let client = desk.client(V5, "c");
        let long = |name: &str| format!("{name}/{}", "x".repeat(38));
        let filters = [long("a"), long("b"), long("$share/g/c"), long("a")];
        let filters: Vec<_> = filters
            .iter()
            .map(|filter| (filter.as_str(), QOS[0]))
            .collect();
        assert_eq!(desk.subscribe(client, &filters), [0, 0, 0x97, 0]);
        desk.send(client, &unsubscribe(V5, 1, &[filters[0].0]));
        desk.got(client);
        assert_eq!(desk.subscribe(client, &filters[2..3]), [0]);
    }
}

#[test]
fn bytes_of_aliases() {
    let mut desk = Desk::limited(|limits| limits.alias_bytes = 100);
    let mut said = hello(V5, "c");
    said.properties.topic_alias_maximum = Some(10);
    let client = desk.join(&said);
    desk.subscribe(client, &[("#", QOS[0])]);
    let topics = ["a".repeat(60), "b".repeat(60), "c".repeat(30)];
    for topic in &topics {
        desk.publish(client, topic, "x", QOS[0], 0);
    }
    let aliased: Vec<_> = desk
        .messages(client)
        .into_iter()
        .map(|message| message.properties.topic_alias)
        .collect();
    assert_eq!(aliased, [Some(1), None, Some(2)]);
    for (alias, topic) in (1..).zip(&topics) {
        let properties = PublishProperties {
            topic_alias: Some(alias),
            ..PublishProperties::default()
        };
        desk.send(
            client,
            &publish_with(V5, topic, "x", QOS[0], 0, &properties),
        );
    }
    assert_eq!(desk.closed_why(client), Some(Why::AliasBytes));
}

/// MQTT 3.1.1 [MQTT-4.8.0-2]
#[test]
fn packets_that_came_in_part() {
    let mut desk = Desk::limited(|limits| {
        limits.partial_bytes_in_all = 1000;
        limits.partial_bytes_small = 300;
    });
    let clients: Vec<C> = (0..4)
        .map(|number| desk.client(V311, &format!("c{number}")))
        .collect();
    let packet = publish(V311, "t", &"x".repeat(600), QOS[0], 0);
    for client in &clients[..2] {
        desk.send(*client, &packet[..400]);
    }
    desk.send(clients[2], &packet[..400]);
    assert_eq!(desk.closed_why(clients[2]), Some(Why::Partial));
    // What is small goes on all the same.
    desk.send(clients[3], &packet[..300]);
    desk.send(
        clients[3],
        &publish(V311, "t", &"x".repeat(600), QOS[0], 0)[300..],
    );
    // Who comes to its end makes room.
    desk.send(clients[0], &packet[400..]);
    desk.cut(clients[1]);
    desk.send(clients[3], &packet[..400]);
    desk.send(clients[3], &packet[400..]);
    assert_eq!(
        (desk.ended(clients[0]), desk.ended(clients[3])),
        (None, None)
    );
    assert_eq!(desk.broker.counters().publish_received, 3);
}

#[test]
fn sessions_that_are_away() {
    let mut desk = Desk::limited(|limits| limits.sessions_away = 2);
    for name in ["a", "b", "c", "d"] {
        let client = desk.join(&staying(V311, name));
        desk.wait(1);
        desk.cut(client);
    }
    let mut left: Vec<&str> = desk
        .broker
        .clients()
        .map(|client| client.client_id)
        .collect();
    left.sort_unstable();
    assert_eq!(left, ["c", "d"]);
    // Those that are here are not counted.
    let here: Vec<C> = ["e", "f", "g"]
        .map(|name| desk.join(&staying(V5, name)))
        .into();
    assert!(here.iter().all(|client| desk.ended(*client).is_none()));
    assert_eq!(desk.broker.held().sessions, 5);
}

#[test]
fn retained_messages_beside_the_brokers_own_figures() {
    let mut settings = Settings {
        sys_interval: 10,
        version: "x".to_owned(),
        ..Settings::default()
    };
    settings.limits.retained = 2;
    let mut desk = Desk::with(settings);
    let client = desk.client(V5, "c");
    desk.wait(30);
    assert!(desk.broker.held().retained.0 > 40);
    for (topic, code) in [("a", 0x10), ("b", 0x10), ("c", 0x97), ("a", 0x10)] {
        desk.send(client, &retained(V5, topic, "x", QOS[1], 1));
        let FromBroker::Puback(answer) = desk.other(client) else {
            panic!()
        };
        assert_eq!(answer.code, code, "{topic}");
    }
    assert!(desk.broker.retained("$SYS/broker/uptime").is_some());
}

#[test]
fn bytes_owed_in_all() {
    let mut desk = Desk::limited(|limits| limits.owed_bytes_in_all = 300_000);
    let publisher = desk.client(V311, "p");
    let slow: Vec<C> = (0..3)
        .map(|number| desk.client(V311, &format!("s{number}")))
        .collect();
    for client in &slow {
        desk.subscribe(*client, &[("t", QOS[0])]);
    }
    let late = desk.client(V311, "late");
    desk.subscribe(late, &[("t", QOS[0])]);
    desk.stuck.extend(slow.iter().map(|client| client.line));
    for _ in 0..200 {
        desk.publish(publisher, "t", &"x".repeat(1000), QOS[0], 0);
    }
    let had: Vec<_> = slow
        .iter()
        .map(|client| desk.messages(*client).len())
        .collect();
    assert!(had.iter().all(|had| (60..150).contains(had)), "{had:?}");
    assert_eq!(desk.messages(late).len(), 200);
}

#[test]
fn bytes_in_flight() {
    let mut desk = Desk::limited(|limits| limits.queued_bytes = 3000);
    let (a, b) = (desk.client(V5, "a"), desk.join(&staying(V5, "b")));
    desk.subscribe(b, &[("t", QOS[2])]);
    for number in 0..8 {
        desk.publish_whole(a, "t", &format!("{number:01000}"), QOS[1 + number % 2]);
    }
    let first = desk.messages(b);
    assert_eq!(first.len(), 3);
    assert_eq!(
        desk.broker
            .client("b")
            .map(|client| (client.in_flight, client.queued.0, client.dropped)),
        Some((3, 2, 3))
    );
    desk.cut(b);
    let b = desk.join(&staying(V5, "b"));
    let mut count = 0;
    loop {
        let messages = desk.messages(b);
        if messages.is_empty() {
            break;
        }
        count += messages.len();
        for message in &messages {
            desk.take(b, message);
        }
    }
    assert_eq!((count, desk.broker.held().messages), (5, (0, 0)));
}
