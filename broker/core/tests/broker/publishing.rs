//! PUBLISH: what is passed on, between all versions (section 3.3).

use midge::protocol::{FromBroker, PublishProperties};
use midge_broker_core::Input;

use crate::desk::*;

/// MQTT 3.1.1 [MQTT-4.5.0-1]
/// MQTT 5 [MQTT-4.5.0-1], [MQTT-3.3.2-1]
#[test]
fn messages_go_from_every_version_to_every_version() {
    for from in VERSIONS {
        for to in VERSIONS {
            for qos in QOS {
                let mut desk = Desk::new();
                let (a, b) = (desk.client(from, "a"), desk.client(to, "b"));
                desk.subscribe(b, &[("t", qos)]);
                desk.publish_whole(a, "t", "hello", qos);
                let message = desk.message(b);
                assert_eq!(
                    (message.topic.as_str(), message.text(), message.qos),
                    ("t", "hello", qos)
                );
                assert_eq!((message.retain, message.dup), (false, false));
            }
        }
    }
}

/// MQTT 5 [MQTT-3.3.2-4], [MQTT-3.3.2-15], [MQTT-3.3.2-16], [MQTT-3.3.2-17], [MQTT-3.3.2-18], [MQTT-3.3.2-20]
#[test]
fn properties_are_passed_on_as_they_came() {
    let properties = PublishProperties {
        payload_is_text: Some(true),
        message_expiry: Some(60),
        response_topic: Some("answer".into()),
        correlation_data: Some(vec![0, 1, 2]),
        content_type: Some("text/plain".into()),
        user_properties: vec![
            ("b".into(), "1".into()),
            ("a".into(), "2".into()),
            ("b".into(), "1".into()),
        ],
        ..PublishProperties::default()
    };
    let mut desk = Desk::new();
    let (a, b, c) = (
        desk.client(V5, "a"),
        desk.client(V5, "b"),
        desk.client(V311, "c"),
    );
    desk.send(b, &subscribe_with(V5, 1, &[("t", QOS[0].into())], Some(5)));
    desk.got(b);
    desk.subscribe(c, &[("t", QOS[0])]);
    desk.send(a, &publish_with(V5, "t", "x", QOS[0], 0, &properties));
    let mut wanted = properties.clone();
    wanted.subscription_identifiers.push(5);
    assert_eq!(desk.message(b).properties, wanted);
    assert_eq!(desk.message(c).text(), "x");
    // Retained too.
    let mut packet = publish_with(V5, "t", "x", QOS[0], 0, &properties);
    packet[0] |= 1;
    desk.send(a, &packet);
    desk.got(b);
    desk.subscribe(b, &[("t", QOS[0])]);
    assert_eq!(desk.message(b).properties, properties);
}

/// MQTT 5 [MQTT-3.3.4-6]
#[test]
fn a_client_sends_no_subscription_identifiers() {
    let mut desk = Desk::new();
    let client = desk.client(V5, "c");
    desk.send(client, b"\x30\x06\0\x01t\x02\x0b\x01");
    assert_eq!(desk.closed_with(client), Some(0x82));
}

/// MQTT 5 section 3.4.2.1: what reached nobody is acknowledged with 0x10.
#[test]
fn a_publisher_is_told_that_nobody_is_there() {
    let mut desk = Desk::new();
    let (a, b) = (desk.client(V5, "a"), desk.client(V311, "b"));
    desk.publish(a, "t", "x", QOS[1], 1);
    assert!(matches!(desk.other(a), FromBroker::Puback(answer) if answer.code == 0x10));
    desk.publish(a, "t", "x", QOS[2], 2);
    assert!(matches!(desk.other(a), FromBroker::Pubrec(answer) if answer.code == 0x10));
    desk.publish(b, "t", "x", QOS[1], 1);
    assert_eq!(desk.raw(b), [0x40, 2, 0, 1]);
    desk.subscribe(b, &[("t", QOS[0])]);
    desk.publish(a, "t", "x", QOS[1], 1);
    assert!(matches!(desk.other(a), FromBroker::Puback(answer) if answer.code == 0));
}

/// MQTT 3.1.1 [MQTT-4.7.2-1]
#[test]
fn the_brokers_own_topics_are_its_own() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let client = desk.client(version, "c");
        desk.subscribe(client, &[("$SYS/#", QOS[0]), ("$other/#", QOS[0])]);
        desk.publish(client, "$SYS/broker/uptime", "x", QOS[0], 0);
        desk.publish(client, "$other/t", "y", QOS[0], 0);
        assert_eq!(desk.texts(client), ["y"]);
        desk.publish(client, "$SYS", "x", QOS[1], 3);
        let FromBroker::Puback(answer) = desk.other(client) else {
            panic!()
        };
        assert_eq!(answer.code, if version == V5 { 0x87 } else { 0 });
    }
}

#[test]
fn nor_does_a_will_speak_for_the_broker() {
    for (version, code) in [(V5, 0x87), (V311, 5)] {
        let mut desk = Desk::new();
        let mut said = hello(version, "c");
        said.will = will("$SYS/broker/uptime", "x");
        assert_eq!(desk.greet(&said).1.code, code);
    }
}

#[test]
fn the_owner_publishes_too() {
    let mut desk = Desk::new();
    let client = desk.client(V5, "c");
    desk.subscribe(client, &[("#", QOS[2])]);
    for topic in ["t", "a/#", ""] {
        desk.tell(Input::Publish {
            topic,
            payload: b"x",
            qos: QOS[1],
            retain: true,
        });
    }
    let message = desk.message(client);
    assert_eq!((message.topic.as_str(), message.qos), ("t", QOS[1]));
    assert!(desk.broker.retained("t").is_some());
}

/// What one message is to many costs its payload once: all are lent the same.
#[test]
fn a_payload_is_shared_by_all_it_goes_to() {
    let mut desk = Desk::new();
    let mut clients = Vec::new();
    for number in 0..20 {
        let version = VERSIONS[number % 3];
        let client = desk.client(version, &format!("c{number}"));
        desk.subscribe(client, &[("t", QOS[number % 2])]);
        clients.push(client);
    }
    let packet = publish(V5, "t", &"x".repeat(1000), QOS[1], 1);
    desk.broker.handle(
        desk.now,
        Input::Bytes {
            connection: clients[2].line,
            bytes: &packet,
        },
    );
    let mut places = Vec::new();
    while let Some(output) = desk.broker.poll() {
        if let midge_broker_core::Output::Send { payload, head, .. } = output
            && !payload.is_empty()
        {
            assert!(head.len() < 16);
            places.push(payload.as_ptr());
        }
    }
    assert_eq!(places.len(), 20);
    assert!(places.iter().all(|place| *place == places[0]));
}

/// MQTT 5 section 4.10: a request with where to answer and what to answer with, and its answer.
#[test]
fn a_request_has_its_answer() {
    let mut desk = Desk::new();
    let (asks, answers) = (desk.client(V5, "asks"), desk.client(V5, "answers"));
    desk.subscribe(answers, &[("requests/#", QOS[1])]);
    desk.subscribe(asks, &[("answers/asks", QOS[1])]);
    let request = PublishProperties {
        response_topic: Some("answers/asks".into()),
        correlation_data: Some(vec![0, 255]),
        ..PublishProperties::default()
    };
    desk.send(
        asks,
        &publish_with(V5, "requests/time", "?", QOS[1], 1, &request),
    );
    let came = desk.message(answers);
    let properties = PublishProperties {
        correlation_data: came.properties.correlation_data.clone(),
        ..PublishProperties::default()
    };
    let topic = came
        .properties
        .response_topic
        .as_deref()
        .expect("where to answer");
    desk.send(
        answers,
        &publish_with(V5, topic, "noon", QOS[1], 1, &properties),
    );
    let answer = desk.messages(asks).remove(0);
    assert_eq!(answer.text(), "noon");
    assert_eq!(answer.properties.correlation_data, Some(vec![0, 255]));
}
