//! Fields for user properties: any number of rows with a name and a value.

use leptos::prelude::*;

use crate::{
    profile::saved::MAX_USER_PROPERTIES,
    ui::{
        controls::field::Cross,
        piece::{Piece, rows, view},
        state::{
            properties::{Properties, Property},
            store::Store,
        },
        words::Words,
    },
};

/// The rows, with a way to add one.
#[component(transparent)]
pub fn UserProperties(
    /// What they belong to.
    heading: fn(&Words) -> &'static str,
    /// What is in them.
    properties: Properties,
    /// What is wrong with them.
    #[prop(optional)]
    fault: Signal<Option<String>>,
) -> Piece {
    let store = expect_context::<Store>();
    let room = move || properties.rows.with(Vec::len) < MAX_USER_PROPERTIES;
    view! {
        <div class="labelled" role="group" aria-label=store.text(heading)>
            <span>{store.text(heading)}</span>
            {rows(
                move || properties.rows.get(),
                |row| row.key.to_string(),
                move |index, row| view! { <Row index=index row=row remove=move |key| properties.remove(key) /> },
            )}
            <p class="fault" aria-live="polite" hidden=move || fault.get().is_none()>
                {move || fault.get()}
            </p>
            <button type="button" class="link" hidden=move || !room() on:click=move |_| properties.add()>
                {store.text(|w| w.broker.beyond.add_property)}
            </button>
        </div>
    }
}

/// One of them.
#[component(transparent)]
fn Row(
    /// Its place, from 0.
    index: ReadSignal<usize>,
    /// Its fields.
    row: Property,
    /// Removes it, by its key.
    #[prop(into)]
    remove: Callback<u32>,
) -> Piece {
    let store = expect_context::<Store>();
    let key = row.key;
    let named =
        move |name: fn(&Words) -> fn(usize) -> String| move || name(store.words())(index.get() + 1);
    let field = move |value: ArcRwSignal<String>,
                      label: fn(&Words) -> fn(usize) -> String,
                      placeholder: fn(&Words) -> &'static str| {
        let shown = value.clone();
        view! {
            <input
                class="field mono grow"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-label=named(label)
                placeholder=store.text(placeholder)
                prop:value=move || shown.get()
                on:input:target=move |event| value.set(event.target().value())
            />
        }
    };
    view! {
        <div class="line">
            {field(row.name, |w| w.broker.beyond.property_name, |w| w.broker.beyond.name)}
            {field(row.value, |w| w.broker.beyond.property_value, |w| w.broker.beyond.value)}
            <button
                type="button"
                class="button icon"
                aria-label=named(|w| w.broker.beyond.remove_property)
                on:click=move |_| remove.run(key)
            >
                <Cross />
            </button>
        </div>
    }
}
