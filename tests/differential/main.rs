//! Midge's codec against an independent writer and against crate `mqtt-protocol-core`: thousands of generated packets,
//! the same meaning read by all, and what one writes read by the others. The same against npm `mqtt-packet` is in
//! `npm.rs`. Disagreements are described in `docs/differential.md`.
#![cfg(not(target_arch = "wasm32"))]

mod answer;
mod core_crate;
mod generator;
mod known;
mod menu;
mod midge_codec;
mod packet;
mod wire;

use std::collections::BTreeSet;

use midge::protocol::{Direction, Version};

use answer::{judge, settle};
use packet::{Packet, differences, hex};

/// Fails with the first of these sentences, and says how many there are.
fn none(wrong: &[String]) {
    assert!(
        wrong.is_empty(),
        "{} packets, the first of them:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(40)].join("\n")
    );
}

#[test]
fn generator_reaches_every_packet_type_version_and_property() {
    let cases = generator::cases();
    assert!(cases.len() > 5_000, "only {} packets", cases.len());
    let kinds = |version: Version| -> BTreeSet<(u8, bool)> {
        cases
            .iter()
            .filter(|case| case.version == version)
            .map(|case| (case.bytes[0] >> 4, case.direction == Direction::Incoming))
            .collect()
    };
    // Eight types go one way only, PUBLISH and the four acknowledgements both ways; DISCONNECT and AUTH in MQTT 5.
    assert_eq!(kinds(Version::V31).len(), 19);
    assert_eq!(kinds(Version::V311).len(), 19);
    assert_eq!(kinds(Version::V5).len(), 22);
    let mut properties = BTreeSet::new();
    for case in cases {
        for list in case.packet.clone().lists_of_properties() {
            properties.extend(list.iter().map(|(id, _)| *id));
        }
    }
    assert_eq!(properties.len(), 27, "{properties:?}");
    let different: BTreeSet<&[u8]> = cases.iter().map(|case| &case.bytes[..]).collect();
    assert!(different.len() > 4_000, "only {} differ", different.len());
}

#[test]
fn midge_reads_what_was_meant_in_every_packet_of_a_broker() {
    let mut wrong = Vec::new();
    let mut read = 0;
    for case in generator::cases() {
        if case.direction == Direction::Incoming {
            read += 1;
            let start = hex(&case.bytes[..case.bytes.len().min(80)]);
            match midge_codec::read(&case.bytes, case.version) {
                Ok(packet) if packet == case.packet => {}
                Ok(packet) => wrong.push(format!(
                    "{} {} [{start}]: {:?}",
                    case.version,
                    case.name,
                    differences(&case.packet, &packet)
                )),
                Err(fault) => {
                    wrong.push(format!("{} {} [{start}]: {fault}", case.version, case.name))
                }
            }
        }
    }
    println!("{read} packets from a broker");
    none(&wrong);
}

#[test]
fn midge_takes_every_packet_of_a_client_for_valid_and_writes_the_same_fields() {
    let mut wrong = Vec::new();
    let (mut valid, mut written) = (0, 0);
    for case in generator::cases() {
        if case.direction == Direction::Incoming {
            continue;
        }
        valid += 1;
        let outcome = midge_codec::shown(&case.bytes, case).and_then(|expected| {
            let Some(bytes) = midge_codec::write(&case.packet, case.version) else {
                return Ok(());
            };
            written += 1;
            let bytes = bytes?;
            let found = midge_codec::shown(&bytes, case)?;
            if found == expected {
                Ok(())
            } else {
                Err(format!("other fields in {}", hex(&bytes)))
            }
        });
        if let Err(reason) = outcome {
            let start = hex(&case.bytes[..case.bytes.len().min(80)]);
            wrong.push(format!(
                "{} {} [{start}]: {reason}",
                case.version, case.name
            ));
        }
    }
    println!("{valid} packets to a broker, {written} of them written");
    assert!(written > 2_000, "only {written} written");
    none(&wrong);
}

#[test]
fn mqtt_protocol_core_reads_and_writes_the_same() {
    let mut found = Vec::new();
    let mut count = 0;
    for case in generator::cases() {
        if case.version == Version::V31 {
            continue;
        }
        count += 1;
        judge(
            case,
            &core_crate::ask(&case.bytes, case.version),
            &mut found,
        );
        if case.direction == Direction::Outgoing
            && let Some(Ok(bytes)) = midge_codec::write(&case.packet, case.version)
            && bytes != case.bytes
        {
            count += 1;
            let case = packet::Case {
                name: format!("written by Midge: {}", case.name),
                bytes,
                ..case.clone()
            };
            judge(
                &case,
                &core_crate::ask(&case.bytes, case.version),
                &mut found,
            );
        }
    }
    settle(core_crate::NAME, count, &found, known::MQTT_PROTOCOL_CORE);
}

/// A wrong meaning, a refusal and a wrong answer are told from agreement: without this, all of the above could agree by
/// comparing nothing.
#[test]
fn a_difference_in_any_part_is_noticed() {
    let cases = generator::cases();
    let mut noticed = 0;
    let small = cases
        .iter()
        .filter(|case| case.version == Version::V5 && case.bytes.len() < 100);
    for case in small.step_by(7) {
        for at in 2..case.bytes.len() {
            let mut bytes = case.bytes.clone();
            bytes[at] ^= 0x04;
            let answer = core_crate::ask(&bytes, case.version);
            let Ok(other) = &answer.decoded else {
                continue;
            };
            if *other == case.packet {
                continue;
            }
            assert!(
                !differences(&case.packet, other).is_empty(),
                "{}",
                case.name
            );
            let mut found = Vec::new();
            judge(case, &answer, &mut found);
            assert_eq!(found.len(), 1, "{}", case.name);
            noticed += 1;
        }
    }
    assert!(noticed > 1_000, "only {noticed}");
    assert_ne!(Packet::Pingreq, Packet::Pingresp);
}
