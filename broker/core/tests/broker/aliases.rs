//! Topic aliases, both ways (MQTT 5 sections 3.1.2.11.5, 3.2.2.3.8 and 3.3.2.3.4).

use midge::protocol::PublishProperties;

use crate::desk::*;

fn aliased(topic: &str, alias: u16, payload: &str) -> Vec<u8> {
    let properties = PublishProperties {
        topic_alias: Some(alias),
        ..PublishProperties::default()
    };
    publish_with(V5, topic, payload, QOS[0], 0, &properties)
}

/// MQTT 5 [MQTT-3.3.2-12]
#[test]
fn a_client_names_a_topic_once() {
    let mut desk = Desk::new();
    let (a, b) = (desk.client(V5, "a"), desk.client(V311, "b"));
    desk.subscribe(b, &[("#", QOS[0])]);
    for packet in [
        aliased("x/1", 1, "1"),
        aliased("", 1, "2"),
        aliased("y", 32, "3"),
        aliased("z", 1, "4"),
        aliased("", 1, "5"),
        aliased("", 32, "6"),
    ] {
        desk.send(a, &packet);
    }
    let topics: Vec<_> = desk
        .messages(b)
        .into_iter()
        .map(|message| message.topic)
        .collect();
    assert_eq!(topics, ["x/1", "x/1", "y", "z", "z", "y"]);
}

/// MQTT 5 [MQTT-3.3.2-7], [MQTT-3.3.2-8], [MQTT-3.3.2-9]
#[test]
fn an_alias_that_is_not_known_or_too_high_ends_the_connection() {
    for (topic, alias) in [("", 1), ("t", 33), ("t", 65_535)] {
        let mut desk = Desk::new();
        let client = desk.client(V5, "c");
        desk.send(client, &aliased(topic, alias, "x"));
        assert_eq!(desk.closed_with(client), Some(0x94), "{alias}");
    }
    let mut desk = Desk::new();
    let client = desk.client(V5, "c");
    desk.send(client, b"\x30\x08\0\x01t\x03\x23\0\0x");
    assert_eq!(desk.closed_with(client), Some(0x94));
    // They are of one connection.
    let client = desk.join(&staying(V5, "c"));
    desk.send(client, &aliased("t", 1, "x"));
    desk.cut(client);
    let client = desk.join(&staying(V5, "c"));
    desk.send(client, &aliased("", 1, "x"));
    assert_eq!(desk.closed_with(client), Some(0x94));
}

/// MQTT 5 [MQTT-3.1.2-26], [MQTT-3.1.2-27], [MQTT-3.3.2-10], [MQTT-3.3.2-11]
#[test]
fn the_broker_names_a_topic_once_where_the_client_can_do_with_it() {
    for (most, named) in [(None, 6), (Some(0), 6), (Some(1), 4), (Some(50), 2)] {
        let mut desk = Desk::new();
        let publisher = desk.client(V311, "p");
        let mut said = hello(V5, "c");
        said.properties.topic_alias_maximum = most;
        let client = desk.join(&said);
        desk.subscribe(client, &[("#", QOS[2])]);
        for qos in QOS {
            desk.publish_whole(publisher, "long/topic", "x", qos);
            desk.publish_whole(publisher, "other/topic", "x", qos);
        }
        let messages = desk.messages(client);
        let aliases = messages
            .iter()
            .filter_map(|message| message.properties.topic_alias);
        assert!(aliases.max().unwrap_or_default() <= most.unwrap_or_default());
        assert_eq!(
            messages
                .iter()
                .filter(|message| !message.topic.is_empty())
                .count(),
            named,
            "{most:?}"
        );
    }
}

/// MQTT 5 [MQTT-3.3.2-7]: what is sent again on another connection has its name.
#[test]
fn repeats_have_their_names() {
    let mut desk = Desk::new();
    let publisher = desk.client(V311, "p");
    let mut said = staying(V5, "c");
    said.properties.topic_alias_maximum = Some(10);
    let client = desk.join(&said);
    desk.subscribe(client, &[("#", QOS[1])]);
    for _ in 0..3 {
        desk.publish_whole(publisher, "long/topic", "x", QOS[1]);
    }
    let names = |messages: Vec<Published>| -> Vec<String> {
        messages.into_iter().map(|message| message.topic).collect()
    };
    assert_eq!(names(desk.messages(client)), ["long/topic", "", ""]);
    desk.cut(client);
    let client = desk.open(V5);
    desk.send(client, &connect(&said));
    assert_eq!(names(desk.messages(client)), ["long/topic", "", ""]);
}
