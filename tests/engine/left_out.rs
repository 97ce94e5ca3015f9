//! What is left out because the broker closed the connection over it, as the page is told.

use midge::link::{Command, ConnectRequest, Frame, Grant, Notice, Phase, Queue, Trouble};
use midge::protocol::{Connect, Qos};

use crate::simulated::{SECOND, World, publication, request, subscribe};
use crate::told::Told;

/// The broker closes without having answered.
fn closes(world: &mut World) {
    world.broker_closes();
    let frame = world.ask().expect("a loss is news");
    let connection = frame.connection().cloned().expect("changed");
    assert_eq!(connection.phase, Phase::Waiting);
    assert!(matches!(connection.trouble, Some(Trouble::Lost { .. })));
}

/// The next try opens a socket, and CONNECT is answered.
fn comes_back(world: &mut World) {
    while world.socket.is_none() {
        world.pass(SECOND / 4);
    }
    world.open();
    if !world.answers {
        world.broker_sends(&[0x20, 2, u8::from(world.broker.session_present), 0]);
    }
}

fn queue(frames: &[Frame]) -> Queue {
    let mut told = frames
        .iter()
        .rev()
        .filter_map(|frame| frame.queue().cloned());
    told.next().expect("told of the queue")
}

#[test]
fn a_filter_that_was_closed_over_is_named_and_shown_as_not_asked_again() {
    let mut world = World::connected();
    world.say(subscribe(&["open/#"]));
    world.pass(SECOND);
    world.answers = false;
    world.say(subscribe(&["secret/#"]));
    world.ask();
    closes(&mut world);
    let told = world.frames.last().expect("told");
    let connection = told.connection().expect("changed");
    let suspected = connection.suspected.as_ref().expect("named");
    assert_eq!(
        (suspected.filters.as_slice(), &suspected.topic),
        (&["secret/#".to_owned()][..], &None)
    );
    let filter = "secret/#".to_owned();
    assert!(world.notices().contains(&Notice::Withheld { filter }));
    world.answers = true;
    comes_back(&mut world);
    world.ask();
    let shown = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.subscriptions().cloned());
    let grants: Vec<Grant> = shown.expect("told").iter().map(|one| one.grant).collect();
    assert_eq!(grants, [Grant::Granted(Qos::AtLeastOnce), Grant::Withheld]);
    let connection = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.connection().cloned());
    assert_eq!(connection.expect("told").suspected, None);
    // Asked again by hand, it is granted this time.
    world.say(subscribe(&["secret/#"]));
    world.ask();
    let shown = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.subscriptions().cloned());
    assert_eq!(
        shown.expect("told")[1].grant,
        Grant::Granted(Qos::AtLeastOnce)
    );
}

/// Held back, sent again, and dropped, in the numbers of the page's commands.
#[test]
fn a_message_that_is_held_back_is_shown_and_can_be_sent_again_or_dropped() {
    for drop in [false, true] {
        let mut world = World::new();
        world.say(Command::Hello);
        world.say(Command::Connect(Box::new(ConnectRequest {
            connect: Connect {
                clean_session: false,
                ..request().connect
            },
            ..request()
        })));
        while world.storage_answers() {}
        world.broker.session_present = true;
        world.open();
        while world.storage_answers() {}
        world.pass(20 * SECOND);
        world.answers = false;
        world.say(Command::Publish(publication(
            5,
            "secret/topic",
            "poison",
            1,
        )));
        while world.storage_answers() {}
        for _ in 0..3 {
            world.ask();
            closes(&mut world);
            let told = world
                .frames
                .iter()
                .rev()
                .find_map(|frame| frame.connection().cloned());
            let suspected = told.and_then(|told| told.suspected).expect("named");
            assert_eq!(suspected.topic.as_deref(), Some("secret/topic"));
            // It answers CONNECT, and no PUBLISH.
            comes_back(&mut world);
            while world.storage_answers() {}
        }
        world.ask();
        let topic = Some("secret/topic".to_owned());
        assert!(world.notices().contains(&Notice::HeldBack { topic }));
        let held = queue(&world.frames).held;
        assert_eq!(
            (held.len(), held[0].size, held[0].qos),
            (1, 18, Qos::AtLeastOnce)
        );
        assert!(held[0].published_at.is_some());
        let number = held[0].number;
        world.answers = true;
        let before = world.published().len();
        if drop {
            world.say(Command::DropHeld(number));
            while world.storage_answers() {}
            world.ask();
            assert!(world.notices().contains(&Notice::Cancelled { number: 5 }));
            assert_eq!(world.published().len(), before);
        } else {
            world.say(Command::SendHeld(number));
            while world.storage_answers() {}
            world.ask();
            assert!(
                world
                    .notices()
                    .contains(&Notice::Published { numbers: 5..=5 })
            );
            assert_eq!(world.published().len(), before + 1);
        }
        assert_eq!(queue(&world.frames).held, []);
    }
}
