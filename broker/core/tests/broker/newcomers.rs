//! Who comes: which identifiers are taken, whose session it is, and what becomes of those who are refused (sections 3.1.3,
//! 3.1.4 and 3.2.2).

use midge_broker_core::{Access, Newcomer, Refusal, Settings};

use crate::desk::*;

/// Whoever says a password says the wrong one.
#[derive(Debug)]
struct NoPasswords;

impl Access for NoPasswords {
    fn admit(&mut self, newcomer: &Newcomer<'_>) -> Result<(), Refusal> {
        match newcomer.password {
            Some(_) => Err(Refusal::BadUserNameOrPassword),
            None => Ok(()),
        }
    }
}

/// MQTT 3.1.1 [MQTT-3.1.3-5]
/// MQTT 5 [MQTT-3.1.3-5]
#[test]
fn identifiers_of_up_to_23_letters_and_digits_are_taken() {
    let letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for version in VERSIONS {
        let mut desk = Desk::new();
        for start in 0..letters.len() {
            for length in [1, 2, 23] {
                let all = letters.chars().cycle().skip(start);
                let id: String = all.take(length).collect();
                let client = desk.client(version, &id);
                assert!(desk.broker.client(&id).is_some());
                desk.cut(client);
            }
        }
    }
}

/// MQTT 3.1.1 [MQTT-3.1.3-2]
/// MQTT 5 [MQTT-3.1.3-2]
#[test]
fn a_session_is_that_of_its_identifier_and_of_no_other() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let client = desk.join(&staying(version, "c"));
        desk.subscribe(client, &[("t", QOS[1])]);
        desk.cut(client);
        for other in ["C", "c ", "cc", "\u{feff}c"] {
            let (client, connack) = desk.greet(&staying(version, other));
            assert!(!connack.session_present, "{other:?}");
            desk.publish_whole(client, "t", other, QOS[1]);
            assert_eq!(desk.got(client), []);
        }
        let (client, connack) = desk.greet(&staying(version, "c"));
        assert_eq!(connack.session_present, version != V31);
        assert_eq!(desk.texts(client).len(), 4);
    }
}

/// MQTT 3.1.1 [MQTT-3.1.4-5]
/// MQTT 5 [MQTT-3.1.4-6]
#[test]
fn nothing_that_follows_a_refused_connect_is_done() {
    for version in VERSIONS {
        let mut desk = Desk::guarded(Settings::default(), Box::new(NoPasswords));
        let watcher = desk.client(version, "watcher");
        desk.subscribe(watcher, &[("#", QOS[0])]);
        let mut said = staying(version, "c");
        said.user_name = Some("ann".into());
        said.password = Some(b"word".to_vec());
        said.will = will("w", "gone");
        let behind = [
            subscribe(version, 1, &[("t", QOS[1])]),
            retained(version, "t", "x", QOS[0], 0),
            PINGREQ.to_vec(),
        ]
        .concat();
        // In one piece with it, and later.
        let client = desk.open(version);
        desk.send(client, &[connect(&said), behind.clone()].concat());
        desk.send(client, &behind);
        assert_eq!(desk.got(client).len(), 1);
        assert!(desk.ended(client).is_some());
        assert_eq!(desk.got(watcher), []);
        assert_eq!(desk.broker.held().retained, (0, 0));
        assert!(desk.broker.client("c").is_none());
    }
}

/// MQTT 3.1.1 [MQTT-3.2.2-4], [MQTT-3.2.2-5]
/// MQTT 5 [MQTT-3.2.2-6], [MQTT-3.2.2-7], [MQTT-3.1.4-2]
#[test]
fn a_refusal_says_nothing_of_a_session_and_does_it_no_harm() {
    for version in VERSIONS {
        let mut desk = Desk::guarded(Settings::default(), Box::new(NoPasswords));
        let here = desk.join(&staying(version, "c"));
        desk.subscribe(here, &[("t", QOS[1])]);
        for clean in [false, true] {
            let mut said = staying(version, "c");
            said.clean_session = clean;
            said.user_name = Some("ann".into());
            said.password = Some(b"word".to_vec());
            let (client, connack) = desk.greet(&said);
            assert_ne!(connack.code, 0);
            assert!(!connack.session_present);
            assert!(desk.ended(client).is_some());
        }
        // Nor is its owner pushed out.
        assert_eq!(desk.ended(here), None);
        desk.publish(here, "t", "x", QOS[0], 0);
        assert_eq!(desk.texts(here), ["x"]);
    }
}

/// MQTT 3.1.1 [MQTT-3.1.2-12]
/// MQTT 5 [MQTT-3.1.2-8]
#[test]
fn who_has_no_will_leaves_none() {
    for version in VERSIONS {
        for how in 0..3 {
            let mut desk = Desk::new();
            let watcher = desk.client(version, "watcher");
            desk.subscribe(watcher, &[("#", QOS[0])]);
            let mut said = hello(version, "c");
            said.keep_alive = 10;
            let client = desk.join(&said);
            match how {
                0 => desk.cut(client),
                1 => desk.send(client, &[0]),
                _ => desk.wait(15),
            }
            assert!(desk.broker.client("c").is_none());
            assert_eq!(desk.got(watcher), []);
        }
    }
}

/// MQTT 3.1.1 [MQTT-4.1.0-2], [MQTT-4.1.0-1]
/// MQTT 5 [MQTT-4.1.0-1], [MQTT-4.1.0-2]
#[test]
fn a_session_lasts_as_long_as_its_connection_and_no_shorter() {
    for version in VERSIONS {
        let mut desk = Desk::limited(|limits| limits.session_expiry = 5);
        let clean = desk.client(version, "clean");
        let stays = desk.join(&staying(version, "stays"));
        for client in [clean, stays] {
            desk.subscribe(client, &[("t", QOS[2])]);
        }
        desk.wait(100_000);
        let publisher = desk.client(version, "p");
        desk.publish_whole(publisher, "t", "x", QOS[2]);
        for client in [clean, stays] {
            assert_eq!(desk.texts(client), ["x"]);
        }
        desk.cut(clean);
        assert!(desk.broker.client("clean").is_none());
        desk.cut(stays);
        desk.wait(4);
        assert!(desk.broker.client("stays").is_some());
        desk.wait(1);
        assert!(desk.broker.client("stays").is_none());
    }
}
