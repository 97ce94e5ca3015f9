//! Settings: language, colours, the memory that messages may take, and the strict mode.

use leptos::prelude::*;

use crate::{
    browser::keyboard,
    ui::{
        controls::{
            budget_field::BudgetField,
            dialog::Dialog,
            field::Segments,
            rest::{later, on_demand},
        },
        piece::{Piece, Pieces, view},
        state::{
            dialogs::Dialogs,
            preferences::{
                Theme, connects_by_itself, is_strict, remember_by_itself, remember_strict,
            },
            store::Store,
        },
        words::{Language, Words},
    },
};

#[component(transparent)]
fn StrictField() -> Piece {
    let store = expect_context::<Store>();
    view! {
        <div class="labelled">
            <label class="check">
                <input
                    id="strict"
                    type="checkbox"
                    aria-describedby="strict-hint"
                    prop:checked=is_strict
                    on:change:target=move |event| remember_strict(event.target().checked())
                />
                {store.text(|w| w.rest().work.remarks.strict)}
            </label>
            <p id="strict-hint" class="hint">{store.text(|w| w.rest().work.remarks.strict_hint)}</p>
        </div>
    }
}

#[component(transparent)]
fn ByItselfField() -> Piece {
    let store = expect_context::<Store>();
    view! {
        <div class="labelled">
            <label class="check">
                <input
                    id="by-itself"
                    type="checkbox"
                    aria-describedby="by-itself-hint"
                    prop:checked=connects_by_itself
                    on:change:target=move |event| remember_by_itself(event.target().checked(), store)
                />
                {store.text(|w| w.rest().remembered.by_itself)}
            </label>
            <p id="by-itself-hint" class="hint">{store.text(|w| w.rest().remembered.by_itself_hint)}</p>
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
            {on_demand(choices)}
        </Dialog>
    }
}

later! {
    /// What can be chosen.
    fn choices() in options { Choices }
}

#[component(transparent)]
fn Choices() -> Piece {
    let store = expect_context::<Store>();
    let dialogs = expect_context::<Dialogs>();
    // What was said of an earlier choice is over.
    store.speech.failed.set(false);
    let theme = RwSignal::new(Theme::remembered());
    let choose = move |chosen: Theme| {
        theme.set(chosen);
        chosen.choose(store);
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
        (Theme::System, text(|w| w.later().settings.system)),
        (Theme::Light, text(|w| w.later().settings.light)),
        (Theme::Dark, text(|w| w.later().settings.dark)),
    ];
    view! {
        <div class="labelled">
            // In both languages, for whoever does not read the one in use.
            <label for="language">{store.text(|w| w.later().settings.language)}</label>
            <select
                id="language"
                class="field"
                aria-describedby="language-fault"
                aria-invalid=move || store.speech.failed.get().to_string()
                on:change:target=move |event| speak(event.target().value())
            >
                {Language::ALL.map(|language| view! {
                    <option value=language.tag() lang=language.tag() prop:selected=move || store.speech.wanted.get() == language>
                        {language.name()}
                    </option>
                }).pieces()}
            </select>
            <p id="language-fault" class="fault" role="alert" hidden=move || !store.speech.failed.get()>
                {move || store.speech.failed.get().then(|| store.words().rest_failed)}
            </p>
        </div>
        <div class="labelled">
            <span>{store.text(|w| w.later().settings.theme)}</span>
            <Segments label=text(|w| w.later().settings.theme) group="theme" choices=themes value=theme choose=choose />
        </div>
        <BudgetField id="settings-budget" />
        <ByItselfField />
        <StrictField />
        <div class="line">
            <button type="button" class="button" on:click=move |_| dialogs.open(dialogs.commands)>
                {store.text(|w| w.rest().told.commands)}" "<kbd>{if keyboard::is_mac() { "⌘" } else { "Ctrl" }}</kbd>" "<kbd>"K"</kbd>
            </button>
            <button type="button" class="button" on:click=move |_| dialogs.open(dialogs.keys)>
                {store.text(|w| w.rest().told.keys)}" "<kbd>"?"</kbd>
            </button>
        </div>
    }
}
