//! The session alone, over plain TCP: connects to a broker, subscribes, and prints what comes.
//!
//!     cargo run --example tcp -- 127.0.0.1:1883 'sensors/#'
//!
//! The contract of [`midge::session`]: tell it one thing with `handle`, then do what `poll` says until it says nothing
//! more, and come back when `wake_at` asks.

use std::io::{ErrorKind::TimedOut, ErrorKind::WouldBlock, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use midge::protocol::{Connect, ConnectProperties, Direction, SubscribeRequest, Version};
use midge::session::{Input, Output, PacketRole, Session, Settings, SocketEvent};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or("127.0.0.1:1883".to_owned());
    let filter = arguments.next().unwrap_or("#".to_owned());
    // Time and chance come from outside.
    let started = Instant::now();
    let now = || started.elapsed().as_micros() as u64;
    let seed = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos() as u64;
    let connect = Connect {
        version: Version::V5,
        client_id: format!("example-{seed:x}"),
        keep_alive: 30,
        clean_session: true,
        user_name: None,
        password: None,
        will: None,
        properties: ConnectProperties::default(),
    };
    let wish = SubscribeRequest {
        filter,
        ..SubscribeRequest::default()
    };
    let settings = Box::new(Settings::new(address, connect));
    let stored = Vec::new();

    let mut session = Session::new(seed);
    let mut line: Option<(u32, TcpStream)> = None;
    let mut buffer = [0; 65_536];
    session.handle(now(), Input::Subscribe(vec![wish]));
    session.handle(now(), Input::Connect { settings, stored });
    loop {
        let mut open = None;
        while let Some(output) = session.poll() {
            match (output, &mut line) {
                (
                    Output::Open {
                        address, socket, ..
                    },
                    _,
                ) => open = Some((socket, address.to_owned())),
                (
                    Output::Packet {
                        direction: Direction::Outgoing,
                        bytes,
                        ..
                    },
                    Some((_, stream)),
                ) => {
                    // That the line is gone shows when it is read.
                    let _ = stream.write_all(bytes);
                }
                (
                    Output::Packet {
                        bytes,
                        outline,
                        topic,
                        role: PacketRole::Message,
                        ..
                    },
                    _,
                ) => {
                    let payload = String::from_utf8_lossy(&bytes[outline.payload as usize..]);
                    println!("{} {payload}", String::from_utf8_lossy(topic));
                }
                (Output::Close { .. }, _) => line = None,
                (Output::Event(event), _) => eprintln!("{event:?}"),
                _ => {}
            }
        }
        let wait = session
            .wake_at()
            .map_or(1_000_000, |at| at.saturating_sub(now()));
        let wait = Duration::from_micros(wait.clamp(1_000, 1_000_000));
        let (socket, event) = if let Some((socket, address)) = open {
            line = TcpStream::connect(address)
                .ok()
                .map(|stream| (socket, stream));
            match &line {
                Some(_) => (
                    socket,
                    SocketEvent::Opened {
                        subprotocol: "mqtt",
                    },
                ),
                None => (socket, SocketEvent::OpenFailed { forbidden: None }),
            }
        } else if let Some((socket, stream)) = &mut line {
            stream.set_read_timeout(Some(wait))?;
            match stream.read(&mut buffer) {
                Ok(read @ 1..) => (*socket, SocketEvent::Bytes(&buffer[..read])),
                Err(error) if matches!(error.kind(), WouldBlock | TimedOut) => {
                    session.handle(now(), Input::Time);
                    continue;
                }
                _ => (
                    *socket,
                    SocketEvent::Closed {
                        code: 1006,
                        reason: "",
                        clean: false,
                    },
                ),
            }
        } else {
            std::thread::sleep(wait);
            session.handle(now(), Input::Time);
            continue;
        };
        session.handle(now(), Input::Socket { socket, event });
    }
}
