//! Messages that wait for a connection, or for the broker to take more.

use midge::protocol::{Qos, Version};
use midge::session::{Event, Input, Phase, PublishFault, QueueLimit, Waiting};

use crate::tab::*;

const V: Version = Version::V311;

#[test]
fn what_is_published_without_a_connection_goes_out_in_order_at_the_next_one() {
    let mut tab = Tab::new(ending(V));
    tab.connect();
    assert_eq!(tab.session.phase(), Phase::Connecting);
    tab.seen();
    for (number, qos) in [
        (1, Qos::ExactlyOnce),
        (2, Qos::AtMostOnce),
        (3, Qos::AtLeastOnce),
        (4, Qos::AtMostOnce),
    ] {
        tab.publish(number, qos);
        assert_eq!(events(&tab.seen()), [Event::Queued { number }]);
    }
    let waiting: Vec<Waiting<'_>> = tab.session.queue().collect();
    assert_eq!(
        waiting[0],
        Waiting {
            number: 1,
            topic: "t",
            size: 2,
            qos: Qos::ExactlyOnce
        }
    );
    assert_eq!(waiting.len(), 4);
    assert_eq!(tab.session.queue_size(), (4, 8));
    tab.run();
    assert_eq!(tab.broker.delivered, [1, 2, 3, 4].map(payload));
    assert_eq!(tab.session.queue_size(), (0, 0));
    assert_eq!(tab.session.identifiers_in_use(), 0);
    let mut published: Vec<u32> = events(&tab.seen())
        .iter()
        .filter_map(|event| match event {
            Event::Published { number } => Some(*number),
            _ => None,
        })
        .collect();
    published.sort_unstable();
    assert_eq!(published, [1, 2, 3, 4]);
}

#[test]
fn what_is_published_while_waiting_or_after_giving_up_waits_as_well() {
    let mut settings = ending(V);
    settings.strict = true;
    let mut tab = Tab::connected(settings);
    tab.drop_socket();
    assert_eq!(tab.session.phase(), Phase::Waiting);
    tab.publish(1, Qos::AtMostOnce);
    tab.retry();
    tab.run();
    assert_eq!(tab.broker.delivered, [payload(1)]);
    // A broker that breaks the protocol is given up in strict mode.
    tab.broker.says.push_back(vec![0x20, 2, 0, 0]);
    tab.run();
    assert_eq!(tab.session.phase(), Phase::Failed);
    tab.seen();
    tab.publish(2, Qos::AtMostOnce);
    assert_eq!(events(&tab.seen()), [Event::Queued { number: 2 }]);
    tab.tell(Input::TryNow);
    tab.run();
    assert_eq!(tab.broker.delivered, [1, 2].map(payload));
}

#[test]
fn where_no_connection_is_wanted_nothing_waits() {
    let failed = |number| {
        [Event::PublishFailed {
            number,
            why: PublishFault::NotConnected,
        }]
    };
    let mut tab = Tab::new(ending(V));
    tab.publish(1, Qos::AtLeastOnce);
    assert_eq!(events(&tab.seen()), failed(1));
    tab.connect();
    tab.run();
    tab.tell(Input::Disconnect);
    tab.seen();
    tab.publish(2, Qos::AtMostOnce);
    assert_eq!(events(&tab.seen()), failed(2));
    assert_eq!(tab.session.queue_size(), (0, 0));
}

#[test]
fn the_queue_is_bounded_by_messages_and_by_bytes_and_says_so() {
    let full = |number| {
        [Event::PublishFailed {
            number,
            why: PublishFault::QueueFull,
        }]
    };
    for limit in [
        QueueLimit {
            messages: 3,
            bytes: 1000,
        },
        QueueLimit {
            messages: 1000,
            bytes: 6,
        },
    ] {
        let mut settings = ending(V);
        settings.queue = limit;
        let mut tab = Tab::new(settings);
        tab.connect();
        for number in 1..=3 {
            tab.publish(number, Qos::AtLeastOnce);
        }
        tab.seen();
        tab.publish(4, Qos::AtMostOnce);
        assert_eq!(events(&tab.seen()), full(4));
        // What is withdrawn makes room.
        tab.tell(Input::Cancel(2));
        tab.publish(5, Qos::AtLeastOnce);
        assert_eq!(
            events(&tab.seen()),
            [Event::Cancelled { number: 2 }, Event::Queued { number: 5 }]
        );
        tab.run();
        assert_eq!(tab.broker.delivered, [1, 3, 5].map(payload));
        assert_eq!(tab.session.queue_size(), (0, 0));
    }
}

#[test]
fn what_was_sent_is_not_withdrawn() {
    let mut tab = Tab::connected(ending(V));
    tab.broker.silent = true;
    for number in 1..=101 {
        tab.publish(number, Qos::AtLeastOnce);
    }
    tab.seen();
    for number in [1, 102] {
        tab.tell(Input::Cancel(number));
        assert_eq!(tab.seen(), []);
    }
    tab.tell(Input::Cancel(101));
    assert_eq!(events(&tab.seen()), [Event::Cancelled { number: 101 }]);
    tab.broker.speak();
    tab.run();
    assert_eq!(tab.broker.delivered.len(), 100);
}

/// While as many as may be are unacknowledged, QoS 0 and acknowledgements still flow, and what waits keeps its order.
#[test]
fn a_full_window_holds_back_nothing_but_what_is_to_be_acknowledged() {
    let mut tab = Tab::connected(ending(V));
    tab.broker.silent = true;
    for number in 1..=150 {
        tab.publish(number, Qos::AtLeastOnce);
    }
    assert_eq!(
        (tab.session.in_flight(), tab.session.queue_size().0),
        (20, 130)
    );
    assert_eq!(tab.session.identifiers_in_use(), 20);
    tab.seen();
    tab.publish(151, Qos::AtMostOnce);
    assert_eq!(sent_payloads(&tab.seen()), [payload(151)]);
    tab.broker.publish(Qos::AtLeastOnce, b"in");
    tab.run();
    assert_eq!(sent_ids(&tab.seen()), [(0x40, 1)]);
    tab.broker.speak();
    tab.run();
    let mut delivered: Vec<Vec<u8>> = (1..=150).map(payload).collect();
    delivered.insert(20, payload(151));
    assert_eq!(tab.broker.delivered, delivered);
    assert_eq!(tab.broker.most_open, 20);
    assert_eq!(tab.session.identifiers_in_use(), 0);
}

/// QoS 0 that waited for the connection does not wait for acknowledgements of what was published before it.
#[test]
fn qos_0_of_the_queue_goes_out_with_the_connection() {
    let mut tab = Tab::new(ending(V));
    tab.connect();
    tab.broker.silent = true;
    for number in 1..=120 {
        tab.publish(number, Qos::ExactlyOnce);
    }
    tab.publish(121, Qos::AtMostOnce);
    tab.publish(122, Qos::AtMostOnce);
    tab.run();
    let first: Vec<u32> = (1..=20).chain([121, 122]).collect();
    let first: Vec<Vec<u8>> = first.into_iter().map(payload).collect();
    assert_eq!(tab.broker.delivered, first);
    assert_eq!(tab.session.queue_size().0, 100);
}

#[test]
fn a_session_that_ends_tells_what_waited() {
    let mut tab = Tab::connected(ending(V));
    tab.broker.silent = true;
    for number in 1..=22 {
        tab.publish(number, Qos::AtLeastOnce);
    }
    tab.seen();
    tab.tell(Input::Disconnect);
    let why = PublishFault::NotConnected;
    assert_eq!(
        events(&tab.seen())[..3],
        [
            Event::PublishFailed { number: 21, why },
            Event::PublishFailed { number: 22, why },
            Event::Unfinished {
                sent_anew: 0,
                unknown: (1..=20).collect()
            }
        ]
    );
    assert_eq!(tab.session.identifiers_in_use(), 0);
}

#[test]
fn a_session_in_memory_that_outlives_the_connection_keeps_what_waits() {
    let mut settings = keeping(V);
    settings.client_id_made_up = true;
    let mut tab = Tab::connected(settings);
    tab.broker.silent = true;
    for number in 1..=22 {
        tab.publish(number, Qos::AtLeastOnce);
    }
    tab.tell(Input::Disconnect);
    assert_eq!(
        (tab.session.in_flight(), tab.session.queue_size().0),
        (20, 2)
    );
    tab.broker.speak();
    tab.connect();
    tab.run();
    assert_eq!(tab.session.identifiers_in_use(), 0);
    let mut delivered: Vec<Vec<u8>> = (1..=20).map(payload).collect();
    // Sent again, as no acknowledgement had come.
    delivered.extend_from_within(..);
    delivered.extend([21, 22].map(payload));
    assert_eq!(tab.broker.delivered, delivered);
    assert_eq!(stores(&tab.seen()), []);
}

#[test]
fn what_is_wrong_with_a_message_is_said_before_it_waits() {
    let mut tab = Tab::new(ending(V));
    tab.connect();
    tab.seen();
    for (topic, qos) in [
        ("a/#", Qos::AtMostOnce),
        ("", Qos::AtLeastOnce),
        ("a\0", Qos::ExactlyOnce),
    ] {
        let mut message = message(1, qos);
        message.topic = topic.to_owned();
        tab.tell(Input::Publish(message));
        let why = PublishFault::Topic;
        assert_eq!(
            events(&tab.seen()),
            [Event::PublishFailed { number: 1, why }]
        );
    }
    let mut five = Tab::new(ending(Version::V5));
    five.connect();
    for connected in [false, true] {
        five.seen();
        let mut message = message(1, Qos::AtLeastOnce);
        message.properties.response_topic = Some("a/#".to_owned());
        five.tell(Input::Publish(message));
        let why = PublishFault::Topic;
        let failed = events(&five.seen());
        assert_eq!(
            failed,
            [Event::PublishFailed { number: 1, why }],
            "{connected}"
        );
        five.run();
        assert_eq!(five.session.identifiers_in_use(), 0);
    }
    let mut message = message(2, Qos::AtMostOnce);
    message.payload = vec![0; 268_435_456];
    tab.tell(Input::Publish(message));
    let why = PublishFault::TooLarge;
    assert_eq!(
        events(&tab.seen()),
        [Event::PublishFailed { number: 2, why }]
    );
}
