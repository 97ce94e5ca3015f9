//! A payload as JSON, CBOR, text, hexadecimal or picture. The bytes are exact, and what is not shown is said.

mod cbor;
mod hex;
mod json;
mod more;
mod reading;
mod steps;
mod text;

use std::sync::Arc;

use cbor::cbor;
use hex::hex;
use json::{json, why_not};
use leptos::prelude::*;
use reading::{Asked, Readings, Verdict};
use steps::Steps;
use text::text;

use crate::{
    browser::{download, object_url::ObjectUrl},
    desk::{
        inspected::payload,
        shape::{Shape, best_of, copied, file_name, may_be_json},
    },
    link::Inspected,
    payload::{Mark, picture_type},
    ui::{
        controls::{
            copying::copy,
            field::{Segments, plain},
        },
        piece::{IntoPiece, Piece, view},
        state::store::Store,
    },
};

/// The payload, with the choice of its shape.
#[component(transparent)]
pub fn PayloadView() -> Piece {
    let store = expect_context::<Store>();
    // The user's own choice holds from message to message; without one, each gets the shape that says most.
    let chosen = RwSignal::new(None::<Shape>);
    let changes = RwSignal::new(true);
    let steps = Steps::first();
    let readings = Readings::follow(store.told.inspected, changes, move |one| Asked {
        json: chosen
            .get()
            .map_or_else(|| may_be_json(one), |shape| shape == Shape::Json),
        lines: steps.lines(one),
    });
    let verdict = Memo::new(move |_| readings.progress.with(|progress| progress.verdict.clone()));
    let wanted = Memo::new(move |_| {
        let best = || {
            store.told.inspected.with(|one| {
                one.as_ref().map_or(Shape::Text, |one| {
                    best_of(one, verdict.with(|verdict| *verdict == Verdict::Json))
                })
            })
        };
        chosen.get().unwrap_or_else(best)
    });
    // What is shown in the end: what is no JSON is shown as text, with a word why.
    let shown = Memo::new(move |_| match wanted.get() {
        Shape::Json if verdict.with(|verdict| *verdict != Verdict::Json) => Shape::Text,
        shape => shape,
    });
    let why_not = move || {
        (wanted.get() == Shape::Json)
            .then(|| verdict.with(|verdict| why_not(verdict, store.words())))
            .flatten()
    };
    let mark = Memo::new(move |_| {
        store
            .told
            .inspected
            .with(|one| Mark::before(payload(one.as_ref()?)))
    });
    let inspected = move |show: fn(Store, &Arc<Inspected>, Steps) -> Piece| {
        move || {
            store
                .told
                .inspected
                .with(|one| one.as_ref().map(|one| show(store, one, steps)))
        }
    };
    let copy = move |_| {
        let Some(one) = store.looked_at() else {
            return;
        };
        let text = copied(wanted.get_untracked(), payload(&one));
        copy(store, text);
    };
    let picture = move || {
        store.told.inspected.with(|one| {
            let one = one.as_ref()?;
            let bytes = payload(one);
            ObjectUrl::new(bytes, picture_type(bytes)?)
        })
    };
    let kept_picture = StoredValue::new_local(None::<ObjectUrl>);
    let picture_address = Memo::new(move |_| {
        let made = picture();
        let address = made.as_ref().map(|url| url.address().to_owned());
        kept_picture.set_value(made);
        address
    });
    view! {
        <div class="shape">
            <Segments
                label=Signal::derive(move || store.words().rest().show_as.to_owned())
                group="shape"
                choices=vec![
                    (Shape::Json, plain("JSON")),
                    (Shape::Cbor, plain("CBOR")),
                    (Shape::Text, Signal::derive(move || store.words().rest().text.to_owned())),
                    (Shape::Hex, Signal::derive(move || store.words().rest().hex.to_owned())),
                ]
                value=wanted
                choose=move |shape| chosen.set(Some(shape))
            />
            <span class="grow"></span>
            <label class="check" hidden=move || wanted.get() != Shape::Json>
                <input
                    type="checkbox"
                    prop:checked=move || changes.get()
                    on:change:target=move |event| changes.set(event.target().checked())
                />
                {store.text(|w| w.rest().changes)}
            </label>
            <button class="button ghost" on:click=copy>{store.text(|w| w.rest().copy)}</button>
        </div>
        {move || {
            picture_address.get().map(|address| view! { <img class="picture" src=address alt=store.text(|w| w.rest().image) /> })
        }}
        <p class="note" id="payload-mark" hidden=move || mark.get().is_none()>
            {move || mark.get().map(|mark| (store.words().later().content.mark)(mark))}
        </p>
        <p class="note" id="not-json" hidden=move || why_not().is_none()>{why_not}</p>
        {move || match shown.get() {
            Shape::Json => json(store, readings, steps),
            Shape::Cbor => inspected(cbor).into_piece(),
            Shape::Text => inspected(text).into_piece(),
            Shape::Hex => inspected(hex).into_piece(),
        }}
    }
}

/// Saves the payload, every byte of it, to a file named after its topic.
pub fn save(one: &Inspected) {
    let bytes = payload(one);
    // A browser that does not want to has said so itself.
    let _ = download::save(&file_name(&one.topic, bytes), bytes);
}
