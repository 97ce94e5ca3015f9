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

/// Brokers deliver in order, so PINGRESP waits behind everything that the broker has to send: a message each second, whole
/// and in a frame of its own, or the acknowledgements of what was published.
#[test]
fn what_comes_is_a_sign_of_life() {
    for settings in each_every(60).into_iter().chain(each_every(5)) {
        let mut link = Link::connected(settings);
        link.publish(1, Qos::ExactlyOnce);
        link.wake();
        for second in 0..15 {
            link.now += SECOND;
            match second % 3 {
                0 => link.bytes(&ack(PUBREC, 1)),
                _ => link.bytes(&link.message(0x30, 0)),
            };
            link.tell(Input::Time);
            assert_eq!(link.session.phase(), Phase::Connected, "{second}");
        }
        link.bytes(&PINGRESP);
        assert_eq!(link.session.round_trip(), Some(15 * SECOND));
    }
}

/// Silence after what came is as long as silence without.
#[test]
fn a_broker_that_falls_silent_behind_a_flood_is_found_out() {
    for settings in each_every(60) {
        let mut link = Link::connected(settings);
        link.wake();
        for _ in 0..20 {
            link.now += SECOND;
            link.bytes(&link.message(0x30, 0));
        }
        let silent = link.now;
        while link.session.phase() == Phase::Connected {
            link.wake();
        }
        assert!((10 * SECOND..=11 * SECOND).contains(&(link.now - silent)));
        assert!(matches!(
            link.session.trouble(),
            Some(Trouble::PingUnanswered { .. })
        ));
    }
}

/// Only PINGRESP answers PINGREQ. Whoever never answers is given up at last, and asked more than once until then.
#[test]
fn a_broker_that_sends_and_never_answers_is_found_out() {
    for (keep_alive, patience) in [(5, 300), (20, 300), (60, 600)] {
        for settings in each_every(keep_alive) {
            let mut link = Link::connected(settings);
            let mut asked = sent(&link.wake()).len();
            let first = link.now;
            while link.session.phase() == Phase::Connected {
                link.now += SECOND;
                link.bytes(&link.message(0x30, 0));
                asked += sent(&link.tell(Input::Time)).len();
            }
            let took = (link.now - first) / SECOND;
            assert!((patience..patience + 5).contains(&took), "{took}");
            assert!(
                asked as u64 >= patience / u64::from(keep_alive) / 2,
                "{asked}"
            );
        }
    }
}

/// A file of 10 MB over 1 Mbit/s: PINGREQ stands behind it in the browser's buffer, and nobody can have answered.
#[test]
fn what_leaves_is_a_sign_of_life() {
    for settings in each_every(60).into_iter().chain(each_every(5)) {
        let mut link = Link::connected(settings);
        link.leaves = false;
        let file = vec![7; 10_000_000];
        let sent_bytes = sent(&link.tell(Input::Publish(message(1, "t", &file, Qos::AtLeastOnce))));
        let mut left = sent_bytes.concat().len() as u64;
        let mut pings = 0;
        while left > 0 {
            link.now += SECOND;
            left = left.saturating_sub(125_000);
            link.buffered(left + 2 * pings);
            pings += sent(&link.tell(Input::Time)).len() as u64;
            assert_eq!(link.session.phase(), Phase::Connected, "{left}");
        }
        assert_eq!(pings, 1, "another one would stand behind the file, too");
        link.buffered(0);
        link.now += SECOND;
        link.bytes(&ack(PUBACK, 1));
        link.bytes(&PINGRESP);
        link.pass(SECOND);
        assert_eq!(link.session.phase(), Phase::Connected);
    }
}

#[test]
fn a_line_that_stands_still_is_found_out() {
    for settings in each_every(60) {
        let mut link = Link::connected(settings);
        link.leaves = false;
        let file = vec![7; 10_000_000];
        link.tell(Input::Publish(message(1, "t", &file, Qos::AtLeastOnce)));
        // Something leaves until PINGREQ is asked for, and for a while after.
        for second in 0..70 {
            link.now += SECOND;
            link.buffered(9_000_000 - second);
            link.tell(Input::Time);
        }
        let stopped = link.now;
        while link.session.phase() == Phase::Connected {
            link.now += SECOND / 10;
            link.buffered(9_000_000 - 69);
            link.tell(Input::Time);
        }
        assert!((10 * SECOND..=11 * SECOND).contains(&(link.now - stopped)));
    }
}

/// The system takes megabytes from the browser before a slow line has carried them.
#[test]
fn what_has_left_may_be_on_its_way_where_nothing_tells_of_it() {
    for (bytes, seconds) in [(3_000_000, 24), (300_000, 4)] {
        let mut link = Link::connected(every(5));
        let file = vec![7; bytes];
        link.tell(Input::Publish(message(1, "t", &file, Qos::AtLeastOnce)));
        link.wake();
        for _ in 0..seconds {
            link.pass(SECOND);
            assert_eq!(link.session.phase(), Phase::Connected, "{bytes}");
        }
        // A line of which nothing is heard at all is given up, later than without the file.
        let mut passed = seconds;
        while link.session.phase() == Phase::Connected {
            link.pass(SECOND);
            passed += 1;
        }
        let slowest = bytes as u64 / 32_768 + 10;
        assert!(passed <= slowest, "{passed}");
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

/// What a proxy's limit for quiet connections looks like: what was heard and what was sent, whichever was later.
#[test]
fn the_silence_before_a_loss_is_told() {
    type Act = fn(&mut Link);
    let acts: [(Act, u32); 4] = [
        (|_| {}, 50_000),
        (|link| drop(link.bytes(&link.message(0x30, 0))), 48_000),
        (|link| drop(link.publish(1, Qos::AtMostOnce)), 48_000),
        // As long as something is on its way, the line is not quiet to the page; but it was silent for so long.
        (|link| drop(link.buffered(0)), 50_000),
    ];
    for settings in each_every(60) {
        for (act, silence) in acts {
            let mut link = Link::connected(settings.clone());
            link.now += 2 * SECOND;
            act(&mut link);
            link.now += 48 * SECOND;
            link.tell(Input::NetworkChanged);
            link.closed(1006);
            let Some(&Trouble::Lost { silence: told, .. }) = link.session.trouble() else {
                panic!("{:?}", link.session.trouble());
            };
            assert_eq!(told, silence);
        }
    }
}
