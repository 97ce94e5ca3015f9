//! Subscriptions of an earlier visit are taken up again.

use midge::link::Command;

use crate::{
    simulated::{World, subscribe},
    told::Told,
};

fn resubscribe(filters: &[&str], only: bool) -> Command {
    let Command::Subscribe(filters) = subscribe(filters) else {
        panic!("a subscription");
    };
    Command::Resubscribe { filters, only }
}

fn filters(world: &mut World) -> Vec<String> {
    while world.ask().is_some() {}
    let told = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.subscriptions());
    let all = told.expect("subscriptions").iter();
    all.map(|one| one.filter.clone()).collect()
}

#[test]
fn what_is_there_already_stays_and_is_not_asked_for_again() {
    let mut world = World::connected();
    world.say(subscribe(&["a", "b"]));
    let before = world.sent.len();
    world.say(resubscribe(&["a"], false));
    assert_eq!(world.sent.len(), before, "nothing is asked for");
    world.say(resubscribe(&["a", "c"], false));
    assert!(world.sent.len() > before);
    assert_eq!(filters(&mut world), ["a", "b", "c"]);
}

#[test]
fn a_saved_connection_gives_up_what_is_not_its_own() {
    let mut world = World::connected();
    world.say(subscribe(&["a", "b"]));
    world.say(resubscribe(&["b", "c"], true));
    assert_eq!(filters(&mut world), ["b", "c"]);
    world.say(resubscribe(&[], true));
    assert!(filters(&mut world).is_empty());
}
