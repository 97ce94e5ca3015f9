//! A look inside: who is connected, who is subscribed to what, what is kept, and whom a message would reach.

use std::sync::Arc;

use midge::protocol::{Qos, SubscribeOptions, Version, matches};

use crate::broker::Broker;
use crate::message::{Ids, Message};
use crate::slab::Key;
use crate::sys::Counters;

/// A client, connected or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client<'b> {
    /// Client identifier.
    pub client_id: &'b str,
    /// User name.
    pub user_name: Option<&'b str>,
    /// Its connection; `None`: it is away.
    pub connection: Option<u64>,
    /// The version of its connection.
    pub version: Option<Version>,
    /// Microseconds that its connection may be silent; 0 is for ever.
    pub silence: u64,
    /// When its last packet came.
    pub heard: Option<u64>,
    /// Seconds that its session stays without a connection; `u32::MAX` is for ever.
    pub session_expiry: u32,
    /// When its session ends, if it is away.
    pub ends: Option<u64>,
    /// The topic of its will.
    pub will: Option<&'b str>,
    /// How many filters it is subscribed to.
    pub filters: usize,
    /// How many messages were sent and are not acknowledged.
    pub in_flight: usize,
    /// How many messages wait, and their bytes.
    pub queued: (usize, usize),
    /// How many messages of its own it has not released.
    pub unreleased: usize,
    /// How many messages for it were dropped.
    pub dropped: u64,
}

/// A subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscription<'b> {
    /// Topic filter.
    pub filter: &'b str,
    /// What was asked for.
    pub options: SubscribeOptions,
    /// Subscription identifier; 0 is none.
    pub identifier: u32,
}

/// Whom a message would reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Client identifier.
    pub client_id: Arc<str>,
    /// The highest quality of service that it was granted for it.
    pub qos: Qos,
    /// It is the member of a shared subscription whose turn it would be.
    pub shared: bool,
    /// The filters of its own that match.
    pub filters: Vec<Box<str>>,
    /// Its subscription identifiers for it.
    pub identifiers: Vec<u32>,
    /// The rules let it have it.
    pub may_read: bool,
    /// It is connected. Otherwise a message of QoS 1 or 2 waits for it, and one of QoS 0 is lost.
    pub is_here: bool,
}

/// How much is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Sessions.
    pub sessions: usize,
    /// Subscriptions.
    pub subscriptions: usize,
    /// Messages that wait or are in flight, and their bytes.
    pub messages: (usize, usize),
    /// Retained messages, and their bytes.
    pub retained: (usize, usize),
}

impl Broker {
    /// Every client.
    pub fn clients(&self) -> impl Iterator<Item = Client<'_>> {
        self.state
            .sessions
            .iter()
            .filter_map(|(key, _)| self.client_at(key))
    }

    /// One client.
    pub fn client(&self, client_id: &str) -> Option<Client<'_>> {
        self.client_at(*self.state.by_client.get(client_id)?)
    }

    fn client_at(&self, key: Key) -> Option<Client<'_>> {
        let session = self.state.sessions.get(key)?;
        let connection = session
            .connection
            .and_then(|key| self.state.connections.get(key));
        Some(Client {
            client_id: &session.person.client_id,
            user_name: session.person.user_name.as_deref(),
            connection: connection.map(|connection| connection.number),
            version: connection.map(|connection| connection.version),
            silence: connection.map_or(0, |connection| connection.silence),
            heard: connection.map(|connection| connection.heard),
            session_expiry: session.expiry,
            ends: session.ends,
            will: session.will.as_ref().map(|will| &*will.topic),
            filters: session.filters.len(),
            in_flight: session.flight.len(),
            queued: (session.queue.len(), session.queued_bytes),
            unreleased: session.received.len(),
            dropped: session.dropped,
        })
    }

    /// What a client is subscribed to.
    pub fn subscriptions(&self, client_id: &str) -> impl Iterator<Item = Subscription<'_>> {
        let key = self.state.by_client.get(client_id);
        let session = key.and_then(|key| self.state.sessions.get(*key));
        let filters = session.into_iter().flat_map(|session| &session.filters);
        filters.map(|(filter, (options, identifier))| Subscription {
            filter,
            options: *options,
            identifier: *identifier,
        })
    }

    /// The retained message of a topic.
    pub fn retained(&self, topic: &str) -> Option<&Message> {
        self.state.retained.get(topic).map(|message| &**message)
    }

    /// Whom a message of this topic would reach now, and why. `from`: the client that would publish it.
    pub fn would_reach(&mut self, topic: &str, from: Option<&str>) -> Vec<Recipient> {
        let state = &mut self.state;
        state.order += 1;
        state.recipients_of(topic, state.order, from, false);
        let alone = state.recipients.iter().map(|recipient| {
            let ids = recipient.ids.as_slice().to_vec();
            (recipient.session, recipient.qos, false, ids)
        });
        let shared = state.shares.iter().map(|(key, asked, _)| {
            let ids = Ids::from(asked.id).as_slice().to_vec();
            (*key, asked.qos, true, ids)
        });
        let all = alone.chain(shared);
        all.filter_map(|(key, qos, shared, identifiers)| {
            let session = state.sessions.get(key)?;
            let filters = session
                .filters
                .keys()
                .filter(|filter| filter.starts_with("$share/") == shared && matches(filter, topic));
            Some(Recipient {
                client_id: session.person.client_id.clone(),
                qos,
                shared,
                filters: filters.cloned().collect(),
                identifiers,
                may_read: state.access.may_receive(&session.person, topic),
                is_here: session.connection.is_some(),
            })
        })
        .collect()
    }

    /// What was counted.
    pub fn counters(&self) -> &Counters {
        &self.state.counters
    }

    /// How much is held.
    pub fn held(&self) -> Held {
        let state = &self.state;
        Held {
            sessions: state.sessions.len(),
            subscriptions: state.interest.len().0,
            messages: state.held,
            retained: (state.retained.len(), state.retained.bytes()),
        }
    }
}
