//! The field map: what every byte of a packet is, also of a malformed one.

use midge::protocol::fields::{MOST, NAMES};
use midge::protocol::{
    Connect, Direction, Fault, FaultKind, Field, PublishParts, Qos, Version, Will, encode, fields,
    outline, reason,
};
use proptest::prelude::*;

fn packet(write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    write(&mut out);
    out
}

fn connect() -> Vec<u8> {
    let c = Connect {
        version: Version::V311,
        client_id: "midge".into(),
        keep_alive: 30,
        clean_session: true,
        user_name: Some("chen".into()),
        password: Some(b"hunter2".to_vec()),
        will: Some(Will {
            topic: "gone".into(),
            payload: b"yes".to_vec(),
            qos: Qos::AtLeastOnce,
            retain: true,
            ..Will::default()
        }),
        properties: Default::default(),
    };
    packet(|out| encode::connect(&c, out).unwrap())
}

fn publish() -> Vec<u8> {
    let parts = PublishParts {
        topic: "room/溫度",
        payload: b"21.5",
        qos: Qos::AtLeastOnce,
        retain: false,
        dup: false,
        packet_id: 10,
        properties: None,
        topic_alias: None,
    };
    packet(|out| encode::publish(&parts, Version::V311, out).unwrap())
}

/// One of every type, valid.
fn packets() -> Vec<Vec<u8>> {
    vec![
        connect(),
        vec![0x20, 2, 1, 0],
        publish(),
        vec![0x40, 2, 0, 1],
        vec![0x50, 2, 0, 1],
        vec![0x62, 2, 0, 1],
        vec![0x70, 2, 0, 1],
        packet(|out| {
            encode::subscribe(
                1,
                &[
                    ("a/+", Qos::AtMostOnce.into()),
                    ("#", Qos::ExactlyOnce.into()),
                ],
                None,
                Version::V311,
                out,
            )
            .unwrap()
        }),
        vec![0x90, 5, 0, 1, 0, 2, 0x80],
        packet(|out| encode::unsubscribe(1, &["a/+", "#"], Version::V311, out).unwrap()),
        vec![0xB0, 2, 0, 1],
        vec![0xC0, 0],
        vec![0xD0, 0],
        vec![0xE0, 0],
    ]
}

fn assert_covers(fields: &[Field], size: usize) {
    let mut at = 0;
    for field in fields {
        assert_eq!(field.range.start, at, "{fields:#?}");
        assert!(
            field.range.end >= at && NAMES.contains(&field.name),
            "{field:?}"
        );
        at = field.range.end;
    }
    assert_eq!(at, size, "{fields:#?}");
    assert!(fields.len() <= MOST);
    let faults: Vec<_> = fields.iter().filter_map(|field| field.fault).collect();
    let forgivable = |fault: &&Fault| fault.is_of_a_message();
    let others = faults.len() - faults.iter().filter(forgivable).count();
    assert!(others <= 1, "{faults:?}");
}

/// Range, name and value of each field.
fn lines(packet: &[u8]) -> Vec<(usize, usize, &'static str, String)> {
    let all = fields(packet, Version::V311);
    assert_covers(&all, packet.len());
    all.into_iter()
        .map(|field| (field.range.start, field.range.end, field.name, field.value))
        .collect()
}

#[track_caller]
fn assert_lines(packet: &[u8], expected: &[(usize, usize, &'static str, &str)]) {
    let lines = lines(packet);
    let found: Vec<_> = lines
        .iter()
        .map(|(start, end, name, value)| (*start, *end, *name, &value[..]))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn the_fields_of_a_publish_are_those_of_section_3_3() {
    assert_lines(
        &publish(),
        &[
            (
                0,
                1,
                "Control Packet type and flags",
                "PUBLISH, DUP 0, QoS 1, RETAIN 0",
            ),
            (1, 2, "Remaining Length", "19"),
            (2, 4, "Topic Name length", "11"),
            (4, 15, "Topic Name", "room/溫度"),
            (15, 17, "Packet Identifier", "10"),
            (17, 21, "Payload", "4 bytes"),
        ],
    );
    assert_lines(
        b"\x31\x03\x00\x01a",
        &[
            (
                0,
                1,
                "Control Packet type and flags",
                "PUBLISH, DUP 0, QoS 0, RETAIN 1",
            ),
            (1, 2, "Remaining Length", "3"),
            (2, 4, "Topic Name length", "1"),
            (4, 5, "Topic Name", "a"),
            (5, 5, "Payload", "0 bytes"),
        ],
    );
}

#[test]
fn the_fields_of_a_connect_are_those_of_section_3_1_and_the_password_is_hidden() {
    assert_lines(
        &connect(),
        &[
            (0, 1, "Control Packet type and flags", "CONNECT"),
            (1, 2, "Remaining Length", "43"),
            (2, 4, "Protocol Name length", "4"),
            (4, 8, "Protocol Name", "MQTT"),
            (8, 9, "Protocol Level", "4"),
            (
                9,
                10,
                "Connect Flags",
                "User Name 1, Password 1, Will Retain 1, Will QoS 1, Will 1, Clean Session 1",
            ),
            (10, 12, "Keep Alive", "30"),
            (12, 14, "Client Identifier length", "5"),
            (14, 19, "Client Identifier", "midge"),
            (19, 21, "Will Topic length", "4"),
            (21, 25, "Will Topic", "gone"),
            (25, 27, "Will Message length", "3"),
            (27, 30, "Will Message", "3 bytes"),
            (30, 32, "User Name length", "4"),
            (32, 36, "User Name", "chen"),
            (36, 38, "Password length", "7"),
            (38, 45, "Password", "•••"),
        ],
    );
}

#[test]
fn the_fields_of_the_answers_are_named_in_the_words_of_the_specification() {
    assert_lines(
        &[0x20, 2, 0, 4],
        &[
            (0, 1, "Control Packet type and flags", "CONNACK"),
            (1, 2, "Remaining Length", "2"),
            (2, 3, "Connect Acknowledge Flags", "Session Present 0"),
            (
                3,
                4,
                "Connect Return code",
                "4: Connection Refused, bad user name or password",
            ),
        ],
    );
    assert_lines(
        &[0x90, 4, 0, 9, 1, 0x80],
        &[
            (0, 1, "Control Packet type and flags", "SUBACK"),
            (1, 2, "Remaining Length", "4"),
            (2, 4, "Packet Identifier", "9"),
            (4, 5, "Return code", "0x01: Success - Maximum QoS 1"),
            (5, 6, "Return code", "0x80: Failure"),
        ],
    );
    assert_eq!(reason::connack_name(0), "Connection Accepted");
    assert_eq!(reason::connack_name(6), "Reserved for future use");
    assert_eq!(reason::suback_name(3), "Reserved");
}

#[test]
fn every_type_of_packet_has_named_fields_without_a_fault() {
    for packet in packets() {
        let all = fields(&packet, Version::V311);
        assert_covers(&all, packet.len());
        for field in all {
            assert!(
                field.fault.is_none() && !field.value.is_empty() && !field.clause.is_empty(),
                "{field:?}"
            );
        }
    }
}

#[test]
fn the_field_at_fault_is_marked_and_what_is_behind_it_is_not_read() {
    // (packet, name of the field at fault, its range, where the rest begins)
    for (packet, name, range, kind) in [
        (
            &b"\x37\x05\x00\x01a\x00\x01"[..],
            "Control Packet type and flags",
            0..1,
            FaultKind::QosThree,
        ),
        (
            b"\x30\x05\x00\x03a/+",
            "Topic Name",
            4..7,
            FaultKind::TopicWildcard,
        ),
        (
            b"\x30\x05\x00\x03\xff\xff\xff",
            "Topic Name",
            4..7,
            FaultKind::NotUtf8,
        ),
        (
            b"\x30\x05\x00\x09abc",
            "Topic Name length",
            2..4,
            FaultKind::LengthOverEnd,
        ),
        (
            b"\x30\x02\x00\x00",
            "Topic Name",
            4..4,
            FaultKind::TopicEmpty,
        ),
        (
            b"\x32\x05\x00\x01a\x00\x00",
            "Packet Identifier",
            5..7,
            FaultKind::PacketIdZero,
        ),
        (
            b"\x32\x04\x00\x01a\x00",
            "Packet Identifier",
            5..6,
            FaultKind::BodyTooShort,
        ),
        (
            b"\x30\x7f\x00\x01abc",
            "Payload",
            5..7,
            FaultKind::Incomplete,
        ),
        (
            b"\x30\x7f\x00\x09abc",
            "Topic Name",
            4..7,
            FaultKind::Incomplete,
        ),
        (b"\x30", "Remaining Length", 1..1, FaultKind::Incomplete),
        (
            b"\x30\x80\x80\x80\x80\x01",
            "Remaining Length",
            1..5,
            FaultKind::LengthUnended,
        ),
        (
            b"\x30\x80\x80\x00\x01\x02",
            "Remaining Length",
            1..4,
            FaultKind::LengthNotMinimal,
        ),
        (
            b"\x40\x03\x00\x01\x07",
            "Bytes left over",
            4..5,
            FaultKind::BodyTooLong,
        ),
        (
            b"\xd0\x00\xd0\x00",
            "Bytes left over",
            2..4,
            FaultKind::TrailingBytes,
        ),
        (
            b"\x20\x02\x03\x00",
            "Connect Acknowledge Flags",
            2..3,
            FaultKind::ConnackFlags,
        ),
        (
            b"\x82\x02\x00\x01",
            "Topic Filter",
            4..4,
            FaultKind::NoFilters,
        ),
        (
            b"\x90\x04\x00\x01\x05\x00",
            "Return code",
            4..5,
            FaultKind::SubackCode(5),
        ),
        (
            b"\xf0\x00",
            "Control Packet type and flags",
            0..1,
            FaultKind::TypeReserved(15),
        ),
    ] {
        let all = fields(packet, Version::V311);
        assert_covers(&all, packet.len());
        let index = all
            .iter()
            .position(|field| field.fault.is_some())
            .expect("a field is marked");
        let field = &all[index];
        assert_eq!(
            (field.name, field.range.clone()),
            (name, range.clone()),
            "{packet:02x?}"
        );
        let fault = field.fault.unwrap();
        assert_eq!(fault.kind, kind, "{packet:02x?}");
        assert!(range.start <= fault.at && fault.at <= range.end);
        let rest: Vec<_> = all[index + 1..]
            .iter()
            .map(|field| (field.name, field.range.clone()))
            .collect();
        // A message that can be kept is laid out to its end.
        let behind = if fault.is_of_a_message() {
            Some(("Payload", range.end..packet.len()))
        } else {
            (range.end < packet.len()).then_some(("Not read", range.end..packet.len()))
        };
        let expected: Vec<_> = behind.into_iter().collect();
        assert_eq!(rest, expected, "{packet:02x?}");
    }
}

#[test]
fn no_bytes_have_no_fields() {
    for version in [Version::V31, Version::V311, Version::V5] {
        assert_eq!(fields(&[], version), []);
    }
}

#[test]
fn no_more_fields_are_listed_than_can_be_shown_and_the_one_at_fault_is_among_them() {
    let count = 100_000;
    let mut packet = vec![0x90, 0xA2, 0x8D, 0x06, 0, 1];
    packet.resize(6 + count, 2);
    let all = fields(&packet, Version::V311);
    assert_covers(&all, packet.len());
    let further = all
        .iter()
        .find(|field| field.name == "Further fields")
        .unwrap();
    assert_eq!(further.value, format!("{} fields", further.range.len()));
    assert_eq!(all.last().unwrap().name, "Return code");

    let bad = packet.len() - 2;
    packet[bad] = 3;
    let all = fields(&packet, Version::V311);
    assert_covers(&all, packet.len());
    let marked = all.iter().find(|field| field.fault.is_some()).unwrap();
    assert_eq!(
        (marked.range.clone(), marked.name),
        (bad..bad + 1, "Return code")
    );
    assert_eq!(all.last().unwrap().name, "Not read");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    /// Bytes changed, put in, taken out, cut off: every byte is in one field, a fault is marked exactly when the
    /// validation finds it, and the password is never shown.
    #[test]
    fn mutated_packets_are_covered_and_agree_with_the_validation(
        which in 0_usize..14,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 0..5),
    ) {
        let mut packet = packets().swap_remove(which);
        for (at, byte, how) in changes {
            if packet.is_empty() {
                break;
            }
            let at = at.index(packet.len());
            match how {
                0 => packet[at] = byte,
                1 => packet.insert(at, byte),
                2 => {
                    packet.remove(at);
                }
                _ => packet.truncate(at),
            }
        }
        let all = fields(&packet, Version::V311);
        assert_covers(&all, packet.len());
        let marked = all.iter().find_map(|field| field.fault);
        let directions = [Direction::Incoming, Direction::Outgoing];
        let outcomes = directions.map(|direction| outline(&packet, Version::V311, direction));
        match marked {
            Some(fault) => prop_assert!(outcomes.contains(&Err(fault))),
            None => prop_assert!(packet.is_empty() || outcomes.iter().any(Result::is_ok)),
        }
    }

    #[test]
    fn random_bytes_are_covered(packet in prop::collection::vec(any::<u8>(), 0..200)) {
        assert_covers(&fields(&packet, Version::V311), packet.len());
    }

    #[test]
    fn no_password_is_ever_a_value(password in "[XYZ]{6,12}") {
        let c = Connect {
            version: Version::V311,
            client_id: "midge".into(),
            keep_alive: 30,
            clean_session: true,
            user_name: Some("chen".into()),
            password: Some(password.clone().into_bytes()),
            will: None, properties: Default::default(),
        };
        let whole = packet(|out| encode::connect(&c, out).unwrap());
        for end in 0..=whole.len() {
            for field in fields(&whole[..end], Version::V311) {
                prop_assert!(!field.value.contains(&password[..3]), "{field:?}");
            }
        }
    }
}
