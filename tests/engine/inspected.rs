//! What the inspector is told.

use crate::simulated::{World, message, plain, subscribe};
use crate::told::Told;
use midge::link::{Command, Target, encode};
use midge::protocol::Qos;

#[test]
fn a_message_is_inspected_with_fields_delivery_and_the_one_before() {
    let mut world = World::connected();
    world.say(subscribe(&["a/#"]));
    world.broker_sends(&message("a/b", b"first", Qos::AtMostOnce, 0, false));
    let bytes = message("a/b", b"second", Qos::ExactlyOnce, 77, false);
    world.broker_sends(&bytes);
    let seq = world.ask().unwrap().list().cloned().unwrap().rows[0].seq;
    world.say(Command::Inspect(Some(Target::Packet(seq))));
    let inspected = world.ask().unwrap().inspected().cloned().unwrap();
    assert_eq!(
        (inspected.seq, inspected.qos, inspected.packet_id),
        (Some(seq), Qos::ExactlyOnce, 77)
    );
    assert_eq!(inspected.bytes, bytes);
    assert_eq!(&inspected.bytes[inspected.payload as usize..], b"second");
    assert_eq!(inspected.before.as_deref(), Some(&b"first"[..]));
    assert_eq!(inspected.matched, [("a/#".to_owned(), 0)]);
    assert!(
        inspected
            .fields
            .iter()
            .any(|field| field.name == "Topic Name" && field.value.contains("a/b"))
    );
    assert_eq!(
        inspected
            .delivery
            .iter()
            .map(|step| step.packet.as_str())
            .collect::<Vec<_>>(),
        ["PUBLISH", "PUBREC"]
    );
    world.broker_sends(&[0x62, 2, 0, 77]);
    let inspected = world.ask().unwrap().inspected().cloned().unwrap();
    let steps: Vec<_> = inspected
        .delivery
        .iter()
        .map(|step| (step.packet.as_str(), step.outgoing))
        .collect();
    assert_eq!(
        steps,
        [
            ("PUBLISH", false),
            ("PUBREC", true),
            ("PUBREL", false),
            ("PUBCOMP", true)
        ]
    );
    world.broker_sends(&plain("z", "other"));
    assert_eq!(
        world.ask().unwrap().inspected().cloned(),
        None,
        "the same packet is not sent again"
    );
}

#[test]
fn an_inspected_topic_follows_its_latest_message() {
    let mut world = World::connected();
    world.broker_sends(&plain("a/b", "1"));
    let tree = world.ask().unwrap().tree().cloned().unwrap();
    let node = tree.rows.iter().find(|row| row.name == "b").unwrap().node;
    world.say(Command::Inspect(Some(Target::Topic(node))));
    let inspected = world.ask().unwrap().inspected().cloned().unwrap();
    assert_eq!(
        (inspected.node, inspected.topic.as_str()),
        (Some(node), "a/b")
    );
    world.broker_sends(&plain("other", "x"));
    assert_eq!(world.ask().unwrap().inspected().cloned(), None);
    world.broker_sends(&plain("a/b", "2"));
    let inspected = world.ask().unwrap().inspected().cloned().unwrap();
    assert_eq!(inspected.before.as_deref(), Some(&b"1"[..]));
    assert_eq!(inspected.bytes.last(), Some(&b'2'));
    world.say(Command::Inspect(None));
    world.broker_sends(&plain("a/b", "3"));
    assert_eq!(world.ask().unwrap().inspected().cloned(), None);
}

#[test]
fn an_answer_names_what_it_answers_even_after_another_choice() {
    let mut world = World::connected();
    world.broker_sends(&plain("m/0", "first"));
    world.broker_sends(&plain("m/1", "second"));
    let frame = world.ask().unwrap();
    let rows = frame.list().cloned().unwrap().rows;
    let (second, first) = (rows[0].seq, rows[1].seq);
    let tree = frame.tree().cloned().unwrap();
    let node = tree.rows.iter().find(|row| row.name == "0").unwrap().node;
    world.say(Command::Inspect(Some(Target::Packet(first))));
    let answer = world.ask().unwrap().inspected().cloned().unwrap();
    assert_eq!(answer.target, Some(Target::Packet(first)));
    // The page had not read that answer when it chose again.
    world.say(Command::Inspect(Some(Target::Packet(second))));
    let answer = world.ask().unwrap().inspected().cloned().unwrap();
    assert_eq!(
        (answer.target, answer.topic.as_str()),
        (Some(Target::Packet(second)), "m/1")
    );
    // The same message by its topic is another choice.
    world.say(Command::Inspect(Some(Target::Topic(node))));
    let answer = world.ask().unwrap().inspected().cloned().unwrap();
    assert_eq!(
        (answer.target, answer.seq),
        (Some(Target::Topic(node)), Some(first))
    );
}

#[test]
fn an_answer_about_what_is_gone_names_what_it_answers() {
    let mut world = World::connected();
    world.broker_sends(&plain("a", "look at me"));
    let frame = world.ask().unwrap();
    let seq = frame.list().cloned().unwrap().rows[0].seq;
    let node = frame.tree().cloned().unwrap().rows[0].node;
    for target in [Target::Packet(seq), Target::Topic(node)] {
        world.say(Command::Inspect(Some(target)));
        world.say(Command::Clear);
        let inspected = world.ask().unwrap().inspected().cloned().unwrap();
        assert_eq!((inspected.target, inspected.seq), (Some(target), None));
    }
    // There never was such a packet.
    world.say(Command::Inspect(Some(Target::Packet(1_000_000))));
    let inspected = world.ask().unwrap().inspected().cloned().unwrap();
    assert_eq!(inspected.target, Some(Target::Packet(1_000_000)));
}

#[test]
fn an_inspected_packet_that_is_evicted_stays_to_be_read_and_is_said_to_be_gone() {
    let mut world = World::connected();
    world.broker_sends(&plain("a", "look at me"));
    let seq = world.ask().unwrap().list().cloned().unwrap().rows[0].seq;
    world.say(Command::Inspect(Some(Target::Packet(seq))));
    assert_eq!(
        world.ask().unwrap().inspected().cloned().unwrap().seq,
        Some(seq)
    );
    world.say(Command::Budget(20_000));
    for _ in 0..1000 {
        world.broker_sends(&plain("noise", "................................"));
    }
    let frame = world.ask().unwrap();
    let inspected = frame.inspected().cloned().or_else(|| {
        world
            .frames
            .iter()
            .rev()
            .find_map(|frame| frame.inspected().cloned())
    });
    let inspected = inspected.unwrap();
    assert_eq!((inspected.seq, inspected.topic.as_str()), (None, "a"));
    let counters = world.frames.last().unwrap().counters().cloned().unwrap();
    assert_eq!(counters.received, counters.kept + counters.dropped);
    assert!(counters.dropped > 0 && counters.held_bytes <= 20_000);
}

#[test]
fn an_inspected_connect_does_not_carry_the_password() {
    let mut world = World::connected();
    world.ask();
    world.say(Command::Inspect(Some(Target::Packet(0))));
    world.ask();
    let inspected = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.inspected().cloned())
        .unwrap();
    assert_eq!(inspected.bytes[0], 0x10);
    let turn = encode(&inspected);
    let holds = |text: &[u8]| turn.windows(text.len()).any(|part| part == text);
    assert!(holds(b"chen") && holds(b"******") && !holds(b"secret"));
}

#[test]
fn a_message_of_sparkplug_comes_with_the_birth_before_it_and_the_one_before_in_its_sequence() {
    let mut world = World::connected();
    world.say(subscribe(&["spBv1.0/#"]));
    let send = |world: &mut World, topic: &str, payload: &str| {
        world.broker_sends(&plain(&format!("spBv1.0/{topic}"), payload));
        world.ask().unwrap().list().cloned().unwrap().rows[0].seq
    };
    let first = send(&mut world, "g/NDATA/n", "too early");
    send(&mut world, "g/NBIRTH/n", "birth");
    send(&mut world, "g/DBIRTH/n/d", "of the device");
    send(&mut world, "g/NBIRTH/other", "of another");
    let data = send(&mut world, "g/NDATA/n", "data");
    let device = send(&mut world, "g/DDATA/n/d", "data of the device");
    send(&mut world, "g/NBIRTH/n", "a later birth");
    let mut inspected = |seq| {
        world.say(Command::Inspect(Some(Target::Packet(seq))));
        let one = world.ask().unwrap().inspected().cloned().unwrap();
        let context = one.sparkplug.unwrap();
        let text = |bytes: Option<Vec<u8>>| bytes.map(|bytes| String::from_utf8(bytes).unwrap());
        (text(context.birth), text(context.previous))
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(inspected(first), (None, None));
    assert_eq!(inspected(data), (some("birth"), some("of the device")));
    assert_eq!(inspected(device), (some("of the device"), some("data")));
}
