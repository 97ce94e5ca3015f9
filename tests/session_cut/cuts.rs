//! The connection is cut after every byte that arrives at either end and after every commit of storage, once and twice.

use midge::protocol::{Qos, Version};

use super::broker::Habits;
use super::world::{Mishap, Plan, run};

/// What is exchanged while it is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Out,
    Into,
}

fn plan(version: Version, way: Way, qos: u8, messages: u16, on_release: bool) -> Plan {
    let level = Qos::from_bits(qos).unwrap_or_default();
    let (out, into) = match way {
        Way::Out => (
            (1..=messages).map(|number| (number, level)).collect(),
            Vec::new(),
        ),
        Way::Into => (
            Vec::new(),
            (1..=messages).map(|number| (number, qos)).collect(),
        ),
    };
    Plan {
        version,
        habits: Habits {
            receive_maximum: 2,
            alias_maximum: 1,
            on_release,
            refuses: false,
        },
        keep_alive: 60,
        receive_maximum: 2,
        clean: false,
        out,
        into,
        mishaps: Vec::new(),
        deeds: Vec::new(),
        seed: None,
    }
}

/// Every kind of cut: with the session kept at the broker or lost, with the page alive or crashed.
const KINDS: [Mishap; 4] = [
    Mishap::Cut {
        forget: false,
        crash: false,
    },
    Mishap::Cut {
        forget: true,
        crash: false,
    },
    Mishap::Cut {
        forget: false,
        crash: true,
    },
    Mishap::Cut {
        forget: true,
        crash: true,
    },
];

/// Cuts at every place, once. Says how many runs that were.
fn once(plan: &mut Plan, kind: Mishap) -> u64 {
    let mut runs = 0;
    for at in 1.. {
        plan.mishaps = vec![(at, kind)];
        runs += 1;
        match run(plan) {
            Ok(outcome) if outcome.left > 0 => return runs,
            Ok(_) => {}
            Err(why) => panic!("{why}"),
        }
    }
    runs
}

/// Every two places are tried, and not only those around the borders of packets.
fn thorough() -> bool {
    std::env::var_os("MIDGE_CUTS").is_some_and(|cuts| cuts == "all")
}

/// The places to cut at, from those where a packet or a commit was complete: there, and one byte into the next packet.
/// A cut further inside leaves either side with what it has after the first byte, and is tried once by [`once`], or if
/// it is to be [`thorough`].
fn around(places: &[u64], after: u64) -> Vec<u64> {
    let last = places.last().copied().unwrap_or(0);
    if thorough() {
        return (after + 1..=last).collect();
    }
    let mut around: Vec<u64> = places.iter().flat_map(|at| [*at, *at + 1]).collect();
    around.retain(|at| *at > after && *at <= last);
    around.dedup();
    around
}

/// Cuts at every two places. Says how many runs that were, and in how many nobody could tell that the session was lost.
fn twice(plan: &mut Plan, first: Mishap, second: Mishap) -> (u64, u64) {
    let (mut runs, mut deceived) = (0, 0);
    let mut live = |plan: &Plan| match run(plan) {
        Ok(outcome) => {
            runs += 1;
            deceived += u64::from(outcome.deceived);
            outcome
        }
        Err(why) => panic!("{why}"),
    };
    plan.mishaps.clear();
    for at in around(&live(plan).places, 0) {
        plan.mishaps = vec![(at, first)];
        for again in around(&live(plan).places, at) {
            plan.mishaps = vec![(at, first), (again, second)];
            live(plan);
        }
    }
    (runs, deceived)
}

fn every_cut(version: Version, way: Way) {
    let mut runs = 0;
    for qos in 0..=2 {
        for on_release in [false, true] {
            for kind in KINDS {
                runs += once(&mut plan(version, way, qos, 3, on_release), kind);
            }
        }
    }
    // Fewer would mean that the places were not counted.
    assert!(runs > 1_000, "{runs} runs");
    println!("{version} {way:?}: {runs} runs");
}

fn every_two_cuts(version: Version, way: Way) {
    let (mut runs, mut deceived) = (0, 0);
    for qos in 1..=2 {
        for first in KINDS {
            for second in KINDS {
                if first == second || thorough() {
                    let ended = twice(&mut plan(version, way, qos, 2, false), first, second);
                    (runs, deceived) = (runs + ended.0, deceived + ended.1);
                }
            }
        }
    }
    assert!(runs > 1_000, "{runs} runs");
    // Only a small part may be left unjudged.
    assert!(deceived * 5 < runs, "{deceived} of {runs} runs");
    println!("{version} {way:?} twice: {runs} runs, {deceived} of them deceived");
}

/// MQTT 3.1.1 [MQTT-2.3.1-1], [MQTT-2.3.1-2], [MQTT-2.3.1-3], [MQTT-2.3.1-6], [MQTT-3.3.1-1], [MQTT-4.1.0-1], [MQTT-4.3.2-1], [MQTT-4.3.3-1], [MQTT-4.4.0-1], [MQTT-4.6.0-1], [MQTT-4.6.0-4]
#[test]
fn what_is_published_survives_a_cut_anywhere_in_3_1_1() {
    every_cut(Version::V311, Way::Out);
}

#[test]
fn what_is_published_survives_any_two_cuts_in_3_1_1() {
    every_two_cuts(Version::V311, Way::Out);
}

/// MQTT 3.1.1 [MQTT-2.3.1-6], [MQTT-4.1.0-1], [MQTT-4.3.2-2], [MQTT-4.3.3-2], [MQTT-4.5.0-2], [MQTT-4.6.0-2], [MQTT-4.6.0-3]
#[test]
fn what_is_received_survives_a_cut_anywhere_in_3_1_1() {
    every_cut(Version::V311, Way::Into);
}

#[test]
fn what_is_received_survives_any_two_cuts_in_3_1_1() {
    every_two_cuts(Version::V311, Way::Into);
}

/// MQTT 5 [MQTT-2.2.1-3], [MQTT-2.2.1-5], [MQTT-3.1.2-23], [MQTT-3.3.1-1], [MQTT-3.3.4-7], [MQTT-4.3.2-1], [MQTT-4.3.2-2], [MQTT-4.3.2-3], [MQTT-4.3.3-1], [MQTT-4.3.3-2], [MQTT-4.3.3-3], [MQTT-4.3.3-4], [MQTT-4.3.3-5], [MQTT-4.3.3-6], [MQTT-4.4.0-1], [MQTT-4.6.0-1], [MQTT-4.6.0-4], [MQTT-4.9.0-1], [MQTT-4.9.0-2]
#[test]
fn what_is_published_survives_a_cut_anywhere_in_5() {
    every_cut(Version::V5, Way::Out);
}

#[test]
fn what_is_published_survives_any_two_cuts_in_5() {
    every_two_cuts(Version::V5, Way::Out);
}

/// MQTT 5 [MQTT-2.2.1-5], [MQTT-3.1.2-23], [MQTT-4.3.2-4], [MQTT-4.3.2-5], [MQTT-4.3.3-8], [MQTT-4.3.3-10], [MQTT-4.3.3-11], [MQTT-4.3.3-12], [MQTT-4.5.0-2], [MQTT-4.6.0-2], [MQTT-4.6.0-3]
#[test]
fn what_is_received_survives_a_cut_anywhere_in_5() {
    every_cut(Version::V5, Way::Into);
}

#[test]
fn what_is_received_survives_any_two_cuts_in_5() {
    every_two_cuts(Version::V5, Way::Into);
}
