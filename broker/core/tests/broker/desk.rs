//! The broker, its clock, and what it said to whom.

use std::collections::BTreeMap;

use midge::protocol::{
    Connack, Connect, Direction, FromBroker, PacketType, PublishProperties, Qos, Version,
    packet_size,
};
use midge_broker_core::{
    Access, Broker, Change, Ending, Event, Everybody, Input, Limits, Output, Settings, Why,
};

pub use crate::packets::*;

pub const SECOND: u64 = 1_000_000;

/// One client's end of a connection.
#[derive(Debug, Default)]
struct Line {
    bytes: Vec<u8>,
    ended: Option<Ending>,
}

pub struct Desk {
    pub broker: Broker,
    pub now: u64,
    lines: BTreeMap<u64, Line>,
    last: u64,
    pub events: Vec<Event>,
    pub stored: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Connections whose owner says nothing of what has left.
    pub stuck: Vec<u64>,
}

/// A client on its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct C {
    pub line: u64,
    pub version: Version,
}

impl C {
    pub fn v(self) -> Version {
        self.version
    }
}

impl Desk {
    pub fn new() -> Self {
        Self::with(Settings::default())
    }

    pub fn limited(limit: impl FnOnce(&mut Limits)) -> Self {
        let mut settings = Settings::default();
        limit(&mut settings.limits);
        Self::with(settings)
    }

    pub fn with(settings: Settings) -> Self {
        Self::guarded(settings, Box::new(Everybody))
    }

    pub fn guarded(settings: Settings, access: Box<dyn Access>) -> Self {
        Self {
            broker: Broker::new(settings, access, 42),
            now: 1000 * SECOND,
            lines: BTreeMap::new(),
            last: 0,
            events: Vec::new(),
            stored: BTreeMap::new(),
            stuck: Vec::new(),
        }
    }

    /// The broker is gone without a word, with every connection, and another takes up what was stored.
    pub fn restart(&mut self, settings: Settings) {
        self.broker = Broker::new(settings, Box::new(Everybody), 43);
        self.lines.clear();
        let records: Vec<_> = self.stored.clone().into_iter().collect();
        self.tell(Input::Restore(&records));
    }

    pub fn tell(&mut self, input: Input<'_>) {
        self.broker.handle(self.now, input);
        self.drain();
    }

    fn drain(&mut self) {
        let mut touched = Vec::new();
        loop {
            while let Some(output) = self.broker.poll() {
                match output {
                    Output::Send {
                        connection,
                        head,
                        payload,
                    } => {
                        let line = self.lines.entry(connection).or_default();
                        assert_eq!(line.ended, None, "nothing is sent on a closed connection");
                        line.bytes.extend_from_slice(head);
                        line.bytes.extend_from_slice(payload);
                        touched.push(connection);
                    }
                    Output::Close { connection, why } => {
                        self.lines.entry(connection).or_default().ended = Some(why);
                    }
                    Output::Store(Change::Put { key, value }) => {
                        self.stored.insert(key, value);
                    }
                    Output::Store(Change::Remove { key }) => {
                        self.stored.remove(&key);
                    }
                    Output::Event(event) => self.events.push(event),
                }
            }
            let Some(connection) = touched.pop() else {
                return;
            };
            if !self.stuck.contains(&connection) {
                let owed = Input::Owed {
                    connection,
                    bytes: 0,
                };
                self.broker.handle(self.now, owed);
            }
        }
    }

    /// Time passes, and the broker is woken whenever it asked for it.
    pub fn wait(&mut self, seconds: u64) {
        let until = self.now + seconds * SECOND;
        while let Some(at) = self.broker.wake_at().filter(|at| *at <= until) {
            self.now = self.now.max(at);
            self.tell(Input::Time);
        }
        self.now = until;
        self.tell(Input::Time);
    }

    /// A connection that has said nothing.
    pub fn open(&mut self, version: Version) -> C {
        self.last += 1;
        let line = self.last;
        self.lines.insert(line, Line::default());
        self.tell(Input::Opened { connection: line });
        C { line, version }
    }

    pub fn send(&mut self, client: C, bytes: &[u8]) {
        self.tell(Input::Bytes {
            connection: client.line,
            bytes,
        });
    }

    /// The connection is cut.
    pub fn cut(&mut self, client: C) {
        self.tell(Input::Closed {
            connection: client.line,
        });
        self.lines.remove(&client.line);
    }

    pub fn ended(&self, client: C) -> Option<Ending> {
        self.lines.get(&client.line)?.ended
    }

    /// The reason code with which the broker ended it.
    pub fn closed_with(&self, client: C) -> Option<u8> {
        match self.ended(client)? {
            Ending::Broker(code, _) => Some(code),
            _ => None,
        }
    }

    pub fn closed_why(&self, client: C) -> Option<Why> {
        match self.ended(client)? {
            Ending::Broker(_, why) => Some(why),
            _ => None,
        }
    }

    /// Everything that the client was sent since it last looked.
    pub fn got(&mut self, client: C) -> Vec<Got> {
        let Some(line) = self.lines.get_mut(&client.line) else {
            return Vec::new();
        };
        let bytes = std::mem::take(&mut line.bytes);
        let mut rest = &bytes[..];
        let mut got = Vec::new();
        while !rest.is_empty() {
            let size = packet_size(rest, usize::MAX >> 8, client.v(), Direction::Incoming)
                .expect("valid packets")
                .expect("whole packets");
            got.push(read(&rest[..size], client.v()));
            rest = &rest[size..];
        }
        got
    }

    /// The first packet of what it was sent; the others are left.
    pub fn got_first(&mut self, client: C) -> Option<Got> {
        let line = self.lines.get_mut(&client.line)?;
        let size = packet_size(&line.bytes, 1 << 30, client.v(), Direction::Incoming);
        let packet: Vec<u8> = line.bytes.drain(..size.ok()??).collect();
        Some(read(&packet, client.v()))
    }

    pub fn raw(&mut self, client: C) -> Vec<u8> {
        let line = self.lines.get_mut(&client.line);
        line.map(|line| std::mem::take(&mut line.bytes))
            .unwrap_or_default()
    }

    /// The messages among what it was sent.
    pub fn messages(&mut self, client: C) -> Vec<Published> {
        let all = self.got(client).into_iter();
        all.filter_map(|got| match got {
            Got::Publish(message) => Some(message),
            Got::Other(_) => None,
        })
        .collect()
    }

    /// Payloads of the messages among what it was sent.
    pub fn texts(&mut self, client: C) -> Vec<String> {
        let all = self.messages(client);
        all.iter()
            .map(|message| message.text().to_owned())
            .collect()
    }

    /// The one packet that it was sent.
    pub fn one(&mut self, client: C) -> Got {
        let mut got = self.got(client);
        assert_eq!(got.len(), 1, "{got:?}");
        got.remove(0)
    }

    pub fn other(&mut self, client: C) -> FromBroker {
        match self.one(client) {
            Got::Other(packet) => packet,
            got => panic!("{got:?}"),
        }
    }

    pub fn message(&mut self, client: C) -> Published {
        match self.one(client) {
            Got::Publish(message) => message,
            got => panic!("{got:?}"),
        }
    }

    /// Says CONNECT, and gives the CONNACK.
    pub fn greet(&mut self, said: &Connect) -> (C, Connack) {
        let client = self.open(said.version);
        self.send(client, &connect(said));
        let mut got = self.got(client);
        assert!(!got.is_empty(), "no CONNACK: {:?}", self.ended(client));
        let Got::Other(FromBroker::Connack(connack)) = got.remove(0) else {
            panic!("{got:?}");
        };
        // What else came is looked at by those who expect it.
        for got in got {
            if let Got::Publish(message) = got {
                let line = self.lines.get_mut(&client.line).expect("a line");
                line.bytes.extend(again(client.v(), &message));
            } else if let Got::Other(FromBroker::Pubrel(of)) = got {
                let line = self.lines.get_mut(&client.line).expect("a line");
                line.bytes.extend(ack(PacketType::Pubrel, of.packet_id));
            }
        }
        (client, *connack)
    }

    pub fn join(&mut self, said: &Connect) -> C {
        let (client, connack) = self.greet(said);
        assert_eq!(connack.code, 0, "{connack:?}");
        client
    }

    /// A clean client.
    pub fn client(&mut self, version: Version, client_id: &str) -> C {
        self.join(&hello(version, client_id))
    }

    /// Subscribes, and gives the codes. Messages that come are kept.
    pub fn subscribe(&mut self, client: C, filters: &[(&str, Qos)]) -> Vec<u8> {
        self.send(client, &subscribe(client.v(), 9999, filters));
        self.suback(client)
    }

    pub fn suback(&mut self, client: C) -> Vec<u8> {
        let line = self.lines.get_mut(&client.line).expect("a line");
        let size = packet_size(&line.bytes, 1 << 30, client.v(), Direction::Incoming);
        let size = size.expect("valid").expect("whole");
        let packet: Vec<u8> = line.bytes.drain(..size).collect();
        match read(&packet, client.v()) {
            Got::Other(FromBroker::Suback(codes)) => codes.codes,
            got => panic!("{got:?}"),
        }
    }

    pub fn publish(&mut self, client: C, topic: &str, payload: &str, qos: Qos, id: u16) {
        self.send(client, &publish(client.v(), topic, payload, qos, id));
    }

    /// Publishes with everything that belongs to its quality of service, as a client that waits for nothing.
    pub fn publish_whole(&mut self, client: C, topic: &str, payload: &str, qos: Qos) {
        self.publish(
            client,
            topic,
            payload,
            qos,
            u16::from(qos != Qos::AtMostOnce) * 777,
        );
        if qos == Qos::ExactlyOnce {
            self.send(client, &ack(PacketType::Pubrel, 777));
        }
        self.got(client);
    }

    /// Acknowledges a message to its end.
    pub fn take(&mut self, client: C, message: &Published) {
        match message.qos {
            Qos::AtMostOnce => {}
            Qos::AtLeastOnce => self.send(client, &ack(PacketType::Puback, message.id)),
            Qos::ExactlyOnce => {
                self.send(client, &ack(PacketType::Pubrec, message.id));
                self.send(client, &ack(PacketType::Pubcomp, message.id));
            }
        }
    }
}

/// The bytes of a message that was read.
fn again(version: Version, message: &Published) -> Vec<u8> {
    let mut packet = publish_with(
        version,
        &message.topic,
        message.text(),
        message.qos,
        message.id,
        &PublishProperties {
            subscription_identifiers: Vec::new(),
            ..message.properties.clone()
        },
    );
    packet[0] |= u8::from(message.retain) | u8::from(message.dup) << 3;
    packet
}
