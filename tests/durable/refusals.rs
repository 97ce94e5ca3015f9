//! Acknowledgements with the reason codes of MQTT 5.

use midge::protocol::{Qos, Version};
use midge::session::Event;

use crate::broker::ack;
use crate::tab::*;

/// An acknowledgement with a reason code, and a reason string if there is one.
fn coded(first: u8, id: u16, code: u8, reason: &str) -> Vec<u8> {
    let mut packet = ack(first, id);
    packet.push(code);
    if !reason.is_empty() {
        packet.extend([reason.len() as u8 + 3, 0x1F, 0, reason.len() as u8]);
        packet.extend(reason.as_bytes());
    }
    packet[1] = packet.len() as u8 - 2;
    packet
}

fn silent() -> Tab {
    let mut tab = Tab::connected(keeping(Version::V5));
    tab.broker.silent = true;
    tab
}

/// MQTT 5 [MQTT-4.3.3-4], [MQTT-4.4.0-2], [MQTT-2.2.1-3]
///
/// A refusal ends the delivery: no PUBREL, the identifier is free, and nothing is sent again.
#[test]
fn a_refusal_ends_the_delivery() {
    for (qos, first) in [(Qos::AtLeastOnce, 0x40), (Qos::ExactlyOnce, 0x50)] {
        let mut tab = silent();
        tab.publish(1, qos);
        tab.seen();
        tab.broker.says.push_back(coded(first, 1, 0x97, "no room"));
        tab.run();
        let seen = tab.seen();
        assert_eq!(
            events(&seen),
            [Event::PublishRefused {
                number: 1,
                code: 0x97,
                reason: Some("no room".to_owned())
            }]
        );
        assert_eq!(sent_ids(&seen), []);
        assert_eq!(tab.session.identifiers_in_use(), 0);
        assert_eq!(tab.storage.len(), 1);
        tab.lose();
        tab.run();
        assert_eq!(sent_payloads(&tab.seen()), [] as [Vec<u8>; 0]);
    }
}

/// MQTT 5 [MQTT-4.9.0-2]
///
/// A refusal makes room for the next message.
#[test]
fn a_refusal_opens_the_window() {
    let mut tab = Tab::new(keeping(Version::V5));
    tab.broker.connack = vec![0x21, 0, 1];
    tab.connect();
    tab.run();
    tab.broker.silent = true;
    tab.publish(1, Qos::ExactlyOnce);
    tab.publish(2, Qos::ExactlyOnce);
    tab.seen();
    tab.broker.says.push_back(coded(0x50, 1, 0x80, ""));
    tab.run();
    assert_eq!(sent_payloads(&tab.seen()), [payload(2)]);
}

/// No matching subscribers: nobody got it, and that is no failure.
#[test]
fn no_matching_subscribers_is_success() {
    let mut tab = silent();
    tab.publish(1, Qos::AtLeastOnce);
    tab.publish(2, Qos::ExactlyOnce);
    tab.seen();
    tab.broker.says.push_back(coded(0x40, 1, 0x10, ""));
    tab.broker.says.push_back(coded(0x50, 2, 0x10, ""));
    tab.broker.says.push_back(ack(0x70, 2));
    tab.run();
    let seen = tab.seen();
    assert_eq!(
        events(&seen),
        [
            Event::Published { number: 1 },
            Event::Published { number: 2 }
        ]
    );
    assert_eq!(sent_ids(&seen), [(0x62, 2)]);
}

/// MQTT 5 [MQTT-4.3.3-4]
///
/// PUBREC for a message that nobody knows is answered with the reason, so that both sides can finish.
#[test]
fn pubrec_for_nothing_is_answered_with_identifier_not_found() {
    let mut tab = silent();
    tab.broker.says.push_back(ack(0x50, 9));
    tab.run();
    assert_eq!(sent(&tab.seen()), [coded(0x62, 9, 0x92, "")]);
    tab.broker.says.push_back(coded(0x50, 9, 0x91, ""));
    tab.run();
    assert_eq!(sent(&tab.seen()), [] as [Vec<u8>; 0]);
    // Again for one that is known: PUBREL as before.
    tab.publish(1, Qos::ExactlyOnce);
    tab.seen();
    for _ in 0..2 {
        tab.broker.says.push_back(ack(0x50, 1));
        tab.run();
        assert_eq!(sent(&tab.seen()), [ack(0x62, 1)]);
    }
}

/// The broker had taken the message with PUBREC. That it has forgotten the identifier since ends the delivery.
#[test]
fn pubcomp_with_identifier_not_found_ends_the_delivery() {
    let mut tab = silent();
    tab.publish(1, Qos::ExactlyOnce);
    tab.broker.says.push_back(ack(0x50, 1));
    tab.run();
    tab.seen();
    tab.broker.says.push_back(coded(0x70, 1, 0x92, ""));
    tab.run();
    assert_eq!(events(&tab.seen()), [Event::Published { number: 1 }]);
    assert_eq!(tab.session.identifiers_in_use(), 0);
}

/// MQTT 5 [MQTT-4.3.3-11]
#[test]
fn pubrel_is_always_answered() {
    let mut tab = silent();
    tab.broker.says.push_back(ack(0x62, 9));
    tab.run();
    assert_eq!(sent(&tab.seen()), [coded(0x70, 9, 0x92, "")]);
    tab.broker.publish(Qos::ExactlyOnce, b"in");
    tab.step();
    tab.seen();
    tab.broker.says.clear();
    tab.broker.says.push_back(coded(0x62, 1, 0x92, ""));
    tab.run();
    assert_eq!(sent(&tab.seen()), [ack(0x70, 1)]);
}
