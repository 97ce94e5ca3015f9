//! Answers: which codes they have, how large they may be, and that a goodbye is the last of them (sections 3.4 to 3.7, 3.9,
//! 3.11, 3.14 and 3.15).

use std::sync::Arc;

use midge::protocol::reason::sender;
use midge::protocol::{Auth, FromBroker, PacketType, encode};
use midge_broker_core::{Access, Exchange, Input, Newcomer, Person, Refusal, Settings, Step};

use crate::desk::*;

/// Nobody may write to `locked`, nor read what is below `closed`; `LONG` is answered at length.
#[derive(Debug)]
struct House;

impl Access for House {
    fn admit(&mut self, _: &Newcomer<'_>) -> Result<(), Refusal> {
        Ok(())
    }

    fn may_publish(&self, _: &Person, topic: &str) -> bool {
        topic != "locked"
    }

    fn may_subscribe(&self, _: &Person, filter: &str) -> bool {
        filter != "closed/#"
    }

    fn exchange(&mut self, _: &Newcomer<'_>, method: &str) -> Option<Box<dyn Exchange>> {
        (method == "LONG").then(|| Box::new(Long) as Box<dyn Exchange>)
    }
}

/// Asks for as many bytes as it was given once more, and is content with none.
#[derive(Debug)]
struct Long;

impl Exchange for Long {
    fn step(&mut self, data: Option<&[u8]>) -> Step {
        match data {
            Some(data) if !data.is_empty() => Step::Continue(data.repeat(10)),
            _ => Step::Done {
                user_name: Arc::from("ann"),
                data: None,
            },
        }
    }
}

fn house() -> Desk {
    let mut settings = Settings::default();
    settings.limits.retained = 0;
    Desk::guarded(settings, Box::new(House))
}

/// The packet type, code and reason string of an answer.
fn code(got: Got) -> (PacketType, u8, Option<String>) {
    match got {
        Got::Other(FromBroker::Puback(a)) => (PacketType::Puback, a.code, a.reason_string),
        Got::Other(FromBroker::Pubrec(a)) => (PacketType::Pubrec, a.code, a.reason_string),
        Got::Other(FromBroker::Pubrel(a)) => (PacketType::Pubrel, a.code, a.reason_string),
        Got::Other(FromBroker::Pubcomp(a)) => (PacketType::Pubcomp, a.code, a.reason_string),
        Got::Other(FromBroker::Unsuback(a)) => (PacketType::Unsuback, a.codes[0], a.reason_string),
        got => panic!("{got:?}"),
    }
}

/// Has every code said that this broker has for what a client publishes and releases.
fn answers(desk: &mut Desk, client: C) -> Vec<(PacketType, u8, Option<String>)> {
    let deep = "/".repeat(300);
    for qos in [QOS[1], QOS[2]] {
        // Reaches nobody; may not be; has too many levels; cannot be retained.
        desk.publish(client, "t", "x", qos, 1);
        desk.publish(client, "locked", "x", qos, 2);
        desk.publish(client, &deep, "x", qos, 3);
        desk.send(client, &retained(V5, "t", "x", qos, 4));
    }
    // Released, released again, and acknowledged without having been sent.
    for _ in 0..2 {
        desk.send(client, &ack(PacketType::Pubrel, 1));
    }
    desk.send(client, &ack(PacketType::Pubrec, 9));
    desk.got(client).into_iter().map(code).collect()
}

/// MQTT 5 [MQTT-3.4.2-1], [MQTT-3.5.2-1], [MQTT-3.6.2-1], [MQTT-3.7.2-1]
#[test]
fn every_acknowledgement_has_a_code_of_its_packet() {
    let mut desk = house();
    let client = desk.client(V5, "c");
    let said = answers(&mut desk, client);
    let codes: Vec<_> = said.iter().map(|(of, code, _)| (*of, *code)).collect();
    use PacketType::{Puback, Pubcomp, Pubrec, Pubrel};
    assert_eq!(
        codes,
        [
            (Puback, 0x10),
            (Puback, 0x87),
            (Puback, 0x90),
            (Puback, 0x97),
            (Pubrec, 0x10),
            (Pubrec, 0x87),
            (Pubrec, 0x90),
            (Pubrec, 0x97),
            (Pubcomp, 0),
            (Pubcomp, 0x92),
            (Pubrel, 0x92),
        ]
    );
    assert!(codes.iter().all(|(of, code)| sender(*of, *code).is_some()));
}

/// A reason string is left away where the packet became too large by it. Without it every answer fits.
///
/// MQTT 5 [MQTT-3.4.2-2], [MQTT-3.5.2-2], [MQTT-3.6.2-2], [MQTT-3.7.2-2], [MQTT-3.11.2-1], [MQTT-3.1.2-24]
#[test]
fn no_reason_makes_an_answer_too_large() {
    let mut with_reason = 0;
    for largest in 52..130 {
        let mut desk = house();
        let mut said = hello(V5, "c");
        said.properties.maximum_packet_size = Some(largest);
        let client = desk.join(&said);
        let whole = answers(&mut desk, client);
        assert_eq!(whole.len(), 11, "{largest}");
        with_reason += whole
            .iter()
            .filter(|(_, _, reason)| reason.is_some())
            .count();
        // Again, for their sizes.
        let client = desk.join(&said);
        desk.publish(client, "locked", "x", QOS[1], 2);
        desk.publish(client, "locked", "x", QOS[2], 2);
        let together = desk.raw(client).len();
        assert!(together <= 2 * largest as usize, "{largest}");
        // The filter `+a` can be unsubscribed from by nobody.
        for _ in 0..2 {
            desk.send(client, b"\xa2\x07\0\x09\0\0\x02+a");
        }
        let size = desk.raw(client).len() / 2;
        assert!(size <= largest as usize, "{largest}: {size}");
    }
    assert!(with_reason > 0);
}

/// MQTT 5 [MQTT-3.15.2-1], [MQTT-3.1.2-24]
#[test]
fn an_auth_is_no_larger_than_the_client_takes() {
    for (data, taken) in [(1, true), (10, false)] {
        let mut desk = house();
        let mut said = hello(V5, "c");
        said.properties.maximum_packet_size = Some(60);
        said.properties.authentication_method = Some("LONG".into());
        let client = desk.join(&said);
        let asked = Auth {
            code: 0x19,
            method: Some("LONG".into()),
            data: Some(vec![7; data]),
            ..Auth::default()
        };
        desk.send(
            client,
            &made(|out| encode::auth(&asked, out).expect("an AUTH")),
        );
        let sizes = desk.raw(client).len();
        assert!(sizes <= 60, "{sizes}");
        assert_eq!(desk.ended(client).is_none(), taken);
    }
}

/// MQTT 5 [MQTT-3.14.2-1], [MQTT-3.14.2-2], [MQTT-3.14.4-1], [MQTT-3.14.4-2], [MQTT-4.13.2-1]
#[test]
fn a_goodbye_has_a_code_of_its_packet_and_is_the_last() {
    let over = publish(V5, "t", "x", QOS[2], 2);
    let first = publish(V5, "t", "x", QOS[2], 1);
    let aliased = b"\x30\x07\0\0\x03\x23\0\x07x";
    let cases: [(&[&[u8]], u8); 6] = [
        (&[&connect(&hello(V5, "c"))], 0x82),
        (&[b"\xc1\0"], 0x81),
        (&[&first, &over], 0x93),
        (&[aliased], 0x94),
        (&[&publish(V5, "t", &"x".repeat(200), QOS[0], 0)], 0x95),
        (&[&publish(V5, &"/".repeat(80), "x", QOS[0], 0)], 0x90),
    ];
    for (packets, wanted) in cases {
        let mut desk = Desk::limited(|limits| {
            limits.receive_maximum = 1;
            limits.packet_bytes = 150;
            limits.levels = 50;
        });
        let mut said = staying(V5, "c");
        said.properties.session_expiry = Some(60);
        let client = desk.join(&said);
        for packet in packets {
            desk.send(client, packet);
        }
        desk.send(client, PINGREQ);
        assert_eq!(desk.closed_with(client), Some(wanted));
        let Some(Got::Other(FromBroker::Disconnect(goodbye))) = desk.got(client).pop() else {
            panic!("no goodbye: {wanted:x}");
        };
        assert_eq!((goodbye.code, goodbye.session_expiry), (wanted, None));
        assert!(sender(PacketType::Disconnect, wanted).is_some());
    }
    // What ends it from outside.
    let mut desk = Desk::new();
    let mut said = hello(V5, "c");
    said.keep_alive = 1;
    let silent = desk.join(&said);
    desk.wait(2);
    let old = desk.client(V5, "d");
    let new = desk.client(V5, "d");
    desk.tell(Input::Shutdown);
    for (client, wanted) in [(silent, 0x8D), (old, 0x8E), (new, 0x8B)] {
        let FromBroker::Disconnect(goodbye) = desk.other(client) else {
            panic!("{wanted:x}");
        };
        assert_eq!((goodbye.code, goodbye.session_expiry), (wanted, None));
        assert_eq!(desk.closed_with(client), Some(wanted));
    }
}

/// A refused message is over with its PUBREC: the identifier is free, and no PUBREL is waited for.
///
/// MQTT 5 [MQTT-4.3.3-9]
#[test]
fn after_a_refusal_the_identifier_is_that_of_a_new_message() {
    let mut desk = house();
    let (client, reader) = (desk.client(V5, "c"), desk.client(V5, "r"));
    desk.subscribe(reader, &[("#", QOS[2])]);
    for _ in 0..2 {
        desk.publish(client, "locked", "no", QOS[2], 7);
        assert_eq!(code(desk.one(client)).1, 0x87);
    }
    desk.publish(client, "t", "yes", QOS[2], 7);
    assert_eq!(code(desk.one(client)).1, 0);
    assert_eq!(desk.texts(reader), ["yes"]);
}

/// MQTT 5 [MQTT-4.12.0-6]
#[test]
fn who_names_no_method_is_asked_for_none() {
    let mut desk = house();
    for version in VERSIONS {
        let (client, connack) = desk.greet(&hello(version, "c"));
        assert_eq!(connack.properties.authentication_method, None);
        assert_eq!(connack.properties.authentication_data, None);
        assert_eq!(desk.got(client), []);
    }
    let mut said = hello(V5, "d");
    said.properties.authentication_method = Some("LONG".into());
    let method = desk.greet(&said).1.properties.authentication_method;
    assert_eq!(method.as_deref(), Some("LONG"));
}
