//! What is kept in storage, so that the session outlives the page: when it is put there, and how it is taken up again.
//! Knows no storage: changes go out as [`super::Output::Store`], before the packets that depend on them.

use std::collections::{BTreeMap, BTreeSet};

use super::held_back::Held as HeldBack;
use super::in_flight::{Flight, InFlight, Released};
use super::outbox::Queued;
use super::queue::{Publication, Queue};
use super::received::Received;
use super::state::State;
use super::stored::{self, Held, Record};
use super::{Change, Event, Settings};

/// Whether the session is kept in storage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StorageState {
    /// It ends with the connection or with the page, or none is wanted.
    #[default]
    Off,
    /// It is.
    On,
    /// It should be, and storage failed: it is kept in memory only, until the next [`super::Input::Connect`]. The
    /// browser's own words.
    Failed(String),
}

/// What is to be known of the records in storage.
#[derive(Clone, Debug, Default)]
pub(super) struct Storing {
    /// The number of the latest message.
    outgoing: u64,
    /// The number of the latest publication that was taken up from storage, below [`RESTORED`].
    restored: u32,
    /// The record that says that there is a session is there.
    session: bool,
    /// The client identifier, where the broker chose it.
    assigned: Option<String>,
    /// What was left to storage when the user ended the connection.
    parked: Option<Box<Parked>>,
    /// The subscriptions that are there, with their keys, by filter.
    held: BTreeMap<String, (u64, Held)>,
    /// The number of the latest of them.
    subscription: u64,
}

/// What is in storage, and in memory only until the next connection, in case storage fails belatedly.
#[derive(Clone, Debug)]
struct Parked {
    queue: Queue,
    in_flight: InFlight,
    received: Received,
    held: Vec<Held>,
    /// Filters that the user has given up since. Storage still says that they are wanted.
    given_up: BTreeSet<String>,
}

/// Publications that are taken up from storage have this number or a higher one.
const RESTORED: u32 = 0x8000_0000;

impl State {
    /// Changes storage, if the session is kept there.
    pub(super) fn store(&mut self, change: impl FnOnce() -> Change) {
        if self.storage == StorageState::On {
            self.outbox.push(Queued::Store(change()));
        }
    }

    pub(super) fn unstore(&mut self, key: u64) {
        self.store(|| Change::Remove { key });
    }

    /// The key of a new message: higher than that of any before it.
    pub(super) fn next_key(&mut self) -> u64 {
        self.storing.outgoing += 1;
        stored::outgoing_key(self.storing.outgoing)
    }

    /// Storage can keep nothing more. What was left to it at the end of the last connection is kept in memory after all, as
    /// long as no other connection has come about.
    pub(super) fn storage_failed(&mut self, detail: String) {
        if let Some(parked) = self.storing.parked.take() {
            let Parked {
                queue,
                in_flight,
                received,
                held,
                given_up,
            } = *parked;
            for mut held in held {
                held.leaving |= given_up.contains(&held.filter);
                self.subscriptions.remember(held);
            }
            for id in in_flight.identifiers() {
                self.identifiers.reserve(id);
            }
            (self.in_flight, self.received) = (in_flight, received);
            let mut later = std::mem::replace(&mut self.queue, queue);
            while let Some(publication) = later.pop() {
                self.queue.push(publication);
            }
            self.broker_session.establish();
        } else if self.storage != StorageState::On {
            return;
        }
        self.storage = StorageState::Failed(detail.clone());
        self.say(Event::StorageFailed { detail });
    }

    /// The session ends with this connection, by the user's wish or by the broker's (MQTT 3.1.1 section 3.1.2.4, MQTT 5
    /// section 3.1.2.11.2).
    pub(super) fn session_ends(&self) -> bool {
        self.settings.is_some() && self.broker_session.ends()
    }

    /// Something of a session is in memory.
    pub(super) fn at_hand(&self) -> bool {
        self.broker_session.is_known()
            || self.queue.len() + self.in_flight.len() + self.held_back.len() > 0
    }

    /// The user wants no connection: what is in storage is taken up from there at the next one, maybe by another page,
    /// and is the truth until then.
    pub(super) fn park(&mut self) {
        if self.storage != StorageState::On {
            return;
        }
        self.storage = StorageState::Off;
        self.take_back_held();
        let in_flight = std::mem::take(&mut self.in_flight);
        for id in in_flight.identifiers() {
            self.identifiers.free(id);
        }
        self.storing.parked = Some(Box::new(Parked {
            queue: std::mem::take(&mut self.queue),
            in_flight,
            received: std::mem::replace(&mut self.received, Received::new()),
            held: self.subscriptions.held().collect(),
            given_up: BTreeSet::new(),
        }));
        self.forget();
    }

    /// The user wants this filter, or gives it up, while the session is left to storage.
    pub(super) fn note_wish(&mut self, filter: &str, wanted: bool) {
        if self.storage == StorageState::Off
            && let Some(parked) = &mut self.storing.parked
        {
            if wanted {
                parked.given_up.remove(filter);
            } else if parked.held.iter().any(|held| held.filter == filter) {
                parked.given_up.insert(filter.to_owned());
            }
        }
    }

    /// What was left to storage is there, or is of no interest any more.
    pub(super) fn leave_parked(&mut self) {
        self.storing.parked = None;
    }

    /// Nothing is known of a session any more.
    pub(super) fn forget(&mut self) {
        self.received.clear();
        self.subscriptions.forget_held();
        self.broker_session.forget();
        self.storing.session = false;
        self.storing.assigned = None;
        self.storing.held.clear();
    }

    /// The user wants a connection with these settings. `at_hand`: its session is in memory, where it is newer than in
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
        self.storage = if settings.outlives_page() {
            StorageState::On
        } else {
            StorageState::Off
        };
        if self.storage == StorageState::On {
            if at_hand {
                self.store_all();
            } else {
                self.restore(settings, stored);
            }
        }
    }

    /// Puts everything into storage, where there may be something older.
    fn store_all(&mut self) {
        let mut changes = vec![Change::Clear];
        let waiting = self.queue.iter().map(stored::waiting);
        let sent = self.in_flight.sent();
        let sent = sent.map(|flight| stored::sent(flight.id, &flight.publication));
        let released = self.in_flight.released();
        let released = released.map(|one| stored::released(one.key, one.id, one.order));
        changes.extend(waiting.chain(sent).chain(released));
        changes.extend(self.held_back.iter().map(|held| match held {
            HeldBack::Message(Some(id), publication) => stored::sent(*id, publication),
            HeldBack::Message(None, publication) => stored::waiting(publication),
            HeldBack::Release(one) => stored::released(one.key, one.id, one.order),
        }));
        changes.extend(self.received.iter().map(stored::received));
        for change in changes {
            self.store(|| change);
        }
        self.storing.held.clear();
        self.store_held();
        self.storing.session = false;
        if self.broker_session.is_known() {
            self.store_session();
        }
    }

    /// There is a session from here on.
    pub(super) fn store_session(&mut self) {
        self.broker_session.establish();
        if !self.storing.session {
            self.storing.session = self.storage == StorageState::On;
            let granted = self.granted();
            if let Some(name) = granted.and_then(|granted| granted.assigned_client_id.clone()) {
                self.storing.assigned = Some(name);
            }
            let change = stored::session(self.storing.assigned.as_deref());
            self.store(|| change);
        }
    }

    /// Takes up what an earlier page left.
    fn restore(&mut self, settings: &mut Settings, mut stored: Vec<(u64, Vec<u8>)>) {
        stored.sort_unstable_by_key(|&(key, _)| key);
        let mut publications = Vec::new();
        let mut damaged = 0;
        for (key, value) in stored {
            let taken = stored::read(key, &value)
                .and_then(|record| self.restore_record(record, settings, &mut publications));
            if taken.is_none() {
                damaged += 1;
                self.unstore(key);
            }
        }
        // What was given up since.
        self.store_held();
        if damaged > 0 || !publications.is_empty() {
            self.say(Event::Restored {
                publications,
                damaged,
            });
        }
    }

    /// `None`: it does not go together with the others.
    fn restore_record(
        &mut self,
        record: Record,
        settings: &mut Settings,
        publications: &mut Vec<u32>,
    ) -> Option<()> {
        match record {
            Record::Session { assigned } => {
                self.broker_session.establish();
                self.storing.session = true;
                if let Some(name) = &assigned
                    && settings.connect.client_id.is_empty()
                {
                    settings.connect.client_id.clone_from(name);
                }
                self.storing.assigned = assigned;
            }
            Record::Waiting(mut publication) => {
                publication.message.number = self.restored(publication.key, publications);
                self.queue.push(publication);
            }
            Record::Sent(id, mut publication) => {
                self.identifiers.reserve(id).then_some(())?;
                publication.message.number = self.restored(publication.key, publications);
                self.in_flight.restore(Flight {
                    id,
                    publication,
                    until: 0,
                });
            }
            Record::Released { key, id, order } => {
                self.identifiers.reserve(id).then_some(())?;
                let number = self.restored(key, publications);
                self.in_flight.restore_released(Released {
                    id,
                    number,
                    key,
                    order,
                    strikes: 0,
                    until: 0,
                });
            }
            Record::Received(id) => self.received.restore(id).then_some(())?,
            Record::Held(key, held) => {
                let filter = held.filter.clone();
                (!self.storing.held.contains_key(&filter)).then_some(())?;
                self.storing.subscription = self.storing.subscription.max(stored::number(key));
                let parked = self.storing.parked.as_ref();
                let given_up = parked.is_some_and(|parked| parked.given_up.contains(&filter));
                let leaving = held.leaving || given_up;
                self.subscriptions.remember(Held {
                    leaving,
                    ..held.clone()
                });
                self.storing.held.insert(filter, (key, held));
            }
        }
        Some(())
    }

    /// A number for a publication of an earlier page.
    fn restored(&mut self, key: u64, publications: &mut Vec<u32>) -> u32 {
        self.storing.outgoing = self.storing.outgoing.max(stored::number(key));
        let number = RESTORED | self.storing.restored;
        self.storing.restored = self.storing.restored.wrapping_add(1) & !RESTORED;
        publications.push(number);
        number
    }

    pub(super) fn store_waiting(&mut self, publication: &Publication) {
        self.store(|| stored::waiting(publication));
    }

    /// Brings storage up to date with what the broker holds of subscriptions. To be called before packets that change it
    /// at the broker, and after their answers.
    pub(super) fn store_held(&mut self) {
        if self.storage != StorageState::On {
            return;
        }
        // One by one: a map that is collected is sorted first, which is 4 kB of program.
        let mut held: BTreeMap<String, Held> = BTreeMap::new();
        held.extend(
            self.subscriptions
                .held()
                .map(|held| (held.filter.clone(), held)),
        );
        let mut changes = Vec::new();
        let storing = &mut self.storing;
        storing.held.retain(|filter, (key, _)| {
            let stays = held.contains_key(filter);
            if !stays {
                changes.push(Change::Remove { key: *key });
            }
            stays
        });
        for (filter, held) in held {
            let key = match storing.held.get(&filter) {
                Some((_, stored)) if *stored == held => continue,
                Some((key, _)) => *key,
                None => {
                    storing.subscription += 1;
                    stored::held_key(storing.subscription)
                }
            };
            changes.push(stored::held(key, &held));
            storing.held.insert(filter, (key, held));
        }
        for change in changes {
            self.store(|| change);
        }
    }
}
