//! A message that makes the broker close the connection each time it is sent is held back: the session works meanwhile, and
//! the user says what becomes of it.

use midge::protocol::{PacketType, Qos};
use midge::session::{Event, Input, Phase, Settings};

use crate::link::*;

/// A broker that closes at messages on the topic `poison`, and acknowledges all others.
fn serve(link: &mut Link, mut seen: Vec<Seen>) -> Vec<Event> {
    let mut said = Vec::new();
    while !seen.is_empty() {
        said.extend(events(&seen));
        let mut more = Vec::new();
        for packet in sent(&seen) {
            if packet.windows(6).any(|part| part == b"poison") && packet[0] >> 4 == 3 {
                more.extend(link.closed(1006));
                break;
            }
            let (kind, first, id) =
                sent_ids(&[Seen::Sent(packet, midge::session::PacketRole::Control)])[0];
            match (kind, first >> 1 & 3) {
                (PacketType::Publish, 1) => more.extend(link.bytes(&ack(PUBACK, id))),
                (PacketType::Publish, 2) => more.extend(link.bytes(&ack(PUBREC, id))),
                (PacketType::Pubrel, _) => more.extend(link.bytes(&ack(PUBCOMP, id))),
                _ => {}
            }
        }
        seen = more;
    }
    said
}

fn publish(link: &mut Link, number: u32, topic: &str, qos: Qos) -> Vec<Event> {
    let seen = link.tell(Input::Publish(message(number, topic, b"payload", qos)));
    serve(link, seen)
}

/// Comes back until it stays: how many closes it took, and what was said.
fn until_it_stays(link: &mut Link, session_present: bool) -> (usize, Vec<Event>) {
    let mut said = Vec::new();
    for closes in 1..20 {
        assert_eq!(link.session.phase(), Phase::Waiting);
        said.extend(events(&link.wake()));
        let seen = link.accept(session_present);
        said.extend(serve(link, seen));
        if link.session.phase() == Phase::Connected {
            return (closes, said);
        }
    }
    panic!("it never stays");
}

fn held(link: &Link) -> Vec<(u32, Option<String>)> {
    let held = link.session.held_back();
    held.map(|one| (one.number, one.topic.map(str::to_owned)))
        .collect()
}

fn poisoned(settings: Settings, qos: Qos) -> Link {
    let mut link = Link::connected(settings);
    link.now += 20 * SECOND;
    publish(&mut link, 1, "fine", qos);
    publish(&mut link, 7, "poison", qos);
    link
}

fn poison() -> Vec<(u32, Option<String>)> {
    vec![(7, Some("poison".to_owned()))]
}

#[test]
fn after_three_closes_it_is_held_back_and_the_rest_flows() {
    for settings in each_keeping() {
        for qos in [Qos::AtLeastOnce, Qos::ExactlyOnce] {
            let mut link = poisoned(settings.clone(), qos);
            let named = link
                .session
                .suspected()
                .and_then(|one| one.topic.as_deref());
            assert_eq!(named, Some("poison"));
            // Published meanwhile.
            for number in 10..40 {
                publish(&mut link, number, "fine", qos);
            }
            let (closes, said) = until_it_stays(&mut link, true);
            assert_eq!(closes, 3);
            assert!(said.contains(&Event::HeldBack { number: 7 }));
            assert_eq!(held(&link), poison());
            for number in 10..40 {
                assert!(said.contains(&Event::Published { number }), "{number}");
            }
            let shown = link.session.held_back().next().expect("held");
            assert_eq!((shown.size, shown.qos), (13, qos));
            // Its identifier stays in use, and everything works, over further connections too.
            assert_eq!(
                (link.session.identifiers_in_use(), link.session.in_flight()),
                (1, 1)
            );
            for number in 50..55 {
                assert!(
                    publish(&mut link, number, "fine", qos).contains(&Event::Published { number })
                );
                link.now += 20 * SECOND;
                link.closed(1006);
                assert_eq!(until_it_stays(&mut link, true).0, 1);
            }
            assert_eq!(held(&link), poison());
        }
    }
}

/// The messages behind it in the window are not to blame, and are not delayed for longer than it takes.
#[test]
fn among_several_in_flight_only_the_culprit_is_held_back() {
    for settings in each_keeping() {
        for place in [0, 3, 9] {
            let mut link = Link::connected(settings.clone());
            link.now += 20 * SECOND;
            for number in 0..10 {
                let topic = if number == place { "poison" } else { "fine" };
                link.tell(Input::Publish(message(
                    number,
                    topic,
                    b"x",
                    Qos::AtLeastOnce,
                )));
            }
            link.closed(1006);
            let (closes, said) = until_it_stays(&mut link, true);
            assert!(closes <= 4, "{closes}");
            let held_back = said
                .iter()
                .filter(|event| matches!(event, Event::HeldBack { .. }));
            assert_eq!(held_back.count(), 1);
            assert_eq!(held(&link), [(place, Some("poison".to_owned()))]);
            let published = said
                .iter()
                .filter(|event| matches!(event, Event::Published { .. }));
            assert_eq!(published.count(), 9);
        }
    }
}

/// MQTT 3.1.1 [MQTT-4.4.0-1]
/// MQTT 5 [MQTT-4.4.0-1]
#[test]
fn sent_again_it_goes_as_a_repeat_with_its_own_identifier() {
    for settings in each_keeping() {
        for qos in [Qos::AtLeastOnce, Qos::ExactlyOnce] {
            let mut link = poisoned(settings.clone(), qos);
            until_it_stays(&mut link, true);
            let seen = link.tell(Input::SendHeld(7));
            let (kind, first, id) = sent_ids(&seen)[0];
            assert_eq!((kind, first & 0x08), (PacketType::Publish, 0x08));
            assert_eq!(held(&link), []);
            // It closes once more, which is enough.
            serve(&mut link, seen);
            assert_eq!(held(&link), poison());
            until_it_stays(&mut link, true);
            // This time the broker takes it.
            let seen = link.tell(Input::SendHeld(7));
            assert_eq!(sent_ids(&seen)[0].2, id);
            let acknowledge = if qos == Qos::AtLeastOnce {
                PUBACK
            } else {
                PUBREC
            };
            let mut seen = link.bytes(&ack(acknowledge, id));
            if qos == Qos::ExactlyOnce {
                seen = link.bytes(&ack(PUBCOMP, id));
            }
            assert!(events(&seen).contains(&Event::Published { number: 7 }));
            assert_eq!(link.session.identifiers_in_use(), 0);
        }
    }
}

#[test]
fn dropped_it_is_gone_here_and_in_storage() {
    for settings in each_keeping() {
        let mut link = poisoned(settings.clone(), Qos::AtLeastOnce);
        until_it_stays(&mut link, true);
        let seen = link.tell(Input::DropHeld(7));
        assert!(events(&seen).contains(&Event::Cancelled { number: 7 }));
        assert_eq!(held(&link), []);
        assert_eq!(link.session.identifiers_in_use(), 0);
        link.tell(Input::Disconnect);
        let seen = link.reconnect(settings);
        assert!(
            !events(&seen)
                .iter()
                .any(|event| matches!(event, Event::Restored { .. }))
        );
        assert_eq!(as_broker(&link.accept(true)), [PacketType::Connect]);
        // Nothing comes of asking for it.
        for input in [Input::SendHeld(7), Input::DropHeld(7)] {
            assert_eq!(link.tell(input), []);
        }
    }
}

/// The session at the broker may know the identifier of a QoS 2 message, so that another message under it could be taken
/// for a repeat.
///
/// MQTT 3.1.1 [MQTT-2.3.1-2]
#[test]
fn the_identifier_of_a_dropped_qos_2_message_is_not_used_again_in_that_session() {
    for settings in each_keeping() {
        let mut link = poisoned(settings, Qos::ExactlyOnce);
        until_it_stays(&mut link, true);
        link.tell(Input::DropHeld(7));
        assert_eq!(link.session.identifiers_in_use(), 1);
        // The session at the broker ends.
        link.now += 20 * SECOND;
        link.lose();
        link.accept(false);
        assert_eq!(link.session.identifiers_in_use(), 0);
    }
}

/// A session that does not outlive the connection sends QoS 1 anew each time.
#[test]
fn without_a_session_at_the_broker_it_is_held_back_too() {
    for settings in each() {
        let mut link = poisoned(settings, Qos::AtLeastOnce);
        let (closes, said) = until_it_stays(&mut link, false);
        assert_eq!(closes, 3);
        assert!(said.contains(&Event::HeldBack { number: 7 }));
        assert_eq!(held(&link), poison());
        assert_eq!(link.session.identifiers_in_use(), 0);
        let seen = link.tell(Input::SendHeld(7));
        // As a new message.
        let (kind, first, _) = sent_ids(&seen)[0];
        assert_eq!((kind, first & 0x08), (PacketType::Publish, 0));
        serve(&mut link, seen);
        until_it_stays(&mut link, false);
        assert_eq!(held(&link), poison());
    }
}

/// PUBREL can be what the broker closes at.
#[test]
fn a_release_that_closes_is_held_back() {
    for settings in each_keeping() {
        let mut link = Link::connected(settings);
        link.now += 20 * SECOND;
        link.publish(7, Qos::ExactlyOnce);
        let mut seen = link.bytes(&ack(PUBREC, 1));
        let mut closes = 0;
        while as_broker(&seen).contains(&PacketType::Pubrel) {
            closes += 1;
            assert!(closes <= 3);
            seen = link.lose();
            seen.extend(link.accept(true));
        }
        assert_eq!(closes, 3);
        assert_eq!(held(&link), [(7, None)]);
        assert_eq!(
            as_broker(&link.publish(8, Qos::ExactlyOnce)),
            [PacketType::Publish]
        );
        let seen = link.tell(Input::SendHeld(7));
        assert_eq!(as_broker(&seen), []);
        let seen = link.bytes(&ack(PUBREC, 2));
        assert_eq!(as_broker(&seen), [PacketType::Pubrel]);
        let seen = link.bytes(&ack(PUBCOMP, 2));
        assert_eq!(sent_ids(&seen), [(PacketType::Pubrel, 0x62, 1)]);
    }
}

/// A stored session over a reload: it is learned again.
#[test]
fn after_a_reload_it_is_learned_again() {
    for settings in each_keeping() {
        let mut link = poisoned(settings.clone(), Qos::ExactlyOnce);
        until_it_stays(&mut link, true);
        let stored = link.stored.clone();
        let mut page = Link::new(2);
        page.stored = stored;
        let seen = page.reconnect(settings.clone());
        assert!(events(&seen).iter().any(|event| matches!(event, Event::Restored { publications, damaged: 0 } if publications.len() == 1)));
        let seen = page.accept(true);
        serve(&mut page, seen);
        let (closes, _) = until_it_stays(&mut page, true);
        assert_eq!(closes, 3);
        let topics: Vec<_> = held(&page).into_iter().map(|(_, topic)| topic).collect();
        assert_eq!(topics, [Some("poison".to_owned())]);
    }
}

/// The end of the session takes it along, and it is told.
#[test]
fn disconnecting_from_a_session_that_ends_tells_of_it() {
    let mut link = poisoned(settings(), Qos::AtLeastOnce);
    until_it_stays(&mut link, false);
    let seen = link.tell(Input::Disconnect);
    let failed = |event: &Event| matches!(event, Event::PublishFailed { number: 7, .. });
    assert!(events(&seen).iter().any(failed), "{seen:?}");
    assert_eq!((held(&link), link.session.in_flight()), (vec![], 0));
}

/// A large message takes a while to reach the broker over a slow line, and the close comes behind it.
#[test]
fn a_large_message_is_given_the_time_of_a_slow_line() {
    let mut link = Link::connected(keeping());
    let payload = vec![b'x'; 4 << 20];
    link.tell(Input::Publish(message(
        7,
        "large",
        &payload,
        Qos::AtLeastOnce,
    )));
    for _ in 0..2 {
        for _ in 0..40 {
            link.now += SECOND;
        }
        link.tell(Input::Socket {
            socket: link.socket,
            event: midge::session::SocketEvent::Bytes(&PINGRESP),
        });
        link.lose();
        link.accept(true);
    }
    link.now += 40 * SECOND;
    link.closed(1009);
    assert_eq!(held(&link), [(7, Some("large".to_owned()))]);
}

/// What was sent long ago and never acknowledged has nothing to do with the end of the connection.
#[test]
fn a_message_that_is_merely_not_acknowledged_is_not_held_back() {
    let mut link = Link::connected(keeping());
    link.publish(7, Qos::AtLeastOnce);
    for _ in 0..10 {
        link.now += 20 * SECOND;
        link.lose();
        assert_eq!(
            as_broker(&link.accept(true)),
            [PacketType::Connect, PacketType::Publish]
        );
    }
    assert_eq!(held(&link), []);
}

/// So does a small one that stands behind others in a slow line.
#[test]
fn what_stands_behind_others_is_given_the_time_of_a_slow_line() {
    let mut link = Link::connected(keeping());
    link.now += 20 * SECOND;
    link.leaves = false;
    let payload = vec![b'x'; 3 << 20];
    let ahead = message(1, "large", &payload, Qos::AtMostOnce);
    link.tell(Input::Publish(ahead));
    link.tell(Input::Publish(message(7, "poison", b"x", Qos::AtLeastOnce)));
    link.now += 40 * SECOND;
    link.buffered(0);
    link.closed(1006);
    let named = link
        .session
        .suspected()
        .and_then(|one| one.topic.as_deref());
    assert_eq!(named, Some("poison"));
}

/// PINGREQ stands behind the message, and cannot be answered before the broker has read that and closed over it.
#[test]
fn a_ping_that_stands_behind_a_large_message_explains_no_close() {
    let mut link = Link::connected(keeping());
    link.leaves = false;
    let payload = vec![b'x'; 8 << 20];
    let large = message(7, "large", &payload, Qos::AtLeastOnce);
    link.tell(Input::Publish(large));
    for _ in 0..3 {
        let mut pinged = false;
        for left in (0..100).rev() {
            link.buffered(left * 80_000);
            pinged |= as_broker(&link.pass(SECOND)).contains(&PacketType::Pingreq);
        }
        assert!(pinged);
        link.lose();
        link.accept(true);
    }
    assert_eq!(held(&link), [(7, Some("large".to_owned()))]);
}

/// What is held back in a session that storage loses goes on in memory, in the order in which it was published.
#[test]
fn when_storage_fails_after_the_end_what_was_held_back_keeps_its_order() {
    for settings in each_keeping() {
        let mut link = poisoned(settings.clone(), Qos::AtLeastOnce);
        until_it_stays(&mut link, true);
        publish(&mut link, 8, "poison", Qos::AtLeastOnce);
        until_it_stays(&mut link, true);
        assert_eq!(held(&link).len(), 2);
        link.tell(Input::Disconnect);
        let detail = "full".to_owned();
        link.tell(Input::StorageFailed { detail });
        link.tell(connect(settings));
        let numbers: Vec<u32> = link
            .accept(true)
            .into_iter()
            .filter_map(|seen| match seen {
                Seen::Sent(_, midge::session::PacketRole::Publication(number)) => Some(number),
                _ => None,
            })
            .collect();
        assert_eq!(numbers, [7, 8]);
    }
}
