//! What changed between two payloads, in short.
#![cfg(not(target_arch = "wasm32"))]

use midge::payload::{ChangeInShort, ChangedPart, change_in_short};
use proptest::prelude::*;

fn change(before: &str, now: &str) -> ChangeInShort {
    change_in_short(before.as_bytes(), now.as_bytes())
}

fn part(key: &str, before: Option<&str>, now: Option<&str>) -> ChangedPart {
    ChangedPart {
        key: key.to_owned(),
        before: before.map(str::to_owned),
        now: now.map(str::to_owned),
    }
}

#[test]
fn numbers_change_by_an_exact_number() {
    for (before, now, by) in [
        ("20.5", "21", "+0.5"),
        ("21", "20.5", "-0.5"),
        ("0.1", "0.3", "+0.2"),
        ("-1", "1", "+2"),
        (" 7\n", "7.00", "+0.00"),
        ("1", "1.25", "+0.25"),
    ] {
        assert_eq!(change(before, now), ChangeInShort::Number(by.to_owned()));
    }
    assert_eq!(change("on", "off"), ChangeInShort::Other);
    assert_eq!(change("1", "off"), ChangeInShort::Other);
    assert_eq!(change("on", "on"), ChangeInShort::Same);
}

#[test]
fn values_within_json_are_named() {
    assert_eq!(
        change(r#"{"t":20.5,"u":"C","n":1}"#, r#"{"t":21,"u":"C","n":1}"#),
        ChangeInShort::Json(vec![part("t", Some("20.5"), Some("21"))], 0)
    );
    assert_eq!(
        change(r#"{"a":[1,2,3]}"#, r#"{"a":[1,5,3]}"#),
        ChangeInShort::Json(vec![part("[1]", Some("2"), Some("5"))], 0)
    );
    assert_eq!(
        change(r#"{"a":1}"#, r#"{"a":1,"b":2}"#),
        ChangeInShort::Json(vec![part("b", None, Some("2"))], 0)
    );
    let before = r#"{"a":1,"b":1,"c":1,"d":1,"e":1}"#;
    let now = r#"{"a":2,"b":2,"c":2,"d":2,"e":2}"#;
    let ChangeInShort::Json(named, more) = change(before, now) else {
        panic!("JSON");
    };
    assert_eq!((named.len(), more), (3, 2));
    assert_eq!(change(r#"{"a":1}"#, r#"{"a": 1}"#), ChangeInShort::Other);
    assert_eq!(change(r#"{"a":1}"#, r#"{"a":"#), ChangeInShort::Other);
}

proptest! {
    #[test]
    fn any_bytes_are_compared(before in prop::collection::vec(any::<u8>(), 0..60), now in "\\PC{0,40}") {
        let same = change_in_short(&before, now.as_bytes()) == ChangeInShort::Same;
        prop_assert_eq!(same, before == now.as_bytes());
    }

    #[test]
    fn differences_of_whole_numbers_are_theirs(before in -1_000_000_000i64..1_000_000_000, by in -1_000_000_000i64..1_000_000_000) {
        prop_assume!(by != 0);
        let said = change(&before.to_string(), &(before + by).to_string());
        prop_assert_eq!(said, ChangeInShort::Number(format!("{by:+}")));
    }
}
