//! The page: a session with its storage, driven as the engine drives them. What the session says after a change of
//! storage is held back until the change is committed; a crash forgets what was not.

use std::collections::{BTreeMap, VecDeque};

use midge::protocol::{
    Connect, ConnectProperties, Direction, Qos, SubscribeOptions, SubscribeRequest, Version,
};
use midge::session::{Change, Event, Input, Output, PacketRole, Session, Settings};

use super::broker::TOPIC;

/// What the page wants of the world.
#[derive(Debug)]
pub enum Act {
    Open(u32),
    Send {
        socket: u32,
        bytes: Vec<u8>,
    },
    Close(u32),
    /// The session has written a PUBLISH of this message; it may still be held back.
    Wrote(u16),
    Say(Event),
}

#[derive(Debug)]
enum Held {
    Packet { socket: u32, bytes: Vec<u8> },
    Close(u32),
}

/// One life of the page.
#[derive(Debug)]
pub struct Page {
    pub session: Session,
    /// Lives are counted from 1.
    pub life: u32,
    /// The latest socket that was asked for.
    socket: u32,
    held: VecDeque<(u64, Held)>,
    changes: VecDeque<Change>,
    /// As many of the changes are being committed.
    committing: usize,
    pub issued: u64,
    pub committed: u64,
    /// Messages that were shown, and the change after which a crash no longer brings them again.
    shown: VecDeque<(u64, u16, u8)>,
}

/// The settings of all lives.
pub fn settings(version: Version, keep_alive: u16, receive_maximum: u16, clean: bool) -> Settings {
    let mut properties = ConnectProperties::default();
    if version == Version::V5 {
        properties.session_expiry = (!clean).then_some(u32::MAX);
        properties.receive_maximum = Some(receive_maximum);
        properties.topic_alias_maximum = Some(5);
    }
    Settings::new(
        "ws://broker",
        Connect {
            version,
            client_id: "c".to_owned(),
            keep_alive,
            clean_session: clean,
            user_name: None,
            password: None,
            will: None,
            properties,
        },
    )
}

impl Page {
    /// Opens the page and connects.
    pub fn open(
        life: u32,
        now: u64,
        seed: u64,
        settings: Settings,
        storage: &BTreeMap<u64, Vec<u8>>,
    ) -> Self {
        let mut page = Self {
            session: Session::new(seed),
            life,
            socket: 0,
            held: VecDeque::new(),
            changes: VecDeque::new(),
            committing: 0,
            issued: 0,
            committed: 0,
            shown: VecDeque::new(),
        };
        page.connect(now, settings, storage);
        page
    }

    /// The user wants a connection.
    pub fn connect(&mut self, now: u64, settings: Settings, storage: &BTreeMap<u64, Vec<u8>>) {
        let stored = storage.iter().map(|(key, value)| (*key, value.clone()));
        let input = Input::Connect {
            settings: Box::new(settings),
            stored: stored.collect(),
        };
        self.session.handle(now, input);
    }

    /// The user wants this filter.
    pub fn subscribe(&mut self, now: u64, filter: &str) {
        let wish = SubscribeRequest {
            filter: filter.to_owned(),
            options: SubscribeOptions::from(Qos::ExactlyOnce),
            identifier: None,
        };
        self.session.handle(now, Input::Subscribe(vec![wish]));
    }

    /// Everything that the session has to say, as far as storage lets it out.
    pub fn drain(&mut self, now: u64, acts: &mut Vec<Act>) {
        self.take(acts);
        // What has left has left; what storage holds back has not.
        if self.session.look_at().is_some() {
            let socket = self.socket;
            let bytes = self.held.iter().map(|(_, held)| match held {
                Held::Packet { socket: of, bytes } if *of == socket => bytes.len() as u64,
                _ => 0,
            });
            let bytes = bytes.sum();
            self.session.handle(now, Input::Buffered { socket, bytes });
            self.take(acts);
        }
    }

    fn take(&mut self, acts: &mut Vec<Act>) {
        while let Some(output) = self.session.poll() {
            match output {
                Output::Open { socket, .. } => {
                    self.socket = socket;
                    acts.push(Act::Open(socket));
                }
                Output::Close { socket, .. } => {
                    self.held.push_back((self.issued, Held::Close(socket)));
                }
                Output::Packet {
                    direction: Direction::Outgoing,
                    bytes,
                    outline,
                    role,
                    ..
                } => {
                    if let PacketRole::Publication(_) = role {
                        let payload = &bytes[outline.payload as usize..];
                        acts.push(Act::Wrote(u16::from_be_bytes([payload[0], payload[1]])));
                    }
                    let socket = self.socket;
                    let bytes = bytes.to_vec();
                    self.held
                        .push_back((self.issued, Held::Packet { socket, bytes }));
                }
                Output::Packet {
                    role: PacketRole::Message,
                    bytes,
                    outline,
                    topic,
                    ..
                } => {
                    assert_eq!(topic, TOPIC.as_bytes());
                    let payload = &bytes[outline.payload as usize..];
                    let number = u16::from_be_bytes([payload[0], payload[1]]);
                    let qos = outline.qos.bits();
                    // A message of QoS 2 is taken once its identifier is kept, which is said right behind it.
                    let change = self.issued + u64::from(qos == 2);
                    self.shown.push_back((change, number, qos));
                }
                Output::Packet { .. } => {}
                Output::Store(change) => {
                    self.issued += 1;
                    self.changes.push_back(change);
                }
                Output::Flawed { bytes, fault, .. } => panic!("{fault}: {bytes:02x?}"),
                Output::Malformed { bytes, fault } => panic!("{fault}: {bytes:02x?}"),
                Output::Event(event) => acts.push(Act::Say(event)),
            }
        }
        for (change, ..) in &mut self.shown {
            *change = (*change).min(self.issued);
        }
        self.let_out(acts);
    }

    /// A transaction should begin.
    pub fn wants_commit(&mut self) -> bool {
        let wants = self.committing == 0 && !self.changes.is_empty();
        if wants {
            self.committing = self.changes.len();
        }
        wants
    }

    /// Changes that are not committed.
    pub fn uncommitted(&self) -> usize {
        self.changes.len()
    }

    /// Something waits for a commit.
    pub fn holds_back(&self) -> bool {
        !self.held.is_empty()
    }

    /// The transaction is through.
    pub fn commit(&mut self, storage: &mut BTreeMap<u64, Vec<u8>>, acts: &mut Vec<Act>) {
        for change in self.changes.drain(..self.committing) {
            match change {
                Change::Put { key, value } => {
                    storage.insert(key, value);
                }
                Change::Remove { key } => {
                    storage.remove(&key);
                }
                Change::Clear => storage.clear(),
            }
        }
        self.committed += self.committing as u64;
        self.committing = 0;
        self.let_out(acts);
    }

    /// Nothing more can be committed: nothing waits for it any longer.
    pub fn fail(&mut self, acts: &mut Vec<Act>) {
        self.changes.clear();
        self.committing = 0;
        self.committed = self.issued;
        self.let_out(acts);
    }

    /// The messages that a crash would not take back.
    pub fn taken(&mut self) -> impl Iterator<Item = (u16, u8)> + '_ {
        let committed = self.committed;
        std::iter::from_fn(move || {
            let (change, number, qos) = *self.shown.front()?;
            (change <= committed).then(|| self.shown.pop_front())?;
            Some((number, qos))
        })
    }

    fn let_out(&mut self, acts: &mut Vec<Act>) {
        while let Some((change, _)) = self.held.front()
            && *change <= self.committed
            && let Some((_, held)) = self.held.pop_front()
        {
            match held {
                Held::Packet { socket, bytes } => acts.push(Act::Send { socket, bytes }),
                Held::Close(socket) => acts.push(Act::Close(socket)),
            }
        }
    }
}
