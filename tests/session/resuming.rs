//! What a reconnect does with deliveries that were not finished.

use midge::protocol::{PacketType, Qos, Version};
use midge::session::{Event, Input, Phase};

use crate::link::*;

/// Publishes QoS 1 (id 1), 2 (id 2), 2 (id 3), 1 (id 4), and takes 2 past PUBREC.
fn four_messages(link: &mut Link) {
    link.publish(10, Qos::AtLeastOnce);
    link.publish(20, Qos::ExactlyOnce);
    link.publish(30, Qos::ExactlyOnce);
    link.publish(40, Qos::AtLeastOnce);
    link.bytes(&ack(PUBREC, 2));
}

/// The events of being connected again, but for how long it was away.
fn back(seen: &[Seen]) -> Vec<Event> {
    let mut events = events(seen);
    events.retain(|event| !matches!(event, Event::PhaseChanged(_) | Event::Returned { .. }));
    events
}

/// MQTT 3.1.1 [MQTT-4.4.0-1], [MQTT-4.6.0-1], [MQTT-3.3.1-1], [MQTT-2.3.1-3], [MQTT-3.1.2-4], [MQTT-4.1.0-1]
/// MQTT 5 [MQTT-4.4.0-1], [MQTT-4.6.0-1], [MQTT-3.3.1-1], [MQTT-3.3.1-3], [MQTT-4.3.3-5], [MQTT-4.3.3-6], [MQTT-3.1.2-23], [MQTT-4.1.0-1]
#[test]
fn a_kept_session_goes_on_in_order_with_the_same_identifiers() {
    for settings in each_keeping() {
        let mut link = Link::connected(settings);
        four_messages(&mut link);
        link.lose();
        link.opened();
        let seen = link.answer(true);
        assert_eq!(
            sent_ids(&seen),
            [
                (PacketType::Pubrel, 0x62, 2),
                (PacketType::Publish, 0x3A, 1),
                (PacketType::Publish, 0x3C, 3),
                (PacketType::Publish, 0x3A, 4)
            ]
        );
        assert_eq!(
            back(&seen),
            [Event::Connected {
                session_present: true,
                resumed: true,
                version: link.version
            }]
        );
        assert!(link.session.session_present());
        let seen = link.bytes(
            &[
                ack(PUBACK, 1),
                ack(PUBCOMP, 2),
                ack(PUBREC, 3),
                ack(PUBACK, 4),
                ack(PUBCOMP, 3),
            ]
            .concat(),
        );
        let published = [10, 20, 40, 30].map(|number| Event::Published { number });
        assert_eq!(events(&seen), published);
    }
}

/// A second loss resends the same again; nothing is resent by time alone.
///
/// MQTT 5 [MQTT-4.4.0-1]
#[test]
fn resending_happens_at_reconnects_only() {
    for settings in each_keeping() {
        let mut link = Link::connected(settings);
        link.publish(1, Qos::AtLeastOnce);
        assert_eq!(link.pass(50 * SECOND), []);
        for _ in 0..3 {
            link.lose();
            link.opened();
            assert_eq!(
                sent_ids(&link.answer(true)),
                [(PacketType::Publish, 0x3A, 1)]
            );
        }
    }
}

/// QoS 1 is sent anew as a new message, without DUP. QoS 2 could be delivered twice, so it is given up
/// and counted.
///
/// MQTT 3.1.1 [MQTT-3.1.2-6]
#[test]
fn a_session_that_is_gone_is_told() {
    for settings in [settings(), keeping()] {
        let mut link = Link::connected(settings);
        four_messages(&mut link);
        link.lose();
        link.opened();
        let seen = link.bytes(&connack(false, 0));
        assert_eq!(
            back(&seen),
            [
                Event::Connected {
                    session_present: false,
                    resumed: false,
                    version: Version::V311
                },
                Event::Unfinished {
                    sent_anew: 2,
                    unknown: vec![20, 30]
                }
            ]
        );
        assert_eq!(
            sent_ids(&seen),
            [
                (PacketType::Publish, 0x32, 5),
                (PacketType::Publish, 0x32, 6)
            ]
        );
        let seen = link.bytes(&[ack(PUBACK, 5), ack(PUBACK, 6)].concat());
        assert_eq!(
            events(&seen),
            [10, 40].map(|number| Event::Published { number })
        );
        assert_eq!(link.session.in_flight(), 0);
    }
}

/// What goes out for the first time does not say DUP.
///
/// MQTT 5 [MQTT-4.3.2-2]
#[test]
fn messages_that_were_never_sent_go_out_as_usual() {
    for (session_present, dup, first) in [(true, 8, 1), (false, 0, 21)] {
        let mut link = Link::connected(keeping());
        for number in 1..=23 {
            link.publish(number, Qos::AtLeastOnce);
        }
        link.lose();
        link.opened();
        let seen = link.bytes(&connack(session_present, 0));
        let again: Vec<_> = (first..first + 20)
            .map(|id| (PacketType::Publish, 0x32 | dup, id))
            .collect();
        assert_eq!(sent_ids(&seen), again);
        let acks = [first, first + 1, first + 2].map(|id| ack(PUBACK, id));
        let rest = [20, 21, 22].map(|more| (PacketType::Publish, 0x32, first + more));
        assert_eq!(sent_ids(&link.bytes(&acks.concat())), rest);
    }
}

/// MQTT 3.1.1 leaves the choice (section 3.2.2.2): after a reload of the page the broker knows more than the page.
#[test]
fn a_session_that_only_the_broker_knows_goes_on() {
    let mut link = Link::new(1);
    link.tell(Input::Subscribe(vec![wish("a", Qos::AtLeastOnce)]));
    link.tell(connect(keeping()));
    let seen = link.accept(true);
    assert_eq!(link.session.phase(), Phase::Connected);
    assert_eq!(
        as_broker(&seen),
        [PacketType::Connect, PacketType::Subscribe]
    );
    assert_eq!(sent(&link.bytes(&ack(PUBREL, 5))), [ack(PUBCOMP, 5)]);
}

/// Storage is the truth between two connections, as another page may go on from there.
#[test]
fn a_kept_session_outlives_the_users_disconnect() {
    for settings in each_keeping() {
        let mut link = Link::connected(settings.clone());
        link.publish(1, Qos::AtLeastOnce);
        link.tell(Input::Disconnect);
        assert_eq!(link.session.in_flight(), 0);
        link.reconnect(settings);
        assert_eq!(
            as_broker(&link.accept(true)),
            [PacketType::Connect, PacketType::Publish]
        );
    }
}

/// MQTT 3.1.1 [MQTT-3.1.3-2]
/// MQTT 5 [MQTT-3.1.3-2]
#[test]
fn a_session_does_not_go_on_with_another_broker_or_name() {
    for settings in each_keeping() {
        for change in [0, 1] {
            let mut link = Link::connected(settings.clone());
            link.publish(1, Qos::AtLeastOnce);
            let mut other = settings.clone();
            if change == 0 {
                other.addresses[0].push('2');
            } else {
                other.connect.client_id.push('2');
            }
            link.tell(connect(other));
            assert_eq!(as_broker(&link.accept(false)), [PacketType::Connect]);
            // It waits where it was.
            link.reconnect(settings.clone());
            assert_eq!(
                as_broker(&link.accept(true)),
                [PacketType::Connect, PacketType::Publish]
            );
        }
    }
}
