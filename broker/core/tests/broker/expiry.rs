//! Message expiry (MQTT 5 section 3.3.2.3.3).

use midge::protocol::PublishProperties;

use crate::desk::*;

fn expiring(seconds: u32, qos: midge::protocol::Qos) -> Vec<u8> {
    let properties = PublishProperties {
        message_expiry: Some(seconds),
        ..PublishProperties::default()
    };
    publish_with(V5, "t", "x", qos, u16::from(qos != QOS[0]), &properties)
}

/// MQTT 5 [MQTT-3.3.2-5], [MQTT-3.3.2-6]
#[test]
fn what_waits_has_less_left_and_then_nothing() {
    for (waits, left) in [
        (0, Some(10)),
        (3, Some(7)),
        (9, Some(1)),
        (10, None),
        (100, None),
    ] {
        let mut desk = Desk::new();
        let client = desk.join(&staying(V5, "c"));
        desk.subscribe(client, &[("t", QOS[1])]);
        desk.cut(client);
        let publisher = desk.client(V5, "p");
        desk.send(publisher, &expiring(10, QOS[1]));
        desk.wait(waits);
        let client = desk.join(&staying(V5, "c"));
        let messages = desk.messages(client);
        let found: Vec<_> = messages
            .iter()
            .map(|message| message.properties.message_expiry)
            .collect();
        assert_eq!(
            found,
            left.map(Some).into_iter().collect::<Vec<_>>(),
            "{waits}"
        );
        if left.is_none() {
            assert_eq!(desk.broker.held().messages, (0, 0));
        }
    }
}

/// MQTT 5 [MQTT-3.3.2-5]
#[test]
fn what_is_retained_expires_too() {
    let mut desk = Desk::new();
    let (a, b) = (desk.client(V5, "a"), desk.client(V311, "b"));
    let mut packet = expiring(10, QOS[0]);
    packet[0] |= 1;
    desk.send(a, &packet);
    desk.wait(4);
    desk.subscribe(a, &[("t", QOS[0])]);
    assert_eq!(desk.message(a).properties.message_expiry, Some(6));
    desk.subscribe(b, &[("t", QOS[0])]);
    assert_eq!(desk.texts(b), ["x"]);
    desk.wait(6);
    desk.subscribe(b, &[("t", QOS[0])]);
    assert_eq!(desk.got(b), []);
}

#[test]
fn what_was_sent_is_finished() {
    let mut desk = Desk::new();
    let client = desk.join(&staying(V5, "c"));
    desk.subscribe(client, &[("t", QOS[2])]);
    let publisher = desk.client(V5, "p");
    desk.send(publisher, &expiring(2, QOS[2]));
    let first = desk.message(client);
    desk.wait(60);
    desk.cut(client);
    let client = desk.join(&staying(V5, "c"));
    let again = desk.message(client);
    assert_eq!((again.id, again.dup), (first.id, true));
    desk.take(client, &again);
    assert_eq!(desk.broker.held().messages, (0, 0));
}

/// What has expired takes no room: neither among what is retained nor in a queue.
#[test]
fn what_has_expired_makes_room() {
    let mut desk = Desk::limited(|limits| {
        limits.retained = 2;
        limits.queued = 2;
    });
    let client = desk.join(&staying(V5, "c"));
    desk.subscribe(client, &[("#", QOS[1])]);
    desk.cut(client);
    let publisher = desk.client(V5, "p");
    for round in 0..3 {
        for topic in ["a", "b"] {
            let properties = PublishProperties {
                message_expiry: Some(10),
                ..PublishProperties::default()
            };
            let text = format!("{topic}{round}");
            let mut packet = publish_with(V5, &text, &text, QOS[1], 1, &properties);
            packet[0] |= 1;
            desk.send(publisher, &packet);
        }
        assert_eq!(desk.broker.held().retained.0, 2);
        assert_eq!(
            desk.broker.client("c").map(|client| client.queued.0),
            Some(2)
        );
        assert!(desk.broker.wake_at().is_some());
        if round < 2 {
            desk.wait(10);
            assert_eq!(desk.broker.held().retained, (0, 0));
            assert_eq!(desk.broker.wake_at(), None);
        }
    }
    let client = desk.join(&staying(V5, "c"));
    assert_eq!(desk.texts(client), ["a2", "b2"]);
    // One that is replaced is not taken for the old one.
    desk.send(publisher, &retained(V5, "a2", "stays", QOS[0], 0));
    desk.wait(100);
    assert!(desk.broker.retained("a2").is_some());
    assert_eq!(desk.broker.held().retained.0, 1);
}
