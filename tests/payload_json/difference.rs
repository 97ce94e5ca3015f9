//! What changed against the document before.

use midge::payload::{Change, Difference, JsonKind, Layout};
use proptest::prelude::*;

use crate::generated::document;

/// Each line that changed: key and value as shown, and what became of it.
fn changes(before: &str, now: &str) -> Vec<(String, Change)> {
    let mut difference = Difference::from(before.as_bytes()).expect("JSON");
    let mut layout = Layout::default();
    layout.go_on(now.as_bytes(), usize::MAX);
    let text = now.as_bytes();
    let lines = layout.lines().iter();
    lines
        .map(|line| {
            let key = line.shown_key(text).unwrap_or_default();
            let shown = format!("{key}{}", line.shown(text));
            (shown, difference.of(line, text))
        })
        .filter(|(_, change)| *change != Change::None)
        .collect()
}

fn was(shown: &str, before: &str) -> (String, Change) {
    (shown.to_owned(), Change::Was(before.to_owned()))
}

fn new(shown: &str) -> (String, Change) {
    (shown.to_owned(), Change::New)
}

fn gone(bracket: &str, count: usize, keys: &[&str]) -> (String, Change) {
    let keys = keys.iter().map(|&key| key.to_owned()).collect();
    (bracket.to_owned(), Change::Gone(count, keys))
}

#[test]
fn the_same_key_twice_is_compared_with_the_same_of_before() {
    let before = r#"{"PMS5003":{"CF1":1,"CF1":2,"CF1":3}}"#;
    assert_eq!(changes(before, before), []);
    assert_eq!(
        changes(before, r#"{"PMS5003":{"CF1":5,"CF1":2,"CF1":7}}"#),
        [was("\"CF1\"5", "1"), was("\"CF1\"7", "3")]
    );
    assert_eq!(
        changes(before, r#"{"PMS5003":{"CF1":1,"CF1":2,"CF1":3,"CF1":4}}"#),
        [new("\"CF1\"4")]
    );
    assert_eq!(
        changes(before, r#"{"PMS5003":{"CF1":1}}"#),
        [gone("}", 2, &["\"CF1\"", "\"CF1\""])]
    );
    // Each of them by its own path, however deep.
    assert_eq!(
        changes(
            r#"{"a":{"b":1},"a":{"b":2}}"#,
            r#"{"a":{"b":1},"a":{"b":3}}"#
        ),
        [was("\"b\"3", "2")]
    );
}

#[test]
fn keys_may_change_their_order_and_come_and_go() {
    let before = r#"{"a":{"b":[1,2]},"c":"x"}"#;
    assert_eq!(
        changes(before, r#"{"c":"y", "a": {"b": [1, 3], "d": 0}}"#),
        [was("\"c\"\"y\"", "\"x\""), was("3", "2"), new("\"d\"0")]
    );
    assert_eq!(changes(before, r#"{"c":"x"}"#), [gone("}", 1, &["\"a\""])]);
}

#[test]
fn arrays_are_compared_by_position() {
    assert_eq!(
        changes("[1,2,3]", "[2,2]"),
        [was("2", "1"), gone("]", 1, &[])]
    );
    assert_eq!(changes("[1]", "[1,[2,3]]"), [new("[")]);
    assert_eq!(changes("[]", "[1]"), [new("1")]);
}

#[test]
fn another_kind_of_value_says_what_it_was() {
    assert_eq!(
        changes(r#"{"a":{"b":1}}"#, r#"{"a":5}"#),
        [was("\"a\"5", "{…}")]
    );
    assert_eq!(
        changes(r#"{"a":5}"#, r#"{"a":{"b":1}}"#),
        [was("\"a\"{", "5")]
    );
    assert_eq!(
        changes(r#"{"a":[5]}"#, r#"{"a":{"b":1}}"#),
        [was("\"a\"{", "[…]")]
    );
    assert_eq!(
        changes(r#"{"a":[5]}"#, r#"{"a":[]}"#),
        [was("\"a\"[]", "[…]")]
    );
    assert_eq!(
        changes(r#"{"a":{}}"#, r#"{"a":[]}"#),
        [was("\"a\"[]", "{}")]
    );
    assert_eq!(changes("1", "1.0"), [was("1.0", "1")]);
}

#[test]
fn paths_are_not_mistaken_for_one_another() {
    for (before, now) in [
        (r#"{"a.b":1,"a":{"b":2}}"#, r#"{"a":{"b":2},"a.b":1}"#),
        (r#"{"a/b":1,"a":{"/b":2}}"#, r#"{"a":{"/b":2},"a/b":1}"#),
        (r#"{"0":1,"x":[2]}"#, r#"{"x":[2],"0":1}"#),
        (r#"{"":{"":1},"\"":2}"#, r#"{"\"":2,"":{"":1}}"#),
        (r#"{"a\\":1,"a":2}"#, r#"{"a":2,"a\\":1}"#),
    ] {
        assert_eq!(changes(before, now), [], "{before} {now}");
    }
    assert_eq!(
        changes(r#"{"a":{"b":1}}"#, r#"{"a.b":1}"#),
        [new("\"a.b\"1"), gone("}", 1, &["\"a\""])]
    );
    assert_eq!(changes(r#"[{"a":1}]"#, r#"[["a",1]]"#), [was("[", "{…}")]);
}

#[test]
fn a_key_is_the_same_however_it_is_spelt() {
    for (one, other) in [
        (r#""\u0061""#, r#""a""#),
        (r#""\ud83c\udf21""#, "\"\u{1f321}\""),
        (r#""\/\t""#, r#""/\u0009""#),
        (r#""\ud800""#, r#""\uD800""#),
    ] {
        let document = |key: &str, value| format!("{{{key}:{value}}}");
        assert_eq!(
            changes(&document(one, 1), &document(other, 2)),
            [was(&format!("{other}2"), "1")]
        );
    }
    // Half a character is no other half, and not the letter that stands for what is no character.
    for (one, other) in [
        (r#""\ud800""#, r#""\ud801""#),
        (r#""\ud800""#, "\"\u{fffd}\""),
        (r#""\ud800""#, r#""\\ud800""#),
    ] {
        let now = format!("{{{other}:1}}");
        assert_eq!(
            changes(&format!("{{{one}:1}}"), &now),
            [new(&format!("{other}1")), gone("}", 1, &[one])]
        );
    }
}

#[test]
fn a_long_value_is_told_by_its_start() {
    let before = format!("\"{}\"", "溫".repeat(100));
    let (_, change) = changes(&before, "1").remove(0);
    assert_eq!(change, Change::Was(format!("\"{}…", "溫".repeat(39))));
}

#[test]
fn of_a_document_that_is_held_in_part_nothing_is_said_to_be_new_or_gone() {
    let long = |first: u32, more: &str| format!("[{first}{}{more}]", ",0".repeat(30_000));
    assert_eq!(changes(&long(1, ""), &long(2, ",3")), [was("2", "1")]);
    assert_eq!(changes(&long(1, ",3"), "[1]"), []);
}

#[test]
fn what_is_no_json_is_not_compared_with() {
    assert!(Difference::from(b"{").is_none());
    assert!(Difference::from(b"\"\xff\"").is_none());
}

proptest! {
    #[test]
    fn a_document_has_no_difference_from_itself(text in document()) {
        prop_assert_eq!(changes(&text, &text), []);
    }

    #[test]
    fn one_changed_value_is_the_one_difference(text in document(), at in any::<prop::sample::Index>()) {
        let mut layout = Layout::default();
        layout.go_on(text.as_bytes(), usize::MAX);
        let single: Vec<_> = layout
            .lines()
            .iter()
            .filter(|line| matches!(line.kind, JsonKind::String | JsonKind::Number | JsonKind::Word))
            .collect();
        prop_assume!(!single.is_empty());
        let line = at.get(&single);
        let old = &text[line.value.clone()];
        let now = format!("{}\"another\"{}", &text[..line.value.start], &text[line.value.end..]);
        let key = line.shown_key(text.as_bytes()).unwrap_or_default();
        let old = if old.chars().count() > 40 { format!("{}…", old.chars().take(40).collect::<String>()) } else { old.to_owned() };
        prop_assert_eq!(changes(&text, &now), [was(&format!("{key}\"another\""), &old)]);
    }
}
