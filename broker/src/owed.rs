//! What each client is owed: messages that wait for it, and those it has not acknowledged. Counted where a message is
//! put into a client's queue, so that no queue grows beyond what is granted: rmqtt counts messages there, and not bytes.
//!
//! A message that is shared by many clients is counted for each of them.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};

use foldhash::fast::RandomState;
use rmqtt::types::{ClientId, Publish};

use crate::limits::Limits;
use crate::notice::{Ear, Notice};

/// What a message takes beside its bytes, about: it is a handful of allocations in every queue.
const OVERHEAD: usize = 320;

/// What a property with a name takes beside its bytes.
const PROPERTY: usize = 64;

/// Into how many parts the clients are divided, so that threads rarely meet: this is on the path of every delivery.
const PARTS: usize = 64;

type Part = RwLock<HashMap<ClientId, Account, RandomState>>;

/// All clients, and what they are owed together.
pub(crate) struct Accounts {
    parts: Vec<Part>,
    hash: RandomState,
    /// As it was when it was last added up.
    total: AtomicUsize,
    limits: Arc<Limits>,
    ear: Ear,
}

struct Account {
    /// The connection that the session was made or taken up by.
    owner: Option<SocketAddr>,
    queued: AtomicUsize,
    in_flight: AtomicUsize,
    is_away: AtomicBool,
}

/// Whether a message may be put into a client's queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charged {
    /// Yes, and it is counted.
    Yes,
    /// The same, and the client is away.
    ForLater,
    /// No.
    No,
}

impl Account {
    fn owed(&self) -> usize {
        self.queued.load(Relaxed) + self.in_flight.load(Relaxed)
    }
}

impl Accounts {
    pub(crate) fn new(limits: Arc<Limits>, ear: Ear) -> Accounts {
        Accounts {
            parts: (0..PARTS).map(|_| Part::default()).collect(),
            hash: RandomState::default(),
            total: AtomicUsize::new(0),
            limits,
            ear,
        }
    }

    /// A client is here. `anew`: it brings no session.
    pub(crate) fn open(&self, client: &ClientId, owner: Option<SocketAddr>, anew: bool) {
        // What was not acknowledged is sent again, and waits until then.
        let kept = self.with(client, Account::owed).filter(|_| !anew);
        let account = Account {
            owner,
            queued: AtomicUsize::new(kept.unwrap_or(0)),
            in_flight: AtomicUsize::new(0),
            is_away: AtomicBool::new(false),
        };
        if let Some(part) = self.part(client) {
            part.write()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(client.clone(), account);
        }
    }

    /// A client is away and its session is kept, with so many bytes that it has not acknowledged.
    pub(crate) fn leave(&self, client: &str, unacknowledged: usize) {
        self.with(client, |account| {
            account.in_flight.store(unacknowledged, Relaxed);
            account.is_away.store(true, Relaxed);
        });
    }

    /// A session is over. With an owner: only if it is still that connection's.
    pub(crate) fn close(&self, client: &str, owner: Option<SocketAddr>) {
        let Some(part) = self.part(client) else {
            return;
        };
        let mut of = part.write().unwrap_or_else(PoisonError::into_inner);
        let is_it = of
            .get(client)
            .is_some_and(|account| owner.is_none() || account.owner == owner);
        if is_it {
            of.remove(client);
        }
    }

    /// Asks for room for a message of this size in this client's queue.
    pub(crate) fn charge(&self, client: &str, size: usize) -> Charged {
        let all = self.total.load(Relaxed);
        let charged = self.with(client, |account| {
            let owed = account.owed();
            let is_away = account.is_away.load(Relaxed);
            let most = if is_away {
                self.limits.owed_to_one_away
            } else {
                self.limits.owed_to_one
            };
            let is_too_much = owed > 0 && owed + size > most
                || all > self.limits.owed_to_all && owed + size > self.limits.owed_small;
            if is_too_much {
                return Err(if is_away {
                    Notice::AwayTooLong
                } else {
                    Notice::ReaderTooSlow
                });
            }
            account.queued.fetch_add(size, Relaxed);
            Ok(if is_away {
                Charged::ForLater
            } else {
                Charged::Yes
            })
        });
        match charged {
            // Of a client that is just coming or going.
            None => Charged::Yes,
            Some(Ok(charged)) => charged,
            Some(Err(notice)) => {
                self.ear.tell(notice);
                Charged::No
            }
        }
    }

    /// A message has left a client's queue. `to_acknowledge`: it is kept until the client has acknowledged it.
    pub(crate) fn leaves_queue(&self, client: &str, size: usize, to_acknowledge: bool) {
        self.with(client, |account| {
            if to_acknowledge {
                account.in_flight.fetch_add(size, Relaxed);
            }
            subtract(&account.queued, size);
        });
    }

    /// A client has acknowledged a message.
    pub(crate) fn acknowledged(&self, client: &str, size: usize) {
        self.with(client, |account| subtract(&account.in_flight, size));
    }

    /// Adds up what all are owed. To be called a few times a second: with each message, all threads would wait for each
    /// other.
    pub(crate) fn add_up(&self) {
        let of_part = |part: &Part| {
            let of = part.read().unwrap_or_else(PoisonError::into_inner);
            of.values().map(Account::owed).sum::<usize>()
        };
        let total = self.parts.iter().map(of_part).sum();
        self.total.store(total, Relaxed);
    }

    fn part(&self, client: &str) -> Option<&Part> {
        let hash = self.hash.hash_one(client) as usize;
        self.parts.get(hash % PARTS)
    }

    fn with<T>(&self, client: &str, act: impl FnOnce(&Account) -> T) -> Option<T> {
        let of = self.part(client)?.read();
        of.unwrap_or_else(PoisonError::into_inner)
            .get(client)
            .map(act)
    }
}

/// Subtracts as much as is there.
fn subtract(from: &AtomicUsize, size: usize) {
    // It never fails, as there is always something to store.
    let _ = from.fetch_update(Relaxed, Relaxed, |now| Some(now.saturating_sub(size)));
}

/// What a message takes in one queue.
pub(crate) fn size(publish: &Publish) -> usize {
    let properties = publish.properties.as_ref().map_or(0, |properties| {
        let named: usize = properties
            .user_properties
            .iter()
            .map(|(name, value)| PROPERTY + name.len() + value.len())
            .sum();
        PROPERTY + named
    });
    OVERHEAD + publish.topic.len() + publish.payload.len() + properties
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accounts() -> Accounts {
        let limits = Limits {
            owed_to_one: 1_000,
            owed_to_one_away: 500,
            owed_to_all: 1_500,
            owed_small: 100,
            ..Limits::default()
        };
        Accounts::new(Arc::new(limits), Ear::default())
    }

    fn id(name: &'static str) -> ClientId {
        ClientId::from_static(name)
    }

    fn is_charged(accounts: &Accounts, client: &str, size: usize) -> bool {
        accounts.charge(client, size) != Charged::No
    }

    #[test]
    fn a_client_is_owed_so_much_and_no_more_until_it_takes_some() {
        let accounts = accounts();
        accounts.open(&id("a"), None, true);
        assert!(is_charged(&accounts, "a", 900));
        assert!(!is_charged(&accounts, "a", 101));
        accounts.leaves_queue("a", 900, true);
        assert!(!is_charged(&accounts, "a", 101));
        accounts.acknowledged("a", 900);
        assert!(is_charged(&accounts, "a", 101));
        // One message is always taken, however large.
        accounts.open(&id("b"), None, true);
        assert!(is_charged(&accounts, "b", 1_200));
    }

    #[test]
    fn when_all_are_owed_too_much_those_go_on_who_are_owed_little() {
        let accounts = accounts();
        for name in ["a", "b", "c"] {
            accounts.open(&id(name), None, true);
        }
        assert!(is_charged(&accounts, "a", 900) && is_charged(&accounts, "b", 650));
        accounts.add_up();
        assert!(!is_charged(&accounts, "b", 100));
        assert!(is_charged(&accounts, "c", 90));
        accounts.close("a", None);
        accounts.add_up();
        assert!(is_charged(&accounts, "b", 100));
    }

    #[test]
    fn what_was_not_acknowledged_waits_for_the_next_connection() {
        let accounts = accounts();
        accounts.open(&id("a"), None, true);
        assert!(is_charged(&accounts, "a", 400));
        accounts.leaves_queue("a", 400, true);
        accounts.leave("a", 400);
        assert!(!is_charged(&accounts, "a", 101));
        assert_eq!(accounts.charge("a", 100), Charged::ForLater);
        accounts.open(&id("a"), None, false);
        assert_eq!(accounts.charge("a", 400), Charged::Yes);
        assert!(!is_charged(&accounts, "a", 200));
        // Counted once each: nothing is left when all is gone.
        accounts.open(&id("a"), None, true);
        accounts.add_up();
        assert_eq!(accounts.total.load(Relaxed), 0);
        accounts.leaves_queue("a", 5, false);
        assert_eq!(accounts.with("a", Account::owed), Some(0));
    }

    #[test]
    fn a_session_that_was_taken_over_does_not_end_the_account_of_the_next() {
        let accounts = accounts();
        let (first, second) = (
            SocketAddr::from(([127, 0, 0, 1], 1)),
            SocketAddr::from(([127, 0, 0, 1], 2)),
        );
        accounts.open(&id("a"), Some(first), true);
        accounts.open(&id("a"), Some(second), true);
        accounts.close("a", Some(first));
        assert!(is_charged(&accounts, "a", 999));
        assert!(!is_charged(&accounts, "a", 999));
    }
}
