//! What a broker may not do, in strict mode. MQTT 5 is told why the connection ends, with the reason code of DISCONNECT; before it there
//! is no word for it. In MQTT 5 a client's limits bind the broker as well.

use midge::protocol::{Qos, Version};
use midge::session::{PacketRole, Phase, Settings, Trouble};

use crate::link::*;

fn greeting(settings: Settings) -> Link {
    let mut link = Link::new(1);
    link.tell(connect(settings));
    link.opened();
    link
}

/// The connection ended with this reason code, which went out before the socket was closed, and the user is told.
fn ended(link: &mut Link, seen: &[Seen], code: u8) {
    assert_eq!(parted(seen), [code], "{seen:?}");
    let of = |is: fn(&Seen) -> bool| seen.iter().position(is);
    let said = of(|seen| matches!(seen, Seen::Sent(bytes, _) if bytes[0] == 0xE0));
    assert!(said < of(|seen| matches!(seen, Seen::Close { .. })));
    assert_eq!(link.session.phase(), Phase::Failed);
    let Some(Trouble::Malformed { detail, clause }) = link.session.trouble() else {
        panic!("{:?}", link.session.trouble());
    };
    assert!(!detail.is_empty() && !clause.is_empty());
    // Nothing more is taken or sent.
    assert_eq!(link.bytes(&publish5(0x32, "t", 1, &[])), []);
}

/// MQTT 5 [MQTT-4.13.1-1]
#[test]
fn what_is_no_packet_ends_the_connection_with_its_reason() {
    let long = {
        let mut bytes = vec![0x30, 0xFF, 0xFF, 0xFF, 0x7F];
        bytes.push(0);
        bytes
    };
    let cases: [(Vec<u8>, u8); 7] = [
        (vec![0x00, 0x00], 0x81),
        (vec![0x36, 0x00], 0x81),
        (vec![0x30, 0xFF, 0xFF, 0xFF, 0xFF], 0x81),
        (publish5(0x30, "a/#", 0, &[]), 0x81),
        (publish5(0x30, "", 0, &[]), 0x82),
        (publish5(0x30, "t", 0, &two(0x23, 0)), 0x94),
        (long, 0x95),
    ];
    for (bytes, code) in cases {
        let mut link = Link::connected(strict(settings5()));
        let seen = link.bytes(&bytes);
        assert!(seen.iter().any(|seen| matches!(seen, Seen::Malformed(..))));
        ended(&mut link, &seen, code);
    }
}

/// MQTT 5 [MQTT-4.13.1-1]
#[test]
fn packets_out_of_place_end_the_connection_with_protocol_error() {
    type Case = (fn() -> Link, Vec<u8>);
    let cases: [Case; 9] = [
        (
            || greeting(strict(settings5())),
            publish5(0x30, "t", 0, &[]),
        ),
        (|| greeting(strict(settings5())), PINGRESP.to_vec()),
        (|| greeting(strict(settings5())), disconnect5(0x8B, &[])),
        (
            || greeting(strict(settings5())),
            auth5(0x18, "SCRAM-SHA-256", b""),
        ),
        (
            || Link::connected(strict(settings5())),
            connack5(false, 0, &[]),
        ),
        (
            || Link::connected(strict(settings5())),
            auth5(0x18, "x", b""),
        ),
        (with_qos_2, ack(PUBACK, 1).to_vec()),
        (with_qos_2, ack(PUBCOMP, 1).to_vec()),
        (with_subscribe, suback5(0x90, 1, &[], &[0])),
    ];
    for (link, bytes) in cases {
        let mut link = link();
        let seen = link.bytes(&bytes);
        assert_eq!(seen[0], Seen::Came(bytes, PacketRole::Control));
        ended(&mut link, &seen, 0x82);
    }
}

fn with_qos_2() -> Link {
    let mut link = Link::connected(strict(settings5()));
    link.publish(1, Qos::ExactlyOnce);
    link
}

fn with_subscribe() -> Link {
    let mut link = Link::connected(strict(settings5()));
    link.subscribe(&[("a", Qos::AtMostOnce), ("b", Qos::AtMostOnce)]);
    link
}

/// Before CONNECT there is nobody to say it to.
#[test]
fn nothing_is_said_before_connect() {
    let mut link = Link::new(1);
    link.tell(connect(strict(settings5())));
    let seen = link.socket(midge::session::SocketEvent::Opened { subprotocol: "" });
    assert_eq!(sent(&seen), [] as [Vec<u8>; 0]);
    assert!(closes(&seen));
}

/// MQTT 3.1.1 [MQTT-4.8.0-1]
#[test]
fn before_mqtt_5_the_connection_is_closed_without_a_word() {
    let mut link = Link::connected(strict(settings()));
    let seen = link.bytes(&[0x00, 0x00]);
    assert_eq!(sent(&seen), [] as [Vec<u8>; 0]);
    assert!(closes(&seen));
}

/// MQTT 5 [MQTT-6.0.0-1]
/// MQTT 3.1.1 [MQTT-6.0.0-1]
#[test]
fn a_text_frame_ends_the_connection_in_each_version() {
    for settings in each() {
        let five = settings.connect.version == Version::V5;
        let mut link = Link::connected(settings);
        let seen = link.socket(midge::session::SocketEvent::TextFrame);
        assert_eq!(parted(&seen), if five { vec![0x81] } else { vec![] });
        assert!(closes(&seen));
        assert_eq!(link.session.trouble(), Some(&Trouble::TextFrame));
    }
}

fn receiving(maximum: u16) -> Link {
    let mut settings = strict(keeping5());
    settings.connect.properties.receive_maximum = Some(maximum);
    Link::connected(settings)
}

/// MQTT 5 section 3.3.4: 0x93 is "receive maximum exceeded".
#[test]
fn more_than_the_receive_maximum_ends_the_connection() {
    for one_more in [0x34, 0x32] {
        let mut link = receiving(2);
        let two = [publish5(0x34, "t", 1, &[]), publish5(0x34, "t", 2, &[])].concat();
        assert_eq!(deliveries(&link.bytes(&two)), [PacketRole::Message; 2]);
        // QoS 0 is not counted, nor is one that comes again.
        let more = [publish5(0x30, "t", 0, &[]), publish5(0x3C, "t", 2, &[])].concat();
        assert_eq!(
            deliveries(&link.bytes(&more)),
            [PacketRole::Message, PacketRole::Repeat]
        );
        let seen = link.bytes(&publish5(one_more, "t", 3, &[]));
        assert_eq!(deliveries(&seen), []);
        ended(&mut link, &seen, 0x93);
    }
}

#[test]
fn what_is_acknowledged_does_not_count_for_the_receive_maximum() {
    let mut link = receiving(1);
    for id in 1..=100 {
        let bytes = [publish5(0x32, "t", id, &[]), publish5(0x34, "t", id, &[])].concat();
        assert_eq!(deliveries(&link.bytes(&bytes)), [PacketRole::Message; 2]);
        link.bytes(&ack(PUBREL, id));
    }
    assert_eq!(link.session.phase(), Phase::Connected);
}

/// The count begins anew with each connection (MQTT 5 section 4.9).
#[test]
fn the_receive_maximum_counts_for_a_connection() {
    let mut link = receiving(1);
    link.bytes(&publish5(0x34, "t", 1, &[]));
    link.lose();
    link.accept(true);
    let seen = link.bytes(&publish5(0x34, "t", 2, &[]));
    assert_eq!(deliveries(&seen), [PacketRole::Message]);
    // PUBREL of the other is answered all the same, and gives no room.
    assert_eq!(sent(&link.bytes(&ack(PUBREL, 1))), [ack(PUBCOMP, 1)]);
    let seen = link.bytes(&publish5(0x34, "t", 3, &[]));
    ended(&mut link, &seen, 0x93);
}

fn aliasing(maximum: u16) -> Link {
    let mut settings = strict(settings5());
    settings.connect.properties.topic_alias_maximum = Some(maximum);
    Link::connected(settings)
}

fn aliased(topic: &str, alias: u16) -> Vec<u8> {
    publish5(0x30, topic, 0, &two(0x23, alias))
}

/// MQTT 5 [MQTT-3.3.2-11]
#[test]
fn an_alias_stands_for_the_topic_that_it_was_last_given() {
    let mut link = aliasing(2);
    for (topic, alias) in [
        ("a/b", 1),
        ("", 1),
        ("c", 2),
        ("", 1),
        ("d", 1),
        ("", 1),
        ("", 2),
    ] {
        let seen = link.bytes(&aliased(topic, alias));
        assert_eq!(deliveries(&seen), [PacketRole::Message]);
    }
    assert_eq!(link.topics, ["a/b", "a/b", "c", "a/b", "d", "d", "c"]);
}

/// MQTT 5 [MQTT-3.3.2-7], [MQTT-3.3.2-10]
#[test]
fn an_alias_ends_with_its_connection() {
    let mut link = aliasing(2);
    link.bytes(&aliased("a", 1));
    link.lose();
    link.accept(false);
    let seen = link.bytes(&aliased("", 1));
    ended(&mut link, &seen, 0x82);
}

/// MQTT 5 section 3.3.2.3.4: 0x94 is "topic alias invalid", and 0 or none at all means no alias.
#[test]
fn an_alias_above_the_maximum_ends_the_connection() {
    for maximum in [0, 2] {
        let mut link = aliasing(maximum);
        let seen = link.bytes(&aliased("a", maximum + 1));
        assert_eq!(deliveries(&seen), []);
        ended(&mut link, &seen, 0x94);
    }
    let mut link = Link::connected(strict(settings5()));
    let seen = link.bytes(&aliased("a", 1));
    ended(&mut link, &seen, 0x94);
}

#[test]
fn an_alias_that_stands_for_nothing_ends_the_connection() {
    let mut link = aliasing(2);
    link.bytes(&aliased("a", 1));
    let seen = link.bytes(&aliased("", 2));
    ended(&mut link, &seen, 0x82);
}

/// A repeat through an alias is a repeat.
#[test]
fn an_alias_and_exactly_once_go_together() {
    let mut link = aliasing(2);
    link.bytes(&publish5(0x34, "a", 1, &two(0x23, 1)));
    let seen = link.bytes(&publish5(0x3C, "", 1, &two(0x23, 1)));
    assert_eq!(deliveries(&seen), [PacketRole::Repeat]);
    assert_eq!(sent(&seen), [ack(PUBREC, 1)]);
}
