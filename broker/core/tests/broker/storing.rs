//! What must outlive the broker is told as it changes, and taken up again.

use std::collections::BTreeMap;

use midge::protocol::{FromBroker, PacketType, PublishProperties, Qos, SubscribeOptions, Will};
use midge_broker_core::{Broker, Change, Event, Everybody, Input, Output, Settings};

use crate::desk::*;

fn storing() -> Desk {
    Desk::with(Settings {
        stores: true,
        ..Settings::default()
    })
}

/// The broker is gone and another takes up what was stored.
fn restarted(desk: &Desk) -> Desk {
    let mut next = storing();
    next.now = desk.now;
    next.stored = desk.stored.clone();
    let records: Vec<_> = desk.stored.clone().into_iter().collect();
    next.tell(Input::Restore(&records));
    next
}

#[test]
fn sessions_go_on_after_the_broker_was_gone() {
    for version in VERSIONS {
        let mut desk = storing();
        let publisher = desk.client(V5, "p");
        let mut client = desk.join(&staying(version, "c"));
        desk.subscribe(client, &[("t/#", QOS[2]), ("$share/g/s", QOS[1])]);
        desk.send(publisher, &retained(V5, "r", "kept", QOS[1], 1));
        for (number, qos) in [2, 1, 2].into_iter().enumerate() {
            desk.publish_whole(publisher, "t/x", &number.to_string(), QOS[qos]);
        }
        let sent = desk.messages(client);
        desk.send(client, &ack(PacketType::Pubrec, sent[0].id));
        desk.cut(client);
        desk.publish_whole(publisher, "t/x", "waits", QOS[1]);
        desk.publish_whole(publisher, "s", "shared", QOS[1]);
        for round in 0..3 {
            // The last broker is gone without a word each time.
            desk = restarted(&desk);
            assert_eq!(desk.events, [], "{round}");
            let connack;
            (client, connack) = desk.greet(&staying(version, "c"));
            assert_eq!(connack.session_present, version != V31);
            let got = desk.got(client);
            assert!(
                matches!(&got[0], Got::Other(FromBroker::Pubrel(of)) if of.packet_id == sent[0].id)
            );
            let texts: Vec<_> = got
                .iter()
                .filter_map(|got| match got {
                    Got::Publish(message) => Some((message.text(), message.id)),
                    Got::Other(_) => None,
                })
                .collect();
            assert_eq!(
                texts.iter().map(|(text, _)| *text).collect::<Vec<_>>(),
                ["1", "2", "waits", "shared"]
            );
            assert_eq!((texts[0].1, texts[1].1), (sent[1].id, sent[2].id));
        }
        desk.subscribe(client, &[("r", QOS[0])]);
        assert_eq!(desk.message(client).text(), "kept");
        // Done with, nothing of it is left but the retained message and a session without cares.
        desk.send(client, &ack(PacketType::Pubcomp, sent[0].id));
        for id in 1..=5 {
            desk.send(client, &ack(PacketType::Puback, id));
            if desk.ended(client).is_some() {
                client = desk.join(&staying(version, "c"));
            }
            desk.send(client, &ack(PacketType::Pubrec, id));
            if desk.ended(client).is_some() {
                client = desk.join(&staying(version, "c"));
            }
            desk.send(client, &ack(PacketType::Pubcomp, id));
        }
        assert_eq!(desk.broker.held().messages, (0, 0));
        desk.join(&hello(version, "c"));
        let left: Vec<_> = desk.stored.keys().map(|key| key[0]).collect();
        assert_eq!(left, [6], "the retained message");
        // What nobody has any more is none of the next.
        let desk = restarted(&desk);
        assert_eq!(desk.broker.held().sessions, 0);
    }
}

#[test]
fn qos_2_of_a_publisher_is_taken_once_whatever_happens() {
    let mut desk = storing();
    let watcher = desk.join(&staying(V5, "w"));
    desk.subscribe(watcher, &[("t", QOS[2])]);
    desk.cut(watcher);
    let client = desk.join(&staying(V5, "c"));
    desk.publish(client, "t", "once", QOS[2], 3);
    for _ in 0..3 {
        desk = restarted(&desk);
        let client = desk.join(&staying(V5, "c"));
        let mut packet = publish(V5, "t", "once", QOS[2], 3);
        packet[0] |= 8;
        desk.send(client, &packet);
        assert!(matches!(desk.other(client), FromBroker::Pubrec(answer) if answer.code == 0));
    }
    let watcher = desk.join(&staying(V5, "w"));
    assert_eq!(desk.texts(watcher), ["once"]);
    let client = desk.join(&staying(V5, "c"));
    desk.send(client, &ack(PacketType::Pubrel, 3));
    assert_eq!(desk.stored.keys().filter(|key| key[0] == 4).count(), 0);
}

/// Acknowledgements come after what they depend on.
#[test]
fn what_is_stored_is_told_before_it_is_acknowledged() {
    let mut desk = storing();
    let watcher = desk.join(&staying(V5, "w"));
    desk.subscribe(watcher, &[("t", QOS[2])]);
    desk.cut(watcher);
    let client = desk.join(&staying(V5, "c"));
    for (qos, id) in [(QOS[1], 1), (QOS[2], 2)] {
        let packet = publish(V5, "t", "x", qos, id);
        desk.broker.handle(
            desk.now,
            Input::Bytes {
                connection: client.line,
                bytes: &packet,
            },
        );
        let mut stored = 0;
        while let Some(output) = desk.broker.poll() {
            match output {
                Output::Store(Change::Put { .. }) => stored += 1,
                Output::Send { .. } => assert_eq!(stored, 1 + usize::from(id)),
                _ => {}
            }
        }
    }
}

#[test]
fn wills_and_ends_of_sessions_wait_through_it() {
    let mut desk = storing();
    let watcher = desk.join(&staying(V5, "w"));
    desk.subscribe(watcher, &[("w", QOS[1])]);
    let mut said = staying(V5, "c");
    said.properties.session_expiry = Some(100);
    said.will = Some(Will {
        qos: QOS[1],
        delay: Some(10),
        ..will("w", "gone").expect("a will")
    });
    desk.join(&said);
    // It was connected: its delay begins now.
    let mut desk = restarted(&desk);
    let watcher = desk.join(&staying(V5, "w"));
    desk.wait(9);
    assert_eq!(desk.got(watcher), []);
    desk.wait(1);
    let message = desk.message(watcher);
    desk.take(watcher, &message);
    let mut desk = restarted(&desk);
    desk.wait(89);
    assert!(desk.broker.client("c").is_some());
    desk.wait(1);
    assert!(desk.broker.client("c").is_none());
    let watcher = desk.join(&staying(V5, "w"));
    assert_eq!(desk.got(watcher), [], "it is sent once");
}

#[test]
fn options_properties_and_identifiers_are_kept() {
    let mut desk = storing();
    let client = desk.join(&staying(V5, "c"));
    let options = SubscribeOptions {
        no_local: true,
        retain_as_published: true,
        ..Qos::ExactlyOnce.into()
    };
    desk.send(
        client,
        &subscribe_with(V5, 1, &[("t", options)], Some(268_435_455)),
    );
    desk.cut(client);
    let properties = PublishProperties {
        message_expiry: Some(50),
        user_properties: vec![("a".into(), "b".into())],
        ..PublishProperties::default()
    };
    let publisher = desk.client(V5, "p");
    let mut packet = publish_with(V5, "t", "x", QOS[1], 1, &properties);
    packet[0] |= 1;
    desk.send(publisher, &packet);
    let mut desk = restarted(&desk);
    assert_eq!(
        desk.broker
            .subscriptions("c")
            .next()
            .map(|found| found.options),
        Some(options)
    );
    desk.wait(10);
    let client = desk.open(V5);
    desk.send(client, &connect(&staying(V5, "c")));
    let message = desk.messages(client).remove(0);
    assert_eq!(message.properties.subscription_identifiers, [268_435_455]);
    assert_eq!(message.properties.message_expiry, Some(40));
    assert_eq!(
        message.properties.user_properties,
        properties.user_properties
    );
    assert!(message.retain);
    // Its own messages are still its own.
    desk.publish_whole(client, "t", "own", QOS[0]);
    assert_eq!(desk.got(client), []);
}

/// Records that are cut, changed or lost do no harm beyond themselves.
#[test]
fn damaged_records_are_left_out() {
    let mut desk = storing();
    let publisher = desk.client(V5, "p");
    for name in ["a", "b"] {
        let client = desk.join(&staying(V5, name));
        desk.subscribe(client, &[("t", QOS[2])]);
        desk.cut(client);
    }
    desk.send(publisher, &retained(V5, "t", "x", QOS[1], 1));
    let whole: Vec<_> = desk.stored.clone().into_iter().collect();
    for at in 0..whole.len() {
        for cut in 0..=whole[at].1.len() {
            for way in 0..3 {
                let mut records = whole.clone();
                match way {
                    0 => records[at].1.truncate(cut),
                    1 => drop(records.remove(at)),
                    _ => {
                        let len = records[at].0.len();
                        records[at].0.truncate(cut % len);
                    }
                }
                let mut broker = Broker::new(
                    Settings {
                        stores: true,
                        ..Settings::default()
                    },
                    Box::new(Everybody),
                    1,
                );
                broker.handle(1, Input::Restore(&records));
                let mut stored: BTreeMap<_, _> = records.into_iter().collect();
                while let Some(output) = broker.poll() {
                    match output {
                        Output::Store(Change::Remove { key }) => {
                            stored.remove(&key);
                        }
                        Output::Event(Event::Damaged { records }) => assert!(records <= 3),
                        _ => {}
                    }
                }
                broker.handle(2, Input::Time);
                while broker.poll().is_some() {}
            }
        }
    }
}

/// Else the packet identifier could stand for another message after the broker was gone, and the client would take that one
/// for a repeat; and a publisher that says a message again would have it delivered twice.
#[test]
fn all_that_comes_of_a_message_is_stored_before_it_leaves() {
    let settings = Settings {
        stores: true,
        ..Settings::default()
    };
    let mut broker = Broker::new(settings, Box::new(Everybody), 1);
    let mut tell = |connection: u64, bytes: &[u8]| {
        broker.handle(1, Input::Opened { connection });
        broker.handle(1, Input::Bytes { connection, bytes });
        let mut seen = Vec::new();
        while let Some(output) = broker.poll() {
            match output {
                // Of a QoS 2 message of the publisher's, and of a delivery.
                Output::Store(Change::Put { key, .. }) if key[0] == 4 => seen.push("received"),
                Output::Store(Change::Put { key, .. }) if key[0] == 5 => seen.push("delivery"),
                Output::Send { head, .. } if head[0] >> 4 == 3 => seen.push("sent"),
                _ => {}
            }
        }
        seen
    };
    let filters = [("t", QOS[2])];
    for (connection, name) in [(1, "b"), (2, "c")] {
        let client = connect(&staying(V311, name));
        tell(connection, &[client, subscribe(V311, 1, &filters)].concat());
    }
    let publisher = connect(&staying(V311, "p"));
    for (connection, qos, expected) in [
        (3, QOS[1], &["delivery", "delivery", "sent", "sent"][..]),
        (
            4,
            QOS[2],
            &["delivery", "delivery", "received", "sent", "sent"],
        ),
    ] {
        let message = publish(V311, "t", "x", qos, 1);
        let bytes = [publisher.clone(), message].concat();
        assert_eq!(tell(connection, &bytes), expected);
    }
}
