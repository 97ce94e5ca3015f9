//! Series of publications, on a simulated clock.

use crate::simulated::{SECOND, START_US, World, publication, request};
use crate::told::Told;
use midge::link::Command;

fn start(world: &mut World, number: u32, text: &str, every_ms: u32) {
    world.say(Command::Start {
        publication: publication(number, "MYTOPIC", text, 0),
        every_ms,
    });
}

#[test]
fn one_a_second_for_ten_seconds_is_eleven_in_range_and_on_time() {
    let mut world = World::connected();
    start(&mut world, 1, "{{random 0..99}}", 1000);
    world.pass(10 * SECOND);
    world.say(Command::Stop { number: 1 });
    world.pass(5 * SECOND);
    let published = world.published();
    assert_eq!(published.len(), 11);
    for (index, (time, topic, payload)) in published.iter().enumerate() {
        assert_eq!(*time, START_US + index as u64 * SECOND);
        assert_eq!(topic, "MYTOPIC");
        assert!(
            (0..=99).contains(&payload.parse::<i32>().unwrap()),
            "{payload}"
        );
    }
    assert!(world.frames.iter().all(|frame| frame.notices.is_empty()));
}

#[test]
fn what_was_missed_is_left_out_and_the_rhythm_stays() {
    let mut world = World::connected();
    start(&mut world, 1, "{{seq}}", 1000);
    // The machine slept: nobody woke the engine for 7.3 seconds.
    world.now += 7 * SECOND + 300_000;
    world.pass(2 * SECOND);
    let times: Vec<u64> = world
        .published()
        .iter()
        .map(|(time, ..)| (time - START_US) / 1000)
        .collect();
    assert_eq!(times, [0, 7300, 8000, 9000]);
    let texts: Vec<String> = world
        .published()
        .into_iter()
        .map(|(.., text)| text)
        .collect();
    assert_eq!(texts, ["1", "2", "3", "4"]);
}

#[test]
fn several_series_run_beside_each_other_and_stop_one_by_one() {
    let mut world = World::connected();
    start(&mut world, 1, "one", 100);
    start(&mut world, 2, "two", 250);
    world.pass(SECOND);
    let count = |world: &World, wanted: &str| {
        world
            .published()
            .iter()
            .filter(|(.., text)| text == wanted)
            .count()
    };
    assert_eq!((count(&world, "one"), count(&world, "two")), (11, 5));
    world.ask();
    let series = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.series().cloned())
        .unwrap();
    assert_eq!(
        series
            .iter()
            .map(|one| (one.number, one.every_ms))
            .collect::<Vec<_>>(),
        [(1, 100), (2, 250)]
    );
    world.say(Command::Stop { number: 1 });
    world.pass(SECOND);
    assert_eq!((count(&world, "one"), count(&world, "two")), (11, 9));
}

#[test]
fn an_interval_below_ten_milliseconds_is_ten() {
    let mut world = World::connected();
    start(&mut world, 1, "x", 0);
    world.pass(SECOND / 10);
    assert_eq!(world.published().len(), 11);
}

#[test]
fn a_series_waits_while_there_is_no_connection_and_goes_on_after() {
    let mut world = World::connected();
    start(&mut world, 1, "{{seq}}", 1000);
    world.pass(2 * SECOND + 500_000);
    assert_eq!(world.published().len(), 3);
    world.broker_closes();
    let waiting = |world: &World| {
        world
            .frames
            .iter()
            .rev()
            .find_map(|frame| frame.series().cloned())
            .unwrap()[0]
            .waiting
    };
    world.ask();
    assert!(waiting(&world));
    let mut passed = 0;
    while world.socket.is_none() {
        world.pass(100_000);
        passed += 1;
        assert!(passed < 400);
    }
    assert_eq!(world.published().len(), 3);
    world.open();
    world.ask();
    world.ask();
    assert!(!waiting(&world));
    world.pass(3 * SECOND);
    let published = world.published();
    assert!((5..=7).contains(&published.len()), "{published:?}");
    assert!(
        published
            .iter()
            .all(|(time, ..)| (time - START_US).is_multiple_of(SECOND)),
        "in its rhythm"
    );
}

#[test]
fn a_series_that_was_started_without_a_connection_begins_with_it() {
    let mut world = World::new();
    start(&mut world, 1, "x", 1000);
    world.pass(1_400_000);
    assert!(world.published().is_empty());
    world.say(Command::Connect(Box::new(request())));
    world.open();
    world.pass(2 * SECOND);
    let times: Vec<u64> = world
        .published()
        .iter()
        .map(|(time, ..)| time - START_US)
        .collect();
    assert_eq!(times, [1_400_000, 2_400_000, 3_400_000]);
}

#[test]
fn a_broker_that_does_not_acknowledge_slows_a_series() {
    let mut world = World::connected();
    world.answers = false;
    let publication = publication(1, "t", "x", 1);
    world.say(Command::Start {
        publication,
        every_ms: 10,
    });
    world.pass(5 * SECOND);
    assert_eq!(world.published().len(), 20);
}

#[test]
fn single_messages_count_on_each_topic_by_itself() {
    let mut world = World::connected();
    let say = |world: &mut World, number, topic: &str, text: &str| {
        world.say(Command::Publish(publication(number, topic, text, 0)));
    };
    for number in 1..=3 {
        say(&mut world, number, "one", "{{seq}}");
    }
    say(&mut world, 4, "two", "{{seq}}");
    // What has no number takes none.
    say(&mut world, 5, "one", "{{pick a}}");
    say(&mut world, 6, "one", "no {{seq}}");
    let texts: Vec<_> = world
        .published()
        .into_iter()
        .map(|(_, topic, text)| format!("{topic} {text}"))
        .collect();
    assert_eq!(
        texts,
        ["one 1", "one 2", "one 3", "two 1", "one a", "one no 4"]
    );
}

#[test]
fn numbers_of_topics_without_end_are_not_all_remembered() {
    let mut world = World::connected();
    for number in 1..=65 {
        let topic = format!("many/{number}");
        world.say(Command::Publish(publication(number, &topic, "{{seq}}", 0)));
    }
    for (number, topic) in [(66, "many/65"), (67, "many/1")] {
        world.say(Command::Publish(publication(number, topic, "{{seq}}", 0)));
    }
    let texts: Vec<_> = world
        .published()
        .into_iter()
        .skip(65)
        .map(|(.., text)| text)
        .collect();
    assert_eq!(texts, ["2", "1"], "the first of them begins anew");
}
