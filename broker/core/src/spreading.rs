//! A message goes to whom it is for (section 3.3.4), and is retained if it asks for that.

use std::sync::Arc;

use crate::delivering::Gate;
use crate::interest::Asked;
use crate::message::Message;
use crate::publishing::is_own;
use crate::session::Delivery;
use crate::slab::Key;
use crate::state::{Recipient, State};

/// How many members of a shared subscription are looked at for one that drains.
const OTHERS: usize = 8;

impl State {
    /// Gives a message to everyone it is for. Says how many that were.
    ///
    /// A client whose filters overlap is given one copy, with the highest quality of service that it was granted and with
    /// all its subscription identifiers (MQTT 5 section 3.3.4); one more for each shared subscription.
    pub fn spread(&mut self, message: Arc<Message>) -> usize {
        if message.retain {
            self.retain(&message);
        }
        if self.watch.is_some() && self.begin_trace(&message) {
            self.give::<true>(message)
        } else {
            self.give::<false>(message)
        }
    }

    /// Gives it. `WATCHED`: what becomes of it is noted.
    fn give<const WATCHED: bool>(&mut self, message: Arc<Message>) -> usize {
        self.recipients_of(&message.topic, message.order, message.from.as_deref(), true);
        let mut recipients = std::mem::take(&mut self.recipients);
        let mut shares = std::mem::take(&mut self.shares);
        let count = recipients.len() + shares.len();
        for recipient in recipients.drain(..) {
            let outcome = self.deliver(
                recipient.session,
                Delivery {
                    message: message.clone(),
                    qos: message.qos.min(recipient.qos),
                    retain: message.retain && recipient.retain_as_published,
                    ids: recipient.ids,
                    share: None,
                },
            );
            if WATCHED {
                self.trace_outcome(recipient.session, false, outcome);
            }
        }
        for (session, asked, share) in shares.drain(..) {
            let turn = session;
            let (session, asked) = self.who_drains(turn, asked, &share);
            if WATCHED && session != turn {
                self.trace_passed_over(turn, session, asked, &share);
            }
            let outcome = self.deliver(session, Delivery::shared(&message, asked, share));
            if WATCHED {
                self.trace_outcome(session, true, outcome);
            }
        }
        self.recipients = recipients;
        self.shares = shares;
        count
    }

    /// The member of a shared subscription whose turn it is, or one of the next if its connection is full: what waited behind
    /// a member that hangs, or was dropped for it, another would have done long ago.
    pub fn who_drains(&mut self, session: Key, asked: Asked, share: &str) -> (Key, Asked) {
        if !matches!(self.gate(session), Gate::Owed) {
            return (session, asked);
        }
        for _ in 0..OTHERS {
            match self.interest.turn(share) {
                Some((other, asked)) if matches!(self.gate(other), Gate::Open(_)) => {
                    return (other, asked);
                }
                Some((other, _)) if other != session => {}
                _ => break,
            }
        }
        (session, asked)
    }

    /// Finds who a message of this topic is for. `mark`: a number that was not used for it before. `turns`: members of shared
    /// subscriptions have had their turn by it.
    pub fn recipients_of(&mut self, topic: &str, mark: u64, from: Option<&str>, turns: bool) {
        let Self {
            interest,
            sessions,
            recipients,
            shares,
            ..
        } = self;
        recipients.clear();
        shares.clear();
        interest.matching(topic, turns, |group, key, asked, _| {
            if let Some(group) = group {
                shares.push((key, asked, group.clone()));
                return;
            }
            let Some(session) = sessions.get_mut(key) else {
                return;
            };
            // [MQTT-3.8.3-3]
            if asked.no_local && from == Some(&*session.person.client_id) {
                return;
            }
            let (last, at) = session.mark;
            if last == mark
                && let Some(recipient) = recipients.get_mut(at)
            {
                join(recipient, asked);
                return;
            }
            session.mark = (mark, recipients.len());
            recipients.push(Recipient {
                session: key,
                qos: asked.qos,
                retain_as_published: asked.retain_as_published,
                ids: asked.id.into(),
            });
        });
    }

    fn retain(&mut self, message: &Arc<Message>) {
        if message.payload.is_empty() {
            // [MQTT-3.3.1-6], [MQTT-3.3.1-7]
            if is_own(&message.topic)
                && let Some(old) = self.retained.get(&message.topic)
            {
                self.own_retained.0 -= 1;
                self.own_retained.1 -= old.size();
            }
            if self.retained.remove(&message.topic) {
                self.forget_retained(&message.topic);
            }
        } else if self.has_room_to_retain(message) {
            if is_own(&message.topic) {
                let old = self.retained.get(&message.topic);
                self.own_retained.0 += usize::from(old.is_none());
                self.own_retained.1 += message.size();
                self.own_retained.1 -= old.map_or(0, |old| old.size());
            }
            self.retained.set(message.clone());
            self.store_retained(message);
        }
        self.time_retained();
    }

    /// Whether a message may be retained within the limits.
    pub fn has_room_to_retain(&self, message: &Message) -> bool {
        // The broker's figures are few, and are kept whatever clients keep.
        if message.payload.is_empty() || is_own(&message.topic) {
            return true;
        }
        let limits = &self.settings.limits;
        let old = self.retained.get(&message.topic);
        let (own, own_bytes) = self.own_retained;
        let old_bytes = old.map_or(0, |old| old.size());
        let bytes = self.retained.bytes() - own_bytes - old_bytes + message.size();
        let count = self.retained.len() - own + usize::from(old.is_none());
        bytes <= limits.retained_bytes && count <= limits.retained
    }
}

fn join(recipient: &mut Recipient, asked: Asked) {
    recipient.qos = recipient.qos.max(asked.qos);
    recipient.retain_as_published |= asked.retain_as_published;
    recipient.ids.push(asked.id);
}
