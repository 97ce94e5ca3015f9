//! What was typed before, in the browser's storage: filters and topics for all visits, payloads for as long as the tab, as
//! they may say more than their writer wants to leave behind. Each text is added to what is stored at that moment, so that
//! tabs beside each other lose nothing.

use leptos::prelude::*;

use crate::{
    browser::{session_storage, storage},
    profile::typed_before::TypedBefore,
};

const TOPICS: &str = "midge.typed.topics";
const FILTERS: &str = "midge.typed.filters";
const PAYLOADS: &str = "midge.typed.payloads";

/// A kind of field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Topic names.
    Topics,
    /// Topic filters.
    Filters,
    /// Payloads that are text.
    Payloads,
}

impl Kind {
    fn stored(self) -> Option<String> {
        match self {
            Self::Topics => storage::read(TOPICS),
            Self::Filters => storage::read(FILTERS),
            Self::Payloads => session_storage::read(PAYLOADS),
        }
    }

    /// What was typed into such a field, the latest first.
    pub fn before(self) -> Vec<String> {
        self.stored()
            .map_or_else(Vec::new, |stored| TypedBefore::read(&stored).texts)
    }

    /// This was typed and is used now.
    pub fn note(self, text: &str, shown: RwSignal<Vec<String>>) {
        let mut typed = self
            .stored()
            .map_or_else(TypedBefore::default, |stored| TypedBefore::read(&stored));
        if typed.note(text) {
            // A comfort: where nothing can be stored it holds for this page.
            let written = typed.write();
            match self {
                Self::Topics => storage::write(TOPICS, &written),
                Self::Filters => storage::write(FILTERS, &written),
                Self::Payloads => session_storage::write(PAYLOADS, &written),
            };
        }
        shown.set(typed.texts);
    }
}
