//! Incoming messages at each quality of service, in each version.

use midge::session::PacketRole;

use crate::link::*;

#[test]
fn qos_0_is_delivered_and_not_answered() {
    for settings in each() {
        let mut link = Link::connected(settings);
        let packet = link.message(0x31, 0);
        assert_eq!(
            link.bytes(&packet),
            [Seen::Came(packet.clone(), PacketRole::Message)]
        );
    }
}

/// MQTT 3.1.1 [MQTT-4.3.2-2]
/// MQTT 5 [MQTT-4.3.2-4], [MQTT-3.3.4-1], [MQTT-4.5.0-2]
#[test]
fn qos_1_is_delivered_then_answered() {
    for settings in each() {
        let mut link = Link::connected(settings);
        let packet = link.message(0x32, 9);
        assert_eq!(
            link.bytes(&packet),
            [
                Seen::Came(packet.clone(), PacketRole::Message),
                Seen::Sent(ack(PUBACK, 9).to_vec(), PacketRole::Control)
            ]
        );
    }
}

/// After PUBACK the identifier is a new message, whatever DUP says.
///
/// MQTT 3.1.1 [MQTT-4.3.2-2]
/// MQTT 5 [MQTT-4.3.2-5]
#[test]
fn qos_1_with_the_same_identifier_is_a_new_message() {
    for settings in each() {
        let mut link = Link::connected(settings);
        for first in [0x32, 0x3A, 0x32] {
            let seen = link.bytes(&link.message(first, 9));
            assert_eq!(deliveries(&seen), [PacketRole::Message]);
            assert_eq!(sent(&seen), [ack(PUBACK, 9)]);
        }
    }
}

/// MQTT 3.1.1 [MQTT-4.3.3-2], [MQTT-4.5.0-2]
/// MQTT 5 [MQTT-4.3.3-8], [MQTT-4.3.3-10], [MQTT-4.3.3-11], [MQTT-4.3.3-12], [MQTT-3.3.4-1]
#[test]
fn qos_2_is_delivered_once_until_it_is_released() {
    for settings in each() {
        let mut link = Link::connected(settings);
        let seen = link.bytes(&link.message(0x34, 9));
        assert_eq!(
            (deliveries(&seen), sent(&seen)),
            (vec![PacketRole::Message], vec![ack(PUBREC, 9).to_vec()])
        );
        let seen = link.bytes(&link.message(0x3C, 9));
        assert_eq!(
            (deliveries(&seen), sent(&seen)),
            (vec![PacketRole::Repeat], vec![ack(PUBREC, 9).to_vec()])
        );
        assert_eq!(sent(&link.bytes(&ack(PUBREL, 9))), [ack(PUBCOMP, 9)]);
        let seen = link.bytes(&link.message(0x34, 9));
        assert_eq!(deliveries(&seen), [PacketRole::Message]);
    }
}

/// In MQTT 5 with 0x92, "packet identifier not found".
///
/// MQTT 3.1.1 [MQTT-4.3.3-2]
/// MQTT 5 [MQTT-4.3.3-11], [MQTT-3.7.2-1]
#[test]
fn pubrel_for_an_unknown_identifier_is_answered() {
    let mut link = Link::connected(settings());
    assert_eq!(sent(&link.bytes(&ack(PUBREL, 4711))), [ack(PUBCOMP, 4711)]);
    let mut link = Link::connected(settings5());
    let answer = sent(&link.bytes(&ack(PUBREL, 4711)));
    assert_eq!(answer, [[0x70, 3, 0x12, 0x67, 0x92]]);
}

/// The identifiers belong to the session, over reconnects.
///
/// MQTT 3.1.1 [MQTT-4.3.3-2], [MQTT-4.1.0-1], [MQTT-3.1.2-4]
/// MQTT 5 [MQTT-4.3.3-10], [MQTT-3.1.2-23]
#[test]
fn a_qos_2_repeat_after_a_reconnect_is_still_a_repeat() {
    for settings in each_keeping() {
        let mut link = Link::connected(settings);
        link.bytes(&link.message(0x34, 9));
        link.lose();
        link.accept(true);
        let seen = link.bytes(&link.message(0x3C, 9));
        assert_eq!(deliveries(&seen), [PacketRole::Repeat]);
        assert_eq!(sent(&seen), [ack(PUBREC, 9)]);
    }
}

/// A new session knows nothing of the earlier one.
///
/// MQTT 3.1.1 [MQTT-3.1.2-6]
/// MQTT 5 [MQTT-3.1.2-4], [MQTT-3.2.2-5]
#[test]
fn qos_2_identifiers_end_with_the_session() {
    for settings in each().into_iter().chain(each_keeping()) {
        let mut link = Link::connected(settings);
        link.bytes(&link.message(0x34, 9));
        link.lose();
        link.accept(false);
        assert_eq!(
            deliveries(&link.bytes(&link.message(0x34, 9))),
            [PacketRole::Message]
        );
    }
}

/// MQTT 3.1.1 [MQTT-4.6.0-2], [MQTT-4.6.0-3]
/// MQTT 5 [MQTT-4.6.0-2], [MQTT-4.6.0-3]
#[test]
fn acknowledgements_go_out_in_the_order_of_what_they_answer() {
    for settings in each() {
        let mut link = Link::connected(settings);
        let bytes = [
            link.message(0x34, 1),
            link.message(0x32, 2),
            ack(PUBREL, 1).to_vec(),
            link.message(0x30, 0),
            link.message(0x32, 3),
            link.message(0x34, 4),
        ]
        .concat();
        assert_eq!(
            sent(&link.bytes(&bytes)),
            [
                ack(PUBREC, 1),
                ack(PUBACK, 2),
                ack(PUBCOMP, 1),
                ack(PUBACK, 3),
                ack(PUBREC, 4)
            ]
        );
    }
}

/// One subscription identifier for each subscription that matched: they stand in the packet, which comes as it is.
#[test]
fn a_message_keeps_its_subscription_identifiers() {
    use midge::protocol::{Direction, Version, outline, publish_properties};
    let mut link = Link::connected(settings5());
    let packet = publish5(0x30, "t", 0, &[0x0B, 7, 0x0B, 0xAC, 2]);
    let seen = link.bytes(&packet);
    let Seen::Came(bytes, PacketRole::Message) = &seen[0] else {
        panic!("{seen:?}");
    };
    let outline = outline(bytes, Version::V5, Direction::Incoming).expect("valid");
    let properties = publish_properties(bytes, &outline);
    assert_eq!(properties.subscription_identifiers, [7, 300]);
    assert_eq!(bytes[outline.payload as usize..], *b"x");
}

/// An answer may grow by a reason string and user properties only as far as the server takes packets: none has any.
///
/// MQTT 5 [MQTT-3.4.2-2], [MQTT-3.4.2-3], [MQTT-3.5.2-2], [MQTT-3.5.2-3], [MQTT-3.6.2-2], [MQTT-3.6.2-3], [MQTT-3.7.2-2], [MQTT-3.7.2-3], [MQTT-3.14.2-3], [MQTT-3.14.2-4]
#[test]
fn answers_fit_the_smallest_packet_that_a_server_can_take() {
    use midge::protocol::{PacketType, Qos};
    let mut link = Link::granted(settings5(), &four(0x27, 12));
    let mut seen = Vec::new();
    for packet in [link.message(0x32, 1), link.message(0x34, 2)] {
        seen.extend(link.bytes(&packet));
    }
    for id in [2, 3] {
        seen.extend(link.bytes(&ack(PUBREL, id)));
    }
    seen.extend(link.publish(1, Qos::ExactlyOnce));
    for id in [1, 9] {
        seen.extend(link.bytes(&ack(PUBREC, id)));
    }
    seen.extend(link.bytes(&[0x00, 0x00]));
    assert_eq!(
        as_broker(&seen),
        [
            PacketType::Puback,
            PacketType::Pubrec,
            PacketType::Pubcomp,
            PacketType::Pubcomp,
            PacketType::Publish,
            PacketType::Pubrel,
            PacketType::Pubrel,
            PacketType::Disconnect
        ]
    );
    // Type, length, identifier, code: no more than five bytes, the last of which may say that there are no properties.
    for answer in sent(&seen) {
        assert!(answer.len() <= 5 || answer[0] >> 4 == 3, "{answer:?}");
    }
}
