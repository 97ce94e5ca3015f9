//! The list of every packet: what is no message stands in it by its name, with what it says in short.

use midge::link::{Command, ListView, Preview, Row, View};

use crate::simulated::*;
use crate::told::Told;

/// Shows every packet that this filter finds.
fn shown(world: &mut World, filter: &str, packets: bool) -> Vec<Row> {
    world.say(Command::Show(Box::new(View {
        list: Some(ListView {
            filter: filter.to_owned(),
            packets,
            newest: None,
            skip: 0,
            rows: 20,
        }),
        tree: None,
        ..View::default()
    })));
    world.ask();
    let list = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.list().cloned());
    let list = list.expect("a list was shown");
    assert_eq!((list.filter.as_str(), list.packets), (filter, packets));
    list.rows
}

fn names(rows: &[Row]) -> Vec<&str> {
    let names = rows.iter().map(|row| {
        if row.packet.is_empty() {
            row.topic.as_str()
        } else {
            row.packet.as_str()
        }
    });
    names.collect()
}

fn words(row: &Row) -> &str {
    match &row.preview {
        Preview::Text(text) => text,
        _ => "",
    }
}

fn busy() -> World {
    let mut world = World::new();
    let mut request = request();
    request.connect.user_name = Some("chen".to_owned());
    request.connect.password = Some(b"geheim".to_vec());
    world.say(Command::Connect(Box::new(request)));
    world.open();
    world.say(subscribe(&["a/#"]));
    world.broker_sends(&plain("a/b", "hello"));
    world
}

#[test]
fn every_packet_is_there_newest_first_and_messages_alone_again() {
    let mut world = busy();
    let rows = shown(&mut world, "", true);
    assert_eq!(
        names(&rows),
        ["a/b", "SUBACK", "SUBSCRIBE", "CONNACK", "CONNECT"]
    );
    assert_eq!(
        rows.iter().map(|row| row.outgoing).collect::<Vec<_>>(),
        [false, false, true, false, true]
    );
    assert!(
        words(&rows[2]).contains("Topic Filter a/#"),
        "{}",
        words(&rows[2])
    );
    assert!(
        words(&rows[4]).contains("User Name chen"),
        "{}",
        words(&rows[4])
    );
    assert!(!words(&rows[4]).contains("geheim"));
    assert_eq!(names(&shown(&mut world, "", false)), ["a/b"]);
}

#[test]
fn packets_are_found_by_their_names_and_messages_by_theirs() {
    let mut world = busy();
    assert_eq!(
        names(&shown(&mut world, "conn", true)),
        ["CONNACK", "CONNECT"]
    );
    assert_eq!(names(&shown(&mut world, "hello", true)), ["a/b"]);
    assert_eq!(names(&shown(&mut world, "a/+", true)), ["a/b"]);
    assert_eq!(names(&shown(&mut world, "conn", false)), [""; 0]);
}

#[test]
fn a_malformed_packet_stands_there_with_what_is_wrong_with_it() {
    let mut world = busy();
    world.broker_sends(&[0x36, 5, 0, 1, b'a', 0, 1]);
    let rows = shown(&mut world, "", true);
    let malformed = rows.iter().find(|row| row.malformed).expect("it is kept");
    assert_eq!(malformed.packet, "PUBLISH");
    assert_eq!(
        words(malformed),
        "Control Packet type and flags: both QoS bits are set"
    );
    assert!(
        shown(&mut world, "", false)
            .iter()
            .all(|row| !row.malformed)
    );
}
