//! The wire to the engine: what is said over it, and when the engine is asked for what is new.
//!
//! The page asks for a frame before a paint, and only when the last one has come: a slow page slows the asking, never
//! the receiving. The engine answers when something shown has changed, so a quiet page costs nothing.

use std::{cell::RefCell, rc::Rc};

use leptos::prelude::*;

use crate::{
    browser::{animation_frame, date, worker::EngineWorker},
    link::{self, Command, Counters, FIRST_CONNECTION, Turn, View},
};

/// Least time between two answers, in milliseconds, just under two frames at 60 a second: nobody reads faster, and the
/// frames between stay free for the user. What the user moves is asked for at once.
const LEAST_MS: f64 = 28.0;
/// The same in a flood, where every row is another one each time: what is not drawn is left to receiving.
const LEAST_IN_FLOOD_MS: f64 = 95.0;
/// From so many messages a second on, more than fill the list between two answers, it is a flood.
const FLOOD: f32 = 2_000.0;

/// The way to the engine. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Wire {
    /// Shared with callbacks that outlive any one component.
    state: StoredValue<Rc<RefCell<State>>, LocalStorage>,
    counters: RwSignal<Counters>,
}

#[derive(Default)]
struct State {
    worker: Option<EngineWorker>,
    view: View,
    view_changed: bool,
    asked: bool,
    /// When the engine was last asked, or told what is shown: milliseconds.
    told_at: f64,
    tick_due: bool,
    next_number: u32,
    /// Frames that wait for their reader: one, as the next is asked for when it has been read.
    unread: Vec<Vec<u8>>,
}

impl Wire {
    /// A wire without an engine yet. The counters say whether it is a flood.
    pub fn new(counters: RwSignal<Counters>) -> Self {
        Self {
            state: StoredValue::new_local(Rc::default()),
            counters,
        }
    }

    fn with<R>(&self, look: impl FnOnce(&mut State) -> R) -> R {
        self.state.with_value(|state| look(&mut state.borrow_mut()))
    }

    /// The engine is there.
    pub fn join(&self, worker: Option<EngineWorker>) {
        self.with(|state| state.worker = worker);
    }

    /// Keeps what nobody can read yet.
    pub fn keep_unread(&self, bytes: Vec<u8>) {
        self.with(|state| state.unread.push(bytes));
    }

    /// What was kept, now that somebody can.
    pub fn take_unread(&self) -> Vec<Vec<u8>> {
        self.with(|state| std::mem::take(&mut state.unread))
    }

    /// Says something to the engine at once.
    pub fn say(&self, commands: Vec<Command>) {
        let turn = Turn {
            connection: FIRST_CONNECTION,
            commands,
        };
        self.with(|state| {
            if let Some(worker) = &state.worker {
                worker.send(&link::encode(&turn));
            }
        });
    }

    /// Changes what is shown; the engine hears of it before the next paint.
    pub fn show(&self, change: impl FnOnce(&mut View)) {
        let changed = self.with(|state| {
            let before = state.view.clone();
            change(&mut state.view);
            state.view_changed |= before != state.view;
            before != state.view
        });
        if changed {
            self.ask_soon();
        }
    }

    /// A number for a publication, never used twice.
    pub fn next_number(&self) -> u32 {
        self.with(|state| {
            state.next_number += 1;
            state.next_number
        })
    }

    /// The frame that was asked for has come.
    pub fn has_answered(&self) {
        self.with(|state| state.asked = false);
    }

    /// Asks the engine for what is new and tells it what is shown, unless that was just done: then before a later paint.
    pub fn ask(&self) {
        let mut commands = Vec::new();
        let now = date::monotonic();
        let flood = self
            .counters
            .with_untracked(|counters| counters.received_rate + counters.sent_rate > FLOOD);
        let least = if flood { LEAST_IN_FLOOD_MS } else { LEAST_MS };
        let early = self.with(|state| {
            if !state.view_changed && now - state.told_at < least {
                return true;
            }
            state.told_at = now;
            if std::mem::take(&mut state.view_changed) {
                commands.push(Command::Show(Box::new(state.view.clone())));
            }
            if !std::mem::replace(&mut state.asked, true) {
                commands.push(Command::Ask);
            }
            false
        });
        if early {
            return self.ask_soon();
        }
        if !commands.is_empty() {
            self.say(commands);
        }
    }

    fn ask_soon(&self) {
        let due = self.with(|state| std::mem::replace(&mut state.tick_due, true));
        if !due {
            let wire = *self;
            animation_frame::before_next_paint(move || {
                wire.with(|state| state.tick_due = false);
                wire.ask();
            });
        }
    }
}
