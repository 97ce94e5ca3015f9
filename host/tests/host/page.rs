//! The page's side over HTTP: headers, `/midge.json`, and what is refused.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::client::LIMIT;
use crate::midge;

struct Answer {
    status: u16,
    head: String,
    body: String,
}

async fn ask(port: u16, method: &str, path: &str, host: &str) -> Answer {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    timeout(LIMIT, stream.read_to_end(&mut answer))
        .await
        .unwrap()
        .unwrap();
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head: head.to_ascii_lowercase(),
        body: body.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_headers_that_keep_the_page_safe() {
    let midge = midge(&[]).await;
    let host = format!("127.0.0.1:{}", midge.port());
    for path in ["/", "/midge.json", "/no/such/file", "/mqtt"] {
        let head = ask(midge.port(), "GET", path, &host).await.head;
        for line in [
            "content-security-policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; ",
            "connect-src 'self' ws: wss:; ",
            "frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cross-origin-opener-policy: same-origin",
        ] {
            assert!(head.contains(line), "{path} without {line}: {head}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_start_is_html_and_head_has_no_body() {
    let midge = midge(&[]).await;
    let page = ask(midge.port(), "GET", "/", "localhost").await;
    assert!(page.head.contains("content-type: text/html; charset=utf-8"));
    assert!(page.body.contains("Midge"), "{}", page.body);
    let head = ask(midge.port(), "HEAD", "/", "localhost").await;
    assert_eq!(head.status, page.status);
    assert_eq!(head.body, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_learns_what_the_host_offers() {
    let midge = midge(&["--demo", "--tcp", "0"]).await;
    let answer = ask(midge.port(), "GET", "/midge.json", "localhost").await;
    assert_eq!(answer.status, 200);
    assert!(answer.head.contains("cache-control: no-store"));
    let about: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(about["mqtt"], "/mqtt");
    assert_eq!(about["demo"], true);
    assert_eq!(about["tcp"], midge.tcp_port().unwrap());
    assert_eq!(about["lan"], serde_json::Value::Null);
    assert_eq!(about["version"], env!("CARGO_PKG_VERSION"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_name_that_points_here_is_refused() {
    let midge = midge(&[]).await;
    let answer = ask(midge.port(), "GET", "/midge.json", "evil.example").await;
    assert_eq!(answer.status, 403);
    assert!(!answer.body.contains("mqtt\":"));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_get_and_head_are_answered() {
    let midge = midge(&[]).await;
    for path in ["/", "/midge.json"] {
        let answer = ask(midge.port(), "DELETE", path, "localhost").await;
        assert_eq!(answer.status, 405, "{path}");
    }
}
