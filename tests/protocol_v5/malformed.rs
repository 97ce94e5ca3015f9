//! What a packet of MQTT 5 may not look like, apart from its properties and reason codes.

use midge::protocol::Direction::{self, Incoming, Outgoing};
use midge::protocol::{FaultKind as K, FilterFault, Framer, Version, decode, outline};

use super::bytes::{hex, packet};

#[track_caller]
fn refused(direction: Direction, bytes: &[u8], kind: K, at: usize, code: u8, clause: &str) {
    let fault = outline(bytes, Version::V5, direction).expect_err(&format!("{bytes:02x?}"));
    assert_eq!((fault.kind, fault.at), (kind, at), "{bytes:02x?}: {fault}");
    assert_eq!(fault.reason_code(), code, "{bytes:02x?}: {fault}");
    assert_eq!(fault.clause(), clause, "{bytes:02x?}: {fault}");
    if direction == Incoming {
        assert_eq!(
            decode(bytes, Version::V5),
            Err(fault),
            "decode refuses it alike"
        );
    }
}

/// MQTT 5 [MQTT-2.1.3-1], [MQTT-3.14.1-1], [MQTT-3.15.1-1]
#[test]
fn a_first_byte_that_no_packet_has_is_refused_when_it_comes() {
    let reserved = "2.1.3 [MQTT-2.1.3-1]";
    for (direction, first, kind, code, clause) in [
        (Incoming, 0x00, K::TypeReserved(0), 0x81, "2.1.2"),
        (Incoming, 0x10, K::TypeNotAllowed, 0x82, "2.1.2"),
        (Incoming, 0x82, K::TypeNotAllowed, 0x82, "2.1.2"),
        (Incoming, 0xA2, K::TypeNotAllowed, 0x82, "2.1.2"),
        (Incoming, 0xC0, K::TypeNotAllowed, 0x82, "2.1.2"),
        (Outgoing, 0x20, K::TypeNotAllowed, 0x82, "2.1.2"),
        (Outgoing, 0x90, K::TypeNotAllowed, 0x82, "2.1.2"),
        (Outgoing, 0xB0, K::TypeNotAllowed, 0x82, "2.1.2"),
        (Outgoing, 0xD0, K::TypeNotAllowed, 0x82, "2.1.2"),
        (Incoming, 0x21, K::ReservedFlags, 0x81, reserved),
        (Incoming, 0x36, K::QosThree, 0x81, "3.3.1.2 [MQTT-3.3.1-4]"),
        (
            Incoming,
            0x38,
            K::DupWithQosZero,
            0x81,
            "3.3.1.1 [MQTT-3.3.1-2]",
        ),
        (Incoming, 0x41, K::ReservedFlags, 0x81, reserved),
        (
            Incoming,
            0x60,
            K::ReservedFlags,
            0x81,
            "2.1.3 [MQTT-2.1.3-1], 3.6.1 [MQTT-3.6.1-1]",
        ),
        (
            Incoming,
            0x6A,
            K::ReservedFlags,
            0x81,
            "2.1.3 [MQTT-2.1.3-1], 3.6.1 [MQTT-3.6.1-1]",
        ),
        (
            Outgoing,
            0x80,
            K::ReservedFlags,
            0x81,
            "2.1.3 [MQTT-2.1.3-1], 3.8.1 [MQTT-3.8.1-1]",
        ),
        (
            Outgoing,
            0xA0,
            K::ReservedFlags,
            0x81,
            "2.1.3 [MQTT-2.1.3-1], 3.10.1 [MQTT-3.10.1-1]",
        ),
        (
            Incoming,
            0xE1,
            K::ReservedFlags,
            0x81,
            "2.1.3 [MQTT-2.1.3-1], 3.14.1 [MQTT-3.14.1-1]",
        ),
        (
            Incoming,
            0xF1,
            K::ReservedFlags,
            0x81,
            "2.1.3 [MQTT-2.1.3-1], 3.15.1 [MQTT-3.15.1-1]",
        ),
    ] {
        refused(direction, &[first, 0], kind, 0, code, clause);
        let mut framer = Framer::facing(100, Version::V5, direction);
        framer.push(&[first]);
        assert_eq!(framer.next().unwrap().unwrap_err().kind, kind);
    }
    for version in [Version::V31, Version::V311] {
        for direction in [Incoming, Outgoing] {
            let fault = outline(&[0xF0, 0], version, direction).unwrap_err();
            assert_eq!(fault.kind, K::TypeReserved(15), "AUTH came with MQTT 5");
        }
        let fault = outline(&[0xE0, 0], version, Incoming).unwrap_err();
        assert_eq!(
            fault.kind,
            K::TypeNotAllowed,
            "a broker's DISCONNECT came with MQTT 5"
        );
    }
}

/// MQTT 5 [MQTT-1.5.4-1], [MQTT-1.5.4-2], [MQTT-2.2.1-3], [MQTT-3.3.1-2], [MQTT-3.3.1-4], [MQTT-3.3.2-1], [MQTT-3.3.2-2], [MQTT-4.7.0-1]
#[test]
fn a_publish_that_breaks_a_rule_is_refused() {
    for (text, kind, at, code, clause) in [
        ("30 00", K::BodyTooShort, 2, 0x81, "2.1.4"),
        ("30 03 00 01 't'", K::BodyTooShort, 5, 0x81, "2.1.4"),
        ("30 03 00 00 00", K::TopicEmpty, 4, 0x82, "3.3.2.1"),
        (
            "30 08 00 00 05 02 00 00 00 01",
            K::TopicEmpty,
            4,
            0x82,
            "3.3.2.1",
        ),
        (
            "30 06 00 03 'a/+' 00",
            K::TopicWildcard,
            6,
            0x81,
            "3.3.2.1 [MQTT-3.3.2-2]",
        ),
        (
            "30 06 00 03 'a' 00 'b' 00",
            K::NulInText,
            5,
            0x81,
            "1.5.4 [MQTT-1.5.4-2]",
        ),
        (
            "30 06 00 03 ED A0 80 00",
            K::NotUtf8,
            4,
            0x81,
            "1.5.4 [MQTT-1.5.4-1]",
        ),
        ("30 04 00 09 't' 00", K::LengthOverEnd, 2, 0x81, "1.5.4"),
        (
            "32 06 00 01 't' 00 00 00",
            K::PacketIdZero,
            5,
            0x82,
            "2.2.1 [MQTT-2.2.1-3], [MQTT-2.2.1-4]",
        ),
        ("32 05 00 01 't' 00 0A", K::BodyTooShort, 7, 0x81, "2.1.4"),
    ] {
        refused(Incoming, &hex(text), kind, at, code, clause);
    }
    let with_alias = hex("30 07 00 00 03 23 00 07 'x'");
    let found = outline(&with_alias, Version::V5, Incoming).unwrap();
    assert_eq!(
        (found.topic, found.topic_alias, found.payload),
        ((4, 4), 7, 8)
    );
}

/// MQTT 5 [MQTT-3.3.2-8]
#[test]
fn a_topic_alias_of_zero_has_a_reason_code_of_its_own() {
    let bytes = hex("30 07 00 01 't' 03 23 00 00");
    refused(
        Incoming,
        &bytes,
        K::PropertyZero(0x23),
        7,
        0x94,
        "3.3.2.3.4 [MQTT-3.3.2-8]",
    );
}

#[test]
fn a_payload_that_is_said_to_be_text_and_is_not_is_let_through() {
    let bytes = hex("30 08 00 01 't' 02 01 01 FF FE");
    assert!(
        outline(&bytes, Version::V5, Incoming).is_ok(),
        "what to do about it is the user's"
    );
}

/// MQTT 5 [MQTT-3.2.2-1]
#[test]
fn a_connack_that_breaks_a_rule_is_refused() {
    for (text, kind, at, code, clause) in [
        ("20 00", K::BodyTooShort, 2, 0x81, "2.1.4"),
        ("20 01 00", K::BodyTooShort, 3, 0x81, "2.1.4"),
        ("20 02 00 00", K::BodyTooShort, 4, 0x81, "2.1.4"),
        ("20 02 00 87", K::BodyTooShort, 4, 0x81, "2.1.4"),
        (
            "20 02 00 06",
            K::ReasonCode(6),
            3,
            0x82,
            "3.2.2.2 [MQTT-3.2.2-8]",
        ),
        (
            "20 02 01 01",
            K::ReasonCode(1),
            3,
            0x82,
            "3.2.2.2 [MQTT-3.2.2-8]",
        ),
        (
            "20 03 00 01 00",
            K::ReasonCode(1),
            3,
            0x82,
            "3.2.2.2 [MQTT-3.2.2-8]",
        ),
        (
            "20 03 02 00 00",
            K::ConnackFlags,
            2,
            0x81,
            "3.2.2.1 [MQTT-3.2.2-1]",
        ),
        (
            "20 03 01 87 00",
            K::SessionPresentRefused,
            3,
            0x82,
            "3.2.2.1.1 [MQTT-3.2.2-6]",
        ),
        ("20 04 00 00 00 00", K::BodyTooLong, 5, 0x81, "2.1.4"),
        ("20 03 00 00 00 00", K::TrailingBytes, 5, 0x81, "2.1.4"),
    ] {
        refused(Incoming, &hex(text), kind, at, code, clause);
    }
}

/// MQTT 5 [MQTT-2.2.1-3], [MQTT-3.8.3-1], [MQTT-3.8.3-2], [MQTT-3.8.3-4], [MQTT-3.10.3-1], [MQTT-3.10.3-2], [MQTT-4.7.1-1], [MQTT-4.7.1-2], [MQTT-4.7.3-1], [MQTT-4.8.2-1], [MQTT-4.8.2-2]
#[test]
fn a_subscribe_or_unsubscribe_that_breaks_a_rule_is_refused() {
    let id = "2.2.1 [MQTT-2.2.1-3], [MQTT-2.2.1-4]";
    for (text, kind, at, code, clause) in [
        (
            "82 03 00 01 00",
            K::NoFilters,
            5,
            0x82,
            "3.8.3 [MQTT-3.8.3-2]",
        ),
        (
            "A2 03 00 01 00",
            K::NoFilters,
            5,
            0x82,
            "3.10.3 [MQTT-3.10.3-2]",
        ),
        ("82 07 00 00 00 00 01 'a' 00", K::PacketIdZero, 2, 0x82, id),
        ("A2 06 00 00 00 00 01 'a'", K::PacketIdZero, 2, 0x82, id),
        (
            "82 06 00 01 00 00 01 'a'",
            K::BodyTooShort,
            8,
            0x81,
            "2.1.4",
        ),
        (
            "82 07 00 01 00 00 01 'a' 03",
            K::RequestedQos(3),
            8,
            0x82,
            "3.8.3.1",
        ),
        (
            "82 07 00 01 00 00 01 'a' 30",
            K::RetainHandlingThree,
            8,
            0x82,
            "3.8.3.1",
        ),
        (
            "82 07 00 01 00 00 01 'a' 40",
            K::SubscriptionOptionsReserved(0x40),
            8,
            0x81,
            "3.8.3.1 [MQTT-3.8.3-5]",
        ),
        (
            "82 07 00 01 00 00 01 'a' 81",
            K::SubscriptionOptionsReserved(0x81),
            8,
            0x81,
            "3.8.3.1 [MQTT-3.8.3-5]",
        ),
        (
            "82 10 00 01 00 00 0A '$share/g/a' 04",
            K::NoLocalShared,
            17,
            0x82,
            "3.8.3.1 [MQTT-3.8.3-4]",
        ),
        (
            "82 07 00 01 00 00 01 FF 00",
            K::NotUtf8,
            7,
            0x81,
            "1.5.4 [MQTT-1.5.4-1]",
        ),
        (
            "A2 06 00 01 00 00 01 FF",
            K::NotUtf8,
            7,
            0x81,
            "1.5.4 [MQTT-1.5.4-1]",
        ),
        (
            "82 06 00 01 00 00 00 00",
            K::Filter(FilterFault::Empty),
            7,
            0x81,
            "4.7.3 [MQTT-4.7.3-1]",
        ),
        (
            "A2 07 00 01 00 00 02 'a#'",
            K::Filter(FilterFault::HashNotAlone { level: 0 }),
            7,
            0x81,
            "4.7.1.2 [MQTT-4.7.1-1]",
        ),
        (
            "A2 07 00 01 00 00 02 '+a'",
            K::Filter(FilterFault::PlusNotAlone { level: 0 }),
            7,
            0x81,
            "4.7.1.3 [MQTT-4.7.1-2]",
        ),
        (
            "A2 0E 00 01 00 00 09 '$share//a'",
            K::Filter(FilterFault::ShareGroupEmpty),
            7,
            0x81,
            "4.8.2 [MQTT-4.8.2-1]",
        ),
        (
            "A2 0D 00 01 00 00 08 '$share/g'",
            K::Filter(FilterFault::ShareFilterEmpty),
            7,
            0x81,
            "4.8.2 [MQTT-4.8.2-2]",
        ),
    ] {
        refused(Outgoing, &hex(text), kind, at, code, clause);
    }
}

#[test]
fn answers_that_break_a_rule_are_refused() {
    let id = "2.2.1 [MQTT-2.2.1-3], [MQTT-2.2.1-4]";
    for (text, kind, at, code, clause) in [
        ("40 01 00", K::BodyTooShort, 3, 0x81, "2.1.4"),
        ("40 02 00 00", K::PacketIdZero, 2, 0x82, id),
        ("50 03 00 00 00", K::PacketIdZero, 2, 0x82, id),
        ("62 04 00 00 00 00", K::PacketIdZero, 2, 0x82, id),
        ("70 02 00 00", K::PacketIdZero, 2, 0x82, id),
        ("90 04 00 00 00 00", K::PacketIdZero, 2, 0x82, id),
        ("B0 04 00 00 00 00", K::PacketIdZero, 2, 0x82, id),
        ("40 05 00 01 00 00 00", K::BodyTooLong, 6, 0x81, "2.1.4"),
        (
            "40 04 00 01 00 01",
            K::PropertiesOverEnd,
            5,
            0x81,
            "2.2.2.1",
        ),
        ("90 02 00 01", K::BodyTooShort, 4, 0x81, "2.1.4"),
        (
            "90 03 00 01 00",
            K::SubackEmpty,
            5,
            0x82,
            "3.9.3 [MQTT-3.9.3-1]",
        ),
        ("B0 02 00 01", K::BodyTooShort, 4, 0x81, "2.1.4"),
        (
            "B0 03 00 01 00",
            K::SubackEmpty,
            5,
            0x82,
            "3.11.3 [MQTT-3.11.3-1]",
        ),
        ("D0 01 00", K::BodyTooLong, 2, 0x81, "2.1.4"),
        ("E0 03 81 00 00", K::BodyTooLong, 4, 0x81, "2.1.4"),
        ("F0 01 18", K::BodyTooShort, 3, 0x81, "2.1.4"),
        (
            "F0 02 18 00",
            K::AuthenticationMethodMissing,
            3,
            0x82,
            "3.15.2.2.2",
        ),
        (
            "F0 06 00 04 1F 00 01 'x'",
            K::AuthenticationMethodMissing,
            3,
            0x82,
            "3.15.2.2.2",
        ),
        (
            "F0 06 18 04 16 00 01 'x'",
            K::AuthenticationMethodMissing,
            3,
            0x82,
            "3.15.2.2.2",
        ),
    ] {
        refused(Incoming, &hex(text), kind, at, code, clause);
    }
    for text in ["E0 00", "E0 01 81", "E0 02 81 00", "F0 00", "F0 02 00 00"] {
        assert!(outline(&hex(text), Version::V5, Incoming).is_ok(), "{text}");
    }
}

/// MQTT 5 [MQTT-3.1.2-1], [MQTT-3.1.2-11], [MQTT-3.1.2-12], [MQTT-3.1.2-13], [MQTT-3.1.3-4], [MQTT-3.1.3-11], [MQTT-3.1.3-12]
#[test]
fn a_connect_that_breaks_a_rule_is_refused() {
    let connect = |flags: &str, rest: &str| {
        packet(0x10, &hex(&format!("00 04 'MQTT' 05 {flags} 00 3C {rest}")))
    };
    let will_qos = "3.1.2.6 [MQTT-3.1.2-12]";
    let no_will = "3.1.2.6 [MQTT-3.1.2-11], 3.1.2.7 [MQTT-3.1.2-13]";
    let text = "1.5.4 [MQTT-1.5.4-1]";
    for (bytes, kind, at, code, clause) in [
        (
            connect("03", "00 00 00"),
            K::ConnectFlagReserved,
            9,
            0x81,
            "3.1.2.3 [MQTT-3.1.2-3]",
        ),
        (
            connect("1E", "00 00 00 00 00 01 'w' 00 00"),
            K::WillQosThree,
            9,
            0x81,
            will_qos,
        ),
        (
            connect("0A", "00 00 00"),
            K::WillFlagsWithoutWill,
            9,
            0x81,
            no_will,
        ),
        (
            connect("22", "00 00 00"),
            K::WillFlagsWithoutWill,
            9,
            0x81,
            no_will,
        ),
        (connect("02", "00 00 01 FF"), K::NotUtf8, 15, 0x81, text),
        (
            connect("06", "00 00 00 00 00 01 FF 00 00"),
            K::NotUtf8,
            18,
            0x81,
            text,
        ),
        (
            connect("82", "00 00 00 00 01 FF"),
            K::NotUtf8,
            17,
            0x81,
            text,
        ),
        (
            connect("06", "00 00 00 00 00 00 00 00"),
            K::TopicEmpty,
            18,
            0x81,
            "4.7.3 [MQTT-4.7.3-1]",
        ),
        (
            connect("02", "04 16 00 01 'x' 00 00"),
            K::AuthenticationDataAlone,
            12,
            0x82,
            "3.1.2.11.10",
        ),
        (
            hex("10 0D 00 04 'mqtt' 05 02 00 3C 00 00 00"),
            K::ProtocolName,
            4,
            0x84,
            "3.1.2.1 [MQTT-3.1.2-1]",
        ),
        (
            hex("10 0D 00 04 'MQTT' 04 02 00 3C 00 00 00"),
            K::ProtocolLevel(4),
            8,
            0x84,
            "3.1.2.2 [MQTT-3.1.2-2]",
        ),
    ] {
        refused(Outgoing, &bytes, kind, at, code, clause);
    }
    for (bytes, why) in [
        (
            connect("00", "00 00 00"),
            "no client identifier, and no clean start",
        ),
        (
            connect("42", "00 00 00 00 01 'p'"),
            "a password without a user name",
        ),
    ] {
        assert!(outline(&bytes, Version::V5, Outgoing).is_ok(), "{why}");
    }
}
