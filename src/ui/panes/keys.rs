//! The keys: what each does, in groups.

use leptos::prelude::*;

use crate::{
    browser::keyboard,
    ui::{
        controls::{
            dialog::Dialog,
            rest::{later, on_demand},
        },
        piece::{Piece, Pieces, view},
        state::{
            dialogs::Dialogs,
            preferences::{characters_are_commands, remember_characters},
            store::Store,
        },
    },
};

/// The dialog.
#[component(transparent)]
pub fn KeysDialog() -> Piece {
    let open = expect_context::<Dialogs>().keys;
    view! {
        <Dialog open=open title=|w| w.rest().told.keys id="keys">
            {on_demand(keys)}
        </Dialog>
    }
}

later! {
    /// What is in it.
    fn keys() in commands { Keys }
}

#[component(transparent)]
fn Keys() -> Piece {
    let store = expect_context::<Store>();
    let mac = keyboard::is_mac();
    let named = move |key: &'static str| if mac && key == "Ctrl" { "⌘" } else { key };
    let line = move |keys: &'static [&'static str], what: &'static str| {
        let keys = keys
            .iter()
            .map(|key| view! { <kbd>{named(key)}</kbd>" " })
            .pieces();
        view! { <dt>{keys}</dt> <dd>{what}</dd> }
    };
    let groups = move || {
        store
            .words()
            .commands()
            .keys
            .iter()
            .map(|(heading, keys)| {
                let lines = keys.iter().map(|one| line(one.keys, one.what)).pieces();
                view! { <h3>{*heading}</h3> <dl class="keys">{lines}</dl> }
            })
            .pieces()
    };
    view! {
        {groups}
        <div class="labelled">
            <label class="check">
                <input
                    type="checkbox"
                    aria-describedby="characters-hint"
                    prop:checked=characters_are_commands
                    on:change:target=move |event| remember_characters(event.target().checked(), store)
                />
                {store.text(|w| w.commands().characters)}
            </label>
            <p id="characters-hint" class="hint">{store.text(|w| w.commands().characters_hint)}</p>
        </div>
    }
}
