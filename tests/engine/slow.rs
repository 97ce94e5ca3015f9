//! A line that carries few bytes a second, or none.

use crate::simulated::{SECOND, World, everything, publication, request};
use crate::told::Told;
use midge::link::{Body, Command, ConnectRequest, Notice, Phase, Queue, Series};
use midge::protocol::Connect;

/// Bytes on their way at the most.
const MOST: usize = 16 << 20;
/// 1 Mbit/s.
const SLOW: u64 = 125_000;

fn large(number: u32, qos: u8, bytes: usize) -> Box<midge::link::Publication> {
    let mut large = publication(number, "t", "", qos);
    large.payload = Body::Bytes(vec![7; bytes]);
    large
}

fn series(world: &World) -> Series {
    let told = world.frames.iter().rev();
    told.filter_map(|frame| frame.series()?.first().cloned())
        .next()
        .expect("a series")
}

fn queue(world: &World) -> Queue {
    let told = world.frames.iter().rev();
    told.filter_map(|frame| frame.queue().cloned())
        .next()
        .unwrap_or_default()
}

fn published(world: &World) -> usize {
    let is = |notice: &Notice| matches!(notice, Notice::Published { .. });
    world.notices().into_iter().filter(is).count()
}

/// The page asks for a frame now and then.
fn pass(world: &mut World, seconds: u64) {
    for _ in 0..seconds * 10 {
        world.ask();
        world.pass(SECOND / 10);
    }
}

#[test]
fn a_series_on_a_line_that_stands_still_waits_and_says_so() {
    for qos in 0..=2 {
        let mut world = World::connected();
        world.carries(0);
        world.say(Command::Start {
            publication: large(1, qos, 4_000_000),
            every_ms: 10,
        });
        // Keep alive ends it only later.
        pass(&mut world, 48);
        assert!(world.most_buffered <= MOST, "{}", world.most_buffered);
        let told = series(&world);
        assert!((4..=5).contains(&told.sent), "{}", told.sent);
        assert!(told.held && !told.waiting, "{told:?}");
        let queue = queue(&world);
        assert!(queue.leaving > 12_000_000, "on its way: {queue:?}");
        assert!(
            queue.count <= 1,
            "a series does not fill the queue: {queue:?}"
        );
        assert_eq!(world.published().len(), 0);
        // The line carries again.
        world.carries(40 * SLOW);
        pass(&mut world, 10);
        let done = world.published().len();
        assert!((10..=13).contains(&done), "{done}");
        let more = series(&world).sent - told.sent;
        assert!((9..=13).contains(&more), "{more}");
    }
}

#[test]
fn a_series_that_the_line_carries_is_not_held() {
    let mut world = World::connected();
    world.carries(40 * SLOW);
    world.say(Command::Start {
        publication: large(1, 0, 10_000),
        every_ms: 10,
    });
    for _ in 0..50 {
        pass(&mut world, 1);
        assert!(!series(&world).held);
    }
    assert!(series(&world).sent >= 4_900, "{}", series(&world).sent);
    assert!(world.most_buffered < MOST / 4);
}

/// Seen with 10 MB at QoS 1, a keep alive of 60 s and 1 Mbit/s: cut at 71.5 s, and begun again from the first byte, for ever.
#[test]
fn a_large_message_over_a_slow_line_arrives() {
    for keep_alive in [60, 30, 5] {
        for qos in [1, 2] {
            let mut world = World::new();
            world.say(Command::Hello);
            world.say(Command::Show(Box::new(everything(""))));
            world.say(Command::Connect(Box::new(ConnectRequest {
                connect: Connect {
                    keep_alive,
                    ..request().connect
                },
                ..request()
            })));
            world.open();
            world.carries(SLOW);
            world.say(Command::Publish(large(1, qos, 10_000_000)));
            pass(&mut world, 40);
            let on_way = queue(&world).leaving;
            assert!((4_900_000..=5_100_000).contains(&on_way), "{on_way}");
            pass(&mut world, 45);
            assert_eq!(world.published().len(), 1);
            assert_eq!((published(&world), queue(&world).leaving), (1, 0));
            let opens = world.sent.iter().filter(|(_, packet)| packet[0] == 0x10);
            assert_eq!(opens.count(), 1, "one connection");
            let mut phases = world.frames.iter().filter_map(|frame| frame.connection());
            assert!(
                phases
                    .next_back()
                    .is_some_and(|last| last.phase == Phase::Connected)
            );
        }
    }
}

/// Once: after it, small things go and come as ever, and no timer runs for the line.
#[test]
fn without_anything_on_its_way_nothing_is_looked_at() {
    let mut world = World::connected();
    world.say(Command::Publish(large(1, 0, 1_000)));
    world.pass(SECOND);
    assert!(!world.engine.has_to_look(u64::MAX));
}

/// Not told as sent before it has left, at whatever quality of service.
#[test]
fn what_is_told_as_published_has_left() {
    for qos in 0..=2 {
        let mut world = World::connected();
        world.carries(0);
        for number in 1..=6 {
            world.say(Command::Publish(large(number, qos, 4_000_000)));
        }
        pass(&mut world, 5);
        assert_eq!(published(&world), 0);
        let queue = queue(&world);
        assert_eq!(queue.count, 2, "{queue:?}");
        world.carries(40 * SLOW);
        pass(&mut world, 10);
        assert!(published(&world) > 0);
        assert_eq!(world.published().len(), 6);
    }
}
