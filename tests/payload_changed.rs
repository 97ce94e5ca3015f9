//! What changed between two payloads: every place, in order, bounded.

use midge::payload::{ChangedPlace, changed_bytes, changed_lines};
use proptest::prelude::*;

fn place(before: std::ops::Range<usize>, now: std::ops::Range<usize>) -> ChangedPlace {
    ChangedPlace { before, now }
}

#[test]
fn lines_are_told_where_they_changed_came_and_went() {
    assert_eq!(changed_lines("a\nb\nc\n", "a\nx\nc\n"), [place(1..2, 1..2)]);
    assert_eq!(
        changed_lines("a\nc\n", "a\nb\nc\nd\n"),
        [place(1..1, 1..2), place(2..2, 3..4)]
    );
    assert_eq!(changed_lines("21.5", "21.6"), [place(0..1, 0..1)]);
    assert_eq!(changed_lines("same", "same"), []);
}

#[test]
fn bytes_are_told_by_range() {
    assert_eq!(
        changed_bytes(b"abcdefghij", b"aXcdefghYj"),
        [place(1..2, 1..2), place(8..9, 8..9)]
    );
    // What is near is one.
    assert_eq!(changed_bytes(b"abcdef", b"aXcXef"), [place(1..4, 1..4)]);
    assert_eq!(changed_bytes(b"abcd", b"abXXcd"), [place(2..2, 2..4)]);
    assert_eq!(changed_bytes(b"aaaa", b"aa"), [place(2..4, 2..2)]);
    assert_eq!(changed_bytes(b"", b"x"), [place(0..0, 0..1)]);
    assert_eq!(changed_bytes(b"same", b"same"), []);
}

#[test]
fn places_are_bounded_and_the_last_has_the_rest() {
    let before = vec![0; 10_000];
    let now: Vec<u8> = (0..10_000u32)
        .map(|at| u8::from(at.is_multiple_of(10)))
        .collect();
    let places = changed_bytes(&before, &now);
    assert_eq!(
        (places.len(), places.last().cloned()),
        (200, Some(place(1990..9991, 1990..9991)))
    );
}

proptest! {
    #[test]
    fn what_is_not_told_is_the_same(before in proptest::collection::vec(0u8..3, 0..60), now in proptest::collection::vec(0u8..3, 0..60)) {
        let (mut at, mut other) = (0, 0);
        for place in changed_bytes(&before, &now) {
            prop_assert_eq!(&before[at..place.before.start], &now[other..place.now.start]);
            (at, other) = (place.before.end, place.now.end);
        }
        prop_assert_eq!(&before[at..], &now[other..]);
    }

    #[test]
    fn lines_that_are_not_told_are_the_same(before in "[ab\n]{0,60}", now in "[ab\n]{0,60}") {
        let lines = |text: &str| text.split_inclusive('\n').map(str::to_owned).collect::<Vec<_>>();
        let (first, second) = (lines(&before), lines(&now));
        let (mut at, mut other) = (0, 0);
        for place in changed_lines(&before, &now) {
            prop_assert_eq!(&first[at..place.before.start], &second[other..place.now.start]);
            (at, other) = (place.before.end, place.now.end);
        }
        prop_assert_eq!(&first[at..], &second[other..]);
    }
}
