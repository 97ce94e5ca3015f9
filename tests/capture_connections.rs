//! The connections that the capture knows, and what belongs to one of them alone.

mod wire;

use midge::capture::{Capture, Closing, Crossing, Opening, Pair};
use midge::protocol::{self, Direction, PublishParts, PublishProperties, Qos, Version};
use wire::{append, encoded, publish};

use Direction::{Incoming, Outgoing};

const BROKER: &str = "wss://broker/mqtt";
const OTHER: &str = "wss://other/mqtt";

fn connect(capture: &mut Capture, socket: u32, address: &str) {
    capture.begin_connection(Opening {
        time_us: u64::from(socket) * 1_000,
        socket,
        address,
        version: Version::V311,
    });
}

fn closing(time_us: u64, code: u16) -> Closing {
    Closing {
        time_us,
        by_client: false,
        code,
        reason: "".into(),
    }
}

fn cross(capture: &mut Capture, direction: Direction, bytes: &[u8]) -> u64 {
    append(capture, 1, direction, bytes, false)
}

fn message(payload: &[u8], qos: Qos, packet_id: u16, dup: bool) -> Vec<u8> {
    let parts = PublishParts {
        topic: "t",
        payload,
        qos,
        dup,
        packet_id,
        ..PublishParts::default()
    };
    encoded(&parts, Version::V311)
}

fn socket_of(capture: &Capture, seq: u64) -> Option<u32> {
    let packet = capture.packet(seq)?;
    Some(capture.connection(&packet)?.socket)
}

fn delivery(capture: &Capture, seq: u64) -> Vec<u64> {
    let packet = capture.packet(seq).expect("there");
    let steps = capture.delivery(&packet);
    steps.iter().map(|step| step.seq).collect()
}

#[test]
fn a_packet_knows_the_connection_that_it_crossed() {
    let mut capture = Capture::new(1);
    let before = cross(&mut capture, Outgoing, &[0xC0, 0]);
    assert_eq!(socket_of(&capture, before), None);
    let mut seqs = Vec::new();
    for socket in [3, 4, 9] {
        connect(&mut capture, socket, BROKER);
        capture.connection_opened(socket, u64::from(socket) * 1_000 + 70, "mqtt");
        for _ in 0..3 {
            seqs.push((socket, cross(&mut capture, Incoming, &publish("t", b""))));
        }
        capture.connection_closed(socket, closing(u64::from(socket) * 1_000 + 900, 1006));
        // It was said before; and what a former socket says late is nothing of this one.
        capture.connection_closed(socket, closing(77, 1000));
        capture.connection_opened(socket - 1, 77, "other");
    }
    for (socket, seq) in seqs {
        assert_eq!(socket_of(&capture, seq), Some(socket));
    }
    let known: Vec<_> = capture
        .connections()
        .map(|one| {
            let closed = one.closed.as_ref().expect("closed");
            let opened = one.opened_us.expect("opened") - one.began_us;
            (one.socket, opened, &*one.subprotocol, closed.code)
        })
        .collect();
    let wanted = [
        (3, 70, "mqtt", 1006),
        (4, 70, "mqtt", 1006),
        (9, 70, "mqtt", 1006),
    ];
    assert_eq!(known, wanted);
    capture.clear();
    assert_eq!(capture.connections().count(), 1);
    let after = cross(&mut capture, Incoming, &publish("t", b""));
    assert_eq!(socket_of(&capture, after), Some(9));
}

#[test]
fn connections_go_with_their_packets_and_those_without_any_when_the_next_begins() {
    let mut capture = Capture::new(1);
    connect(&mut capture, 0, BROKER);
    cross(&mut capture, Incoming, &publish("kept/t", b"latest"));
    let held = capture.counts().held_bytes;
    for socket in 1..=5_000 {
        connect(&mut capture, socket, BROKER);
        capture.connection_closed(socket, closing(1, 1006));
    }
    let sockets: Vec<_> = capture.connections().map(|one| one.socket).collect();
    assert_eq!(sockets, [0, 5_000]);
    assert!(capture.counts().held_bytes < held + 1_000);

    let budget = 100_000;
    capture.set_budget(budget);
    let address = format!("wss://broker/{}", "p".repeat(200));
    for socket in 5_001..=50_000 {
        connect(&mut capture, socket, &address);
        cross(&mut capture, Outgoing, &[0xC0, 0]);
        let reason = "r".repeat(123).into();
        let closing = Closing {
            reason,
            ..closing(1, 1006)
        };
        capture.connection_closed(socket, closing);
        let held = capture.counts().held_bytes as usize;
        assert!(held <= budget, "{held}");
    }
    let known: Vec<_> = capture.connections().map(|one| one.socket).collect();
    let packets: Vec<_> = capture.packets().map(|packet| packet.seq).collect();
    let (forgotten, last) = packets.split_at(packets.len() - known.len());
    assert!(!forgotten.is_empty() && known.len() > 5);
    for seq in forgotten {
        assert_eq!(socket_of(&capture, *seq), None);
    }
    for (seq, socket) in last.iter().zip(known) {
        assert_eq!(socket_of(&capture, *seq), Some(socket));
    }
    // The message that survived has outlived its connection.
    let rows = capture.tree_rows(0, 10);
    let latest = capture.latest(rows[1].node).expect("saved");
    assert_eq!(latest.payload(), b"latest");
    assert!(capture.connection(&latest).is_none());
    capture.clear();
    let left = capture.counts().held_bytes;
    assert!(left < 1_000, "{left}");
}

#[test]
fn a_packet_identifier_of_a_former_session_is_another_delivery() {
    let mut capture = Capture::new(1);
    connect(&mut capture, 1, BROKER);
    capture.begin_session();
    let first = cross(
        &mut capture,
        Incoming,
        &message(b"1", Qos::ExactlyOnce, 7, false),
    );
    let received = cross(&mut capture, Outgoing, &[0x50, 2, 0, 7]);
    assert_eq!(delivery(&capture, first), [first, received]);
    let mut trace = capture.trace(&capture.packet(first).expect("there"));
    capture.follow(&mut trace);

    // Lost, and the broker has kept nothing: it sends another message under the same identifier, again, as it says.
    connect(&mut capture, 2, BROKER);
    capture.begin_session();
    let second = cross(
        &mut capture,
        Incoming,
        &message(b"2", Qos::ExactlyOnce, 7, true),
    );
    let answer = cross(&mut capture, Outgoing, &[0x50, 2, 0, 7]);
    for of in [first, received] {
        assert_eq!(delivery(&capture, of), [first, received], "from {of}");
    }
    for of in [second, answer] {
        assert_eq!(delivery(&capture, of), [second, answer], "from {of}");
    }
    assert_eq!(capture.follow(&mut trace), [first, received]);

    // Lost again; the next try is refused, and the one after it is told that the session is there.
    connect(&mut capture, 3, BROKER);
    cross(&mut capture, Outgoing, &[0xC0, 0]);
    connect(&mut capture, 4, OTHER);
    let pubrel = cross(&mut capture, Incoming, &[0x62, 2, 0, 7]);
    let pubcomp = cross(&mut capture, Outgoing, &[0x70, 2, 0, 7]);
    for of in [second, answer, pubrel, pubcomp] {
        let all = [second, answer, pubrel, pubcomp];
        assert_eq!(delivery(&capture, of), all, "from {of}");
    }

    // Whatever another broker says of a session, it is none of this one.
    capture.leave_session();
    connect(&mut capture, 5, OTHER);
    let stranger = cross(&mut capture, Incoming, &[0x62, 2, 0, 7]);
    assert_eq!(delivery(&capture, stranger), [stranger]);
}

fn exchange(capture: &mut Capture, topic: &str, response_topic: Option<&str>) -> u64 {
    let properties = PublishProperties {
        response_topic: response_topic.map(str::to_owned),
        ..PublishProperties::default()
    };
    let parts = PublishParts {
        topic,
        properties: Some(&properties),
        ..PublishParts::default()
    };
    let bytes = encoded(&parts, Version::V5);
    let direction = if response_topic.is_some() {
        Outgoing
    } else {
        Incoming
    };
    let outline = protocol::outline(&bytes, Version::V5, direction).expect("a message");
    capture.append(Crossing {
        time_us: 1,
        direction,
        version: Version::V5,
        topic: topic.as_bytes(),
        bytes: &bytes,
        outline: &outline,
        repeat: false,
    })
}

#[test]
fn a_request_is_answered_by_the_broker_that_it_was_sent_to() {
    let mut capture = Capture::new(1);
    let pair = |capture: &Capture, seq| capture.pair(&capture.packet(seq).expect("there"));
    connect(&mut capture, 1, BROKER);
    let request = exchange(&mut capture, "ask", Some("answers"));
    capture.leave_session();
    connect(&mut capture, 2, OTHER);
    let stranger = exchange(&mut capture, "answers", None);
    assert_eq!(pair(&capture, stranger), None);
    assert_eq!(
        pair(&capture, request),
        Some(Pair::Request { response: None })
    );
    // Back again, in a session of its own: whoever answers does so late.
    capture.leave_session();
    connect(&mut capture, 3, BROKER);
    let response = exchange(&mut capture, "answers", None);
    assert!(matches!(
        pair(&capture, response),
        Some(Pair::Response { request: to, .. }) if to == request
    ));
    // By another address of the same broker: the session says so.
    let again = exchange(&mut capture, "ask", Some("more/answers"));
    connect(&mut capture, 4, OTHER);
    let response = exchange(&mut capture, "more/answers", None);
    assert!(matches!(
        pair(&capture, response),
        Some(Pair::Response { request: to, .. }) if to == again
    ));
}
