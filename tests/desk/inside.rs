//! What is shown of a broker's inside.

use midge::desk::inside::{Seen, Session, about, is_companion, number, placed, time, waits_for};
use midge::inside::{
    Amount, Came, Client, Course, Filter, Listed, NAME, Outcome, Reached, Report, START, name,
};
use midge::link::Inspected;
use midge::profile::address::Page;
use midge::protocol::Qos;

const HERE: Page = Page {
    scheme: "http:",
    host: "127.0.0.1:8080",
};

fn came(number: u64, at: u64, payload: &[u8]) -> Came {
    Came {
        number,
        at,
        topic: "t".to_owned(),
        from: None,
        is_will: false,
        qos: Qos::AtMostOnce,
        retain: false,
        size: payload.len() as u64,
        start: payload[..payload.len().min(START)].to_vec(),
        reached: 0,
    }
}

fn report(came: Vec<Came>) -> Report {
    Report {
        now: 100_000_000,
        came: Listed {
            shown: came,
            left_out: 0,
        },
        ..Report::default()
    }
}

fn seen(payload: &[u8], time: f64, outgoing: bool) -> Seen {
    Seen {
        topic: "t".to_owned(),
        size: payload.len() as u64,
        start: payload[..payload.len().min(START)].to_vec(),
        time,
        outgoing,
    }
}

#[test]
fn only_the_companions_own_broker_at_its_own_machine_shows_its_inside() {
    let own = "ws://127.0.0.1:8080/mqtt";
    for address in [own, "ws://localhost:8080/mqtt", "ws://[::1]:8080/mqtt"] {
        assert!(is_companion(address, own, HERE), "{address}");
    }
    for address in [
        "ws://127.0.0.1:9001/mqtt",
        "ws://127.0.0.1:8080/broker/lab",
        "ws://192.168.1.5:8080/mqtt",
        "wss://broker.example.org/mqtt",
        "",
        "not an address",
    ] {
        assert!(!is_companion(address, own, HERE), "{address}");
    }
    // In the network it is not shown, whatever the connection.
    let elsewhere = Page {
        host: "192.168.1.5:8080",
        ..HERE
    };
    let address = "ws://192.168.1.5:8080/mqtt";
    assert!(!is_companion(address, address, elsewhere));
}

#[test]
fn a_moment_of_the_brokers_is_told_in_the_pages_time() {
    let report = report(Vec::new());
    assert_eq!(time(&report, 98_500_000, 5_000.0), 3_500.0);
    assert_eq!(time(&report, 100_000_000, 5_000.0), 5_000.0);
}

#[test]
fn the_message_under_the_inspector_is_known_again() {
    let now = 1_000_000.0;
    let all = report(vec![
        came(4, 99_000_000, b"on"),
        came(3, 98_000_000, b"off"),
        came(2, 97_000_000, b"on"),
        came(1, 96_000_000, b"on"),
    ]);
    let at = |age: f64| now - age;
    assert_eq!(number(&all, &seen(b"on", at(2_990.0), false), now), Some(2));
    assert_eq!(
        number(&all, &seen(b"off", at(1_900.0), false), now),
        Some(3)
    );
    // What was kept for this client came to the broker long before.
    assert_eq!(number(&all, &seen(b"off", at(0.0), false), now), Some(3));
    // What this page sent came after it was sent.
    assert_eq!(number(&all, &seen(b"on", at(3_400.0), true), now), Some(2));
    assert_eq!(number(&all, &seen(b"on", at(3_000.0), true), now), Some(2));
    // Sent after all of these.
    assert_eq!(number(&all, &seen(b"on", at(0.0), true), now), None);
    assert_eq!(number(&all, &seen(b"other", at(1_000.0), false), now), None);
    let elsewhere = Seen {
        topic: "u".to_owned(),
        ..seen(b"on", at(1_000.0), false)
    };
    assert_eq!(number(&all, &elsewhere, now), None);
}

#[test]
fn long_payloads_and_topics_are_known_by_their_beginning_and_size() {
    let long = [7; 3 * START];
    let topic = "é".repeat(NAME);
    let mut there = came(1, 100_000_000, &long);
    there.topic = name(&topic);
    assert!(there.topic.len() <= NAME + 3 && there.topic.ends_with('…'));
    let inspected = Inspected {
        topic: topic.clone(),
        bytes: [&[0x30, 0][..], &long].concat(),
        payload: 2,
        time: 9_000.0,
        ..Inspected::default()
    };
    let seen = Seen::of(&inspected).expect("a message");
    assert_eq!((seen.size, seen.start.len()), (3 * START as u64, START));
    assert_eq!(seen.asked(), Some(topic.as_str()));
    assert_eq!(number(&report(vec![there]), &seen, 9_000.0), Some(1));
    assert_eq!(Seen::of(&Inspected::default()), None);
    let long = Seen {
        topic: "t".repeat(5000),
        ..seen
    };
    assert_eq!(long.asked(), None);
}

#[test]
fn who_has_not_acknowledged_is_waited_for() {
    let to = |client: &str, outcome| Reached {
        client: client.to_owned(),
        is_here: true,
        matched: Listed::default(),
        qos: Qos::AtLeastOnce,
        as_retained: false,
        outcome,
    };
    let course = Course {
        came: came(1, 1, b""),
        reached: Listed {
            shown: vec![
                to("a", Outcome::Acknowledged),
                to("b", Outcome::Waits),
                to("c", Outcome::Sent),
                to("d", Outcome::Received),
                to("e", Outcome::Unacknowledged),
                to("f", Outcome::QueueFull),
            ],
            left_out: 0,
        },
    };
    let waits: Vec<_> = waits_for(&course).map(|to| &*to.client).collect();
    assert_eq!(waits, ["b", "d", "e"]);
}

#[test]
fn a_session_ends_with_the_connection_or_stays_for_a_while() {
    let client = |session_expiry, ends| Client {
        id: "c".to_owned(),
        user_name: None,
        connection: None,
        session_expiry,
        ends,
        will: None,
        filters: 0,
        in_flight: 0,
        queued: Amount::default(),
        unreleased: 0,
        dropped: 0,
    };
    let now = 50_000_000;
    let of = |expiry, ends| Session::of(&client(expiry, ends), now);
    assert_eq!(of(0, None), Session::WithConnection);
    assert_eq!(of(60, None), Session::Stays(60));
    assert_eq!(of(u32::MAX, None), Session::ForEver);
    assert_eq!(of(60, Some(52_500_000)), Session::EndsIn(3));
    assert_eq!(of(60, Some(1)), Session::EndsIn(0));
}

#[test]
fn a_countdown_is_told_in_units_that_do_not_flicker() {
    for (seconds, told) in [
        (0, 0),
        (119, 119),
        (121, 180),
        (7_199, 7_200),
        (86_399, 86_400),
        (86_401, 90_000),
    ] {
        assert_eq!(about(seconds), told, "{seconds}");
    }
    assert_eq!(about(u32::MAX - 1), u32::MAX);
}

#[test]
fn filters_stand_below_those_that_they_begin_with() {
    let filters: Vec<Filter> = ["a", "a/+", "a/b/c", "a/b/c/d", "ab", "b/c", "b/c/#"]
        .map(|filter| Filter {
            filter: filter.to_owned(),
            subscribers: Listed::default(),
        })
        .into();
    let told: Vec<_> = placed(&filters)
        .iter()
        .map(|one| (one.depth, one.common, one.own))
        .collect();
    assert_eq!(
        told,
        [
            (0, "", "a"),
            (1, "a/", "+"),
            (1, "a/", "b/c"),
            (2, "a/b/c/", "d"),
            (0, "", "ab"),
            (0, "", "b/c"),
            (1, "b/c/", "#"),
        ]
    );
}
