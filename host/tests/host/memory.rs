//! The program as a process of its own, under what used to fill its memory, use up its files or stop it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::client::LIMIT;
use crate::raw::{Raw, connect, connect_with, frames, packet, publish, subscribe};

/// The program, until the end of the test.
pub struct Host {
    child: Child,
    pub page: u16,
    pub tcp: u16,
}

impl Host {
    /// Starts it by a shell, behind these commands.
    pub fn start(before: &str, arguments: &str) -> Host {
        let program = env!("CARGO_BIN_EXE_midge");
        let mut child = Command::new("sh")
            .arg("-c")
            .arg(format!(
                "{before} exec {program} --port 0 --tcp 0 {arguments}"
            ))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .env_remove("MIDGE_USERS")
            .spawn()
            .unwrap();
        let stdout = child.stdout.take().unwrap();
        let mut ports = BufReader::new(stdout)
            .lines()
            .map(Result::unwrap)
            .filter(|line| !line.starts_with("MQTT over WebSocket"))
            .map(|line| {
                let digits = line.trim_end_matches('/').rsplit(':').next().unwrap();
                digits.parse().unwrap()
            });
        let (page, tcp) = (ports.next().unwrap(), ports.next().unwrap());
        Host { child, page, tcp }
    }

    /// What it holds of the machine's memory, in MiB.
    fn memory(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let kib: usize = line
            .and_then(|line| line.split_whitespace().nth(1))
            .and_then(|number| number.parse().ok())
            .unwrap();
        kib / 1024
    }

    /// The most that it holds during some time.
    async fn most_memory(&self, time: Duration) -> usize {
        let began = Instant::now();
        let mut most = 0;
        while began.elapsed() < time {
            most = most.max(self.memory());
            sleep(Duration::from_millis(20)).await;
        }
        most
    }

    pub async fn connected(&self, level: u8, id: &str) -> Raw {
        let mut raw = Raw::tcp(self.tcp).await;
        raw.send(&connect(level, id)).await;
        assert_eq!(raw.packet().await[3], 0, "{id}");
        raw
    }

    /// The status of the answer to GET.
    async fn get(&self, path: &str) -> u16 {
        let mut stream = TcpStream::connect(("127.0.0.1", self.page)).await.unwrap();
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        timeout(LIMIT, stream.read_to_end(&mut answer))
            .await
            .unwrap()
            .unwrap();
        String::from_utf8_lossy(&answer[9..12]).parse().unwrap()
    }

    pub fn interrupt(&mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().unwrap();
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(8) {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        None
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_before_connect_takes_no_memory() {
    let host = Host::start("", "--user chen:tea");
    let mut lines = Vec::new();
    for _ in 0..60 {
        // A frame of WebSocket that claims 16 MiB, and a CONNECT that claims 15.
        let mut stream = frames(host.page).await;
        let sent = b"\x82\xff\0\0\0\0\x01\0\0\0\0\0\0\0\
            \x10\xf6\xff\x3f\0\x04MQTT\x04\x02\0\x3c\xff\xff";
        lines.push(tokio::spawn(async move {
            let _ = stream.write_all(sent).await;
            let _ = stream.write_all(&vec![b'x'; 15 << 20]).await;
            stream
        }));
        let mut stream = TcpStream::connect(("127.0.0.1", host.tcp)).await.unwrap();
        lines.push(tokio::spawn(async move {
            let _ = stream
                .write_all(b"\x10\x80\x80\xc0\x07\0\x04MQTT\x04\x02\0\x3c\xff\xff")
                .await;
            let _ = stream.write_all(&vec![b'x'; 15 << 20]).await;
            stream
        }));
    }
    let most = host.most_memory(Duration::from_secs(3)).await;
    assert!(most < 100, "{most} MiB");
    assert_eq!(host.get("/midge.json").await, 200);
    drop(lines);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn unfinished_packets_and_huge_subscribes_take_a_bounded_memory() {
    let host = Host::start("", "");
    let mut filters = vec![0, 1];
    while filters.len() < 16 * 1024 * 1024 - 20 {
        filters.extend(b"\0\x05f/xxx\0");
    }
    let huge = packet(0x82, &filters);
    for number in 0..5 {
        let mut client = host.connected(4, &format!("huge{number}")).await;
        client.send(&huge).await;
        assert_eq!(client.until_closed().await, b"");
    }
    let unfinished = [&b"\x30\xff\xff\xff\x07\0\x01a"[..], &vec![b'x'; 15 << 20]].concat();
    let mut clients = Vec::new();
    for number in 0..30 {
        let mut client = host.connected(4, &format!("part{number}")).await;
        client.send(&unfinished).await;
        clients.push(client);
    }
    let most = host.most_memory(Duration::from_secs(2)).await;
    assert!(most < 450, "{most} MiB");
    let mut other = host.connected(4, "other").await;
    assert!(other.is_well().await);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_owed_takes_a_bounded_memory() {
    let host = Host::start("", "");
    // One reads nothing, one is away with a session.
    let mut silent = host.connected(4, "silent").await;
    silent.send(&subscribe(4, &["flood"])).await;
    silent.packet().await;
    let mut away = Raw::tcp(host.tcp).await;
    away.send(&connect_with(4, "away", 0, &[])).await;
    away.packet().await;
    away.send(&packet(0x82, b"\0\x01\0\x05flood\x01")).await;
    away.packet().await;
    away.send(&[0xE0, 0]).await;
    away.until_closed().await;
    let mut writer = host.connected(4, "writer").await;
    let payload = vec![b'x'; 100_000];
    let mut most = 0;
    for number in 0..4_000 {
        // QoS 1, of which some wait for the one that is away.
        writer.send(&publish(4, 2, b"flood", b"", &payload)).await;
        writer.packet().await;
        if number % 50 == 0 {
            most = most.max(host.memory());
        }
    }
    assert!(most < 300, "{most} MiB");
    assert!(writer.is_well().await);
    let mut back = Raw::tcp(host.tcp).await;
    back.send(&connect_with(4, "away", 0, &[])).await;
    assert_eq!(back.packet().await, [0x20, 2, 1, 0]);
    assert_eq!(back.packet().await[0] & 0xF0, 0x30);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn retained_messages_take_a_bounded_memory() {
    let host = Host::start("", "");
    let mut writer = host.connected(4, "writer").await;
    let payload = vec![b'x'; 1_000_000];
    for number in 0..300 {
        let topic = format!("large/{number}");
        writer
            .send(&publish(4, 1, topic.as_bytes(), b"", &payload))
            .await;
    }
    assert!(writer.is_well().await);
    let memory = host.memory();
    assert!(memory < 260, "{memory} MiB");
}

/// 3.1.1 has no expiry.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn sessions_that_stay_do_not_use_up_the_files() {
    let mut host = Host::start("ulimit -n 256;", "");
    for number in 0..400 {
        let mut client = Raw::tcp(host.tcp).await;
        let id = format!("stays{number}");
        client.send(&connect_with(4, &id, 0, &[])).await;
        assert_eq!(client.packet().await, [0x20, 2, 0, 0], "{id}");
        client.send(&[0xE0, 0]).await;
        client.until_closed().await;
    }
    let files = format!("/proc/{}/fd", host.child.id());
    let open = std::fs::read_dir(files).unwrap().count();
    assert!(open < 150, "{open}");
    assert_eq!(host.get("/midge.json").await, 200);
    let mut newcomer = host.connected(5, "newcomer").await;
    assert!(newcomer.is_well().await);
    assert_eq!(host.interrupt(), Some(0));
}

/// More connections than files: some are closed, and when they are gone all is well.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_do_nothing_do_not_use_up_the_files() {
    let host = Host::start("ulimit -n 256;", "");
    let mut seated = host.connected(4, "seated").await;
    let mut idle = Vec::new();
    for _ in 0..200 {
        for port in [host.page, host.tcp] {
            idle.push(TcpStream::connect(("127.0.0.1", port)).await.unwrap());
        }
    }
    assert!(seated.is_well().await);
    drop(idle);
    sleep(Duration::from_millis(300)).await;
    assert_eq!(host.get("/midge.json").await, 200);
    let mut newcomer = host.connected(5, "newcomer").await;
    assert!(newcomer.is_well().await);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_or_a_device_among_the_pages_files_stops_nobody() {
    let folder = std::env::temp_dir().join(format!("midge-pipe-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("index.html"), "page").unwrap();
    let made = Command::new("mkfifo").arg(folder.join("pipe.js")).status();
    assert!(made.unwrap().success());
    std::os::unix::fs::symlink("/dev/zero", folder.join("zero.js")).unwrap();
    let mut host = Host::start("", &format!("--page {}", folder.display()));
    for _ in 0..4 {
        assert_eq!(host.get("/pipe.js").await, 404);
        assert_eq!(host.get("/zero.js").await, 404);
    }
    assert_eq!(host.get("/").await, 200);
    let mut client = host.connected(4, "client").await;
    assert!(client.is_well().await);
    assert_eq!(host.interrupt(), Some(0));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_terminal_says_what_was_refused_once_and_nothing_that_was_sent() {
    let mut host = Host::start("", "");
    for number in 0..50 {
        let mut client = host.connected(4, &format!("mallory{number}")).await;
        client
            .send(&publish(4, 1, b"secret/#", b"", b"payload"))
            .await;
        client.until_closed().await;
    }
    assert_eq!(host.interrupt(), Some(0));
    let mut said = String::new();
    let mut stderr = host.child.stderr.take().unwrap();
    stderr.read_to_string(&mut said).unwrap();
    assert_eq!(
        said,
        "midge: a client sent a packet that breaks the rules of MQTT (from 127.0.0.1)\n"
    );
}
