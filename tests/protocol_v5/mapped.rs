//! The field map of MQTT 5: every byte of every packet has a name, a value and a clause, and the one at fault is marked.

use midge::protocol::fields::{MOST, NAMES};
use midge::protocol::{Direction, Fault, FaultKind as K, Field, Version, fields, outline};

use super::bytes::{HOLDERS, Holder, PROPERTIES, hex};

pub fn assert_covers(all: &[Field], size: usize) {
    let mut at = 0;
    for field in all {
        assert_eq!(field.range.start, at, "{all:#?}");
        assert!(
            field.range.end >= at && NAMES.contains(&field.name),
            "{field:?}"
        );
        at = field.range.end;
    }
    assert_eq!(at, size, "{all:#?}");
    assert!(all.len() <= MOST);
    let faults: Vec<_> = all.iter().filter_map(|field| field.fault).collect();
    let forgivable = |fault: &&Fault| fault.is_of_a_message();
    let others = faults.len() - faults.iter().filter(forgivable).count();
    assert!(others <= 1, "{faults:?}");
}

#[track_caller]
fn assert_lines(bytes: &[u8], expected: &[(usize, usize, &str, &str, &str)]) {
    let all = fields(bytes, Version::V5);
    assert_covers(&all, bytes.len());
    let found: Vec<_> = all
        .iter()
        .map(|field| {
            let Field {
                range,
                name,
                value,
                clause,
                ..
            } = field;
            (range.start, range.end, *name, &value[..], *clause)
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn the_fields_of_a_publish_are_those_of_section_3_3() {
    let bytes = hex("32 17 00 01 't' 00 0A 0F 01 01 23 00 07 26 00 01 'k' 00 01 'v' 0B 80 01 'hi'");
    assert_lines(
        &bytes,
        &[
            (
                0,
                1,
                "Control Packet type and flags",
                "PUBLISH, DUP 0, QoS 1, RETAIN 0",
                "2.1.2",
            ),
            (1, 2, "Remaining Length", "23", "2.1.4"),
            (2, 4, "Topic Name length", "1", "3.3.2.1"),
            (4, 5, "Topic Name", "t", "3.3.2.1"),
            (5, 7, "Packet Identifier", "10", "2.2.1"),
            (7, 8, "Property Length", "15", "3.3.2.3.1"),
            (
                8,
                9,
                "Property Identifier",
                "0x01: Payload Format Indicator",
                "2.2.2.2",
            ),
            (9, 10, "Payload Format Indicator", "1", "3.3.2.3.2"),
            (
                10,
                11,
                "Property Identifier",
                "0x23: Topic Alias",
                "2.2.2.2",
            ),
            (11, 13, "Topic Alias", "7", "3.3.2.3.4"),
            (
                13,
                14,
                "Property Identifier",
                "0x26: User Property",
                "2.2.2.2",
            ),
            (14, 16, "User Property name length", "1", "3.3.2.3.7"),
            (16, 17, "User Property name", "k", "3.3.2.3.7"),
            (17, 19, "User Property value length", "1", "3.3.2.3.7"),
            (19, 20, "User Property value", "v", "3.3.2.3.7"),
            (
                20,
                21,
                "Property Identifier",
                "0x0B: Subscription Identifier",
                "2.2.2.2",
            ),
            (21, 23, "Subscription Identifier", "128", "3.3.2.3.8"),
            (23, 25, "Payload", "2 bytes", "3.3.3"),
        ],
    );
}

#[test]
fn the_fields_of_a_connect_are_those_of_section_3_1_and_its_secrets_are_hidden() {
    let bytes = hex(
        "10 3A 00 04 'MQTT' 05 C6 00 3C 0F 21 00 0A 15 00 01 'M' 16 00 05 'hello'
         00 01 'm' 0C 18 00 00 00 05 26 00 01 'k' 00 01 'v' 00 01 'w' 00 01 'p' 00 01 'u' 00 05 'world'",
    );
    let all = fields(&bytes, Version::V5);
    assert_covers(&all, bytes.len());
    let lines: Vec<_> = all
        .iter()
        .filter(|field| !field.name.ends_with("length") && field.name != "Property Identifier")
        .map(|field| (field.name, &field.value[..], field.clause))
        .collect();
    assert_eq!(
        lines,
        [
            ("Control Packet type and flags", "CONNECT", "2.1.2"),
            ("Remaining Length", "58", "2.1.4"),
            ("Protocol Name", "MQTT", "3.1.2.1"),
            ("Protocol Version", "5", "3.1.2.2"),
            (
                "Connect Flags",
                "User Name 1, Password 1, Will Retain 0, Will QoS 0, Will 1, Clean Start 1",
                "3.1.2.3"
            ),
            ("Keep Alive", "60", "3.1.2.10"),
            ("Property Length", "15", "3.1.2.11.1"),
            ("Receive Maximum", "10", "3.1.2.11.3"),
            ("Authentication Method", "M", "3.1.2.11.9"),
            ("Authentication Data", "•••", "3.1.2.11.10"),
            ("Client Identifier", "m", "3.1.3.1"),
            ("Property Length", "12", "3.1.3.2.1"),
            ("Will Delay Interval", "5", "3.1.3.2.2"),
            ("User Property name", "k", "3.1.3.2.8"),
            ("User Property value", "v", "3.1.3.2.8"),
            ("Will Topic", "w", "3.1.3.3"),
            ("Will Payload", "1 byte", "3.1.3.4"),
            ("User Name", "u", "3.1.3.5"),
            ("Password", "•••", "3.1.3.6"),
        ]
    );
    let secret: Vec<_> = all
        .iter()
        .filter(|field| field.secret)
        .map(|field| field.name)
        .collect();
    assert_eq!(secret, ["Authentication Data", "Password"]);
}

#[test]
fn the_fields_of_the_other_packets_are_named_in_the_words_of_the_specification() {
    for (text, expected) in [
        (
            "20 08 01 00 05 27 00 00 04 00",
            &[
                ("Connect Acknowledge Flags", "Session Present 1", "3.2.2.1"),
                ("Connect Reason Code", "0x00: Success", "3.2.2.2"),
                ("Property Length", "5", "3.2.2.3.1"),
                (
                    "Property Identifier",
                    "0x27: Maximum Packet Size",
                    "2.2.2.2",
                ),
                ("Maximum Packet Size", "1024", "3.2.2.3.6"),
            ][..],
        ),
        (
            "20 02 00 01",
            &[
                ("Connect Acknowledge Flags", "Session Present 0", "3.2.2.1"),
                (
                    "Connect Return code",
                    "1: Connection Refused, unacceptable protocol version",
                    "3.2.2.2",
                ),
            ],
        ),
        (
            "50 03 00 0A 97",
            &[
                ("Packet Identifier", "10", "2.2.1"),
                ("Reason Code", "0x97: Quota exceeded", "3.5.2.1"),
            ],
        ),
        (
            "82 07 00 0A 00 00 01 'a' 1D",
            &[
                ("Packet Identifier", "10", "2.2.1"),
                ("Property Length", "0", "3.8.2.1.1"),
                ("Topic Filter length", "1", "3.8.3"),
                ("Topic Filter", "a", "3.8.3"),
                (
                    "Subscription Options",
                    "Maximum QoS 1, No Local 1, Retain As Published 1, Retain Handling 1",
                    "3.8.3.1",
                ),
            ],
        ),
        (
            "B0 04 00 0A 00 11",
            &[
                ("Packet Identifier", "10", "2.2.1"),
                ("Property Length", "0", "3.11.2.1.1"),
                ("Reason Code", "0x11: No subscription existed", "3.11.3"),
            ],
        ),
        (
            "E0 08 8B 06 1F 00 03 'bye'",
            &[
                ("Reason Code", "0x8B: Server shutting down", "3.14.2.1"),
                ("Property Length", "6", "3.14.2.2.1"),
                ("Property Identifier", "0x1F: Reason String", "2.2.2.2"),
                ("Reason String length", "3", "3.14.2.2.3"),
                ("Reason String", "bye", "3.14.2.2.3"),
            ],
        ),
        (
            "F0 06 18 04 15 00 01 'M'",
            &[
                ("Reason Code", "0x18: Continue authentication", "3.15.2.1"),
                ("Property Length", "4", "3.15.2.2.1"),
                (
                    "Property Identifier",
                    "0x15: Authentication Method",
                    "2.2.2.2",
                ),
                ("Authentication Method length", "1", "3.15.2.2.2"),
                ("Authentication Method", "M", "3.15.2.2.2"),
            ],
        ),
    ] {
        let bytes = hex(text);
        let all = fields(&bytes, Version::V5);
        assert_covers(&all, bytes.len());
        let lines: Vec<_> = all
            .iter()
            .skip(2)
            .map(|field| (field.name, &field.value[..], field.clause))
            .collect();
        assert_eq!(lines, expected, "{text}");
    }
}

#[test]
fn every_property_of_every_packet_has_its_identifier_its_value_and_its_own_clause() {
    for property in PROPERTIES {
        for &holder in property.holders {
            for value in property.good {
                let (bytes, start) =
                    holder.with(&[property.with(value), property.beside(holder)].concat());
                let all = fields(&bytes, Version::V5);
                assert_covers(&all, bytes.len());
                for field in &all {
                    assert!(
                        field.fault.is_none() && !field.clause.is_empty(),
                        "{field:?}"
                    );
                }
                let index = all
                    .iter()
                    .position(|field| field.range.start == start)
                    .unwrap();
                let identifier = &all[index];
                assert_eq!(identifier.name, "Property Identifier");
                assert_eq!(
                    identifier.value,
                    format!("0x{:02X}: {}", property.id, property.name)
                );
                let field = &all[index + 1];
                assert!(field.name.starts_with(property.name), "{field:?}");
                // Sections of properties are one deeper than that of their length, and begin alike.
                let length = all[..index]
                    .iter()
                    .rfind(|field| field.name == "Property Length");
                let (section, _) = length.unwrap().clause.rsplit_once('.').unwrap();
                assert!(field.clause.starts_with(section), "{holder:?}: {field:?}");
                assert_ne!(field.clause, length.unwrap().clause);
            }
        }
    }
}

#[test]
fn the_field_at_fault_is_marked_wherever_the_packet_breaks() {
    for (text, name, start, end, kind, rest) in [
        (
            "30 0A 00 01 't' 05 7F 00 00 00 00 'x'",
            "Property Identifier",
            6,
            7,
            K::PropertyUnknown(0x7F),
            Some(7..11),
        ),
        (
            "30 08 00 01 't' 02 01 02 'hi'",
            "Payload Format Indicator",
            7,
            8,
            K::PropertyNotFlag(1),
            None,
        ),
        (
            "30 08 00 01 't' 04 01 01 01 01",
            "Property Identifier",
            8,
            9,
            K::PropertyRepeated(1),
            None,
        ),
        (
            "30 07 00 01 't' 03 03 00 05",
            "Content Type length",
            7,
            9,
            K::PropertyOverEnd,
            None,
        ),
        (
            "30 05 00 01 't' 09 01",
            "Property Length",
            5,
            6,
            K::PropertiesOverEnd,
            Some(6..7),
        ),
        (
            "30 06 00 01 't' 02 02 00",
            "Message Expiry Interval",
            7,
            8,
            K::PropertyOverEnd,
            None,
        ),
        // What is missing is found missing only behind where it should be.
        (
            "30 08 00 00 02 01 01 'abc'",
            "Topic Name",
            4,
            4,
            K::TopicEmpty,
            None,
        ),
        (
            "F0 06 18 04 1F 00 01 'x'",
            "Property Length",
            3,
            4,
            K::AuthenticationMethodMissing,
            None,
        ),
        ("E0 01 01", "Reason Code", 2, 3, K::ReasonCode(1), None),
    ] {
        let bytes = hex(text);
        let all = fields(&bytes, Version::V5);
        assert_covers(&all, bytes.len());
        let marked = all.iter().find(|field| field.fault.is_some()).expect(text);
        assert_eq!(
            (marked.name, marked.range.clone()),
            (name, start..end),
            "{text}: {all:#?}"
        );
        assert_eq!(marked.fault.unwrap().kind, kind, "{text}");
        let unread = all.iter().find(|field| field.name == "Not read");
        assert_eq!(unread.map(|field| field.range.clone()), rest, "{text}");
    }
}

/// What a message can be kept with is marked, each in its place, and all that is behind it is laid out.
#[test]
fn each_fault_of_a_message_is_marked_in_its_place() {
    let bytes =
        hex("31 1B 00 03 'w/#' 13 01 02 08 00 00 0B 00 26 00 01 00 00 01 'v' 02 00 00 00 05 'hi'");
    let all = fields(&bytes, Version::V5);
    assert_covers(&all, bytes.len());
    let marked: Vec<_> = all
        .iter()
        .filter_map(|field| Some((field.name, field.range.clone(), field.fault?.kind)))
        .collect();
    assert_eq!(
        marked,
        [
            ("Topic Name", 4..7, K::TopicWildcard),
            ("Payload Format Indicator", 9..10, K::PropertyNotFlag(1)),
            ("Response Topic", 13..13, K::ResponseTopicEmpty),
            ("Subscription Identifier", 14..15, K::PropertyZero(0x0B)),
            ("User Property name", 18..19, K::NulInText),
        ]
    );
    assert_eq!(all.last().unwrap().name, "Payload");
}

/// Nobody has to look for it, so only the map says it.
#[test]
fn a_payload_that_is_not_the_text_it_is_said_to_be_is_marked() {
    let bytes = hex("30 08 00 01 't' 02 01 01 FF 'i'");
    let all = fields(&bytes, Version::V5);
    let fault = all.last().unwrap().fault.expect("the payload is marked");
    assert_eq!((fault.kind, fault.at), (K::PayloadNotText, 8));
    assert_eq!(fault.reason_code(), 0x99);
    assert!(outline(&bytes, Version::V5, Direction::Incoming).is_ok());
    let text = hex("30 08 00 01 't' 02 01 01 'hi'");
    let none = fields(&text, Version::V5);
    assert!(none.iter().all(|field| field.fault.is_none()));
}

#[test]
fn no_secret_is_a_value_however_the_packet_is_cut() {
    let secret = "XYZXYZ";
    for holder in [Holder::Connect, Holder::Connack, Holder::Auth] {
        let (bytes, _) = holder.with(&hex(&format!("15 00 01 'm' 16 00 06 '{secret}'")));
        for end in 0..=bytes.len() {
            for field in fields(&bytes[..end], Version::V5) {
                assert!(!field.value.contains("XY"), "{field:?}");
            }
        }
    }
}

#[test]
fn every_packet_is_covered_wherever_it_is_cut() {
    for holder in HOLDERS {
        for property in PROPERTIES {
            let own = property.with(property.good[1]);
            let (bytes, _) = holder.with(&[own, property.beside(holder)].concat());
            for end in 0..=bytes.len() {
                assert_covers(&fields(&bytes[..end], Version::V5), end);
            }
        }
    }
}
