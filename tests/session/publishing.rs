//! Outgoing messages at each quality of service.

use midge::protocol::{PacketType, Qos};
use midge::session::{Event, Input, Message, PacketRole, PublishFault};

use crate::link::*;

/// MQTT 3.1.1 [MQTT-4.3.1-1], [MQTT-2.3.1-5]
#[test]
fn qos_0_is_done_when_sent() {
    let mut link = Link::connected(settings());
    let message = Message {
        retain: true,
        ..message(7, "a/b", b"hi", Qos::AtMostOnce)
    };
    let seen = link.tell(Input::Publish(message));
    assert_eq!(
        seen,
        [
            Seen::Sent(
                b"\x31\x07\x00\x03a/bhi".to_vec(),
                PacketRole::Publication(7)
            ),
            Seen::Event(Event::Published { number: 7 })
        ]
    );
    assert_eq!(link.session.in_flight(), 0);
}

/// MQTT 3.1.1 [MQTT-4.3.2-1], [MQTT-3.3.1-1]
#[test]
fn qos_1_is_done_with_puback() {
    let mut link = Link::connected(settings());
    let seen = link.publish(7, Qos::AtLeastOnce);
    assert_eq!(
        seen,
        [Seen::Sent(
            b"\x32\x06\x00\x01t\x00\x01x".to_vec(),
            PacketRole::Publication(7)
        )]
    );
    assert_eq!(link.session.in_flight(), 1);
    let seen = link.bytes(&ack(PUBACK, 1));
    assert_eq!(events(&seen), [Event::Published { number: 7 }]);
    assert_eq!(link.session.in_flight(), 0);
    assert_eq!(events(&link.bytes(&ack(PUBACK, 1))), []);
}

/// MQTT 3.1.1 [MQTT-4.3.3-1], [MQTT-3.6.1-1]
#[test]
fn qos_2_is_done_with_pubcomp() {
    let mut link = Link::connected(settings());
    assert_eq!(
        sent_ids(&link.publish(7, Qos::ExactlyOnce)),
        [(PacketType::Publish, 0x34, 1)]
    );
    let seen = link.bytes(&ack(PUBREC, 1));
    assert_eq!(sent(&seen), [ack(PUBREL, 1)]);
    assert_eq!(events(&seen), []);
    assert_eq!(link.session.in_flight(), 1);
    let seen = link.bytes(&ack(PUBCOMP, 1));
    assert_eq!(events(&seen), [Event::Published { number: 7 }]);
    assert_eq!(link.session.in_flight(), 0);
}

/// PUBREC again, or for nobody: PUBREL, so that the broker can finish.
#[test]
fn pubrec_is_always_answered() {
    let mut link = Link::connected(settings());
    link.publish(7, Qos::ExactlyOnce);
    link.bytes(&ack(PUBREC, 1));
    assert_eq!(sent(&link.bytes(&ack(PUBREC, 1))), [ack(PUBREL, 1)]);
    assert_eq!(sent(&link.bytes(&ack(PUBREC, 99))), [ack(PUBREL, 99)]);
    assert_eq!(events(&link.bytes(&ack(PUBCOMP, 99))), []);
    assert_eq!(
        events(&link.bytes(&ack(PUBCOMP, 1))),
        [Event::Published { number: 7 }]
    );
}

/// MQTT 3.1.1 [MQTT-4.6.0-3], [MQTT-4.6.0-4]
#[test]
fn pubrel_goes_out_in_the_order_of_pubrec() {
    let mut link = Link::connected(settings());
    for number in 1..=3 {
        link.publish(number, Qos::ExactlyOnce);
    }
    let received = [ack(PUBREC, 2), ack(PUBREC, 3), ack(PUBREC, 1)].concat();
    assert_eq!(
        sent(&link.bytes(&received)),
        [ack(PUBREL, 2), ack(PUBREL, 3), ack(PUBREL, 1)]
    );
}

/// Unique over publish, subscribe and unsubscribe; freed with the last acknowledgement.
///
/// MQTT 3.1.1 [MQTT-2.3.1-2]
#[test]
fn packet_identifiers_are_shared_by_all_that_is_in_flight() {
    let mut link = Link::connected(settings());
    let mut seen = link.publish(1, Qos::AtLeastOnce);
    seen.extend(link.subscribe(&[("a", Qos::AtMostOnce)]));
    seen.extend(link.tell(Input::Unsubscribe("a".to_owned())));
    seen.extend(link.publish(2, Qos::ExactlyOnce));
    let ids: Vec<u16> = sent_ids(&seen).into_iter().map(|(_, _, id)| id).collect();
    assert_eq!(ids, [1, 2, 3, 4]);
}

/// MQTT 3.1.1 [MQTT-2.3.1-1], [MQTT-2.3.1-2]
/// MQTT 5 [MQTT-2.2.1-2], [MQTT-2.2.1-3]
#[test]
fn when_all_identifiers_are_taken_what_needs_one_waits() {
    for settings in each() {
        let mut link = Link::connected(settings);
        for id in 1..=65_535 {
            assert_eq!(
                sent_ids(&link.subscribe(&[("a", Qos::AtMostOnce)])),
                [(PacketType::Subscribe, 0x82, id)]
            );
        }
        let seen = link.publish(1, Qos::AtLeastOnce);
        assert_eq!(events(&seen), [Event::Queued { number: 1 }]);
        assert_eq!(
            sent(&link.subscribe(&[("b", Qos::AtMostOnce)])),
            [] as [Vec<u8>; 0]
        );
        // QoS 0 needs no identifier.
        assert_eq!(sent(&link.publish(2, Qos::AtMostOnce)).len(), 1);
        assert_eq!(
            sent_ids(&link.suback(40, &[0])),
            [(PacketType::Subscribe, 0x82, 40)]
        );
        assert_eq!(
            sent_ids(&link.suback(41, &[0])),
            [(PacketType::Publish, 0x32, 41)]
        );
    }
}

/// MQTT 3.1.1 [MQTT-4.6.0-1]
#[test]
fn a_burst_waits_for_acknowledgements_and_keeps_its_order() {
    let mut link = Link::connected(settings());
    let mut order = Vec::new();
    for number in 1..=250 {
        let qos = if number % 2 == 0 {
            Qos::AtLeastOnce
        } else {
            Qos::ExactlyOnce
        };
        order.extend(sent_ids(&link.publish(number, qos)));
    }
    assert_eq!(order.len(), 20);
    let mut done = 0;
    let mut at = 0;
    while at < order.len() {
        let (kind, first, id) = order[at];
        let seen = match (kind, first) {
            (PacketType::Publish, 0x32) => link.bytes(&ack(PUBACK, id)),
            (PacketType::Publish, 0x34) => link.bytes(&ack(PUBREC, id)),
            (PacketType::Pubrel, _) => link.bytes(&ack(PUBCOMP, id)),
            other => panic!("{other:?}"),
        };
        done += events(&seen).len();
        order.extend(sent_ids(&seen));
        at += 1;
    }
    assert_eq!((done, link.session.in_flight()), (250, 0));
    let publishes = order
        .iter()
        .filter(|(kind, _, _)| *kind == PacketType::Publish);
    assert_eq!(
        publishes.map(|&(_, _, id)| id).collect::<Vec<_>>(),
        (1..=250).collect::<Vec<_>>()
    );
}

#[test]
fn what_cannot_be_published_is_refused_with_its_number() {
    let mut link = Link::new(1);
    let failed = |number, why| [Event::PublishFailed { number, why }];
    assert_eq!(
        events(&link.publish(1, Qos::AtMostOnce)),
        failed(1, PublishFault::NotConnected)
    );
    let mut link = Link::connected(settings());
    for (topic, qos) in [
        ("a/#", Qos::AtMostOnce),
        ("", Qos::AtLeastOnce),
        ("a\0", Qos::ExactlyOnce),
    ] {
        let seen = link.tell(Input::Publish(message(2, topic, b"", qos)));
        assert_eq!(events(&seen), failed(2, PublishFault::Topic));
        assert_eq!(sent(&seen), [] as [Vec<u8>; 0]);
    }
    let huge = vec![0; 268_435_456];
    let message = Message {
        number: 3,
        topic: "t".to_owned(),
        payload: huge,
        qos: Qos::AtMostOnce,
        ..Message::default()
    };
    assert_eq!(
        events(&link.tell(Input::Publish(message))),
        failed(3, PublishFault::TooLarge)
    );
    // A refusal keeps no identifier.
    assert_eq!(sent_ids(&link.publish(4, Qos::AtLeastOnce)).len(), 1);
    assert_eq!(link.session.in_flight(), 1);
}

#[test]
fn publications_left_at_a_disconnect_are_told() {
    let mut link = Link::connected(settings());
    for number in 1..=22 {
        link.publish(number, Qos::AtLeastOnce);
    }
    let told = events(&link.tell(Input::Disconnect));
    let why = PublishFault::NotConnected;
    assert_eq!(
        told[..3],
        [
            Event::PublishFailed { number: 21, why },
            Event::PublishFailed { number: 22, why },
            Event::Unfinished {
                sent_anew: 0,
                unknown: (1..=20).collect()
            }
        ]
    );
    assert_eq!(link.session.in_flight(), 0);
}

/// Messages past PUBREC are still in flight.
#[test]
fn the_window_counts_what_is_not_released() {
    let mut link = Link::connected(settings());
    for number in 1..=150 {
        link.publish(number, Qos::ExactlyOnce);
    }
    for id in 1..=20 {
        assert_eq!(sent(&link.bytes(&ack(PUBREC, id))), [ack(PUBREL, id)]);
    }
    assert_eq!(
        sent_ids(&link.bytes(&ack(PUBCOMP, 1))),
        [(PacketType::Publish, 0x34, 21)]
    );
}

/// Whatever ends a delivery frees its identifier.
///
/// MQTT 3.1.1 [MQTT-2.3.1-2]
#[test]
fn refusals_and_ended_sessions_keep_no_identifier() {
    let mut link = Link::connected(settings());
    for number in 0..66_000 {
        link.tell(Input::Publish(message(number, "#", b"", Qos::AtLeastOnce)));
    }
    for _ in 0..3_500 {
        for number in 0..20 {
            assert_eq!(events(&link.publish(number, Qos::ExactlyOnce)), []);
        }
        link.tell(Input::Disconnect);
        link.tell(connect(settings()));
        link.accept(false);
    }
    assert_eq!(sent(&link.publish(1, Qos::AtLeastOnce)).len(), 1);
}

/// SUBSCRIBE and UNSUBSCRIBE end with the connection.
///
/// MQTT 3.1.1 [MQTT-2.3.1-2]
#[test]
fn unanswered_requests_keep_no_identifier() {
    let mut link = Link::connected(keeping());
    link.subscribe(&[("held", Qos::AtMostOnce)]);
    link.bytes(&suback(1, &[0]));
    for number in 0..65_533 {
        link.publish(number, Qos::AtLeastOnce);
    }
    link.subscribe(&[("a", Qos::AtMostOnce)]);
    link.tell(Input::Unsubscribe("held".to_owned()));
    // Long after: the end of the connection has nothing to do with what was asked.
    link.now += 6 * SECOND;
    link.lose();
    let seen = link.accept(true);
    let asked = [
        PacketType::Connect,
        PacketType::Unsubscribe,
        PacketType::Subscribe,
    ];
    assert_eq!(as_broker(&seen)[..3], asked);
}
