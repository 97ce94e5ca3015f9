//! How many messages a second go through the core, without a network: `cargo run --release -p midge-broker-core --example
//! measure`. What it says is the core's share of the work, not what a broker does.

use std::fs;
use std::sync::LazyLock;
use std::time::Instant;

use midge_broker_core::{Broker, Everybody, Input, Output, Settings};

fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    let mut packet = vec![first];
    let mut length = body.len();
    while length > 127 {
        packet.push(length as u8 | 0x80);
        length >>= 7;
    }
    packet.push(length as u8);
    packet.extend_from_slice(body);
    packet
}

fn connect(id: u16) -> Vec<u8> {
    let mut body = b"\0\x04MQTT\x04\x02\0\0\0\x05".to_vec();
    body.extend_from_slice(format!("{id:05}").as_bytes());
    packet(0x10, &body)
}

fn publish(qos: u8) -> Vec<u8> {
    let mut body = b"\0\x0dhouse/room/me".to_vec();
    if qos > 0 {
        body.extend_from_slice(&[0, 1]);
    }
    body.extend_from_slice(&[b'x'; 64]);
    packet(0x30 | qos << 1, &body)
}

/// Drains the broker as an owner would, into one buffer for each connection, and says what has left. Counts bytes and
/// packets.
fn drain(broker: &mut Broker, lines: &mut [Vec<u8>]) -> usize {
    let mut count = 0;
    while let Some(output) = broker.poll() {
        if let Output::Send {
            connection,
            head,
            payload,
        } = output
        {
            count += 1;
            if let Some(line) = lines.get_mut(connection as usize) {
                line.extend_from_slice(head);
                line.extend_from_slice(payload);
            }
        }
    }
    count
}

fn run(name: &str, subscribers: u16, qos: u8, rounds: usize) {
    let mut broker = Broker::new(Settings::default(), Box::new(Everybody), 1);
    let mut lines = vec![Vec::new(); usize::from(subscribers) + 1];
    for id in 0..=subscribers {
        let connection = id.into();
        broker.handle(1, Input::Opened { connection });
        broker.handle(
            1,
            Input::Bytes {
                connection,
                bytes: &connect(id),
            },
        );
        drain(&mut broker, &mut lines);
        if id > 0 {
            let mut body = b"\0\x01\0\x07house/#".to_vec();
            body.push(qos);
            broker.handle(
                1,
                Input::Bytes {
                    connection,
                    bytes: &packet(0x82, &body),
                },
            );
            drain(&mut broker, &mut lines);
        }
    }
    let batch = 100;
    let bytes = publish(qos).repeat(batch);
    let began = seconds();
    let mut packets = 0;
    for _ in 0..rounds {
        lines.iter_mut().for_each(Vec::clear);
        broker.handle(
            1,
            Input::Bytes {
                connection: 0,
                bytes: &bytes,
            },
        );
        packets += drain(&mut broker, &mut lines);
        for connection in 1..=u64::from(subscribers) {
            if qos == 1 {
                // Every PUBLISH is answered, by its identifier.
                let line = &lines[connection as usize];
                let size = publish(1).len();
                let acks: Vec<u8> = line
                    .chunks_exact(size)
                    .flat_map(|packet| [0x40, 2, packet[17], packet[18]])
                    .collect();
                broker.handle(
                    1,
                    Input::Bytes {
                        connection,
                        bytes: &acks,
                    },
                );
                packets += drain(&mut broker, &mut []);
            }
            broker.handle(
                1,
                Input::Owed {
                    connection,
                    bytes: 0,
                },
            );
            packets += drain(&mut broker, &mut []);
        }
        broker.handle(
            1,
            Input::Owed {
                connection: 0,
                bytes: 0,
            },
        );
        packets += drain(&mut broker, &mut []);
    }
    let seconds = seconds() - began;
    let messages = (rounds * batch) as f64;
    println!(
        "{name:28} {:>12.0} messages/s in, {:>12.0} packets/s out, dropped {}",
        messages / seconds,
        packets as f64 / seconds,
        broker.counters().dropped
    );
}

static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The seconds of the processor that this thread had; where the system does not tell, those of the clock.
fn seconds() -> f64 {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(
        || BEGAN.elapsed().as_secs_f64(),
        |nanoseconds| nanoseconds / 1e9,
    )
}

/// Bytes of memory in use, where the system tells.
fn memory() -> usize {
    let told = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = told
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<usize>().ok());
    pages.unwrap_or_default() * 4096
}

/// What a client that is connected and subscribed to two filters takes.
fn idle() {
    let mut broker = Broker::new(Settings::default(), Box::new(Everybody), 1);
    let before = memory();
    let clients = 9_000;
    for id in 0..clients {
        let connection = id.into();
        broker.handle(1, Input::Opened { connection });
        broker.handle(
            1,
            Input::Bytes {
                connection,
                bytes: &connect(id),
            },
        );
        drain(&mut broker, &mut []);
        let filters = format!("\0\x01\0\x0ahome/{id:05}\0\0\x06home/#\0");
        broker.handle(
            1,
            Input::Bytes {
                connection,
                bytes: &packet(0x82, filters.as_bytes()),
            },
        );
        drain(&mut broker, &mut []);
    }
    println!(
        "{} bytes for each idle client",
        (memory() - before) / usize::from(clients)
    );
}

/// A million retained topics beside each other, and filters of as many.
fn wide() {
    let mut settings = Settings::default();
    settings.limits.filters_per_client = 1_000_000;
    settings.limits.filter_bytes_per_client = 64 << 20;
    let mut broker = Broker::new(settings, Box::new(Everybody), 1);
    let mut lines = vec![Vec::new()];
    broker.handle(1, Input::Opened { connection: 0 });
    broker.handle(
        1,
        Input::Bytes {
            connection: 0,
            bytes: &connect(0),
        },
    );
    drain(&mut broker, &mut lines);
    let (before, began) = (memory(), seconds());
    for number in 0..1_000_000 {
        let publish = packet(0x31, format!("\0\x09w/{number:07}x").as_bytes());
        broker.handle(
            1,
            Input::Bytes {
                connection: 0,
                bytes: &publish,
            },
        );
        drain(&mut broker, &mut lines);
    }
    let bytes = (memory() - before) / 1_000_000;
    println!(
        "a million retained: {:.2} s, {bytes} bytes each",
        seconds() - began
    );
    let (before, began) = (memory(), seconds());
    for number in 0..1_000_000 {
        let subscribe = packet(0x82, format!("\0\x01\0\x09f/{number:07}\0").as_bytes());
        broker.handle(
            1,
            Input::Bytes {
                connection: 0,
                bytes: &subscribe,
            },
        );
        drain(&mut broker, &mut lines);
        broker.handle(
            1,
            Input::Owed {
                connection: 0,
                bytes: 0,
            },
        );
        lines[0].clear();
        drain(&mut broker, &mut lines);
    }
    let bytes = (memory() - before) / 1_000_000;
    println!(
        "a million filters: {:.2} s, {bytes} bytes each",
        seconds() - began
    );
    let began = seconds();
    for number in 0..1_000_000 {
        let publish = packet(0x30, format!("\0\x09f/{number:07}x").as_bytes());
        broker.handle(
            1,
            Input::Bytes {
                connection: 0,
                bytes: &publish,
            },
        );
        broker.handle(
            1,
            Input::Owed {
                connection: 0,
                bytes: 0,
            },
        );
        drain(&mut broker, &mut []);
    }
    println!("a million messages to them: {:.2} s", seconds() - began);
    let began = seconds();
    broker.handle(
        1,
        Input::Bytes {
            connection: 0,
            bytes: &[0xE0, 0],
        },
    );
    drain(&mut broker, &mut []);
    println!("the end of that session: {:.2} s", seconds() - began);
}

fn main() {
    idle();
    wide();
    run("1 to nobody, QoS 0", 0, 0, 20_000);
    run("1 to 1, QoS 0", 1, 0, 20_000);
    run("1 to 1, QoS 1", 1, 1, 10_000);
    run("1 to 200, QoS 0", 200, 0, 1_000);
    run("1 to 200, QoS 1", 200, 1, 200);
}
