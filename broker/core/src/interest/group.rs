//! Shared subscriptions: who of a group is next.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Asked;
use crate::slab::Key;

/// The members of a shared subscription (MQTT 5 section 4.8.2).
#[derive(Debug)]
pub struct Group {
    /// As its members subscribed to it, with the group's name.
    pub filter: Arc<str>,
    pub members: BTreeMap<Key, Asked>,
    /// Those that are connected.
    pub live: BTreeSet<Key>,
    /// Whose turn is after this one.
    pub last: Key,
}

impl Group {
    pub fn new(filter: &str) -> Self {
        Self {
            filter: filter.into(),
            members: BTreeMap::new(),
            live: BTreeSet::new(),
            last: Key::default(),
        }
    }

    /// The member whose turn it is: of those that are connected if there are any.
    pub fn next(&self) -> Option<(Key, Asked)> {
        let above = self.last.saturating_add(1);
        let live = self.live.range(above..).chain(self.live.iter()).copied();
        let any = self.members.range(above..).chain(self.members.iter());
        let key = live.chain(any.map(|(key, _)| *key)).next()?;
        Some((key, *self.members.get(&key)?))
    }
}
