//! Wills (section 3.1.2.5) and their delay (MQTT 5 section 3.1.3.2.2).

use midge::protocol::{Connect, Disconnect, PublishProperties, Version, Will, encode};
use midge_broker_core::Input;

use crate::desk::*;

fn dying(version: Version, delay: Option<u32>, expiry: Option<u32>) -> Connect {
    let mut said = hello(version, "dying");
    said.will = Some(Will {
        qos: QOS[1],
        delay,
        ..will("w", "gone").expect("a will")
    });
    said.properties.session_expiry = expiry;
    said
}

fn watched(version: Version) -> (Desk, C) {
    let mut desk = Desk::new();
    let watcher = desk.client(version, "watcher");
    desk.subscribe(watcher, &[("w", QOS[2])]);
    (desk, watcher)
}

/// MQTT 3.1.1 [MQTT-3.1.2-8], [MQTT-3.1.2-9]
/// MQTT 5 [MQTT-3.1.2-7], [MQTT-3.1.2-8], [MQTT-3.1.2-9]
#[test]
fn a_connection_that_is_lost_brings_the_will() {
    for version in VERSIONS {
        for how in 0..4 {
            let (mut desk, watcher) = watched(version);
            let mut said = dying(version, None, None);
            said.keep_alive = 10;
            let client = desk.join(&said);
            match how {
                0 => desk.cut(client),
                1 => desk.send(client, &[0]),
                2 => desk.wait(15),
                _ => drop(desk.client(version, "dying")),
            }
            let message = desk.message(watcher);
            assert_eq!(
                (
                    message.topic.as_str(),
                    message.text(),
                    message.qos,
                    message.retain
                ),
                ("w", "gone", QOS[1], false)
            );
        }
    }
}

fn goodbye(code: u8) -> Vec<u8> {
    let said = Disconnect {
        code,
        ..Disconnect::default()
    };
    made(|out| encode::disconnect_with(&said, out).expect("a DISCONNECT"))
}

/// MQTT 3.1.1 [MQTT-3.1.2-10], [MQTT-3.14.4-3]
/// MQTT 5 [MQTT-3.1.2-10], [MQTT-3.14.4-3]
#[test]
fn a_normal_disconnect_takes_the_will_away_and_others_do_not() {
    for version in VERSIONS {
        let (mut desk, watcher) = watched(version);
        let client = desk.join(&dying(version, None, None));
        desk.send(client, DISCONNECT);
        assert_eq!(desk.got(watcher), []);
    }
    for code in [4, 0x80, 0x93] {
        let (mut desk, watcher) = watched(V5);
        let client = desk.join(&dying(V5, None, None));
        desk.send(client, &goodbye(code));
        assert_eq!(desk.texts(watcher), ["gone"]);
    }
}

/// MQTT 3.1.1 [MQTT-3.1.2-16], [MQTT-3.1.2-17]
/// MQTT 5 [MQTT-3.1.2-14], [MQTT-3.1.2-15]
#[test]
fn a_will_may_be_retained() {
    for version in VERSIONS {
        let (mut desk, _) = watched(version);
        let mut said = dying(version, None, None);
        if let Some(will) = &mut said.will {
            will.retain = true;
        }
        let client = desk.join(&said);
        desk.cut(client);
        let late = desk.client(version, "late");
        desk.subscribe(late, &[("#", QOS[0])]);
        assert!(desk.message(late).retain);
    }
}

/// MQTT 5 section 3.1.3.2: properties of a will are those of its message.
/// MQTT 5 [MQTT-3.1.3-10]
#[test]
fn a_will_has_properties() {
    let (mut desk, watcher) = watched(V5);
    let properties = PublishProperties {
        payload_is_text: Some(true),
        message_expiry: Some(9),
        content_type: Some("text/plain".into()),
        response_topic: Some("r".into()),
        correlation_data: Some(vec![1]),
        user_properties: [("b", "1"), ("a", "2"), ("b", "0")]
            .map(|(name, value)| (name.into(), value.into()))
            .into(),
        ..PublishProperties::default()
    };
    let mut said = dying(V5, Some(0), None);
    if let Some(will) = &mut said.will {
        will.properties = properties.clone();
    }
    let client = desk.join(&said);
    desk.cut(client);
    assert_eq!(desk.message(watcher).properties, properties);
}

/// MQTT 5 section 3.1.3.2.2: after the delay, or with the end of the session, whichever is first.
#[test]
fn a_will_waits_for_its_delay_or_the_end_of_the_session() {
    for (delay, expiry, due) in [
        (10, Some(60), 10),
        (60, Some(10), 10),
        (10, None, 0),
        (5, Some(u32::MAX), 5),
    ] {
        let (mut desk, watcher) = watched(V5);
        let client = desk.join(&dying(V5, Some(delay), expiry));
        desk.cut(client);
        if due > 0 {
            desk.wait(due - 1);
            assert_eq!(desk.got(watcher), []);
            desk.wait(1);
        }
        assert_eq!(desk.texts(watcher), ["gone"], "{delay} {expiry:?}");
        desk.wait(1000);
        assert_eq!(desk.got(watcher), []);
    }
}

/// MQTT 5 [MQTT-3.1.3-9]
#[test]
fn a_client_that_is_back_in_time_has_no_will_sent() {
    let (mut desk, watcher) = watched(V5);
    let mut said = dying(V5, Some(10), Some(100));
    let client = desk.join(&said);
    desk.cut(client);
    desk.wait(9);
    said.clean_session = false;
    let client = desk.join(&said);
    desk.wait(100);
    assert_eq!(desk.got(watcher), []);
    // Taken over while connected: the same.
    let client = {
        let _ = client;
        desk.join(&said)
    };
    assert_eq!(desk.got(watcher), []);
    // With a clean start the session ends, and so the will is due.
    said.clean_session = true;
    desk.join(&said);
    assert!(desk.ended(client).is_some());
    assert_eq!(desk.texts(watcher), ["gone"]);
}

#[test]
fn each_connect_has_its_own_will_or_none() {
    let (mut desk, watcher) = watched(V5);
    let mut said = dying(V5, Some(0), Some(100));
    desk.join(&said);
    said.will = None;
    said.clean_session = false;
    let client = desk.join(&said);
    // The first was due with the end of its connection.
    assert_eq!(desk.texts(watcher), ["gone"]);
    desk.cut(client);
    assert_eq!(desk.got(watcher), []);
}

/// A will for its own client: the session is away, and has it when it is back.
#[test]
fn a_will_reaches_its_own_session() {
    let mut desk = Desk::new();
    let mut said = staying(V5, "c");
    said.will = Some(Will {
        qos: QOS[1],
        ..will("w", "mine").expect("a will")
    });
    let client = desk.join(&said);
    desk.subscribe(client, &[("w", QOS[1])]);
    desk.tell(Input::Closed {
        connection: client.line,
    });
    let client = desk.join(&said);
    assert_eq!(desk.texts(client), ["mine"]);
}
