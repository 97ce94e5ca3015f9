//! What a session tells of itself, for whoever shows it. Nothing here changes anything.

use super::{
    HeldMessage, Phase, Reached, Session, Settings, StorageState, Subscription, Suspected, Trouble,
    Waiting, connected::Connected, stage::Stage,
};
use crate::protocol::{Granted, Version};

impl Session {
    /// Bytes in the browser's send buffer, as far as reported.
    pub fn on_way(&self) -> u64 {
        self.state.on_way()
    }

    /// Messages wait because the send buffer is full.
    pub fn is_send_buffer_full(&self) -> bool {
        self.state.is_send_buffer_full()
    }

    /// The state of the connection.
    pub fn phase(&self) -> Phase {
        self.state.phase()
    }

    /// Why there is no connection, or why the last one ended. Kept until a connection works.
    pub fn trouble(&self) -> Option<&Trouble> {
        self.state.attempts.trouble()
    }

    /// When the connection that had worked was lost, and what ended it. Kept until a connection works.
    pub fn loss(&self) -> Option<(u64, &Trouble)> {
        self.state.attempts.loss()
    }

    /// The version in use, or the one that is tried next.
    pub fn version(&self) -> Version {
        self.state.version()
    }

    /// The address in use, or the one that is tried next.
    pub fn address(&self) -> Option<&str> {
        self.state.address()
    }

    /// What the broker allows on this connection. `None` without a connection, and before MQTT 5.
    pub fn granted(&self) -> Option<&Granted> {
        self.state.granted()
    }

    /// How far the latest attempt got.
    pub fn reached(&self) -> Reached {
        self.state.attempts.reached()
    }

    /// The number of the current attempt since a connection last worked; the first is 1.
    pub fn attempt(&self) -> u32 {
        self.state.attempts.count()
    }

    /// When the next attempt is due.
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

    /// Microseconds from the latest PINGREQ (or CONNECT) to its answer.
    pub fn round_trip(&self) -> Option<u64> {
        self.state.attempts.round_trip()
    }

    /// How many outgoing QoS 1 and 2 messages were sent and are not finished.
    pub fn in_flight(&self) -> usize {
        self.state.owed.unfinished()
    }

    /// Those of them that are not sent again, because the broker closed the connection each time they were sent.
    pub fn held_back(&self) -> impl Iterator<Item = HeldMessage<'_>> {
        self.state.owed.held_back_shown()
    }

    /// The probable reason why the last connection ended. Kept until the next one works.
    pub fn suspected(&self) -> Option<&Suspected> {
        self.state.trial.suspected()
    }

    /// Outgoing messages that wait to be sent, in this order.
    pub fn queue(&self) -> impl Iterator<Item = Waiting<'_>> {
        self.state.owed.waiting_shown()
    }

    /// How many messages [`Self::queue`] holds, and how many bytes of topics, payloads and properties.
    pub fn queue_size(&self) -> (usize, usize) {
        let queue = self.state.owed.queue();
        (queue.len(), queue.bytes())
    }

    /// Whether the session is stored.
    pub fn storage(&self) -> StorageState {
        self.state.storage.state().clone()
    }

    /// How many packet identifiers are in use: by messages in flight, SUBSCRIBE and UNSUBSCRIBE.
    pub fn identifiers_in_use(&self) -> usize {
        self.state.owed.identifiers_in_use()
    }

    /// The subscriptions that the user wants, in the order in which they were added.
    pub fn subscriptions(&self) -> &[Subscription] {
        self.state.owed.subscriptions().wanted()
    }

    /// If the same invalid packet ends every connection: the filters that probably cause it. Empty otherwise.
    pub fn suspects(&self) -> &[String] {
        self.state.suspicion.filters()
    }

    /// The settings in use. The client identifier in them may have been replaced.
    pub fn settings(&self) -> Option<&Settings> {
        self.state.settings.as_deref()
    }
}
