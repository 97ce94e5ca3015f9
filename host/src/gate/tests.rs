//! The gate by itself: however the bytes are cut, the same comes out; nothing is copied that is fine; nothing panics.

use super::*;

fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    let mut packet = Vec::new();
    write_header(first, body.len(), &mut packet);
    packet.extend_from_slice(body);
    packet
}

fn connect(level: u8) -> Vec<u8> {
    let properties: &[u8] = if level == 5 { &[0] } else { &[] };
    packet(
        0x10,
        &[
            &b"\0\x04MQTT"[..],
            &[level, 2, 0, 60],
            properties,
            b"\0\x01c",
        ]
        .concat(),
    )
}

fn publish(topic: &str, payload: &[u8]) -> Vec<u8> {
    let length = (topic.len() as u16).to_be_bytes();
    packet(0x30, &[&length, topic.as_bytes(), payload].concat())
}

/// What the broker gets, and how it ends.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    connects: Vec<Vec<u8>>,
    passed: Vec<u8>,
    end: Option<Kind>,
    said_goodbye: bool,
}

fn fed(gate: &mut Gate, input: &[u8], pieces: impl Fn(usize) -> usize) -> Seen {
    let mut seen = Seen::default();
    let mut at = 0;
    while at < input.len() {
        let end = (at + pieces(at).max(1)).min(input.len());
        let mut piece = &input[at..end];
        at = end;
        loop {
            let (used, step) = gate.next(piece);
            piece = &piece[used..];
            match step {
                Step::More => break,
                Step::Connect(packet) => seen.connects.push(packet.to_vec()),
                Step::Pass(packets) => seen.passed.extend_from_slice(packets),
                Step::Goodbye(packet) => {
                    seen.passed.extend_from_slice(packet);
                    seen.said_goodbye = true;
                    return seen;
                }
                Step::Refuse(refusal) => {
                    seen.end = Some(refusal.kind);
                    return seen;
                }
            }
        }
    }
    seen
}

fn gate(limits: Limits) -> (Gate, Arc<Unfinished>) {
    let all = Arc::new(Unfinished::default());
    (Gate::new(Arc::new(limits), all.clone()), all)
}

#[test]
fn however_the_bytes_are_cut_the_same_comes_out() {
    let deep = "a/".repeat(200);
    let subscribe = packet(0x82, b"\0\x01\0\x02ok\x01\0\x02a+\0\0\x01b\x02");
    let marked = packet(0x82, b"\0\x01\0\x02ok\x01\0\x03\x008f\0\0\x01b\x02");
    let (plain, large) = (publish("a/b", b"hi"), publish("a", &[7; 3_000]));
    let acknowledged = packet(0x32, b"\0\x06$SYS/x\0\x09x");
    let instead = packet(0x32, b"\0\x03\x0087\0\x09");
    let input = [
        connect(4),
        plain.clone(),
        subscribe,
        publish("$SYS/y", b"dropped"),
        acknowledged,
        large.clone(),
        vec![0xC0, 0],
        vec![0xE0, 0],
        publish("behind", b""),
    ]
    .concat();
    let expected = Seen {
        connects: vec![connect(4)],
        passed: [plain, marked, instead, large, vec![0xC0, 0, 0xE0, 0]].concat(),
        end: None,
        said_goodbye: true,
    };
    for size in (1..40).chain([100, 1_000, input.len()]) {
        let (mut gate, all) = gate(Limits::default());
        assert_eq!(fed(&mut gate, &input, |_| size), expected, "{size}");
        drop(gate);
        assert_eq!(all.0.load(Relaxed), 0);
    }
    // What is at fault ends it at the same place.
    let input = [
        connect(4),
        publish("a", b""),
        publish(&deep, b""),
        publish("b", b""),
    ]
    .concat();
    for size in 1..input.len() {
        let (mut gate, _) = gate(Limits::default());
        let seen = fed(&mut gate, &input, |_| size);
        assert_eq!(seen.end, Some(Kind::DeepTopic), "{size}");
        assert_eq!(seen.passed, publish("a", b""), "{size}");
    }
}

#[test]
fn packets_that_are_fine_are_neither_copied_nor_allocated_for() {
    for level in [4, 5] {
        let one = match level {
            5 => packet(0x30, b"\0\x03a/b\0hi"),
            _ => publish("a/b", b"hi"),
        };
        let acknowledged = match level {
            5 => packet(0x32, b"\0\x03a/b\0\x07\x03\x26\0\0hi"),
            _ => packet(0x32, b"\0\x03a/b\0\x07hi"),
        };
        let many = [one, vec![0x40, 2, 0, 1], vec![0xC0, 0]]
            .concat()
            .repeat(1_000);
        let (mut gate, _) = gate(Limits::default());
        fed(&mut gate, &connect(level), |_| usize::MAX);
        let mut passed = 0;
        let info = allocation_counter::measure(|| {
            let (used, step) = gate.next(&many);
            passed = used;
            let Step::Pass(packets) = step else {
                return;
            };
            assert!(std::ptr::eq(packets, &many[..]));
        });
        assert_eq!((passed, info.count_total), (many.len(), 0), "{level}");
        // What is cut is held in a buffer that is kept.
        fed(&mut gate, &acknowledged, |_| 1);
        let (first, last) = acknowledged.split_at(4);
        let info = allocation_counter::measure(|| {
            for half in [first, last] {
                let (used, _) = gate.next(half);
                assert_eq!(used, half.len());
            }
        });
        assert_eq!(info.count_total, 0, "{level}");
    }
}

#[test]
fn what_is_held_is_bounded_and_given_back() {
    let limits = Limits {
        unfinished: 10_000,
        unfinished_small: 1_000,
        ..Limits::default()
    };
    let all = Arc::new(Unfinished::default());
    let limits = Arc::new(limits);
    let begun = publish("a", &[0; 50_000]);
    let mut gates: Vec<_> = (0..3)
        .map(|_| Gate::new(limits.clone(), all.clone()))
        .collect();
    for gate in &mut gates {
        fed(gate, &connect(4), |_| usize::MAX);
    }
    assert_eq!(fed(&mut gates[0], &begun[..9_000], |_| 100).end, None);
    assert_eq!(fed(&mut gates[1], &begun[..900], |_| 100).end, None);
    let end = fed(&mut gates[2], &begun[..2_000], |_| 100).end;
    assert_eq!(end, Some(Kind::TooMuchUnfinished));
    drop(gates);
    assert_eq!(all.0.load(Relaxed), 0);
}

#[test]
fn whatever_comes_nothing_panics_and_nothing_malformed_passes() {
    let mut random = fastrand::Rng::with_seed(7);
    let valid = [
        publish("a/b", b"hi"),
        packet(0x82, b"\0\x01\0\x02ok\x01\0\x0b$share/g/+/\x02"),
        packet(0xA2, b"\0\x01\0\x02ok"),
        packet(0x32, b"\0\x06$SYS/x\0\x09x"),
        packet(0x62, b"\0\x01"),
        vec![0xC0, 0],
    ];
    for _ in 0..20_000 {
        let level = random.choice([4, 5]).unwrap_or(4);
        let mut input = Vec::new();
        for _ in 0..random.usize(1..6) {
            input.extend_from_slice(&valid[random.usize(..valid.len())]);
        }
        for _ in 0..random.usize(..4) {
            let at = random.usize(..input.len());
            input[at] = random.u8(..);
        }
        let (mut gate, _) = gate(Limits::default());
        fed(&mut gate, &connect(level), |_| usize::MAX);
        let size = random.usize(1..30);
        let seen = fed(&mut gate, &input, |_| size);
        // All that passed is packets by packets what the walk takes for valid, but for marks.
        let version = gate.version().unwrap();
        let mut rest = &seen.passed[..];
        while let Some(size) = packet_size(rest, usize::MAX, version, Direction::Outgoing).unwrap()
        {
            let (packet, behind) = rest.split_at(size);
            let is_marked = packet.windows(2).any(|two| two[0] == 0 && two[1] == b'8');
            assert!(
                is_marked || outline(packet, version, Direction::Outgoing).is_ok(),
                "{packet:02x?}"
            );
            rest = behind;
        }
        assert_eq!(rest, b"");
    }
}
