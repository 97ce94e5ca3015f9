//! Saved connections: kept by name, read back whole, and damaged storage costs no more than what is damaged.

use midge::profile::{
    MAX_ADDRESSES, USUAL_KEEP_ALIVE,
    expiry::{self, FOR_EVER, NotATime, Unit},
    kept_filters::{KeptFilter, MAX_KEPT},
    saved::{
        MAX_CONNECTIONS, Saved, SavedConnection, SavedProperties, SavedWill, USUAL_TOPIC_ALIASES,
    },
    stored::{Change, Unchanged, change},
};
use midge::protocol::Version;
use proptest::prelude::*;

fn connection(name: &str, address: &str) -> SavedConnection {
    SavedConnection {
        name: name.into(),
        address: address.into(),
        more_addresses: vec![],
        version: None,
        found: None,
        old_subprotocol: false,
        client_id: None,
        user_name: Some("chen".into()),
        scram: false,
        keep_alive: 60,
        clean_session: true,
        properties: SavedProperties::default(),
        will: None,
        with_secrets: false,
        left_out: vec![],
        subscriptions: None,
        incomplete: false,
    }
}

/// What these changes make of nothing.
fn made(changes: &[Change]) -> String {
    let mut stored = None;
    for one in changes {
        stored = Some(change(stored.as_deref(), *one).expect("there is something to change"));
    }
    stored.unwrap_or_default()
}

#[test]
fn a_name_is_kept_once_and_in_its_place() {
    let stored = made(&[
        Change::Put(&connection("a", "ws://1")),
        Change::Put(&connection("b", "ws://2")),
        Change::Put(&connection("a", "ws://3")),
    ]);
    let saved = Saved::read(&stored);
    let kept: Vec<_> = saved
        .connections
        .iter()
        .map(|each| (each.name.as_str(), each.address.as_str()))
        .collect();
    assert_eq!(kept, [("a", "ws://3"), ("b", "ws://2")]);
    let stored = change(Some(&stored), Change::Remove("a")).expect("it is there");
    assert_eq!(
        change(Some(&stored), Change::Remove("a")),
        Err(Unchanged::Already)
    );
    assert_eq!(Saved::read(&stored).connections.len(), 1);
}

#[test]
fn there_is_an_end_to_saving() {
    let all: Vec<_> = (0..MAX_CONNECTIONS)
        .map(|number| connection(&number.to_string(), "ws://h"))
        .collect();
    let all: Vec<_> = all.iter().map(Change::Put).collect();
    let stored = made(&all);
    let put = |one| change(Some(&stored), Change::Put(&one)).map(|_| ());
    assert_eq!(
        put(connection("one more", "ws://h")),
        Err(Unchanged::TooMany)
    );
    assert_eq!(put(connection("0", "ws://replaced")), Ok(()));
}

#[test]
fn only_what_is_damaged_is_lost() {
    let stored = r#"{"version":9,"connections":[7,{"name":"whole","address":"ws://h"},{"name":"no address"},
        {"name":"","address":"ws://nameless"},{"name":"wild will","address":"ws://h","will":{"topic":"t","qos":9}},
        {"name":"wrong","address":"ws://h","keep_alive":-1}],"last":{"address":"ws://last","new":true}}"#;
    let saved = Saved::read(stored);
    let names: Vec<_> = saved
        .connections
        .iter()
        .map(|each| each.name.as_str())
        .collect();
    assert_eq!(names, ["whole", "wild will"]);
    assert_eq!(
        (
            saved.connections[0].keep_alive,
            saved.connections[0].clean_session
        ),
        (USUAL_KEEP_ALIVE, true)
    );
    assert_eq!(saved.connections[1].will, None);
    assert_eq!(
        saved.last.expect("the last one is sound").address,
        "ws://last"
    );
}

#[test]
fn storage_that_is_not_ours_is_read_as_nothing() {
    for stored in [
        "",
        "null",
        "[]",
        "[[{\"name\":\"a\",\"address\":\"ws://h\"}]]",
        "{",
        "\"x\"",
        "{\"connections\":{}}",
        "{\"last\":[]}",
    ] {
        assert_eq!(Saved::read(stored), Saved::default(), "{stored}");
    }
}

#[test]
fn there_is_no_place_for_a_password() {
    let mut one = connection("a", "ws://h");
    one.client_id = Some("id".into());
    one.will = Some(SavedWill::default());
    let stored = made(&[Change::Put(&one), Change::Last(&one)]);
    assert!(!stored.contains("pass"), "{stored}");
}

#[test]
fn what_the_first_version_stored_is_still_read() {
    let stored = r#"{"version":1,"connections":[{"name":"old","address":"ws://h","client_id":"me","user_name":"chen",
        "keep_alive":30,"clean_session":false,"will":{"topic":"t","payload":"p","qos":1,"retain":true}}],"last":null}"#;
    let saved = Saved::read(stored);
    let expected = SavedConnection {
        client_id: Some("me".into()),
        keep_alive: 30,
        clean_session: false,
        will: Some(SavedWill {
            topic: "t".into(),
            payload: "p".into(),
            qos: 1,
            retain: true,
            ..SavedWill::default()
        }),
        ..connection("old", "ws://h")
    };
    assert_eq!(saved.connections, [expected]);
    assert_eq!(
        saved.connections[0].properties.topic_alias_maximum,
        Some(USUAL_TOPIC_ALIASES)
    );
    assert_eq!(saved.connections[0].properties.session_expiry, None);
}

#[test]
fn values_that_no_packet_may_hold_are_not_read() {
    let stored = r#"{"connections":[{"name":"a","address":"ws://h","version":"6","more_addresses":["","b","c","d","e",
        "f","g","h","i","j"],"properties":{"receive_maximum":0,"maximum_packet_size":0,"topic_alias_maximum":null}}]}"#;
    let saved = Saved::read(stored);
    let one = saved.connections.first().expect("the rest of it is sound");
    assert_eq!(one.version, None);
    assert_eq!(one.more_addresses.len(), MAX_ADDRESSES - 1);
    assert_eq!(one.more_addresses.first().map(String::as_str), Some("b"));
    assert_eq!(
        (
            one.properties.receive_maximum,
            one.properties.maximum_packet_size,
            one.properties.topic_alias_maximum
        ),
        (None, None, None)
    );
}

#[test]
fn the_version_that_was_found_is_where_the_next_search_begins() {
    let stored = made(&[
        Change::Last(&connection("", "ws://h")),
        Change::Put(&connection("newest", "ws://h")),
        Change::Put(&SavedConnection {
            version: Some(Version::V5),
            ..connection("only 5", "ws://h")
        }),
        Change::Put(&SavedConnection {
            more_addresses: vec!["ws://h".into()],
            ..connection("second address", "ws://other")
        }),
        Change::Put(&connection("elsewhere", "ws://elsewhere")),
        Change::Found("ws://h", Version::V311),
    ]);
    let saved = Saved::read(&stored);
    let found: Vec<_> = saved.connections.iter().map(|one| one.found).collect();
    assert_eq!(
        found,
        [Some(Version::V311), None, Some(Version::V311), None]
    );
    assert_eq!(
        saved.last.as_ref().and_then(|last| last.found),
        Some(Version::V311)
    );
    assert_eq!(
        change(Some(&stored), Change::Found("ws://h", Version::V311)),
        Err(Unchanged::Already)
    );
}

#[test]
fn a_time_is_a_number_and_a_unit() {
    assert_eq!(expiry::seconds("", Unit::Hours), Ok(None));
    assert_eq!(expiry::seconds(" 0 ", Unit::Seconds), Ok(Some(0)));
    assert_eq!(expiry::seconds("2", Unit::Hours), Ok(Some(7_200)));
    assert_eq!(
        expiry::seconds("whatever", Unit::ForEver),
        Ok(Some(FOR_EVER))
    );
    for (typed, unit) in [
        ("-1", Unit::Seconds),
        ("1.5", Unit::Hours),
        ("x", Unit::Days),
        ("49711", Unit::Days),
        ("4294967295", Unit::Seconds),
    ] {
        assert_eq!(expiry::seconds(typed, unit), Err(NotATime), "{typed}");
    }
}

fn any_properties() -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::vec((any::<String>(), any::<String>()), 0..4)
}

fn any_version() -> impl Strategy<Value = Option<Version>> {
    prop::sample::select(vec![
        None,
        Some(Version::V31),
        Some(Version::V311),
        Some(Version::V5),
    ])
}

prop_compose! {
    fn any_will()(
        topic in ".{1,20}", payload: String, qos in 0u8..3, retain: bool, delay: Option<u32>, is_text: bool,
        expiry: Option<u32>, content_type: Option<String>, response_topic: Option<String>,
        correlation_data: Option<String>, user_properties in any_properties(),
    ) -> SavedWill {
        SavedWill {
            topic, payload, qos, retain, delay, is_text, expiry, content_type, response_topic, correlation_data,
            user_properties,
        }
    }
}

prop_compose! {
    fn any_saved_properties()(
        session_expiry: Option<u32>, receive_maximum in prop::option::of(1u16..), maximum_packet_size in prop::option::of(1u32..),
        topic_alias_maximum: Option<u16>, request_response_information: Option<bool>,
        request_problem_information: Option<bool>, user_properties in any_properties(),
    ) -> SavedProperties {
        SavedProperties {
            session_expiry, receive_maximum, maximum_packet_size, topic_alias_maximum, request_response_information,
            request_problem_information, user_properties,
        }
    }
}

fn any_subscriptions() -> impl Strategy<Value = Option<Vec<KeptFilter>>> {
    let one = (
        0u8..3,
        any::<bool>(),
        any::<bool>(),
        0u8..3,
        prop::option::of(1u32..268_435_455),
        prop::option::of(0u8..8),
    );
    let all = prop::collection::vec(one, 0..5).prop_map(|all| {
        let named = all.into_iter().enumerate();
        named
            .map(
                |(number, (qos, no_local, as_published, handling, identifier, colour))| {
                    KeptFilter {
                        filter: format!("a/{number}/+"),
                        qos,
                        no_local,
                        as_published,
                        handling,
                        identifier,
                        colour,
                    }
                },
            )
            .collect()
    });
    prop::option::of(all)
}

prop_compose! {
    fn any_connection()(
        name: String, address in ".{1,40}", more_addresses in prop::collection::vec(".{1,20}", 0..MAX_ADDRESSES),
        version in any_version(), found in any_version(), old_subprotocol: bool, client_id: Option<String>,
        user_name: Option<String>, scram: bool,
        (keep_alive, clean_session, properties, will) in
            (any::<u16>(), any::<bool>(), any_saved_properties(), prop::option::of(any_will())),
        left_out in prop::collection::vec(any::<String>(), 0..3),
        (subscriptions, incomplete) in (any_subscriptions(), any::<bool>()),
    ) -> SavedConnection {
        SavedConnection {
            name, address, more_addresses, version, found, old_subprotocol, client_id, user_name, scram, keep_alive,
            clean_session, properties, will, with_secrets: true, left_out,
            subscriptions, incomplete,
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(connections in prop::collection::vec(any_connection(), 0..10), last in prop::option::of(any_connection())) {
        let mut connections = connections;
        connections.retain(|one| !one.name.is_empty());
        let mut names = std::collections::BTreeSet::new();
        connections.retain(|one| names.insert(one.name.clone()));
        let changes: Vec<_> = connections.iter().map(Change::Put).chain(last.iter().map(Change::Last)).collect();
        prop_assert_eq!(Saved::read(&made(&changes)), Saved { connections, last });
    }

    #[test]
    fn a_time_is_split_without_a_rest(seconds: u32) {
        let (number, unit) = expiry::split(seconds);
        prop_assert_eq!(expiry::seconds(&number.to_string(), unit), Ok(Some(seconds)));
    }

    #[test]
    fn no_storage_makes_it_panic(stored: String) {
        let _ = Saved::read(&stored);
        let _ = change(Some(&stored), Change::Remove("a"));
    }
}

#[test]
fn subscriptions_that_are_damaged_go_by_themselves() {
    let read = |subscriptions: &str| {
        let stored = format!(
            r#"{{"connections":[{{"name":"a","address":"ws://h","subscriptions":{subscriptions}}}]}}"#
        );
        let saved = Saved::read(&stored);
        let one = saved.connections.into_iter().next();
        one.expect("the connection stays").subscriptions
    };
    for nothing in ["7", "null", r#""a/#""#, "{}"] {
        assert_eq!(read(nothing), None, "{nothing}");
    }
    let kept = read(
        r##"[5, null, [], {"filter":""}, {"filter":"a/#/b"}, {"filter":"b/#","qos":3}, {"filter":"c","handling":9},
        {"filter":"d","identifier":0}, {"filter":"g","colour":8}, {"filter":"e","identifier":268435456}, {"filter":"f","qos":"1"},
        {"filter":"ok/#","qos":2,"later":[1]}, {"filter":"ok/#"}, {"filter":"b\u0000"}]"##,
    );
    let kept = kept.expect("a list");
    let expected = KeptFilter {
        filter: "ok/#".into(),
        qos: 2,
        ..KeptFilter::default()
    };
    assert_eq!(kept, [expected]);
    let many: Vec<_> = (0..10_000)
        .map(|number| format!(r#"{{"filter":"a/{number}"}}"#))
        .collect();
    let kept = read(&format!("[{}]", many.join(",")));
    assert_eq!(kept.map(|kept| kept.len()), Some(MAX_KEPT));
}

#[test]
fn subscriptions_are_kept_with_the_connection_of_a_name_and_the_rest_of_it_stays() {
    let mut stored = made(&[
        Change::Put(&connection("a", "ws://a")),
        Change::Put(&connection("b", "ws://b")),
    ]);
    let one = [KeptFilter {
        filter: "x/#".into(),
        qos: 1,
        ..KeptFilter::default()
    }];
    stored = change(Some(&stored), Change::Subscriptions("b", &one)).expect("a change");
    assert_eq!(
        change(Some(&stored), Change::Subscriptions("b", &one)),
        Err(Unchanged::Already)
    );
    assert_eq!(
        change(Some(&stored), Change::Subscriptions("c", &one)),
        Err(Unchanged::Already)
    );
    let saved = Saved::read(&stored);
    assert_eq!(saved.connections[0], connection("a", "ws://a"));
    let expected = SavedConnection {
        subscriptions: Some(one.to_vec()),
        ..connection("b", "ws://b")
    };
    assert_eq!(saved.connections[1], expected);
}
