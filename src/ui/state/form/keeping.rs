//! What the form keeps in the browser's storage. Other tabs keep theirs in the same place, so each change is made in what is
//! there at that moment, and what another tab has changed shows here, too.

use leptos::prelude::*;

use crate::{
    browser::{date, storage},
    profile::{
        saved::{Saved, SavedConnection},
        secrets::{same_without_secrets, without_secrets},
        stored::{self, Change, Unchanged},
    },
    protocol::Version,
    ui::{
        state::{form::Form, store::Store},
        words::KeepingWords,
    },
};

const STORED: &str = "midge.profiles";

/// Why something was not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotKept {
    /// The form is not right.
    Unsound,
    /// There are as many connections as are kept.
    TooMany,
    /// A later Midge has written what is there, in a shape that this one does not know.
    Later,
    /// The browser would not: its storage is full or switched off.
    Refused,
}

impl Form {
    /// Reads what is stored, and goes on to follow what other tabs store. What cannot be read is put aside and said.
    pub(super) fn read_stored(&self, store: Store) {
        let form = *self;
        storage::on_change(move || form.reread());
        let Some(text) = storage::read(STORED) else {
            return;
        };
        self.saved.set(Saved::read(&text));
        match stored::readable(&text) {
            Ok(()) => {
                let _ = self.keep(Change::Tidy);
            }
            Err(Unchanged::Later) => store.warn(broker_words(store).kept_by_later.to_owned()),
            Err(_) => {
                if let Some(name) = put_aside(&text) {
                    store.warn((broker_words(store).put_aside)(&name));
                }
            }
        }
    }

    /// Another tab has stored something.
    fn reread(&self) {
        let text = storage::read(STORED).unwrap_or_default();
        let saved = Saved::read(&text);
        if stored::readable(&text).is_ok() && self.saved.with_untracked(|now| *now != saved) {
            self.saved.set(saved);
        }
    }

    fn keep(&self, change: Change) -> Result<(), NotKept> {
        let Ok(mut text) = storage::stored(STORED) else {
            return Err(NotKept::Refused);
        };
        let mut changed = stored::change(text.as_deref(), change);
        if let (Err(Unchanged::Unreadable), Some(damaged)) = (&changed, &text) {
            // Another tab, or somebody else, wrote it since this page began.
            put_aside(damaged).ok_or(NotKept::Refused)?;
            text = None;
            changed = stored::change(None, change);
        }
        match changed {
            Ok(new) if storage::write(STORED, &new) => {
                self.saved.set(Saved::read(&new));
                Ok(())
            }
            Ok(_) => Err(NotKept::Refused),
            Err(Unchanged::Already) => {
                let now = Saved::read(&text.unwrap_or_default());
                if self.saved.with_untracked(|saved| *saved != now) {
                    self.saved.set(now);
                }
                Ok(())
            }
            Err(Unchanged::TooMany) => Err(NotKept::TooMany),
            Err(Unchanged::Later) => Err(NotKept::Later),
            Err(Unchanged::Unreadable) => Err(NotKept::Refused),
        }
    }

    /// Remembers the connection as the one that was used last. That is a comfort: when the browser does not allow it, it
    /// is said once, and connecting goes on.
    pub(super) fn remember_last(&self, last: SavedConnection, store: Store) {
        if let Err(why) = self.keep(Change::Last(&last.to_keep()))
            && !self.said_unstored.get_value()
        {
            self.said_unstored.set_value(true);
            store.warn(not_kept_words(why, store).to_owned());
        }
    }

    /// The subscriptions of the connection that was used last, and of the saved one that it is. A comfort again.
    pub(super) fn keep_subscriptions(&self, last: &SavedConnection, name: Option<&str>) {
        let _ = self.keep(Change::Last(last));
        if let (Some(name), Some(subscriptions)) = (name, &last.subscriptions) {
            let _ = self.keep(Change::Subscriptions(name, subscriptions));
        }
    }

    /// The broker at this address took this version: the next search for the newest begins there.
    pub fn remember_version(&self, address: &str, version: Version) {
        let mine = untrack(|| self.addresses());
        if mine.iter().any(|one| same_without_secrets(one, address)) {
            self.found.set(Some(version));
        }
        // A comfort again.
        let _ = self.keep(Change::Found(address, version));
    }

    /// Saves the form under a name. Gives the names of what was left out of the addresses.
    pub fn save(&self, name: &str) -> Result<Vec<String>, NotKept> {
        let sound = self.sound();
        let mut connection = self
            .to_save(name.to_owned())
            .filter(|_| sound)
            .ok_or(NotKept::Unsound)?;
        connection.subscriptions = self
            .going_on
            .try_update_value(|on| on.save(&connection, name))
            .flatten();
        let connection = connection.to_keep();
        self.keep(Change::Put(&connection))?;
        Ok(connection.left_out)
    }

    /// Removes a saved connection, and says so where that cannot be.
    pub fn forget(&self, name: &str, store: Store) {
        if let Err(why) = self.keep(Change::Remove(name)) {
            store.warn(not_kept_words(why, store).to_owned());
        }
    }

    /// Names of what looks like a secret in the addresses. Tracks them.
    pub fn secrets(&self) -> Vec<String> {
        let mut all = Vec::new();
        for address in self.addresses() {
            for name in without_secrets(&address).1 {
                if !all.contains(&name) {
                    all.push(name);
                }
            }
        }
        all
    }
}

fn broker_words(store: Store) -> &'static KeepingWords {
    &store.speech.words_now().rest().keeping
}

/// Why something was not stored, in words.
pub fn not_kept_words(why: NotKept, store: Store) -> &'static str {
    let words = broker_words(store);
    match why {
        NotKept::TooMany => words.too_many,
        NotKept::Later => words.kept_by_later,
        NotKept::Unsound | NotKept::Refused => store.speech.words_now().broker.not_saved,
    }
}

/// Puts what cannot be read under a name of its own, which is returned, and makes room for what can. `None`: the browser
/// would not, and everything is as it was.
fn put_aside(text: &str) -> Option<String> {
    let name = format!("{STORED}.unreadable-{}", date::now() as u64);
    // Where storage is full there is no room for both.
    storage::remove(STORED);
    if storage::write(&name, text) {
        return Some(name);
    }
    storage::write(STORED, text);
    None
}
