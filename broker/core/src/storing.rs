//! What must outlive the broker, told as it changes: sessions that are to stay, their subscriptions and deliveries, and
//! retained messages. Nothing is told unless [`crate::Settings::stores`] says so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use midge::protocol::{Qos, SubscribeOptions};
use serde::Serialize;

use crate::message::Message;
use crate::output::Change;
use crate::records::{
    DeliveryRecord, FilterRecord, Kind, MessageRecord, SessionRecord, WillRecord, key, key_of,
};
use crate::session::{Delivery, Session};
use crate::slab::Key;
use crate::state::State;

/// A broker that forgets everything does without this.
const STORES: bool = cfg!(feature = "storing");

impl State {
    fn keep(&mut self, key: Vec<u8>, record: &impl Serialize) {
        if !STORES {
            return;
        }
        // Writing into memory does not fail.
        if let Ok(value) = postcard::to_allocvec(record) {
            self.outbox.store(Change::Put { key, value });
        }
    }

    fn forget(&mut self, key: Vec<u8>) {
        if !STORES {
            return;
        }
        self.outbox.store(Change::Remove { key });
    }

    /// The session, if it is stored.
    fn stored(&self, key: Key) -> Option<&Session> {
        let session = self.sessions.get(key);
        session.filter(|session| STORES && session.stored)
    }

    pub fn store_session(&mut self, session: Key) {
        let Some(session) = self.stored(session) else {
            return;
        };
        let record = SessionRecord {
            user_name: session.person.user_name.as_deref().map(str::to_owned),
            expiry: session.expiry,
            ends: session.ends,
            will: session.will.as_ref().map(WillRecord::from),
            will_at: session.will_at,
        };
        self.keep(
            key(Kind::Session, session.person.client_id.as_bytes()),
            &record,
        );
    }

    pub fn store_filter(&mut self, session: Key, filter: &str) {
        let Some(session) = self.stored(session) else {
            return;
        };
        if let Some(&(options, id)) = session.filters.get(filter) {
            let key = key_of(Kind::Filter, &session.person.client_id, filter.as_bytes());
            self.keep(key, &FilterRecord::new(options, id));
        }
    }

    pub fn forget_filter(&mut self, session: Key, filter: &str) {
        if let Some(session) = self.stored(session) {
            self.forget(key_of(
                Kind::Filter,
                &session.person.client_id,
                filter.as_bytes(),
            ));
        }
    }

    pub fn store_received(&mut self, session: Key, packet_id: u16) {
        if let Some(session) = self.stored(session) {
            let client_id = &session.person.client_id;
            let key = key_of(Kind::Received, client_id, &packet_id.to_be_bytes());
            self.keep(key, &());
        }
    }

    pub fn forget_received(&mut self, session: Key, packet_id: u16) {
        if let Some(session) = self.stored(session) {
            let client_id = &session.person.client_id;
            self.forget(key_of(Kind::Received, client_id, &packet_id.to_be_bytes()));
        }
    }

    /// `packet_id`: 0 while it waits.
    pub fn store_delivery(
        &mut self,
        session: Key,
        number: u64,
        delivery: &Delivery,
        packet_id: u16,
    ) {
        if let Some(session) = self.stored(session)
            && delivery.qos != Qos::AtMostOnce
        {
            let client_id = &session.person.client_id;
            let key = key_of(Kind::Delivery, client_id, &number.to_be_bytes());
            let record = DeliveryRecord::new(delivery, packet_id);
            let share = delivery.share.as_deref().unwrap_or_default();
            // Behind what a broker before this one wrote and reads.
            if let Ok(mut value) = postcard::to_allocvec(&record) {
                value.extend_from_slice(share.as_bytes());
                self.outbox.store(Change::Put { key, value });
            }
        }
    }

    /// The client has this message; its packet identifier is not free yet.
    pub fn store_released(&mut self, session: Key, number: u64, packet_id: u16) {
        if let Some(session) = self.stored(session) {
            let record = DeliveryRecord {
                order: None,
                qos: 2,
                retain: false,
                ids: Vec::new(),
                packet_id,
            };
            let client_id = &session.person.client_id;
            self.keep(
                key_of(Kind::Delivery, client_id, &number.to_be_bytes()),
                &record,
            );
        }
    }

    pub fn forget_delivery(&mut self, client_id: &str, number: u64) {
        self.forget(key_of(Kind::Delivery, client_id, &number.to_be_bytes()));
    }

    pub fn store_message(&mut self, message: &Message) {
        let key = key(Kind::Message, &message.order.to_be_bytes());
        self.keep(key, &MessageRecord::from(message));
    }

    pub fn forget_message(&mut self, message: &Message) {
        self.forget(key(Kind::Message, &message.order.to_be_bytes()));
    }

    pub fn store_retained(&mut self, message: &Arc<Message>) {
        // What `$SYS` says is said anew.
        if self.settings.stores && !message.topic.starts_with("$SYS/") {
            let key = key(Kind::Retained, message.topic.as_bytes());
            self.keep(key, &MessageRecord::from(&**message));
        }
    }

    pub fn forget_retained(&mut self, topic: &str) {
        if self.settings.stores {
            self.forget(key(Kind::Retained, topic.as_bytes()));
        }
    }

    /// All of a session but its deliveries.
    pub fn forget_session(
        &mut self,
        client_id: &str,
        filters: &BTreeMap<Box<str>, (SubscribeOptions, u32)>,
        received: &BTreeSet<u16>,
    ) {
        for filter in filters.keys() {
            self.forget(key_of(Kind::Filter, client_id, filter.as_bytes()));
        }
        for packet_id in received {
            self.forget(key_of(Kind::Received, client_id, &packet_id.to_be_bytes()));
        }
        self.forget(key(Kind::Session, client_id.as_bytes()));
    }
}
