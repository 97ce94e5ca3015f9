//! Taking up a link. It may come from anybody, so nothing that was typed for other addresses goes to those of the link;
//! and what is typed while the page shows the addresses of a link belongs to that link.

use leptos::prelude::*;

use crate::{profile::share_link::ShareLink, ui::state::form::Form};

/// Whether a link that asks to connect at once may have its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linked {
    /// It may.
    MayConnect,
    /// Somebody, perhaps the browser by itself, has filled in a password: whether it is meant for the broker of the link
    /// is for the user to say, by Connect.
    HasPassword,
    /// The user has typed another address meanwhile.
    Overtaken,
}

impl Form {
    /// Shows the addresses and the user name of the link that the page begins with.
    pub(super) fn open(&self, (addresses, user_name): (Vec<String>, Option<String>)) {
        if let Some((address, others)) = addresses.split_first() {
            self.address.set(address.clone());
            self.fill_others(others);
            self.guessed.set(false);
            self.finished.set(true);
        }
        if let Some(user_name) = &user_name {
            self.user_name.set(user_name.clone());
        }
        self.opened_with.set_value(Some((addresses, user_name)));
    }

    /// Fills in what a link says.
    pub fn take_link(&self, link: &ShareLink) -> Linked {
        let opened_with = self
            .opened_with
            .try_update_value(Option::take)
            .flatten()
            .is_some_and(|(addresses, user_name)| {
                addresses == link.addresses && user_name == link.user_name
            });
        if opened_with {
            return self.take_rest_of_link(link);
        }
        if let Some((address, others)) = link.addresses.split_first() {
            if !self.holds_all(&link.addresses) {
                self.forget_what_was_typed();
            }
            self.take_address(address.clone());
            self.fill_others(others);
            self.version.set(link.version);
        } else if link.version.is_some() {
            self.version.set(link.version);
        }
        if let Some(user_name) = &link.user_name {
            self.user_name.set(user_name.clone());
        }
        if let Some(id) = &link.client_id {
            self.type_client_id(id.clone());
        }
        self.take_times(link);
        Linked::MayConnect
    }

    /// The link that the page began with: its addresses and its user name are there, and whatever was typed since stays.
    fn take_rest_of_link(&self, link: &ShareLink) -> Linked {
        if !link.addresses.is_empty() && untrack(|| self.addresses()) != trimmed(&link.addresses) {
            return Linked::Overtaken;
        }
        if link.version.is_some() {
            self.version.set(link.version);
        }
        if let Some(id) = &link.client_id
            && self.made_up.get_untracked()
        {
            self.type_client_id(id.clone());
        }
        self.take_times(link);
        let pressed = self.eager.get_untracked();
        if pressed || self.password.with_untracked(String::is_empty) {
            Linked::MayConnect
        } else {
            Linked::HasPassword
        }
    }

    fn take_times(&self, link: &ShareLink) {
        if let Some(keep_alive) = link.keep_alive {
            self.keep_alive.set(keep_alive.to_string());
        }
        if let Some(clean) = link.clean_session {
            self.clean_session.set(clean);
        }
        if link.session_expiry.is_some() {
            self.five.fill_expiry(link.session_expiry);
        }
    }
}

/// As [`Form::addresses`] has them.
fn trimmed(addresses: &[String]) -> Vec<String> {
    addresses
        .iter()
        .map(|one| one.trim().to_owned())
        .filter(|one| !one.is_empty())
        .collect()
}
