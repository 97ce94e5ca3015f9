//! Text of any length: at first only its start is shown, and all of it on request.

use leptos::prelude::*;

use crate::{
    desk::text::{is_long, shortened},
    ui::{
        controls::name::quoted,
        piece::{Piece, view},
        state::store::Store,
    },
};

/// A text of unknown origin and length.
#[component(transparent)]
pub fn LongText(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
) -> Piece {
    let store = expect_context::<Store>();
    let all = RwSignal::new(false);
    let long = Memo::new(move |_| text.with(|text| is_long(text)));
    let shown = move || {
        text.with(|text| {
            if all.get() {
                quoted(text)
            } else {
                quoted(&shortened(text))
            }
        })
    };
    view! {
        <span class="wrap">{shown}</span>
        <button
            type="button"
            class="link show-all"
            hidden=move || !long.get() || all.get()
            on:click=move |_| all.set(true)
        >
            {store.text(|w| w.show_all)}
        </button>
    }
}
