//! All state of a session but the bytes that come in, and the few steps that every part of the machine takes.

use super::aliases::Aliases;
use super::arrivals::Arrivals;
use super::authentication::Exchange;
use super::backoff::Chance;
use super::clock::Clock;
use super::fight::Fight;
use super::held_back::HeldBack;
use super::identifiers::Identifiers;
use super::in_flight::InFlight;
use super::keep_alive::KeepAlive;
use super::line::Line;
use super::outbox::{Outbox, Queued};
use super::queue::Queue;
use super::received::Received;
use super::storing::Storing;
use super::subscriptions::Subscriptions;
use super::suspicion::Suspicion;
use super::trial::Trial;
use super::tries::Tries;
use super::{Delivery, Event, Granted, Settings, StorageState, Trouble};
use crate::protocol::{EncodeError, Version, encode};

/// Where the connection stands, for the user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// The user has not asked for a connection, or has ended it.
    #[default]
    Disconnected,
    /// The socket is opening, or CONNECT was sent.
    Connecting,
    /// CONNACK accepted the connection.
    Connected,
    /// The connection was lost or could not be made; there will be another try.
    Waiting,
    /// A retry cannot cure it; no further try by itself.
    Failed,
}

/// How far a try came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// Nothing was tried.
    #[default]
    Nothing,
    /// The socket was asked to open.
    Opening,
    /// The socket opened, and CONNECT was sent.
    Sent,
    /// CONNACK accepted.
    Accepted,
}

/// Where the connection stands, with the times that belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// No connection is wanted.
    Idle,
    /// The socket was asked to open.
    Opening { since: u64 },
    /// CONNECT was sent.
    Greeting { since: u64 },
    /// CONNACK accepted.
    Live { since: u64 },
    /// The next try is due then.
    Waiting { until: u64 },
    /// Given up.
    Failed,
}

impl Stage {
    fn phase(self) -> Phase {
        match self {
            Self::Idle => Phase::Disconnected,
            Self::Opening { .. } | Self::Greeting { .. } => Phase::Connecting,
            Self::Live { .. } => Phase::Connected,
            Self::Waiting { .. } => Phase::Waiting,
            Self::Failed => Phase::Failed,
        }
    }

    /// There is a socket, opening or open.
    pub(super) fn has_socket(self) -> bool {
        matches!(self, Self::Opening { .. }) || self.receives()
    }

    /// Bytes that come are taken.
    pub(super) fn receives(self) -> bool {
        matches!(self, Self::Greeting { .. } | Self::Live { .. })
    }
}

/// Everything but the framer, which lends its bytes out while this changes.
#[derive(Debug)]
pub(super) struct State {
    pub clock: Clock,
    pub settings: Option<Box<Settings>>,
    pub tries: Tries,
    pub stage: Stage,
    /// Number of the latest socket.
    pub socket: u32,
    pub trouble: Option<Trouble>,
    pub reached: Reached,
    /// Tries since it last worked.
    pub attempt: u32,
    /// Failures in a row, a connection that did not hold included.
    pub failures: u32,
    pub fight: Fight,
    pub round_trip: Option<u64>,
    pub session_present: bool,
    /// No connection has come of what the user asked for yet.
    pub asked_for: bool,
    /// The next CONNECT ends whatever session the broker has (MQTT 5).
    pub start_clean: bool,
    /// CONNECT of this connection asked for a clean session.
    pub clean: bool,
    /// The session ends with the connection.
    pub ends: bool,
    /// Bytes came since CONNECT.
    pub answered: bool,
    /// CONNECT packets since CONNACK last accepted, refused ones left out.
    pub greetings: u32,
    /// When bytes last came.
    pub heard_at: u64,
    /// When bytes last came on a connection that was lost since.
    pub lost_at: Option<u64>,
    /// Enhanced authentication that is on its way.
    pub exchange: Option<Exchange>,
    /// Exchanges that were ever begun: no two may use the same nonce.
    pub exchanges: u64,
    pub arrivals: Arrivals,
    pub keep_alive: Option<KeepAlive>,
    pub line: Line,
    pub identifiers: Identifiers,
    /// What holds on this connection, in MQTT 5.
    pub granted: Option<Granted>,
    pub queue: Queue,
    pub in_flight: InFlight,
    pub held_back: HeldBack,
    /// What a close would be put down to.
    pub trial: Trial,
    pub aliases: Aliases,
    pub storage: StorageState,
    pub storing: Storing,
    /// The broker and this client have a session together.
    pub known: bool,
    pub received: Received,
    pub subscriptions: Subscriptions,
    /// The topic for reading of the last message that breaks a rule.
    pub flawed_topic: String,
    pub suspicion: Suspicion,
    pub outbox: Outbox,
    pub chance: Chance,
}

impl State {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            clock: Clock::default(),
            settings: None,
            tries: Tries::new(Version::V311),
            stage: Stage::Idle,
            socket: 0,
            trouble: None,
            reached: Reached::Nothing,
            attempt: 0,
            failures: 0,
            fight: Fight::default(),
            round_trip: None,
            session_present: false,
            asked_for: false,
            start_clean: false,
            clean: false,
            ends: false,
            answered: false,
            greetings: 0,
            heard_at: 0,
            lost_at: None,
            exchange: None,
            exchanges: 0,
            arrivals: Arrivals::default(),
            keep_alive: None,
            line: Line::default(),
            identifiers: Identifiers::new(),
            granted: None,
            queue: Queue::default(),
            in_flight: InFlight::default(),
            held_back: HeldBack::default(),
            trial: Trial::default(),
            aliases: Aliases::default(),
            storage: StorageState::Off,
            storing: Storing::default(),
            known: false,
            received: Received::new(),
            subscriptions: Subscriptions::default(),
            flawed_topic: String::new(),
            suspicion: Suspicion::default(),
            outbox: Outbox::default(),
            chance: Chance::new(seed),
        }
    }

    pub(super) fn phase(&self) -> Phase {
        self.stage.phase()
    }

    pub(super) fn live(&self) -> bool {
        matches!(self.stage, Stage::Live { .. })
    }

    /// The version in use.
    pub(super) fn version(&self) -> Version {
        self.tries.version()
    }

    /// How many addresses there are.
    pub(super) fn addresses(&self) -> usize {
        self.settings
            .as_ref()
            .map_or(0, |settings| settings.addresses.len())
    }

    /// The address in use.
    pub(super) fn address(&self) -> Option<&str> {
        let addresses = &self.settings.as_ref()?.addresses;
        addresses.get(self.tries.address()).map(String::as_str)
    }

    pub(super) fn enter(&mut self, stage: Stage) {
        let before = self.phase();
        self.stage = stage;
        if self.phase() != before {
            self.say(Event::PhaseChanged(self.phase()));
        }
    }

    pub(super) fn say(&mut self, event: Event) {
        self.outbox.push(Queued::Event(event));
    }

    /// Sends one packet, which puts off PINGREQ.
    pub(super) fn send(
        &mut self,
        kind: Delivery,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        self.outbox
            .write(self.version(), kind, write)
            .map_err(|error| error.unwrap_or(EncodeError::Codec))?;
        if let Some(keep_alive) = &mut self.keep_alive {
            keep_alive.sent(self.clock.now());
        }
        Ok(())
    }

    /// Sends a packet that cannot fail: one of fixed length, or one that was encoded before.
    pub(super) fn send_plain(&mut self, kind: Delivery, write: impl FnOnce(&mut Vec<u8>)) {
        let written = self.send(kind, |out| {
            write(out);
            Ok(())
        });
        debug_assert!(written.is_ok(), "{written:?}");
    }

    pub(super) fn send_pingreq(&mut self) {
        self.send_plain(Delivery::Control, encode::pingreq);
        let written = self.outbox.written();
        let through = self.line.account(self.clock.now(), written);
        if let Some(keep_alive) = &mut self.keep_alive {
            keep_alive.asked(self.clock.now(), written, through);
        }
    }

    /// A packet was sent past [`Self::send`], which puts off PINGREQ.
    pub(super) fn spoke(&mut self) {
        if let Some(keep_alive) = &mut self.keep_alive {
            keep_alive.sent(self.clock.now());
        }
    }
}
