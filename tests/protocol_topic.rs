//! Topic names and filters: what is allowed, with the rule and level of what is not, and what matches.

use midge::protocol::{FilterFault, TopicFault, check_topic_filter, check_topic_name, matches};
use proptest::prelude::*;

/// MQTT 3.1.1 [MQTT-4.7.3-1], [MQTT-4.7.3-2], [MQTT-4.7.3-3], [MQTT-3.3.2-2]
/// MQTT 5 [MQTT-3.3.2-2], [MQTT-4.7.0-1], [MQTT-4.7.3-1], [MQTT-4.7.3-2], [MQTT-4.7.3-3]
#[test]
fn topic_names_are_refused_with_their_rule_and_level() {
    for name in [
        "a",
        "/",
        "//",
        "a/b",
        "/finance",
        "a//b",
        "ACCOUNTS",
        "Accounts payable",
        "$SYS/x",
        "溫度/客廳",
        " ",
    ] {
        assert_eq!(check_topic_name(name), Ok(()), "{name}");
    }
    for (name, fault) in [
        ("", TopicFault::Empty),
        ("a\0b", TopicFault::Nul),
        ("#", TopicFault::Wildcard { level: 0 }),
        ("a/b/#", TopicFault::Wildcard { level: 2 }),
        ("/+", TopicFault::Wildcard { level: 1 }),
        ("溫/度+", TopicFault::Wildcard { level: 1 }),
        ("a/b#c/\0", TopicFault::Wildcard { level: 1 }),
    ] {
        assert_eq!(check_topic_name(name), Err(fault), "{name:?}");
        assert!(fault.clause().contains("[MQTT-"), "{fault}");
    }
}

/// MQTT 3.1.1 [MQTT-4.7.3-3]
/// MQTT 5 [MQTT-4.7.3-3]
#[test]
fn a_text_of_65_535_bytes_is_the_longest() {
    let longest = "溫".repeat(21_845);
    assert_eq!(longest.len(), 65_535);
    assert_eq!(check_topic_name(&longest), Ok(()));
    assert_eq!(check_topic_filter(&longest), Ok(()));
    let longer = format!("{longest}a");
    assert_eq!(check_topic_name(&longer), Err(TopicFault::TooLong));
    assert_eq!(check_topic_filter(&longer), Err(FilterFault::TooLong));
}

/// MQTT 3.1.1 [MQTT-4.7.1-1], [MQTT-4.7.1-2], [MQTT-4.7.1-3]
/// MQTT 5 [MQTT-4.7.1-1], [MQTT-4.7.1-2], [MQTT-4.8.2-1], [MQTT-4.8.2-2]
#[test]
fn topic_filters_are_refused_with_their_rule_and_level() {
    // The examples of sections 4.7.1.2 and 4.7.1.3, and more.
    for filter in [
        "#",
        "+",
        "sport/tennis/#",
        "+/tennis/#",
        "sport/+/player1",
        "/+",
        "+/+",
        "+/",
        "//",
        "/#",
        "$SYS/#",
        "$share",
        "a$share/",
        "溫度/+/#",
        "$share/g/#",
        "$share/g/+/x",
        "$share/g//",
    ] {
        assert_eq!(check_topic_filter(filter), Ok(()), "{filter}");
    }
    for (filter, fault) in [
        ("", FilterFault::Empty),
        ("a/\0", FilterFault::Nul),
        ("sport/tennis#", FilterFault::HashNotAlone { level: 1 }),
        ("#a", FilterFault::HashNotAlone { level: 0 }),
        ("##", FilterFault::HashNotAlone { level: 0 }),
        ("a/+#", FilterFault::HashNotAlone { level: 1 }),
        (
            "sport/tennis/#/ranking",
            FilterFault::HashNotLast { level: 2 },
        ),
        ("#/", FilterFault::HashNotLast { level: 0 }),
        ("#/#", FilterFault::HashNotLast { level: 0 }),
        ("sport+", FilterFault::PlusNotAlone { level: 0 }),
        ("a/b/++", FilterFault::PlusNotAlone { level: 2 }),
        ("/溫+/a", FilterFault::PlusNotAlone { level: 1 }),
        ("$share/", FilterFault::ShareGroupEmpty),
        ("$share//a", FilterFault::ShareGroupEmpty),
        ("$share/+/a", FilterFault::ShareGroupWildcard),
        ("$share/g#/a", FilterFault::ShareGroupWildcard),
        ("$share/g", FilterFault::ShareFilterEmpty),
        ("$share/g/", FilterFault::ShareFilterEmpty),
        ("$share/g/a+", FilterFault::PlusNotAlone { level: 2 }),
        ("$share/g/a/#/b", FilterFault::HashNotLast { level: 3 }),
    ] {
        assert_eq!(check_topic_filter(filter), Err(fault), "{filter:?}");
        assert!(fault.clause().contains("[MQTT-"), "{fault}");
    }
    assert_eq!(FilterFault::HashNotLast { level: 3 }.level(), Some(3));
    assert_eq!(FilterFault::Empty.level(), None);
}

/// MQTT 3.1.1 [MQTT-4.7.1-2], [MQTT-4.7.1-3], [MQTT-4.7.2-1], [MQTT-4.7.3-4]
/// MQTT 5 [MQTT-4.7.1-1], [MQTT-4.7.1-2], [MQTT-4.7.2-1], [MQTT-4.7.3-4]
#[test]
fn filters_take_exactly_what_section_4_7_says() {
    for (filter, taken, left) in [
        // 4.7.1.2
        (
            "sport/tennis/player1/#",
            &[
                "sport/tennis/player1",
                "sport/tennis/player1/ranking",
                "sport/tennis/player1/score/wimbledon",
            ][..],
            &[
                "sport/tennis/player",
                "sport/tennis/player10",
                "sport/tennis",
                "Sport/tennis/player1",
            ][..],
        ),
        (
            "sport/#",
            &["sport", "sport/", "sport/tennis", "sport//x"],
            &["sports", "a/sport", "/sport"],
        ),
        (
            "#",
            &["a", "/", "a/b/c", "/finance", "溫度", "a$b"],
            &["$SYS", "$SYS/x", "$"],
        ),
        // 4.7.1.3
        (
            "sport/tennis/+",
            &[
                "sport/tennis/player1",
                "sport/tennis/player2",
                "sport/tennis/",
            ],
            &["sport/tennis/player1/ranking", "sport/tennis"],
        ),
        (
            "sport/+",
            &["sport/", "sport/x"],
            &["sport", "sport/x/", "sport//"],
        ),
        (
            "+/+",
            &["/finance", "a/b", "/", "a/", "溫/度"],
            &["finance", "a/b/c", "//", "$SYS/x"],
        ),
        ("/+", &["/finance", "/"], &["finance", "//", "a/b"]),
        ("+", &["finance", "溫度"], &["/finance", "a/b", "$SYS"]),
        // 4.7.2
        (
            "+/monitor/Clients",
            &["x/monitor/Clients"],
            &["$SYS/monitor/Clients"],
        ),
        (
            "$SYS/#",
            &["$SYS/monitor", "$SYS", "$SYS/"],
            &["SYS/x", "$SYSx"],
        ),
        (
            "$SYS/monitor/+",
            &["$SYS/monitor/Clients"],
            &["$SYS/monitor"],
        ),
        ("+/#", &["a", "a/b", "/"], &["$SYS", "$SYS/a"]),
        // 4.7.3
        (
            "ACCOUNTS",
            &["ACCOUNTS"],
            &["Accounts", "ACCOUNTS/", "/ACCOUNTS"],
        ),
        (
            "Accounts payable",
            &["Accounts payable"],
            &["Accounts", "Accounts payable "],
        ),
        ("/finance", &["/finance"], &["finance"]),
        // Empty levels, and wildcards in more than one place.
        ("a//b", &["a//b"], &["a/b", "a/x/b", "a///b"]),
        ("a/+/b", &["a//b", "a/x/b", "a/$x/b"], &["a/b", "a/x/y/b"]),
        ("/", &["/"], &["//", "a", "a/"]),
        ("a/", &["a/"], &["a", "a/b"]),
        ("/#", &["/", "/a", "//"], &["a", "a/"]),
        ("+/b/#", &["a/b", "/b", "a/b/c/d"], &["b", "a/c", "$a/b"]),
        ("a/+/#", &["a/b", "a/", "a/b/c"], &["a", "b/a"]),
        // More bytes than characters.
        ("溫度/+", &["溫度/客廳", "溫度/"], &["溫/客廳", "濕度/客廳"]),
        ("é", &["é"], &["e\u{301}"]),
        // Shared: delivered under the plain topic.
        ("$share/g/a/+", &["a/b"], &["$share/g/a/b", "a", "b/a"]),
        ("$share/g/#", &["a", "a/b"], &["$SYS/a"]),
        ("$share/g/$SYS/#", &["$SYS/a"], &["a"]),
        ("$share/g//a", &["/a"], &["a"]),
    ] {
        assert_eq!(check_topic_filter(filter), Ok(()), "{filter}");
        for topic in taken {
            assert_eq!(check_topic_name(topic), Ok(()), "{topic}");
            assert!(matches(filter, topic), "{filter} takes {topic}");
        }
        for topic in left {
            assert!(!matches(filter, topic), "{filter} leaves {topic}");
        }
    }
}

#[test]
fn what_is_no_filter_or_no_name_matches_nothing_and_breaks_nothing() {
    for filter in [
        "",
        "a#",
        "#a",
        "a/#/b",
        "#/a",
        "$share/",
        "$share/g",
        "$share/g/",
        "a+",
    ] {
        for topic in ["", "a", "a/b", "/", "溫", "a/x/b"] {
            assert!(!matches(filter, topic), "{filter:?} {topic:?}");
        }
    }
    assert!(!matches("#", "") && !matches("+", ""));
}

/// Slow and plain: lists of levels.
fn takes(filter: &[&str], topic: &[&str]) -> bool {
    match (filter.split_first(), topic.split_first()) {
        (Some((&"#", _)), _) => true,
        (None, None) => true,
        (Some((&"+", filter)), Some((_, topic))) => takes(filter, topic),
        (Some((wanted, filter)), Some((level, topic))) => wanted == level && takes(filter, topic),
        _ => false,
    }
}

proptest! {
    #[test]
    fn matching_agrees_with_the_rules_written_on_lists_of_levels(
        filter in prop::collection::vec(prop_oneof![Just("+"), Just("a"), Just(""), Just("溫"), Just("$a")], 1..5),
        hash in any::<bool>(),
        topic in prop::collection::vec(prop_oneof![Just("a"), Just(""), Just("溫"), Just("$a")], 1..6),
    ) {
        let mut filter = filter;
        if hash {
            filter.push("#");
        }
        let (filter_text, topic_text) = (filter.join("/"), topic.join("/"));
        prop_assume!(!filter_text.is_empty() && !topic_text.is_empty());
        let hidden = topic_text.starts_with('$') && filter_text.starts_with(['+', '#']);
        prop_assert_eq!(matches(&filter_text, &topic_text), takes(&filter, &topic) && !hidden);
    }

    #[test]
    fn no_two_texts_break_the_matching(filter in "[$+#/a溫\0]{0,12}", topic in "[$+#/a溫\0]{0,12}") {
        matches(&filter, &topic);
        let _ = (check_topic_filter(&filter), check_topic_name(&topic));
    }
}
