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
/// A repeat has its full topic and neither sets nor uses an alias, whatever the broker takes, so that a broker may drop it
/// unread; so has what waited in storage.
#[test]
fn repeats_have_their_topic_and_no_alias_and_aliases_are_never_stored() {
    for crash in [false, true] {
        let mut tab = with_aliases(5);
        tab.broker.silent = true;
        publish(&mut tab, 1, "home/a", Qos::AtLeastOnce);
        publish(&mut tab, 2, "home/a", Qos::ExactlyOnce);
        assert_eq!(
            named(&tab.seen()),
            owned(&[("home/a", 1, "home/a"), ("", 1, "home/a")])
        );
        for connack in [vec![0x22, 0, 9], vec![], vec![0x22, 0, 1]] {
            if crash {
                tab.crash();
                tab.connect();
            } else {
                tab.lose();
            }
            tab.broker.connack = connack;
            tab.run();
            assert_eq!(
                named(&tab.seen()),
                owned(&[("home/a", 0, "home/a"), ("home/a", 0, "home/a")])
            );
        }
    }
}

/// The very bytes: DUP, QoS 2, packet identifier 1, no property.
#[test]
fn the_bytes_of_a_repeat_are_those_of_a_broker_without_aliases() {
    let mut tab = with_aliases(5);
    tab.broker.silent = true;
    let mut first = message(1, Qos::ExactlyOnce);
    (first.topic, first.payload) = ("al/25675".to_owned(), b"m0".to_vec());
    tab.tell(Input::Publish(first));
    tab.lose();
    tab.run();
    let repeat = b"\x3c\x0f\x00\x08al/25675\x00\x01\x00m0";
    let is = |seen: &Seen| matches!(seen, Seen::Sent { bytes, .. } if bytes == repeat);
    let seen = tab.seen();
    assert!(seen.iter().any(is), "{seen:02x?}");
}

/// After the repeats of a resumed session the first message that is sent for the first time sets the alias, and those
/// behind it use it: one that waited for the connection, one that is new, and one of QoS 0.
#[test]
fn after_repeats_only_a_first_sending_sets_an_alias() {
    for crash in [false, true] {
        let mut tab = with_aliases(5);
        tab.broker.silent = true;
        for number in 1..=2 {
            publish(&mut tab, number, "home/a", Qos::AtLeastOnce);
        }
        tab.drop_socket();
        publish(&mut tab, 3, "home/a", Qos::ExactlyOnce);
        tab.seen();
        if crash {
            tab.crash();
            tab.connect();
        } else {
            tab.retry();
        }
        tab.run();
        publish(&mut tab, 4, "home/a", Qos::AtLeastOnce);
        publish(&mut tab, 5, "home/a", Qos::AtMostOnce);
        assert_eq!(
            named(&tab.seen()),
            owned(&[
                ("home/a", 0, "home/a"),
                ("home/a", 0, "home/a"),
                ("home/a", 1, "home/a"),
                ("", 1, "home/a"),
                ("", 1, "home/a"),
            ]),
            "crash: {crash}"
        );
    }
}

/// Where the broker has not kept the session, QoS 1 messages go out as new ones, and those may use aliases.
#[test]
fn what_is_sent_anew_in_a_new_session_is_no_repeat() {
    let mut tab = with_aliases(5);
    tab.broker.silent = true;
    for number in 1..=2 {
        publish(&mut tab, number, "home/a", Qos::AtLeastOnce);
    }
    tab.broker.forget();
    tab.lose();
    tab.seen();
    tab.run();
    assert_eq!(
        named(&tab.seen()),
        owned(&[("home/a", 1, "home/a"), ("", 1, "home/a")])
    );
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
