//! The order of messages (section 4.6).

use midge::protocol::PacketType;

use crate::desk::*;

/// MQTT 3.1.1 [MQTT-4.6.0-5], [MQTT-4.6.0-6], [MQTT-4.6.0-2], [MQTT-4.6.0-3], [MQTT-4.6.0-4]
/// MQTT 5 [MQTT-4.6.0-1], [MQTT-4.6.0-2], [MQTT-4.6.0-3], [MQTT-4.6.0-4], [MQTT-4.6.0-5], [MQTT-4.6.0-6]
#[test]
fn messages_of_one_quality_keep_their_order_through_a_small_window() {
    for version in VERSIONS {
        for qos in QOS {
            let mut desk = Desk::limited(|limits| limits.in_flight = 3);
            let (a, b) = (desk.client(version, "a"), desk.client(version, "b"));
            desk.subscribe(b, &[("t", qos)]);
            for number in 0..20 {
                desk.publish_whole(a, "t", &number.to_string(), qos);
            }
            let mut seen = Vec::new();
            loop {
                let messages = desk.messages(b);
                if messages.is_empty() {
                    break;
                }
                assert!(qos == QOS[0] || messages.len() <= 3);
                for message in &messages {
                    seen.push(message.text().to_owned());
                    desk.take(b, message);
                }
            }
            let wanted: Vec<_> = (0..20).map(|number| number.to_string()).collect();
            assert_eq!(seen, wanted);
        }
    }
}

/// MQTT 5 [MQTT-4.6.0-1]
#[test]
fn repeats_come_in_the_first_order_and_before_what_is_new() {
    let mut desk = Desk::limited(|limits| limits.in_flight = 4);
    let publisher = desk.client(V5, "p");
    let mut client = desk.join(&staying(V5, "c"));
    desk.subscribe(client, &[("#", QOS[2])]);
    for number in 0..8 {
        desk.publish_whole(publisher, "t", &number.to_string(), QOS[1 + number % 2]);
    }
    for _ in 0..3 {
        assert_eq!(desk.texts(client), ["0", "1", "2", "3"]);
        desk.cut(client);
        client = desk.join(&staying(V5, "c"));
    }
    // A smaller window counts from here on.
    desk.got(client);
    desk.cut(client);
    let mut said = staying(V5, "c");
    said.properties.receive_maximum = Some(2);
    client = desk.join(&said);
    let mut seen = Vec::new();
    loop {
        let messages = desk.messages(client);
        assert!(messages.len() <= 2);
        let Some(message) = messages.first() else {
            break;
        };
        seen.extend(messages.iter().map(|message| message.text().to_owned()));
        for message in &messages {
            desk.take(client, message);
        }
        let _ = message;
    }
    assert_eq!(seen, ["0", "1", "2", "3", "4", "5", "6", "7"]);
}

/// Retained messages that wait for room are not overtaken by what came after them.
#[test]
fn what_was_retained_comes_before_what_is_published_later() {
    let mut desk = Desk::new();
    let publisher = desk.client(V311, "p");
    for number in 0..50 {
        desk.send(
            publisher,
            &retained(V311, &format!("t/{number:02}"), "old", QOS[1], 1),
        );
    }
    let mut said = hello(V5, "c");
    said.properties.receive_maximum = Some(5);
    let client = desk.join(&said);
    desk.subscribe(client, &[("t/#", QOS[1])]);
    for number in 0..50 {
        // Each a second time: retained too, or not; with QoS 1, or not.
        let topic = format!("t/{number:02}");
        let qos = QOS[number % 2];
        let mut packet = publish(V311, &topic, "new", qos, number as u16 % 2);
        packet[0] |= u8::from(number % 3 == 0);
        desk.send(publisher, &packet);
    }
    let mut seen: Vec<Vec<String>> = vec![Vec::new(); 50];
    loop {
        let messages = desk.messages(client);
        if messages.is_empty() {
            break;
        }
        for message in messages {
            let number: usize = message.topic[2..].parse().expect("a number");
            seen[number].push(message.text().to_owned());
            desk.take(client, &message);
        }
    }
    for (number, seen) in seen.iter().enumerate() {
        // The old one may have been replaced before it was its turn; the new one comes once, and last.
        assert_eq!(seen.last().map(String::as_str), Some("new"), "{number}");
        assert_eq!(
            seen.iter().filter(|text| *text == "new").count(),
            1,
            "{number}"
        );
        assert!(seen.len() == 2 || number % 3 == 0, "{number}: {seen:?}");
    }
}

/// MQTT 3.1.1 [MQTT-4.3.3-1]
/// MQTT 5 section 4.3.3: PUBREL goes out in the order of the PUBRECs.
#[test]
fn pubrels_follow_the_order_of_the_pubrecs() {
    let mut desk = Desk::new();
    let (a, b) = (desk.client(V311, "a"), desk.client(V311, "b"));
    desk.subscribe(b, &[("t", QOS[2])]);
    for number in 0..3 {
        desk.publish_whole(a, "t", &number.to_string(), QOS[2]);
    }
    desk.got(b);
    for id in [2, 3, 1] {
        desk.send(b, &ack(PacketType::Pubrec, id));
    }
    assert_eq!(desk.raw(b), [0x62, 2, 0, 2, 0x62, 2, 0, 3, 0x62, 2, 0, 1]);
}
