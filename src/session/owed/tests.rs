use super::super::Message;
use super::*;
use crate::protocol::{Qos, SubscribeOptions, Version};

fn publication(number: u32, qos: Qos) -> Publication {
    Publication {
        key: u64::from(number),
        queued_at: 0,
        strikes: 0,
        message: Message {
            number,
            topic: "t".to_owned(),
            qos,
            ..Message::default()
        },
    }
}

fn send(owed: &mut Owed, number: u32, qos: Qos) -> u16 {
    let id = owed.next_identifier().expect("a free identifier");
    let publication = publication(number, qos);
    owed.sent(Flight {
        id,
        publication,
        until: 5,
    });
    id
}

#[test]
fn an_identifier_is_free_once_its_delivery_has_ended_and_not_before() {
    let mut owed = Owed::default();
    let one = send(&mut owed, 1, Qos::AtLeastOnce);
    let two = send(&mut owed, 2, Qos::ExactlyOnce);
    assert_eq!(owed.identifiers_in_use(), 2);
    // An acknowledgement that does not fit frees nothing.
    assert!(owed.puback(two).is_err() && owed.pubcomp(two).is_err());
    assert_eq!(owed.puback(99), Ok(None));
    assert_eq!(owed.identifiers_in_use(), 2);
    assert!(matches!(
        owed.puback(one),
        Ok(Some(Ended { number: 1, .. }))
    ));
    assert_eq!(owed.puback(one), Ok(None));
    assert!(matches!(owed.pubrec(two), Ok(Received::First(_))));
    assert_eq!(owed.identifiers_in_use(), 1, "PUBREL still needs it");
    assert!(matches!(
        owed.pubcomp(two),
        Ok(Some(Ended { number: 2, .. }))
    ));
    assert_eq!(owed.identifiers_in_use(), 0);
}

#[test]
fn a_message_that_cannot_be_sent_again_gives_its_identifier_back() {
    let mut owed = Owed::default();
    for number in 1..=3 {
        send(&mut owed, number, Qos::AtLeastOnce);
    }
    owed.begin();
    let first = owed.next_again().expect("to be sent again");
    owed.sent_again(first);
    let second = owed.next_again().expect("to be sent again");
    owed.not_sent(second.id);
    let third = owed.next_again().expect("to be sent again");
    owed.sent_again(third);
    assert!(owed.next_again().is_none() && owed.in_flight().caught_up());
    let left: Vec<u32> = owed
        .in_flight()
        .sent()
        .map(|flight| flight.publication.message.number)
        .collect();
    assert_eq!(
        (left.as_slice(), owed.identifiers_in_use()),
        (&[1, 3][..], 2)
    );
}

#[test]
fn what_is_held_back_keeps_its_identifier_until_the_session_is_over() {
    let mut owed = Owed::default();
    send(&mut owed, 1, Qos::ExactlyOnce);
    assert_eq!(owed.hold_back(6), None, "it is not on trial any more");
    assert_eq!(owed.hold_back(5), Some(1));
    assert_eq!((owed.unfinished(), owed.identifiers_in_use()), (1, 1));
    // Dropped: the session at the broker may know it.
    assert_eq!(owed.drop_held(1), Some(1));
    assert_eq!(owed.drop_held(1), None);
    assert_eq!((owed.unfinished(), owed.identifiers_in_use()), (0, 1));
    assert!(owed.start_over().unknown.is_empty());
    assert_eq!(owed.identifiers_in_use(), 0);
}

#[test]
fn a_session_that_is_over_leaves_no_identifier_in_use() {
    let mut owed = Owed::default();
    send(&mut owed, 1, Qos::AtLeastOnce);
    assert_eq!(owed.hold_back(0), Some(1));
    send(&mut owed, 2, Qos::AtLeastOnce);
    send(&mut owed, 3, Qos::ExactlyOnce);
    let released = send(&mut owed, 4, Qos::ExactlyOnce);
    assert!(matches!(owed.pubrec(released), Ok(Received::First(_))));
    let StartedOver { anew, unknown } = owed.start_over();
    let anew: Vec<u32> = anew.iter().map(|one| one.message.number).collect();
    let unknown: Vec<u32> = unknown.iter().map(|ended| ended.number).collect();
    assert_eq!((anew, unknown), (vec![2], vec![4, 3]));
    assert_eq!((owed.unfinished(), owed.identifiers_in_use()), (1, 0));
    assert!(owed.send_held(1, 2) && !owed.send_held(1, 2));
    assert_eq!(owed.queue().first().map(|first| first.strikes), Some(2));
    assert_eq!(owed.discard().unsent, [1]);
    assert!(owed.has_no_messages());
}

#[test]
fn what_is_left_to_storage_comes_back_before_what_was_published_since() {
    let mut owed = Owed::default();
    send(&mut owed, 1, Qos::AtLeastOnce);
    owed.wait(publication(2, Qos::AtMostOnce));
    let (queue, in_flight) = owed.park();
    assert!(owed.has_no_messages() && owed.identifiers_in_use() == 0);
    owed.wait(publication(3, Qos::AtMostOnce));
    owed.unpark(queue, in_flight);
    let waiting: Vec<u32> = owed.waiting_shown().map(|waiting| waiting.number).collect();
    assert_eq!((waiting, owed.identifiers_in_use()), (vec![2, 3], 1));
}

#[test]
fn two_deliveries_of_an_earlier_page_do_not_share_an_identifier() {
    let mut owed = Owed::default();
    assert!(!owed.may_restore(0) && owed.may_restore(7));
    owed.restore_sent(7, publication(1, Qos::AtLeastOnce));
    assert!(!owed.may_restore(7));
    assert!(matches!(owed.puback(7), Ok(Some(_))));
    assert!(owed.may_restore(7));
}

#[test]
fn a_request_holds_its_identifier_until_it_is_answered_or_the_connection_is_gone() {
    let mut owed = Owed::default();
    let room = Room::new(Version::V311, None);
    let ask = |owed: &mut Owed| {
        let (id, request) = owed.next_subscribe(room).expect("something to ask");
        let at = request.at;
        owed.subscribed(id, &at, 0);
        id
    };
    let options = SubscribeOptions::default();
    owed.subscriptions_mut().want("a".to_owned(), options, None);
    assert!(owed.next_unsubscribe(room).is_none());
    let id = ask(&mut owed);
    assert!(owed.next_subscribe(room).is_none());
    let codes = |packet_id| Codes {
        packet_id,
        codes: vec![0],
        ..Codes::default()
    };
    assert!(owed.suback(&codes(id + 1)).is_none() && owed.unsuback(&codes(id)).is_none());
    assert_eq!(owed.identifiers_in_use(), 1);
    assert!(owed.suback(&codes(id)).is_some());
    assert_eq!(owed.identifiers_in_use(), 0);
    owed.subscriptions_mut().drop_wanted("a");
    let (id, filters) = owed.next_unsubscribe(room).expect("something to give up");
    let count = filters.len();
    owed.unsubscribed(id, count, 0);
    owed.subscriptions_mut().want("b".to_owned(), options, None);
    ask(&mut owed);
    assert_eq!(owed.identifiers_in_use(), 2);
    owed.hang_up();
    assert_eq!(owed.identifiers_in_use(), 0);
    let (id, request) = owed.next_subscribe(room).expect("asked anew");
    let at = request.at;
    assert_eq!(owed.not_subscribed(id, &at).as_deref(), Some("b"));
    assert_eq!(owed.identifiers_in_use(), 0);
}
