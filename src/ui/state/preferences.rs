//! The user's settings, in the browser's storage: colours, the memory that messages may use, strict mode and others.

use leptos::prelude::*;

use crate::{
    browser::{color_scheme, storage},
    link::Command,
    ui::state::store::Store,
};

const THEME: &str = "midge.theme";
const BUDGET: &str = "midge.budget";
const CHARACTERS: &str = "midge.characters";
const STRICT: &str = "midge.strict";
const BY_ITSELF: &str = "midge.by-itself";

/// The choices, in MiB.
pub const BUDGETS: [u32; 7] = [16, 32, 64, 128, 256, 512, 1024];

const USUAL_BUDGET: u32 = 64;

/// The colours of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Those of the system.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Reads the choice.
    pub fn remembered() -> Self {
        match storage::read(THEME).as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    /// Its name in the style sheets; `None`: the system decides.
    fn name(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    /// Applies these colours, and stores the choice.
    pub fn choose(self, store: Store) {
        color_scheme::choose(self.name());
        match self.name() {
            Some(name) => store.say_if_unstored(storage::write(THEME, name)),
            None => storage::remove(THEME),
        }
    }
}

/// Applies the stored choice of colours.
pub fn apply_remembered_theme() {
    color_scheme::choose(Theme::remembered().name());
}

/// The memory that messages may use, in MiB. It is shown in two places, so it is a signal in the context.
#[derive(Clone, Copy)]
pub struct Budget(RwSignal<u32>);

impl Budget {
    /// The current choice. Tracks it.
    pub fn mib(self) -> u32 {
        self.0.get()
    }

    /// Sets what was typed, if it is one of [`BUDGETS`], and stores it.
    pub fn choose(self, typed: &str, store: Store) {
        if let Some(mib) = typed.parse().ok().filter(|mib| BUDGETS.contains(mib)) {
            self.0.set(mib);
            store.say_if_unstored(storage::write(BUDGET, &mib.to_string()));
            store.say(Command::Budget(u64::from(mib) << 20));
        }
    }
}

/// Sends the stored budget to the engine.
pub fn provide_remembered_budget() {
    let store = expect_context::<Store>();
    let remembered = storage::read(BUDGET)
        .and_then(|text| text.parse().ok())
        .filter(|mib| BUDGETS.contains(mib));
    if let Some(mib) = remembered {
        store.say(Command::Budget(u64::from(mib) << 20));
    }
    provide_context(Budget(RwSignal::new(remembered.unwrap_or(USUAL_BUDGET))));
}

/// Strict mode: any violation of the protocol ends the connection.
pub fn is_strict() -> bool {
    storage::read(STRICT).as_deref() == Some("1")
}

/// Stores that choice.
pub fn remember_strict(strict: bool) {
    if strict {
        storage::write(STRICT, "1");
    } else {
        storage::remove(STRICT);
    }
}

/// Keys of one character are commands.
pub fn characters_are_commands() -> bool {
    storage::read(CHARACTERS).as_deref() != Some("off")
}

/// Stores that choice.
pub fn remember_characters(on: bool, store: Store) {
    if on {
        storage::remove(CHARACTERS);
    } else {
        store.say_if_unstored(storage::write(CHARACTERS, "off"));
    }
}

/// The page connects when it opens.
pub fn connects_by_itself() -> bool {
    storage::read(BY_ITSELF).as_deref() == Some("1")
}

/// Stores that choice.
pub fn remember_by_itself(by_itself: bool, store: Store) {
    if by_itself {
        store.say_if_unstored(storage::write(BY_ITSELF, "1"));
    } else {
        storage::remove(BY_ITSELF);
    }
}
