//! Turns of the page to a connection, and to one that does not exist.

use midge::link::{Command, FIRST_CONNECTION, Frame, Notice, Turn};

use crate::simulated::{World, plain, publication};
use crate::told::Told;

/// Every frame that is there to be taken.
fn frames(world: &mut World) -> Vec<Frame> {
    std::iter::from_fn(|| world.engine.frame(world.now)).collect()
}

fn no_such_connection(connection: u32) -> Frame {
    Frame {
        connection,
        answers: Vec::new(),
        notices: vec![Notice::NoSuchConnection],
        chunk: None,
    }
}

#[test]
fn a_turn_to_a_connection_that_does_not_exist_is_answered_and_not_done() {
    let mut world = World::connected();
    while world.ask().is_some() {}
    for connection in [1, u32::MAX] {
        let commands = vec![
            Command::Publish(publication(1, "t", "x", 0)),
            Command::Disconnect,
            Command::Ask,
        ];
        let turn = Turn {
            connection,
            commands,
        };
        world.engine.turn(world.now, turn);
        assert!(world.engine.action().is_none());
        assert_eq!(frames(&mut world), [no_such_connection(connection)]);
    }
    // The first connection lives, and its frame that is due comes, once.
    world.broker_sends(&plain("t", "x"));
    let frame = world.frames.pop().unwrap();
    assert_eq!(frame.connection, FIRST_CONNECTION);
    assert_eq!(frame.counters().map(|counters| counters.received), Some(1));
    assert!(world.published().is_empty());
}

#[test]
fn both_are_answered_where_both_are_due() {
    let mut world = World::new();
    let turn = |connection, commands| Turn {
        connection,
        commands,
    };
    let to_first = turn(FIRST_CONNECTION, vec![Command::Hello, Command::Ask]);
    world.engine.turn(world.now, to_first);
    world.engine.turn(world.now, turn(7, vec![Command::Ask]));
    let frames = frames(&mut world);
    assert_eq!(frames.len(), 2);
    assert_eq!(frames[0], no_such_connection(7));
    assert_eq!(frames[1].connection, FIRST_CONNECTION);
    assert!(frames[1].connection().is_some() && frames[1].notices.is_empty());
}
