//! Pages that are killed at any moment, connections that are cut after any byte, and storage that takes its time: what
//! was stored arrives, QoS 2 once, in order. Random schedules; a failure names its seed.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::simulated::{PLATFORM, SECOND, START_US, publication, request};
use midge::engine::{Action, Change, Engine, SocketEvent};
use midge::link::{Command, ConnectRequest, Notice};
use midge::protocol::{
    Connect, ConnectProperties, Direction, Framer, PacketType, Qos, Version, encode, outline,
};

/// A broker that keeps its session, whatever happens to its client.
struct Broker {
    version: Version,
    stream: Framer,
    has_session: bool,
    unreleased: BTreeSet<u16>,
    delivered: Vec<String>,
}

impl Broker {
    fn stream(version: Version) -> Framer {
        Framer::facing(1 << 20, version, Direction::Outgoing)
    }

    fn hear(&mut self, bytes: &[u8], answers: &mut VecDeque<u8>) {
        self.stream.push(bytes);
        let mut out = Vec::new();
        while let Some(packet) = self.stream.next() {
            let packet = packet.unwrap();
            let outline = outline(packet, self.version, Direction::Outgoing).unwrap();
            let id = outline.packet_id;
            let text = || String::from_utf8(packet[outline.payload as usize..].to_vec()).unwrap();
            match outline.packet_type {
                PacketType::Connect => {
                    // Clean session, clean start: behind a fixed header of two bytes, the protocol's name and its level.
                    if packet[9] & 2 != 0 {
                        self.has_session = false;
                        self.unreleased.clear();
                    }
                    let present = u8::from(self.has_session);
                    match self.version {
                        Version::V5 => out.extend([0x20, 3, present, 0, 0]),
                        _ => out.extend([0x20, 2, present, 0]),
                    }
                    self.has_session = true;
                }
                PacketType::Publish => match outline.qos {
                    Qos::AtMostOnce => self.delivered.push(text()),
                    Qos::AtLeastOnce => {
                        self.delivered.push(text());
                        encode::puback(id, &mut out);
                    }
                    Qos::ExactlyOnce => {
                        if self.unreleased.insert(id) {
                            self.delivered.push(text());
                        }
                        encode::pubrec(id, &mut out);
                    }
                },
                PacketType::Pubrel => {
                    self.unreleased.remove(&id);
                    encode::pubcomp(id, &mut out);
                }
                PacketType::Pingreq => out.extend([0xd0, 0]),
                _ => {}
            }
        }
        answers.extend(out);
    }
}

/// What storage was asked for and has not done.
enum Asked {
    Load(u64),
    Store(u64, Vec<Change>),
}

struct World {
    rng: fastrand::Rng,
    engine: Engine,
    now: u64,
    opening: Option<u32>,
    socket: Option<u32>,
    to_broker: VecDeque<u8>,
    to_client: VecDeque<u8>,
    broker: Broker,
    asked: VecDeque<Asked>,
    /// For how long storage has said nothing.
    silent: u64,
    stored: BTreeMap<u64, Vec<u8>>,
    /// Publications of the page that lives.
    fresh: Vec<String>,
    /// Publications that must arrive.
    owed: BTreeSet<String>,
    next: u32,
}

impl World {
    fn new(seed: u64, version: Version) -> Self {
        let mut world = Self {
            rng: fastrand::Rng::with_seed(seed),
            engine: Engine::new(seed, PLATFORM),
            now: START_US,
            opening: None,
            socket: None,
            to_broker: VecDeque::new(),
            to_client: VecDeque::new(),
            broker: Broker {
                version,
                stream: Broker::stream(version),
                has_session: false,
                unreleased: BTreeSet::new(),
                delivered: Vec::new(),
            },
            asked: VecDeque::new(),
            silent: 0,
            stored: BTreeMap::new(),
            fresh: Vec::new(),
            owed: BTreeSet::new(),
            next: 0,
        };
        world.arrive();
        world
    }

    /// A page is there and connects.
    fn arrive(&mut self) {
        self.say(Command::Hello);
        self.say(Command::Connect(Box::new(ConnectRequest {
            connect: Connect {
                version: match self.broker.version {
                    Version::V5 => Version::V5,
                    _ => Version::V311,
                },
                clean_session: false,
                properties: ConnectProperties {
                    session_expiry: Some(u32::MAX),
                    ..ConnectProperties::default()
                },
                ..request().connect
            },
            ..request()
        })));
    }

    fn say(&mut self, command: Command) {
        self.engine.command(self.now, command);
        self.follow();
    }

    fn follow(&mut self) {
        self.act();
        // What was handed to the socket has left.
        while self.engine.has_to_look(self.now)
            && let Some(socket) = self.socket
        {
            self.engine.buffered(self.now, socket, 0);
            self.act();
        }
        self.engine.command(self.now, Command::Ask);
        let notices = self
            .engine
            .frame(self.now)
            .map_or(Vec::new(), |frame| frame.notices);
        for notice in notices {
            if let Notice::Published { numbers } = notice {
                for number in numbers.filter(|number| *number > 0) {
                    // Told to the user, so it must be true.
                    assert!(self.broker.delivered.contains(&text(number)), "{number}");
                }
            }
        }
    }

    fn act(&mut self) {
        while let Some(action) = self.engine.action() {
            match action {
                Action::Open { socket, .. } => {
                    self.unplug();
                    self.opening = Some(socket);
                }
                Action::Send { socket, bytes } => {
                    if self.socket == Some(socket) {
                        self.to_broker.extend(bytes);
                    }
                }
                Action::Close { socket, .. } => {
                    if self.socket == Some(socket) {
                        self.unplug();
                    }
                }
                Action::GiveUp { ticket } => {
                    // It may have been read already.
                    let given_up =
                        |asked: &Asked| matches!(asked, Asked::Load(load) if *load == ticket);
                    self.asked.retain(|asked| !given_up(asked));
                }
                Action::Load { ticket, .. } => self.asked.push_back(Asked::Load(ticket)),
                Action::Store {
                    ticket, changes, ..
                } => self.asked.push_back(Asked::Store(ticket, changes)),
            }
        }
    }

    fn unplug(&mut self) {
        self.socket = None;
        self.opening = None;
        self.to_broker.clear();
        self.to_client.clear();
        self.broker.stream = Broker::stream(self.broker.version);
    }

    fn publish(&mut self) {
        self.next += 1;
        let number = self.next;
        self.fresh.push(text(number));
        let qos = qos(number);
        self.say(Command::Publish(publication(
            number,
            "t",
            &text(number),
            qos,
        )));
    }

    fn storage_does(&mut self) {
        self.silent = 0;
        match self.asked.pop_front() {
            Some(Asked::Load(ticket)) => {
                let all = self.stored.iter().map(|(key, value)| (*key, value.clone()));
                self.engine.loaded(self.now, ticket, Ok(all.collect()));
            }
            Some(Asked::Store(ticket, changes)) => {
                self.apply(changes);
                self.engine.stored(self.now, ticket, Ok(()));
            }
            None => {}
        }
        self.follow();
    }

    fn apply(&mut self, changes: Vec<Change>) {
        for change in changes {
            match change {
                Change::Put { key, value } => drop(self.stored.insert(key, value)),
                Change::Remove { key } => drop(self.stored.remove(&key)),
                Change::Clear => self.stored.clear(),
            }
        }
    }

    fn open(&mut self) {
        if let Some(socket) = self.opening.take() {
            self.socket = Some(socket);
            let subprotocol = "mqtt";
            self.engine
                .socket(self.now, socket, SocketEvent::Opened { subprotocol });
            self.follow();
        }
    }

    fn some(&mut self, pipe: usize, all: bool) -> usize {
        if all { pipe } else { self.rng.usize(0..=pipe) }
    }

    fn upstream(&mut self, all: bool) {
        let some = self.some(self.to_broker.len(), all);
        let bytes: Vec<u8> = self.to_broker.drain(..some).collect();
        self.broker.hear(&bytes, &mut self.to_client);
    }

    fn downstream(&mut self, all: bool) {
        let some = self.some(self.to_client.len(), all);
        let bytes: Vec<u8> = self.to_client.drain(..some).collect();
        if let Some(socket) = self.socket {
            self.engine
                .socket(self.now, socket, SocketEvent::Bytes(&bytes));
            self.follow();
        }
    }

    fn cut(&mut self) {
        if let Some(socket) = self.socket {
            self.unplug();
            let end = SocketEvent::Closed {
                code: 1006,
                reason: "",
                clean: false,
            };
            self.engine.socket(self.now, socket, end);
            self.follow();
        }
    }

    /// The page is killed. What storage was just about is done or not; what it was not asked for is not.
    fn crash(&mut self) {
        if let Some(Asked::Store(_, changes)) = self.asked.pop_front()
            && self.rng.bool()
        {
            self.apply(changes);
        }
        self.asked.clear();
        self.unplug();
        for text in std::mem::take(&mut self.fresh) {
            let holds = |value: &Vec<u8>| {
                value
                    .windows(text.len())
                    .any(|part| part == text.as_bytes())
            };
            if self.stored.values().any(holds) {
                self.owed.insert(text);
            }
        }
        let seed = self.rng.u64(..);
        self.engine = Engine::new(seed, PLATFORM);
        self.arrive();
    }

    fn pass(&mut self, micros: u64) {
        self.now += micros;
        // It is slow. If it were silent, it would be given up, and what holds then is another matter.
        self.silent += micros;
        if self.silent > 3 * SECOND {
            self.storage_does();
        }
        if self.engine.wake_at().is_some_and(|due| due <= self.now) {
            self.engine.time(self.now);
            self.follow();
        }
    }

    fn step(&mut self) {
        // A connection must live long enough for something to happen on it.
        match self.rng.u8(0..100) {
            0..15 => self.publish(),
            15..35 => self.storage_does(),
            35..53 => self.upstream(false),
            53..71 => self.downstream(false),
            71..85 => self.open(),
            85..87 => self.cut(),
            87 => self.crash(),
            _ => {
                let micros = self.rng.u64(0..2 * SECOND);
                self.pass(micros);
            }
        }
    }

    /// Nothing goes wrong any more, until everything is done.
    fn settle(&mut self) {
        for _ in 0..200 {
            self.storage_does();
            self.open();
            self.upstream(true);
            self.downstream(true);
            self.pass(SECOND / 2);
        }
        self.owed.extend(std::mem::take(&mut self.fresh));
    }

    fn check(&self, seed: u64) {
        let delivered = &self.broker.delivered;
        for text in &self.owed {
            assert!(delivered.contains(text), "seed {seed}: {text} was lost");
        }
        for level in [1, 2] {
            let mut first = Vec::new();
            for text in delivered.iter().filter(|text| qos(number(text)) == level) {
                let again = first.contains(&number(text));
                assert!(!again || level == 1, "seed {seed}: {text} came twice");
                if !again {
                    first.push(number(text));
                }
            }
            assert!(first.is_sorted(), "seed {seed}: {first:?}");
        }
        assert_eq!(
            self.stored.len(),
            1,
            "seed {seed}: only the session is left in storage"
        );
    }
}

/// QoS 1 and 2 in turn.
fn qos(number: u32) -> u8 {
    1 + (number % 2) as u8
}

fn text(number: u32) -> String {
    format!("message {number:05}")
}

fn number(text: &str) -> u32 {
    text["message ".len()..].parse().unwrap()
}

/// MQTT 3.1.1 [MQTT-4.1.0-1], [MQTT-4.4.0-1], [MQTT-4.6.0-1]
/// MQTT 5 [MQTT-4.4.0-1], [MQTT-4.6.0-1]
#[test]
fn what_was_stored_arrives_and_qos_2_once_whenever_page_connection_or_storage_stop() {
    let mut arrived = 0;
    for seed in 0..80 {
        let version = [Version::V311, Version::V5][seed as usize % 2];
        let mut world = World::new(seed, version);
        for _ in 0..600 {
            world.step();
        }
        world.settle();
        world.check(seed);
        arrived += world.broker.delivered.len();
    }
    assert!(arrived > 80 * 20, "{arrived} say little");
}
