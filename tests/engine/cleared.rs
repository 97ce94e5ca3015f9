//! Clear, and what brings back what it threw away.

use midge::link::{Command, Counters};

use crate::{
    simulated::{SECOND, World, plain, publication, subscribe},
    told::Told,
};

fn counters(world: &mut World) -> Counters {
    while world.ask().is_some() {}
    let told = world.frames.iter().rev().find_map(|frame| frame.counters());
    told.cloned().expect("counters")
}

fn topics(world: &mut World) -> Vec<String> {
    while world.ask().is_some() {}
    let told = world.frames.iter().rev().find_map(|frame| frame.list());
    let rows = &told.expect("a list").rows;
    rows.iter().map(|row| row.topic.clone()).collect()
}

#[test]
fn what_was_cleared_comes_back_with_what_came_since() {
    let mut world = World::connected();
    world.say(subscribe(&["a/#"]));
    for topic in ["a/1", "b/2"] {
        world.broker_sends(&plain(topic, "x"));
    }
    world.say(Command::Publish(publication(1, "mine", "x", 0)));
    let before = counters(&mut world);
    assert_eq!((before.received, before.sent, before.cleared), (2, 1, 0));
    world.say(Command::Clear);
    let cleared = counters(&mut world);
    assert_eq!((cleared.received, cleared.sent, cleared.cleared), (0, 0, 3));
    world.broker_sends(&plain("a/3", "x"));
    assert_eq!(topics(&mut world), ["a/3"]);
    world.say(Command::BringBack);
    let back = counters(&mut world);
    assert_eq!(
        (back.received, back.kept, back.sent, back.cleared),
        (3, 3, 1, 0)
    );
    assert_eq!(topics(&mut world), ["a/3", "mine", "b/2", "a/1"]);
    let told = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.subscriptions());
    assert_eq!(told.expect("subscriptions")[0].count, 2);
}

#[test]
fn half_a_minute_later_it_is_gone_and_the_page_is_told() {
    let mut world = World::connected();
    world.broker_sends(&plain("a/1", "x"));
    world.say(Command::Clear);
    assert_eq!(counters(&mut world).cleared, 1);
    world.pass(31 * SECOND);
    assert_eq!(counters(&mut world).cleared, 0);
    world.say(Command::BringBack);
    assert!(topics(&mut world).is_empty());
}
