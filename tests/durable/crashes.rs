//! The page is thrown away between any two outputs, and a new one goes on with what storage holds.

use midge::protocol::{Qos, Version};
use midge::session::{Change, PacketRole};

use crate::broker::ack;
use crate::tab::*;

const OUT: [(u32, Qos); 6] = [
    (1001, Qos::AtLeastOnce),
    (1002, Qos::ExactlyOnce),
    (1003, Qos::ExactlyOnce),
    (1004, Qos::AtMostOnce),
    (1005, Qos::AtLeastOnce),
    (1006, Qos::ExactlyOnce),
];

const IN: [(&[u8], Qos); 4] = [
    (b"in-1", Qos::ExactlyOnce),
    (b"in-2", Qos::AtLeastOnce),
    (b"in-3", Qos::ExactlyOnce),
    (b"in-4", Qos::ExactlyOnce),
];

fn holds(value: &[u8], part: &[u8]) -> bool {
    value.windows(part.len()).any(|window| window == part)
}

/// The message was put into storage, so that it counts as taken.
fn stored(seen: &[Seen], part: &[u8]) -> bool {
    stores(seen).iter().any(|change| match change {
        Change::Put { value, .. } => holds(value, part),
        _ => false,
    })
}

fn times(delivered: &[Vec<u8>], payload: &[u8]) -> usize {
    delivered.iter().filter(|other| *other == payload).count()
}

/// Some messages wait for the connection, the others come while it is there.
fn outgoing(tab: &mut Tab) {
    tab.connect();
    for (number, qos) in &OUT[..3] {
        tab.publish(*number, *qos);
    }
    tab.run();
    for (number, qos) in &OUT[3..] {
        tab.publish(*number, *qos);
    }
    tab.run();
}

/// MQTT 3.1.1 [MQTT-4.1.0-1], [MQTT-4.1.0-2], [MQTT-4.3.2-1], [MQTT-4.3.3-1], [MQTT-4.4.0-1]
/// MQTT 5 [MQTT-4.1.0-1], [MQTT-4.3.2-3], [MQTT-4.3.3-3], [MQTT-4.3.3-5], [MQTT-4.3.3-6], [MQTT-4.4.0-1]
#[test]
fn what_was_taken_is_delivered_at_least_once_and_qos_2_exactly_once() {
    for version in VERSIONS {
        let mut crashes = 0;
        for fuse in 0.. {
            let mut tab = Tab::new(keeping(version));
            tab.fuse = Some(fuse);
            outgoing(&mut tab);
            if !tab.is_crashed() {
                break;
            }
            crashes += 1;
            let before = tab.seen();
            tab.crash();
            tab.connect();
            tab.run();
            for (number, qos) in OUT {
                let payload = payload(number);
                let count = times(&tab.broker.delivered, &payload);
                let taken = stored(&before, &payload);
                match qos {
                    Qos::AtMostOnce => assert!(count <= 1, "{version} {fuse} {number}"),
                    Qos::AtLeastOnce => assert_eq!(count >= 1, taken, "{version} {fuse} {number}"),
                    Qos::ExactlyOnce => {
                        assert_eq!(count, usize::from(taken), "{version} {fuse} {number}");
                    }
                }
            }
            let mut first = tab.broker.delivered.clone();
            first.dedup();
            let mut order = first.clone();
            order.sort();
            order.dedup();
            let mut seen = Vec::new();
            first.retain(|payload| {
                !seen.contains(payload) && {
                    seen.push(payload.clone());
                    true
                }
            });
            assert_eq!(first, order, "{version} {fuse}: the order of publishing");
            settled(&tab, fuse);
        }
        assert!(crashes > 40, "{crashes}");
    }
}

/// MQTT 3.1.1 [MQTT-4.3.3-2]
/// MQTT 5 [MQTT-4.3.3-8], [MQTT-4.3.3-10], [MQTT-4.3.3-11], [MQTT-4.3.3-12]
#[test]
fn what_came_is_lost_never_and_given_twice_never() {
    for version in VERSIONS {
        let mut crashes = 0;
        for fuse in 0.. {
            let mut tab = Tab::new(keeping(version));
            tab.connect();
            tab.run();
            tab.fuse = Some(fuse);
            for (payload, qos) in IN {
                tab.broker.publish(qos, payload);
            }
            tab.run();
            if !tab.is_crashed() {
                break;
            }
            crashes += 1;
            let before = tab.seen();
            let first_page = tab.page.clone();
            tab.crash();
            tab.connect();
            tab.run();
            for (number, (payload, qos)) in IN.into_iter().enumerate() {
                let id = number as u16 + 1;
                let (first, second) = (times(&first_page, payload), times(&tab.page, payload));
                assert!(first + second >= 1, "{version} {fuse} {id}");
                if qos == Qos::ExactlyOnce {
                    assert!(first <= 1 && second <= 1, "{version} {fuse} {id}");
                    let answered = sent_ids(&before).contains(&(0x50, id));
                    assert!(!answered || second == 0, "{version} {fuse} {id}");
                }
            }
            assert!(tab.broker.is_done());
            settled(&tab, fuse);
        }
        assert!(crashes > 15, "{crashes}");
    }
}

/// MQTT 3.1.1 [MQTT-4.3.3-2]
/// MQTT 5 [MQTT-4.3.3-10]
#[test]
fn a_repeat_is_a_repeat_for_the_next_page_too() {
    for version in VERSIONS {
        let mut tab = Tab::connected(keeping(version));
        let mut publish = vec![0x34, 0, 0, 1, b't', 0, 9];
        publish.extend((version == Version::V5).then_some(0));
        publish[1] = publish.len() as u8 - 2;
        tab.broker.says.push_back(publish.clone());
        tab.step();
        let seen = tab.seen();
        assert_eq!(deliveries(&seen), [PacketRole::Message]);
        let put = seen.iter().position(|seen| matches!(seen, Seen::Store(_)));
        let pubrec = seen
            .iter()
            .position(|seen| matches!(seen, Seen::Sent { .. }));
        assert!(put.unwrap() < pubrec.unwrap(), "stored before PUBREC");
        tab.crash();
        tab.broker.cut();
        tab.connect();
        tab.step();
        tab.step();
        tab.seen();
        publish[0] |= 0x08;
        tab.broker.says.push_back(publish.clone());
        tab.step();
        let seen = tab.seen();
        assert_eq!(deliveries(&seen), [PacketRole::Repeat]);
        assert_eq!(sent_ids(&seen), [(0x50, 9)]);
        tab.broker.says.push_back(ack(0x62, 9));
        tab.broker.says.push_back(publish);
        tab.run();
        assert_eq!(deliveries(&tab.seen()), [PacketRole::Message], "released");
    }
}

/// Nothing is left over: no identifier in use, nothing unfinished, and in storage only that there is a session.
fn settled(tab: &Tab, fuse: usize) {
    assert_eq!(tab.session.identifiers_in_use(), 0, "{fuse}");
    assert_eq!(tab.session.in_flight(), 0, "{fuse}");
    assert_eq!(tab.session.queue_size(), (0, 0), "{fuse}");
    assert_eq!(tab.storage.keys().collect::<Vec<_>>(), [&0], "{fuse}");
}
