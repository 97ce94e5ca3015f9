//! All state, and the small things that every room of it needs.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use midge::protocol::Qos;

use crate::access::Access;
use crate::connection::Connection;
use crate::interest::{Asked, Interest};
use crate::message::{Ids, Message, count_down, count_up};
use crate::outbox::Outbox;
use crate::output::{Ending, Event, Why};
use crate::retained::Retained;
use crate::session::{Session, Will};
use crate::settings::Settings;
use crate::slab::{Key, Slab};
use crate::sys::{Counters, Loads};
use crate::watch::Watch;

/// What a timer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    Connection(Key),
    Session(Key),
    Retained,
    Sys,
    Watch,
}

/// Who a message is for.
#[derive(Debug)]
pub struct Recipient {
    pub session: Key,
    pub qos: Qos,
    pub retain_as_published: bool,
    pub ids: Ids,
}

#[derive(Debug)]
pub struct State {
    pub now: u64,
    /// When the broker began.
    pub began: u64,
    pub settings: Settings,
    pub access: Box<dyn Access>,
    pub connections: Slab<Connection>,
    pub by_number: HashMap<u64, Key, FixedState>,
    pub sessions: Slab<Session>,
    pub by_client: HashMap<Arc<str>, Key, FixedState>,
    /// Sessions that are not connected, by the time since when.
    pub away: BTreeSet<(u64, Key)>,
    pub interest: Interest,
    pub retained: Retained,
    pub outbox: Outbox,
    /// Messages that are to be published: wills, and the broker's own.
    pub pending: VecDeque<Arc<Message>>,
    /// Sessions that may be sent more.
    pub hungry: VecDeque<Key>,
    pub timers: BTreeSet<(u64, Timer)>,
    pub counters: Counters,
    pub loads: Loads,
    /// When `$SYS` was last published.
    pub sys_at: Option<u64>,
    /// The last message's order.
    pub order: u64,
    /// Retained messages of the broker's own, and their bytes.
    pub own_retained: (usize, usize),
    /// Messages that queues and sessions hold, and their bytes.
    pub held: (usize, usize),
    /// Deliveries of those messages.
    pub deliveries: usize,
    /// Bytes of packets that have come in part.
    pub partial: usize,
    /// Bytes that were handed out and have not left.
    pub owed: usize,
    /// Bytes of wills.
    pub will_bytes: usize,
    /// When the timer of retained messages goes off.
    pub retained_timer: Option<u64>,
    /// How much may still be looked through before the owner gets its turn.
    pub budget: usize,
    pub recipients: Vec<Recipient>,
    pub shares: Vec<(Key, Asked, Arc<str>)>,
    /// Every connection is being ended.
    pub is_stopping: bool,
    /// What is noted of messages while somebody watches.
    pub watch: Option<Box<Watch>>,
    /// How many sessions there have been.
    sessions_made: u64,
    chance: u64,
}

impl State {
    pub fn new(settings: Settings, access: Box<dyn Access>, seed: u64) -> Self {
        Self {
            now: 0,
            began: 0,
            settings,
            access,
            connections: Slab::new(),
            by_number: HashMap::with_hasher(FixedState::with_seed(seed ^ 1)),
            sessions: Slab::new(),
            by_client: HashMap::with_hasher(FixedState::with_seed(seed ^ 2)),
            away: BTreeSet::new(),
            interest: Interest::new(seed ^ 3),
            retained: Retained::new(seed ^ 4),
            outbox: Outbox::default(),
            pending: VecDeque::new(),
            hungry: VecDeque::new(),
            timers: BTreeSet::new(),
            counters: Counters::default(),
            loads: Loads::default(),
            sys_at: None,
            order: 0,
            own_retained: (0, 0),
            held: (0, 0),
            deliveries: 0,
            partial: 0,
            owed: 0,
            will_bytes: 0,
            retained_timer: None,
            budget: 0,
            recipients: Vec::new(),
            shares: Vec::new(),
            is_stopping: false,
            watch: None,
            sessions_made: 0,
            chance: seed,
        }
    }

    /// A number that the seed makes (SplitMix64).
    pub fn chance(&mut self) -> u64 {
        self.chance = self.chance.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.chance;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// The number of a new session.
    pub fn next_serial(&mut self) -> u64 {
        self.sessions_made += 1;
        self.sessions_made
    }

    /// A packet for a connection. One that is larger than the client takes is not sent, and as it cannot do without, that
    /// is the end of its connection (MQTT 5 [MQTT-3.1.2-24]).
    pub fn send(&mut self, key: Key, write: impl FnOnce(&mut Vec<u8>)) {
        if let Some(connection) = self.connections.get_mut(key) {
            let size = self.outbox.packet(connection.number, write);
            if size > connection.largest {
                self.outbox.take_back();
                self.close(key, Ending::Broker(0x95, Why::PacketSize), true);
                return;
            }
            connection.owed += size;
            connection.answers += size;
            self.owed += size;
            self.counters.sent(size);
        }
    }

    /// The session may be sent more, as far as there is more.
    pub fn feed(&mut self, key: Key) {
        if let Some(session) = self.sessions.get_mut(key)
            && !session.hungry
            && (session.resend.is_some()
                || !session.looking.is_empty()
                || !session.queue.is_empty())
        {
            session.hungry = true;
            self.hungry.push_back(key);
        }
    }

    /// The will of a session is this one from here on. Gives the one before.
    pub fn set_will(&mut self, key: Key, will: Option<Will>) -> Option<Will> {
        let session = self.sessions.get_mut(key)?;
        let size = |will: &Option<Will>| will.as_ref().map_or(0, Will::size);
        self.will_bytes += size(&will);
        let old = std::mem::replace(&mut session.will, will);
        self.will_bytes -= size(&old);
        old
    }

    /// Sets the timer of a connection.
    pub fn time_connection(&mut self, key: Key, at: Option<u64>) {
        if let Some(connection) = self.connections.get_mut(key) {
            let old = std::mem::replace(&mut connection.timer, at);
            self.time(Timer::Connection(key), old, at);
        }
    }

    /// Sets the timer of a session to what is due next there.
    pub fn time_session(&mut self, key: Key) {
        if let Some(session) = self.sessions.get_mut(key) {
            let at = session.ends.into_iter().chain(session.will_at).min();
            let old = std::mem::replace(&mut session.timer, at);
            self.time(Timer::Session(key), old, at);
        }
    }

    /// Sets the timer of retained messages to the one that expires next.
    pub fn time_retained(&mut self) {
        let at = self.retained.expires();
        let old = std::mem::replace(&mut self.retained_timer, at);
        if old != at {
            self.time(Timer::Retained, old, at);
        }
    }

    pub fn time(&mut self, timer: Timer, old: Option<u64>, at: Option<u64>) {
        if let Some(old) = old {
            self.timers.remove(&(old, timer));
        }
        if let Some(at) = at {
            self.timers.insert((at, timer));
        }
    }

    /// A session holds this message now, in its queue or in flight.
    pub fn hold(&mut self, message: &Arc<Message>, is_stored: bool) {
        self.deliveries += 1;
        if count_up(&message.holds) {
            self.held.0 += 1;
            self.held.1 += message.size();
        }
        if is_stored && count_up(&message.stored) {
            self.store_message(message);
        }
    }

    /// A session that was taken from storage holds this message, which is there.
    #[cfg(feature = "storing")]
    pub fn hold_again(&mut self, message: &Arc<Message>) {
        self.deliveries += 1;
        if count_up(&message.holds) {
            self.held.0 += 1;
            self.held.1 += message.size();
        }
        count_up(&message.stored);
    }

    /// A session holds this message no longer.
    pub fn release(&mut self, message: &Arc<Message>, is_stored: bool) {
        self.deliveries -= 1;
        if count_down(&message.holds) {
            self.held.0 -= 1;
            self.held.1 -= message.size();
        }
        if is_stored && count_down(&message.stored) {
            self.forget_message(message);
        }
    }

    /// Says that something of this client was refused; not oftener than once in a second.
    pub fn complain(&mut self, key: Key, event: impl FnOnce(Arc<str>) -> Event) {
        let now = self.now;
        if let Some(session) = self.sessions.get_mut(key)
            && (session.complained == 0 || now >= session.complained + crate::message::SECOND)
        {
            session.complained = now.max(1);
            let event = event(session.person.client_id.clone());
            self.outbox.event(event);
        }
    }
}
