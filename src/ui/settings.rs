//! Settings: language, colours, the memory that messages may take, and the strict mode.

use leptos::prelude::*;

use crate::{
    browser::{color_scheme, storage},
    link::Command,
    ui::{
        dialog::Dialog,
        field::Segments,
        piece::{Piece, Pieces, view},
        store::Store,
        words::{Language, Words},
    },
};

const THEME: &str = "midge.theme";
const BUDGET: &str = "midge.budget";
const STRICT: &str = "midge.strict";

/// What may be chosen, in MiB.
const BUDGETS: [u32; 7] = [16, 32, 64, 128, 256, 512, 1024];

const USUAL_BUDGET: u32 = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    fn remembered() -> Self {
        match storage::read(THEME).as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    fn name(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }
}

/// Gives the page the colours that were chosen before.
pub fn apply_remembered_theme() {
    color_scheme::choose(Theme::remembered().name());
}

/// Says that a choice holds for this page alone, where the browser does not store it.
pub fn say_if_not(store: Store, stored: bool) {
    if !stored {
        store.toast(
            store
                .language
                .get_untracked()
                .words()
                .broker
                .not_saved
                .to_owned(),
        );
    }
}

/// The memory that messages may take, in MiB. Shown in two places, so it is one signal in the context.
#[derive(Clone, Copy)]
pub struct Budget(RwSignal<u32>);

/// Tells the engine the budget that was chosen before.
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

/// The choice of the budget.
#[component(transparent)]
pub fn BudgetField(
    /// Identifier on the page.
    id: &'static str,
) -> Piece {
    let store = expect_context::<Store>();
    let Budget(budget) = expect_context::<Budget>();
    let choose = move |chosen: String| {
        if let Some(mib) = chosen.parse().ok().filter(|mib| BUDGETS.contains(mib)) {
            budget.set(mib);
            say_if_not(store, storage::write(BUDGET, &mib.to_string()));
            store.say(Command::Budget(u64::from(mib) << 20));
        }
    };
    view! {
        <div class="labelled">
            <label for=id>{store.text(|w| w.rest().settings.budget)}</label>
            <select id=id class="field" on:change:target=move |event| choose(event.target().value())>
                {BUDGETS.map(|mib| view! {
                    <option value=mib.to_string() prop:selected=move || budget.get() == mib>{format!("{mib} MiB")}</option>
                }).pieces()}
            </select>
            <p class="hint">{store.text(|w| w.rest().settings.budget_hint)}</p>
        </div>
    }
}

/// Every broken rule is to end the connection.
pub fn is_strict() -> bool {
    storage::read(STRICT).as_deref() == Some("1")
}

#[component(transparent)]
fn StrictField() -> Piece {
    let store = expect_context::<Store>();
    let choose = move |strict: bool| {
        if strict {
            storage::write(STRICT, "1");
        } else {
            storage::remove(STRICT);
        }
    };
    view! {
        <div class="labelled">
            <label class="check">
                <input
                    id="strict"
                    type="checkbox"
                    aria-describedby="strict-hint"
                    prop:checked=is_strict
                    on:change:target=move |event| choose(event.target().checked())
                />
                {store.text(|w| w.rest().work.remarks.strict)}
            </label>
            <p id="strict-hint" class="hint">{store.text(|w| w.rest().work.remarks.strict_hint)}</p>
        </div>
    }
}

/// The dialog behind the settings button.
#[component(transparent)]
pub fn SettingsDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> Piece {
    view! {
        <Dialog open=open title=|w| w.settings id="settings">
            <Choices />
        </Dialog>
    }
}

#[component(transparent)]
fn Choices() -> Piece {
    let store = expect_context::<Store>();
    // What was said of an earlier choice is over.
    store.language_failed.set(false);
    let theme = RwSignal::new(Theme::remembered());
    let choose = move |chosen: Theme| {
        theme.set(chosen);
        color_scheme::choose(chosen.name());
        match chosen.name() {
            Some(name) => say_if_not(store, storage::write(THEME, name)),
            None => storage::remove(THEME),
        }
    };
    let text = move |choose: fn(&Words) -> &'static str| {
        Signal::derive(move || choose(store.words()).to_owned())
    };
    let speak = move |tag: String| {
        if let Some(language) = Language::ALL
            .into_iter()
            .find(|language| language.tag() == tag)
        {
            store.speak(language);
        }
    };
    let themes = vec![
        (Theme::System, text(|w| w.rest().settings.system)),
        (Theme::Light, text(|w| w.rest().settings.light)),
        (Theme::Dark, text(|w| w.rest().settings.dark)),
    ];
    view! {
        <div class="labelled">
            // In both languages, for whoever does not read the one in use.
            <label for="language">{store.text(|w| w.rest().settings.language)}</label>
            <select
                id="language"
                class="field"
                aria-describedby="language-fault"
                aria-invalid=move || store.language_failed.get().to_string()
                on:change:target=move |event| speak(event.target().value())
            >
                {Language::ALL.map(|language| view! {
                    <option value=language.tag() lang=language.tag() prop:selected=move || store.language_wanted.get() == language>
                        {language.name()}
                    </option>
                }).pieces()}
            </select>
            <p id="language-fault" class="fault" role="alert" hidden=move || !store.language_failed.get()>
                {move || store.language_failed.get().then(|| store.words().rest_failed)}
            </p>
        </div>
        <div class="labelled">
            <span>{store.text(|w| w.rest().settings.theme)}</span>
            <Segments label=text(|w| w.rest().settings.theme) group="theme" choices=themes value=theme choose=choose />
        </div>
        <BudgetField id="settings-budget" />
        <StrictField />
    }
}
