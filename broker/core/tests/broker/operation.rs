//! What goes on beside something else: unsubscribing with messages in flight, subscribing anew with messages that wait,
//! flags of the one side that are no matter of the other (sections 3.3.1, 3.3.4, 3.8.4, 3.10.4 and 4.4).

use midge::protocol::{FromBroker, PacketType, SubscribeOptions};

use crate::desk::*;

/// MQTT 3.1.1 [MQTT-3.3.1-2], [MQTT-3.3.1-3], [MQTT-4.3.1-1]
/// MQTT 5 [MQTT-3.3.1-2], [MQTT-3.3.1-3], [MQTT-4.3.1-1]
#[test]
fn dup_is_of_one_connection_and_never_of_qos_0() {
    for version in VERSIONS {
        for qos in [QOS[1], QOS[2]] {
            let mut desk = Desk::new();
            let publisher = desk.client(version, "p");
            let readers: Vec<C> = QOS
                .iter()
                .enumerate()
                .map(|(number, granted)| {
                    let reader = desk.client(version, &format!("r{number}"));
                    desk.subscribe(reader, &[("t", *granted)]);
                    reader
                })
                .collect();
            let mut packet = publish(version, "t", "x", qos, 7);
            packet[0] |= 8;
            desk.send(publisher, &packet);
            for reader in readers {
                assert!(!desk.message(reader).dup);
            }
        }
        // A QoS 0 message that waited for its turn is still no repeat.
        let mut desk = Desk::limited(|limits| limits.owed_bytes = 100);
        let (publisher, reader) = (desk.client(version, "p"), desk.join(&staying(version, "r")));
        desk.subscribe(reader, &[("t", QOS[0])]);
        desk.publish_whole(publisher, "t", "x", QOS[2]);
        assert!(!desk.message(reader).dup);
        desk.cut(reader);
        let reader = desk.join(&staying(version, "r"));
        assert_eq!(desk.got(reader), []);
    }
}

/// What was started is brought to its end, over a new connection too; nothing new is added.
///
/// MQTT 3.1.1 [MQTT-3.10.4-2], [MQTT-3.10.4-3]
/// MQTT 5 [MQTT-3.10.4-2], [MQTT-3.10.4-3]
#[test]
fn unsubscribing_leaves_what_was_started() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let publisher = desk.client(version, "p");
        let client = desk.join(&staying(version, "c"));
        desk.subscribe(client, &[("t", QOS[2])]);
        for qos in [QOS[1], QOS[2]] {
            desk.publish_whole(publisher, "t", "started", qos);
        }
        let started = desk.messages(client);
        assert_eq!(started.len(), 2);
        desk.send(client, &unsubscribe(version, 1, &["t"]));
        desk.got(client);
        desk.publish_whole(publisher, "t", "new", QOS[1]);
        assert_eq!(desk.got(client), []);
        desk.cut(client);
        desk.publish_whole(publisher, "t", "newer", QOS[1]);
        let client = desk.join(&staying(version, "c"));
        let again = desk.messages(client);
        assert!(again.iter().all(|message| message.dup));
        assert_eq!(
            again.iter().map(|message| message.id).collect::<Vec<_>>(),
            started.iter().map(|message| message.id).collect::<Vec<_>>()
        );
        for message in &again {
            desk.take(client, message);
        }
        assert_eq!(desk.broker.held().messages, (0, 0));
    }
}

/// Messages that wait for room, and are in flight, all the while.
///
/// MQTT 3.1.1 [MQTT-3.8.4-3]
/// MQTT 5 [MQTT-3.8.4-3], [MQTT-3.8.4-4]
#[test]
fn subscribing_anew_loses_nothing_and_brings_what_is_retained_again() {
    for version in VERSIONS {
        let mut desk = Desk::limited(|limits| limits.in_flight = 2);
        let publisher = desk.client(version, "p");
        let client = desk.client(version, "c");
        desk.send(publisher, &retained(version, "t", "kept", QOS[1], 1));
        desk.got(publisher);
        desk.subscribe(client, &[("t", QOS[1])]);
        let mut seen = Vec::new();
        for number in 0..20 {
            desk.publish_whole(publisher, "t", &number.to_string(), QOS[1]);
            if number % 5 == 0 {
                let options = [("t", SubscribeOptions::from(QOS[1]))];
                desk.send(client, &subscribe_with(version, 5, &options, None));
            }
        }
        loop {
            let messages = desk.messages(client);
            if messages.is_empty() {
                break;
            }
            for message in messages {
                desk.take(client, &message);
                seen.push((message.text().to_owned(), message.retain));
            }
        }
        let live: Vec<_> = seen.iter().filter(|(_, retain)| !retain).collect();
        let wanted: Vec<_> = (0..20).map(|number| number.to_string()).collect();
        assert_eq!(
            live.iter().map(|(text, _)| text).collect::<Vec<_>>(),
            wanted.iter().collect::<Vec<_>>()
        );
        // With the first subscription, and with each of the four that replaced it, as far as the one before was done.
        let kept = seen.iter().filter(|(_, retain)| *retain).count();
        assert!((2..=5).contains(&kept), "{kept}");
    }
}

/// MQTT 5 [MQTT-3.3.4-3], [MQTT-3.3.4-5]
#[test]
fn each_of_several_copies_has_the_identifier_of_its_subscription() {
    let mut desk = Desk::new();
    let client = desk.client(V5, "c");
    for (filter, id) in [
        ("t", Some(1)),
        ("+", Some(2)),
        ("$share/g/t", Some(3)),
        ("$share/h/#", None),
    ] {
        let options = [(filter, QOS[0].into())];
        desk.send(client, &subscribe_with(V5, 1, &options, id));
        desk.got(client);
    }
    desk.publish(client, "t", "x", QOS[0], 0);
    let mut ids: Vec<_> = desk
        .messages(client)
        .into_iter()
        .map(|message| {
            let mut ids = message.properties.subscription_identifiers;
            ids.sort_unstable();
            ids
        })
        .collect();
    ids.sort();
    assert_eq!(ids, [vec![], vec![1, 2], vec![3]]);
}

/// MQTT 5 [MQTT-4.4.0-2], [MQTT-4.3.3-4]
#[test]
fn what_a_client_refuses_is_not_sent_again() {
    for (qos, refusal) in [(QOS[1], 0x40), (QOS[2], 0x50)] {
        let mut desk = Desk::new();
        let publisher = desk.client(V5, "p");
        let client = desk.join(&staying(V5, "c"));
        desk.subscribe(client, &[("t", QOS[2])]);
        for text in ["refused", "not yet"] {
            desk.publish_whole(publisher, "t", text, qos);
        }
        let first = desk.messages(client).remove(0);
        let [high, low] = first.id.to_be_bytes();
        desk.send(client, &[refusal, 3, high, low, 0x80]);
        assert_eq!(desk.got(client), []);
        desk.cut(client);
        let client = desk.join(&staying(V5, "c"));
        assert_eq!(desk.texts(client), ["not yet"]);
    }
}

/// A message that is larger than a client takes is over for it at once: its place in flight is free, nothing of it comes
/// again, and a group has it from nobody else.
///
/// MQTT 5 [MQTT-3.1.2-25]
#[test]
fn what_is_too_large_takes_no_place() {
    let mut desk = Desk::new();
    let publisher = desk.client(V5, "p");
    let mut said = staying(V5, "c");
    said.properties.maximum_packet_size = Some(60);
    said.properties.receive_maximum = Some(1);
    let client = desk.join(&said);
    desk.subscribe(client, &[("t", QOS[2]), ("$share/g/t", QOS[2])]);
    for text in ["x".repeat(200).as_str(), "small"] {
        desk.publish_whole(publisher, "t", text, QOS[2]);
    }
    let mut seen = Vec::new();
    while let Some(message) = desk.messages(client).pop() {
        seen.push(message.text().to_owned());
        desk.send(client, &ack(PacketType::Pubrec, message.id));
        assert!(matches!(desk.other(client), FromBroker::Pubrel(_)));
        desk.send(client, &ack(PacketType::Pubcomp, message.id));
    }
    assert_eq!(seen, ["small", "small"]);
    assert_eq!(desk.broker.held().messages, (0, 0));
}
