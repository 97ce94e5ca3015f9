//! Topic aliases that stand for the topics of outgoing messages.

use midge::protocol::{Direction, Qos, Version, outline, publish_properties};
use midge::session::Input;

use crate::tab::*;

/// The highest alias that the broker takes.
fn with_aliases(maximum: u8) -> Tab {
    let mut tab = Tab::new(keeping(Version::V5));
    tab.broker.connack = vec![0x22, 0, maximum];
    tab.connect();
    tab.run();
    tab.log.clear();
    tab
}

fn publish(tab: &mut Tab, number: u32, topic: &str, qos: Qos) {
    let mut message = message(number, qos);
    message.topic = topic.to_owned();
    // The user's own is not for the user to choose.
    message.properties.topic_alias = Some(77);
    tab.tell(Input::Publish(message));
}

/// Topic in the packet, alias in the packet, topic that is told.
fn named(seen: &[Seen]) -> Vec<(String, u16, String)> {
    let packets = seen.iter().filter_map(|seen| match seen {
        Seen::Sent {
            bytes,
            outline,
            topic,
        } if outline.payload > 0 => {
            let (start, end) = outline.topic;
            let inside = String::from_utf8(bytes[start as usize..end as usize].to_vec());
            Some((inside.expect("text"), outline.topic_alias, topic.clone()))
        }
        _ => None,
    });
    packets.collect()
}

fn owned(names: &[(&str, u16, &str)]) -> Vec<(String, u16, String)> {
    let names = names.iter();
    names
        .map(|&(inside, alias, told)| (inside.to_owned(), alias, told.to_owned()))
        .collect()
}

/// MQTT 5 [MQTT-3.2.2-17], [MQTT-3.3.2-8], [MQTT-3.3.2-9]
#[test]
fn a_topic_goes_out_once_and_then_as_its_alias() {
    let mut tab = with_aliases(2);
    for topic in ["home/a", "home/b", "home/a", "home/c", "home/b", "t/1"] {
        publish(&mut tab, 1, topic, Qos::AtMostOnce);
    }
    assert_eq!(
        named(&tab.seen()),
        owned(&[
            ("home/a", 1, "home/a"),
            ("home/b", 2, "home/b"),
            ("", 1, "home/a"),
            ("home/c", 2, "home/c"),
            ("home/b", 1, "home/b"),
            ("t/1", 0, "t/1"),
        ])
    );
}

/// MQTT 5 [MQTT-3.2.2-18]
#[test]
fn a_broker_that_takes_no_aliases_gets_none() {
    let mut tab = Tab::connected(keeping(Version::V5));
    for number in 1..=2 {
        publish(&mut tab, number, "home/a", Qos::AtMostOnce);
    }
    assert_eq!(
        named(&tab.seen()),
        owned(&[("home/a", 0, "home/a"), ("home/a", 0, "home/a")])
    );
}

/// MQTT 5 [MQTT-3.3.2-7]
///
/// What is sent again on another connection has its full topic, and so has what waited in storage.
#[test]
fn aliases_live_as_long_as_the_connection_and_are_never_stored() {
    for crash in [false, true] {
        let mut tab = with_aliases(5);
        tab.broker.silent = true;
        publish(&mut tab, 1, "home/a", Qos::AtLeastOnce);
        publish(&mut tab, 2, "home/a", Qos::AtLeastOnce);
        assert_eq!(
            named(&tab.seen()),
            owned(&[("home/a", 1, "home/a"), ("", 1, "home/a")])
        );
        if crash {
            tab.crash();
            tab.connect();
        } else {
            tab.lose();
        }
        tab.broker.connack.clear();
        tab.run();
        assert_eq!(
            named(&tab.seen()),
            owned(&[("home/a", 0, "home/a"), ("home/a", 0, "home/a")])
        );
        tab.broker.connack = vec![0x22, 0, 9];
        tab.lose();
        tab.run();
        assert_eq!(
            named(&tab.seen()),
            owned(&[("home/a", 1, "home/a"), ("", 1, "home/a")])
        );
    }
}

/// MQTT 5 [MQTT-3.2.2-15]
///
/// The alias is what makes the packet too large, so it goes out without.
#[test]
fn an_alias_gives_way_to_the_largest_packet() {
    let mut tab = with_aliases(5);
    publish(&mut tab, 1, "home/a", Qos::AtMostOnce);
    let Seen::Sent { bytes, .. } = &tab.seen()[0] else {
        panic!("not sent")
    };
    let largest = bytes.len() as u8 - 1;
    tab.broker.connack.extend([0x27, 0, 0, 0, largest]);
    tab.lose();
    tab.run();
    tab.seen();
    publish(&mut tab, 1, "home/a", Qos::AtMostOnce);
    publish(&mut tab, 1, "home/a", Qos::AtMostOnce);
    assert_eq!(
        named(&tab.seen()),
        owned(&[("home/a", 0, "home/a"), ("home/a", 0, "home/a")])
    );
}

/// The properties of the user stay beside the alias.
#[test]
fn an_alias_changes_no_other_property() {
    let mut tab = with_aliases(5);
    let mut said = message(1, Qos::AtMostOnce);
    said.topic = "home/a".to_owned();
    said.properties.content_type = Some("text/plain".to_owned());
    said.properties.user_properties = vec![
        ("b".to_owned(), "1".to_owned()),
        ("a".to_owned(), "2".to_owned()),
    ];
    tab.tell(Input::Publish(said.clone()));
    tab.tell(Input::Publish(said.clone()));
    for (at, seen) in tab
        .seen()
        .into_iter()
        .filter(|seen| matches!(seen, Seen::Sent { .. }))
        .enumerate()
    {
        let Seen::Sent { bytes, .. } = seen else {
            continue;
        };
        let outline = outline(&bytes, Version::V5, Direction::Outgoing).expect("valid");
        let mut read = publish_properties(&bytes, &outline);
        assert_eq!(read.topic_alias.take(), Some(1), "{at}");
        assert_eq!(read, said.properties);
    }
}
