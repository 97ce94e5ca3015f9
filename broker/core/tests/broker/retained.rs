//! Retained messages (section 3.3.1.3) and when they are sent (section 3.8.3.1).

use midge::protocol::{RetainHandling, SubscribeOptions};

use crate::desk::*;

/// MQTT 3.1.1 [MQTT-3.3.1-5], [MQTT-3.3.1-6], [MQTT-3.3.1-8], [MQTT-3.3.1-9], [MQTT-3.3.1-7], [MQTT-3.1.2-7]
/// MQTT 5 [MQTT-3.3.1-5], [MQTT-3.3.1-9], [MQTT-3.3.1-12]
#[test]
fn the_last_message_is_kept_for_who_comes() {
    for version in VERSIONS {
        for qos in QOS {
            let mut desk = Desk::new();
            let a = desk.client(version, "a");
            desk.subscribe(a, &[("t", QOS[0])]);
            for text in ["1", "2"] {
                let id = u16::from(qos != QOS[0]);
                desk.send(a, &retained(version, "t", text, qos, id));
                if qos == QOS[2] {
                    desk.send(a, &ack(midge::protocol::PacketType::Pubrel, id));
                }
                // Whoever was subscribed has it as any other message.
                assert!(desk.messages(a).iter().all(|message| !message.retain));
            }
            desk.publish_whole(a, "t", "3", QOS[0]);
            desk.cut(a);
            let b = desk.client(version, "b");
            desk.subscribe(b, &[("#", QOS[2])]);
            let message = desk.message(b);
            assert_eq!(
                (message.text(), message.retain, message.qos),
                ("2", true, qos)
            );
        }
    }
}

/// MQTT 3.1.1 [MQTT-3.3.1-10], [MQTT-3.3.1-11]
/// MQTT 5 [MQTT-3.3.1-6], [MQTT-3.3.1-7], [MQTT-3.3.1-8]
#[test]
fn an_empty_message_removes_what_is_kept() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let (a, b) = (desk.client(version, "a"), desk.client(version, "b"));
        desk.subscribe(b, &[("t", QOS[0])]);
        desk.send(a, &retained(version, "t", "x", QOS[0], 0));
        desk.send(a, &retained(version, "t", "", QOS[0], 0));
        assert_eq!(desk.texts(b), ["x", ""]);
        assert_eq!(desk.broker.held().retained, (0, 0));
        desk.subscribe(b, &[("t", QOS[0])]);
        assert_eq!(desk.got(b), []);
    }
}

/// MQTT 3.1.1 [MQTT-3.3.1-12]
#[test]
fn a_message_that_is_not_to_be_kept_replaces_none() {
    let mut desk = Desk::new();
    let client = desk.client(V311, "c");
    desk.send(client, &retained(V311, "t", "kept", QOS[0], 0));
    desk.publish(client, "t", "not", QOS[0], 0);
    desk.publish(client, "t", "", QOS[0], 0);
    assert_eq!(
        desk.broker
            .retained("t")
            .map(|message| &message.payload[..]),
        Some(&b"kept"[..])
    );
}

fn options(retain_handling: RetainHandling) -> SubscribeOptions {
    SubscribeOptions {
        retain_handling,
        ..QOS[0].into()
    }
}

/// MQTT 5 [MQTT-3.3.1-9], [MQTT-3.3.1-10], [MQTT-3.3.1-11]
#[test]
fn a_subscription_says_when_retained_messages_are_wanted() {
    for (handling, first, second) in [
        (RetainHandling::Always, 1, 1),
        (RetainHandling::IfNew, 1, 0),
        (RetainHandling::Never, 0, 0),
    ] {
        let mut desk = Desk::new();
        let client = desk.client(V5, "c");
        desk.send(client, &retained(V5, "t", "x", QOS[0], 0));
        for wanted in [first, second] {
            desk.send(
                client,
                &subscribe_with(V5, 1, &[("t", options(handling))], None),
            );
            assert_eq!(desk.messages(client).len(), wanted, "{handling:?}");
        }
        desk.send(client, &unsubscribe(V5, 1, &["t"]));
        desk.send(
            client,
            &subscribe_with(V5, 1, &[("t", options(handling))], None),
        );
        assert_eq!(desk.messages(client).len(), first);
    }
}

/// MQTT 3.1.1 [MQTT-3.8.4-3]
#[test]
fn before_mqtt_5_every_subscribe_brings_them() {
    for version in [V31, V311] {
        let mut desk = Desk::new();
        let client = desk.client(version, "c");
        desk.send(client, &retained(version, "t", "x", QOS[0], 0));
        for _ in 0..2 {
            desk.subscribe(client, &[("t", QOS[0])]);
            assert_eq!(desk.texts(client), ["x"]);
        }
    }
}

/// MQTT 5 [MQTT-3.3.1-12], [MQTT-3.3.1-13]
#[test]
fn retain_as_published_keeps_the_flag() {
    let mut desk = Desk::new();
    let client = desk.client(V5, "c");
    for keeps in [false, true] {
        let options = SubscribeOptions {
            retain_as_published: keeps,
            ..QOS[0].into()
        };
        desk.send(client, &subscribe_with(V5, 1, &[("t", options)], None));
        desk.got(client);
        desk.send(client, &retained(V5, "t", "x", QOS[0], 0));
        assert_eq!(desk.message(client).retain, keeps);
        desk.publish(client, "t", "x", QOS[0], 0);
        assert!(!desk.message(client).retain);
        desk.send(client, &subscribe_with(V5, 1, &[("t", options)], None));
        assert!(desk.messages(client).remove(0).retain);
    }
}

#[test]
fn each_filter_brings_what_it_matches_and_its_identifier() {
    let mut desk = Desk::new();
    let client = desk.client(V5, "c");
    for topic in ["a", "a/b", "a/b/c", "$x", "b"] {
        desk.send(client, &retained(V5, topic, topic, QOS[0], 0));
    }
    let filters = [
        ("a/#", QOS[0].into()),
        ("+/b", QOS[0].into()),
        ("b", QOS[0].into()),
    ];
    desk.send(client, &subscribe_with(V5, 1, &filters, Some(7)));
    let mut messages = desk.messages(client);
    messages.sort_by(|a, b| a.topic.cmp(&b.topic));
    let topics: Vec<_> = messages
        .iter()
        .map(|message| message.topic.as_str())
        .collect();
    assert_eq!(topics, ["a", "a/b", "a/b", "a/b/c", "b"]);
    assert!(
        messages
            .iter()
            .all(|message| message.properties.subscription_identifiers == [7])
    );
    // Through retransmission, only those that are there.
    desk.send(client, &retained(V5, "b", "", QOS[0], 0));
    desk.got(client);
    desk.subscribe(client, &[("b", QOS[0])]);
    assert_eq!(desk.got(client), []);
}

/// A hundred thousand of them come as the connection takes them, and the broker serves others meanwhile.
#[test]
fn many_are_sent_as_they_are_taken() {
    let mut desk = Desk::limited(|limits| limits.owed_bytes = 10_000);
    let (a, b) = (desk.client(V311, "a"), desk.client(V311, "b"));
    for number in 0..100_000 {
        desk.send(a, &retained(V311, &format!("w/{number}"), "x", QOS[0], 0));
    }
    desk.stuck.push(b.line);
    desk.send(b, &subscribe(V311, 1, &[("#", QOS[0])]));
    let first = desk.raw(b).len();
    assert!((9000..12_000).contains(&first), "{first}");
    desk.send(a, PINGREQ);
    assert_eq!(desk.got(a).len(), 1);
    desk.stuck.clear();
    desk.tell(midge_broker_core::Input::Owed {
        connection: b.line,
        bytes: 0,
    });
    let mut count = desk.raw(b).len();
    // None of the filter's is among these; looking through them is not done in one go.
    desk.send(b, &subscribe(V311, 1, &[("+/+/nothing", QOS[0])]));
    assert!(desk.broker.wake_at().is_some());
    desk.wait(1);
    assert_eq!(desk.broker.wake_at(), None);
    count += first;
    assert!(count > 100_000 * 9, "{count}");
}
