//! What the page asks for: more devices, other names, none at all; and what it is told.

use midge::devices::{
    Kind, MOST, NameFault, Order, Question, Refused, Report, State, base_fault, decode, encode,
};
use proptest::prelude::*;

use crate::world::{SECOND, World};

#[test]
fn there_are_so_many_devices_and_no_more() {
    let mut world = World::new();
    let kind = Kind::Thermometer;
    for _ in 3..MOST {
        world.order(Order::Add { kind });
    }
    assert_eq!(
        world.devices.order(world.now, Order::Add { kind }),
        Err(Refused::Full)
    );
    let mut bases: Vec<_> = world.devices.told().into_iter().map(|t| t.base).collect();
    assert_eq!(bases.len(), MOST);
    assert_eq!(bases[3], "home/thermometer-2");
    bases.sort();
    bases.dedup();
    assert_eq!(bases.len(), MOST, "each has topics of its own");
    let number = world.number(kind);
    world.order(Order::Remove { number });
    world.order(Order::Add { kind });
}

#[test]
fn a_removed_device_takes_its_retained_messages_and_its_session_with_it() {
    for gone in [None, Some(false), Some(true)] {
        let mut world = World::new();
        for kind in [Kind::Lamp, Kind::Door] {
            let number = world.number(kind);
            match gone {
                Some(true) => world.order(Order::Unplug { number }),
                Some(false) => world.order(Order::SwitchOff { number }),
                None => {}
            }
            world.order(Order::Remove { number });
        }
        world.run(SECOND);
        for topic in [
            "home/lamp/state",
            "home/door/state",
            "home/door/availability",
        ] {
            assert_eq!(world.retained(topic), None, "{topic}, {gone:?}");
        }
        let told = world.devices.told();
        assert_eq!(told.len(), 1);
        let inside = world
            .broker
            .inside(world.now, &midge::inside::Ask::default());
        let clients = inside.clients.shown.iter();
        let clients: Vec<_> = clients.map(|client| client.id.as_str()).collect();
        assert_eq!(clients, ["learner", "thermometer-1"], "{gone:?}");
    }
}

#[test]
fn a_removed_device_is_gone_even_without_a_broker() {
    let mut world = World::new();
    world.lose_broker();
    let number = world.number(Kind::Lamp);
    world.order(Order::Remove { number });
    world.run(11 * SECOND);
    let number = world.number(Kind::Thermometer);
    let base = "home/lamp".to_owned();
    world.order(Order::Rename { number, base });
}

#[test]
fn the_page_is_told_that_a_device_is_gone() {
    let mut world = World::new();
    let number = world.number(Kind::Door);
    let before = world.devices.revision();
    let removed = world.devices.order(world.now, Order::Remove { number });
    assert_eq!(removed, Ok(()));
    assert_ne!(world.devices.revision(), before);
}

#[test]
fn a_renamed_device_moves_with_its_state_its_will_and_its_commands() {
    let mut world = World::new();
    let number = world.number(Kind::Lamp);
    let base = "house/kitchen/lamp".to_owned();
    world.order(Order::Rename { number, base });
    assert_eq!(world.state(Kind::Lamp), State::Connected);
    assert_eq!(world.retained("home/lamp/state"), None);
    world.publish("home/lamp/set", "ON");
    assert_eq!(world.told(Kind::Lamp).taken, 0);
    world.publish("house/kitchen/lamp/set", "ON");
    assert_eq!(
        world.retained("house/kitchen/lamp/state").as_deref(),
        Some(r#"{"state":"ON","brightness":100}"#)
    );

    // Renamed while it is away, and there and back again: what it left goes when it is back, and its own stays.
    let number = world.number(Kind::Door);
    world.order(Order::Unplug { number });
    for base in ["a/door", "b/door"] {
        let base = base.to_owned();
        world.order(Order::Rename { number, base });
    }
    assert_eq!(
        world.retained("home/door/availability").as_deref(),
        Some("offline")
    );
    world.order(Order::SwitchOn { number });
    assert_eq!(world.retained("home/door/availability"), None);
    assert_eq!(
        world.retained("b/door/availability").as_deref(),
        Some("online")
    );
    world.got.clear();
    world.order(Order::Unplug { number });
    assert_eq!(world.heard("b/door/availability"), ["offline"]);
    for base in ["c/door", "b/door"] {
        let base = base.to_owned();
        world.order(Order::Rename { number, base });
    }
    world.order(Order::SwitchOn { number });
    assert!(world.retained("b/door/state").is_some());
}

#[test]
fn what_is_no_name_is_refused_with_why() {
    let mut world = World::new();
    let number = world.number(Kind::Lamp);
    for (base, why) in [
        ("", NameFault::Empty),
        ("home/+/lamp", NameFault::Wildcard),
        ("#", NameFault::Wildcard),
        ("a\0b", NameFault::Nul),
        ("$SYS/lamp", NameFault::Dollar),
        ("/lamp", NameFault::EmptyLevel),
        ("lamp/", NameFault::EmptyLevel),
        ("a//b", NameFault::EmptyLevel),
        (&"x".repeat(201), NameFault::Long),
        (&"x".repeat(70_000), NameFault::Long),
    ] {
        let base = base.to_owned();
        let refused = world
            .devices
            .order(world.now, Order::Rename { number, base });
        assert_eq!(refused, Err(Refused::Name(why)));
    }
    let base = "home/door".to_owned();
    let refused = world
        .devices
        .order(world.now, Order::Rename { number, base });
    assert_eq!(refused, Err(Refused::Taken));
    assert_eq!(world.told(Kind::Lamp).base, "home/lamp");
    assert_eq!(base_fault("玄關/燈"), None);
}

#[test]
fn what_cannot_be_done_is_refused_and_changes_nothing() {
    let mut world = World::new();
    let told = world.devices.told();
    let revision = world.devices.revision();
    let thermometer = world.number(Kind::Thermometer);
    let lamp = world.number(Kind::Lamp);
    for (order, why) in [
        (Order::SwitchOn { number: 99 }, Refused::Gone),
        (Order::Remove { number: 0 }, Refused::Gone),
        (
            Order::Rhythm {
                number: thermometer,
                seconds: 0,
            },
            Refused::Rhythm,
        ),
        (
            Order::Rhythm {
                number: thermometer,
                seconds: 3601,
            },
            Refused::Rhythm,
        ),
        (
            Order::Rhythm {
                number: lamp,
                seconds: 5,
            },
            Refused::Rhythm,
        ),
        (
            Order::ByHand {
                number: thermometer,
            },
            Refused::Hand,
        ),
    ] {
        let refused = world.devices.order(world.now, order);
        assert_eq!(refused, Err(why));
    }
    assert_eq!(world.devices.told(), told);
    assert_eq!(world.devices.revision(), revision);
    assert_eq!(world.devices.poll(), None);
}

#[test]
fn a_revision_tells_when_there_is_something_to_tell() {
    let mut world = World::new();
    let mut told = world.devices.told();
    let mut revision = world.devices.revision();
    let mut news = 0;
    for _ in 0..600 {
        world.run(SECOND / 10);
        let (now_told, now_revision) = (world.devices.told(), world.devices.revision());
        assert_eq!(now_told != told, now_revision != revision);
        news += u32::from(now_told != told);
        (told, revision) = (now_told, now_revision);
    }
    assert!(news >= 12, "{news}");
}

#[test]
fn words_come_back_as_they_were() {
    let world = World::new();
    let report = Report::Told(world.devices.told());
    assert_eq!(decode(&encode(&report)), Some(report));
    let question = Question {
        ticket: 7,
        order: Order::Rename {
            number: 2,
            base: "a/b".to_owned(),
        },
    };
    let mut bytes = encode(&question);
    assert_eq!(decode(&bytes), Some(question));
    bytes.push(0);
    assert_eq!(decode::<Question>(&bytes), None);
    assert_eq!(decode::<Question>(&[]), None);
}

/// Any order of a page, about devices that there are and that there are not.
fn any_order() -> impl Strategy<Value = Order> {
    let number = 0..8_u32;
    let base = prop::sample::select(vec!["a", "home/lamp", "home/door", "x/y", "#", ""]);
    prop_oneof![
        number.clone().prop_map(|number| Order::SwitchOn { number }),
        number
            .clone()
            .prop_map(|number| Order::SwitchOff { number }),
        number.clone().prop_map(|number| Order::Unplug { number }),
        number.clone().prop_map(|number| Order::ByHand { number }),
        number.clone().prop_map(|number| Order::Remove { number }),
        (number.clone(), any::<bool>())
            .prop_map(|(number, forgetful)| Order::Forgetful { number, forgetful }),
        (number.clone(), 0..5_u32).prop_map(|(number, seconds)| Order::Rhythm { number, seconds }),
        (number, base).prop_map(|(number, base)| Order::Rename {
            number,
            base: base.to_owned()
        }),
        prop::sample::select(Kind::ALL.to_vec()).prop_map(|kind| Order::Add { kind }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is done to them, those that are on are connected, and each retained message belongs to one of them.
    #[test]
    fn whatever_is_asked_for_those_that_are_on_are_connected(
        orders in prop::collection::vec((any_order(), 0..3_000_000_u64), 0..40)
    ) {
        let mut world = World::new();
        for (order, wait) in orders {
            let _ = world.devices.order(world.now, order);
            world.run(wait);
        }
        for device in world.devices.told() {
            if device.state.is_on() {
                prop_assert_eq!(device.state, State::Connected);
            } else {
                let number = device.number;
                world.order(Order::SwitchOn { number });
            }
        }
        world.run(SECOND);
        let told = world.devices.told();
        let own = |topic: &str| told.iter().flat_map(|t| &t.places).any(|p| p.retain && p.topic == topic);
        let inside = world.broker.inside(world.now, &midge::inside::Ask::default());
        for kept in inside.retained.shown {
            prop_assert!(own(&kept.topic), "{} is nobody's", kept.topic);
        }
    }

    #[test]
    fn any_bytes_are_a_word_or_none(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = decode::<Question>(&bytes);
        let _ = decode::<Report>(&bytes);
    }
}
