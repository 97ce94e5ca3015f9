//! Flow control: receive maximum both ways (MQTT 5 section 4.9), maximum packet size (sections 3.1.2.11.4 and 3.2.2.3.6),
//! and connections that do not drain.

use midge::protocol::{FromBroker, PacketType};
use midge_broker_core::{Event, Input, Overflow, Why};

use crate::desk::*;

/// MQTT 5 [MQTT-3.3.4-9], [MQTT-4.9.0-1], [MQTT-4.9.0-2], [MQTT-4.9.0-3], [MQTT-3.3.4-10]
#[test]
fn no_more_is_in_flight_than_the_client_takes() {
    for qos in [QOS[1], QOS[2]] {
        let mut desk = Desk::new();
        let publisher = desk.client(V5, "p");
        let mut said = hello(V5, "c");
        said.properties.receive_maximum = Some(2);
        let client = desk.join(&said);
        desk.subscribe(client, &[("#", QOS[2])]);
        for number in 0..6 {
            desk.publish_whole(publisher, "t", &number.to_string(), qos);
        }
        let first = desk.messages(client);
        assert_eq!(first.len(), 2);
        // QoS 0 and answers go all the same.
        desk.publish(publisher, "t", "zero", QOS[0], 0);
        desk.send(client, PINGREQ);
        assert_eq!(desk.got(client).len(), 2);
        if qos == QOS[2] {
            desk.send(client, &ack(PacketType::Pubrec, first[0].id));
            // PUBREL, and nothing more before PUBCOMP.
            assert!(matches!(desk.other(client), FromBroker::Pubrel(_)));
            desk.send(client, &ack(PacketType::Pubcomp, first[0].id));
        } else {
            desk.take(client, &first[0]);
        }
        assert_eq!(desk.message(client).text(), "2");
    }
}

/// MQTT 5 [MQTT-3.3.4-7], [MQTT-3.3.4-8]
#[test]
fn a_client_that_sends_more_than_the_broker_takes_is_let_go() {
    for version in VERSIONS {
        let mut desk = Desk::limited(|limits| limits.receive_maximum = 3);
        let client = desk.client(version, "c");
        for id in 1..=3 {
            desk.publish(client, "t", "x", QOS[2], id);
        }
        // A repeat is no other message, QoS 1 is acknowledged at once, and a release makes room.
        desk.publish(client, "t", "x", QOS[2], 2);
        desk.publish(client, "t", "x", QOS[1], 9);
        desk.send(client, &ack(PacketType::Pubrel, 1));
        desk.publish(client, "t", "x", QOS[2], 4);
        assert_eq!(desk.ended(client), None);
        desk.publish(client, "t", "x", QOS[2], 5);
        assert_eq!(desk.closed_with(client), Some(0x93));
    }
}

/// MQTT 5 [MQTT-3.1.2-24], [MQTT-3.1.2-25]
#[test]
fn what_is_larger_than_a_client_takes_is_not_sent() {
    for qos in QOS {
        let mut desk = Desk::new();
        let publisher = desk.client(V5, "p");
        let mut said = hello(V5, "c");
        said.properties.maximum_packet_size = Some(60);
        said.properties.topic_alias_maximum = Some(5);
        let client = desk.join(&said);
        let other = desk.client(V5, "d");
        for client in [client, other] {
            desk.subscribe(client, &[("#", qos)]);
        }
        for size in [10, 200, 48, 49, 50, 51, 52, 53, 5] {
            desk.publish_whole(publisher, "topic", &"x".repeat(size), qos);
        }
        let messages = desk.messages(client);
        assert!(messages.iter().all(|message| message.size <= 60));
        let sizes: Vec<_> = messages
            .iter()
            .map(|message| message.payload.len())
            .collect();
        assert_eq!(sizes.first(), Some(&10));
        assert_eq!(sizes.last(), Some(&5));
        assert!(!sizes.contains(&200) && !sizes.contains(&53));
        assert_eq!(desk.messages(other).len(), 9);
        // It is as if it had been delivered.
        for message in &messages {
            desk.take(client, message);
        }
        assert_eq!(
            desk.broker
                .client("c")
                .map(|client| (client.in_flight, client.queued)),
            Some((0, (0, 0)))
        );
    }
}

/// MQTT 5 [MQTT-3.2.2-15]
#[test]
fn a_packet_that_is_larger_than_the_broker_takes_ends_the_connection() {
    for version in VERSIONS {
        let mut desk = Desk::limited(|limits| limits.packet_bytes = 100);
        let (client, connack) = desk.greet(&hello(version, "c"));
        if version == V5 {
            assert_eq!(connack.properties.maximum_packet_size, Some(100));
        }
        let packet = publish(version, "t", &"x".repeat(120), QOS[0], 0);
        // As soon as its length is known.
        desk.send(client, &packet[..5]);
        assert_eq!(desk.closed_with(client), Some(0x95));
    }
}

/// QoS 0 is dropped, QoS 1 waits, the log is told once, and others have everything.
#[test]
fn a_connection_that_does_not_drain_holds_nobody_up() {
    let mut desk = Desk::limited(|limits| limits.owed_bytes = 1000);
    let publisher = desk.client(V5, "p");
    let (slow, fast) = (desk.client(V311, "slow"), desk.client(V311, "fast"));
    for client in [slow, fast] {
        desk.subscribe(client, &[("#", QOS[1])]);
    }
    desk.stuck.push(slow.line);
    for number in 0..100 {
        desk.publish(publisher, "zero", &format!("{number:0100}"), QOS[0], 0);
    }
    for number in 0..20 {
        desk.publish_whole(publisher, "one", &number.to_string(), QOS[1]);
    }
    assert_eq!(desk.messages(fast).len(), 120);
    let had = desk.messages(slow).len();
    assert!((9..12).contains(&had), "{had}");
    let said = |event: &&Event| {
        matches!(
            event,
            Event::Dropping {
                why: Overflow::Owed,
                ..
            }
        )
    };
    assert_eq!(desk.events.iter().filter(said).count(), 1);
    assert_eq!(
        desk.broker.client("slow").map(|client| client.queued.0),
        Some(20)
    );
    assert_eq!(
        desk.broker.client("slow").map(|client| client.dropped),
        Some(100 - had as u64)
    );
    desk.stuck.clear();
    desk.tell(Input::Owed {
        connection: slow.line,
        bytes: 0,
    });
    let wanted: Vec<_> = (0..20).map(|number| number.to_string()).collect();
    assert_eq!(desk.texts(slow), wanted);
    desk.publish(publisher, "zero", "again", QOS[0], 0);
    assert_eq!(desk.texts(slow), ["again"]);
    // The next time is told of too.
    desk.stuck.push(slow.line);
    for _ in 0..20 {
        desk.publish(publisher, "zero", &"x".repeat(100), QOS[0], 0);
    }
    let said = desk
        .events
        .iter()
        .filter(|event| matches!(event, Event::Dropping { .. }));
    assert_eq!(said.count(), 2);
}

#[test]
fn a_client_that_asks_and_takes_no_answer_is_let_go() {
    let mut desk = Desk::limited(|limits| limits.owed_bytes = 1000);
    let client = desk.client(V5, "c");
    desk.stuck.push(client.line);
    for _ in 0..990 {
        desk.send(client, PINGREQ);
    }
    assert_eq!(desk.ended(client), None);
    for _ in 0..20 {
        desk.send(client, PINGREQ);
    }
    assert_eq!(desk.closed_why(client), Some(Why::Owed));
}

/// MQTT 5 [MQTT-3.1.2-24], [MQTT-3.2.2-19], [MQTT-3.9.2-1]
#[test]
fn answers_are_no_larger_than_the_client_takes() {
    for (largest, taken) in [(1, false), (4, false), (51, false), (52, true)] {
        let mut desk = Desk::new();
        let mut said = hello(V5, "");
        said.properties.maximum_packet_size = Some(largest);
        let client = desk.open(V5);
        desk.send(client, &connect(&said));
        let size = desk.raw(client).len();
        assert!(
            size <= largest as usize && (size > 0) == (largest >= 5),
            "{largest}: {size}"
        );
        assert_eq!(desk.ended(client).is_none(), taken);
        if taken {
            let names: Vec<_> = (0..60).map(|number| number.to_string()).collect();
            let filters: Vec<_> = names.iter().map(|name| (name.as_str(), QOS[0])).collect();
            desk.send(client, &subscribe(V5, 1, &filters[..40]));
            assert_eq!(desk.suback(client).len(), 40);
            desk.send(client, &subscribe(V5, 1, &filters));
            assert_eq!(desk.closed_with(client), Some(0x95));
            assert!(desk.raw(client).len() <= largest as usize);
        }
    }
}

/// A large message takes its time, and whoever waits for it may say that it is there.
#[test]
fn a_client_that_takes_a_large_message_slowly_is_not_let_go() {
    let mut desk = Desk::limited(|limits| limits.owed_bytes = 1000);
    let (a, b) = (desk.client(V5, "a"), desk.client(V5, "b"));
    desk.subscribe(b, &[("t", QOS[0])]);
    desk.stuck.push(b.line);
    desk.publish(a, "t", &"x".repeat(50_000), QOS[0], 0);
    for _ in 0..900 {
        desk.send(b, PINGREQ);
    }
    assert_eq!(desk.ended(b), None);
    desk.tell(Input::Owed {
        connection: b.line,
        bytes: 40_000,
    });
    for _ in 0..110 {
        desk.send(b, PINGREQ);
    }
    assert_eq!(desk.closed_why(b), Some(Why::Owed));
}
