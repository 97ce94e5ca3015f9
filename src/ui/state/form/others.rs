//! Further addresses of the same broker: typed, moved and taken away.

use leptos::prelude::*;

use crate::{
    profile::MAX_ADDRESSES,
    ui::state::form::{Form, fields::OtherAddress},
};

impl Form {
    fn other(&self, address: String) -> OtherAddress {
        let key = self.last_key.get_value().wrapping_add(1);
        self.last_key.set_value(key);
        OtherAddress {
            key,
            finished: ArcRwSignal::new(!address.is_empty()),
            text: ArcRwSignal::new(address),
        }
    }

    /// Adds an empty field for one more address. Nothing happens when there are enough.
    pub fn add_other(&self) {
        if self.others.with_untracked(Vec::len) + 1 < MAX_ADDRESSES {
            let other = self.other(String::new());
            self.others.update(|others| others.push(other));
        }
    }

    /// Fills in further addresses.
    pub(super) fn fill_others(&self, addresses: &[String]) {
        let others = addresses
            .iter()
            .take(MAX_ADDRESSES - 1)
            .map(|address| self.other(address.clone()))
            .collect();
        self.others.set(others);
    }

    /// Takes a further address away.
    pub fn remove_other(&self, key: u32) {
        self.others
            .update(|others| others.retain(|other| other.key != key));
    }

    /// Tries a further address one place earlier; the first of them changes places with the address itself.
    pub fn move_other_up(&self, key: u32) {
        let place = self
            .others
            .with_untracked(|others| others.iter().position(|other| other.key == key));
        match place {
            Some(0) => {
                let Some(text) = self
                    .others
                    .with_untracked(|others| others.first().map(|other| other.text.clone()))
                else {
                    return;
                };
                let (first, second) = (self.address.get_untracked(), text.get_untracked());
                let found = self.found.get_untracked();
                text.set(first);
                self.take_address(second);
                self.found.set(found);
            }
            Some(place) => self.others.update(|others| others.swap(place - 1, place)),
            None => {}
        }
    }

    /// All addresses as they were typed, but for empty ones. Tracks the fields.
    pub fn addresses(&self) -> Vec<String> {
        let others = self.others.with(|others| {
            others
                .iter()
                .map(|other| other.text.get())
                .collect::<Vec<_>>()
        });
        std::iter::once(self.address.get())
            .chain(others)
            .map(|typed| typed.trim().to_owned())
            .filter(|typed| !typed.is_empty())
            .collect()
    }
}
