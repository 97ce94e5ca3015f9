//! Every reason code: which packet may have it, who may send it, what it is called.

use midge::protocol::Direction::{Incoming, Outgoing};
use midge::protocol::reason::{Sender, reason_name, sender};
use midge::protocol::{
    FaultKind as K, FromBroker, PacketType, Version, decode, encode, fields, outline,
};

use super::bytes::{hex, packet};

/// Codes that only the broker sends, that both send, that only the client sends.
struct Codes {
    packet_type: PacketType,
    server: &'static [u8],
    either: &'static [u8],
    client: &'static [u8],
}

/// Sections 3.2.2.2, 3.4.2.1, 3.5.2.1, 3.6.2.1, 3.7.2.1, 3.9.3, 3.11.3, 3.14.2.1 and 3.15.2.1.
const TABLE: &[Codes] = &[
    Codes {
        packet_type: PacketType::Connack,
        server: &[
            0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90,
            0x95, 0x97, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F,
        ],
        either: &[],
        client: &[],
    },
    Codes {
        packet_type: PacketType::Puback,
        server: &[0x10],
        either: &[0x00, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99],
        client: &[],
    },
    Codes {
        packet_type: PacketType::Pubrec,
        server: &[0x10],
        either: &[0x00, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99],
        client: &[],
    },
    Codes {
        packet_type: PacketType::Pubrel,
        server: &[],
        either: &[0x00, 0x92],
        client: &[],
    },
    Codes {
        packet_type: PacketType::Pubcomp,
        server: &[],
        either: &[0x00, 0x92],
        client: &[],
    },
    Codes {
        packet_type: PacketType::Suback,
        server: &[
            0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2,
        ],
        either: &[],
        client: &[],
    },
    Codes {
        packet_type: PacketType::Unsuback,
        server: &[0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91],
        either: &[],
        client: &[],
    },
    Codes {
        packet_type: PacketType::Disconnect,
        server: &[
            0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1,
            0xA2,
        ],
        // 0x00 is the client's by the table; see `reason::sender`.
        either: &[
            0x00, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99,
        ],
        client: &[0x04],
    },
    Codes {
        packet_type: PacketType::Auth,
        server: &[0x00],
        either: &[0x18],
        client: &[0x19],
    },
];

fn with_code(packet_type: PacketType, code: u8) -> Vec<u8> {
    let first = (packet_type as u8) << 4
        | if packet_type == PacketType::Pubrel {
            2
        } else {
            0
        };
    let body = match packet_type {
        PacketType::Connack => vec![0, code, 0],
        PacketType::Suback | PacketType::Unsuback => vec![0, 10, 0, code],
        PacketType::Disconnect => vec![code, 0],
        PacketType::Auth => [vec![code, 4], hex("15 00 01 'x'")].concat(),
        _ => vec![0, 10, code, 0],
    };
    packet(first, &body)
}

fn code_of(typed: FromBroker) -> u8 {
    match typed {
        FromBroker::Connack(connack) => connack.code,
        FromBroker::Puback(answer)
        | FromBroker::Pubrec(answer)
        | FromBroker::Pubrel(answer)
        | FromBroker::Pubcomp(answer) => answer.code,
        FromBroker::Suback(codes) | FromBroker::Unsuback(codes) => codes.codes[0],
        FromBroker::Disconnect(disconnect) => disconnect.code,
        FromBroker::Auth(auth) => auth.code,
        FromBroker::Pingresp => panic!("it has no code"),
    }
}

/// MQTT 5 [MQTT-3.2.2-8], [MQTT-3.4.2-1], [MQTT-3.5.2-1], [MQTT-3.6.2-1], [MQTT-3.7.2-1], [MQTT-3.9.3-2], [MQTT-3.11.3-2], [MQTT-3.14.2-1], [MQTT-3.15.2-1]
#[test]
fn every_reason_code_is_taken_where_it_may_stand_and_refused_everywhere_else() {
    for row in TABLE {
        for code in 0..=255 {
            let who = if row.server.contains(&code) {
                Some(Sender::Server)
            } else if row.either.contains(&code) {
                Some(Sender::Either)
            } else if row.client.contains(&code) {
                Some(Sender::Client)
            } else {
                None
            };
            assert_eq!(
                sender(row.packet_type, code),
                who,
                "{} {code:02X}",
                row.packet_type
            );
            let bytes = with_code(row.packet_type, code);
            let only_way = match row.packet_type {
                PacketType::Connack | PacketType::Suback | PacketType::Unsuback => Some(Incoming),
                _ => None,
            };
            for direction in [Incoming, Outgoing] {
                let found = outline(&bytes, Version::V5, direction);
                let case = format!("{} {code:02X} {direction:?}: {found:?}", row.packet_type);
                if only_way.is_some_and(|way| way != direction) {
                    assert_eq!(found.unwrap_err().kind, K::TypeNotAllowed, "{case}");
                    continue;
                }
                match who {
                    None => {
                        let fault = found.expect_err(&case);
                        assert_eq!(fault.kind, K::ReasonCode(code), "{case}");
                        assert_eq!(fault.reason_code(), 0x82, "{case}");
                        assert!(fault.clause().contains("[MQTT-3."), "{case}");
                        assert_eq!(bytes[fault.at], code, "{case}");
                    }
                    Some(who) if who.may_go(direction) => assert!(found.is_ok(), "{case}"),
                    Some(_) => {
                        assert_eq!(
                            found.unwrap_err().kind,
                            K::ReasonCodeWrongWay(code),
                            "{case}"
                        );
                    }
                }
            }
            if who.is_some_and(|who| who.may_go(Incoming)) {
                assert_eq!(decode(&bytes, Version::V5).map(code_of), Ok(code));
            }
            let named = reason_name(Version::V5, row.packet_type, code);
            let refused_earlier = row.packet_type == PacketType::Connack && (1..=5).contains(&code);
            assert_eq!(
                named == "Reserved",
                who.is_none() && !refused_earlier,
                "{named}"
            );
        }
    }
}

#[test]
fn reason_codes_have_the_names_of_the_specification_and_the_field_map_shows_them() {
    for (packet_type, code, name) in [
        (PacketType::Connack, 0x00, "Success"),
        (PacketType::Connack, 0x84, "Unsupported Protocol Version"),
        (PacketType::Connack, 0x86, "Bad User Name or Password"),
        (PacketType::Connack, 0x9F, "Connection rate exceeded"),
        (PacketType::Puback, 0x10, "No matching subscribers"),
        (PacketType::Pubrec, 0x91, "Packet Identifier in use"),
        (PacketType::Pubrel, 0x92, "Packet Identifier not found"),
        (PacketType::Pubcomp, 0x00, "Success"),
        (PacketType::Suback, 0x00, "Granted QoS 0"),
        (PacketType::Suback, 0x02, "Granted QoS 2"),
        (
            PacketType::Suback,
            0xA2,
            "Wildcard Subscriptions not supported",
        ),
        (PacketType::Unsuback, 0x11, "No subscription existed"),
        (PacketType::Disconnect, 0x00, "Normal disconnection"),
        (PacketType::Disconnect, 0x04, "Disconnect with Will Message"),
        (PacketType::Disconnect, 0x8E, "Session taken over"),
        (PacketType::Auth, 0x18, "Continue authentication"),
        (PacketType::Auth, 0x19, "Re-authenticate"),
    ] {
        assert_eq!(reason_name(Version::V5, packet_type, code), name);
        let all = fields(&with_code(packet_type, code), Version::V5);
        let field = all
            .iter()
            .find(|field| field.name.ends_with("Reason Code"))
            .unwrap();
        assert_eq!(field.value, format!("0x{code:02X}: {name}"));
    }
    for version in [Version::V31, Version::V311] {
        assert_eq!(
            reason_name(version, PacketType::Connack, 4),
            "Connection Refused, bad user name or password"
        );
        assert_eq!(reason_name(version, PacketType::Suback, 0x80), "Failure");
        assert_eq!(reason_name(version, PacketType::Puback, 0), "Reserved");
    }
}

/// MQTT 5 [MQTT-3.4.2-1], [MQTT-3.5.2-1], [MQTT-3.6.2-1], [MQTT-3.7.2-1]
#[test]
fn an_acknowledgement_is_written_with_every_code_that_a_client_may_send_and_no_other() {
    for row in TABLE {
        for code in 0..=255 {
            let mut out = b"before".to_vec();
            let written = encode::acknowledge(row.packet_type, 0x1234, code, &mut out);
            let is_acknowledgement = matches!(
                row.packet_type,
                PacketType::Puback | PacketType::Pubrec | PacketType::Pubrel | PacketType::Pubcomp
            );
            if !is_acknowledgement || !(row.either.contains(&code) || row.client.contains(&code)) {
                assert_eq!(written, Err(encode::EncodeError::ReasonCode(code)));
                assert_eq!(out, b"before");
                continue;
            }
            assert_eq!(written, Ok(()));
            let bytes = &out[6..];
            let found = outline(bytes, Version::V5, Outgoing).unwrap();
            assert_eq!(
                (found.packet_type, found.packet_id),
                (row.packet_type, 0x1234)
            );
            assert_eq!(bytes.len(), if code == 0 { 4 } else { 5 });
            assert_eq!(bytes.get(4).copied().unwrap_or(0), code);
        }
    }
    let zero = encode::acknowledge(PacketType::Puback, 0, 0, &mut Vec::new());
    assert_eq!(zero, Err(encode::EncodeError::PacketIdZero));
}
