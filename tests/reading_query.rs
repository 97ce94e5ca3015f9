//! The query of the list as it is typed, and as Midge writes it.
#![cfg(not(target_arch = "wasm32"))]

use midge::reading::{exact_topic, is_typed, read_query};
use proptest::prelude::*;

fn topic(query: &str) -> Option<String> {
    read_query(query).topic.map(|topic| topic.into_owned())
}

#[test]
fn a_plain_topic_is_written_as_it_is_and_any_other_in_quotes() {
    let written = [
        ("sensors/1", "topic:sensors/1"),
        ("$SYS/broker/uptime", "topic:$SYS/broker/uptime"),
        ("w/#", "topic:w/#"),
        ("w/+/x", "topic:w/+/x"),
        ("a//b/", "topic:a//b/"),
        ("/", "topic:/"),
        ("溫度/實驗室", "topic:溫度/實驗室"),
        ("say\"hi\"", "topic:say\"hi\""),
        ("topic:a", "topic:topic:a"),
        ("", "topic:\"\""),
        ("a b", "topic:\"a b\""),
        (" a", "topic:\" a\""),
        ("a/b ", "topic:\"a/b \""),
        ("\"a\"", "topic:\"\\\"a\\\"\""),
        ("a\\b", "topic:\"a\\\\b\""),
        ("a\nb\r\t", "topic:\"a\\nb\\r\\t\""),
        ("a\u{200b}b", "topic:\"a\\u{200b}b\""),
        ("\u{202e}evil", "topic:\"\\u{202e}evil\""),
        ("a\u{a0}b", "topic:\"a\\u{a0}b\""),
        ("nul\0", "topic:\"nul\\u{0}\""),
        ("tag\u{e0041}", "topic:\"tag\\u{e0041}\""),
    ];
    for (name, query) in written {
        assert_eq!(exact_topic(name), query);
        assert_eq!(topic(query).as_deref(), Some(name), "{query}");
    }
}

#[test]
fn what_is_typed_is_read_before_it_is_finished() {
    assert_eq!(topic("topic:"), None, "nothing is named yet");
    assert_eq!(topic("topic: a"), None);
    assert_eq!(topic("topic:s").as_deref(), Some("s"));
    assert_eq!(topic("topic:\"").as_deref(), Some(""));
    assert_eq!(topic("topic:\"a b").as_deref(), Some("a b"));
    assert_eq!(topic("topic:\"a\\").as_deref(), Some("a\\"));
    assert_eq!(topic("topic:\"a\\u{20").as_deref(), Some("a\\u{20"));
    assert_eq!(topic("topic:\"C:\\dir\"").as_deref(), Some("C:\\dir"));
    assert_eq!(topic("topic:\"\\u{d800}\"").as_deref(), Some("\\u{d800}"));
    assert_eq!(topic("topic:\"\\u{}\"").as_deref(), Some("\\u{}"));
}

#[test]
fn what_follows_is_looked_for_within_the_topic() {
    assert_eq!(read_query("topic:a/b  error").rest, "error");
    assert_eq!(read_query("topic:\"a b\" error x").rest, "error x");
    assert_eq!(read_query("topic:\"a b\"error").rest, "error");
    assert_eq!(read_query("topic:\"a\\\"b\" error").rest, "error");
    assert_eq!(read_query("topic:a ").rest, "");
}

#[test]
fn every_other_text_stays_what_it_was() {
    for text in [
        "",
        "lamp",
        "a/+/b",
        "Topic:a",
        "a topic:b",
        " topic:a",
        "\"a\"",
        "topic",
    ] {
        let query = read_query(text);
        assert_eq!((query.topic, query.rest), (None, text));
    }
}

#[test]
fn only_what_was_typed_is_worth_keeping() {
    for typed in ["lamp", "a/+/b", "topic:a error", "topic:\"a\"", "topic:"] {
        assert!(is_typed(typed), "{typed}");
    }
    for pressed in ["", "  ", "topic:a/b", "topic:\"a b\"", "topic:\"\""] {
        assert!(!is_typed(pressed), "{pressed}");
    }
}

proptest! {
    #[test]
    fn every_topic_is_read_as_it_was_written(name in any::<String>(), more in "[ -~]*") {
        let query = exact_topic(&name);
        prop_assert_eq!(topic(&query), Some(name.clone()));
        prop_assert_eq!(read_query(&query).rest, "");
        // A field holds one line, and nobody has to guess what is in it.
        prop_assert!(!query.chars().any(char::is_control));
        let more = more.trim_start();
        let longer = format!("{query} {more}");
        let read = read_query(&longer);
        prop_assert_eq!(read.topic.as_deref(), Some(name.as_str()));
        prop_assert_eq!(read.rest, more);
    }
}
