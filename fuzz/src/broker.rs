//! What must hold for the broker's core, whatever its clients send: used by the fuzz target and, with bytes made by
//! proptest, by `broker/core/tests/fuzzed.rs`.
//!
//! The input is a small program for up to three clients: they connect, send valid packets and arbitrary bytes, answer or do
//! not, and leave; time passes, and the broker restarts from what it stored. Most packets are valid, because arbitrary bytes
//! seldom get past CONNECT.

use std::collections::{BTreeMap, BTreeSet};

use midge::inside::{Ask, Outcome, decode, encode as written};
use midge::protocol::{
    Connect, ConnectProperties, Direction, PublishParts, PublishProperties, Qos, Version, Will,
    encode, outline,
};
use midge_broker_core::{Broker, Change, Event, Everybody, Input, Limits, Output, Settings};

const VERSIONS: [Version; 3] = [Version::V31, Version::V311, Version::V5];
const TOPICS: [&str; 4] = ["a", "a/b", "c", "$x"];
const FILTERS: [&str; 8] = ["a", "a/#", "+/b", "#", "$share/g/#", "$share/g/a", "c", "+"];
const SECOND: u64 = 1_000_000;
/// Clients at a time.
const CLIENTS: usize = 3;
/// Messages whose course is looked at each time.
const LOOKED_AT: usize = 4;
/// Outputs that one input may have: far more than any program can cause.
const MOST_OUTPUTS: usize = 100_000;

/// Small limits, so that short programs meet them.
fn settings(stores: bool) -> Settings {
    Settings {
        limits: Limits {
            connections: CLIENTS,
            greeting_bytes: 400,
            packet_bytes: 300,
            partial_bytes_small: 400,
            sessions: 4,
            sessions_away: 2,
            will_bytes_in_all: 300,
            filters_per_client: 4,
            filters: 6,
            receive_maximum: 2,
            in_flight: 2,
            queued: 3,
            queued_bytes: 500,
            queued_bytes_in_all: 800,
            retained: 2,
            aliases_from_client: 2,
            aliases_to_client: 2,
            alias_bytes: 8,
            ..Limits::default()
        },
        stores,
        ..Settings::default()
    }
}

/// Everything that the broker said.
#[derive(Debug, Default, PartialEq)]
struct Transcript {
    /// Bytes by connection.
    sent: BTreeMap<u64, Vec<u8>>,
    closed: BTreeSet<u64>,
    events: Vec<Event>,
    stored: BTreeMap<Vec<u8>, Vec<u8>>,
}

struct World {
    broker: Broker,
    now: u64,
    /// The largest piece in which bytes are handed over.
    piece: usize,
    /// The connection of each client, and its version if that is known.
    lines: [Option<(u64, Option<Version>)>; CLIENTS],
    last: u64,
    said: Transcript,
    /// Somebody looks inside all the time.
    watched: bool,
}

impl World {
    fn new(stores: bool, piece: usize) -> Self {
        Self {
            broker: Broker::new(settings(stores), Box::new(Everybody), 7),
            now: 1000 * SECOND,
            piece,
            lines: [None; CLIENTS],
            last: 0,
            said: Transcript::default(),
            watched: false,
        }
    }

    fn tell(&mut self, input: Input<'_>) {
        self.broker.handle(self.now, input);
        let mut outputs = 0;
        while let Some(output) = self.broker.poll() {
            outputs += 1;
            assert!(outputs < MOST_OUTPUTS, "it runs away");
            match output {
                Output::Send {
                    connection,
                    head,
                    payload,
                } => {
                    let of =
                        |line: &&Option<(u64, _)>| line.is_some_and(|line| line.0 == connection);
                    let line = self.lines.iter().find(of).copied().flatten();
                    let (_, version) = line.expect("a connection that is open");
                    assert!(
                        !self.said.closed.contains(&connection),
                        "sent after a close"
                    );
                    let packet = [head, payload].concat();
                    let valid = |version| outline(&packet, version, Direction::Incoming).is_ok();
                    match version {
                        Some(version) => assert!(valid(version), "{packet:x?} in {version:?}"),
                        None => assert!(VERSIONS.into_iter().any(valid), "{packet:x?}"),
                    }
                    self.said.sent.entry(connection).or_default().extend(packet);
                }
                Output::Close { connection, .. } => {
                    assert!(self.said.closed.insert(connection), "closed twice");
                }
                Output::Store(Change::Put { key, value }) => {
                    self.said.stored.insert(key, value);
                }
                Output::Store(Change::Remove { key }) => {
                    self.said.stored.remove(&key);
                }
                Output::Event(event) => self.said.events.push(event),
            }
        }
        self.forget_closed();
        self.is_bounded();
        if self.watched {
            self.look();
        }
    }

    /// What is told of the inside agrees with itself, and can be read again.
    fn look(&mut self) {
        let topic = Some(TOPICS[self.now as usize % TOPICS.len()].to_owned());
        let asked = [topic, None].map(|topic| {
            let ask = Ask {
                topic,
                picked: None,
            };
            self.broker.inside(self.now, &ask)
        });
        assert_eq!(decode(&written(&asked[0])), Ok(asked[0].clone()));
        let report = &asked[1];
        let mut open: BTreeMap<String, u64> = BTreeMap::new();
        for came in report.came.shown.iter().take(LOOKED_AT) {
            let ask = Ask {
                topic: None,
                picked: Some(came.number),
            };
            let course = self.broker.inside(self.now, &ask).course;
            let course = course.expect("what is told of has a course");
            assert_eq!(course.came, *came);
            let reached = course.reached.shown;
            let with_them = reached.iter().filter(|to| to.outcome.is_for_client());
            assert_eq!(
                with_them.count() as u64 + course.reached.left_out,
                came.reached
            );
            for to in reached {
                assert_ne!(to.outcome, Outcome::WouldGo, "it was published");
                if matches!(
                    to.outcome,
                    Outcome::Waits | Outcome::Unacknowledged | Outcome::Received
                ) {
                    *open.entry(to.client).or_default() += 1;
                }
            }
        }
        let shown = report.filters.shown.iter();
        let all: usize = shown.map(|one| one.subscribers.shown.len()).sum();
        assert_eq!(all as u64, report.subscriptions);
        for client in &report.clients.shown {
            let held = client.in_flight + client.queued.count;
            let told = open.remove(&client.id).unwrap_or_default();
            assert!(told <= held, "{client:?} has {told} on the way");
        }
        assert!(
            open.is_empty(),
            "nobody is waited for who is not there: {open:?}"
        );
    }

    fn forget_closed(&mut self) {
        for line in &mut self.lines {
            line.take_if(|(connection, _)| self.said.closed.contains(connection));
        }
    }

    fn is_bounded(&self) {
        let (held, limits) = (self.broker.held(), settings(false).limits);
        assert!(held.sessions <= limits.sessions, "{held:?}");
        assert!(held.subscriptions <= limits.filters, "{held:?}");
        assert!(held.retained.0 <= limits.retained, "{held:?}");
        for client in self.broker.clients() {
            assert!(client.filters <= limits.filters_per_client, "{client:?}");
            assert!(client.in_flight <= limits.in_flight.into(), "{client:?}");
            assert!(client.queued.0 <= limits.queued, "{client:?}");
            let unreleased = usize::from(limits.receive_maximum);
            assert!(client.unreleased <= unreleased, "{client:?}");
        }
    }

    fn send(&mut self, who: usize, bytes: &[u8]) {
        for piece in bytes.chunks(self.piece) {
            // A broker that has closed the connection is told no more of it.
            let Some((connection, _)) = self.lines[who] else {
                return;
            };
            self.tell(Input::Bytes {
                connection,
                bytes: piece,
            });
        }
    }

    fn open(&mut self, who: usize, version: Option<Version>) {
        if let Some((connection, _)) = self.lines[who].take() {
            self.tell(Input::Closed { connection });
        }
        self.last += 1;
        self.lines[who] = Some((self.last, version));
        self.tell(Input::Opened {
            connection: self.last,
        });
    }

    fn wait(&mut self, seconds: u64) {
        let until = self.now + seconds * SECOND;
        let mut turns = 0;
        while let Some(at) = self.broker.wake_at().filter(|at| *at <= until) {
            turns += 1;
            assert!(turns < 1000, "it is never done");
            self.now = self.now.max(at);
            self.tell(Input::Time);
        }
        self.now = until;
        self.tell(Input::Time);
    }

    /// Sessions that are to stay for ever, with their subscriptions.
    fn lasting(&self) -> BTreeMap<String, BTreeSet<String>> {
        let lasting = self.broker.clients();
        let lasting = lasting.filter(|client| client.session_expiry == u32::MAX);
        lasting
            .map(|client| {
                let filters = self.broker.subscriptions(client.client_id);
                let filters = filters.map(|one| one.filter.to_owned()).collect();
                (client.client_id.to_owned(), filters)
            })
            .collect()
    }

    /// The broker is gone, and another restores what it stored.
    fn restart(&mut self) {
        let before = self.lasting();
        self.broker = Broker::new(settings(true), Box::new(Everybody), 8);
        self.lines = [None; CLIENTS];
        self.said.closed.extend(1..=self.last);
        let records: Vec<_> = self.said.stored.clone().into_iter().collect();
        let events = self.said.events.len();
        self.tell(Input::Restore(&records));
        let damaged = |event: &Event| matches!(event, Event::Damaged { .. });
        assert!(!self.said.events[events..].iter().any(damaged));
        // Restored sessions are away, and no more of them are kept than may be.
        let after = self.lasting();
        let displaced = before.len() > settings(true).limits.sessions_away;
        assert!(displaced || after == before, "{before:?}, {after:?}");
    }
}

/// The bytes of the program, one after the other; 0 once there are none.
struct Program<'a>(&'a [u8]);

impl<'a> Program<'a> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }

    fn bytes(&mut self, count: usize) -> &'a [u8] {
        let (bytes, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        bytes
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::from(self.byte()) % all.len()]
    }
}

fn connect(program: &mut Program<'_>) -> (Version, Vec<u8>) {
    let version = program.one_of(&VERSIONS);
    let flags = program.byte();
    let will = (flags & 1 != 0).then(|| Will {
        topic: "a".to_owned(),
        payload: vec![b'w'; usize::from(flags)],
        qos: Qos::AtLeastOnce,
        retain: flags & 2 != 0,
        delay: (flags & 4 != 0).then_some(3),
        properties: PublishProperties::default(),
    });
    let small = |bit: u8| (flags & bit != 0).then_some(1);
    let said = Connect {
        version,
        client_id: program.one_of(&["x", "y", "z", "u", "v"]).to_owned(),
        keep_alive: u16::from(program.byte() & 31),
        clean_session: flags & 8 != 0,
        user_name: None,
        password: None,
        will,
        properties: ConnectProperties {
            session_expiry: program.one_of(&[None, Some(5), Some(u32::MAX)]),
            receive_maximum: small(16),
            maximum_packet_size: (flags & 32 != 0).then_some(40),
            topic_alias_maximum: small(64),
            ..ConnectProperties::default()
        },
    };
    let mut packet = Vec::new();
    encode::connect(&said, &mut packet).expect("a valid CONNECT");
    (version, packet)
}

fn publish(program: &mut Program<'_>, version: Version) -> Vec<u8> {
    let flags = program.byte();
    let qos = Qos::from_bits(flags & 3).unwrap_or_default();
    let topic = program.one_of(&TOPICS);
    let properties = PublishProperties {
        message_expiry: (flags & 8 != 0).then_some(4),
        topic_alias: (flags & 16 != 0 && version == Version::V5).then_some(1),
        ..PublishProperties::default()
    };
    let parts = PublishParts {
        topic,
        payload: &vec![b'p'; usize::from(flags)],
        qos,
        retain: flags & 4 != 0,
        dup: flags & 32 != 0 && qos != Qos::AtMostOnce,
        packet_id: u16::from(program.byte() & 3) + 1,
        properties: Some(&properties),
        topic_alias: properties.topic_alias,
    };
    let mut packet = Vec::new();
    encode::publish(&parts, version, &mut packet).expect("a valid PUBLISH");
    packet
}

fn ask(program: &mut Program<'_>, version: Version, subscribe: bool) -> Vec<u8> {
    let id = u16::from(program.byte() & 3) + 1;
    let filters = [program.one_of(&FILTERS), program.one_of(&FILTERS)];
    let filters = &filters[..1 + usize::from(program.byte() & 1)];
    let mut packet = Vec::new();
    let written = if subscribe {
        let options = |filter| {
            (
                filter,
                Qos::from_bits(program.byte() & 3)
                    .unwrap_or_default()
                    .into(),
            )
        };
        let filters: Vec<_> = filters.iter().copied().map(options).collect();
        encode::subscribe(id, &filters, None, version, &mut packet)
    } else {
        encode::unsubscribe(id, filters, version, &mut packet)
    };
    written.expect("a valid request");
    packet
}

fn run(bytes: &[u8], stores: bool, piece: usize, watched: bool) -> Transcript {
    let mut world = World::new(stores, piece);
    world.watched = watched;
    let mut program = Program(bytes);
    while !program.0.is_empty() {
        let code = program.byte();
        let who = usize::from(code >> 4) % CLIENTS;
        let line = world.lines[who];
        let version = line.and_then(|(_, version)| version);
        match (code & 15, version) {
            (0 | 1, _) => {
                let (version, packet) = connect(&mut program);
                world.open(who, Some(version));
                world.send(who, &packet);
            }
            (2, _) => world.open(who, None),
            (3, _) => {
                let count = usize::from(program.byte());
                world.send(who, program.bytes(count));
            }
            (4, _) => world.wait(u64::from(program.byte() & 15)),
            (5, _) if stores => world.restart(),
            (6, _) => {
                if let Some((connection, _)) = world.lines[who].take() {
                    world.tell(Input::Closed { connection });
                }
            }
            (7, _) => {
                if let Some((connection, _)) = line {
                    let bytes = program.byte().into();
                    world.tell(Input::Owed { connection, bytes });
                }
            }
            (8..=10, Some(version)) => {
                let packet = publish(&mut program, version);
                world.send(who, &packet);
            }
            (11 | 12, Some(version)) => {
                let packet = ask(&mut program, version, true);
                world.send(who, &packet);
            }
            (13, Some(version)) => {
                let packet = ask(&mut program, version, false);
                world.send(who, &packet);
            }
            (14, Some(_)) => {
                let first = program.one_of(&[0x40, 0x50, 0x62, 0x70]);
                world.send(who, &[first, 2, 0, program.byte() & 3]);
            }
            _ => {
                let topic = program.one_of(&TOPICS);
                world.tell(Input::Publish {
                    topic,
                    payload: b"own",
                    qos: Qos::AtLeastOnce,
                    retain: code & 16 != 0,
                });
            }
        }
    }
    world.said
}

/// Whatever clients send, the broker neither panics nor runs away nor holds more than its limits. What it sends is valid,
/// goes to open connections only, and depends neither on how the bytes from clients are cut, nor on whether somebody looks
/// inside.
pub fn broker(bytes: &[u8]) {
    let Some((&flags, program)) = bytes.split_first() else {
        return;
    };
    let stores = flags & 1 != 0;
    let whole = run(program, stores, usize::MAX, false);
    let cut = 1 + usize::from(flags >> 1);
    assert_eq!(run(program, stores, cut, false), whole);
    // Whoever looks inside changes nothing.
    assert_eq!(run(program, stores, usize::MAX, true), whole);
}

/// Records that nobody wrote are left out, and do no harm: the broker serves all the same.
pub fn restoring(bytes: &[u8]) {
    let mut program = Program(bytes);
    let mut records = Vec::new();
    while !program.0.is_empty() {
        let key = usize::from(program.byte() & 15);
        let key = program.bytes(key).to_vec();
        let value = usize::from(program.byte());
        records.push((key, program.bytes(value).to_vec()));
    }
    records.sort();
    records.dedup_by(|one, other| one.0 == other.0);
    let mut world = World::new(true, usize::MAX);
    world.tell(Input::Restore(&records));
    let (version, packet) = connect(&mut Program(&[2, 8]));
    world.open(0, Some(version));
    world.send(0, &packet);
    let sent = world.said.sent.get(&world.last);
    assert!(sent.is_some_and(|sent| sent.first() == Some(&0x20)));
}
