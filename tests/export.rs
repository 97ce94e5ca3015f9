//! Files of what was captured: exact bytes, no secrets, and read back by other readers.
#![cfg(not(target_arch = "wasm32"))]

mod wire;

use base64ct::{Base64, Encoding};
use midge::{
    capture::{Capture, Closing, Crossing, Opening},
    export::{Exporter, Format},
    protocol::{
        self, Connect, ConnectProperties, Direction, PublishParts, PublishProperties, Qos, Version,
        encode,
    },
};
use proptest::prelude::*;
use serde_json::Value;
use wire::{append, encoded, publish};

const START: u64 = 1_795_771_800_123_456;

fn keep(capture: &mut Capture, time_us: u64, direction: Direction, bytes: &[u8], topic: &[u8]) {
    let outline = protocol::outline(bytes, Version::V5, direction).unwrap();
    capture.append(Crossing {
        time_us,
        direction,
        version: Version::V5,
        topic,
        bytes,
        outline: &outline,
        repeat: false,
    });
}

fn message(capture: &mut Capture, direction: Direction, parts: &PublishParts<'_>) {
    let bytes = encoded(parts, Version::V5);
    keep(capture, START, direction, &bytes, parts.topic.as_bytes());
}

fn begin(capture: &mut Capture, socket: u32) {
    capture.begin_connection(Opening {
        time_us: START - 2_000,
        socket,
        address: "ws://127.0.0.1:9001/mqtt",
        version: Version::V5,
    });
    capture.connection_opened(socket, START - 1_000, "mqtt");
}

fn connect(password: &[u8]) -> Vec<u8> {
    let connect = Connect {
        version: Version::V5,
        client_id: "c".to_owned(),
        keep_alive: 30,
        clean_session: true,
        user_name: Some("chen".to_owned()),
        password: Some(password.to_vec()),
        will: None,
        properties: ConnectProperties::default(),
    };
    let mut bytes = Vec::new();
    encode::connect(&connect, &mut bytes).unwrap();
    bytes
}

fn file(capture: &mut Capture, format: Format, secrets: bool, query: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut exporter = Exporter::begin(format, secrets, &mut out);
    let mut selection = capture.select(query, query.is_empty(), START);
    let mut turns = 0;
    while capture.go_on(&mut selection, 100, |packet, connection| {
        exporter.add(packet, connection, &mut out);
        true
    }) {
        turns += 1;
        assert!(turns < 100_000);
    }
    let (looked_at, of) = selection.progress();
    assert_eq!(looked_at, of);
    exporter.end(&mut out);
    out
}

fn lines(file: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(file).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn json_lines_say_everything_of_a_message() {
    let mut capture = Capture::new(1);
    begin(&mut capture, 7);
    let properties = PublishProperties {
        payload_is_text: Some(true),
        message_expiry: Some(60),
        response_topic: Some("re".to_owned()),
        correlation_data: Some(vec![0, 255]),
        content_type: Some("application/json".to_owned()),
        user_properties: vec![("a".to_owned(), "\"\n".to_owned())],
        ..PublishProperties::default()
    };
    let parts = PublishParts {
        topic: "溫度/\u{1f600}",
        payload: b"{\"t\":1}",
        qos: Qos::ExactlyOnce,
        retain: true,
        dup: true,
        packet_id: 9,
        properties: Some(&properties),
        ..PublishParts::default()
    };
    message(&mut capture, Direction::Incoming, &parts);
    let found = lines(&file(&mut capture, Format::JsonLines, false, ""));
    let wanted = serde_json::json!({
        "time": "2026-11-27T09:30:00.123456Z", "seq": 0, "connection": 7, "version": "MQTT 5",
        "direction": "received", "topic": "溫度/\u{1f600}", "qos": 2, "retain": true, "dup": true,
        "packet_id": 9, "size": 7, "payload": "{\"t\":1}",
        "properties": {
            "payload_format": 1, "message_expiry": 60, "response_topic": "re",
            "correlation_data_base64": "AP8=", "content_type": "application/json",
            "user": [["a", "\"\n"]],
        },
    });
    let mut found = found.into_iter().next().unwrap();
    let version = found.get_mut("version").unwrap().take();
    assert!(version.as_str().is_some_and(|it| it.contains('5')));
    found["version"] = "MQTT 5".into();
    assert_eq!(found, wanted);
}

#[test]
fn secrets_leave_only_when_they_are_asked_for() {
    let mut capture = Capture::new(1);
    begin(&mut capture, 1);
    let bytes = connect(b"s3cret!");
    keep(&mut capture, START, Direction::Outgoing, &bytes, b"");
    let of_secret = |file: &[u8]| file.windows(7).any(|part| part == b"s3cret!");
    assert!(!of_secret(&file(&mut capture, Format::Pcapng, false, "")));
    assert!(of_secret(&file(&mut capture, Format::Pcapng, true, "")));
    let told = |secrets: bool, capture: &mut Capture| {
        let lines = lines(&file(capture, Format::JsonLines, secrets, ""));
        Base64::decode_vec(lines[0]["bytes_base64"].as_str().unwrap()).unwrap()
    };
    assert_eq!(told(true, &mut capture), bytes);
    let masked = told(false, &mut capture);
    assert!(!of_secret(&masked));
    assert_eq!(masked.len(), bytes.len());
    let csv = |secrets, capture: &mut Capture| {
        let file = file(capture, Format::Csv, secrets, "");
        let text = String::from_utf8(file).unwrap();
        let last = text.trim_end().rsplit(',').next().unwrap().to_owned();
        Base64::decode_vec(&last).unwrap()
    };
    assert_eq!(csv(true, &mut capture), bytes);
    assert_eq!(csv(false, &mut capture), masked);
}

#[test]
fn a_query_chooses_what_goes_in() {
    let mut capture = Capture::new(1);
    for (topic, payload) in [("a", "1"), ("b", "2"), ("a", "3")] {
        let parts = PublishParts {
            topic,
            payload: payload.as_bytes(),
            ..PublishParts::default()
        };
        message(&mut capture, Direction::Incoming, &parts);
    }
    let payloads = |query: &str, capture: &mut Capture| -> Vec<String> {
        lines(&file(capture, Format::JsonLines, false, query))
            .iter()
            .map(|line| line["payload"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(payloads("topic:a", &mut capture), ["1", "3"]);
    assert_eq!(payloads("-3", &mut capture), ["1", "2"]);
    assert!(payloads("qos:9", &mut capture).is_empty());
    assert_eq!(payloads("", &mut capture).len(), 3);
}

#[test]
fn what_is_evicted_on_the_way_is_counted() {
    let mut capture = Capture::new(1);
    let bytes = publish("a", &[b'x'; 1000]);
    for _ in 0..2_000 {
        append(&mut capture, START, Direction::Incoming, &bytes, false);
    }
    let mut selection = capture.select("", false, START);
    let mut taken = 0_u64;
    assert!(capture.go_on(&mut selection, usize::MAX, |_, _| {
        taken += 1;
        taken < 10
    }));
    capture.set_budget(1_000_000);
    while capture.go_on(&mut selection, 100_000, |_, _| {
        taken += 1;
        true
    }) {}
    assert!(selection.evicted() > 900);
    assert_eq!(taken + selection.evicted(), 2_000);
    assert_eq!(selection.progress(), (2_000, 2_000));
}

/// The blocks of a file: type and body.
fn blocks(file: &[u8]) -> Vec<(u32, &[u8])> {
    let word = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
    let mut at = 0;
    let mut blocks = Vec::new();
    while at < file.len() {
        let length = word(at + 4) as usize;
        assert_eq!(length % 4, 0);
        assert_eq!(word(at + length - 4) as usize, length);
        blocks.push((word(at), &file[at + 8..at + length - 4]));
        at += length;
    }
    blocks
}

/// The bytes that crossed each TCP connection each way, by client port.
type Streams = std::collections::BTreeMap<(u16, bool), Vec<u8>>;

fn streams(file: &[u8]) -> (Streams, Vec<(u8, u64)>) {
    let mut streams = Streams::new();
    let mut next = std::collections::BTreeMap::new();
    let mut flags = Vec::new();
    for (kind, body) in blocks(file) {
        if kind != 6 {
            continue;
        }
        let word = |at: usize| u32::from_le_bytes(body[at..at + 4].try_into().unwrap());
        let time = (u64::from(word(4)) << 32) | u64::from(word(8));
        let packet = &body[20..20 + word(12) as usize];
        let half = |at: usize| u16::from_be_bytes([packet[at], packet[at + 1]]);
        assert_eq!(usize::from(half(2)), packet.len());
        let sum = |bytes: &[u8]| -> u16 {
            let sum: u64 = bytes
                .chunks(2)
                .map(|two| u64::from(two[0]) << 8 | u64::from(*two.get(1).unwrap_or(&0)))
                .sum();
            let sum = (sum & 0xffff) + (sum >> 16);
            ((sum & 0xffff) + (sum >> 16)) as u16
        };
        assert_eq!(sum(&packet[..20]), 0xffff, "the sum of IP");
        let length = (packet.len() - 20) as u16;
        let pseudo = [
            &packet[12..20],
            &[0, 6],
            &length.to_be_bytes(),
            &packet[20..],
        ]
        .concat();
        assert_eq!(sum(&pseudo), 0xffff, "the sum of TCP");
        // A sum is the same wherever in the segment it stands: what is not urgent says 0.
        assert_eq!(half(38), 0, "nothing is urgent");
        let outgoing = half(22) == 1883;
        let port = if outgoing { half(20) } else { half(22) };
        let seq = u32::from_be_bytes(packet[24..28].try_into().unwrap());
        let said = packet[33];
        if let Some(next) = next.get(&(port, outgoing)) {
            assert_eq!(seq, *next, "no gap");
        }
        let payload = &packet[40..];
        let counted = payload.len() as u32 + u32::from(said & 3 != 0);
        next.insert((port, outgoing), seq.wrapping_add(counted));
        streams.entry((port, outgoing)).or_default().extend(payload);
        flags.push((said, time));
    }
    (streams, flags)
}

#[test]
fn pcapng_holds_each_connection_whole() {
    let mut capture = Capture::new(1);
    begin(&mut capture, 1);
    let large = vec![7; 200_000];
    let parts = PublishParts {
        topic: "a",
        payload: &large,
        ..PublishParts::default()
    };
    let hello = connect(b"x");
    keep(&mut capture, START, Direction::Outgoing, &hello, b"");
    message(&mut capture, Direction::Incoming, &parts);
    capture.connection_closed(
        1,
        Closing {
            time_us: START + 5,
            by_client: true,
            code: 1000,
            reason: Box::default(),
        },
    );
    begin(&mut capture, 2);
    keep(
        &mut capture,
        START + 9,
        Direction::Outgoing,
        &[0xc0, 0],
        b"",
    );
    let file = file(&mut capture, Format::Pcapng, true, "");
    let (streams, flags) = streams(&file);
    let wanted = Streams::from([
        ((49_152, true), hello),
        ((49_152, false), encoded(&parts, Version::V5)),
        ((49_153, true), vec![0xc0, 0]),
        ((49_153, false), vec![]),
    ]);
    assert!(streams == wanted);
    let (ack, syn, fin, push) = (0x10, 2, 1, 0x18);
    let seen: Vec<u8> = flags.iter().map(|(said, _)| *said).collect();
    assert_eq!(
        seen,
        [
            &[syn, syn | ack, ack, push][..],
            &[push; 4],
            &[fin | ack, fin | ack, syn, syn | ack, ack, push],
        ]
        .concat()
    );
    let times: Vec<u64> = flags
        .iter()
        .map(|(_, time)| time - START.min(*time))
        .collect();
    assert_eq!(flags[0].1, START - 2_000);
    assert_eq!(flags[1].1, START - 1_000);
    assert_eq!(times[3..10], [0, 0, 0, 0, 0, 5, 5]);
}

#[test]
fn csv_is_harmless_in_a_spreadsheet() {
    let mut capture = Capture::new(1);
    for (topic, payload) in [
        ("a,b", "say \"hi\",\r\nplease"),
        ("=1", "=cmd|' /C calc'!A0"),
        ("t", "-5.5"),
        ("t", "\u{feff}x"),
    ] {
        let parts = PublishParts {
            topic,
            payload: payload.as_bytes(),
            ..PublishParts::default()
        };
        message(&mut capture, Direction::Incoming, &parts);
    }
    let text = String::from_utf8(file(&mut capture, Format::Csv, false, "")).unwrap();
    let rows: Vec<&str> = text.split("\r\n2026").collect();
    assert!(
        rows[1].ends_with(",received,PUBLISH,\"a,b\",0,,,,17,text,\"say \"\"hi\"\",\r\nplease\""),
        "{}",
        rows[1]
    );
    assert!(rows[2].contains(",'=1,") && rows[2].ends_with(",base64,PWNtZHwnIC9DIGNhbGMnIUEw"));
    assert!(rows[3].ends_with(",text,-5.5"));
}

proptest! {
    #[test]
    fn payload_and_topic_come_back_exactly(payload in prop::collection::vec(any::<u8>(), 0..80), topic in "[^+#\0]{1,20}") {
        let mut capture = Capture::new(1);
        let parts = PublishParts { topic: &topic, payload: &payload, ..PublishParts::default() };
        message(&mut capture, Direction::Outgoing, &parts);
        let line = lines(&file(&mut capture, Format::JsonLines, false, "")).remove(0);
        let back = match line["payload"].as_str() {
            Some(text) => text.as_bytes().to_vec(),
            None => Base64::decode_vec(line["payload_base64"].as_str().unwrap()).unwrap(),
        };
        prop_assert_eq!(back, payload.clone());
        prop_assert_eq!(line["topic"].as_str(), Some(topic.as_str()));
        let (streams, _) = streams(&file(&mut capture, Format::Pcapng, false, ""));
        prop_assert_eq!(streams.values().next(), Some(&encoded(&parts, Version::V5)));
    }
}
