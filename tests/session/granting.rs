//! What CONNACK says wins over what was asked for, and what it says of the session.

use midge::protocol::{PacketType, Qos, Version, Will};
use midge::session::{Event, Input, Phase, Trouble};

use crate::link::*;

/// CONNECT flags of the CONNECT among what was sent.
fn connect_flags(seen: &[Seen]) -> u8 {
    sent(seen)[0][9]
}

/// MQTT 5 [MQTT-3.2.2-21], [MQTT-3.1.2-21]
#[test]
fn the_keep_alive_of_the_server_is_used() {
    for (asked, granted) in [(60, 10), (0, 10), (10, 100)] {
        let mut settings = settings5();
        settings.connect.keep_alive = asked;
        let mut link = Link::granted(settings, &two(0x13, granted));
        let connected = link.now;
        assert_eq!(sent(&link.wake()), [PINGREQ]);
        let after = link.now - connected;
        let whole = u64::from(granted) * SECOND;
        assert!(after <= whole && after >= whole - 10 * SECOND, "{after}");
        let said = link.session.granted().expect("connected");
        assert_eq!(
            (said.keep_alive, said.keep_alive_by_server),
            (granted, true)
        );
    }
    let mut link = Link::granted(settings5(), &two(0x13, 0));
    assert_eq!(link.session.wake_at(), None);
    assert_eq!(link.pass(100_000 * SECOND), []);
}

#[test]
fn what_is_granted_is_kept_for_the_connection_and_no_longer() {
    let mut link = Link::granted(
        settings5(),
        &[
            two(0x21, 7),
            vec![0x24, 1, 0x25, 0],
            four(0x27, 1000),
            two(0x22, 5),
            four(0x11, 30),
            text(0x1A, b"answers/"),
        ]
        .concat(),
    );
    let granted = link.session.granted().expect("connected").clone();
    assert_eq!(
        (granted.receive_maximum, granted.maximum_qos, granted.retain),
        (7, Qos::AtLeastOnce, false)
    );
    assert_eq!(
        (granted.packet_size, granted.topic_alias_maximum),
        (Some(1000), 5)
    );
    assert_eq!(granted.session_expiry, Some(30));
    assert_eq!(granted.response_information.as_deref(), Some("answers/"));
    assert_eq!(
        (granted.keep_alive, granted.keep_alive_by_server),
        (60, false)
    );
    link.closed(1006);
    assert_eq!(link.session.granted(), None);
    // Before MQTT 5 nothing is granted in words.
    assert_eq!(Link::connected(settings()).session.granted(), None);
}

/// The name that the broker gave is the session's from here on (MQTT 5 section 3.2.2.3.7).
///
/// MQTT 5 [MQTT-3.1.3-7]
#[test]
fn an_assigned_client_identifier_is_used_again() {
    let mut settings = keeping5();
    settings.connect.client_id = String::new();
    let mut link = Link::granted(settings, &text(0x12, b"auto-7"));
    let in_use = link.session.settings().expect("connected");
    assert_eq!(in_use.connect.client_id, "auto-7");
    link.lose();
    let connect = sent(&link.opened()).concat();
    assert!(connect.ends_with(b"\x00\x06auto-7"), "{connect:?}");
}

/// MQTT 5 [MQTT-3.1.2-4]
#[test]
fn clean_start_is_for_the_connection_that_the_user_asked_for() {
    let mut settings = keeping5();
    settings.connect.clean_session = true;
    let mut link = Link::new(1);
    link.tell(connect(settings));
    assert_eq!(connect_flags(&link.opened()) & 2, 2);
    // Not accepted yet: asked for still.
    link.closed(1006);
    link.wake();
    assert_eq!(connect_flags(&link.opened()) & 2, 2);
    link.bytes(&connack5(false, 0, &[]));
    link.lose();
    assert_eq!(connect_flags(&link.opened()) & 2, 0);
    link.bytes(&connack5(true, 0, &[]));
    assert_eq!(link.session.phase(), Phase::Connected);
}

#[test]
fn a_session_that_ends_with_the_connection_starts_clean_each_time() {
    let mut link = Link::connected(settings5());
    link.lose();
    assert_eq!(connect_flags(&link.opened()) & 2, 2);
}

/// A session that is present although it cannot be.
///
/// MQTT 3.1.1 [MQTT-3.2.2-1]
/// MQTT 5 [MQTT-3.2.2-4]
#[test]
fn a_session_after_a_clean_start_is_a_protocol_error() {
    for settings in each() {
        let mut link = Link::new(1);
        let five = settings.connect.version == Version::V5;
        link.tell(connect(strict(settings)));
        let seen = link.accept(true);
        assert_eq!(parted(&seen), if five { vec![0x82] } else { vec![] });
        assert!(closes(&seen));
        assert_eq!(link.session.phase(), Phase::Failed);
    }
}

/// The user is told, and is not locked out.
///
/// MQTT 5 [MQTT-3.2.2-4]
#[test]
fn a_session_that_only_the_broker_knows_is_begun_anew() {
    let mut link = Link::new(1);
    link.subscribe(&[("a", Qos::AtMostOnce)]);
    link.tell(connect(keeping5()));
    assert_eq!(connect_flags(&link.opened()) & 2, 0);
    let seen = link.bytes(&connack5(true, 0, &[]));
    assert_eq!(parted(&seen), [0x82]);
    assert_eq!(events(&seen), [Event::SessionUnknown]);
    let order: Vec<&Seen> = seen
        .iter()
        .filter(|seen| matches!(seen, Seen::Close { .. } | Seen::Open(_)))
        .collect();
    assert!(matches!(
        order[..],
        [Seen::Close { socket: 1, .. }, Seen::Open(2)]
    ));
    // Nothing of the session was used.
    assert_eq!(as_broker(&seen), [PacketType::Disconnect]);
    assert_eq!(connect_flags(&link.opened()) & 2, 2);
    assert_eq!(
        as_broker(&link.bytes(&connack5(false, 0, &[]))),
        [PacketType::Subscribe]
    );
    // Once only.
    link.lose();
    assert_eq!(connect_flags(&link.opened()) & 2, 0);
}

/// A session that storage holds is known, as after a reload of the page.
#[test]
fn a_session_in_storage_is_taken_up() {
    let mut link = Link::connected(keeping5());
    link.publish(1, Qos::AtLeastOnce);
    let mut page = Link::new(2);
    page.stored = link.stored.clone();
    page.reconnect(keeping5());
    let seen = page.accept(true);
    assert_eq!(page.session.phase(), Phase::Connected);
    assert_eq!(sent_ids(&seen)[1..], [(PacketType::Publish, 0x3A, 1)]);
}

/// MQTT 5 [MQTT-3.2.2-5]
#[test]
fn a_session_that_the_broker_lost_is_discarded() {
    for settings in each_keeping() {
        let mut link = Link::connected(settings);
        link.subscribe(&[("a", Qos::AtMostOnce)]);
        link.suback(1, &[0]);
        link.publish(2, Qos::ExactlyOnce);
        link.bytes(&ack(PUBREC, 2));
        link.lose();
        let seen = link.accept(false);
        assert_eq!(
            as_broker(&seen),
            [PacketType::Connect, PacketType::Subscribe]
        );
        assert!(events(&seen).contains(&Event::Unfinished {
            sent_anew: 0,
            unknown: vec![2]
        }));
    }
}

/// The session expiry interval of the server ends the session with the connection: nothing waits for the next.
#[test]
fn a_session_that_the_server_does_not_keep_ends_with_the_connection() {
    let mut link = Link::granted(keeping5(), &four(0x11, 0));
    link.publish(1, Qos::AtLeastOnce);
    let seen = link.tell(Input::Disconnect);
    assert!(events(&seen).contains(&Event::Unfinished {
        sent_anew: 0,
        unknown: vec![1]
    }));
}

/// MQTT 5 says what it takes: a larger packet may not be sent.
#[test]
fn connect_says_the_largest_packet_that_is_taken() {
    let mut settings = settings5();
    settings.packet_limit = 1000;
    settings.connect.properties.maximum_packet_size = Some(5000);
    let mut link = Link::new(1);
    link.tell(connect(settings.clone()));
    let said = |link: &mut Link| sent(&link.opened()).concat()[12..18].to_vec();
    assert_eq!(said(&mut link), [&[5], &four(0x27, 1000)[..]].concat());
    settings.packet_limit = 64 << 20;
    let mut link = Link::new(1);
    link.tell(connect(settings));
    assert_eq!(said(&mut link), [&[5], &four(0x27, 5000)[..]].concat());
    link.bytes(&connack5(false, 0, &[]));
    let seen = link.bytes(&[0x30, 0x88, 0x27]);
    assert_eq!(parted(&seen), [0x95]);
    assert!(closes(&seen));
}

/// MQTT 3.1.1 [MQTT-3.1.2-11], [MQTT-3.1.2-13], [MQTT-3.1.2-15], [MQTT-3.1.2-18], [MQTT-3.1.2-20]
/// MQTT 5 [MQTT-3.1.2-16], [MQTT-3.1.2-18]
#[test]
fn connect_has_neither_name_nor_password_nor_will_where_none_is_set() {
    for settings in each() {
        let mut link = Link::new(1);
        link.tell(connect(settings));
        assert_eq!(connect_flags(&link.opened()), 0b0000_0010);
    }
}

/// MQTT 3.1.1 [MQTT-3.1.2-9], [MQTT-3.1.2-19], [MQTT-3.1.2-21], [MQTT-3.1.3-3]
/// MQTT 5 [MQTT-3.1.3-1], [MQTT-3.1.3-3], [MQTT-3.1.2-9], [MQTT-3.1.2-11], [MQTT-3.1.2-13], [MQTT-3.1.2-17], [MQTT-3.1.2-19], [MQTT-3.1.3-11]
#[test]
fn connect_of_each_version_says_will_name_and_password() {
    for mut settings in each() {
        settings.connect.user_name = Some("u".to_owned());
        settings.connect.password = Some(vec![1]);
        settings.connect.will = Some(Will {
            topic: "w".to_owned(),
            payload: vec![7],
            qos: Qos::ExactlyOnce,
            retain: true,
            ..Will::default()
        });
        let mut link = Link::new(1);
        link.tell(connect(settings));
        let seen = link.opened();
        assert_eq!(connect_flags(&seen), 0b1111_0110);
        let connect = sent(&seen).concat();
        let five = link.version == Version::V5;
        let will: &[u8] = if five {
            &[0, 0, 1, b'w']
        } else {
            &[0, 1, b'w']
        };
        let payload = [&[0, 4][..], b"mine", will, &[0, 1, 7, 0, 1, b'u', 0, 1, 1]].concat();
        assert!(connect.ends_with(&payload), "{connect:?}");
    }
}

/// MQTT 5 lets a password stand alone.
///
/// MQTT 3.1.1 [MQTT-3.1.2-22]
#[test]
fn a_password_alone_is_for_mqtt_5() {
    for mut settings in each() {
        settings.connect.password = Some(vec![1]);
        let five = settings.connect.version == Version::V5;
        let mut link = Link::new(1);
        link.tell(connect(settings));
        if five {
            assert_eq!(connect_flags(&link.opened()), 0b0100_0010);
        } else {
            assert!(matches!(
                link.session.trouble(),
                Some(Trouble::Settings { .. })
            ));
        }
    }
}

/// What a refusal says is shown, and another server that it names is not followed.
///
/// MQTT 5 [MQTT-3.1.3-8], [MQTT-4.12.0-1]
#[test]
fn a_refusal_carries_what_the_broker_said() {
    let cases: [(u8, Phase); 8] = [
        (0x85, Phase::Failed),
        (0x8C, Phase::Failed),
        (0x86, Phase::Failed),
        (0x87, Phase::Failed),
        (0x8A, Phase::Failed),
        (0x9D, Phase::Failed),
        (0x97, Phase::Waiting),
        (0x88, Phase::Waiting),
    ];
    for (code, phase) in cases {
        let mut link = Link::new(1);
        link.tell(connect(settings5()));
        link.opened();
        let properties = [text(0x1F, b"because"), text(0x1C, b"ws://evil")].concat();
        let seen = link.bytes(&connack5(false, code, &properties));
        assert_eq!(sent(&seen), [] as [Vec<u8>; 0]);
        assert_eq!(
            link.session.trouble(),
            Some(&Trouble::Refused {
                code,
                reason: Some("because".to_owned()),
                server_reference: Some("ws://evil".to_owned())
            })
        );
        assert_eq!(link.session.phase(), phase, "{code:#X}");
        assert_eq!(link.session.address(), Some("ws://broker/mqtt"));
    }
}
