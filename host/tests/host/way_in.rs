//! `/broker/NAME`: the way to brokers of elsewhere. To those that were named, to no other place, and in words where it ends.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use midge_host::{Midge, Options};
use mqttbytes::QoS;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, Request};
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use clap::Parser;

use crate::client::{Client, LIMIT, publish_packet, subscribe_packet};
use crate::midge;
use crate::raw::connect;

type Page = WebSocketStream<MaybeTlsStream<TcpStream>>;

fn request(port: u16, name: &str) -> Request<()> {
    let url = format!("ws://127.0.0.1:{port}/broker/{name}");
    let mut request = url.into_client_request().unwrap();
    let mqtt = HeaderValue::from_static("mqtt");
    request.headers_mut().insert("sec-websocket-protocol", mqtt);
    request
}

async fn page(midge: &Midge, name: &str) -> Page {
    let opened = timeout(LIMIT, connect_async(request(midge.port(), name))).await;
    opened.unwrap().unwrap().0
}

/// The code by which a page is told why a broker is not reached.
async fn code(midge: &Midge, name: &str) -> u16 {
    let mut page = page(midge, name).await;
    // What a page says first; lost where nobody is there.
    let _ = page.send(Message::Binary(connect(4, "why").into())).await;
    closed(&mut page).await
}

async fn closed(page: &mut Page) -> u16 {
    loop {
        match timeout(LIMIT, page.next()).await.unwrap() {
            Some(Ok(Message::Close(Some(frame)))) => {
                let code = u16::from(frame.code);
                assert!(code == 1000 || !frame.reason.is_empty());
                return code;
            }
            Some(Ok(Message::Binary(_))) => {}
            other => panic!("no close frame: {other:?}"),
        }
    }
}

async fn bytes(page: &mut Page, count: usize) -> Vec<u8> {
    let mut all = Vec::new();
    while all.len() < count {
        match timeout(LIMIT, page.next()).await.unwrap() {
            Some(Ok(Message::Binary(more))) => all.extend_from_slice(&more),
            other => panic!("not bytes: {other:?}"),
        }
    }
    all
}

/// A port where nobody listens.
async fn nowhere() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_speaks_with_a_named_broker_over_tcp_and_over_websocket() {
    let elsewhere = midge(&["--tcp", "0"]).await;
    let (tcp, ws) = (elsewhere.tcp_port().unwrap(), elsewhere.port());
    let here = midge(&[
        "--broker",
        &format!("plain=mqtt://127.0.0.1:{tcp}"),
        "--broker",
        &format!("framed=ws://127.0.0.1:{ws}/mqtt"),
    ])
    .await;
    let mut reader = Client::connected(ws, "reader").await;
    reader.subscribe("from/#", QoS::AtLeastOnce).await;
    for name in ["plain", "framed"] {
        let mut page = page(&here, name).await;
        let mut said = connect(4, name);
        said.extend_from_slice(&subscribe_packet("to/#", QoS::AtMostOnce));
        // Cut where it hurts.
        for piece in said.chunks(7) {
            let piece = Bytes::copy_from_slice(piece);
            page.send(Message::Binary(piece)).await.unwrap();
        }
        assert_eq!(bytes(&mut page, 9).await[..4], [0x20, 2, 0, 0]);
        let long = vec![b'x'; 300_000];
        let publish = publish_packet("from/page", QoS::AtMostOnce, &long);
        page.send(Message::Binary(publish.freeze())).await.unwrap();
        assert_eq!(reader.published().await.payload.len(), long.len());
        let back = publish_packet("to/page", QoS::AtMostOnce, &long);
        reader.send(&back).await;
        assert_eq!(bytes(&mut page, back.len()).await, back);
        page.close(None).await.unwrap();
        while timeout(LIMIT, page.next()).await.unwrap().is_some() {}
    }
    // Of the own broker's nothing came through.
    let mut own = Client::connected(here.port(), "own").await;
    own.ping().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_the_named_broker_is_reached_whatever_is_asked_for() {
    let trap = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let trapped = trap.local_addr().unwrap().port();
    let caught = Arc::new(AtomicUsize::new(0));
    let counting = caught.clone();
    tokio::spawn(async move {
        while let Ok((_stream, _)) = trap.accept().await {
            counting.fetch_add(1, Relaxed);
        }
    });
    let elsewhere = midge(&["--tcp", "0"]).await;
    let tcp = elsewhere.tcp_port().unwrap();
    let here = midge(&["--broker", &format!("lab=mqtt://127.0.0.1:{tcp}")]).await;
    let evil = format!("127.0.0.1:{trapped}");
    let own = "127.0.0.1".to_owned();
    for (path, host, more, status) in [
        (format!("/broker/{evil}"), &own, String::new(), 404),
        (
            format!("/broker/mqtt:%2f%2f{evil}"),
            &own,
            String::new(),
            404,
        ),
        (format!("/broker/lab/{evil}"), &own, String::new(), 404),
        (format!("/broker/lab@{evil}"), &own, String::new(), 404),
        (format!("/broker/lab%00{evil}"), &own, String::new(), 404),
        ("/broker/LAB".to_owned(), &own, String::new(), 404),
        ("/broker/".to_owned(), &own, String::new(), 404),
        ("/broker/..%2flab".to_owned(), &own, String::new(), 404),
        ("/broker/lab%ff".to_owned(), &own, String::new(), 400),
        (format!("//{evil}/broker/lab2"), &own, String::new(), 404),
        (
            format!("http://{evil}/broker/lab2"),
            &own,
            String::new(),
            404,
        ),
        (
            "/broker/lab".to_owned(),
            &"evil.example".to_owned(),
            String::new(),
            403,
        ),
        (
            "/broker/lab".to_owned(),
            &own,
            "Origin: http://evil.example\r\n".to_owned(),
            403,
        ),
        (
            "/broker/lab".to_owned(),
            &own,
            "Origin: null\r\n".to_owned(),
            403,
        ),
        // These reach the named one, and say nothing of where that is.
        (format!("/broker/lab?to={evil}"), &own, String::new(), 101),
        (
            format!("http://{evil}/broker/lab"),
            &own,
            String::new(),
            101,
        ),
        ("/broker/lab".to_owned(), &evil, String::new(), 101),
        (
            "/broker/lab".to_owned(),
            &own,
            format!(
                "X-Forwarded-Host: {evil}\r\nForwarded: host={evil}\r\nX-Broker: mqtt://{evil}\r\n"
            ),
            101,
        ),
    ] {
        let mut stream = TcpStream::connect(("127.0.0.1", here.port()))
            .await
            .unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = [0; 12];
        timeout(LIMIT, stream.read_exact(&mut answer))
            .await
            .unwrap()
            .unwrap();
        let expected = format!("HTTP/1.1 {status}");
        assert_eq!(
            std::str::from_utf8(&answer).unwrap(),
            expected,
            "{path} {host} {more}"
        );
    }
    // Time for whoever would still be on the way.
    sleep(Duration::from_millis(200)).await;
    assert_eq!(caught.load(Relaxed), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_is_not_there_is_told_by_a_code_of_its_own() {
    let port = nowhere().await;
    let no_frames = midge(&["--tcp", "0"]).await;
    let here = midge(&[
        "--broker",
        &format!("closed=mqtt://127.0.0.1:{port}"),
        "--broker",
        "unknown=mqtt://nobody.invalid",
        "--broker",
        &format!("path=ws://127.0.0.1:{}/elsewhere", no_frames.port()),
        "--broker",
        &format!("plain=mqtts://127.0.0.1:{}", no_frames.tcp_port().unwrap()),
    ])
    .await;
    assert_eq!(code(&here, "closed").await, 4150);
    assert_eq!(code(&here, "unknown").await, 4152);
    assert_eq!(code(&here, "path").await, 4159);
    assert_eq!(code(&here, "plain").await, 4157);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_goes_away_ends_the_page_and_is_reached_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let here = midge(&["--broker", &format!("lab=mqtt://127.0.0.1:{port}")]).await;
    for _ in 0..2 {
        let mut page = page(&here, "lab").await;
        let (stream, _) = timeout(LIMIT, listener.accept()).await.unwrap().unwrap();
        drop(stream);
        assert_eq!(closed(&mut page).await, 1000);
    }
    let mut last = page(&here, "lab").await;
    let (_held, _) = timeout(LIMIT, listener.accept()).await.unwrap().unwrap();
    let stopping = tokio::spawn(here.stop());
    assert_eq!(closed(&mut last).await, 1001);
    stopping.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_page_says_last_arrives_and_text_does_not() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let here = midge(&["--broker", &format!("lab=mqtt://127.0.0.1:{port}")]).await;
    let mut leaving = page(&here, "lab").await;
    let (mut stream, _) = timeout(LIMIT, listener.accept()).await.unwrap().unwrap();
    let last = Message::Binary(Bytes::from_static(&[0xE0, 0]));
    leaving.send(last).await.unwrap();
    leaving.close(None).await.unwrap();
    let mut heard = Vec::new();
    timeout(LIMIT, stream.read_to_end(&mut heard))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(heard, [0xE0, 0]);
    let mut texting = page(&here, "lab").await;
    let (mut stream, _) = timeout(LIMIT, listener.accept()).await.unwrap().unwrap();
    texting.send(Message::Text("hello".into())).await.unwrap();
    assert_eq!(closed(&mut texting).await, 1003);
    heard.clear();
    // Closed, or reset.
    let _ = timeout(LIMIT, stream.read_to_end(&mut heard))
        .await
        .unwrap();
    assert_eq!(heard, b"");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_reads_slowly_slows_the_broker_and_loses_nothing() {
    const PIECE: usize = 64 * 1024;
    /// What sockets hold of themselves, and more.
    const BOUND: usize = 32 * 1024 * 1024;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let here = midge(&["--broker", &format!("lab=mqtt://127.0.0.1:{port}")]).await;
    let mut page = page(&here, "lab").await;
    let (mut stream, _) = timeout(LIMIT, listener.accept()).await.unwrap().unwrap();
    let mut written = 0;
    let piece: Vec<u8> = (0..PIECE).map(|at| at as u8).collect();
    while timeout(Duration::from_secs(1), stream.write_all(&piece))
        .await
        .is_ok()
    {
        written += PIECE;
        assert!(written < BOUND, "it holds more and more");
    }
    // The last piece may have gone in part; what came is the pattern of 256 bytes over and over.
    let all = bytes(&mut page, written).await;
    assert!(all.iter().enumerate().all(|(at, byte)| *byte == at as u8));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_brokers_of_one_name_and_files_that_are_no_certificates_are_told_at_the_start() {
    let started = |arguments: &[&str]| {
        let arguments = ["midge", "--port", "0"].iter().chain(arguments);
        Midge::start(Options::parse_from(arguments))
    };
    let same = started(&["--broker", "mqtt://a", "--broker", "a=mqtts://b"]).await;
    assert!(same.err().unwrap().to_string().contains("called a"));
    let folder = Made::new();
    let file = folder.file("no.pem", "tea");
    let file = file.to_str().unwrap();
    let none = started(&["--broker", "mqtts://a", "--broker-ca", file]).await;
    let told = none.err().unwrap().to_string();
    assert!(told.contains(file) && !told.contains("tea"), "{told}");
}

/// A folder with certificates that Debian's openssl made; gone at the end.
struct Made(PathBuf);

impl Made {
    fn new() -> Made {
        let name = format!("midge-way-{}-{}", std::process::id(), fastrand::u64(..));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).unwrap();
        Made(folder)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let file = self.0.join(name);
        std::fs::write(&file, text).unwrap();
        file
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn openssl(&self, line: &str) {
        let done = Command::new("openssl")
            .args(line.split_whitespace())
            .current_dir(&self.0)
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
    }

    /// A CA of this name.
    fn ca(&self, name: &str) {
        self.openssl(&format!(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN={name} -keyout {name}.key -out {name}.crt"
        ));
    }

    /// A certificate of that CA.
    fn leaf(&self, name: &str, ca: &str, names: &str) {
        self.file(
            "names",
            &format!("subjectAltName={names}\nbasicConstraints=CA:FALSE\n"),
        );
        self.openssl(&format!(
            "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN={name} \
             -keyout {name}.key -out {name}.csr"
        ));
        self.openssl(&format!(
            "x509 -req -in {name}.csr -CA {ca}.crt -CAkey {ca}.key -CAcreateserial -days 2 \
             -extfile names -out {name}.crt"
        ));
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        // What is left is in the folder for such things.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn chain(file: &Path) -> Vec<CertificateDer<'static>> {
    let chain = CertificateDer::pem_file_iter(file).unwrap();
    chain.map(Result::unwrap).collect()
}

/// Serves TLS with this certificate, and gives each client back what it said.
async fn echo(made: &Made, leaf: &str, client_ca: Option<&str>) -> u16 {
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .unwrap();
    let builder = match client_ca {
        None => builder.with_no_client_auth(),
        Some(ca) => {
            let mut roots = RootCertStore::empty();
            for certificate in chain(&made.at(&format!("{ca}.crt"))) {
                roots.add(certificate).unwrap();
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let key = PrivateKeyDer::from_pem_file(made.at(&format!("{leaf}.key"))).unwrap();
    let config = builder
        .with_single_cert(chain(&made.at(&format!("{leaf}.crt"))), key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else {
                    return;
                };
                let (mut reader, mut writer) = tokio::io::split(stream);
                let _ = tokio::io::copy(&mut reader, &mut writer).await;
            });
        }
    });
    port
}

/// Whether what a page says comes back.
async fn echoes(midge: &Midge, name: &str) -> bool {
    let mut page = page(midge, name).await;
    let said = connect(4, "echo");
    page.send(Message::Binary(said.clone().into()))
        .await
        .unwrap();
    bytes(&mut page, said.len()).await == said
}

#[tokio::test(flavor = "multi_thread")]
async fn an_own_ca_and_a_client_certificate_open_what_is_closed_without_them() {
    let made = Made::new();
    made.ca("ours");
    made.ca("theirs");
    made.leaf("broker", "ours", "DNS:localhost,IP:127.0.0.1");
    made.leaf("other", "ours", "DNS:elsewhere.example");
    made.leaf("stranger", "theirs", "DNS:localhost,IP:127.0.0.1");
    made.leaf("page", "ours", "DNS:page.example");
    let own = echo(&made, "broker", None).await;
    let wrong = echo(&made, "other", None).await;
    let strange = echo(&made, "stranger", None).await;
    let mutual = echo(&made, "broker", Some("ours")).await;
    let text = |path: PathBuf| path.to_str().unwrap().to_owned();
    let mut arguments: Vec<String> = Vec::new();
    for (name, port) in [
        ("own", own),
        ("wrong", wrong),
        ("strange", strange),
        ("mutual", mutual),
    ] {
        arguments.extend([
            "--broker".into(),
            format!("{name}=mqtts://127.0.0.1:{port}"),
        ]);
    }
    arguments.extend(["--broker".into(), format!("name=mqtts://localhost:{own}")]);
    let started = async |more: &[&str], files: &[String]| {
        let all: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut all: Vec<&str> = all.into_iter().chain(more.iter().copied()).collect();
        all.extend(files.iter().map(String::as_str));
        midge(&all).await
    };
    // Without the CA nobody is trusted.
    let bare = started(&[], &[]).await;
    assert_eq!(code(&bare, "own").await, 4154);
    let ca = ["--broker-ca".to_owned(), text(made.at("ours.crt"))];
    let here = started(&[], &ca).await;
    assert!(echoes(&here, "own").await && echoes(&here, "name").await);
    assert_eq!(code(&here, "wrong").await, 4155);
    assert_eq!(code(&here, "strange").await, 4154);
    assert_eq!(code(&here, "mutual").await, 4158);
    let shown = [
        ca[0].clone(),
        ca[1].clone(),
        "--broker-cert".to_owned(),
        text(made.at("page.crt")),
        "--broker-key".to_owned(),
        text(made.at("page.key")),
    ];
    let known = started(&[], &shown).await;
    assert!(echoes(&known, "mutual").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_is_taken_by_websocket_alone() {
    let here = midge(&["--broker", "lab=mqtt://127.0.0.1:1"]).await;
    let mut plain = request(here.port(), "lab");
    plain.headers_mut().remove("sec-websocket-protocol");
    match timeout(LIMIT, connect_async(plain)).await.unwrap() {
        Err(Error::Http(response)) => assert_eq!(response.status(), 400),
        other => panic!("not refused: {other:?}"),
    }
}
