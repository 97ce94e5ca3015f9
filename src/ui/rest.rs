//! The rest of the page: what the connect screen does without. It is a program of its own, loaded while the connect
//! screen is being read, so that the screen is there sooner. See docs/decisions/0013-two-programs.md.

use leptos::{prelude::*, task::spawn_local};

use crate::ui::{
    connect::Form,
    piece::{Piece, view},
    store::Store,
    workbench,
};

/// What comes with it.
pub struct Parts {
    /// Takes up what is stored, the link that led here, and what the host says. It shows nothing.
    pub arrival: fn() -> Piece,
    /// Reads what the engine sent.
    pub receive: fn(Store, &[u8]),
    /// Connects, or says what is in the way.
    pub connect: fn(Form, Store),
    /// The counters.
    pub meter: fn() -> Piece,
    /// The button that saves the form.
    pub save_profile: fn() -> Piece,
    /// Subscriptions, topics, messages, publisher and inspector.
    pub work: fn() -> Piece,
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

/// A part was asked for that did not come.
#[derive(Debug)]
pub struct NotLoaded;

/// How far the rest is.
#[derive(Clone, Copy)]
enum State {
    Coming,
    Here(&'static Parts),
    Failed,
}

/// The rest of the page, for those who show a part of it. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Rest(RwSignal<State>);

impl Rest {
    /// Begins to load it.
    pub fn start() -> Self {
        let rest = Self(RwSignal::new(State::Coming));
        rest.load();
        rest
    }

    fn load(self) {
        self.0.set(State::Coming);
        spawn_local(async move {
            self.0.set(match parts().await {
                Ok(parts) => State::Here(parts),
                Err(NotLoaded) => State::Failed,
            });
        });
    }

    /// What came with it, once it is there. Tracks nothing.
    pub fn parts(self) -> Option<&'static Parts> {
        match self.0.get_untracked() {
            State::Here(parts) => Some(parts),
            State::Coming | State::Failed => None,
        }
    }
}

/// A part of the rest, as soon as it is there.
pub fn part(choose: fn(&Parts) -> fn() -> Piece) -> Piece {
    let rest = expect_context::<Rest>();
    let live = move || match rest.0.get() {
        // Once: what it reads while it is made is not what it shows.
        State::Here(parts) => untrack(choose(parts)),
        State::Coming | State::Failed => Piece::Nothing,
    };
    Piece::Live(Box::new(live))
}

/// Says that the rest did not load, and lets the user try again.
#[component(transparent)]
pub fn RestFailed() -> Piece {
    let store = expect_context::<Store>();
    let rest = expect_context::<Rest>();
    view! {
        <div class="banner" role="alert" hidden=move || !matches!(rest.0.get(), State::Failed)>
            <span class="grow">{store.text(|w| w.rest_failed)}</span>
            <button type="button" class="button" on:click=move |_| rest.load()>
                {store.text(|w| w.try_now)}
            </button>
        </div>
    }
}

#[cfg(feature = "split")]
mod split {
    use super::{NotLoaded, Parts, workbench};

    impl From<wasm_split_helpers::SplitLoaderError> for NotLoaded {
        fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
            Self
        }
    }

    // What is reached from here alone goes into a second program. The macro declares it as a foreign function, which
    // needs `unsafe`; both sides are of one build.
    #[allow(unsafe_code, improper_ctypes, improper_ctypes_definitions)]
    #[wasm_split_helpers::wasm_split(rest, fallible)]
    pub fn parts() -> Result<&'static Parts, NotLoaded> {
        Ok(&workbench::PARTS)
    }
}

#[cfg(feature = "split")]
use split::parts;

/// The quick build has one program.
#[cfg(not(feature = "split"))]
async fn parts() -> Result<&'static Parts, NotLoaded> {
    Ok(&workbench::PARTS)
}
