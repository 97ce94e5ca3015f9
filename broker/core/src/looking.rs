//! Retained messages for a new subscription: looked for a few at a time, as the client takes them.

use midge::protocol::Qos;

use crate::delivering::Gate;
use crate::interest::Asked;
use crate::retained::Found;
use crate::session::{Delivery, Looking};
use crate::slab::Key;
use crate::state::State;

impl State {
    /// Begins to look for the retained messages of a new subscription.
    pub fn begin_to_look(&mut self, key: Key, filter: &str, asked: Asked) {
        self.stop_looking(key, filter);
        let scan = self.retained.scan(filter);
        let before = self.order;
        if let Some(session) = self.sessions.get_mut(key) {
            session.looking.push_back(Looking {
                filter: filter.into(),
                asked,
                scan,
                before,
            });
        }
    }

    pub fn stop_looking(&mut self, key: Key, filter: &str) {
        if let Some(session) = self.sessions.get_mut(key)
            && let Some(at) = session
                .looking
                .iter()
                .position(|looking| *looking.filter == *filter)
            && let Some(looking) = session.looking.remove(at)
        {
            self.retained.end(looking.scan);
        }
    }

    /// Looks at one more retained message.
    pub fn look(&mut self, key: Key) -> bool {
        let Gate::Open(at) = self.gate(key) else {
            return false;
        };
        let Some(session) = self.sessions.get_mut(key) else {
            return false;
        };
        let Some(looking) = session.looking.front_mut() else {
            return false;
        };
        // Steps without a find are many and cheap; the owner gets its turn all the same.
        loop {
            self.budget = self.budget.saturating_sub(1);
            let message = match self.retained.next(&mut looking.scan) {
                Found::Message(message) => message,
                Found::Nothing if self.budget == 0 => return true,
                Found::Nothing => continue,
                Found::End => {
                    if let Some(looking) = session.looking.pop_front() {
                        self.retained.end(looking.scan);
                    }
                    return true;
                }
            };
            let asked = looking.asked;
            let is_own = message.from.as_ref() == Some(&session.person.client_id);
            if message.order > looking.before
                || message.remaining(self.now).is_err()
                || (asked.no_local && is_own)
                || !self.access.may_receive(&session.person, &message.topic)
            {
                if self.budget == 0 {
                    return true;
                }
                continue;
            }
            let delivery = Delivery {
                qos: message.qos.min(asked.qos),
                retain: true,
                ids: asked.id.into(),
                share: None,
                message,
            };
            if self.watch.is_some() {
                let filter = looking.filter.clone();
                self.trace_retained(key, &delivery, &filter);
            }
            if delivery.qos == Qos::AtMostOnce {
                self.put(key, at, &delivery, 0, false);
            } else {
                self.launch(key, at, delivery, None);
            }
            return true;
        }
    }
}
