//! Changing what is stored: each change is made in what is there, so that another tab's work stays, and so does whatever
//! this version cannot read.

use midge::profile::{
    saved::{Saved, SavedConnection},
    stored::{Change, Unchanged, change, readable},
};
use midge::protocol::Version;
use proptest::prelude::*;

fn connection(name: &str, address: &str) -> SavedConnection {
    let stored = format!(
        r#"{{"connections":[{{"name":{},"address":{}}}]}}"#,
        serde_json::to_string(name).expect("text"),
        serde_json::to_string(address).expect("text")
    );
    let saved = Saved::read(&stored);
    saved.connections.into_iter().next().expect("a connection")
}

fn changed(stored: &str, one: Change) -> String {
    change(Some(stored), one).expect("there is something to change")
}

fn names(stored: &str) -> Vec<String> {
    let saved = Saved::read(stored);
    saved.connections.into_iter().map(|one| one.name).collect()
}

#[test]
fn two_tabs_lose_nothing_to_each_other() {
    // Both began with nothing. A saves; B, which knows nothing of it, connects, and saves; A saves again.
    let stored = change(None, Change::Put(&connection("one", "ws://1"))).expect("new");
    let stored = changed(&stored, Change::Last(&connection("x", "ws://b")));
    assert_eq!(names(&stored), ["one"]);
    let stored = changed(&stored, Change::Put(&connection("two", "ws://2")));
    let stored = changed(&stored, Change::Put(&connection("three", "ws://3")));
    assert_eq!(names(&stored), ["one", "two", "three"]);
    // What one removes stays removed, whatever the other does then.
    let stored = changed(&stored, Change::Remove("two"));
    let stored = changed(&stored, Change::Found("ws://1", Version::V311));
    let stored = changed(&stored, Change::Last(&connection("x", "ws://1")));
    assert_eq!(names(&stored), ["one", "three"]);
}

const LATER: &str = r#"{ "version": 99, "theme": {"a": [1.50, 1e400]}, "connections": [ 5,
    {"name":"half"}, {"name":"odd","address":"ws://odd","keep_alive":"soon"},
    {"name":"new","address":"ws://new","version":"6","tunnel":{"x":1},"properties":{"receive_maximum":7,"colour":"red"}},
    {"name":"plain","address":"ws://plain"} ], "last": {"address":"ws://last","tunnel":2}, "after": null }"#;

/// Whatever is done to others, these stay byte for byte.
const KEPT: [&str; 6] = [
    r#""theme":{"a": [1.50, 1e400]}"#,
    r#""version":99"#,
    r#""after":null"#,
    r#"[5,{"name":"half"},{"name":"odd","address":"ws://odd","keep_alive":"soon"}"#,
    r#""tunnel":{"x":1}"#,
    r#""colour":"red""#,
];

#[test]
fn what_a_later_version_wrote_stays() {
    for one in [
        Change::Put(&connection("another", "ws://another")),
        Change::Put(&connection("plain", "ws://changed")),
        Change::Put(&connection("new", "ws://changed")),
        Change::Remove("plain"),
        Change::Last(&connection("x", "ws://x")),
        Change::Last(&connection("x", "ws://last")),
        Change::Found("ws://plain", Version::V31),
    ] {
        let stored = changed(LATER, one);
        for kept in KEPT {
            assert!(stored.contains(kept), "{one:?}: {kept} in {stored}");
        }
    }
    // What is known of an entry is changed, and what is not known of it stays.
    let stored = changed(LATER, Change::Put(&connection("new", "ws://changed")));
    assert!(stored.contains("ws://changed") && !stored.contains("ws://new"));
    // Of the last connection the rest stays only where it is the same.
    let tunnel = r#""tunnel":2"#;
    assert!(changed(LATER, Change::Last(&connection("x", "ws://last"))).contains(tunnel));
    assert!(!changed(LATER, Change::Last(&connection("x", "ws://x"))).contains(tunnel));
}

#[test]
fn an_entry_that_cannot_be_read_is_neither_replaced_nor_removed() {
    let stored = changed(LATER, Change::Put(&connection("odd", "ws://mine")));
    assert!(stored.contains(r#""keep_alive":"soon""#));
    assert_eq!(names(&stored), ["new", "plain", "odd"]);
    let stored = changed(&stored, Change::Remove("odd"));
    assert!(stored.contains(r#""keep_alive":"soon""#));
    assert_eq!(names(&stored), ["new", "plain"]);
    assert_eq!(
        change(Some(&stored), Change::Remove("odd")),
        Err(Unchanged::Already)
    );
}

#[test]
fn a_document_that_cannot_be_read_is_not_written_over() {
    let one = connection("a", "ws://h");
    for damaged in [
        r#"{"version":1,"connections":[{"na"#,
        r#"[1,null,{"connections":{}}]"#,
        r#"{"connections":{}}"#,
        r#"{"version":2,"connections":"x"}"#,
        "x",
        "7",
    ] {
        for change_of_it in [Change::Put(&one), Change::Last(&one), Change::Remove("a")] {
            assert_eq!(
                change(Some(damaged), change_of_it),
                Err(Unchanged::Unreadable),
                "{damaged}"
            );
        }
    }
    let later = r#"{"version":3,"connections":{"a":{}}}"#;
    assert_eq!(
        change(Some(later), Change::Put(&one)),
        Err(Unchanged::Later)
    );
    for empty in [
        "",
        " ",
        "{}",
        r#"{"connections":null}"#,
        r#"{"connections":[]}"#,
    ] {
        assert_eq!(readable(empty), Ok(()));
        assert_eq!(names(&changed(empty, Change::Put(&one))), ["a"]);
    }
}

#[test]
fn secrets_that_were_stored_unasked_go() {
    let stored = r#"{"version":2,"connections":[{"name":"a","address":"wss://h/?token=kept"}],
        "last":{"address":"wss://h/mqtt?x=1&X-Amz-Signature=abc","more_addresses":["wss://i?jwt=x"],"new":1}}"#;
    let tidy = changed(stored, Change::Tidy);
    assert!(!tidy.contains("abc") && !tidy.contains("jwt=x"), "{tidy}");
    assert!(tidy.contains("wss://h/?token=kept"), "saved by name");
    assert!(tidy.contains(r#""new":1"#));
    let last = Saved::read(&tidy).last.expect("the last one");
    assert_eq!(last.address, "wss://h/mqtt?x=1");
    assert_eq!(last.left_out, ["X-Amz-Signature", "jwt"]);
    assert_eq!(change(Some(&tidy), Change::Tidy), Err(Unchanged::Already));
    assert_eq!(change(None, Change::Tidy), Err(Unchanged::Already));
}

#[test]
fn a_secret_is_stored_when_it_is_asked_for() {
    let mut one = connection("a", "wss://h/mqtt?token=abc");
    let plain = one.clone().to_keep();
    assert_eq!(
        (plain.address.as_str(), plain.left_out.len()),
        ("wss://h/mqtt", 1)
    );
    one.with_secrets = true;
    assert_eq!(one.clone().to_keep(), one);
    let stored = change(None, Change::Last(&one)).expect("new");
    assert_eq!(Saved::read(&stored).last, Some(one));
}

proptest! {
    #[test]
    fn no_two_tabs_lose_what_the_other_did(acts in prop::collection::vec((0usize..2, 0u8..3, 0u8..6), 0..40)) {
        // What the user did last with each name counts, in whichever tab.
        let mut wanted = std::collections::BTreeSet::new();
        let mut stored = String::new();
        for (tab, act, name) in acts {
            let name = name.to_string();
            let one = connection(&name, &format!("ws://tab{tab}"));
            let done = match act {
                0 => {
                    wanted.insert(name.clone());
                    change(Some(&stored), Change::Put(&one))
                }
                1 => {
                    wanted.remove(&name);
                    change(Some(&stored), Change::Remove(&name))
                }
                _ => change(Some(&stored), Change::Last(&one)),
            };
            stored = done.unwrap_or(stored);
        }
        let mut found = names(&stored);
        found.sort();
        prop_assert_eq!(found, wanted.into_iter().collect::<Vec<_>>());
    }
}
