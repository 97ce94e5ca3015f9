//! `/inside`: what the broker tells of its inside, and who may read it.

use std::net::IpAddr;

use midge::inside::{Outcome, Report, decode};
use midge_host::Midge;
use mqttbytes::QoS;
use mqttbytes::v4::{Connect, ConnectReturnCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, sleep, timeout};

use crate::client::{Client, Frames, LIMIT, packet, publish_packet};
use crate::{HERE, midge};

/// The address of another machine.
const ELSEWHERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 168, 1, 5));

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

/// Asks, as if from there, with these header lines.
async fn ask(midge: &Midge, from: IpAddr, path: &str, lines: &[&str]) -> Answer {
    let mut stream = midge.http(from);
    let lines = lines.join("\r\n");
    let request = format!("GET {path} HTTP/1.1\r\nConnection: close\r\n{lines}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = timeout(LIMIT, stream.read_to_end(&mut answer)).await;
    read.unwrap().unwrap();
    let at = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap();
    let head = String::from_utf8(answer[..at].to_vec()).unwrap();
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head: head.to_ascii_lowercase(),
        body: answer[at + 4..].to_vec(),
    }
}

async fn report(midge: &Midge, query: &str) -> Report {
    let answer = ask(
        midge,
        HERE,
        &format!("/inside{query}"),
        &["Host: localhost"],
    )
    .await;
    assert_eq!(answer.status, 200, "{}", answer.head);
    assert!(answer.head.contains("cache-control: no-store"));
    assert!(
        answer
            .head
            .contains("content-type: application/octet-stream")
    );
    decode(&answer.body).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_one_at_the_machine_sees_clients_and_what_waits_for_whom() {
    let midge = midge(&[]).await;
    let mut away = Client::open(midge.port(), Frames::Whole).await;
    let mut said = Connect::new("away");
    said.clean_session = false;
    said.set_login("ann", "secret");
    away.send(&packet(|bytes| said.write(bytes))).await;
    assert_eq!(away.connack().await, ConnectReturnCode::Success);
    away.subscribe("a/#", QoS::AtLeastOnce).await;
    away.close().await;
    let mut here = Client::connected(midge.port(), "here").await;
    let since = Instant::now();
    while report(&midge, "").await.connected != 1 {
        assert!(since.elapsed() < LIMIT, "it does not go away");
        sleep(std::time::Duration::from_millis(300)).await;
    }
    here.send(&publish_packet("a/b", QoS::AtLeastOnce, b"hush"))
        .await;
    here.receive().await;
    let seen = report(&midge, "?topic=a%2Fb").await;
    let [away, here] = &seen.clients.shown[..] else {
        panic!("{:?}", seen.clients);
    };
    assert_eq!(
        (&*away.id, away.connection, away.queued.count),
        ("away", None, 1)
    );
    assert_eq!(away.user_name.as_deref(), Some("ann"));
    assert_eq!(
        (&*here.id, here.connection.unwrap().keep_alive),
        ("here", 60)
    );
    assert_eq!(seen.filters.shown[0].filter, "a/#");
    let number = seen.came.shown[0].number;
    let course = report(&midge, &format!("?picked={number}")).await.course;
    let course = course.unwrap();
    assert_eq!(course.came.from.as_deref(), Some("here"));
    assert_eq!(course.reached.shown[0].client, "away");
    assert_eq!(course.reached.shown[0].outcome, Outcome::Waits);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_sees_anything_and_is_told_why() {
    let midge = midge(&[]).await;
    let local = "Host: 127.0.0.1:8080";
    let cases: [(IpAddr, &[&str], &str); 8] = [
        (ELSEWHERE, &["Host: 192.168.1.2:8080"], "on the machine"),
        (ELSEWHERE, &[local], "on the machine"),
        (HERE, &["Host: 192.168.1.2:8080"], "127.0.0.1 or localhost"),
        (HERE, &["Host: evil.example"], "this host name"),
        (
            HERE,
            &[local, "Origin: http://evil.example"],
            "its own page",
        ),
        (
            HERE,
            &[local, "Origin: http://127.0.0.1:5000"],
            "its own page",
        ),
        (HERE, &[local, "Sec-Fetch-Site: cross-site"], "its own page"),
        (
            HERE,
            &[local, "X-Forwarded-For: 10.0.0.1"],
            "through a proxy",
        ),
    ];
    for (from, lines, words) in cases {
        let answer = ask(&midge, from, "/inside", lines).await;
        let body = String::from_utf8(answer.body).unwrap();
        assert_eq!(answer.status, 403, "{from} {lines:?}");
        assert!(body.contains(words), "{from} {lines:?}: {body}");
    }
    let own = ask(
        &midge,
        HERE,
        "/inside",
        &[local, "Origin: http://127.0.0.1:8080"],
    )
    .await;
    assert_eq!(own.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_pages_of_other_origins_it_is_closed_and_says_so() {
    let midge = midge(&["--allow-origin", "https://midge.example.org"]).await;
    let answer = ask(&midge, HERE, "/inside", &["Host: localhost"]).await;
    assert_eq!(answer.status, 403);
    assert!(String::from_utf8_lossy(&answer.body).contains("--allow-origin"));
    let about = ask(&midge, HERE, "/midge.json", &["Host: localhost"]).await;
    let about: serde_json::Value = serde_json::from_slice(&about.body).unwrap();
    assert_eq!(about["inside"], serde_json::Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_without_end_is_told_to_wait_and_nonsense_is_refused() {
    let midge = midge(&[]).await;
    let lines = ["Host: localhost"];
    let wrong = ask(&midge, HERE, "/inside?picked=x", &lines).await;
    assert_eq!(wrong.status, 400);
    let mut given = 0;
    let since = Instant::now();
    for _ in 0..100 {
        let answer = ask(&midge, HERE, "/inside", &lines).await;
        match answer.status {
            200 => given += 1,
            429 => assert!(answer.head.contains("retry-after: 1")),
            status => panic!("{status}"),
        }
    }
    let most = 6 + since.elapsed().as_millis() / 200;
    assert!(given >= 5 && given <= most, "{given} of {most}");
}
