//! Typed packets of the broker: what is in them is what is read, property by property.

use midge::protocol::Direction::Incoming;
use midge::protocol::{
    Acknowledgement, Auth, Codes, Connack, ConnackProperties, Disconnect, FromBroker,
    PublishProperties, Version, decode, outline, publish_properties,
};

use super::bytes::{Holder, hex, packet};

fn typed(text: &str) -> FromBroker {
    decode(&hex(text), Version::V5).unwrap_or_else(|fault| panic!("{text}: {fault}"))
}

fn users(all: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = all
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    owned.collect()
}

#[test]
fn every_property_of_a_connack_is_read() {
    let (bytes, _) = Holder::Connack.with(&hex(
        "11 00 00 0E 10  21 00 14  24 01  25 00  27 00 01 00 00  12 00 03 'abc'  22 00 0A
         1F 00 02 'ok'  26 00 01 'z' 00 01 '1'  26 00 01 'a' 00 01 '2'  26 00 01 'z' 00 00
         28 00  29 01  2A 00  13 00 1E  1A 00 02 'r/'  1C 00 05 'other'  15 00 05 'SCRAM'  16 00 02 00 FF",
    ));
    let expected = Connack {
        session_present: false,
        code: 0,
        properties: ConnackProperties {
            session_expiry: Some(3600),
            receive_maximum: Some(20),
            maximum_qos: Some(1),
            retain_available: Some(false),
            maximum_packet_size: Some(65_536),
            assigned_client_id: Some("abc".into()),
            topic_alias_maximum: Some(10),
            reason_string: Some("ok".into()),
            user_properties: users(&[("z", "1"), ("a", "2"), ("z", "")]),
            wildcard_available: Some(false),
            identifiers_available: Some(true),
            shared_available: Some(false),
            server_keep_alive: Some(30),
            response_information: Some("r/".into()),
            server_reference: Some("other".into()),
            authentication_method: Some("SCRAM".into()),
            authentication_data: Some(vec![0, 0xFF]),
        },
    };
    assert_eq!(
        decode(&bytes, Version::V5),
        Ok(FromBroker::Connack(Box::new(expected)))
    );
    let plain = Connack {
        session_present: true,
        ..Connack::default()
    };
    assert_eq!(
        typed("20 03 01 00 00"),
        FromBroker::Connack(Box::new(plain))
    );
}

#[test]
fn a_refusal_in_the_shape_of_an_earlier_version_is_understood() {
    for code in 1..=5 {
        let expected = Connack {
            code,
            ..Connack::default()
        };
        let read = decode(&[0x20, 2, 0, code], Version::V5);
        assert_eq!(read, Ok(FromBroker::Connack(Box::new(expected))));
    }
}

#[test]
fn acknowledgements_are_read_in_each_of_their_lengths() {
    let wrap: [(u8, u8, fn(Acknowledgement) -> FromBroker); 4] = [
        (0x40, 0x87, FromBroker::Puback),
        (0x50, 0x97, FromBroker::Pubrec),
        (0x62, 0x92, FromBroker::Pubrel),
        (0x70, 0x92, FromBroker::Pubcomp),
    ];
    for (first, code, wrapped) in wrap {
        let plain = Acknowledgement {
            packet_id: 0x0102,
            ..Acknowledgement::default()
        };
        let with_code = Acknowledgement {
            code,
            ..plain.clone()
        };
        let full = Acknowledgement {
            reason_string: Some("no".into()),
            user_properties: users(&[("k", "v"), ("k", "w")]),
            ..with_code.clone()
        };
        let said = "13 1F 00 02 'no' 26 00 01 'k' 00 01 'v' 26 00 01 'k' 00 01 'w'";
        for (body, expected) in [
            ("01 02".to_owned(), &plain),
            ("01 02 00".to_owned(), &plain),
            ("01 02 00 00".to_owned(), &plain),
            (format!("01 02 {code:02X}"), &with_code),
            (format!("01 02 {code:02X} 00"), &with_code),
            (format!("01 02 {code:02X} {said}"), &full),
        ] {
            let bytes = packet(first, &hex(&body));
            assert_eq!(
                decode(&bytes, Version::V5),
                Ok(wrapped(expected.clone())),
                "{body}"
            );
        }
    }
}

/// MQTT 5 [MQTT-2.2.1-6], [MQTT-3.8.4-6], [MQTT-3.9.3-1], [MQTT-3.11.3-1]
#[test]
fn the_codes_of_a_suback_and_an_unsuback_keep_their_order() {
    let said = "05 1F 00 02 'no'";
    let expected = |codes: &[u8]| Codes {
        packet_id: 7,
        codes: codes.to_vec(),
        reason_string: Some("no".into()),
        ..Codes::default()
    };
    assert_eq!(
        typed(&format!("90 0B 00 07 {said} 02 87 00")),
        FromBroker::Suback(expected(&[2, 0x87, 0]))
    );
    assert_eq!(
        typed(&format!("B0 0B 00 07 {said} 11 00 83")),
        FromBroker::Unsuback(expected(&[0x11, 0, 0x83]))
    );
}

/// MQTT 5 [MQTT-3.14.2-1]
#[test]
fn a_disconnect_is_read_in_each_of_its_lengths() {
    let plain = |code| {
        FromBroker::Disconnect(Disconnect {
            code,
            ..Disconnect::default()
        })
    };
    assert_eq!(typed("E0 00"), plain(0));
    assert_eq!(typed("E0 01 8B"), plain(0x8B));
    assert_eq!(typed("E0 02 8E 00"), plain(0x8E));
    assert_eq!(
        typed("E0 11 9D 0F 1C 00 01 'b' 1F 00 02 'no' 26 00 01 'k' 00 00"),
        FromBroker::Disconnect(Disconnect {
            code: 0x9D,
            session_expiry: None,
            reason_string: Some("no".into()),
            server_reference: Some("b".into()),
            user_properties: users(&[("k", "")]),
        })
    );
}

#[test]
fn an_auth_is_read_and_its_data_are_not_shown_by_debug() {
    assert_eq!(typed("F0 00"), FromBroker::Auth(Auth::default()));
    assert_eq!(typed("F0 02 00 00"), FromBroker::Auth(Auth::default()));
    let full =
        typed("F0 18 18 16 15 00 01 'm' 16 00 03 'xyz' 1F 00 02 'no' 26 00 01 'k' 00 01 'v'");
    let expected = Auth {
        code: 0x18,
        method: Some("m".into()),
        data: Some(b"xyz".to_vec()),
        reason_string: Some("no".into()),
        user_properties: users(&[("k", "v")]),
    };
    let shown = format!("{expected:?}");
    assert!(shown.contains("•••") && !shown.contains("120"), "{shown}");
    assert_eq!(full, FromBroker::Auth(expected));
}

/// MQTT 5 [MQTT-3.3.2-7]
#[test]
fn every_property_of_a_publish_is_read_and_the_payload_begins_behind_them() {
    let (bytes, start) = Holder::Publish.with(&hex(
        "0B 01  01 01  02 00 00 00 3C  23 00 09  08 00 03 'r/t'  0B FF FF FF 7F  09 00 02 00 FF
         26 00 01 'z' 00 01 '1'  26 00 01 'a' 00 01 '2'  26 00 01 'z' 00 01 '3'  03 00 04 'text'  0B 02",
    ));
    let found = outline(&bytes, Version::V5, Incoming).unwrap();
    assert_eq!(found.properties, (start as u32, bytes.len() as u32 - 5));
    assert_eq!(&bytes[found.payload as usize..], b"hello");
    assert_eq!(found.topic_alias, 9);
    let expected = PublishProperties {
        payload_is_text: Some(true),
        message_expiry: Some(60),
        topic_alias: Some(9),
        response_topic: Some("r/t".into()),
        correlation_data: Some(vec![0, 0xFF]),
        subscription_identifiers: vec![1, 268_435_455, 2],
        content_type: Some("text".into()),
        user_properties: users(&[("z", "1"), ("a", "2"), ("z", "3")]),
    };
    assert_eq!(publish_properties(&bytes, &found), expected);
    // The one of the measured facts: mqttbytes puts the second identifier into the payload.
    let bytes = hex("30 11 00 03 'a/b' 06 0B 01 0B 02 0B 03 'HELLO'");
    let found = outline(&bytes, Version::V5, Incoming).unwrap();
    assert_eq!(&bytes[found.payload as usize..], b"HELLO");
    assert_eq!(
        publish_properties(&bytes, &found).subscription_identifiers,
        [1, 2, 3]
    );
}

#[test]
fn other_packets_and_other_versions_have_no_properties() {
    for (text, version) in [
        ("30 08 00 01 't' 02 01 01 'ab'", Version::V311),
        ("30 08 00 01 't' 02 01 01 'ab'", Version::V31),
        ("20 08 00 00 05 11 00 00 00 3C", Version::V5),
        ("30 04 00 01 't' 00", Version::V5),
    ] {
        let bytes = hex(text);
        let found = outline(&bytes, version, Incoming).unwrap();
        assert_eq!(
            publish_properties(&bytes, &found),
            PublishProperties::default(),
            "{text}"
        );
        assert_eq!(
            (found.properties.1 - found.properties.0, found.topic_alias),
            (0, 0)
        );
    }
}

/// MQTT 5 [MQTT-1.5.4-3]
#[test]
fn a_byte_order_mark_stays_in_the_text() {
    let FromBroker::Disconnect(read) = typed("E0 08 8B 06 1F 00 03 EF BB BF") else {
        panic!("it is a DISCONNECT");
    };
    assert_eq!(read.reason_string.as_deref(), Some("\u{FEFF}"));
}
