//! What a reconnect, by the same page or by the next, does with deliveries that were not finished.

use midge::protocol::{Qos, Version};
use midge::session::{Event, Input, PublishFault};

use crate::broker::ack;
use crate::tab::*;

/// Publishes QoS 1 (id 1), 2 (id 2), 2 (id 3), 1 (id 4), and takes 3, then 2 past PUBREC.
fn four(tab: &mut Tab) {
    tab.broker.silent = true;
    tab.publish(10, Qos::AtLeastOnce);
    tab.publish(20, Qos::ExactlyOnce);
    tab.publish(30, Qos::ExactlyOnce);
    tab.publish(40, Qos::AtLeastOnce);
    tab.broker.says.push_back(ack(0x50, 3));
    tab.broker.says.push_back(ack(0x50, 2));
    tab.run();
    tab.seen();
}

/// MQTT 3.1.1 [MQTT-2.3.1-3], [MQTT-3.3.1-1], [MQTT-4.4.0-1], [MQTT-4.6.0-1], [MQTT-4.6.0-4]
/// MQTT 5 [MQTT-3.3.1-1], [MQTT-4.3.3-6], [MQTT-4.4.0-1], [MQTT-4.6.0-1], [MQTT-4.6.0-4]
#[test]
fn a_kept_session_goes_on_in_order_with_the_same_identifiers() {
    for version in VERSIONS {
        for crash in [false, true] {
            let mut tab = Tab::connected(keeping(version));
            four(&mut tab);
            if crash {
                tab.crash();
                tab.connect();
                let numbers = (0..4).map(|number| 0x8000_0000 + number).collect();
                assert!(events(&tab.seen()).contains(&Event::Restored {
                    publications: numbers,
                    damaged: 0
                }));
            } else {
                tab.lose();
            }
            assert_eq!(tab.session.identifiers_in_use(), 4);
            tab.run();
            // The first is CONNECT.
            assert_eq!(
                sent_ids(&tab.seen())[1..],
                [(0x62, 3), (0x62, 2), (0x3A, 1), (0x3A, 4)],
                "{version} {crash}"
            );
            tab.broker.speak();
            tab.run();
            assert_eq!(tab.session.identifiers_in_use(), 0);
        }
    }
}

/// MQTT 5 [MQTT-4.4.0-1]
#[test]
fn nothing_is_sent_again_by_time_alone() {
    for version in VERSIONS {
        let mut tab = Tab::connected(keeping(version));
        four(&mut tab);
        for _ in 0..1000 {
            tab.pass(60);
        }
        assert_eq!(tab.seen(), []);
    }
}

/// MQTT 3.1.1 [MQTT-3.3.1-1]
/// MQTT 5 [MQTT-4.3.2-1], [MQTT-4.3.2-2]
///
/// QoS 1 is sent anew as a new message, without DUP. QoS 2 could be delivered twice, so it is given up and told. What
/// was not sent yet goes out behind.
#[test]
fn a_session_that_the_broker_lost_is_told_and_sent_anew() {
    for version in VERSIONS {
        for crash in [false, true] {
            let mut tab = Tab::connected(keeping(version));
            four(&mut tab);
            tab.drop_socket();
            tab.publish(50, Qos::ExactlyOnce);
            tab.broker.forget();
            if crash {
                tab.crash();
                tab.connect();
            } else {
                tab.retry();
            }
            tab.seen();
            tab.run();
            let seen = tab.seen();
            let numbers = if crash {
                [2, 1].map(|number| 0x8000_0000 + number)
            } else {
                [30, 20]
            };
            let told = events(&seen).into_iter().find_map(|event| match event {
                Event::Unfinished { sent_anew, unknown } => Some((sent_anew, unknown)),
                _ => None,
            });
            let (sent_anew, mut unknown) = told.expect("told");
            let mut numbers = numbers.to_vec();
            numbers.sort_unstable();
            unknown.sort_unstable();
            assert_eq!((sent_anew, unknown), (2, numbers));
            let firsts: Vec<u8> = sent_ids(&seen)[1..].iter().map(|sent| sent.0).collect();
            assert_eq!(firsts, [0x32, 0x32, 0x34]);
            assert_eq!(sent_payloads(&seen), [10, 40, 50].map(payload));
            assert_eq!(tab.storage.len(), 4, "three messages, one session");
            tab.broker.speak();
            tab.run();
            assert_eq!(tab.storage.len(), 1);
            assert_eq!(tab.session.identifiers_in_use(), 0);
        }
    }
}

/// A broker that lost its session knows no identifier of a message that it had sent: the same one is a new message.
#[test]
fn identifiers_of_a_lost_session_mean_nothing() {
    for version in VERSIONS {
        let mut tab = Tab::connected(keeping(version));
        tab.broker.publish(Qos::ExactlyOnce, b"first");
        tab.step();
        assert_eq!(tab.storage.len(), 2);
        tab.broker.forget();
        tab.lose();
        tab.run();
        assert_eq!(tab.storage.len(), 1);
        let mut broker = crate::broker::Broker::new(version);
        broker.publish(Qos::ExactlyOnce, b"second");
        tab.broker.says.extend(broker.says);
        tab.step();
        assert_eq!(tab.page, [b"first".to_vec(), b"second".to_vec()]);
    }
}

#[test]
fn another_session_does_not_take_up_what_this_one_left() {
    for change in [0, 1] {
        let mut settings = keeping(Version::V311);
        settings.client_id_made_up = true;
        let mut tab = Tab::connected(settings);
        tab.broker.silent = true;
        tab.publish(1, Qos::AtLeastOnce);
        let mut other = tab.settings.clone();
        if change == 0 {
            other.addresses[0].push('2');
        } else {
            other.connect.client_id.push('2');
        }
        tab.settings = other;
        tab.seen();
        tab.connect();
        assert!(events(&tab.seen()).contains(&Event::Unfinished {
            sent_anew: 0,
            unknown: vec![1]
        }));
        tab.run();
        assert_eq!(sent_payloads(&tab.seen()), [] as [Vec<u8>; 0]);
        assert_eq!(tab.session.identifiers_in_use(), 0);
    }
}

/// The other session is still in storage, so nothing of it is given up.
#[test]
fn a_stored_session_waits_while_another_is_used() {
    let mut tab = Tab::connected(keeping(Version::V311));
    tab.broker.silent = true;
    tab.publish(1, Qos::AtLeastOnce);
    tab.seen();
    let first = (tab.settings.clone(), tab.storage.clone());
    tab.settings.connect.client_id = "other".to_owned();
    tab.storage.clear();
    tab.connect();
    assert_eq!(tab.session.identifiers_in_use(), 0);
    let seen = tab.seen();
    assert_eq!(stores(&seen), []);
    assert!(!events(&seen).iter().any(|event| matches!(
        event,
        Event::Unfinished { .. } | Event::PublishFailed { .. }
    )));
    (tab.settings, tab.storage) = first;
    tab.connect();
    assert_eq!(
        events(&tab.seen())
            .iter()
            .filter(|event| matches!(event, Event::Restored { .. }))
            .count(),
        1
    );
    tab.broker.speak();
    tab.run();
    assert_eq!(tab.broker.delivered.len(), 2);
    assert_eq!(tab.session.in_flight(), 0);
}

/// MQTT 5 [MQTT-4.4.0-2]
#[test]
fn what_was_acknowledged_is_not_sent_again() {
    for version in VERSIONS {
        let mut tab = Tab::connected(keeping(version));
        tab.publish(1, Qos::AtLeastOnce);
        tab.run();
        tab.publish(2, Qos::ExactlyOnce);
        tab.run();
        tab.seen();
        tab.crash();
        tab.connect();
        tab.run();
        assert_eq!(sent_payloads(&tab.seen()), [] as [Vec<u8>; 0]);
    }
}

/// A session that ends with the connection is no longer in storage when it has ended.
#[test]
fn a_kept_session_outlives_the_users_disconnect_in_storage() {
    let mut tab = Tab::connected(keeping(Version::V311));
    four(&mut tab);
    tab.drop_socket();
    tab.publish(50, Qos::AtMostOnce);
    tab.seen();
    tab.tell(Input::Disconnect);
    let seen = tab.seen();
    assert_eq!(stores(&seen), []);
    assert!(!events(&seen).contains(&Event::PublishFailed {
        number: 50,
        why: PublishFault::NotConnected
    }));
    assert_eq!(tab.session.identifiers_in_use(), 0);
    tab.connect();
    assert!(events(&tab.seen()).contains(&Event::Restored {
        publications: (0..5).map(|number| 0x8000_0000 + number).collect(),
        damaged: 0
    }));
    tab.broker.speak();
    tab.run();
    assert_eq!(tab.broker.delivered.last(), Some(&payload(50)));
    assert_eq!(tab.session.identifiers_in_use(), 0);
    // What is taken up a second time has numbers of its own.
    tab.drop_socket();
    tab.publish(60, Qos::AtMostOnce);
    tab.tell(Input::Disconnect);
    tab.seen();
    tab.connect();
    assert!(events(&tab.seen()).contains(&Event::Restored {
        publications: vec![0x8000_0005],
        damaged: 0
    }));
}
