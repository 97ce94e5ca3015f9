//! Any bytes at all, in every version: no panic, and outline, field map, decoder and framer agree.

use midge::protocol::Direction::{Incoming, Outgoing};
use midge::protocol::{
    Auth, Connect, ConnectProperties, Disconnect, FaultKind, Framer, FromBroker, Outline,
    PacketType, Places, PublishParts, PublishProperties, Qos, RetainHandling, SubscribeOptions,
    Version, Will, decode, encode, fields, outline, places, publish_properties,
};
use proptest::prelude::*;

use super::bytes::{HOLDERS, Holder, PROPERTIES};
use super::mapped::assert_covers;

const VERSIONS: [Version; 3] = [Version::V31, Version::V311, Version::V5];

/// What was outlined once is found again without its checks.
fn assert_same_places(bytes: &[u8], version: Version, found: &Outline) {
    let publish = found.packet_type == PacketType::Publish;
    let expected = Places {
        qos: found.qos,
        retain: found.retain,
        dup: found.dup,
        packet_id: found.packet_id,
        topic: (found.topic.0 as usize, found.topic.1 as usize),
        payload: if publish { found.payload as usize } else { 0 },
        end: bytes.len(),
    };
    assert_eq!(places(bytes, version), expected, "{bytes:02x?}");
    // Whoever keeps something behind the packet finds its end.
    let longer = [bytes, b"behind"].concat();
    assert_eq!(places(&longer, version), expected, "{bytes:02x?}");
}

/// All that reads a packet reads it alike.
fn assert_agreement(bytes: &[u8], version: Version) {
    let all = fields(bytes, version);
    places(bytes, version);
    assert_covers(&all, bytes.len());
    let outcomes = [Incoming, Outgoing].map(|direction| outline(bytes, version, direction));
    for outcome in &outcomes {
        match outcome {
            Ok(found) => {
                let properties = publish_properties(bytes, found);
                assert_eq!(properties.topic_alias.unwrap_or(0), found.topic_alias);
                let Outline {
                    topic,
                    payload,
                    properties,
                    ..
                } = *found;
                assert!(topic.0 <= topic.1 && properties.0 <= properties.1);
                assert!(payload as usize <= bytes.len());
                assert_same_places(bytes, version, found);
            }
            Err(fault) => {
                assert!(
                    fault.at <= bytes.len() && !fault.clause().is_empty(),
                    "{fault}"
                );
                assert!(fault.reason_code() >= 0x80 && !fault.to_string().is_empty());
                assert_eq!(fault.version, version);
            }
        }
    }
    let mut faults = all.iter().filter_map(|field| field.fault);
    // Nobody has to look for that one but the map.
    let marked = faults.find(|fault| fault.kind != FaultKind::PayloadNotText);
    match marked {
        Some(fault) => assert!(outcomes.iter().all(Result::is_err), "{fault}"),
        None if bytes.is_empty() => {}
        // Without a direction a packet may be of either: so it breaks at most what one side may not say.
        None => assert!(
            outcomes.iter().any(Result::is_ok)
                || outcomes.iter().flat_map(|o| o.as_ref().err()).all(|fault| {
                    use midge::protocol::FaultKind as K;
                    matches!(
                        fault.kind,
                        K::TypeNotAllowed | K::ReasonCodeWrongWay(_) | K::PropertyWrongWay(_)
                    )
                }),
            "{outcomes:?}"
        ),
    }
    match (&outcomes[0], decode(bytes, version)) {
        (Ok(found), Ok(_)) => assert_ne!(found.packet_type, PacketType::Publish),
        (Ok(found), Err(_)) => assert_eq!(found.packet_type, PacketType::Publish),
        (Err(fault), decoded) => assert_eq!(decoded, Err(*fault)),
    }
    if outcomes[0].is_ok() {
        let mut framer = Framer::new(1 << 20, version);
        framer.push(bytes);
        assert_eq!(framer.next(), Some(Ok(bytes)));
    }
}

fn some_properties() -> impl Strategy<Value = Vec<u8>> {
    let one = (0..PROPERTIES.len(), any::<prop::sample::Index>()).prop_map(|(which, value)| {
        let property = &PROPERTIES[which];
        property.with(property.good[value.index(property.good.len())])
    });
    prop::collection::vec(one, 0..6).prop_map(|all| all.concat())
}

fn changed(mut bytes: Vec<u8>, changes: &[(prop::sample::Index, u8, u8)]) -> Vec<u8> {
    for (at, byte, how) in changes {
        if bytes.is_empty() {
            break;
        }
        let at = at.index(bytes.len());
        match how {
            0 => bytes[at] = *byte,
            1 => bytes.insert(at, *byte),
            2 => {
                bytes.remove(at);
            }
            _ => bytes.truncate(at),
        }
    }
    bytes
}

fn user_properties() -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::vec(("[^\0]{0,8}", "[^\0]{0,8}"), 0..4)
}

fn message_properties() -> impl Strategy<Value = PublishProperties> {
    (
        any::<(Option<bool>, Option<u32>)>(),
        prop::option::of(1_u16..),
        prop::option::of("[^\0+#]{1,20}"),
        prop::option::of(prop::collection::vec(any::<u8>(), 0..20)),
        prop::option::of("[^\0]{0,20}"),
        user_properties(),
    )
        .prop_map(
            |(
                (payload_is_text, message_expiry),
                topic_alias,
                response_topic,
                correlation_data,
                content_type,
                user_properties,
            )| {
                PublishProperties {
                    payload_is_text,
                    message_expiry,
                    topic_alias,
                    response_topic,
                    correlation_data,
                    subscription_identifiers: Vec::new(),
                    content_type,
                    user_properties,
                }
            },
        )
}

/// What the field map calls `name`, in order.
fn values(bytes: &[u8], name: &str) -> Vec<String> {
    let all = fields(bytes, Version::V5);
    assert_covers(&all, bytes.len());
    all.into_iter()
        .filter(|field| field.name == name)
        .map(|field| field.value)
        .collect()
}

fn text<T: ToString>(value: Option<T>) -> Vec<String> {
    value.into_iter().map(|value| value.to_string()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn packets_with_any_properties_are_read_alike_by_all(
        holder in 0..HOLDERS.len(),
        properties in some_properties(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 0..3),
    ) {
        let (bytes, _) = HOLDERS[holder].with(&properties);
        let bytes = changed(bytes, &changes);
        for version in VERSIONS {
            assert_agreement(&bytes, version);
        }
    }

    #[test]
    fn random_bytes_are_read_alike_by_all(
        first in any::<u8>(),
        body in prop::collection::vec(prop_oneof![Just(0_u8), Just(1), 0_u8..0x30, any::<u8>()], 0..40),
        exact in any::<bool>(),
    ) {
        let mut bytes = vec![first];
        if exact {
            bytes.push(body.len() as u8);
        }
        bytes.extend(body);
        for version in VERSIONS {
            assert_agreement(&bytes, version);
        }
    }

    #[test]
    fn whatever_publish_is_written_reads_back(
        properties in message_properties(),
        topic in "[^\0+#]{1,40}",
        payload in prop::collection::vec(any::<u8>(), 0..300),
        (qos, retain, dup) in (0_u8..3, any::<bool>(), any::<bool>()),
        packet_id in 1_u16..,
        alias in prop::option::of(1_u16..),
    ) {
        let qos = Qos::from_bits(qos).unwrap();
        let dup = dup && qos != Qos::AtMostOnce;
        let parts = PublishParts {
            topic: &topic, payload: &payload, qos, retain, dup, packet_id,
            properties: Some(&properties), topic_alias: alias,
        };
        let mut bytes = Vec::new();
        encode::publish(&parts, Version::V5, &mut bytes).unwrap();
        let found = outline(&bytes, Version::V5, Outgoing).unwrap();
        let expected = PublishProperties {
            topic_alias: alias.or(properties.topic_alias),
            ..properties.clone()
        };
        prop_assert_eq!(publish_properties(&bytes, &found), expected);
        prop_assert_eq!(&bytes[found.topic.0 as usize..found.topic.1 as usize], topic.as_bytes());
        prop_assert_eq!(&bytes[found.payload as usize..], &payload[..]);
        prop_assert_eq!((found.qos, found.retain, found.dup), (qos, retain, dup));
        prop_assert_eq!(values(&bytes, "Content Type"), text(properties.content_type));
    }

    #[test]
    fn whatever_connect_is_written_reads_back(
        client_id in "[^\0]{0,20}",
        (user_name, password) in (prop::option::of("[^\0]{0,20}"), prop::option::of(prop::collection::vec(any::<u8>(), 0..20))),
        will in prop::option::of(("[^\0+#]{1,20}", message_properties(), any::<Option<u32>>())),
        session_expiry in any::<Option<u32>>(),
        receive_maximum in prop::option::of(1_u16..),
        maximum_packet_size in prop::option::of(1_u32..),
        topic_alias_maximum in any::<Option<u16>>(),
        user_properties in user_properties(),
        method in prop::option::of("[^\0]{0,10}"),
    ) {
        let c = Connect {
            version: Version::V5,
            client_id: client_id.clone(),
            keep_alive: 7,
            clean_session: false,
            user_name: user_name.clone(),
            password: password.clone(),
            will: will.clone().map(|(topic, properties, delay)| Will { topic, properties, delay, ..Will::default() }),
            properties: ConnectProperties {
                session_expiry,
                receive_maximum,
                maximum_packet_size,
                topic_alias_maximum,
                user_properties: user_properties.clone(),
                authentication_method: method.clone(),
                authentication_data: method.as_ref().map(|_| vec![1]),
                ..ConnectProperties::default()
            },
        };
        let mut bytes = Vec::new();
        encode::connect(&c, &mut bytes).unwrap();
        prop_assert!(outline(&bytes, Version::V5, Outgoing).is_ok());
        prop_assert_eq!(values(&bytes, "Client Identifier"), [client_id]);
        prop_assert_eq!(values(&bytes, "User Name"), text(user_name));
        prop_assert_eq!(values(&bytes, "Session Expiry Interval"), text(session_expiry));
        prop_assert_eq!(values(&bytes, "Receive Maximum"), text(receive_maximum));
        prop_assert_eq!(values(&bytes, "Maximum Packet Size"), text(maximum_packet_size));
        prop_assert_eq!(values(&bytes, "Topic Alias Maximum"), text(topic_alias_maximum));
        prop_assert_eq!(values(&bytes, "Authentication Method"), text(method));
        prop_assert_eq!(values(&bytes, "Password").len(), usize::from(password.is_some()));
        let (mut names, mut delay, mut topic) = (user_properties, None, None);
        if let Some((will_topic, properties, will_delay)) = will {
            names.extend(properties.user_properties);
            (topic, delay) = (Some(will_topic), will_delay);
        }
        let names: Vec<_> = names.into_iter().map(|(name, _)| name).collect();
        prop_assert_eq!(values(&bytes, "User Property name"), names);
        prop_assert_eq!(values(&bytes, "Will Topic"), text(topic));
        prop_assert_eq!(values(&bytes, "Will Delay Interval"), text(delay));
    }

    #[test]
    fn whatever_auth_is_written_is_what_the_other_side_reads(
        method in "[^\0]{0,20}",
        data in prop::option::of(prop::collection::vec(any::<u8>(), 0..40)),
        reason_string in prop::option::of("[^\0]{0,20}"),
        user_properties in user_properties(),
    ) {
        let a = Auth { code: 0x18, method: Some(method), data, reason_string, user_properties };
        let mut bytes = Vec::new();
        encode::auth(&a, &mut bytes).unwrap();
        prop_assert_eq!(decode(&bytes, Version::V5), Ok(FromBroker::Auth(a)));
    }

    #[test]
    fn whatever_disconnect_is_written_is_what_the_other_side_reads(
        code in prop::sample::select(vec![0_u8, 0x80, 0x82, 0x93, 0x99]),
        reason_string in prop::option::of("[^\0]{0,20}"),
        user_properties in user_properties(),
    ) {
        let d = Disconnect { code, reason_string, user_properties, ..Disconnect::default() };
        let mut bytes = Vec::new();
        encode::disconnect_with(&d, &mut bytes).unwrap();
        prop_assert_eq!(decode(&bytes, Version::V5), Ok(FromBroker::Disconnect(d)));
    }

    #[test]
    fn whatever_subscribe_is_written_reads_back(
        filters in prop::collection::vec(("[a-z溫/]{1,20}", 0_u8..3, any::<bool>(), any::<bool>(), 0_u8..3), 1..9),
        identifier in prop::option::of(1_u32..=268_435_455),
        packet_id in 1_u16..,
    ) {
        let all: Vec<_> = filters.iter().map(|(filter, qos, no_local, retain_as_published, handling)| {
            (&filter[..], SubscribeOptions {
                qos: Qos::from_bits(*qos).unwrap(),
                no_local: *no_local,
                retain_as_published: *retain_as_published,
                retain_handling: RetainHandling::from_bits(*handling).unwrap(),
            })
        }).collect();
        let mut bytes = Vec::new();
        encode::subscribe(packet_id, &all, identifier, Version::V5, &mut bytes).unwrap();
        prop_assert_eq!(outline(&bytes, Version::V5, Outgoing).unwrap().packet_id, packet_id);
        prop_assert_eq!(values(&bytes, "Subscription Identifier"), text(identifier));
        let options: Vec<_> = filters.iter().map(|(_, qos, no_local, retain, handling)| format!(
            "Maximum QoS {qos}, No Local {}, Retain As Published {}, Retain Handling {handling}",
            u8::from(*no_local), u8::from(*retain),
        )).collect();
        prop_assert_eq!(values(&bytes, "Subscription Options"), options);
    }
}

#[test]
fn every_packet_of_the_tables_is_read_alike_by_all_in_every_version() {
    for holder in HOLDERS {
        for property in PROPERTIES {
            for value in property.good {
                let own = [property.with(value), property.beside(holder)].concat();
                let (bytes, _) = holder.with(&own);
                for version in VERSIONS {
                    assert_agreement(&bytes, version);
                }
            }
        }
    }
    assert_eq!(
        HOLDERS
            .iter()
            .filter(|holder| **holder == Holder::Will)
            .count(),
        1
    );
}

/// MQTT 5 [MQTT-6.0.0-2]
#[test]
fn packets_come_whole_out_of_a_stream_that_is_cut_anywhere() {
    for direction in [Incoming, Outgoing] {
        let mut packets = vec![vec![0xE0, 0], vec![0xE0, 1, 0x82]];
        for holder in HOLDERS {
            for property in PROPERTIES {
                if property.holders.contains(&holder)
                    && property.directions(holder).contains(&direction)
                {
                    let own = [property.with(property.good[1]), property.beside(holder)].concat();
                    packets.push(holder.with(&own).0);
                }
            }
        }
        let stream = packets.concat();
        for size in [1, 2, 3, 7, 64, stream.len()] {
            let mut framer = Framer::facing(1 << 20, Version::V5, direction);
            let mut found = Vec::new();
            for part in stream.chunks(size) {
                framer.push(part);
                while let Some(packet) = framer.next() {
                    found.push(packet.unwrap().to_vec());
                }
            }
            assert_eq!((found.len(), framer.pending()), (packets.len(), 0));
            assert_eq!(found, packets);
        }
    }
}
