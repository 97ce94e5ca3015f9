//! Counts over time are those of a plain look at every message, in slots of one width that lose none.
#![cfg(not(target_arch = "wasm32"))]

mod wire;

use midge::{
    capture::{Capture, LANES, NO_FILTER, SENT, SLOTS, Slots, Tally},
    protocol::{Direction, PublishParts, Version},
};
use proptest::{prelude::*, sample::select};
use wire::{append, encoded, publish};

const START_US: u64 = 1_795_379_100_000_000;
const FINEST_US: u64 = 100_000;

#[derive(Clone, Copy, Debug)]
struct Came {
    at_us: u64,
    lane: u8,
    retained: bool,
}

/// A topic and the lane of the first filter that matches it.
const TOPICS: [(&str, u8); 4] = [("a/x", 3), ("a/b", 3), ("b", 5), ("c", NO_FILTER)];

fn capture() -> Capture {
    let mut capture = Capture::new(1);
    for (filter, lane) in [("a/#", 3), ("a/b", 4), ("b", 5)] {
        capture.add_filter(filter);
        capture.set_lane(filter, lane);
    }
    capture
}

fn keep(capture: &mut Capture, topic: &str, outgoing: bool, retain: bool, at_us: u64) {
    let parts = PublishParts {
        topic,
        payload: b"1",
        retain,
        ..PublishParts::default()
    };
    let bytes = encoded(&parts, Version::V311);
    let direction = if outgoing {
        Direction::Outgoing
    } else {
        Direction::Incoming
    };
    append(capture, at_us, direction, &bytes, false);
}

/// The same by looking at each message.
fn counted(came: &[Came], width_us: u64) -> Vec<(u64, Tally)> {
    let mut numbers: Vec<u64> = came.iter().map(|one| one.at_us / width_us).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
        .into_iter()
        .map(|number| {
            let mut tally = Tally::default();
            for one in came.iter().filter(|one| one.at_us / width_us == number) {
                tally.lanes[usize::from(one.lane)] += 1;
                tally.retained += u32::from(one.retained);
            }
            (number, tally)
        })
        .collect()
}

fn spanned(slots: &Slots) -> u64 {
    match (slots.slots.first(), slots.slots.last()) {
        (Some((first, _)), Some((last, _))) => last - first + 1,
        _ => 0,
    }
}

proptest! {
    #[test]
    fn slots_hold_what_a_look_at_every_message_counts(
        steps in prop::collection::vec(
            (
                select(vec![0u64, 1, 90, 1_000, 30_000, 3_600_000, 100_000_000]),
                0u64..2_000,
                select(TOPICS.to_vec()),
                any::<bool>(),
                any::<bool>(),
                prop::bool::weighted(0.05),
            ),
            0..600,
        ),
        most in 1usize..400,
    ) {
        let mut capture = capture();
        let mut came = Vec::new();
        let mut now_us = START_US;
        for (pause_ms, more_ms, (topic, lane), outgoing, retain, back) in steps {
            // Clocks are put back, now and then.
            now_us = if back {
                now_us - (pause_ms + more_ms) * 100
            } else {
                now_us + (pause_ms + more_ms) * 1_000
            };
            keep(&mut capture, topic, outgoing, retain, now_us);
            came.push(Came {
                at_us: now_us,
                lane: if outgoing { SENT } else { lane },
                retained: retain && !outgoing,
            });
        }
        let slots = capture.slots(most);
        if came.is_empty() {
            prop_assert_eq!(slots, Slots::default());
            return Ok(());
        }
        prop_assert!(spanned(&slots) <= most.min(SLOTS) as u64);
        prop_assert_eq!(&slots.slots, &counted(&came, slots.width_us));
        // No narrower ones would do.
        let times = came.iter().map(|one| one.at_us);
        let (first, last) = (times.clone().min().unwrap(), times.max().unwrap());
        if slots.width_us > FINEST_US {
            let half = slots.width_us / 2;
            prop_assert!(last / half - first / half + 1 > most.min(SLOTS) as u64);
        }
    }
}

#[test]
fn a_flood_after_a_quiet_week_is_seen_in_narrow_slots() {
    let mut capture = capture();
    capture.set_budget(64 * 1024);
    for hour in 0..168 {
        keep(
            &mut capture,
            "b",
            false,
            false,
            START_US + hour * 3_600_000_000,
        );
    }
    assert!(capture.slots(SLOTS).width_us > 1_000_000_000);
    let flood_us = START_US + 168 * 3_600_000_000;
    for number in 0..20_000 {
        keep(&mut capture, "a/x", false, false, flood_us + number * 1_000);
    }
    let counts = capture.counts();
    assert!(counts.dropped > 168, "the week has made room");
    let slots = capture.slots(SLOTS);
    assert_eq!(slots.width_us, FINEST_US);
    let seen: u64 = slots
        .slots
        .iter()
        .flat_map(|(_, tally)| tally.lanes)
        .map(u64::from)
        .sum();
    assert!((counts.kept..counts.kept + 100).contains(&seen), "{seen}");
}

#[test]
fn what_is_cleared_is_gone_and_can_be_brought_back() {
    let mut capture = capture();
    keep(&mut capture, "a/x", false, true, START_US);
    let before = capture.slots(8);
    capture.clear_for_now(START_US + 1);
    assert_eq!(capture.slots(8), Slots::default());
    keep(&mut capture, "b", true, false, START_US + FINEST_US);
    assert!(capture.bring_back());
    let mut lanes = [0; LANES];
    lanes[usize::from(SENT)] = 1;
    let mut both = before;
    let number = both.slots[0].0 + 1;
    both.slots.push((number, Tally { lanes, retained: 0 }));
    assert_eq!(capture.slots(8), both);
}

#[test]
fn a_moment_has_the_latest_message_until_then() {
    let mut capture = capture();
    assert_eq!(capture.position_at(START_US), None);
    for number in 0..50 {
        append(
            &mut capture,
            START_US + number * 1_000,
            Direction::Incoming,
            &publish("a/x", b"1"),
            false,
        );
    }
    assert_eq!(capture.position_at(0), Some(0), "the first of all");
    assert_eq!(capture.position_at(START_US + 7_000), Some(7));
    assert_eq!(capture.position_at(START_US + 7_999), Some(7));
    assert_eq!(capture.position_at(u64::MAX), Some(49));
}
