//! Suggestions while somebody types into a field. They are in the browser's own `<datalist>`, which works with keys, touch
//! and screen readers. The field refers to it by `list`.

use leptos::prelude::*;

use crate::{
    browser::text::lower_case,
    desk::offered::{MOST, offered},
    link::SeenView,
    ui::{
        piece::{Piece, Pieces, view},
        state::store::Store,
    },
};

/// The suggestions for a field with a topic or a part of one.
#[component(transparent)]
pub fn TopicOffers(
    /// Its identifier on the page.
    id: &'static str,
    /// What is typed.
    typed: RwSignal<String>,
    /// What was typed before.
    before: RwSignal<Vec<String>>,
    /// The field has the focus.
    looking: RwSignal<bool>,
) -> Piece {
    let store = expect_context::<Store>();
    let asked = StoredValue::new(false);
    Effect::new(move |_| {
        if looking.get() {
            asked.set_value(true);
            let seen = SeenView {
                text: typed.get(),
                most: MOST as u16,
            };
            store.show(|view| view.seen = Some(seen));
        } else if asked.get_value() {
            asked.set_value(false);
            store.show(|view| view.seen = None);
        }
    });
    let all = Memo::new(move |_| {
        if !looking.get() {
            return Vec::new();
        }
        typed.with(|typed| {
            before.with(|before| {
                store.told.seen.with(|seen| {
                    let all = offered(typed, before, &seen.topics, lower_case);
                    all.into_iter().map(str::to_owned).collect::<Vec<_>>()
                })
            })
        })
    });
    view! {
        <datalist id=id>
            {move || all.get().into_iter().map(|one| view! { <option value=one></option> }).pieces()}
        </datalist>
    }
}
