//! What was typed before: the latest first, each once, bounded, and no storage makes it panic.
#![cfg(not(target_arch = "wasm32"))]

use midge::profile::typed_before::{LONGEST, MOST, TypedBefore};
use proptest::prelude::*;

fn noted(texts: &[&str]) -> TypedBefore {
    let mut typed = TypedBefore::default();
    for text in texts {
        typed.note(text);
    }
    typed
}

#[test]
fn the_latest_comes_first_and_each_once() {
    let mut typed = noted(&["a", "b", "a", "c"]);
    assert_eq!(typed.texts, ["c", "a", "b"]);
    assert!(!typed.note("c"), "nothing to store");
    assert!(typed.note("b"));
    assert_eq!(typed.texts, ["b", "c", "a"]);
    assert_eq!(TypedBefore::read(&typed.write()), typed);
}

#[test]
fn nothing_and_what_is_too_long_or_too_much_is_not_kept() {
    let mut typed = TypedBefore::default();
    assert!(!typed.note(""));
    assert!(!typed.note(" \n"));
    assert!(!typed.note(&"x".repeat(LONGEST + 1)));
    for number in 0..1_000 {
        typed.note(&number.to_string());
    }
    assert_eq!(typed.texts.len(), MOST);
    assert_eq!(typed.texts.first().map(String::as_str), Some("999"));
}

#[test]
fn what_is_damaged_is_left_out() {
    for stored in ["", "[]", "7", r#"{"texts":7}"#, r#"{"texts":{"a":1}}"#] {
        assert_eq!(
            TypedBefore::read(stored),
            TypedBefore::default(),
            "{stored}"
        );
    }
    let read =
        TypedBefore::read(r#"{"version":9,"texts":["a",5,null,["b"],"c","a",""],"later":1}"#);
    assert_eq!(read.texts, ["a", "c"]);
}

proptest! {
    #[test]
    fn no_storage_makes_it_panic(stored: String) {
        TypedBefore::read(&stored);
    }

    #[test]
    fn what_is_written_is_read_back(texts in prop::collection::vec(".{1,20}", 0..60)) {
        let mut typed = TypedBefore::default();
        for text in &texts {
            typed.note(text);
        }
        prop_assert_eq!(TypedBefore::read(&typed.write()), typed);
    }
}
