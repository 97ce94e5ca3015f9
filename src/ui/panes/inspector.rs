//! The inspector: one message, as its payload or as its packet.

mod clear_retained;
mod history;
mod message;
mod message_properties;
mod packet_view;
mod payload_view;
mod said_of;

use leptos::prelude::*;

use crate::ui::{
    controls::rest::{fetch_in_calm, later, on_demand},
    panes::inspector::{history::history, message::message, packet_view::packet_view},
    piece::{Piece, view},
    state::store::{Store, Tab},
    words::Words,
};

later! {
    /// The inspector.
    pub fn inspector() in rest { Inspector }
}

/// The right column.
#[component(transparent)]
fn Inspector() -> Piece {
    let store = expect_context::<Store>();
    let tab = store.chrome.tab;
    // Most visits look into a message sooner or later: its program comes while the first ones are being read.
    fetch_in_calm(message, move || {
        store.told.list.with(|list| !list.rows.is_empty())
    });
    // What is inspected changes often; the parts below change only when their own kind does.
    let state = Memo::new(move |_| match store.told.inspected.get() {
        None => State::Nothing,
        Some(inspected) if inspected.bytes.is_empty() => State::Gone,
        Some(_) => State::Here,
    });
    // The one under the inspector outlives its place in the list.
    let evicted = move || {
        store
            .told
            .inspected
            .with(|one| one.as_ref().is_some_and(|one| one.seq.is_none()))
    };
    let flawed = move || {
        store
            .told
            .inspected
            .with(|one| one.as_ref().is_some_and(|one| one.flawed))
    };
    let tab_button = move |this: Tab, name: fn(&Words) -> &'static str| {
        view! {
            <button
                role="tab"
                class="tab"
                aria-selected=move || (tab.get() == this).to_string()
                on:click=move |_| tab.set(this)
            >
                {store.text(name)}
            </button>
        }
    };
    view! {
        <section class="column inspector" role="region" aria-label=store.text(|w| w.rest().inspector)>
            <div class="tabs">
                <button class="button ghost back" on:click=move |_| store.inspect(None)>
                    {store.text(|w| w.rest().back)}
                </button>
                <div role="tablist" aria-label=store.text(|w| w.rest().inspector)>
                    {tab_button(Tab::Payload, |w| w.rest().payload)}
                    {tab_button(Tab::History, |w| w.rest().told.history)}
                    {tab_button(Tab::Packet, |w| w.rest().packet)}
                </div>
            </div>
            <div class="scroll" tabindex="0" data-pane="inspector" aria-busy=move || store.is_awaited().to_string()>
                {move || match state.get() {
                    // It is hidden then, or the first answer is on its way.
                    State::Nothing => Piece::Nothing,
                    State::Gone => view! { <p class="nothing quiet">{store.text(|w| w.rest().gone)}</p> },
                    State::Here => {
                        view! {
                            <p class="note" hidden=move || !evicted()>{store.text(|w| w.rest().gone)}</p>
                            <p class="note error" hidden=move || !flawed()>
                                {store.text(|w| w.rest().work.remarks.flawed_title)}
                            </p>
                            <div hidden=move || tab.get() != Tab::Payload>{on_demand(message)}</div>
                            <div hidden=move || tab.get() != Tab::History>
                                {move || (tab.get() == Tab::History).then(|| on_demand(history))}
                            </div>
                            <div hidden=move || tab.get() != Tab::Packet>
                                {move || (tab.get() == Tab::Packet).then(|| on_demand(packet_view))}
                            </div>
                        }
                    }
                }}
            </div>
        </section>
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Nothing,
    Gone,
    Here,
}
