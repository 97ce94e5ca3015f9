//! `--tls`: https, wss and MQTT over TLS with an own CA, held against Debian's openssl and mosquitto_sub.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use mqttbytes::QoS;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::client::{Client, LIMIT, publish_packet};
use crate::midge;

/// A folder that is gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        let name = format!("midge-tls-{}-{}", std::process::id(), fastrand::u64(..));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).unwrap();
        Folder(folder)
    }

    fn at(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left is in the folder for such things.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn program(name: &'static str, line: String) -> Output {
    let run = move || {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Command::new(name)
            .args(words)
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap()
    };
    timeout(LIMIT * 2, tokio::task::spawn_blocking(run))
        .await
        .unwrap()
        .unwrap()
}

fn text(output: &Output) -> String {
    let all = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&all).into_owned()
}

/// The certificate that is shown on this port, as openssl describes it.
async fn shown(folder: &Folder, port: u16) -> String {
    let line = format!("s_client -connect 127.0.0.1:{port} -showcerts");
    let said = text(&program("openssl", line).await);
    let from = said
        .find("-----BEGIN CERTIFICATE-----")
        .expect("a certificate");
    let end = "-----END CERTIFICATE-----";
    let to = said.find(end).unwrap() + end.len();
    std::fs::write(folder.at("leaf.pem"), &said[from..to]).unwrap();
    let line = format!("x509 -in {} -noout -text", folder.at("leaf.pem"));
    text(&program("openssl", line).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_own_ca_is_made_once_and_openssl_agrees_with_what_it_signs() {
    let folder = Folder::new();
    let kept = folder.at("kept");
    let arguments = ["--tls", "0", "--tls-folder", &kept];
    let one = midge(&arguments).await;
    let port = one.https_port().unwrap();
    let (ca, key) = (folder.at("kept/ca.crt"), folder.at("kept/ca.key"));
    let first = std::fs::read_to_string(&ca).unwrap();
    let leaf = shown(&folder, port).await;
    for said in [
        "DNS:localhost",
        "IP Address:127.0.0.1",
        "TLS Web Server Authentication",
        "Digital Signature",
    ] {
        assert!(leaf.contains(said), "{said}: {leaf}");
    }
    let verified = program(
        "openssl",
        format!("verify -CAfile {ca} {}", folder.at("leaf.pem")),
    )
    .await;
    assert!(verified.status.success(), "{}", text(&verified));
    // Not valid any more in 397 days.
    let days = 397 * 24 * 60 * 60;
    let line = format!("x509 -in {} -noout -checkend {days}", folder.at("leaf.pem"));
    assert!(!program("openssl", line).await.status.success());
    let about = text(&program("openssl", format!("x509 -in {ca} -noout -text")).await);
    assert!(
        about.contains("CA:TRUE, pathlen:0") && about.contains("Certificate Sign"),
        "{about}"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&key).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    for (version, is_spoken) in [("-tls1_3", true), ("-tls1_2", true), ("-tls1_1", false)] {
        let line = format!(
            "s_client -connect localhost:{port} -CAfile {ca} -verify_return_error -verify_hostname localhost {version} -cipher ALL:@SECLEVEL=0"
        );
        let done = program("openssl", line).await;
        assert_eq!(
            done.status.success(),
            is_spoken,
            "{version}: {}",
            text(&done)
        );
    }
    one.stop().await;
    let again = midge(&arguments).await;
    assert_eq!(std::fs::read_to_string(&ca).unwrap(), first);
    shown(&folder, again.https_port().unwrap()).await;
    let verified = program(
        "openssl",
        format!("verify -CAfile {ca} {}", folder.at("leaf.pem")),
    )
    .await;
    assert!(verified.status.success(), "{}", text(&verified));
    again.stop().await;
    #[cfg(unix)]
    {
        use clap::Parser;
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
        let arguments = ["midge", "--port", "0"].iter().chain(&arguments);
        let told = midge_host::Midge::start(midge_host::Options::parse_from(arguments)).await;
        assert!(
            told.err()
                .unwrap()
                .to_string()
                .contains("others may read it")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mosquitto_sub_reads_the_broker_over_tls_with_the_ca_alone() {
    let folder = Folder::new();
    let kept = folder.at("kept");
    let midge = midge(&[
        "--tls",
        "0",
        "--tcp",
        "0",
        "--mqtts",
        "0",
        "--tls-folder",
        &kept,
        "--user",
        "chen:tea",
    ])
    .await;
    let port = midge.mqtts_port().unwrap();
    let ca = folder.at("kept/ca.crt");
    let line = format!(
        "-h localhost -p {port} --cafile {ca} -u chen -P tea -t $SYS/broker/bytes/# -v -C 1 -W 10"
    );
    let heard = program("mosquitto_sub", line.clone()).await;
    assert!(
        text(&heard).starts_with("$SYS/broker/bytes/"),
        "{}",
        text(&heard)
    );
    let wrong = program("mosquitto_sub", line.replace("-P tea", "-P coffee")).await;
    assert!(!wrong.status.success());
    // Without the CA nobody is trusted.
    let other = line.replace(&ca, "/etc/ssl/certs/ca-certificates.crt");
    if Path::new("/etc/ssl/certs/ca-certificates.crt").exists() {
        assert!(!program("mosquitto_sub", other).await.status.success());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_tls_gets_the_ca_and_a_page_that_says_what_to_do_with_it() {
    let folder = Folder::new();
    let kept = folder.at("kept");
    let midge = midge(&["--tls", "0", "--tls-folder", &kept]).await;
    for (path, said) in [
        ("/ca", "信任這台機器"),
        ("/ca.css", "max-width"),
        (
            "/ca.crt",
            &std::fs::read_to_string(folder.at("kept/ca.crt")).unwrap()[..],
        ),
    ] {
        let answer = get(midge.port(), path).await;
        assert!(
            answer.starts_with("HTTP/1.1 200") && answer.contains(said),
            "{path}: {answer}"
        );
        assert!(!answer.contains("PRIVATE"));
    }
    assert!(
        get(midge.port(), "/ca.key")
            .await
            .starts_with("HTTP/1.1 404")
    );
    // A client that says nothing, and one that speaks no TLS, keep nobody from coming.
    let port = midge.https_port().unwrap();
    let _silent = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    assert_eq!(get(port, "/").await, "");
    shown(&folder, port).await;
    let mut client = Client::connected(midge.port(), "plain").await;
    client.subscribe("a", QoS::AtMostOnce).await;
    client
        .send(&publish_packet("a", QoS::AtMostOnce, b"b"))
        .await;
    assert_eq!(client.published().await.payload, "b");
}

/// What comes back, as far as it is text; TLS answers a request without it by an alert.
async fn get(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // An end, or a reset.
    let _ = timeout(LIMIT, stream.read_to_end(&mut answer))
        .await
        .unwrap();
    match answer.starts_with(b"HTTP") {
        true => String::from_utf8_lossy(&answer).into_owned(),
        false => String::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_ones_own_is_read_again_when_it_changes_and_a_broken_one_is_not_taken() {
    let folder = Folder::new();
    let (cert, key) = (folder.at("own.crt"), folder.at("own.key"));
    let make = |name: &str| {
        format!(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN={name} \
             -addext subjectAltName=DNS:{name} -keyout {key} -out {cert}"
        )
    };
    assert!(
        program("openssl", make("first.example"))
            .await
            .status
            .success()
    );
    let midge = midge(&["--tls", "0", "--cert", &cert, "--key", &key]).await;
    let port = midge.https_port().unwrap();
    assert!(shown(&folder, port).await.contains("DNS:first.example"));
    assert!(
        get(midge.port(), "/ca.crt")
            .await
            .starts_with("HTTP/1.1 404")
    );
    std::fs::write(&cert, "no certificate").unwrap();
    sleep(Duration::from_secs(6)).await;
    assert!(shown(&folder, port).await.contains("DNS:first.example"));
    assert!(
        program("openssl", make("second.example"))
            .await
            .status
            .success()
    );
    let began = std::time::Instant::now();
    while !shown(&folder, port).await.contains("DNS:second.example") {
        assert!(began.elapsed() < LIMIT, "the old one stays");
        sleep(Duration::from_millis(500)).await;
    }
}
