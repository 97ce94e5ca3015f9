//! From CONNECT to CONNACK (sections 3.1 and 3.2).

use std::sync::Arc;

use midge::protocol::{Direction, FaultKind, Version, outline, serving};

use crate::access::{Newcomer, Person};
use crate::broker::fault;
use crate::connection::Stage;
use crate::message::SECOND;
use crate::output::{Ending, Event, SessionEnd, Why};
use crate::publishing::{is_own, passed_on};
use crate::session::{Session, Will};
use crate::slab::Key;
use crate::state::State;
use crate::wire::{self, Connack};

/// What a CONNACK may need, in bytes: nothing can be done for a client that takes no packet of this size.
const CONNACK_BYTES: usize = 52;

/// What a CONNECT said, as far as it is needed once it is gone.
#[derive(Debug)]
pub struct Hello {
    pub client_id: Arc<str>,
    /// The broker made the client identifier.
    pub assigned: bool,
    pub user_name: Option<Arc<str>>,
    pub clean: bool,
    pub keep_alive: u16,
    pub expiry: u32,
    pub will: Option<Will>,
    pub wants_response_information: bool,
}

impl State {
    /// The first packet of a connection, which is a CONNECT by its first byte.
    pub fn greet(&mut self, key: Key, packet: &[u8]) {
        let Some(version) = serving::version(packet) else {
            self.refuse_version(key, packet);
            return;
        };
        if let Some(connection) = self.connections.get_mut(key) {
            connection.version = version;
        }
        let connect = match outline(packet, version, Direction::Outgoing) {
            Ok(_) => wire::connect(packet, version),
            Err(found) => {
                // Before MQTT 5 a CONNECT that breaks the specification has no answer [MQTT-3.1.4-1], but for the one
                // that section 3.1.3.1 names.
                let has_answer = version == Version::V5 || found.kind == FaultKind::ClientIdEmpty;
                self.refuse(key, fault(found), has_answer);
                return;
            }
        };
        let Some(connect) = connect else {
            return;
        };
        self.connect(key, &connect);
    }

    fn connect(&mut self, key: Key, connect: &wire::Connect<'_>) {
        let version = connect.version;
        let Some(connection) = self.connections.get_mut(key) else {
            return;
        };
        let limits = &self.settings.limits;
        connection.wants_reasons = connect.wants_problem_information;
        connection.largest = connect.maximum_packet_size as usize;
        connection.window = connect.receive_maximum.min(limits.in_flight).max(1).into();
        connection.aliases = connect.topic_alias_maximum.min(limits.aliases_to_client);
        connection.had_expiry = connect.session_expiry != 0;
        connection.method = connect.method.map(Box::from);
        let number = connection.number;
        if connection.largest < CONNACK_BYTES {
            self.refuse(key, Ending::Broker(0x95, Why::PacketSize), true);
            return;
        }
        if connect.client_id.len() > limits.client_id_bytes {
            self.refuse(key, Ending::Broker(0x85, Why::ClientId), true);
            return;
        }
        let user_name = connect.user_name.unwrap_or_default();
        if user_name.len() > limits.user_name_bytes {
            self.refuse(key, Ending::Broker(0x86, Why::UserName), true);
            return;
        }
        let will = match self.will(connect) {
            Ok(will) => will,
            Err(why) => {
                self.refuse(key, why, true);
                return;
            }
        };
        let assigned = connect.client_id.is_empty();
        let hello = Hello {
            client_id: if assigned {
                self.fresh_client_id()
            } else {
                connect.client_id.into()
            },
            assigned,
            user_name: connect.user_name.map(Arc::from),
            clean: connect.clean,
            keep_alive: connect.keep_alive,
            expiry: connect
                .session_expiry
                .min(self.settings.limits.session_expiry),
            will,
            wants_response_information: connect.wants_response_information,
        };
        let newcomer = Newcomer {
            connection: number,
            client_id: &hello.client_id,
            version,
            user_name: connect.user_name,
            password: connect.password,
        };
        if let Some(method) = connect.method {
            match self.access.exchange(&newcomer, method) {
                Some(exchange) => self.prove(key, Box::new(hello), exchange, connect.data),
                None => self.refuse(key, Ending::Broker(0x8C, Why::Authentication), true),
            }
            return;
        }
        if let Err(refusal) = self.access.admit(&newcomer) {
            let why = Ending::Broker(refusal.code(Version::V5), Why::Access);
            self.refuse(key, why, true);
            return;
        }
        self.enter(key, hello, None);
    }

    /// The will of a CONNECT, if it may be had.
    fn will(&self, connect: &wire::Connect<'_>) -> Result<Option<Will>, Ending> {
        let Some(will) = connect.will else {
            return Ok(None);
        };
        if serving::levels(will.topic.as_bytes()) > self.settings.limits.levels {
            return Err(Ending::Broker(0x90, Why::Levels));
        }
        if is_own(will.topic) {
            return Err(Ending::Broker(0x87, Why::Access));
        }
        let passed = passed_on(will.properties);
        let will = Will {
            topic: will.topic.into(),
            payload: will.payload.into(),
            properties: passed.bytes.into(),
            qos: will.qos,
            retain: will.retain,
            expiry: passed.expiry,
            delay: passed.delay,
        };
        if self.will_bytes + will.size() > self.settings.limits.will_bytes_in_all {
            return Err(Ending::Broker(0x97, Why::Wills));
        }
        Ok(Some(will))
    }

    fn fresh_client_id(&mut self) -> Arc<str> {
        loop {
            let id = format!("midge-{:016x}", self.chance());
            if !self.by_client.contains_key(id.as_str()) {
                return id.into();
            }
        }
    }

    /// A client is in: it takes up its session, or begins one (section 3.1.4).
    pub fn enter(&mut self, key: Key, hello: Hello, data: Option<Vec<u8>>) {
        let person = Person {
            client_id: hello.client_id.clone(),
            user_name: hello.user_name.clone(),
        };
        if let Some(will) = &hello.will
            && !self.access.may_publish(&person, &will.topic)
        {
            self.refuse(key, Ending::Broker(0x87, Why::Access), true);
            return;
        }
        let session_present = self.take_over(&hello);
        let session = match self.by_client.get(&hello.client_id) {
            Some(&session) => session,
            None => match self.new_session(person.clone()) {
                Some(session) => session,
                None => {
                    self.refuse(key, Ending::Broker(0x97, Why::Sessions), true);
                    return;
                }
            },
        };
        let is_longer = |most: u16| hello.keep_alive == 0 || hello.keep_alive > most;
        let server_keep_alive = self
            .settings
            .longest_keep_alive
            .filter(|most| is_longer(*most));
        let Some(connection) = self.connections.get_mut(key) else {
            return;
        };
        let is_five = connection.is_five();
        let keep_alive = server_keep_alive
            .filter(|_| is_five)
            .unwrap_or(hello.keep_alive);
        // One and a half times the keep alive [MQTT-3.1.2-22].
        connection.silence = u64::from(keep_alive) * SECOND * 3 / 2;
        connection.keep_alive = keep_alive;
        connection.clean = hello.clean;
        connection.heard = self.now;
        connection.stage = Stage::Live(session);
        let (number, version, silence) =
            (connection.number, connection.version, connection.silence);
        self.time_connection(key, (silence > 0).then_some(self.now + silence));
        let asked_expiry = hello.expiry;
        self.attach(session, key, &hello, person);
        self.counters.accepted += 1;
        self.counters.connected += 1;
        self.counters.most_connected = self.counters.most_connected.max(self.counters.connected);
        self.counters.most_clients = self.counters.most_clients.max(self.sessions.len());
        self.store_session(session);
        self.accept(
            key,
            session_present,
            &hello,
            server_keep_alive,
            asked_expiry,
            data,
        );
        self.outbox.event(Event::Connected {
            connection: number,
            client_id: hello.client_id,
            version,
            session_present,
        });
        self.feed(session);
    }

    /// Ends what stands in the way of this client: its connection before, and a session that is not to go on. `true`: the
    /// session goes on.
    fn take_over(&mut self, hello: &Hello) -> bool {
        let Some(&session) = self.by_client.get(&hello.client_id) else {
            return false;
        };
        let old = self
            .sessions
            .get(session)
            .and_then(|session| session.connection);
        if let Some(old) = old {
            self.close(old, Ending::Broker(0x8E, Why::TakenOver), true);
        }
        // The owner may be late with the time: what was due before is done before.
        let now = self.now;
        let is_due = |at: Option<u64>| at.is_some_and(|at| at <= now);
        let found = self.sessions.get(session);
        if found.is_some_and(|found| is_due(found.will_at)) {
            self.publish_will(session);
        }
        // It may have ended with the connection.
        let Some(found) = self.sessions.get_mut(session) else {
            return false;
        };
        if is_due(found.ends) {
            self.counters.expired += 1;
            self.end_session(session, SessionEnd::Expired);
            return false;
        }
        if hello.clean {
            self.end_session(session, SessionEnd::Clean);
            return false;
        }
        if found.person.user_name != hello.user_name {
            self.end_session(session, SessionEnd::AnotherUser);
            return false;
        }
        // [MQTT-3.1.3-9]: the client is back before its will was due.
        found.will_at = None;
        self.set_will(session, None);
        true
    }

    /// A session for a client that has none, if there is room, or if one that is away can make room.
    fn new_session(&mut self, person: Person) -> Option<Key> {
        if self.sessions.len() >= self.settings.limits.sessions {
            let &(_, longest) = self.away.first()?;
            self.end_session(longest, SessionEnd::Displaced);
        }
        let client_id = person.client_id.clone();
        let session = Session::new(person, self.next_serial(), self.now);
        let key = self.sessions.insert(session);
        self.by_client.insert(client_id, key);
        Some(key)
    }

    fn attach(&mut self, key: Key, connection: Key, hello: &Hello, person: Person) {
        let Some(session) = self.sessions.get_mut(key) else {
            return;
        };
        self.away.remove(&(session.since, key));
        session.person = person;
        session.connection = Some(connection);
        session.expiry = hello.expiry;
        session.stored |= self.settings.stores && hello.expiry > 0;
        session.ends = None;
        session.will_at = None;
        session.active = 0;
        session.dropping = false;
        for flight in session.flight.values_mut() {
            flight.sent = false;
        }
        session.resend = session.flight.keys().next().copied();
        if session.shared > 0 {
            let filters = session
                .filters
                .keys()
                .filter(|filter| filter.starts_with("$share/"));
            for filter in filters {
                self.interest.set_live(key, filter, true);
            }
        }
        self.set_will(key, hello.will.clone());
        self.time_session(key);
    }

    fn accept(
        &mut self,
        key: Key,
        session_present: bool,
        hello: &Hello,
        server_keep_alive: Option<u16>,
        expiry: u32,
        data: Option<Vec<u8>>,
    ) {
        let Some(connection) = self.connections.get(key) else {
            return;
        };
        let (version, largest) = (connection.version, connection.largest);
        let method = connection.method.clone();
        let limits = self.settings.limits.clone();
        let response_information = self.settings.response_information.clone();
        let said = Connack {
            // Said only where it is less than what may have been asked for.
            session_expiry: (expiry == limits.session_expiry && expiry != u32::MAX)
                .then_some(expiry),
            receive_maximum: (limits.receive_maximum < u16::MAX).then_some(limits.receive_maximum),
            maximum_packet_size: u32::try_from(limits.packet_bytes).ok(),
            assigned_client_id: hello.assigned.then_some(&*hello.client_id),
            topic_alias_maximum: (limits.aliases_from_client > 0)
                .then_some(limits.aliases_from_client),
            reason_string: None,
            server_keep_alive,
            response_information: response_information.as_deref().filter(|information| {
                hello.wants_response_information && CONNACK_BYTES + information.len() <= largest
            }),
            method: method.as_deref(),
            data: data.as_deref(),
        };
        // MQTT 3.1 has no session present: the byte is reserved.
        let session_present = session_present && version != Version::V31;
        self.send(key, |out| {
            wire::write_connack(version, session_present, 0, &said, out)
        });
    }
}
