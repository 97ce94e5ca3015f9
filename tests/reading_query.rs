//! The query of the list as it is typed, and as Midge writes it.
#![cfg(not(target_arch = "wasm32"))]

use midge::{
    protocol::{PacketType, Qos},
    reading::{
        Compare, JsonPath, Query, Span, Term, Value, Wanted, WhyNot, exact_topic, is_typed,
        read_query,
    },
};
use proptest::prelude::*;

fn wanted(query: &str) -> Vec<Wanted> {
    let read = read_query(query).unwrap_or_else(|fault| panic!("{query}: {fault:?}"));
    read.terms.into_iter().map(|term| term.wanted).collect()
}

fn topic(query: &str) -> Option<String> {
    match wanted(query).into_iter().next()? {
        Wanted::Topic(topic) => Some(topic),
        _ => None,
    }
}

fn text(words: &str) -> Wanted {
    Wanted::Text(words.to_owned())
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
fn text_to_search_for_is_put_in_lower_case_and_names_are_not() {
    let query = read_query("Lamp topic:A prop:B=C $.D~\"Ä\" $.E=\"F\"").unwrap();
    let json = |path: &str, test| Wanted::Json {
        path: JsonPath::read(&mut &*path).unwrap(),
        test: Some(test),
    };
    let wanted: Vec<_> = query
        .in_lower_case()
        .terms
        .into_iter()
        .map(|term| term.wanted)
        .collect();
    assert_eq!(
        wanted,
        [
            text("lamp"),
            Wanted::Topic("A".to_owned()),
            Wanted::Property {
                name: "B".to_owned(),
                value: Some("C".to_owned()),
            },
            json("$.D", (Compare::Contains, Value::Text("ä".to_owned()))),
            json("$.E", (Compare::Equal, Value::Text("F".to_owned()))),
        ]
    );
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
    for unfinished in [
        "qos:", "size", "since:", "type:", "id:", "prop:", "sub:", "code:", "filter:",
    ] {
        assert_eq!(wanted(unfinished), [text(unfinished)]);
    }
    assert_eq!(wanted("\"half a w"), [text("half a w")]);
}

#[test]
fn every_term_is_read() {
    let path = |mut text: &str| JsonPath::read(&mut text).unwrap();
    let json = |at: &str, test| Wanted::Json {
        path: path(at),
        test,
    };
    let property = |name: &str, value: Option<&str>| Wanted::Property {
        name: name.to_owned(),
        value: value.map(str::to_owned),
    };
    let read: Vec<(&str, Wanted)> = vec![
        ("Lamp", text("Lamp")),
        ("\"Two Words\"", text("Two Words")),
        ("\"retained\"", text("retained")),
        ("00:15:8d", text("00:15:8d")),
        ("size", text("size")),
        ("Topic:a", text("Topic:a")),
        ("a/+/b", Wanted::Filter("a/+/b".to_owned())),
        ("#", Wanted::Filter("#".to_owned())),
        ("a#", text("a#")),
        ("1+1", text("1+1")),
        ("sub:a", Wanted::Through("a".to_owned())),
        ("qos:2", Wanted::Qos(Qos::ExactlyOnce)),
        ("retained", Wanted::Retained),
        ("dup", Wanted::Dup),
        ("sent", Wanted::Sent),
        ("received", Wanted::Received),
        ("size>1k", Wanted::Size(Compare::Greater, 1024)),
        ("size <= 5", text("size")),
        ("size<=5MB", Wanted::Size(Compare::AtMost, 5 << 20)),
        ("size= 0", Wanted::Size(Compare::Equal, 0)),
        ("size!=1b", Wanted::Size(Compare::NotEqual, 1)),
        ("since:10s", Wanted::Since(10_000_000)),
        ("since:250ms", Wanted::Since(250_000)),
        ("since:2h", Wanted::Since(7_200_000_000)),
        (
            "at:10:00:00..10:01:00",
            Wanted::At(Span::read("10:00:00..10:01:00").unwrap()),
        ),
        ("at:..09:30", Wanted::At(Span::read("..09:30").unwrap())),
        ("type:puback", Wanted::Type(PacketType::Puback)),
        ("type:PINGREQ", Wanted::Type(PacketType::Pingreq)),
        ("id:17", Wanted::Id(17)),
        ("code:0x87", Wanted::Code(0x87)),
        ("code:5", Wanted::Code(5)),
        ("code:refused", Wanted::Refused),
        ("filter:a/+", Wanted::Names("a/+".to_owned())),
        ("$SYS", text("$SYS")),
        (
            "$ <= 99",
            json("$", Some((Compare::AtMost, Value::Number("99".to_owned())))),
        ),
        ("prop:unit", property("unit", None)),
        ("prop:unit=", property("unit", Some(""))),
        ("prop:\"my unit\"=\"a b\"", property("my unit", Some("a b"))),
        ("$.temp", json("$.temp", None)),
        (
            "$.temp > 23",
            json(
                "$.temp",
                Some((Compare::Greater, Value::Number("23".to_owned()))),
            ),
        ),
        (
            "$.temp>=-2.5e1",
            json(
                "$.temp",
                Some((Compare::AtLeast, Value::Number("-2.5e1".to_owned()))),
            ),
        ),
        (
            "$.device ~ \"my lab\"",
            json(
                "$.device",
                Some((Compare::Contains, Value::Text("my lab".to_owned()))),
            ),
        ),
        (
            "$.items[*].id = 4",
            json(
                "$.items[*].id",
                Some((Compare::Equal, Value::Number("4".to_owned()))),
            ),
        ),
        (
            "$[\"a b\"][0].*=on",
            json(
                "$[\"a b\"][0].*",
                Some((Compare::Equal, Value::Text("on".to_owned()))),
            ),
        ),
        (
            "$.on == true",
            json("$.on", Some((Compare::Equal, Value::Word("true")))),
        ),
    ];
    for (query, first) in read {
        assert_eq!(wanted(query).first(), Some(&first), "{query}");
    }
}

#[test]
fn terms_stand_side_by_side_and_a_minus_negates() {
    let term = |negated: bool, wanted: Wanted| Term { negated, wanted };
    let query = read_query("  topic:\"a b\"error -retained - -\"no way\"  $.x -$.y=1 ").unwrap();
    let path = |mut text: &str| JsonPath::read(&mut text).unwrap();
    assert_eq!(
        query,
        Query {
            terms: vec![
                term(false, Wanted::Topic("a b".to_owned())),
                term(false, text("error")),
                term(true, Wanted::Retained),
                term(false, text("-")),
                term(true, text("no way")),
                term(
                    false,
                    Wanted::Json {
                        path: path("$.x"),
                        test: None
                    }
                ),
                term(
                    true,
                    Wanted::Json {
                        path: path("$.y"),
                        test: Some((Compare::Equal, Value::Number("1".to_owned())))
                    }
                ),
            ]
        }
    );
    assert_eq!(read_query("   "), Ok(Query::default()));
}

#[test]
fn a_fault_names_its_character() {
    let many = "a ".repeat(33);
    let deep = format!("${}", ".a".repeat(33));
    let faults = [
        ("qos:3", 4, WhyNot::Qos),
        ("溫度 qos:x", 7, WhyNot::Qos),
        ("size>much", 5, WhyNot::Size),
        ("size>", 5, WhyNot::Size),
        ("size=!5", 5, WhyNot::Size),
        ("size!5", 4, WhyNot::Size),
        ("size>99999999999999999m", 5, WhyNot::Size),
        ("since:10", 6, WhyNot::Since),
        ("a -since:1s", 2, WhyNot::SinceNegated),
        ("at:10", 3, WhyNot::At),
        ("a at:10:00..9", 5, WhyNot::At),
        ("type:pong", 5, WhyNot::Type),
        ("code:256", 5, WhyNot::Code),
        ("code:0x", 5, WhyNot::Code),
        ("a filter:a#", 9, WhyNot::Filter),
        ("id:0", 3, WhyNot::Id),
        ("id:65536", 3, WhyNot::Id),
        ("sub:a/#/b", 4, WhyNot::Filter),
        ("prop:=x", 5, WhyNot::Property),
        ("$.", 2, WhyNot::Step),
        ("$.a..b", 4, WhyNot::Step),
        ("$[x]", 2, WhyNot::Step),
        ("$.a >", 5, WhyNot::Value),
        (&many, 64, WhyNot::TooManyTerms),
        (&deep, 65, WhyNot::TooManySteps),
    ];
    for (query, at, why) in faults {
        let fault = read_query(query).expect_err(query);
        assert_eq!((fault.at, fault.why), (at, why), "{query}");
    }
}

#[test]
fn only_what_was_typed_is_worth_keeping() {
    for typed in [
        "lamp",
        "a/+/b",
        "topic:a error",
        "topic:\"a\"",
        "topic:",
        "-topic:a",
        "qos:7",
    ] {
        assert!(is_typed(typed), "{typed}");
    }
    for pressed in ["", "  ", "topic:a/b", "topic:\"a b\"", "topic:\"\""] {
        assert!(!is_typed(pressed), "{pressed}");
    }
}

proptest! {
    #[test]
    fn every_topic_is_read_as_it_was_written(name in any::<String>(), more in "[a-z ]*") {
        let query = exact_topic(&name);
        prop_assert_eq!(topic(&query), Some(name.clone()));
        prop_assert_eq!(wanted(&query).len(), 1);
        // A field holds one line, and nobody has to guess what is in it.
        prop_assert!(!query.chars().any(char::is_control));
        let read = wanted(&format!("{query} {more}"));
        prop_assert_eq!(read.first(), Some(&Wanted::Topic(name)));
        prop_assert_eq!(read.len(), 1 + more.split_whitespace().count());
    }

    #[test]
    fn whatever_is_typed_is_read_or_refused_with_a_place_in_it(query in "([a-z$.\\[\\]\"=<>~!+#/: -]|qos:|size|\\$\\.|[^a])*") {
        if let Err(fault) = read_query(&query) {
            prop_assert!(fault.at <= query.chars().count());
        }
    }
}
