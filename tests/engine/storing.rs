//! Sessions that outlive the page: read before they connect, and never ahead of what storage has.

use std::collections::BTreeMap;

use crate::simulated::{Asked, SECOND, START_US, World, everything, publication, request};
use crate::told::Told;
use midge::engine::Change;
use midge::link::{
    Command, ConnectRequest, Connection, Notice, Phase, PublishTrouble, Queue, Storage,
};
use midge::protocol::{Connect, Qos};

const NAME: &str = "ws://127.0.0.1:9001/mqtt\ntester";

fn lasting() -> ConnectRequest {
    ConnectRequest {
        connect: Connect {
            clean_session: false,
            ..request().connect
        },
        ..request()
    }
}

fn page() -> World {
    let mut world = World::new();
    world.say(Command::Hello);
    world.say(Command::Show(Box::new(everything(""))));
    world
}

fn connect(world: &mut World) {
    world.say(Command::Connect(Box::new(lasting())));
    assert!(world.storage_answers());
    world.open();
    while world.storage_answers() {}
}

/// A lasting session, connected, and everything of it stored.
fn connected() -> World {
    let mut world = page();
    connect(&mut world);
    world.ask();
    world
}

fn publish(world: &mut World, number: u32, qos: u8) {
    world.say(Command::Publish(publication(
        number,
        "t",
        &number.to_string(),
        qos,
    )));
}

fn payloads(world: &World) -> Vec<String> {
    world
        .published()
        .into_iter()
        .map(|(.., text)| text)
        .collect()
}

fn connection(world: &mut World) -> Connection {
    world.ask();
    let mut told = world.frames.iter().rev();
    told.find_map(|frame| frame.connection().cloned()).unwrap()
}

fn queue(world: &mut World) -> Queue {
    world.ask();
    let mut told = world.frames.iter().rev();
    told.find_map(|frame| frame.queue().cloned()).unwrap()
}

#[test]
fn a_session_that_outlives_the_page_is_read_before_its_socket_opens() {
    let mut world = page();
    world.say(Command::Connect(Box::new(lasting())));
    assert!(matches!(&world.asked_of_storage[..], [Asked::Load(name, _)] if name == NAME));
    assert_eq!(world.socket, None);
    let told = connection(&mut world);
    assert_eq!(
        (told.phase, told.address.as_str(), told.client_id.as_str()),
        (Phase::Connecting, "ws://127.0.0.1:9001/mqtt", "tester")
    );
    world.storage_answers();
    assert!(world.socket.is_some());
    world.open();
    let told = connection(&mut world);
    assert_eq!((told.phase, told.storage), (Phase::Connected, Storage::On));
}

#[test]
fn a_session_that_ends_with_the_connection_asks_nothing_of_storage() {
    let mut world = World::connected();
    publish(&mut world, 1, 2);
    assert!(world.asked_of_storage.is_empty());
    assert_eq!(payloads(&world), ["1"]);
    assert_eq!(connection(&mut world).storage, Storage::Off);
}

#[test]
fn what_follows_a_change_of_storage_leaves_once_storage_has_it() {
    let mut world = connected();
    publish(&mut world, 1, 1);
    assert!(payloads(&world).is_empty());
    assert!(matches!(&world.asked_of_storage[..], [Asked::Store(name, ..)] if name == NAME));
    assert!(
        !world
            .notices()
            .iter()
            .any(|notice| matches!(notice, Notice::Published { .. }))
    );
    world.storage_answers();
    assert_eq!(payloads(&world), ["1"]);
    world.ask();
    assert!(matches!(
        world.notices()[..],
        [.., Notice::Published { ref numbers }] if *numbers == (1..=1)
    ));
}

#[test]
fn while_one_batch_is_written_the_next_collects_and_the_order_stays() {
    let mut world = connected();
    for (number, qos) in [(1, 1), (2, 2), (3, 0), (4, 1)] {
        publish(&mut world, number, qos);
    }
    assert!(payloads(&world).is_empty());
    assert_eq!(world.asked_of_storage.len(), 1, "one batch at a time");
    let before = world.sends;
    world.storage_answers();
    assert_eq!(
        (payloads(&world), world.sends),
        (vec!["1".to_owned()], before + 1)
    );
    let [Asked::Store(_, _, changes)] = &world.asked_of_storage[..] else {
        panic!("{:?}", world.asked_of_storage);
    };
    let puts = changes
        .iter()
        .filter(|change| matches!(change, Change::Put { .. }));
    assert_eq!(puts.count(), 2, "{changes:?}");
    world.storage_answers();
    assert_eq!(payloads(&world), ["1", "2", "3", "4"]);
    while world.storage_answers() {}
    world.ask();
    let done = |number: u32| {
        let is = |notice: &Notice| matches!(notice, Notice::Published { numbers } if numbers.contains(&number));
        world.notices().iter().any(is)
    };
    assert!((1..=4).all(done), "{:?}", world.notices());
    let left = &world.stored[NAME];
    assert_eq!(left.len(), 1, "only the session itself: {left:?}");
}

#[test]
fn storage_that_fails_lets_everything_go_on_in_memory_and_says_so() {
    let mut world = connected();
    publish(&mut world, 1, 1);
    publish(&mut world, 2, 1);
    world.storage_fails("QuotaExceededError: full");
    assert_eq!(payloads(&world), ["1", "2"]);
    world.ask();
    let detail = "QuotaExceededError: full".to_owned();
    assert!(world.notices().contains(&Notice::StorageFailed {
        detail: detail.clone()
    }));
    assert_eq!(connection(&mut world).storage, Storage::Failed { detail });
    // What it holds is no longer true.
    assert!(!world.stored[NAME].is_empty());
    assert!(world.storage_answers());
    assert!(world.stored[NAME].is_empty());
    publish(&mut world, 3, 2);
    assert!(world.asked_of_storage.is_empty());
    assert_eq!(payloads(&world), ["1", "2", "3"]);
}

#[test]
fn storage_that_fails_again_is_not_told_of_again_and_the_next_connection_tries_it_anew() {
    let mut world = connected();
    publish(&mut world, 1, 1);
    world.storage_fails("full");
    world.storage_fails("and cannot be cleared");
    world.ask();
    let told = |world: &World| {
        let is = |notice: &&Notice| matches!(notice, Notice::StorageFailed { .. });
        world.notices().iter().filter(is).count()
    };
    assert_eq!((told(&world), world.asked_of_storage.len()), (1, 0));
    connect(&mut world);
    assert_eq!(connection(&mut world).storage, Storage::On);
    publish(&mut world, 2, 1);
    assert_eq!(payloads(&world), ["1"]);
    while world.storage_answers() {}
    assert_eq!(
        (payloads(&world), told(&world)),
        (vec!["1".into(), "2".into()], 1)
    );
}

#[test]
fn storage_that_does_not_answer_holds_nothing_back_for_ever() {
    let mut world = connected();
    publish(&mut world, 1, 1);
    world.pass(9 * SECOND);
    assert!(payloads(&world).is_empty());
    world.pass(2 * SECOND);
    assert_eq!(payloads(&world), ["1"]);
    assert!(matches!(
        connection(&mut world).storage,
        Storage::Failed { .. }
    ));
    // What it says after all changes nothing.
    world.storage_answers();
    assert!(matches!(
        connection(&mut world).storage,
        Storage::Failed { .. }
    ));
}

#[test]
fn a_session_that_cannot_be_read_connects_without() {
    for silent in [false, true] {
        let mut world = page();
        world.say(Command::Connect(Box::new(lasting())));
        if silent {
            world.pass(11 * SECOND);
        } else {
            world.storage_fails("InvalidStateError: private");
        }
        world.open();
        publish(&mut world, 1, 1);
        assert_eq!(payloads(&world), ["1"], "silent: {silent}");
        world.ask();
        let failed = |notice: &Notice| matches!(notice, Notice::StorageFailed { .. });
        assert_eq!(
            world
                .notices()
                .iter()
                .filter(|notice| failed(notice))
                .count(),
            1
        );
    }
}

#[test]
fn what_is_published_while_the_session_is_read_is_sent_on_its_connection() {
    let mut world = page();
    world.say(Command::Connect(Box::new(lasting())));
    publish(&mut world, 1, 1);
    assert!(world.notices().is_empty());
    world.storage_answers();
    world.open();
    while world.storage_answers() {}
    assert_eq!(payloads(&world), ["1"]);
}

#[test]
fn disconnecting_while_the_session_is_read_opens_no_socket() {
    let mut world = page();
    world.say(Command::Connect(Box::new(lasting())));
    publish(&mut world, 1, 1);
    world.say(Command::Disconnect);
    world.storage_answers();
    assert_eq!(world.socket, None);
    assert_eq!(connection(&mut world).phase, Phase::Disconnected);
    assert_eq!(
        world.notices(),
        [Notice::PublishFailed {
            numbers: 1..=1,
            why: PublishTrouble::NotConnected
        }]
    );
}

#[test]
fn connecting_elsewhere_while_a_session_is_read_forgets_the_first() {
    let mut world = page();
    world.say(Command::Connect(Box::new(lasting())));
    world.say(Command::Connect(Box::new(ConnectRequest {
        connect: Connect {
            client_id: "second".into(),
            ..lasting().connect
        },
        ..lasting()
    })));
    world.storage_answers();
    assert_eq!(world.socket, None, "the first answer is of no interest");
    world.storage_answers();
    assert!(world.socket.is_some());
    assert_eq!(connection(&mut world).client_id, "second");
    world.say(Command::Connect(Box::new(request())));
    assert_eq!(connection(&mut world).client_id, "tester");
}

/// While the first batch is written the second waits; then the session is asked for once more, and a QoS 2 message comes.
fn connected_anew_while_a_batch_waits() -> World {
    let mut world = connected();
    world.answers = false;
    for number in [1, 2] {
        publish(&mut world, number, 1);
    }
    world.say(Command::Connect(Box::new(lasting())));
    world.broker_sends(b"\x34\x06\x00\x01t\x00\x09x");
    assert_eq!(world.asked_of_storage.len(), 1);
    world
}

fn received(world: &World) -> bool {
    world
        .sent
        .iter()
        .any(|(_, packet)| packet == b"\x50\x02\x00\x09")
}

#[test]
fn what_joins_a_batch_leaves_with_it_whatever_is_to_be_read_meanwhile() {
    let mut world = connected_anew_while_a_batch_waits();
    world.storage_answers();
    assert_eq!(
        (payloads(&world), received(&world)),
        (vec!["1".into()], false)
    );
    world.storage_answers();
    assert_eq!(payloads(&world), ["1", "2"]);
    assert!(received(&world), "with the batch that says so");
}

#[test]
fn a_load_has_its_time_from_when_storage_is_asked_for_it() {
    let mut world = connected_anew_while_a_batch_waits();
    world.pass(9 * SECOND);
    world.storage_answers();
    world.pass(9 * SECOND);
    world.storage_answers();
    let [Asked::Load(name, _)] = &world.asked_of_storage[..] else {
        panic!("{:?}", world.asked_of_storage);
    };
    assert_eq!(name, NAME);
    world.pass(9 * SECOND);
    world.storage_answers();
    world.open();
    assert_eq!(connection(&mut world).storage, Storage::On);
    assert!(world.given_up.is_empty());
}

/// Whoever reads a session takes it over from another page.
#[test]
fn a_load_that_was_given_up_before_its_turn_is_not_asked_for() {
    let elsewhere = || Command::Connect(Box::new(request()));
    for give_up in [|| Command::Disconnect, elsewhere] {
        let mut world = connected_anew_while_a_batch_waits();
        world.say(give_up());
        let mut asked = Vec::new();
        while let Some(first) = world.asked_of_storage.first() {
            asked.push(format!("{first:?}"));
            world.storage_answers();
        }
        assert!(
            asked.iter().all(|asked| asked.starts_with("Store")),
            "{asked:?}"
        );
        assert!(world.given_up.is_empty());
    }
}

#[test]
fn storage_is_told_that_nobody_waits_for_what_it_was_asked_for() {
    let ends: [fn(&mut World); 4] = [
        |world| world.say(Command::Disconnect),
        |world| world.say(Command::Connect(Box::new(request()))),
        |world| world.say(Command::Connect(Box::new(lasting()))),
        |world| world.pass(11 * SECOND),
    ];
    for (number, end) in ends.into_iter().enumerate() {
        let mut world = page();
        world.say(Command::Connect(Box::new(lasting())));
        let [Asked::Load(_, ticket)] = world.asked_of_storage[..] else {
            panic!("{:?}", world.asked_of_storage);
        };
        end(&mut world);
        assert_eq!(world.given_up, [ticket], "{number}");
        let before = world.socket;
        world.storage_answers();
        assert_eq!(
            world.socket, before,
            "its answer is of no interest: {number}"
        );
        // What was read in time is nobody's to give up.
        let read = world.given_up.len();
        world.storage_answers();
        world.say(Command::Disconnect);
        assert_eq!(world.given_up.len(), read, "{number}");
    }
}

/// MQTT 3.1.1 [MQTT-4.1.0-1], [MQTT-4.4.0-1]
#[test]
fn a_page_that_was_closed_in_the_middle_of_deliveries_goes_on_where_it_stopped() {
    let mut first = connected();
    first.answers = false;
    for number in 1..=3 {
        publish(&mut first, number, 2);
    }
    while first.storage_answers() {}
    let stored = std::mem::take(&mut first.stored);
    assert_eq!(payloads(&first), ["1", "2", "3"]);
    drop(first);

    let mut second = page();
    second.stored = stored;
    second.broker.session_present = true;
    connect(&mut second);
    assert_eq!(payloads(&second), ["1", "2", "3"]);
    let dup = second.sent.iter().filter(|(_, packet)| packet[0] == 0x3c);
    assert_eq!(dup.count(), 3, "sent again as what they are");
    second.ask();
    second.ask();
    let notices = second.notices();
    assert!(notices.contains(&Notice::Restored {
        publications: 3,
        damaged: 0
    }));
    let done = notices
        .iter()
        .filter(|notice| matches!(notice, Notice::Published { numbers } if *numbers == (0..=0)));
    assert_eq!(done.count(), 3, "{notices:?}");
}

#[test]
fn what_waits_is_shown_and_can_be_withdrawn_by_its_number() {
    let mut world = connected();
    world.broker_closes();
    for number in [41, 42, 43] {
        publish(&mut world, number, 1);
    }
    while world.storage_answers() {}
    let waits = queue(&mut world);
    assert_eq!((waits.count, waits.first.len()), (3, 3));
    assert!(waits.limit >= 3 && waits.bytes >= 9);
    assert!(
        waits
            .first
            .iter()
            .all(|one| one.topic == "t" && one.qos == Qos::AtLeastOnce)
    );
    world.say(Command::Cancel(waits.first[1].number));
    while world.storage_answers() {}
    assert_eq!(queue(&mut world).count, 2);
    let notices = world.notices();
    let queued = |number: u32| {
        let is = |notice: &Notice| matches!(notice, Notice::Queued { numbers } if numbers.contains(&number));
        notices.iter().any(is)
    };
    assert!((41..=43).all(queued), "{notices:?}");
    assert!(notices.contains(&Notice::Cancelled { number: 42 }));
    world.broker.session_present = true;
    let mut passed = 0;
    while world.socket.is_none() {
        world.pass(100_000);
        passed += 1;
        assert!(passed < 400);
    }
    world.open();
    while world.storage_answers() {}
    assert_eq!(payloads(&world), ["41", "43"]);
}

#[test]
fn changes_of_one_session_are_stored_under_its_own_name_when_another_begins() {
    let mut world = connected();
    world.answers = false;
    publish(&mut world, 1, 1);
    world.say(Command::Connect(Box::new(ConnectRequest {
        connect: Connect {
            client_id: "other".into(),
            ..lasting().connect
        },
        ..lasting()
    })));
    world.answers = true;
    while world.storage_answers() {}
    world.open();
    while world.storage_answers() {}
    let other = &world.stored["ws://127.0.0.1:9001/mqtt\nother"];
    assert_eq!(world.stored[NAME].len(), 2, "the session and its message");
    assert_eq!(other.len(), 1, "{other:?}");
    assert_eq!(payloads(&world), ["1"], "before the farewell");
    let last = |kind: u8| world.sent.iter().rposition(|(_, packet)| packet[0] == kind);
    assert!(last(0x32) < last(0xe0) && last(0xe0) < last(0x10));
}

#[test]
fn a_token_in_an_address_makes_no_other_session_and_is_not_stored() {
    let mut world = page();
    for token in [
        "mqtt?token=a",
        "mqtt?token=b",
        "eyJh.eyJl.c2ln/mqtt",
        "mqtt/eyJh.eyJm.c2lh",
    ] {
        world.say(Command::Connect(Box::new(ConnectRequest {
            addresses: vec![format!("ws://127.0.0.1:9001/{token}")],
            ..lasting()
        })));
        world.storage_answers();
    }
    assert_eq!(
        world.stored,
        BTreeMap::from([(NAME.to_owned(), BTreeMap::new())])
    );
    assert_eq!(world.now, START_US);
}
