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

/// Cuts at every two places.
fn twice(plan: &mut Plan, first: Mishap, second: Mishap) -> u64 {
    let mut runs = 0;
    for at in 1.. {
        for again in at + 1.. {
            plan.mishaps = vec![(at, first), (again, second)];
            runs += 1;
            match run(plan) {
                Ok(outcome) if outcome.left > 1 => return runs,
                Ok(outcome) if outcome.left > 0 => break,
                Ok(_) => {}
                Err(why) => panic!("{why}"),
            }
        }
    }
    runs
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

fn every_two_cuts(version: Version, way: Way, kind: Mishap) {
    let mut runs = 0;
    for qos in 1..=2 {
        runs += twice(&mut plan(version, way, qos, 2, false), kind, kind);
    }
    assert!(runs > 1_000, "{runs} runs");
    println!("{version} {way:?} {kind:?} twice: {runs} runs");
}

macro_rules! cuts {
    ($($name:ident: $run:ident($($argument:expr),*);)*) => {
        $(#[test]
        fn $name() {
            $run($($argument),*);
        })*
    };
}

cuts! {
    what_is_published_survives_a_cut_anywhere_in_3_1_1: every_cut(Version::V311, Way::Out);
    what_is_received_survives_a_cut_anywhere_in_3_1_1: every_cut(Version::V311, Way::Into);
    what_is_published_survives_any_two_cuts_in_3_1_1: every_two_cuts(Version::V311, Way::Out, KINDS[0]);
    what_is_received_survives_any_two_cuts_in_3_1_1: every_two_cuts(Version::V311, Way::Into, KINDS[0]);
}
