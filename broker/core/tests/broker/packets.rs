//! What clients send and are sent.

use midge::protocol::{
    Connect, ConnectProperties, Direction, FromBroker, PacketType, PublishParts, PublishProperties,
    Qos, SubscribeOptions, Version, Will, decode, encode, outline, publish_properties,
};

pub const V31: Version = Version::V31;
pub const V311: Version = Version::V311;
pub const V5: Version = Version::V5;
pub const VERSIONS: [Version; 3] = [V31, V311, V5];
pub const QOS: [Qos; 3] = [Qos::AtMostOnce, Qos::AtLeastOnce, Qos::ExactlyOnce];

/// A packet from the broker.
#[derive(Clone, Debug, PartialEq)]
pub enum Got {
    Publish(Published),
    Other(FromBroker),
}

/// A PUBLISH from the broker.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Published {
    pub topic: String,
    pub payload: Vec<u8>,
    pub qos: Qos,
    pub retain: bool,
    pub dup: bool,
    pub id: u16,
    pub properties: PublishProperties,
    pub size: usize,
}

impl Published {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.payload).expect("text")
    }
}

/// Reads what the broker sent, with the client's own checks.
pub fn read(packet: &[u8], version: Version) -> Got {
    let said =
        outline(packet, version, Direction::Incoming).expect("the broker sends valid packets");
    if said.packet_type != PacketType::Publish {
        return Got::Other(decode(packet, version).expect("the broker sends valid packets"));
    }
    let (start, end) = said.topic;
    Got::Publish(Published {
        topic: String::from_utf8(packet[start as usize..end as usize].to_vec()).expect("a topic"),
        payload: packet[said.payload as usize..].to_vec(),
        qos: said.qos,
        retain: said.retain,
        dup: said.dup,
        id: said.packet_id,
        properties: publish_properties(packet, &said),
        size: packet.len(),
    })
}

/// A CONNECT: a clean one without keep alive.
pub fn hello(version: Version, client_id: &str) -> Connect {
    Connect {
        version,
        client_id: client_id.into(),
        keep_alive: 0,
        clean_session: true,
        user_name: None,
        password: None,
        will: None,
        properties: ConnectProperties::default(),
    }
}

/// A CONNECT of a client whose session stays.
pub fn staying(version: Version, client_id: &str) -> Connect {
    let mut hello = hello(version, client_id);
    hello.clean_session = false;
    hello.properties.session_expiry = (version == V5).then_some(u32::MAX);
    hello
}

pub fn will(topic: &str, payload: &str) -> Option<Will> {
    Some(Will {
        topic: topic.into(),
        payload: payload.into(),
        ..Will::default()
    })
}

pub fn made(make: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    make(&mut out);
    out
}

pub fn connect(connect: &Connect) -> Vec<u8> {
    made(|out| encode::connect(connect, out).expect("a CONNECT"))
}

/// PUBLISH: its packet identifier is 0 with QoS 0.
pub fn publish(version: Version, topic: &str, payload: &str, qos: Qos, id: u16) -> Vec<u8> {
    publish_with(
        version,
        topic,
        payload,
        qos,
        id,
        &PublishProperties::default(),
    )
}

pub fn publish_with(
    version: Version,
    topic: &str,
    payload: &str,
    qos: Qos,
    id: u16,
    properties: &PublishProperties,
) -> Vec<u8> {
    let parts = PublishParts {
        topic,
        payload: payload.as_bytes(),
        qos,
        packet_id: id,
        properties: Some(properties),
        ..PublishParts::default()
    };
    made(|out| encode::publish(&parts, version, out).expect("a PUBLISH"))
}

pub fn retained(version: Version, topic: &str, payload: &str, qos: Qos, id: u16) -> Vec<u8> {
    let mut packet = publish(version, topic, payload, qos, id);
    packet[0] |= 1;
    packet
}

pub fn subscribe(version: Version, id: u16, filters: &[(&str, Qos)]) -> Vec<u8> {
    let filters: Vec<_> = filters
        .iter()
        .map(|(filter, qos)| (*filter, SubscribeOptions::from(*qos)))
        .collect();
    subscribe_with(version, id, &filters, None)
}

pub fn subscribe_with(
    version: Version,
    id: u16,
    filters: &[(&str, SubscribeOptions)],
    identifier: Option<u32>,
) -> Vec<u8> {
    made(|out| encode::subscribe(id, filters, identifier, version, out).expect("a SUBSCRIBE"))
}

pub fn unsubscribe(version: Version, id: u16, filters: &[&str]) -> Vec<u8> {
    made(|out| encode::unsubscribe(id, filters, version, out).expect("an UNSUBSCRIBE"))
}

pub fn ack(packet_type: PacketType, id: u16) -> Vec<u8> {
    let flags = if packet_type == PacketType::Pubrel {
        2
    } else {
        0
    };
    let [high, low] = id.to_be_bytes();
    vec![(packet_type as u8) << 4 | flags, 2, high, low]
}

pub const DISCONNECT: &[u8] = &[0xE0, 0];
pub const PINGREQ: &[u8] = &[0xC0, 0];
