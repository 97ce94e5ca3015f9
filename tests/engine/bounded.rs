//! A frame costs the page no more after ten thousand publications than after one, and bytes cross in one piece.

use crate::simulated::{World, publication, request};
use crate::told::Told;
use allocation_counter::measure;
use midge::link::{
    Answer, Body, Command, Frame, Inspected, Notice, Publication, PublishTrouble, decode, encode,
};
use midge::protocol::{Limit, Qos};

/// Frames of these tests hold little else: more than this would be a word for each publication.
const SMALL: usize = 16 * 1024;

fn publish(world: &mut World, numbers: std::ops::RangeInclusive<u32>, topic: &str, qos: u8) {
    for number in numbers {
        world.say(Command::Publish(publication(number, topic, "x", qos)));
    }
}

/// How many publications of a frame are done, wait, and failed.
fn told(frame: &Frame) -> (usize, usize, usize) {
    let mut counts = (0, 0, 0);
    for notice in &frame.notices {
        match notice {
            Notice::Published { numbers } => counts.0 += numbers.clone().count(),
            Notice::Queued { numbers } => counts.1 += numbers.clone().count(),
            Notice::PublishFailed { numbers, .. } => counts.2 += numbers.clone().count(),
            _ => {}
        }
    }
    counts
}

/// A page that was told everything so far.
fn quiet() -> World {
    let mut world = World::connected();
    while world.ask().is_some() {}
    let asked = world.frames.len();
    // That `ask` is still open: this answers it.
    world.say(Command::Publish(publication(1, "t", "x", 0)));
    assert_eq!(world.frames.len(), asked + 1);
    world
}

#[test]
fn ten_thousand_acknowledged_publications_make_one_small_frame_that_counts_them() {
    for qos in [0, 1, 2] {
        let mut world = quiet();
        publish(&mut world, 2..=10_001, "t", qos);
        let frame = world.ask().unwrap();
        assert_eq!(told(&frame).0, 10_000, "QoS {qos}");
        assert!(frame.notices.len() < 10, "{:?}", frame.notices);
        assert!(encode(&frame).len() < SMALL, "{}", encode(&frame).len());
        assert_eq!(frame.counters().cloned().unwrap().sent, 10_001);
    }
}

#[test]
fn what_failed_alike_is_told_at_once_and_each_reason_for_itself() {
    let mut world = quiet();
    publish(&mut world, 2..=5_001, "a/#", 0);
    publish(&mut world, 5_002..=5_002, "t", 0);
    publish(&mut world, 5_003..=5_003, "b/#", 0);
    world.say(Command::Publish(publication(5_004, "t", "{{seq x}}", 0)));
    let frame = world.ask().unwrap();
    assert_eq!(told(&frame), (1, 0, 5_002));
    let failed = |numbers, why| Notice::PublishFailed { numbers, why };
    let template = PublishTrouble::Template {
        at: 0,
        what: "{{seq x}}".into(),
    };
    assert_eq!(
        frame.notices,
        [
            failed(2..=5_001, PublishTrouble::Topic),
            Notice::Published {
                numbers: 5_002..=5_002
            },
            failed(5_003..=5_003, PublishTrouble::Topic),
            failed(5_004..=5_004, template),
        ]
    );
}

#[test]
fn of_what_cannot_be_joined_the_latest_is_told() {
    let mut world = quiet();
    // Each number is two after the one before, so that none goes on where another ends.
    for number in (2..=2_000).step_by(2) {
        publish(&mut world, number..=number, "t", 0);
        publish(&mut world, number + 10_000..=number + 10_000, "+", 0);
    }
    let frame = world.ask().unwrap();
    let (done, _, failed) = told(&frame);
    assert_eq!((done, failed), (64, 64));
    assert!(frame.notices.contains(&Notice::Published {
        numbers: 2_000..=2_000
    }));
    assert!(encode(&frame).len() < SMALL, "{}", encode(&frame).len());
}

#[test]
fn that_a_series_failed_is_never_left_out() {
    // Maximum QoS 1 (MQTT 5 section 3.2.2.3.4).
    let mut world = World::connected_with_v5(request(), [0x24, 1]);
    while world.ask().is_some() {}
    world.say(Command::Publish(publication(1, "t", "x", 0)));
    world.say(Command::Start {
        publication: publication(7, "t", "x", 2),
        every_ms: 100,
    });
    for number in (100..=2_000).step_by(2) {
        publish(&mut world, number..=number, "+", 0);
    }
    let frame = world.ask().unwrap();
    assert_eq!(told(&frame).2, 65);
    let why = PublishTrouble::Forbidden(Limit::Qos(Qos::AtLeastOnce));
    let ended = Notice::PublishFailed {
        numbers: 7..=7,
        why,
    };
    assert!(frame.notices.contains(&ended), "{:?}", frame.notices);
}

#[test]
fn a_publication_that_waited_is_told_so_before_it_is_told_to_be_done() {
    let mut world = quiet();
    world.answers = false;
    // The broker of 3.1.1 is given 20 at a time.
    publish(&mut world, 2..=41, "t", 1);
    let acknowledge = |world: &mut World| {
        let ids: Vec<[u8; 2]> = world
            .sent
            .drain(..)
            .filter(|(_, packet)| packet[0] & 0xf0 == 0x30)
            .filter_map(|(_, packet)| Some([*packet.get(5)?, *packet.get(6)?]))
            .collect();
        for [high, low] in ids {
            world.broker_sends(&[0x40, 2, high, low]);
        }
    };
    world.sent.retain(|(_, packet)| packet[0] == 0x32);
    acknowledge(&mut world);
    publish(&mut world, 42..=61, "t", 1);
    acknowledge(&mut world);
    let frame = world.ask().unwrap();
    let done = frame.notices.iter().position(
        |notice| matches!(notice, Notice::Published { numbers } if numbers.contains(&41)),
    );
    let waits = frame
        .notices
        .iter()
        .position(|notice| matches!(notice, Notice::Queued { numbers } if numbers.contains(&41)));
    assert!(waits.is_some() && waits < done, "{:?}", frame.notices);
}

#[test]
fn a_queue_is_told_one_by_one_once_it_stands() {
    let mut world = quiet();
    world.answers = false;
    publish(&mut world, 2..=4_001, "t", 1);
    let rushing = world.ask().unwrap().queue().cloned().unwrap();
    assert!(rushing.count > 3_000, "{}", rushing.count);
    assert!(rushing.first.is_empty());
    let standing = world
        .ask()
        .expect("the lines are news")
        .queue()
        .cloned()
        .unwrap();
    assert_eq!((standing.count, standing.first.len()), (rushing.count, 100));
    assert!(world.ask().is_none());
    // One that leaves is a change of one line.
    let (_, oldest) = world
        .sent
        .iter()
        .find(|(_, packet)| packet[0] == 0x32)
        .unwrap();
    let id = [oldest[5], oldest[6]];
    world.broker_sends(&[0x40, 2, id[0], id[1]]);
    let after = world.frames.last().unwrap().queue().cloned().unwrap();
    assert_eq!((after.count, after.first.len()), (standing.count - 1, 100));
    assert_eq!(after.first[0], standing.first[1]);
}

#[test]
fn a_large_payload_crosses_the_link_in_one_piece_and_exactly() {
    let bytes: Vec<u8> = (0..10_000_000u32).map(|at| (at % 251) as u8).collect();
    let length = bytes.len() as u64;
    let frame = Frame {
        answers: vec![Answer::Inspector(Inspected {
            bytes: bytes.clone(),
            ..Inspected::default()
        })],
        ..Frame::default()
    };
    let turn = encode(&frame);
    let mut read = None;
    // Byte by byte, the vector grows step by step, to three times as much in all.
    let allocated = measure(|| read = decode::<Frame>(&turn).ok());
    assert_eq!(read, Some(frame));
    assert!(allocated.bytes_total < length + 1_000, "{allocated:?}");

    let command = Command::Publish(Box::new(Publication {
        payload: Body::Bytes(bytes),
        ..*publication(1, "t", "", 0)
    }));
    let turn = encode(&command);
    let mut read = None;
    let allocated = measure(|| read = decode::<Command>(&turn).ok());
    assert_eq!(read, Some(command));
    assert!(allocated.bytes_total < length + 1_000, "{allocated:?}");
}
