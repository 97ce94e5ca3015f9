//! Text of any length that does not run away with the page: its start, and the rest when it is asked for.

use leptos::prelude::*;

use crate::ui::{
    name::quoted,
    piece::{Piece, view},
    store::Store,
};

/// Characters that are shown at first.
const SHOWN: usize = 160;

/// The start of a text, at most 160 characters; `None` when that is all of it.
pub fn start_of(text: &str) -> Option<&str> {
    let (at, _) = text.char_indices().nth(SHOWN)?;
    text.get(..at)
}

/// A text, cut for a place that has no room for more than its start.
pub fn shortened(text: &str) -> String {
    start_of(text).map_or_else(|| text.to_owned(), |start| format!("{start}…"))
}

/// A text of unknown origin and length.
#[component(transparent)]
pub fn LongText(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
) -> Piece {
    let store = expect_context::<Store>();
    let all = RwSignal::new(false);
    let long = Memo::new(move |_| text.with(|text| start_of(text).is_some()));
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
