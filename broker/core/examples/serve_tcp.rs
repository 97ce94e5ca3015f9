//! The core behind plain TCP: `cargo run -p midge-broker-core --example serve_tcp -- 127.0.0.1:1883`. One thread per connection
//! reads; one holds the broker, and writes. For trying other clients against it, not for use.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use midge_broker_core::{Broker, Ending, Event, Everybody, Input, Output, Settings};

enum Said {
    Opened(u64, TcpStream),
    Bytes(u64, Vec<u8>),
    Closed(u64),
    Left(u64, usize),
}

fn main() -> std::io::Result<()> {
    let address = std::env::args()
        .nth(1)
        .unwrap_or("127.0.0.1:1883".to_owned());
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    // Whoever reads waits for the broker, so that what has left is heard of in time.
    let (sender, said) = sync_channel(16);
    let back = sender.clone();
    thread::spawn(move || {
        for (number, stream) in (1u64..).zip(listener.incoming().flatten()) {
            let _ = stream.set_nodelay(true);
            let sender = sender.clone();
            thread::spawn(move || read(number, stream, &sender));
        }
    });
    let settings = Settings {
        sys_interval: 10,
        version: format!("midge-broker-core {}", env!("CARGO_PKG_VERSION")),
        ..Settings::default()
    };
    let seed = SystemTime::now().duration_since(UNIX_EPOCH);
    let seed = seed.map_or(1, |since| since.as_nanos() as u64);
    let mut broker = Broker::new(settings, Box::new(Everybody), seed);
    let began = Instant::now();
    let now = || began.elapsed().as_micros() as u64;
    let mut writers: HashMap<u64, Sender<Vec<u8>>> = HashMap::new();
    loop {
        let wait = broker
            .wake_at()
            .map_or(3_600_000_000, |at| at.saturating_sub(now()));
        match said.recv_timeout(Duration::from_micros(wait)) {
            Ok(Said::Opened(connection, stream)) => {
                writers.insert(connection, writer(connection, stream, back.clone()));
                broker.handle(now(), Input::Opened { connection });
            }
            Ok(Said::Bytes(connection, bytes)) => {
                broker.handle(
                    now(),
                    Input::Bytes {
                        connection,
                        bytes: &bytes,
                    },
                );
            }
            Ok(Said::Left(connection, bytes)) => {
                broker.handle(now(), Input::Owed { connection, bytes });
            }
            Ok(Said::Closed(connection)) => {
                writers.remove(&connection);
                broker.handle(now(), Input::Closed { connection });
            }
            Err(RecvTimeoutError::Timeout) => broker.handle(now(), Input::Time),
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        let mut packets: HashMap<u64, Vec<u8>> = HashMap::new();
        while let Some(output) = broker.poll() {
            match output {
                Output::Send {
                    connection,
                    head,
                    payload,
                } => {
                    let packets = packets.entry(connection).or_default();
                    packets.extend_from_slice(head);
                    packets.extend_from_slice(payload);
                }
                Output::Close { connection, .. } => {
                    if let Some(writer) = writers.remove(&connection) {
                        let _ = writer.send(packets.remove(&connection).unwrap_or_default());
                    }
                }
                Output::Event(Event::Refused { why, .. }) => println!("refused: {why:?}"),
                Output::Event(Event::Disconnected {
                    client_id,
                    why: why @ Ending::Broker(..),
                    ..
                }) => {
                    println!("{client_id}: {why:?}");
                }
                Output::Event(_) | Output::Store(_) => {}
            }
        }
        for (connection, bytes) in packets {
            if let Some(writer) = writers.get(&connection) {
                let _ = writer.send(bytes);
            }
        }
    }
}

fn read(number: u64, mut stream: TcpStream, sender: &SyncSender<Said>) {
    let Ok(other) = stream.try_clone() else {
        return;
    };
    let _ = sender.send(Said::Opened(number, other));
    let mut buffer = [0; 65_536];
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        let _ = sender.send(Said::Bytes(number, buffer[..count].to_vec()));
    }
    let _ = sender.send(Said::Closed(number));
}

/// Writes what it is given, tells how much is left each time, and ends the connection once nothing more can come.
fn writer(number: u64, mut stream: TcpStream, back: SyncSender<Said>) -> Sender<Vec<u8>> {
    let (sender, packets) = channel::<Vec<u8>>();
    thread::spawn(move || {
        while let Ok(bytes) = packets.recv() {
            let waiting: Vec<Vec<u8>> = packets.try_iter().collect();
            for bytes in [bytes].iter().chain(&waiting) {
                let _ = stream.write_all(bytes);
            }
            let _ = back.send(Said::Left(number, 0));
        }
        let _ = stream.shutdown(Shutdown::Both);
    });
    sender
}
