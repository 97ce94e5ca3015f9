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
    ask_with(port, method, path, host, "").await
}

/// The same with more header lines.
async fn ask_with(port: u16, method: &str, path: &str, host: &str, more: &str) -> Answer {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request =
        format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n");
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
async fn a_page_that_the_browser_has_is_not_sent_again() {
    let folder = std::env::temp_dir().join(format!("midge-known-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("index.html"), "the page").unwrap();
    std::fs::write(folder.join("index.html.gz"), "the page as gzip").unwrap();
    let midge = midge(&["--page", folder.to_str().unwrap()]).await;
    let port = midge.port();
    let ask = |more: String| async move { ask_with(port, "GET", "/", "localhost", &more).await };
    let plain = ask(String::new()).await;
    let packed = ask("Accept-Encoding: gzip\r\n".to_owned()).await;
    assert_eq!((plain.status, packed.status), (200, 200));
    assert_eq!(packed.body, "the page as gzip");
    assert!(packed.head.contains("content-encoding: gzip"));
    let tag = |answer: &Answer| {
        let line = answer.head.lines().find(|line| line.starts_with("etag: "));
        line.unwrap().trim_start_matches("etag: ").to_owned()
    };
    let (tag, other) = (tag(&plain), tag(&packed));
    assert_ne!(tag, other);
    let known = ask(format!("If-None-Match: {tag}\r\n")).await;
    assert_eq!((known.status, &known.body[..]), (304, ""));
    for line in [
        "cache-control: no-cache",
        "vary: accept-encoding",
        "x-content-type-options",
    ] {
        assert!(known.head.contains(line), "{line}: {}", known.head);
    }
    let known = ask(format!(
        "Accept-Encoding: gzip\r\nIf-None-Match: {other}\r\n"
    ))
    .await;
    assert_eq!(known.status, 304);
    // The plain one that it has is not the packed one that it asks for.
    let news = ask(format!("Accept-Encoding: gzip\r\nIf-None-Match: {tag}\r\n")).await;
    assert_eq!((news.status, &news.body[..]), (200, "the page as gzip"));
    std::fs::remove_dir_all(&folder).unwrap();
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
    assert_eq!(about["inside"], "/inside");
    assert_eq!(about["version"], env!("CARGO_PKG_VERSION"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_told_the_names_in_their_order_and_not_where_they_lead() {
    let here = midge(&[
        "--broker",
        "lab=mqtt://192.0.2.7",
        "--broker",
        "wss://hall.example/mqtt",
    ])
    .await;
    let answer = ask(here.port(), "GET", "/midge.json", "localhost").await;
    let about: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(about["mqtt"], "/mqtt");
    let told = [
        ["lab", "/broker/lab"],
        ["hall.example", "/broker/hall.example"],
    ];
    let told = told.map(|[name, path]| serde_json::json!({ "name": name, "path": path }));
    assert_eq!(about["brokers"], serde_json::json!(told));
    assert!(!answer.body.contains("192.0.2.7"));
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
