//! The client's state machine, for one connection at a time. Sans-IO: no clock, no socket, no browser, no source of
//! randomness of its own. Uses [`crate::protocol`] only. The same inputs and the same seed give the same outputs.
//!
//! The contract: make one change with [`Session::handle`], then call [`Session::poll`] until it returns `None`. Bytes that
//! came in are cut into packets during `poll`, one per call, so nothing grows with the size of a batch, and nothing is
//! allocated per message. Times are microseconds of a clock that never goes back.
//!
//! The interface:
//!
//! - `input` and `output` are what goes in and comes out, `facts` what can be asked at any time, `settings` what a connection
//!   needs, `trouble` why there is none.
//!
//! The state, in types with private fields. None of them knows a socket, and each states in its head what always holds:
//!
//! - `stage`: idle, opening, greeting, connected, waiting or failed, each with the data that exists only then; `connected`
//!   is the data of a connection that CONNACK accepted.
//! - `owed`: packet identifiers and everything that has one or will get one. It consists of `subscriptions`, `queue` (not
//!   sent), `in_flight` (sent), `held_back` (not sent again) and `identifiers`. The receiver's side of QoS 2 is `received`.
//! - `broker_session`: what is known of the session at the broker; `storage`: what is known of its records in storage.
//! - `attempts`, `tries`, `backoff`: how often, where and in which version, and after which wait a connection is tried.
//! - `trial`, `fight`, `suspicion`: what may be the reason why connections end.
//! - `clock`, `keep_alive`, `line` (bytes that have not left yet), `arrivals` and `aliases` (topic aliases, incoming and
//!   outgoing), `room` (what fits into a SUBSCRIBE), `granted`, `verdict` (what a reason code means for the next try).
//! - `authentication`: enhanced authentication by method; `scram`: the only method so far; `auth_fault`: how it fails.
//! - `records`: the format of what is stored. `outbox`: outputs that wait to be polled; `lending` makes outputs of them.
//!
//! The machine, `state`, joins them. What is done to it stands in `impl State` blocks by subject: `requests` and `asking`
//! (the user), `connection` (socket and time), `greeting` and `authenticating` (from CONNECT to CONNACK), `incoming` (the
//! broker), `outgoing` (sending messages), `pressure` (how much at once), `deliveries` (how messages end), `persisting` (what
//! is stored when), `evidence` (why a connection ended), `tolerance` (what becomes of a broken rule).
//!
//! # Why outputs take two types and two functions
//!
//! An [`Output`] borrows: packets are lent from one buffer and never copied. But while one input is handled many outputs
//! come about, and that buffer still grows, so they cannot borrow yet. What waits is therefore a `Queued`: the same, with
//! places in the buffer in place of slices. [`Session::poll`] takes the next `Queued`, and `lend` makes an `Output` of it.
//! `lend` is a function of its own because it needs only the state; the bytes of packets that came in, and of malformed
//! ones, lie in the framer, which `poll` alone reads. Packets that came in are not queued at all: `poll` cuts one, has the
//! state react to it, and lends it.

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
mod facts;
mod fight;
mod greeting;
mod held_back;
mod identifiers;
mod in_flight;
mod incoming;
mod input;
mod keep_alive;
mod lending;
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

use lending::lend;
use outbox::Queued;
use state::State;
use tolerance::Forgiven;

use crate::protocol::{Direction, Framer, Version, outline};

/// The most bytes of something malformed that are shown.
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
    /// A session that is not connected. `seed` is for random choices: waits between attempts, and generated client
    /// identifiers.
    pub fn new(seed: u64) -> Self {
        Self {
            framer: Framer::new(0, Version::V311),
            framed: 0,
            state: State::new(seed),
        }
    }

    /// Handles one input at this time. Call [`Self::poll`] until it returns `None` afterwards.
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

    /// Starts with an empty framer, in the right version, for a new socket. Not called during `poll`, because malformed
    /// bytes are lent from the framer until it returns `None`.
    fn frame(&mut self) {
        let state = &self.state;
        if let (true, Some(settings)) = (self.framed != state.socket, &state.settings) {
            let version = state.version();
            // Only in MQTT 5 does the broker know the limit, so only there is a larger packet a violation.
            self.framer = Framer::new(settings.largest(version), version)
                .passing_over(version != Version::V5 && !settings.strict)
                .forgiving(!settings.strict);
            self.framed = state.socket;
        }
    }

    /// Space for a binary frame of this length. Fill it at once and report [`SocketEvent::Filled`]: this saves a copy.
    /// `None`: bytes of this socket are no longer accepted.
    pub fn space(&mut self, socket: u32, len: usize) -> Option<&mut [u8]> {
        let wanted = socket == self.state.socket && self.state.stage.receives();
        wanted.then(|| self.framer.space(len))
    }

    /// The next output. `None`: there is none until the next input.
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
                // Queued before its consequences: a new socket may use another version.
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

    /// When [`Input::Time`] is due next. It is cheap, so call it after every input.
    pub fn wake_at(&self) -> Option<u64> {
        let deadline = self.state.wake_at();
        deadline.into_iter().chain(self.state.expiry()).min()
    }

    /// When to look at the browser's send buffer next, and to report its size with [`Input::Buffered`]. `None`: it is
    /// empty. It is cheap, so call it after every input.
    pub fn look_at(&self) -> Option<u64> {
        self.state.look_at()
    }
}

fn start(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(MALFORMED_LIMIT)]
}
