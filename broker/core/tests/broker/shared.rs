//! Shared subscriptions (MQTT 5 section 4.8.2), which clients of all versions may have.

use midge::inside::{Ask, Outcome};
use midge::protocol::FromBroker;

use crate::desk::*;

/// MQTT 5 [MQTT-4.8.2-3]
#[test]
fn each_message_goes_to_one_of_the_group() {
    for version in VERSIONS {
        let mut desk = Desk::new();
        let members: Vec<C> = (0..3)
            .map(|n| desk.client(version, &format!("m{n}")))
            .collect();
        for member in &members {
            assert_eq!(desk.subscribe(*member, &[("$share/g/t/+", QOS[1])]), [1]);
        }
        let publisher = desk.client(version, "p");
        for number in 0..30 {
            desk.publish(publisher, "t/x", &number.to_string(), QOS[0], 0);
        }
        for member in &members {
            assert_eq!(desk.texts(*member).len(), 10);
        }
        // The load is that of those who are left.
        desk.cut(members[0]);
        desk.send(members[1], &unsubscribe(version, 1, &["$share/g/t/+"]));
        desk.got(members[1]);
        for number in 0..5 {
            desk.publish(publisher, "t/x", &number.to_string(), QOS[0], 0);
        }
        assert_eq!(desk.texts(members[1]).len(), 0);
        assert_eq!(desk.texts(members[2]).len(), 5);
    }
}

#[test]
fn groups_and_subscriptions_of_ones_own_stand_beside_each_other() {
    let mut desk = Desk::new();
    let (a, b) = (desk.client(V5, "a"), desk.client(V5, "b"));
    desk.subscribe(
        a,
        &[
            ("$share/g/t", QOS[0]),
            ("$share/h/t", QOS[0]),
            ("t", QOS[0]),
        ],
    );
    desk.subscribe(b, &[("$share/g/#", QOS[0])]);
    let publisher = desk.client(V5, "p");
    desk.publish(publisher, "t", "x", QOS[0], 0);
    assert_eq!((desk.texts(a).len(), desk.texts(b).len()), (3, 1));
    assert_eq!(desk.broker.held().subscriptions, 4);
}

/// MQTT 5 section 4.8.2: no retained messages at the subscription.
#[test]
fn a_shared_subscription_brings_no_retained_messages() {
    let mut desk = Desk::new();
    let client = desk.client(V5, "c");
    desk.send(client, &retained(V5, "t", "x", QOS[0], 0));
    desk.subscribe(client, &[("$share/g/t", QOS[0])]);
    assert_eq!(desk.got(client), []);
}

/// MQTT 5 [MQTT-4.8.2-1], [MQTT-4.8.2-2]
#[test]
fn a_group_that_has_no_name_is_none() {
    let mut desk = Desk::new();
    let client = desk.client(V5, "c");
    for filter in [
        "$share//t",
        "$share/+/t",
        "$share/g#/t",
        "$share/g",
        "$share/g/",
    ] {
        let mut body = vec![0, 1, 0, 0, filter.len() as u8];
        body.extend_from_slice(filter.as_bytes());
        body.push(0);
        desk.send(client, &[&[0x82, body.len() as u8], &body[..]].concat());
        let FromBroker::Suback(codes) = desk.other(client) else {
            panic!("{filter}")
        };
        assert_eq!(codes.codes, [0x8F], "{filter}");
    }
    assert_eq!(desk.broker.held().subscriptions, 0);
}

/// Who is connected goes first; with nobody there, it waits for one of those who are away.
#[test]
fn members_that_are_away_get_their_turn_only_if_nobody_is_there() {
    let mut desk = Desk::new();
    let members: Vec<C> = (0..3)
        .map(|n| desk.join(&staying(V5, &format!("m{n}"))))
        .collect();
    for member in &members {
        desk.subscribe(*member, &[("$share/g/t", QOS[1])]);
    }
    let publisher = desk.client(V5, "p");
    desk.cut(members[0]);
    desk.cut(members[2]);
    for number in 0..4 {
        desk.publish_whole(publisher, "t", &number.to_string(), QOS[1]);
    }
    assert_eq!(desk.texts(members[1]).len(), 4);
    desk.cut(members[1]);
    for number in 0..6 {
        desk.publish_whole(publisher, "t", &number.to_string(), QOS[1]);
    }
    let mut counts = Vec::new();
    for name in ["m0", "m1", "m2"] {
        let client = desk.join(&staying(V5, name));
        counts.push(
            desk.messages(client)
                .iter()
                .filter(|message| !message.dup)
                .count(),
        );
    }
    assert_eq!(counts, [2, 2, 2]);
}

/// MQTT 5 [MQTT-4.8.2-4], [MQTT-4.8.2-5], [MQTT-4.8.2-6]
#[test]
fn what_was_sent_to_a_member_is_finished_with_it_or_not_at_all() {
    for qos in [QOS[1], QOS[2]] {
        let mut desk = Desk::new();
        let first = desk.join(&staying(V5, "a"));
        desk.subscribe(first, &[("$share/g/t", qos)]);
        let publisher = desk.client(V5, "p");
        desk.publish_whole(publisher, "t", "x", qos);
        let second = desk.client(V5, "b");
        desk.subscribe(second, &[("$share/g/t", qos)]);
        assert_eq!(desk.texts(first), ["x"]);
        desk.cut(first);
        assert_eq!(desk.got(second), []);
        let first = desk.join(&staying(V5, "a"));
        let again = desk.message(first);
        assert!(again.dup);
        // Refused, it goes to nobody else.
        let refusal = if qos == QOS[1] { 0x40 } else { 0x50 };
        desk.send(first, &[refusal, 3, 0, again.id as u8, 0x83]);
        assert_eq!(desk.got(second), []);
        assert_eq!(desk.broker.held().messages, (0, 0));
    }
}

/// What was sent of QoS 1 goes to another (MQTT 5 section 4.8.2), what was sent of QoS 2 to nobody else.
///
/// MQTT 5 [MQTT-4.8.2-5]
#[test]
fn what_was_sent_to_a_member_whose_session_ends_is_handed_on_unless_it_is_of_qos_2() {
    for (qos, wanted) in [(QOS[1], &["x"][..]), (QOS[2], &[])] {
        for clean in [false, true] {
            let mut desk = Desk::new();
            let mut said = staying(V5, "a");
            said.properties.session_expiry = Some(10);
            let first = desk.join(&said);
            desk.subscribe(first, &[("$share/g/t", qos)]);
            let publisher = desk.client(V5, "p");
            desk.publish_whole(publisher, "t", "x", qos);
            let second = desk.client(V5, "b");
            desk.subscribe(second, &[("$share/g/t", qos)]);
            desk.cut(first);
            if clean {
                desk.client(V5, "a");
            } else {
                desk.wait(10);
            }
            let messages = desk.messages(second);
            let texts: Vec<_> = messages.iter().map(|message| message.text()).collect();
            assert_eq!(texts, wanted);
            assert!(messages.iter().all(|message| !message.dup));
            for message in &messages {
                desk.take(second, message);
            }
            assert_eq!(desk.broker.held().messages, (0, 0));
            desk.publish_whole(publisher, "t", "y", qos);
            assert_eq!(desk.texts(second), ["y"]);
        }
    }
}

/// Whatever was not sent, of the group alone, in its order, and over a restart too.
#[test]
fn what_waits_for_a_member_whose_session_ends_goes_to_the_others() {
    for restarts in [false, true] {
        let mut settings = midge_broker_core::Settings {
            stores: true,
            ..Default::default()
        };
        settings.limits.in_flight = 1;
        let mut desk = Desk::with(settings.clone());
        let mut said = staying(V5, "a");
        said.properties.session_expiry = Some(10);
        let first = desk.join(&said);
        desk.subscribe(first, &[("$share/g/t", QOS[2]), ("t", QOS[1])]);
        let publisher = desk.client(V5, "p");
        for text in ["1", "2", "3"] {
            desk.publish_whole(publisher, "t", text, QOS[2]);
        }
        // One is on its way, of which nobody knows whether it arrived: the first of its own subscription.
        desk.cut(first);
        if restarts {
            desk.restart(settings);
        }
        let second = desk.client(V5, "b");
        desk.subscribe(second, &[("$share/g/t", QOS[2])]);
        desk.wait(10);
        let mut texts = Vec::new();
        loop {
            let messages = desk.messages(second);
            if messages.is_empty() {
                break;
            }
            for message in messages {
                texts.push(message.text().to_owned());
                desk.take(second, &message);
            }
        }
        assert_eq!(texts, ["1", "2", "3"], "{restarts}");
        assert_eq!(desk.broker.held().messages, (0, 0));
        assert!(!desk.stored.keys().any(|key| key[0] == 5));
    }
}

/// Neither QoS 0, which would be dropped for it, nor QoS 1, which would wait for it.
#[test]
fn a_member_whose_connection_is_full_is_passed_over() {
    for qos in [QOS[0], QOS[1]] {
        let mut desk = Desk::limited(|limits| limits.owed_bytes = 1000);
        let publisher = desk.client(V5, "p");
        let members: Vec<C> = (0..3)
            .map(|number| desk.client(V5, &format!("m{number}")))
            .collect();
        for member in &members {
            desk.subscribe(*member, &[("$share/g/t", qos)]);
        }
        let slow = members[1];
        desk.subscribe(slow, &[("own", QOS[0])]);
        desk.stuck.push(slow.line);
        desk.publish_whole(publisher, "own", &"x".repeat(2000), QOS[0]);
        for number in 0..20 {
            desk.publish_whole(publisher, "t", &number.to_string(), qos);
        }
        let taken = [members[0], members[2]].map(|member| desk.texts(member).len());
        assert_eq!(taken, [10, 10]);
        // Once it drains it has its turn again; and where all are full, it waits or is dropped for one of them.
        desk.stuck.clear();
        desk.tell(midge_broker_core::Input::Owed {
            connection: slow.line,
            bytes: 0,
        });
        desk.got(slow);
        for number in 0..6 {
            desk.publish_whole(publisher, "t", &number.to_string(), qos);
        }
        for member in members {
            assert_eq!(desk.texts(member).len(), 2);
        }
    }
}

/// Whoever looks inside sees who was passed over for whom, and to whom it went on.
#[test]
fn what_goes_to_another_is_shown_as_going_there() {
    let mut desk = Desk::limited(|limits| limits.owed_bytes = 1000);
    let publisher = desk.client(V5, "p");
    let (slow, fast) = (desk.client(V5, "slow"), desk.client(V5, "fast"));
    for client in [slow, fast] {
        desk.subscribe(client, &[("$share/g/t", QOS[1]), ("own", QOS[0])]);
    }
    let reached = |desk: &mut Desk| -> Vec<(String, Outcome)> {
        let mut ask = Ask::default();
        let came = desk.broker.inside(desk.now, &ask).came.shown;
        ask.picked = came
            .iter()
            .find(|came| came.topic == "t")
            .map(|came| came.number);
        let course = desk.broker.inside(desk.now, &ask).course;
        let all = course
            .map(|course| course.reached.shown)
            .unwrap_or_default();
        all.into_iter().map(|to| (to.client, to.outcome)).collect()
    };
    assert_eq!(reached(&mut desk), []);
    desk.stuck.push(slow.line);
    desk.publish_whole(publisher, "own", &"x".repeat(2000), QOS[0]);
    for _ in 0..2 {
        desk.publish_whole(publisher, "t", "x", QOS[1]);
        assert_eq!(
            reached(&mut desk),
            [("fast".to_owned(), Outcome::Unacknowledged)]
        );
    }
    desk.stuck.clear();
    desk.tell(midge_broker_core::Input::Owed {
        connection: slow.line,
        bytes: 0,
    });
    desk.cut(fast);
    assert_eq!(
        reached(&mut desk),
        [
            ("fast".to_owned(), Outcome::SessionEnded),
            ("slow".to_owned(), Outcome::Unacknowledged)
        ]
    );
}

/// With the last of them the messages are gone too, and at the broker's own end nobody is given anything any more.
#[test]
fn without_another_member_nothing_is_handed_on() {
    let mut desk = Desk::new();
    let (a, b) = (desk.client(V5, "a"), desk.client(V311, "b"));
    for client in [a, b] {
        desk.subscribe(client, &[("$share/g/t", QOS[1])]);
    }
    let publisher = desk.client(V5, "p");
    desk.publish_whole(publisher, "t", "x", QOS[1]);
    let (first, last) = match desk.texts(a).len() {
        0 => (b, a),
        _ => (a, b),
    };
    desk.got(b);
    desk.cut(first);
    assert_eq!(desk.texts(last), ["x"]);
    desk.cut(last);
    assert_eq!(desk.broker.held().messages, (0, 0));
    let (a, b) = (desk.client(V5, "a"), desk.client(V311, "b"));
    for client in [a, b] {
        desk.subscribe(client, &[("$share/g/t", QOS[1])]);
    }
    desk.publish_whole(publisher, "t", "x", QOS[1]);
    desk.tell(midge_broker_core::Input::Shutdown);
    assert_eq!(desk.texts(a).len() + desk.texts(b).len(), 1);
}

#[test]
fn a_session_that_goes_on_is_a_member_again() {
    let mut desk = Desk::new();
    let client = desk.join(&staying(V5, "a"));
    desk.subscribe(client, &[("$share/g/t", QOS[0])]);
    desk.cut(client);
    let client = desk.join(&staying(V5, "a"));
    let publisher = desk.client(V5, "p");
    desk.publish(publisher, "t", "x", QOS[0], 0);
    assert_eq!(desk.texts(client), ["x"]);
}
