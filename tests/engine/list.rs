//! The rows of the list: which, with what, and how they come about under a filter.

use crate::simulated::{SECOND, World, everything, message, plain, publication, subscribe};
use crate::told::Told;
use midge::link::{Command, ListView, Preview, View};
use midge::protocol::Qos;

#[test]
fn colours_are_taken_from_those_used_least() {
    let mut world = World::connected();
    let names: Vec<String> = (0..9).map(|number| format!("t/{number}")).collect();
    world.say(subscribe(
        &names.iter().map(String::as_str).collect::<Vec<_>>(),
    ));
    world.say(Command::Unsubscribe {
        filter: "t/3".into(),
    });
    world.say(subscribe(&["again"]));
    let subscriptions = world.ask().unwrap().subscriptions().cloned().unwrap();
    let colours: Vec<u8> = subscriptions.iter().map(|one| one.colour).collect();
    assert_eq!(colours, [0, 1, 2, 4, 5, 6, 7, 0, 3]);
}

#[test]
fn rows_carry_what_the_packet_says_and_the_colour_of_the_first_filter() {
    let mut world = World::connected();
    world.say(subscribe(&["other", "a/#", "#"]));
    world.broker_sends(&message("a/b", &[0, 1], Qos::AtLeastOnce, 5, true));
    world.broker_sends(&plain("z", "21.5 °C"));
    world.say(Command::Publish(publication(1, "mine", "x", 0)));
    let frame = world.ask().unwrap();
    let rows = frame.list().cloned().unwrap().rows;
    assert_eq!(
        rows.iter()
            .map(|row| row.topic.as_str())
            .collect::<Vec<_>>(),
        ["mine", "z", "a/b"]
    );
    assert!(rows[0].outgoing && !rows[1].outgoing);
    assert_eq!(rows[1].preview, Preview::Text("21.5 °C".into()));
    assert_eq!(
        (rows[2].qos, rows[2].retain, rows[2].size, rows[2].colour),
        (Qos::AtLeastOnce, true, 2, Some(1))
    );
    assert_eq!(rows[2].preview, Preview::Hex("00 01".into()));
    let counts: Vec<u64> = frame
        .subscriptions()
        .cloned()
        .unwrap()
        .iter()
        .map(|one| one.count)
        .collect();
    assert_eq!(counts, [0, 1, 2]);
    let counters = frame.counters().cloned().unwrap();
    assert_eq!(
        (
            counters.received,
            counters.kept,
            counters.dropped,
            counters.sent
        ),
        (2, 2, 0, 1)
    );
}

#[test]
fn holding_still_shows_the_same_rows_while_messages_come() {
    let mut world = World::connected();
    for number in 0..50 {
        world.broker_sends(&plain("t", &number.to_string()));
    }
    let held = ListView {
        filter: String::new(),
        packets: false,
        newest: Some(49),
        skip: 5,
        rows: 3,
    };
    world.say(Command::Show(Box::new(View {
        list: Some(held),
        tree: None,
        ..View::default()
    })));
    let before = world
        .ask()
        .or(world.frames.last().cloned())
        .unwrap()
        .list()
        .cloned()
        .unwrap();
    world.broker_sends(&plain("t", "new"));
    let after = world.ask().unwrap().list().cloned().unwrap();
    assert_eq!(before.rows, after.rows);
    assert_eq!(
        after
            .rows
            .iter()
            .map(|row| row.position)
            .collect::<Vec<_>>(),
        [44, 43, 42]
    );
    assert_eq!(after.end, 51);
}

#[test]
fn a_part_beyond_the_oldest_message_is_moved_up() {
    let mut world = World::connected();
    for number in 0..5 {
        world.broker_sends(&plain("t", &number.to_string()));
    }
    let far = ListView {
        filter: String::new(),
        packets: false,
        newest: None,
        skip: 1_000_000,
        rows: 3,
    };
    world.say(Command::Show(Box::new(View {
        list: Some(far),
        tree: None,
        ..View::default()
    })));
    world.ask();
    let list = world.frames.last().unwrap().list().unwrap();
    assert_eq!(
        list.rows.iter().map(|row| row.position).collect::<Vec<_>>(),
        [2, 1, 0]
    );
}

#[test]
fn muting_hides_what_only_this_filter_brought_and_showing_brings_it_back() {
    let mut world = World::connected();
    world.say(subscribe(&["a/#", "a/b"]));
    world.broker_sends(&plain("a/b", "both"));
    world.broker_sends(&plain("a/c", "only"));
    let numbering = world.ask().unwrap().list().cloned().unwrap().numbering;
    world.say(Command::Mute {
        filter: "a/#".into(),
        muted: true,
    });
    let frame = world.ask().unwrap();
    let list = frame.list().cloned().unwrap();
    assert_ne!(list.numbering, numbering);
    assert_eq!(
        list.rows
            .iter()
            .map(|row| row.topic.as_str())
            .collect::<Vec<_>>(),
        ["a/b"]
    );
    assert!(frame.subscriptions().cloned().unwrap()[0].muted);
    world.broker_sends(&plain("a/c", "more"));
    assert_eq!(
        world.ask().unwrap().counters().cloned().unwrap().received,
        3
    );
    world.say(Command::Mute {
        filter: "a/#".into(),
        muted: false,
    });
    assert_eq!(world.ask().unwrap().list().cloned().unwrap().rows.len(), 3);
}

#[test]
fn a_changed_filter_over_much_is_answered_in_parts_until_it_is_complete() {
    let mut world = World::connected();
    for number in 0..40_000 {
        world.broker_sends(&plain("t", &format!("value {number}")));
    }
    world.say(Command::Show(Box::new(everything("\"VALUE 3999\""))));
    let mut asked = 0;
    let list = loop {
        world.ask();
        asked += 1;
        assert!(asked < 100);
        let list = world
            .frames
            .iter()
            .rev()
            .find_map(|frame| frame.list().cloned());
        if let Some(list) = list.filter(|list| list.complete && !list.filter.is_empty()) {
            break list;
        }
    };
    assert!(asked > 2);
    assert_eq!(list.filter, "\"VALUE 3999\"");
    assert_eq!((list.oldest, list.end), (0, 11));
    assert_eq!(list.rows[0].preview, Preview::Text("value 39999".into()));
}

#[test]
fn a_filter_is_brought_to_its_end_by_time_alone() {
    let mut world = World::connected();
    for number in 0..40_000 {
        world.broker_sends(&plain("t", &format!("value {number}")));
    }
    world.say(Command::Show(Box::new(everything("39999"))));
    world.pass(SECOND);
    world.ask();
    assert!(world.frames.last().unwrap().list().unwrap().complete);
}

#[test]
fn a_burst_that_a_filter_must_read_is_read_to_its_end_by_time_alone() {
    let mut world = World::connected();
    world.say(subscribe(&["#"]));
    world.say(Command::Show(Box::new(everything("needle"))));
    while world.ask().is_some() {}
    let hay = "x".repeat(64 * 1024);
    let mut burst = Vec::new();
    for _ in 0..200 {
        burst.extend(plain("hay", &hay));
    }
    burst.extend(plain("hay", "the needle"));
    world.broker_sends(&burst);
    // The page takes every frame that it is offered, and nothing else happens.
    for _ in 0..20 {
        world.pass(SECOND);
        world.ask();
    }
    let list = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.list())
        .unwrap();
    assert_eq!((list.complete, list.rows.len()), (true, 1));
}

#[test]
fn one_exact_topic_is_shown_without_those_that_look_like_it() {
    let mut world = World::connected();
    world.say(subscribe(&["#"]));
    let topics = |world: &mut World| -> Vec<String> {
        while world.ask().is_some() {}
        let list = world.frames.iter().rev().find_map(|frame| frame.list());
        let list = list.unwrap();
        assert!(list.complete);
        list.rows.iter().map(|row| row.topic.clone()).collect()
    };
    for (topic, payload) in [
        ("sensors/1", "21"),
        ("sensors/10", "x"),
        ("Sensors/1", "x"),
        ("x/sensors/1", "x"),
        ("mail", "look at sensors/1"),
        ("sensors/1 ", "x"),
    ] {
        world.broker_sends(&plain(topic, payload));
    }
    world.say(Command::Show(Box::new(everything("topic:sensors/1"))));
    assert_eq!(topics(&mut world), ["sensors/1"]);
    world.broker_sends(&plain("sensors/1", "22"));
    world.broker_sends(&plain("sensors/10", "x"));
    assert_eq!(topics(&mut world), ["sensors/1", "sensors/1"]);
    world.say(Command::Show(Box::new(everything("topic:\"sensors/1 \""))));
    assert_eq!(topics(&mut world), ["sensors/1 "]);
}

#[test]
fn without_a_list_on_screen_the_engine_rests() {
    let mut world = World::new();
    world.say(Command::Hello);
    world.say(subscribe(&["#"]));
    world.pass(SECOND);
    world.say(Command::Show(Box::default()));
    world.pass(SECOND);
}
