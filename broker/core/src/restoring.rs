//! What storage held is taken up again.

use std::collections::BTreeMap;
use std::sync::Arc;

use midge::protocol::{Qos, check_topic_filter, check_topic_name};
use serde::Deserialize;

use crate::access::Person;
use crate::interest::{Asked, parts};
use crate::message::{Message, SECOND};
use crate::output::{Change, Event, SessionEnd};
use crate::records::{DeliveryRecord, FilterRecord, Kind, MessageRecord, SessionRecord, owner};
use crate::session::{Delivery, Flight, Session, Will};
use crate::slab::Key;
use crate::state::State;

type Messages = BTreeMap<u64, Arc<Message>>;

impl State {
    /// Takes up what storage held, in the order of its keys. What belongs to nobody is removed there; what cannot be read
    /// stays, for whoever wants to know, and is counted.
    pub fn restore(&mut self, records: &[(Vec<u8>, Vec<u8>)]) {
        let mut messages = Messages::new();
        let mut damaged = 0;
        let mut orphans = Vec::new();
        for (key, value) in records {
            match self.restore_one(key, value, &mut messages) {
                Some(true) => {}
                Some(false) => orphans.push(key.clone()),
                None => damaged += 1,
            }
        }
        for message in messages.into_values() {
            if message.is_held() {
                continue;
            }
            let key = crate::records::key(Kind::Message, &message.order.to_be_bytes());
            orphans.push(key);
        }
        for key in orphans {
            self.outbox.store(Change::Remove { key });
        }
        if damaged > 0 {
            self.outbox.event(Event::Damaged { records: damaged });
        }
        let over: Vec<Key> = self
            .sessions
            .iter()
            .filter(|(_, session)| session.expiry == 0)
            .map(|(key, _)| key)
            .collect();
        for key in over {
            self.end_session(key, SessionEnd::Clean);
        }
    }

    /// `Some(false)`: it belongs to nobody. `None`: it cannot be read.
    fn restore_one(&mut self, key: &[u8], value: &[u8], messages: &mut Messages) -> Option<bool> {
        let (kind, name) = Kind::of(key)?;
        match kind {
            Kind::Message => {
                let message: Arc<Message> = read::<MessageRecord>(value)?.into();
                self.order = self.order.max(message.order);
                messages.insert(message.order, message);
                Some(true)
            }
            Kind::Retained => {
                let message: Arc<Message> = read::<MessageRecord>(value)?.into();
                check_topic_name(&message.topic).ok()?;
                self.order = self.order.max(message.order);
                if message.remaining(self.now).is_err() {
                    return Some(false);
                }
                // One that deliveries hold too is the same one: it is counted as one.
                let same = messages.get(&message.order).cloned();
                self.retained.set(same.unwrap_or(message));
                self.time_retained();
                Some(true)
            }
            Kind::Session => {
                let client_id = std::str::from_utf8(name).ok()?;
                self.restore_session(client_id, read(value)?);
                Some(true)
            }
            Kind::Filter => {
                let (client_id, filter) = owner(name)?;
                let filter = std::str::from_utf8(filter).ok()?;
                check_topic_filter(filter).ok()?;
                Some(self.restore_filter(client_id, filter, &read(value)?))
            }
            Kind::Received => {
                let (client_id, packet_id) = owner(name)?;
                let packet_id = u16::from_be_bytes(packet_id.try_into().ok()?);
                let found = self.restored(client_id);
                Some(
                    found
                        .map(|(_, session)| session.received.insert(packet_id))
                        .is_some(),
                )
            }
            Kind::Delivery => {
                let (client_id, number) = owner(name)?;
                let number = u64::from_be_bytes(number.try_into().ok()?);
                let client_id = client_id.to_owned();
                let (record, share) = postcard::take_from_bytes(value).ok()?;
                let share = std::str::from_utf8(share).ok()?;
                self.restore_delivery(&client_id, number, &record, share, messages)
            }
        }
    }

    fn restored(&mut self, client_id: &str) -> Option<(Key, &mut Session)> {
        let &key = self.by_client.get(client_id)?;
        Some((key, self.sessions.get_mut(key)?))
    }

    fn restore_session(&mut self, client_id: &str, record: SessionRecord) {
        if self.by_client.contains_key(client_id) {
            return;
        }
        let now = self.now;
        let person = Person {
            client_id: client_id.into(),
            user_name: record.user_name.map(Arc::from),
        };
        let mut session = Session::new(person, self.next_serial(), now);
        session.stored = true;
        session.expiry = record.expiry;
        let will = record.will.map(Will::from);
        // Who was connected when the broker went is away since now.
        session.ends = match record.expiry {
            0 | u32::MAX => None,
            seconds => Some(record.ends.unwrap_or(now + u64::from(seconds) * SECOND)),
        };
        session.will_at = will.as_ref().map(|will| {
            let delay = u64::from(will.delay) * SECOND;
            record.will_at.unwrap_or(now + delay)
        });
        let client_id = session.person.client_id.clone();
        let key = self.sessions.insert(session);
        self.by_client.insert(client_id, key);
        self.away.insert((now, key));
        self.set_will(key, will);
        self.time_session(key);
    }

    fn restore_filter(&mut self, client_id: &str, filter: &str, record: &FilterRecord) -> bool {
        let Some((key, session)) = self.restored(client_id) else {
            return false;
        };
        let options = record.options();
        if session
            .filters
            .insert(filter.into(), (options, record.id))
            .is_none()
        {
            session.shared += usize::from(parts(filter).0.is_some());
            session.filter_bytes += filter.len();
        }
        self.interest
            .add(key, filter, Asked::new(options, record.id), false);
        true
    }

    fn restore_delivery(
        &mut self,
        client_id: &str,
        number: u64,
        record: &DeliveryRecord,
        share: &str,
        messages: &Messages,
    ) -> Option<bool> {
        let Some((_, session)) = self.restored(client_id) else {
            return Some(false);
        };
        session.next_number = session.next_number.max(number.checked_add(1)?);
        let delivery = match record.order {
            None => None,
            Some(order) => Some(Delivery {
                // A delivery without its message is no delivery.
                message: messages.get(&order)?.clone(),
                qos: Qos::from_bits(record.qos)?,
                retain: record.retain,
                ids: record.ids(),
                share: (!share.is_empty()).then(|| share.into()),
            }),
        };
        if record.packet_id != 0 {
            session.by_packet_id.insert(record.packet_id, number);
            session.flight_bytes += delivery.as_ref().map_or(0, Delivery::size);
            let flight = Flight {
                packet_id: record.packet_id,
                delivery: delivery.clone(),
                sent: false,
            };
            session.flight.insert(number, flight);
        } else if let Some(delivery) = &delivery {
            session.queued_bytes += delivery.message.size();
            session.queue.push_back((number, delivery.clone()));
        } else {
            return None;
        }
        if let Some(delivery) = delivery {
            self.hold_again(&delivery.message);
        }
        Some(true)
    }
}

fn read<'v, T: Deserialize<'v>>(value: &'v [u8]) -> Option<T> {
    postcard::from_bytes(value).ok()
}
