//! The time strip as the page is told of it: counts in the colours of the subscriptions, gaps, and the place of a moment.

use midge::link::{Command, TimelineSlot, TimelineView, View};
use midge::protocol::SubscribeRequest;

use crate::{
    simulated::{SECOND, START_US, World, everything, plain},
    told::Told,
};

const START: f64 = START_US as f64 / 1000.0;

fn show(world: &mut World, locate: Option<f64>) {
    world.say(Command::Show(Box::new(View {
        timeline: Some(TimelineView {
            columns: 200,
            locate,
        }),
        ..everything("")
    })));
}

fn told(world: &mut World) -> midge::link::Timeline {
    while world.ask().is_some() {}
    let told = world.frames.iter().rev().find_map(|frame| frame.timeline());
    told.cloned().expect("an answer")
}

#[test]
fn messages_are_counted_in_the_colour_of_the_first_subscription_that_matches() {
    let mut world = World::connected();
    let filters = ["a/#", "b"].map(|filter| SubscribeRequest {
        filter: filter.to_owned(),
        ..SubscribeRequest::default()
    });
    world.say(Command::Subscribe(filters.to_vec()));
    show(&mut world, None);
    world.broker_sends(&plain("a/1", "x"));
    world.broker_sends(&plain("a/2", "x"));
    world.broker_sends(&plain("b", "x"));
    world.broker_sends(&plain("c", "x"));
    let told = told(&mut world);
    assert_eq!(told.gaps, []);
    assert_eq!(
        told.slots,
        [TimelineSlot {
            at: 0,
            received: vec![(Some(0), 2), (Some(1), 1), (None, 1)],
            sent: 0,
            retained: 0,
        }]
    );
    assert!(told.from <= START && START < told.from + told.width);
}

#[test]
fn a_moment_has_a_place_in_the_list() {
    let mut world = World::connected();
    for number in 0..4 {
        world.broker_sends(&plain("t", &number.to_string()));
        world.now += SECOND;
    }
    show(&mut world, Some(START + 2_500.0));
    let located = told(&mut world).located.expect("a place");
    assert_eq!((located.time, located.position), (START + 2_500.0, Some(2)));
    show(&mut world, None);
    assert_eq!(told(&mut world).located, None);
}

#[test]
fn a_connection_that_is_lost_leaves_a_gap_until_there_is_another() {
    let mut world = World::connected();
    show(&mut world, None);
    world.broker_sends(&plain("t", "before"));
    world.now += SECOND;
    world.say(Command::Disconnect);
    let open = told(&mut world).gaps;
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].from, open[0].to), (START + 1_000.0, None));
}
