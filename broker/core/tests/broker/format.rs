//! Packets by their bytes: fixed headers, identifiers, properties and text (chapters 1 and 2).

use midge::protocol::{FromBroker, PacketType, PublishProperties, Version};

use crate::desk::*;

/// What was said to this client, as first bytes and bodies.
fn packets(desk: &mut Desk, client: C) -> Vec<(u8, Vec<u8>)> {
    let bytes = desk.raw(client);
    let mut rest = &bytes[..];
    let mut all = Vec::new();
    while let [first, length, behind @ ..] = rest {
        assert!(*length < 128, "short packets only");
        let (body, behind) = behind.split_at(usize::from(*length));
        all.push((*first, body.to_vec()));
        rest = behind;
    }
    all
}

/// Has everything said to a client that can be said to one of its version.
fn everything(version: Version) -> Vec<(u8, Vec<u8>)> {
    let mut desk = Desk::new();
    let client = desk.open(version);
    desk.send(client, &connect(&staying(version, "c")));
    desk.send(client, &subscribe(version, 0x0102, &[("t", QOS[2])]));
    let publisher = desk.client(version, "p");
    for qos in QOS {
        desk.publish_whole(publisher, "t", "x", qos);
    }
    desk.send(client, &ack(PacketType::Pubrec, 2));
    desk.publish(client, "u", "x", QOS[1], 0x0304);
    desk.publish(client, "u", "x", QOS[2], 0x0506);
    desk.send(client, &ack(PacketType::Pubrel, 0x0506));
    desk.send(client, &unsubscribe(version, 0x0708, &["t"]));
    desk.send(client, PINGREQ);
    desk.tell(midge_broker_core::Input::Shutdown);
    packets(&mut desk, client)
}

/// MQTT 3.1.1 [MQTT-2.2.2-1], [MQTT-2.3.1-5], [MQTT-2.3.1-6], [MQTT-2.3.1-7], [MQTT-3.6.1-1], [MQTT-4.3.1-1]
/// MQTT 5 [MQTT-2.1.3-1], [MQTT-2.2.1-2], [MQTT-2.2.1-5], [MQTT-2.2.1-6], [MQTT-2.2.2-1], [MQTT-3.2.2-1]
/// MQTT 5 [MQTT-3.6.1-1], [MQTT-4.3.1-1], [MQTT-4.3.2-2], [MQTT-4.3.3-2]
#[test]
fn every_packet_is_laid_out_to_the_bit() {
    let three: [(u8, &[u8]); 11] = [
        (0x20, &[0, 0]),
        (0x90, &[1, 2, 2]),
        (0x30, b"\0\x01tx"),
        (0x32, b"\0\x01t\0\x01x"),
        (0x34, b"\0\x01t\0\x02x"),
        (0x62, &[0, 2]),
        (0x40, &[3, 4]),
        (0x50, &[5, 6]),
        (0x70, &[5, 6]),
        (0xB0, &[7, 8]),
        (0xD0, &[]),
    ];
    for version in [V31, V311] {
        let said = everything(version);
        let said: Vec<(u8, &[u8])> = said
            .iter()
            .map(|(first, body)| (*first, &body[..]))
            .collect();
        assert_eq!(said, three, "{version:?}");
    }
    // In MQTT 5 a length of the properties, and codes.
    let five: [(u8, &[u8]); 10] = [
        (0x90, &[1, 2, 0, 2]),
        (0x30, b"\0\x01t\0x"),
        (0x32, b"\0\x01t\0\x01\0x"),
        (0x34, b"\0\x01t\0\x02\0x"),
        (0x62, &[0, 2]),
        (0x40, &[3, 4, 0x10]),
        (0x50, &[5, 6, 0x10]),
        (0x70, &[5, 6]),
        (0xB0, &[7, 8, 0, 0]),
        (0xD0, &[]),
    ];
    let said = everything(V5);
    let middle: Vec<(u8, &[u8])> = said[1..11]
        .iter()
        .map(|(first, body)| (*first, &body[..]))
        .collect();
    assert_eq!(middle, five);
    let (first, connack) = &said[0];
    assert_eq!((*first, &connack[..2]), (0x20, &[0, 0][..]));
    let (last, goodbye) = &said[11];
    assert_eq!((*last, goodbye[0], said.len()), (0xE0, 0x8B, 12));
}

/// MQTT 3.1.1 [MQTT-2.2.2-2], [MQTT-3.6.1-1], [MQTT-3.8.1-1], [MQTT-3.10.1-1], [MQTT-3.14.1-1]
/// MQTT 5 [MQTT-3.6.1-1], [MQTT-3.8.1-1], [MQTT-3.10.1-1], [MQTT-3.14.1-1], [MQTT-3.15.1-1], [MQTT-4.13.1-1]
#[test]
fn reserved_flags_of_any_other_value_end_the_connection() {
    for version in VERSIONS {
        let mut all = vec![
            (ack(PacketType::Puback, 1), 0),
            (ack(PacketType::Pubrec, 1), 0),
            (ack(PacketType::Pubrel, 1), 2),
            (ack(PacketType::Pubcomp, 1), 0),
            (subscribe(version, 1, &[("t", QOS[0])]), 2),
            (unsubscribe(version, 1, &["t"]), 2),
            (PINGREQ.to_vec(), 0),
            (DISCONNECT.to_vec(), 0),
        ];
        if version == V5 {
            all.push((b"\xf0\x02\x19\0".to_vec(), 0));
        }
        for (mut packet, right) in all {
            // MQTT 3.1 has DUP there (its section 2.1).
            let is_right =
                |flags: u8| flags == right || (version == V31 && flags == right | 8 && right == 2);
            for flags in (0..16).filter(|flags| !is_right(*flags)) {
                packet[0] = packet[0] & 0xF0 | flags;
                let mut desk = Desk::new();
                let client = desk.client(version, "c");
                desk.send(client, &packet);
                assert_eq!(desk.closed_with(client), Some(0x81), "{packet:x?}");
                assert_eq!(desk.got(client).len(), usize::from(version == V5));
                assert_eq!(desk.broker.held().subscriptions, 0);
            }
        }
    }
}

/// A byte order mark is a character as any other, and nothing is composed or decomposed.
///
/// MQTT 3.1.1 [MQTT-1.5.3-3], [MQTT-3.3.2-1], [MQTT-4.7.3-4]
/// MQTT 5 [MQTT-1.5.4-3], [MQTT-4.7.3-4]
#[test]
fn text_is_passed_on_as_it_came() {
    let topics = ["\u{feff}t", "t", "t\u{feff}", "\u{e9}", "e\u{301}", "T"];
    for version in VERSIONS {
        let mut desk = Desk::new();
        let all = desk.client(version, "all");
        desk.subscribe(all, &[("#", QOS[0])]);
        for (number, topic) in topics.iter().enumerate() {
            let one = desk.client(version, &format!("c{number}"));
            desk.subscribe(one, &[(topic, QOS[0])]);
            for published in topics {
                desk.publish(one, published, "x", QOS[0], 0);
            }
            assert_eq!(desk.message(one).topic, *topic);
            let heard = desk.messages(all).into_iter();
            assert_eq!(
                heard.map(|message| message.topic).collect::<Vec<_>>(),
                topics
            );
            desk.cut(one);
        }
    }
    let properties = PublishProperties {
        content_type: Some("\u{feff}text".into()),
        response_topic: Some("\u{feff}r".into()),
        user_properties: vec![("\u{feff}".into(), "\u{feff}\u{feff}".into())],
        ..PublishProperties::default()
    };
    let mut desk = Desk::new();
    let client = desk.client(V5, "c");
    desk.subscribe(client, &[("t", QOS[0])]);
    desk.send(client, &publish_with(V5, "t", "x", QOS[0], 0, &properties));
    assert_eq!(desk.message(client).properties, properties);
}

/// MQTT 3.1.1 [MQTT-4.7.3-3]
/// MQTT 5 [MQTT-4.7.3-3]
#[test]
fn a_topic_is_as_long_as_its_length_can_say() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let client = desk.client(version, "c");
        let longest = "t".repeat(65_535);
        assert_eq!(desk.subscribe(client, &[(&longest, QOS[0])]), [0]);
        desk.publish(client, &longest, "x", QOS[0], 0);
        assert_eq!(desk.message(client).topic.len(), 65_535);
        // No packet can say a longer one, so the broker's owner is the only one who can ask for it.
        desk.subscribe(client, &[("#", QOS[0])]);
        desk.tell(midge_broker_core::Input::Publish {
            topic: &"t".repeat(65_536),
            payload: b"x",
            qos: QOS[0],
            retain: true,
        });
        assert_eq!(desk.got(client), []);
        assert_eq!(desk.broker.held().retained, (0, 0));
    }
}

/// What came before the fault is answered, and nothing behind it.
///
/// MQTT 3.1.1 [MQTT-4.8.0-1], [MQTT-1.5.3-1], [MQTT-1.5.3-2], [MQTT-4.7.3-1], [MQTT-4.7.3-2]
/// MQTT 5 [MQTT-4.13.1-1]
#[test]
fn text_that_is_none_ends_the_connection() {
    for version in VERSIONS {
        for name in [&b"\xff"[..], b"\xed\xa0\x80", b"\xc0\x80", b"a\0", b""] {
            let mut desk = Desk::new();
            let client = desk.client(version, "c");
            let mut body = vec![0, name.len() as u8];
            body.extend_from_slice(name);
            body.extend_from_slice(if version == V5 { b"\0x" } else { b"x" });
            let packet = [&[0x30, body.len() as u8], &body[..]].concat();
            desk.send(client, &[PINGREQ, &packet, PINGREQ].concat());
            assert!(desk.closed_with(client).is_some(), "{name:x?}");
            let said = desk.got(client);
            assert_eq!(said[0], Got::Other(FromBroker::Pingresp));
            assert_eq!(said.len(), 1 + usize::from(version == V5));
        }
    }
}
