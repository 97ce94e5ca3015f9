//! What outlives the program with `--data`: after a clean stop, and after kill -9 amid traffic.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::client::LIMIT;
use crate::memory::Host;
use crate::raw::{Raw, connect_with, packet, publish, text};

/// How often the program is killed.
const KILLS: usize = 50;

const WRITERS: usize = 3;

/// A folder for what is kept, gone with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let name = format!("midge-{name}-{}", std::process::id());
        Folder(std::env::temp_dir().join(name))
    }

    fn start(&self) -> Host {
        Host::start("", &format!("--data {}", self.0.display()))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // An error means that the program has not made it.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// SUBSCRIBE with packet identifier 1 at this QoS.
fn subscribe_at(qos: u8, filter: &str) -> Vec<u8> {
    packet(0x82, &[&[0, 1][..], &text(filter), &[qos]].concat())
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn sessions_and_retained_messages_are_there_after_a_stop() {
    let folder = Folder::new("stop");
    let mut host = folder.start();
    let mut away = Raw::tcp(host.tcp).await;
    away.send(&connect_with(4, "away", 0, &[])).await;
    assert_eq!(away.packet().await, [0x20, 2, 0, 0]);
    away.send(&subscribe_at(1, "news")).await;
    away.packet().await;
    drop(away);
    let mut writer = host.connected(4, "writer").await;
    writer.send(&publish(4, 3, b"kept", b"", b"still")).await;
    writer.packet().await;
    writer.send(&publish(4, 2, b"news", b"", b"missed")).await;
    writer.packet().await;
    assert_eq!(host.interrupt(), Some(0));
    let host = folder.start();
    let mut back = Raw::tcp(host.tcp).await;
    back.send(&connect_with(4, "away", 0, &[])).await;
    assert_eq!(back.packet().await, [0x20, 2, 1, 0]);
    assert!(back.packet().await.ends_with(b"missed"));
    let mut reader = host.connected(4, "reader").await;
    reader.send(&subscribe_at(0, "kept")).await;
    reader.packet().await;
    assert!(reader.packet().await.ends_with(b"still"));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_one_programs_at_a_time() {
    let folder = Folder::new("twice");
    let _host = folder.start();
    let second = std::process::Command::new(env!("CARGO_BIN_EXE_midge"))
        .args(["--port", "0", "--data"])
        .arg(&folder.0)
        .output()
        .unwrap();
    assert_eq!(second.status.code(), Some(1));
    let words = String::from_utf8(second.stderr).unwrap();
    assert!(words.contains("another midge is using it"), "{words}");
}

/// Whatever was acknowledged arrives, what is of QoS 2 once, and each topic in its order.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_acknowledged_is_lost_by_fifty_kills() {
    let folder = Folder::new("kills");
    let mut reader = Reader::default();
    let mut writers: Vec<Writer> = (0..WRITERS).map(Writer::new).collect();
    let mut random = fastrand::Rng::with_seed(9);
    for round in 0..=KILLS {
        let is_last = round == KILLS;
        let host = folder.start();
        let mut line = reader.connect(host.tcp, round > 0).await;
        let (port, kill_after) = (host.tcp, Duration::from_millis(random.u64(1..80)));
        let writing: Vec<_> = writers
            .drain(..)
            .map(|mut writer| {
                tokio::spawn(async move {
                    // An error is the end of the program.
                    let _ = writer.write(port, round > 0, is_last).await;
                    writer
                })
            })
            .collect();
        let killing = async {
            if is_last {
                std::future::pending::<()>().await;
            }
            sleep(kill_after).await;
            drop(host);
        };
        let ends = reader.read(&mut line);
        let is_done = tokio::select! {
            is_done = ends => is_done,
            () = killing => false,
        };
        if is_last {
            assert!(is_done);
        }
        for writing in writing {
            writers.push(timeout(LIMIT, writing).await.unwrap().unwrap());
        }
    }
    let mut count = 0;
    for writer in &writers {
        let got = &reader.got[&writer.topic()];
        for number in 1..writer.next {
            let times = got.iter().filter(|got| **got == number).count();
            count += 1;
            match qos(number) {
                2 => assert_eq!(times, 1, "{number} of {}", writer.topic()),
                _ => assert!(times >= 1, "{number} of {}", writer.topic()),
            }
        }
        let mut first: Vec<u32> = Vec::new();
        for number in got {
            if !first.contains(number) {
                first.push(*number);
            }
        }
        assert!(first.is_sorted(), "{first:?}");
    }
    assert!(count > KILLS * WRITERS, "{count}");
}

/// In turns.
fn qos(number: u32) -> u8 {
    1 + (number % 2) as u8
}

/// A client that publishes one message after the other, and goes on where it was.
struct Writer {
    number: usize,
    next: u32,
    was_sent: bool,
    is_released: bool,
}

impl Writer {
    fn new(number: usize) -> Writer {
        Writer {
            number,
            next: 1,
            was_sent: false,
            is_released: false,
        }
    }

    fn topic(&self) -> String {
        format!("k/{}", self.number)
    }

    /// Until the connection is lost, or once a few more were written.
    async fn write(&mut self, port: u16, is_back: bool, is_last: bool) -> std::io::Result<()> {
        let mut line = Line::connect(port, &format!("writer{}", self.number), is_back).await?;
        let last = self.next + 5;
        while !is_last || self.next < last {
            let number = self.next;
            let id = (number as u16).to_be_bytes();
            if !self.is_released {
                let dup = if self.was_sent { 0x08 } else { 0 };
                let first = 0x30 | qos(number) << 1 | dup;
                let payload = number.to_be_bytes();
                let body = [&text(self.topic())[..], &id, &payload].concat();
                self.was_sent = true;
                line.send(&packet(first, &body)).await?;
                let answer = if qos(number) == 1 { 0x40 } else { 0x50 };
                line.expect(&[answer, 2, id[0], id[1]]).await?;
                self.is_released = qos(number) == 2;
            }
            if self.is_released {
                line.send(&[0x62, 2, id[0], id[1]]).await?;
                line.expect(&[0x70, 2, id[0], id[1]]).await?;
            }
            self.next += 1;
            (self.was_sent, self.is_released) = (false, false);
        }
        let body = [&text(self.topic())[..], &[0xFF, 0xFF], &0_u32.to_be_bytes()].concat();
        line.send(&packet(0x32, &body)).await
    }
}

/// A client with a session that reads everything. What it knows outlives its connections.
#[derive(Default)]
struct Reader {
    /// Packet identifiers of QoS 2 that were not released.
    unreleased: BTreeSet<[u8; 2]>,
    got: BTreeMap<String, Vec<u32>>,
    ended: BTreeSet<String>,
}

impl Reader {
    async fn connect(&mut self, port: u16, is_back: bool) -> Line {
        let mut line = Line::connect(port, "reader", is_back).await.unwrap();
        if !is_back {
            line.send(&subscribe_at(2, "k/#")).await.unwrap();
            line.expect(&[0x90, 3, 0, 1, 2]).await.unwrap();
        }
        line
    }

    /// Until the connection is lost, or every writer has said that it is at its end.
    async fn read(&mut self, line: &mut Line) -> bool {
        while let Ok(packet) = line.packet().await {
            let id_at = match packet[0] & 0xF0 {
                0x30 => 4 + usize::from(packet[3]),
                _ => 2,
            };
            let id = [packet[id_at], packet[id_at + 1]];
            let answer = match packet[0] & 0xF6 {
                0x32 => {
                    self.take(&packet, id_at);
                    0x40
                }
                0x34 => {
                    if self.unreleased.insert(id) {
                        self.take(&packet, id_at);
                    }
                    0x50
                }
                0x62 => {
                    self.unreleased.remove(&id);
                    0x70
                }
                other => panic!("{other:x}"),
            };
            if line.send(&[answer, 2, id[0], id[1]]).await.is_err() {
                return false;
            }
            if self.ended.len() == WRITERS {
                return true;
            }
        }
        false
    }

    fn take(&mut self, packet: &[u8], id_at: usize) {
        let topic = String::from_utf8(packet[4..id_at].to_vec()).unwrap();
        let payload = packet[id_at + 2..].try_into().unwrap();
        match u32::from_be_bytes(payload) {
            0 => {
                self.ended.insert(topic);
            }
            number => self.got.entry(topic).or_default().push(number),
        }
    }
}

/// A connection whose end is no fault. All packets are short.
struct Line(TcpStream);

impl Line {
    async fn connect(port: u16, id: &str, is_back: bool) -> std::io::Result<Line> {
        let mut line = Line(TcpStream::connect(("127.0.0.1", port)).await?);
        line.send(&connect_with(4, id, 0, &[])).await?;
        let connack = line.packet().await?;
        // A client that was killed off before its first CONNACK is one that never came.
        if is_back {
            assert_eq!(connack[..2], [0x20, 2]);
            assert_eq!(connack[3], 0, "{id}");
        }
        Ok(line)
    }

    async fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.0.write_all(bytes).await
    }

    async fn packet(&mut self) -> std::io::Result<Vec<u8>> {
        let mut header = [0; 2];
        let read = self.0.read_exact(&mut header);
        timeout(LIMIT, read).await.expect("silence")?;
        let mut packet = [&header[..], &vec![0; header[1].into()]].concat();
        self.0.read_exact(&mut packet[2..]).await?;
        Ok(packet)
    }

    async fn expect(&mut self, expected: &[u8]) -> std::io::Result<()> {
        let packet = self.packet().await?;
        assert_eq!(packet, expected);
        Ok(())
    }
}
