//! The packet view's words in Traditional Chinese: one for every field that the codec names.

use midge::{desk::field_names, protocol::fields::NAMES};

#[test]
fn every_field_of_every_packet_has_a_name_in_chinese() {
    let missing: Vec<_> = NAMES
        .iter()
        .filter(|name| field_names::chinese(name) == **name)
        .collect();
    assert!(missing.is_empty(), "no words for {missing:?}");
}

#[test]
fn two_fields_that_differ_have_names_that_differ() {
    // What MQTT 3.1.1 calls a message MQTT 5 calls a payload; all else is another thing.
    let mut seen = std::collections::HashMap::new();
    for name in NAMES {
        if let Some(other) = seen.insert(field_names::chinese(name), name) {
            panic!("{name} and {other} have the same words");
        }
    }
}

#[test]
fn how_many_bytes_a_field_has_is_told_in_chinese_and_a_name_is_left_alone() {
    assert_eq!(
        field_names::chinese_value("Payload", "60 bytes"),
        "60 位元組"
    );
    assert_eq!(field_names::chinese_value("Payload", "1 byte"), "1 位元組");
    // A topic may be called so.
    assert_eq!(
        field_names::chinese_value("Topic Name", "60 bytes"),
        "60 bytes"
    );
}
