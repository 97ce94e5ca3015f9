//! What clients acknowledge, and release (sections 3.4 to 3.7).

use midge::protocol::{PacketType, Qos};

use crate::output::{Ending, Why};
use crate::slab::Key;
use crate::state::State;
use crate::wire;

/// What is in flight under a packet identifier.
enum InFlight {
    Nothing,
    /// A PUBLISH of this quality of service was sent.
    Published(Qos),
    /// PUBREL was sent.
    Released,
}

impl State {
    fn in_flight(&self, session: Key, packet_id: u16) -> InFlight {
        let Some(session) = self.sessions.get(session) else {
            return InFlight::Nothing;
        };
        let number = session.by_packet_id.get(&packet_id);
        match number.and_then(|number| session.flight.get(number)) {
            None => InFlight::Nothing,
            // The answer to what was not sent on this connection is no answer.
            Some(flight) if !flight.sent => InFlight::Nothing,
            Some(flight) => match &flight.delivery {
                Some(delivery) => InFlight::Published(delivery.qos),
                None => InFlight::Released,
            },
        }
    }

    /// PUBACK: the end of a QoS 1 delivery.
    pub fn puback(&mut self, key: Key, session: Key, packet_id: u16, _: &[u8]) {
        match self.in_flight(session, packet_id) {
            InFlight::Published(Qos::AtLeastOnce) => self.landed(session, packet_id),
            InFlight::Nothing => {}
            _ => self.wrong_kind(key),
        }
    }

    /// PUBREC: the client has a QoS 2 message, or does not want it.
    pub fn pubrec(&mut self, key: Key, session: Key, packet_id: u16, packet: &[u8]) {
        match self.in_flight(session, packet_id) {
            InFlight::Published(Qos::ExactlyOnce) => {
                // [MQTT-4.3.3-4]: no PUBREL follows a refusal.
                if wire::acknowledgement(packet) >= 0x80 {
                    self.landed(session, packet_id);
                    return;
                }
                self.client_has(session, packet_id);
                self.answer(key, PacketType::Pubrel, packet_id, 0);
            }
            InFlight::Released => self.answer(key, PacketType::Pubrel, packet_id, 0),
            InFlight::Nothing => self.answer(key, PacketType::Pubrel, packet_id, 0x92),
            InFlight::Published(_) => self.wrong_kind(key),
        }
    }

    /// The message itself is no longer needed; that it was delivered is, until PUBCOMP.
    fn client_has(&mut self, key: Key, packet_id: u16) {
        let Some(session) = self.sessions.get_mut(key) else {
            return;
        };
        let Some(&number) = session.by_packet_id.get(&packet_id) else {
            return;
        };
        let is_stored = session.stored;
        let flight = session.flight.get_mut(&number);
        if let Some(delivery) = flight.and_then(|flight| flight.delivery.take()) {
            session.flight_bytes -= delivery.size();
            self.store_released(key, number, packet_id);
            self.release(&delivery.message, is_stored);
        }
    }

    /// PUBCOMP: the end of a QoS 2 delivery.
    pub fn pubcomp(&mut self, key: Key, session: Key, packet_id: u16) {
        match self.in_flight(session, packet_id) {
            InFlight::Released => self.landed(session, packet_id),
            InFlight::Nothing => {}
            InFlight::Published(_) => self.wrong_kind(key),
        }
    }

    /// PUBREL: the client has released the packet identifier of a QoS 2 message of its own.
    pub fn pubrel(&mut self, key: Key, session: Key, packet_id: u16) {
        let was_there = self
            .sessions
            .get_mut(session)
            .is_some_and(|session| session.received.remove(&packet_id));
        if was_there {
            self.forget_received(session, packet_id);
        }
        let code = if was_there { 0 } else { 0x92 };
        self.answer(key, PacketType::Pubcomp, packet_id, code);
    }

    fn wrong_kind(&mut self, key: Key) {
        self.close(key, Ending::Broker(0x82, Why::Acknowledgement), true);
    }
}
