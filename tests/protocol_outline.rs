//! Validation: what a packet of each direction may look like, and which rule a malformed one breaks where.

use bytes::BytesMut;
use midge::protocol::{
    Acknowledgement, Codes, Connack,
    Direction::{self, Incoming, Outgoing},
    FaultKind as K, FilterFault, FromBroker, Outline, PacketType, PublishParts, Qos, Version,
    decode, encode, outline,
};
use mqttbytes::v4;
use proptest::prelude::*;

/// Bytes from hexadecimal with spaces; `'text'` stands for its bytes.
fn bytes(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for (index, part) in text.split('\'').enumerate() {
        if index % 2 == 1 {
            out.extend_from_slice(part.as_bytes());
            continue;
        }
        let digits: Vec<u8> = part
            .bytes()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        for pair in digits.chunks(2) {
            out.push(u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap());
        }
    }
    out
}

/// Every rule that a packet can break, each with its kind and place.
///
/// MQTT 3.1.1 [MQTT-1.5.3-1], [MQTT-1.5.3-2], [MQTT-2.2.2-1], [MQTT-2.2.2-2], [MQTT-2.3.1-1], [MQTT-3.1.2-13], [MQTT-3.1.2-14], [MQTT-3.1.2-15], [MQTT-3.1.2-22], [MQTT-3.1.3-7], [MQTT-3.2.2-4], [MQTT-3.3.1-2], [MQTT-3.3.1-4], [MQTT-3.3.2-2], [MQTT-3.6.1-1], [MQTT-3.8.1-1], [MQTT-3.8.3-3], [MQTT-3.9.3-2], [MQTT-3.10.1-1], [MQTT-3.10.3-2], [MQTT-3.14.1-1], [MQTT-4.7.1-2], [MQTT-4.7.3-1], [MQTT-4.7.3-2]
#[test]
fn malformed_packets_are_refused_with_their_rule_and_place() {
    let connect = |flags: &str, rest: &str| format!("10 {{}} 00 04 'MQTT' 04 {flags} 00 3C {rest}");
    let with_length = |text: String| {
        let body = bytes(&text.replacen("10 {}", "", 1));
        let mut out = vec![0x10, body.len() as u8];
        out.extend_from_slice(&body);
        out
    };
    let fixed = |text: &str| bytes(text);
    let table: Vec<(Direction, Vec<u8>, K, usize)> = vec![
        // Section 2.2.1: types and directions.
        (Incoming, fixed(""), K::Incomplete, 0),
        (Incoming, fixed("00 00"), K::TypeReserved(0), 0),
        (Incoming, fixed("F0 00"), K::TypeReserved(15), 0),
        (Outgoing, fixed("F0 00"), K::TypeReserved(15), 0),
        (
            Incoming,
            fixed("10 0C 00 04 'MQTT' 04 02 00 3C 00 00"),
            K::TypeNotAllowed,
            0,
        ),
        (
            Incoming,
            fixed("82 06 00 01 00 01 'a' 00"),
            K::TypeNotAllowed,
            0,
        ),
        (
            Incoming,
            fixed("A2 05 00 01 00 01 'a'"),
            K::TypeNotAllowed,
            0,
        ),
        (Incoming, fixed("C0 00"), K::TypeNotAllowed, 0),
        (Incoming, fixed("E0 00"), K::TypeNotAllowed, 0),
        (Outgoing, fixed("20 02 00 00"), K::TypeNotAllowed, 0),
        (Outgoing, fixed("90 03 00 01 00"), K::TypeNotAllowed, 0),
        (Outgoing, fixed("B0 02 00 01"), K::TypeNotAllowed, 0),
        (Outgoing, fixed("D0 00"), K::TypeNotAllowed, 0),
        // Section 2.2.2: flags.
        (Incoming, fixed("21 02 00 00"), K::ReservedFlags, 0),
        (Incoming, fixed("42 02 00 01"), K::ReservedFlags, 0),
        (Incoming, fixed("51 02 00 01"), K::ReservedFlags, 0),
        (Incoming, fixed("60 02 00 01"), K::ReservedFlags, 0),
        (Incoming, fixed("63 02 00 01"), K::ReservedFlags, 0),
        (Incoming, fixed("78 02 00 01"), K::ReservedFlags, 0),
        (Incoming, fixed("94 03 00 01 00"), K::ReservedFlags, 0),
        (Incoming, fixed("B2 02 00 01"), K::ReservedFlags, 0),
        (Incoming, fixed("D1 00"), K::ReservedFlags, 0),
        (
            Outgoing,
            fixed("11 0C 00 04 'MQTT' 04 02 00 3C 00 00"),
            K::ReservedFlags,
            0,
        ),
        (
            Outgoing,
            fixed("80 06 00 01 00 01 'a' 00"),
            K::ReservedFlags,
            0,
        ),
        (
            Outgoing,
            fixed("A0 05 00 01 00 01 'a'"),
            K::ReservedFlags,
            0,
        ),
        (Outgoing, fixed("C8 00"), K::ReservedFlags, 0),
        (Outgoing, fixed("E1 00"), K::ReservedFlags, 0),
        // Section 2.2.3: lengths.
        (Incoming, fixed("D0"), K::Incomplete, 1),
        (Incoming, fixed("30 80"), K::Incomplete, 2),
        (Incoming, fixed("D0 80 00"), K::LengthNotMinimal, 1),
        (Incoming, fixed("40 82 00 00 01"), K::LengthNotMinimal, 1),
        (Incoming, fixed("30 FF FF FF FF 7F"), K::LengthUnended, 1),
        (Incoming, fixed("D0 00 D0 00"), K::TrailingBytes, 2),
        (Incoming, fixed("40 02 00 01 00"), K::TrailingBytes, 4),
        (Incoming, fixed("30 06 00 01 'a' 'b'"), K::Incomplete, 6),
        (Incoming, fixed("40 02 00"), K::Incomplete, 3),
        (Incoming, fixed("D0 01 00"), K::BodyTooLong, 2),
        (Incoming, fixed("40 03 00 01 00"), K::BodyTooLong, 4),
        (Incoming, fixed("20 03 00 00 00"), K::BodyTooLong, 4),
        (Incoming, fixed("B0 03 00 01 00"), K::BodyTooLong, 4),
        (Outgoing, fixed("E0 01 00"), K::BodyTooLong, 2),
        (
            Outgoing,
            with_length(connect("02", "00 01 'a' 00")),
            K::BodyTooLong,
            15,
        ),
        (Incoming, fixed("40 00"), K::BodyTooShort, 2),
        (Incoming, fixed("50 01 00"), K::BodyTooShort, 3),
        (Incoming, fixed("20 00"), K::BodyTooShort, 2),
        (Incoming, fixed("20 01 00"), K::BodyTooShort, 3),
        (Incoming, fixed("90 01 00"), K::BodyTooShort, 3),
        // Section 3.3: PUBLISH.
        (Incoming, fixed("36 05 00 01 'a' 00 01"), K::QosThree, 0),
        (Outgoing, fixed("37 05 00 01 'a' 00 01"), K::QosThree, 0),
        (Incoming, fixed("38 03 00 01 'a'"), K::DupWithQosZero, 0),
        (Incoming, fixed("30 00"), K::BodyTooShort, 2),
        (Incoming, fixed("30 01 00"), K::BodyTooShort, 3),
        (Incoming, fixed("30 02 00 00"), K::TopicEmpty, 4),
        (Incoming, fixed("30 02 00 01"), K::LengthOverEnd, 2),
        (Incoming, fixed("30 05 00 04 'abc'"), K::LengthOverEnd, 2),
        (Incoming, fixed("30 05 FF FF 'abc'"), K::LengthOverEnd, 2),
        (Incoming, fixed("30 05 00 03 'a/+'"), K::TopicWildcard, 6),
        (Outgoing, fixed("30 05 00 03 '#/a'"), K::TopicWildcard, 4),
        (Incoming, fixed("30 05 00 03 'a' 00 'b'"), K::NulInText, 5),
        (Incoming, fixed("30 04 00 02 'a' FF"), K::NotUtf8, 5),
        (Incoming, fixed("30 05 00 03 ED A0 80"), K::NotUtf8, 4),
        (Incoming, fixed("30 04 00 02 C0 80"), K::NotUtf8, 4),
        (Incoming, fixed("30 04 00 02 E6 BA"), K::NotUtf8, 4),
        (Incoming, fixed("32 03 00 01 'a'"), K::BodyTooShort, 5),
        (Incoming, fixed("34 04 00 01 'a' 00"), K::BodyTooShort, 6),
        (Incoming, fixed("32 05 00 01 'a' 00 00"), K::PacketIdZero, 5),
        // Sections 3.4 to 3.7, 3.9, 3.11: identifiers and codes.
        (Incoming, fixed("40 02 00 00"), K::PacketIdZero, 2),
        (Incoming, fixed("50 02 00 00"), K::PacketIdZero, 2),
        (Incoming, fixed("62 02 00 00"), K::PacketIdZero, 2),
        (Incoming, fixed("70 02 00 00"), K::PacketIdZero, 2),
        (Incoming, fixed("90 03 00 00 00"), K::PacketIdZero, 2),
        (Incoming, fixed("B0 02 00 00"), K::PacketIdZero, 2),
        (Incoming, fixed("90 02 00 01"), K::SubackEmpty, 4),
        (Incoming, fixed("90 05 00 01 00 03 00"), K::SubackCode(3), 5),
        (Incoming, fixed("90 03 00 01 81"), K::SubackCode(0x81), 4),
        // Section 3.2: CONNACK.
        (Incoming, fixed("20 02 02 00"), K::ConnackFlags, 2),
        (Incoming, fixed("20 02 80 00"), K::ConnackFlags, 2),
        (Incoming, fixed("20 02 00 06"), K::ConnackCode(6), 3),
        (Incoming, fixed("20 02 00 87"), K::ConnackCode(0x87), 3),
        (Incoming, fixed("20 02 01 05"), K::SessionPresentRefused, 3),
        // Sections 3.8 and 3.10: SUBSCRIBE, UNSUBSCRIBE.
        (Outgoing, fixed("82 02 00 01"), K::NoFilters, 4),
        (Outgoing, fixed("A2 02 00 01"), K::NoFilters, 4),
        (
            Outgoing,
            fixed("82 06 00 00 00 01 'a' 00"),
            K::PacketIdZero,
            2,
        ),
        (
            Outgoing,
            fixed("82 06 00 01 00 01 'a' 03"),
            K::RequestedQos(3),
            7,
        ),
        (
            Outgoing,
            fixed("82 06 00 01 00 01 'a' 04"),
            K::RequestedQos(4),
            7,
        ),
        (Outgoing, fixed("82 05 00 01 00 01 'a'"), K::BodyTooShort, 7),
        (
            Outgoing,
            fixed("82 05 00 01 00 00 00"),
            K::Filter(FilterFault::Empty),
            6,
        ),
        (
            Outgoing,
            fixed("82 07 00 01 00 02 'a#' 00"),
            K::Filter(FilterFault::HashNotAlone { level: 0 }),
            6,
        ),
        (
            Outgoing,
            fixed("82 07 00 01 00 02 'a' 00 00"),
            K::Filter(FilterFault::Nul),
            6,
        ),
        (
            Outgoing,
            fixed("A2 07 00 01 00 03 '#/a'"),
            K::Filter(FilterFault::HashNotLast { level: 0 }),
            6,
        ),
        (
            Outgoing,
            fixed("A2 06 00 01 00 01 'a' 00"),
            K::BodyTooShort,
            8,
        ),
        (Outgoing, fixed("82 05 00 01 00 01 FF"), K::NotUtf8, 6),
        // Section 3.1: CONNECT.
        (
            Outgoing,
            fixed("10 0E 00 06 'MQIsdp' 03 02 00 3C 00 00"),
            K::ProtocolName,
            4,
        ),
        (
            Outgoing,
            fixed("10 0C 00 04 'MQTT' 05 02 00 3C 00 00"),
            K::ProtocolLevel(5),
            8,
        ),
        (
            Outgoing,
            with_length(connect("03", "00 00")),
            K::ConnectFlagReserved,
            9,
        ),
        (
            Outgoing,
            with_length(connect("1E", "00 00 00 01 'w' 00 00")),
            K::WillQosThree,
            9,
        ),
        (
            Outgoing,
            with_length(connect("0A", "00 00")),
            K::WillFlagsWithoutWill,
            9,
        ),
        (
            Outgoing,
            with_length(connect("22", "00 00")),
            K::WillFlagsWithoutWill,
            9,
        ),
        (
            Outgoing,
            with_length(connect("42", "00 00 00 01 'p'")),
            K::PasswordWithoutUserName,
            9,
        ),
        (
            Outgoing,
            with_length(connect("00", "00 00")),
            K::ClientIdEmpty,
            14,
        ),
        (
            Outgoing,
            with_length(connect("06", "00 00 00 00 00 00")),
            K::TopicEmpty,
            16,
        ),
        (
            Outgoing,
            with_length(connect("06", "00 00 00 01 '+' 00 00")),
            K::TopicWildcard,
            16,
        ),
        (
            Outgoing,
            with_length(connect("82", "00 00 00 02 'u' 00")),
            K::NulInText,
            17,
        ),
        (
            Outgoing,
            with_length(connect("C2", "00 00 00 01 'u' 00 05 'p'")),
            K::LengthOverEnd,
            17,
        ),
    ];
    assert!(table.len() >= 60);
    for (direction, packet, kind, at) in &table {
        let fault =
            outline(packet, Version::V311, *direction).expect_err(&format!("{packet:02x?}"));
        assert_eq!(
            (fault.kind, fault.at),
            (*kind, *at),
            "{packet:02x?}: {fault}"
        );
        assert!(!fault.clause().is_empty());
        assert!(
            matches!(fault.reason_code(), 0x81 | 0x82 | 0x84 | 0x85 | 0x8F | 0x90),
            "{fault}"
        );
        assert!(
            fault.to_string().ends_with(&format!("at byte {at}")),
            "{fault}"
        );
        if *direction == Incoming {
            assert_eq!(
                decode(packet, Version::V311),
                Err(fault),
                "decode refuses it alike"
            );
        }
    }
}

#[test]
fn a_fault_names_its_packet_its_rule_and_its_clause() {
    let fault = outline(&bytes("30 05 00 03 'a/+'"), Version::V311, Incoming).unwrap_err();
    assert_eq!(
        fault.to_string(),
        "PUBLISH: the topic name holds a wildcard (+ or #), at byte 6"
    );
    assert_eq!(fault.clause(), "3.3.2.1 [MQTT-3.3.2-2]");
    assert_eq!(fault.packet_type, Some(PacketType::Publish));
}

fn connack(session_present: bool, code: u8) -> FromBroker {
    FromBroker::Connack(Box::new(Connack {
        session_present,
        code,
        ..Connack::default()
    }))
}

fn answer(packet_id: u16) -> Acknowledgement {
    Acknowledgement {
        packet_id,
        ..Acknowledgement::default()
    }
}

fn codes(packet_id: u16, codes: &[u8]) -> Codes {
    Codes {
        packet_id,
        codes: codes.to_vec(),
        ..Codes::default()
    }
}

/// MQTT 3.1.1 [MQTT-2.3.1-6], [MQTT-3.2.0-1], [MQTT-3.9.3-2]
#[test]
fn every_typed_packet_of_a_broker_is_decoded() {
    for (packet, typed) in [
        ("20 02 00 00", connack(false, 0)),
        ("20 02 01 00", connack(true, 0)),
        ("20 02 00 01", connack(false, 1)),
        ("20 02 00 05", connack(false, 5)),
        ("40 02 00 01", FromBroker::Puback(answer(1))),
        ("50 02 01 00", FromBroker::Pubrec(answer(256))),
        ("62 02 FF FF", FromBroker::Pubrel(answer(65_535))),
        ("70 02 12 34", FromBroker::Pubcomp(answer(0x1234))),
        (
            "90 06 00 0A 00 01 02 80",
            FromBroker::Suback(codes(10, &[0, 1, 2, 0x80])),
        ),
        ("B0 02 00 07", FromBroker::Unsuback(codes(7, &[]))),
        ("D0 00", FromBroker::Pingresp),
    ] {
        assert_eq!(decode(&bytes(packet), Version::V311), Ok(typed), "{packet}");
    }
    let publish = decode(&bytes("30 03 00 01 'a'"), Version::V311).unwrap_err();
    assert_eq!(
        publish.kind,
        K::TypeNotAllowed,
        "a PUBLISH has an outline instead"
    );
}

/// U+FEFF is a character like any other, and stays.
///
/// MQTT 3.1.1 [MQTT-1.5.3-3]
#[test]
fn a_byte_order_mark_stays_in_the_topic_name() {
    let packet = bytes("30 06 00 04 EF BB BF 'a'");
    let outline = outline(&packet, Version::V311, Incoming).unwrap();
    assert_eq!(outline.topic, (4, 8));
}

#[test]
fn a_topic_of_65_535_bytes_and_a_length_of_four_bytes_have_an_outline() {
    let topic = "t".repeat(65_535);
    let payload = vec![1; 2_100_000];
    let parts = PublishParts {
        topic: &topic,
        payload: &payload,
        qos: Qos::ExactlyOnce,
        retain: true,
        dup: true,
        packet_id: 9,
        properties: None,
        topic_alias: None,
    };
    let mut packet = Vec::new();
    encode::publish(&parts, Version::V311, &mut packet).unwrap();
    let expected = Outline {
        packet_type: PacketType::Publish,
        dup: true,
        qos: Qos::ExactlyOnce,
        retain: true,
        packet_id: 9,
        topic: (7, 65_542),
        payload: 65_544,
        properties: (0, 0),
        topic_alias: 0,
    };
    assert_eq!(outline(&packet, Version::V311, Incoming), Ok(expected));
    assert_eq!(packet.len(), 65_544 + payload.len());
}

fn qos_of(qos: mqttbytes::QoS) -> Qos {
    Qos::from_bits(qos as u8).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// mqttbytes as the oracle: what it writes has the outline of what it was given.
    #[test]
    fn a_publish_of_mqttbytes_has_the_outline_of_what_it_says(
        topic in "[^\0+#]{1,40}",
        payload in prop::collection::vec(any::<u8>(), 0..300),
        qos in 0_u8..3,
        retain in any::<bool>(),
        dup in any::<bool>(),
        packet_id in 1_u16..,
    ) {
        let qos = mqttbytes::qos(qos).unwrap();
        let dup = dup && qos != mqttbytes::QoS::AtMostOnce;
        let mut theirs = v4::Publish::new(topic.clone(), qos, payload.clone());
        (theirs.retain, theirs.dup) = (retain, dup);
        if qos != mqttbytes::QoS::AtMostOnce {
            theirs.pkid = packet_id;
        }
        let mut packet = BytesMut::new();
        theirs.write(&mut packet).unwrap();

        let found = outline(&packet, Version::V311, Incoming).unwrap();
        prop_assert_eq!(&packet[found.topic.0 as usize..found.topic.1 as usize], topic.as_bytes());
        prop_assert_eq!(&packet[found.payload as usize..], &payload[..]);
        prop_assert_eq!((found.qos, found.retain, found.dup, found.packet_id), (qos_of(qos), retain, dup, theirs.pkid));

        let parts = PublishParts { topic: &topic, payload: &payload, qos: qos_of(qos), retain, dup, packet_id, properties: None, topic_alias: None };
        let mut ours = Vec::new();
        encode::publish(&parts, Version::V311, &mut ours).unwrap();
        prop_assert_eq!(&ours[..], &packet[..], "our own writing is the same to the byte");
    }

    /// Where both take a mutated packet, both see the same; and mqttbytes takes all that we take.
    #[test]
    fn what_passes_as_a_publish_reads_the_same_in_mqttbytes(
        first in prop_oneof![Just(0x30_u8), Just(0x32), Just(0x34), Just(0x3D), 0x30_u8..0x40],
        body in prop::collection::vec(prop_oneof![Just(0_u8), Just(1), Just(b'a'), any::<u8>()], 0..40),
    ) {
        let mut packet = vec![first, body.len() as u8];
        packet.extend_from_slice(&body);
        if let Ok(found) = outline(&packet, Version::V311, Incoming) {
            let Ok(v4::Packet::Publish(theirs)) = v4::read(&mut BytesMut::from(&packet[..]), 1 << 20) else {
                return Err(TestCaseError::fail("refused by mqttbytes"));
            };
            prop_assert_eq!(theirs.topic.as_bytes(), &packet[found.topic.0 as usize..found.topic.1 as usize]);
            prop_assert_eq!(&theirs.payload[..], &packet[found.payload as usize..]);
            prop_assert_eq!(theirs.pkid, found.packet_id);
            prop_assert_eq!((qos_of(theirs.qos), theirs.retain, theirs.dup), (found.qos, found.retain, found.dup));
        }
    }

    /// The codec never refuses what the validation let through, and nothing panics.
    #[test]
    fn whatever_a_broker_sends_is_decoded_or_refused_by_the_validation(
        first in prop_oneof![
            Just(0x20_u8), Just(0x40), Just(0x50), Just(0x62), Just(0x70), Just(0x90), Just(0xB0), Just(0xD0), any::<u8>()
        ],
        body in prop::collection::vec(prop_oneof![Just(0_u8), Just(1), Just(2), Just(0x80), any::<u8>()], 0..6),
    ) {
        let mut packet = vec![first, body.len() as u8];
        packet.extend_from_slice(&body);
        match (outline(&packet, Version::V311, Incoming), decode(&packet, Version::V311)) {
            (Ok(found), Ok(_)) => prop_assert!(found.packet_type != PacketType::Publish),
            (Ok(found), Err(_)) => prop_assert_eq!(found.packet_type, PacketType::Publish),
            (Err(fault), decoded) => prop_assert_eq!(decoded, Err(fault)),
        }
    }

    #[test]
    fn random_bytes_panic_nowhere(packet in prop::collection::vec(any::<u8>(), 0..60)) {
        for direction in [Incoming, Outgoing] {
            if let Err(fault) = outline(&packet, Version::V311, direction) {
                prop_assert!(fault.at <= packet.len());
            }
        }
    }
}
