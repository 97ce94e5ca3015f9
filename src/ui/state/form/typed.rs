//! What the form says, as plain text, as a saved connection, and back.

use leptos::prelude::*;

use crate::{
    desk::connect::{TypedConnection, TypedFive, TypedWill},
    profile::saved::SavedConnection,
    ui::state::form::Form,
};

impl Form {
    /// What is typed. Tracks every field.
    pub fn typed(self) -> TypedConnection {
        TypedConnection {
            address: self.address.get(),
            others: self
                .others
                .with(|others| others.iter().map(|other| other.text.get()).collect()),
            version: self.version.get(),
            found: self.found.get(),
            old_subprotocol: self.old_subprotocol.get(),
            client_id: self.client_id.get(),
            made_up: self.made_up.get(),
            user_name: self.user_name.get(),
            password: self.password.with(String::len),
            keep_alive: self.keep_alive.get(),
            clean_session: self.clean_session.get(),
            scram: self.five.scram.get(),
            five: self.five.typed(),
            will: self.will.typed(),
            with_secrets: self.with_secrets.get(),
        }
    }

    /// Everything but the password, under a name. `None`: some of it is wrong.
    pub(super) fn to_save(self, name: String) -> Option<SavedConnection> {
        untrack(|| self.typed()).to_save(name)
    }

    /// Fills in a saved connection. The password stays only where it belongs: at the addresses that it was typed for.
    pub fn fill(&self, saved: &SavedConnection) {
        let known = self.holds_all(std::slice::from_ref(&saved.address))
            && self.holds_all(&saved.more_addresses);
        if !known {
            self.password.set(String::new());
        }
        self.address.set(saved.address.clone());
        self.fill_others(&saved.more_addresses);
        // One that was saved with secrets before anybody was asked is kept as it was saved.
        let holds_secrets = !untrack(|| self.secrets()).is_empty();
        self.with_secrets.set(saved.with_secrets || holds_secrets);
        self.left_out.set(saved.left_out.clone());
        self.version.set(saved.version);
        self.found.set(saved.found);
        self.old_subprotocol.set(saved.old_subprotocol);
        match &saved.client_id {
            Some(id) => self.type_client_id(id.clone()),
            None if !self.made_up.get_untracked() => self.new_client_id(),
            None => {}
        }
        self.user_name
            .set(saved.user_name.clone().unwrap_or_default());
        self.five.scram.set(saved.scram);
        self.keep_alive.set(saved.keep_alive.to_string());
        self.clean_session.set(saved.clean_session);
        self.five.put(TypedFive::to_edit(&saved.properties));
        self.will.put(TypedWill::to_edit(saved.will.as_ref()));
    }
}
