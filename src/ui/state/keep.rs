//! What is typed at the workbench survives a reload, and is there in a new tab on another day: each part of the page says
//! what it holds and takes back what it held. It is written a moment after the last key, and at once when the page is
//! hidden, which comes before it goes. Each tab has its own; a new one begins with what was typed last anywhere.

use std::cell::RefCell;

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use crate::{
    browser::{page_visibility, session_storage, storage},
    profile::drafts::Bench,
};

const NAME: &str = "midge.bench";
/// Milliseconds without a key.
const PAUSE: u32 = 300;

/// Says what a part of the page holds.
type Put = Box<dyn Fn(&mut Bench)>;

struct Kept {
    bench: Bench,
    parts: Vec<Put>,
    due: Option<Timeout>,
    /// Some of it found no room.
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

/// What a part of the page held before the page was loaded anew.
pub fn held<T>(part: impl FnOnce(&Bench) -> T) -> T {
    KEPT.with_borrow(|kept| part(&kept.bench))
}

/// Keeps a part of the page from now on. `track` reads every signal of it; `put` says what is in them.
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

/// Some of what is typed is too much for the browser's storage, or that takes nothing.
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
