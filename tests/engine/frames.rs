//! What the page is told, and when.

use crate::simulated::{
    SECOND, World, everything, message, plain, publication, request, subscribe,
};
use midge::link::{
    Command, Grant, ListView, Notice, Phase, Preview, PublishTrouble, Target, Trouble, View,
    decode, encode,
};
use midge::protocol::Qos;

#[test]
fn hello_is_answered_at_once_with_everything() {
    let mut world = World::new();
    world.say(Command::Hello);
    assert_eq!(world.frames.len(), 1);
    let frame = world.frames[0].clone();
    assert_eq!(
        frame.connection.as_ref().unwrap().phase,
        Phase::Disconnected
    );
    assert_eq!(frame.counters.unwrap().received, 0);
    assert_eq!(
        (frame.subscriptions.as_deref(), frame.series.as_deref()),
        (Some(&[][..]), Some(&[][..]))
    );
    assert!(world.ask().is_none(), "nothing is new");
    let copy: midge::link::Frame = decode(&encode(&frame)).unwrap();
    assert_eq!(copy, frame);
}

#[test]
fn one_ask_is_answered_with_one_frame() {
    let mut world = World::connected();
    world.say(subscribe(&["#"]));
    while world.ask().is_some() {}
    let before = world.frames.len();
    for number in 0..100 {
        world.broker_sends(&plain("t", &number.to_string()));
    }
    assert_eq!(world.frames.len(), before + 1);
    let list = world.frames[before].list.as_ref().unwrap();
    assert_eq!(list.rows[0].preview, Preview::Text("0".into()));
    let frame = world.ask().unwrap();
    assert_eq!(frame.counters.unwrap().received, 100);
    let list = frame.list.unwrap();
    assert_eq!((list.oldest, list.end, list.rows.len()), (0, 100, 10));
    assert_eq!(list.rows[0].position, 99);
    assert_eq!(
        frame.connection, None,
        "the connection is the same as before"
    );
    assert!(world.ask().is_none());
}

#[test]
fn connection_and_subscriptions_are_told_as_they_come_about() {
    let mut world = World::new();
    world.say(Command::Hello);
    world.say(subscribe(&["a/#", "b/+"]));
    let asleep = world.ask().unwrap().subscriptions.unwrap();
    assert!(
        asleep
            .iter()
            .all(|subscription| subscription.grant == Grant::Asleep)
    );
    world.say(Command::Connect(Box::new(request())));
    let connecting = world.ask().unwrap().connection.unwrap();
    assert_eq!(
        (connecting.phase, connecting.user_name.as_deref()),
        (Phase::Connecting, Some("chen"))
    );
    assert_eq!(connecting.address, "ws://127.0.0.1:9001/mqtt");
    world.open();
    let frame = world.ask().unwrap();
    let connection = frame.connection.unwrap();
    assert_eq!(connection.phase, Phase::Connected);
    assert!(connection.since.is_some() && connection.trouble.is_none());
    let granted = frame.subscriptions.unwrap();
    assert_eq!(
        granted
            .iter()
            .map(|one| one.filter.as_str())
            .collect::<Vec<_>>(),
        ["a/#", "b/+"]
    );
    assert!(granted.iter().all(|one| one.grant == Grant::Granted(1)));
    assert_eq!((granted[0].colour, granted[1].colour), (0, 1));
}

#[test]
fn a_refused_connection_says_why() {
    let mut world = World::new();
    world.answers = false;
    world.say(Command::Hello);
    world.say(Command::Connect(Box::new(request())));
    world.open();
    world.broker_sends(&[0x20, 2, 0, 5]);
    let connection = world.ask().unwrap().connection.unwrap();
    assert_eq!(connection.phase, Phase::Failed);
    assert_eq!(
        connection.trouble,
        Some(Trouble::Refused {
            code: 5,
            reason: None,
            server_reference: None
        })
    );
}

#[test]
fn colours_are_taken_from_those_used_least() {
    let mut world = World::connected();
    let names: Vec<String> = (0..9).map(|number| format!("t/{number}")).collect();
    world.say(subscribe(
        &names.iter().map(String::as_str).collect::<Vec<_>>(),
    ));
    world.say(Command::Unsubscribe {
        filter: "t/3".into(),
    });
    world.say(subscribe(&["again"]));
    let subscriptions = world.ask().unwrap().subscriptions.unwrap();
    let colours: Vec<u8> = subscriptions.iter().map(|one| one.colour).collect();
    assert_eq!(colours, [0, 1, 2, 4, 5, 6, 7, 0, 3]);
}

#[test]
fn rows_carry_what_the_packet_says_and_the_colour_of_the_first_filter() {
    let mut world = World::connected();
    world.say(subscribe(&["other", "a/#", "#"]));
    world.broker_sends(&message("a/b", &[0, 1], Qos::AtLeastOnce, 5, true));
    world.broker_sends(&plain("z", "21.5 °C"));
    world.say(Command::Publish(publication(1, "mine", "x", 0)));
    let frame = world.ask().unwrap();
    let rows = frame.list.unwrap().rows;
    assert_eq!(
        rows.iter()
            .map(|row| row.topic.as_str())
            .collect::<Vec<_>>(),
        ["mine", "z", "a/b"]
    );
    assert!(rows[0].outgoing && !rows[1].outgoing);
    assert_eq!(rows[1].preview, Preview::Text("21.5 °C".into()));
    assert_eq!(
        (rows[2].qos, rows[2].retain, rows[2].size, rows[2].colour),
        (1, true, 2, Some(1))
    );
    assert_eq!(rows[2].preview, Preview::Hex("00 01".into()));
    let counts: Vec<u64> = frame
        .subscriptions
        .unwrap()
        .iter()
        .map(|one| one.count)
        .collect();
    assert_eq!(counts, [0, 1, 2]);
    let counters = frame.counters.unwrap();
    assert_eq!(
        (
            counters.received,
            counters.kept,
            counters.dropped,
            counters.sent
        ),
        (2, 2, 0, 1)
    );
}

#[test]
fn holding_still_shows_the_same_rows_while_messages_come() {
    let mut world = World::connected();
    for number in 0..50 {
        world.broker_sends(&plain("t", &number.to_string()));
    }
    let held = ListView {
        filter: String::new(),
        packets: false,
        newest: Some(49),
        skip: 5,
        rows: 3,
    };
    world.say(Command::Show(Box::new(View {
        list: Some(held),
        tree: None,
    })));
    let before = world
        .ask()
        .or(world.frames.last().cloned())
        .unwrap()
        .list
        .unwrap();
    world.broker_sends(&plain("t", "new"));
    let after = world.ask().unwrap().list.unwrap();
    assert_eq!(before.rows, after.rows);
    assert_eq!(
        after
            .rows
            .iter()
            .map(|row| row.position)
            .collect::<Vec<_>>(),
        [44, 43, 42]
    );
    assert_eq!(after.end, 51);
}

#[test]
fn a_part_beyond_the_oldest_message_is_moved_up() {
    let mut world = World::connected();
    for number in 0..5 {
        world.broker_sends(&plain("t", &number.to_string()));
    }
    let far = ListView {
        filter: String::new(),
        packets: false,
        newest: None,
        skip: 1_000_000,
        rows: 3,
    };
    world.say(Command::Show(Box::new(View {
        list: Some(far),
        tree: None,
    })));
    world.ask();
    let list = world.frames.last().unwrap().list.as_ref().unwrap();
    assert_eq!(
        list.rows.iter().map(|row| row.position).collect::<Vec<_>>(),
        [2, 1, 0]
    );
}

#[test]
fn muting_hides_what_only_this_filter_brought_and_showing_brings_it_back() {
    let mut world = World::connected();
    world.say(subscribe(&["a/#", "a/b"]));
    world.broker_sends(&plain("a/b", "both"));
    world.broker_sends(&plain("a/c", "only"));
    let numbering = world.ask().unwrap().list.unwrap().numbering;
    world.say(Command::Mute {
        filter: "a/#".into(),
        muted: true,
    });
    let frame = world.ask().unwrap();
    let list = frame.list.unwrap();
    assert_ne!(list.numbering, numbering);
    assert_eq!(
        list.rows
            .iter()
            .map(|row| row.topic.as_str())
            .collect::<Vec<_>>(),
        ["a/b"]
    );
    assert!(frame.subscriptions.unwrap()[0].muted);
    world.broker_sends(&plain("a/c", "more"));
    assert_eq!(world.ask().unwrap().counters.unwrap().received, 3);
    world.say(Command::Mute {
        filter: "a/#".into(),
        muted: false,
    });
    assert_eq!(world.ask().unwrap().list.unwrap().rows.len(), 3);
}

#[test]
fn a_changed_filter_over_much_is_answered_in_parts_until_it_is_complete() {
    let mut world = World::connected();
    for number in 0..40_000 {
        world.broker_sends(&plain("t", &format!("value {number}")));
    }
    world.say(Command::Show(Box::new(everything("VALUE 3999"))));
    let mut asked = 0;
    let list = loop {
        world.ask();
        asked += 1;
        assert!(asked < 100);
        let list = world
            .frames
            .iter()
            .rev()
            .find_map(|frame| frame.list.clone());
        if let Some(list) = list.filter(|list| list.complete && !list.filter.is_empty()) {
            break list;
        }
    };
    assert!(asked > 2);
    assert_eq!(list.filter, "VALUE 3999");
    assert_eq!((list.oldest, list.end), (0, 11));
    assert_eq!(list.rows[0].preview, Preview::Text("value 39999".into()));
}

#[test]
fn a_filter_is_brought_to_its_end_by_time_alone() {
    let mut world = World::connected();
    for number in 0..40_000 {
        world.broker_sends(&plain("t", &format!("value {number}")));
    }
    world.say(Command::Show(Box::new(everything("39999"))));
    world.pass(SECOND);
    world.ask();
    assert!(world.frames.last().unwrap().list.as_ref().unwrap().complete);
}

#[test]
fn a_message_is_inspected_with_fields_delivery_and_the_one_before() {
    let mut world = World::connected();
    world.say(subscribe(&["a/#"]));
    world.broker_sends(&message("a/b", b"first", Qos::AtMostOnce, 0, false));
    let bytes = message("a/b", b"second", Qos::ExactlyOnce, 77, false);
    world.broker_sends(&bytes);
    let seq = world.ask().unwrap().list.unwrap().rows[0].seq;
    world.say(Command::Inspect(Some(Target::Packet(seq))));
    let inspected = world.ask().unwrap().inspected.unwrap();
    assert_eq!(
        (inspected.seq, inspected.qos, inspected.packet_id),
        (Some(seq), 2, 77)
    );
    assert_eq!(inspected.bytes, bytes);
    assert_eq!(&inspected.bytes[inspected.payload as usize..], b"second");
    assert_eq!(inspected.before.as_deref(), Some(&b"first"[..]));
    assert_eq!(inspected.matched, [("a/#".to_owned(), 0)]);
    assert!(
        inspected
            .fields
            .iter()
            .any(|field| field.name == "Topic Name" && field.value.contains("a/b"))
    );
    assert_eq!(
        inspected
            .delivery
            .iter()
            .map(|step| step.packet.as_str())
            .collect::<Vec<_>>(),
        ["PUBLISH", "PUBREC"]
    );
    world.broker_sends(&[0x62, 2, 0, 77]);
    let inspected = world.ask().unwrap().inspected.unwrap();
    let steps: Vec<_> = inspected
        .delivery
        .iter()
        .map(|step| (step.packet.as_str(), step.outgoing))
        .collect();
    assert_eq!(
        steps,
        [
            ("PUBLISH", false),
            ("PUBREC", true),
            ("PUBREL", false),
            ("PUBCOMP", true)
        ]
    );
    world.broker_sends(&plain("z", "other"));
    assert_eq!(
        world.ask().unwrap().inspected,
        None,
        "the same packet is not sent again"
    );
}

#[test]
fn an_inspected_topic_follows_its_latest_message() {
    let mut world = World::connected();
    world.broker_sends(&plain("a/b", "1"));
    let tree = world.ask().unwrap().tree.unwrap();
    let node = tree.rows.iter().find(|row| row.name == "b").unwrap().node;
    world.say(Command::Inspect(Some(Target::Topic(node))));
    let inspected = world.ask().unwrap().inspected.unwrap();
    assert_eq!(
        (inspected.node, inspected.topic.as_str()),
        (Some(node), "a/b")
    );
    world.broker_sends(&plain("other", "x"));
    assert_eq!(world.ask().unwrap().inspected, None);
    world.broker_sends(&plain("a/b", "2"));
    let inspected = world.ask().unwrap().inspected.unwrap();
    assert_eq!(inspected.before.as_deref(), Some(&b"1"[..]));
    assert_eq!(inspected.bytes.last(), Some(&b'2'));
    world.say(Command::Inspect(None));
    world.broker_sends(&plain("a/b", "3"));
    assert_eq!(world.ask().unwrap().inspected, None);
}

#[test]
fn an_inspected_packet_that_is_evicted_stays_to_be_read_and_is_said_to_be_gone() {
    let mut world = World::connected();
    world.broker_sends(&plain("a", "look at me"));
    let seq = world.ask().unwrap().list.unwrap().rows[0].seq;
    world.say(Command::Inspect(Some(Target::Packet(seq))));
    assert_eq!(world.ask().unwrap().inspected.unwrap().seq, Some(seq));
    world.say(Command::Budget(20_000));
    for _ in 0..1000 {
        world.broker_sends(&plain("noise", "................................"));
    }
    let frame = world.ask().unwrap();
    let inspected = frame.inspected.or_else(|| {
        world
            .frames
            .iter()
            .rev()
            .find_map(|frame| frame.inspected.clone())
    });
    let inspected = inspected.unwrap();
    assert_eq!((inspected.seq, inspected.topic.as_str()), (None, "a"));
    let counters = world.frames.last().unwrap().counters.unwrap();
    assert_eq!(counters.received, counters.kept + counters.dropped);
    assert!(counters.dropped > 0 && counters.held_bytes <= 20_000);
}

#[test]
fn clear_starts_at_zero_and_keeps_the_subscriptions() {
    let mut world = World::connected();
    world.say(subscribe(&["#"]));
    for _ in 0..5 {
        world.broker_sends(&plain("a/b", "x"));
    }
    world.say(Command::Publish(publication(1, "mine", "x", 0)));
    while world.ask().is_some() {}
    world.say(Command::Clear);
    let frame = world.ask().or(world.frames.last().cloned()).unwrap();
    let counters = frame.counters.unwrap();
    assert_eq!(
        (
            counters.received,
            counters.kept,
            counters.dropped,
            counters.sent
        ),
        (0, 0, 0, 0)
    );
    let list = frame.list.unwrap();
    assert!(list.rows.is_empty() && list.oldest == list.end);
    let tree = frame.tree.unwrap();
    assert_eq!((tree.topics, tree.total), (0, 0));
    let subscriptions = frame.subscriptions.unwrap();
    assert_eq!((subscriptions.len(), subscriptions[0].count), (1, 0));
    world.broker_sends(&plain("a/b", "again"));
    let frame = world.ask().or(world.frames.last().cloned()).unwrap();
    assert_eq!(frame.counters.unwrap().received, 1);
    assert!(frame.list.unwrap().rows[0].seq > 5);
}

#[test]
fn publications_are_answered_and_refusals_say_why() {
    let mut world = World::connected();
    for (number, qos) in [(1, 0), (2, 1), (3, 2)] {
        world.say(Command::Publish(publication(number, "t", "x", qos)));
    }
    world.say(Command::Publish(publication(4, "t/#", "x", 0)));
    world.say(Command::Publish(publication(5, "t", "a {{nope}}", 0)));
    world.say(Command::Start {
        publication: publication(6, "t", "{{random}}", 0),
        every_ms: 1000,
    });
    world.say(Command::Start {
        publication: publication(7, "+", "x", 0),
        every_ms: 1000,
    });
    world.ask();
    let notices: Vec<Notice> = world
        .frames
        .iter()
        .flat_map(|frame| frame.notices.clone())
        .collect();
    let sent: Vec<u32> = notices
        .iter()
        .filter_map(|notice| match notice {
            Notice::Published { numbers } => Some(numbers.clone()),
            _ => None,
        })
        .flatten()
        .collect();
    assert_eq!(sent, [1, 2, 3]);
    let refused: Vec<_> = notices
        .iter()
        .filter_map(|notice| match notice {
            Notice::PublishFailed { numbers, why } => Some((*numbers.start(), why.clone())),
            _ => None,
        })
        .collect();
    let template = |at, what: &str| PublishTrouble::Template {
        at,
        what: what.into(),
    };
    assert_eq!(
        refused,
        [
            (4, PublishTrouble::Topic),
            (5, template(2, "{{nope}}")),
            (6, template(0, "{{random}}")),
            (7, PublishTrouble::Topic)
        ]
    );
    assert_eq!(world.published().len(), 3);
    assert!(
        world
            .frames
            .iter()
            .all(|frame| frame.series.as_ref().is_none_or(Vec::is_empty))
    );
}

#[test]
fn without_a_connection_a_publication_fails_and_says_so() {
    let mut world = World::new();
    world.say(Command::Hello);
    world.say(Command::Publish(publication(9, "t", "x", 1)));
    let notices = world.ask().unwrap().notices;
    assert_eq!(
        notices,
        [Notice::PublishFailed {
            numbers: 9..=9,
            why: PublishTrouble::NotConnected
        }]
    );
}

#[test]
fn an_invalid_filter_is_refused_and_not_listed() {
    let mut world = World::connected();
    world.say(subscribe(&["a/#/b", "fine"]));
    let frame = world.ask().unwrap();
    assert_eq!(
        frame.notices,
        [Notice::FilterRefused {
            filter: "a/#/b".into()
        }]
    );
    assert_eq!(frame.subscriptions.unwrap().len(), 1);
}

#[test]
fn packets_of_one_turn_leave_in_one_websocket_frame() {
    let mut world = World::connected();
    let before = world.sends;
    let mut batch = Vec::new();
    for id in 1..=50 {
        batch.extend(message("t", b"x", Qos::AtLeastOnce, id, false));
    }
    world.broker_sends(&batch);
    assert_eq!(world.sends, before + 1);
    assert_eq!(
        world
            .sent
            .iter()
            .filter(|(_, packet)| packet[0] == 0x40)
            .count(),
        50
    );
}

#[test]
fn rates_are_told_each_second_and_fall_to_zero() {
    let mut world = World::connected();
    world.say(subscribe(&["#"]));
    for _ in 0..20 {
        world.broker_sends(&plain("t", "x"));
    }
    while world.ask().is_some() {}
    world.pass(SECOND);
    let frame = world.frames.last().unwrap();
    assert_eq!(frame.counters.unwrap().received_rate, 20.0);
    assert_eq!(frame.subscriptions.as_ref().unwrap()[0].rate, 20.0);
    world.ask();
    world.pass(SECOND);
    assert_eq!(
        world.frames.last().unwrap().counters.unwrap().received_rate,
        0.0
    );
}

#[test]
fn a_hidden_page_gets_no_frames_and_loses_nothing() {
    let mut world = World::connected();
    while world.ask().is_some() {}
    world.say(Command::Hidden(true));
    let before = world.frames.len();
    for _ in 0..100 {
        world.broker_sends(&plain("t", "x"));
    }
    assert_eq!(world.frames.len(), before);
    world.say(Command::Hidden(false));
    assert_eq!(world.frames.len(), before + 1);
    assert_eq!(world.frames[before].counters.unwrap().received, 100);
}

#[test]
fn what_broke_the_protocol_ends_the_connection_and_says_which_rule() {
    let mut world = World::connected();
    world.broker_sends(&[0x36, 3, 0, 1, b'a']);
    world.ask();
    let connection = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.connection.clone())
        .unwrap();
    assert_ne!(connection.phase, Phase::Connected);
    assert!(
        matches!(connection.trouble, Some(Trouble::Malformed { .. })),
        "{connection:?}"
    );
}

#[test]
fn a_burst_that_a_filter_must_read_is_read_to_its_end_by_time_alone() {
    let mut world = World::connected();
    world.say(subscribe(&["#"]));
    world.say(Command::Show(Box::new(everything("needle"))));
    while world.ask().is_some() {}
    let hay = "x".repeat(64 * 1024);
    let mut burst = Vec::new();
    for _ in 0..200 {
        burst.extend(plain("hay", &hay));
    }
    burst.extend(plain("hay", "the needle"));
    world.broker_sends(&burst);
    // The page takes every frame that it is offered, and nothing else happens.
    for _ in 0..20 {
        world.pass(SECOND);
        world.ask();
    }
    let list = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.list.as_ref())
        .unwrap();
    assert_eq!((list.complete, list.rows.len()), (true, 1));
}

#[test]
fn without_a_list_on_screen_the_engine_rests() {
    let mut world = World::new();
    world.say(Command::Hello);
    world.say(subscribe(&["#"]));
    world.pass(SECOND);
    world.say(Command::Show(Box::default()));
    world.pass(SECOND);
}

#[test]
fn a_large_packet_is_split_over_websocket_frames() {
    let mut world = World::connected();
    let before = world.sends;
    let text = "x".repeat(3_000_000);
    world.say(Command::Publish(publication(1, "t", &text, 1)));
    assert_eq!(world.sends, before + 3);
    assert_eq!(world.published()[0].2, text);
}

#[test]
fn an_inspected_connect_does_not_carry_the_password() {
    let mut world = World::connected();
    world.ask();
    world.say(Command::Inspect(Some(Target::Packet(0))));
    world.ask();
    let inspected = world
        .frames
        .iter()
        .rev()
        .find_map(|frame| frame.inspected.clone())
        .unwrap();
    assert_eq!(inspected.bytes[0], 0x10);
    let turn = encode(&inspected);
    let holds = |text: &[u8]| turn.windows(text.len()).any(|part| part == text);
    assert!(holds(b"chen") && holds(b"******") && !holds(b"secret"));
}

#[test]
fn a_command_that_is_printed_does_not_show_the_password() {
    let printed = format!("{:?}", Command::Connect(Box::new(request())));
    let bytes = format!("{:?}", b"secret");
    assert!(printed.contains("chen") && !printed.contains(bytes.trim_matches(['[', ']'])));
}
