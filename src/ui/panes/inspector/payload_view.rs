//! A payload as JSON, CBOR, MessagePack, protobuf, text, hexadecimal or picture, taken out of what it is in. The bytes are
//! exact, and what is not shown is said.

mod chosen;
mod difference;
mod hex;
mod inside;
mod json;
mod lines;
mod more;
mod reading;
mod sparkplug;
mod steps;
mod text;

use std::sync::Arc;

use chosen::Chosen;
use difference::{Base, difference};
use hex::hex;
use inside::{Inside, Open};
use json::{json, why_not};
use leptos::prelude::*;
use lines::{cbor, msgpack, protobuf};
use reading::{Asked, Readings, Verdict};
use sparkplug::sparkplug;
use steps::Steps;
use text::{text, text_in_latin1};

use crate::{
    browser::{download, object_url::ObjectUrl},
    desk::{
        format,
        inspected::payload,
        shape::{Reason, SHAPES, Shape, best_with_reason, copied, file_name, may_be_json},
    },
    link::Inspected,
    payload::{Mark, Wrapping, picture_type},
    ui::{
        controls::{
            copying::copy,
            field::{Segments, plain},
        },
        piece::{IntoPiece, Piece, Pieces, view},
        state::store::Store,
    },
};

/// The payload, with the choice of its shape.
#[component(transparent)]
pub fn PayloadView() -> Piece {
    let store = expect_context::<Store>();
    let inside = Inside::follow(store.told.inspected);
    let looked_at = Signal::derive(move || inside.shown());
    // The user's own choice holds for its topic; without one, each payload gets the shape that says most.
    let choice = Chosen::read();
    let chosen = Memo::new(move |_| {
        store
            .told
            .inspected
            .with(|one| choice.of(&one.as_ref()?.topic))
    });
    let changes = RwSignal::new(true);
    let steps = Steps::first();
    let base: Base = RwSignal::new(None);
    let readings = Readings::follow(looked_at, base.into(), changes, move |one| Asked {
        json: chosen
            .get()
            .map_or_else(|| may_be_json(one), |shape| shape == Shape::Json),
        lines: steps.lines(one),
    });
    let verdict = Memo::new(move |_| readings.progress.with(|progress| progress.verdict.clone()));
    let taken = Memo::new(move |_| {
        if let Some(shape) = chosen.get() {
            return (shape, Reason::Chosen);
        }
        if verdict.with(|verdict| matches!(verdict, Verdict::Nearly(..))) {
            return (Shape::Json, Reason::Nearly);
        }
        let is_json = verdict.with(|verdict| *verdict == Verdict::Json);
        looked_at.with(|one| {
            one.as_ref().map_or((Shape::Text, Reason::Readable), |one| {
                best_with_reason(one, is_json)
            })
        })
    });
    let wanted = Memo::new(move |_| taken.get().0);
    // What is shown in the end: what is no JSON is shown as text, with a word why.
    let shown = Memo::new(move |_| match wanted.get() {
        Shape::Json if !verdict.with(is_laid_out) => Shape::Text,
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
        move || looked_at.with(|one| one.as_ref().map(|one| show(store, one, steps)))
    };
    let copy = move |_| {
        // The store knows whether the answer is still the old one.
        let Some(one) = store.looked_at().and_then(|_| looked_at.get_untracked()) else {
            return;
        };
        let text = copied(wanted.get_untracked(), payload(&one));
        copy(store, text);
    };
    let picture = move || {
        looked_at.with(|one| {
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
                choices=SHAPES.iter().map(|(shape, _)| (*shape, name(store, *shape))).collect()
                value=wanted
                choose=move |shape| {
                    if let Some(one) = store.told.inspected.get_untracked() {
                        choice.choose(&one.topic, Some(shape));
                    }
                }
            />
            <span class="grow"></span>
            <label class="check" hidden=move || shown.get() == Shape::Sparkplug>
                <input
                    type="checkbox"
                    prop:checked=move || changes.get()
                    on:change:target=move |event| changes.set(event.target().checked())
                />
                {store.text(|w| w.rest().changes)}
            </label>
            <button class="button ghost" on:click=copy>{store.text(|w| w.rest().copy)}</button>
        </div>
        <p class="note quiet" id="payload-reason">
            {move || {
                let (shape, reason) = taken.get();
                (store.words().payloads().reason)(shape, reason)
            }}
            " "
            <button
                class="link"
                hidden=move || chosen.get().is_none()
                on:click=move |_| {
                    if let Some(one) = store.told.inspected.get_untracked() {
                        choice.choose(&one.topic, None);
                    }
                }
            >
                {store.text(|w| w.payloads().by_itself)}
            </button>
        </p>
        {opened(store, inside, wanted)}
        {move || {
            picture_address.get().map(|address| view! { <img class="picture" src=address alt=store.text(|w| w.rest().image) /> })
        }}
        <p class="note" id="payload-mark" hidden=move || mark.get().is_none()>
            {move || mark.get().map(|mark| (store.words().later().content.mark)(mark))}
        </p>
        <p class="note" id="not-json" hidden=move || why_not().is_none()>{why_not}</p>
        {move || match shown.get() {
            Shape::Json => json(store, looked_at, readings, steps),
            Shape::Cbor => inspected(cbor).into_piece(),
            Shape::Msgpack => inspected(msgpack).into_piece(),
            Shape::Protobuf => inspected(protobuf).into_piece(),
            Shape::Sparkplug => inspected(sparkplug).into_piece(),
            Shape::Text => inspected(text).into_piece(),
            Shape::Latin1 => inspected(text_in_latin1).into_piece(),
            Shape::Hex => inspected(hex).into_piece(),
        }}
        {difference(store, looked_at, base, shown, changes)}
    }
}

/// It is laid out as JSON, to its end or up to a fault.
fn is_laid_out(verdict: &Verdict) -> bool {
    match verdict {
        Verdict::Json | Verdict::Nearly(..) => true,
        Verdict::Not(not, _) => not.at > 0,
        Verdict::NotAsked | Verdict::Unknown | Verdict::NoText => false,
    }
}

/// The name of a shape.
fn name(store: Store, shape: Shape) -> Signal<String> {
    match shape {
        Shape::Json => plain("JSON"),
        Shape::Cbor => plain("CBOR"),
        Shape::Msgpack => plain("MessagePack"),
        Shape::Protobuf => plain("Protobuf"),
        Shape::Sparkplug => plain("Sparkplug B"),
        Shape::Text => Signal::derive(move || store.words().rest().text.to_owned()),
        Shape::Latin1 => plain("Latin-1"),
        Shape::Hex => Signal::derive(move || store.words().rest().hex.to_owned()),
    }
}

/// What the payload was in, and the choice whether it is opened.
fn opened(store: Store, inside: Inside, shape: Memo<Shape>) -> Piece {
    let layers = Memo::new(move |_| inside.layers());
    // Only what is text can be base64 that nobody sees.
    let may_be_base64 = Memo::new(move |_| {
        shape.get() == Shape::Text
            && inside.open() == Open::Seen
            && layers.with(Vec::is_empty)
            && store.told.inspected.with(|one| {
                one.as_ref()
                    .is_some_and(|one| Wrapping::may_be_base64(payload(one)))
            })
    });
    let closed = Memo::new(move |_| inside.open() == Open::Nothing);
    let told = move || {
        let words = store.words().payloads();
        let told = |layer: inside::Layer| {
            let sizes = [layer.packed, layer.inside].map(|bytes| format::size(bytes as u64));
            let [packed, inside] = &sizes;
            let why_not = layer.why_not.map(|why| (words.why_not)(why));
            let opened = (words.opened)(layer.wrapping.name(), packed, inside);
            view! { <span>{opened}" "{why_not}" "</span> }
        };
        layers.get().into_iter().map(told).pieces()
    };
    view! {
        <p class="note" id="payload-inside" hidden=move || layers.with(Vec::is_empty)>
            {told}
            <button class="link" on:click=move |_| inside.choose(Open::Nothing)>
                {store.text(|w| w.payloads().as_it_came)}
            </button>
            " "
            <button
                class="link"
                on:click=move |_| {
                    if let Some(one) = inside.shown() {
                        save(&one);
                    }
                }
            >
                {store.text(|w| w.payloads().save_inside)}
            </button>
        </p>
        <p class="note" id="payload-closed" hidden=move || !closed.get() && !may_be_base64.get()>
            <button
                class="link"
                on:click=move |_| {
                    inside.choose(if closed.get_untracked() { Open::Seen } else { Open::AsBase64 });
                }
            >
                {move || {
                    let words = store.words().payloads();
                    if closed.get() { words.open } else { words.as_base64 }
                }}
            </button>
        </p>
    }
}

/// Saves the payload, every byte of it, to a file named after its topic.
pub fn save(one: &Inspected) {
    let bytes = payload(one);
    // A browser that does not want to has said so itself.
    let _ = download::save(&file_name(&one.topic, bytes), bytes);
}
