//! The state of a session, except for incoming bytes, and the few steps that all parts of the machine need.

use super::arrivals::Arrivals;
use super::attempts::Attempts;
use super::authentication::Exchanges;
use super::backoff::Chance;
use super::broker_session::BrokerSession;
use super::clock::Clock;
use super::fight::Fight;
use super::line::Line;
use super::outbox::{Outbox, Queued};
use super::owed::Owed;
use super::received::Received;
use super::stage::{Phase, Stage};
use super::storage::Storage;
use super::suspicion::Suspicion;
use super::trial::Trial;
use super::tries::Tries;
use super::{Event, PacketRole, Settings};
use crate::protocol::{EncodeError, Granted, Version, encode};

/// Everything but the framer, whose bytes are borrowed while this changes.
#[derive(Debug)]
pub(super) struct State {
    pub clock: Clock,
    pub settings: Option<Box<Settings>>,
    pub tries: Tries,
    pub stage: Stage,
    /// The number of the latest socket.
    pub socket: u32,
    pub attempts: Attempts,
    pub fight: Fight,
    pub broker_session: BrokerSession,
    pub exchanges: Exchanges,
    /// Of the latest connection, even if that has ended, because its last packet is still shown with a topic from here.
    pub arrivals: Arrivals,
    pub line: Line,
    pub owed: Owed,
    /// What is suspected of ending connections.
    pub trial: Trial,
    pub storage: Storage,
    pub received: Received,
    /// The topic of the latest message that broke a rule, made readable.
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
            attempts: Attempts::default(),
            broker_session: BrokerSession::new(),
            fight: Fight::default(),
            exchanges: Exchanges::default(),
            arrivals: Arrivals::default(),
            line: Line::default(),
            owed: Owed::default(),
            trial: Trial::default(),
            storage: Storage::default(),
            received: Received::new(),
            flawed_topic: String::new(),
            suspicion: Suspicion::default(),
            outbox: Outbox::default(),
            chance: Chance::new(seed),
        }
    }

    pub(super) fn phase(&self) -> Phase {
        self.stage.phase()
    }

    /// CONNACK accepted the connection, and it has not ended.
    #[inline]
    pub(super) fn is_connected(&self) -> bool {
        self.stage.is_connected()
    }

    /// What the broker allows on this connection, in MQTT 5.
    pub(super) fn granted(&self) -> Option<&Granted> {
        self.stage.connected()?.granted()
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

    /// Sends one packet, which postpones PINGREQ.
    pub(super) fn send(
        &mut self,
        role: PacketRole,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        self.outbox
            .write(self.version(), role, write)
            .map_err(|error| error.unwrap_or(EncodeError::Codec))?;
        self.spoke();
        Ok(())
    }

    /// Sends a packet whose encoding cannot fail.
    pub(super) fn send_plain(&mut self, role: PacketRole, write: impl FnOnce(&mut Vec<u8>)) {
        let written = self.send(role, |out| {
            write(out);
            Ok(())
        });
        debug_assert!(written.is_ok(), "{written:?}");
    }

    pub(super) fn send_pingreq(&mut self) {
        self.send_plain(PacketRole::Control, encode::pingreq);
        let written = self.outbox.written();
        let through = self.line.account(self.clock.now(), written);
        if let Some(connected) = self.stage.connected_mut() {
            connected.pinged(self.clock.now(), written, through);
        }
    }

    /// A packet was sent, which postpones PINGREQ. To be called after sending without [`Self::send`].
    pub(super) fn spoke(&mut self) {
        if let Some(connected) = self.stage.connected_mut() {
            connected.sent(self.clock.now());
        }
    }

    /// The broker answered a request or a message.
    pub(super) fn prove(&mut self) {
        if let Some(connected) = self.stage.connected_mut() {
            connected.prove();
        }
    }
}
