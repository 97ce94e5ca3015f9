//! What is worth a word of a payload before it goes out: what is no placeholder, and that there is nothing.

use leptos::prelude::*;

use crate::ui::{
    panes::publisher::typed::Typed,
    piece::{Piece, view},
    state::store::Store,
};

/// The words, and whether placeholders are filled in.
#[component(transparent)]
pub fn PayloadHints(
    /// What was typed.
    typed: Typed,
) -> Piece {
    let store = expect_context::<Store>();
    // Offered where it would make a difference.
    let choice = Memo::new(move |_| typed.with_payload(|payload| payload.has_choice()));
    let as_it_is = Memo::new(move |_| typed.with_payload(|payload| payload.as_it_is()));
    let empty = Memo::new(move |_| {
        let retain = typed.retain.get();
        let topic = typed.topic.with(|topic| !topic.is_empty());
        let empty = topic && typed.with_payload(|payload| payload.is_notably_empty(retain));
        empty.then_some(retain)
    });
    view! {
        <label class="check" hidden=move || !choice.get()>
            <input
                type="checkbox"
                prop:checked=move || typed.placeholders.get()
                on:change:target=move |event| {
                    typed.placeholders.set(event.target().checked());
                    typed.payload_error.set(None);
                }
            />
            {store.text(|w| w.later().content.placeholders)}
        </label>
        <p id="payload-as-it-is" class="hint wrap" hidden=move || as_it_is.with(Option::is_none)>
            {move || {
                as_it_is.with(|found| {
                    let found = found.as_ref()?;
                    let more = found.count - found.first.len();
                    Some((store.words().later().content.as_it_is)(&found.first, more))
                })
            }}
        </p>
        <p id="payload-empty" class="hint" hidden=move || empty.get().is_none()>
            {move || {
                let w = &store.words().later().content;
                empty.get().map(|retain| if retain { w.empty_retained } else { w.empty })
            }}
        </p>
    }
}
