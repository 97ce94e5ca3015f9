//! What breaks a rule and is kept: counted and listed like any message, marked, remarked on once, and laid out.

use midge::link::{
    Command, ConnectRequest, Counters, Inspected, Phase, Preview, Remark, RemarkOn, Row, Target,
};
use midge::protocol::Qos;

use crate::simulated::*;
use crate::told::Told;

fn connected5() -> World {
    let mut world = World::connected_with_v5(request(), []);
    world.say(subscribe(&["#"]));
    world
}

/// A PUBLISH of MQTT 5 with the payload `x`.
fn publish5(first: u8, topic: &[u8], id: u16, properties: &[u8]) -> Vec<u8> {
    let mut body = (topic.len() as u16).to_be_bytes().to_vec();
    body.extend(topic);
    if first & 6 != 0 {
        body.extend(id.to_be_bytes());
    }
    length(properties.len(), &mut body);
    body.extend(properties);
    body.push(b'x');
    let mut packet = vec![first];
    length(body.len(), &mut packet);
    packet.extend(body);
    packet
}

fn length(mut rest: usize, out: &mut Vec<u8>) {
    loop {
        let more = if rest > 127 { 0x80 } else { 0 };
        out.push((rest % 128) as u8 | more);
        rest /= 128;
        if rest == 0 {
            return;
        }
    }
}

fn latest<T>(world: &mut World, find: impl Fn(&midge::link::Frame) -> Option<T>) -> T {
    world.ask();
    world.frames.iter().rev().find_map(find).expect("was told")
}

fn remarks(world: &mut World) -> Vec<Remark> {
    latest(world, |frame| frame.remarks().cloned())
}

fn rows(world: &mut World) -> Vec<Row> {
    latest(world, |frame| frame.list().cloned()).rows
}

fn counters(world: &mut World) -> Counters {
    latest(world, |frame| frame.counters().cloned())
}

fn inspect(world: &mut World, seq: u64) -> Inspected {
    world.say(Command::Inspect(Some(Target::Packet(seq))));
    latest(world, |frame| frame.inspected().cloned())
}

fn is_connected(world: &mut World) {
    let connection = latest(world, |frame| frame.connection().cloned());
    assert_eq!(connection.phase, Phase::Connected);
}

#[test]
fn a_message_that_breaks_a_rule_is_a_message_with_a_mark() {
    /// Topic, how it is shown, properties, the field at fault, a part of what is said of it.
    type Case = (
        &'static [u8],
        &'static str,
        &'static [u8],
        &'static str,
        &'static str,
    );
    let cases: [Case; 6] = [
        (b"t", "t", &[8, 0, 0], "Response Topic", "is empty"),
        (
            b"t",
            "t",
            &[1, 2],
            "Payload Format Indicator",
            "neither 0 nor 1",
        ),
        (b"t", "t", &[3, 0, 1, 0], "Content Type", "U+0000"),
        (b"w/#", "w/#", &[], "Topic Name", "wildcard"),
        (b"a\0b", "a\u{2400}b", &[], "Topic Name", "U+0000"),
        (b"\xff/x", "\u{fffd}/x", &[], "Topic Name", "not UTF-8"),
    ];
    for (topic, shown, properties, field, detail) in cases {
        let mut world = connected5();
        world.broker_sends(&publish5(0x31, topic, 0, properties));
        let rows = rows(&mut world);
        assert_eq!(rows.len(), 1);
        assert_eq!((&rows[0].topic[..], rows[0].flawed), (shown, true));
        assert!(rows[0].retain && !rows[0].malformed);
        assert_eq!(rows[0].preview, Preview::Text("x".to_owned()));
        let counts = counters(&mut world);
        assert_eq!((counts.received, counts.kept, counts.dropped), (1, 1, 0));
        let tree = latest(&mut world, |frame| frame.tree().cloned());
        assert_eq!(tree.topics, 1);

        let one = inspect(&mut world, rows[0].seq);
        assert!(one.flawed);
        assert_eq!(
            (&one.topic[..], &one.bytes[one.payload as usize..]),
            (shown, &b"x"[..])
        );
        // The bytes are those that came.
        assert_eq!(one.bytes, publish5(0x31, topic, 0, properties));
        let marked: Vec<_> = one
            .fields
            .iter()
            .filter(|field| field.fault.is_some())
            .collect();
        assert_eq!(marked.len(), 1);
        assert_eq!(marked[0].name, field);
        let fault = marked[0].fault.as_deref().unwrap();
        assert!(fault.contains(detail), "{fault}");
        assert!(!marked[0].clause.is_empty());
        assert_eq!(one.fields.last().unwrap().name, "Payload");

        let remarks = remarks(&mut world);
        assert_eq!(remarks.len(), 1);
        assert_eq!((remarks[0].seq, remarks[0].count), (Some(rows[0].seq), 1));
        let RemarkOn::Message {
            topic,
            detail: said,
            clause,
        } = &remarks[0].on
        else {
            panic!("{:?}", remarks[0]);
        };
        assert_eq!(topic, shown);
        assert!(said.contains(detail) && !clause.is_empty());
        world.broker_sends(&publish5(0x30, b"later", 0, &[]));
        assert_eq!(counters(&mut world).received, 2);
        is_connected(&mut world);
    }
}

#[test]
fn a_thousand_of_them_are_one_remark_and_all_are_counted() {
    let mut world = connected5();
    for _ in 0..1000 {
        world.broker_sends(&publish5(0x30, b"w/#", 0, &[]));
    }
    let remarks = remarks(&mut world);
    assert_eq!(remarks.len(), 1);
    assert_eq!((remarks[0].number, remarks[0].count), (1, 1000));
    let counts = counters(&mut world);
    assert_eq!((counts.received, counts.kept), (1000, 1000));
    // A new connection, or an empty capture, begins without them.
    world.say(Command::Clear);
    assert_eq!(latest(&mut world, |frame| frame.remarks().cloned()), []);
}

/// Evicted or searched for, they are like any other.
#[test]
fn they_are_found_and_evicted_like_any_other() {
    let mut world = connected5();
    world.say(Command::Budget(1 << 20));
    let payload = vec![8, 0, 0, 3, 0, 5, b'h', b'e', b'l', b'l', b'o'];
    for round in 0..40_000_u32 {
        let topic = format!("r/{}/\0", round % 50);
        world.broker_sends(&publish5(0x30, topic.as_bytes(), 0, &payload));
    }
    let counts = counters(&mut world);
    assert_eq!(counts.received, 40_000);
    assert_eq!(counts.received, counts.kept + counts.dropped);
    assert!(counts.dropped > 0 && counts.kept > 0);
    assert!(counts.held_bytes <= counts.budget_bytes);
    world.say(Command::Show(Box::new(everything("r/7/+"))));
    let rows = rows(&mut world);
    assert!(
        !rows.is_empty()
            && rows
                .iter()
                .all(|row| row.topic == "r/7/\u{2400}" && row.flawed)
    );
}

/// A response topic that is none makes no request of it.
#[test]
fn a_message_with_a_response_topic_that_is_none_is_no_request() {
    let mut world = connected5();
    world.broker_sends(&publish5(0x30, b"t", 0, &[8, 0, 3, b'r', b'/', b'#']));
    assert_eq!(rows(&mut world)[0].pair, None);
}

#[test]
fn more_user_properties_than_are_laid_out_are_counted() {
    let mut world = connected5();
    world.broker_sends(&publish5(0x30, b"t", 0, &[0x26, 0, 0, 0, 0].repeat(10_001)));
    let row = rows(&mut world)[0].clone();
    assert!(!row.flawed);
    let one = inspect(&mut world, row.seq);
    assert_eq!(one.properties.unwrap().user_properties.len(), 10_000);
    assert_eq!(one.further_properties, 1);
    assert_eq!(remarks(&mut world), []);
    is_connected(&mut world);
}

/// The broker's own breach: remarked on with the packet that it is in, and the connection goes on.
#[test]
fn a_breach_of_the_broker_is_remarked_on_with_its_packet() {
    let mut world = World::connected();
    world.answers = false;
    for number in 1..=3 {
        world.say(Command::Publish(publication(number, "t", "x", 2)));
        world.broker_sends(&[0x40, 2, 0, number as u8]);
    }
    assert_eq!(world.published().len(), 3);
    let remarks = remarks(&mut world);
    assert_eq!((remarks.len(), remarks[0].count), (1, 3));
    let RemarkOn::Broker { detail, .. } = &remarks[0].on else {
        panic!("{:?}", remarks[0]);
    };
    assert_eq!(detail, "PUBACK for a QoS 2 message");
    let one = inspect(&mut world, remarks[0].seq.unwrap());
    assert_eq!(one.bytes, [0x40, 2, 0, 1]);
    is_connected(&mut world);
    // An answer that is itself malformed stands there as that.
    world.broker_sends(&[0x40, 4, 0, 1, 7, 7]);
    is_connected(&mut world);
}

/// Nobody's breach: said, counted as received and dropped, and what follows is there.
#[test]
fn a_message_above_midges_own_limit_is_said_and_counted() {
    let mut world = World::connected();
    let size = (128 << 20) + 1;
    let mut start = vec![0x32];
    length(size - 5, &mut start);
    start.extend([0, 3, b'a', b'/', b'b', 0, 7]);
    world.broker_sends(&start);
    let rest = vec![b'x'; 1 << 20];
    let mut left = size - start.len();
    while left > 0 {
        let piece = left.min(rest.len());
        world.broker_sends(&rest[..piece]);
        left -= piece;
    }
    world.broker_sends(&message("later", b"y", Qos::AtMostOnce, 0, false));
    let counts = counters(&mut world);
    assert_eq!((counts.received, counts.kept, counts.dropped), (2, 1, 1));
    assert!(counts.held_bytes < 1 << 20);
    let remarks = remarks(&mut world);
    assert_eq!(
        remarks[0].on,
        RemarkOn::TooLarge {
            topic: Some("a/b".to_owned()),
            size: size as u32,
            limit: 128 << 20,
        }
    );
    assert_eq!(rows(&mut world)[0].topic, "later");
    is_connected(&mut world);
}

/// In strict mode it ends for good, as before.
#[test]
fn in_strict_mode_the_connection_ends_for_good() {
    let strict = ConnectRequest {
        strict: true,
        ..request()
    };
    let mut world = World::connected_with_v5(strict, []);
    world.broker_sends(&publish5(0x30, b"t", 0, &[8, 0, 0]));
    let connection = latest(&mut world, |frame| frame.connection().cloned());
    assert_eq!(connection.phase, Phase::Failed);
    assert_eq!(counters(&mut world).received, 0);
}

/// Where the same ends every connection, the page is told of the filters, and leaving one out helps.
#[test]
fn the_filters_that_may_bring_what_ends_each_connection_are_told() {
    let mut world = World::connected();
    world.say(subscribe(&["bad/#", "good"]));
    for time in 1..=3 {
        let connection = latest(&mut world, |frame| frame.connection().cloned());
        assert_eq!(connection.suspects, [] as [&str; 0], "{time}");
        // QoS 1 with identifier 0 cannot be acknowledged.
        world.broker_sends(&[0x32, 9, 0, 5, b'b', b'a', b'd', b'/', b'x', 0, 0]);
        if time < 3 {
            world.say(Command::TryNow);
            world.open();
        }
    }
    let connection = latest(&mut world, |frame| frame.connection().cloned());
    assert_eq!(connection.phase, Phase::Waiting);
    assert_eq!(connection.suspects, ["bad/#"]);
    world.say(Command::Unsubscribe {
        filter: "bad/#".to_owned(),
    });
    world.say(Command::TryNow);
    world.open();
    let connection = latest(&mut world, |frame| frame.connection().cloned());
    assert_eq!(
        (connection.phase, connection.suspects),
        (Phase::Connected, vec![])
    );
}
