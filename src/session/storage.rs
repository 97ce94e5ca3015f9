//! What is known of the session's records in storage: whether the session is stored at all, and which records there
//! are. Writes nothing itself: it returns changes, which [`super::persisting`] passes on.
//!
//! When the user ends the connection, the session is left to storage until another connection restores it. A copy
//! ([`Parked`]) stays in memory for one case only: that storage reports a failure later.

use std::collections::{BTreeMap, BTreeSet};

use super::Change;
use super::in_flight::InFlight;
use super::queue::Queue;
use super::received::Received;
use super::records::{self, BrokerSubscription};
use super::settings::FIRST_RESTORED;

/// Whether the session is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StorageState {
    /// No: it ends with the connection or with the page, or there is none.
    #[default]
    Off,
    /// Yes.
    On,
    /// It should be, but storage failed: it is kept in memory only, until the next [`super::Input::Connect`]. Holds the
    /// browser's error message.
    Failed(String),
}

/// See the head of the file.
#[derive(Debug, Default)]
pub(super) struct Storage {
    state: StorageState,
    parked: Option<Box<Parked>>,
    /// The number of the latest message.
    last_message: u64,
    /// How many publications were restored; their numbers are counted from [`FIRST_RESTORED`].
    restored: u32,
    /// The record of the session itself is there.
    session: bool,
    /// The client identifier, if the broker assigned it.
    assigned: Option<String>,
    /// The subscriptions that are there, with their keys, by filter.
    subscriptions: BTreeMap<String, (u64, BrokerSubscription)>,
    /// The number of the latest subscription.
    last_subscription: u64,
}

/// A session that was left to storage.
#[derive(Debug)]
pub(super) struct Parked {
    pub queue: Queue,
    pub in_flight: InFlight,
    pub received: Received,
    subscriptions: Vec<BrokerSubscription>,
    /// Filters that the user has given up since. In storage they are still subscriptions.
    given_up: BTreeSet<String>,
}

impl Parked {
    pub(super) fn new(
        queue: Queue,
        in_flight: InFlight,
        received: Received,
        subscriptions: Vec<BrokerSubscription>,
    ) -> Self {
        Self {
            queue,
            in_flight,
            received,
            subscriptions,
            given_up: BTreeSet::new(),
        }
    }

    /// What the broker holds, with `leaving` set for filters that were given up since.
    pub(super) fn take_subscriptions(&mut self) -> Vec<BrokerSubscription> {
        let mut subscriptions = std::mem::take(&mut self.subscriptions);
        for subscription in &mut subscriptions {
            subscription.leaving |= self.given_up.contains(&subscription.filter);
        }
        subscriptions
    }
}

/// What has to be done when storage has failed.
#[derive(Debug)]
pub(super) enum Failed {
    /// Nothing: the session was not stored.
    Nothing,
    /// Nothing: the session is in memory.
    InMemory,
    /// Take the session back into memory.
    TakeBack(Box<Parked>),
}

impl Storage {
    pub(super) fn state(&self) -> &StorageState {
        &self.state
    }

    /// The session is stored.
    pub(super) fn is_on(&self) -> bool {
        self.state == StorageState::On
    }

    /// The user asks for a connection whose session is to be stored, or not.
    pub(super) fn switch(&mut self, on: bool) {
        self.state = if on {
            StorageState::On
        } else {
            StorageState::Off
        };
    }

    /// The session is left to storage.
    pub(super) fn park(&mut self, parked: Parked) {
        self.state = StorageState::Off;
        self.parked = Some(Box::new(parked));
    }

    /// The session that was left to storage was restored from there, or no longer matters.
    pub(super) fn leave_parked(&mut self) {
        self.parked = None;
    }

    /// The user wants this filter, or gives it up. Recorded if the session is left to storage.
    pub(super) fn note_wish(&mut self, filter: &str, wanted: bool) {
        if self.state != StorageState::Off {
            return;
        }
        let Some(parked) = &mut self.parked else {
            return;
        };
        let mut kept = parked.subscriptions.iter();
        if wanted {
            parked.given_up.remove(filter);
        } else if kept.any(|kept| kept.filter == filter) {
            parked.given_up.insert(filter.to_owned());
        }
    }

    /// Storage has failed.
    pub(super) fn fail(&mut self, detail: String) -> Failed {
        let failed = match self.parked.take() {
            Some(parked) => Failed::TakeBack(parked),
            None if self.is_on() => Failed::InMemory,
            None => return Failed::Nothing,
        };
        self.state = StorageState::Failed(detail);
        failed
    }

    /// The key of a new message: higher than that of any before it.
    pub(super) fn next_key(&mut self) -> u64 {
        self.last_message += 1;
        records::outgoing_key(self.last_message)
    }

    /// There is no session any more.
    pub(super) fn forget(&mut self) {
        self.session = false;
        self.assigned = None;
        self.subscriptions.clear();
    }

    /// Everything is written anew. The client identifier that the broker assigned is kept.
    pub(super) fn begin_anew(&mut self) {
        self.session = false;
        self.subscriptions.clear();
    }

    /// There is a session, under this client identifier if the broker has assigned one. `None`: this is already
    /// recorded.
    pub(super) fn record_session(&mut self, assigned: Option<String>) -> Option<Change> {
        if self.session {
            return None;
        }
        self.session = self.is_on();
        if assigned.is_some() {
            self.assigned = assigned;
        }
        Some(records::session(self.assigned.as_deref()))
    }

    /// The changes that bring the records in line with these subscriptions of the broker.
    pub(super) fn record_subscriptions(
        &mut self,
        at_broker: impl Iterator<Item = BrokerSubscription>,
    ) -> Vec<Change> {
        // Not `collect`: it sorts first, which adds 4 kB to the program.
        let mut wanted: BTreeMap<String, BrokerSubscription> = BTreeMap::new();
        wanted.extend(at_broker.map(|one| (one.filter.clone(), one)));
        let mut changes = Vec::new();
        self.subscriptions.retain(|filter, (key, _)| {
            let stays = wanted.contains_key(filter);
            if !stays {
                changes.push(Change::Remove { key: *key });
            }
            stays
        });
        for (filter, subscription) in wanted {
            let key = match self.subscriptions.get(&filter) {
                Some((_, there)) if *there == subscription => continue,
                Some((key, _)) => *key,
                None => {
                    self.last_subscription += 1;
                    records::subscription_key(self.last_subscription)
                }
            };
            changes.push(records::subscription(key, &subscription));
            self.subscriptions.insert(filter, (key, subscription));
        }
        changes
    }

    /// The record of the session was read.
    pub(super) fn found_session(&mut self, assigned: Option<String>) {
        self.session = true;
        self.assigned = assigned;
    }

    /// The record of a message was read. Returns a number for its publication.
    pub(super) fn found_message(&mut self, key: u64) -> u32 {
        self.last_message = self.last_message.max(records::number(key));
        let number = FIRST_RESTORED | self.restored;
        self.restored = self.restored.wrapping_add(1) & !FIRST_RESTORED;
        number
    }

    /// The record of a subscription was read. Returns the subscription, with `leaving` set if it was given up since;
    /// `None`: there already is one with this filter.
    pub(super) fn found_subscription(
        &mut self,
        key: u64,
        subscription: BrokerSubscription,
    ) -> Option<BrokerSubscription> {
        if self.subscriptions.contains_key(&subscription.filter) {
            return None;
        }
        self.last_subscription = self.last_subscription.max(records::number(key));
        let mut now = subscription.clone();
        let parked = self.parked.as_ref();
        now.leaving |= parked.is_some_and(|parked| parked.given_up.contains(&subscription.filter));
        self.subscriptions
            .insert(subscription.filter.clone(), (key, subscription));
        Some(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Qos, SubscribeOptions};

    fn subscription(filter: &str) -> BrokerSubscription {
        BrokerSubscription {
            filter: filter.to_owned(),
            options: SubscribeOptions::default(),
            identifier: None,
            granted: Some(Qos::AtMostOnce),
            leaving: false,
        }
    }

    fn parked(filter: &str) -> Parked {
        let (queue, in_flight) = (Queue::default(), InFlight::default());
        Parked::new(
            queue,
            in_flight,
            Received::new(),
            vec![subscription(filter)],
        )
    }

    #[test]
    fn a_failure_is_told_where_something_was_kept_and_once() {
        let mut storage = Storage::default();
        assert!(matches!(storage.fail("a".to_owned()), Failed::Nothing));
        assert_eq!(storage.state(), &StorageState::Off);
        storage.switch(true);
        assert!(matches!(storage.fail("b".to_owned()), Failed::InMemory));
        assert!(matches!(storage.fail("c".to_owned()), Failed::Nothing));
        assert_eq!(storage.state(), &StorageState::Failed("b".to_owned()));
    }

    #[test]
    fn what_was_left_to_storage_comes_back_with_what_was_given_up_since() {
        let mut storage = Storage::default();
        storage.switch(true);
        storage.park(parked("a"));
        assert!(!storage.is_on());
        storage.note_wish("b", false);
        storage.note_wish("a", false);
        let Failed::TakeBack(mut parked) = storage.fail(String::new()) else {
            panic!("nothing was left");
        };
        let leaving: Vec<bool> = parked
            .take_subscriptions()
            .iter()
            .map(|subscription| subscription.leaving)
            .collect();
        assert_eq!(leaving, [true]);
        assert!(matches!(storage.fail(String::new()), Failed::Nothing));
    }

    #[test]
    fn what_was_given_up_is_not_found_again_as_wanted() {
        let mut storage = Storage::default();
        storage.park(parked("a"));
        storage.note_wish("a", false);
        storage.switch(true);
        // No longer recorded, because the session is in memory again.
        storage.note_wish("a", true);
        let key = records::subscription_key(7);
        let found = storage.found_subscription(key, subscription("a"));
        assert!(found.is_some_and(|found| found.leaving));
        assert!(storage.found_subscription(key, subscription("a")).is_none());
        // The record was written with the same content, so nothing changes.
        assert_eq!(
            storage.record_subscriptions([subscription("a")].into_iter()),
            []
        );
        let changes = storage.record_subscriptions([subscription("b")].into_iter());
        let next = records::subscription_key(8);
        let expected = [
            Change::Remove { key },
            records::subscription(next, &subscription("b")),
        ];
        assert_eq!(changes, expected);
    }

    #[test]
    fn the_record_of_the_session_is_written_once_and_keeps_the_name_that_the_broker_gave() {
        let mut storage = Storage::default();
        storage.switch(true);
        let name = || Some("given".to_owned());
        assert_eq!(
            storage.record_session(name()),
            Some(records::session(Some("given")))
        );
        assert_eq!(storage.record_session(None), None);
        storage.begin_anew();
        assert_eq!(
            storage.record_session(None),
            Some(records::session(Some("given")))
        );
        storage.forget();
        assert_eq!(storage.record_session(None), Some(records::session(None)));
    }

    #[test]
    fn keys_go_up_over_pages_and_numbers_stay_above_the_callers() {
        let mut storage = Storage::default();
        assert_eq!(
            storage.found_message(records::outgoing_key(9)),
            FIRST_RESTORED
        );
        assert_eq!(
            storage.found_message(records::outgoing_key(4)),
            FIRST_RESTORED + 1
        );
        assert_eq!(storage.next_key(), records::outgoing_key(10));
        storage.restored = !FIRST_RESTORED;
        assert_eq!(storage.found_message(0), u32::MAX);
        assert_eq!(storage.found_message(0), FIRST_RESTORED);
    }
}
