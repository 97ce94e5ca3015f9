//! Subscriptions that brought nothing, beside the topics that were seen.

use midge::link::{Command, Silence};

use crate::{
    simulated::{World, plain, subscribe},
    told::Told,
};

/// What the page was told last, and in how many frames.
fn told(world: &mut World) -> (Vec<Silence>, usize) {
    let before = world.frames.len();
    while world.ask().is_some() {}
    let last = world.frames.iter().rev().find_map(|frame| frame.silence());
    let frames = world.frames.len() - before;
    (last.cloned().unwrap_or_default(), frames)
}

#[test]
fn a_silent_filter_is_told_beside_topics_and_a_heard_one_is_not() {
    let mut world = World::connected();
    for topic in ["sensors/lab/temp", "sensors/hall/temp", "SENSORS/x"] {
        world.broker_sends(&plain(topic, "x"));
    }
    world.say(subscribe(&["sensors/+", "hall/#"]));
    let (all, _) = told(&mut world);
    let one = all
        .iter()
        .find(|one| one.filter == "sensors/+")
        .expect("told");
    assert_eq!(one.topics, 3);
    assert!(!one.matches);
    assert_eq!(one.capitals.as_deref(), Some("SENSORS/x"));
    let deeper = one.deeper.as_ref().expect("deeper topics");
    assert_eq!(
        (&*deeper.topic, deeper.least, deeper.most),
        ("sensors/lab/temp", 3, 3)
    );
    // A topic that comes later counts, too; and a message ends the silence.
    world.broker_sends(&plain("sensors/a/b/c", "x"));
    let (all, _) = told(&mut world);
    assert_eq!(all[0].deeper.as_ref().map(|deeper| deeper.most), Some(4));
    world.broker_sends(&plain("sensors/lab", "x"));
    let (all, _) = told(&mut world);
    let names: Vec<&str> = all.iter().map(|one| &*one.filter).collect();
    assert_eq!(names, ["hall/#"]);
    world.say(Command::Unsubscribe {
        filter: "hall/#".to_owned(),
    });
    assert!(told(&mut world).0.is_empty());
}

#[test]
fn a_hundred_thousand_topics_are_looked_at_in_parts() {
    let mut world = World::connected();
    world.say(Command::Budget(1 << 30));
    for number in 0..100_000 {
        world.broker_sends(&plain(&format!("t/{number}/x"), ""));
    }
    while world.ask().is_some() {}
    world.say(subscribe(&["T/#", "t/+"]));
    let (all, frames) = told(&mut world);
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|one| one.topics == 100_000), "{all:?}");
    assert_eq!(all[0].capitals.as_deref(), Some("t/0/x"));
    assert!(all.iter().all(|one| one.complete));
    // Two filters times 100,000, and 20,000 in a frame.
    assert!(frames >= 9, "in {frames} frames");
}

#[test]
fn what_was_cleared_is_no_reason_any_more() {
    let mut world = World::connected();
    world.broker_sends(&plain("a/b/c", "x"));
    world.say(subscribe(&["a/+"]));
    assert!(told(&mut world).0[0].deeper.is_some());
    world.say(Command::Clear);
    assert_eq!(told(&mut world).0[0].deeper, None);
}
