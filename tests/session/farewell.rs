//! How connections end in MQTT 5, from either side, and what is said when they are back.

use midge::protocol::{PacketType, Will};
use midge::session::{Event, Input, Phase, Trouble};

use crate::link::*;

fn disconnected(code: u8) -> Option<Trouble> {
    Some(Trouble::Disconnected {
        code,
        reason: Some("because".to_owned()),
        server_reference: Some("ws://evil".to_owned()),
    })
}

/// The client closes, and says nothing more. A server that is named is shown and not followed.
#[test]
fn disconnect_of_the_broker_is_told_and_tried_again_only_if_it_may_pass() {
    let passing = [0x80, 0x83, 0x89, 0x8B, 0x8D, 0x96, 0x97, 0x9C, 0x9F, 0xA0];
    let lasting = [
        0x81, 0x82, 0x87, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x98, 0x99, 0x9A, 0x9B, 0x9D, 0x9E, 0xA1,
        0xA2,
    ];
    let cases = passing.map(|code| (code, Phase::Waiting)).into_iter();
    for (code, phase) in cases.chain(lasting.map(|code| (code, Phase::Failed))) {
        let mut link = Link::connected(settings5());
        let properties = [text(0x1F, b"because"), text(0x1C, b"ws://evil")].concat();
        let seen = link.bytes(&disconnect5(code, &properties));
        assert_eq!(sent(&seen), [] as [Vec<u8>; 0]);
        assert!(closes(&seen));
        assert_eq!(link.session.trouble(), disconnected(code).as_ref());
        assert_eq!(link.session.phase(), phase, "{code:#X}");
        // Its socket closes after it, which is no news.
        assert_eq!(link.closed(1000), []);
        if phase == Phase::Waiting {
            link.wake();
            assert_eq!(link.session.address(), Some("ws://broker/mqtt"));
        }
    }
}

/// As mosquitto sends it: without properties, or without a reason code at all.
#[test]
fn a_short_disconnect_is_one() {
    for (bytes, code) in [(&[0xE0, 1, 0x8B][..], 0x8B), (&[0xE0, 0], 0)] {
        let mut link = Link::connected(settings5());
        link.bytes(bytes);
        assert!(
            matches!(link.session.trouble(), Some(Trouble::Disconnected { code: said, .. }) if *said == code)
        );
        assert_eq!(link.session.phase(), Phase::Waiting);
    }
}

/// 0x8E is "session taken over": two clients that both come back would throw each other out for ever.
#[test]
fn a_session_that_was_taken_over_is_not_taken_back() {
    let mut link = Link::connected(keeping5());
    link.bytes(&disconnect5(0x8E, &[]));
    assert_eq!(
        link.session.trouble(),
        Some(&Trouble::Replaced {
            certain: true,
            client_id: "mine".to_owned()
        })
    );
    assert_eq!(
        (link.session.phase(), link.session.wake_at()),
        (Phase::Failed, None)
    );
    assert_eq!(link.pass(1_000_000 * SECOND), []);
}

#[test]
fn a_made_up_name_that_was_taken_over_is_given_up() {
    let mut settings = settings5();
    settings.client_id_made_up = true;
    let mut link = Link::connected(settings);
    link.bytes(&disconnect5(0x8E, &[]));
    let name = link
        .session
        .settings()
        .expect("set")
        .connect
        .client_id
        .clone();
    assert!(name.starts_with("midge-"));
    assert_eq!(link.session.phase(), Phase::Waiting);
}

/// Some brokers of MQTT 5 close before their DISCONNECT is out.
#[test]
fn connections_that_end_without_a_word_are_a_fight_in_mqtt_5_too() {
    let mut link = Link::connected(settings5());
    for _ in 0..2 {
        link.lose();
        link.accept(false);
    }
    link.closed(1006);
    assert!(matches!(
        link.session.trouble(),
        Some(Trouble::Replaced { certain: false, .. })
    ));
}

/// DISCONNECT with reason code 0, which is that of every version, makes the broker drop the will.
///
/// MQTT 3.1.1 [MQTT-3.14.4-1], [MQTT-3.14.4-2]
/// MQTT 5 [MQTT-3.1.2-10], [MQTT-3.14.4-1], [MQTT-3.14.4-2], [MQTT-3.14.2-1]
#[test]
fn disconnecting_drops_the_will_and_says_nothing_more() {
    for mut settings in each() {
        settings.connect.will = Some(Will {
            topic: "w".to_owned(),
            ..Will::default()
        });
        let mut link = Link::connected(settings);
        let seen = link.tell(Input::Disconnect);
        assert_eq!(sent(&seen), [DISCONNECT]);
        assert!(matches!(seen[1], Seen::Close { code: 1000, .. }));
        assert_eq!(link.publish(1, midge::protocol::Qos::AtMostOnce).len(), 1);
        assert_eq!(as_broker(&link.pass(1000 * SECOND)), [] as [PacketType; 0]);
    }
}

/// From the last byte that was heard, not from the moment when the loss was noticed.
#[test]
fn a_return_says_how_long_it_was_away() {
    for session_present in [false, true] {
        let mut link = Link::connected(keeping5());
        link.now += 20 * SECOND;
        link.bytes(&publish5(0x30, "t", 0, &[]));
        link.now += 5 * SECOND;
        let heard = link.now - 5 * SECOND;
        link.lose();
        let seen = link.accept(session_present);
        let returned = Event::Returned {
            away: link.now - heard,
            session_present,
            slept: false,
        };
        assert_eq!(events(&seen)[2], returned);
        // Said once.
        link.tell(Input::Disconnect);
        link.reconnect(keeping5());
        let seen = link.accept(session_present);
        assert!(
            !events(&seen)
                .iter()
                .any(|event| matches!(event, Event::Returned { .. }))
        );
    }
}

#[test]
fn a_return_after_sleep_says_so() {
    let mut link = Link::connected(settings());
    // The lid is closed for an hour, and the first thing that comes is the end of the socket.
    link.now += 3600 * SECOND;
    link.closed(1006);
    link.wake();
    let seen = link.accept(false);
    let slept = events(&seen).into_iter().any(
        |event| matches!(event, Event::Returned { away, slept: true, .. } if away >= 3600 * SECOND),
    );
    assert!(slept, "{seen:?}");
}

#[test]
fn a_first_connection_is_no_return() {
    let mut link = Link::new(1);
    link.tell(connect(settings()));
    link.closed(1006);
    link.wake();
    let seen = link.accept(false);
    assert_eq!(events(&seen).len(), 2);
}
