//! Sessions: which stay, for how long, and what of them (sections 3.1.2.4, 3.1.2.11.2 and 4.1).

use midge::protocol::{Disconnect, Will, encode};
use midge_broker_core::{Event, SessionEnd};

use crate::desk::*;

/// MQTT 3.1.1 [MQTT-3.1.2-4], [MQTT-3.1.2-5], [MQTT-3.2.2-2], [MQTT-3.1.2-6], [MQTT-3.1.4-3], [MQTT-3.2.2-3],
/// MQTT 3.1.1 [MQTT-4.1.0-1]
/// MQTT 5 [MQTT-3.1.2-4], [MQTT-3.1.2-5], [MQTT-3.1.2-6], [MQTT-3.2.2-3], [MQTT-3.1.2-23], [MQTT-3.1.4-4]
#[test]
fn a_session_that_stays_has_what_was_asked_for_and_what_came() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let (client, connack) = desk.greet(&staying(version, "c"));
        assert!(!connack.session_present);
        desk.subscribe(client, &[("t", QOS[1])]);
        desk.send(client, DISCONNECT);
        let publisher = desk.client(version, "p");
        for (number, qos) in QOS.into_iter().enumerate() {
            desk.publish_whole(publisher, "t", &number.to_string(), qos);
        }
        let (client, connack) = desk.greet(&staying(version, "c"));
        // MQTT 3.1 has no words for it.
        assert_eq!(connack.session_present, version != V31);
        assert_eq!(desk.texts(client), ["1", "2"]);
        desk.publish(publisher, "t", "live", QOS[0], 0);
        assert_eq!(desk.texts(client), ["live"]);
        let (client, connack) = desk.greet(&hello(version, "c"));
        assert!(!connack.session_present);
        desk.publish(publisher, "t", "gone", QOS[1], 1);
        assert_eq!(desk.got(client), []);
        let ends: Vec<_> = desk
            .events
            .iter()
            .filter(|event| matches!(event, Event::SessionEnded { .. }))
            .collect();
        assert_eq!(ends.len(), 1);
    }
}

/// MQTT 3.1.1 [MQTT-3.1.2-6]
#[test]
fn a_clean_session_ends_with_its_connection() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let client = desk.client(version, "c");
        desk.subscribe(client, &[("t", QOS[1])]);
        desk.cut(client);
        assert_eq!(desk.broker.held().subscriptions, 0);
        let (_, connack) = desk.greet(&staying(version, "c"));
        assert!(!connack.session_present);
    }
}

/// MQTT 5 [MQTT-3.1.2-23]
#[test]
fn a_session_stays_as_long_as_it_was_asked_to() {
    let mut desk = Desk::new();
    let mut said = staying(V5, "c");
    said.properties.session_expiry = Some(30);
    let client = desk.join(&said);
    desk.cut(client);
    desk.wait(29);
    let (client, connack) = desk.greet(&said);
    assert!(connack.session_present);
    desk.wait(100);
    assert!(desk.broker.client("c").is_some());
    desk.cut(client);
    desk.wait(30);
    assert!(desk.broker.client("c").is_none());
    assert!(!desk.greet(&said).1.session_present);
    assert!(desk.events.iter().any(|event| matches!(
        event,
        Event::SessionEnded {
            why: SessionEnd::Expired,
            ..
        }
    )));
}

fn goodbye(code: u8, session_expiry: Option<u32>) -> Vec<u8> {
    let said = Disconnect {
        code,
        session_expiry,
        ..Disconnect::default()
    };
    made(|out| encode::disconnect_with(&said, out).expect("a DISCONNECT"))
}

/// MQTT 5 section 3.14.2.2.2
#[test]
fn disconnect_may_change_how_long_a_session_stays() {
    let mut desk = Desk::new();
    let mut said = staying(V5, "c");
    let client = desk.join(&said);
    desk.send(client, &goodbye(0, Some(0)));
    assert!(desk.broker.client("c").is_none());
    said.properties.session_expiry = Some(10);
    let client = desk.join(&said);
    desk.send(client, &goodbye(0, Some(60)));
    desk.wait(59);
    assert!(desk.broker.client("c").is_some());
    desk.wait(1);
    assert!(desk.broker.client("c").is_none());
    // What was none cannot become one.
    let client = desk.client(V5, "c");
    desk.send(client, &goodbye(0, Some(5)));
    assert_eq!(desk.closed_with(client), Some(0x82));
}

/// MQTT 5 section 3.2.2.3.2
#[test]
fn a_session_stays_no_longer_than_the_broker_allows() {
    let mut desk = Desk::limited(|limits| limits.session_expiry = 20);
    for version in VERSIONS {
        let client = desk.join(&staying(version, "c"));
        desk.send(client, DISCONNECT);
        desk.wait(19);
        assert!(desk.broker.client("c").is_some());
        desk.wait(1);
        assert!(desk.broker.client("c").is_none());
    }
}

/// MQTT 5 [MQTT-4.1.0-1], [MQTT-4.1.0-2]
#[test]
fn a_taken_over_session_goes_on() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let old = desk.join(&staying(version, "c"));
        desk.subscribe(old, &[("t", QOS[2])]);
        let publisher = desk.client(version, "p");
        desk.publish_whole(publisher, "t", "x", QOS[2]);
        let first = desk.message(old);
        let (new, connack) = desk.greet(&staying(version, "c"));
        assert_eq!(connack.session_present, version != V31);
        let again = desk.message(new);
        assert_eq!((again.id, again.dup, again.text()), (first.id, true, "x"));
        desk.take(new, &again);
        assert_eq!(desk.broker.held().messages, (0, 0));
    }
}

/// Nothing of a client that came and went a thousand times is left.
#[test]
fn sessions_leave_nothing_behind() {
    let mut desk = Desk::new();
    for number in 0..1000 {
        let version = VERSIONS[number % 3];
        let mut said = hello(version, &format!("c{}", number % 7));
        said.keep_alive = 60;
        said.will = will("w", "x");
        let client = desk.join(&said);
        desk.subscribe(
            client,
            &[("a/+/c", QOS[2]), ("$share/g/#", QOS[1]), ("a/b/c", QOS[1])],
        );
        desk.publish(client, "a/b/c", "x", QOS[2], 1);
        if number % 2 == 0 {
            desk.send(client, DISCONNECT);
        } else {
            desk.cut(client);
        }
    }
    desk.wait(100);
    let held = desk.broker.held();
    assert_eq!(
        (held.sessions, held.subscriptions, held.messages),
        (0, 0, (0, 0))
    );
    assert_eq!(desk.broker.wake_at(), None);
}

/// The owner tells of the time only with the CONNECT: what was due before it is done before it.
#[test]
fn a_session_whose_time_is_over_does_not_go_on() {
    for (away, present, wills) in [
        (9, true, 0),
        (10, true, 1),
        (29, true, 1),
        (30, false, 1),
        (1000, false, 1),
    ] {
        let mut desk = Desk::new();
        let watcher = desk.client(V5, "watcher");
        desk.subscribe(watcher, &[("w", QOS[0])]);
        let mut said = staying(V5, "c");
        said.properties.session_expiry = Some(30);
        said.will = will("w", "gone").map(|will| Will {
            delay: Some(10),
            ..will
        });
        let client = desk.join(&said);
        desk.cut(client);
        desk.now += away * SECOND;
        assert_eq!(desk.greet(&said).1.session_present, present, "{away}");
        assert_eq!(desk.texts(watcher).len(), wills, "{away}");
    }
}
