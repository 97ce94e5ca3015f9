//! The topics that were seen, for whoever types a part of one.

use midge::link::{Command, SeenView, View};

use crate::{
    simulated::{World, plain},
    told::Told,
};

fn look_for(world: &mut World, text: &str, most: u16) {
    world.say(Command::Show(Box::new(View {
        seen: Some(SeenView {
            text: text.to_owned(),
            most,
        }),
        ..View::default()
    })));
}

/// What the page was told last of the topics for this text.
fn topics(world: &mut World, text: &str) -> Vec<String> {
    while world.ask().is_some() {}
    let told = world.frames.iter().rev().find_map(|frame| frame.seen());
    let told = told.expect("an answer");
    assert_eq!(told.text, text);
    told.topics.clone()
}

#[test]
fn topics_that_hold_every_word_are_told_and_later_ones_too() {
    let mut world = World::connected();
    for topic in ["hall/north/temp", "hall/south/Temp", "roof/wind"] {
        world.broker_sends(&plain(topic, "x"));
    }
    look_for(&mut world, "temp HALL", 10);
    assert_eq!(
        topics(&mut world, "temp HALL"),
        ["hall/north/temp", "hall/south/Temp"]
    );
    world.broker_sends(&plain("hall/temp", "x"));
    world.broker_sends(&plain("hall/temp", "y"));
    assert_eq!(
        topics(&mut world, "temp HALL"),
        ["hall/north/temp", "hall/south/Temp", "hall/temp"]
    );
    look_for(&mut world, "", 10);
    assert_eq!(topics(&mut world, "").len(), 4);
    look_for(&mut world, "nowhere", 10);
    assert!(topics(&mut world, "nowhere").is_empty());
}

#[test]
fn no_more_are_told_than_are_wanted() {
    let mut world = World::connected();
    for number in 0..30 {
        world.broker_sends(&plain(&format!("t/{number}"), "x"));
    }
    look_for(&mut world, "t/", 7);
    assert_eq!(topics(&mut world, "t/").len(), 7);
}

#[test]
fn what_was_cleared_is_not_told_any_more() {
    let mut world = World::connected();
    for topic in ["a/1", "a/2"] {
        world.broker_sends(&plain(topic, "x"));
    }
    look_for(&mut world, "a", 10);
    assert_eq!(topics(&mut world, "a").len(), 2);
    world.say(Command::Clear);
    for topic in ["a/3", "a/4"] {
        world.broker_sends(&plain(topic, "x"));
    }
    assert_eq!(topics(&mut world, "a"), ["a/3", "a/4"]);
}

#[test]
fn nobody_is_told_who_does_not_look() {
    let mut world = World::connected();
    world.broker_sends(&plain("a", "x"));
    world.say(Command::Show(Box::default()));
    while world.ask().is_some() {}
    assert!(world.frames.iter().all(|frame| frame.seen().is_none()));
}
