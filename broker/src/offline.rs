//! Sessions that are kept while their clients are away: how many, and which of them ends when there are too many.
//!
//! rmqtt holds the connection's file descriptor as long as the session, so that without a bound they use up those of the
//! whole process.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rmqtt::types::ClientId;

/// Who is away, in the order of leaving.
#[derive(Default)]
pub(crate) struct Away(Mutex<Order>);

#[derive(Default)]
struct Order {
    next: u64,
    left: BTreeMap<u64, ClientId>,
    places: HashMap<ClientId, u64>,
}

impl Away {
    /// This client's session is kept. Gives those that are too many then, the longest away first.
    pub(crate) fn leave(&self, client: &ClientId, most: usize) -> Vec<ClientId> {
        let mut order = self.lock();
        order.remove(client);
        let place = order.next;
        order.next += 1;
        order.left.insert(place, client.clone());
        order.places.insert(client.clone(), place);
        let mut too_many = Vec::new();
        while order.left.len() > most {
            let Some((_, oldest)) = order.left.pop_first() else {
                break;
            };
            order.places.remove(&oldest);
            too_many.push(oldest);
        }
        too_many
    }

    /// This client is back, or its session has ended.
    pub(crate) fn forget(&self, client: &str) {
        self.lock().remove(client);
    }

    #[cfg(test)]
    fn has(&self, client: &str) -> bool {
        let order = self.lock();
        !order.places.is_empty() && order.places.contains_key(client)
    }

    fn lock(&self) -> MutexGuard<'_, Order> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Order {
    fn remove(&mut self, client: &str) {
        if let Some(place) = self.places.remove(client) {
            self.left.remove(&place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_that_is_away_the_longest_ends_first() {
        let away = Away::default();
        let id = |name: &'static str| ClientId::from_static(name);
        assert!(away.leave(&id("a"), 2).is_empty());
        assert!(away.leave(&id("b"), 2).is_empty());
        // Back and away again: now the last.
        away.forget("a");
        assert!(!away.has("a"));
        assert!(away.leave(&id("a"), 2).is_empty());
        assert_eq!(away.leave(&id("c"), 2), [id("b")]);
        assert!(away.has("a") && away.has("c") && !away.has("b"));
    }
}
