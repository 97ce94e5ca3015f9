//! Bytes that nobody should send: cut, changed, made up. Nothing panics, nothing that the broker says is malformed, and
//! nobody else notices.

use midge::protocol::{PacketType, PublishProperties, SubscribeOptions, Version};

use crate::desk::*;

/// A generator of its own, so that each run is the same (SplitMix64).
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }

    pub fn one_in(&mut self, most: usize) -> bool {
        self.below(most) == 0
    }
}

fn greeting(version: Version) -> Vec<u8> {
    let mut said = staying(version, "c");
    said.keep_alive = 30;
    said.user_name = Some("user".into());
    said.password = Some(b"word".to_vec());
    said.will = will("w", "bye");
    said.properties.receive_maximum = Some(10);
    said.properties.maximum_packet_size = Some(1000);
    said.properties.topic_alias_maximum = Some(3);
    said.properties.user_properties = vec![("a".into(), "b".into())];
    connect(&said)
}

/// One of each packet that a client sends once it is in.
fn packets(version: Version) -> Vec<Vec<u8>> {
    let properties = PublishProperties {
        payload_is_text: Some(true),
        message_expiry: Some(9),
        topic_alias: Some(2),
        response_topic: Some("r".into()),
        correlation_data: Some(vec![7]),
        content_type: Some("x".into()),
        user_properties: vec![("a".into(), "b".into())],
        ..PublishProperties::default()
    };
    let options = SubscribeOptions {
        retain_as_published: true,
        ..QOS[2].into()
    };
    let mut all = vec![
        subscribe_with(
            version,
            1,
            &[("a/+", options), ("#", QOS[1].into())],
            Some(200),
        ),
        publish_with(version, "a/b", "hello", QOS[0], 0, &properties),
        publish_with(version, "a/b", "hello", QOS[1], 2, &properties),
        publish_with(version, "a/b", "hello", QOS[2], 3, &properties),
        retained(version, "a/b", "hello", QOS[0], 0),
        unsubscribe(version, 4, &["a/+", "b"]),
        PINGREQ.to_vec(),
    ];
    for packet_type in [
        PacketType::Pubrel,
        PacketType::Puback,
        PacketType::Pubrec,
        PacketType::Pubcomp,
    ] {
        all.push(ack(packet_type, 3));
    }
    if version == V5 {
        all.push(b"\x40\x0e\0\x01\x80\x0a\x1f\0\x01x\x26\0\x01a\0\x01b"[..16].to_vec());
        all.push(b"\xf0\x0b\x19\x09\x15\0\x01m\x16\0\x02zz"[..13].to_vec());
        all.push(b"\xe0\x07\x04\x05\x11\0\0\0\x05".to_vec());
    }
    all.push(DISCONNECT.to_vec());
    all
}

/// A broker with somebody on it who must notice nothing.
fn watched() -> (Desk, C) {
    let mut desk = Desk::new();
    let bystander = desk.client(V5, "bystander");
    desk.subscribe(bystander, &[("mine", QOS[1])]);
    (desk, bystander)
}

fn is_well(desk: &mut Desk, bystander: C) {
    desk.publish(bystander, "mine", "well", QOS[0], 0);
    assert!(desk.texts(bystander).iter().any(|text| text == "well"));
}

fn play(desk: &mut Desk, version: Version, bytes: &[u8]) {
    let client = desk.open(version);
    desk.send(client, bytes);
    // The client's own checks: what came is valid, as far as the version could be told.
    if bytes.get(8).is_some_and(|level| *level == version.level()) {
        let raw = desk.raw(client);
        let mut rest = &raw[..];
        while !rest.is_empty() {
            let size = midge::protocol::packet_size(
                rest,
                1 << 28,
                version,
                midge::protocol::Direction::Incoming,
            );
            let size = size.expect("valid").expect("whole");
            read(&rest[..size], version);
            rest = &rest[size..];
        }
    }
    desk.cut(client);
}

#[test]
fn a_stream_that_ends_anywhere_does_no_harm() {
    for version in VERSIONS {
        let mut stream = greeting(version);
        stream.extend(packets(version).concat());
        let (mut desk, bystander) = watched();
        for end in 0..stream.len() {
            play(&mut desk, version, &stream[..end]);
        }
        is_well(&mut desk, bystander);
    }
}

/// Each byte of each packet, one bit at a time and to the values that mean most.
#[test]
fn a_changed_byte_does_no_harm() {
    for version in VERSIONS {
        let hello = greeting(version);
        let mut all = packets(version);
        all.push(hello.clone());
        for packet in all {
            let (mut desk, bystander) = watched();
            for at in 0..packet.len() {
                let bits = (0..8).map(|bit| packet[at] ^ (1 << bit));
                for byte in bits.chain([0, 0x7F, 0x80, 0xFF]) {
                    let mut changed = packet.clone();
                    changed[at] = byte;
                    let stream = if packet == hello {
                        changed
                    } else {
                        [&hello[..], &changed, PINGREQ].concat()
                    };
                    play(&mut desk, version, &stream);
                }
            }
            is_well(&mut desk, bystander);
        }
    }
}

/// Thousands of streams of packets that were cut, joined, repeated and changed.
#[test]
fn streams_that_were_shaken_do_no_harm() {
    let mut chance = Chance(1);
    let (mut desk, bystander) = watched();
    for round in 0..3000 {
        let version = VERSIONS[round % 3];
        let all = packets(version);
        let mut stream = greeting(version);
        for _ in 0..chance.below(8) {
            let mut packet = all[chance.below(all.len())].clone();
            for _ in 0..chance.below(3) {
                let at = chance.below(packet.len());
                packet[at] = chance.next() as u8;
            }
            if chance.one_in(5) {
                packet.truncate(chance.below(packet.len()));
            }
            stream.extend(packet);
        }
        if chance.one_in(4) {
            let at = chance.below(stream.len());
            stream[at] = chance.next() as u8;
        }
        let client = desk.open(version);
        let size = 1 + chance.below(stream.len());
        for piece in stream.chunks(size) {
            desk.send(client, piece);
        }
        if chance.one_in(2) {
            desk.wait(chance.below(50) as u64);
        }
        if chance.one_in(2) {
            desk.cut(client);
        }
        if round % 100 == 0 {
            is_well(&mut desk, bystander);
        }
    }
    is_well(&mut desk, bystander);
}

#[test]
fn noise_does_no_harm() {
    let mut chance = Chance(2);
    let (mut desk, bystander) = watched();
    for _ in 0..3000 {
        let len = chance.below(200);
        let mut noise: Vec<u8> = (0..len).map(|_| chance.next() as u8).collect();
        if chance.one_in(2) {
            noise.splice(0..0, greeting(V5));
        }
        let client = desk.open(V5);
        desk.send(client, &noise);
        desk.cut(client);
    }
    is_well(&mut desk, bystander);
}

/// MQTT 3.1.1 [MQTT-1.5.3-1], [MQTT-1.5.3-2], [MQTT-2.2.2-2], [MQTT-3.8.3-4]
/// MQTT 5 [MQTT-1.5.4-1], [MQTT-1.5.4-2], [MQTT-1.5.5-1], [MQTT-2.1.3-1], [MQTT-4.13.1-1], [MQTT-3.8.3-5],
/// MQTT 5 [MQTT-4.13.2-1], [MQTT-1.5.7-1], [MQTT-3.3.2-13], [MQTT-3.3.2-14], [MQTT-3.3.2-19]
#[test]
fn what_is_malformed_ends_the_connection_with_its_code() {
    let cases: [(&[u8], u8); 21] = [
        (b"\x00\0", 0x81),                                   // no packet type
        (b"\x20\x03\0\0\0", 0x82),                           // the server's
        (b"\xd0\0", 0x82),                                   // the server's
        (b"\xc1\0", 0x81),                                   // reserved flags
        (b"\x80\x05", 0x81),                                 // reserved flags
        (b"\x60\x02\0\x01", 0x81),                           // reserved flags
        (b"\xc0\xff\xff\xff\xff", 0x81),                     // a length without an end
        (b"\xc0\x80\0", 0x81), // a length that is longer than it need be
        (b"\x30\x05\0\x01\xff\0x", 0x81), // no UTF-8
        (b"\x30\x05\0\x01\0\0x", 0x81), // U+0000
        (b"\x30\x05\0\x09t\0x", 0x81), // longer than its packet
        (b"\x30\x04\0\0\0x", 0x82), // no name and no alias
        (b"\x82\x03\0\x01\0", 0x82), // no filter
        (b"\x82\x07\0\x01\0\0\x01t\x40", 0x81), // reserved options
        (b"\x82\x07\0\x01\0\0\x01t\x30", 0x82), // retain handling 3
        (b"\x30\x07\0\x01t\x02\x7f\0x", 0x81), // no property
        (b"\x30\x08\0\x01t\x04\x08\0\x01\xff", 0x81), // a response topic that is no UTF-8
        (b"\x30\x08\0\x01t\x04\x08\0\x01#", 0x81), // a response topic with a wildcard
        (b"\x30\x08\0\x01t\x04\x03\0\x01\xff", 0x81), // a content type that is no UTF-8
        (b"\x30\x0b\0\x01t\x07\x26\0\x01\xff\0\x01a", 0x81), // a user property that is no UTF-8
        (b"\x30\x0b\0\x01t\x07\x26\0\x01a\0\x01\0", 0x81), // a user property with U+0000
    ];
    for (bytes, code) in cases {
        let mut desk = Desk::new();
        let client = desk.client(V5, "c");
        desk.send(client, bytes);
        assert_eq!(desk.closed_with(client), Some(code), "{bytes:02x?}");
        assert!(
            matches!(desk.other(client), midge::protocol::FromBroker::Disconnect(said) if said.code == code)
        );
    }
}

/// The deepest topic there is, as a topic, a filter, and retained, where the limits let it through.
#[test]
fn the_deepest_topic_overflows_nothing() {
    let mut desk = Desk::limited(|limits| limits.levels = usize::MAX);
    let deep = "/".repeat(65_535);
    let client = desk.client(V311, "c");
    desk.subscribe(client, &[(&deep, QOS[0]), ("#", QOS[0])]);
    let plus = vec!["+"; 32_767].join("/");
    desk.subscribe(client, &[(&plus, QOS[0])]);
    desk.send(client, &retained(V311, &deep, "x", QOS[0], 0));
    assert_eq!(desk.texts(client), ["x"]);
    desk.subscribe(client, &[("#", QOS[0])]);
    // Going so deep takes more than one turn.
    desk.wait(1);
    assert_eq!(desk.texts(client), ["x"]);
    desk.send(client, &retained(V311, &deep, "", QOS[0], 0));
    desk.send(client, DISCONNECT);
    assert_eq!(
        (
            desk.broker.held().subscriptions,
            desk.broker.held().retained
        ),
        (0, (0, 0))
    );
}
