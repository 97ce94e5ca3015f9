//! Schedules by chance: publishing both ways while connections break, the page crashes, the broker forgets, bytes vanish,
//! the machine sleeps, storage is slow, timers are late, and packets come in parts. A schedule is all in its seed.
//!
//! `MIDGE_SEEDS=100000` runs so many fresh seeds more. A seed that fails is printed, and belongs into [`SAVED`].

use midge::protocol::{Qos, Version};

use super::broker::Habits;
use super::world::{Deed, Mishap, Plan, run};

/// Seeds that are run every time because they once found something.
const SAVED: [u64; 4] = [
    2_888_728_182_906_831_204,
    8_581_374_186_480_217_673,
    9_986_546_950_337_952_991,
    17_494_147_759_020_352_965,
];

/// As many of the first seeds are run every time.
const FIRST: u64 = 1_500;

/// As many fresh seeds are run every time.
const FRESH: u64 = 500;

fn plan(seed: u64) -> Plan {
    let mut chance = fastrand::Rng::with_seed(seed);
    let version = if chance.bool() {
        Version::V5
    } else {
        Version::V311
    };
    let mut deeds = Vec::new();
    let mut at = 0;
    let (mut out, mut into) = (0, 1_000);
    for _ in 0..chance.usize(3..40) {
        // Mostly close together, so that things meet in flight.
        at += match chance.u8(..8) {
            0 => chance.u64(..40_000_000),
            1 => chance.u64(..1_000_000),
            2..=4 => chance.u64(..5_000),
            _ => chance.u64(..500),
        };
        let deed = match chance.u8(..24) {
            23 => Deed::Want(chance.bool()),
            22 => Deed::ChangeNetwork,
            20 => Deed::Leave(chance.u64(..2_000_000)),
            21 => Deed::Cancel(out),
            0..=7 => {
                out += 1;
                Deed::Publish {
                    number: out,
                    qos: Qos::from_bits(chance.u8(..3)).unwrap_or_default(),
                }
            }
            8..=15 => {
                into += 1;
                Deed::Receive {
                    number: into,
                    qos: chance.u8(..3),
                }
            }
            16 => Deed::Sleep(chance.u64(..600_000_000)),
            17 => Deed::Suffer(Mishap::Vanish),
            _ => Deed::Suffer(cut(&mut chance)),
        };
        deeds.push((at, deed));
    }
    if chance.u8(..10) == 0 {
        // More than may be in flight.
        let at = chance.u64(..=at);
        let qos = Qos::from_bits(chance.u8(1..3)).unwrap_or_default();
        for number in 500..500 + chance.u16(50..250) {
            deeds.push((at, Deed::Publish { number, qos }));
        }
    }
    let mut mishaps: Vec<(u64, Mishap)> = (0..chance.usize(..4))
        .map(|_| (chance.u64(1..400), cut(&mut chance)))
        .collect();
    mishaps.sort_by_key(|(at, _)| *at);
    if chance.u8(..8) == 0 {
        // What is in memory only does not survive the page, and need not.
        deeds.push((chance.u64(..=at), Deed::FailStorage));
        let by_time = deeds.iter_mut().filter_map(|(_, deed)| match deed {
            Deed::Suffer(mishap) => Some(mishap),
            _ => None,
        });
        for mishap in by_time.chain(mishaps.iter_mut().map(|(_, mishap)| mishap)) {
            if let Mishap::Cut { crash, .. } = mishap {
                *crash = false;
            }
        }
    }
    // Without a keep alive nobody would notice.
    let vanishes = deeds
        .iter()
        .any(|(_, deed)| *deed == Deed::Suffer(Mishap::Vanish));
    let keep_alive = [5, 10, 60, 0][chance.usize(..if vanishes { 3 } else { 4 })];
    Plan {
        version,
        habits: Habits {
            receive_maximum: chance.u16(1..5),
            alias_maximum: chance.u16(..3),
            on_release: chance.bool(),
            refuses: version == Version::V5 && chance.bool(),
        },
        keep_alive,
        receive_maximum: chance.u16(1..5),
        clean: chance.u8(..6) == 0,
        out: Vec::new(),
        into: Vec::new(),
        mishaps,
        deeds,
        seed: Some(seed),
    }
}

fn cut(chance: &mut fastrand::Rng) -> Mishap {
    Mishap::Cut {
        forget: chance.u8(..8) == 0,
        crash: chance.u8(..3) == 0,
    }
}

/// Runs these seeds. Says in how many nobody could tell that the session was lost.
fn all(seeds: impl Iterator<Item = u64>) -> u64 {
    let mut deceived = 0;
    for seed in seeds {
        match run(&plan(seed)) {
            Ok(outcome) => deceived += u64::from(outcome.deceived),
            Err(why) => panic!("seed {seed}: {why}"),
        }
    }
    deceived
}

#[test]
fn saved_seeds_come_to_a_good_end() {
    let deceived = all(SAVED.into_iter().chain(0..FIRST));
    assert!(deceived * 20 < FIRST, "{deceived} of {FIRST} runs");
}

#[test]
fn fresh_seeds_come_to_a_good_end() {
    let more = std::env::var("MIDGE_SEEDS").ok();
    let more = more.map_or(0, |more| more.parse().expect("a number of seeds"));
    let mut chance = fastrand::Rng::with_seed(now());
    let deceived = all((0..FRESH + more).map(|_| chance.u64(..)));
    println!("{} seeds, {deceived} of them deceived", FRESH + more);
}

/// What tells one run of the tests from another.
fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_nanos() as u64)
}
