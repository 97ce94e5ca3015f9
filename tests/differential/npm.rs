//! Midge's codec against npm `mqtt-packet`: the packets of `generator.rs`, and those that Midge writes, are read and
//! written again by `mqtt_packet.mjs` under node. Run by `cargo xtask test differential`, which gets the packages; an
//! ordinary `cargo test` leaves it out, because it needs them.
#![cfg(not(target_arch = "wasm32"))]

mod answer;
mod generator;
mod known_npm;
mod menu;
mod midge_codec;
mod packet;
mod wire;

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use midge::protocol::Direction;
use serde::Deserialize;

use answer::{Answer, judge, settle};
use packet::{Bytes, Case, Packet, hex};

/// Its name, in the list of known disagreements too.
const NAME: &str = "mqtt-packet";

#[derive(Deserialize)]
struct Line {
    decoded: Result<Packet, String>,
    again: Result<Bytes, String>,
}

#[test]
fn mqtt_packet_reads_and_writes_the_same() {
    let mut cases = generator::cases().to_vec();
    let written: Vec<Case> = cases
        .iter()
        .filter(|case| case.direction == Direction::Outgoing)
        .filter_map(|case| {
            let bytes = midge_codec::write(&case.packet, case.version)?.ok()?;
            (bytes != case.bytes).then(|| Case {
                name: format!("written by Midge: {}", case.name),
                bytes,
                ..case.clone()
            })
        })
        .collect();
    cases.extend(written);

    let answers = ask(&cases);
    let mut found = Vec::new();
    for (case, answer) in cases.iter().zip(&answers) {
        judge(case, answer, &mut found);
    }
    settle(NAME, cases.len(), &found, known_npm::MQTT_PACKET);
}

fn ask(cases: &[Case]) -> Vec<Answer> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let questions = folder.join("packets.jsonl");
    let answers = folder.join("mqtt-packet.jsonl");
    let mut lines = String::new();
    for case in cases {
        let (version, bytes) = (case.version.level(), hex(&case.bytes));
        writeln!(lines, r#"{{"version":{version},"bytes":"{bytes}"}}"#).expect("a string");
    }
    fs::write(&questions, lines).expect("a writable target folder");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential/mqtt_packet.mjs");
    let ended = Command::new("node")
        .args([&script, &questions, &answers])
        .output()
        .expect("node on PATH");
    assert!(
        ended.status.success(),
        "mqtt_packet.mjs: {}",
        String::from_utf8_lossy(&ended.stderr)
    );
    let text = fs::read_to_string(&answers).expect("the answers");
    let answers: Vec<Answer> = text
        .lines()
        .map(|line| {
            let line: Line = serde_json::from_str(line).unwrap_or_else(|error| {
                panic!("{error} in {}", &line.chars().take(300).collect::<String>())
            });
            Answer {
                decoded: line.decoded.map(Packet::settled),
                again: line.again.map(|Bytes(bytes)| bytes),
            }
        })
        .collect();
    assert_eq!(answers.len(), cases.len(), "an answer for each");
    answers
}
