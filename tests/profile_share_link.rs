//! Share links: what a link says is what the next page understands, and nobody's link can do harm.

use midge::profile::{
    names::check_topic_filter,
    share_link::{LinkWarning, MAX_FILTERS, MAX_LENGTH, ShareLink, parse, write},
};
use proptest::prelude::*;

fn only_link(fragment: &str) -> ShareLink {
    let (link, warnings) = parse(fragment);
    assert_eq!(warnings, []);
    link
}

#[test]
fn a_link_with_everything_is_understood() {
    let link = only_link(
        "#url=ws%3A%2F%2F127.0.0.1%3A9001&sub=a%2F%23&sub=b%2F%2B&qos=1&user=chen&id=me&keep=30&clean=0&go=1",
    );
    assert_eq!(
        link,
        ShareLink {
            address: Some("ws://127.0.0.1:9001".into()),
            client_id: Some("me".into()),
            user_name: Some("chen".into()),
            filters: vec!["a/#".into(), "b/+".into()],
            qos: 1,
            keep_alive: Some(30),
            clean_session: Some(false),
            connect: true,
        }
    );
}

#[test]
fn no_fragment_says_nothing() {
    assert_eq!(parse(""), (ShareLink::default(), vec![]));
    assert_eq!(parse("#"), (ShareLink::default(), vec![]));
}

#[test]
fn a_plus_written_by_hand_stays_a_plus() {
    assert_eq!(only_link("sub=a/+/b&sub=+").filters, ["a/+/b", "+"]);
}

#[test]
fn a_password_is_never_taken() {
    for key in ["pass", "password"] {
        let (link, warnings) = parse(&format!("url=ws%3A%2F%2Fh&{key}=secret"));
        assert_eq!(warnings, [LinkWarning::Password]);
        assert!(!format!("{link:?}").contains("secret"));
    }
}

#[test]
fn unknown_keys_are_passed_over() {
    assert_eq!(only_link("colour=red&sub=a&=&&x=%zz").filters, ["a"]);
}

#[test]
fn damaged_encoding_is_said_and_not_used() {
    for value in ["%", "%4", "%zz", "a%2", "%ff", "%c3%28", "%00", "%0a"] {
        let (link, warnings) = parse(&format!("sub={value}&sub=ok&go=1"));
        assert_eq!(
            warnings,
            [LinkWarning::Unreadable { key: "sub" }],
            "{value}"
        );
        assert_eq!(link.filters, ["ok"], "{value}");
        assert!(link.connect, "{value}");
    }
}

#[test]
fn a_damaged_address_never_connects() {
    let (link, warnings) = parse("url=ws%3A%2F%2Fgood&go=1&url=%ff");
    assert_eq!(warnings, [LinkWarning::Unreadable { key: "url" }]);
    assert_eq!((link.address, link.connect), (None, false));
}

#[test]
fn a_filter_that_is_not_valid_is_said_and_left_out() {
    let (link, warnings) = parse("sub=a%2F%23%2Fb&sub=fine%2F%23");
    assert_eq!(
        warnings,
        [LinkWarning::BadFilter {
            filter: "a/#/b".into()
        }]
    );
    assert_eq!(link.filters, ["fine/#"]);
}

#[test]
fn values_outside_their_range_are_said_and_not_used() {
    for (pair, key) in [
        ("qos=3", "qos"),
        ("qos=-1", "qos"),
        ("keep=65536", "keep"),
        ("keep=", "keep"),
        ("go=yes", "go"),
        ("clean=2", "clean"),
    ] {
        let (link, warnings) = parse(pair);
        assert_eq!(warnings, [LinkWarning::BadValue { key }], "{pair}");
        assert_eq!(link, ShareLink::default(), "{pair}");
    }
}

#[test]
fn too_long_a_link_is_not_read_at_all() {
    let fits = format!("sub={}", "a".repeat(MAX_LENGTH - 4));
    assert_eq!(only_link(&fits).filters.len(), 1);
    assert_eq!(
        parse(&format!("{fits}a")),
        (ShareLink::default(), vec![LinkWarning::TooLong])
    );
}

#[test]
fn only_so_many_filters_are_taken_and_each_once() {
    let many: Vec<_> = (0..MAX_FILTERS + 50).map(|n| format!("sub=t{n}")).collect();
    let (link, warnings) = parse(&many.join("&"));
    assert_eq!(link.filters.len(), MAX_FILTERS);
    assert_eq!(warnings, [LinkWarning::TooManyFilters]);
    assert_eq!(only_link("sub=a&sub=a&sub=a").filters, ["a"]);
}

#[test]
fn a_written_link_survives_a_chat_program() {
    let link = ShareLink {
        filters: vec!["a b/&=?\"<溫度>/#".into()],
        connect: true,
        ..ShareLink::default()
    };
    let written = write(&link);
    assert!(
        written
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~%&=".contains(&b)),
        "{written}"
    );
    assert_eq!(only_link(&written), link);
}

fn word() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|text| {
        text.chars()
            .filter(|c| !c.is_control())
            .take(40)
            .collect::<String>()
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        address in word(), id in word(), user in word(), filters in prop::collection::vec(word(), 0..8),
        qos in 0u8..3, keep_alive: Option<u16>, clean_session: Option<bool>, connect: bool,
    ) {
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        let mut link = ShareLink {
            address: some(address), client_id: some(id), user_name: some(user), filters: vec![],
            qos, keep_alive, clean_session, connect,
        };
        for filter in filters {
            if check_topic_filter(&filter).is_ok() && !link.filters.contains(&filter) {
                link.filters.push(filter);
            }
        }
        prop_assert_eq!(parse(&write(&link)), (link, vec![]));
    }

    #[test]
    fn no_fragment_makes_it_panic(fragment: String) {
        let _ = parse(&fragment);
    }

    #[test]
    fn nothing_that_looks_like_a_link_makes_it_panic(
        fragment in "((url|sub|id|user|qos|keep|clean|go|pass|x)=?(%[0-9a-fA-F%]{0,3}|[ -~é溫]){0,12}&?){0,20}"
    ) {
        let (link, _) = parse(&fragment);
        prop_assert!(link.qos <= 2);
        prop_assert!(link.filters.iter().all(|filter| check_topic_filter(filter).is_ok()));
        prop_assert_eq!(parse(&write(&link)), (link, vec![]));
    }
}
