//! The devices that live beside the broker in the tab: how each is, what it said last, and its power and its plug. Shown
//! while the page is connected to that broker, and loaded then.
//!
//! `wire` speaks to them; `item` is one of them, `details` what can be changed about it.

mod details;
mod item;
mod said;
mod wire;

use leptos::prelude::*;

use crate::{
    desk::format,
    devices::{Kind, MOST, Order},
    ui::{
        controls::rest::{later, on_demand},
        panes::devices::{
            item::Item,
            said::words,
            wire::{Wire, is_here},
        },
        piece::{Piece, Pieces, rows, shown_when, view},
        state::store::Store,
    },
};

/// The devices, where there are any.
#[component(transparent)]
pub fn Devices() -> Piece {
    let here = is_here();
    shown_when(move || here.get(), move || on_demand(devices_here))
}

later! {
    /// What is in it.
    fn devices_here() in devices { || view! { <DevicesHere /> } }
}

#[component(transparent)]
fn DevicesHere() -> Piece {
    let store = expect_context::<Store>();
    let wire = Wire::begin();
    provide_context(wire);
    let numbers = move || {
        let told = wire.told.get().unwrap_or_default();
        told.iter().map(|told| told.number).collect::<Vec<_>>()
    };
    let is_empty = Memo::new(move |_| {
        wire.told
            .with(|told| told.as_ref().is_some_and(Vec::is_empty))
    });
    let is_starting = move || wire.told.with(Option::is_none) && !wire.lost.get();
    let refused = move || wire.refused.get().map(|why| (words(store).refused)(why));
    view! {
        <section class="devices" aria-labelledby="devices-title">
            <details open="">
                <summary class="head">
                    <h2 id="devices-title">{move || words(store).devices}</h2>
                    <span class="num quiet">{move || format::whole(numbers().len() as u64)}</span>
                </summary>
                <p class="hint">{move || words(store).about}</p>
                <p class="hint" role="status" hidden=move || !is_starting()>{move || words(store).starting}</p>
                <p class="error" role="alert" hidden=move || !wire.lost.get()>{move || words(store).lost}</p>
                <p class="error" role="alert" hidden=move || refused().is_none()>{refused}</p>
                <ul class="list" role="list" aria-label=move || words(store).devices>
                    {rows(numbers, u32::to_string, |_, number| view! { <Item number=number /> })}
                </ul>
                <p class="hint" hidden=move || !is_empty.get()>{move || words(store).none}</p>
                <Another />
            </details>
        </section>
    }
}

/// One more, of a kind.
#[component(transparent)]
fn Another() -> Piece {
    let store = expect_context::<Store>();
    let wire = expect_context::<Wire>();
    let chosen = RwSignal::new(0_usize);
    let is_full = Memo::new(move |_| {
        wire.told
            .with(|told| told.as_ref().is_some_and(|told| told.len() >= MOST))
    });
    let add = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if let Some(kind) = Kind::ALL.get(chosen.get_untracked())
            && !is_full.get_untracked()
        {
            wire.order(Order::Add { kind: *kind });
        }
    };
    view! {
        <form class="another" on:submit=add novalidate>
            <div class="line">
                <select
                    class="field grow"
                    aria-label=move || words(store).template
                    prop:value=move || chosen.get().to_string()
                    on:change:target=move |event| chosen.set(event.target().value().parse().unwrap_or(0))
                >
                    {Kind::ALL
                        .into_iter()
                        .enumerate()
                        .map(|(place, kind)| view! {
                            <option value=place.to_string()>{move || (words(store).kind)(kind)}</option>
                        })
                        .pieces()}
                </select>
                <button class="button" aria-disabled=move || is_full.get().to_string()>{move || words(store).add}</button>
            </div>
            <p class="hint" hidden=move || !is_full.get()>{move || (words(store).full)(&format::whole(MOST as u64))}</p>
        </form>
    }
}
