//! Limits that need time or many: idle connections, seats, sessions, retained messages, what is owed, wrong passwords.
//! With numbers so small that a test reaches them.

use std::net::IpAddr;
use std::time::Duration;

use clap::Parser;
use midge_host::{Limits, Midge, Options};
use mqttbytes::QoS;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use crate::HERE;
use crate::client::{Client, LIMIT, publish_packet};
use crate::raw::{
    DOORS, Door, Raw, connect, connect_with, frames, packet, publish, subscribe, text,
};

/// A Midge with plain TCP and these limits.
async fn midge(limits: Limits, arguments: &[&str]) -> Midge {
    let arguments = ["midge", "--port", "0", "--tcp", "0"]
        .iter()
        .chain(arguments);
    Midge::start_with(Options::parse_from(arguments), limits)
        .await
        .unwrap()
}

/// Whether the connection is closed within the limit. Whatever comes before does not count.
async fn is_closed(mut stream: TcpStream) -> bool {
    let mut passed_over = [0; 4096];
    let end = async { while let Ok(1..) = stream.read(&mut passed_over).await {} };
    timeout(LIMIT, end).await.is_ok()
}

#[tokio::test(start_paused = true)]
async fn who_connects_and_says_nothing_is_closed() {
    let midge = midge(Limits::default(), &[]).await;
    let mut patient = Raw::connected_inside(&midge, Door::Tcp, 4, "patient").await;
    let request = "GET /midge.json HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (is_page, said, seconds) in [
        (false, &b""[..], 10),
        (false, b"\x10\x0c\0", 10),
        (true, b"", 15),
        (true, b"GET / HT", 15),
        (true, b"GET / HTTP/1.1\r\nHost: loc", 15),
        // Answered, and then silent.
        (true, request.as_bytes(), 15),
    ] {
        let mut stream = match is_page {
            true => midge.http(HERE),
            false => midge.plain(HERE),
        };
        stream.write_all(said).await.unwrap();
        assert!(patient.is_well().await);
        let began = Instant::now();
        let mut passed_over = Vec::new();
        // An end, or a connection that is reset.
        let _ = stream.read_to_end(&mut passed_over).await;
        assert_eq!(began.elapsed().as_secs(), seconds, "{said:?}");
    }
    let patience = Duration::from_secs(60);
    let websocket = Raw::inside(&midge, Door::WebSocket).await;
    assert_eq!(websocket.until_closed_within(patience).await, b"");
    let mut begun = Raw::inside(&midge, Door::WebSocket).await;
    begun.send(&connect(4, "begun")[..5]).await;
    assert_eq!(begun.until_closed_within(patience).await, b"");
    // A client that is connected may be silent for as long as its keep alive says.
    assert!(patient.is_well().await);
    for door in DOORS {
        let mut stalled = Raw::connected_inside(&midge, door, 5, "stalled").await;
        stalled.send(b"\x30\xff\x01\0\x01a").await;
        let began = Instant::now();
        let seen = stalled.until_closed_within(patience).await;
        assert_eq!(seen, [0xE0, 2, 0xA0, 0], "{door:?}");
        assert_eq!(began.elapsed().as_secs(), 30);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_that_is_too_large_is_refused() {
    let midge = midge(Limits::default(), &[]).await;
    let mut stream = TcpStream::connect(("127.0.0.1", midge.port()))
        .await
        .unwrap();
    let huge = format!(
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n",
        "x".repeat(1024 * 1024)
    );
    // The host may close before all of it was sent.
    let _ = stream.write_all(huge.as_bytes()).await;
    let mut answer = [0; 12];
    let _ = timeout(LIMIT, stream.read(&mut answer)).await.unwrap();
    assert!(answer == *b"HTTP/1.1 431" || answer == [0; 12]);
    assert!(is_closed(stream).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_beyond_the_seats_are_closed_and_those_that_sit_go_on() {
    let limits = Limits {
        connections: 8,
        connections_per_address: 6,
        ..Limits::default()
    };
    let midge = midge(limits, &[]).await;
    let tcp = midge.tcp_port().unwrap();
    let mut seated = Vec::new();
    for number in 0..6 {
        seated.push(Raw::connected(&midge, Door::Tcp, 4, &format!("seat{number}")).await);
    }
    let refused = TcpStream::connect(("127.0.0.1", tcp)).await.unwrap();
    assert!(is_closed(refused).await);
    // From elsewhere there are seats.
    let mut other = Raw::tcp_from(tcp, [127, 0, 0, 2]).await;
    other.send(&connect(4, "other")).await;
    assert_eq!(other.packet().await, [0x20, 2, 0, 0]);
    for seat in &mut seated {
        assert!(seat.is_well().await);
    }
    drop(seated.pop());
    let began = std::time::Instant::now();
    loop {
        let mut next = Raw::tcp(tcp).await;
        next.send(&connect(4, "next")).await;
        if next.until_closed_or(4).await == [0x20, 2, 0, 0] {
            break;
        }
        assert!(began.elapsed() < LIMIT);
    }
}

#[tokio::test(start_paused = true)]
async fn unfinished_packets_are_bounded_together_and_small_ones_go_on() {
    let limits = Limits {
        unfinished: 1_000_000,
        unfinished_small: 10_000,
        ..Limits::default()
    };
    let midge = midge(limits, &[]).await;
    let whole = publish(5, 0, b"a", b"", &[b'x'; 800_000]);
    let (part, rest) = whole.split_at(400_000);
    let mut holders = Vec::new();
    for number in 0..2 {
        let mut holder =
            Raw::connected_inside(&midge, Door::WebSocket, 5, &format!("h{number}")).await;
        holder.send(part).await;
        holders.push(holder);
    }
    settled().await;
    let mut one_more = Raw::connected_inside(&midge, Door::Tcp, 5, "more").await;
    one_more.send(part).await;
    assert_eq!(one_more.until_closed().await, [0xE0, 2, 0x97, 0]);
    let mut small = Raw::connected_inside(&midge, Door::Tcp, 5, "small").await;
    small.send_bytewise(&subscribe(5, &["small"])).await;
    small.packet().await;
    let publish = publish(5, 0, b"small", b"", &[b'y'; 5_000]);
    for piece in publish.chunks(1_000) {
        small.send(piece).await;
    }
    assert!(small.packet().await.ends_with(b"yyy"));
    drop(holders);
    let mut large = Raw::connected_inside(&midge, Door::Tcp, 5, "large").await;
    settled().await;
    large.send(part).await;
    settled().await;
    large.send(rest).await;
    assert!(large.is_well().await);
}

/// CONNECT of MQTT 3.1.1 for a session that is kept, then goodbye.
async fn come_and_go(midge: &Midge, id: &str) {
    let mut client = Raw::inside(midge, Door::Tcp).await;
    client.send(&connect_with(4, id, 0, &[])).await;
    assert_eq!(client.packet().await[3], 0, "{id}");
    client.send(&[0xE0, 0]).await;
    client.until_closed().await;
}

/// Whether the broker has a session for this client.
async fn has_session(midge: &Midge, id: &str) -> bool {
    let mut client = Raw::inside(midge, Door::Tcp).await;
    client.send(&connect_with(4, id, 0, &[])).await;
    let connack = client.packet().await;
    assert_eq!(connack[3], 0);
    connack[2] == 1
}

/// The clock stands still: it goes on when nobody has anything left to do.
async fn settled() {
    sleep(Duration::from_millis(1)).await;
}

#[tokio::test(start_paused = true)]
async fn the_oldest_session_of_those_away_ends_when_there_are_too_many() {
    let limits = Limits {
        offline_sessions: 3,
        ..Limits::default()
    };
    let midge = midge(limits, &[]).await;
    for id in ["a", "b", "c", "d"] {
        come_and_go(&midge, id).await;
    }
    assert!(has_session(&midge, "d").await);
    assert!(has_session(&midge, "b").await);
    assert!(!has_session(&midge, "a").await);
}

#[tokio::test(start_paused = true)]
async fn a_session_is_not_kept_for_ever() {
    let limits = Limits {
        session_expiry: Duration::from_secs(100),
        ..Limits::default()
    };
    let midge = midge(limits, &[]).await;
    // 3.1.1 says nothing of expiry, and MQTT 5 may say never.
    come_and_go(&midge, "four").await;
    let mut five = Raw::inside(&midge, Door::Tcp).await;
    let body = [
        &text("MQTT")[..],
        b"\x05\0\0\x3c\x05\x11\xff\xff\xff\xff",
        &text("five"),
    ]
    .concat();
    five.send(&packet(0x10, &body)).await;
    let connack = five.packet().await;
    // What is granted is said.
    assert!(
        connack.windows(5).any(|five| five == [0x11, 0, 0, 0, 100]),
        "{connack:02x?}"
    );
    five.send(&[0xE0, 0]).await;
    five.until_closed().await;
    sleep(Duration::from_secs(99)).await;
    assert!(has_session(&midge, "four").await);
    come_and_go(&midge, "four").await;
    sleep(Duration::from_secs(101)).await;
    assert!(!has_session(&midge, "four").await);
    assert!(!has_session(&midge, "five").await);
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_client_that_is_away_is_bounded() {
    let limits = Limits {
        owed_to_one_away: 20_000,
        ..Limits::default()
    };
    let midge = midge(limits, &[]).await;
    let mut away = Raw::inside(&midge, Door::Tcp).await;
    away.send(&connect_with(4, "away", 0, &[])).await;
    away.packet().await;
    away.send(&packet(0x82, b"\0\x01\0\x01q\x01")).await;
    away.packet().await;
    away.send(&[0xE0, 0]).await;
    away.until_closed().await;
    let mut writer = Raw::connected_inside(&midge, Door::Tcp, 4, "writer").await;
    for number in 0..100_u8 {
        let payload = [&[number][..], &[b'x'; 999]].concat();
        writer.send(&publish(4, 2, b"q", b"", &payload)).await;
        assert_eq!(writer.packet().await[0], 0x40);
    }
    let mut back = Raw::inside(&midge, Door::Tcp).await;
    back.send(&connect_with(4, "away", 0, &[])).await;
    assert_eq!(back.packet().await, [0x20, 2, 1, 0]);
    let mut numbers = Vec::new();
    back.send(&[0xC0, 0]).await;
    loop {
        let message = back.packet().await;
        if message == [0xD0, 0] {
            break;
        }
        assert_eq!(message[0] & 0xF0, 0x30);
        numbers.push(message[8]);
        back.send(&[&[0x40, 2][..], &message[6..8]].concat()).await;
    }
    // The first ones, in order, and none behind them: then it goes on as before. Each counts 64 bytes beside its own.
    assert_eq!(numbers, (0..18).collect::<Vec<_>>());
    assert!(back.is_well().await);
    writer.send(&publish(4, 2, b"q", b"", b"new")).await;
    assert!(back.packet().await.ends_with(b"new"));
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_is_slow_loses_messages_and_nobody_else_does() {
    let limits = Limits {
        owed_to_one: 300_000,
        ..Limits::default()
    };
    let midge = midge(limits, &[]).await;
    let mut slow = Raw::connected_inside(&midge, Door::Tcp, 4, "slow").await;
    slow.send(&subscribe(4, &["flood/#"])).await;
    slow.packet().await;
    let mut quick = Client::inside(&midge, "quick").await;
    quick.subscribe("flood/#", QoS::AtMostOnce).await;
    let mut writer = Client::inside(&midge, "writer").await;
    let payload = vec![b'x'; 50_000];
    for number in 0..400 {
        let topic = format!("flood/{number}");
        writer
            .send(&publish_packet(&topic, QoS::AtMostOnce, &payload))
            .await;
        assert_eq!(quick.published().await.topic, topic);
    }
    writer
        .send(&publish_packet("flood/end", QoS::AtMostOnce, b""))
        .await;
    quick.published().await;
    // What did not fit into the connection and the queue is not there.
    let mut read = 0;
    let everything = async {
        loop {
            slow.packet().await;
            read += 1;
        }
    };
    let _ = timeout(Duration::from_secs(2), everything).await;
    assert!((1..400).contains(&read), "{read}");
    assert!(slow.is_well().await);
}

#[tokio::test(start_paused = true)]
async fn retained_messages_are_bounded_and_can_be_replaced_and_taken_away() {
    let limits = Limits {
        retained: 12,
        ..Limits::default()
    };
    let midge = midge(limits, &[]).await;
    let mut writer = Raw::connected_inside(&midge, Door::Tcp, 5, "writer").await;
    let mut kept = Vec::new();
    // The broker's own figures take no room from others.
    for number in 0..20_u8 {
        let topic = format!("r/{number}");
        writer
            .send(&publish(5, 3, topic.as_bytes(), b"", b"x"))
            .await;
        let puback = writer.packet().await;
        match puback.get(4) {
            Some(0x97) => {}
            // Success, or success that nobody is subscribed to.
            None | Some(0 | 0x10) => kept.push(topic),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(kept.len(), 12);
    // In its place there is room for another, and when one is gone.
    writer.send(&publish(5, 3, b"r/0", b"", b"another")).await;
    assert_ne!(writer.packet().await.get(4), Some(&0x97));
    writer.send(&publish(5, 3, b"r/0", b"", b"")).await;
    writer.packet().await;
    writer.send(&publish(5, 3, b"r/new", b"", b"x")).await;
    assert_ne!(writer.packet().await.get(4), Some(&0x97));
    // Who cannot be told, and a will, are passed on all the same.
    let mut reader = Client::inside(&midge, "reader").await;
    reader.subscribe("late/#", QoS::AtMostOnce).await;
    writer.send(&publish(5, 1, b"late/a", b"", b"x")).await;
    assert_eq!(reader.published().await.topic, "late/a");
    let will = [text("late/will"), text("gone")].concat();
    let mut rude = Raw::inside(&midge, Door::Tcp).await;
    rude.send(&connect_with(4, "rude", 0x26, &will)).await;
    rude.packet().await;
    drop(rude);
    assert_eq!(reader.published().await.topic, "late/will");
    let mut newcomer = Client::inside(&midge, "newcomer").await;
    newcomer.subscribe("late/#", QoS::AtMostOnce).await;
    assert!(newcomer.is_quiet().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_has_so_many_subscriptions_and_no_more() {
    let limits = Limits {
        filters_per_client: 3,
        filter_bytes_per_client: 100,
        ..Limits::default()
    };
    let midge = midge(limits, &[]).await;
    let mut client = Raw::connected(&midge, Door::Tcp, 5, "many").await;
    client.send(&subscribe(5, &["a", "b", "c", "d", "a"])).await;
    assert_eq!(client.packet().await, [0x90, 8, 0, 1, 0, 0, 0, 0, 0x97, 0]);
    let mut client = Raw::connected(&midge, Door::Tcp, 4, "long").await;
    let long = "x".repeat(60);
    client
        .send(&subscribe(4, &[&long, &long.to_uppercase()]))
        .await;
    assert_eq!(client.packet().await, [0x90, 4, 0, 1, 0, 0x80]);
    assert!(client.is_well().await);
}

fn login(id: &str, password: &str) -> Vec<u8> {
    let behind = [text("chen"), text(password)].concat();
    connect_with(4, id, 0xC2, &behind)
}

#[tokio::test(start_paused = true)]
async fn wrong_passwords_are_slowed_by_address_and_others_are_not() {
    let midge = midge(Limits::default(), &["--user", "chen:tea"]).await;
    let (guesser, honest) = (IpAddr::from([10, 0, 0, 7]), IpAddr::from([10, 0, 0, 8]));
    let (mut looked_at, mut sent_away) = (0, 0);
    let began = Instant::now();
    // Ten at once, again and again.
    for round in 0..60 {
        let mut guessing = Vec::new();
        for number in 0..10 {
            let mut guess = Raw::inside_from(&midge, guesser);
            let id = format!("guess{round}-{number}");
            guess.send(&login(&id, &id)).await;
            guessing.push(guess);
        }
        let asked = Instant::now();
        let mut right = Raw::inside_from(&midge, honest);
        right.send(&login("honest", "tea")).await;
        assert_eq!(right.packet().await, [0x20, 2, 0, 0]);
        assert_eq!(asked.elapsed(), Duration::ZERO);
        for guess in guessing {
            match guess.until_closed_within(LIMIT).await[..] {
                [0x20, 2, 0, 4] => looked_at += 1,
                [0x20, 2, 0, 3] => sent_away += 1,
                ref other => panic!("{other:02x?}"),
            }
        }
        sleep(Duration::from_secs(1)).await;
        if began.elapsed() > Duration::from_secs(60) {
            break;
        }
    }
    assert!(looked_at < 30, "{looked_at}");
    assert!(sent_away > 30, "{sent_away}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_pings_is_answered_and_nobody_notices() {
    let midge = midge(Limits::default(), &[]).await;
    let mut flood = Vec::new();
    for _ in 0..50_000 {
        flood.extend_from_slice(&[0x89, 0x80 | 4, 0, 0, 0, 0, b'p', b'i', b'n', b'g']);
    }
    let stream = frames(midge.port()).await;
    let (mut reader, mut writer) = stream.into_split();
    let sending = tokio::spawn(async move { writer.write_all(&flood).await.map(|()| writer) });
    let mut client = Client::connected(midge.port(), "other").await;
    client.ping().await;
    let mut pongs = 0;
    let mut some = vec![0; 65_536];
    while pongs < 50_000 * 6 {
        pongs += timeout(LIMIT, reader.read(&mut some))
            .await
            .unwrap()
            .unwrap();
    }
    client.ping().await;
    assert!(sending.await.unwrap().is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_that_break_the_rules_close_with_1002() {
    let midge = midge(Limits::default(), &[]).await;
    for frame in [
        &b"\x82\x03abc"[..],                                 // not masked
        b"\xc2\x80\0\0\0\0",                                 // a reserved bit
        b"\x80\x80\0\0\0\0",                                 // nothing to go on with
        b"\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", // longer than can be
    ] {
        let mut stream = frames(midge.port()).await;
        stream.write_all(frame).await.unwrap();
        let mut close = [0; 4];
        timeout(LIMIT, stream.read_exact(&mut close))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(close, [0x88, 2, 0x03, 0xEA], "{frame:02x?}");
        assert!(is_closed(stream).await);
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_silent_for_longer_than_the_keep_alive_is_closed() {
    let midge = midge(Limits::default(), &[]).await;
    for door in DOORS {
        let mut silent = Raw::inside(&midge, door).await;
        let body = [&text("MQTT")[..], &[4, 2, 0, 1], &text("silent")].concat();
        silent.send(&packet(0x10, &body)).await;
        assert_eq!(silent.packet().await, [0x20, 2, 0, 0]);
        let began = Instant::now();
        assert_eq!(silent.until_closed().await, b"", "{door:?}");
        assert_eq!(began.elapsed().as_millis(), 1_500);
    }
}
