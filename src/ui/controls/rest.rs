//! The rest of the page: what the connect screen does without. It is a program of its own, loaded while the connect
//! screen is being read, so that the screen is there sooner. See docs/decisions/0013-two-programs.md.
//!
//! Whoever shows a part of it knows only its name here. What the parts are is known to those who join them, which hand in
//! the way to load them.

use std::{future::Future, pin::Pin};

use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::animation_frame,
    ui::{
        piece::{Piece, view},
        state::store::Store,
        words::{Language, NotLoaded},
    },
};

/// How long a paint is waited for, in milliseconds.
const UNSEEN: u32 = 500;
/// How long a paint takes to reach the screen.
const SHOWING: u32 = 100;

/// What comes with it.
pub struct Parts {
    /// Takes up what is stored, the link that led here, and what the host says. It shows nothing.
    pub arrival: fn() -> Piece,
    /// The counters.
    pub meter: fn() -> Piece,
    /// What there is to say of secrets in the addresses.
    pub secrets: fn() -> Piece,
    /// The button that saves the form.
    pub save_profile: fn() -> Piece,
    /// The workbench, whose columns are parts themselves.
    pub work: fn() -> Piece,
    /// Subscriptions and topics.
    pub topics: fn() -> Piece,
    /// Messages, and what there is to say over them.
    pub messages: fn() -> Piece,
    /// The publisher.
    pub publisher: fn() -> Piece,
    /// The inspector.
    pub inspector: fn() -> Piece,
    /// The dialogs that the header opens.
    pub dialogs: fn() -> Piece,
    /// What stands beside the connect form.
    pub beside: fn() -> Piece,
    /// What went wrong with the last try.
    pub trouble: fn() -> Piece,
    /// The same connection in a terminal.
    pub terminal: fn() -> Piece,
    /// Inside of the form's panel for session and will.
    pub session: fn() -> Piece,
    /// Inside of the form's panel for MQTT 5.
    pub five: fn() -> Piece,
}

/// The parts on their way.
pub type Loading = Pin<Box<dyn Future<Output = Result<&'static Parts, NotLoaded>>>>;

/// How far the rest is.
#[derive(Clone, Copy)]
enum State {
    Coming,
    Here(&'static Parts),
    Failed,
}

/// The rest of the page, for those who show a part of it. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Rest {
    load: fn() -> Loading,
    state: RwSignal<State>,
    /// How many parts have been asked for.
    asked: StoredValue<u32>,
    /// How many may be made: one more in each turn of the browser, so that no turn is long.
    due: RwSignal<u32>,
}

impl Rest {
    /// Nothing of it is there yet.
    pub fn new(load: fn() -> Loading) -> Self {
        Self {
            load,
            state: RwSignal::new(State::Coming),
            asked: StoredValue::new(0),
            due: RwSignal::new(0),
        }
    }

    /// Loads it once the connect screen is on the screen: until then the rest would only be in its way. A page that
    /// nobody sees is not painted, so a moment later it is loaded in any case.
    pub fn begin_when_painted(self, store: Store) {
        let begun = StoredValue::new(false);
        let begin = move || {
            if !begun.get_value() {
                begun.set_value(true);
                self.begin(store);
            }
        };
        animation_frame::before_next_paint(move || after(SHOWING, begin));
        after(UNSEEN, begin);
    }

    fn begin(self, store: Store) {
        self.state.set(State::Coming);
        let language = store.language.get_untracked();
        // Both at once; below, what has come is there, and what is on its way is waited for.
        spawn_local(async move {
            let _ = language.load().await;
        });
        spawn_local(async move {
            self.state.set(match self.with_words(language).await {
                Ok(parts) => State::Here(parts),
                Err(NotLoaded) => State::Failed,
            });
            self.make_next();
        });
    }

    /// The parts, once there are words for them.
    async fn with_words(self, language: Language) -> Result<&'static Parts, NotLoaded> {
        let parts = (self.load)().await?;
        language.load().await?;
        Ok(parts)
    }

    /// Lets one more part be made, and the next one after the browser has had its turn.
    fn make_next(self) {
        let due = self.due.get_untracked();
        if self.parts().is_some() && due < self.asked.get_value() {
            self.due.set(due + 1);
            after(0, move || self.make_next());
        }
    }

    /// What came with it, once it is there. Tracks nothing.
    fn parts(self) -> Option<&'static Parts> {
        match self.state.get_untracked() {
            State::Here(parts) => Some(parts),
            State::Coming | State::Failed => None,
        }
    }
}

fn after(millis: u32, call: impl FnOnce() + 'static) {
    Timeout::new(millis, call).forget();
}

/// What is made in a turn of its own, so that none is long.
pub fn next_turn(make: fn() -> Piece) -> Piece {
    let due = RwSignal::new(false);
    after(0, move || due.set(true));
    Piece::Live(Box::new(move || {
        if due.get() {
            untrack(make)
        } else {
            Piece::Nothing
        }
    }))
}

/// A part of the rest, as soon as it is there. Those that are asked for first are made first.
pub fn part(choose: fn(&Parts) -> fn() -> Piece) -> Piece {
    let rest = expect_context::<Rest>();
    let number = rest.asked.get_value();
    rest.asked.set_value(number + 1);
    let due = Memo::new(move |_| rest.due.get() > number);
    let live = move || match (due.get(), rest.parts()) {
        // Once: what it reads while it is made is not what it shows.
        (true, Some(parts)) => untrack(choose(parts)),
        _ => Piece::Nothing,
    };
    Piece::Live(Box::new(live))
}

/// Says that the rest did not load, and lets the user try again.
#[component(transparent)]
pub fn RestFailed() -> Piece {
    let store = expect_context::<Store>();
    let rest = expect_context::<Rest>();
    view! {
        <div class="banner" role="alert" hidden=move || !matches!(rest.state.get(), State::Failed)>
            <span class="grow">{store.text(|w| w.rest_failed)}</span>
            <button type="button" class="button" on:click=move |_| rest.begin(store)>
                {store.text(|w| w.try_now)}
            </button>
        </div>
    }
}
