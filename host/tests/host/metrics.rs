//! `/metrics`: numbers for this machine's programs, and for others where that is asked for.

use std::net::IpAddr;

use midge_host::Midge;
use mqttbytes::QoS;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use crate::client::{Client, LIMIT, publish_packet};
use crate::{HERE, midge};

/// The answer to one who comes from there, with more lines in the request.
async fn ask(midge: &Midge, from: IpAddr, lines: &str) -> String {
    let mut stream = midge.http(from);
    let request =
        format!("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{lines}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    timeout(LIMIT, stream.read_to_string(&mut answer))
        .await
        .unwrap()
        .unwrap();
    answer
}

fn number(answer: &str, name: &str) -> u64 {
    let line = answer
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name}: {answer}"))
        .parse()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_counted_is_told_as_prometheus_reads_it_without_a_name() {
    let midge = midge(&[]).await;
    let mut client = Client::connected(midge.port(), "secret-client").await;
    client.subscribe("secret/#", QoS::AtMostOnce).await;
    for _ in 0..3 {
        client
            .send(&publish_packet("secret/topic", QoS::AtMostOnce, b"x"))
            .await;
        client.published().await;
    }
    let answer = ask(&midge, HERE, "").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("text/plain; version=0.0.4"), "{answer}");
    assert!(
        answer.contains("# TYPE midge_messages_received_total counter\n"),
        "{answer}"
    );
    for (name, counted) in [
        ("midge_clients_connected", 1),
        ("midge_subscriptions", 1),
        ("midge_messages_received_total", 3),
        ("midge_messages_sent_total", 3),
        ("midge_messages_dropped_total", 0),
    ] {
        assert_eq!(number(&answer, name), counted, "{name}");
    }
    assert!(number(&answer, "midge_received_bytes_total") > 60);
    #[cfg(target_os = "linux")]
    assert!(number(&answer, "process_resident_memory_bytes") > 1024 * 1024);
    assert!(!answer.contains("secret"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn others_are_told_only_where_that_was_asked_for() {
    let elsewhere = IpAddr::from([192, 0, 2, 7]);
    let (closed, open) = (midge(&[]).await, midge(&["--metrics-for-all"]).await);
    let proxied = midge(&["--allow-origin", "https://midge.example"]).await;
    assert!(ask(&closed, HERE, "").await.starts_with("HTTP/1.1 200"));
    for (midge, from, lines) in [
        (&closed, elsewhere, ""),
        (&closed, HERE, "X-Forwarded-For: 192.0.2.7\r\n"),
        (&closed, HERE, "Origin: http://evil.example\r\n"),
        (&proxied, HERE, ""),
    ] {
        let answer = ask(midge, from, lines).await;
        assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
        assert!(!answer.contains("midge_"), "{answer}");
    }
    assert!(ask(&open, elsewhere, "").await.starts_with("HTTP/1.1 200"));
}
