//! Matching beside that of the protocol, and the turns of groups.

use super::*;
use midge::protocol::matches;

const ASKED: Asked = Asked {
    qos: Qos::AtMostOnce,
    no_local: false,
    retain_as_published: false,
    id: 0,
};

fn keys(interest: &mut Interest, topic: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    interest.matching(topic, true, |_, key, _, _| keys.push(key));
    keys.sort_unstable();
    keys
}

const LEVELS: [&str; 7] = ["a", "b", "", "$x", "+", "#", "c"];

/// Every filter and topic of up to four levels of a small alphabet, against the protocol's own matching.
#[test]
fn the_tree_matches_what_the_protocol_matches() {
    let mut filters = vec![];
    let mut topics = vec![];
    for number in 0..7usize.pow(4) {
        let digits = [number % 7, number / 7 % 7, number / 49 % 7, number / 343];
        for len in 1..=4 {
            let text = digits[..len]
                .iter()
                .map(|at| LEVELS[*at])
                .collect::<Vec<_>>()
                .join("/");
            if midge::protocol::check_topic_filter(&text).is_ok() && !filters.contains(&text) {
                filters.push(text.clone());
            }
            if midge::protocol::check_topic_name(&text).is_ok() && !topics.contains(&text) {
                topics.push(text);
            }
        }
    }
    let mut interest = Interest::new(5);
    for (key, filter) in filters.iter().enumerate() {
        interest.add(key as Key, filter, ASKED, true);
    }
    let check = |interest: &mut Interest, from: usize| {
        for topic in topics.iter().step_by(3) {
            let wanted: Vec<Key> = (from..filters.len())
                .filter(|at| matches(&filters[*at], topic))
                .map(|at| at as Key)
                .collect();
            assert_eq!(keys(interest, topic), wanted, "{topic}");
        }
    };
    check(&mut interest, 0);
    let half = filters.len() / 2;
    for (key, filter) in filters.iter().enumerate().take(half) {
        interest.remove(key as Key, filter);
    }
    check(&mut interest, half);
    for (key, filter) in filters.iter().enumerate().skip(half) {
        interest.remove(key as Key, filter);
    }
    assert_eq!((interest.tree.len(), interest.len()), (0, (0, 0)));
}

#[test]
fn a_group_takes_turns_among_those_that_are_there() {
    let mut interest = Interest::new(5);
    for key in 0..3 {
        interest.add(key, "$share/g/a/+", ASKED, key != 1);
    }
    let turns: Vec<_> = (0..4).flat_map(|_| keys(&mut interest, "a/b")).collect();
    assert_eq!(turns, [2, 0, 2, 0]);
    interest.set_live(0, "$share/g/a/+", false);
    interest.set_live(2, "$share/g/a/+", false);
    let turns: Vec<_> = (0..3).flat_map(|_| keys(&mut interest, "a/b")).collect();
    assert_eq!(turns, [1, 2, 0]);
    for key in 0..3 {
        interest.remove(key, "$share/g/a/+");
    }
    assert_eq!((interest.tree.len(), interest.len()), (0, (0, 0)));
}
