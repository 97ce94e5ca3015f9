//! Goals that a lesson watches for.

use midge::link::{Command, Found, Goal, View, WatchView};

use crate::{
    simulated::{World, plain},
    told::Told,
};

fn watch(world: &mut World, number: u32, from: Option<u64>, queries: &[&str]) {
    let goals = queries.iter().map(|query| Goal {
        query: (*query).to_owned(),
        count: 2,
        ..Goal::default()
    });
    world.say(Command::Show(Box::new(View {
        watched: Some(WatchView {
            number,
            from,
            goals: goals.collect(),
        }),
        ..View::default()
    })));
}

/// How far the goals are, as the page was told last.
fn goals(world: &mut World) -> (u32, Vec<Found>) {
    while world.ask().is_some() {}
    let told = world.frames.iter().rev().find_map(|frame| frame.watched());
    let told = told.expect("an answer");
    (told.number, told.goals.clone())
}

#[test]
fn what_comes_from_now_on_counts_and_other_goals_begin_anew() {
    let mut world = World::connected();
    world.broker_sends(&plain("a", "early"));
    watch(&mut world, 7, None, &["topic:a", "topic:b"]);
    for topic in ["a", "c", "a", "a"] {
        world.broker_sends(&plain(topic, "x"));
    }
    let (number, found) = goals(&mut world);
    assert_eq!(number, 7);
    assert!(found[0].reached && found[0].count == 2 && !found[1].reached);
    let first = found[0].first;
    watch(&mut world, 8, None, &["topic:a"]);
    assert_eq!(goals(&mut world), (8, vec![Found::default()]));
    // From a packet that has come already.
    watch(&mut world, 9, first, &["topic:a"]);
    let (number, found) = goals(&mut world);
    assert_eq!((number, found[0].first, found[0].reached), (9, first, true));
}

#[test]
fn it_is_told_when_a_goal_is_nearer_and_not_otherwise() {
    let mut world = World::connected();
    watch(&mut world, 1, None, &["topic:a"]);
    goals(&mut world);
    let told = |world: &World| {
        let frames = world.frames.iter();
        frames.filter(|frame| frame.watched().is_some()).count()
    };
    let before = told(&world);
    world.broker_sends(&plain("b", "x"));
    while world.ask().is_some() {}
    assert_eq!(told(&world), before);
    world.broker_sends(&plain("a", "x"));
    while world.ask().is_some() {}
    assert_eq!(told(&world), before + 1);
}
