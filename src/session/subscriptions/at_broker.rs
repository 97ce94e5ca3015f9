//! Which subscriptions the session at the broker has, over several connections and pages (MQTT 3.1.1 and 5 section
//! 4.1). Knows no storage: its caller reads and writes the records.

use super::super::records::BrokerSubscription;
use super::{AtBroker, Grant, Leaving, Subscription, Subscriptions};
use crate::protocol::SubscribeOptions;

impl Subscriptions {
    /// Restores a subscription that the broker has according to storage. It becomes part of the list until the user
    /// ends it: the broker continues to send its messages, so hiding it would leave them unexplained. It is not
    /// requested again if the session is resumed.
    pub(in super::super) fn remember(&mut self, stored: BrokerSubscription) {
        let wanted = self
            .wanted
            .iter_mut()
            .find(|wanted| wanted.filter == stored.filter);
        match wanted {
            Some(wanted) if stored.leaving => wanted.at_broker = AtBroker::Perhaps,
            Some(wanted) => wanted.at_broker = wanted.compared(&stored),
            None if stored.leaving => self.leaving.push(Leaving {
                filter: stored.filter,
                asked_by: None,
                refused: false,
                strikes: 0,
                until: 0,
            }),
            None => self.wanted.push(Subscription {
                at_broker: stored.granted.map_or(AtBroker::Perhaps, AtBroker::Granted),
                filter: stored.filter,
                options: stored.options,
                identifier: stored.identifier,
                grant: Grant::Asleep,
                reason: None,
                asked_by: None,
                strikes: 0,
                until: 0,
            }),
        }
    }

    /// All subscriptions that the broker has or may have. Of two with one filter, the later counts.
    pub(in super::super) fn at_broker(&self) -> impl Iterator<Item = BrokerSubscription> {
        let wanted = self.wanted.iter().filter_map(|wanted| {
            let granted = match wanted.at_broker {
                AtBroker::Nothing => return None,
                AtBroker::Perhaps => None,
                AtBroker::Granted(qos) => Some(qos),
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

    /// The broker kept the session: subscriptions that it has as wanted are not requested again.
    pub(in super::super) fn resume(&mut self) {
        for wanted in &mut self.wanted {
            if let AtBroker::Granted(qos) = wanted.at_broker {
                wanted.grant = Grant::Granted(qos);
            }
        }
    }

    /// It is uncertain what the broker has, so everything is requested again.
    pub(in super::super) fn doubt(&mut self) {
        for wanted in &mut self.wanted {
            if wanted.at_broker != AtBroker::Nothing {
                wanted.at_broker = AtBroker::Perhaps;
            }
        }
    }

    /// SUBSCRIBE is about to be sent for everything that is due: from then on the broker may have it.
    pub(in super::super) fn about_to_ask(&mut self) {
        for wanted in &mut self.wanted {
            if wanted.grant == Grant::Asleep {
                wanted.at_broker = AtBroker::Perhaps;
            }
        }
    }

    /// The broker has no subscriptions.
    pub(in super::super) fn forget_at_broker(&mut self) {
        self.leaving.clear();
        for wanted in &mut self.wanted {
            wanted.at_broker = AtBroker::Nothing;
        }
    }
}

impl Subscription {
    /// What a stored subscription means for this one.
    pub(super) fn compared(&self, stored: &BrokerSubscription) -> AtBroker {
        match stored.granted {
            Some(qos) if (stored.options, stored.identifier) == (self.options, self.identifier) => {
                AtBroker::Granted(qos)
            }
            _ => AtBroker::Perhaps,
        }
    }
}
