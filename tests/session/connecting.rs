//! From the user's wish to CONNACK, and back.

use midge::protocol::{PacketType, Qos, Version, Will};
use midge::session::{Event, Input, Phase, Reached, SocketEvent, Trouble};

use crate::link::*;

#[test]
fn a_connection_goes_through_its_phases() {
    let mut link = Link::new(1);
    assert_eq!(
        (link.session.phase(), link.session.wake_at()),
        (Phase::Disconnected, None)
    );
    let seen = link.tell(connect(settings()));
    assert_eq!(
        seen,
        [
            Seen::Open(1),
            Seen::Event(Event::PhaseChanged(Phase::Connecting))
        ]
    );
    assert_eq!(
        (link.session.attempt(), link.session.reached()),
        (1, Reached::Opening)
    );
    link.opened();
    assert_eq!(link.session.reached(), Reached::Sent);
    link.now += 70_000;
    let seen = link.bytes(&connack(false, 0));
    assert_eq!(
        events(&seen),
        [
            Event::PhaseChanged(Phase::Connected),
            Event::Connected {
                session_present: false,
                resumed: false,
                version: Version::V311
            }
        ]
    );
    assert_eq!(link.session.phase(), Phase::Connected);
    assert_eq!(link.session.reached(), Reached::Accepted);
    assert_eq!(link.session.round_trip(), Some(70_000));
    assert_eq!(link.session.since(), Some(link.now));
    assert_eq!(link.session.trouble(), None);
}

/// MQTT 3.1.1 [MQTT-3.1.0-1], [MQTT-3.1.2-9], [MQTT-3.1.2-19], [MQTT-3.1.2-21], [MQTT-3.1.3-1], [MQTT-3.1.3-3], [MQTT-3.1.3-10]
#[test]
fn connect_is_the_first_packet_and_says_everything() {
    let mut settings = settings();
    settings.connect.user_name = Some("u".to_owned());
    settings.connect.password = Some(vec![0xFF, 0]);
    settings.connect.will = Some(Will {
        topic: "w".to_owned(),
        payload: vec![7],
        qos: Qos::AtLeastOnce,
        retain: true,
        ..Will::default()
    });
    let mut link = Link::new(1);
    link.tell(connect(settings));
    let seen = link.opened();
    let expected: &[u8] = &[
        0x10,
        29,
        0,
        4,
        b'M',
        b'Q',
        b'T',
        b'T',
        4,
        0b1110_1110,
        0,
        60,
        0,
        4,
        b'm',
        b'i',
        b'n',
        b'e',
        0,
        1,
        b'w',
        0,
        1,
        7,
        0,
        1,
        b'u',
        0,
        2,
        0xFF,
        0,
    ];
    assert_eq!(sent(&seen), [expected]);
}

/// A second opening of the same socket, which cannot be, does not send a second CONNECT.
///
/// MQTT 3.1.1 [MQTT-3.1.0-2]
#[test]
fn connect_is_sent_once() {
    for settings in each() {
        let mut link = Link::connected(settings);
        assert_eq!(link.opened(), []);
    }
}

/// MQTT 3.1.1 [MQTT-3.14.4-1], [MQTT-3.14.4-2], [MQTT-3.14.1-1]
/// MQTT 5 [MQTT-3.14.4-1], [MQTT-3.14.4-2], [MQTT-3.14.1-1]
#[test]
fn disconnecting_says_so_and_stays_disconnected() {
    for settings in each() {
        let mut link = Link::connected(settings);
        let seen = link.tell(Input::Disconnect);
        let [Seen::Sent(bytes, _), rest @ ..] = seen.as_slice() else {
            panic!("{seen:?}")
        };
        assert_eq!(bytes[..], DISCONNECT);
        assert_eq!(
            rest,
            [
                Seen::Close {
                    socket: 1,
                    code: 1000
                },
                Seen::Event(Event::PhaseChanged(Phase::Disconnected))
            ]
        );
        assert_eq!(link.closed(1000), []);
        assert_eq!(link.session.wake_at(), None);
        assert_eq!(link.pass(1000 * SECOND), []);
        assert_eq!(link.tell(Input::TryNow), []);
        assert_eq!(link.session.phase(), Phase::Disconnected);
    }
}

#[test]
fn disconnecting_before_connack_sends_nothing_and_closes() {
    let mut link = Link::new(1);
    link.tell(connect(settings()));
    link.opened();
    let seen = link.tell(Input::Disconnect);
    assert_eq!(sent(&seen), [] as [Vec<u8>; 0]);
    assert!(seen.contains(&Seen::Close {
        socket: 1,
        code: 1000
    }));
    assert_eq!(link.bytes(&connack(false, 0)), []);
    assert_eq!(link.session.phase(), Phase::Disconnected);
}

#[test]
fn disconnecting_while_waiting_ends_the_tries() {
    let mut link = Link::new(1);
    link.tell(connect(settings()));
    link.closed(1006);
    assert_eq!(link.session.phase(), Phase::Waiting);
    link.tell(Input::Disconnect);
    assert_eq!(
        (link.session.phase(), link.session.wake_at()),
        (Phase::Disconnected, None)
    );
}

#[test]
fn connecting_anew_ends_the_earlier_connection_politely() {
    let mut link = Link::connected(settings());
    let mut other = settings();
    other.addresses = vec!["ws://other/mqtt".to_owned()];
    let seen = link.tell(connect(other));
    assert_eq!(as_broker(&seen), [PacketType::Disconnect]);
    let close = seen.iter().position(|seen| {
        *seen
            == Seen::Close {
                socket: 1,
                code: 1000,
            }
    });
    let open = seen.iter().position(|seen| *seen == Seen::Open(2));
    assert!(close.is_some() && close < open);
    assert_eq!(link.session.phase(), Phase::Connecting);
}

/// An old socket's bytes, closing and opening say nothing about the new one.
#[test]
fn events_of_an_old_socket_are_ignored() {
    let mut link = Link::connected(settings());
    link.tell(connect(settings()));
    for event in [
        SocketEvent::Bytes(&[0xFF, 0xFF]),
        SocketEvent::Filled,
        SocketEvent::TextFrame,
        SocketEvent::Opened {
            subprotocol: "mqtt",
        },
        SocketEvent::OpenFailed {
            forbidden: Some("no".to_owned()),
        },
        SocketEvent::Closed {
            code: 4142,
            reason: "",
            clean: true,
        },
    ] {
        assert_eq!(link.tell(Input::Socket { socket: 1, event }), []);
    }
    assert!(link.session.space(1, 10).is_none());
    assert_eq!(link.session.phase(), Phase::Connecting);
    link.accept(false);
    assert_eq!(link.session.phase(), Phase::Connected);
    assert!(link.session.space(1, 10).is_none());
    assert_eq!(link.session.space(2, 10).map(|space| space.len()), Some(10));
}

#[test]
fn settings_that_no_connect_can_say_fail_before_a_socket_is_opened() {
    let mut settings = settings();
    settings.connect.client_id = String::new();
    settings.connect.clean_session = false;
    let mut link = Link::new(1);
    let seen = link.tell(connect(settings));
    assert_eq!(seen, [Seen::Event(Event::PhaseChanged(Phase::Failed))]);
    assert!(matches!(
        link.session.trouble(),
        Some(Trouble::Settings { .. })
    ));
    assert_eq!(link.tell(Input::TryNow), []);
}
