//! An engine with a simulated page, a simulated clock and a simulated broker that speaks bytes.

use std::collections::{BTreeMap, VecDeque};

use midge::engine::{Action, Change, Engine, Platform, SocketEvent};
use midge::link::{
    Body, Command, ConnectRequest, Frame, ListView, Notice, Publication, TreeView, View,
};
use midge::protocol::{
    Connect, ConnectProperties, Direction, Framer, PacketType, PublishParts, PublishProperties,
    Qos, SubscribeRequest, Version, encode, outline,
};

/// 2026-11-22T20:25:00Z.
pub const START_US: u64 = 1_795_379_100_000_000;
pub const SECOND: u64 = 1_000_000;

/// Nothing is left to chance, and text is not changed.
pub const PLATFORM: Platform = Platform {
    entropy: || [7; 32],
    normalize: str::to_owned,
    local_offset: |_| 0.0,
};

/// Everything around an engine.
pub struct World {
    pub engine: Engine,
    pub now: u64,
    pub socket: Option<u32>,
    /// Packets that the engine sent, oldest first, with their times.
    pub sent: Vec<(u64, Vec<u8>)>,
    /// WebSocket frames that the engine sent.
    pub sends: usize,
    /// What the broker makes packets of.
    stream: Framer,
    /// Bytes a second that leave; `None`: all, at once.
    rate: Option<u64>,
    /// What has not left, and when some last did.
    buffer: VecDeque<u8>,
    left_at: u64,
    /// The most that was ever in the buffer.
    pub most_buffered: usize,
    /// The broker acknowledges what asks for it.
    pub answers: bool,
    pub broker: Broker,
    /// Everything the page was told, newest last.
    pub frames: Vec<Frame>,
    /// What storage was asked for and has not answered.
    pub asked_of_storage: Vec<Asked>,
    /// Tickets of loads that storage was told to forget.
    pub given_up: Vec<u64>,
    /// What storage holds, by session.
    pub stored: BTreeMap<String, BTreeMap<u64, Vec<u8>>>,
}

/// What a broker makes packets of.
fn stream(version: Version) -> Framer {
    Framer::facing(1 << 28, version, Direction::Outgoing)
}

/// How the broker answers.
pub struct Broker {
    pub version: Version,
    /// What it says at the next CONNECT.
    pub session_present: bool,
    /// MQTT 5 only, below 125 bytes.
    pub connack_properties: Vec<u8>,
    /// MQTT 5 only: QoS 1 messages, subscriptions and unsubscriptions are refused with this reason code.
    pub refuses: Option<u8>,
}

/// What storage is asked for: session, ticket, changes.
#[derive(Debug)]
pub enum Asked {
    Load(String, u64),
    Store(String, u64, Vec<Change>),
}

impl World {
    pub fn new() -> Self {
        Self {
            engine: Engine::new(7, PLATFORM),
            now: START_US,
            socket: None,
            sent: Vec::new(),
            sends: 0,
            stream: stream(Version::V311),
            rate: None,
            buffer: VecDeque::new(),
            left_at: START_US,
            most_buffered: 0,
            answers: true,
            broker: Broker {
                version: Version::V311,
                session_present: false,
                connack_properties: Vec::new(),
                refuses: None,
            },
            frames: Vec::new(),
            asked_of_storage: Vec::new(),
            given_up: Vec::new(),
            stored: BTreeMap::new(),
        }
    }

    /// A page that shows everything, connected.
    pub fn connected() -> Self {
        let mut world = Self::new();
        world.say(Command::Hello);
        world.say(Command::Show(Box::new(everything(""))));
        world.say(Command::Connect(Box::new(request())));
        world.open();
        world
    }

    /// A page that shows everything, connected with MQTT 5.
    pub fn connected_with_v5(
        request: ConnectRequest,
        connack_properties: impl Into<Vec<u8>>,
    ) -> Self {
        let mut world = Self::new();
        world.broker.version = Version::V5;
        world.broker.connack_properties = connack_properties.into();
        world.say(Command::Hello);
        world.say(Command::Show(Box::new(everything(""))));
        world.say(Command::Connect(Box::new(ConnectRequest {
            connect: Connect {
                version: Version::V5,
                ..request.connect
            },
            ..request
        })));
        world.open();
        world
    }

    pub fn say(&mut self, command: Command) {
        self.engine.command(self.now, command);
        self.follow();
    }

    /// Says `Ask`, and returns the frame if it was answered at once.
    pub fn ask(&mut self) -> Option<Frame> {
        let before = self.frames.len();
        self.say(Command::Ask);
        self.frames.get(before).cloned()
    }

    /// The socket that the engine asked for opens.
    pub fn open(&mut self) {
        let socket = self.socket.unwrap();
        self.engine.socket(
            self.now,
            socket,
            SocketEvent::Opened {
                subprotocol: "mqtt",
            },
        );
        self.follow();
    }

    /// The broker sends bytes in one WebSocket frame.
    pub fn broker_sends(&mut self, bytes: &[u8]) {
        let socket = self.socket.unwrap();
        if let Some(space) = self.engine.space(socket, bytes.len()) {
            space.copy_from_slice(bytes);
            self.engine.socket(self.now, socket, SocketEvent::Filled);
        }
        self.follow();
    }

    pub fn broker_closes(&mut self) {
        let socket = self.socket.take().unwrap();
        let left_behind = self.buffer.len() as u64;
        self.engine.left_behind(self.now, socket, left_behind);
        self.engine.socket(
            self.now,
            socket,
            SocketEvent::Closed {
                code: 1006,
                reason: "",
                clean: false,
            },
        );
        self.follow();
    }

    /// Lets time pass, waking the engine when it asked for it.
    pub fn pass(&mut self, micros: u64) {
        let end = self.now + micros;
        let mut wakes = 0;
        while let Some(due) = self.engine.wake_at().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.engine.time(self.now);
            self.follow();
            wakes += 1;
            assert!(wakes < 100_000, "the engine never rests");
        }
        self.now = end;
    }

    /// Storage answers what it was asked for first, and does it. False if it was asked for nothing.
    pub fn storage_answers(&mut self) -> bool {
        if self.asked_of_storage.is_empty() {
            return false;
        }
        match self.asked_of_storage.remove(0) {
            Asked::Load(session, ticket) => {
                let records = self.stored.entry(session).or_default();
                let all = records.iter().map(|(key, value)| (*key, value.clone()));
                self.engine.loaded(self.now, ticket, Ok(all.collect()));
            }
            Asked::Store(session, ticket, changes) => {
                let records = self.stored.entry(session).or_default();
                for change in changes {
                    match change {
                        Change::Put { key, value } => drop(records.insert(key, value)),
                        Change::Remove { key } => drop(records.remove(&key)),
                        Change::Clear => records.clear(),
                    }
                }
                self.engine.stored(self.now, ticket, Ok(()));
            }
        }
        self.follow();
        true
    }

    /// Storage cannot do what it was asked for first.
    pub fn storage_fails(&mut self, words: &str) {
        match self.asked_of_storage.remove(0) {
            Asked::Load(_, ticket) => self.engine.loaded(self.now, ticket, Err(words.into())),
            Asked::Store(_, ticket, _) => self.engine.stored(self.now, ticket, Err(words.into())),
        }
        self.follow();
    }

    /// All notices that the page was given.
    pub fn notices(&self) -> Vec<Notice> {
        self.frames
            .iter()
            .flat_map(|frame| frame.notices.clone())
            .collect()
    }

    /// So many bytes a second leave from now on.
    pub fn carries(&mut self, rate: u64) {
        self.leave();
        (self.rate, self.left_at) = (Some(rate), self.now);
    }

    /// What leaves by now reaches the broker, which answers.
    fn leave(&mut self) {
        let passed = self.now - self.left_at;
        let leaves = match self.rate {
            None => self.buffer.len(),
            Some(rate) => self.buffer.len().min((rate * passed / SECOND) as usize),
        };
        // Nothing of a second is lost that was too short for a byte.
        if leaves > 0 || self.buffer.is_empty() {
            self.left_at = self.now;
        }
        let bytes: Vec<u8> = self.buffer.drain(..leaves).collect();
        self.stream.push(&bytes);
        let mut answers = Vec::new();
        while let Some(packet) = self.stream.next() {
            let packet = packet.unwrap();
            if self.answers {
                answer(&self.broker, packet, &mut answers);
            }
            self.sent.push((self.now, packet.to_vec()));
        }
        if let Some(socket) = self.socket
            && !answers.is_empty()
        {
            self.engine
                .socket(self.now, socket, SocketEvent::Bytes(&answers));
        }
    }

    fn follow(&mut self) {
        self.act();
        while let Some(socket) = self.socket {
            let at_once = self.rate.is_none() && !self.buffer.is_empty();
            if !at_once && !self.engine.has_to_look(self.now) {
                break;
            }
            self.leave();
            let buffered = self.buffer.len() as u64;
            self.engine.buffered(self.now, socket, buffered);
            self.act();
        }
        if let Some(frame) = self.engine.frame(self.now) {
            self.frames.push(frame);
        }
    }

    fn act(&mut self) {
        while let Some(action) = self.engine.action() {
            match action {
                Action::Open { socket, .. } => {
                    self.socket = Some(socket);
                    self.buffer.clear();
                    self.stream = stream(self.broker.version);
                }
                Action::Send { bytes, .. } => {
                    self.sends += 1;
                    self.buffer.extend(bytes);
                    self.most_buffered = self.most_buffered.max(self.buffer.len());
                }
                // Everything sent before leaves first.
                Action::Close { .. } => {
                    self.leave();
                    self.socket = None;
                }
                Action::GiveUp { ticket } => self.given_up.push(ticket),
                Action::Load { session, ticket } => {
                    self.asked_of_storage.push(Asked::Load(session, ticket))
                }
                Action::Store {
                    session,
                    ticket,
                    changes,
                } => {
                    self.asked_of_storage
                        .push(Asked::Store(session, ticket, changes));
                }
            }
        }
    }

    /// PUBLISH packets that the engine sent: time, topic, payload.
    pub fn published(&self) -> Vec<(u64, String, String)> {
        let messages = self
            .sent
            .iter()
            .filter(|(_, packet)| packet[0] >> 4 == PacketType::Publish as u8);
        let described = |(time, packet): &(u64, Vec<u8>)| {
            let outline = outline(packet, self.broker.version, Direction::Outgoing).unwrap();
            let topic = packet[outline.topic.0 as usize..outline.topic.1 as usize].to_vec();
            let payload = packet[outline.payload as usize..].to_vec();
            (
                *time,
                String::from_utf8(topic).unwrap(),
                String::from_utf8(payload).unwrap(),
            )
        };
        messages.map(described).collect()
    }
}

/// What a broker that grants everything answers.
fn answer(broker: &Broker, packet: &[u8], answers: &mut Vec<u8>) {
    let version = broker.version;
    let outline = outline(packet, version, Direction::Outgoing).unwrap();
    let id = outline.packet_id.to_be_bytes();
    let v5 = version == Version::V5;
    match outline.packet_type {
        PacketType::Connect if v5 => {
            let properties = &broker.connack_properties;
            let present = u8::from(broker.session_present);
            answers.extend([0x20, 3 + properties.len() as u8, present, 0]);
            answers.push(properties.len() as u8);
            answers.extend(properties);
        }
        PacketType::Connect => answers.extend([0x20, 2, u8::from(broker.session_present), 0]),
        PacketType::Publish if outline.qos == Qos::AtLeastOnce => match broker.refuses {
            Some(code) => answers.extend([0x40, 3, id[0], id[1], code]),
            None => encode::puback(outline.packet_id, answers),
        },
        PacketType::Publish if outline.qos == Qos::ExactlyOnce => {
            encode::pubrec(outline.packet_id, answers)
        }
        PacketType::Pubrel => encode::pubcomp(outline.packet_id, answers),
        PacketType::Unsubscribe if v5 => {
            let code = broker.refuses.unwrap_or(0);
            answers.extend([0xb0, 4, id[0], id[1], 0, code]);
        }
        PacketType::Unsubscribe => answers.extend([0xb0, 2, id[0], id[1]]),
        PacketType::Pingreq => answers.extend([0xd0, 0]),
        PacketType::Subscribe => {
            let mut codes = Vec::new();
            // Properties, an identifier at the most, are shorter than 128 bytes here.
            let mut rest = &packet[4..];
            if v5 {
                rest = &rest[1 + usize::from(rest[0])..];
            }
            while let [high, low, tail @ ..] = rest {
                let len = usize::from(u16::from_be_bytes([*high, *low]));
                codes.push(broker.refuses.unwrap_or(tail[len] & 3));
                rest = &tail[len + 1..];
            }
            answers.extend([0x90, 2 + u8::from(v5) + codes.len() as u8, id[0], id[1]]);
            if v5 {
                answers.push(0);
            }
            answers.extend(codes);
        }
        _ => {}
    }
}

/// A PUBLISH of the broker.
pub fn message(topic: &str, payload: &[u8], qos: Qos, packet_id: u16, retain: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let parts = PublishParts {
        topic,
        payload,
        qos,
        retain,
        packet_id,
        ..PublishParts::default()
    };
    encode::publish(&parts, Version::V311, &mut bytes).unwrap();
    bytes
}

pub fn plain(topic: &str, payload: &str) -> Vec<u8> {
    message(topic, payload.as_bytes(), Qos::AtMostOnce, 0, false)
}

pub fn request() -> ConnectRequest {
    ConnectRequest {
        connect: Connect {
            version: Version::V311,
            client_id: "tester".into(),
            user_name: Some("chen".into()),
            password: Some(b"secret".to_vec()),
            keep_alive: 60,
            clean_session: true,
            will: None,
            properties: ConnectProperties::default(),
        },
        addresses: vec!["ws://127.0.0.1:9001/mqtt".into()],
        newest: false,
        old_subprotocol: false,
        client_id_made_up: false,
        strict: false,
        scram: false,
    }
}

pub fn everything(filter: &str) -> View {
    View {
        list: Some(ListView {
            filter: filter.into(),
            packets: false,
            newest: None,
            skip: 0,
            rows: 10,
        }),
        tree: Some(TreeView {
            skip: 0,
            rows: 20,
            search: String::new(),
        }),
        ..View::default()
    }
}

pub fn subscribe(filters: &[&str]) -> Command {
    let wanted = |filter: &&str| SubscribeRequest {
        filter: (*filter).into(),
        options: Qos::AtLeastOnce.into(),
        identifier: None,
    };
    Command::Subscribe(filters.iter().map(wanted).collect())
}

pub fn publication(number: u32, topic: &str, text: &str, qos: u8) -> Box<Publication> {
    Box::new(Publication {
        number,
        topic: topic.into(),
        payload: Body::Template(text.into()),
        qos: Qos::from_bits(qos).expect("a quality of service"),
        retain: false,
        properties: PublishProperties::default(),
    })
}
