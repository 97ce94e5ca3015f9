//! CONNECT, CONNACK, PINGREQ and DISCONNECT (sections 3.1, 3.2, 3.12 and 3.14).

use midge::protocol::{Connack, FromBroker};
use midge_broker_core::{Ending, Event, Input, Settings, Why};

use crate::desk::*;

fn connect_bytes(name: &[u8], level: u8, flags: u8, rest: &[u8]) -> Vec<u8> {
    let mut body = vec![0, name.len() as u8];
    body.extend_from_slice(name);
    body.extend_from_slice(&[level, flags, 0, 0]);
    body.extend_from_slice(rest);
    let mut packet = vec![0x10, body.len() as u8];
    packet.extend_from_slice(&body);
    packet
}

/// MQTT 3.1.1 [MQTT-3.2.0-1], [MQTT-3.2.2-1], [MQTT-3.1.4-4], [MQTT-3.12.4-1], [MQTT-7.0.0-2]
/// MQTT 5 [MQTT-3.2.0-1], [MQTT-3.2.2-2], [MQTT-3.1.4-5], [MQTT-3.12.4-1]
#[test]
fn every_version_is_let_in() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let (client, connack) = desk.greet(&hello(version, "c"));
        assert_eq!((connack.code, connack.session_present), (0, false));
        assert_eq!(desk.got(client), []);
        assert!(matches!(&desk.events[..], [Event::Connected { version: v, .. }] if *v == version));
        desk.send(client, PINGREQ);
        assert_eq!(desk.other(client), FromBroker::Pingresp);
    }
}

/// What is not granted in full is said in CONNACK, and nothing that is.
///
/// MQTT 5 [MQTT-3.1.3-6], [MQTT-3.1.3-7], [MQTT-3.2.2-16]
#[test]
fn connack_says_the_limits_of_the_broker() {
    let mut desk = Desk::limited(|limits| limits.session_expiry = 100);
    let mut said = hello(V5, "");
    said.properties.session_expiry = Some(1000);
    let (_, connack) = desk.greet(&said);
    let told = connack.properties;
    assert_eq!(told.session_expiry, Some(100));
    assert_eq!(told.receive_maximum, Some(1000));
    assert_eq!(told.maximum_packet_size, Some(16 << 20));
    assert_eq!(told.topic_alias_maximum, Some(32));
    assert_eq!((told.maximum_qos, told.retain_available), (None, None));
    assert_eq!(told.server_keep_alive, None);
    let id = told.assigned_client_id.expect("an identifier");
    assert!(desk.broker.client(&id).is_some());
}

/// MQTT 3.1.1 [MQTT-3.1.3-6]
/// MQTT 5 [MQTT-3.1.3-6], [MQTT-3.2.2-16]
#[test]
fn clients_without_an_identifier_are_given_one_each() {
    for version in [V311, V5] {
        let mut desk = Desk::new();
        let all: Vec<C> = (0..3).map(|_| desk.client(version, "")).collect();
        assert_eq!(desk.broker.clients().count(), 3);
        assert!(all.iter().all(|client| desk.ended(*client).is_none()));
    }
}

/// MQTT 3.1.1 [MQTT-3.1.3-8], [MQTT-3.1.3-9], [MQTT-3.2.2-4], [MQTT-3.2.2-5]
#[test]
fn an_empty_identifier_without_a_clean_session_is_rejected() {
    let mut desk = Desk::new();
    let client = desk.open(V311);
    desk.send(client, &connect_bytes(b"MQTT", 4, 0, &[0, 0]));
    assert_eq!(desk.raw(client), [0x20, 2, 0, 2]);
    assert_eq!(desk.closed_with(client), Some(0x85));
}

/// MQTT 3.1.1 [MQTT-3.1.2-1], [MQTT-3.1.2-2]
/// MQTT 5 [MQTT-3.1.2-1], [MQTT-3.1.2-2], [MQTT-3.2.2-7]
#[test]
fn a_version_that_is_not_spoken_is_answered_in_the_nearest_one_that_is() {
    let cases: [(&[u8], u8, &[u8]); 5] = [
        (b"MQTT", 3, &[0x20, 2, 0, 1]),
        (b"MQTT", 0, &[0x20, 2, 0, 1]),
        (b"MQTT", 6, b"\x20\x03\0\x84\0"),
        (b"MQIsdp", 4, &[0x20, 2, 0, 1]),
        (b"HTTP", 4, &[]),
    ];
    for (name, level, answer) in cases {
        let mut desk = Desk::new();
        let client = desk.open(V311);
        desk.send(client, &connect_bytes(name, level, 2, &[0, 1, b'c']));
        assert_eq!(desk.raw(client), answer, "{name:?} {level}");
        assert_eq!(desk.closed_why(client), Some(Why::Version));
        assert!(matches!(desk.events[..], [Event::Refused { .. }]));
    }
}

/// MQTT 3.1.1 [MQTT-3.1.2-3], [MQTT-3.1.4-1], [MQTT-3.2.2-6]
/// MQTT 5 [MQTT-3.1.2-3], [MQTT-3.1.4-1]
#[test]
fn a_connect_that_breaks_the_specification_is_refused() {
    // The reserved flag: before MQTT 5 without an answer.
    for (version, level, answer) in [(V311, 4, vec![]), (V5, 5, b"\x20\x03\0\x81\0".to_vec())] {
        let mut desk = Desk::new();
        let client = desk.open(version);
        let rest: &[u8] = if level == 5 {
            &[0, 0, 1, b'c']
        } else {
            &[0, 1, b'c']
        };
        desk.send(client, &connect_bytes(b"MQTT", level, 3, rest));
        assert_eq!(desk.raw(client), answer);
        assert_eq!(desk.closed_with(client), Some(0x81));
    }
}

/// MQTT 3.1.1 [MQTT-3.1.0-1]
/// MQTT 5 [MQTT-3.1.0-1]
#[test]
fn the_first_packet_is_a_connect() {
    for first in [&PINGREQ[..1], &[0x30], &[0xF0], &[0x00], &[0x20]] {
        let mut desk = Desk::new();
        let client = desk.open(V5);
        desk.send(client, first);
        assert!(desk.raw(client).is_empty());
        assert_eq!(desk.closed_why(client), Some(Why::NoConnect));
    }
}

/// MQTT 3.1.1 [MQTT-3.1.0-2]
/// MQTT 5 [MQTT-3.1.0-2], [MQTT-3.2.0-2], [MQTT-3.14.4-1], [MQTT-3.14.4-2]
#[test]
fn a_second_connect_ends_the_connection() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let client = desk.client(version, "c");
        desk.send(client, &connect(&hello(version, "c")));
        assert_eq!(desk.closed_with(client), Some(0x82));
        let got = desk.got(client);
        assert_eq!(got.len(), usize::from(version == V5), "{got:?}");
    }
}

/// MQTT 3.1.1 [MQTT-3.1.4-2]
/// MQTT 5 [MQTT-3.1.4-3]
#[test]
fn a_client_that_connects_anew_takes_over() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let old = desk.client(version, "c");
        let other = desk.client(version, "d");
        let new = desk.client(version, "c");
        assert_eq!(desk.closed_with(old), Some(0x8E));
        if version == V5 {
            assert!(matches!(desk.other(old), FromBroker::Disconnect(d) if d.code == 0x8E));
        } else {
            assert_eq!(desk.got(old), []);
        }
        assert_eq!((desk.ended(new), desk.ended(other)), (None, None));
        // The old connection's bytes and its end are of no interest any more.
        desk.send(old, DISCONNECT);
        desk.tell(Input::Closed {
            connection: old.line,
        });
        assert_eq!(desk.ended(new), None);
        desk.send(new, PINGREQ);
        assert_eq!(desk.other(new), FromBroker::Pingresp);
    }
}

/// MQTT 3.1.1 [MQTT-3.1.2-24]
/// MQTT 5 [MQTT-3.1.2-22], [MQTT-3.14.0-1]
#[test]
fn a_client_that_is_silent_for_one_and_a_half_keep_alives_is_gone() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let mut said = hello(version, "c");
        said.keep_alive = 10;
        let client = desk.join(&said);
        desk.wait(14);
        desk.send(client, PINGREQ);
        desk.wait(14);
        assert_eq!(desk.ended(client), None);
        desk.got(client);
        // Half a packet is none.
        desk.send(client, &PINGREQ[..1]);
        desk.wait(1);
        assert_eq!(desk.closed_with(client), Some(0x8D));
        assert_eq!(desk.got(client).len(), usize::from(version == V5));
        assert_eq!(desk.broker.wake_at(), None);
    }
}

/// MQTT 3.1.1 [MQTT-3.1.2-24]
#[test]
fn without_a_keep_alive_a_client_may_be_silent() {
    let mut desk = Desk::new();
    let client = desk.client(V311, "c");
    desk.wait(1_000_000);
    assert_eq!(desk.ended(client), None);
}

/// MQTT 5 [MQTT-3.2.2-21], [MQTT-3.2.2-22]
#[test]
fn the_broker_may_want_a_shorter_keep_alive() {
    for (asked, told, gone) in [(0, Some(20), 30), (60, Some(20), 30), (10, None, 15)] {
        let mut desk = Desk::with(Settings {
            longest_keep_alive: Some(20),
            ..Settings::default()
        });
        let mut said = hello(V5, "c");
        said.keep_alive = asked;
        let (client, connack) = desk.greet(&said);
        assert_eq!(connack.properties.server_keep_alive, told);
        desk.wait(gone - 1);
        assert_eq!(desk.ended(client), None);
        desk.wait(1);
        assert_eq!(desk.closed_with(client), Some(0x8D));
    }
}

#[test]
fn a_connection_that_says_nothing_is_ended() {
    let mut desk = Desk::new();
    let client = desk.open(V311);
    desk.send(client, b"\x10");
    desk.wait(9);
    assert_eq!(desk.ended(client), None);
    desk.wait(1);
    assert_eq!(desk.closed_why(client), Some(Why::ConnectTimeout));
}

/// MQTT 3.1.1 [MQTT-3.14.4-3]
/// MQTT 5 [MQTT-3.14.4-3]
#[test]
fn a_client_that_says_disconnect_is_let_go() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let client = desk.client(version, "c");
        desk.send(client, DISCONNECT);
        assert_eq!(desk.ended(client), Some(Ending::Client(0)));
        assert_eq!(desk.got(client), []);
        assert_eq!(desk.broker.clients().count(), 0);
    }
}

/// MQTT 5 [MQTT-3.1.2-28]
#[test]
fn response_information_is_for_those_who_ask() {
    let mut desk = Desk::with(Settings {
        response_information: Some("answers/".into()),
        ..Settings::default()
    });
    for (asks, told) in [
        (None, None),
        (Some(false), None),
        (Some(true), Some("answers/")),
    ] {
        let mut said = hello(V5, "c");
        said.properties.request_response_information = asks;
        let (_, connack) = desk.greet(&said);
        assert_eq!(connack.properties.response_information.as_deref(), told);
    }
}

/// MQTT 5 [MQTT-3.1.2-29], [MQTT-3.14.2-3]
#[test]
fn reasons_are_said_unless_they_are_not_wanted() {
    for wants in [None, Some(true), Some(false)] {
        let mut desk = Desk::new();
        let mut said = hello(V5, "c");
        said.properties.request_problem_information = wants;
        let client = desk.join(&said);
        desk.send(client, &connect(&said));
        let FromBroker::Disconnect(goodbye) = desk.other(client) else {
            panic!()
        };
        assert_eq!(goodbye.reason_string.is_some(), wants != Some(false));
    }
    // Nor if the packet became too large by it.
    let mut desk = Desk::limited(|limits| {
        limits.partial_bytes_in_all = 5;
        limits.partial_bytes_small = 0;
    });
    let mut said = hello(V5, "c");
    said.properties.maximum_packet_size = Some(52);
    let client = desk.join(&said);
    desk.send(client, b"\x30\x10tentative");
    assert_eq!(desk.raw(client), [0xE0, 2, 0x97, 0]);
}

#[test]
fn at_its_own_end_the_broker_says_goodbye() {
    let mut desk = Desk::new();
    let (five, three) = (desk.client(V5, "a"), desk.client(V311, "b"));
    desk.tell(Input::Shutdown);
    assert!(matches!(desk.other(five), FromBroker::Disconnect(d) if d.code == 0x8B));
    assert_eq!(desk.got(three), []);
    assert_eq!(
        (desk.closed_with(five), desk.closed_with(three)),
        (Some(0x8B), Some(0x8B))
    );
}

/// CONNECT and all that follows it, in one piece and in pieces of one byte.
#[test]
fn packets_come_in_any_pieces() {
    for version in VERSIONS {
        let mut bytes = connect(&hello(version, "c"));
        bytes.extend(subscribe(
            version,
            1,
            &[("a/#", midge::protocol::Qos::ExactlyOnce)],
        ));
        bytes.extend(publish(
            version,
            "a/b",
            "hello",
            midge::protocol::Qos::AtMostOnce,
            0,
        ));
        bytes.extend_from_slice(PINGREQ);
        let mut whole = Desk::new();
        let client = whole.open(version);
        whole.send(client, &bytes);
        let wanted = whole.got(client);
        assert_eq!(wanted.len(), 4, "{wanted:?}");
        for size in [1, 2, 3, 7] {
            let mut desk = Desk::new();
            let client = desk.open(version);
            for piece in bytes.chunks(size) {
                desk.send(client, piece);
            }
            assert_eq!(desk.got(client), wanted);
        }
        // Told of before the broker was drained.
        let mut desk = Desk::new();
        let (a, b) = (desk.open(version), desk.open(version));
        for piece in bytes.chunks(5) {
            desk.broker.handle(
                desk.now,
                Input::Bytes {
                    connection: a.line,
                    bytes: piece,
                },
            );
        }
        let other = connect(&hello(version, "d"));
        desk.broker.handle(
            desk.now,
            Input::Bytes {
                connection: b.line,
                bytes: &other,
            },
        );
        desk.tell(Input::Time);
        assert_eq!(desk.got(a), wanted);
        assert!(
            matches!(&desk.other(b), FromBroker::Connack(c) if **c == Connack { properties: c.properties.clone(), ..Connack::default() })
        );
    }
}

/// An owner that does not drain in between loses nothing and has nothing twice.
#[test]
fn what_comes_before_the_last_is_drained_waits_its_turn() {
    let mut desk = Desk::new();
    let client = desk.client(V311, "c");
    let connection = client.line;
    let bytes = PINGREQ.repeat(3);
    desk.broker.handle(
        desk.now,
        Input::Bytes {
            connection,
            bytes: &bytes[..5],
        },
    );
    let mut answers = usize::from(desk.broker.poll().is_some());
    desk.broker.handle(
        desk.now,
        Input::Bytes {
            connection,
            bytes: &bytes[5..],
        },
    );
    while desk.broker.poll().is_some() {
        answers += 1;
    }
    assert_eq!(answers, 3);
}

#[test]
fn what_is_said_of_connections_that_are_not_there_is_let_be() {
    let mut desk = Desk::new();
    let client = desk.client(V5, "c");
    for connection in [0, 99, client.line] {
        desk.tell(Input::Opened { connection });
        desk.tell(Input::Owed {
            connection,
            bytes: usize::MAX,
        });
        if connection != client.line {
            desk.tell(Input::Closed { connection });
            desk.tell(Input::Closed { connection });
            desk.tell(Input::Bytes {
                connection,
                bytes: PINGREQ,
            });
            desk.tell(Input::Owed {
                connection,
                bytes: usize::MAX,
            });
        }
    }
    desk.send(client, PINGREQ);
    assert_eq!(desk.other(client), FromBroker::Pingresp);
    // Time does not go back, whatever is said.
    desk.now = 5;
    desk.send(client, PINGREQ);
    assert_eq!(desk.other(client), FromBroker::Pingresp);
}
