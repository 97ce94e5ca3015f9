//! What MQTT 5 adds to subscriptions: options, identifiers, reasons, and limits that stop them here.

use midge::protocol::{
    Limit, PacketType, Qos, RetainHandling, SubscribeOptions, SubscribeRequest, Version,
};
use midge::session::{Event, Grant, Input, Phase};

use crate::link::*;

fn grants(link: &Link) -> Vec<Grant> {
    let wanted = link.session.subscriptions().iter();
    wanted.map(|wanted| wanted.grant).collect()
}

fn numbered(filter: &str, identifier: u32) -> SubscribeRequest {
    SubscribeRequest {
        identifier: Some(identifier),
        ..wish(filter, Qos::AtMostOnce)
    }
}

fn all_options() -> SubscribeOptions {
    SubscribeOptions {
        qos: Qos::AtLeastOnce,
        no_local: true,
        retain_as_published: true,
        retain_handling: RetainHandling::Never,
    }
}

/// MQTT 5 [MQTT-3.8.3-1], [MQTT-3.8.3-2]
#[test]
fn options_go_out_with_each_filter() {
    let mut link = Link::connected(settings5());
    let seen = link.tell(Input::Subscribe(vec![
        SubscribeRequest {
            options: all_options(),
            ..wish("a", Qos::AtMostOnce)
        },
        wish("b", Qos::ExactlyOnce),
    ]));
    assert_eq!(
        sent(&seen),
        [b"\x82\x0b\x00\x01\x00\x00\x01a\x2d\x00\x01b\x02".to_vec()]
    );
    let wanted = &link.session.subscriptions()[0];
    assert_eq!((wanted.options, wanted.identifier), (all_options(), None));
}

/// An identifier is the whole packet's (MQTT 5 section 3.8.2.1.2).
#[test]
fn filters_with_another_identifier_go_in_another_packet() {
    let mut link = Link::connected(settings5());
    let seen = link.tell(Input::Subscribe(vec![
        numbered("a", 7),
        wish("b", Qos::AtMostOnce),
        numbered("c", 7),
        numbered("d", 300),
    ]));
    assert_eq!(
        sent(&seen),
        [
            b"\x82\x0d\x00\x01\x02\x0b\x07\x00\x01a\x00\x00\x01c\x00".to_vec(),
            b"\x82\x07\x00\x02\x00\x00\x01b\x00".to_vec(),
            b"\x82\x0a\x00\x03\x03\x0b\xac\x02\x00\x01d\x00".to_vec(),
        ]
    );
    // One code per filter, in its packet's order.
    link.suback(1, &[0, 0x87]);
    assert_eq!(
        grants(&link),
        [
            Grant::Granted(Qos::AtMostOnce),
            Grant::Asked,
            Grant::Refused(0x87),
            Grant::Asked
        ]
    );
}

#[test]
fn an_identifier_that_cannot_be_is_refused() {
    let mut link = Link::connected(settings5());
    for identifier in [0, 268_435_456, u32::MAX] {
        let seen = link.tell(Input::Subscribe(vec![numbered("a", identifier)]));
        assert_eq!(
            seen,
            [Seen::Event(Event::FilterInvalid {
                filter: "a".to_owned()
            })]
        );
    }
    assert_eq!(grants(&link), []);
}

/// MQTT 5 [MQTT-4.8.2-1], [MQTT-4.8.2-2]
#[test]
fn a_share_that_cannot_be_is_refused() {
    let mut link = Link::connected(settings5());
    for filter in [
        "$share//a",
        "$share/g",
        "$share/g/",
        "$share/+/a",
        "$share/g#/a",
    ] {
        let seen = link.subscribe(&[(filter, Qos::AtMostOnce)]);
        assert_eq!(
            seen,
            [Seen::Event(Event::FilterInvalid {
                filter: filter.to_owned()
            })]
        );
    }
    assert_eq!(
        as_broker(&link.subscribe(&[("$share/g/a/#", Qos::AtMostOnce)])),
        [PacketType::Subscribe]
    );
}

/// A refusal of one filter is not a connection error, and its reason is kept beside the filter.
///
/// MQTT 5 [MQTT-3.8.4-7]
#[test]
fn codes_and_reason_stand_at_their_filters() {
    let mut link = Link::connected(settings5());
    link.subscribe(&[
        ("a", Qos::ExactlyOnce),
        ("b", Qos::AtMostOnce),
        ("c", Qos::AtMostOnce),
    ]);
    let seen = link.bytes(&suback5(0x90, 1, &text(0x1F, b"no"), &[1, 0x97, 0x8F]));
    let refused = |filter: &str, code| Event::Refused {
        filter: filter.to_owned(),
        code,
        reason: Some("no".to_owned()),
    };
    assert_eq!(
        events(&seen),
        [
            Event::Granted {
                filter: "a".to_owned(),
                qos: Qos::AtLeastOnce
            },
            refused("b", 0x97),
            refused("c", 0x8F)
        ]
    );
    let reasons = link.session.subscriptions().iter();
    let reasons: Vec<_> = reasons.map(|wanted| wanted.reason.as_deref()).collect();
    assert_eq!(reasons, [None, Some("no"), Some("no")]);
    assert_eq!(link.session.phase(), Phase::Connected);
}

/// One SUBACK could refuse thousands of filters with one long reason.
#[test]
fn a_long_reason_is_kept_in_part() {
    let mut link = Link::connected(settings5());
    link.subscribe(&[("a", Qos::AtMostOnce)]);
    let reason = "é".repeat(20_000);
    let properties = text(0x1F, reason.as_bytes());
    let length = [
        (properties.len() % 128) as u8 | 0x80,
        (properties.len() / 128 % 128) as u8 | 0x80,
        (properties.len() / 16_384) as u8,
    ];
    link.bytes(&packet(0x90, &[&[0, 1], &length, &properties, &[0x80]]));
    let kept = link.session.subscriptions()[0].reason.clone().expect("one");
    assert!(reason.starts_with(&kept) && (500..=512).contains(&kept.len()));
}

/// MQTT 5 [MQTT-3.10.4-1], [MQTT-3.11.3-1]
#[test]
fn unsuback_says_for_each_filter_whether_it_is_gone() {
    let mut link = Link::connected(keeping5());
    link.subscribe(&[
        ("a", Qos::AtMostOnce),
        ("b", Qos::AtMostOnce),
        ("c", Qos::AtMostOnce),
    ]);
    link.suback(1, &[0, 0, 0]);
    // Without an identifier they would go out one by one: given up while away, they go in one packet.
    link.lose();
    for filter in ["a", "b", "c"] {
        link.tell(Input::Unsubscribe(filter.to_owned()));
    }
    let seen = link.accept(true);
    let (packet_type, _, id) = sent_ids(&seen)[1];
    assert_eq!(packet_type, PacketType::Unsubscribe);
    let seen = link.bytes(&suback5(0xB0, id, &text(0x1F, b"no"), &[0, 0x11, 0x87]));
    let gone = |filter: &str, code| Event::Unsubscribed {
        filter: filter.to_owned(),
        code,
        reason: Some("no".to_owned()),
    };
    assert_eq!(
        events(&seen),
        [gone("a", 0), gone("b", 0x11), gone("c", 0x87)]
    );
    // What the broker still holds is not asked for again and again, but once per connection.
    assert_eq!(link.pass(30 * SECOND), []);
    assert_eq!(grants(&link), []);
    link.lose();
    let seen = link.accept(true);
    assert_eq!(
        sent(&seen)[1..],
        [b"\xA2\x06\x00\x03\x00\x00\x01c".to_vec()]
    );
}

/// MQTT 5 [MQTT-3.8.4-6]
#[test]
fn suback_with_another_count_is_a_protocol_error() {
    for codes in [&[0][..], &[0, 0, 0]] {
        let mut link = Link::connected(strict(settings5()));
        link.subscribe(&[("a", Qos::AtMostOnce), ("b", Qos::AtMostOnce)]);
        let seen = link.bytes(&suback5(0x90, 1, &[], codes));
        assert_eq!(parted(&seen), [0x82]);
        assert_eq!(link.session.phase(), Phase::Failed);
    }
}

/// MQTT 5 [MQTT-2.2.1-6], [MQTT-3.8.4-2]
#[test]
fn an_answer_belongs_to_the_request_with_its_identifier() {
    let mut link = Link::connected(settings5());
    link.subscribe(&[("a", Qos::AtMostOnce)]);
    link.subscribe(&[("b", Qos::AtMostOnce)]);
    assert_eq!(events(&link.bytes(&suback5(0x90, 9, &[], &[0]))), []);
    link.suback(2, &[0]);
    assert_eq!(
        grants(&link),
        [Grant::Asked, Grant::Granted(Qos::AtMostOnce)]
    );
    link.tell(Input::Unsubscribe("b".to_owned()));
    assert_eq!(events(&link.bytes(&suback5(0xB0, 2, &[], &[0]))), []);
    assert_eq!(events(&link.bytes(&suback5(0xB0, 3, &[], &[0]))).len(), 1);
}

#[test]
fn unsuback_with_another_count_is_a_protocol_error() {
    let mut link = Link::connected(strict(settings5()));
    link.subscribe(&[("a", Qos::AtMostOnce)]);
    link.suback(1, &[0]);
    link.tell(Input::Unsubscribe("a".to_owned()));
    let seen = link.bytes(&suback5(0xB0, 2, &[], &[0, 0]));
    assert_eq!(parted(&seen), [0x82]);
    assert_eq!(link.session.phase(), Phase::Failed);
}

/// MQTT 5 sections 3.2.2.3.11 to 3.2.2.3.13: what the server does not have is not asked for, and stays wanted.
#[test]
fn what_the_server_does_not_have_is_not_asked_for() {
    let cases: [(u8, SubscribeRequest, Limit); 4] = [
        (0x28, wish("a/#", Qos::AtMostOnce), Limit::Wildcards),
        (0x28, wish("$share/g/+", Qos::AtMostOnce), Limit::Wildcards),
        (0x2A, wish("$share/g/a", Qos::AtMostOnce), Limit::Shared),
        (0x29, numbered("a", 1), Limit::Identifiers),
    ];
    for (property, wish, why) in cases {
        let mut link = Link::granted(settings5(), &[property, 0]);
        let filter = wish.filter.clone();
        let seen = link.tell(Input::Subscribe(vec![wish]));
        assert_eq!(seen, [Seen::Event(Event::Forbidden { filter, why })]);
        assert_eq!(grants(&link), [Grant::Forbidden(why)]);
        // Others go out.
        assert_eq!(
            as_broker(&link.subscribe(&[("plain", Qos::AtMostOnce)])),
            [PacketType::Subscribe]
        );
        // Another connection may allow it.
        link.now += 6 * SECOND;
        link.lose();
        assert!(grants(&link).iter().all(|grant| *grant == Grant::Asleep));
        link.accept(false);
        assert_eq!(grants(&link), [Grant::Asked, Grant::Asked]);
    }
}

/// MQTT 5 [MQTT-3.8.3-4]
#[test]
fn no_local_is_not_asked_for_a_share() {
    let mut link = Link::connected(settings5());
    let options = SubscribeOptions {
        no_local: true,
        ..SubscribeOptions::default()
    };
    link.tell(Input::Subscribe(vec![SubscribeRequest {
        options,
        ..wish("$share/g/a", Qos::AtMostOnce)
    }]));
    assert_eq!(grants(&link), [Grant::Forbidden(Limit::NoLocalShared)]);
}

#[test]
fn what_the_version_does_not_have_is_not_asked_for() {
    let asks = |options| SubscribeRequest {
        options,
        ..wish("a", Qos::AtMostOnce)
    };
    let plain = SubscribeOptions::default;
    let wishes = [
        asks(SubscribeOptions {
            no_local: true,
            ..plain()
        }),
        asks(SubscribeOptions {
            retain_as_published: true,
            ..plain()
        }),
        asks(SubscribeOptions {
            retain_handling: RetainHandling::IfNew,
            ..plain()
        }),
        numbered("a", 1),
    ];
    for version in [Version::V31, Version::V311] {
        for wish in wishes.clone() {
            let mut settings = settings();
            settings.connect.version = version;
            let mut link = Link::connected(settings);
            let seen = link.tell(Input::Subscribe(vec![wish]));
            assert_eq!(sent(&seen), [] as [Vec<u8>; 0]);
            assert_eq!(grants(&link), [Grant::Forbidden(Limit::Version)]);
        }
        // Many brokers share in these versions too: that is for them to say.
        let mut settings = settings();
        settings.connect.version = version;
        let mut link = Link::connected(settings);
        let seen = link.subscribe(&[("$share/g/a", Qos::AtMostOnce)]);
        assert_eq!(sent(&seen).len(), 1);
    }
}

/// MQTT 5 [MQTT-3.2.2-15]: to the byte.
#[test]
fn requests_are_cut_to_the_packets_that_the_server_takes() {
    let mut link = Link::granted(settings5(), &four(0x27, 20));
    // 2 + 2 + 1 + 3 times 5 bytes are 20.
    let seen = link.subscribe(&[
        ("aa", Qos::AtMostOnce),
        ("bb", Qos::AtMostOnce),
        ("cc", Qos::AtMostOnce),
        ("dd", Qos::AtMostOnce),
        ("0123456789ab", Qos::AtMostOnce),
        ("0123456789abc", Qos::AtMostOnce),
    ]);
    let sizes: Vec<usize> = sent(&seen).iter().map(Vec::len).collect();
    assert_eq!(sizes, [20, 10, 20]);
    assert_eq!(grants(&link)[5], Grant::Forbidden(Limit::PacketSize(20)));
    link.suback(1, &[0, 0, 0]);
    link.suback(2, &[0]);
    link.suback(3, &[0]);
    let gone: usize = ["aa", "bb", "cc", "dd"]
        .into_iter()
        .map(|filter| sent(&link.tell(Input::Unsubscribe(filter.to_owned()))).len())
        .sum();
    assert_eq!(gone, 4);
}

#[test]
fn many_filters_given_up_at_once_are_cut_too() {
    let mut link = Link::granted(keeping5(), &four(0x27, 20));
    let filters = ["aa", "bb", "cc", "dd"];
    let wishes = filters.map(|filter| wish(filter, Qos::AtMostOnce));
    link.tell(Input::Subscribe(wishes.to_vec()));
    link.suback(1, &[0, 0, 0]);
    link.suback(2, &[0]);
    link.lose();
    for filter in filters {
        link.tell(Input::Unsubscribe(filter.to_owned()));
    }
    link.opened();
    let seen = link.bytes(&connack5(true, 0, &four(0x27, 20)));
    let sizes: Vec<usize> = sent(&seen).iter().map(Vec::len).collect();
    assert_eq!(sizes, [17, 9]);
}

/// What the session holds in the same way is not asked for again; what changed is.
#[test]
fn other_options_are_asked_for_again() {
    let mut link = Link::connected(keeping5());
    link.subscribe(&[("a", Qos::AtLeastOnce), ("b", Qos::AtLeastOnce)]);
    link.suback(1, &[1, 1]);
    link.lose();
    link.tell(Input::Subscribe(vec![SubscribeRequest {
        options: all_options(),
        ..wish("b", Qos::AtMostOnce)
    }]));
    let seen = link.accept(true);
    assert_eq!(
        sent(&seen)[1..],
        [b"\x82\x07\x00\x02\x00\x00\x01b\x2d".to_vec()]
    );
    assert_eq!(
        grants(&link),
        [Grant::Granted(Qos::AtLeastOnce), Grant::Asked]
    );
}
