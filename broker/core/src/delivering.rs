//! Messages to a client: at once, in flight, or later (MQTT 5 sections 4.3 to 4.6 and 4.9).

use midge::inside::Outcome;
use midge::protocol::{PacketType, Qos};

use crate::message::Ids;
use crate::output::Overflow;
use crate::session::{Delivery, Flight};
use crate::slab::Key;
use crate::state::State;
use crate::wire::{Shape, publish_size};

/// How many messages one client is sent before others get their turn.
const AT_ONCE: usize = 64;

/// A connection that owes no more than this is never full for what others owe.
const SMALL: usize = 64 * 1024;

/// What can be done for a session now.
pub enum Gate {
    /// It is not connected.
    Away,
    /// Its connection is full.
    Owed,
    /// It takes QoS 0 only: as much as may be is in flight.
    Closed(Key),
    /// It takes anything.
    Open(Key),
}

impl State {
    pub fn gate(&self, key: Key) -> Gate {
        let Some(session) = self.sessions.get(key) else {
            return Gate::Away;
        };
        let Some(at) = session.connection else {
            return Gate::Away;
        };
        match self.connections.get(at) {
            None => Gate::Away,
            Some(connection) if self.is_full(connection.owed) => Gate::Owed,
            Some(connection) if session.active < connection.window => Gate::Open(at),
            Some(_) => Gate::Closed(at),
        }
    }

    /// A connection that owes this much takes no more for now.
    fn is_full(&self, owed: usize) -> bool {
        let limits = &self.settings.limits;
        owed >= limits.owed_bytes || (owed > SMALL && self.owed > limits.owed_bytes_in_all)
    }

    /// A message for a session, now or later. Says how far it is.
    pub fn deliver(&mut self, key: Key, delivery: Delivery) -> Outcome {
        let gate = self.gate(key);
        let Some(session) = self.sessions.get(key) else {
            return Outcome::SessionEnded;
        };
        if !self
            .access
            .may_receive(&session.person, &delivery.message.topic)
        {
            return Outcome::Forbidden;
        }
        let is_acknowledged = delivery.qos != Qos::AtMostOnce;
        let nothing_waits = session.queue.is_empty() && session.resend.is_none();
        // What is of QoS 0 may go past what waits for acknowledgements, and not past retained messages that were first, nor
        // past others that waited behind those.
        let may_pass = !is_acknowledged && session.queued_zero == 0;
        let may_go = session.looking.is_empty() && (nothing_waits || may_pass);
        let limits = &self.settings.limits;
        let has_room = session.flight_bytes < limits.queued_bytes && self.has_room(&delivery);
        match gate {
            Gate::Away if !is_acknowledged => Outcome::Away,
            Gate::Owed if !is_acknowledged => self.drop(key, Overflow::Owed),
            Gate::Open(at) if may_go && is_acknowledged && has_room => {
                match self.launch(key, at, delivery, None) {
                    true => Outcome::Unacknowledged,
                    false => Outcome::TooLarge,
                }
            }
            Gate::Open(at) | Gate::Closed(at) if may_go && !is_acknowledged => {
                match self.put(key, at, &delivery, 0, false) {
                    true => Outcome::Sent,
                    false => Outcome::TooLarge,
                }
            }
            _ => self.enqueue(key, delivery),
        }
    }

    /// Sends a message that is to be acknowledged, for the first time. `queued`: its number, if it waited. `false`: as of
    /// [`Self::put`].
    pub fn launch(&mut self, key: Key, at: Key, delivery: Delivery, queued: Option<u64>) -> bool {
        let Some(session) = self.sessions.get_mut(key) else {
            return false;
        };
        let packet_id = session.packet_id();
        if !self.put(key, at, &delivery, packet_id, false) {
            if let Some(number) = queued {
                self.trace_unsent(key, &delivery);
                self.let_go(key, number, &delivery);
            }
            return false;
        }
        // Were its packet identifier not safe when it leaves, it could come to stand for another message.
        let held_back = match self.settings.stores {
            true => self.outbox.take_publish(),
            false => None,
        };
        self.launched(key, delivery, packet_id, queued);
        if let Some(held_back) = held_back {
            self.outbox.put_again(held_back);
        }
        true
    }

    /// A message was sent for the first time.
    fn launched(&mut self, key: Key, delivery: Delivery, packet_id: u16, queued: Option<u64>) {
        let Some(session) = self.sessions.get_mut(key) else {
            return;
        };
        let number = queued.unwrap_or_else(|| session.number());
        session.active += 1;
        session.flight_bytes += delivery.size();
        session.by_packet_id.insert(packet_id, number);
        let flight = Flight {
            packet_id,
            delivery: Some(delivery.clone()),
            sent: true,
        };
        session.flight.insert(number, flight);
        if queued.is_none() {
            let is_stored = session.stores(delivery.qos);
            self.hold(&delivery.message, is_stored);
        }
        self.store_delivery(key, number, &delivery, packet_id);
    }

    /// A delivery of a session is over.
    pub fn let_go(&mut self, key: Key, number: u64, delivery: &Delivery) {
        let Some(session) = self.sessions.get(key) else {
            return;
        };
        let is_stored = session.stores(delivery.qos);
        if is_stored {
            let client_id = session.person.client_id.clone();
            self.forget_delivery(&client_id, number);
        }
        self.release(&delivery.message, is_stored);
    }

    /// Writes a PUBLISH. `false`: it is over, or larger than the client takes, which is as if it had been delivered
    /// [MQTT-3.1.2-25].
    pub fn put(
        &mut self,
        key: Key,
        at: Key,
        delivery: &Delivery,
        packet_id: u16,
        dup: bool,
    ) -> bool {
        let message = &delivery.message;
        // What was sent before is sent again even where its time is over.
        let expiry = match (message.remaining(self.now), dup) {
            (Ok(expiry), _) => expiry,
            (Err(_), true) => Some(0),
            (Err(_), false) => {
                self.counters.dropped += 1;
                return false;
            }
        };
        let Some(connection) = self.connections.get_mut(at) else {
            return false;
        };
        let five = connection.is_five();
        let mut shape = Shape {
            five,
            qos: delivery.qos,
            dup,
            retain: delivery.retain,
            packet_id,
            alias: 0,
            nameless: false,
            expiry: expiry.filter(|_| five),
        };
        let ids = if five {
            delivery.ids.clone()
        } else {
            Ids::None
        };
        // Without an alias first: whether it fits is not to hang on what was sent before.
        let mut size = publish_size(message, &shape, &ids);
        if size > connection.largest {
            self.counters.dropped += 1;
            if let Some(session) = self.sessions.get_mut(key) {
                session.dropped += 1;
            }
            return false;
        }
        if five {
            let most = self.settings.limits.alias_bytes;
            (shape.alias, shape.nameless) = connection.alias(&message.topic, most);
            if shape.alias != 0 {
                size = publish_size(message, &shape, &ids);
                if size > connection.largest {
                    // The three bytes of the alias were too many: it is not known yet, so it is taken back.
                    connection.aliases_out.remove(&message.topic);
                    (shape.alias, shape.nameless) = (0, false);
                    size = publish_size(message, &shape, &ids);
                }
            }
        }
        connection.owed += size;
        self.owed += size;
        self.counters.sent(size);
        self.counters.publish_sent(message.payload.len());
        self.outbox
            .publish(connection.number, message.clone(), shape, ids);
        true
    }

    /// Sends a session some of what waits for it.
    pub fn serve(&mut self, key: Key) {
        if let Some(session) = self.sessions.get_mut(key) {
            session.hungry = false;
        }
        for _ in 0..AT_ONCE {
            let Some(session) = self.sessions.get(key) else {
                return;
            };
            let went_on = if session.resend.is_some() {
                self.send_again(key)
            } else if !session.looking.is_empty() {
                self.look(key)
            } else if !session.queue.is_empty() {
                self.send_queued(key)
            } else {
                return;
            };
            if !went_on {
                return;
            }
        }
        self.feed(key);
    }

    /// The next message in flight is sent again, as the session goes on [MQTT-4.4.0-1]: in its order and under its packet
    /// identifier.
    fn send_again(&mut self, key: Key) -> bool {
        let gate = self.gate(key);
        let (Gate::Open(at), Some(session)) = (gate, self.sessions.get_mut(key)) else {
            return false;
        };
        let next = session
            .resend
            .and_then(|from| session.flight.range_mut(from..).next());
        let Some((&number, flight)) = next else {
            session.resend = None;
            return true;
        };
        session.resend = Some(number + 1);
        session.active += 1;
        flight.sent = true;
        let packet_id = flight.packet_id;
        match flight.delivery.clone() {
            None => self.answer(at, PacketType::Pubrel, packet_id, 0),
            Some(delivery) => {
                if !self.put(key, at, &delivery, packet_id, true) {
                    self.landed(key, packet_id);
                }
            }
        }
        true
    }

    /// The next of the messages that wait.
    fn send_queued(&mut self, key: Key) -> bool {
        let gate = self.gate(key);
        let Some(session) = self.sessions.get_mut(key) else {
            return false;
        };
        let is_acknowledged = session
            .queue
            .front()
            .is_some_and(|(_, delivery)| delivery.qos != Qos::AtMostOnce);
        let has_room = session.flight_bytes < self.settings.limits.queued_bytes;
        let at = match gate {
            Gate::Open(at) if has_room || !is_acknowledged => at,
            Gate::Closed(at) if !is_acknowledged => at,
            _ => return false,
        };
        let Some((number, delivery)) = session.queue.pop_front() else {
            return false;
        };
        session.queued_bytes -= delivery.message.size();
        session.queued_zero -= usize::from(!is_acknowledged);
        if session.queue.is_empty() {
            session.dropping = false;
            session.queue.shrink_to(16);
        }
        if is_acknowledged {
            self.launch(key, at, delivery, Some(number));
        } else {
            if !self.put(key, at, &delivery, 0, false) {
                self.trace_unsent(key, &delivery);
            }
            self.let_go(key, number, &delivery);
        }
        true
    }

    /// A delivery came to its end: its packet identifier is free.
    pub fn landed(&mut self, key: Key, packet_id: u16) {
        let Some(session) = self.sessions.get_mut(key) else {
            return;
        };
        let Some(number) = session.by_packet_id.remove(&packet_id) else {
            return;
        };
        let Some(flight) = session.flight.remove(&number) else {
            return;
        };
        session.active -= usize::from(flight.sent);
        if let Some(delivery) = &flight.delivery {
            session.flight_bytes -= delivery.size();
        }
        let is_stored = session.stored;
        if is_stored {
            let client_id = session.person.client_id.clone();
            self.forget_delivery(&client_id, number);
        }
        if let Some(delivery) = flight.delivery {
            self.release(&delivery.message, is_stored);
        }
        self.feed(key);
    }
}
