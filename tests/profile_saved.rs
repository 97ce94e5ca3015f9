//! Saved connections: kept by name, read back whole, and damaged storage costs no more than what is damaged.

use midge::profile::{
    saved::{MAX_CONNECTIONS, Saved, SavedConnection, SavedWill},
    terminal,
};
use proptest::prelude::*;

fn connection(name: &str, address: &str) -> SavedConnection {
    SavedConnection {
        name: name.into(),
        address: address.into(),
        client_id: None,
        user_name: Some("chen".into()),
        keep_alive: 60,
        clean_session: true,
        will: None,
    }
}

#[test]
fn a_name_is_kept_once_and_in_its_place() {
    let mut saved = Saved::default();
    assert!(saved.put(connection("a", "ws://1")));
    assert!(saved.put(connection("b", "ws://2")));
    assert!(saved.put(connection("a", "ws://3")));
    let kept: Vec<_> = saved
        .connections
        .iter()
        .map(|each| (each.name.as_str(), each.address.as_str()))
        .collect();
    assert_eq!(kept, [("a", "ws://3"), ("b", "ws://2")]);
    assert!(saved.remove("a"));
    assert!(!saved.remove("a"));
    assert_eq!(saved.connections.len(), 1);
}

#[test]
fn there_is_an_end_to_saving() {
    let mut saved = Saved::default();
    for number in 0..MAX_CONNECTIONS {
        assert!(saved.put(connection(&number.to_string(), "ws://h")));
    }
    assert!(!saved.put(connection("one more", "ws://h")));
    assert!(saved.put(connection("0", "ws://replaced")));
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
        (60, true)
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
    let stored = r#"{"connections":[{"name":"a","address":"ws://h","password":"secret"}]}"#;
    assert!(!Saved::read(stored).write().contains("secret"));
}

#[test]
fn a_command_line_is_safe_to_paste() {
    assert_eq!(terminal::quote("pi.local"), "pi.local");
    assert_eq!(terminal::quote(""), "''");
    assert_eq!(terminal::quote("$(reboot)"), "'$(reboot)'");
    assert_eq!(terminal::quote("it's; x"), r"'it'\''s; x'");
    assert_eq!(terminal::quote("~/x"), "'~/x'");
    let options = terminal::broker_options("[::1]", Some(1884), Some("chen wu"));
    assert_eq!(options, "-h ::1 -p 1884 -u 'chen wu' -P …");
    assert_eq!(
        terminal::mosquitto_sub("-h h", &[]),
        "mosquitto_sub -h h -t '#' -v"
    );
    assert_eq!(
        terminal::mosquitto_sub(
            &terminal::broker_options("h", Some(1883), None),
            &["a/+".into(), "$SYS/#".into()]
        ),
        "mosquitto_sub -h h -t 'a/+' -t '$SYS/#' -v"
    );
}

prop_compose! {
    fn any_connection()(
        name: String, address in ".{1,40}", client_id: Option<String>, user_name: Option<String>,
        keep_alive: u16, clean_session: bool, will in prop::option::of((".{1,20}", any::<String>(), 0u8..3, any::<bool>())),
    ) -> SavedConnection {
        let will = will.map(|(topic, payload, qos, retain)| SavedWill { topic, payload, qos, retain });
        SavedConnection { name, address, client_id, user_name, keep_alive, clean_session, will }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(connections in prop::collection::vec(any_connection(), 0..10), last in prop::option::of(any_connection())) {
        let mut saved = Saved { last, ..Saved::default() };
        for connection in connections {
            if !connection.name.is_empty() {
                saved.put(connection);
            }
        }
        prop_assert_eq!(Saved::read(&saved.write()), saved);
    }

    #[test]
    fn no_storage_makes_it_panic(stored: String) {
        let _ = Saved::read(&stored);
    }
}
