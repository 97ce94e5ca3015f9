//! What a client may send and must not: what it sees, by both ways in, and that nobody else notices.

use mqttbytes::QoS;

use crate::client::{Client, publish_packet};
use crate::midge;
use crate::raw::{DOORS, Door, Raw, connect, connect_with, packet, publish, subscribe, text};

/// What the client sees.
enum Sees {
    /// This, and the connection goes on.
    Answer(Vec<u8>),
    /// This, and the connection is closed.
    End(Vec<u8>),
}

use Sees::{Answer, End};

fn deep(levels: usize) -> String {
    "a/".repeat(levels - 1) + "a"
}

/// DISCONNECT of MQTT 5 with this reason.
fn goodbye(code: u8) -> Sees {
    End(vec![0xE0, 2, code, 0])
}

fn closed() -> Sees {
    End(Vec::new())
}

/// Sends the input after CONNECT, and holds what the client sees against the table; a witness that is subscribed to
/// everything hears none of it and goes on.
async fn assert_seen(cases: Vec<(&str, u8, Vec<u8>, Sees)>) {
    let midge = midge(&["--tcp", "0"]).await;
    let mut witness = Client::connected(midge.port(), "witness").await;
    witness.subscribe("#", QoS::AtMostOnce).await;
    for (name, level, input, sees) in &cases {
        for door in DOORS {
            for is_bytewise in [false, true] {
                if is_bytewise && input.len() > 300 {
                    continue;
                }
                let case = format!("{name}, MQTT {level}, {door:?}, bytewise {is_bytewise}");
                let mut raw = Raw::connected(&midge, door, *level, "hostile").await;
                if is_bytewise {
                    raw.send_bytewise(input).await;
                } else {
                    raw.send(input).await;
                }
                match sees {
                    Answer(expected) => {
                        let mut seen = Vec::new();
                        while seen.len() < expected.len() {
                            seen.extend(raw.packet().await);
                        }
                        assert_eq!(seen, *expected, "{case}");
                        assert!(raw.is_well().await, "{case}");
                        raw.send(&[0xE0, 0]).await;
                    }
                    End(expected) => {
                        assert_eq!(raw.until_closed().await, *expected, "{case}");
                    }
                }
                let fine = publish_packet("fine", QoS::AtMostOnce, b"");
                witness.send(&fine).await;
                assert_eq!(witness.published().await.topic, "fine", "{case}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_with_too_many_levels_are_refused_one_by_one() {
    let (many, wildcards) = ("a/".repeat(4_953), "+/".repeat(4_953));
    let typed = "a/".repeat(8_000) + "#";
    let shared = "$share/g/".to_owned() + &"a/".repeat(8_000);
    let (fits, over) = (deep(128), deep(129));
    let mut cases = Vec::new();
    for (name, filter) in [
        ("a/", &many),
        ("+/", &wildcards),
        ("as typed", &typed),
        ("shared", &shared),
        ("one too many", &over),
    ] {
        let answer = |level| match level {
            5 => Answer(vec![0x90, 4, 0, 1, 0, 0x8F]),
            _ => Answer(vec![0x90, 3, 0, 1, 0x80]),
        };
        for level in [4, 5] {
            cases.push((name, level, subscribe(level, &[filter]), answer(level)));
        }
    }
    cases.push((
        "as many as granted",
        4,
        subscribe(4, &[&fits]),
        Answer(vec![0x90, 3, 0, 1, 0]),
    ));
    cases.push((
        "between others",
        4,
        subscribe(4, &["b", &many, "c"]),
        Answer(vec![0x90, 5, 0, 1, 0, 0x80, 0]),
    ));
    cases.push((
        "between others",
        5,
        subscribe(5, &["b", &many, "c", "$share//x"]),
        Answer(vec![0x90, 7, 0, 1, 0, 0, 0x8F, 0, 0x8F]),
    ));
    let unsubscribe = packet(0xA2, &[&[0, 1][..], &text(&many), &text("b")].concat());
    cases.push(("unsubscribe", 4, unsubscribe, Answer(vec![0xB0, 2, 0, 1])));
    assert_seen(cases).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_that_break_the_rules_are_refused_one_by_one() {
    let mut cases = Vec::new();
    for filter in ["$share//x", "$share/g", "$share/+/x", "a/#/b", "a+", "#b"] {
        cases.push((
            filter,
            4,
            subscribe(4, &["ok", filter]),
            Answer(vec![0x90, 4, 0, 1, 0, 0x80]),
        ));
        cases.push((
            filter,
            5,
            subscribe(5, &["ok", filter]),
            Answer(vec![0x90, 5, 0, 1, 0, 0, 0x8F]),
        ));
    }
    for filter in ["", "a\0", "\x0097"] {
        cases.push((filter, 4, subscribe(4, &["ok", filter]), closed()));
        cases.push((filter, 5, subscribe(5, &["ok", filter]), goodbye(0x81)));
    }
    let mut wrong_options = subscribe(5, &["a+", "ok"]);
    *wrong_options.last_mut().unwrap() = 0x30;
    cases.push(("options behind one", 5, wrong_options, goodbye(0x82)));
    let thousand = vec!["a"; 1_000];
    let mut codes = vec![0x90, 0xEA, 0x07, 0, 1];
    codes.extend([0; 1_000]);
    cases.push(("1,000", 4, subscribe(4, &thousand), Answer(codes)));
    let too_many = vec!["a"; 1_001];
    cases.push(("1,001", 4, subscribe(4, &too_many), closed()));
    cases.push(("1,001", 5, subscribe(5, &too_many), goodbye(0x97)));
    assert_seen(cases).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_nobody_may_be_sent_end_at_the_door() {
    let topic = "a/".repeat(3_230);
    let many = "a/".repeat(2_071);
    let fits = deep(129);
    let five = |flags, properties: &[u8]| publish(5, flags, b"t", properties, b"x");
    let user_properties = [0x26, 0, 0, 0, 0].repeat(10_001);
    let cases = vec![
        // Retained, as it is what the tree of topics is for.
        (
            "deep",
            4,
            publish(4, 1, topic.as_bytes(), b"", b"x"),
            closed(),
        ),
        (
            "deep",
            4,
            publish(4, 1, many.as_bytes(), b"", b"x"),
            closed(),
        ),
        (
            "deep",
            4,
            publish(4, 3, fits.as_bytes(), b"", b"x"),
            closed(),
        ),
        (
            "deep",
            5,
            publish(5, 1, many.as_bytes(), b"", b"x"),
            goodbye(0x90),
        ),
        (
            "deep at QoS 1",
            5,
            publish(5, 3, many.as_bytes(), b"", b"x"),
            Answer(vec![0x40, 3, 0, 7, 0x90]),
        ),
        (
            "deep at QoS 2",
            5,
            publish(5, 5, many.as_bytes(), b"", b"x"),
            Answer(vec![0x50, 3, 0, 7, 0x90]),
        ),
        ("wildcard", 4, publish(4, 1, b"w/#", b"", b"x"), closed()),
        (
            "wildcard",
            5,
            publish(5, 1, b"w/+/x", b"", b"x"),
            goodbye(0x81),
        ),
        ("NUL", 4, publish(4, 1, b"w/\0", b"", b"x"), closed()),
        (
            "a mark",
            5,
            publish(5, 3, b"\x0087", b"", b"x"),
            goodbye(0x81),
        ),
        ("empty", 4, publish(4, 1, b"", b"", b"x"), closed()),
        ("empty", 5, publish(5, 1, b"", b"", b"x"), goodbye(0x82)),
        ("not UTF-8", 4, publish(4, 1, b"a\xff", b"", b"x"), closed()),
        ("response topic", 5, five(1, b"\x08\0\0"), goodbye(0x82)),
        (
            "response topic",
            5,
            five(1, b"\x08\0\x03r/#"),
            goodbye(0x81),
        ),
        ("payload format", 5, five(1, b"\x01\x02"), goodbye(0x82)),
        (
            "NUL in content type",
            5,
            five(1, b"\x03\0\x02a\0"),
            goodbye(0x81),
        ),
        (
            "NUL in user property",
            5,
            five(1, b"\x26\0\x01a\0\x01\0"),
            goodbye(0x81),
        ),
        (
            "10,001 properties",
            5,
            five(1, &user_properties),
            goodbye(0x97),
        ),
        ("alias 0", 5, five(0, b"\x23\0\0"), goodbye(0x94)),
        ("QoS 3", 4, packet(0x36, b"\0\x01t\0\x07x"), closed()),
        ("QoS 3", 5, packet(0x36, b"\0\x01t\0\x07\0x"), goodbye(0x81)),
    ];
    assert_seen(cases).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_brokers_own_topics_are_written_by_nobody_else() {
    let mut cases = Vec::new();
    for topic in [
        "$SYS/broker/uptime",
        "$SYS/broker/evil",
        "$SYS",
        "$share/g/x",
    ] {
        cases.push((
            topic,
            4,
            publish(4, 1, topic.as_bytes(), b"", b"x"),
            Answer(vec![]),
        ));
        cases.push((
            topic,
            4,
            publish(4, 3, topic.as_bytes(), b"", b"x"),
            Answer(vec![0x40, 2, 0, 7]),
        ));
        cases.push((
            topic,
            5,
            publish(5, 3, topic.as_bytes(), b"", b"x"),
            Answer(vec![0x40, 3, 0, 7, 0x87]),
        ));
    }
    assert_seen(cases).await;
    let midge = midge(&["--tcp", "0"]).await;
    let mut raw = Raw::connected(&midge, Door::Tcp, 4, "writer").await;
    raw.send(&publish(4, 1, b"$SYS/broker/version", b"", b"evil"))
        .await;
    assert!(raw.is_well().await);
    let mut reader = Client::connected(midge.port(), "reader").await;
    reader.subscribe("$SYS/#", QoS::AtMostOnce).await;
    // The figures, retained, all of them the host's.
    for _ in 0..9 {
        assert_ne!(reader.published().await.payload, "evil");
    }
    // Other topics with a dollar sign are nobody's.
    raw.send(&subscribe(4, &["$other/#"])).await;
    raw.packet().await;
    raw.send(&publish(4, 0, b"$other/topic", b"", b"free"))
        .await;
    assert!(raw.packet().await.ends_with(b"$other/topicfree"));
}

#[tokio::test(flavor = "multi_thread")]
async fn packets_that_no_client_sends_end_the_connection() {
    let mut cases = vec![
        ("second CONNECT", 4, connect(4, "hostile"), closed()),
        ("second CONNECT", 5, connect(5, "hostile"), goodbye(0x82)),
        ("AUTH", 4, vec![0xF0, 0], closed()),
        (
            "AUTH",
            5,
            packet(0xF0, b"\x18\x04\x15\0\x01a"),
            goodbye(0x82),
        ),
        (
            "SUBSCRIBE without flags",
            4,
            packet(0x80, b"\0\x01\0\x01a\0"),
            closed(),
        ),
        (
            "PUBREL without flags",
            5,
            packet(0x60, b"\0\x01"),
            goodbye(0x81),
        ),
        ("PINGREQ with a body", 4, vec![0xC0, 1, 0], closed()),
        (
            "a length of five bytes",
            5,
            b"\x30\xff\xff\xff\xff\x01".to_vec(),
            goodbye(0x81),
        ),
        ("type 0", 4, vec![0, 0], closed()),
        ("no filters", 4, packet(0x82, b"\0\x01"), closed()),
        (
            "packet identifier 0",
            5,
            packet(0x82, b"\0\0\0\0\x01a\0"),
            goodbye(0x82),
        ),
        // Refused by its length, before its bytes are there.
        ("17 MiB", 4, b"\x30\x80\x80\x80\x08".to_vec(), closed()),
        ("17 MiB", 5, b"\x30\x80\x80\x80\x08".to_vec(), goodbye(0x95)),
    ];
    for first in [0x20, 0x90, 0xB0, 0xD0] {
        cases.push(("a server's", 4, packet(first, b"\0\x01\0"), closed()));
        cases.push(("a server's", 5, packet(first, b"\0\x01\0\0"), goodbye(0x82)));
    }
    assert_seen(cases).await;
}

/// The witness's own message is the next that comes on this topic.
async fn nothing_before(witness: &mut Client, topic: &str) {
    let own = publish_packet(topic, QoS::AtMostOnce, b"own");
    witness.send(&own).await;
    assert_eq!(witness.published().await.payload, "own");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_before_a_fault_is_answered_and_nothing_behind_it() {
    let mut input = subscribe(5, &["mine"]);
    input.extend(publish(5, 0, b"mine", b"", b"before"));
    input.extend(publish(5, 2, b"mine", b"", b"acknowledged"));
    input.extend(publish(5, 1, b"w/#", b"", b"x"));
    input.extend(publish(5, 0, b"behind", b"", b"x"));
    let midge = midge(&["--tcp", "0"]).await;
    for door in DOORS {
        let mut witness = Client::connected(midge.port(), "witness").await;
        witness.subscribe("behind", QoS::AtMostOnce).await;
        let mut raw = Raw::open(&midge, door).await;
        raw.send(&[connect(5, "piped"), input.clone()].concat())
            .await;
        assert_eq!(raw.packet().await[0], 0x20);
        let seen = raw.until_closed().await;
        assert_eq!(seen[..6], [0x90, 4, 0, 1, 0, 0], "{door:?}");
        assert!(seen.ends_with(&[0xE0, 2, 0x81, 0]), "{door:?}: {seen:02x?}");
        nothing_before(&mut witness, "behind").await;
        // Behind DISCONNECT nothing counts either, and the host closes.
        let mut raw = Raw::open(&midge, door).await;
        let behind = publish(5, 0, b"behind", b"", b"x");
        raw.send(&[connect(5, "gone"), vec![0xE0, 0], behind].concat())
            .await;
        assert_eq!(raw.packet().await[0], 0x20);
        assert_eq!(raw.until_closed().await, b"", "{door:?}");
        nothing_before(&mut witness, "behind").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connect_that_cannot_be_is_refused_as_its_version_can_say() {
    let midge = midge(&["--tcp", "0"]).await;
    let mut witness = Client::connected(midge.port(), "witness").await;
    witness.subscribe("#", QoS::AtMostOnce).await;
    let will = |level, flags, topic: &[u8]| {
        let properties: &[u8] = if level == 5 { &[0] } else { &[] };
        let behind = [properties, &text(topic), &text("gone")].concat();
        connect_with(level, "will", flags, &behind)
    };
    let refused = |level, code| match level {
        5 => vec![0x20, 3, 0, code, 0],
        _ => vec![0x20, 2, 0, code],
    };
    let deep = "a/".repeat(4_953);
    let mut cases = vec![
        ("deep will", will(4, 0x26, deep.as_bytes()), refused(4, 5)),
        (
            "deep will",
            will(5, 0x26, deep.as_bytes()),
            refused(5, 0x90),
        ),
        (
            "$SYS will",
            will(4, 0x26, b"$SYS/broker/uptime"),
            refused(4, 5),
        ),
        ("$SYS will", will(5, 0x06, b"$SYS/x"), refused(5, 0x87)),
        // In the words of the version that is nearest.
        ("level 6", connect_with(6, "x", 2, &[]), refused(5, 0x84)),
        ("no id", connect_with(4, "", 0, &[]), refused(4, 2)),
        ("reserved flag", connect_with(4, "x", 3, &[]), vec![]),
        (
            "reserved flag",
            connect_with(5, "x", 3, &[]),
            refused(5, 0x81),
        ),
        ("SUBSCRIBE first", subscribe(4, &["a"]), vec![]),
        ("PINGREQ first", vec![0xC0, 0], vec![]),
        (
            "HTTP",
            b"GET / HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(),
            vec![],
        ),
        ("1 MiB", b"\x10\x80\x80\x40".to_vec(), vec![]),
    ];
    for topic in [&b"w/#"[..], b"w/+/x", b"w/\0", b""] {
        for flags in [0x06, 0x26] {
            cases.push(("will", will(4, flags, topic), vec![]));
            cases.push(("will", will(5, flags, topic), refused(5, 0x81)));
        }
    }
    for (name, input, expected) in &cases {
        for door in DOORS {
            let mut raw = Raw::open(&midge, door).await;
            raw.send(input).await;
            assert_eq!(raw.until_closed().await, *expected, "{name}, {door:?}");
        }
    }
    witness
        .send(&publish_packet("fine", QoS::AtMostOnce, b""))
        .await;
    assert_eq!(witness.published().await.topic, "fine");
}
