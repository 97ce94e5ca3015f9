//! What the session at the broker holds of subscriptions, over connections and pages (MQTT 3.1.1 and 5 section 4.1).
//! Knows no storage: it is told what is there, and says what belongs there.

use super::super::records::BrokerSubscription;
use super::{Grant, Holding, Leaving, Subscription, Subscriptions};
use crate::protocol::SubscribeOptions;

impl Subscriptions {
    /// What storage says that the broker holds. What an earlier page wanted is wanted here too, until the user gives it up:
    /// the broker goes on sending it, and a page that hid that would show messages from nowhere. Where the session goes on
    /// it is not asked for again.
    pub(in super::super) fn remember(&mut self, held: BrokerSubscription) {
        let wanted = self
            .wanted
            .iter_mut()
            .find(|wanted| wanted.filter == held.filter);
        match wanted {
            Some(wanted) if held.leaving => wanted.held = Holding::Perhaps,
            Some(wanted) => wanted.held = wanted.holding(&held),
            None if held.leaving => self.leaving.push(Leaving {
                filter: held.filter,
                asked_by: None,
                refused: false,
                strikes: 0,
                until: 0,
            }),
            None => self.wanted.push(Subscription {
                held: held.granted.map_or(Holding::Perhaps, Holding::Granted),
                filter: held.filter,
                options: held.options,
                identifier: held.identifier,
                grant: Grant::Asleep,
                reason: None,
                asked_by: None,
                strikes: 0,
                until: 0,
            }),
        }
    }

    /// All that the broker holds or may hold. Of two with one filter, the later counts.
    pub(in super::super) fn held(&self) -> impl Iterator<Item = BrokerSubscription> {
        let wanted = self.wanted.iter().filter_map(|wanted| {
            let granted = match wanted.held {
                Holding::Nothing => return None,
                Holding::Perhaps => None,
                Holding::Granted(qos) => Some(qos),
            };
            Some(BrokerSubscription {
                filter: wanted.filter.clone(),
                options: wanted.options,
                identifier: wanted.identifier,
                granted,
                leaving: false,
            })
        });
        let leaving = self.leaving.iter().map(|leaving| BrokerSubscription {
            filter: leaving.filter.clone(),
            options: SubscribeOptions::default(),
            identifier: None,
            granted: None,
            leaving: true,
        });
        wanted.chain(leaving)
    }

    /// The broker kept the session: what it holds in the way that is wanted is not asked for again.
    pub(in super::super) fn resume(&mut self) {
        for wanted in &mut self.wanted {
            if let Holding::Granted(qos) = wanted.held {
                wanted.grant = Grant::Granted(qos);
            }
        }
    }

    /// The broker may have kept the session, and has no word for it: everything is asked for again.
    pub(in super::super) fn doubt(&mut self) {
        for wanted in &mut self.wanted {
            if wanted.held != Holding::Nothing {
                wanted.held = Holding::Perhaps;
            }
        }
    }

    /// SUBSCRIBE is about to be sent for all that was not asked for: from then on the broker may hold it.
    pub(in super::super) fn about_to_ask(&mut self) {
        for wanted in &mut self.wanted {
            if wanted.grant == Grant::Asleep {
                wanted.held = Holding::Perhaps;
            }
        }
    }

    /// The broker holds nothing.
    pub(in super::super) fn forget_held(&mut self) {
        self.leaving.clear();
        for wanted in &mut self.wanted {
            wanted.held = Holding::Nothing;
        }
    }
}

impl Subscription {
    /// What this means for what is wanted.
    pub(super) fn holding(&self, held: &BrokerSubscription) -> Holding {
        match held.granted {
            Some(qos) if (held.options, held.identifier) == (self.options, self.identifier) => {
                Holding::Granted(qos)
            }
            _ => Holding::Perhaps,
        }
    }
}
