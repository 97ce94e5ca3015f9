//! A browser tab with storage, and a broker at the other end of its socket.

use std::collections::BTreeMap;

use midge::protocol::{
    Connect, ConnectProperties, Direction, Outline, PacketType, PublishProperties, Qos,
    SubscribeOptions, SubscribeRequest, Version,
};
use midge::session::{
    Change, Event, Input, Message, Output, PacketRole, Phase, Session, Settings, SocketEvent,
};

use crate::broker::Broker;

pub const SECOND: u64 = 1_000_000;

/// One output, with its bytes copied.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    Sent {
        bytes: Vec<u8>,
        outline: Outline,
        topic: String,
    },
    Came(Vec<u8>, PacketRole),
    Store(Change),
    Event(Event),
    Other,
}

/// The tab.
pub struct Tab {
    pub session: Session,
    pub settings: Settings,
    pub now: u64,
    pub storage: BTreeMap<u64, Vec<u8>>,
    pub broker: Broker,
    /// Everything since the last [`Tab::seen`].
    pub log: Vec<Seen>,
    /// Messages that this page was given, by payload.
    pub page: Vec<Vec<u8>>,
    /// Outputs until the crash.
    pub fuse: Option<usize>,
    pub wishes: Vec<SubscribeRequest>,
    socket: u32,
    open: bool,
    crashed: bool,
}

impl Tab {
    pub fn new(settings: Settings) -> Self {
        Self {
            session: Session::new(7),
            broker: Broker::new(settings.connect.version),
            settings,
            now: 1_790_000_000 * SECOND,
            storage: BTreeMap::new(),
            log: Vec::new(),
            page: Vec::new(),
            fuse: None,
            wishes: Vec::new(),
            socket: 0,
            open: false,
            crashed: false,
        }
    }

    /// Connected, with nothing on its way.
    pub fn connected(settings: Settings) -> Self {
        let mut tab = Self::new(settings);
        tab.connect();
        tab.run();
        assert_eq!(tab.session.phase(), Phase::Connected);
        tab.log.clear();
        tab
    }

    /// What was seen since the last time.
    pub fn seen(&mut self) -> Vec<Seen> {
        std::mem::take(&mut self.log)
    }

    pub fn tell(&mut self, input: Input<'_>) {
        if !self.crashed {
            self.session.handle(self.now, input);
            self.drain();
            // What is sent leaves at once.
            while !self.crashed && self.session.look_at().is_some() {
                let (socket, bytes) = (self.socket, 0);
                self.session
                    .handle(self.now, Input::Buffered { socket, bytes });
                self.drain();
            }
        }
    }

    pub fn connect(&mut self) {
        if !self.wishes.is_empty() {
            self.tell(Input::Subscribe(self.wishes.clone()));
        }
        let stored = self.storage.clone().into_iter().collect();
        let settings = Box::new(self.settings.clone());
        self.tell(Input::Connect { settings, stored });
    }

    fn drain(&mut self) {
        loop {
            if self.fuse == Some(0) {
                self.crashed = true;
                return;
            }
            let Some(output) = self.session.poll() else {
                return;
            };
            if let Some(fuse) = &mut self.fuse {
                *fuse -= 1;
            }
            let seen = match output {
                Output::Open { socket, .. } => {
                    (self.socket, self.open) = (socket, true);
                    Seen::Other
                }
                Output::Close { .. } => {
                    self.open = false;
                    self.broker.cut();
                    Seen::Other
                }
                Output::Packet {
                    direction: Direction::Outgoing,
                    bytes,
                    outline,
                    topic,
                    ..
                } => {
                    self.broker.take(bytes);
                    Seen::Sent {
                        bytes: bytes.to_vec(),
                        outline,
                        topic: String::from_utf8(topic.to_vec()).expect("a topic name is UTF-8"),
                    }
                }
                Output::Packet {
                    bytes,
                    outline,
                    role,
                    ..
                } => {
                    if role == PacketRole::Message {
                        self.page.push(bytes[outline.payload as usize..].to_vec());
                    }
                    Seen::Came(bytes.to_vec(), role)
                }
                Output::Store(change) => {
                    match change.clone() {
                        Change::Put { key, value } => {
                            self.storage.insert(key, value);
                        }
                        Change::Remove { key } => {
                            self.storage.remove(&key);
                        }
                        Change::Clear => self.storage.clear(),
                    }
                    Seen::Store(change)
                }
                Output::Flawed { bytes, fault, .. } => panic!("{bytes:02X?}: {fault}"),
                Output::Malformed { bytes, fault } => panic!("{bytes:02X?}: {fault}"),
                Output::Event(event) => Seen::Event(event),
            };
            self.log.push(seen);
        }
    }

    /// One step of the outside world: the socket opens, or one packet comes. False when there is none.
    pub fn step(&mut self) -> bool {
        if self.crashed || !self.open {
            return false;
        }
        let socket = self.socket;
        if self.session.reached() == midge::session::Reached::Opening {
            let subprotocol = "mqtt";
            self.tell(Input::Socket {
                socket,
                event: SocketEvent::Opened { subprotocol },
            });
            return true;
        }
        let Some(packet) = self.broker.next() else {
            return false;
        };
        self.tell(Input::Socket {
            socket,
            event: SocketEvent::Bytes(&packet),
        });
        true
    }

    /// Steps until nothing is on its way.
    pub fn run(&mut self) {
        for _ in 0..100_000 {
            if !self.step() {
                return;
            }
        }
        panic!("no end");
    }

    /// The connection is lost, and the next try opens a socket.
    pub fn lose(&mut self) {
        self.drop_socket();
        self.retry();
    }

    /// The connection is lost.
    pub fn drop_socket(&mut self) {
        // The machine changed its network, which explains the loss.
        self.tell(Input::NetworkChanged);
        self.closed();
    }

    /// The broker closes the connection.
    pub fn closed(&mut self) {
        let socket = self.socket;
        self.open = false;
        self.broker.cut();
        self.tell(Input::Socket {
            socket,
            event: SocketEvent::Closed {
                code: 1006,
                reason: "",
                clean: false,
            },
        });
    }

    /// Time goes to the next try.
    pub fn retry(&mut self) {
        if let Some(at) = self.session.next_try() {
            self.now = self.now.max(at);
            self.tell(Input::Time);
        }
    }

    pub fn pass(&mut self, seconds: u64) {
        self.now += seconds * SECOND;
        self.tell(Input::Time);
    }

    /// The page is gone, and another is opened. Storage stays.
    pub fn crash(&mut self) {
        self.session = Session::new(8);
        (self.crashed, self.open, self.fuse) = (false, false, None);
        self.broker.cut();
        self.page.clear();
    }

    /// The fuse has burnt down.
    pub fn is_crashed(&self) -> bool {
        self.crashed
    }

    pub fn publish(&mut self, number: u32, qos: Qos) {
        self.tell(Input::Publish(message(number, qos)));
    }
}

/// Settings whose session outlives the page.
pub fn keeping(version: Version) -> Settings {
    let mut settings = ending(version);
    settings.connect.clean_session = false;
    settings.connect.properties.session_expiry = (version == Version::V5).then_some(3600);
    assert!(settings.outlives_page());
    settings
}

/// Settings whose session ends with the connection.
pub fn ending(version: Version) -> Settings {
    Settings::new(
        "ws://broker/mqtt",
        Connect {
            version,
            client_id: "mine".to_owned(),
            keep_alive: 0,
            clean_session: true,
            user_name: None,
            password: None,
            will: None,
            properties: ConnectProperties::default(),
        },
    )
}

/// A message whose payload is its number.
pub fn message(number: u32, qos: Qos) -> Message {
    Message {
        number,
        topic: "t".to_owned(),
        payload: payload(number),
        qos,
        retain: false,
        properties: PublishProperties::default(),
    }
}

pub fn payload(number: u32) -> Vec<u8> {
    number.to_string().into_bytes()
}

pub fn wish(filter: &str) -> SubscribeRequest {
    SubscribeRequest {
        filter: filter.to_owned(),
        options: SubscribeOptions::from(Qos::ExactlyOnce),
        identifier: None,
    }
}

pub fn events(seen: &[Seen]) -> Vec<Event> {
    let events = seen.iter().filter_map(|seen| match seen {
        Seen::Event(event) => Some(event.clone()),
        _ => None,
    });
    events.collect()
}

pub fn sent(seen: &[Seen]) -> Vec<Vec<u8>> {
    let packets = seen.iter().filter_map(|seen| match seen {
        Seen::Sent { bytes, .. } => Some(bytes.clone()),
        _ => None,
    });
    packets.collect()
}

/// First byte and packet identifier of what was sent.
pub fn sent_ids(seen: &[Seen]) -> Vec<(u8, u16)> {
    let packets = seen.iter().filter_map(|seen| match seen {
        Seen::Sent { bytes, outline, .. } => Some((bytes[0], outline.packet_id)),
        _ => None,
    });
    packets.collect()
}

/// Payloads of the PUBLISH packets that were sent.
pub fn sent_payloads(seen: &[Seen]) -> Vec<Vec<u8>> {
    let packets = seen.iter().filter_map(|seen| match seen {
        Seen::Sent { bytes, outline, .. } if outline.packet_type == PacketType::Publish => {
            Some(bytes[outline.payload as usize..].to_vec())
        }
        _ => None,
    });
    packets.collect()
}

pub fn stores(seen: &[Seen]) -> Vec<Change> {
    let changes = seen.iter().filter_map(|seen| match seen {
        Seen::Store(change) => Some(change.clone()),
        _ => None,
    });
    changes.collect()
}

/// What the packets that came mean to the application, control packets left out.
pub fn deliveries(seen: &[Seen]) -> Vec<PacketRole> {
    let kinds = seen.iter().filter_map(|seen| match seen {
        Seen::Came(_, role) if *role != PacketRole::Control => Some(*role),
        _ => None,
    });
    kinds.collect()
}

/// The versions whose deliveries are shown.
pub const VERSIONS: [Version; 2] = [Version::V311, Version::V5];
