//! The framer: whole packets out of any split of the stream, and refusal as early as the bytes allow.

use midge::protocol::{
    Connect, Direction, Fault, FaultKind, Framer, PacketType, PublishParts, Qos, Version, Will,
    encode,
};
use proptest::prelude::*;

const LIMIT: usize = 1 << 20;

/// What one side sends in the course of an exchange, packet by packet.
struct Stream {
    name: &'static str,
    direction: Direction,
    packets: Vec<Vec<u8>>,
}

fn packet(write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    write(&mut out);
    assert!(!out.is_empty());
    out
}

fn publish(
    topic: &str,
    payload: &[u8],
    qos: Qos,
    packet_id: u16,
    retain: bool,
    dup: bool,
) -> Vec<u8> {
    let parts = PublishParts {
        topic,
        payload,
        qos,
        retain,
        dup,
        packet_id,
        properties: None,
        topic_alias: None,
    };
    packet(|out| encode::publish(&parts, Version::V311, out).unwrap())
}

fn connect() -> Vec<u8> {
    let c = Connect {
        version: Version::V311,
        client_id: "midge-1".into(),
        keep_alive: 30,
        clean_session: true,
        user_name: Some("chen".into()),
        password: Some(b"\xff\x00s".to_vec()),
        will: Some(Will {
            topic: "gone".into(),
            payload: b"yes".to_vec(),
            qos: Qos::AtLeastOnce,
            retain: true,
            ..Will::default()
        }),
        properties: Default::default(),
    };
    packet(|out| encode::connect(&c, out).unwrap())
}

fn streams() -> Vec<Stream> {
    use Direction::{Incoming, Outgoing};
    let long = vec![0x30; 200];
    vec![
        Stream {
            name: "connect, ping, disconnect: to the broker",
            direction: Outgoing,
            packets: vec![
                connect(),
                packet(encode::pingreq),
                packet(encode::disconnect),
            ],
        },
        Stream {
            name: "connect, ping: from the broker",
            direction: Incoming,
            packets: vec![vec![0x20, 2, 1, 0], vec![0xD0, 0], vec![0xD0, 0]],
        },
        Stream {
            name: "subscribe and unsubscribe: to the broker",
            direction: Outgoing,
            packets: vec![
                packet(|out| {
                    let filters = [
                        ("sensors/+/temp", Qos::AtMostOnce.into()),
                        ("#", Qos::ExactlyOnce.into()),
                    ];
                    encode::subscribe(1, &filters, None, Version::V311, out).unwrap();
                }),
                packet(|out| {
                    encode::unsubscribe(2, &["sensors/+/temp", "#"], Version::V311, out).unwrap()
                }),
            ],
        },
        Stream {
            name: "subscribe, messages of every quality of service, unsubscribe: from the broker",
            direction: Incoming,
            packets: vec![
                vec![0x90, 4, 0, 1, 0, 0x80],
                publish("a/b", b"21.5", Qos::AtMostOnce, 0, true, false),
                publish("溫度", &[0, 1, 2], Qos::AtLeastOnce, 7, false, false),
                publish("a", b"", Qos::ExactlyOnce, 65_535, false, true),
                vec![0x62, 2, 0xFF, 0xFF],
                vec![0xB0, 2, 0, 2],
            ],
        },
        Stream {
            name: "messages received, acknowledged: to the broker",
            direction: Outgoing,
            packets: vec![
                packet(|out| encode::puback(7, out)),
                packet(|out| encode::pubrec(65_535, out)),
                packet(|out| encode::pubcomp(65_535, out)),
            ],
        },
        Stream {
            name: "messages published: to the broker",
            direction: Outgoing,
            packets: vec![
                publish("t/0", b"zero", Qos::AtMostOnce, 0, false, false),
                publish("t/1", b"one", Qos::AtLeastOnce, 10, false, true),
                publish("t/2", b"two", Qos::ExactlyOnce, 11, true, false),
                packet(|out| encode::pubrel(11, out)),
            ],
        },
        Stream {
            name: "messages published, acknowledged: from the broker",
            direction: Incoming,
            packets: vec![
                vec![0x40, 2, 0, 10],
                vec![0x50, 2, 0, 11],
                vec![0x70, 2, 0, 11],
            ],
        },
        Stream {
            name: "lengths of two bytes between short packets: from the broker",
            direction: Incoming,
            packets: vec![
                vec![0xD0, 0],
                publish("long", &long, Qos::AtMostOnce, 0, false, false),
                vec![0xD0, 0],
                publish("l", &long[..124], Qos::AtMostOnce, 0, false, false),
                publish("l", &long[..125], Qos::AtMostOnce, 0, false, false),
            ],
        },
    ]
}

fn drain(framer: &mut Framer, packets: &mut Vec<Vec<u8>>) {
    while let Some(next) = framer.next() {
        packets.push(next.expect("the stream is valid").to_vec());
    }
}

fn cut(direction: Direction, chunks: &[&[u8]]) -> Vec<Vec<u8>> {
    let mut framer = Framer::facing(LIMIT, Version::V311, direction);
    let mut packets = Vec::new();
    for chunk in chunks {
        framer.push(chunk);
        drain(&mut framer, &mut packets);
    }
    assert_eq!(framer.pending(), 0, "the stream ends with a packet");
    packets
}

fn next_fault(framer: &mut Framer) -> Option<Fault> {
    framer
        .next()
        .map(|next| next.expect_err("no whole packet is there"))
}

/// MQTT 3.1.1 [MQTT-6.0.0-2]
/// MQTT 5 [MQTT-6.0.0-2]
#[test]
fn every_split_in_two_gives_the_same_packets() {
    for stream in streams() {
        let bytes = stream.packets.concat();
        for at in 0..=bytes.len() {
            let (first, second) = bytes.split_at(at);
            assert_eq!(
                cut(stream.direction, &[first, second]),
                stream.packets,
                "{}, {at}",
                stream.name
            );
        }
    }
}

/// MQTT 3.1.1 [MQTT-6.0.0-2]
/// MQTT 5 [MQTT-6.0.0-2]
#[test]
fn every_split_in_three_gives_the_same_packets() {
    let mut tried = 0;
    for stream in streams() {
        let bytes = stream.packets.concat();
        if bytes.len() > 120 {
            continue;
        }
        for at in 0..=bytes.len() {
            for to in at..=bytes.len() {
                let chunks = [&bytes[..at], &bytes[at..to], &bytes[to..]];
                assert_eq!(
                    cut(stream.direction, &chunks),
                    stream.packets,
                    "{}, {at}, {to}",
                    stream.name
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 4_000, "{tried}");
}

/// MQTT 3.1.1 [MQTT-6.0.0-2]
/// MQTT 5 [MQTT-6.0.0-2]
#[test]
fn byte_by_byte_gives_the_same_packets() {
    for stream in streams() {
        let bytes = stream.packets.concat();
        let chunks: Vec<_> = bytes.chunks(1).collect();
        assert_eq!(
            cut(stream.direction, &chunks),
            stream.packets,
            "{}",
            stream.name
        );
    }
}

#[test]
fn bytes_that_were_written_into_the_room_are_read_like_pushed_ones() {
    for stream in streams() {
        let bytes = stream.packets.concat();
        let mut framer = Framer::facing(LIMIT, Version::V311, stream.direction);
        let mut packets = Vec::new();
        for chunk in bytes.chunks(7) {
            let space = framer.space(chunk.len());
            assert_eq!(space.len(), chunk.len());
            space.copy_from_slice(chunk);
            drain(&mut framer, &mut packets);
        }
        assert_eq!(packets, stream.packets, "{}", stream.name);
    }
}

#[test]
fn packets_that_are_not_taken_yet_survive_further_bytes() {
    let message = publish("a", b"payload", Qos::AtMostOnce, 0, false, false);
    let mut framer = Framer::new(LIMIT, Version::V311);
    for round in 0..100 {
        framer.push(&message);
        framer.push(&message);
        framer.push(&message[..5]);
        assert_eq!(framer.next(), Some(Ok(&message[..])), "{round}");
        framer.push(&message[5..]);
    }
    let mut packets = Vec::new();
    drain(&mut framer, &mut packets);
    assert_eq!(packets, vec![message; 200]);
}

#[test]
fn a_packet_larger_than_the_kept_buffer_passes_and_leaves_the_framer_working() {
    let large = publish("a", &vec![7; 3 << 20], Qos::AtMostOnce, 0, false, false);
    let mut framer = Framer::new(8 << 20, Version::V311);
    for _ in 0..2 {
        for chunk in large.chunks(65_536) {
            framer.push(chunk);
        }
        assert!(framer.next() == Some(Ok(&large[..])));
        framer.push(&[0xD0, 0]);
        assert_eq!(framer.next(), Some(Ok(&[0xD0, 0][..])));
        assert_eq!(framer.next(), None);
    }
}

#[test]
fn remaining_lengths_of_one_to_four_bytes_are_read_at_their_borders() {
    // Section 2.2.3, table 2.4. What has five bytes of header and more is not buffered here: the announced size shows
    // in the refusal.
    for (bytes, length) in [
        (&[0x00][..], 0),
        (&[0x7F], 127),
        (&[0x80, 0x01], 128),
        (&[0xFF, 0x7F], 16_383),
        (&[0x80, 0x80, 0x01], 16_384),
        (&[0xFF, 0xFF, 0x7F], 2_097_151),
        (&[0x80, 0x80, 0x80, 0x01], 2_097_152),
        (&[0xFF, 0xFF, 0xFF, 0x7F], 268_435_455),
    ] {
        let size = 1 + bytes.len() + length;
        let mut framer = Framer::new(size - 1, Version::V311);
        framer.push(&[0x30]);
        framer.push(bytes);
        let kind = FaultKind::PacketTooLarge {
            size: size as u32,
            limit: size as u32 - 1,
        };
        assert_eq!(
            next_fault(&mut framer),
            Some(Fault {
                kind,
                at: 1,
                packet_type: Some(PacketType::Publish),
                version: Version::V311,
            }),
            "{bytes:?}"
        );
        if length < 3_000_000 {
            let mut framer = Framer::new(size, Version::V311);
            framer.push(&[0x30]);
            framer.push(bytes);
            framer.push(&vec![0; length]);
            assert_eq!(framer.next().unwrap().unwrap().len(), size, "{bytes:?}");
        }
    }
}

/// MQTT 5 forbids it in so many words; it is held in 3.1.1 too.
///
/// MQTT 5 [MQTT-1.5.5-1]
#[test]
fn a_remaining_length_with_more_bytes_than_it_needs_is_refused() {
    for bytes in [
        &[0x80, 0x00][..],
        &[0x82, 0x00],
        &[0xFF, 0x80, 0x00],
        &[0x80, 0x80, 0x80, 0x00],
        &[0xFF, 0xFF, 0xFF, 0x00],
    ] {
        let mut framer = Framer::new(LIMIT, Version::V311);
        framer.push(&[0x30]);
        framer.push(bytes);
        let fault = Fault {
            kind: FaultKind::LengthNotMinimal,
            at: 1,
            packet_type: Some(PacketType::Publish),
            version: Version::V311,
        };
        assert_eq!(next_fault(&mut framer), Some(fault), "{bytes:?}");
    }
}

#[test]
fn a_remaining_length_of_five_bytes_is_refused_at_its_fourth() {
    let mut framer = Framer::new(usize::MAX, Version::V311);
    for byte in [0x30, 0x80, 0x80, 0x80] {
        framer.push(&[byte]);
        assert_eq!(framer.next(), None);
    }
    framer.push(&[0x80]);
    let fault = Fault {
        kind: FaultKind::LengthUnended,
        at: 1,
        packet_type: Some(PacketType::Publish),
        version: Version::V311,
    };
    assert_eq!(next_fault(&mut framer), Some(fault));
}

/// MQTT 3.1.1 [MQTT-2.2.2-2], [MQTT-3.3.1-4], [MQTT-3.3.1-2]
#[test]
fn a_wrong_first_byte_is_refused_before_a_second_one_comes() {
    let right = [0x20, 0x40, 0x50, 0x62, 0x70, 0x90, 0xB0, 0xD0];
    let messages = [0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x3A, 0x3B, 0x3C, 0x3D];
    let mut refused = 0;
    for byte in 0..=255 {
        let mut framer = Framer::new(LIMIT, Version::V311);
        framer.push(&[byte]);
        let fault = next_fault(&mut framer);
        if right.contains(&byte) || messages.contains(&byte) {
            assert_eq!(fault, None, "{byte:#x}");
            continue;
        }
        let kind = match (byte >> 4, byte & 0x0F) {
            (0 | 15, _) => FaultKind::TypeReserved(byte >> 4),
            (1 | 8 | 10 | 12 | 14, _) => FaultKind::TypeNotAllowed,
            (3, flags) if flags & 6 == 6 => FaultKind::QosThree,
            (3, _) => FaultKind::DupWithQosZero,
            _ => FaultKind::ReservedFlags,
        };
        assert_eq!(
            fault.map(|fault| (fault.kind, fault.at)),
            Some((kind, 0)),
            "{byte:#x}"
        );
        refused += 1;
    }
    assert_eq!(refused, 256 - 18);
}

#[test]
fn a_packet_over_the_limit_is_refused_when_its_length_is_known() {
    let mut framer = Framer::new(100, Version::V311);
    framer.push(&[0x30, 98]);
    assert_eq!(
        framer.next(),
        None,
        "100 bytes with its header: just allowed"
    );
    framer.reset();
    framer.push(&[0x30, 99]);
    let fault = next_fault(&mut framer).unwrap();
    assert_eq!(
        fault.kind,
        FaultKind::PacketTooLarge {
            size: 101,
            limit: 100
        }
    );
    assert_eq!(fault.reason_code(), 0x95);
    assert_eq!(framer.pending(), 2, "nothing of its body was waited for");
}

#[test]
fn after_a_fault_nothing_else_is_said_and_nothing_more_is_kept() {
    let mut framer = Framer::new(LIMIT, Version::V311);
    framer.push(&[0xD0, 0, 0xD1, 0, 0xD0, 0]);
    assert_eq!(framer.next(), Some(Ok(&[0xD0, 0][..])));
    let fault = next_fault(&mut framer).unwrap();
    assert_eq!((fault.kind, fault.at), (FaultKind::ReservedFlags, 0));
    for _ in 0..3 {
        framer.push(&[0xD0, 0]);
        assert_eq!(next_fault(&mut framer), Some(fault));
        assert_eq!(
            framer.pending_bytes(),
            [0xD1, 0, 0xD0, 0],
            "what was malformed can be shown"
        );
    }
    framer.reset();
    assert_eq!((framer.pending(), framer.next()), (0, None));
    framer.push(&[0xD0, 0]);
    assert_eq!(
        framer.next(),
        Some(Ok(&[0xD0, 0][..])),
        "a new connection works"
    );
}

#[test]
fn the_part_of_an_unfinished_packet_can_be_shown() {
    let mut framer = Framer::new(LIMIT, Version::V311);
    framer.push(&[0xD0, 0, 0x30, 9, 0, 1]);
    assert_eq!(framer.next(), Some(Ok(&[0xD0, 0][..])));
    assert_eq!(framer.next(), None);
    assert_eq!(
        (framer.pending(), framer.pending_bytes()),
        (4, &[0x30, 9, 0, 1][..])
    );
}

proptest! {
    #[test]
    fn random_bytes_in_random_pieces_say_the_same_as_in_one(
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(0x30), Just(0xD0), Just(0), Just(2)], 0..300),
        size in 1_usize..40,
    ) {
        let run = |chunks: Vec<&[u8]>| {
            let mut framer = Framer::new(64, Version::V311);
            let mut packets = Vec::new();
            let mut fault = None;
            for chunk in chunks {
                framer.push(chunk);
                while let Some(next) = framer.next() {
                    match next {
                        Ok(packet) => packets.push(packet.to_vec()),
                        Err(found) => {
                            fault = Some(found);
                            break;
                        }
                    }
                }
            }
            (packets, fault)
        };
        let (packets, fault) = run(vec![&bytes]);
        prop_assert_eq!(run(bytes.chunks(size).collect()), (packets.clone(), fault));
        prop_assert!(bytes.starts_with(&packets.concat()));
    }
}
