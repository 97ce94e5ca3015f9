//! Stores what is typed in the workbench, so that it survives a reload and is there in a new tab. Each pane provides its
//! part and reads it back. It is written shortly after the last key, and at once when the page is hidden, which happens
//! before it is closed. Each tab has its own copy. A new tab starts with the one that was written last.

use std::cell::RefCell;

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use crate::{
    browser::{page_visibility, session_storage, storage},
    profile::drafts::Bench,
};

const NAME: &str = "midge.bench";
/// It is written after so many milliseconds without a key.
const PAUSE: u32 = 300;

/// Puts the part of a pane into the whole.
type Put = Box<dyn Fn(&mut Bench)>;

struct Kept {
    bench: Bench,
    parts: Vec<Put>,
    due: Option<Timeout>,
    /// Not everything fitted.
    short: ArcRwSignal<bool>,
}

thread_local! {
    static KEPT: RefCell<Kept> = RefCell::new(Kept::read());
}

impl Kept {
    fn read() -> Self {
        page_visibility::watch(|hidden| {
            if hidden {
                write();
            }
        });
        let stored = session_storage::read(NAME).or_else(|| storage::read(NAME));
        Self {
            bench: stored.map_or_else(Bench::default, |stored| Bench::read(&stored)),
            parts: Vec::new(),
            due: None,
            short: ArcRwSignal::new(false),
        }
    }
}

/// Reads the part of a pane from storage.
pub fn held<T>(part: impl FnOnce(&Bench) -> T) -> T {
    KEPT.with_borrow(|kept| part(&kept.bench))
}

/// Stores the part of a pane whenever it changes. `track` reads its signals, `put` writes their values into the whole.
pub fn follow(track: impl Fn() + 'static, put: impl Fn(&mut Bench) + 'static) {
    KEPT.with_borrow_mut(|kept| kept.parts.push(Box::new(put)));
    Effect::new(move |before: Option<()>| {
        track();
        // It holds what it was given.
        if before.is_some() {
            soon();
        }
    });
}

/// Not everything that is typed could be stored, because it is too much or because storage is not available.
pub fn falls_short() -> ArcRwSignal<bool> {
    KEPT.with_borrow(|kept| kept.short.clone())
}

fn soon() {
    let timeout = Timeout::new(PAUSE, write);
    KEPT.with_borrow_mut(|kept| kept.due = Some(timeout));
}

fn write() {
    // No part of the page comes back here while it says what it holds.
    let (text, all, short) = KEPT.with_borrow_mut(|kept| {
        kept.due = None;
        for put in &kept.parts {
            untrack(|| put(&mut kept.bench));
        }
        let (text, all) = kept.bench.write();
        (text, all, kept.short.clone())
    });
    // For another day. Where there is no room for it, this tab has it all the same.
    storage::write(NAME, &text);
    let short_now = !session_storage::write(NAME, &text) || !all;
    if short.get_untracked() != short_now {
        short.set(short_now);
    }
}
