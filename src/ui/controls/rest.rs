//! What of the page is loaded later, each a program of its own (docs/decisions/0013-two-programs.md):
//!
//! - `rest`: what the first message needs and the connect screen does without. It is loaded while that is being read.
//! - `around`: what everybody has, but nobody needs to see the first message. It is loaded after the rest.
//! - Parts that few open: they are loaded when they are opened.
//!
//! A part is declared beside its component with `later!`, which names its program, and the component stays private: what
//! shows it names the part, and cannot name the component. `cargo xtask size` fails when the first program holds
//! something that is not on its list, and says by what way it is reached.

use std::pin::Pin;

use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::animation_frame,
    link::Phase,
    ui::{
        piece::{Piece, view},
        state::store::Store,
        words::{Language, NotLoaded},
    },
};

/// How long to wait for the first paint, in milliseconds.
const UNSEEN: u32 = 500;
/// How long a paint takes to reach the screen, in milliseconds.
const SHOWING: u32 = 100;

/// How long to wait before a part is fetched early, in milliseconds.
const SETTLING: u32 = 1_500;
/// Up to this rate of messages per second, one long frame is not noticed.
const CALM: f32 = 200.0;

/// The function that makes a part.
pub type Make = fn() -> Piece;

/// The future of a part whose program is being loaded.
pub type Coming = Pin<Box<dyn Future<Output = Result<Make, NotLoaded>>>>;

/// A part of a program that is loaded later. Calling it loads the program. Declared with `later!`.
pub type Part = fn() -> Coming;

/// Declares a part of the page and the program that it is in: `later! { pub fn meter() in rest { Meter } }`.
macro_rules! later {
    ($(#[$about:meta])* $visible:vis fn $name:ident() in $program:ident { $make:expr }) => {
        $(#[$about])*
        $visible fn $name() -> $crate::ui::controls::rest::Coming {
            use $crate::ui::{controls::rest::Make, words::NotLoaded};
            // What is reached from here alone goes into that program, code and data. The macro declares the function as
            // a foreign one, which needs `unsafe`; both sides are of one build.
            #[cfg(feature = "split")]
            #[allow(unsafe_code, improper_ctypes, improper_ctypes_definitions)]
            #[wasm_split_helpers::wasm_split($program, fallible)]
            fn $name() -> Result<Make, NotLoaded> {
                Ok($make)
            }
            // The quick build has one program.
            #[cfg(not(feature = "split"))]
            async fn $name() -> Result<Make, NotLoaded> {
                Ok($make)
            }
            Box::pin($name())
        }
    };
}
pub(crate) use later;

/// Parts of one program that are made one after the other, one in each turn of the browser, so that no turn is long. A
/// handle: cheap to copy.
#[derive(Clone, Copy)]
struct Line {
    /// Its program is here.
    here: StoredValue<bool>,
    /// How many parts have been asked for.
    asked: StoredValue<u32>,
    /// How many may be made.
    due: RwSignal<u32>,
    /// The first of them, whose program is waited for.
    first: StoredValue<Option<Part>>,
}

impl Default for Line {
    /// Nothing of it is there yet.
    fn default() -> Self {
        Self {
            here: StoredValue::new(false),
            asked: StoredValue::new(0),
            due: RwSignal::new(0),
            first: StoredValue::new(None),
        }
    }
}

impl Line {
    /// Loads its program.
    async fn come(self, language: Language) -> Result<(), NotLoaded> {
        if let Some(first) = self.first.get_value() {
            with_words(first, language).await?;
        }
        self.here.set_value(true);
        self.make_next();
        Ok(())
    }

    /// Lets one more part be made, and the next one after the browser has had its turn.
    fn make_next(self) {
        let due = self.due.get_untracked();
        if self.here.get_value() && due < self.asked.get_value() {
            self.due.set(due + 1);
            after(0, move || self.make_next());
        }
    }

    /// A part of its program, as soon as it is there. Those that are asked for first are made first.
    fn part(self, load: Part) -> Piece {
        let number = self.asked.get_value();
        self.asked.set_value(number + 1);
        if number == 0 {
            self.first.set_value(Some(load));
        }
        // All before it may have been made long ago.
        after(0, move || self.make_next());
        let due = Memo::new(move |_| self.due.get() > number);
        let made = RwSignal::new(None::<Make>);
        Effect::new(move |_| {
            if due.get() {
                spawn_local(async move {
                    // Its program is here: this is a step in this turn, and not one to the server.
                    if let Ok(make) = load().await {
                        made.try_set(Some(make));
                    }
                });
            }
        });
        // Once: what it reads while it is made is not what it shows.
        Piece::Live(Box::new(move || {
            made.get().map_or(Piece::Nothing, |make| untrack(make))
        }))
    }
}

/// What is loaded after the connect screen: the rest, without which no message is seen, and then what stands around it. A
/// handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Rest {
    rest: Line,
    around: Line,
    failed: RwSignal<bool>,
}

impl Default for Rest {
    /// Nothing of it is there yet.
    fn default() -> Self {
        Self {
            rest: Line::default(),
            around: Line::default(),
            failed: RwSignal::new(false),
        }
    }
}

impl Rest {
    /// Loads it once the connect screen is on the screen: until then the rest would only be in its way. A page that
    /// nobody sees is not painted, so a moment later it is loaded in any case.
    pub fn begin_when_painted(self, store: Store) {
        let begun = StoredValue::new(false);
        let begin = move || {
            if !begun.get_value() {
                begun.set_value(true);
                self.load(store);
            }
        };
        animation_frame::before_next_paint(move || after(SHOWING, begin));
        after(UNSEEN, begin);
    }

    fn load(self, store: Store) {
        self.failed.set(false);
        let language = store.speech.language.get_untracked();
        // Both at once; below, what has come is there, and what is on its way is waited for.
        spawn_local(async move {
            let _ = language.load().await;
        });
        spawn_local(async move {
            let mut come = self.rest.come(language).await;
            if come.is_ok() {
                come = self.around.come(language).await;
            }
            self.failed.set(come.is_err());
        });
    }
}

/// Loads a part, and the words for it.
async fn with_words(load: Part, language: Language) -> Result<Make, NotLoaded> {
    let make = load().await?;
    language.load().await?;
    Ok(make)
}

fn after(millis: u32, call: impl FnOnce() + 'static) {
    Timeout::new(millis, call).forget();
}

/// Makes something in a turn of the browser of its own, so that no turn is long.
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

/// A part of the rest.
pub fn part(load: Part) -> Piece {
    expect_context::<Rest>().rest.part(load)
}

/// A part of what stands around the rest: nobody needs it to see the first message, and everybody has it a moment later.
pub fn part_around(load: Part) -> Piece {
    expect_context::<Rest>().around.part(load)
}

/// How far a part is that is loaded on demand.
#[derive(Clone, Copy)]
enum Demand {
    Coming,
    Here(Make),
    Failed,
}

/// A part that is loaded when it is shown. Meanwhile a line says that. If it cannot be loaded, there is a button to try again,
/// and it is tried again when a connection comes: what serves the page is often the companion that was down.
pub fn on_demand(load: Part) -> Piece {
    let store = expect_context::<Store>();
    let state = RwSignal::new(Demand::Coming);
    let begin = move || {
        state.set(Demand::Coming);
        let language = store.speech.language.get_untracked();
        spawn_local(async move {
            // It may have been closed meanwhile.
            state.try_set(match with_words(load, language).await {
                Ok(make) => Demand::Here(make),
                Err(NotLoaded) => Demand::Failed,
            });
        });
    };
    begin();
    let connected = Memo::new(move |_| {
        store
            .told
            .connection
            .with(|it| it.phase == Phase::Connected)
    });
    Effect::new(move |_| {
        if connected.get() && matches!(state.get_untracked(), Demand::Failed) {
            begin();
        }
    });
    Piece::Live(Box::new(move || match state.get() {
        Demand::Coming => view! { <p class="hint" role="status">{store.text(|w| w.loading)}</p> },
        Demand::Here(make) => untrack(make),
        Demand::Failed => view! {
            <p class="error remark" role="alert">
                {store.text(|w| w.rest_failed)}" "
                <button type="button" class="link" on:click=move |_| begin()>{store.text(|w| w.try_again)}</button>
            </p>
        },
    }))
}

/// Loads a part before it is opened, once it is `wanted` and few messages come: starting a program takes a long frame, which
/// would be noticed in a flood. If it fails, it is tried again when the part is opened.
pub fn fetch_in_calm(load: Part, wanted: impl Fn() -> bool + 'static) {
    let store = expect_context::<Store>();
    let (begun, fetched) = (StoredValue::new(false), StoredValue::new(false));
    // The rate of the first messages is known then.
    let settled = RwSignal::new(false);
    Effect::new(move |_| {
        if wanted() && !begun.get_value() {
            begun.set_value(true);
            after(SETTLING, move || settled.set(true));
        }
    });
    Effect::new(move |_| {
        let calm = |rate: f32| rate < CALM;
        let rate = store.told.counters.with(|counters| counters.received_rate);
        if settled.get() && calm(rate) && !fetched.get_value() {
            fetched.set_value(true);
            spawn_local(async move {
                let _ = load().await;
            });
        }
    });
}

/// The banner that says that the rest could not be loaded, with a button to try again.
#[component(transparent)]
pub fn RestFailed() -> Piece {
    let store = expect_context::<Store>();
    let rest = expect_context::<Rest>();
    view! {
        <div class="banner" role="alert" hidden=move || !rest.failed.get()>
            <span class="grow">{store.text(|w| w.rest_failed)}</span>
            <button type="button" class="button" on:click=move |_| rest.load(store)>
                {store.text(|w| w.try_now)}
            </button>
        </div>
    }
}
