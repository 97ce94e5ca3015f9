//! MQTT 3.1: its own name and level in CONNECT, DUP on what is sent again, and no word of what came later.

use midge::protocol::Direction::{Incoming, Outgoing};
use midge::protocol::encode::{self, EncodeError};
use midge::protocol::{
    Connack, Connect, ConnectProperties, FaultKind as K, Framer, FromBroker, PublishParts,
    PublishProperties, Qos, SubscribeOptions, Version, Will, decode, fields, outline,
};

const V31: Version = Version::V31;

fn connect() -> Connect {
    Connect {
        version: V31,
        client_id: "midge".into(),
        keep_alive: 60,
        clean_session: true,
        user_name: Some("u".into()),
        password: Some(b"p".to_vec()),
        will: Some(Will {
            topic: "w".into(),
            payload: b"gone".to_vec(),
            qos: Qos::AtLeastOnce,
            retain: true,
            delay: Some(5),
            properties: PublishProperties {
                message_expiry: Some(1),
                ..PublishProperties::default()
            },
        }),
        properties: ConnectProperties {
            session_expiry: Some(60),
            ..ConnectProperties::default()
        },
    }
}

#[test]
fn connect_has_the_name_and_level_of_mqtt_3_1_and_nothing_of_mqtt_5() {
    let mut out = Vec::new();
    encode::connect(&connect(), &mut out).unwrap();
    assert_eq!(
        out,
        b"\x10\x22\x00\x06MQIsdp\x03\xee\x00\x3c\x00\x05midge\x00\x01w\x00\x04gone\x00\x01u\x00\x01p"
    );
    assert!(outline(&out, V31, Outgoing).is_ok());
    let fault = outline(&out, Version::V311, Outgoing).unwrap_err();
    assert_eq!((fault.kind, fault.at), (K::ProtocolName, 4));
    let all = fields(&out, V31);
    let named = |name| all.iter().find(|field| field.name == name).unwrap();
    assert_eq!(named("Protocol Name").value, "MQIsdp");
    assert_eq!(named("Protocol Level").value, "3");
    assert_eq!(named("Password").value, "•••");
    assert!(
        all.iter()
            .all(|field| !field.clause.is_empty() && field.fault.is_none())
    );
    assert!(
        all.iter()
            .all(|field| field.clause == "2.1" || field.clause == "3.1")
    );
}

#[test]
fn a_client_identifier_is_never_empty() {
    let c = Connect {
        client_id: String::new(),
        ..connect()
    };
    assert_eq!(
        encode::connect(&c, &mut Vec::new()),
        Err(EncodeError::ClientIdEmpty)
    );
    let fault = outline(
        b"\x10\x0e\x00\x06MQIsdp\x03\x02\x00\x3c\x00\x00",
        V31,
        Outgoing,
    )
    .unwrap_err();
    assert_eq!(
        (fault.kind, fault.at, fault.clause()),
        (K::ClientIdEmpty, 16, "3.1")
    );
}

#[test]
fn what_is_sent_again_may_say_so_and_other_bits_stay_as_prescribed() {
    for (first, direction) in [
        (0x60, Incoming),
        (0x60, Outgoing),
        (0x80, Outgoing),
        (0xA0, Outgoing),
    ] {
        for flags in 0..16_u8 {
            let byte = first | flags;
            let bytes = match first {
                0x60 => vec![byte, 2, 0, 1],
                0x80 => vec![byte, 6, 0, 1, 0, 1, b'a', 0],
                _ => vec![byte, 5, 0, 1, 0, 1, b'a'],
            };
            let found = outline(&bytes, V31, direction);
            let case = format!("{bytes:02x?}: {found:?}");
            assert_eq!(found.is_ok(), flags == 0b0010 || flags == 0b1010, "{case}");
            let mut framer = Framer::facing(100, V31, direction);
            framer.push(&bytes);
            assert_eq!(framer.next().unwrap().is_ok(), found.is_ok(), "{case}");
            if let Err(fault) = found {
                assert_eq!((fault.kind, fault.clause()), (K::ReservedFlags, "2.6"));
            }
            let later = outline(&bytes, Version::V311, direction);
            assert_eq!(
                later.is_ok(),
                flags == 0b0010,
                "only 3.1 has DUP there: {case}"
            );
        }
    }
    let again = decode(&[0x6A, 2, 0, 9], V31).unwrap();
    assert!(matches!(again, FromBroker::Pubrel(pubrel) if pubrel.packet_id == 9));
}

#[test]
fn what_a_client_sends_has_the_layout_of_3_1_1() {
    let (mut earlier, mut later) = (Vec::new(), Vec::new());
    let properties = PublishProperties {
        topic_alias: Some(1),
        ..PublishProperties::default()
    };
    let parts = PublishParts {
        topic: "a/b",
        payload: b"hi",
        qos: Qos::ExactlyOnce,
        packet_id: 9,
        properties: Some(&properties),
        ..PublishParts::default()
    };
    let filters = [("a/+", SubscribeOptions::from(Qos::AtLeastOnce))];
    for (version, out) in [(V31, &mut earlier), (Version::V311, &mut later)] {
        encode::publish(&parts, version, out).unwrap();
        encode::subscribe(1, &filters, Some(7), version, out).unwrap();
        encode::unsubscribe(2, &["a/+"], version, out).unwrap();
    }
    assert_eq!(earlier, later);
    let mut framer = Framer::facing(100, V31, Outgoing);
    framer.push(&earlier);
    while let Some(packet) = framer.next() {
        assert!(outline(packet.unwrap(), V31, Outgoing).is_ok());
    }
    assert_eq!(framer.pending(), 0);
}

#[test]
fn what_a_broker_answers_is_read() {
    for (code, session_present) in [(0, false), (0, true), (1, false), (5, false)] {
        let read = decode(&[0x20, 2, session_present.into(), code], V31);
        let expected = Connack {
            session_present,
            code,
            ..Connack::default()
        };
        assert_eq!(read, Ok(FromBroker::Connack(Box::new(expected))));
    }
    let suback = decode(&[0x90, 5, 0, 1, 0, 2, 0x80], V31).unwrap();
    assert!(matches!(suback, FromBroker::Suback(codes) if codes.codes == [0, 2, 0x80]));
    assert!(matches!(
        decode(&[0xB0, 2, 0, 1], V31),
        Ok(FromBroker::Unsuback(_))
    ));
}

#[test]
fn what_breaks_3_1_is_refused_with_its_section() {
    for (bytes, kind, clause) in [
        (&b"\x20\x02\x00\x06"[..], K::ConnackCode(6), "3.2"),
        (b"\x20\x02\x02\x00", K::ConnackFlags, "3.2"),
        (b"\x30\x03\x00\x01+", K::TopicWildcard, "Appendix A"),
        (b"\x40\x02\x00\x00", K::PacketIdZero, "2.4"),
        (b"\x90\x03\x00\x01\x03", K::SubackCode(3), "3.9"),
        (b"\x90\x02\x00\x01", K::SubackEmpty, "3.9"),
        (b"\x30\x03\x00\x01\xff", K::NotUtf8, "2.5"),
        (b"\xe0\x00", K::TypeNotAllowed, "2.1"),
        (b"\xf0\x00", K::TypeReserved(15), "2.1"),
        (b"\xd0\x01\x00", K::BodyTooLong, "2.1"),
    ] {
        let fault = outline(bytes, V31, Incoming).unwrap_err();
        assert_eq!((fault.kind, fault.clause()), (kind, clause), "{fault}");
        assert_eq!(decode(bytes, V31), Err(fault));
    }
}
