//! SUBSCRIBE and UNSUBSCRIBE (sections 3.8 to 3.11), filters (section 4.7), and what comes of overlapping ones (section
//! 3.3.4).

use midge::protocol::{FromBroker, SubscribeOptions, matches};
use midge_broker_core::Why;

use crate::desk::*;

/// MQTT 3.1.1 [MQTT-3.8.4-1], [MQTT-3.8.4-2], [MQTT-3.8.4-4], [MQTT-3.8.4-5], [MQTT-3.9.3-1], [MQTT-2.3.1-7]
/// MQTT 5 [MQTT-3.8.4-1], [MQTT-3.8.4-2], [MQTT-3.8.4-5], [MQTT-3.8.4-6], [MQTT-3.8.4-7], [MQTT-3.9.3-1],
/// MQTT 5 [MQTT-3.9.3-2], [MQTT-2.2.1-6]
#[test]
fn each_filter_has_its_code_in_its_place() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let client = desk.client(version, "c");
        let filters = [("a", QOS[1]), ("b/+", QOS[0]), ("#", QOS[2]), ("a", QOS[2])];
        desk.send(client, &subscribe(version, 258, &filters));
        let FromBroker::Suback(codes) = desk.other(client) else {
            panic!()
        };
        assert_eq!(
            (codes.packet_id, &codes.codes[..]),
            (258, &[1, 0, 2, 2][..])
        );
        assert_eq!(desk.broker.subscriptions("c").count(), 3);
    }
}

/// Somebody may have typed them: the others of the same packet are granted, and the connection goes on.
///
/// MQTT 3.1.1 [MQTT-4.7.1-1], [MQTT-4.7.1-2], [MQTT-4.7.1-3], [MQTT-3.9.3-2]
/// MQTT 5 [MQTT-4.7.1-1], [MQTT-4.7.1-2]
#[test]
fn filters_that_break_the_rules_are_refused_by_themselves() {
    for version in VERSIONS {
        let refused = if version == V5 { 0x8F } else { 0x80 };
        let mut desk = Desk::new();
        let client = desk.client(version, "c");
        for wrong in [
            "a/#/b",
            "a#",
            "a+",
            "+a/b",
            "$share//x",
            "$share/g",
            "$share/+/x",
        ] {
            // The client's own encoder writes none of them, so they take the place of one of the same length.
            let right = "x".repeat(wrong.len());
            let mut packet = subscribe(
                version,
                7,
                &[("a", QOS[1]), (&right, QOS[1]), ("b", QOS[1])],
            );
            swap(&mut packet, &right, wrong);
            desk.send(client, &packet);
            let FromBroker::Suback(codes) = desk.other(client) else {
                panic!()
            };
            assert_eq!(
                (codes.packet_id, &codes.codes[..]),
                (7, &[1, refused, 1][..])
            );
            let mut packet = unsubscribe(version, 8, &[&right, "b"]);
            swap(&mut packet, &right, wrong);
            desk.send(client, &packet);
            assert!(matches!(desk.other(client), FromBroker::Unsuback(unsuback)
                if version != V5 || unsuback.codes == [0x8F, 0]));
        }
        let filters: Vec<_> = desk.broker.subscriptions("c").collect();
        assert_eq!(filters.len(), 1);
    }
}

/// What nobody types behind a filter that somebody may have typed.
#[test]
fn a_filter_that_breaks_the_rules_hides_nothing_behind_it() {
    let options = |packet: &mut Vec<u8>| *packet.last_mut().unwrap() = 0xFF;
    let nul = |packet: &mut Vec<u8>| swap(packet, "zz", "z\0");
    let not_text = |packet: &mut Vec<u8>| {
        let at = packet.len() - 3;
        packet[at] = 0xFF;
    };
    let too_short = |packet: &mut Vec<u8>| {
        let at = packet.len() - 4;
        packet[at] = 9;
    };
    let all: [fn(&mut Vec<u8>); 4] = [options, nul, not_text, too_short];
    for version in VERSIONS {
        for spoil in all {
            let mut desk = Desk::new();
            let client = desk.client(version, "c");
            let mut packet = subscribe(version, 7, &[("xx", QOS[1]), ("zz", QOS[1])]);
            swap(&mut packet, "xx", "a#");
            spoil(&mut packet);
            desk.send(client, &packet);
            assert!(matches!(desk.closed_why(client), Some(Why::Fault(_))));
            assert_eq!(desk.broker.held().subscriptions, 0);
        }
    }
}

/// Puts one text in the place of another of the same length.
fn swap(packet: &mut [u8], old: &str, new: &str) {
    let at = packet
        .windows(old.len())
        .position(|part| part == old.as_bytes());
    packet[at.unwrap()..][..new.len()].copy_from_slice(new.as_bytes());
}

/// MQTT 3.1.1 [MQTT-3.8.4-6], [MQTT-3.3.5-1]
/// MQTT 5 [MQTT-3.8.4-8], [MQTT-3.3.4-1], [MQTT-3.3.4-2]
#[test]
fn a_message_comes_with_the_lower_of_two_qualities() {
    for version in VERSIONS {
        for published in QOS {
            for granted in QOS {
                let mut desk = Desk::new();
                let (a, b) = (desk.client(version, "a"), desk.client(version, "b"));
                desk.subscribe(b, &[("t", granted)]);
                desk.publish_whole(a, "t", "x", published);
                assert_eq!(desk.message(b).qos, published.min(granted));
            }
        }
    }
}

/// MQTT 3.1.1 [MQTT-3.10.4-1], [MQTT-3.10.4-2], [MQTT-3.10.4-4], [MQTT-3.10.4-5], [MQTT-3.10.4-6], [MQTT-2.3.1-7]
/// MQTT 5 [MQTT-3.10.4-1], [MQTT-3.10.4-2], [MQTT-3.10.4-4], [MQTT-3.10.4-5], [MQTT-3.10.4-6], [MQTT-3.11.3-1],
/// MQTT 5 [MQTT-3.11.3-2], [MQTT-2.2.1-6]
#[test]
fn what_is_unsubscribed_from_comes_no_more() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let client = desk.client(version, "c");
        desk.subscribe(client, &[("a/b", QOS[0]), ("a/+", QOS[0])]);
        desk.send(client, &unsubscribe(version, 7, &["a/b", "a/#", "a/+"]));
        let FromBroker::Unsuback(codes) = desk.other(client) else {
            panic!()
        };
        assert_eq!(codes.packet_id, 7);
        let wanted: &[u8] = if version == V5 { &[0, 0x11, 0] } else { &[] };
        assert_eq!(codes.codes, wanted);
        desk.publish(client, "a/b", "x", QOS[0], 0);
        assert_eq!(desk.got(client), []);
    }
}

/// MQTT 3.1.1 [MQTT-3.8.4-3]
/// MQTT 5 [MQTT-3.8.4-3]
#[test]
fn the_same_filter_again_replaces_the_subscription() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let client = desk.client(version, "c");
        desk.subscribe(client, &[("t", QOS[2])]);
        desk.subscribe(client, &[("t", QOS[0])]);
        desk.publish_whole(client, "u", "x", QOS[0]);
        desk.publish(client, "t", "x", QOS[0], 0);
        assert_eq!(desk.message(client).qos, QOS[0]);
        assert_eq!(desk.broker.held().subscriptions, 1);
    }
}

/// MQTT 5 [MQTT-3.3.4-2], [MQTT-3.3.4-3], [MQTT-3.3.4-4]
#[test]
fn overlapping_filters_are_one_copy_with_all_identifiers() {
    let mut desk = Desk::new();
    let client = desk.client(V5, "c");
    for (filter, qos, id) in [
        ("a/#", 0, Some(1)),
        ("a/+", 2, Some(300)),
        ("a/b", 1, None),
        ("#", 0, Some(1)),
    ] {
        let options = SubscribeOptions::from(QOS[qos]);
        desk.send(client, &subscribe_with(V5, 1, &[(filter, options)], id));
        desk.got(client);
    }
    desk.publish(client, "a/b", "x", QOS[0], 0);
    let mut ids = desk.message(client).properties.subscription_identifiers;
    ids.sort_unstable();
    assert_eq!(ids, [1, 1, 300]);
    let mut three = Desk::new();
    let client = three.client(V311, "c");
    three.subscribe(client, &[("a/#", QOS[0]), ("a/+", QOS[2]), ("#", QOS[1])]);
    let other = three.client(V311, "d");
    three.publish_whole(other, "a/b", "x", QOS[2]);
    assert_eq!(three.message(client).qos, QOS[2]);
}

/// MQTT 5 [MQTT-3.8.3-3]
#[test]
fn no_local_spares_a_client_what_it_published() {
    let mut desk = Desk::new();
    let (a, b) = (desk.client(V5, "a"), desk.client(V5, "b"));
    let options = SubscribeOptions {
        no_local: true,
        ..QOS[0].into()
    };
    for client in [a, b] {
        desk.send(client, &subscribe_with(V5, 1, &[("t", options)], None));
        desk.got(client);
    }
    desk.send(a, &retained(V5, "t", "x", QOS[0], 0));
    assert_eq!((desk.texts(a).len(), desk.texts(b).len()), (0, 1));
    // Its own retained message neither.
    desk.send(a, &subscribe_with(V5, 1, &[("t", options)], None));
    assert_eq!(desk.got(a).len(), 1);
    // Another filter of its own lets it through.
    desk.subscribe(a, &[("#", QOS[0])]);
    desk.got(a);
    desk.publish(a, "t", "y", QOS[0], 0);
    assert_eq!(desk.texts(a), ["y"]);
}

/// MQTT 5 [MQTT-3.8.3-4]
#[test]
fn no_local_with_a_shared_subscription_is_a_protocol_error() {
    let mut desk = Desk::new();
    let client = desk.client(V5, "c");
    desk.send(client, b"\x82\x0f\0\x01\0\0\x09$share/g/\x04"); // and its filter is empty
    assert_eq!(desk.closed_with(client), Some(0x82));
    let client = desk.client(V5, "c");
    desk.send(client, b"\x82\x10\0\x01\0\0\x0a$share/g/t\x04");
    assert_eq!(desk.closed_with(client), Some(0x82));
}

/// MQTT 3.1.1 [MQTT-3.8.3-1], [MQTT-3.8.3-3], [MQTT-4.7.3-1], [MQTT-4.7.3-2]
/// MQTT 5 [MQTT-3.8.3-2], [MQTT-4.7.3-1], [MQTT-4.7.3-2]
#[test]
fn what_nobody_types_as_a_filter_ends_the_connection() {
    for filter in ["", "a\0b"] {
        for version in VERSIONS {
            let mut desk = Desk::new();
            let client = desk.client(version, "c");
            let mut body = vec![0, 1];
            if version == V5 {
                body.push(0);
            }
            body.extend_from_slice(&[0, filter.len() as u8]);
            body.extend_from_slice(filter.as_bytes());
            body.push(0);
            desk.send(client, &[&[0x82, body.len() as u8], &body[..]].concat());
            assert_eq!(desk.closed_with(client), Some(0x81), "{filter}");
        }
    }
}

/// MQTT 3.1.1 [MQTT-4.7.1-2], [MQTT-4.7.2-1], [MQTT-4.7.3-4], [MQTT-3.3.2-3]
/// MQTT 5 [MQTT-4.7.2-1], [MQTT-4.7.3-4], [MQTT-3.3.2-3]
#[test]
fn filters_match_as_they_should() {
    let filters = [
        "#", "+", "a/#", "a/+", "+/b", "/+", "+/+", "/#", "a//b", "$x/#", "$x/+", "a", "A",
    ];
    let topics = [
        "a", "a/b", "a/", "/b", "/", "a//b", "$x/y", "$x", "A", "a/b/c", " ", "ä/b",
    ];
    for filter in filters {
        let mut desk = Desk::new();
        let (a, b) = (desk.client(V311, "a"), desk.client(V5, "b"));
        desk.subscribe(b, &[(filter, QOS[0])]);
        for topic in topics {
            desk.publish(a, topic, topic, QOS[0], 0);
        }
        let wanted: Vec<_> = topics
            .iter()
            .filter(|topic| matches(filter, topic))
            .collect();
        assert_eq!(desk.texts(b).iter().collect::<Vec<_>>(), wanted, "{filter}");
    }
}

/// MQTT 5 [MQTT-2.2.1-4]
#[test]
fn a_packet_identifier_that_is_in_use_is_not_taken_twice() {
    let mut desk = Desk::new();
    let client = desk.client(V5, "c");
    desk.publish(client, "t", "x", QOS[2], 5);
    desk.got(client);
    desk.send(client, &subscribe(V5, 5, &[("a", QOS[0])]));
    assert_eq!(desk.suback(client), [0x91]);
    desk.send(client, &unsubscribe(V5, 5, &["a"]));
    assert!(matches!(desk.other(client), FromBroker::Unsuback(codes) if codes.codes == [0x91]));
}

#[test]
fn whom_a_message_would_reach_can_be_asked() {
    let mut desk = Desk::new();
    let (a, b) = (desk.client(V5, "a"), desk.client(V311, "b"));
    let away = desk.join(&staying(V5, "c"));
    desk.send(
        a,
        &subscribe_with(V5, 1, &[("a/#", QOS[1].into())], Some(9)),
    );
    desk.got(a);
    desk.subscribe(a, &[("#", QOS[0]), ("other", QOS[0])]);
    desk.subscribe(b, &[("$share/g/a/+", QOS[2])]);
    desk.subscribe(away, &[("$share/g/a/+", QOS[1]), ("a/b", QOS[1])]);
    desk.cut(away);
    // Asking changes nothing.
    for _ in 0..3 {
        let mut all = desk.broker.would_reach("a/b", None);
        all.sort_by_key(|recipient| recipient.client_id.clone());
        let [first, second, third] = &all[..] else {
            panic!("{all:?}")
        };
        assert_eq!(
            (&*first.client_id, first.qos, first.shared, first.is_here),
            ("a", QOS[1], false, true)
        );
        assert_eq!((&first.identifiers[..], first.filters.len()), (&[9][..], 2));
        assert_eq!(
            (&*second.client_id, second.qos, second.shared),
            ("b", QOS[2], true)
        );
        assert_eq!(&*second.filters[0], "$share/g/a/+");
        assert_eq!(
            (&*third.client_id, third.is_here, third.may_read),
            ("c", false, true)
        );
    }
}
