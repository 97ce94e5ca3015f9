//! The other end of the session: what the shell and a broker would do, with a clock that only moves when told.

use std::collections::BTreeMap;

use midge::protocol::{
    Connect, ConnectProperties, Direction, Fault, Outline, PacketType, PublishProperties, Qos,
    SubscribeRequest, Version, flawed_publish, outline,
};
use midge::session::{
    Change, Event, Input, Message, Output, PacketRole, Session, Settings, SocketEvent,
};

pub use crate::packets::*;

pub const SECOND: u64 = 1_000_000;

/// An output, with its bytes copied.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    Open(u32),
    Close {
        socket: u32,
        code: u16,
    },
    Sent(Vec<u8>, PacketRole),
    Came(Vec<u8>, PacketRole),
    Malformed(Vec<u8>, Fault),
    /// A message that breaks a rule, and its topic for reading.
    Flawed(Vec<u8>, PacketRole, Fault, String),
    Store(Change),
    Event(Event),
}

/// A session, its clock, and the number of its latest socket.
pub struct Link {
    pub session: Session,
    pub now: u64,
    pub socket: u32,
    /// That of the latest CONNECT.
    pub version: Version,
    /// Topic names of the messages that came, as the session says them.
    pub topics: Vec<String>,
    /// What is sent leaves at once. Otherwise a test says what has not left.
    pub leaves: bool,
    place: (String, String),
    /// What storage holds, by client identifier and addresses.
    pub stored: BTreeMap<(String, String), BTreeMap<u64, Vec<u8>>>,
}

impl Link {
    pub fn new(seed: u64) -> Self {
        Self {
            session: Session::new(seed),
            now: 1000 * SECOND,
            socket: 0,
            version: Version::V311,
            topics: Vec::new(),
            leaves: true,
            place: <_>::default(),
            stored: BTreeMap::new(),
        }
    }

    /// Connected with these settings to a broker that answers at once.
    pub fn connected(settings: Settings) -> Self {
        let mut link = Self::new(1);
        link.tell(connect(settings));
        link.accept(false);
        link
    }

    /// Connected in MQTT 5 to a broker that answers CONNECT with these properties of CONNACK.
    pub fn granted(settings: Settings, properties: &[u8]) -> Self {
        let mut link = Self::new(1);
        link.tell(connect(settings));
        link.opened();
        link.bytes(&connack5(false, 0, properties));
        link
    }

    /// One input, and everything that comes of it.
    pub fn tell(&mut self, input: Input<'_>) -> Vec<Seen> {
        if let Input::Connect { settings, .. } = &input {
            self.place = place(settings);
        }
        self.session.handle(self.now, input);
        let mut seen = self.drain();
        while self.leaves && self.session.look_at().is_some() {
            self.session.handle(self.now, buffered(self.socket, 0));
            seen.extend(self.drain());
        }
        self.keep(&seen);
        seen
    }

    /// So much of what was sent has not left.
    pub fn buffered(&mut self, bytes: u64) -> Vec<Seen> {
        self.tell(buffered(self.socket, bytes))
    }

    /// Does to storage what the session says.
    fn keep(&mut self, seen: &[Seen]) {
        for seen in seen {
            if let Seen::Store(change) = seen {
                let stored = self.stored.entry(self.place.clone()).or_default();
                match change {
                    Change::Put { key, value } => {
                        stored.insert(*key, value.clone());
                    }
                    Change::Remove { key } => {
                        stored.remove(key);
                    }
                    Change::Clear => stored.clear(),
                }
            }
        }
    }

    /// The user connects with these settings, and storage hands out what it holds for them.
    pub fn reconnect(&mut self, settings: Settings) -> Vec<Seen> {
        let stored = self.stored.get(&place(&settings)).cloned();
        self.tell(Input::Connect {
            settings: Box::new(settings),
            stored: stored.unwrap_or_default().into_iter().collect(),
        })
    }

    /// A PUBLISH on topic `t` with payload `x`, in the version in use.
    pub fn message(&self, first: u8, id: u16) -> Vec<u8> {
        match self.version {
            Version::V5 => publish5(first, "t", id, &[]),
            Version::V31 | Version::V311 => incoming(first, id),
        }
    }

    pub fn suback(&mut self, id: u16, codes: &[u8]) -> Vec<Seen> {
        let suback = match self.version {
            Version::V5 => suback5(0x90, id, &[], codes),
            Version::V31 | Version::V311 => suback(id, codes),
        };
        self.bytes(&suback)
    }

    /// UNSUBACK of this many filters.
    pub fn unsuback(&mut self, id: u16, filters: usize) -> Vec<Seen> {
        let unsuback = match self.version {
            Version::V5 => suback5(0xB0, id, &[], &vec![0; filters]),
            Version::V31 | Version::V311 => ack(UNSUBACK, id).to_vec(),
        };
        self.bytes(&unsuback)
    }

    pub fn drain(&mut self) -> Vec<Seen> {
        let mut seen = Vec::new();
        while let Some(output) = self.session.poll() {
            seen.push(match output {
                Output::Open { socket, .. } => {
                    self.socket = socket;
                    Seen::Open(socket)
                }
                Output::Close { socket, code, .. } => Seen::Close { socket, code },
                Output::Packet {
                    direction,
                    bytes,
                    outline: said,
                    topic,
                    role,
                } => {
                    let topic = str::from_utf8(topic).expect("a topic name is UTF-8");
                    if said.packet_type == PacketType::Connect {
                        self.version = match () {
                            () if bytes.windows(7).any(|part| part == b"MQIsdp\x03") => {
                                Version::V31
                            }
                            () if bytes.windows(5).any(|part| part == b"MQTT\x05") => Version::V5,
                            () => Version::V311,
                        };
                    }
                    let read: Result<Outline, Fault> = outline(bytes, self.version, direction);
                    assert_eq!(read, Ok(said), "the outline is that of the bytes");
                    if said.packet_type == PacketType::Publish && role == PacketRole::Message {
                        self.topics.push(topic.to_owned());
                    }
                    match direction {
                        Direction::Outgoing => Seen::Sent(bytes.to_vec(), role),
                        Direction::Incoming => Seen::Came(bytes.to_vec(), role),
                    }
                }
                Output::Store(change) => Seen::Store(change),
                Output::Flawed {
                    bytes,
                    outline: said,
                    topic,
                    role,
                    fault,
                } => {
                    let read = flawed_publish(bytes, self.version);
                    assert_eq!(
                        read,
                        Some((said, fault)),
                        "the outline is that of the bytes"
                    );
                    Seen::Flawed(bytes.to_vec(), role, fault, topic.to_owned())
                }
                Output::Malformed { bytes, fault } => Seen::Malformed(bytes.to_vec(), fault),
                Output::Event(event) => Seen::Event(event),
            });
        }
        seen
    }

    pub fn socket(&mut self, event: SocketEvent<'_>) -> Vec<Seen> {
        self.tell(Input::Socket {
            socket: self.socket,
            event,
        })
    }

    pub fn opened(&mut self) -> Vec<Seen> {
        self.socket(SocketEvent::Opened {
            subprotocol: "mqtt",
        })
    }

    pub fn bytes(&mut self, bytes: &[u8]) -> Vec<Seen> {
        self.socket(SocketEvent::Bytes(bytes))
    }

    pub fn closed(&mut self, code: u16) -> Vec<Seen> {
        self.socket(SocketEvent::Closed {
            code,
            reason: "",
            clean: false,
        })
    }

    /// The socket opens and the broker accepts.
    pub fn accept(&mut self, session_present: bool) -> Vec<Seen> {
        let mut seen = self.opened();
        seen.extend(self.answer(session_present));
        seen
    }

    /// The broker accepts.
    pub fn answer(&mut self, session_present: bool) -> Vec<Seen> {
        let connack = match self.version {
            Version::V5 => connack5(session_present, 0, &[]),
            Version::V31 | Version::V311 => connack(session_present, 0).to_vec(),
        };
        self.bytes(&connack)
    }

    /// The connection is lost, and the next try opens a socket.
    pub fn lose(&mut self) -> Vec<Seen> {
        let mut seen = self.closed(1006);
        self.now = self.session.next_try().expect("waits for the next try");
        seen.extend(self.tell(Input::Time));
        seen
    }

    pub fn pass(&mut self, micros: u64) -> Vec<Seen> {
        self.now += micros;
        self.tell(Input::Time)
    }

    /// Goes to the session's own next deadline.
    pub fn wake(&mut self) -> Vec<Seen> {
        self.now = self
            .session
            .wake_at()
            .expect("has a deadline")
            .max(self.now);
        self.tell(Input::Time)
    }

    pub fn publish(&mut self, number: u32, qos: Qos) -> Vec<Seen> {
        self.tell(Input::Publish(message(number, "t", b"x", qos)))
    }

    pub fn subscribe(&mut self, filters: &[(&str, Qos)]) -> Vec<Seen> {
        let wishes = filters.iter().map(|&(filter, qos)| wish(filter, qos));
        self.tell(Input::Subscribe(wishes.collect()))
    }
}

fn buffered(socket: u32, bytes: u64) -> Input<'static> {
    Input::Buffered { socket, bytes }
}

/// The user wants this connection, and storage is empty.
pub fn connect(settings: Settings) -> Input<'static> {
    Input::Connect {
        settings: Box::new(settings),
        stored: Vec::new(),
    }
}

/// Where storage keeps the session of these settings.
fn place(settings: &Settings) -> (String, String) {
    let client_id = settings.connect.client_id.clone();
    (client_id, settings.addresses.concat())
}

pub fn wish(filter: &str, qos: Qos) -> SubscribeRequest {
    SubscribeRequest {
        filter: filter.to_owned(),
        options: qos.into(),
        identifier: None,
    }
}

pub fn settings() -> Settings {
    Settings::new(
        "ws://broker/mqtt",
        Connect {
            version: Version::V311,
            client_id: "mine".to_owned(),
            keep_alive: 60,
            clean_session: true,
            user_name: None,
            password: None,
            will: None,
            properties: ConnectProperties::default(),
        },
    )
}

/// The same in MQTT 5: a session that ends with the connection.
pub fn settings5() -> Settings {
    let mut settings = settings();
    settings.connect.version = Version::V5;
    settings
}

/// MQTT 5 settings that keep the session for an hour.
pub fn keeping5() -> Settings {
    let mut settings = settings5();
    settings.connect.clean_session = false;
    settings.connect.properties.session_expiry = Some(3600);
    settings
}

/// The same, to be closed at whatever breaks a rule.
pub fn strict(mut settings: Settings) -> Settings {
    settings.strict = true;
    settings
}

/// Settings of MQTT 3.1.1 and 5 with a session that ends with the connection.
pub fn each() -> [Settings; 2] {
    [settings(), settings5()]
}

/// Settings of MQTT 3.1.1 and 5 that keep the session.
pub fn each_keeping() -> [Settings; 2] {
    [keeping(), keeping5()]
}

/// Settings that keep the session.
pub fn keeping() -> Settings {
    let mut settings = settings();
    settings.connect.clean_session = false;
    settings
}

pub fn message(number: u32, topic: &str, payload: &[u8], qos: Qos) -> Message {
    Message {
        number,
        topic: topic.to_owned(),
        payload: payload.to_vec(),
        qos,
        retain: false,
        properties: PublishProperties::default(),
    }
}

/// The reason codes of the DISCONNECT packets that were sent: 0 where there is none.
pub fn parted(seen: &[Seen]) -> Vec<u8> {
    let disconnects = sent(seen).into_iter().filter(|bytes| bytes[0] == 0xE0);
    disconnects
        .map(|bytes| bytes.get(2).copied().unwrap_or(0))
        .collect()
}

/// The sockets that were closed.
pub fn closes(seen: &[Seen]) -> bool {
    seen.iter().any(|seen| matches!(seen, Seen::Close { .. }))
}

/// The packets that were sent, in order.
pub fn sent(seen: &[Seen]) -> Vec<Vec<u8>> {
    let packets = seen.iter().filter_map(|seen| match seen {
        Seen::Sent(bytes, _) => Some(bytes.clone()),
        _ => None,
    });
    packets.collect()
}

/// Type, first byte and packet identifier of what was sent.
pub fn sent_ids(seen: &[Seen]) -> Vec<(PacketType, u8, u16)> {
    let outlines = sent(seen).into_iter().map(|bytes| {
        let outline = outline(&bytes, Version::V311, Direction::Outgoing)
            .or_else(|_| outline(&bytes, Version::V5, Direction::Outgoing))
            .or_else(|_| outline(&bytes, Version::V31, Direction::Outgoing))
            .expect("well-formed");
        (outline.packet_type, bytes[0], outline.packet_id)
    });
    outlines.collect()
}

pub fn events(seen: &[Seen]) -> Vec<Event> {
    let events = seen.iter().filter_map(|seen| match seen {
        Seen::Event(event) => Some(event.clone()),
        _ => None,
    });
    events.collect()
}

/// What the packets that came mean to the application, control packets left out.
pub fn deliveries(seen: &[Seen]) -> Vec<PacketRole> {
    let kinds = seen.iter().filter_map(|seen| match seen {
        Seen::Came(_, role) if *role != PacketRole::Control => Some(*role),
        _ => None,
    });
    kinds.collect()
}

/// The types of the packets that were sent, in order.
pub fn as_broker(seen: &[Seen]) -> Vec<PacketType> {
    let packets = sent(seen).into_iter();
    packets
        .map(|bytes| PacketType::from_bits(bytes[0] >> 4).expect("a packet type"))
        .collect()
}
