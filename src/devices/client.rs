//! A device's side of MQTT: its session with Midge's own state machine, the line that it speaks over, and the memory in which
//! the session's records outlast its power.

use std::collections::BTreeMap;

use super::{outbox::Outbox, thing::Saying};
use crate::{
    protocol::{
        Connect, ConnectProperties, Direction, Outline, PublishProperties, Qos, SubscribeOptions,
        SubscribeRequest, Version, Will, publish_properties,
    },
    session::{
        Change, Event, Input, Message, Output, PacketRole, Phase, QueueLimit, Session, Settings,
        SocketEvent, Trouble,
    },
};

/// Seconds.
const KEEP_ALIVE: u16 = 60;
/// Seconds that a session is kept for a device that is away.
const KEPT: u32 = 3600;
/// Bytes of the largest packet that a device takes.
const LARGEST: usize = 64 << 10;
/// Bytes of a command that a device looks at; of a longer one it knows the length only.
const LOOKED_AT: usize = 2048;
/// What may wait until it is connected.
const QUEUE: QueueLimit = QueueLimit {
    messages: 64,
    bytes: 64 << 10,
};

/// Who a client is.
pub(super) struct Identity {
    pub client_id: String,
    pub version: Version,
    pub forgetful: bool,
    pub will: Option<Will>,
    pub filters: Vec<(String, Qos)>,
    pub seed: u64,
}

/// What a client heard.
pub(super) enum Heard {
    /// It is connected.
    Connected,
    /// A message came.
    Message(Received),
}

/// A message that came.
pub(super) struct Received {
    /// The first [`LOOKED_AT`] bytes of the payload.
    pub start: Vec<u8>,
    /// Bytes of the payload.
    pub len: usize,
    /// Where an answer is wanted, and what it is to carry (MQTT 5 section 4.10).
    pub answer: Option<(String, Option<Vec<u8>>)>,
}

#[derive(Debug, Default)]
pub(super) struct Client {
    /// While it has power.
    session: Option<Session>,
    /// What the session wants kept.
    records: BTreeMap<u64, Vec<u8>>,
    /// The connection, and what the session calls it.
    line: Option<(u64, u32)>,
    /// Messages that it published.
    published: u32,
}

impl Client {
    /// It has power, and connects.
    pub(super) fn switch_on(&mut self, now: u64, identity: Identity) {
        let Identity {
            client_id,
            version,
            forgetful,
            will,
            filters,
            seed,
        } = identity;
        let connect = Connect {
            version,
            client_id,
            keep_alive: KEEP_ALIVE,
            clean_session: forgetful,
            user_name: None,
            password: None,
            will,
            properties: ConnectProperties {
                session_expiry: (version == Version::V5 && !forgetful).then_some(KEPT),
                ..ConnectProperties::default()
            },
        };
        if forgetful {
            self.records.clear();
        }
        let mut settings = Settings::new("ws://tab", connect);
        settings.packet_limit = LARGEST;
        settings.queue = QUEUE;
        let wishes = filters.iter().map(|(filter, qos)| SubscribeRequest {
            filter: filter.clone(),
            options: SubscribeOptions::from(*qos),
            identifier: None,
        });
        let mut session = Session::new(seed);
        session.handle(now, Input::Subscribe(wishes.collect()));
        session.handle(
            now,
            Input::Connect {
                settings: Box::new(settings),
                stored: self.records.clone().into_iter().collect(),
            },
        );
        // What its session has from the time when it had another name.
        let found = session.subscriptions().iter().map(|one| &one.filter);
        let own = |filter: &String| filters.iter().any(|(own, _)| own == filter);
        let others: Vec<_> = found.filter(|filter| !own(filter)).cloned().collect();
        for filter in others {
            session.handle(now, Input::Unsubscribe(filter));
        }
        self.session = Some(session);
    }

    /// DISCONNECT, and no power any more.
    pub(super) fn switch_off(&mut self, now: u64, outbox: &mut Outbox) {
        if let Some(session) = &mut self.session {
            session.handle(now, Input::Disconnect);
            // Nothing that still comes is looked at.
            self.drain(now, outbox);
        }
        self.unplug(outbox);
    }

    /// No power any more, without a word.
    pub(super) fn unplug(&mut self, outbox: &mut Outbox) {
        self.session = None;
        if let Some((connection, _)) = self.line.take() {
            outbox.close(connection);
        }
    }

    pub(super) fn is_on(&self) -> bool {
        self.session.is_some()
    }

    pub(super) fn phase(&self) -> Phase {
        let session = self.session.as_ref();
        session.map_or(Phase::Disconnected, Session::phase)
    }

    /// It gave up because another client has its client identifier.
    pub(super) fn was_replaced(&self) -> bool {
        let session = self.session.as_ref();
        session.is_some_and(|s| matches!(s.trouble(), Some(Trouble::Replaced { .. })))
    }

    pub(super) fn wake_at(&self) -> Option<u64> {
        self.session.as_ref()?.wake_at()
    }

    /// Something happened to the connection of this number, if it is this client's. [`Self::drain`] afterwards.
    pub(super) fn socket(&mut self, now: u64, connection: u64, event: SocketEvent<'_>) {
        let Some((_, socket)) = self.line.filter(|(number, _)| *number == connection) else {
            return;
        };
        if matches!(event, SocketEvent::Closed { .. }) {
            self.line = None;
        }
        if let Some(session) = &mut self.session {
            session.handle(now, Input::Socket { socket, event });
        }
    }

    /// Whether the session had something to do. [`Self::drain`] afterwards.
    pub(super) fn time(&mut self, now: u64) -> bool {
        let Some(session) = &mut self.session else {
            return false;
        };
        let is_due = session.wake_at().is_some_and(|at| at <= now);
        if is_due {
            session.handle(now, Input::Time);
        }
        is_due
    }

    /// Publishes. [`Self::drain`] afterwards.
    pub(super) fn publish(&mut self, now: u64, topic: String, said: Saying, how: How) {
        // The session never asks for a number again, so that it may begin anew.
        self.published = self.published.wrapping_add(1) & 0x3FFF_FFFF;
        let properties = PublishProperties {
            payload_is_text: Some(true).filter(|_| !said.payload.is_empty()),
            content_type: said.json.then(|| "application/json".to_owned()),
            correlation_data: how.correlation_data,
            ..PublishProperties::default()
        };
        let message = Message {
            number: self.published,
            topic,
            payload: said.payload.into_bytes(),
            qos: how.qos,
            retain: how.retain,
            properties,
        };
        if let Some(session) = &mut self.session {
            session.handle(now, Input::Publish(message));
        }
    }

    /// Does what the session says, and tells what it heard.
    pub(super) fn drain(&mut self, now: u64, outbox: &mut Outbox) -> Vec<Heard> {
        let mut heard = Vec::new();
        let Some(session) = &mut self.session else {
            return heard;
        };
        loop {
            let mut has_sent = false;
            while let Some(output) = session.poll() {
                match output {
                    Output::Open { socket, .. } => {
                        if let Some((connection, _)) = self.line.take() {
                            outbox.close(connection);
                        }
                        self.line = Some((outbox.open(), socket));
                    }
                    Output::Close { socket, .. } => {
                        if let Some((connection, _)) = self.line.take_if(|(_, s)| *s == socket) {
                            outbox.close(connection);
                        }
                    }
                    Output::Packet {
                        direction: Direction::Outgoing,
                        bytes,
                        ..
                    } => {
                        if let Some((connection, _)) = self.line {
                            outbox.send(connection, bytes);
                            has_sent = true;
                        }
                    }
                    Output::Packet {
                        bytes,
                        outline,
                        role: PacketRole::Message,
                        ..
                    } => heard.push(Heard::Message(Received::of(bytes, &outline))),
                    Output::Store(Change::Put { key, value }) => {
                        self.records.insert(key, value);
                    }
                    Output::Store(Change::Remove { key }) => {
                        self.records.remove(&key);
                    }
                    Output::Store(Change::Clear) => self.records.clear(),
                    Output::Event(Event::Connected { .. }) => heard.push(Heard::Connected),
                    _ => {}
                }
            }
            // What goes to the broker beside it is there at once.
            match self.line {
                Some((_, socket)) if has_sent => {
                    session.handle(now, Input::Buffered { socket, bytes: 0 });
                }
                _ => return heard,
            }
        }
    }
}

impl Received {
    fn of(bytes: &[u8], outline: &Outline) -> Self {
        let payload = bytes.get(outline.payload as usize..).unwrap_or_default();
        let properties = publish_properties(bytes, outline);
        let correlation_data = properties.correlation_data;
        Self {
            start: payload[..payload.len().min(LOOKED_AT)].to_vec(),
            len: payload.len(),
            answer: properties
                .response_topic
                .map(|topic| (topic, correlation_data)),
        }
    }
}

/// How a message is published.
#[derive(Debug, Default)]
pub(super) struct How {
    pub qos: Qos,
    pub retain: bool,
    pub correlation_data: Option<Vec<u8>>,
}
