//! What devices say by themselves, and when.

use midge::devices::{Kind, Order, State};
use midge::protocol::Version;

use crate::world::{SECOND, World};

#[test]
fn three_devices_are_seen_by_whoever_is_subscribed_to_everything() {
    let world = World::new();
    let told = world.devices.told();
    let kinds: Vec<_> = told.iter().map(|told| told.kind).collect();
    assert_eq!(kinds, [Kind::Thermometer, Kind::Lamp, Kind::Door]);
    for device in &told {
        assert_eq!(device.state, State::Connected, "{}", device.base);
    }
    let topics: Vec<_> = world.got.iter().map(|got| got.topic.as_str()).collect();
    for topic in [
        "home/thermometer",
        "home/lamp/state",
        "home/door/availability",
        "home/door/state",
    ] {
        assert!(topics.contains(&topic), "{topic} is not among {topics:?}");
    }
    let versions: Vec<_> = told.iter().map(|told| told.version).collect();
    assert_eq!(versions, [Version::V311, Version::V5, Version::V5]);
}

#[test]
fn a_temperature_is_json_and_moves_as_a_room_does() {
    let mut world = World::new();
    world.got.clear();
    world.run(3600 * SECOND);
    let heard = world.heard("home/thermometer");
    assert_eq!(heard.len(), 720);
    let value = |text: &String| -> f64 {
        let inside = text
            .strip_prefix("{\"temp\":")
            .and_then(|rest| rest.strip_suffix(",\"unit\":\"C\"}"));
        inside.expect(text).parse().expect(text)
    };
    let values: Vec<f64> = heard.iter().map(value).collect();
    for pair in values.windows(2) {
        assert!((pair[1] - pair[0]).abs() < 0.5, "{pair:?}");
    }
    let least = values.iter().copied().fold(f64::MAX, f64::min);
    let most = values.iter().copied().fold(f64::MIN, f64::max);
    assert!(least > 19.5 && most < 23.5, "{least} to {most}");
    assert!(most - least > 1.0, "{least} to {most} is no curve");
}

#[test]
fn another_rhythm_counts_from_now() {
    let mut world = World::new();
    let number = world.number(Kind::Thermometer);
    let seconds = 1;
    world.order(Order::Rhythm { number, seconds });
    world.got.clear();
    let since = world.now;
    world.run(10 * SECOND);
    let times: Vec<_> = world
        .got
        .iter()
        .filter(|got| got.topic == "home/thermometer")
        .map(|got| (got.at - since) / SECOND)
        .collect();
    assert_eq!(times, (1..=10).collect::<Vec<_>>());
    let seconds = 60;
    world.order(Order::Rhythm { number, seconds });
    assert_eq!(world.told(Kind::Thermometer).rhythm, Some(60));
    world.got.clear();
    world.run(59 * SECOND);
    assert_eq!(world.heard("home/thermometer").len(), 0);
    world.run(SECOND);
    assert_eq!(world.heard("home/thermometer").len(), 1);
}

#[test]
fn a_machine_that_slept_does_not_hear_all_values_of_the_night_at_once() {
    let mut world = World::new();
    // The learner asked for no keep alive; the devices' connections are lost by theirs, and come again.
    world.got.clear();
    world.sleep(8 * 3600 * SECOND);
    world.run(60 * SECOND);
    let count = world.heard("home/thermometer").len();
    assert!((10..=14).contains(&count), "{count} values in a minute");
    assert_eq!(world.state(Kind::Thermometer), State::Connected);
}

#[test]
fn each_template_says_what_its_topics_promise() {
    let mut world = World::new();
    for kind in Kind::ALL {
        world.order(Order::Add { kind });
        let told = world.told(kind);
        assert_eq!(told.state, State::Connected, "{kind:?}");
        if told.by_hand {
            world.order(Order::ByHand {
                number: told.number,
            });
        }
        world.run(120 * SECOND);
        let topics: Vec<_> = world.got.iter().map(|got| got.topic.clone()).collect();
        for place in told.places {
            // A lamp complains only of what it does not understand.
            if place.command.is_none() && !place.topic.ends_with("/log") {
                assert!(topics.contains(&place.topic), "nothing at {}", place.topic);
                let is_kept = world.retained(&place.topic).is_some();
                assert_eq!(is_kept, place.retain, "{}", place.topic);
            }
        }
        let number = told.number;
        world.order(Order::Remove { number });
    }
}

#[test]
fn plain_numbers_and_places_read_as_such() {
    let mut world = World::new();
    for kind in [Kind::Humidity, Kind::Power, Kind::Tracker] {
        world.order(Order::Add { kind });
    }
    world.run(600 * SECOND);
    let got = world.got.clone();
    let at = |topic: &'static str| got.iter().filter(move |got| got.topic == topic);
    for (topic, least, most) in [
        ("home/humidity", 20.0, 80.0),
        ("home/power/watts", 100.0, 2500.0),
        ("home/power/kwh", 800.0, 3100.0),
    ] {
        assert!(at(topic).count() > 0, "nothing at {topic}");
        for got in at(topic) {
            let value: f64 = got.payload.parse().expect("a number");
            assert!((least..most).contains(&value), "{topic} {value}");
        }
    }
    let mut places = std::collections::BTreeSet::new();
    for got in at("home/tracker") {
        let rest = got.payload.strip_prefix("{\"lat\":25.0").expect("Taipei");
        let (_, lon) = rest.split_once(",\"lon\":121.5").expect("Taipei");
        assert!(lon.contains(",\"speed\":"), "{lon}");
        places.insert(got.payload.clone());
    }
    assert!(places.len() > 250, "{} places", places.len());
}

#[test]
fn the_same_seed_says_the_same_and_another_something_else() {
    let course = |seed| {
        let mut world = World::seeded(seed);
        for kind in Kind::ALL {
            world.order(Order::Add { kind });
        }
        world.run(300 * SECOND);
        world.publish("home/lamp/set", "TOGGLE");
        let number = world.number(Kind::Door);
        world.order(Order::Unplug { number });
        world.run(30 * SECOND);
        world.said
    };
    let said = course(3);
    assert!(said.len() > 100);
    assert_eq!(said, course(3));
    assert_ne!(said, course(4));
}
