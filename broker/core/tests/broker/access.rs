//! Users, rules, and enhanced authentication, through the interface that the broker has for them (sections 3.1.3.4, 4.12
//! and 5.4).

use std::sync::Arc;

use midge::protocol::{Auth, FromBroker, Qos, encode};
use midge_broker_core::{
    Access, Event, Exchange, Limits, Newcomer, Person, Refusal, Settings, Step, Why,
};

use crate::desk::*;

/// Ann knows the word, bob may only read, and nobody sees what is secret.
#[derive(Debug)]
struct House;

impl Access for House {
    fn admit(&mut self, newcomer: &Newcomer<'_>) -> Result<(), Refusal> {
        match (newcomer.user_name, newcomer.password) {
            (Some("ann"), Some(b"word")) | (Some("bob"), _) => Ok(()),
            (Some("eve"), _) => Err(Refusal::Banned),
            (None, _) => Err(Refusal::NotAuthorized),
            (Some("later"), _) => Err(Refusal::Unavailable),
            _ => Err(Refusal::BadUserNameOrPassword),
        }
    }

    fn exchange(&mut self, _: &Newcomer<'_>, method: &str) -> Option<Box<dyn Exchange>> {
        (method == "COUNT").then(|| Box::new(Count(0)) as Box<dyn Exchange>)
    }

    fn may_publish(&self, person: &Person, topic: &str) -> bool {
        person.user_name.as_deref() != Some("bob") && topic != "locked"
    }

    fn may_subscribe(&self, _: &Person, filter: &str) -> bool {
        filter != "closed/#"
    }

    fn may_receive(&self, person: &Person, topic: &str) -> bool {
        person.user_name.as_deref() == Some("ann") || !topic.starts_with("secret")
    }
}

/// The client counts to three.
#[derive(Debug)]
struct Count(u8);

impl Exchange for Count {
    fn step(&mut self, data: Option<&[u8]>) -> Step {
        self.0 += 1;
        match data {
            Some([number]) if *number == self.0 && self.0 == 3 => Step::Done {
                user_name: Arc::from("ann"),
                data: Some(b"well".to_vec()),
            },
            Some([number]) if *number == self.0 => Step::Continue(vec![self.0]),
            _ => Step::Refuse(Refusal::NotAuthorized),
        }
    }
}

fn house() -> Desk {
    Desk::guarded(Settings::default(), Box::new(House))
}

fn person(version: midge::protocol::Version, id: &str, user: &str) -> midge::protocol::Connect {
    let mut said = hello(version, id);
    said.user_name = Some(user.into());
    said.password = Some(b"word".to_vec());
    said
}

/// MQTT 3.1.1 [MQTT-3.2.2-5]
/// MQTT 5 [MQTT-3.2.2-7], [MQTT-3.1.4-2], [MQTT-3.2.2-8], [MQTT-4.13.2-1]
#[test]
fn who_is_not_known_is_refused_with_the_code_of_the_version() {
    for (user, five, three) in [
        (Some("joe"), 0x86, 4),
        (Some("eve"), 0x8A, 5),
        (Some("later"), 0x88, 3),
        (None, 0x87, 5),
    ] {
        for version in VERSIONS {
            let mut desk = house();
            let mut said = hello(version, "c");
            said.user_name = user.map(str::to_owned);
            let (client, connack) = desk.greet(&said);
            assert_eq!(connack.code, if version == V5 { five } else { three });
            assert_eq!(desk.closed_why(client), Some(Why::Access));
            assert_eq!(desk.broker.clients().count(), 0);
        }
    }
}

/// MQTT 3.1.1 [MQTT-3.3.5-2]
#[test]
fn who_may_not_write_is_told_where_the_version_has_words_for_it() {
    for version in VERSIONS {
        let mut desk = house();
        let ann = desk.join(&person(version, "a", "ann"));
        let bob = desk.join(&person(version, "b", "bob"));
        desk.subscribe(ann, &[("#", Qos::ExactlyOnce)]);
        let refused = if version == V5 { 0x87 } else { 0 };
        desk.publish(bob, "t", "x", Qos::AtMostOnce, 0);
        assert_eq!(desk.got(bob), []);
        desk.publish(bob, "t", "x", Qos::AtLeastOnce, 1);
        assert!(matches!(desk.other(bob), FromBroker::Puback(a) if a.code == refused));
        desk.publish(bob, "t", "x", Qos::ExactlyOnce, 2);
        assert!(matches!(desk.other(bob), FromBroker::Pubrec(a) if a.code == refused));
        assert_eq!(desk.got(ann), []);
        assert!(
            desk.events
                .iter()
                .any(|event| matches!(event, Event::PublishRefused { code: 0x87, .. }))
        );
        // Once a second is enough for a log.
        let said = desk
            .events
            .iter()
            .filter(|event| matches!(event, Event::PublishRefused { .. }));
        assert_eq!(said.count(), 1);
    }
}

/// MQTT 5 [MQTT-3.9.3-1]
#[test]
fn who_may_not_read_is_refused_the_filter_or_spared_the_message() {
    for version in VERSIONS {
        let mut desk = house();
        let ann = desk.join(&person(version, "a", "ann"));
        let bob = desk.join(&person(version, "b", "bob"));
        let refused = if version == V5 { 0x87 } else { 0x80 };
        let codes = desk.subscribe(
            bob,
            &[("closed/#", Qos::AtMostOnce), ("#", Qos::AtMostOnce)],
        );
        assert_eq!(codes, [refused, 0]);
        assert_eq!(
            desk.subscribe(bob, &[("$share/g/closed/#", Qos::AtMostOnce)]),
            [refused]
        );
        desk.subscribe(ann, &[("#", Qos::AtMostOnce)]);
        desk.send(ann, &retained(version, "secret/x", "s", Qos::AtMostOnce, 0));
        desk.publish(ann, "open", "o", Qos::AtMostOnce, 0);
        assert_eq!(desk.texts(ann), ["s", "o"]);
        assert_eq!(desk.texts(bob), ["o"]);
        desk.subscribe(bob, &[("secret/x", Qos::AtMostOnce)]);
        assert_eq!(desk.texts(bob), [""; 0]);
    }
}

#[test]
fn a_will_that_may_not_be_written_is_refused_with_its_connect() {
    let mut desk = house();
    let mut said = person(V5, "a", "ann");
    said.will = will("locked", "x");
    assert_eq!(desk.greet(&said).1.code, 0x87);
    said.version = V311;
    assert_eq!(desk.greet(&said).1.code, 5);
}

/// A client identifier is no key to somebody else's session (MQTT 5 section 5.4.2).
#[test]
fn another_user_does_not_get_the_session() {
    let mut desk = house();
    let mut said = staying(V5, "c");
    said.user_name = Some("ann".into());
    said.password = Some(b"word".to_vec());
    let ann = desk.join(&said);
    desk.subscribe(ann, &[("#", Qos::AtLeastOnce)]);
    said.user_name = Some("bob".into());
    let (bob, connack) = desk.greet(&said);
    assert!(!connack.session_present);
    assert_eq!(desk.closed_with(ann), Some(0x8E));
    assert_eq!(desk.broker.subscriptions("c").count(), 0);
    assert_eq!(desk.ended(bob), None);
}

fn auth(code: u8, data: u8) -> Vec<u8> {
    let auth = Auth {
        code,
        method: Some("COUNT".into()),
        data: Some(vec![data]),
        ..Auth::default()
    };
    made(|out| encode::auth(&auth, out).expect("an AUTH"))
}

fn counting(data: u8) -> midge::protocol::Connect {
    let mut said = hello(V5, "c");
    said.properties.authentication_method = Some("COUNT".into());
    said.properties.authentication_data = Some(vec![data]);
    said
}

/// MQTT 5 [MQTT-4.12.0-2], [MQTT-4.12.0-3], [MQTT-4.12.0-5], [MQTT-4.12.1-1], [MQTT-4.12.1-2], [MQTT-3.15.2-1]
#[test]
fn enhanced_authentication_goes_step_by_step() {
    let mut desk = house();
    let client = desk.open(V5);
    desk.send(client, &connect(&counting(1)));
    let FromBroker::Auth(asked) = desk.other(client) else {
        panic!()
    };
    assert_eq!((asked.code, asked.method.as_deref()), (0x18, Some("COUNT")));
    desk.send(client, &auth(0x18, 2));
    assert!(matches!(desk.other(client), FromBroker::Auth(_)));
    desk.send(client, &auth(0x18, 3));
    let FromBroker::Connack(connack) = desk.other(client) else {
        panic!()
    };
    assert_eq!(
        connack.properties.authentication_method.as_deref(),
        Some("COUNT")
    );
    assert_eq!(
        connack.properties.authentication_data.as_deref(),
        Some(&b"well"[..])
    );
    assert_eq!(
        desk.broker.client("c").and_then(|client| client.user_name),
        Some("ann")
    );
    // Anew, on the same connection.
    for (code, number) in [(0x19, 1), (0x18, 2), (0x18, 3)] {
        desk.send(client, &auth(code, number));
        let FromBroker::Auth(answer) = desk.other(client) else {
            panic!()
        };
        assert_eq!(answer.code, if number == 3 { 0 } else { 0x18 });
    }
    desk.send(client, &auth(0x19, 9));
    assert_eq!(desk.closed_with(client), Some(0x87));
}

/// MQTT 5 [MQTT-4.12.0-1], [MQTT-4.12.0-4], [MQTT-3.1.2-30]
#[test]
fn enhanced_authentication_can_fail() {
    let mut desk = house();
    let mut said = counting(1);
    said.properties.authentication_method = Some("OTHER".into());
    assert_eq!(desk.greet(&said).1.code, 0x8C);
    assert_eq!(desk.greet(&counting(9)).1.code, 0x87);
    let client = desk.open(V5);
    desk.send(client, &connect(&counting(1)));
    desk.got(client);
    desk.send(client, PINGREQ);
    assert!(matches!(desk.other(client), FromBroker::Connack(c) if c.code == 0x82));
    // It need not come to an end either.
    let client = desk.open(V5);
    desk.send(client, &connect(&counting(1)));
    desk.wait(u64::from(Limits::default().connect_within));
    assert_eq!(desk.closed_why(client), Some(Why::ConnectTimeout));
    // Who did not begin with a method cannot go on with one.
    let client = desk.join(&person(V5, "a", "ann"));
    desk.send(client, &auth(0x19, 1));
    assert_eq!(desk.closed_with(client), Some(0x82));
}

/// MQTT 5 [MQTT-3.1.2-29], [MQTT-3.4.2-2], [MQTT-3.5.2-2], [MQTT-3.9.2-1]
#[test]
fn a_refusal_says_why_to_who_wants_to_know() {
    for (wants, largest) in [
        (None, None),
        (Some(false), None),
        (None, Some(52)),
        (None, Some(40_000)),
    ] {
        let mut desk = house();
        let mut said = person(V5, "b", "bob");
        said.properties.request_problem_information = wants;
        said.properties.maximum_packet_size = largest;
        let bob = desk.join(&said);
        let says = wants.is_none();
        desk.publish(bob, "t", "x", Qos::AtLeastOnce, 1);
        let FromBroker::Puback(answer) = desk.other(bob) else {
            panic!()
        };
        assert_eq!((answer.code, answer.reason_string.is_some()), (0x87, says));
        desk.publish(bob, "t", "x", Qos::ExactlyOnce, 1);
        let FromBroker::Pubrec(answer) = desk.other(bob) else {
            panic!()
        };
        assert_eq!(answer.reason_string.is_some(), says);
        let filters = [("closed/#", Qos::AtMostOnce); 5];
        desk.send(bob, &subscribe(V5, 1, &filters));
        let FromBroker::Suback(answer) = desk.other(bob) else {
            panic!()
        };
        assert_eq!(answer.codes, [0x87; 5]);
        assert_eq!(answer.reason_string.is_some(), says && largest != Some(52));
        desk.send(bob, &subscribe(V5, 1, &[("open", Qos::AtMostOnce)]));
        let FromBroker::Suback(answer) = desk.other(bob) else {
            panic!()
        };
        assert_eq!(answer.reason_string, None);
    }
}
