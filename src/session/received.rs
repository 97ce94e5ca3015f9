//! Incoming QoS 2 messages that are not released yet (MQTT 3.1.1 and 5 section 4.3.3).

use super::PacketRole;
use super::identifiers::IdSet;

/// The packet identifiers of QoS 2 messages between PUBLISH and PUBREL. They belong to the session, not to the
/// connection: a repeat after a reconnect is still a repeat.
#[derive(Clone, Debug)]
pub(super) struct Received(IdSet);

impl Received {
    pub(super) fn new() -> Self {
        Self(IdSet::new())
    }

    /// An incoming QoS 2 PUBLISH. Only these are remembered: with QoS 1 a repeated identifier is a new message,
    /// whatever its DUP flag says (section 4.3.2).
    pub(super) fn publish(&mut self, id: u16) -> PacketRole {
        if self.0.insert(id) {
            PacketRole::Message
        } else {
            PacketRole::Repeat
        }
    }

    /// It arrived before and is not released.
    pub(super) fn contains(&self, id: u16) -> bool {
        self.0.contains(id)
    }

    /// PUBREL. Says whether the identifier was known; PUBCOMP is the answer either way.
    pub(super) fn release(&mut self, id: u16) -> bool {
        self.0.remove(id)
    }

    /// Restores one from storage; false: it is there already.
    pub(super) fn restore(&mut self, id: u16) -> bool {
        self.0.insert(id)
    }

    /// All of them, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u16> {
        self.0.iter()
    }

    /// The session is over.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
