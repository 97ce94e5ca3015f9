//! One exact topic in the list: that topic's messages, all of them, and no other.

mod wire;

use midge::capture::{Capture, Crossing};
use midge::protocol::{Direction, Version, outline};
use midge::reading::exact_topic;
use wire::{append, publish};

fn cross(capture: &mut Capture, direction: Direction, topic: &str, payload: &str) -> u64 {
    let bytes = publish(topic, payload.as_bytes());
    append(capture, 1, direction, &bytes, false)
}

fn receive(capture: &mut Capture, topic: &str, payload: &str) -> u64 {
    cross(capture, Direction::Incoming, topic, payload)
}

fn shown(capture: &mut Capture, query: &str) -> Vec<u64> {
    capture.set_list_filter(query);
    listed(capture)
}

fn listed(capture: &mut Capture) -> Vec<u64> {
    while capture.work(10_000) {}
    let span = capture.span();
    (span.oldest..span.end)
        .map(|position| capture.listed(position).expect("a message").seq)
        .collect()
}

#[test]
fn a_topic_shows_none_that_begins_like_it_holds_it_or_mentions_it() {
    let mut capture = Capture::new(1);
    let mine = receive(&mut capture, "sensors/1", "21.5");
    for other in [
        "sensors/10",
        "Sensors/1",
        "x/sensors/1",
        "sensors/1/",
        "/sensors/1",
        "sensors/1 ",
        "sensors",
    ] {
        receive(&mut capture, other, "sensors/1");
    }
    let sent = cross(&mut capture, Direction::Outgoing, "sensors/1", "22");
    let again = receive(&mut capture, "sensors/1", "");
    assert_eq!(
        shown(&mut capture, &exact_topic("sensors/1")),
        [mine, sent, again]
    );
}

#[test]
fn topics_of_every_kind_are_found_and_told_apart() {
    let topics = [
        "a b",
        "a  b",
        "a\u{a0}b",
        "a/b",
        "a/b ",
        " a/b",
        "a/b\u{200b}",
        "\u{202e}a/b",
        "a\nb",
        "a\tb",
        "\"a\"",
        "a\\b",
        "a\\\\b",
        "$SYS/x",
        "SYS/x",
        "a//b",
        "/",
        "//",
        "topic:a",
        "溫度",
        "é",
        "e\u{301}",
    ];
    let mut capture = Capture::new(1);
    let seqs: Vec<u64> = topics
        .iter()
        .map(|topic| receive(&mut capture, topic, &topics.concat()))
        .collect();
    for (topic, seq) in topics.iter().zip(seqs) {
        assert_eq!(shown(&mut capture, &exact_topic(topic)), [seq], "{topic:?}");
    }
}

/// A broker that checks less than it should passes wildcards and empty names on.
#[test]
fn a_topic_that_is_none_is_no_filter() {
    let mut capture = Capture::new(1);
    let mut raw = |topic: &str| {
        let mut bytes = vec![0x30, (topic.len() + 3) as u8, 0, topic.len() as u8];
        bytes.extend(topic.as_bytes());
        bytes.push(b'x');
        let mut there = publish("t", b"x");
        // An outline of any message will do: the name is given beside it.
        let outline = outline(&there, Version::V311, Direction::Incoming).expect("a message");
        there.truncate(bytes.len());
        capture.append(Crossing {
            time_us: 1,
            direction: Direction::Incoming,
            version: Version::V311,
            topic: topic.as_bytes(),
            bytes: &bytes,
            outline: &outline,
            repeat: false,
        })
    };
    let (hash, below, empty) = (raw("w/#"), raw("w/x"), raw(""));
    assert_eq!(shown(&mut capture, &exact_topic("w/#")), [hash]);
    assert_eq!(shown(&mut capture, "w/#"), [hash, below]);
    assert_eq!(shown(&mut capture, &exact_topic("")), [empty]);
}

#[test]
fn a_topic_that_found_no_room_is_compared_by_its_name() {
    let mut capture = Capture::new(1);
    capture.set_budget(60_000);
    for number in 0..400 {
        receive(&mut capture, &format!("filler/{number}"), "x");
    }
    let before = capture.counts().beyond_tree;
    let wanted = receive(&mut capture, "late/comer", "1");
    receive(&mut capture, "late/comers", "late/comer");
    assert_eq!(
        capture.counts().beyond_tree,
        before + 2,
        "there was no room"
    );
    assert_eq!(shown(&mut capture, &exact_topic("late/comer")), [wanted]);
}

#[test]
fn messages_that_come_later_are_taken_in_also_after_clearing() {
    let mut capture = Capture::new(1);
    receive(&mut capture, "other", "1");
    assert!(shown(&mut capture, &exact_topic("mine")).is_empty());
    receive(&mut capture, "other", "mine");
    let first = receive(&mut capture, "mine", "1");
    assert_eq!(listed(&mut capture), [first]);
    capture.clear();
    // Another topic has the number now that this one had.
    receive(&mut capture, "one", "mine");
    receive(&mut capture, "two", "mine");
    let second = receive(&mut capture, "mine", "2");
    assert_eq!(listed(&mut capture), [second]);
}

#[test]
fn text_after_the_topic_narrows_it_and_muting_holds_within_it() {
    let mut capture = Capture::new(1);
    receive(&mut capture, "log/a", "all is well");
    let wrong = receive(&mut capture, "log/a", "An ERROR");
    receive(&mut capture, "log/ab", "error");
    assert_eq!(shown(&mut capture, "topic:log/a error"), [wrong]);
    capture.add_filter("log/#");
    capture.mute("log/#", true);
    assert!(listed(&mut capture).is_empty());
}

#[test]
fn among_all_packets_only_messages_have_a_topic() {
    let mut capture = Capture::new(1);
    let pingreq = [0xc0, 0];
    let outline = outline(&pingreq, Version::V311, Direction::Outgoing).expect("a packet");
    let mine = receive(&mut capture, "a", "1");
    capture.append(Crossing {
        time_us: 1,
        direction: Direction::Outgoing,
        version: Version::V311,
        topic: b"",
        bytes: &pingreq,
        outline: &outline,
        repeat: false,
    });
    capture.show_packets(true);
    assert_eq!(shown(&mut capture, &exact_topic("a")), [mine]);
    assert!(shown(&mut capture, &exact_topic("")).is_empty());
    assert_eq!(shown(&mut capture, "").len(), 2);
}

#[test]
fn a_topic_is_looked_for_by_number_so_payloads_cost_nothing() {
    let mut capture = Capture::new(1);
    for _ in 0..100 {
        receive(&mut capture, "hay", &"x".repeat(10_000));
    }
    capture.set_list_filter(&exact_topic("needle"));
    // A hundred packets at 32 bytes each, as the work counts them: not the million bytes that they hold.
    assert!(!capture.work(100 * 32 + 1));
    assert!(capture.span().complete);
}
