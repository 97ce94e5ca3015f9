//! Messages that wait for a client, and those for which there is no room (MQTT 5 section 4.9).

use midge::inside::Outcome;
use midge::protocol::Qos;

use crate::output::{Event, Overflow};
use crate::session::{DELIVERY_BYTES, Delivery};
use crate::slab::Key;
use crate::state::State;

impl State {
    /// Whether one more message may be held.
    pub fn has_room(&self, delivery: &Delivery) -> bool {
        let message = &delivery.message;
        let more = match message.is_held() {
            true => 0,
            false => message.size(),
        };
        let deliveries = (self.deliveries + 1) * DELIVERY_BYTES;
        self.held.1 + more + deliveries <= self.settings.limits.queued_bytes_in_all
    }

    /// Puts a message behind those that wait.
    pub fn enqueue(&mut self, key: Key, delivery: Delivery) -> Outcome {
        self.drop_expired(key);
        let has_room = self.has_room(&delivery);
        let limits = &self.settings.limits;
        let Some(session) = self.sessions.get_mut(key) else {
            return Outcome::SessionEnded;
        };
        let size = delivery.message.size();
        let why = if session.queue.len() >= limits.queued
            || session.queued_bytes + size > limits.queued_bytes
        {
            Some(Overflow::Queued)
        } else if !has_room {
            Some(Overflow::QueuedInAll)
        } else {
            None
        };
        if let Some(why) = why {
            return self.drop(key, why);
        }
        let number = session.number();
        session.queued_bytes += size;
        session.queued_zero += usize::from(delivery.qos == Qos::AtMostOnce);
        session.queue.push_back((number, delivery.clone()));
        let is_stored = session.stores(delivery.qos);
        self.hold(&delivery.message, is_stored);
        self.store_delivery(key, number, &delivery, 0);
        Outcome::Waits
    }

    /// What has waited for too long makes room for what comes [MQTT-3.3.2-5].
    fn drop_expired(&mut self, key: Key) {
        let now = self.now;
        while let Some(session) = self.sessions.get_mut(key)
            && let Some((number, delivery)) = session
                .queue
                .pop_front_if(|(_, first)| first.message.remaining(now).is_err())
        {
            session.queued_bytes -= delivery.size();
            session.queued_zero -= usize::from(delivery.qos == Qos::AtMostOnce);
            session.dropped += 1;
            self.counters.dropped += 1;
            self.trace_end(key, &delivery, Outcome::Expired);
            self.let_go(key, number, &delivery);
        }
    }

    /// A message for a session is dropped.
    pub fn drop(&mut self, key: Key, why: Overflow) -> Outcome {
        self.counters.dropped += 1;
        if let Some(session) = self.sessions.get_mut(key) {
            session.dropped += 1;
            if !std::mem::replace(&mut session.dropping, true) {
                let client_id = session.person.client_id.clone();
                self.outbox.event(Event::Dropping { client_id, why });
            }
        }
        match why {
            Overflow::Owed => Outcome::SlowReader,
            Overflow::Queued => Outcome::QueueFull,
            Overflow::QueuedInAll => Outcome::BrokerFull,
        }
    }
}
