//! PINGREQ, and what happens when it is not answered.

use midge::protocol::Qos;
use midge::session::{Input, Phase, Settings, Trouble};

use crate::link::*;

fn every(seconds: u16) -> Settings {
    let mut settings = settings();
    settings.connect.keep_alive = seconds;
    settings
}

/// In each version.
fn each_every(seconds: u16) -> [Settings; 2] {
    each().map(|mut settings| {
        settings.connect.keep_alive = seconds;
        settings
    })
}

/// The time between two packets does not exceed the keep alive.
///
/// MQTT 3.1.1 [MQTT-3.1.2-23]
/// MQTT 5 [MQTT-3.1.2-20]
#[test]
fn pingreq_goes_out_before_the_keep_alive_is_over() {
    for settings in each_every(10) {
        let mut link = Link::connected(settings);
        let connected = link.now;
        assert_eq!(sent(&link.wake()), [PINGREQ]);
        assert!(link.now - connected <= 10 * SECOND && link.now - connected >= 8 * SECOND);
        link.now += 40_000;
        link.bytes(&PINGRESP);
        assert_eq!(link.session.round_trip(), Some(40_000));
        assert_eq!(sent(&link.wake()), [PINGREQ]);
        assert_eq!(link.session.phase(), Phase::Connected);
    }
}

/// Messages that come say nothing to the broker's clock.
#[test]
fn receiving_does_not_put_off_pingreq() {
    for settings in each_every(10) {
        let mut link = Link::connected(settings);
        for _ in 0..8 {
            link.now += SECOND;
            link.bytes(&link.message(0x30, 0));
            assert_eq!(link.tell(Input::Time), []);
        }
        assert_eq!(sent(&link.pass(SECOND)), [PINGREQ]);
    }
}

#[test]
fn sending_puts_off_pingreq_while_the_broker_is_heard() {
    for settings in each_every(10) {
        let mut link = Link::connected(settings);
        for _ in 0..30 {
            link.now += SECOND;
            link.bytes(&link.message(0x30, 0));
            link.publish(1, Qos::AtMostOnce);
            assert_eq!(link.tell(Input::Time), []);
        }
    }
}

/// Who only sends QoS 0 hears nothing, and would not notice a broker that is gone.
#[test]
fn a_broker_that_is_not_heard_is_asked_even_while_sending() {
    for settings in each_every(10) {
        let mut link = Link::connected(settings);
        let due = link.session.wake_at();
        assert!(due <= Some(link.now + 10 * SECOND));
        link.now += SECOND;
        link.publish(1, Qos::AtMostOnce);
        assert_eq!(
            link.session.wake_at(),
            due,
            "sending does not make it heard"
        );
        let mut asked = 0;
        for _ in 0..19 {
            link.now += SECOND;
            link.publish(1, Qos::AtMostOnce);
            asked += sent(&link.tell(Input::Time)).len();
        }
        assert_eq!(asked, 1);
        assert_eq!(link.session.phase(), Phase::Waiting);
    }
}

#[test]
fn keep_alive_0_never_asks() {
    for settings in each_every(0) {
        let mut link = Link::connected(settings);
        assert_eq!(link.session.wake_at(), None);
        assert_eq!(link.pass(1_000_000 * SECOND), []);
        assert_eq!(link.session.phase(), Phase::Connected);
    }
}

#[test]
fn an_unanswered_pingreq_closes_and_tries_again() {
    for (keep_alive, answer) in [(60, 10_000), (4, 4000)] {
        let mut link = Link::connected(every(keep_alive));
        link.wake();
        let mut seen = Vec::new();
        for _ in 0..10 {
            if link.session.phase() == Phase::Connected {
                seen.extend(link.wake());
            }
        }
        assert!(
            seen.contains(&Seen::Close {
                socket: 1,
                code: 4008
            }),
            "{seen:?}"
        );
        assert_eq!(sent(&seen), [] as [Vec<u8>; 0]);
        let Some(&Trouble::PingUnanswered { after }) = link.session.trouble() else {
            panic!()
        };
        assert!((answer..=answer + 500).contains(&after), "{after}");
        assert_eq!(link.session.phase(), Phase::Waiting);
        link.wake();
        assert_eq!(link.session.phase(), Phase::Connecting);
    }
}

/// What the socket received while the timer was late, as after sleep, is taken first.
#[test]
fn an_answer_that_was_queued_behind_the_timer_counts() {
    for settings in each_every(60) {
        let mut link = Link::connected(settings);
        link.wake();
        assert_eq!(link.pass(3600 * SECOND), []);
        link.now += 1000;
        link.bytes(&PINGRESP);
        link.pass(SECOND);
        assert_eq!(link.session.phase(), Phase::Connected);
    }
}

/// Brokers deliver in order, so PINGRESP waits behind a large packet.
#[test]
fn a_large_packet_that_keeps_coming_is_not_cut_off() {
    let mut link = Link::connected(every(20));
    let mut bytes = vec![0x30, 0xFF, 0xFF, 0x7F, 0, 1, b't'];
    bytes.resize(4 + 2_097_151, 7);
    link.wake();
    let mut asked = 1;
    for part in bytes.chunks(20_000) {
        link.now += SECOND;
        link.bytes(part);
        if link.session.wake_at().is_some_and(|at| at <= link.now) {
            asked += sent(&link.tell(Input::Time)).len();
        }
        assert_eq!(link.session.phase(), Phase::Connected, "after {asked}");
    }
    // About 105 seconds at one PINGREQ in 19: the broker's own clock is kept from running out.
    assert!((4..=7).contains(&asked), "{asked}");
    link.bytes(&PINGRESP);
    assert_eq!(link.session.phase(), Phase::Connected);
}

#[test]
fn a_large_packet_that_stops_coming_is_cut_off() {
    let mut link = Link::connected(every(20));
    link.wake();
    link.now += 9 * SECOND;
    link.bytes(&[0x30, 0xFF, 0xFF, 0x7F, 0, 1, b't']);
    let stopped = link.now;
    for _ in 0..10 {
        if link.session.phase() == Phase::Connected {
            link.wake();
        }
    }
    assert!(link.now - stopped <= 11 * SECOND);
    assert!(matches!(
        link.session.trouble(),
        Some(Trouble::PingUnanswered { .. })
    ));
}

/// Only PINGRESP answers PINGREQ.
#[test]
fn other_packets_do_not_answer_pingreq() {
    for settings in each_every(20) {
        let mut link = Link::connected(settings);
        link.wake();
        for _ in 0..11 {
            link.now += SECOND;
            link.bytes(&link.message(0x30, 0));
            link.tell(Input::Time);
        }
        assert_eq!(link.session.phase(), Phase::Waiting);
    }
}

#[test]
fn an_answer_to_nothing_is_ignored() {
    let mut link = Link::connected(every(20));
    let before = link.session.round_trip();
    link.bytes(&PINGRESP);
    assert_eq!(
        (link.session.phase(), link.session.round_trip()),
        (Phase::Connected, before)
    );
}
