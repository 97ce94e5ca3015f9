//! The next try: when, and how often.

use midge::session::{Input, Phase, Trouble};

use crate::link::*;

/// Waits until the next try, for tries that never open.
fn waits(seed: u64, tries: usize) -> Vec<u64> {
    let mut link = Link::new(seed);
    link.tell(connect(settings()));
    let mut waits = Vec::new();
    for attempt in 1..=tries {
        assert_eq!(link.session.attempt() as usize, attempt);
        link.closed(1006);
        assert_eq!(link.session.phase(), Phase::Waiting);
        let wait = link.session.next_try().expect("will try again") - link.now;
        assert_eq!(link.pass(wait - 1), []);
        assert!(matches!(link.pass(1)[0], Seen::Open(_)));
        waits.push(wait);
    }
    waits
}

#[test]
fn waits_grow_from_one_second_to_thirty() {
    for seed in 0..50 {
        let waits = waits(seed, 12);
        let bounds = [(1, 2), (2, 4), (4, 8), (8, 16)]
            .into_iter()
            .chain([(15, 30)].into_iter().cycle());
        for (wait, (least, most)) in waits.into_iter().zip(bounds) {
            assert!(
                (least * SECOND..=most * SECOND).contains(&wait),
                "seed {seed}: {wait}"
            );
        }
    }
}

#[test]
fn the_same_seed_waits_the_same_and_another_does_not() {
    assert_eq!(waits(7, 10), waits(7, 10));
    assert_ne!(waits(7, 10), waits(8, 10));
}

#[test]
fn trying_now_does_not_wait() {
    let mut link = Link::new(1);
    link.tell(connect(settings()));
    link.closed(1006);
    assert_eq!(link.tell(Input::TryNow)[0], Seen::Open(2));
    assert_eq!(link.tell(Input::TryNow), []);
}

/// A connection that held starts the waits over; one that did not lets them grow, so that a broker that accepts and
/// throws out is not hammered.
#[test]
fn only_a_connection_that_held_starts_the_waits_over() {
    let mut link = Link::new(3);
    let mut settings = settings();
    settings.client_id_made_up = true;
    link.tell(connect(settings));
    for _ in 0..6 {
        link.accept(false);
        link.now += SECOND;
        link.closed(1006);
        link.wake();
    }
    link.accept(false);
    link.now += SECOND;
    link.closed(1006);
    assert!(link.session.next_try().unwrap() - link.now >= 15 * SECOND);
    link.wake();
    assert_eq!(link.session.attempt(), 1);
    link.accept(false);
    link.now += 6 * SECOND;
    link.closed(1006);
    assert!(link.session.next_try().unwrap() - link.now <= 2 * SECOND);
}

#[test]
fn trouble_stays_until_a_connection_works() {
    let mut link = Link::new(1);
    link.tell(connect(settings()));
    link.now += 30_000;
    link.closed(1006);
    let trouble = Some(Trouble::NotOpened { after: 30 });
    assert_eq!(link.session.trouble().cloned(), trouble);
    link.wake();
    link.opened();
    assert_eq!(link.session.trouble().cloned(), trouble);
    link.bytes(&connack(false, 0));
    assert_eq!(link.session.trouble(), None);
}
