//! Quality of service 1 and 2, both ways (section 4.3), and what survives a connection (section 4.4).

use midge::protocol::{FromBroker, PacketType};

use crate::desk::*;

fn got(desk: &mut Desk, client: C) -> Vec<(PacketType, u16, u8)> {
    let all = desk.got(client).into_iter();
    all.map(|got| match got {
        Got::Publish(message) => (PacketType::Publish, message.id, u8::from(message.dup)),
        Got::Other(FromBroker::Puback(a)) => (PacketType::Puback, a.packet_id, a.code),
        Got::Other(FromBroker::Pubrec(a)) => (PacketType::Pubrec, a.packet_id, a.code),
        Got::Other(FromBroker::Pubrel(a)) => (PacketType::Pubrel, a.packet_id, a.code),
        Got::Other(FromBroker::Pubcomp(a)) => (PacketType::Pubcomp, a.packet_id, a.code),
        got => panic!("{got:?}"),
    })
    .collect()
}

/// MQTT 3.1.1 [MQTT-4.3.2-2], [MQTT-4.3.3-2], [MQTT-2.3.1-6], [MQTT-3.3.4-1]
/// MQTT 5 [MQTT-4.3.2-4], [MQTT-4.3.3-8], [MQTT-4.3.3-11], [MQTT-4.3.3-12], [MQTT-2.2.1-5]
#[test]
fn what_a_client_publishes_is_acknowledged() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let (a, b) = (desk.client(version, "a"), desk.client(version, "b"));
        desk.subscribe(b, &[("t", QOS[2])]);
        desk.publish(a, "t", "0", QOS[0], 0);
        desk.publish(a, "t", "1", QOS[1], 10);
        desk.publish(a, "t", "2", QOS[2], 11);
        desk.send(a, &ack(PacketType::Pubrel, 11));
        assert_eq!(
            got(&mut desk, a),
            [
                (PacketType::Puback, 10, 0),
                (PacketType::Pubrec, 11, 0),
                (PacketType::Pubcomp, 11, 0)
            ]
        );
        assert_eq!(desk.texts(b), ["0", "1", "2"]);
    }
}

/// MQTT 3.1.1 [MQTT-4.3.3-2]
/// MQTT 5 [MQTT-4.3.3-10], [MQTT-4.3.3-13]
#[test]
fn a_qos_2_message_that_is_repeated_is_delivered_once() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let mut said = staying(version, "a");
        let b = desk.client(version, "b");
        desk.subscribe(b, &[("t", QOS[2])]);
        let mut a = desk.join(&said);
        let mut packet = publish(version, "t", "once", QOS[2], 7);
        desk.send(a, &packet);
        packet[0] |= 8;
        desk.send(a, &packet);
        for _ in 0..3 {
            desk.cut(a);
            said.clean_session = false;
            a = desk.join(&said);
            desk.send(a, &packet);
            assert_eq!(got(&mut desk, a), [(PacketType::Pubrec, 7, 0)]);
        }
        assert_eq!(desk.texts(b), ["once"]);
        desk.send(a, &ack(PacketType::Pubrel, 7));
        desk.send(a, &ack(PacketType::Pubrel, 7));
        let unknown = if version == V5 { 0x92 } else { 0 };
        assert_eq!(
            got(&mut desk, a),
            [
                (PacketType::Pubcomp, 7, 0),
                (PacketType::Pubcomp, 7, unknown)
            ]
        );
        // Released, the identifier is that of a new message, whatever DUP says.
        desk.send(a, &packet);
        assert_eq!(desk.texts(b), ["once"]);
    }
}

/// MQTT 3.1.1 [MQTT-4.3.2-2], [MQTT-3.3.1-3]
/// MQTT 5 [MQTT-3.3.1-3], [MQTT-4.3.2-5]
#[test]
fn a_qos_1_message_that_is_repeated_is_delivered_again() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let (a, b) = (desk.client(version, "a"), desk.client(version, "b"));
        desk.subscribe(b, &[("t", QOS[2])]);
        let mut packet = publish(version, "t", "x", QOS[1], 7);
        desk.send(a, &packet);
        packet[0] |= 8;
        desk.send(a, &packet);
        let messages = desk.messages(b);
        assert_eq!(
            messages
                .iter()
                .map(|message| message.dup)
                .collect::<Vec<_>>(),
            [false, false]
        );
    }
}

/// MQTT 3.1.1 [MQTT-2.3.1-2], [MQTT-2.3.1-4], [MQTT-4.3.3-1], [MQTT-4.3.2-1]
/// MQTT 5 [MQTT-2.2.1-4], [MQTT-4.3.3-1], [MQTT-4.3.3-4], [MQTT-4.3.3-6], [MQTT-4.3.3-7], [MQTT-4.3.2-1]
#[test]
fn packet_identifiers_are_free_once_a_delivery_is_over() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let client = desk.client(version, "c");
        let publisher = desk.client(version, "p");
        desk.subscribe(client, &[("t", QOS[2])]);
        for qos in [QOS[1], QOS[2], QOS[1]] {
            desk.publish_whole(publisher, "t", "x", qos);
        }
        let messages = desk.messages(client);
        let ids: Vec<_> = messages.iter().map(|message| message.id).collect();
        assert_eq!(ids, [1, 2, 3]);
        for message in &messages {
            desk.take(client, message);
        }
        assert_eq!(desk.broker.held().messages, (0, 0));
        assert_eq!(
            desk.broker.client("c").map(|client| client.in_flight),
            Some(0)
        );
    }
    // A PUBREC that refuses is the end of it.
    let mut desk = Desk::new();
    let client = desk.client(V5, "c");
    desk.subscribe(client, &[("t", QOS[2])]);
    desk.publish(client, "t", "x", QOS[2], 1);
    let message = desk.messages(client).remove(0);
    desk.send(client, &[0x50, 3, 0, message.id as u8, 0x97]);
    assert_eq!(desk.got(client), []);
    assert_eq!(desk.broker.held().messages, (0, 0));
}

/// MQTT 3.1.1 [MQTT-4.4.0-1], [MQTT-3.3.1-1], [MQTT-4.3.2-1]
/// MQTT 5 [MQTT-4.4.0-1], [MQTT-3.3.1-1], [MQTT-4.6.0-1], [MQTT-4.3.2-3], [MQTT-4.3.3-3], [MQTT-4.3.3-5]
#[test]
fn what_is_in_flight_is_sent_again_in_its_order_when_the_session_goes_on() {
    for version in VERSIONS {
        for back in VERSIONS {
            let mut desk = Desk::new();
            let publisher = desk.client(V5, "p");
            let client = desk.join(&staying(version, "c"));
            desk.subscribe(client, &[("#", QOS[2])]);
            for (number, qos) in [1, 2, 1, 2, 2].iter().enumerate() {
                desk.publish_whole(publisher, "t", &number.to_string(), QOS[*qos]);
            }
            let messages = desk.messages(client);
            assert_eq!(messages.len(), 5);
            desk.take(client, &messages[2]);
            desk.send(client, &ack(PacketType::Pubrec, messages[3].id));
            desk.cut(client);
            desk.publish_whole(publisher, "t", "5", QOS[1]);
            let client = desk.join(&staying(back, "c"));
            assert_eq!(
                got(&mut desk, client),
                [
                    (PacketType::Publish, messages[0].id, 1),
                    (PacketType::Publish, messages[1].id, 1),
                    (PacketType::Pubrel, messages[3].id, 0),
                    (PacketType::Publish, messages[4].id, 1),
                    (PacketType::Publish, 6, 0),
                ]
            );
            desk.send(client, &ack(PacketType::Pubcomp, messages[3].id));
            assert_eq!(
                desk.broker.client("c").map(|client| client.in_flight),
                Some(4)
            );
        }
    }
}

#[test]
fn answers_of_the_wrong_kind_end_the_connection() {
    for version in VERSIONS {
        for (qos, answer) in [
            (QOS[1], PacketType::Pubrec),
            (QOS[1], PacketType::Pubcomp),
            (QOS[2], PacketType::Puback),
            (QOS[2], PacketType::Pubcomp),
        ] {
            let mut desk = Desk::new();
            let (a, b) = (desk.client(version, "a"), desk.client(version, "b"));
            desk.subscribe(b, &[("t", QOS[2])]);
            desk.publish_whole(a, "t", "x", qos);
            let message = desk.message(b);
            desk.send(b, &ack(answer, message.id));
            assert_eq!(desk.closed_with(b), Some(0x82), "{qos:?} {answer}");
        }
    }
}

/// What is answered without a question does no harm.
#[test]
fn answers_to_nothing_are_let_be() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let client = desk.client(version, "c");
        for packet_type in [PacketType::Puback, PacketType::Pubcomp] {
            desk.send(client, &ack(packet_type, 4));
        }
        assert_eq!(desk.got(client), []);
        desk.send(client, &ack(PacketType::Pubrec, 4));
        let unknown = if version == V5 { 0x92 } else { 0 };
        assert_eq!(got(&mut desk, client), [(PacketType::Pubrel, 4, unknown)]);
    }
}

/// MQTT 3.1.1 [MQTT-2.3.1-1], [MQTT-3.3.1-4], [MQTT-4.8.0-1], [MQTT-3.3.2-2], [MQTT-4.7.1-1]
/// MQTT 5 [MQTT-2.2.1-3], [MQTT-3.3.1-4], [MQTT-4.13.1-1], [MQTT-3.3.2-2], [MQTT-4.7.0-1]
#[test]
fn a_publish_that_is_none_ends_the_connection() {
    let cases: [(&[u8], &[u8], u8); 4] = [
        (b"\x36\x05\0\x01t\0\x01", b"\x36\x06\0\x01t\0\x01\0", 0x81),
        (b"\x32\x05\0\x01t\0\0", b"\x32\x06\0\x01t\0\0\0", 0x82),
        (b"\x30\x03\0\x01#", b"\x30\x04\0\x01#\0", 0x81),
        (b"\x38\x03\0\x01t", b"\x38\x04\0\x01t\0", 0x81),
    ];
    for (three, five, code) in cases {
        for version in VERSIONS {
            let mut desk = Desk::new();
            let client = desk.client(version, "c");
            desk.send(client, if version == V5 { five } else { three });
            assert_eq!(desk.closed_with(client), Some(code), "{three:x?}");
        }
    }
}
