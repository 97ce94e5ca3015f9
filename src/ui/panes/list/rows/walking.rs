//! Walking through the list by keys: the row that a key leads to is chosen as soon as it is here.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::Rows;
use crate::{
    link::Target,
    ui::controls::going::{Spot, go},
};

impl Rows {
    /// Walks through the list by keys.
    pub fn step(self, event: KeyboardEvent) {
        if event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key() {
            return;
        }
        let key = event.key();
        let store = self.store;
        let here = untrack(|| store.chrome.here());
        let chosen = match here {
            Some(Target::Packet(seq)) => Some(seq),
            _ => None,
        };
        match key.as_str() {
            "ArrowLeft" => go(store, Spot::Topics),
            "ArrowRight" | "Enter" if chosen.is_some() => {
                if store.chrome.chosen.get_untracked() != here {
                    store.inspect(here);
                }
                go(store, Spot::Inspector);
            }
            _ => {
                let Some(scroll) = self.scroll() else { return };
                let end = self.end();
                let Some(position) = store.told.list.with_untracked(|list| {
                    let mut holding = self.holding.get_untracked();
                    holding.hold_for_keys(end);
                    let from = self.walker.with_value(|walker| walker.place(list, chosen));
                    holding.walk(&key, from, &self.window.get_value(), scroll, list)
                }) else {
                    return;
                };
                self.turn(|holding| holding.hold_for_keys(end));
                self.walk_to(position, scroll);
            }
        }
        event.prevent_default();
    }

    /// Chooses the row at this position: now, or as soon as it is here.
    fn walk_to(self, position: u64, scroll: f64) {
        self.walker
            .update_value(|walker| walker.wanted = Some(position));
        let there = self.store.told.list.with_untracked(|list| {
            let holding = self.holding.get_untracked();
            holding.reveal(&self.window.get_value(), scroll, list, position)
        });
        if let Some(there) = there {
            self.scroll_to(there);
            self.ask();
        }
        self.arrive();
    }

    /// Chooses the row that a key led to, if it is here.
    pub(super) fn arrive(self) {
        let seq = self.store.told.list.with_untracked(|list| {
            self.walker
                .try_update_value(|walker| walker.arrived(list))
                .flatten()
        });
        if let Some(seq) = seq {
            self.store.walk_to(Target::Packet(seq));
        }
    }

    /// Somebody chooses by other means than by keys.
    pub fn stop_walking(self) {
        self.walker.update_value(|walker| walker.wanted = None);
    }
}
