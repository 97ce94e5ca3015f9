//! Tells of the inside, in the words of `midge::inside`: made when it is asked for, from what is there anyway, so that it costs
//! a message nothing. How long it takes is bounded by what it tells, not by what there is; only clients are all looked at.

use midge::inside::{
    self, Amount, Ask, CAME, CLIENTS, Came, Client, Course, FILTERS, Filter, Listed, Matched,
    Outcome, RETAINED, Reached, Report, SUBSCRIBERS, Subscriber, name,
};
use midge::protocol::{Qos, RetainHandling, SubscribeOptions};

use crate::broker::Broker;
use crate::interest::Asked;
use crate::levels::Node;
use crate::message::Message;
use crate::publishing::is_own;
use crate::session::Session;
use crate::state::State;
use crate::watch::{Noted, Way};

impl Broker {
    /// Tells of the inside. From here on, until nobody has asked for ten seconds, what becomes of messages is noted. Drain
    /// [`Self::poll`] before, and ask [`Self::wake_at`] again.
    pub fn inside(&mut self, now: u64, ask: &Ask) -> Report {
        let state = &mut self.state;
        state.advance(now);
        state.watch();
        let would_reach = ask.topic.as_deref().map(|topic| {
            let (ways, left_out) = state.ways(topic, None);
            listed(ways.iter().map(|way| state.reached(way)), left_out)
        });
        let held = self.held();
        let state = &self.state;
        Report {
            now: state.now,
            connected: state.sessions.len().saturating_sub(state.away.len()) as u64,
            subscriptions: held.subscriptions as u64,
            waiting: amount(held.messages),
            kept: amount(held.retained),
            clients: state.clients_told(),
            filters: state.filters_told(),
            retained: state.retained_told(),
            came: state.came(ask),
            course: ask.picked.and_then(|order| state.course(order)),
            would_reach,
        }
    }
}

impl State {
    fn clients_told(&self) -> Listed<Client> {
        let here = self.sessions.iter();
        let here = here.filter(|(_, session)| session.connection.is_some());
        let away = self.sessions.iter();
        let away = away.filter(|(_, session)| session.connection.is_none());
        let told = here.chain(away).take(CLIENTS);
        let mut shown: Vec<Client> = told.map(|(_, session)| self.client_told(session)).collect();
        let left_out = self.sessions.len() - shown.len();
        shown.sort_by(|one, other| one.id.cmp(&other.id));
        listed(shown, left_out)
    }

    fn client_told(&self, session: &Session) -> Client {
        let connection = session.connection.and_then(|key| self.connections.get(key));
        Client {
            id: name(&session.person.client_id),
            user_name: session.person.user_name.as_deref().map(name),
            connection: connection.map(|connection| inside::Connection {
                version: connection.version,
                keep_alive: connection.keep_alive,
                clean: connection.clean,
                heard: connection.heard,
                owed: connection.owed as u64,
            }),
            session_expiry: session.expiry,
            ends: session.ends,
            will: session.will.as_ref().map(|will| name(&will.topic)),
            filters: session.filters.len() as u64,
            in_flight: session.flight.len() as u64,
            queued: amount((session.queue.len(), session.queued_bytes)),
            unreleased: session.received.len() as u64,
            dropped: session.dropped,
        }
    }

    fn filters_told(&self) -> Listed<Filter> {
        let mut subscriptions = 0;
        let mut shown = Vec::new();
        for node in self.interest.places().take(FILTERS) {
            subscriptions += self.interest.count(node);
            shown.push(self.filter_told(node));
        }
        // By their levels, so that what is below a level stands behind it.
        shown.sort_by(|one, other| one.filter.split('/').cmp(other.filter.split('/')));
        listed(shown, self.interest.len().0 - subscriptions)
    }

    fn filter_told(&self, node: Node) -> Filter {
        let filter = self.interest.filter(node);
        let subscribed = self.interest.subscribed(node).take(SUBSCRIBERS);
        let shown: Vec<_> = subscribed
            .filter_map(|(group, key, asked)| {
                let session = self.sessions.get(key)?;
                let whole = match group {
                    Some(group) => format!("$share/{group}/{filter}"),
                    None => filter.clone(),
                };
                let known = session.filters.get(whole.as_str());
                Some(Subscriber {
                    client: name(&session.person.client_id),
                    is_here: session.connection.is_some(),
                    group: group.map(name),
                    options: known.map_or_else(|| options(asked), |(options, _)| *options),
                    identifier: asked.id,
                })
            })
            .collect();
        let left_out = self.interest.count(node) - shown.len();
        Filter {
            filter: name(&filter),
            subscribers: listed(shown, left_out),
        }
    }

    fn retained_told(&self) -> Listed<inside::Retained> {
        let told = self.retained.all(is_own).take(RETAINED);
        let mut shown: Vec<_> = told.map(|message| retained_told(message)).collect();
        let left_out = self.retained.len() - self.own_retained.0 - shown.len();
        shown.sort_by(|one, other| one.topic.split('/').cmp(other.topic.split('/')));
        listed(shown, left_out)
    }

    fn came(&self, ask: &Ask) -> Listed<Came> {
        let topic = ask.topic.as_deref().map(name);
        let newest = self.watch.iter().flat_map(|watch| watch.newest());
        let mut wanted = newest.filter(|noted| {
            let topic = topic.as_deref();
            topic.is_none_or(|topic| topic == &*noted.topic)
        });
        let shown: Vec<_> = wanted
            .by_ref()
            .take(CAME)
            .map(|noted| self.came_told(noted))
            .collect();
        listed(shown, wanted.count())
    }

    fn came_told(&self, noted: &Noted) -> Came {
        let reached = noted.to.iter();
        let reached = reached.filter(|way| self.outcome(way).is_for_client());
        Came {
            number: noted.order,
            at: noted.at,
            topic: noted.topic.to_string(),
            from: noted.from.as_deref().map(name),
            is_will: noted.is_will,
            qos: noted.qos,
            retain: noted.retain,
            size: noted.size as u64,
            start: noted.start.to_vec(),
            reached: (reached.count() + noted.left_out) as u64,
        }
    }

    fn course(&self, order: u64) -> Option<Course> {
        let noted = self.watch.as_ref()?.get(order)?;
        Some(Course {
            came: self.came_told(noted),
            reached: listed(noted.to.iter().map(|way| self.reached(way)), noted.left_out),
        })
    }

    fn reached(&self, way: &Way) -> Reached {
        let session = self.session_of(way);
        Reached {
            client: name(&way.client_id),
            is_here: session.is_some_and(|session| session.connection.is_some()),
            matched: listed(
                way.hits.iter().map(|hit| Matched {
                    filter: hit.filter.to_string(),
                    group: hit.group.as_deref().map(name),
                    granted: hit.asked.qos,
                    no_local: hit.asked.no_local,
                }),
                way.left_out,
            ),
            qos: way.qos,
            as_retained: way.as_retained,
            outcome: self.outcome(way),
        }
    }

    /// The session that the message went to, if it is still there.
    fn session_of(&self, way: &Way) -> Option<&Session> {
        let session = self.sessions.get(way.session)?;
        (session.serial == way.serial).then_some(session)
    }

    /// How far a message is by now.
    fn outcome(&self, way: &Way) -> Outcome {
        let (Outcome::Unacknowledged | Outcome::Waits, Some(number)) = (way.outcome, way.number)
        else {
            return self.without_number(way);
        };
        let Some(session) = self.session_of(way) else {
            return Outcome::SessionEnded;
        };
        if let Some(flight) = session.flight.get(&number) {
            return match (
                &flight.delivery,
                flight.sent && session.connection.is_some(),
            ) {
                (None, _) => Outcome::Received,
                (Some(_), true) => Outcome::Unacknowledged,
                // It is sent again once the client is back.
                (Some(_), false) => Outcome::Waits,
            };
        }
        let queued = session
            .queue
            .binary_search_by_key(&number, |(number, _)| *number);
        match (queued, way.qos) {
            (Ok(_), _) => Outcome::Waits,
            (Err(_), Qos::AtMostOnce) => Outcome::Sent,
            (Err(_), _) => Outcome::Acknowledged,
        }
    }

    /// What has an outcome of its own, and what would go now.
    fn without_number(&self, way: &Way) -> Outcome {
        if way.outcome != Outcome::WouldGo {
            return way.outcome;
        }
        match self.session_of(way) {
            Some(session) if session.connection.is_none() && way.qos == Qos::AtMostOnce => {
                Outcome::Away
            }
            _ => Outcome::WouldGo,
        }
    }
}

fn retained_told(message: &Message) -> inside::Retained {
    inside::Retained {
        topic: name(&message.topic),
        size: message.payload.len() as u64,
        qos: message.qos,
        at: message.arrived,
        from: message.from.as_deref().map(name),
        expires: message.expires(),
    }
}

/// As far as they are known where messages pass: retain handling is of the moment of subscribing.
fn options(asked: Asked) -> SubscribeOptions {
    SubscribeOptions {
        qos: asked.qos,
        no_local: asked.no_local,
        retain_as_published: asked.retain_as_published,
        retain_handling: RetainHandling::default(),
    }
}

fn amount((count, bytes): (usize, usize)) -> Amount {
    Amount {
        count: count as u64,
        bytes: bytes as u64,
    }
}

fn listed<T>(shown: impl IntoIterator<Item = T>, left_out: usize) -> Listed<T> {
    Listed {
        shown: shown.into_iter().collect(),
        left_out: left_out as u64,
    }
}
