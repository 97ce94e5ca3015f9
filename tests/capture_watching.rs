//! Goals that are watched for: how many packets fit, in which order, how far apart, since when.
#![cfg(not(target_arch = "wasm32"))]

mod wire;

use midge::{
    capture::{Capture, Found, Goal, Watching},
    protocol::Direction,
};

const SECOND: u64 = 1_000_000;

fn goal(query: &str, count: u32) -> Goal<'_> {
    Goal {
        query,
        count,
        apart: None,
        then: false,
    }
}

fn put(capture: &mut Capture, time_us: u64, direction: Direction, bytes: &[u8]) -> u64 {
    wire::append(capture, time_us, direction, bytes, false)
}

fn receive(capture: &mut Capture, time_us: u64, topic: &str, payload: &str) -> u64 {
    let bytes = wire::publish(topic, payload.as_bytes());
    put(capture, time_us, Direction::Incoming, &bytes)
}

fn look(capture: &mut Capture, watching: &mut Watching) -> Vec<Found> {
    let mut turns = 0;
    // Little at a time, so that a walk in parts is the same as a whole one.
    while capture.look_for(watching, 40) {
        turns += 1;
        assert!(turns < 10_000);
    }
    watching.found().collect()
}

#[test]
fn what_was_there_before_does_not_count_unless_it_is_asked_for() {
    let mut capture = Capture::new(1);
    let early = receive(&mut capture, 1, "a", "x");
    let mut from_now = capture.watch(&[goal("topic:a", 1)], None);
    let mut from_then = capture.watch(&[goal("topic:a", 1)], Some(early));
    assert_eq!(look(&mut capture, &mut from_now), [Found::default()]);
    let found = look(&mut capture, &mut from_then);
    assert_eq!((found[0].first, found[0].reached), (Some(early), true));
    let late = receive(&mut capture, 2, "a", "x");
    assert_eq!(look(&mut capture, &mut from_now)[0].first, Some(late));
}

#[test]
fn it_counts_to_what_is_wanted_and_no_further() {
    let mut capture = Capture::new(1);
    let mut watching = capture.watch(&[goal("sensors/+", 3)], None);
    let mut numbers = Vec::new();
    for (index, topic) in ["sensors/a", "other", "sensors/b", "sensors/c", "sensors/d"]
        .iter()
        .enumerate()
    {
        numbers.push(receive(&mut capture, index as u64, topic, ""));
        look(&mut capture, &mut watching);
    }
    assert_eq!(
        look(&mut capture, &mut watching),
        [Found {
            count: 3,
            first: Some(numbers[0]),
            last: Some(numbers[3]),
            reached: true
        }]
    );
}

#[test]
fn control_packets_and_their_codes_count_too() {
    let mut capture = Capture::new(1);
    let goals = [
        goal("type:suback code:1", 1),
        goal("type:suback code:refused", 1),
        goal("type:connack code:refused", 1),
        goal("sent filter:a/+", 1),
        goal("sent filter:a/", 1),
    ];
    let mut watching = capture.watch(&goals, None);
    put(
        &mut capture,
        1,
        Direction::Outgoing,
        &[0x82, 8, 0, 1, 0, 3, b'a', b'/', b'+', 0],
    );
    put(&mut capture, 2, Direction::Incoming, &[0x90, 4, 0, 1, 0, 1]);
    let reached = |found: Vec<Found>| found.iter().map(|one| one.reached).collect::<Vec<_>>();
    let found = look(&mut capture, &mut watching);
    assert_eq!(reached(found), [true, false, false, true, false]);
    put(&mut capture, 3, Direction::Incoming, &[0x90, 3, 0, 1, 0x80]);
    put(&mut capture, 4, Direction::Incoming, &[0x20, 2, 0, 5]);
    let found = look(&mut capture, &mut watching);
    assert_eq!(reached(found), [true, true, true, true, false]);
}

#[test]
fn a_rhythm_is_a_row_without_a_gap_or_a_rush() {
    let mut capture = Capture::new(1);
    let rhythm = Goal {
        apart: Some((SECOND / 2, 3 * SECOND / 2)),
        ..goal("topic:a", 3)
    };
    let mut watching = capture.watch(&[rhythm], None);
    let mut counts = Vec::new();
    // A second, a rush, a second, a gap, then two seconds in a row.
    for tenths in [10, 20, 21, 31, 70, 80, 90] {
        receive(&mut capture, tenths * SECOND / 10, "a", "");
        counts.push(look(&mut capture, &mut watching)[0].count);
    }
    assert_eq!(counts, [1, 2, 1, 2, 1, 2, 3]);
}

#[test]
fn what_comes_before_its_turn_does_not_count() {
    let mut capture = Capture::new(1);
    let then = |query| Goal {
        then: true,
        ..goal(query, 1)
    };
    let goals = [goal("topic:a", 1), then("topic:b"), then("topic:c")];
    let mut watching = capture.watch(&goals, None);
    let mut seen = Vec::new();
    for (at, topic) in ["b", "c", "a", "c", "b", "c"].iter().enumerate() {
        receive(&mut capture, at as u64, topic, "");
        let found = look(&mut capture, &mut watching);
        seen.push(found.iter().filter(|one| one.reached).count());
    }
    assert_eq!(seen, [0, 0, 1, 1, 2, 3]);
}

#[test]
fn clearing_the_capture_takes_nothing_from_what_was_reached_and_topics_are_found_anew() {
    let mut capture = Capture::new(1);
    receive(&mut capture, 1, "other", "");
    let mut watching = capture.watch(&[goal("topic:a", 2), goal("a/#", 2)], None);
    receive(&mut capture, 2, "a", "");
    look(&mut capture, &mut watching);
    capture.clear();
    receive(&mut capture, 3, "b", "");
    receive(&mut capture, 4, "a", "");
    let found = look(&mut capture, &mut watching);
    assert!(
        found.iter().all(|one| one.count == 2 && one.reached),
        "{found:?}"
    );
}

#[test]
fn a_query_that_cannot_be_read_is_never_reached() {
    let mut capture = Capture::new(1);
    let mut watching = capture.watch(&[goal("qos:7", 1)], None);
    receive(&mut capture, 1, "a", "");
    assert!(!look(&mut capture, &mut watching)[0].reached);
}
