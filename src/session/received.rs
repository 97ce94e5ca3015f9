//! QoS 2 messages that came from the broker and are not released yet (MQTT 3.1.1 section 4.3.3).

use super::identifiers::IdSet;
use crate::protocol::Qos;

use super::Delivery;

/// The packet identifiers of QoS 2 messages between PUBLISH and PUBREL. They belong to the session, not to the
/// connection: a repeat after a reconnect is still a repeat.
#[derive(Clone, Debug)]
pub(super) struct Received(IdSet);

impl Received {
    pub(super) fn new() -> Self {
        Self(IdSet::new())
    }

    /// An incoming PUBLISH. Only QoS 2 is remembered: at QoS 1 an identifier that comes again is a new message, whatever
    /// its DUP flag says (section 4.3.2).
    pub(super) fn publish(&mut self, qos: Qos, id: u16) -> Delivery {
        if qos == Qos::ExactlyOnce && !self.0.insert(id) {
            Delivery::Repeat
        } else {
            Delivery::Message
        }
    }

    /// PUBREL. The answer is PUBCOMP all the same; MQTT 5 says in it whether the identifier was known.
    pub(super) fn release(&mut self, id: u16) -> bool {
        self.0.remove(id)
    }

    /// The session is gone.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
