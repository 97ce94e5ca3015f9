//! Going on where one left: which subscriptions belong to the connection that is made next, what is remembered of the one in
//! use, and whether the page connects by itself.

use crate::{
    link::{Grant, Subscription},
    profile::{
        kept_filters::{KeptFilter, MAX_KEPT},
        saved::SavedConnection,
        secrets::same_without_secrets,
    },
    protocol::SubscribeRequest,
};

/// Subscriptions that wait for a connection to their broker.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Waiting {
    of: SavedConnection,
    /// No others.
    only: bool,
}

/// What is taken up with the next connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenUp {
    /// The subscriptions.
    pub filters: Vec<SubscribeRequest>,
    /// The colours that they are told by.
    pub colours: Vec<(String, u8)>,
    /// No others.
    pub only: bool,
}

/// What there is to go on with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GoingOn {
    waiting: Option<Waiting>,
    /// The name under which the connection in use is saved.
    name: Option<String>,
    in_use: Option<SavedConnection>,
    /// The broker has accepted it, so that the subscriptions that are told are its own.
    met: bool,
}

impl GoingOn {
    /// This connection stands in the form. `only`: it brings its subscriptions and no others.
    pub fn expect(&mut self, one: &SavedConnection, only: bool) {
        self.waiting = Some(Waiting {
            of: one.clone(),
            only: only && one.subscriptions.is_some(),
        });
    }

    /// A connection as the form says it is made now. Gives what is taken up with it.
    pub fn connect(&mut self, now: SavedConnection) -> Option<TakenUp> {
        let waiting = self.waiting.take().filter(|one| same_broker(&one.of, &now));
        let before = self.in_use.take().filter(|one| same_broker(one, &now));
        self.name = match &waiting {
            Some(waiting) => Some(waiting.of.name.clone()).filter(|name| !name.is_empty()),
            None => self.name.take().filter(|_| before.is_some()),
        };
        self.met = false;
        let kept = waiting.as_ref().map(|one| &one.of).or(before.as_ref());
        let subscriptions = kept.and_then(|one| one.subscriptions.clone());
        self.in_use = Some(SavedConnection {
            subscriptions: subscriptions.or(now.subscriptions.clone()),
            ..now.to_keep()
        });
        let Waiting { of, only } = waiting?;
        let filters = of.subscriptions?;
        let coloured = filters
            .iter()
            .filter_map(|one| Some((one.filter.clone(), one.colour?)));
        Some(TakenUp {
            colours: coloured.collect(),
            filters: filters.iter().map(KeptFilter::request).collect(),
            only,
        })
    }

    /// The broker has accepted the connection.
    pub fn meet(&mut self) {
        self.met = self.in_use.is_some();
    }

    /// The filters that the next connection to this address brings.
    pub fn brings(&self, address: &str) -> Vec<&str> {
        let waiting = self.waiting.as_ref().map(|one| &one.of);
        let one = waiting
            .or(self.in_use.as_ref())
            .filter(|one| same_without_secrets(&one.address, address));
        let filters = one.and_then(|one| one.subscriptions.as_ref());
        let filters = filters.into_iter().flatten();
        filters.map(|one| one.filter.as_str()).collect()
    }

    /// The connection in use.
    pub fn in_use(&self) -> Option<&SavedConnection> {
        self.in_use.as_ref()
    }

    /// The name under which it is saved.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// These are the subscriptions now. True if they are others than before, so that they are to be remembered.
    pub fn subscribed(&mut self, all: &[Subscription]) -> bool {
        let Some(one) = self.in_use.as_mut().filter(|_| self.met) else {
            return false;
        };
        let wanted = || {
            // What the broker closes the connection over is not asked for again.
            let all = all.iter().filter(|one| one.grant != Grant::Withheld);
            all.take(MAX_KEPT)
        };
        let same = one.subscriptions.as_ref().is_some_and(|before| {
            before.len() == wanted().count()
                && before.iter().zip(wanted()).all(|(before, now)| {
                    before.says(&now.filter, now.options, now.identifier)
                        && before.colour == Some(now.colour)
                })
        });
        if same {
            return false;
        }
        let kept = wanted().map(|one| {
            KeptFilter::new(&one.filter, one.options, one.identifier).coloured(one.colour)
        });
        one.subscriptions = Some(kept.collect());
        true
    }

    /// The form is saved under this name: gives the subscriptions that belong to it.
    pub fn save(&mut self, form: &SavedConnection, name: &str) -> Option<Vec<KeptFilter>> {
        let in_use = self.in_use.as_ref().filter(|one| same_broker(one, form));
        let waiting = self.waiting.as_ref().map(|one| &one.of);
        let waiting = waiting.filter(|one| same_broker(one, form));
        if in_use.is_some() {
            self.name = Some(name.to_owned());
        }
        in_use.or(waiting)?.subscriptions.clone()
    }
}

/// Their addresses are the same, whatever secrets are in them.
fn same_broker(one: &SavedConnection, other: &SavedConnection) -> bool {
    let all = |one: &SavedConnection| {
        let first = std::iter::once(one.address.clone());
        first.chain(one.more_addresses.clone()).collect::<Vec<_>>()
    };
    let (one, other) = (all(one), all(other));
    one.len() == other.len()
        && one
            .iter()
            .zip(&other)
            .all(|(one, other)| same_without_secrets(one, other))
}

/// The page connects by itself when it opens. `set`: the user wants it to. `linked`: a link led here, which says itself
/// whether it connects. `last`: what the form was filled with.
pub fn connects_by_itself(
    set: bool,
    linked: bool,
    last: Option<&SavedConnection>,
    password_typed: bool,
) -> bool {
    set && !linked && last.is_some_and(|last| !last.incomplete || password_typed)
}
