//! Subscribes to the filters of an earlier visit or of a saved connection. Those that are subscribed already are not
//! requested again, so that no retained message comes twice.

use super::Engine;
use crate::{protocol::SubscribeRequest, session::Input};

impl Engine {
    /// Subscribes to those of these filters that are not subscribed yet. `only`: unsubscribes from all others.
    pub(super) fn resubscribe(&mut self, now: u64, filters: Vec<SubscribeRequest>, only: bool) {
        let present = self.session.subscriptions();
        let others = present
            .iter()
            .filter(|one| only && !filters.iter().any(|wanted| wanted.filter == one.filter));
        let others: Vec<String> = others.map(|one| one.filter.clone()).collect();
        let is_there = |wanted: &SubscribeRequest| {
            present.iter().any(|one| {
                one.filter == wanted.filter
                    && one.options == wanted.options
                    && one.identifier == wanted.identifier
            })
        };
        let missing: Vec<_> = filters
            .into_iter()
            .filter(|wanted| !is_there(wanted))
            .collect();
        for other in others {
            self.tell(now, Input::Unsubscribe(other));
        }
        if !missing.is_empty() {
            self.tell(now, Input::Subscribe(missing));
        }
        self.follow_subscriptions();
    }
}
