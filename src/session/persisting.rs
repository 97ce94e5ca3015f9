//! How the session outlives the page: when its records are written to storage, and how they are restored. Changes are
//! [`super::Output::Store`], before the packets that depend on them. [`super::storage`] knows what storage holds,
//! [`super::records`] the format.

use super::held_back::Held;
use super::in_flight::Released;
use super::outbox::{Outbox, Queued};
use super::queue::Publication;
use super::received::Received;
use super::records::{self, Record};
use super::state::State;
use super::storage::{Failed, Parked, Storage};
use super::{Change, Event, Settings};

impl State {
    /// Changes storage, if the session is kept there.
    pub(super) fn store(&mut self, change: impl FnOnce() -> Change) {
        store(&self.storage, &mut self.outbox, change);
    }

    pub(super) fn unstore(&mut self, key: u64) {
        self.store(|| Change::Remove { key });
    }

    /// Storage has failed. What was left to it at the end of the last connection is taken back into memory, unless
    /// another connection has resumed it meanwhile.
    pub(super) fn storage_failed(&mut self, detail: String) {
        match self.storage.fail(detail.clone()) {
            Failed::Nothing => return,
            Failed::InMemory => {}
            Failed::TakeBack(parked) => self.take_back(*parked),
        }
        self.say(Event::StorageFailed { detail });
    }

    fn take_back(&mut self, mut parked: Parked) {
        for subscription in parked.take_subscriptions() {
            self.owed.subscriptions_mut().remember(subscription);
        }
        self.owed.unpark(parked.queue, parked.in_flight);
        self.received = parked.received;
        self.broker_session.establish();
    }

    /// The session ends with this connection, as the user or the broker decided (MQTT 3.1.1 section 3.1.2.4, MQTT 5
    /// section 3.1.2.11.2).
    pub(super) fn session_ends(&self) -> bool {
        self.settings.is_some() && self.broker_session.ends()
    }

    /// Part of a session is in memory.
    pub(super) fn at_hand(&self) -> bool {
        self.broker_session.is_known() || !self.owed.has_no_messages()
    }

    /// The user ends the connection: leaves the session to storage, where the next connection finds it, maybe from
    /// another page.
    pub(super) fn park(&mut self) {
        if !self.storage.is_on() {
            return;
        }
        let (queue, in_flight) = self.owed.park();
        let received = std::mem::replace(&mut self.received, Received::new());
        let subscriptions = self.owed.subscriptions().at_broker().collect();
        self.storage
            .park(Parked::new(queue, in_flight, received, subscriptions));
        self.forget();
    }

    /// Forgets the session.
    pub(super) fn forget(&mut self) {
        self.received.clear();
        self.owed.subscriptions_mut().forget_at_broker();
        self.broker_session.forget();
        self.storage.forget();
    }

    /// The user asks for a connection with these settings. `at_hand`: its session is in memory, and newer than in
    /// storage.
    pub(super) fn take_up_storage(
        &mut self,
        settings: &mut Settings,
        stored: Vec<(u64, Vec<u8>)>,
        at_hand: bool,
    ) {
        if !at_hand {
            self.discard_session();
        }
        self.storage.switch(settings.outlives_page());
        if self.storage.is_on() {
            if at_hand {
                self.store_all();
            } else {
                self.restore(settings, stored);
            }
        }
    }

    /// Writes everything to storage, replacing what is there.
    fn store_all(&mut self) {
        let mut changes = vec![Change::Clear];
        let waiting = self.owed.queue().iter().map(records::waiting);
        let sent = self.owed.in_flight().sent();
        let sent = sent.map(|flight| records::sent(flight.id, &flight.publication));
        let released = self.owed.in_flight().released();
        let released = released.map(|one| records::released(one.key, one.id, one.order));
        changes.extend(waiting.chain(sent).chain(released));
        changes.extend(self.owed.held_back().map(|held| match held {
            Held::Message(Some(id), publication) => records::sent(*id, publication),
            Held::Message(None, publication) => records::waiting(publication),
            Held::Release(one) => records::released(one.key, one.id, one.order),
        }));
        changes.extend(self.received.iter().map(records::received));
        for change in changes {
            self.store(|| change);
        }
        self.storage.begin_anew();
        self.store_subscriptions();
        if self.broker_session.is_known() {
            self.store_session();
        }
    }

    /// There is a session from now on.
    pub(super) fn store_session(&mut self) {
        self.broker_session.establish();
        let granted = self.granted();
        let assigned = granted.and_then(|granted| granted.assigned_client_id.clone());
        if let Some(change) = self.storage.record_session(assigned) {
            self.store(|| change);
        }
    }

    /// Restores what an earlier page stored.
    fn restore(&mut self, settings: &mut Settings, mut stored: Vec<(u64, Vec<u8>)>) {
        stored.sort_unstable_by_key(|&(key, _)| key);
        let mut publications = Vec::new();
        let mut damaged = 0;
        for (key, value) in stored {
            let taken = records::read(key, &value)
                .and_then(|record| self.restore_record(record, settings, &mut publications));
            if taken.is_none() {
                damaged += 1;
                self.unstore(key);
            }
        }
        // Filters that were given up since.
        self.store_subscriptions();
        if damaged > 0 || !publications.is_empty() {
            self.say(Event::Restored {
                publications,
                damaged,
            });
        }
    }

    /// Restores one record. `None`: it contradicts the others.
    fn restore_record(
        &mut self,
        record: Record,
        settings: &mut Settings,
        publications: &mut Vec<u32>,
    ) -> Option<()> {
        match record {
            Record::Session { assigned } => {
                self.broker_session.establish();
                if let Some(name) = &assigned
                    && settings.connect.client_id.is_empty()
                {
                    settings.connect.client_id.clone_from(name);
                }
                self.storage.found_session(assigned);
            }
            Record::Waiting(mut publication) => {
                publication.message.number = self.restored(publication.key, publications);
                self.owed.wait(publication);
            }
            Record::Sent(id, mut publication) => {
                self.owed.may_restore(id).then_some(())?;
                publication.message.number = self.restored(publication.key, publications);
                self.owed.restore_sent(id, publication);
            }
            Record::Released { key, id, order } => {
                self.owed.may_restore(id).then_some(())?;
                let number = self.restored(key, publications);
                self.owed.restore_released(Released {
                    id,
                    number,
                    key,
                    order,
                    strikes: 0,
                    until: 0,
                });
            }
            Record::Received(id) => self.received.restore(id).then_some(())?,
            Record::Subscription(key, subscription) => {
                let subscription = self.storage.found_subscription(key, subscription)?;
                self.owed.subscriptions_mut().remember(subscription);
            }
        }
        Some(())
    }

    /// A number for a restored publication.
    fn restored(&mut self, key: u64, publications: &mut Vec<u32>) -> u32 {
        let number = self.storage.found_message(key);
        publications.push(number);
        number
    }

    pub(super) fn store_waiting(&mut self, publication: &Publication) {
        self.store(|| records::waiting(publication));
    }

    /// Writes which subscriptions the broker has. To be called before packets that change them are sent, and after
    /// their answers.
    pub(super) fn store_subscriptions(&mut self) {
        if !self.storage.is_on() {
            return;
        }
        let subscriptions = self.owed.subscriptions().at_broker();
        for change in self.storage.record_subscriptions(subscriptions) {
            self.store(|| change);
        }
    }
}

/// Changes storage, if the session is kept there.
pub(super) fn store(storage: &Storage, outbox: &mut Outbox, change: impl FnOnce() -> Change) {
    if storage.is_on() {
        outbox.push(Queued::Store(change()));
    }
}
