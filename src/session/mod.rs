//! The client's state machine, for one connection at a time. Sans-IO: no clock, no socket, no browser, no randomness of
//! its own. Uses [`crate::protocol`] only. Same inputs and same seed, same outputs.
//!
//! The contract: one change with [`Session::handle`], then drain [`Session::poll`] until it says `None`. Bytes that came
//! in are cut into packets while draining, one per `poll`, so nothing grows with the size of a batch, and nothing is
//! allocated per message. Times are microseconds of a clock that never goes back.
//!
//! - `settings`, `input`, `output`, `trouble`: the words.
//! - `state`: all state. What is done to it: `requests` and `asking` by the user, `connection` by the socket and by time,
//!   `greeting` and `authenticating` from CONNECT to CONNACK, `incoming` by the broker.
//! - `evidence`: what is put down to whom when a connection ends; `tolerance`: what becomes of a broken rule.
//! - `outgoing` is how the user's messages are sent, `pressure` how many at once, `deliveries` how deliveries of either side
//!   end, `storing` what is kept so that it outlives the page, in the words of `stored`.
//! - `queue`, `in_flight`, `received`, `aliases`, `arrivals`, `subscriptions`, `room`, `identifiers`, `keep_alive`, `line`,
//!   `backoff`, `tries`, `fight`, `trial`, `held_back`, `verdict`, `suspicion`: one rule of the specification each, and none
//!   knows of a socket.
//! - `authentication`: enhanced authentication by method; `scram`: the one that is known.
//! - `outbox`: what waits to be drained.

mod aliases;
mod arrivals;
mod asking;
mod attempts;
mod auth_fault;
mod authenticating;
mod authentication;
mod backoff;
mod broker_session;
mod clock;
mod connected;
mod connection;
mod deliveries;
mod evidence;
mod fight;
mod greeting;
mod held_back;
mod identifiers;
mod in_flight;
mod incoming;
mod input;
mod keep_alive;
mod line;
mod outbox;
mod outgoing;
mod output;
mod owed;
mod persisting;
mod pressure;
mod queue;
mod received;
mod records;
mod requests;
mod room;
mod scram;
mod settings;
mod stage;
mod state;
mod storage;
mod subscriptions;
mod suspicion;
mod tolerance;
mod trial;
mod tries;
mod trouble;
mod verdict;

pub use auth_fault::AuthFault;
pub use authentication::Exchange;
pub use held_back::HeldMessage;
pub use input::{Input, SocketEvent};
pub use output::{Change, Event, Output, PacketRole, PublishFault};
pub use queue::Waiting;
pub use settings::{
    Authentication, FIRST_RESTORED, Message, Normalize, QueueLimit, Settings, Subprotocol, Timing,
};
pub use stage::{Phase, Reached};
pub use storage::StorageState;
pub use subscriptions::{Grant, Subscription};
pub use trial::Suspected;
pub use trouble::Trouble;

use connected::Connected;
use outbox::Queued;
use stage::Stage;
use state::State;
use tolerance::Forgiven;

use crate::protocol::{Direction, Framer, Granted, Version, outline};

/// How many bytes of something malformed are shown at the most.
pub const MALFORMED_LIMIT: usize = 65_536;

/// One client.
#[derive(Debug)]
pub struct Session {
    framer: Framer,
    /// The socket whose bytes the framer cuts.
    framed: u32,
    state: State,
}

impl Session {
    /// A session that is not connected. The seed decides what is left to chance: times between tries, and client
    /// identifiers that are made up.
    pub fn new(seed: u64) -> Self {
        Self {
            framer: Framer::new(0, Version::V311),
            framed: 0,
            state: State::new(seed),
        }
    }

    /// Tells of one thing that happened at this time. Drain [`Self::poll`] afterwards.
    pub fn handle(&mut self, now: u64, input: Input<'_>) {
        self.frame();
        let state = &mut self.state;
        state.advance(now);
        match input {
            Input::Connect { settings, stored } => {
                state.connect(settings, stored);
            }
            Input::Disconnect => state.disconnect(),
            Input::TryNow => state.try_now(),
            Input::Subscribe(filters) => state.subscribe(filters),
            Input::Unsubscribe(filter) => state.unsubscribe(&filter),
            Input::Publish(message) => state.publish(message),
            Input::Cancel(number) => state.cancel(number),
            Input::SendHeld(number) => state.send_held(number),
            Input::DropHeld(number) => state.drop_held(number),
            Input::StorageFailed { detail } => state.storage_failed(detail),
            Input::Reauthenticate => state.reauthenticate(),
            Input::Socket { socket, event } => {
                if socket == state.socket && state.stage.has_socket() {
                    if let SocketEvent::Bytes(bytes) = event
                        && state.stage.receives()
                    {
                        self.framer.push(bytes);
                    }
                    state.socket_event(event);
                }
            }
            Input::NetworkChanged => state.clock.disturb(),
            Input::Buffered { socket, bytes } => {
                if socket == state.socket && state.stage.receives() {
                    state.buffered(bytes);
                }
            }
            Input::LeftBehind { socket, bytes } => {
                if socket == state.socket && state.stage.receives() {
                    state.left_behind(bytes);
                }
            }
            Input::Time => {
                state.time();
                state.expire();
            }
        }
        self.frame();
    }

    /// A new connection begins with no bytes of the old one, in the version that it tries. Not while draining: what is
    /// malformed is shown from the framer until the drain ends.
    fn frame(&mut self) {
        let state = &self.state;
        if let (true, Some(settings)) = (self.framed != state.socket, &state.settings) {
            let version = state.version();
            // MQTT 5 was told of the limit; before it, more is no breach.
            self.framer = Framer::new(settings.largest(version), version)
                .passing_over(version != Version::V5 && !settings.strict)
                .forgiving(!settings.strict);
            self.framed = state.socket;
        }
    }

    /// Room for a binary frame of this length, to be filled at once and followed by [`SocketEvent::Filled`]: it spares
    /// one copy. `None` when no bytes of this socket are taken any more.
    pub fn space(&mut self, socket: u32, len: usize) -> Option<&mut [u8]> {
        let wanted = socket == self.state.socket && self.state.stage.receives();
        wanted.then(|| self.framer.space(len))
    }

    /// The next thing to do or to know. `None`: drained.
    pub fn poll(&mut self) -> Option<Output<'_>> {
        if !self.state.outbox.is_clear()
            && let Some(queued) = self.state.outbox.next()
        {
            return Some(match queued {
                Queued::Malformed(fault) => Output::Malformed {
                    bytes: start(self.framer.pending_bytes()),
                    fault,
                },
                queued => lend(&self.state, queued),
            });
        }
        if !self.state.stage.receives() {
            return None;
        }
        let range = match self.framer.cut()? {
            Ok(range) => range,
            Err(fault) if self.framer.is_between() => {
                self.state.passed_over(self.framer.passed_over(), fault);
                let queued = self.state.outbox.next()?;
                return Some(lend(&self.state, queued));
            }
            Err(fault) => {
                self.state.hang_up_on(fault);
                // Before what comes of it: a new socket may speak another version.
                self.state.outbox.push(Queued::Malformed(fault));
                self.state.malformed(fault, self.framer.pending_bytes());
                let queued = self.state.outbox.next()?;
                return Some(lend(&self.state, queued));
            }
        };
        let bytes = self.framer.packet(range);
        let taken = outline(bytes, self.state.version(), Direction::Incoming)
            .and_then(|outline| Ok((outline, self.state.take(bytes, &outline)?)));
        Some(match taken {
            Ok((outline, role)) => Output::Packet {
                direction: Direction::Incoming,
                bytes,
                outline,
                topic: match outline.topic_name(bytes) {
                    [] => self.state.arrivals.name(outline.topic_alias).as_bytes(),
                    name => name,
                },
                role,
            },
            Err(fault) => match self.state.forgive(bytes, &fault) {
                Some(Forgiven::Message(outline, role, fault)) => Output::Flawed {
                    bytes,
                    outline,
                    topic: &self.state.flawed_topic,
                    role,
                    fault,
                },
                Some(Forgiven::Answer) => Output::Malformed {
                    bytes: start(bytes),
                    fault,
                },
                None => {
                    self.state.hang_up_on(fault);
                    self.state.malformed(fault, bytes);
                    Output::Malformed {
                        bytes: start(bytes),
                        fault,
                    }
                }
            },
        })
    }

    /// When [`Input::Time`] is due next. Cheap: ask after every drain.
    pub fn wake_at(&self) -> Option<u64> {
        let deadline = self.state.wake_at();
        deadline.into_iter().chain(self.state.expiry()).min()
    }

    /// When it is time to look how much of what was sent has not left yet, and to tell of it with [`Input::Buffered`].
    /// `None` while nothing is on its way. Cheap: ask after every drain.
    pub fn look_at(&self) -> Option<u64> {
        self.state.look_at()
    }

    /// Bytes that were sent and have not left, as far as was told.
    pub fn on_way(&self) -> u64 {
        self.state.on_way()
    }

    /// Messages wait because too much is on its way already.
    pub fn is_held_back(&self) -> bool {
        self.state.is_held_back()
    }

    /// Where the connection stands.
    pub fn phase(&self) -> Phase {
        self.state.phase()
    }

    /// Why it is not connected, or why it last was not. Stays until a connection works.
    pub fn trouble(&self) -> Option<&Trouble> {
        self.state.attempts.trouble()
    }

    /// The version in use, or the one that is tried next.
    pub fn version(&self) -> Version {
        self.state.version()
    }

    /// The address in use, or the one that is tried next.
    pub fn address(&self) -> Option<&str> {
        self.state.address()
    }

    /// What the broker of this connection granted. `None` without a connection, and before MQTT 5.
    pub fn granted(&self) -> Option<&Granted> {
        self.state.granted()
    }

    /// How far the last try came.
    pub fn reached(&self) -> Reached {
        self.state.attempts.reached()
    }

    /// How often it was tried since it last worked; 1 is the first.
    pub fn attempt(&self) -> u32 {
        self.state.attempts.count()
    }

    /// When the next try is due.
    pub fn next_try(&self) -> Option<u64> {
        if let Stage::Waiting { until } = self.state.stage {
            Some(until)
        } else {
            None
        }
    }

    /// Since when it is connected.
    pub fn since(&self) -> Option<u64> {
        self.state.stage.connected().map(Connected::since)
    }

    /// The broker had kept the session of this connection.
    pub fn session_present(&self) -> bool {
        let connected = self.state.stage.connected();
        connected.is_some_and(Connected::session_present)
    }

    /// Microseconds from the last PINGREQ (or CONNECT) to its answer.
    pub fn round_trip(&self) -> Option<u64> {
        self.state.attempts.round_trip()
    }

    /// Outgoing QoS 1 and 2 messages that were sent and whose delivery is not finished.
    pub fn in_flight(&self) -> usize {
        self.state.owed.unfinished()
    }

    /// Those of them that are not sent again, because the broker closed the connection each time they were.
    pub fn held_back(&self) -> impl Iterator<Item = HeldMessage<'_>> {
        self.state.owed.held_back_shown()
    }

    /// What was probably the reason why the last connection ended, until the next works.
    pub fn suspected(&self) -> Option<&Suspected> {
        self.state.trial.suspected()
    }

    /// Outgoing messages that were not sent yet, in the order of sending.
    pub fn queue(&self) -> impl Iterator<Item = Waiting<'_>> {
        self.state.owed.waiting_shown()
    }

    /// How many messages [`Self::queue`] holds, and how many bytes of topics, payloads and properties.
    pub fn queue_size(&self) -> (usize, usize) {
        let queue = self.state.owed.queue();
        (queue.len(), queue.bytes())
    }

    /// Whether the session is kept in storage.
    pub fn storage(&self) -> StorageState {
        self.state.storage.state().clone()
    }

    /// How many packet identifiers are in use: by messages in flight, SUBSCRIBE and UNSUBSCRIBE.
    pub fn identifiers_in_use(&self) -> usize {
        self.state.owed.identifiers_in_use()
    }

    /// The subscriptions that the user wants, in the order in which they were first asked for.
    pub fn subscriptions(&self) -> &[Subscription] {
        self.state.owed.subscriptions().wanted()
    }

    /// Where the same broken packet ends every connection: the filters that probably bring it. Empty otherwise.
    pub fn suspects(&self) -> &[String] {
        self.state.suspicion.filters()
    }

    /// The settings in use. The client identifier in them may be a fresh one.
    pub fn settings(&self) -> Option<&Settings> {
        self.state.settings.as_deref()
    }
}

/// Makes an output of what waited. Malformed bytes belong to the framer, so they are not made here.
fn lend(state: &State, queued: Queued) -> Output<'_> {
    let address = state.address().unwrap_or_default();
    let subprotocol = state
        .settings
        .as_ref()
        .map_or(Subprotocol::default(), |settings| settings.subprotocol)
        .name();
    match queued {
        Queued::Open { socket } => Output::Open {
            address,
            subprotocol,
            version: state.version(),
            socket,
        },
        Queued::Close {
            socket,
            code,
            reason,
        } => Output::Close {
            socket,
            code,
            reason,
        },
        Queued::Packet {
            start,
            end,
            outline,
            topic: (topic_start, topic_end),
            role,
        } => {
            let bytes = state.outbox.packet(start, end);
            Output::Packet {
                direction: Direction::Outgoing,
                bytes,
                outline,
                topic: if topic_start == topic_end {
                    outline.topic_name(bytes)
                } else {
                    state.outbox.packet(topic_start, topic_end)
                },
                role,
            }
        }
        Queued::Store(change) => Output::Store(change),
        Queued::Malformed(fault) => Output::Malformed { bytes: &[], fault },
        Queued::Event(event) => Output::Event(event),
    }
}

fn start(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(MALFORMED_LIMIT)]
}
