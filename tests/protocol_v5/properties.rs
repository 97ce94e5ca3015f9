//! Every property, in every packet: where it may stand, how often, with which values, from whom.

use midge::protocol::Direction::{Incoming, Outgoing};
use midge::protocol::{
    FaultKind as K, FromBroker, MOST_USER_PROPERTIES, Version, decode, fields,
    further_user_properties, outline, publish_properties,
};

use super::bytes::{HOLDERS, Holder, PROPERTIES, hex};

#[test]
fn every_property_is_taken_in_its_packets_and_refused_in_all_others() {
    for property in PROPERTIES {
        for holder in HOLDERS {
            for value in property.good {
                let own = property.with(value);
                let (packet, start) = holder.with(&[own, property.beside(holder)].concat());
                let allowed = property.holders.contains(&holder);
                for direction in holder.directions() {
                    let found = outline(&packet, Version::V5, *direction);
                    let case = format!(
                        "{} in {holder:?} {direction:?}: {packet:02x?}",
                        property.name
                    );
                    if !allowed {
                        let fault = found.expect_err(&case);
                        assert_eq!(
                            (fault.kind, fault.at),
                            (K::PropertyNotAllowed(property.id), start),
                            "{case}"
                        );
                        assert_eq!(
                            (fault.reason_code(), fault.clause()),
                            (0x81, "2.2.2.2"),
                            "{case}"
                        );
                    } else if property.directions(holder).contains(direction) {
                        assert!(found.is_ok(), "{case}: {found:?}");
                    } else {
                        let fault = found.expect_err(&case);
                        assert_eq!(
                            (fault.kind, fault.at),
                            (K::PropertyWrongWay(property.id), start),
                            "{case}"
                        );
                        assert_eq!(fault.reason_code(), 0x82, "{case}");
                    }
                }
            }
        }
        // No properties at all: a property length of 0.
        for holder in HOLDERS.into_iter().filter(|holder| *holder != Holder::Auth) {
            let (packet, _) = holder.with(&[]);
            for direction in holder.directions() {
                assert!(
                    outline(&packet, Version::V5, *direction).is_ok(),
                    "{packet:02x?}"
                );
            }
        }
    }
}

/// MQTT 5 [MQTT-3.14.2-2]
#[test]
fn a_session_expiry_interval_in_a_disconnect_of_the_broker_is_refused() {
    let (packet, start) = Holder::Disconnect.with(&hex("11 00 00 00 3C"));
    let fault = outline(&packet, Version::V5, Incoming).unwrap_err();
    assert_eq!((fault.kind, fault.at), (K::PropertyWrongWay(0x11), start));
    assert_eq!(
        (fault.reason_code(), fault.clause()),
        (0x82, "3.14.2.2.2 [MQTT-3.14.2-2]")
    );
    assert!(outline(&packet, Version::V5, Outgoing).is_ok());
}

#[test]
fn what_no_property_has_for_an_identifier_is_refused() {
    for (id, bytes) in [
        (0, "00"),
        (4, "04 00"),
        (0x2B, "2B 00"),
        (0x7F, "7F 00"),
        (0x81, "81 01 00"),
        (0x0FFF_FFFF, "FF FF FF 7F"),
    ] {
        let (packet, start) = Holder::Publish.with(&hex(bytes));
        let fault = outline(&packet, Version::V5, Incoming).unwrap_err();
        assert_eq!((fault.kind, fault.at), (K::PropertyUnknown(id), start));
        assert_eq!(fault.reason_code(), 0x81);
    }
}

/// MQTT 5 [MQTT-1.5.5-1]
#[test]
fn a_variable_byte_integer_is_refused_that_is_longer_than_it_needs_or_does_not_end() {
    let fixed = |packet: &str| hex(packet);
    let inside = |properties: &str| Holder::Publish.with(&hex(properties)).0;
    for (packet, kind, at) in [
        (fixed("30 87 00 00 01 't' 00 'abc'"), K::LengthNotMinimal, 1),
        (fixed("30 FF FF FF FF 7F"), K::LengthUnended, 1),
        (fixed("30 06 00 01 't' 80 00 'a'"), K::VariableNotMinimal, 5),
        (
            fixed("30 08 00 01 't' 80 80 80 80 01"),
            K::VariableUnended,
            5,
        ),
        (inside("A6 00 00 00 00 00"), K::VariableNotMinimal, 6),
        (inside("0B 81 00"), K::VariableNotMinimal, 7),
        (inside("0B 80 80 80 80 01"), K::VariableUnended, 7),
    ] {
        let fault = outline(&packet, Version::V5, Incoming).unwrap_err();
        assert_eq!((fault.kind, fault.at), (kind, at), "{packet:02x?}");
        assert_eq!(fault.reason_code(), 0x81);
        assert!(fault.clause().starts_with("1.5.5"), "{fault}");
    }
}

#[test]
fn a_property_may_be_there_once_but_for_user_properties_and_identifiers_of_a_publish() {
    for property in PROPERTIES {
        for &holder in property.holders {
            let once = [property.with(property.good[0]), property.beside(holder)].concat();
            let twice = [once, property.with(property.good[1])].concat();
            let (packet, start) = holder.with(&twice);
            let second = start + twice.len() - property.with(property.good[1]).len();
            for direction in property.directions(holder) {
                let found = outline(&packet, Version::V5, *direction);
                let case = format!("{} in {holder:?}: {found:?}", property.name);
                if property.id == 0x26 || (property.id, holder) == (0x0B, Holder::Publish) {
                    assert!(found.is_ok(), "{case}");
                } else {
                    let fault = found.expect_err(&case);
                    assert_eq!(
                        (fault.kind, fault.at),
                        (K::PropertyRepeated(property.id), second),
                        "{case}"
                    );
                    assert_eq!(fault.reason_code(), 0x82);
                    assert!(
                        fault.clause().starts_with("3."),
                        "{fault}: {}",
                        fault.clause()
                    );
                }
            }
        }
    }
}

/// MQTT 5 [MQTT-1.5.4-1], [MQTT-1.5.4-2], [MQTT-1.5.7-1], [MQTT-3.3.2-8], [MQTT-3.3.2-13], [MQTT-3.3.2-14], [MQTT-3.3.2-19]
#[test]
fn a_value_that_its_property_may_not_have_is_refused() {
    // (identifier, value, kind, offset in the value, reason code)
    let flags = [0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A];
    let texts = [0x03, 0x08, 0x12, 0x15, 0x1A, 0x1C, 0x1F];
    let mut table = vec![
        (0x21, "00 00", K::PropertyZero(0x21), 0, 0x82),
        (0x23, "00 00", K::PropertyZero(0x23), 0, 0x94),
        (0x27, "00 00 00 00", K::PropertyZero(0x27), 0, 0x82),
        (0x0B, "00", K::PropertyZero(0x0B), 0, 0x82),
        (0x08, "00 00", K::ResponseTopicEmpty, 2, 0x82),
        (0x08, "00 03 'a/+'", K::ResponseTopicWildcard, 4, 0x81),
        (0x08, "00 01 '#'", K::ResponseTopicWildcard, 2, 0x81),
        (0x26, "00 02 'a' 00 00 01 'v'", K::NulInText, 3, 0x81),
        (0x26, "00 01 'n' 00 03 'a' 00 'b'", K::NulInText, 6, 0x81),
        (0x26, "00 01 FF 00 01 'v'", K::NotUtf8, 2, 0x81),
        (0x26, "00 01 'n' 00 03 ED A0 80", K::NotUtf8, 5, 0x81),
    ];
    for id in flags {
        table.push((id, "02", K::PropertyNotFlag(id), 0, 0x82));
        table.push((id, "FF", K::PropertyNotFlag(id), 0, 0x82));
    }
    for id in texts {
        table.push((id, "00 03 'a' 00 'b'", K::NulInText, 3, 0x81));
        table.push((id, "00 02 'a' C0", K::NotUtf8, 3, 0x81));
        table.push((id, "00 03 ED A0 80", K::NotUtf8, 2, 0x81));
        table.push((id, "00 02 C0 80", K::NotUtf8, 2, 0x81));
    }
    for (id, value, kind, offset, code) in table {
        let property = PROPERTIES
            .iter()
            .find(|property| property.id == id)
            .unwrap();
        for &holder in property.holders {
            let (packet, start) =
                holder.with(&[property.with(value), property.beside(holder)].concat());
            let direction = property.directions(holder)[0];
            let fault = outline(&packet, Version::V5, direction).unwrap_err();
            assert_eq!(
                (fault.kind, fault.at),
                (kind, start + 1 + offset),
                "{packet:02x?}: {fault}"
            );
            assert_eq!(fault.reason_code(), code, "{fault}");
            assert!(!fault.clause().is_empty());
        }
    }
}

#[test]
fn a_property_that_is_cut_short_by_the_property_length_is_refused() {
    for property in PROPERTIES {
        let holder = property.holders[0];
        for value in property.good {
            let own = property.with(value);
            for end in 1..own.len() {
                let (packet, _) = holder.with(&own[..end]);
                for direction in property.directions(holder) {
                    let fault = outline(&packet, Version::V5, *direction).unwrap_err();
                    assert_eq!(fault.kind, K::PropertyOverEnd, "{packet:02x?}: {fault}");
                    assert_eq!(fault.reason_code(), 0x81);
                }
            }
        }
    }
    let over = hex("30 06 00 01 't' 03 'ab'");
    let fault = outline(&over, Version::V5, Incoming).unwrap_err();
    assert_eq!(
        (fault.kind, fault.at, fault.clause()),
        (K::PropertiesOverEnd, 5, "2.2.2.1")
    );
    // The packet is not all there: that is another matter.
    let (whole, start) = Holder::Publish.with(&hex("03 00 02 'ab'"));
    for end in start..whole.len() {
        let fault = outline(&whole[..end], Version::V5, Incoming).unwrap_err();
        assert_eq!((fault.kind, fault.at), (K::Incomplete, end));
    }
}

#[test]
fn all_properties_of_a_packet_together_are_taken_in_any_order() {
    for holder in HOLDERS {
        for direction in holder.directions() {
            let mut all: Vec<Vec<u8>> = PROPERTIES
                .iter()
                .filter(|property| property.holders.contains(&holder))
                .filter(|property| property.directions(holder).contains(direction))
                .map(|property| property.with(property.good[1]))
                .collect();
            for turn in 0..all.len() {
                all.rotate_left(1);
                if turn % 2 == 0 {
                    all.reverse();
                }
                let (packet, _) = holder.with(&all.concat());
                let found = outline(&packet, Version::V5, *direction);
                assert!(found.is_ok(), "{holder:?}: {found:?}");
                let marked = fields(&packet, Version::V5)
                    .into_iter()
                    .any(|field| field.fault.is_some());
                assert!(!marked, "{holder:?}");
            }
        }
    }
}

#[test]
fn more_user_properties_than_are_read_out_are_no_breach_and_are_counted() {
    let one = hex("26 00 00 00 00");
    for further in [0, 1, 70_000] {
        let (packet, _) = Holder::Publish.with(&one.repeat(MOST_USER_PROPERTIES + further));
        let outline = outline(&packet, Version::V5, Incoming).unwrap();
        let read = publish_properties(&packet, &outline);
        assert_eq!(read.user_properties.len(), MOST_USER_PROPERTIES);
        assert_eq!(further_user_properties(&packet, &outline), further);
    }
}

/// In answers of the broker, too, however many, and whatever stands between and behind them.
#[test]
fn answers_with_more_user_properties_than_are_read_out_are_taken() {
    let one = hex("26 00 00 00 01 'v'");
    for holder in [
        Holder::Connack,
        Holder::Puback,
        Holder::Pubrec,
        Holder::Pubrel,
        Holder::Pubcomp,
        Holder::Suback,
        Holder::Unsuback,
        Holder::Disconnect,
        Holder::Auth,
    ] {
        let method = if holder == Holder::Auth {
            hex("15 00 01 'm'")
        } else {
            Vec::new()
        };
        let reason = hex("1F 00 03 'bye'");
        let all = [
            method,
            one.repeat(MOST_USER_PROPERTIES),
            reason,
            one.repeat(5),
        ]
        .concat();
        let (packet, _) = holder.with(&all);
        let said = match decode(&packet, Version::V5).unwrap() {
            FromBroker::Connack(one) => {
                (one.properties.user_properties, one.properties.reason_string)
            }
            FromBroker::Puback(one)
            | FromBroker::Pubrec(one)
            | FromBroker::Pubrel(one)
            | FromBroker::Pubcomp(one) => (one.user_properties, one.reason_string),
            FromBroker::Suback(one) | FromBroker::Unsuback(one) => {
                assert_eq!(one.codes.len(), 1, "{holder:?}");
                (one.user_properties, one.reason_string)
            }
            FromBroker::Disconnect(one) => (one.user_properties, one.reason_string),
            FromBroker::Auth(one) => (one.user_properties, one.reason_string),
            FromBroker::Pingresp => (Vec::new(), None),
        };
        assert_eq!(said.0.len(), MOST_USER_PROPERTIES, "{holder:?}");
        assert_eq!(said.1.as_deref(), Some("bye"), "{holder:?}");
    }
}

/// What a client sends is held to it.
#[test]
fn a_client_sends_no_more_user_properties_than_are_read_out() {
    let one = hex("26 00 00 00 00");
    let (packet, start) = Holder::Publish.with(&one.repeat(MOST_USER_PROPERTIES + 1));
    let fault = outline(&packet, Version::V5, Outgoing).unwrap_err();
    assert_eq!(
        (fault.kind, fault.at, fault.reason_code()),
        (
            K::TooManyUserProperties,
            start + 5 * MOST_USER_PROPERTIES,
            0x97
        )
    );
}
