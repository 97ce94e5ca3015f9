//! What the broker tells of its inside.

use midge::inside::{self, Ask, Client, Outcome, Reached, Report, decode, encode};
use midge::protocol::{
    Connect, PacketType, PublishProperties, Qos, RetainHandling, SubscribeOptions,
};

use midge_broker_core::Settings;

use crate::desk::*;

fn report(desk: &mut Desk, ask: &Ask) -> Report {
    let report = desk.broker.inside(desk.now, ask);
    // What crosses a wire is the same on the other side.
    assert_eq!(decode(&encode(&report)), Ok(report.clone()));
    report
}

fn now(desk: &mut Desk) -> Report {
    report(desk, &Ask::default())
}

fn client<'r>(report: &'r Report, id: &str) -> &'r Client {
    let found = report.clients.shown.iter().find(|client| client.id == id);
    found.unwrap_or_else(|| panic!("no {id} in {:?}", report.clients))
}

/// The course of the last message of this topic.
fn course(desk: &mut Desk, topic: &str) -> inside::Course {
    let asked = now(desk);
    let came = asked.came.shown.iter().find(|came| came.topic == topic);
    let ask = Ask {
        picked: Some(came.expect("it came").number),
        topic: None,
    };
    report(desk, &ask).course.expect("a course")
}

fn outcomes(desk: &mut Desk, topic: &str) -> Vec<(String, Qos, Outcome)> {
    let reached = course(desk, topic).reached.shown.into_iter();
    let mut all: Vec<_> = reached.map(|to| (to.client, to.qos, to.outcome)).collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all
}

fn outcome(desk: &mut Desk, topic: &str) -> Outcome {
    match &outcomes(desk, topic)[..] {
        [(_, _, outcome)] => *outcome,
        all => panic!("{all:?}"),
    }
}

#[test]
fn clients_are_told_with_what_belongs_to_them_connected_or_kept() {
    let mut desk = Desk::new();
    let kept = desk.join(&Connect {
        user_name: Some("ann".to_owned()),
        password: Some(b"secret".to_vec()),
        ..staying(V5, "kept")
    });
    desk.subscribe(kept, &[("a/#", QOS[1]), ("b", QOS[0])]);
    desk.cut(kept);
    let here = desk.join(&Connect {
        keep_alive: 61,
        will: will("w", "x"),
        ..hello(V311, "here")
    });
    desk.now += 3 * SECOND;
    desk.publish_whole(here, "a/b", "12345", QOS[1]);
    let report = now(&mut desk);
    let kept = client(&report, "kept");
    assert_eq!(kept.user_name.as_deref(), Some("ann"));
    assert_eq!((kept.connection, kept.filters), (None, 2));
    assert_eq!((kept.queued.count, kept.in_flight), (1, 0));
    assert!(kept.queued.bytes > 5 && kept.session_expiry > 0);
    let here = client(&report, "here");
    let connection = here.connection.expect("connected");
    assert_eq!((connection.version, connection.keep_alive), (V311, 61));
    assert!(connection.clean);
    assert_eq!((connection.heard, report.now), (desk.now, desk.now));
    assert_eq!((here.session_expiry, here.will.as_deref()), (0, Some("w")));
    assert_eq!((report.connected, report.subscriptions), (1, 2));
    assert_eq!((report.waiting.count, report.kept.count), (1, 0));
    let told = String::from_utf8_lossy(&encode(&report)).into_owned();
    assert!(told.contains("ann") && !told.contains("secret"));
}

#[test]
fn filters_stand_in_their_order_with_who_is_there_and_how() {
    let mut desk = Desk::new();
    let (one, two) = (desk.client(V5, "one"), desk.join(&staying(V311, "two")));
    let options = SubscribeOptions {
        qos: QOS[2],
        no_local: true,
        retain_as_published: true,
        retain_handling: RetainHandling::Never,
    };
    desk.send(one, &subscribe_with(V5, 1, &[("a/+", options)], Some(7)));
    desk.suback(one);
    desk.subscribe(one, &[("$share/g/a/b", QOS[1]), ("a", QOS[0])]);
    desk.subscribe(two, &[("a/+", QOS[1]), ("a-b", QOS[0])]);
    desk.cut(two);
    let report = now(&mut desk);
    let filters = report.filters.shown.iter();
    let names: Vec<_> = filters.map(|filter| &*filter.filter).collect();
    assert_eq!(names, ["a", "a/+", "a/b", "a-b"]);
    let plus = &report.filters.shown[1].subscribers.shown;
    let one = plus.iter().find(|who| who.client == "one").expect("one");
    assert_eq!(
        (one.options, one.identifier, one.is_here),
        (options, 7, true)
    );
    let two = plus.iter().find(|who| who.client == "two").expect("two");
    assert_eq!((two.options.qos, two.is_here), (QOS[1], false));
    let shared = &report.filters.shown[2].subscribers.shown;
    assert_eq!(shared[0].group.as_deref(), Some("g"));
    assert_eq!(shared.len(), 1);
}

#[test]
fn retained_messages_are_told_without_what_they_say_nor_the_brokers_own() {
    let mut desk = Desk::with(Settings {
        sys_interval: 10,
        ..Settings::default()
    });
    let client = desk.client(V5, "c");
    desk.send(client, &retained(V5, "b/x", "hush-hush", QOS[1], 1));
    desk.send(client, &retained(V5, "a", "1", QOS[0], 0));
    let report = now(&mut desk);
    let told: Vec<_> = report.retained.shown.iter().collect();
    assert_eq!((told.len(), report.retained.left_out), (2, 0));
    assert_eq!((&*told[0].topic, &*told[1].topic), ("a", "b/x"));
    assert_eq!(
        (told[1].size, told[1].qos, told[1].at),
        (9, QOS[1], desk.now)
    );
    assert_eq!(told[1].from.as_deref(), Some("c"));
    assert!(report.kept.count > 2, "those of $SYS are counted");
    let told = encode(&report.retained);
    assert!(!String::from_utf8_lossy(&told).contains("hush"));
}

#[test]
fn what_becomes_of_a_message_is_told_for_each_client_with_its_filters() {
    let mut desk = Desk::new();
    let publisher = desk.client(V5, "p");
    let (a, b) = (desk.client(V5, "a"), desk.client(V311, "b"));
    desk.subscribe(a, &[("t/+", QOS[0]), ("t/#", QOS[1])]);
    desk.subscribe(b, &[("t/x", QOS[0])]);
    let options = SubscribeOptions {
        no_local: true,
        ..QOS[2].into()
    };
    desk.send(publisher, &subscribe_with(V5, 1, &[("#", options)], None));
    desk.suback(publisher);
    now(&mut desk);
    desk.publish_whole(publisher, "t/x", &"z".repeat(200), QOS[2]);
    let course = course(&mut desk, "t/x");
    assert_eq!(course.came.from.as_deref(), Some("p"));
    assert_eq!((course.came.qos, course.came.size), (QOS[2], 200));
    assert_eq!(course.came.start, [b'z'; inside::START]);
    assert_eq!((course.came.at, course.came.reached), (desk.now, 2));
    let of = |id: &str| -> Reached {
        let mut all = course.reached.shown.iter();
        all.find(|to| to.client == id).expect("reached").clone()
    };
    let (a, b, p) = (of("a"), of("b"), of("p"));
    assert_eq!((a.qos, a.outcome), (QOS[1], Outcome::Unacknowledged));
    let mut matched: Vec<_> = a.matched.shown.iter().collect();
    matched.sort_by_key(|matched| matched.granted);
    assert_eq!((&*matched[0].filter, matched[0].granted), ("t/+", QOS[0]));
    assert_eq!((&*matched[1].filter, matched[1].granted), ("t/#", QOS[1]));
    assert_eq!((b.qos, b.outcome), (QOS[0], Outcome::Sent));
    assert_eq!(p.outcome, Outcome::NoLocal);
    assert!(p.matched.shown[0].no_local);
}

#[test]
fn a_message_is_followed_until_it_is_acknowledged() {
    for qos in [QOS[1], QOS[2]] {
        let mut desk = Desk::new();
        let publisher = desk.client(V5, "p");
        let reader = desk.join(&staying(V5, "r"));
        desk.subscribe(reader, &[("t", qos)]);
        now(&mut desk);
        desk.publish_whole(publisher, "t", "x", qos);
        assert_eq!(outcome(&mut desk, "t"), Outcome::Unacknowledged);
        desk.cut(reader);
        assert_eq!(outcome(&mut desk, "t"), Outcome::Waits);
        let reader = desk.join(&staying(V5, "r"));
        let message = desk.message(reader);
        assert_eq!(outcome(&mut desk, "t"), Outcome::Unacknowledged);
        if qos == QOS[2] {
            desk.send(reader, &ack(PacketType::Pubrec, message.id));
            assert_eq!(outcome(&mut desk, "t"), Outcome::Received);
            desk.send(reader, &ack(PacketType::Pubcomp, message.id));
        } else {
            desk.take(reader, &message);
        }
        assert_eq!(outcome(&mut desk, "t"), Outcome::Acknowledged);
    }
}

#[test]
fn what_is_away_waits_or_is_passed_over_and_is_gone_with_its_session() {
    let mut desk = Desk::new();
    let publisher = desk.client(V5, "p");
    for (id, qos) in [("one", QOS[1]), ("zero", QOS[0])] {
        let reader = desk.join(&staying(V5, id));
        desk.subscribe(reader, &[("t", qos)]);
        desk.cut(reader);
    }
    now(&mut desk);
    desk.publish_whole(publisher, "t", "x", QOS[1]);
    let told = outcomes(&mut desk, "t");
    assert_eq!(told[0], ("one".to_owned(), QOS[1], Outcome::Waits));
    assert_eq!(told[1], ("zero".to_owned(), QOS[0], Outcome::Away));
    assert!(!course(&mut desk, "t").reached.shown[0].is_here);
    // A session that begins anew is another one, though its client is the same, and the key in the table too.
    let again = desk.client(V5, "one");
    desk.subscribe(again, &[("t", QOS[1])]);
    desk.publish_whole(publisher, "other", "x", QOS[1]);
    assert_eq!(outcomes(&mut desk, "t")[0].2, Outcome::SessionEnded);
}

#[test]
fn of_a_group_the_one_whose_turn_it_was_is_told() {
    let mut desk = Desk::new();
    let publisher = desk.client(V5, "p");
    let members = ["m0", "m1"].map(|id| desk.client(V5, id));
    for member in members {
        desk.subscribe(member, &[("$share/g/t", QOS[0])]);
    }
    now(&mut desk);
    let mut turns = Vec::new();
    for _ in 0..4 {
        desk.publish_whole(publisher, "t", "x", QOS[0]);
        let course = course(&mut desk, "t");
        assert_eq!(course.reached.shown.len(), 1);
        let to = &course.reached.shown[0];
        assert_eq!(to.matched.shown[0].group.as_deref(), Some("g"));
        assert_eq!(to.outcome, Outcome::Sent);
        turns.push(to.client.clone());
        let got = members.map(|member| desk.texts(member).len());
        assert_eq!(got[usize::from(to.client == "m1")], 1);
    }
    turns.sort();
    assert_eq!(turns, ["m0", "m0", "m1", "m1"]);
}

#[test]
fn a_message_to_nobody_has_a_course_too() {
    let mut desk = Desk::new();
    let publisher = desk.client(V5, "p");
    now(&mut desk);
    desk.publish_whole(publisher, "nobody", "x", QOS[0]);
    let course = course(&mut desk, "nobody");
    assert_eq!((course.came.reached, course.reached.shown.len()), (0, 0));
}

#[test]
fn a_will_is_told_as_one() {
    let mut desk = Desk::new();
    let dying = desk.join(&Connect {
        will: will("gone", "x"),
        ..hello(V5, "dying")
    });
    now(&mut desk);
    desk.publish_whole(dying, "alive", "x", QOS[0]);
    desk.cut(dying);
    let came = course(&mut desk, "gone").came;
    assert_eq!((came.from.as_deref(), came.is_will), (Some("dying"), true));
    assert!(!course(&mut desk, "alive").came.is_will);
}

#[test]
fn what_is_dropped_says_why() {
    let mut desk = Desk::limited(|limits| {
        limits.queued = 1;
        limits.owed_bytes = 200;
    });
    let publisher = desk.client(V5, "p");
    let away = desk.join(&staying(V5, "away"));
    desk.subscribe(away, &[("full", QOS[1])]);
    desk.cut(away);
    let mut small = hello(V5, "small");
    small.properties.maximum_packet_size = Some(60);
    let small = desk.join(&small);
    desk.subscribe(small, &[("large", QOS[0])]);
    let stuck = desk.client(V5, "stuck");
    desk.subscribe(stuck, &[("slow", QOS[0])]);
    desk.stuck.push(stuck.line);
    now(&mut desk);
    desk.publish_whole(publisher, "full", "1", QOS[1]);
    assert_eq!(outcome(&mut desk, "full"), Outcome::Waits);
    desk.publish_whole(publisher, "full", "2", QOS[1]);
    assert_eq!(outcome(&mut desk, "full"), Outcome::QueueFull);
    desk.publish_whole(publisher, "large", &"x".repeat(100), QOS[0]);
    assert_eq!(outcome(&mut desk, "large"), Outcome::TooLarge);
    desk.publish_whole(publisher, "slow", &"x".repeat(200), QOS[0]);
    assert_eq!(outcome(&mut desk, "slow"), Outcome::Sent);
    desk.publish_whole(publisher, "slow", "x", QOS[0]);
    assert_eq!(outcome(&mut desk, "slow"), Outcome::SlowReader);
    assert_eq!(client(&now(&mut desk), "away").dropped, 1);
}

#[test]
fn what_expires_while_it_waits_is_told() {
    let mut desk = Desk::new();
    let publisher = desk.client(V5, "p");
    let away = desk.join(&staying(V5, "away"));
    desk.subscribe(away, &[("t", QOS[1])]);
    desk.cut(away);
    now(&mut desk);
    let properties = PublishProperties {
        message_expiry: Some(2),
        ..PublishProperties::default()
    };
    let packet = publish_with(V5, "t", "x", QOS[1], 1, &properties);
    desk.send(publisher, &packet);
    assert_eq!(outcome(&mut desk, "t"), Outcome::Waits);
    desk.wait(5);
    desk.join(&staying(V5, "away"));
    assert_eq!(outcome(&mut desk, "t"), Outcome::Expired);
}

#[test]
fn a_retained_message_for_a_new_subscription_is_a_part_of_its_course() {
    let mut desk = Desk::new();
    let client = desk.client(V5, "c");
    now(&mut desk);
    desk.send(client, &retained(V5, "t", "x", QOS[1], 5));
    desk.got(client);
    desk.subscribe(client, &[("+", QOS[1])]);
    let course = course(&mut desk, "t");
    let to = &course.reached.shown[0];
    assert!(to.as_retained && to.client == "c");
    assert_eq!(to.outcome, Outcome::Unacknowledged);
    assert_eq!(to.matched.shown[0].filter, "+");
    let message = desk.message(client);
    desk.take(client, &message);
    assert_eq!(outcome(&mut desk, "t"), Outcome::Acknowledged);
}

#[test]
fn whom_a_message_would_reach_is_told_and_nobodys_turn_is_taken() {
    let mut desk = Desk::new();
    let members = ["m0", "m1"].map(|id| desk.client(V5, id));
    for member in members {
        desk.subscribe(member, &[("$share/g/+", QOS[2])]);
    }
    let away = desk.join(&staying(V5, "away"));
    desk.subscribe(away, &[("t", QOS[0])]);
    desk.cut(away);
    let ask = Ask {
        topic: Some("t".to_owned()),
        picked: None,
    };
    let first = report(&mut desk, &ask);
    assert_eq!(report(&mut desk, &ask), first);
    let would = first.would_reach.expect("asked for").shown;
    let mut told: Vec<_> = would.iter().map(|to| (to.qos, to.outcome)).collect();
    told.sort_by_key(|(qos, _)| *qos);
    assert_eq!(told, [(QOS[0], Outcome::Away), (QOS[2], Outcome::WouldGo)]);
    assert_eq!(now(&mut desk).would_reach, None);
}

#[test]
fn nothing_is_noted_before_somebody_asks_nor_long_after() {
    let mut desk = Desk::new();
    let client = desk.client(V5, "c");
    desk.publish_whole(client, "before", "x", QOS[0]);
    assert_eq!(now(&mut desk).came.shown, []);
    desk.publish_whole(client, "while", "x", QOS[0]);
    desk.wait(9);
    let ask = Ask {
        topic: Some("while".to_owned()),
        picked: None,
    };
    assert_eq!(report(&mut desk, &ask).came.shown.len(), 1);
    desk.wait(11);
    assert_eq!(report(&mut desk, &ask).came.shown, []);
}

#[test]
fn a_report_is_bounded_and_says_how_much_it_leaves_out() {
    let mut desk = Desk::new();
    let long = "t".repeat(20_000);
    now(&mut desk);
    for number in 0..inside::CLIENTS + 30 {
        let mut said = staying(V311, &format!("c{number:04}"));
        said.client_id.push_str(&"é".repeat(400));
        let client = desk.join(&said);
        let own = format!("{long}/{number}");
        let other = format!("{number}/{long}");
        desk.subscribe(client, &[("x/#", QOS[1]), (&own, QOS[0]), (&other, QOS[0])]);
        desk.send(client, &retained(V311, &own, &long, QOS[0], 0));
        if number > 10 {
            desk.cut(client);
        }
    }
    let publisher = desk.client(V5, "p");
    for _ in 0..inside::CAME + 10 {
        desk.publish_whole(publisher, "x/y", &long, QOS[1]);
    }
    let course = course(&mut desk, "x/y");
    assert_eq!(course.reached.shown.len(), inside::REACHED);
    let all = (inside::CLIENTS + 30) as u64;
    assert_eq!(course.reached.left_out + inside::REACHED as u64, all);
    let report = now(&mut desk);
    assert_eq!(report.clients.shown.len(), inside::CLIENTS);
    assert_eq!(report.clients.left_out, 31);
    let connected = report.clients.shown.iter();
    let connected = connected.filter(|client| client.connection.is_some());
    assert_eq!(connected.count(), 12, "who is connected is never left out");
    assert_eq!(report.filters.shown.len(), inside::FILTERS);
    let told = report.filters.shown.iter();
    let told =
        told.map(|filter| filter.subscribers.shown.len() as u64 + filter.subscribers.left_out);
    assert_eq!(told.sum::<u64>() + report.filters.left_out, 3 * all);
    assert_eq!(report.retained.shown.len(), inside::RETAINED);
    assert_eq!(report.retained.left_out, 30);
    assert_eq!(report.came.shown.len(), inside::CAME);
    assert!(report.came.left_out >= 10);
    let size = encode(&report).len();
    assert!(size < 1024 * 1024, "{size} bytes");
}
