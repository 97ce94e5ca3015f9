//! Malformed packets, each refused on its whole way through framer, outline and decoder, with the reason code that the
//! specification has for it, and with one field marked in the packet view.
//!
//! The packets are in `tests/malformed/`, one a line. Their codes are decided from the specification: where a section
//! names the error, that; else by its definitions (MQTT 5 section 1.2). What cannot be parsed, and every name or filter
//! that is itself malformed, is 0x81; what was parsed and is not allowed is 0x82. 0x8F and 0x90 are for filters and
//! names that "are not malformed, but not accepted" (tables 3-1 and 3-10), so never for these.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;

use midge::protocol::{self, Direction, Fault, Framer, Version};

/// The largest packet accepted here.
const LIMIT: usize = 1 << 20;

struct Malformed {
    version: Version,
    direction: Direction,
    bytes: Vec<u8>,
    code: u8,
    name: &'static str,
}

impl Malformed {
    fn title(&self) -> String {
        let Self {
            version,
            direction,
            bytes,
            code,
            name,
        } = self;
        format!("{version} {direction:?} {name} {bytes:02X?}, which is 0x{code:02X}")
    }
}

fn malformed() -> Vec<Malformed> {
    let files = [
        (Version::V31, include_str!("malformed/mqtt31.txt")),
        (Version::V311, include_str!("malformed/mqtt311.txt")),
        (Version::V5, include_str!("malformed/mqtt5.txt")),
    ];
    let mut all = Vec::new();
    for (version, text) in files {
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.splitn(3, char::is_whitespace);
            let code = u8::from_str_radix(words.next().expect("a code"), 16).expect("a code");
            let direction = match words.next().expect("a direction") {
                "in" => Direction::Incoming,
                "out" => Direction::Outgoing,
                other => panic!("{other} is no direction"),
            };
            let rest = words.next().expect("bytes").trim_start();
            let (bytes, name) = rest.split_once(' ').expect("a name");
            let bytes = (0..bytes.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&bytes[at..at + 2], 16).expect("bytes"))
                .collect();
            all.push(Malformed {
                version,
                direction,
                bytes,
                code,
                name: name.trim(),
            });
        }
    }
    all
}

/// What the session does with bytes from the socket, up to the first fault. `None`: nothing was wrong.
fn first_fault(packet: &Malformed, chunk: usize) -> Option<Fault> {
    let mut framer = Framer::facing(LIMIT, packet.version, packet.direction);
    for bytes in packet.bytes.chunks(chunk) {
        framer.push(bytes);
        while let Some(framed) = framer.next() {
            let whole = match framed {
                Ok(whole) => whole,
                Err(fault) => return Some(fault),
            };
            if let Err(fault) = protocol::outline(whole, packet.version, packet.direction) {
                return Some(fault);
            }
            if packet.direction == Direction::Incoming
                && whole[0] >> 4 != 3
                && let Err(fault) = protocol::decode(whole, packet.version)
            {
                return Some(fault);
            }
        }
    }
    None
}

/// Every packet that breaks a rule visible in itself ends the connection, with the right code where there is one to say.
///
/// MQTT 5 [MQTT-1.5.4-1], [MQTT-1.5.4-2], [MQTT-1.5.5-1], [MQTT-2.1.3-1], [MQTT-3.1.2-3]
/// MQTT 5 [MQTT-3.2.2-1], [MQTT-3.2.2-6], [MQTT-3.3.1-2], [MQTT-3.3.1-4], [MQTT-3.3.2-2], [MQTT-3.3.2-14]
/// MQTT 5 [MQTT-3.4.2-1], [MQTT-3.5.2-1], [MQTT-3.6.1-1], [MQTT-3.6.2-1], [MQTT-3.7.2-1], [MQTT-3.8.1-1]
/// MQTT 5 [MQTT-3.8.3-4], [MQTT-3.8.3-5], [MQTT-3.10.1-1], [MQTT-3.14.1-1], [MQTT-3.14.2-1], [MQTT-3.15.1-1]
/// MQTT 5 [MQTT-3.15.2-1], [MQTT-4.7.0-1], [MQTT-4.7.1-1], [MQTT-4.7.1-2], [MQTT-4.7.3-1], [MQTT-4.8.2-1]
/// MQTT 5 [MQTT-4.8.2-2], [MQTT-4.13.1-1]
/// MQTT 3.1.1 [MQTT-1.5.3-1], [MQTT-1.5.3-2], [MQTT-2.2.2-1], [MQTT-2.2.2-2], [MQTT-2.3.1-1], [MQTT-3.2.2-4]
/// MQTT 3.1.1 [MQTT-3.3.1-4], [MQTT-3.3.2-2], [MQTT-3.6.1-1], [MQTT-3.9.3-2], [MQTT-4.7.1-1], [MQTT-4.8.0-1]
#[test]
fn malformed_packets_are_refused_with_the_reason_code_of_the_specification() {
    let mut wrong = Vec::new();
    for packet in malformed() {
        match first_fault(&packet, packet.bytes.len()) {
            None => wrong.push(format!("taken: {}", packet.title())),
            Some(fault) if fault.reason_code() != packet.code => wrong.push(format!(
                "0x{:02X} ({fault}): {}",
                fault.reason_code(),
                packet.title()
            )),
            Some(_) => {}
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of them:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn malformed_packets_are_refused_alike_however_they_are_split() {
    for packet in malformed() {
        let whole = first_fault(&packet, packet.bytes.len());
        for chunk in [1, 2, 3] {
            assert_eq!(first_fault(&packet, chunk), whole, "{}", packet.title());
        }
    }
}

/// The packet view knows no direction and no limit: what is wrong only by them is not marked there.
#[test]
fn one_field_of_a_malformed_packet_is_marked_and_every_byte_is_in_one_field() {
    let mut marked = 0;
    for packet in malformed() {
        let Malformed {
            version,
            direction,
            bytes,
            ..
        } = &packet;
        let fields = protocol::fields(bytes, *version);
        let mut end = 0;
        for field in &fields {
            assert_eq!(field.range.start, end, "{}: {field:?}", packet.title());
            end = field.range.end;
        }
        assert_eq!(end, bytes.len(), "{}", packet.title());

        let other = match direction {
            Direction::Incoming => Direction::Outgoing,
            Direction::Outgoing => Direction::Incoming,
        };
        let faults: Vec<_> = fields.iter().filter_map(|field| field.fault).collect();
        if protocol::outline(bytes, *version, other).is_ok() {
            assert!(faults.is_empty(), "{}: {faults:?}", packet.title());
        } else {
            assert_eq!(faults.len(), 1, "{}: {fields:?}", packet.title());
            marked += 1;
        }
    }
    assert!(marked > 1_000, "only {marked}");
}

#[test]
fn the_set_has_more_than_a_thousand_different_packets_of_all_versions() {
    let all = malformed();
    let different: BTreeSet<(u8, bool, &[u8])> = all
        .iter()
        .map(|packet| {
            let incoming = packet.direction == Direction::Incoming;
            (packet.version.level(), incoming, &packet.bytes[..])
        })
        .collect();
    assert_eq!(different.len(), all.len());
    assert!(all.len() > 1_000, "only {}", all.len());
    for (version, least) in [
        (Version::V31, 100),
        (Version::V311, 150),
        (Version::V5, 800),
    ] {
        let count = all
            .iter()
            .filter(|packet| packet.version == version)
            .count();
        assert!(count >= least, "{version}: only {count}");
    }
}
