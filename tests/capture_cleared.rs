//! What was cleared can be brought back: the capture is then as if nothing had been cleared.

mod wire;

use midge::capture::{Capture, Opening};
use midge::protocol::{Direction, Version};
use wire::{append, publish};

const SECOND: u64 = 1_000_000;
const TOPICS: [&str; 4] = ["a/b", "a/c", "d", "d/e/f"];

fn receive(capture: &mut Capture, time_us: u64, topic: &str, payload: &[u8]) -> u64 {
    append(
        capture,
        time_us,
        Direction::Incoming,
        &publish(topic, payload),
        false,
    )
}

fn opening(socket: u32, address: &str) -> Opening<'_> {
    Opening {
        time_us: 1,
        socket,
        address,
        version: Version::V311,
    }
}

/// The nth thing that happens.
fn happen(capture: &mut Capture, nth: u64) {
    let topic = TOPICS[nth as usize % TOPICS.len()];
    match nth % 7 {
        // What is no message.
        3 => {
            append(capture, nth, Direction::Outgoing, &[0xC0, 0], false);
        }
        5 => {
            append(
                capture,
                nth,
                Direction::Outgoing,
                &publish(topic, b"mine"),
                false,
            );
        }
        6 => {
            capture.append_malformed(nth, Direction::Incoming, &[0x3F, 1, 0], Version::V311);
        }
        _ => {
            receive(capture, nth, topic, nth.to_string().as_bytes());
        }
    }
}

/// All that can be seen of it.
fn seen(capture: &mut Capture) -> Vec<String> {
    while capture.work(usize::MAX) {}
    let mut all: Vec<String> = capture
        .packets()
        .map(|packet| {
            let connection = capture.connection(&packet).map(|one| one.address());
            let matching: Vec<_> = capture.matching(&packet).collect();
            format!(
                "{} {} {:?} {} {:?} {:?} {:?} {connection:?} {matching:?} {}",
                packet.seq,
                packet.time_us,
                packet.direction,
                packet.topic(),
                packet.payload(),
                packet.before,
                packet.packet_type,
                packet.malformed,
            )
        })
        .collect();
    let counts = capture.counts();
    all.push(format!(
        "{} {} {} {} {}",
        counts.received, counts.kept, counts.dropped, counts.sent, counts.beyond_tree
    ));
    for row in capture.tree_rows(0, 1000) {
        let latest = capture
            .latest(row.node)
            .map(|packet| packet.payload().to_vec());
        all.push(format!(
            "{} {} {} {latest:?}",
            row.depth, row.name, row.count
        ));
    }
    let span = capture.span();
    for position in span.oldest..span.end {
        let seq = capture.listed(position).map(|packet| packet.seq);
        all.push(format!("{seq:?}"));
    }
    all.push(format!("{:?}", capture.filter_count("a/#")));
    all
}

fn started(filter: &str) -> Capture {
    let mut capture = Capture::new(7);
    capture.begin_connection(opening(1, "ws://one.example/"));
    capture.add_filter("a/#");
    capture.set_list_filter(filter);
    capture
}

#[test]
fn what_was_cleared_and_what_came_since_are_there_as_if_nothing_had_been_cleared() {
    for filter in ["", "a"] {
        for (before, since) in [(0, 0), (0, 20), (20, 0), (1, 1), (50, 70), (200, 3)] {
            let (mut cleared, mut plain) = (started(filter), started(filter));
            for nth in 0..before {
                happen(&mut cleared, nth);
                happen(&mut plain, nth);
            }
            cleared.clear_for_now(before);
            assert_eq!(cleared.counts().received, 0);
            assert_eq!(cleared.packets().count(), 0);
            for nth in before..before + since {
                happen(&mut cleared, nth);
                happen(&mut plain, nth);
            }
            assert_eq!(cleared.bring_back(), before > 0);
            assert_eq!(
                seen(&mut cleared),
                seen(&mut plain),
                "{before}, {since}, {filter:?}"
            );
            // It goes on from there, and there is nothing more to bring back.
            assert!(!cleared.bring_back());
            for nth in 0..10 {
                happen(&mut cleared, nth);
                happen(&mut plain, nth);
            }
            assert_eq!(seen(&mut cleared), seen(&mut plain));
        }
    }
}

#[test]
fn connections_before_and_since_are_told_apart() {
    let mut capture = started("");
    receive(&mut capture, 1, "a/b", b"1");
    capture.begin_connection(opening(2, "ws://two.example/"));
    receive(&mut capture, 2, "a/b", b"2");
    capture.clear_for_now(3);
    receive(&mut capture, 4, "a/b", b"3");
    capture.begin_connection(opening(3, "ws://three.example/"));
    receive(&mut capture, 5, "a/b", b"4");
    assert!(capture.bring_back());
    let of: Vec<_> = capture
        .packets()
        .map(|packet| capture.connection(&packet).expect("known").address())
        .collect();
    assert_eq!(
        of,
        [
            "ws://one.example/",
            "ws://two.example/",
            "ws://two.example/",
            "ws://three.example/"
        ]
    );
}

#[test]
fn half_a_minute_later_it_is_gone() {
    let mut capture = started("");
    receive(&mut capture, 1, "a/b", b"1");
    capture.clear_for_now(SECOND);
    assert_eq!(capture.cleared(), 1);
    let due = capture.measure_at().expect("somebody has to look");
    assert!(due <= 31 * SECOND);
    capture.measure(31 * SECOND - 1);
    assert_eq!(capture.cleared(), 1);
    capture.measure(31 * SECOND);
    assert_eq!(capture.cleared(), 0);
    assert_eq!(capture.measure_at(), None);
    assert!(!capture.bring_back());
    assert_eq!(capture.counts().received, 0);
}

#[test]
fn clearing_again_counts_for_the_latest_alone_and_nothing_is_no_clearing() {
    let mut capture = started("");
    receive(&mut capture, 1, "a/b", b"1");
    capture.clear_for_now(2);
    receive(&mut capture, 3, "d", b"2");
    capture.clear_for_now(4);
    // Nothing was there.
    capture.clear_for_now(5);
    assert!(capture.bring_back());
    let payloads: Vec<_> = capture
        .packets()
        .map(|packet| packet.payload().to_vec())
        .collect();
    assert_eq!(payloads, [b"2"]);
}

#[test]
fn it_takes_no_more_memory_than_all_may_and_the_counts_add_up() {
    const BUDGET: u64 = 64 * 1024;
    for since in [10, 100, 1_000, 3_000] {
        let mut capture = started("");
        capture.set_budget(BUDGET as usize);
        for nth in 0..3_000 {
            receive(&mut capture, nth, "a/b", &[b'7'; 32]);
        }
        capture.clear_for_now(3_000);
        for nth in 0..since {
            receive(&mut capture, 3_000 + nth, "d", &[b'8'; 32]);
            let counts = capture.counts();
            assert!(counts.held_bytes <= BUDGET, "{}", counts.held_bytes);
            assert_eq!(counts.received, counts.kept + counts.dropped);
        }
        let numbers: Vec<_> = capture.packets().map(|packet| packet.seq).collect();
        let back = capture.bring_back();
        // A flood since has pushed it out.
        assert_eq!(back, since < 3_000, "{since}");
        let counts = capture.counts();
        assert_eq!(counts.received, counts.kept + counts.dropped);
        assert_eq!(counts.received, if back { 3_000 + since } else { since });
        assert!(counts.held_bytes <= BUDGET);
        // What came since has the numbers that it had, as far as it is there.
        let after: Vec<_> = capture.packets().map(|packet| packet.seq).collect();
        assert!(
            after.ends_with(&numbers) || numbers.ends_with(&after),
            "{since}"
        );
        for packet in capture.packets() {
            assert_eq!(
                capture.packet(packet.seq).map(|one| one.seq),
                Some(packet.seq)
            );
        }
    }
}

#[test]
fn numbers_of_the_tree_mean_nothing_else_afterwards() {
    let mut capture = started("");
    receive(&mut capture, 1, "old", b"1");
    let old = capture.tree_rows(0, 1)[0].node;
    capture.clear_for_now(2);
    receive(&mut capture, 3, "new", b"2");
    let new = capture.tree_rows(0, 1)[0].node;
    capture.bring_back();
    for node in [old, new] {
        assert!(capture.latest(node).is_none());
    }
    let nodes: Vec<_> = capture.tree_rows(0, 9).iter().map(|row| row.node).collect();
    assert_eq!(nodes.len(), 2);
    assert!(!nodes.contains(&old) && !nodes.contains(&new));
}

#[test]
fn the_search_of_the_tree_holds_for_what_came_back() {
    let mut capture = started("");
    for topic in ["kitchen/temp", "hall/temp", "hall/light"] {
        receive(&mut capture, 1, topic, b"1");
    }
    capture.clear_for_now(2);
    capture.set_tree_search("temp");
    receive(&mut capture, 3, "attic/temp", b"2");
    capture.bring_back();
    while capture.work(usize::MAX) {}
    let names: Vec<_> = capture
        .tree_rows(0, 99)
        .iter()
        .map(|row| row.name.to_owned())
        .collect();
    assert_eq!(names, ["attic", "temp", "hall", "temp", "kitchen", "temp"]);
}
