//! What the capture promises whatever is appended: received = kept + dropped, exact bytes, and the same list as a
//! plain model of it.

mod capture_model;
mod wire;

use capture_model::{Model, Step};
use midge::capture::Capture;
use midge::protocol::{Direction, Version};
use proptest::prelude::*;
use wire::{append, publish};

const TOPICS: [&str; 6] = [
    "a",
    "a/b",
    "a/b/c",
    "sensors/kitchen/temp",
    "sensors/hall/temp",
    "$SYS/uptime",
];
const FILTERS: [&str; 5] = ["#", "a/#", "sensors/+/temp", "a", "+/b"];
const LIST_FILTERS: [&str; 7] = ["", "kitchen", "a/+", "XY", "sensors/#", "é", "#"];

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        30 => (0..TOPICS.len(), any::<[bool; 2]>(), 0usize..400, any::<u8>()).prop_map(|(topic, [incoming, aliased], size, fill)| {
            let mut payload = vec![b'a' + fill % 26; size];
            if fill % 7 == 0 { payload.extend("xyÉ".as_bytes()); }
            Step::Message { topic: TOPICS[topic].to_owned(), incoming, payload, repeat: fill % 11 == 0, aliased }
        }),
        3 => Just(Step::Control),
        1 => (0usize..20_000).prop_map(|size| Step::Message {
            topic: "large".to_owned(), incoming: true, payload: vec![7; size], repeat: false, aliased: false
        }),
        1 => (0usize..40_000).prop_map(Step::Budget),
        1 => Just(Step::Clear),
        2 => (0..FILTERS.len()).prop_map(|filter| Step::Subscribe(FILTERS[filter].to_owned())),
        1 => (0..FILTERS.len()).prop_map(|filter| Step::Unsubscribe(FILTERS[filter].to_owned())),
        2 => (0..FILTERS.len(), any::<bool>()).prop_map(|(filter, muted)| Step::Mute(FILTERS[filter].to_owned(), muted)),
        2 => (0..LIST_FILTERS.len()).prop_map(|filter| Step::Filter(LIST_FILTERS[filter].to_owned())),
        3 => (0usize..2000).prop_map(Step::Work),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_capture_agrees_with_a_plain_model(steps in prop::collection::vec(step(), 1..250)) {
        let mut model = Model::new(20_000);
        for step in steps {
            model.apply(step);
            model.check_counts();
        }
        model.check_everything();
    }
}

#[test]
fn numbers_are_never_used_twice_and_survive_clearing() {
    let mut capture = Capture::new(1);
    let bytes = publish("a", b"x");
    assert_eq!(
        append(&mut capture, 1, Direction::Incoming, &bytes, false),
        0
    );
    assert_eq!(
        append(&mut capture, 2, Direction::Incoming, &bytes, false),
        1
    );
    capture.clear();
    assert_eq!(
        append(&mut capture, 3, Direction::Incoming, &bytes, false),
        2
    );
    assert!(capture.packet(1).is_none());
    assert_eq!((capture.span().oldest, capture.span().end), (2, 3));
    assert_eq!(capture.counts().received, 1);
}

#[test]
fn the_newest_packet_stays_however_large() {
    let mut capture = Capture::new(1);
    capture.set_budget(10_000);
    let small = publish("a", b"x");
    let large = publish("a", &vec![1; 500_000]);
    for bytes in [&small, &small, &large] {
        append(&mut capture, 1, Direction::Incoming, bytes, false);
    }
    let counts = capture.counts();
    assert_eq!((counts.received, counts.kept, counts.dropped), (3, 1, 2));
    assert_eq!(capture.packet(2).unwrap().bytes_with_secrets(), large);
    append(&mut capture, 1, Direction::Incoming, &small, false);
    assert_eq!(capture.counts().dropped, 3);
}

#[test]
fn what_broke_the_protocol_is_kept_and_counts_as_no_message() {
    let mut capture = Capture::new(1);
    let seq = capture.append_malformed(5, Direction::Incoming, &[0x3f, 0x01], Version::V5);
    let packet = capture.packet(seq).unwrap();
    assert!(packet.malformed && !packet.is_message());
    assert_eq!(packet.bytes_with_secrets(), [0x3f, 0x01]);
    assert_eq!(capture.counts().received, 0);
    assert_eq!(capture.span().end, 0);
    capture.append_malformed(5, Direction::Incoming, &[], Version::V5);
}

#[test]
fn latest_and_retained_message_of_a_topic_survive_eviction() {
    let mut capture = Capture::new(1);
    capture.set_budget(60_000);
    let mut retained = publish("quiet", b"kept by the broker");
    retained[0] |= 1;
    let last = publish("quiet", b"the last");
    for bytes in [&retained, &last] {
        append(&mut capture, 1, Direction::Incoming, bytes, false);
    }
    let noise = publish("noise", &[0; 500]);
    for _ in 0..1000 {
        append(&mut capture, 2, Direction::Incoming, &noise, false);
    }
    assert!(capture.packet(0).is_none() && capture.packet(1).is_none());
    let node = capture
        .tree_rows(0, 10)
        .iter()
        .find(|row| row.name == "quiet")
        .map(|row| row.node)
        .unwrap();
    assert_eq!(capture.latest(node).unwrap().payload(), b"the last");
    assert_eq!(
        capture.latest_retained(node).unwrap().payload(),
        b"kept by the broker"
    );
    assert_eq!(capture.latest(node).unwrap().seq, 1);
    let counts = capture.counts();
    assert!(counts.held_bytes <= 60_000, "{counts:?}");
}

#[test]
fn a_flood_of_topics_stays_within_the_budget_and_is_still_listed() {
    let mut capture = Capture::new(1);
    capture.set_budget(200_000);
    capture.add_filter("flood/#");
    for number in 0..5000 {
        let bytes = publish(&format!("flood/{number}/deep/below"), b"x");
        append(&mut capture, 1, Direction::Incoming, &bytes, false);
    }
    let counts = capture.counts();
    assert!(
        counts.beyond_tree > 0 && counts.held_bytes <= 200_000,
        "{counts:?}"
    );
    assert_eq!(u64::from(capture.tree_size().0) + counts.beyond_tree, 5000);
    assert_eq!(capture.filter_count("flood/#").0, 5000);
    let span = capture.span();
    let newest = capture.listed(span.end - 1).unwrap();
    assert_eq!(newest.topic(), "flood/4999/deep/below");
    assert_eq!(capture.matching(&newest).collect::<Vec<_>>(), [0]);
    capture.set_list_filter("flood/4999/#");
    while capture.work(1000) {}
    assert_eq!(capture.span().end - capture.span().oldest, 1);
}
