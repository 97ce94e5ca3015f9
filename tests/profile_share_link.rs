//! Share links: what a link says is what the next page understands, and nobody's link can do harm.

use midge::profile::{
    MAX_ADDRESSES,
    secrets::without_secrets,
    share_link::{LinkWarning, MAX_FILTERS, MAX_LENGTH, ShareLink, opening, parse, write},
};
use midge::protocol::{Version, check_topic_filter};
use proptest::prelude::*;

fn only_link(fragment: &str) -> ShareLink {
    let (link, warnings) = parse(fragment);
    assert_eq!(warnings, []);
    link
}

#[test]
fn a_link_with_everything_is_understood() {
    let link = only_link(
        "#url=ws%3A%2F%2F127.0.0.1%3A9001&url=wss%3A%2F%2Fb&v=5&expiry=3600&sub=a%2F%23&sub=b%2F%2B&qos=1&user=chen&id=me&keep=30&clean=0&lesson=five&step=2&go=1",
    );
    assert_eq!(
        link,
        ShareLink {
            addresses: vec!["ws://127.0.0.1:9001".into(), "wss://b".into()],
            version: Some(Version::V5),
            client_id: Some("me".into()),
            user_name: Some("chen".into()),
            filters: vec!["a/#".into(), "b/+".into()],
            qos: 1,
            keep_alive: Some(30),
            clean_session: Some(false),
            session_expiry: Some(3600),
            connect: true,
            lesson: Some("five".into()),
            step: Some(2),
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
    assert_eq!((link.addresses, link.connect), (vec![], false));
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
        ("v=4", "v"),
        ("v=", "v"),
        ("expiry=-1", "expiry"),
        ("lesson=", "lesson"),
        ("lesson=Big", "lesson"),
        ("step=0", "step"),
        ("step=256", "step"),
        ("expiry=4294967296", "expiry"),
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
fn only_so_many_addresses_are_taken_and_each_once() {
    let many: Vec<_> = (0..MAX_ADDRESSES + 3)
        .map(|n| format!("url=ws%3A%2F%2Fh{n}"))
        .collect();
    let (link, warnings) = parse(&many.join("&"));
    assert_eq!(link.addresses.len(), MAX_ADDRESSES);
    assert_eq!(link.addresses[0], "ws://h0");
    assert_eq!(warnings, [LinkWarning::TooManyAddresses]);
    assert_eq!(
        only_link("url=ws%3A%2F%2Fh&url=ws%3A%2F%2Fh").addresses,
        ["ws://h"]
    );
}

#[test]
fn a_link_never_carries_what_looks_like_a_secret() {
    let secret =
        "wss://h/mqtt?room=7&access_token=abc&x=eyJhbGciOi.J9.x&X-Amz-Signature=1f&ApiKey=k";
    let mut link = ShareLink::default();
    let left_out = link.add_address(secret);
    assert_eq!(left_out, ["access_token", "x", "X-Amz-Signature", "ApiKey"]);
    assert_eq!(link.addresses, ["wss://h/mqtt?room=7"]);
    let written = write(&link);
    for part in ["abc", "eyJ", "1f", "ApiKey"] {
        assert!(!written.contains(part), "{written}");
    }
}

#[test]
fn a_secret_is_known_by_its_name_or_by_its_looks() {
    for query in [
        "token=1",
        "TOKEN=1",
        "to%6ben=1",
        "api-key=1",
        "key=1",
        "auth=1",
        "authorization=1",
        "authentication=1",
        "x-amz-customauthorizer-signature=1",
        "password=1",
        "PassWord=1",
        "to%E2%84%AAen=1",
        "pass=1",
        "sig=1",
        "client_secret=1",
        "0123456789abcdef0123456789abcdef",
        "q=0123456789abcdef0123456789abcdef",
        "eyJhbGciOiJIUzI1NiJ9.e30.x",
    ] {
        let (address, left_out) = without_secrets(&format!("wss://h/?a=1&{query}"));
        assert_eq!(address, "wss://h/?a=1", "{query}");
        assert_eq!(left_out.len(), 1, "{query}");
    }
    for address in [
        "wss://h",
        "wss://h/mqtt",
        "wss://h/?room=kitchen&author=chen&keyboard=no",
        "wss://h/?token=",
        "wss://h/?authority=h",
        "wss://h/?d%C3%A9pass%C3%A9=1",
        "wss://h/?j%C3%A4wt=1",
        "wss://h/?a-long-name-of-several-plain-words",
    ] {
        assert_eq!(without_secrets(address), (address.to_owned(), vec![]));
    }
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
        addresses in prop::collection::vec(word(), 0..MAX_ADDRESSES), id in word(), user in word(), filters in prop::collection::vec(word(), 0..8),
        qos in 0u8..3, keep_alive: Option<u16>, clean_session: Option<bool>, session_expiry: Option<u32>,
        version in prop::sample::select(vec![None, Some(Version::V31), Some(Version::V311), Some(Version::V5)]),
        connect: bool,
        lesson in prop::option::of("[a-z0-9-]{1,40}"),
        step in prop::option::of(1u8..),
    ) {
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        let mut link = ShareLink {
            addresses: vec![], version, client_id: some(id), user_name: some(user), filters: vec![],
            qos, keep_alive, clean_session, session_expiry, connect, lesson, step,
        };
        for address in addresses {
            if !address.is_empty() && !link.addresses.contains(&address) {
                link.addresses.push(address);
            }
        }
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
        fragment in "((url|v|sub|id|user|qos|keep|clean|expiry|go|pass|x)=?(%[0-9a-fA-F%]{0,3}|[ -~é溫]){0,12}&?){0,20}"
    ) {
        let (link, _) = parse(&fragment);
        prop_assert!(link.qos <= 2);
        prop_assert!(link.filters.iter().all(|filter| check_topic_filter(filter).is_ok()));
        prop_assert_eq!(parse(&write(&link)), (link, vec![]));
    }
}

proptest! {
    #[test]
    fn what_is_shown_first_is_what_the_whole_link_says(
        pairs in prop::collection::vec(("url|user|sub|pass|ur%6c", "(ws%3A%2F%2F|chen)?[a-z%0-9@é]{0,6}"), 0..14),
    ) {
        let fragment: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let fragment = format!("#{}", fragment.join("&"));
        let (link, _) = parse(&fragment);
        prop_assert_eq!(opening(&fragment), (link.addresses, link.user_name));
    }
}
