//! Incoming messages at each quality of service.

use midge::session::Delivery;

use crate::link::*;

#[test]
fn qos_0_is_delivered_and_not_answered() {
    let mut link = Link::connected(settings());
    let packet = incoming(0x31, 0);
    assert_eq!(
        link.bytes(&packet),
        [Seen::Came(packet.clone(), Delivery::Message)]
    );
}

/// [MQTT-4.3.2-2]
#[test]
fn qos_1_is_delivered_then_answered() {
    let mut link = Link::connected(settings());
    let packet = incoming(0x32, 9);
    assert_eq!(
        link.bytes(&packet),
        [
            Seen::Came(packet.clone(), Delivery::Message),
            Seen::Sent(ack(PUBACK, 9).to_vec(), Delivery::Control)
        ]
    );
}

/// [MQTT-4.3.2-2]: after PUBACK the identifier is a new message, whatever DUP says.
#[test]
fn qos_1_with_the_same_identifier_is_a_new_message() {
    let mut link = Link::connected(settings());
    for first in [0x32, 0x3A, 0x32] {
        let seen = link.bytes(&incoming(first, 9));
        assert_eq!(deliveries(&seen), [Delivery::Message]);
        assert_eq!(sent(&seen), [ack(PUBACK, 9)]);
    }
}

/// [MQTT-4.3.3-2]
#[test]
fn qos_2_is_delivered_once_until_it_is_released() {
    let mut link = Link::connected(settings());
    let seen = link.bytes(&incoming(0x34, 9));
    assert_eq!(
        (deliveries(&seen), sent(&seen)),
        (vec![Delivery::Message], vec![ack(PUBREC, 9).to_vec()])
    );
    let seen = link.bytes(&incoming(0x3C, 9));
    assert_eq!(
        (deliveries(&seen), sent(&seen)),
        (vec![Delivery::Repeat], vec![ack(PUBREC, 9).to_vec()])
    );
    assert_eq!(sent(&link.bytes(&ack(PUBREL, 9))), [ack(PUBCOMP, 9)]);
    let seen = link.bytes(&incoming(0x34, 9));
    assert_eq!(deliveries(&seen), [Delivery::Message]);
}

#[test]
fn pubrel_for_an_unknown_identifier_is_answered() {
    let mut link = Link::connected(settings());
    assert_eq!(sent(&link.bytes(&ack(PUBREL, 4711))), [ack(PUBCOMP, 4711)]);
}

/// [MQTT-4.3.3-2]: the identifiers belong to the session, over reconnects.
#[test]
fn a_qos_2_repeat_after_a_reconnect_is_still_a_repeat() {
    let mut link = Link::connected(keeping());
    link.bytes(&incoming(0x34, 9));
    link.lose();
    link.accept(true);
    let seen = link.bytes(&incoming(0x3C, 9));
    assert_eq!(deliveries(&seen), [Delivery::Repeat]);
    assert_eq!(sent(&seen), [ack(PUBREC, 9)]);
}

/// [MQTT-3.1.2-6]: a new session knows nothing of the earlier one.
#[test]
fn qos_2_identifiers_end_with_the_session() {
    for settings in [settings(), keeping()] {
        let mut link = Link::connected(settings);
        link.bytes(&incoming(0x34, 9));
        link.lose();
        link.accept(false);
        assert_eq!(
            deliveries(&link.bytes(&incoming(0x34, 9))),
            [Delivery::Message]
        );
    }
}

/// [MQTT-4.6.0-2]
#[test]
fn acknowledgements_go_out_in_the_order_of_what_they_answer() {
    let mut link = Link::connected(settings());
    let bytes = [
        incoming(0x34, 1),
        incoming(0x32, 2),
        ack(PUBREL, 1).to_vec(),
        incoming(0x30, 0),
        incoming(0x32, 3),
        incoming(0x34, 4),
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
