//! What the broker granted is kept by what is published.

use midge::protocol::{Limit, Qos, Version};
use midge::session::{Event, Input, PublishFault};

use crate::broker::ack;
use crate::tab::*;

/// Connected to a broker whose CONNACK has these properties.
fn granted(connack: &[u8]) -> Tab {
    let mut tab = Tab::new(keeping(Version::V5));
    tab.broker.connack = connack.to_vec();
    tab.connect();
    tab.run();
    tab.log.clear();
    tab
}

fn forbidden(number: u32, limit: Limit) -> Event {
    Event::PublishFailed {
        number,
        why: PublishFault::Forbidden(limit),
    }
}

fn failures(seen: &[Seen]) -> Vec<Event> {
    let mut events = events(seen);
    events.retain(|event| matches!(event, Event::PublishFailed { .. }));
    events
}

/// MQTT 5 [MQTT-3.2.2-11]
#[test]
fn no_quality_of_service_above_the_maximum_is_sent() {
    let mut tab = granted(&[0x24, 1]);
    tab.publish(1, Qos::ExactlyOnce);
    tab.publish(2, Qos::AtLeastOnce);
    let seen = tab.seen();
    let limit = Limit::Qos(Qos::AtLeastOnce);
    assert_eq!(failures(&seen), [forbidden(1, limit)]);
    assert_eq!(sent_payloads(&seen), [payload(2)]);
}

/// MQTT 5 [MQTT-3.2.2-14]
#[test]
fn no_retained_message_is_sent_where_there_are_none() {
    let mut tab = granted(&[0x25, 0]);
    let mut retained = message(1, Qos::AtMostOnce);
    retained.retain = true;
    tab.tell(Input::Publish(retained));
    let seen = tab.seen();
    assert_eq!(failures(&seen), [forbidden(1, Limit::Retain)]);
    assert_eq!(sent_payloads(&seen), [] as [Vec<u8>; 0]);
}

/// MQTT 5 [MQTT-3.2.2-15]
#[test]
fn no_packet_larger_than_the_maximum_is_sent() {
    let mut tab = granted(&[0x27, 0, 0, 0, 20]);
    for (number, length) in [(1, 14), (2, 15)] {
        let mut message = message(number, Qos::AtMostOnce);
        message.payload = vec![0; length];
        tab.tell(Input::Publish(message));
    }
    let seen = tab.seen();
    assert_eq!(sent_payloads(&seen), [vec![0; 14]]);
    assert_eq!(failures(&seen), [forbidden(2, Limit::PacketSize(20))]);
    let mut message = message(3, Qos::ExactlyOnce);
    message.payload = vec![0; 15];
    tab.tell(Input::Publish(message));
    assert_eq!(failures(&tab.seen()), [forbidden(3, Limit::PacketSize(20))]);
    assert_eq!(tab.session.identifiers_in_use(), 0);
    assert_eq!(tab.storage.len(), 1);
}

/// MQTT 5 [MQTT-3.2.2-11], [MQTT-3.2.2-14], [MQTT-3.2.2-15]
#[test]
fn what_waited_is_held_against_what_the_next_connection_grants() {
    for crash in [false, true] {
        let mut tab = granted(&[]);
        tab.broker.silent = true;
        tab.publish(1, Qos::ExactlyOnce);
        tab.run();
        tab.drop_socket();
        tab.publish(2, Qos::ExactlyOnce);
        tab.publish(3, Qos::AtLeastOnce);
        let mut message = message(4, Qos::AtMostOnce);
        message.payload = vec![0; 100];
        tab.tell(Input::Publish(message));
        tab.broker.connack = vec![0x24, 1, 0x27, 0, 0, 0, 50];
        if crash {
            tab.crash();
            tab.connect();
        } else {
            tab.retry();
        }
        tab.seen();
        tab.broker.speak();
        tab.run();
        let seen = tab.seen();
        let number = |number: u32| if crash { 0x7FFF_FFFF + number } else { number };
        let limit = Limit::Qos(Qos::AtLeastOnce);
        assert_eq!(
            failures(&seen),
            [
                forbidden(number(1), limit),
                forbidden(number(2), limit),
                forbidden(number(4), Limit::PacketSize(50)),
            ]
        );
        assert_eq!(sent_payloads(&seen), [payload(3)]);
        assert_eq!(tab.session.identifiers_in_use(), 0);
        assert_eq!(tab.storage.len(), 1);
    }
}

/// MQTT 5 [MQTT-3.3.4-7], [MQTT-3.3.4-8], [MQTT-4.9.0-1], [MQTT-4.9.0-2], [MQTT-4.9.0-3]
#[test]
fn no_more_is_unacknowledged_than_the_receive_maximum() {
    let mut tab = granted(&[0x21, 0, 2]);
    tab.broker.silent = true;
    for number in 1..=6 {
        tab.publish(number, Qos::ExactlyOnce);
    }
    tab.seen();
    assert_eq!(tab.broker.delivered.len(), 2);
    tab.publish(7, Qos::AtMostOnce);
    assert_eq!(sent_payloads(&tab.seen()), [payload(7)]);
    tab.broker.publish(Qos::AtLeastOnce, b"in");
    tab.run();
    assert_eq!(sent_ids(&tab.seen()), [(0x40, 1)]);
    tab.broker.speak();
    tab.run();
    assert_eq!(tab.broker.most_open, 2);
    assert_eq!(tab.broker.delivered, [1, 2, 7, 3, 4, 5, 6].map(payload));
    assert_eq!(tab.session.identifiers_in_use(), 0);
}

/// MQTT 5 [MQTT-4.9.0-1]
///
/// A new connection has its own receive maximum, also for what is sent again.
#[test]
fn the_receive_maximum_of_the_new_connection_counts() {
    for crash in [false, true] {
        let mut tab = granted(&[0x21, 0, 5]);
        tab.broker.silent = true;
        for number in 1..=7 {
            tab.publish(number, Qos::AtLeastOnce);
        }
        assert_eq!(tab.broker.delivered.len(), 5);
        tab.broker.connack = vec![0x21, 0, 2];
        if crash {
            tab.crash();
            tab.connect();
        } else {
            tab.lose();
        }
        tab.seen();
        (tab.broker.most_open, tab.broker.delivered) = (0, Vec::new());
        tab.run();
        assert_eq!(sent_ids(&tab.seen())[1..], [(0x3A, 1), (0x3A, 2)]);
        tab.broker.speak();
        tab.run();
        assert_eq!(tab.broker.most_open, 2);
        assert_eq!(
            tab.broker.delivered,
            (1..=7).map(payload).collect::<Vec<_>>()
        );
        assert_eq!(tab.session.identifiers_in_use(), 0);
    }
}

/// An acknowledgement of what was not sent again yet is taken, and makes no room for others.
#[test]
fn an_acknowledgement_ahead_of_its_turn_opens_nothing() {
    let mut tab = granted(&[0x21, 0, 5]);
    tab.broker.silent = true;
    for number in 1..=5 {
        tab.publish(number, Qos::AtLeastOnce);
    }
    tab.broker.connack = vec![0x21, 0, 2];
    tab.lose();
    tab.run();
    tab.seen();
    tab.broker.says.push_back(ack(0x40, 5));
    tab.run();
    let seen = tab.seen();
    assert_eq!(events(&seen), [Event::Published { number: 5 }]);
    assert_eq!(sent_ids(&seen), []);
    tab.broker.says.push_back(ack(0x40, 1));
    tab.run();
    assert_eq!(sent_ids(&tab.seen()), [(0x3A, 3)]);
}

/// A session that is gone, and a broker that takes one message at a time: what could not be sent anew before the page
/// was gone is a new message for the next page, without DUP and with an identifier of its own.
#[test]
fn what_starts_over_and_waits_is_stored_as_new() {
    let mut tab = granted(&[0x21, 0, 5]);
    tab.broker.silent = true;
    for number in 1..=3 {
        tab.publish(number, Qos::AtLeastOnce);
    }
    tab.broker.forget();
    tab.broker.connack = vec![0x21, 0, 1];
    tab.lose();
    tab.seen();
    tab.run();
    assert_eq!(sent_ids(&tab.seen())[1..], [(0x32, 4)]);
    tab.crash();
    tab.connect();
    tab.broker.speak();
    tab.run();
    let firsts: Vec<u8> = sent_ids(&tab.seen())[1..]
        .iter()
        .map(|sent| sent.0)
        .collect();
    assert_eq!(firsts, [0x3A, 0x32, 0x32]);
}
