//! Message expiry: the time that a message waits here is taken off.

use midge::protocol::{Direction, Qos, Version, outline, publish_properties};
use midge::session::{Event, Input, PublishFault};

use crate::tab::*;

fn publish(tab: &mut Tab, number: u32, qos: Qos, expiry: u32) {
    let mut message = message(number, qos);
    message.properties.message_expiry = Some(expiry);
    tab.tell(Input::Publish(message));
}

fn intervals(seen: &[Seen]) -> Vec<Option<u32>> {
    let publishes = seen.iter().filter_map(|seen| match seen {
        Seen::Sent { bytes, outline, .. } if outline.payload > 0 => Some(bytes),
        _ => None,
    });
    publishes
        .map(|bytes| {
            let outline = outline(bytes, Version::V5, Direction::Outgoing).expect("valid");
            publish_properties(bytes, &outline).message_expiry
        })
        .collect()
}

fn expired(number: u32) -> Event {
    Event::PublishFailed {
        number,
        why: PublishFault::Expired,
    }
}

#[test]
fn the_interval_that_is_sent_is_what_is_left_of_it() {
    for crash in [false, true] {
        let mut tab = Tab::connected(keeping(Version::V5));
        publish(&mut tab, 1, Qos::AtMostOnce, 60);
        publish(&mut tab, 2, Qos::AtMostOnce, 0);
        assert_eq!(intervals(&tab.seen()), [Some(60), Some(0)]);
        tab.drop_socket();
        publish(&mut tab, 3, Qos::AtMostOnce, 60);
        publish(&mut tab, 4, Qos::AtLeastOnce, 60);
        tab.publish(5, Qos::AtLeastOnce);
        tab.now += 40 * SECOND;
        if crash {
            tab.crash();
            tab.connect();
        } else {
            tab.retry();
        }
        tab.run();
        assert_eq!(intervals(&tab.seen()), [Some(20), Some(20), None]);
    }
}

#[test]
fn what_expires_while_it_waits_is_told_and_not_sent() {
    let mut tab = Tab::connected(keeping(Version::V5));
    tab.drop_socket();
    publish(&mut tab, 1, Qos::AtLeastOnce, 100);
    publish(&mut tab, 2, Qos::AtMostOnce, 50);
    tab.publish(3, Qos::AtLeastOnce);
    let begin = tab.now;
    tab.settings.timing.retry_most = 1000 * SECOND;
    tab.seen();
    // The session asks to be woken for it.
    while tab.now < begin + 100 * SECOND {
        tab.now = tab.session.wake_at().expect("a deadline").max(tab.now);
        tab.tell(Input::Time);
        if tab.session.phase() == midge::session::Phase::Connecting {
            tab.drop_socket();
        }
    }
    let told: Vec<Event> = events(&tab.seen())
        .into_iter()
        .filter(|event| matches!(event, Event::PublishFailed { .. }))
        .collect();
    assert_eq!(told, [expired(2), expired(1)]);
    assert_eq!(tab.session.queue_size().0, 1);
    assert_eq!(tab.storage.len(), 2);
    tab.retry();
    tab.run();
    assert_eq!(tab.broker.delivered, [payload(3)]);
}

#[test]
fn what_expired_in_storage_is_told_by_the_next_page() {
    let mut tab = Tab::connected(keeping(Version::V5));
    tab.drop_socket();
    publish(&mut tab, 1, Qos::AtLeastOnce, 100);
    tab.crash();
    tab.now += 101 * SECOND;
    tab.connect();
    tab.run();
    assert!(events(&tab.seen()).contains(&expired(0x8000_0000)));
    assert_eq!(tab.broker.delivered, [] as [Vec<u8>; 0]);
    assert_eq!(tab.storage.len(), 1);
}

/// MQTT 5 [MQTT-4.3.3-7], [MQTT-4.3.3-13]
///
/// What may have been sent is sent again, however old it is. 0 could be read as no expiry, so a second is left.
#[test]
fn what_was_sent_does_not_expire() {
    for crash in [false, true] {
        let mut tab = Tab::connected(keeping(Version::V5));
        tab.broker.silent = true;
        publish(&mut tab, 1, Qos::ExactlyOnce, 100);
        publish(&mut tab, 2, Qos::AtLeastOnce, 200);
        tab.seen();
        tab.now += 150 * SECOND;
        if crash {
            tab.crash();
            tab.connect();
        } else {
            tab.drop_socket();
            tab.retry();
        }
        tab.seen();
        let waited = (tab.now - 1_790_000_000 * SECOND) / SECOND;
        tab.run();
        let left = 200 - u32::try_from(waited).expect("short");
        assert_eq!(intervals(&tab.seen()), [Some(1), Some(left)]);
        // Again: what was sent takes nothing off what was asked for.
        tab.lose();
        tab.seen();
        tab.run();
        let waited = (tab.now - 1_790_000_000 * SECOND) / SECOND;
        let left = 200 - u32::try_from(waited).expect("short");
        assert_eq!(intervals(&tab.seen()), [Some(1), Some(left)]);
        tab.broker.speak();
        tab.run();
        assert_eq!(tab.session.identifiers_in_use(), 0);
    }
}

/// Versions before MQTT 5 have no such property, so nothing is given up for it.
#[test]
fn other_versions_know_no_expiry() {
    let mut tab = Tab::new(keeping(Version::V311));
    tab.connect();
    publish(&mut tab, 1, Qos::AtLeastOnce, 1);
    tab.now += 5 * SECOND;
    tab.run();
    assert_eq!(tab.broker.delivered, [payload(1)]);
}
