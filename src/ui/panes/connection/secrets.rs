//! What there is to say of secrets in the addresses: that they are not stored, unless the user wants it; that they were
//! left out before; and that a signature has run out.

use crate::ui::controls::rest::later;
use gloo_timers::callback::Interval;
use leptos::prelude::*;

use crate::{
    browser::date,
    desk::doctor::ran_out,
    ui::{
        piece::{Piece, view},
        state::{form::Form, store::Store},
        words::sentences,
    },
};

/// How often the clock is looked at, in milliseconds.
const LOOK: u32 = 15_000;

later! {
    /// What there is to say of secrets in the addresses.
    pub fn address_secrets() in around { AddressSecrets }
}

/// Below the addresses.
#[component(transparent)]
fn AddressSecrets() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let names = Memo::new(move |_| form.secrets());
    let clock = RwSignal::new(());
    // It lives as long as the page, and so does this.
    Interval::new(LOOK, move || clock.set(())).forget();
    let late = Memo::new(move |_| {
        clock.track();
        let addresses = form.addresses();
        addresses
            .iter()
            .find_map(|address| ran_out(address, date::now()))
            .map(|ago| sentences::trouble::ran_out(ago, store.words()))
    });
    let said = move || {
        let w = &store.words().rest().keeping;
        let names = names.with(|names| names.join(", "));
        if form.with_secrets.get() {
            (w.stored_too)(&names)
        } else {
            (w.not_stored)(&names)
        }
    };
    let left_out = move || {
        let names = form.left_out.with(|names| names.join(", "));
        (!names.is_empty()).then(|| (store.words().rest().keeping.was_left_out)(&names))
    };
    view! {
        <p id="address-late" class="error remark" role="alert" hidden=move || late.with(Option::is_none)>
            {move || late.get()}
        </p>
        <div id="address-secrets" class="hint" hidden=move || names.with(Vec::is_empty)>
            <p>{said}</p>
            <label class="check">
                <input
                    id="with-secrets"
                    type="checkbox"
                    prop:checked=move || form.with_secrets.get()
                    on:change:target=move |event| form.with_secrets.set(event.target().checked())
                />
                {store.text(|w| w.rest().keeping.store_too)}
            </label>
        </div>
        <p id="address-left-out" class="hint" hidden=move || left_out().is_none()>{left_out}</p>
    }
}
