//! Topic filters: wanted, asked for, granted, given up, asked for again.

use midge::protocol::{PacketType, Qos};
use midge::session::{Event, Grant, Input};

use crate::link::*;

fn grants(link: &Link) -> Vec<(&str, Grant)> {
    link.session
        .subscriptions()
        .iter()
        .map(|wanted| (wanted.filter.as_str(), wanted.grant))
        .collect()
}

/// MQTT 3.1.1 [MQTT-3.8.1-1], [MQTT-3.8.3-3]
#[test]
fn filters_are_asked_for_in_one_packet_and_granted_one_by_one() {
    let mut link = Link::connected(settings());
    let seen = link.subscribe(&[
        ("a/#", Qos::AtLeastOnce),
        ("b/+", Qos::ExactlyOnce),
        ("c", Qos::AtMostOnce),
    ]);
    assert_eq!(
        sent(&seen),
        [b"\x82\x12\x00\x01\x00\x03a/#\x01\x00\x03b/+\x02\x00\x01c\x00".to_vec()]
    );
    assert_eq!(grants(&link)[0], ("a/#", Grant::Asked));
    let seen = link.bytes(&suback(1, &[1, 0, 0x80]));
    assert_eq!(
        events(&seen),
        [
            Event::Granted {
                filter: "a/#".to_owned(),
                qos: Qos::AtLeastOnce
            },
            Event::Granted {
                filter: "b/+".to_owned(),
                qos: Qos::AtMostOnce
            },
            Event::Refused {
                filter: "c".to_owned(),
                code: 0x80,
                reason: None
            }
        ]
    );
    assert_eq!(
        grants(&link),
        [
            ("a/#", Grant::Granted(Qos::AtLeastOnce)),
            ("b/+", Grant::Granted(Qos::AtMostOnce)),
            ("c", Grant::Refused(0x80))
        ]
    );
}

#[test]
fn what_is_no_filter_is_refused_and_the_others_go_out() {
    let mut link = Link::connected(settings());
    let seen = link.subscribe(&[
        ("a/#/b", Qos::AtMostOnce),
        ("ok", Qos::AtMostOnce),
        ("", Qos::AtMostOnce),
    ]);
    let invalid = ["a/#/b", ""].map(|filter| Event::FilterInvalid {
        filter: filter.to_owned(),
    });
    assert_eq!(events(&seen), invalid);
    assert_eq!(grants(&link), [("ok", Grant::Asked)]);
}

#[test]
fn filters_wanted_without_a_connection_are_asked_for_with_it() {
    let mut link = Link::new(1);
    assert_eq!(link.subscribe(&[("a", Qos::AtMostOnce)]), []);
    link.subscribe(&[("b", Qos::AtMostOnce), ("a", Qos::ExactlyOnce)]);
    assert_eq!(grants(&link), [("a", Grant::Asleep), ("b", Grant::Asleep)]);
    link.tell(connect(settings()));
    let seen = link.accept(false);
    assert_eq!(
        sent(&seen)[1..],
        [b"\x82\x0a\x00\x01\x00\x01a\x02\x00\x01b\x00".to_vec()]
    );
}

#[test]
fn after_a_new_session_all_filters_are_asked_for_in_one_packet() {
    for settings in [settings(), keeping()] {
        let mut link = Link::connected(settings);
        link.subscribe(&[("a", Qos::AtMostOnce)]);
        link.subscribe(&[("b", Qos::AtMostOnce)]);
        link.bytes(&[suback(1, &[0]), suback(2, &[0x80])].concat());
        link.lose();
        assert_eq!(grants(&link), [("a", Grant::Asleep), ("b", Grant::Asleep)]);
        let seen = link.accept(false);
        assert_eq!(
            as_broker(&seen),
            [PacketType::Connect, PacketType::Subscribe]
        );
        assert_eq!(grants(&link), [("a", Grant::Asked), ("b", Grant::Asked)]);
        // Both had their own identifiers before; those are free again.
        let id = sent_ids(&seen)[1].2;
        assert_eq!(events(&link.bytes(&suback(id, &[0, 0]))).len(), 2);
    }
}

#[test]
fn a_kept_session_is_not_subscribed_twice() {
    let mut link = Link::connected(keeping());
    link.subscribe(&[("a", Qos::AtLeastOnce)]);
    link.bytes(&suback(1, &[1]));
    // This one's answer never comes, so it is issued anew.
    link.subscribe(&[("b", Qos::AtMostOnce)]);
    link.now += 6 * SECOND;
    link.lose();
    let seen = link.accept(true);
    assert_eq!(
        sent(&seen)[1..],
        [b"\x82\x06\x00\x03\x00\x01b\x00".to_vec()]
    );
    assert_eq!(
        grants(&link),
        [("a", Grant::Granted(Qos::AtLeastOnce)), ("b", Grant::Asked)]
    );
}

#[test]
fn what_changed_without_a_connection_is_told_to_a_kept_session() {
    let mut link = Link::connected(keeping());
    link.subscribe(&[
        ("gone", Qos::AtMostOnce),
        ("more", Qos::AtMostOnce),
        ("same", Qos::AtMostOnce),
    ]);
    link.bytes(&suback(1, &[0, 0, 0]));
    link.lose();
    link.tell(Input::Unsubscribe("gone".to_owned()));
    link.subscribe(&[("more", Qos::ExactlyOnce)]);
    link.tell(Input::Unsubscribe("same".to_owned()));
    link.subscribe(&[("same", Qos::AtMostOnce)]);
    let seen = link.accept(true);
    assert_eq!(
        sent(&seen)[1..],
        [
            b"\xA2\x08\x00\x02\x00\x04gone".to_vec(),
            b"\x82\x10\x00\x03\x00\x04more\x02\x00\x04same\x00".to_vec()
        ]
    );
}

#[test]
fn a_new_session_is_not_told_what_was_given_up() {
    let mut link = Link::connected(keeping());
    link.subscribe(&[("gone", Qos::AtMostOnce)]);
    link.bytes(&suback(1, &[0]));
    link.lose();
    link.tell(Input::Unsubscribe("gone".to_owned()));
    assert_eq!(as_broker(&link.accept(false)), [PacketType::Connect]);
}

/// MQTT 3.1.1 [MQTT-3.8.4-3]
#[test]
fn another_quality_of_service_is_asked_for_again() {
    let mut link = Link::connected(settings());
    link.subscribe(&[("a", Qos::AtMostOnce)]);
    // The answer to the first is overtaken by the second.
    let seen = link.subscribe(&[("a", Qos::ExactlyOnce)]);
    assert_eq!(sent(&seen), [b"\x82\x06\x00\x02\x00\x01a\x02".to_vec()]);
    assert_eq!(events(&link.bytes(&suback(1, &[0]))), []);
    assert_eq!(grants(&link), [("a", Grant::Asked)]);
    link.bytes(&suback(2, &[2]));
    assert_eq!(grants(&link), [("a", Grant::Granted(Qos::ExactlyOnce))]);
}

/// MQTT 3.1.1 [MQTT-3.10.1-1], [MQTT-3.10.3-2]
#[test]
fn unsubscribing_takes_it_off_the_list_at_once() {
    let mut link = Link::connected(settings());
    link.subscribe(&[("a", Qos::AtMostOnce)]);
    link.bytes(&suback(1, &[0]));
    let seen = link.tell(Input::Unsubscribe("a".to_owned()));
    assert_eq!(sent(&seen), [b"\xA2\x05\x00\x02\x00\x01a".to_vec()]);
    assert_eq!(grants(&link), []);
    let seen = link.bytes(&ack(UNSUBACK, 2));
    assert_eq!(
        events(&seen),
        [Event::Unsubscribed {
            filter: "a".to_owned(),
            code: 0,
            reason: None
        }]
    );
    assert_eq!(link.tell(Input::Unsubscribe("a".to_owned())), []);
}

#[test]
fn subscribing_again_before_unsuback_keeps_the_order() {
    let mut link = Link::connected(keeping());
    link.subscribe(&[("a", Qos::AtMostOnce)]);
    link.bytes(&suback(1, &[0]));
    link.tell(Input::Unsubscribe("a".to_owned()));
    assert_eq!(
        as_broker(&link.subscribe(&[("a", Qos::AtMostOnce)])),
        [PacketType::Subscribe]
    );
    // Neither was answered: SUBSCRIBE alone says what holds.
    link.lose();
    assert_eq!(
        as_broker(&link.accept(true)),
        [PacketType::Connect, PacketType::Subscribe]
    );
}

#[test]
fn answers_to_nothing_are_ignored() {
    let mut link = Link::connected(settings());
    assert_eq!(
        events(&link.bytes(&[suback(9, &[0]), ack(UNSUBACK, 9).to_vec()].concat())),
        []
    );
}

/// SUBACK and UNSUBACK free their identifiers, so that more can be asked than there are.
///
/// MQTT 3.1.1 [MQTT-2.3.1-2]
#[test]
fn answers_free_their_identifiers() {
    let mut link = Link::connected(settings());
    for _ in 0..33_000 {
        let id = sent_ids(&link.subscribe(&[("a", Qos::AtMostOnce)]))[0].2;
        link.bytes(&suback(id, &[0]));
        let id = sent_ids(&link.tell(Input::Unsubscribe("a".to_owned())))[0].2;
        link.bytes(&ack(UNSUBACK, id));
    }
    assert_eq!(sent(&link.publish(1, Qos::AtLeastOnce)).len(), 1);
}
