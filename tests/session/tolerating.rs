//! What a broker passes on or does against the rules, and what is made of it: see `docs/decisions/0016-tolerance.md`. The
//! same inputs end the connection in strict mode, as `violations` shows.

use midge::protocol::{FaultKind as K, Qos, Version};
use midge::session::{Event, Grant, Input, PacketRole, Phase, Settings, Trouble};

use crate::link::*;

fn breaches(seen: &[Seen]) -> Vec<&str> {
    let mut breaches = Vec::new();
    for seen in seen {
        if let Seen::Event(Event::Breach { detail, clause }) = seen {
            assert!(!clause.is_empty());
            breaches.push(&detail[..]);
        }
    }
    breaches
}

/// The one message that broke a rule: its topic for reading, what is wrong and where, and what it is.
fn flawed(seen: &[Seen]) -> (String, K, usize, PacketRole) {
    let mut all = seen.iter().filter_map(|seen| match seen {
        Seen::Flawed(_, kind, fault, topic) => Some((topic.clone(), fault.kind, fault.at, *kind)),
        _ => None,
    });
    let one = all.next().expect("a message with a fault");
    assert_eq!(all.next(), None);
    one
}

fn goes_on(link: &mut Link) {
    assert_eq!(link.session.phase(), Phase::Connected);
    let message = link.message(0x30, 0);
    assert_eq!(deliveries(&link.bytes(&message)), [PacketRole::Message]);
}

/// Topic, first byte, properties behind their length; what is wrong and where, and what PUBACK says of it.
fn cases5() -> Vec<(&'static [u8], Vec<u8>, K, u8)> {
    vec![
        (b"t", text(0x08, b""), K::ResponseTopicEmpty, 0x80),
        (b"t", text(0x08, b"r/#"), K::ResponseTopicWildcard, 0x80),
        (b"t", text(0x08, b"r\0"), K::NulInText, 0x80),
        (b"t", vec![0x01, 2], K::PropertyNotFlag(0x01), 0x99),
        (b"t", text(0x03, b"a\0b"), K::NulInText, 0x80),
        (b"t", text(0x03, b"\xff"), K::NotUtf8, 0x80),
        (
            b"t",
            [vec![0x26], text(0, b"\0")[1..].to_vec(), vec![0, 0]].concat(),
            K::NulInText,
            0x80,
        ),
        (
            b"t",
            [four(0x02, 1), four(0x02, 1)].concat(),
            K::PropertyRepeated(0x02),
            0x80,
        ),
        (b"t", vec![0x0B, 0], K::PropertyZero(0x0B), 0x80),
        (b"t", four(0x11, 1), K::PropertyNotAllowed(0x11), 0x80),
        (b"t", vec![0x7F, 1, 2, 3], K::PropertyUnknown(0x7F), 0x80),
        (b"t", vec![0x03, 0, 9, b'a'], K::PropertyOverEnd, 0x80),
        (b"t", vec![0x0B, 0x81, 0x00], K::VariableNotMinimal, 0x80),
        (b"w/#", vec![], K::TopicWildcard, 0x90),
        (b"w/+/x", vec![], K::TopicWildcard, 0x90),
        (b"w\0", vec![], K::NulInText, 0x90),
        (b"w\xff", vec![], K::NotUtf8, 0x90),
        (b"", vec![], K::TopicEmpty, 0x90),
    ]
}

fn message5(first: u8, topic: &[u8], id: u16, props: &[u8]) -> Vec<u8> {
    let id = id.to_be_bytes();
    let id: &[u8] = if first & 0x06 == 0 { &[] } else { &id };
    let length = (topic.len() as u16).to_be_bytes();
    packet(first, &[&length, topic, id, &properties(props), b"x"])
}

fn refusal(first: u8, id: u8, code: u8) -> Vec<u8> {
    vec![first, 3, 0, id, code]
}

#[test]
fn a_message_that_breaks_a_rule_is_kept_and_refused_with_its_reason() {
    for (topic, props, kind, code) in cases5() {
        for first in [0x30, 0x31, 0x32, 0x34] {
            let mut link = Link::connected(keeping5());
            let seen = link.bytes(&message5(first, topic, 7, &props));
            let (_, found, _, delivery) = flawed(&seen);
            assert_eq!((found, delivery), (kind, PacketRole::Message));
            let answer = match first & 6 {
                0 => vec![],
                2 => vec![refusal(PUBACK, 7, code)],
                _ => vec![refusal(PUBREC, 7, code)],
            };
            assert_eq!(sent(&seen), answer, "{topic:?} {props:02x?}");
            goes_on(&mut link);
        }
    }
}

/// Before MQTT 5 there is no word for why.
#[test]
fn before_mqtt_5_a_message_that_breaks_a_rule_is_acknowledged() {
    for (topic, kind) in [
        (&b"w/#"[..], K::TopicWildcard),
        (b"w\0", K::NulInText),
        (b"\xff", K::NotUtf8),
        (b"", K::TopicEmpty),
    ] {
        for (first, answer) in [(0x30, None), (0x33, Some(PUBACK)), (0x34, Some(PUBREC))] {
            let mut link = Link::connected(keeping());
            let id: &[u8] = if first & 6 == 0 { &[] } else { &[0, 7] };
            let length = (topic.len() as u16).to_be_bytes();
            let seen = link.bytes(&packet(first, &[&length, topic, id, b"x"]));
            assert_eq!(flawed(&seen).1, kind);
            let answers: Vec<_> = answer.iter().map(|&first| ack(first, 7)).collect();
            assert_eq!(sent(&seen), answers);
            goes_on(&mut link);
        }
    }
}

#[test]
fn a_message_of_qos_0_with_dup_is_kept() {
    for settings in each() {
        let mut link = Link::connected(settings);
        let seen = link.bytes(&link.message(0x38, 0));
        assert_eq!(flawed(&seen).1, K::DupWithQosZero);
        goes_on(&mut link);
    }
}

/// A refusal ends the delivery on both sides: the next packet of that identifier is another message (MQTT 5
/// [MQTT-4.3.3-9]), and PUBREL for it finds nothing.
#[test]
fn a_refused_message_of_qos_2_leaves_nothing_behind() {
    let mut settings = keeping5();
    settings.connect.properties.receive_maximum = Some(1);
    let mut link = Link::connected(settings);
    for _ in 0..5 {
        let seen = link.bytes(&message5(0x34, b"w/#", 7, &[]));
        assert_eq!(flawed(&seen).3, PacketRole::Message);
        assert!(link.stored.values().all(|stored| stored.len() <= 1));
    }
    assert_eq!(
        sent(&link.bytes(&ack(PUBREL, 7))),
        [refusal(PUBCOMP, 7, 0x92)]
    );
    goes_on(&mut link);
}

/// Before MQTT 5 it is acknowledged like any other, so a repeat of it is a repeat.
#[test]
fn a_repeat_of_a_message_that_breaks_a_rule_is_a_repeat() {
    let mut link = Link::connected(keeping());
    let bytes = packet(0x34, &[&[0, 3], b"w/#", &[0, 7], b"x"]);
    assert_eq!(flawed(&link.bytes(&bytes)).3, PacketRole::Message);
    link.lose();
    link.accept(true);
    let again = packet(0x3C, &[&[0, 3], b"w/#", &[0, 7], b"x"]);
    let seen = link.bytes(&again);
    assert_eq!(flawed(&seen).3, PacketRole::Repeat);
    assert_eq!(sent(&seen), [ack(PUBREC, 7)]);
    assert_eq!(sent(&link.bytes(&ack(PUBREL, 7))), [ack(PUBCOMP, 7)]);
}

#[test]
fn a_topic_that_is_no_text_is_shown_with_signs_in_its_place() {
    for (topic, shown) in [
        (&b"w/#"[..], "w/#"),
        (b"a\0b", "a\u{2400}b"),
        (b"a\xff/\xe4b", "a\u{fffd}/\u{fffd}b"),
        (b"", ""),
    ] {
        let mut link = Link::connected(settings5());
        let seen = link.bytes(&message5(0x30, topic, 0, &[]));
        assert_eq!(flawed(&seen).0, shown);
    }
    let mut link = Link::connected(settings5());
    let seen = link.bytes(&message5(0x30, &[0xFF; 65_535], 0, &[]));
    assert_eq!(flawed(&seen).0.len(), 65_535);
}

fn aliasing(maximum: u16) -> Settings {
    let mut settings = settings5();
    settings.connect.properties.topic_alias_maximum = Some(maximum);
    settings
}

/// The alias stands for what the broker says it does. So whatever comes under it later is not called a breach, and a later
/// topic takes its place.
#[test]
fn an_alias_for_a_topic_that_breaks_a_rule_stands_for_it() {
    let mut link = Link::connected(aliasing(2));
    let seen = link.bytes(&message5(0x30, b"w/#", 0, &two(0x23, 1)));
    assert_eq!(flawed(&seen).0, "w/#");
    link.bytes(&publish5(0x30, "", 0, &two(0x23, 1)));
    link.bytes(&publish5(0x30, "good", 0, &two(0x23, 1)));
    link.bytes(&publish5(0x30, "", 0, &two(0x23, 1)));
    assert_eq!(link.topics, ["w/#", "good", "good"]);
    // What breaks another rule under an alias has its topic, and one that is set beside it holds.
    let bad = text(0x08, b"");
    let seen = link.bytes(&message5(
        0x30,
        b"",
        0,
        &[two(0x23, 1), bad.clone()].concat(),
    ));
    assert_eq!(flawed(&seen).0, "good");
    link.bytes(&message5(0x30, b"two", 0, &[bad, two(0x23, 2)].concat()));
    link.bytes(&publish5(0x30, "", 0, &two(0x23, 2)));
    assert_eq!(link.topics.last().unwrap(), "two");
    goes_on(&mut link);
}

/// What is between broker and client alone is not somebody's message, and a new connection sets it right.
#[test]
fn what_the_broker_itself_does_wrong_ends_the_connection_which_is_tried_again() {
    type Case = (Settings, Vec<u8>, u8);
    let mut receiving = settings5();
    receiving.connect.properties.receive_maximum = Some(1);
    let cases: [Case; 9] = [
        (aliasing(2), publish5(0x30, "t", 0, &two(0x23, 3)), 0x94),
        (aliasing(2), publish5(0x30, "t", 0, &two(0x23, 0)), 0x94),
        (aliasing(2), publish5(0x30, "", 0, &two(0x23, 1)), 0x82),
        (aliasing(2), message5(0x30, b"w/#", 0, &two(0x23, 3)), 0x94),
        (
            receiving,
            [publish5(0x34, "t", 1, &[]), publish5(0x34, "t", 2, &[])].concat(),
            0x93,
        ),
        (settings5(), publish5(0x32, "t", 0, &[]), 0x82),
        (settings5(), vec![0x36, 0], 0x81),
        (settings5(), vec![0x30, 4, 0, 9, b't', 0], 0x81),
        (settings5(), vec![0x30, 5, 0, 1, b't', 9, 1], 0x81),
    ];
    for (settings, bytes, code) in cases {
        let mut link = Link::connected(settings);
        let seen = link.bytes(&bytes);
        assert_eq!(parted(&seen), [code], "{bytes:02x?}");
        assert!(closes(&seen));
        assert_eq!(link.session.phase(), Phase::Waiting);
        let Some(Trouble::Malformed { detail, clause }) = link.session.trouble() else {
            panic!("{:?}", link.session.trouble());
        };
        assert!(!detail.is_empty() && !clause.is_empty());
        link.wake();
        link.accept(false);
        goes_on(&mut link);
    }
}

/// No packet whatsoever ends it for good, in any version, before CONNACK or after.
#[test]
fn nothing_that_a_broker_sends_ends_it_for_good() {
    let rubbish: [&[u8]; 9] = [
        &[0x00, 0x00],
        &[0x10, 0x00],
        &[0x36, 0x00],
        &[0x30, 0xFF, 0xFF, 0xFF, 0xFF],
        &[0xC0, 0x00],
        &[0xF1, 0x00],
        &[0x60, 0x02, 0, 1],
        &[0x30, 0x00],
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ];
    for settings in each() {
        for bytes in rubbish {
            let mut link = Link::new(1);
            link.tell(connect(settings.clone()));
            link.opened();
            assert!(closes(&link.bytes(bytes)), "{bytes:02x?}");
            assert_eq!(link.session.phase(), Phase::Waiting, "{bytes:02x?}");
            let mut link = Link::connected(settings.clone());
            assert!(closes(&link.bytes(bytes)), "{bytes:02x?}");
            assert_eq!(link.session.phase(), Phase::Waiting, "{bytes:02x?}");
            assert!(link.session.next_try().is_some());
        }
    }
}

/// A proxy that restarts may say anything for a while.
#[test]
fn where_a_broker_was_before_something_else_is_tried_again() {
    let mut link = Link::connected(settings());
    link.socket(midge::session::SocketEvent::TextFrame);
    assert_eq!(link.session.phase(), Phase::Waiting);
    link.wake();
    link.socket(midge::session::SocketEvent::Opened { subprotocol: "" });
    assert_eq!(link.session.phase(), Phase::Waiting);
}

/// MQTT 3.1.1 and before: only a client says DISCONNECT.
#[test]
fn a_farewell_that_the_version_does_not_have_is_a_loss_and_is_said() {
    for version in [Version::V31, Version::V311] {
        let mut settings = keeping();
        settings.connect.version = version;
        let mut link = Link::connected(settings);
        let seen = link.bytes(&[0xE0, 0]);
        assert!(closes(&seen));
        assert!(
            seen.iter()
                .any(|seen| matches!(seen, Seen::Malformed(bytes, _) if bytes == &[0xE0, 0]))
        );
        assert_eq!(link.session.phase(), Phase::Waiting);
        let Some(Trouble::Malformed { detail, .. }) = link.session.trouble() else {
            panic!("{:?}", link.session.trouble());
        };
        assert!(detail.contains("DISCONNECT"), "{detail}");
        link.wake();
        link.accept(true);
        goes_on(&mut link);
    }
}

/// Like a socket that closes each time soon after CONNACK, it is the rhythm of a fight over the client identifier.
#[test]
fn a_farewell_again_and_again_is_a_takeover() {
    let mut link = Link::connected(keeping());
    let mut times = 0;
    while link.session.phase() != Phase::Failed {
        link.now += SECOND;
        link.bytes(&[0xE0, 0]);
        times += 1;
        assert!(times < 20, "two clients throw each other out for ever");
        if link.session.phase() == Phase::Waiting {
            link.wake();
            link.accept(true);
        }
    }
    assert!(times > 1, "one farewell is no takeover");
    assert!(matches!(
        link.session.trouble(),
        Some(Trouble::Replaced { certain: false, .. })
    ));
}

/// RabbitMQ does so for QoS 2 before MQTT 5. Without an end to it, the message would be met so on every connection.
#[test]
fn an_acknowledgement_of_another_kind_ends_the_delivery() {
    let cases: [(Qos, &[u8], &str); 5] = [
        (Qos::ExactlyOnce, &[PUBACK], "PUBACK for a QoS 2 message"),
        (
            Qos::ExactlyOnce,
            &[PUBREC, PUBACK],
            "PUBACK for a QoS 2 message",
        ),
        (Qos::ExactlyOnce, &[PUBCOMP], "PUBCOMP without PUBREL"),
        (Qos::AtLeastOnce, &[PUBCOMP], "PUBCOMP without PUBREL"),
        (
            Qos::AtLeastOnce,
            &[PUBREC, PUBCOMP],
            "PUBREC for a QoS 1 message",
        ),
    ];
    for settings in each_keeping() {
        for (qos, answers, breach) in cases {
            let mut link = Link::connected(settings.clone());
            link.publish(5, qos);
            let mut seen = Vec::new();
            for &answer in answers {
                seen.extend(link.bytes(&ack(answer, 1)));
            }
            assert_eq!(breaches(&seen), [breach]);
            assert!(events(&seen).contains(&Event::Published { number: 5 }));
            assert_eq!(link.session.in_flight(), 0);
            assert_eq!(link.session.identifiers_in_use(), 0);
            // Neither this connection nor the next sends it again.
            link.lose();
            let seen = link.accept(true);
            let again = |bytes: &Vec<u8>| matches!(bytes[0] >> 4, 3 | 6);
            assert!(!sent(&seen).iter().any(again), "{answers:02x?}");
            goes_on(&mut link);
        }
    }
}

/// The broker is given the chance to finish.
#[test]
fn pubrec_for_qos_1_is_answered_with_pubrel() {
    let mut link = Link::connected(keeping());
    link.publish(5, Qos::AtLeastOnce);
    assert_eq!(sent(&link.bytes(&ack(PUBREC, 1))), [ack(PUBREL, 1)]);
}

/// MQTT 3.1.1 and 5: some brokers always say it.
#[test]
fn session_present_for_a_clean_session_is_said_and_survived() {
    for settings in each() {
        let mut link = Link::new(1);
        link.subscribe(&[("a", Qos::AtMostOnce)]);
        link.tell(connect(settings));
        let seen = link.accept(true);
        assert_eq!(
            breaches(&seen),
            ["CONNACK with session present for a clean session"]
        );
        assert!(!link.session.session_present());
        // It is a new session: what is wanted is asked for.
        assert_eq!(
            sent(&seen).iter().filter(|bytes| bytes[0] == 0x82).count(),
            1
        );
        goes_on(&mut link);
    }
}

#[test]
fn a_client_identifier_that_was_named_is_kept_whatever_the_broker_assigns() {
    let mut link = Link::new(1);
    link.tell(connect(settings5()));
    link.opened();
    let seen = link.bytes(&connack5(false, 0, &text(0x12, b"p")));
    assert_eq!(
        breaches(&seen),
        ["CONNACK assigns a client identifier although CONNECT named one"]
    );
    assert_eq!(link.session.settings().unwrap().connect.client_id, "mine");
    assert_eq!(link.session.granted().unwrap().assigned_client_id, None);
    link.lose();
    let seen = link.opened();
    assert!(sent(&seen)[0].windows(4).any(|part| part == b"mine"));
}

#[test]
fn a_client_identifier_that_was_not_named_is_the_one_assigned() {
    let mut settings = settings5();
    settings.connect.client_id.clear();
    let mut link = Link::new(1);
    link.tell(connect(settings));
    link.opened();
    let seen = link.bytes(&connack5(false, 0, &text(0x12, b"p")));
    assert_eq!(breaches(&seen), [] as [&str; 0]);
    assert_eq!(link.session.settings().unwrap().connect.client_id, "p");
    // The same again at the next connection, where it is named, is no news.
    link.lose();
    link.opened();
    let seen = link.bytes(&connack5(false, 0, &text(0x12, b"p")));
    assert_eq!(breaches(&seen), [] as [&str; 0]);
}

#[test]
fn suback_with_another_count_answers_what_it_answers() {
    for settings in each() {
        let mut link = Link::connected(settings);
        link.subscribe(&[("a", Qos::AtMostOnce), ("b", Qos::AtMostOnce)]);
        let seen = link.suback(1, &[0]);
        assert_eq!(breaches(&seen).len(), 1);
        let grants: Vec<_> = link
            .session
            .subscriptions()
            .iter()
            .map(|one| one.grant)
            .collect();
        assert_eq!(grants, [Grant::Granted(Qos::AtMostOnce), Grant::Asked]);
        assert_eq!(link.session.identifiers_in_use(), 0);
        goes_on(&mut link);
    }
}

#[test]
fn an_undefined_code_is_a_refusal_and_said() {
    for settings in each() {
        let mut link = Link::connected(settings);
        link.subscribe(&[("a", Qos::AtMostOnce), ("b", Qos::AtMostOnce)]);
        let seen = link.suback(1, &[0, 0x8B]);
        assert_eq!(breaches(&seen).len(), 1);
        assert!(seen.iter().any(|seen| matches!(seen, Seen::Malformed(..))));
        let grants: Vec<_> = link
            .session
            .subscriptions()
            .iter()
            .map(|one| one.grant)
            .collect();
        assert_eq!(
            grants,
            [Grant::Granted(Qos::AtMostOnce), Grant::Refused(0x8B)]
        );
        goes_on(&mut link);
    }
}

/// An acknowledgement whose identifier can be read is one.
#[test]
fn answers_that_break_a_rule_mean_what_they_can_only_mean() {
    // An undefined code below 0x80 is no refusal, one above is; what is left over changes nothing.
    for (settings, answer, code) in [
        (keeping5(), vec![0x40, 3, 0, 1, 0x01], 0),
        (keeping5(), vec![0x40, 3, 0, 1, 0x8F], 0x8F),
        (
            keeping5(),
            packet(0x40, &[&[0, 1, 0], &properties(&two(0x21, 5))]),
            0,
        ),
        (keeping(), vec![0x40, 3, 0, 1, 0x87], 0),
    ] {
        let mut link = Link::connected(settings);
        link.publish(5, Qos::AtLeastOnce);
        let seen = link.bytes(&answer);
        assert_eq!(breaches(&seen).len(), 1, "{answer:02x?}");
        let ended = if code == 0 {
            Event::Published { number: 5 }
        } else {
            let (number, reason) = (5, None);
            Event::PublishRefused {
                number,
                code,
                reason,
            }
        };
        assert!(events(&seen).contains(&ended), "{seen:?}");
        goes_on(&mut link);
    }
    for settings in each() {
        let mut link = Link::connected(settings);
        assert_eq!(breaches(&link.bytes(&[0xD0, 1, 0])).len(), 1);
        goes_on(&mut link);
    }
    // UNSUBACK of MQTT 3.1.1 in MQTT 5.
    let mut link = Link::connected(settings5());
    link.subscribe(&[("a", Qos::AtMostOnce)]);
    link.suback(1, &[0]);
    link.tell(Input::Unsubscribe("a".to_owned()));
    let seen = link.bytes(&ack(UNSUBACK, 2));
    let (filter, code, reason) = ("a".to_owned(), 0, None);
    assert!(events(&seen).contains(&Event::Unsubscribed {
        filter,
        code,
        reason
    }));
    goes_on(&mut link);
}

#[test]
fn what_nobody_asked_for_is_said_and_left() {
    let mut link = Link::connected(settings());
    assert_eq!(
        breaches(&link.bytes(&connack(false, 0))),
        ["a second CONNACK"]
    );
    goes_on(&mut link);
    let mut link = Link::connected(settings5());
    let seen = link.bytes(&auth5(0x18, "SCRAM-SHA-256", b""));
    assert_eq!(breaches(&seen), ["AUTH without an exchange"]);
    goes_on(&mut link);
    // And what has no counterpart here is no breach at all.
    for settings in each_keeping() {
        let mut link = Link::connected(settings);
        for bytes in [
            ack(PUBACK, 9),
            ack(PUBREC, 9),
            ack(PUBREL, 9),
            ack(PUBCOMP, 9),
        ] {
            assert_eq!(breaches(&link.bytes(&bytes)), [] as [&str; 0]);
        }
        assert_eq!(breaches(&link.bytes(&PINGRESP)), [] as [&str; 0]);
        goes_on(&mut link);
    }
}

/// 10,001 user properties and more are no breach of anything.
#[test]
fn many_user_properties_are_no_breach() {
    let mut link = Link::connected(settings5());
    let all = [0x26, 0, 0, 0, 0].repeat(20_000);
    let mut length = Vec::new();
    let mut rest = all.len();
    while rest > 0 {
        let more = if rest > 127 { 0x80 } else { 0 };
        length.push((rest % 128) as u8 | more);
        rest /= 128;
    }
    let seen = link.bytes(&packet(0x30, &[&[0, 1, b't'], &length, &all, b"x"]));
    assert_eq!(deliveries(&seen), [PacketRole::Message]);
    goes_on(&mut link);
}

/// This client's own limit: nobody's breach, so it is said and the connection goes on. 65,535 aliases of 65,535 bytes would
/// be 4 GiB.
#[test]
fn names_behind_aliases_do_not_fill_the_memory() {
    let mut link = Link::connected(aliasing(u16::MAX));
    let topic = "t".repeat(65_000);
    let mut told = 0;
    for alias in 1..=1200 {
        let seen = link.bytes(&publish5(0x30, &topic, 0, &two(0x23, alias)));
        assert_eq!(deliveries(&seen), [PacketRole::Message]);
        let full = |event: &Event| matches!(event, Event::AliasNamesFull { .. });
        told += events(&seen).iter().filter(|event| full(event)).count();
    }
    assert_eq!(told, 1);
    for (alias, name) in [(1, &topic[..]), (1200, "")] {
        let seen = link.bytes(&publish5(0x30, "", 0, &two(0x23, alias)));
        assert_eq!(deliveries(&seen), [PacketRole::Message]);
        assert_eq!(link.topics.last().unwrap(), name);
    }
    // A name that finds room stands for it again.
    link.bytes(&publish5(0x30, "short", 0, &two(0x23, 1)));
    link.bytes(&publish5(0x30, "s", 0, &two(0x23, 1200)));
    link.bytes(&publish5(0x30, "", 0, &two(0x23, 1200)));
    assert_eq!(link.topics.last().unwrap(), "s");
    assert_eq!(link.session.phase(), Phase::Connected);
}

fn small(mut settings: Settings) -> Settings {
    settings.packet_limit = 1000;
    settings
}

/// Larger than this client takes, which MQTT 3.1.1 allows: it goes by without being kept, and does not come again.
#[test]
fn a_packet_over_the_limit_is_passed_over_and_acknowledged() {
    for (first, answer) in [(0x30, None), (0x32, Some(PUBACK)), (0x34, Some(PUBREC))] {
        for piece in [1, 999, usize::MAX] {
            let mut link = Link::connected(small(keeping()));
            let id: &[u8] = if first & 6 == 0 { &[] } else { &[0, 7] };
            let bytes = packet(first, &[&[0, 3], b"a/b", id, &[b'x'; 5000]]);
            let size = bytes.len() as u32;
            let mut seen = Vec::new();
            for piece in bytes.chunks(piece.min(bytes.len())) {
                seen.extend(link.bytes(piece));
            }
            let passed = Event::PassedOver {
                topic: Some("a/b".to_owned()),
                size,
                limit: 1000,
            };
            assert_eq!(events(&seen), [passed]);
            let answers: Vec<_> = answer.iter().map(|&first| ack(first, 7)).collect();
            assert_eq!(sent(&seen), answers);
            goes_on(&mut link);
        }
    }
}

#[test]
fn a_repeat_that_is_passed_over_is_a_repeat() {
    let mut link = Link::connected(small(keeping()));
    let bytes = packet(0x34, &[&[0, 3], b"a/b", &[0, 7], &[b'x'; 5000]]);
    link.bytes(&bytes);
    assert_eq!(sent(&link.bytes(&bytes)), [ack(PUBREC, 7)]);
    assert_eq!(sent(&link.bytes(&ack(PUBREL, 7))), [ack(PUBCOMP, 7)]);
    goes_on(&mut link);
}

/// One whose topic cannot be read has nothing to be acknowledged by.
#[test]
fn what_is_passed_over_and_makes_no_sense_ends_the_connection() {
    let mut link = Link::connected(small(keeping()));
    let bytes = packet(0x32, &[&[0xFF, 0xFF], &[b'x'; 5000]]);
    assert!(closes(&link.bytes(&bytes)));
    assert_eq!(link.session.phase(), Phase::Waiting);
}

/// The limit as it is, and one byte more.
#[test]
fn what_is_as_large_as_the_limit_is_kept() {
    for more in [0, 1] {
        let mut link = Link::connected(small(settings()));
        let payload = vec![b'x'; 994 + more];
        let bytes = packet(0x30, &[&[0, 1], b"t", &payload]);
        assert_eq!(bytes.len(), 1000 + more);
        let seen = link.bytes(&bytes);
        let kept = usize::from(more == 0);
        assert_eq!(deliveries(&seen).len(), kept);
        assert_eq!(events(&seen).len(), 1 - kept);
    }
}

/// MQTT 5 was told of the limit, so more is the broker's breach; the connection is tried again.
#[test]
fn in_mqtt_5_more_than_was_announced_ends_the_connection_which_is_tried_again() {
    let mut link = Link::connected(small(settings5()));
    let seen = link.bytes(&packet(0x30, &[&[0, 1], b"t", &[0], &[b'x'; 5000]]));
    assert_eq!(parted(&seen), [0x95]);
    assert_eq!(link.session.phase(), Phase::Waiting);
}

/// What ends each connection soon after CONNACK, three times in a row, has its filter named; the tries go on.
#[test]
fn the_filter_that_brings_the_same_again_and_again_is_named() {
    let border = vec![0x30, 7, 0, 3, b'a', b'/', b'b', 9, 1];
    let over = packet(0x30, &[&[0, 3], b"a/b", &[0], &[b'x'; 5000]]);
    for (bytes, named) in [
        (border, &["a/+", "#"][..]),
        (over, &["a/+", "#"]),
        (vec![0x36, 0], &["a/+", "other", "#"]),
    ] {
        let mut link = Link::new(1);
        link.tell(connect(small(settings5())));
        link.subscribe(&[
            ("a/+", Qos::AtMostOnce),
            ("other", Qos::AtMostOnce),
            ("#", Qos::AtMostOnce),
        ]);
        for time in 1..=5 {
            link.accept(false);
            link.now += SECOND;
            link.bytes(&bytes);
            assert_eq!(link.session.phase(), Phase::Waiting);
            let expected: &[&str] = if time < 3 { &[] } else { named };
            assert_eq!(link.session.suspects(), expected, "{time}: {bytes:02x?}");
            link.wake();
        }
        // The user leaves one out: it is asked for no more, and nothing is suspected.
        link.tell(Input::Unsubscribe("#".to_owned()));
        assert_eq!(link.session.suspects(), [] as [&str; 0]);
        let asked = sent(&link.accept(false));
        assert!(!asked.iter().any(|bytes| bytes.ends_with(b"\x00\x01#\x00")));
    }
}

/// Now and then is no rhythm, and neither is something else each time.
#[test]
fn a_connection_that_held_or_ended_otherwise_names_nothing() {
    let mut link = Link::new(1);
    link.subscribe(&[("#", Qos::AtMostOnce)]);
    link.tell(connect(settings5()));
    for time in 0..8 {
        link.accept(false);
        if time % 2 == 0 {
            for _ in 0..20 {
                link.pass(SECOND);
            }
        }
        link.bytes(&[0x36, 0]);
        assert_eq!(link.session.suspects(), [] as [&str; 0]);
        link.wake();
    }
    for time in 0..8 {
        link.accept(false);
        link.bytes(if time % 2 == 0 {
            &[0x36, 0]
        } else {
            &[0x00, 0x00]
        });
        assert_eq!(link.session.suspects(), [] as [&str; 0]);
        link.wake();
    }
}

/// What was wrong then has gone, so nothing is put down to it later.
#[test]
fn after_a_connection_that_works_no_filter_is_named_any_more() {
    let mut link = Link::new(1);
    link.subscribe(&[("#", Qos::AtMostOnce)]);
    link.tell(connect(settings5()));
    for _ in 0..3 {
        link.accept(false);
        link.bytes(&[0x36, 0]);
        link.wake();
    }
    assert_eq!(link.session.suspects(), ["#"]);
    link.accept(false);
    link.now += 3600 * SECOND;
    link.closed(1006);
    assert_eq!(link.session.suspects(), [] as [&str; 0]);
}
