//! What the page is told, and when.

use crate::simulated::{SECOND, World, message, plain, publication, request, subscribe};
use crate::told::Told;
use midge::link::{
    Command, Grant, Notice, Phase, Preview, PublishTrouble, Trouble, decode, encode,
};
use midge::protocol::Qos;

#[test]
fn hello_is_answered_at_once_with_everything() {
    let mut world = World::new();
    world.say(Command::Hello);
    assert_eq!(world.frames.len(), 1);
    let frame = world.frames[0].clone();
    assert_eq!(frame.connection().unwrap().phase, Phase::Disconnected);
    assert_eq!(frame.counters().cloned().unwrap().received, 0);
    assert_eq!(
        (
            frame.subscriptions().cloned().as_deref(),
            frame.series().cloned().as_deref()
        ),
        (Some(&[][..]), Some(&[][..]))
    );
    assert!(world.ask().is_none(), "nothing is new");
    let copy: midge::link::Frame = decode(&encode(&frame)).unwrap();
    assert_eq!(copy, frame);
}

#[test]
fn one_ask_is_answered_with_one_frame() {
    let mut world = World::connected();
    world.say(subscribe(&["#"]));
    while world.ask().is_some() {}
    let before = world.frames.len();
    for number in 0..100 {
        world.broker_sends(&plain("t", &number.to_string()));
    }
    assert_eq!(world.frames.len(), before + 1);
    let list = world.frames[before].list().unwrap();
    assert_eq!(list.rows[0].preview, Preview::Text("0".into()));
    let frame = world.ask().unwrap();
    assert_eq!(frame.counters().cloned().unwrap().received, 100);
    let list = frame.list().cloned().unwrap();
    assert_eq!((list.oldest, list.end, list.rows.len()), (0, 100, 10));
    assert_eq!(list.rows[0].position, 99);
    assert_eq!(
        frame.connection().cloned(),
        None,
        "the connection is the same as before"
    );
    assert!(world.ask().is_none());
}

#[test]
fn connection_and_subscriptions_are_told_as_they_come_about() {
    let mut world = World::new();
    world.say(Command::Hello);
    world.say(subscribe(&["a/#", "b/+"]));
    let asleep = world.ask().unwrap().subscriptions().cloned().unwrap();
    assert!(
        asleep
            .iter()
            .all(|subscription| subscription.grant == Grant::Asleep)
    );
    world.say(Command::Connect(Box::new(request())));
    let connecting = world.ask().unwrap().connection().cloned().unwrap();
    assert_eq!(
        (connecting.phase, connecting.user_name.as_deref()),
        (Phase::Connecting, Some("chen"))
    );
    assert_eq!(connecting.address, "ws://127.0.0.1:9001/mqtt");
    world.open();
    let frame = world.ask().unwrap();
    let connection = frame.connection().cloned().unwrap();
    assert_eq!(connection.phase, Phase::Connected);
    assert!(connection.since.is_some() && connection.trouble.is_none());
    let granted = frame.subscriptions().cloned().unwrap();
    assert_eq!(
        granted
            .iter()
            .map(|one| one.filter.as_str())
            .collect::<Vec<_>>(),
        ["a/#", "b/+"]
    );
    assert!(
        granted
            .iter()
            .all(|one| one.grant == Grant::Granted(Qos::AtLeastOnce))
    );
    assert_eq!((granted[0].colour, granted[1].colour), (0, 1));
}

#[test]
fn a_refused_connection_says_why() {
    let mut world = World::new();
    world.answers = false;
    world.say(Command::Hello);
    world.say(Command::Connect(Box::new(request())));
    world.open();
    world.broker_sends(&[0x20, 2, 0, 5]);
    let connection = world.ask().unwrap().connection().cloned().unwrap();
    assert_eq!(connection.phase, Phase::Failed);
    assert_eq!(
        connection.trouble,
        Some(Trouble::Refused {
            code: 5,
            reason: None,
            server_reference: None
        })
    );
}

#[test]
fn clear_starts_at_zero_and_keeps_the_subscriptions() {
    let mut world = World::connected();
    world.say(subscribe(&["#"]));
    for _ in 0..5 {
        world.broker_sends(&plain("a/b", "x"));
    }
    world.say(Command::Publish(publication(1, "mine", "x", 0)));
    while world.ask().is_some() {}
    world.say(Command::Clear);
    let frame = world.ask().or(world.frames.last().cloned()).unwrap();
    let counters = frame.counters().cloned().unwrap();
    assert_eq!(
        (
            counters.received,
            counters.kept,
            counters.dropped,
            counters.sent
        ),
        (0, 0, 0, 0)
    );
    let list = frame.list().cloned().unwrap();
    assert!(list.rows.is_empty() && list.oldest == list.end);
    let tree = frame.tree().cloned().unwrap();
    assert_eq!((tree.topics, tree.total), (0, 0));
    let subscriptions = frame.subscriptions().cloned().unwrap();
    assert_eq!((subscriptions.len(), subscriptions[0].count), (1, 0));
    world.broker_sends(&plain("a/b", "again"));
    let frame = world.ask().or(world.frames.last().cloned()).unwrap();
    assert_eq!(frame.counters().cloned().unwrap().received, 1);
    assert!(frame.list().cloned().unwrap().rows[0].seq > 5);
}

#[test]
fn publications_are_answered_and_refusals_say_why() {
    let mut world = World::connected();
    for (number, qos) in [(1, 0), (2, 1), (3, 2)] {
        world.say(Command::Publish(publication(number, "t", "x", qos)));
    }
    world.say(Command::Publish(publication(4, "t/#", "x", 0)));
    world.say(Command::Publish(publication(5, "t", "a {{seq x}}", 0)));
    world.say(Command::Start {
        publication: publication(6, "t", "{{random}}", 0),
        every_ms: 1000,
    });
    world.say(Command::Start {
        publication: publication(7, "+", "x", 0),
        every_ms: 1000,
    });
    world.ask();
    let notices: Vec<Notice> = world
        .frames
        .iter()
        .flat_map(|frame| frame.notices.clone())
        .collect();
    let sent: Vec<u32> = notices
        .iter()
        .filter_map(|notice| match notice {
            Notice::Published { numbers } => Some(numbers.clone()),
            _ => None,
        })
        .flatten()
        .collect();
    assert_eq!(sent, [1, 2, 3]);
    let refused: Vec<_> = notices
        .iter()
        .filter_map(|notice| match notice {
            Notice::PublishFailed { numbers, why } => Some((*numbers.start(), why.clone())),
            _ => None,
        })
        .collect();
    let template = |at, what: &str| PublishTrouble::Template {
        at,
        what: what.into(),
    };
    assert_eq!(
        refused,
        [
            (4, PublishTrouble::Topic),
            (5, template(2, "{{seq x}}")),
            (6, template(0, "{{random}}")),
            (7, PublishTrouble::Topic)
        ]
    );
    assert_eq!(world.published().len(), 3);
    assert!(
        world
            .frames
            .iter()
            .all(|frame| frame.series().is_none_or(Vec::is_empty))
    );
}

#[test]
fn without_a_connection_a_publication_fails_and_says_so() {
    let mut world = World::new();
    world.say(Command::Hello);
    world.say(Command::Publish(publication(9, "t", "x", 1)));
    let notices = world.ask().unwrap().notices;
    assert_eq!(
        notices,
        [Notice::PublishFailed {
            numbers: 9..=9,
            why: PublishTrouble::NotConnected
        }]
    );
}

#[test]
fn an_invalid_filter_is_refused_and_not_listed() {
    let mut world = World::connected();
    world.say(subscribe(&["a/#/b", "fine"]));
    let frame = world.ask().unwrap();
    assert_eq!(
        frame.notices,
        [Notice::FilterRefused {
            filter: "a/#/b".into()
        }]
    );
    assert_eq!(frame.subscriptions().cloned().unwrap().len(), 1);
}

#[test]
fn packets_of_one_turn_leave_in_one_websocket_frame() {
    let mut world = World::connected();
    let before = world.sends;
    let mut batch = Vec::new();
    for id in 1..=50 {
        batch.extend(message("t", b"x", Qos::AtLeastOnce, id, false));
    }
    world.broker_sends(&batch);
    assert_eq!(world.sends, before + 1);
    assert_eq!(
        world
            .sent
            .iter()
            .filter(|(_, packet)| packet[0] == 0x40)
            .count(),
        50
    );
}

#[test]
fn rates_are_told_each_second_and_fall_to_zero() {
    let mut world = World::connected();
    world.say(subscribe(&["#"]));
    for _ in 0..20 {
        world.broker_sends(&plain("t", "x"));
    }
    while world.ask().is_some() {}
    world.pass(SECOND);
    let frame = world.frames.last().unwrap();
    assert_eq!(frame.counters().cloned().unwrap().received_rate, 20.0);
    assert_eq!(frame.subscriptions().unwrap()[0].rate, 20.0);
    world.ask();
    world.pass(SECOND);
    assert_eq!(
        world
            .frames
            .last()
            .unwrap()
            .counters()
            .cloned()
            .unwrap()
            .received_rate,
        0.0
    );
}

#[test]
fn a_hidden_page_gets_no_frames_and_loses_nothing() {
    let mut world = World::connected();
    while world.ask().is_some() {}
    world.say(Command::Hidden(true));
    let before = world.frames.len();
    for _ in 0..100 {
        world.broker_sends(&plain("t", "x"));
    }
    assert_eq!(world.frames.len(), before);
    world.say(Command::Hidden(false));
    assert_eq!(world.frames.len(), before + 1);
    assert_eq!(
        world.frames[before].counters().cloned().unwrap().received,
        100
    );
}

#[test]
fn a_hidden_page_that_glances_gets_the_counters_and_nothing_else() {
    let mut world = World::connected();
    while world.ask().is_some() {}
    world.say(Command::Hidden(true));
    let before = world.frames.len();
    world.broker_sends(&plain("t", "x"));
    assert_eq!(world.frames.len(), before);
    world.say(Command::Glance);
    assert_eq!(world.frames.len(), before + 1);
    let frame = &world.frames[before];
    assert_eq!(frame.counters().unwrap().received, 1);
    assert!(frame.list().is_none() && frame.subscriptions().is_none());
    assert!(frame.notices.is_empty());
    // Nothing has changed since; the next message is told when it is asked for again.
    world.say(Command::Glance);
    assert_eq!(world.frames.len(), before + 1);
    world.broker_sends(&plain("t", "y"));
    assert_eq!(world.frames.len(), before + 1);
    world.say(Command::Glance);
    assert_eq!(world.frames[before + 1].counters().unwrap().received, 2);
    // Whoever sees the page again gets all that is news, as ever.
    let before = world.frames.len();
    world.broker_sends(&plain("t", "z"));
    world.say(Command::Hidden(false));
    world.ask();
    let frames = &world.frames[before..];
    assert!(frames.iter().any(|frame| frame.list().is_some()));
    assert_eq!(
        frames
            .iter()
            .rev()
            .find_map(|frame| frame.counters())
            .unwrap()
            .received,
        3
    );
}

#[test]
fn a_page_that_is_seen_gets_nothing_more_for_a_glance() {
    let mut world = World::connected();
    while world.ask().is_some() {}
    world.say(Command::Glance);
    let before = world.frames.len();
    world.broker_sends(&plain("t", "x"));
    // The answer to what it has asked for, whole.
    assert_eq!(world.frames.len(), before + 1);
    assert!(world.frames[before].list().is_some());
}

#[test]
fn what_broke_the_protocol_ends_the_connection_and_says_which_rule() {
    let mut world = World::connected();
    world.broker_sends(&[0x36, 3, 0, 1, b'a']);
    world.ask();
    let connection = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.connection().cloned())
        .unwrap();
    assert_ne!(connection.phase, Phase::Connected);
    assert!(
        matches!(connection.trouble, Some(Trouble::Malformed { .. })),
        "{connection:?}"
    );
}

#[test]
fn a_large_packet_is_split_over_websocket_frames() {
    let mut world = World::connected();
    let before = world.sends;
    let text = "x".repeat(3 * 128 * 1024);
    world.say(Command::Publish(publication(1, "t", &text, 1)));
    assert_eq!(world.sends, before + 4, "with the header");
    assert_eq!(world.published()[0].2, text);
}

#[test]
fn a_command_that_is_printed_does_not_show_the_password() {
    let printed = format!("{:?}", Command::Connect(Box::new(request())));
    let bytes = format!("{:?}", b"secret");
    assert!(printed.contains("chen") && !printed.contains(bytes.trim_matches(['[', ']'])));
}
