//! What is noted of a message on its way while somebody watches. While nobody does, none of this is reached.

use midge::inside::{MATCHED, Outcome, REACHED, name};
use midge::protocol::Qos;

use crate::interest::{Asked, parts};
use crate::message::Message;
use crate::session::Delivery;
use crate::slab::Key;
use crate::state::{State, Timer};
use crate::watch::{Hit, Noted, PATIENCE, Watch, Way};

/// Subscriptions that are looked at for one message: so many as all its ways can have.
const HITS: usize = REACHED * MATCHED;

impl State {
    /// Somebody watches, for a while from now.
    pub fn watch(&mut self) {
        let until = self.now + PATIENCE;
        let old = self.watch.as_ref().map(|watch| watch.until);
        self.watch.get_or_insert_with(Box::<Watch>::default).until = until;
        self.time(Timer::Watch, old, Some(until));
    }

    /// Nobody has asked for a while.
    pub fn stop_watching(&mut self) {
        self.watch = None;
    }

    /// The message that is published next comes from the broker, or is a will.
    pub fn trace_pending(&mut self, message: &Message) {
        if let Some(watch) = &mut self.watch {
            watch.next_is_will = message.from.is_some();
        }
    }

    /// Notes a message that is about to be given to everyone it is for. `true`: what becomes of it is to be noted.
    #[cold]
    pub fn begin_trace(&mut self, message: &Message) -> bool {
        let (ways, left_out) = self.ways(&message.topic, message.from.as_deref());
        let Some(watch) = &mut self.watch else {
            return false;
        };
        let is_will = std::mem::take(&mut watch.next_is_will);
        // What the broker says of itself, and nobody hears, is no news.
        if message.from.is_none() && ways.is_empty() {
            return false;
        }
        let mut noted = Noted::new(message, name(&message.topic).into(), is_will);
        noted.left_out = left_out;
        noted.to = ways;
        for way in &mut noted.to {
            way.qos = way.qos.min(message.qos);
        }
        watch.note(noted);
        true
    }

    /// Whom a message of this topic is for, and by which subscriptions; and for how many more. Nobody has had a turn by it.
    pub fn ways(&mut self, topic: &str, from: Option<&str>) -> (Vec<Way>, usize) {
        let mut hits = Vec::new();
        let mut left_out = 0;
        self.interest
            .matching(topic, false, |group, key, asked, node| {
                if hits.len() < HITS {
                    let group = group.and_then(|shared| parts(shared).0);
                    hits.push((group.map(Box::from), key, asked, node));
                } else {
                    left_out += 1;
                }
            });
        let mut ways: Vec<Way> = Vec::new();
        for (group, key, asked, node) in hits {
            let Some(session) = self.sessions.get(key) else {
                continue;
            };
            let is_shared = group.is_some();
            // [MQTT-3.8.3-3]
            let is_kept_back = asked.no_local && from == Some(&*session.person.client_id);
            let hit = Hit {
                filter: name(&self.interest.filter(node)).into(),
                group,
                asked,
            };
            let same = ways
                .iter()
                .position(|way| way.session == key && !way.is_shared && !is_shared);
            match same {
                Some(at) => {
                    if let Some(way) = ways.get_mut(at) {
                        way.add(hit, is_kept_back);
                    }
                }
                None if ways.len() < REACHED => ways.push(Way {
                    session: key,
                    serial: session.serial,
                    client_id: session.person.client_id.clone(),
                    is_shared,
                    as_retained: false,
                    qos: asked.qos,
                    outcome: match is_kept_back {
                        true => Outcome::NoLocal,
                        false => Outcome::WouldGo,
                    },
                    hits: vec![hit],
                    left_out: 0,
                    number: None,
                }),
                None => left_out += 1,
            }
        }
        (ways, left_out)
    }

    /// The last message that was noted is this far on its way to this client.
    #[cold]
    pub fn trace_outcome(&mut self, key: Key, is_shared: bool, outcome: Outcome) {
        let number = self.last_number(key, outcome);
        let Some(noted) = self.watch.as_mut().and_then(|watch| watch.last_mut()) else {
            return;
        };
        // A client may be a member of more than one group: each way is another delivery.
        let way = noted.to.iter_mut().find(|way| {
            way.session == key && way.is_shared == is_shared && way.outcome == Outcome::WouldGo
        });
        if let Some(way) = way {
            way.outcome = outcome;
            way.number = number;
        }
    }

    /// The number that the session's last delivery was given.
    fn last_number(&self, key: Key, outcome: Outcome) -> Option<u64> {
        matches!(outcome, Outcome::Unacknowledged | Outcome::Waits)
            .then(|| self.sessions.get(key)?.next_number.checked_sub(1))
            .flatten()
    }

    /// A retained message is sent to a new subscription.
    #[cold]
    pub fn trace_retained(&mut self, key: Key, delivery: &Delivery, filter: &str) {
        let (Some(session), Some(watch)) = (self.sessions.get(key), &mut self.watch) else {
            return;
        };
        let found = session.filters.get(filter);
        let is_acknowledged = delivery.qos != Qos::AtMostOnce;
        let way = Way {
            session: key,
            serial: session.serial,
            client_id: session.person.client_id.clone(),
            is_shared: false,
            as_retained: true,
            hits: found
                .map(|(options, id)| Hit {
                    filter: name(filter).into(),
                    group: None,
                    asked: Asked::new(*options, *id),
                })
                .into_iter()
                .collect(),
            left_out: 0,
            qos: delivery.qos,
            outcome: match is_acknowledged {
                true => Outcome::Unacknowledged,
                false => Outcome::Sent,
            },
            number: is_acknowledged.then_some(session.next_number),
        };
        watch.change(delivery.message.order, |noted| {
            if noted.to.len() < REACHED {
                noted.to.push(way);
            } else {
                noted.left_out += 1;
            }
        });
    }

    /// The member of a shared subscription whose turn it was is passed over for another.
    #[cold]
    pub fn trace_passed_over(&mut self, turn: Key, other: Key, asked: Asked, share: &str) {
        let (Some(session), Some(noted)) = (
            self.sessions.get(other),
            self.watch.as_mut().and_then(|watch| watch.last_mut()),
        ) else {
            return;
        };
        let hit = share_hit(share, asked);
        let way = noted.to.iter_mut().find(|way| {
            let is_this = way.hits.iter().any(|each| each.is_of(&hit));
            way.session == turn && is_this && way.outcome == Outcome::WouldGo
        });
        if let Some(way) = way {
            way.session = other;
            way.serial = session.serial;
            way.client_id = session.person.client_id.clone();
            way.qos = asked.qos.min(noted.qos);
            way.hits = vec![hit];
        }
    }

    /// What a member of a shared subscription has not taken went on to another.
    #[cold]
    pub fn trace_handed_on(
        &mut self,
        key: Key,
        delivery: &Delivery,
        asked: Asked,
        outcome: Outcome,
    ) {
        let number = self.last_number(key, outcome);
        let (Some(session), Some(watch)) = (self.sessions.get(key), &mut self.watch) else {
            return;
        };
        let share = delivery.share.as_deref().unwrap_or_default();
        let way = Way {
            session: key,
            serial: session.serial,
            client_id: session.person.client_id.clone(),
            is_shared: true,
            as_retained: false,
            hits: vec![share_hit(share, asked)],
            left_out: 0,
            qos: delivery.qos,
            outcome,
            number,
        };
        watch.change(delivery.message.order, |noted| {
            if noted.to.len() < REACHED {
                noted.to.push(way);
            } else {
                noted.left_out += 1;
            }
        });
    }

    /// What waited was not sent after all: it had expired, or is larger than the client takes.
    #[cold]
    pub fn trace_unsent(&mut self, key: Key, delivery: &Delivery) {
        let outcome = match delivery.message.remaining(self.now) {
            Err(_) => Outcome::Expired,
            Ok(_) => Outcome::TooLarge,
        };
        self.trace_end(key, delivery, outcome);
    }

    /// What waited for a client will not be sent.
    #[cold]
    pub fn trace_end(&mut self, key: Key, delivery: &Delivery, outcome: Outcome) {
        let Some(watch) = &mut self.watch else {
            return;
        };
        let serial = self.sessions.get(key).map(|session| session.serial);
        watch.change(delivery.message.order, |noted| {
            let mut ways = noted.to.iter_mut();
            let way = ways.find(|way| {
                way.session == key && Some(way.serial) == serial && way.outcome == Outcome::Waits
            });
            if let Some(way) = way {
                way.outcome = outcome;
            }
        });
    }
}

fn share_hit(share: &str, asked: Asked) -> Hit {
    let (group, filter) = parts(share);
    Hit {
        filter: name(filter).into(),
        group: group.map(Box::from),
        asked,
    }
}

impl Hit {
    /// It is of the same shared subscription.
    fn is_of(&self, other: &Hit) -> bool {
        self.group.is_some() && (&self.group, &self.filter) == (&other.group, &other.filter)
    }
}

impl Way {
    /// One more subscription of the client's matches.
    fn add(&mut self, hit: Hit, is_kept_back: bool) {
        if !is_kept_back {
            self.qos = match self.outcome {
                // Those before do not count.
                Outcome::NoLocal => hit.asked.qos,
                _ => self.qos.max(hit.asked.qos),
            };
            self.outcome = Outcome::WouldGo;
        }
        if self.hits.len() < MATCHED {
            self.hits.push(hit);
        } else {
            self.left_out += 1;
        }
    }
}
