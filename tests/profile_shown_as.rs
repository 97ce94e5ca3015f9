//! How payloads of a topic are shown: what is kept of it, and what is left out.

use midge::profile::shown_as::{LONGEST, MOST, ShownAs};

#[test]
fn a_choice_is_kept_by_its_topic_until_it_is_taken_back() {
    let mut shown = ShownAs::default();
    shown.choose("a/b", Some("hex"));
    shown.choose("a/c", Some("text"));
    shown.choose("a/b", Some("json"));
    let read = ShownAs::read(&shown.write());
    assert_eq!(read, shown);
    assert_eq!(read.of("a/b"), Some("json"));
    assert_eq!(read.of("a/c"), Some("text"));
    assert_eq!(read.of("a"), None);
    shown.choose("a/b", None);
    assert_eq!(shown.of("a/b"), None);
}

#[test]
fn only_the_latest_are_kept_and_none_that_is_too_long() {
    let mut shown = ShownAs::default();
    for number in 0..=MOST {
        shown.choose(&number.to_string(), Some("hex"));
    }
    assert_eq!(shown.of("0"), None);
    assert_eq!(shown.of("1"), Some("hex"));
    let long = "x".repeat(LONGEST + 1);
    shown.choose(&long, Some("hex"));
    assert_eq!(shown.of(&long), None);
}

#[test]
fn what_is_damaged_is_nothing() {
    for stored in [
        "",
        "[]",
        "{",
        "{\"chosen\":7}",
        "{\"chosen\":[[1,2]]}",
        "[1,[[\"a\",\"hex\"]]]",
    ] {
        assert_eq!(ShownAs::read(stored), ShownAs::default(), "{stored}");
    }
}
