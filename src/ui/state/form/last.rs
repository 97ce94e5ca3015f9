//! Going on where one left: the connection of this tab, or else the one that was used last anywhere, stands in the form when
//! the page opens, with its subscriptions. This tab's own is in the tab's storage, so that tabs beside each other each go on
//! with theirs.

use leptos::prelude::*;

use crate::{
    browser::{location, session_storage},
    desk::going_on::{TakenUp, connects_by_itself},
    link::Subscription,
    profile::{
        saved::{Saved, SavedConnection},
        stored::{self, Change},
    },
    ui::state::{form::Form, preferences, store::Store},
};

/// This tab's connection, as a document like that of all connections.
const STORED: &str = "midge.last";
/// Its address alone, which is shown before the rest can be read.
const ADDRESS: &str = "midge.address";

/// The address of this tab's connection.
pub(super) fn address() -> Option<String> {
    session_storage::read(ADDRESS).filter(|address| !address.is_empty())
}

/// This tab's connection.
fn of_this_tab() -> Option<SavedConnection> {
    Saved::read(&session_storage::read(STORED)?).last
}

impl Form {
    /// Fills in the connection that was used last, unless a link or the user has filled in another.
    pub(super) fn fill_last(&self) {
        let own = of_this_tab();
        if !location::fragment().is_empty() {
            // The link says where. If it is where this tab was, that goes on.
            if let Some(own) = own {
                self.going_on.update_value(|on| on.expect(&own, false));
            }
            return;
        }
        let last = own.or_else(|| self.saved.with_untracked(|saved| saved.last.clone()));
        let untouched = self.user_name.with_untracked(String::is_empty)
            && self.password.with_untracked(String::is_empty);
        let Some(last) =
            last.filter(|last| untouched || self.holds_all(std::slice::from_ref(&last.address)))
        else {
            return;
        };
        if self.guessed.get_untracked() {
            self.fill(&last);
            self.guessed.set(false);
            self.going_on.update_value(|on| on.expect(&last, false));
            self.last.set_value(Some(last));
        }
    }

    /// The filters that Connect brings with what stands in the form. Tracks its address.
    pub fn brings(&self) -> Vec<String> {
        self.guessed.track();
        self.address.with(|address| {
            self.going_on
                .with_value(|on| on.brings(address).into_iter().map(str::to_owned).collect())
        })
    }

    /// The page has opened: connects by itself, where the user wants that and nothing is missing.
    pub fn connect_if_wanted(self, store: Store) {
        let set = preferences::connects_by_itself();
        let linked = !location::fragment().is_empty();
        let typed = !self.password.with_untracked(String::is_empty);
        let wanted = self
            .last
            .with_value(|last| connects_by_itself(set, linked, last.as_ref(), typed));
        if wanted {
            self.connect(store);
        }
    }

    /// A saved connection was chosen to connect at once. False: something is missing, which is to be typed first.
    pub fn connect_saved(&self, one: &SavedConnection, store: Store) -> bool {
        self.choose(one);
        if one.incomplete && self.password.with_untracked(String::is_empty) {
            return false;
        }
        self.submit(store);
        true
    }

    /// A connection as the form says it is made now, and remembered. Gives what is taken up with it.
    pub(super) fn take_up(&self, now: SavedConnection, store: Store) -> Option<TakenUp> {
        let taken_up = self
            .going_on
            .try_update_value(|on| on.connect(now))
            .flatten();
        self.going_on.with_value(|on| {
            if let Some(last) = on.in_use() {
                keep_for_this_tab(last);
                self.remember_last(last.clone(), store);
            }
        });
        taken_up
    }

    /// The broker has accepted the connection.
    pub fn meet(&self) {
        self.going_on.update_value(super::GoingOn::meet);
    }

    /// These are the subscriptions now.
    pub fn remember_subscriptions(&self, all: &[Subscription]) {
        let changed = self.going_on.try_update_value(|on| on.subscribed(all));
        if changed != Some(true) {
            return;
        }
        self.going_on.with_value(|on| {
            let Some(last) = on.in_use() else { return };
            keep_for_this_tab(last);
            self.keep_subscriptions(last, on.name());
        });
    }
}

/// A comfort: a browser that stores nothing has said so where it matters.
fn keep_for_this_tab(last: &SavedConnection) {
    session_storage::write(ADDRESS, &last.address);
    let before = session_storage::read(STORED);
    let changed = stored::change(before.as_deref(), Change::Last(last))
        .or_else(|_| stored::change(None, Change::Last(last)));
    if let Ok(text) = changed {
        session_storage::write(STORED, &text);
    }
}
