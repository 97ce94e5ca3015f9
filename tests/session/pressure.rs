//! Bytes on their way: how many there may be, what waits, and what is told of it.

use midge::protocol::{PacketType, Qos};
use midge::session::{Event, Input, Phase, PublishFault};

use crate::link::*;

/// No numbers.
const NONE: [u32; 0] = [];
/// A quarter of what may be on its way.
const QUARTER: usize = MOST as usize / 4;
/// Bytes on their way at the most.
const MOST: u64 = 16 << 20;

/// Nothing leaves by itself.
fn still(settings: midge::session::Settings) -> Link {
    let mut link = Link::connected(settings);
    link.leaves = false;
    link
}

fn publish(link: &mut Link, number: u32, size: usize, qos: Qos) -> Vec<Seen> {
    let payload = vec![number as u8; size];
    link.tell(Input::Publish(message(number, "t", &payload, qos)))
}

/// Numbers of the publications that went out.
fn went(seen: &[Seen]) -> Vec<u32> {
    let numbers = seen.iter().filter_map(|seen| match seen {
        Seen::Sent(_, midge::session::PacketRole::Publication(number)) => Some(*number),
        _ => None,
    });
    numbers.collect()
}

fn published(seen: &[Seen]) -> Vec<u32> {
    let numbers = events(seen).into_iter().filter_map(|event| match event {
        Event::Published { number } => Some(number),
        _ => None,
    });
    numbers.collect()
}

#[test]
fn a_line_that_stands_still_is_given_no_more_than_a_bound() {
    for settings in each() {
        for qos in [Qos::AtMostOnce, Qos::AtLeastOnce, Qos::ExactlyOnce] {
            let mut link = still(settings.clone());
            let mut seen = Vec::new();
            for number in 1..=100 {
                seen.extend(publish(&mut link, number, 4_000_000, qos));
            }
            assert_eq!(went(&seen), [1, 2, 3, 4], "{qos:?}");
            assert_eq!(published(&seen), NONE);
            assert!(link.session.on_way() <= MOST);
            assert!(link.session.is_send_buffer_full());
            // What does not wait there is refused: it is bounded, too.
            let waits = link.session.queue_size();
            assert!(waits.1 <= 32 << 20, "{waits:?}");
            let refused = |event: &Event| {
                matches!(
                    event,
                    Event::PublishFailed {
                        why: PublishFault::QueueFull,
                        ..
                    }
                )
            };
            assert_eq!(
                events(&seen).iter().filter(|event| refused(event)).count(),
                96 - waits.0
            );
        }
    }
}

#[test]
fn what_leaves_makes_room_in_order_and_is_told_when_it_has_left() {
    for settings in each() {
        let mut link = still(settings);
        for number in 1..=6 {
            publish(&mut link, number, QUARTER, Qos::AtMostOnce);
        }
        // Half of the first: there is room for one more, and none of them has left.
        let seen = link.buffered(link.session.on_way() - QUARTER as u64 / 2);
        assert_eq!((went(&seen), published(&seen)), (vec![4], vec![]));
        // The rest of it, but for a byte; and that byte.
        let on_way = link.session.on_way() - QUARTER as u64 / 2;
        assert_eq!(published(&link.buffered(on_way)), NONE);
        let seen = link.buffered(on_way - 9);
        assert_eq!((went(&seen), published(&seen)), (vec![], vec![1]));
        let seen = link.buffered(0);
        assert_eq!((went(&seen), published(&seen)), (vec![5, 6], vec![2, 3, 4]));
        assert!(!link.session.is_send_buffer_full());
        let seen = link.buffered(0);
        assert_eq!(published(&seen), [5, 6]);
        assert_eq!(link.session.look_at(), None, "nothing is on its way");
    }
}

/// A small one of QoS 0 does not overtake a large one, and neither does one of another quality of service.
#[test]
fn nothing_overtakes_what_waits_for_the_line() {
    for settings in each() {
        let mut link = still(settings);
        publish(&mut link, 1, 3 * QUARTER, Qos::AtMostOnce);
        let seen = [
            publish(&mut link, 2, 2 * QUARTER, Qos::AtMostOnce),
            publish(&mut link, 3, 1, Qos::AtMostOnce),
            publish(&mut link, 4, 1, Qos::AtLeastOnce),
        ];
        assert_eq!(went(&seen.concat()), NONE);
        assert_eq!(went(&link.buffered(0)), [2, 3, 4]);
    }
}

/// QoS 0 waits for the line and not for acknowledgements of others, as far as there is room.
#[test]
fn qos_0_behind_a_full_window_goes_as_far_as_there_is_room() {
    let mut link = still(settings());
    for number in 1..=21 {
        publish(&mut link, number, 1, Qos::AtLeastOnce);
    }
    for number in 31..=37 {
        publish(&mut link, number, QUARTER, Qos::AtMostOnce);
    }
    assert_eq!(went(&link.buffered(0)), [34, 35, 36]);
    assert_eq!(went(&link.buffered(0)), [37]);
    link.bytes(&ack(PUBACK, 1));
    let waits: Vec<u32> = link.session.queue().map(|one| one.number).collect();
    assert_eq!(waits, NONE);
}

/// It would never go otherwise. With acknowledgements leaving all the time there is never quite nothing on its way.
#[test]
fn a_message_larger_than_the_bound_goes_when_next_to_nothing_is_on_its_way() {
    for settings in each() {
        let mut link = still(settings);
        publish(&mut link, 1, 100_000, Qos::AtMostOnce);
        assert_eq!(
            went(&publish(&mut link, 2, 5 * QUARTER, Qos::AtLeastOnce)),
            NONE
        );
        assert_eq!(went(&link.buffered(80_000)), NONE);
        assert_eq!(went(&link.buffered(4_000)), [2]);
        // And nothing behind it, until it has gone.
        assert_eq!(went(&publish(&mut link, 3, 10, Qos::AtMostOnce)), NONE);
        assert_eq!(went(&link.buffered(4 * QUARTER as u64)), NONE);
        assert_eq!(went(&link.buffered(3 * QUARTER as u64)), [3]);
    }
}

#[test]
fn acknowledgements_and_the_rest_go_however_full_the_line_is() {
    for settings in each() {
        let mut link = still(settings);
        publish(&mut link, 1, 5 * QUARTER, Qos::AtMostOnce);
        let mut seen = link.bytes(&link.message(0x32, 7));
        seen.extend(link.bytes(&link.message(0x34, 8)));
        seen.extend(link.subscribe(&[("a", Qos::AtMostOnce)]));
        seen.extend(link.wake());
        seen.extend(link.tell(Input::Disconnect));
        assert_eq!(
            as_broker(&seen),
            [
                PacketType::Puback,
                PacketType::Pubrec,
                PacketType::Subscribe,
                PacketType::Pingreq,
                PacketType::Disconnect,
            ]
        );
        // The socket closes when all of it has left.
        assert_eq!(published(&seen), [1]);
    }
}

/// What an earlier connection left unacknowledged is sent again as fast as it leaves.
#[test]
fn repeats_are_held_to_the_same_bound() {
    for settings in each_keeping() {
        let mut link = Link::connected(settings);
        for number in 1..=8 {
            publish(&mut link, number, QUARTER, Qos::AtLeastOnce);
        }
        link.lose();
        link.leaves = false;
        assert_eq!(went(&link.accept(true)), [1, 2, 3]);
        assert!(link.session.is_send_buffer_full());
        assert_eq!(went(&link.buffered(2 * QUARTER as u64)), [4]);
        assert_eq!(went(&link.buffered(0)), [5, 6, 7]);
        assert_eq!(went(&link.buffered(0)), [8]);
    }
}

/// QoS 0 that had not left is lost with the connection, and told so. What waited behind it goes on the next.
#[test]
fn what_had_not_left_when_the_connection_ended_is_told() {
    for settings in each_keeping() {
        let mut link = still(settings);
        for number in 1..=6 {
            publish(&mut link, number, QUARTER, Qos::AtMostOnce);
        }
        link.buffered(2 * QUARTER as u64);
        let seen = link.lose();
        let cut: Vec<u32> = events(&seen)
            .into_iter()
            .filter_map(|event| match event {
                Event::PublishFailed {
                    number,
                    why: PublishFault::Cut,
                } => Some(number),
                _ => None,
            })
            .collect();
        assert_eq!(cut, [2, 3, 4]);
        assert_eq!(went(&link.accept(true)), [5, 6]);
        assert_eq!(link.session.phase(), Phase::Connected);
    }
}

/// At the end it is looked once more what has left. The room that this makes is of no use any more: what waited goes on the
/// next connection, and none of it was sent on the one that is gone.
#[test]
fn what_left_last_lets_nothing_follow_onto_a_closed_socket() {
    for settings in each_keeping() {
        for qos in [Qos::AtMostOnce, Qos::AtLeastOnce] {
            let mut link = still(settings.clone());
            for number in 1..=5 {
                publish(&mut link, number, QUARTER, qos);
            }
            let socket = link.socket;
            let bytes = QUARTER as u64;
            let seen = link.tell(Input::LeftBehind { socket, bytes });
            assert_eq!(went(&seen), NONE);
            let gone: &[u32] = if qos == Qos::AtMostOnce { &[1, 2] } else { &[] };
            assert_eq!(published(&seen), gone);
            link.lose();
            let waits: Vec<u32> = link.session.queue().map(|one| one.number).collect();
            assert_eq!(waits, [4, 5]);
        }
    }
}

/// A look is due at once, then soon, and less often while nothing moves; never while nothing is on its way.
#[test]
fn looks_are_rare_while_nothing_moves() {
    let mut link = still(settings());
    link.buffered(0);
    assert_eq!(link.session.look_at(), None);
    link.now += 60 * SECOND;
    publish(&mut link, 1, QUARTER, Qos::AtMostOnce);
    let began = link.now;
    let mut looks = 0;
    while let Some(at) = link
        .session
        .look_at()
        .filter(|at| *at < began + 10 * SECOND)
    {
        link.now = link.now.max(at);
        link.buffered(QUARTER as u64);
        looks += 1;
    }
    assert!((90..120).contains(&looks), "{looks} in 10 s");
}
