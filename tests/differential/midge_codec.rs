//! Midge's own codec, translated into the words of these tests.

use midge::protocol::{
    self, Auth, Connack, ConnackProperties, ConnectProperties, Direction, Framer, FromBroker,
    PacketType, PublishParts, PublishProperties, Qos, RetainHandling, SubscribeOptions,
    UserProperties, Version, encode,
};

use super::packet::{
    Acknowledgement, Bytes, Case, Codes, Connect, Filters, Packet, Property, Publish, Value, Will,
};

const LIMIT: usize = 268_435_460;

/// The one whole packet that these bytes are, cut by the framer in two pieces.
fn framed(bytes: &[u8], version: Version, direction: Direction) -> Result<Vec<u8>, String> {
    let mut framer = Framer::facing(LIMIT, version, direction);
    let (early, late) = bytes.split_at(bytes.len() / 2);
    for piece in [early, late] {
        framer.space(piece.len()).copy_from_slice(piece);
    }
    let packet = match framer.next() {
        Some(Ok(packet)) => packet.to_vec(),
        Some(Err(fault)) => return Err(format!("framer: {fault}")),
        None => return Err("framer: no whole packet".to_owned()),
    };
    match framer.pending() {
        0 => Ok(packet),
        left => Err(format!("framer: {left} bytes left")),
    }
}

/// What Midge reads in a packet from a broker.
pub fn read(bytes: &[u8], version: Version) -> Result<Packet, String> {
    let bytes = framed(bytes, version, Direction::Incoming)?;
    let outline = protocol::outline(&bytes, version, Direction::Incoming)
        .map_err(|fault| format!("outline: {fault}"))?;
    if outline.packet_type == PacketType::Publish {
        let text = &bytes[outline.topic.0 as usize..outline.topic.1 as usize];
        let properties = protocol::publish_properties(&bytes, &outline);
        if properties.topic_alias.unwrap_or(0) != outline.topic_alias {
            return Err("the outline has another alias than the properties".to_owned());
        }
        let publish = Publish {
            dup: outline.dup,
            qos: outline.qos.bits(),
            retain: outline.retain,
            packet_id: outline.packet_id,
            topic: String::from_utf8(text.to_vec()).map_err(|error| error.to_string())?,
            payload: Bytes(bytes[outline.payload as usize..].to_vec()),
            properties: of_publish(&properties),
        };
        return Ok(Packet::Publish(publish).settled());
    }
    let typed = protocol::decode(&bytes, version).map_err(|fault| format!("decode: {fault}"))?;
    Ok(from_broker(typed, outline.packet_type).settled())
}

/// The fields of a packet that is valid for its direction, as its view shows them: names and bytes, ordered by name.
/// Fields of one name keep their order, which has a meaning.
pub fn shown(bytes: &[u8], case: &Case) -> Result<Vec<(&'static str, Vec<u8>)>, String> {
    let bytes = framed(bytes, case.version, case.direction)?;
    protocol::outline(&bytes, case.version, case.direction)
        .map_err(|fault| format!("outline: {fault}"))?;
    let mut fields = Vec::new();
    for field in protocol::fields(&bytes, case.version) {
        if let Some(fault) = field.fault {
            return Err(format!("fields: {fault}"));
        }
        let bytes = &bytes[field.range];
        // Written or not, a reason code 0 says the same (MQTT 5 section 3.4.2.1).
        let is_default = field.name == "Reason Code" && bytes == [0];
        // A length says how far another field goes; an identifier, what the next field is named.
        let is_frame = field.name.to_ascii_lowercase().ends_with("length")
            || field.name == "Property Identifier";
        if !is_default && !is_frame {
            fields.push((field.name, bytes.to_vec()));
        }
    }
    fields.sort_by_key(|(name, _)| *name);
    Ok(fields)
}

fn from_broker(typed: FromBroker, packet_type: PacketType) -> Packet {
    match typed {
        FromBroker::Connack(connack) => {
            let Connack {
                session_present,
                code,
                properties,
            } = *connack;
            Packet::Connack {
                session_present,
                code,
                properties: of_connack(properties),
            }
        }
        FromBroker::Puback(inner)
        | FromBroker::Pubrec(inner)
        | FromBroker::Pubrel(inner)
        | FromBroker::Pubcomp(inner) => Packet::Acknowledgement(Acknowledgement {
            kind: packet_type as u8,
            packet_id: inner.packet_id,
            code: inner.code,
            properties: reasons(inner.reason_string, inner.user_properties),
        }),
        FromBroker::Suback(inner) | FromBroker::Unsuback(inner) => Packet::Codes(Codes {
            kind: packet_type as u8,
            packet_id: inner.packet_id,
            codes: inner.codes,
            properties: reasons(inner.reason_string, inner.user_properties),
        }),
        FromBroker::Pingresp => Packet::Pingresp,
        FromBroker::Disconnect(inner) => {
            let mut properties = reasons(inner.reason_string, inner.user_properties);
            properties.extend(inner.session_expiry.map(|n| (17, Value::Four(n))));
            properties.extend(inner.server_reference.map(|text| (28, Value::Text(text))));
            Packet::Disconnect {
                code: inner.code,
                properties,
            }
        }
        FromBroker::Auth(inner) => Packet::Auth {
            code: inner.code,
            properties: of_auth(inner),
        },
    }
}

fn users(pairs: UserProperties) -> Vec<Property> {
    pairs
        .into_iter()
        .map(|(name, value)| (38, Value::Pair(name, value)))
        .collect()
}

fn reasons(reason_string: Option<String>, user_properties: UserProperties) -> Vec<Property> {
    let mut all = users(user_properties);
    all.extend(reason_string.map(|text| (31, Value::Text(text))));
    all
}

fn of_auth(auth: Auth) -> Vec<Property> {
    let mut all = reasons(auth.reason_string, auth.user_properties);
    all.extend(auth.method.map(|text| (21, Value::Text(text))));
    all.extend(auth.data.map(|data| (22, Value::Binary(Bytes(data)))));
    all
}

fn of_connack(properties: ConnackProperties) -> Vec<Property> {
    let flag = |id: u8, value: Option<bool>| value.map(|on| (id, Value::Byte(u8::from(on))));
    let two = |id: u8, value: Option<u16>| value.map(|n| (id, Value::Two(n)));
    let four = |id: u8, value: Option<u32>| value.map(|n| (id, Value::Four(n)));
    let text = |id: u8, value: Option<String>| value.map(|text| (id, Value::Text(text)));
    let mut all = reasons(properties.reason_string, properties.user_properties);
    all.extend(
        [
            four(17, properties.session_expiry),
            two(33, properties.receive_maximum),
            properties.maximum_qos.map(|qos| (36, Value::Byte(qos))),
            flag(37, properties.retain_available),
            four(39, properties.maximum_packet_size),
            text(18, properties.assigned_client_id),
            two(34, properties.topic_alias_maximum),
            flag(40, properties.wildcard_available),
            flag(41, properties.identifiers_available),
            flag(42, properties.shared_available),
            two(19, properties.server_keep_alive),
            text(26, properties.response_information),
            text(28, properties.server_reference),
            text(21, properties.authentication_method),
            properties
                .authentication_data
                .map(|data| (22, Value::Binary(Bytes(data)))),
        ]
        .into_iter()
        .flatten(),
    );
    all
}

fn of_publish(properties: &PublishProperties) -> Vec<Property> {
    let mut all = users(properties.user_properties.clone());
    let text = |id: u8, value: &Option<String>| value.clone().map(|text| (id, Value::Text(text)));
    all.extend(
        properties
            .payload_is_text
            .map(|on| (1, Value::Byte(u8::from(on)))),
    );
    all.extend(properties.message_expiry.map(|n| (2, Value::Four(n))));
    all.extend(text(3, &properties.content_type));
    all.extend(text(8, &properties.response_topic));
    let data = properties.correlation_data.clone();
    all.extend(data.map(|data| (9, Value::Binary(Bytes(data)))));
    let identifiers = properties.subscription_identifiers.iter();
    all.extend(identifiers.map(|n| (11, Value::Variable(*n))));
    all.extend(properties.topic_alias.map(|n| (35, Value::Two(n))));
    all
}

/// What Midge writes for a packet to a broker. `None`: it is a packet that Midge has no use for, so that its encoder has
/// no words for it: a broker's, an acknowledgement with properties, SUBSCRIBE and UNSUBSCRIBE with user properties.
pub fn write(packet: &Packet, version: Version) -> Option<Result<Vec<u8>, String>> {
    let mut out = Vec::new();
    let done = match packet {
        Packet::Connect(connect) => encode::connect(&to_connect(connect, version), &mut out),
        Packet::Publish(publish) => {
            let properties = publish_properties(&publish.properties);
            let parts = PublishParts {
                topic: &publish.topic,
                payload: &publish.payload.0,
                qos: qos(publish.qos),
                retain: publish.retain,
                dup: publish.dup,
                packet_id: publish.packet_id,
                properties: Some(&properties),
                topic_alias: None,
            };
            encode::publish(&parts, version, &mut out)
        }
        Packet::Filters(Filters { properties, .. })
        | Packet::Acknowledgement(Acknowledgement { properties, .. })
            if properties.iter().any(|(id, _)| *id != 11) =>
        {
            return None;
        }
        Packet::Filters(filters) => write_filters(filters, version, &mut out),
        Packet::Acknowledgement(Acknowledgement {
            kind,
            packet_id,
            code,
            ..
        }) => {
            let packet_type = PacketType::from_bits(*kind).expect("4 to 7");
            encode::acknowledge(packet_type, *packet_id, *code, &mut out)
        }
        Packet::Pingreq => {
            encode::pingreq(&mut out);
            Ok(())
        }
        Packet::Disconnect { code, properties } => {
            let disconnect = protocol::Disconnect {
                code: *code,
                session_expiry: four(properties, 17),
                reason_string: text(properties, 31),
                server_reference: None,
                user_properties: pairs(properties),
            };
            encode::disconnect_with(&disconnect, &mut out)
        }
        Packet::Auth { code, properties } => {
            let auth = Auth {
                code: *code,
                method: text(properties, 21),
                data: binary(properties, 22),
                reason_string: text(properties, 31),
                user_properties: pairs(properties),
            };
            encode::auth(&auth, &mut out)
        }
        Packet::Connack { .. } | Packet::Codes(_) | Packet::Pingresp => return None,
    };
    Some(done.map(|()| out).map_err(|error| error.to_string()))
}

fn write_filters(
    filters: &Filters,
    version: Version,
    out: &mut Vec<u8>,
) -> Result<(), encode::EncodeError> {
    let Filters {
        kind,
        packet_id,
        filters,
        properties,
    } = filters;
    if *kind == 10 {
        let filters: Vec<&str> = filters.iter().map(|(filter, _)| filter.as_str()).collect();
        return encode::unsubscribe(*packet_id, &filters, version, out);
    }
    let filters: Vec<(&str, SubscribeOptions)> = filters
        .iter()
        .map(|(filter, options)| {
            let options = SubscribeOptions {
                qos: qos(options & 3),
                no_local: options & 4 != 0,
                retain_as_published: options & 8 != 0,
                retain_handling: RetainHandling::from_bits(options >> 4).expect("0 to 2"),
            };
            (filter.as_str(), options)
        })
        .collect();
    let identifier = match find(properties, 11) {
        Some(Value::Variable(number)) => Some(*number),
        _ => None,
    };
    encode::subscribe(*packet_id, &filters, identifier, version, out)
}

fn qos(bits: u8) -> Qos {
    Qos::from_bits(bits).expect("0 to 2")
}

fn to_connect(connect: &Connect, version: Version) -> protocol::Connect {
    let properties = &connect.properties;
    protocol::Connect {
        version,
        client_id: connect.client_id.clone(),
        keep_alive: connect.keep_alive,
        clean_session: connect.clean,
        user_name: connect.user_name.clone(),
        password: connect.password.clone().map(|Bytes(bytes)| bytes),
        will: connect.will.as_ref().map(to_will),
        properties: ConnectProperties {
            session_expiry: four(properties, 17),
            receive_maximum: two(properties, 33),
            maximum_packet_size: four(properties, 39),
            topic_alias_maximum: two(properties, 34),
            request_response_information: flag(properties, 25),
            request_problem_information: flag(properties, 23),
            user_properties: pairs(properties),
            authentication_method: text(properties, 21),
            authentication_data: binary(properties, 22),
        },
    }
}

fn to_will(will: &Will) -> protocol::Will {
    protocol::Will {
        topic: will.topic.clone(),
        payload: will.payload.0.clone(),
        qos: qos(will.qos),
        retain: will.retain,
        delay: four(&will.properties, 24),
        properties: publish_properties(&will.properties),
    }
}

fn publish_properties(properties: &[Property]) -> PublishProperties {
    PublishProperties {
        payload_is_text: flag(properties, 1),
        message_expiry: four(properties, 2),
        topic_alias: two(properties, 35),
        response_topic: text(properties, 8),
        correlation_data: binary(properties, 9),
        subscription_identifiers: Vec::new(),
        content_type: text(properties, 3),
        user_properties: pairs(properties),
    }
}

fn find(properties: &[Property], wanted: u8) -> Option<&Value> {
    properties
        .iter()
        .find(|(id, _)| *id == wanted)
        .map(|(_, value)| value)
}

fn flag(properties: &[Property], id: u8) -> Option<bool> {
    match find(properties, id)? {
        Value::Byte(byte) => Some(*byte == 1),
        other => panic!("{other:?} is no byte"),
    }
}

fn two(properties: &[Property], id: u8) -> Option<u16> {
    match find(properties, id)? {
        Value::Two(number) => Some(*number),
        other => panic!("{other:?} has not two bytes"),
    }
}

fn four(properties: &[Property], id: u8) -> Option<u32> {
    match find(properties, id)? {
        Value::Four(number) => Some(*number),
        other => panic!("{other:?} has not four bytes"),
    }
}

fn text(properties: &[Property], id: u8) -> Option<String> {
    match find(properties, id)? {
        Value::Text(text) => Some(text.clone()),
        other => panic!("{other:?} is no text"),
    }
}

fn binary(properties: &[Property], id: u8) -> Option<Vec<u8>> {
    match find(properties, id)? {
        Value::Binary(Bytes(bytes)) => Some(bytes.clone()),
        other => panic!("{other:?} is not binary"),
    }
}

fn pairs(properties: &[Property]) -> UserProperties {
    properties
        .iter()
        .filter_map(|(_, value)| match value {
            Value::Pair(name, value) => Some((name.clone(), value.clone())),
            _ => None,
        })
        .collect()
}
