//! The history of a topic, as the page is told of it: page by page, with what changed.

use midge::link::{
    Command, History, HistoryAt, HistoryChange, HistoryPart, HistoryView, Preview, View,
};

use crate::{
    simulated::{World, everything, plain},
    told::Told,
};

fn show(world: &mut World, topic: &str, at: HistoryAt, rows: u16) -> History {
    world.say(Command::Show(Box::new(View {
        history: Some(HistoryView {
            topic: topic.to_owned(),
            outgoing: false,
            at,
            rows,
        }),
        ..everything("")
    })));
    told(world)
}

fn told(world: &mut World) -> History {
    while world.ask().is_some() {}
    let told = world.frames.iter().rev().find_map(|frame| frame.history());
    told.cloned().expect("an answer")
}

fn values(history: &History) -> Vec<&str> {
    fn value(preview: &Preview) -> &str {
        match preview {
            Preview::Text(text) => text.as_str(),
            other => panic!("{other:?}"),
        }
    }
    history.rows.iter().map(|row| value(&row.preview)).collect()
}

/// `t` has 0 to 9, and `u` something between each two.
fn busy() -> World {
    let mut world = World::connected();
    for number in 0..10 {
        world.broker_sends(&plain("t", &number.to_string()));
        world.broker_sends(&plain("u", "other"));
    }
    world
}

#[test]
fn the_newest_values_are_followed() {
    let mut world = busy();
    let first = show(&mut world, "t", HistoryAt::Newest, 4);
    assert_eq!(values(&first), ["9", "8", "7", "6"]);
    assert_eq!(
        (first.newer, first.older, first.evicted),
        (false, true, false)
    );
    world.broker_sends(&plain("t", "10.5"));
    let next = told(&mut world);
    assert_eq!(values(&next), ["10.5", "9", "8", "7"]);
    assert_eq!(
        next.rows[0].change,
        HistoryChange::Number("+1.5".to_owned())
    );
}

#[test]
fn pages_go_back_and_forth() {
    let mut world = busy();
    let newest = show(&mut world, "t", HistoryAt::Newest, 3);
    let last = newest.rows[2].seq;
    let before = show(&mut world, "t", HistoryAt::Before(last), 3);
    assert_eq!(values(&before), ["6", "5", "4"]);
    assert!(before.newer && before.older);
    let after = show(&mut world, "t", HistoryAt::After(before.rows[0].seq), 2);
    assert_eq!(values(&after), ["8", "7"]);
    assert!(after.newer);
    let around = show(&mut world, "t", HistoryAt::Around(before.rows[1].seq), 4);
    assert_eq!(values(&around), ["7", "6", "5", "4"]);
    let oldest = show(&mut world, "t", HistoryAt::Before(before.rows[2].seq), 9);
    assert_eq!(values(&oldest), ["3", "2", "1", "0"]);
    assert_eq!((oldest.older, oldest.evicted), (false, false));
    assert_eq!(oldest.rows[3].change, HistoryChange::First);
    let nothing = show(&mut world, "no such topic", HistoryAt::Newest, 9);
    assert_eq!(nothing.rows, []);
}

#[test]
fn what_changed_is_said() {
    let mut world = World::connected();
    for payload in ["{\"t\":1}", "{\"t\":1}", "{\"t\":2}", "on"] {
        world.broker_sends(&plain("t", payload));
    }
    let told = show(&mut world, "t", HistoryAt::Newest, 9);
    let changes: Vec<_> = told.rows.into_iter().map(|row| row.change).collect();
    let part = HistoryPart {
        key: "t".to_owned(),
        before: Some("1".to_owned()),
        now: Some("2".to_owned()),
    };
    assert_eq!(
        changes,
        [
            HistoryChange::Other,
            HistoryChange::Json(vec![part], 0),
            HistoryChange::Same,
            HistoryChange::First,
        ]
    );
}

#[test]
fn values_that_made_room_for_newer_messages_are_told_of() {
    let mut world = World::connected();
    world.say(Command::Budget(16 * 1024));
    for number in 0..2_000 {
        world.broker_sends(&plain("t", &format!("a value with the number {number}")));
    }
    let told = show(&mut world, "t", HistoryAt::Newest, 200);
    assert_eq!(told.rows.len(), 200);
    let mut at = told;
    while at.older {
        let last = at.rows.last().expect("rows").seq;
        at = show(&mut world, "t", HistoryAt::Before(last), 200);
    }
    assert!(at.evicted);
}

/// A delivery of QoS 2 that the broker repeats is one message: it stands once, whichever way one walks.
#[test]
fn a_repeated_delivery_is_no_value_of_its_own() {
    let mut world = World::connected();
    world.broker_sends(&plain("t", "first"));
    for first_byte in [0x34, 0x3c, 0x3c] {
        let head = [first_byte, 9, 0, 1, b't', 0, 7];
        world.broker_sends(&[&head[..], b"once"].concat());
    }
    world.broker_sends(&plain("t", "last"));
    let back = show(&mut world, "t", HistoryAt::Newest, 9);
    assert_eq!(values(&back), ["last", "once", "first"]);
    let first = back.rows[2].seq;
    let forth = show(&mut world, "t", HistoryAt::After(first), 9);
    assert_eq!(values(&forth), ["last", "once"]);
}
