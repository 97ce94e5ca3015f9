//! What a broker is asked beside the crowd: to pass one client's messages to another as fast as it can, and to hold many who
//! say nothing.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use midge::protocol::{Direction, SubscribeOptions, Version, encode, packet_size};

use crate::brokers::{Broker, in_turn};
use crate::case::{Bound, Case, Goal, Measurement, Of, column};
use crate::frames::{PAYLOAD, publish};
use crate::measure::Bench;
use crate::native::connect_packet;

const VERSION: Version = Version::V311;
const TOPIC: &str = "pair/one";
/// What is written at once.
const AT_ONCE: usize = 100;
/// So long after the last message nothing more is waited for.
const PATIENCE: Duration = Duration::from_secs(3);
/// Who say nothing.
const IDLE: usize = 2000;
/// How long they say nothing before they are weighed.
const SETTLING: Duration = Duration::from_secs(3);

/// Connects over TCP and subscribes, if there is a filter.
fn join(port: u16, name: &str, filter: Option<&str>) -> Result<TcpStream, String> {
    let words = |error: std::io::Error| error.to_string();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).map_err(words)?;
    stream.set_nodelay(true).map_err(words)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(words)?;
    stream
        .write_all(&connect_packet(name, VERSION)?)
        .map_err(words)?;
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).map_err(words)?;
    if answer != [0x20, 2, 0, 0] {
        return Err(format!("no CONNACK: {answer:x?}"));
    }
    if let Some(filter) = filter {
        let all = [(filter, SubscribeOptions::default())];
        let mut packet = Vec::new();
        encode::subscribe(1, &all, None, VERSION, &mut packet)
            .map_err(|error| format!("{error:?}"))?;
        stream.write_all(&packet).map_err(words)?;
        let mut answer = [0; 5];
        stream.read_exact(&mut answer).map_err(words)?;
        if answer != [0x90, 3, 0, 1, 0] {
            return Err(format!("no SUBACK: {answer:x?}"));
        }
    }
    Ok(stream)
}

/// What the reader saw: how many, from the first to the last.
fn read_all(mut stream: TcpStream, wanted: u64) -> Result<(u64, f64), String> {
    let mut buffer = vec![0; 1 << 20];
    let (mut filled, mut count) = (0, 0_u64);
    let mut times: Option<(Instant, Instant)> = None;
    while count < wanted {
        let read = match stream.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => return Err(error.to_string()),
        };
        let now = Instant::now();
        times = Some((times.map_or(now, |(first, _)| first), now));
        filled += read;
        let mut at = 0;
        while let Ok(Some(size)) =
            packet_size(&buffer[at..filled], 1 << 19, VERSION, Direction::Incoming)
        {
            if size > filled - at {
                break;
            }
            count += 1;
            at += size;
        }
        buffer.copy_within(at..filled, 0);
        filled -= at;
    }
    let seconds = times.map_or(0.0, |(first, last)| (last - first).as_secs_f64());
    Ok((count, seconds))
}

/// One client's messages to another, unpaced.
fn pair(bench: &Bench, name: &'static str, round: usize) -> Result<Measurement, String> {
    let messages: u64 = if bench.options.quick {
        200_000
    } else {
        2_000_000
    };
    let broker = Broker::start(name, &bench.root)?;
    let reader = join(broker.tcp(), "reader", Some("pair/#"))?;
    let mut writer = join(broker.tcp(), "writer", None)?;
    let one = publish(TOPIC, &[b'x'; PAYLOAD], VERSION)?;
    let many = one.repeat(AT_ONCE);
    let before = broker.processor_seconds();
    let reading = thread::spawn(move || read_all(reader, messages));
    for _ in 0..messages / AT_ONCE as u64 {
        writer.write_all(&many).map_err(|error| error.to_string())?;
    }
    let (received, seconds) = reading
        .join()
        .map_err(|_| "the reader failed".to_owned())??;
    let used = broker.processor_seconds() - before;
    let mut measurement = Measurement {
        candidate: name.to_owned(),
        round,
        ..Measurement::default()
    };
    for (key, value) in [
        ("rate", received as f64 / seconds),
        ("micros", used * 1e6 / messages as f64),
        ("lost", messages as f64 - received as f64),
    ] {
        measurement.values.insert(key.to_owned(), value);
    }
    Ok(measurement)
}

/// Many clients who say nothing.
fn idle(bench: &Bench, name: &'static str, round: usize) -> Result<Measurement, String> {
    let broker = Broker::start(name, &bench.root)?;
    // What a broker has for its first client is not that client's.
    let first = join(broker.tcp(), "first", Some("idle/first"))?;
    thread::sleep(SETTLING);
    let before = broker.memory();
    let began = Instant::now();
    let mut clients = vec![first];
    for number in 0..IDLE {
        let id = format!("idle-{number}");
        clients.push(join(broker.tcp(), &id, Some(&format!("idle/{number}")))?);
    }
    let seconds = began.elapsed().as_secs_f64();
    thread::sleep(SETTLING);
    let (memory, used) = (broker.memory(), broker.processor_seconds());
    thread::sleep(SETTLING);
    let busy = (broker.processor_seconds() - used) / SETTLING.as_secs_f64();
    let mut measurement = Measurement {
        candidate: name.to_owned(),
        round,
        ..Measurement::default()
    };
    for (key, value) in [
        ("each", (memory - before) / IDLE as f64 / 1024.0),
        ("whole", memory / 1024.0 / 1024.0),
        ("joins", IDLE as f64 / seconds),
        ("cores", busy),
    ] {
        measurement.values.insert(key.to_owned(), value);
    }
    Ok(measurement)
}

/// The cases.
pub fn cases() -> Vec<Case> {
    vec![
        Case {
            name: "host-pair",
            title: "one client's messages to another, over TCP",
            how: "2,000,000 messages of 64 B, QoS 0, written as fast as the socket takes them and counted by a native \
                  reader. `host` is the companion, `mosquitto` is mosquitto 2.0.11 as it is packaged.",
            long: false,
            columns: vec![
                column("rate", "msg/s", 0),
                column("micros", "processor time a message, µs", 2),
                column("lost", "lost", 0),
            ],
            goals: vec![
                Goal {
                    words: "rate, at least that of mosquitto",
                    of: Of::Ratio("rate", "host", "mosquitto"),
                    bound: Bound::AtLeast(1.0),
                },
                Goal {
                    words: "messages lost, none",
                    of: Of::Largest("host", "lost"),
                    bound: Bound::AtMost(0.0),
                },
            ],
            run: Box::new(|bench: &Bench| in_turn(bench, pair)),
        },
        Case {
            name: "host-idle",
            title: "2,000 clients who say nothing",
            how: "Over TCP, each with one subscription, joining one after the other. Memory is what is the process's own, \
                  3 s after the last came, less what it was before them.",
            long: false,
            columns: vec![
                column("each", "memory a client, KiB", 1),
                column("whole", "memory in all, MiB", 1),
                column("joins", "joins/s", 0),
                column("cores", "cores", 3),
            ],
            goals: vec![Goal {
                words: "memory a client in KiB, under 20",
                of: Of::Value("host", "each"),
                bound: Bound::AtMost(20.0),
            }],
            run: Box::new(|bench: &Bench| in_turn(bench, idle)),
        },
    ]
}
