//! How devices go, and how they come back.

use midge::devices::{Input, Kind, Order, State};

use crate::world::{SECOND, World};

#[test]
fn an_unplugged_door_leaves_its_will_and_says_when_it_is_back() {
    let mut world = World::new();
    let number = world.number(Kind::Door);
    world.got.clear();
    world.order(Order::Unplug { number });
    assert_eq!(world.state(Kind::Door), State::Unplugged);
    assert_eq!(world.heard("home/door/availability"), ["offline"]);
    assert_eq!(
        world.retained("home/door/availability").as_deref(),
        Some("offline")
    );
    world.run(60 * SECOND);
    assert_eq!(world.heard("home/door/state").len(), 0);
    world.order(Order::SwitchOn { number });
    assert_eq!(world.state(Kind::Door), State::Connected);
    assert_eq!(world.heard("home/door/availability"), ["online"]);
    assert_eq!(
        world.retained("home/door/availability").as_deref(),
        Some("online")
    );
}

#[test]
fn a_door_that_is_switched_off_says_so_itself_and_has_no_will_published() {
    let mut world = World::new();
    let number = world.number(Kind::Door);
    world.got.clear();
    world.order(Order::SwitchOff { number });
    assert_eq!(world.state(Kind::Door), State::Off);
    world.run(600 * SECOND);
    assert_eq!(world.heard("home/door/availability"), ["switched off"]);
    assert_eq!(
        world.retained("home/door/availability").as_deref(),
        Some("switched off")
    );
    // Without a connection there is none to break.
    world.order(Order::Unplug { number });
    world.run(60 * SECOND);
    assert_eq!(world.heard("home/door/availability").len(), 0);
    world.order(Order::SwitchOn { number });
    assert_eq!(world.heard("home/door/availability"), ["online"]);
}

#[test]
fn what_is_off_says_nothing() {
    let mut world = World::new();
    for kind in [Kind::Thermometer, Kind::Lamp, Kind::Door] {
        let number = world.number(kind);
        world.order(Order::SwitchOff { number });
    }
    world.got.clear();
    world.run(3600 * SECOND);
    assert_eq!(world.got, []);
    assert_eq!(world.devices.wake_at(), None);
}

#[test]
fn a_command_waits_for_a_lamp_that_has_a_session_and_not_for_a_forgetful_one() {
    for gone in [
        |number| Order::Unplug { number },
        |number| Order::SwitchOff { number },
    ] {
        let mut world = World::new();
        let number = world.number(Kind::Lamp);
        world.order(gone(number));
        world.publish("home/lamp/set", "ON");
        world.run(60 * SECOND);
        world.got.clear();
        world.order(Order::SwitchOn { number });
        let heard = world.heard("home/lamp/state");
        assert_eq!(
            heard.last().map(String::as_str),
            Some(r#"{"state":"ON","brightness":100}"#)
        );

        world.publish("home/lamp/set", "OFF");
        let forgetful = true;
        world.order(Order::Forgetful { number, forgetful });
        assert_eq!(world.state(Kind::Lamp), State::Connected);
        world.order(gone(number));
        world.publish("home/lamp/set", "ON");
        world.run(60 * SECOND);
        world.got.clear();
        world.order(Order::SwitchOn { number });
        world.run(60 * SECOND);
        assert_eq!(
            world.heard("home/lamp/state"),
            [r#"{"state":"OFF","brightness":100}"#]
        );
        // It is subscribed all the same.
        world.publish("home/lamp/set", "ON");
        assert_eq!(world.heard("home/lamp/state").len(), 1);

        let forgetful = false;
        world.order(Order::Forgetful { number, forgetful });
        world.order(gone(number));
        world.publish("home/lamp/set", "OFF");
        world.got.clear();
        world.order(Order::SwitchOn { number });
        assert_eq!(
            world.heard("home/lamp/state").last().map(String::as_str),
            Some(r#"{"state":"OFF","brightness":100}"#)
        );
    }
}

#[test]
fn a_broker_that_was_away_is_found_again_with_nothing_remembered() {
    let mut world = World::new();
    world.lose_broker();
    for kind in [Kind::Thermometer, Kind::Lamp, Kind::Door] {
        assert_eq!(world.state(kind), State::Connecting);
    }
    world.run(300 * SECOND);
    world.broker_is_gone = false;
    world.run(60 * SECOND);
    for kind in [Kind::Thermometer, Kind::Lamp, Kind::Door] {
        assert_eq!(world.state(kind), State::Connected, "{kind:?}");
    }
}

#[test]
fn a_device_whose_client_identifier_was_taken_does_not_fight_for_it() {
    let mut world = World::new();
    let client_id = world.told(Kind::Lamp).client_id;
    let connection = 99;
    let now = world.now;
    let name = client_id.as_bytes();
    let mut connect = vec![0x10, 13 + name.len() as u8, 0, 4];
    connect.extend(b"MQTT\x05\x02\0\0\0\0");
    connect.push(name.len() as u8);
    connect.extend(name);
    world
        .broker
        .handle(now, midge_broker_core::Input::Opened { connection });
    let bytes = &connect;
    world
        .broker
        .handle(now, midge_broker_core::Input::Bytes { connection, bytes });
    world.settle();
    world.run(60 * SECOND);
    assert_eq!(world.state(Kind::Lamp), State::TakenOver);
    let number = world.number(Kind::Lamp);
    world.order(Order::SwitchOn { number });
    assert_eq!(world.state(Kind::Lamp), State::Connected);
}

#[test]
fn what_comes_for_a_connection_of_the_past_changes_nothing() {
    let mut world = World::new();
    let told = world.devices.told();
    for connection in [0, 77, u64::MAX] {
        let bytes = b"\xff\xff\xff";
        world
            .devices
            .handle(world.now, Input::Bytes { connection, bytes });
        world
            .devices
            .handle(world.now, Input::Opened { connection });
        world
            .devices
            .handle(world.now, Input::Closed { connection });
    }
    assert_eq!(world.devices.poll(), None);
    assert_eq!(world.devices.told(), told);
}
