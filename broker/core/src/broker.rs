//! The broker from outside: fed with [`Broker::handle`], drained with [`Broker::poll`].

use std::collections::VecDeque;

use midge::protocol::{Direction, Fault, FaultKind, packet_size};

use crate::access::Access;
use crate::connection::{Connection, Stage};
use crate::input::Input;
use crate::message::SECOND;
use crate::output::{Ending, Output, Why};
use crate::settings::Settings;
use crate::slab::Key;
use crate::state::State;

/// A buffer that is larger than this is given back once it is empty.
const KEPT: usize = 1 << 20;

/// How much may be looked through for retained messages before the owner gets its turn.
const BUDGET: usize = 20_000;

/// A broker.
#[derive(Debug)]
pub struct Broker {
    pub(crate) state: State,
    /// The connection whose bytes are cut into packets, and where the next one begins in `buffer`.
    reading: Option<(u64, usize)>,
    buffer: Vec<u8>,
    /// Connections with bytes that were not looked at.
    unread: VecDeque<u64>,
}

impl Broker {
    /// A broker without connections. The seed decides the client identifiers that it makes up, and the order of what has
    /// none; it keeps its tables from being aimed at, so let it be a random one.
    pub fn new(settings: Settings, access: Box<dyn Access>, seed: u64) -> Self {
        Self {
            state: State::new(settings, access, seed),
            reading: None,
            buffer: Vec::new(),
            unread: VecDeque::new(),
        }
    }

    /// Tells of one thing that happened at this time. Drain [`Self::poll`] afterwards.
    pub fn handle(&mut self, now: u64, input: Input<'_>) {
        let state = &mut self.state;
        state.advance(now);
        state.budget = BUDGET;
        match input {
            Input::Opened { connection } => state.opened(connection),
            Input::Bytes { connection, bytes } => self.bytes(connection, bytes),
            Input::Owed { connection, bytes } => state.owed(connection, bytes),
            Input::Closed { connection } => {
                if let Some(&key) = state.by_number.get(&connection) {
                    state.close(key, Ending::Lost, false);
                }
            }
            Input::Time => {}
            Input::Publish {
                topic,
                payload,
                qos,
                retain,
            } => state.own_message(topic, payload, qos, retain),
            Input::Shutdown => state.shutdown(),
            #[cfg(feature = "storing")]
            Input::Restore(records) => state.restore(records),
        }
    }

    /// The next thing to do or to know. `None`: drained.
    pub fn poll(&mut self) -> Option<Output<'_>> {
        while self.state.outbox.is_empty() {
            if !self.step() {
                self.state.outbox.rest();
                return None;
            }
        }
        self.state.outbox.next()
    }

    /// When [`Input::Time`] is due next. Cheap: ask after every drain.
    pub fn wake_at(&self) -> Option<u64> {
        if !self.state.hungry.is_empty() {
            return Some(self.state.now);
        }
        self.state.timers.first().map(|(at, _)| *at)
    }

    /// Users and rules, to be changed.
    pub fn access_mut(&mut self) -> &mut dyn Access {
        &mut *self.state.access
    }

    /// One small step of what there is to do. `false`: there is nothing for now.
    fn step(&mut self) -> bool {
        let state = &mut self.state;
        if let Some(message) = state.pending.pop_front() {
            state.trace_pending(&message);
            state.spread(message);
            return true;
        }
        if state.budget > 0
            && let Some(key) = state.hungry.pop_front()
        {
            state.serve(key);
            return true;
        }
        if self.read() {
            return true;
        }
        self.state.due()
    }

    fn bytes(&mut self, number: u64, bytes: &[u8]) {
        let state = &mut self.state;
        let Some(&key) = state.by_number.get(&number) else {
            return;
        };
        state.counters.received(bytes.len());
        let Some(connection) = state.connections.get_mut(key) else {
            return;
        };
        if let Some((other, at)) = self.reading
            && other == number
        {
            // Not drained yet: behind what is there.
            self.buffer.drain(..at);
            self.reading = Some((number, 0));
            self.buffer.extend_from_slice(bytes);
            return;
        }
        if self.reading.is_none() && self.unread.is_empty() && connection.partial.is_empty() {
            self.buffer.clear();
            self.buffer.extend_from_slice(bytes);
            self.reading = Some((number, 0));
            return;
        }
        connection.partial.extend_from_slice(bytes);
        state.partial += bytes.len();
        if !connection.unread {
            connection.unread = true;
            self.unread.push_back(number);
        }
    }

    /// Takes one packet. `false`: there is none.
    fn read(&mut self) -> bool {
        let (number, at) = match self.reading {
            Some(reading) => reading,
            None => {
                let Some(number) = self.unread.pop_front() else {
                    return false;
                };
                if let Some(&key) = self.state.by_number.get(&number)
                    && let Some(connection) = self.state.connections.get_mut(key)
                {
                    connection.unread = false;
                    std::mem::swap(&mut connection.partial, &mut self.buffer);
                    connection.partial = Vec::new();
                    self.state.partial -= self.buffer.len();
                    self.reading = Some((number, 0));
                }
                return true;
            }
        };
        let Some(&key) = self.state.by_number.get(&number) else {
            // Closed meanwhile: what is left of its bytes says nothing any more.
            self.done();
            return true;
        };
        let rest = self.buffer.get(at..).unwrap_or_default();
        match self.state.size(key, rest) {
            Ok(Some(size)) if size <= rest.len() => {
                self.reading = Some((number, at + size));
                self.state.take(key, rest.get(..size).unwrap_or_default());
                true
            }
            Ok(_) => {
                self.keep(key, at);
                true
            }
            Err(why) => {
                self.done();
                self.state.close(key, why, true);
                true
            }
        }
    }

    /// What is left makes no packet yet: it waits with its connection.
    fn keep(&mut self, key: Key, at: usize) {
        if let Some(connection) = self.state.connections.get_mut(key) {
            if at == 0 && !self.buffer.is_empty() {
                std::mem::swap(&mut connection.partial, &mut self.buffer);
            } else if let Some(rest) = self.buffer.get(at..) {
                connection.partial = rest.to_vec();
            }
            self.state.partial += connection.partial.len();
        }
        self.done();
        let limits = &self.state.settings.limits;
        let held = self.state.connections.get(key);
        let is_small = held.is_none_or(|held| held.partial.len() <= limits.partial_bytes_small);
        if !is_small && self.state.partial > limits.partial_bytes_in_all {
            self.state
                .close(key, Ending::Broker(0x97, Why::Partial), true);
        }
    }

    fn done(&mut self) {
        self.reading = None;
        self.buffer.clear();
        if self.buffer.capacity() > KEPT {
            self.buffer = Vec::new();
        }
    }
}

impl State {
    /// Time goes on, and never back.
    pub fn advance(&mut self, now: u64) {
        self.now = self.now.max(now);
        if self.began == 0 {
            self.began = self.now.max(1);
            self.begin_sys();
        }
    }

    fn opened(&mut self, number: u64) {
        if self.by_number.contains_key(&number) {
            return;
        }
        self.counters.opened += 1;
        let limits = &self.settings.limits;
        let (most, within) = (limits.connections, limits.connect_within);
        let silence = u64::from(within) * SECOND;
        let key = self
            .connections
            .insert(Connection::new(number, self.now, silence));
        self.by_number.insert(number, key);
        if self.connections.len() > most {
            self.close(key, Ending::Broker(0x97, Why::Connections), true);
            return;
        }
        self.time_connection(key, Some(self.now + silence));
    }

    /// The size of the packet that begins here, once it is known.
    fn size(&self, key: Key, bytes: &[u8]) -> Result<Option<usize>, Ending> {
        let Some(connection) = self.connections.get(key) else {
            return Ok(None);
        };
        let limits = &self.settings.limits;
        let is_first = matches!(connection.stage, Stage::Greeting);
        if is_first && bytes.first().is_some_and(|first| first >> 4 != 1) {
            return Err(Ending::Broker(0x82, Why::NoConnect));
        }
        let limit = match connection.stage {
            Stage::Greeting | Stage::Proving { .. } => {
                limits.greeting_bytes.min(limits.packet_bytes)
            }
            Stage::Live(_) => limits.packet_bytes,
        };
        packet_size(bytes, limit, connection.version, Direction::Outgoing).map_err(fault)
    }

    /// How much is owed to a connection. What waits for its client may go.
    fn owed(&mut self, number: u64, bytes: usize) {
        let most = self.settings.limits.owed_bytes;
        let Some(&key) = self.by_number.get(&number) else {
            return;
        };
        if let Some(connection) = self.connections.get_mut(key) {
            // No more can be left than there was.
            let gone = connection.owed.saturating_sub(bytes);
            connection.owed -= gone;
            connection.answers = connection.answers.min(connection.owed);
            self.owed -= gone;
            if let (Stage::Live(session), true) = (&connection.stage, connection.owed < most) {
                let session = *session;
                self.feed(session);
                if let Some(session) = self.sessions.get_mut(session)
                    && session.queue.is_empty()
                {
                    session.dropping = false;
                }
            }
        }
    }
}

/// The end that a fault makes.
pub fn fault(fault: Fault) -> Ending {
    Ending::Broker(fault.reason_code(), Why::Fault(fault.kind))
}

/// The end that a fault makes which the protocol does not know of.
pub fn broken(kind: FaultKind) -> Ending {
    Ending::Broker(0x82, Why::Fault(kind))
}
