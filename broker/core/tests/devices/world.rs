//! The devices, the broker and a learner with Midge's own client, joined by lines that lose nothing until they are cut.

use std::collections::BTreeMap;

use midge::{
    devices::{self, Devices, Kind, Order, State, Told},
    protocol::{
        Connect, ConnectProperties, Direction, PublishProperties, Qos, SubscribeOptions,
        SubscribeRequest, Version, publish_properties,
    },
    session::{self, PacketRole, Session, SocketEvent},
};
use midge_broker_core::{Broker, Everybody, Input, Output, Settings};

pub const SECOND: u64 = 1_000_000;
/// The learner's connections are numbered from here, so that they are told from the devices'.
const LEARNER: u64 = 1 << 32;

/// A message that the learner got.
#[derive(Clone, Debug, PartialEq)]
pub struct Got {
    pub topic: String,
    pub payload: String,
    pub retain: bool,
    pub at: u64,
    pub properties: PublishProperties,
}

pub struct World {
    pub devices: Devices,
    pub broker: Broker,
    pub now: u64,
    learner: Session,
    socket: Option<(u32, u64)>,
    connections: u64,
    number: u32,
    pub got: Vec<Got>,
    /// Everything that the devices said to the broker, in its order.
    pub said: Vec<devices::Output>,
    /// While there is none to be had.
    pub broker_is_gone: bool,
}

impl World {
    /// Three devices and a learner who is subscribed to everything.
    pub fn new() -> Self {
        Self::seeded(7)
    }

    pub fn seeded(seed: u64) -> Self {
        let mut world = Self::empty(seed);
        world.run(SECOND);
        world
    }

    /// Before anything has been said.
    fn empty(seed: u64) -> Self {
        let mut world = Self {
            devices: Devices::new(seed),
            broker: Broker::new(Settings::default(), Box::new(Everybody), 1),
            now: 1_000 * SECOND,
            learner: Session::new(5),
            socket: None,
            connections: LEARNER,
            number: 0,
            got: Vec::new(),
            said: Vec::new(),
            broker_is_gone: false,
        };
        let connect = Connect {
            version: Version::V5,
            client_id: "learner".to_owned(),
            keep_alive: 0,
            clean_session: true,
            user_name: None,
            password: None,
            will: None,
            properties: ConnectProperties::default(),
        };
        let settings = Box::new(session::Settings::new("ws://broker", connect));
        let stored = Vec::new();
        let wish = SubscribeRequest {
            filter: "#".to_owned(),
            options: SubscribeOptions {
                qos: Qos::ExactlyOnce,
                retain_as_published: true,
                ..SubscribeOptions::default()
            },
            identifier: None,
        };
        let now = world.now;
        world
            .learner
            .handle(now, session::Input::Subscribe(vec![wish]));
        world
            .learner
            .handle(now, session::Input::Connect { settings, stored });
        world
    }

    /// As many microseconds go by, and what is due in them happens at its time.
    pub fn run(&mut self, for_us: u64) {
        let end = self.now + for_us;
        let mut rounds = 0;
        self.settle();
        loop {
            let due = [
                self.devices.wake_at(),
                self.broker.wake_at(),
                self.learner.wake_at(),
            ];
            let due = due.into_iter().flatten().min().unwrap_or(u64::MAX);
            if due > end {
                break;
            }
            rounds += 1;
            assert!(rounds < 100_000, "something is due without end");
            self.now = self.now.max(due);
            self.tick();
        }
        self.now = end;
    }

    fn tick(&mut self) {
        self.devices.handle(self.now, devices::Input::Time);
        self.broker.handle(self.now, Input::Time);
        self.learner.handle(self.now, session::Input::Time);
        self.settle();
    }

    /// The machine slept: this much time is gone at once.
    pub fn sleep(&mut self, for_us: u64) {
        self.now += for_us;
        self.tick();
    }

    /// Until nobody has anything to say.
    pub fn settle(&mut self) {
        for _ in 0..10_000 {
            let devices = self.hear_devices();
            let learner = self.hear_learner();
            let broker = self.hear_broker();
            if !(devices || learner || broker) {
                return;
            }
        }
        panic!("they talk without end");
    }

    fn hear_devices(&mut self) -> bool {
        let mut any = false;
        while let Some(output) = self.devices.poll() {
            any = true;
            self.said.push(output.clone());
            match output {
                devices::Output::Open { connection } if self.broker_is_gone => {
                    self.devices
                        .handle(self.now, devices::Input::Closed { connection });
                }
                devices::Output::Open { connection } => {
                    self.broker.handle(self.now, Input::Opened { connection });
                    self.devices
                        .handle(self.now, devices::Input::Opened { connection });
                }
                devices::Output::Send { connection, bytes } => {
                    let bytes = &bytes;
                    self.broker
                        .handle(self.now, Input::Bytes { connection, bytes });
                    self.hear_broker();
                }
                devices::Output::Close { connection } => {
                    self.broker.handle(self.now, Input::Closed { connection });
                }
            }
        }
        any
    }

    fn hear_learner(&mut self) -> bool {
        let mut any = false;
        let mut opened = None;
        let mut sent = Vec::new();
        while let Some(output) = self.learner.poll() {
            any = true;
            match output {
                session::Output::Open { socket, .. } => opened = Some(socket),
                session::Output::Packet {
                    direction: Direction::Outgoing,
                    bytes,
                    ..
                } => sent.extend_from_slice(bytes),
                session::Output::Packet {
                    role: PacketRole::Message,
                    bytes,
                    outline,
                    topic,
                    ..
                } => self.got.push(Got {
                    topic: String::from_utf8_lossy(topic).into_owned(),
                    payload: String::from_utf8_lossy(&bytes[outline.payload as usize..])
                        .into_owned(),
                    retain: outline.retain,
                    at: self.now,
                    properties: publish_properties(bytes, &outline),
                }),
                _ => {}
            }
        }
        if let (Some((_, connection)), false) = (self.socket, sent.is_empty()) {
            let bytes = &sent;
            self.broker
                .handle(self.now, Input::Bytes { connection, bytes });
        }
        if let Some(socket) = opened {
            self.connections += 1;
            let connection = self.connections;
            self.socket = Some((socket, connection));
            self.broker.handle(self.now, Input::Opened { connection });
            let event = SocketEvent::Opened {
                subprotocol: "mqtt",
            };
            self.learner
                .handle(self.now, session::Input::Socket { socket, event });
        }
        any
    }

    fn hear_broker(&mut self) -> bool {
        let mut out: Vec<(u64, Option<Vec<u8>>)> = Vec::new();
        while let Some(output) = self.broker.poll() {
            match output {
                Output::Send {
                    connection,
                    head,
                    payload,
                } => out.push((connection, Some([head, &payload[..]].concat()))),
                Output::Close { connection, .. } => out.push((connection, None)),
                _ => {}
            }
        }
        let mut owed = BTreeMap::new();
        for (connection, bytes) in &out {
            owed.insert(*connection, ());
            match bytes {
                Some(bytes) if *connection > LEARNER => {
                    if let Some((socket, _)) = self.socket {
                        let event = SocketEvent::Bytes(bytes);
                        self.learner
                            .handle(self.now, session::Input::Socket { socket, event });
                        self.hear_learner();
                    }
                }
                Some(bytes) => {
                    let connection = *connection;
                    self.devices
                        .handle(self.now, devices::Input::Bytes { connection, bytes });
                }
                None => {
                    let connection = *connection;
                    self.devices
                        .handle(self.now, devices::Input::Closed { connection });
                }
            }
        }
        for (connection, ()) in owed {
            let bytes = 0;
            self.broker
                .handle(self.now, Input::Owed { connection, bytes });
        }
        !out.is_empty()
    }

    /// The broker, without anything that it held, and nobody's connection to it.
    pub fn lose_broker(&mut self) {
        self.broker_is_gone = true;
        let last = self.said.iter().filter_map(|said| match said {
            devices::Output::Open { connection } => Some(*connection),
            _ => None,
        });
        let connections: Vec<u64> = last.collect();
        for connection in connections {
            self.devices
                .handle(self.now, devices::Input::Closed { connection });
        }
        self.broker = Broker::new(Settings::default(), Box::new(Everybody), 2);
        self.settle();
    }

    /// The learner publishes.
    pub fn publish(&mut self, topic: &str, payload: impl Into<Vec<u8>>) {
        self.publish_with(topic, payload, PublishProperties::default());
    }

    pub fn publish_with(
        &mut self,
        topic: &str,
        payload: impl Into<Vec<u8>>,
        properties: PublishProperties,
    ) {
        self.number += 1;
        let message = session::Message {
            number: self.number,
            topic: topic.to_owned(),
            payload: payload.into(),
            qos: Qos::AtLeastOnce,
            retain: false,
            properties,
        };
        self.learner
            .handle(self.now, session::Input::Publish(message));
        self.settle();
    }

    pub fn order(&mut self, order: Order) {
        self.devices
            .order(self.now, order.clone())
            .unwrap_or_else(|why| panic!("{order:?}: {why:?}"));
        self.run(0);
    }

    /// The device of this kind that was added last.
    pub fn told(&self, kind: Kind) -> Told {
        let told = self.devices.told().into_iter().rev();
        let mut of_kind = told.filter(|told| told.kind == kind);
        of_kind.next().expect("a device of this kind")
    }

    pub fn number(&self, kind: Kind) -> u32 {
        self.told(kind).number
    }

    pub fn state(&self, kind: Kind) -> State {
        self.told(kind).state
    }

    /// What the learner got at this topic since the last look at it; all else is forgotten.
    pub fn heard(&mut self, topic: &str) -> Vec<String> {
        let got = std::mem::take(&mut self.got).into_iter();
        got.filter(|got| got.topic == topic)
            .map(|got| got.payload)
            .collect()
    }

    /// What the broker keeps retained at this topic.
    pub fn retained(&mut self, topic: &str) -> Option<String> {
        self.got.clear();
        let wish = SubscribeRequest {
            filter: topic.to_owned(),
            options: SubscribeOptions::from(Qos::AtLeastOnce),
            identifier: None,
        };
        self.learner
            .handle(self.now, session::Input::Subscribe(vec![wish]));
        self.settle();
        let found = self.got.iter().find(|got| got.retain && got.topic == topic);
        let found = found.map(|got| got.payload.clone());
        self.learner
            .handle(self.now, session::Input::Unsubscribe(topic.to_owned()));
        self.settle();
        self.got.clear();
        found
    }
}
