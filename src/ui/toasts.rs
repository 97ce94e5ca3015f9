//! Short messages, in the header where they cover nothing: the latest one, and how many more there are. What matters stays until
//! it is put away.

use leptos::prelude::*;

use crate::ui::{
    controls::{long_text::LongText, rest::later},
    piece::{Piece, rows, view},
    state::store::Store,
};

later! {
    /// The place of short messages.
    pub fn toasts() in rest { Toasts }
}

#[component(transparent)]
fn Toasts() -> Piece {
    let store = expect_context::<Store>();
    let toasts = store.chrome.toasts;
    let opened = RwSignal::new(false);
    let more = Memo::new(move |_| toasts.with(Vec::len).saturating_sub(1));
    Effect::new(move |_| {
        if more.get() == 0 {
            opened.set(false);
        }
    });
    view! {
        <div
            class="toasts"
            class:all=move || opened.get()
        >
            <div class="told" role="status">
                {rows(
                    move || toasts.get(),
                    |(number, _)| number.to_string(),
                    move |_, (number, words)| view! {
                        <div class="toast" title=words.clone()>
                            <span class="grow"><LongText text=Signal::stored(words) /></span>
                            <button class="link" on:click=move |_| store.chrome.put_away(number)>{store.text(|w| w.close)}</button>
                        </div>
                    },
                )}
            </div>
            <button
                class="link more-toasts"
                hidden=move || more.get() == 0
                aria-expanded=move || opened.get().to_string()
                on:click=move |_| opened.update(|opened| *opened = !*opened)
            >
                {move || (store.words().rest().told.more_toasts)(more.get())}
            </button>
        </div>
    }
}
