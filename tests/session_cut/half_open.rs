//! A link that is open and carries nothing is noticed, and one that is silent is kept.

use midge::protocol::{Qos, Version};

use super::broker::Habits;
use super::world::{Deed, Mishap, Outcome, Plan, run};

const SECOND: u64 = 1_000_000;

fn live(version: Version, keep_alive: u16, deeds: Vec<(u64, Deed)>) -> Outcome {
    let plan = Plan {
        version,
        habits: Habits {
            receive_maximum: 10,
            alias_maximum: 0,
            on_release: false,
            refuses: false,
        },
        keep_alive,
        receive_maximum: 10,
        clean: false,
        out: vec![(1, Qos::ExactlyOnce)],
        into: vec![(2, 2)],
        mishaps: Vec::new(),
        deeds,
        seed: None,
    };
    run(&plan).unwrap_or_else(|why| panic!("{why}"))
}

#[test]
fn a_half_open_link_is_noticed_within_twice_the_keep_alive() {
    for version in [Version::V311, Version::V5] {
        for keep_alive in [5, 10, 20] {
            // Anywhere in the course of a keep alive, in the middle of an exchange too.
            for at in (0..30).map(|tenth| 3_500 + tenth * SECOND * u64::from(keep_alive) / 10) {
                let mut deeds = vec![(at, Deed::Suffer(Mishap::Vanish))];
                for number in 10..13 {
                    let at = at + u64::from(number);
                    let qos = Qos::ExactlyOnce;
                    deeds.push((at, Deed::Publish { number, qos }));
                    let number = number + 100;
                    deeds.push((at, Deed::Receive { number, qos: 2 }));
                }
                let outcome = live(version, keep_alive, deeds);
                let most = 2 * u64::from(keep_alive) * SECOND;
                assert!(
                    outcome.unnoticed > 0 && outcome.unnoticed <= most,
                    "{version}, {keep_alive} s, after {at}: {outcome:?}"
                );
            }
        }
    }
}

#[test]
fn a_half_open_link_is_noticed_though_the_client_keeps_publishing() {
    for version in [Version::V311, Version::V5] {
        let mut deeds = vec![(20 * SECOND, Deed::Suffer(Mishap::Vanish))];
        let qos = Qos::AtMostOnce;
        deeds.extend((1..120).map(|number| {
            let at = u64::from(number) * SECOND / 2;
            let number = number + 10;
            (at, Deed::Publish { number, qos })
        }));
        let outcome = live(version, 10, deeds);
        assert!(
            outcome.unnoticed > 0 && outcome.unnoticed <= 20 * SECOND,
            "{outcome:?}"
        );
    }
}

/// MQTT 5 [MQTT-3.1.2-20]
/// MQTT 3.1.1 [MQTT-3.1.2-23]
#[test]
fn the_broker_never_waits_longer_than_the_keep_alive() {
    for version in [Version::V311, Version::V5] {
        // Silence, and an hour in which messages come and nothing but acknowledgements goes.
        let silence = vec![(3_600 * SECOND, Deed::Receive { number: 9, qos: 0 })];
        let busy = (0..1_800).map(|at| {
            let (number, qos) = (at as u16 + 10, (at % 2) as u8);
            (at * 2 * SECOND, Deed::Receive { number, qos })
        });
        for deeds in [silence, busy.collect()] {
            let outcome = live(version, 10, deeds);
            assert_eq!((outcome.fed_up, outcome.unnoticed), (0, 0));
        }
    }
}
