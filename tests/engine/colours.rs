//! The colours that subscriptions are told by.

use midge::link::Command;

use crate::{
    simulated::{World, plain, subscribe},
    told::Told,
};

fn paint(filter: &str, colour: u8) -> Command {
    Command::Paint {
        filter: filter.to_owned(),
        colour,
    }
}

/// The colours of the subscriptions that were told last.
fn colours(world: &mut World) -> Vec<(String, u8)> {
    while world.ask().is_some() {}
    let told = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.subscriptions());
    let told = told.expect("subscriptions").iter();
    told.map(|one| (one.filter.clone(), one.colour)).collect()
}

#[test]
fn a_chosen_colour_shows_in_the_list_at_once_and_stays_with_the_filter() {
    let mut world = World::connected();
    world.say(subscribe(&["a/#", "b"]));
    assert_eq!(
        colours(&mut world),
        [("a/#".to_owned(), 0), ("b".to_owned(), 1)]
    );
    world.broker_sends(&plain("a/x", "1"));
    world.say(paint("a/#", 5));
    assert_eq!(
        colours(&mut world),
        [("a/#".to_owned(), 5), ("b".to_owned(), 1)]
    );
    let list = world.frames.iter().rev().find_map(|frame| frame.list());
    assert_eq!(list.expect("a list").rows[0].colour, Some(5));
    world.say(Command::Unsubscribe {
        filter: "a/#".to_owned(),
    });
    world.say(subscribe(&["a/#"]));
    assert!(colours(&mut world).contains(&("a/#".to_owned(), 5)));
}

#[test]
fn a_colour_may_be_chosen_before_the_filter_is_there_and_is_one_of_eight() {
    let mut world = World::connected();
    world.say(paint("late", 7 + 8));
    world.say(subscribe(&["late"]));
    assert_eq!(colours(&mut world), [("late".to_owned(), 7)]);
}
