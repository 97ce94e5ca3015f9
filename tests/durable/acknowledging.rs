//! The plain course of deliveries, both ways.

use midge::protocol::{Qos, Version};
use midge::session::PacketRole;

use crate::broker::ack;
use crate::tab::*;

/// PUBLISH from the broker.
fn publish(tab: &mut Tab, first: u8, id: u16) {
    let mut packet = vec![first, 0, 0, 1, b't'];
    packet.extend(id.to_be_bytes());
    if tab.settings.connect.version == Version::V5 {
        packet.push(0);
    }
    packet.push(b'x');
    packet[1] = packet.len() as u8 - 2;
    tab.broker.says.push_back(packet);
}

/// MQTT 3.1.1 [MQTT-2.3.1-6], [MQTT-4.3.2-2], [MQTT-4.3.3-2], [MQTT-4.6.0-2], [MQTT-4.6.0-3]
/// MQTT 5 [MQTT-2.2.1-5], [MQTT-4.3.2-4], [MQTT-4.3.3-8], [MQTT-4.6.0-2], [MQTT-4.6.0-3]
#[test]
fn acknowledgements_go_out_in_the_order_of_what_they_answer() {
    for version in VERSIONS {
        let mut tab = Tab::connected(keeping(version));
        for (first, id) in [(0x32, 7), (0x34, 9), (0x32, 3), (0x34, 1), (0x34, 65_535)] {
            publish(&mut tab, first, id);
        }
        for _ in 0..5 {
            tab.step();
        }
        assert_eq!(
            sent_ids(&tab.seen()),
            [(0x40, 7), (0x50, 9), (0x40, 3), (0x50, 1), (0x50, 65_535)]
        );
    }
}

/// MQTT 3.1.1 [MQTT-4.3.2-2]
/// MQTT 5 [MQTT-4.3.2-5]
#[test]
fn after_puback_an_identifier_is_a_new_message_whatever_dup_says() {
    for version in VERSIONS {
        let mut tab = Tab::connected(keeping(version));
        for first in [0x32, 0x32, 0x3A] {
            publish(&mut tab, first, 7);
        }
        tab.run();
        assert_eq!(deliveries(&tab.seen()), [PacketRole::Message; 3]);
    }
}

/// MQTT 3.1.1 [MQTT-4.3.3-2]
/// MQTT 5 [MQTT-4.3.3-10], [MQTT-4.3.3-11], [MQTT-4.3.3-12]
#[test]
fn a_qos_2_message_is_given_once_until_it_is_released() {
    for version in VERSIONS {
        let mut tab = Tab::connected(keeping(version));
        publish(&mut tab, 0x34, 7);
        tab.step();
        for first in [0x3C, 0x34] {
            tab.broker.says.clear();
            publish(&mut tab, first, 7);
            tab.step();
        }
        let seen = tab.seen();
        assert_eq!(
            deliveries(&seen),
            [PacketRole::Message, PacketRole::Repeat, PacketRole::Repeat]
        );
        assert_eq!(sent_ids(&seen), [(0x50, 7); 3]);
        tab.broker.says.clear();
        tab.broker.says.push_back(ack(0x62, 7));
        publish(&mut tab, 0x34, 7);
        tab.step();
        tab.step();
        let seen = tab.seen();
        assert_eq!(deliveries(&seen), [PacketRole::Message]);
        assert_eq!(sent_ids(&seen), [(0x70, 7), (0x50, 7)]);
    }
}

/// MQTT 3.1.1 [MQTT-2.3.1-1], [MQTT-2.3.1-2], [MQTT-2.3.1-5], [MQTT-3.3.1-2], [MQTT-4.3.1-1], [MQTT-4.3.2-1]
/// MQTT 3.1.1 [MQTT-4.3.3-1]
/// MQTT 5 [MQTT-2.2.1-2], [MQTT-2.2.1-3], [MQTT-3.3.1-2], [MQTT-4.3.1-1], [MQTT-4.3.2-1], [MQTT-4.3.2-2]
/// MQTT 5 [MQTT-4.3.3-1], [MQTT-4.3.3-2], [MQTT-4.3.3-4], [MQTT-4.3.3-5]
#[test]
fn each_new_message_has_an_identifier_of_its_own_until_it_is_done_and_no_dup() {
    for version in VERSIONS {
        let mut tab = Tab::connected(keeping(version));
        tab.broker.silent = true;
        tab.publish(1, Qos::AtLeastOnce);
        tab.publish(2, Qos::AtMostOnce);
        tab.publish(3, Qos::ExactlyOnce);
        tab.publish(4, Qos::AtLeastOnce);
        assert_eq!(
            sent_ids(&tab.seen()),
            [(0x32, 1), (0x30, 0), (0x34, 2), (0x32, 3)]
        );
        assert_eq!(tab.session.identifiers_in_use(), 3);
        tab.broker.says.push_back(ack(0x40, 3));
        tab.broker.says.push_back(ack(0x50, 2));
        tab.run();
        assert_eq!(tab.session.identifiers_in_use(), 2);
        assert_eq!(sent_ids(&tab.seen()), [(0x62, 2)]);
        tab.broker.says.push_back(ack(0x70, 2));
        tab.run();
        assert_eq!(tab.session.identifiers_in_use(), 1);
        // They go round: one that is in use is left out.
        let rounds = if version == Version::V5 { 10 } else { 65_540 };
        for number in 0..rounds {
            tab.publish(number, Qos::AtLeastOnce);
            let (first, id) = sent_ids(&tab.seen())[0];
            assert!(first == 0x32 && id > 1, "{id}");
            tab.broker.says.push_back(ack(0x40, id));
            tab.step();
            tab.log.clear();
        }
    }
}

/// MQTT 3.1.1 [MQTT-4.6.0-4]
/// MQTT 5 [MQTT-4.6.0-4]
#[test]
fn pubrel_goes_out_in_the_order_of_pubrec() {
    for version in VERSIONS {
        let mut tab = Tab::connected(keeping(version));
        tab.broker.silent = true;
        for number in 1..=3 {
            tab.publish(number, Qos::ExactlyOnce);
        }
        tab.seen();
        for id in [2, 3, 1] {
            tab.broker.says.push_back(ack(0x50, id));
        }
        tab.run();
        assert_eq!(sent_ids(&tab.seen()), [(0x62, 2), (0x62, 3), (0x62, 1)]);
    }
}
