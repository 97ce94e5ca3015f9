//! Midge's own client against this core, over a link that is cut at every byte, and with a broker that is gone without a
//! word at every byte and comes back with what was stored.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use midge::protocol::{Connect, Direction, Qos, SubscribeOptions, SubscribeRequest, Version};
use midge::session;
use midge_broker_core::{
    Access, Broker, Change, Everybody, Exchange, Input, Newcomer, Output, Refusal, ScramSha256,
    ScramUser, ScramUsers, Settings,
};

use crate::packets::{VERSIONS, staying};

const MESSAGES: u32 = 6;

struct World {
    client: session::Session,
    broker: Broker,
    stored: BTreeMap<Vec<u8>, Vec<u8>>,
    now: u64,
    /// Its number with the client and with the broker.
    socket: Option<(u32, u64)>,
    connections: u64,
    to_broker: VecDeque<u8>,
    to_client: VecDeque<u8>,
    /// How many more bytes go through before the link is cut.
    left: Option<usize>,
    /// The broker goes with the link.
    crashes: bool,
    passed: usize,
    given: Vec<(u32, Qos)>,
    published: Vec<u32>,
}

fn broker() -> Broker {
    Broker::new(
        Settings {
            stores: true,
            ..Settings::default()
        },
        Box::new(Everybody),
        7,
    )
}

impl World {
    fn new(version: Version, left: Option<usize>, crashes: bool) -> Self {
        let said = Connect {
            keep_alive: 0,
            ..staying(version, "c")
        };
        let mut world = Self {
            client: session::Session::new(3),
            broker: broker(),
            stored: BTreeMap::new(),
            now: 1_000_000,
            socket: None,
            connections: 0,
            to_broker: VecDeque::new(),
            to_client: VecDeque::new(),
            left,
            crashes,
            passed: 0,
            given: Vec::new(),
            published: Vec::new(),
        };
        let settings = Box::new(session::Settings::new("ws://broker", said));
        world.client.handle(
            world.now,
            session::Input::Connect {
                settings,
                stored: Vec::new(),
            },
        );
        let wish = SubscribeRequest {
            filter: "t".into(),
            options: SubscribeOptions::from(Qos::ExactlyOnce),
            identifier: None,
        };
        world
            .client
            .handle(world.now, session::Input::Subscribe(vec![wish]));
        for number in 0..MESSAGES {
            world.client.handle(
                world.now,
                session::Input::Publish(session::Message {
                    number,
                    topic: "t".into(),
                    payload: number.to_string().into_bytes(),
                    qos: if number % 2 == 0 {
                        Qos::ExactlyOnce
                    } else {
                        Qos::AtLeastOnce
                    },
                    ..session::Message::default()
                }),
            );
        }
        world
    }

    fn tell(&mut self, event: session::SocketEvent<'_>) {
        if let Some((socket, _)) = self.socket {
            self.client
                .handle(self.now, session::Input::Socket { socket, event });
        }
    }

    /// What the client has to say.
    fn hear_client(&mut self) {
        let mut lost = None;
        while let Some(output) = self.client.poll() {
            match output {
                session::Output::Open { socket, .. } => {
                    self.connections += 1;
                    self.socket = Some((socket, self.connections));
                    self.to_broker.clear();
                    self.to_client.clear();
                }
                // It does not know of the session that CONNECT made there, as the CONNACK was lost.
                session::Output::Close { reason, .. } => {
                    assert_eq!(reason, "unknown session");
                    lost = self.socket.take();
                }
                session::Output::Packet {
                    direction: Direction::Outgoing,
                    bytes,
                    ..
                } => self.to_broker.extend(bytes),
                session::Output::Packet {
                    role: session::PacketRole::Message,
                    bytes,
                    outline,
                    ..
                } => {
                    let number = String::from_utf8_lossy(&bytes[outline.payload as usize..]);
                    self.given
                        .push((number.parse().expect("a number"), outline.qos));
                }
                session::Output::Event(session::Event::Published { number }) => {
                    self.published.push(number)
                }
                session::Output::Malformed { fault, .. } => panic!("{fault}"),
                _ => {}
            }
        }
        if let Some((_, connection)) = lost {
            self.broker.handle(self.now, Input::Closed { connection });
            self.hear_broker();
            self.to_client.clear();
        }
    }

    /// What the broker has to say. A crash leaves out what comes after the bytes that still go through.
    fn hear_broker(&mut self) {
        let mut room = match (self.left, self.crashes) {
            (Some(left), true) => left.saturating_sub(self.to_client.len()),
            _ => usize::MAX,
        };
        while let Some(output) = self.broker.poll() {
            if room == 0 {
                continue;
            }
            match output {
                Output::Send { head, payload, .. } => {
                    let bytes = head.iter().chain(payload.iter()).copied();
                    let before = self.to_client.len();
                    self.to_client.extend(bytes.take(room));
                    room -= self.to_client.len() - before;
                }
                Output::Close { why, .. } => panic!("{why:?}"),
                Output::Store(Change::Put { key, value }) => drop(self.stored.insert(key, value)),
                Output::Store(Change::Remove { key }) => drop(self.stored.remove(&key)),
                Output::Event(_) => {}
            }
        }
    }

    fn cut(&mut self) {
        self.left = None;
        if self.crashes {
            self.broker = broker();
            let records: Vec<_> = self.stored.clone().into_iter().collect();
            self.broker.handle(self.now, Input::Restore(&records));
        } else if let Some((_, connection)) = self.socket {
            self.broker.handle(self.now, Input::Closed { connection });
        }
        self.hear_broker();
        self.tell(session::SocketEvent::Closed {
            code: 1006,
            reason: "",
            clean: false,
        });
        self.socket = None;
    }

    /// Runs until all is done. Gives how many bytes went through.
    fn run(mut self) -> usize {
        let mut last = self.connections;
        for _ in 0..100_000 {
            self.hear_client();
            if self.connections != last {
                last = self.connections;
                self.broker
                    .handle(self.now, Input::Opened { connection: last });
                self.tell(session::SocketEvent::Opened {
                    subprotocol: "mqtt",
                });
                self.hear_client();
            }
            if self.left == Some(0) {
                self.cut();
                continue;
            }
            // A byte at a time, both ways.
            let connection = self.connections;
            if let Some(byte) = self.to_broker.pop_front() {
                self.broker.handle(
                    self.now,
                    Input::Bytes {
                        connection,
                        bytes: &[byte],
                    },
                );
                self.went();
                self.hear_broker();
                self.broker.handle(
                    self.now,
                    Input::Owed {
                        connection,
                        bytes: 0,
                    },
                );
                self.hear_broker();
            } else if let Some(byte) = self.to_client.pop_front() {
                self.went();
                self.tell(session::SocketEvent::Bytes(&[byte]));
            } else if self.socket.is_none() {
                self.now = self.client.wake_at().expect("it tries again").max(self.now);
                self.client.handle(self.now, session::Input::Time);
            } else {
                return self.done();
            }
        }
        panic!("it does not come to an end");
    }

    fn went(&mut self) {
        self.passed += 1;
        if let Some(left) = &mut self.left {
            *left -= 1;
        }
    }

    fn done(mut self) -> usize {
        self.published.sort_unstable();
        assert_eq!(self.published, (0..MESSAGES).collect::<Vec<_>>());
        for number in 0..MESSAGES {
            let count = self
                .given
                .iter()
                .filter(|(given, _)| *given == number)
                .count();
            if number % 2 == 0 {
                assert_eq!(count, 1, "{number} of {:?}", self.given);
            } else {
                assert!(count >= 1, "{number} of {:?}", self.given);
            }
        }
        for qos in [Qos::AtLeastOnce, Qos::ExactlyOnce] {
            let mut first = Vec::new();
            for (number, _) in self.given.iter().filter(|(_, of)| *of == qos) {
                if !first.contains(number) {
                    first.push(*number);
                }
            }
            assert!(first.is_sorted(), "{first:?}");
        }
        assert_eq!(self.client.in_flight(), 0);
        assert_eq!(self.broker.held().messages, (0, 0));
        self.passed
    }
}

#[test]
fn a_link_that_is_cut_at_every_byte_loses_nothing_and_repeats_nothing() {
    for version in VERSIONS {
        let whole = World::new(version, None, false).run();
        assert!(whole > 200, "{whole}");
        for cut in 0..whole {
            World::new(version, Some(cut), false).run();
        }
    }
}

#[test]
fn a_broker_that_is_gone_at_every_byte_loses_nothing_and_repeats_nothing() {
    for version in VERSIONS {
        let whole = World::new(version, None, true).run();
        assert!(whole > 200, "{whole}");
        for cut in 0..whole {
            World::new(version, Some(cut), true).run();
        }
    }
}

/// SCRAM-SHA-256: both ends are Midge's, and neither takes the other's word.
#[test]
fn the_client_proves_its_password_without_saying_it() {
    for (password, is_let_in) in [("word", true), ("other", false)] {
        let mut said = staying(Version::V5, "c");
        said.clean_session = true;
        let mut settings = session::Settings::new("ws://broker", said);
        settings.authentication = Some(session::Authentication::ScramSha256 {
            user_name: "ann, of the house".into(),
            password: password.into(),
            entropy: [9; 32],
            normalize: str::to_owned,
        });
        let mut client = session::Session::new(3);
        let settings = Box::new(settings);
        client.handle(
            1,
            session::Input::Connect {
                settings,
                stored: Vec::new(),
            },
        );
        while client.poll().is_some() {}
        let mut broker = Broker::new(Settings::default(), Box::new(Guarded), 7);
        broker.handle(1, Input::Opened { connection: 1 });
        let opened = session::SocketEvent::Opened {
            subprotocol: "mqtt",
        };
        client.handle(
            1,
            session::Input::Socket {
                socket: 1,
                event: opened,
            },
        );
        let (mut connected, mut closed) = (false, false);
        for _ in 0..10 {
            let mut to_broker = Vec::new();
            while let Some(output) = client.poll() {
                match output {
                    session::Output::Packet {
                        direction: Direction::Outgoing,
                        bytes,
                        ..
                    } => to_broker.extend_from_slice(bytes),
                    session::Output::Event(session::Event::Connected { .. }) => connected = true,
                    _ => {}
                }
            }
            broker.handle(
                1,
                Input::Bytes {
                    connection: 1,
                    bytes: &to_broker,
                },
            );
            let mut to_client = Vec::new();
            while let Some(output) = broker.poll() {
                match output {
                    Output::Send { head, .. } => to_client.extend_from_slice(head),
                    Output::Close { .. } => closed = true,
                    _ => {}
                }
            }
            let event = session::SocketEvent::Bytes(&to_client);
            client.handle(1, session::Input::Socket { socket: 1, event });
        }
        assert_eq!((connected, closed), (is_let_in, !is_let_in));
        let name = broker.client("c").and_then(|client| client.user_name);
        assert_eq!(name, is_let_in.then_some("ann, of the house"));
    }
}

#[derive(Debug)]
struct Guarded;

impl Access for Guarded {
    fn admit(&mut self, _: &Newcomer<'_>) -> Result<(), Refusal> {
        Err(Refusal::NotAuthorized)
    }

    fn exchange(&mut self, _: &Newcomer<'_>, method: &str) -> Option<Box<dyn Exchange>> {
        let users: ScramUsers = Arc::new(|name| {
            let known = name == "ann, of the house";
            known.then(|| ScramUser::new("word", b"sixteen bytes ok", 4096))
        });
        (method == ScramSha256::METHOD)
            .then(|| Box::new(ScramSha256::new(users, [5; 32], 1)) as Box<dyn Exchange>)
    }
}
