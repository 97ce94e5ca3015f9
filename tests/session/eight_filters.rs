//! At most eight filters in a SUBSCRIBE or UNSUBSCRIBE: AWS IoT takes no more, and closes the connection over the ninth at
//! each return.

use midge::protocol::{PacketType, Qos, SubscribeOptions, SubscribeRequest};
use midge::session::{Event, Grant, Input, Settings};

use crate::link::*;

fn name(number: usize) -> String {
    format!("f/{number}")
}

fn wishes(count: usize) -> Vec<SubscribeRequest> {
    let wish = |number| SubscribeRequest {
        filter: name(number),
        options: SubscribeOptions::from(Qos::AtLeastOnce),
        identifier: None,
    };
    (0..count).map(wish).collect()
}

/// First byte, packet identifier and filters of each SUBSCRIBE and UNSUBSCRIBE that was sent.
fn asked(link: &Link, seen: &[Seen]) -> Vec<(u8, u16, Vec<String>)> {
    let five = link.version == midge::protocol::Version::V5;
    let packets = sent(seen).into_iter();
    let asking = packets.filter(|bytes| matches!(bytes[0], 0x82 | 0xA2));
    asking
        .map(|bytes| {
            assert!(bytes.len() < 130, "the remaining length is one byte here");
            let id = u16::from_be_bytes([bytes[2], bytes[3]]);
            let mut rest = &bytes[4 + usize::from(five)..];
            let mut filters = Vec::new();
            while let [high, low, behind @ ..] = rest {
                let (filter, behind) =
                    behind.split_at(usize::from(u16::from_be_bytes([*high, *low])));
                filters.push(String::from_utf8(filter.to_vec()).expect("text"));
                rest = &behind[usize::from(bytes[0] == 0x82)..];
            }
            (bytes[0], id, filters)
        })
        .collect()
}

fn names(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(name).collect()
}

fn connected_with(settings: Settings, count: usize) -> (Link, Vec<Seen>) {
    let mut link = Link::connected(settings);
    let seen = link.tell(Input::Subscribe(wishes(count)));
    (link, seen)
}

/// MQTT 3.1.1 [MQTT-2.3.1-2], [MQTT-3.8.3-3]
/// MQTT 5 [MQTT-2.2.1-3], [MQTT-3.8.3-2]
#[test]
fn nine_filters_go_out_in_two_packets_in_order_and_each_with_an_identifier() {
    for settings in each() {
        for (count, packets) in [(8, vec![8]), (9, vec![8, 1]), (25, vec![8, 8, 8, 1])] {
            let (mut link, seen) = connected_with(settings.clone(), count);
            let asked = asked(&link, &seen);
            let sizes: Vec<usize> = asked.iter().map(|(.., filters)| filters.len()).collect();
            assert_eq!(sizes, packets);
            let all: Vec<String> = asked.iter().flat_map(|(.., all)| all.clone()).collect();
            assert_eq!(all, names(0..count));
            let ids: Vec<u16> = asked.iter().map(|(_, id, _)| *id).collect();
            assert_eq!(ids, (1..=packets.len() as u16).collect::<Vec<_>>());
            // Answered in another order, each answer reaches its own filters.
            for (_, id, filters) in asked.iter().rev() {
                let granted = vec![1; filters.len()];
                assert_eq!(events(&link.suback(*id, &granted)).len(), filters.len());
            }
            let wanted = link.session.subscriptions();
            assert!(
                wanted
                    .iter()
                    .all(|one| one.grant == Grant::Granted(Qos::AtLeastOnce))
            );
        }
    }
}

/// Wanted without a connection, and after each loss, it is the same.
#[test]
fn filters_that_waited_for_a_connection_go_out_eight_at_a_time() {
    for settings in each() {
        let mut link = Link::new(1);
        link.tell(Input::Subscribe(wishes(20)));
        link.tell(connect(settings));
        for _ in 0..2 {
            let seen = link.accept(false);
            let asked = asked(&link, &seen);
            let filters: Vec<Vec<String>> = asked.into_iter().map(|(.., all)| all).collect();
            assert_eq!(filters, [names(0..8), names(8..16), names(16..20)]);
            // Long after: the loss says nothing about filters.
            link.now += 60 * SECOND;
            link.tell(Input::NetworkChanged);
            link.lose();
        }
    }
}

#[test]
fn a_part_that_is_refused_leaves_the_other_parts_asked() {
    let (mut link, seen) = connected_with(settings(), 10);
    let first = asked(&link, &seen)[0].1;
    link.suback(first, &[0x80, 1, 1, 1, 1, 1, 1, 0x80]);
    let grants: Vec<Grant> = link
        .session
        .subscriptions()
        .iter()
        .map(|one| one.grant)
        .collect();
    assert_eq!((grants[0], grants[7]), (Grant::Refused(0x80), grants[0]));
    assert_eq!(grants[1..7], [Grant::Granted(Qos::AtLeastOnce); 6]);
    assert_eq!(grants[8..], [Grant::Asked; 2]);
}

/// Filters that were given up while there was no connection, in a session that goes on.
///
/// MQTT 3.1.1 [MQTT-2.3.1-2]
#[test]
fn nine_filters_are_given_up_in_two_packets() {
    for settings in each_keeping() {
        let (mut link, seen) = connected_with(settings, 9);
        for (_, id, filters) in asked(&link, &seen) {
            link.suback(id, &vec![1; filters.len()]);
        }
        link.lose();
        for filter in names(0..9) {
            link.tell(Input::Unsubscribe(filter));
        }
        let seen = link.accept(true);
        let left = asked(&link, &seen);
        let filters: Vec<_> = left
            .iter()
            .map(|(kind, _, all)| (*kind, all.clone()))
            .collect();
        assert_eq!(filters, [(0xA2, names(0..8)), (0xA2, names(8..9))]);
        for (_, id, all) in left.iter().rev() {
            let events = events(&link.unsuback(*id, all.len()));
            let gone = |event: &Event| matches!(event, Event::Unsubscribed { code: 0, .. });
            assert!(events.len() == all.len() && events.iter().all(gone));
        }
        assert_eq!(link.session.identifiers_in_use(), 0);
    }
}

/// What finds no packet identifier waits until one is free, and loses nothing.
///
/// MQTT 3.1.1 [MQTT-2.3.1-2]
#[test]
fn where_identifiers_run_out_the_rest_is_asked_for_later() {
    let mut link = Link::connected(keeping());
    // All but one are taken, by UNSUBSCRIBE and SUBSCRIBE without answers.
    for _ in 0..65_534 {
        link.subscribe(&[("x", Qos::AtMostOnce)]);
    }
    assert_eq!(link.session.identifiers_in_use(), 65_534);
    let seen = link.tell(Input::Subscribe(wishes(20)));
    let first = asked(&link, &seen);
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].2, names(0..8));
    let sleeping = |link: &Link| {
        let all = link.session.subscriptions().iter();
        all.filter(|one| one.grant == Grant::Asleep).count()
    };
    assert_eq!(sleeping(&link), 12);
    let seen = link.suback(first[0].1, &[1; 8]);
    assert_eq!(as_broker(&seen), [PacketType::Subscribe]);
    assert_eq!(asked(&link, &seen)[0].2, names(8..16));
    assert_eq!(sleeping(&link), 4);
    link.suback(1, &[0]);
    assert_eq!(sleeping(&link), 0);
}
