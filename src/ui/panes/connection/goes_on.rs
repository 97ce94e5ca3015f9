//! What Connect brings: the subscriptions that one had before.

use leptos::prelude::*;

use crate::{
    desk::text::{cut, topic_words},
    link::Phase,
    ui::{
        controls::rest::later,
        piece::{Piece, view},
        state::{form::Form, store::Store},
    },
};

/// Characters of all filters together.
const SHOWN: usize = 120;

later! {
    /// What Connect brings.
    pub fn goes_on() in around { GoesOn }
}

#[component(transparent)]
fn GoesOn() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let idle = Memo::new(move |_| {
        let phase = store.told.connection.with(|connection| connection.phase);
        matches!(phase, Phase::Disconnected | Phase::Failed)
    });
    let said = move || {
        let filters = if idle.get() {
            form.brings()
        } else {
            Vec::new()
        };
        if filters.is_empty() {
            return None;
        }
        let names: Vec<_> = filters
            .iter()
            .take(20)
            .map(|one| topic_words(one))
            .collect();
        let names = cut(&names.join(", "), SHOWN);
        Some((store.words().rest().remembered.brings)(
            filters.len(),
            &names,
        ))
    };
    view! {
        <p class="hint goes-on" hidden=move || said().is_none()>{said}</p>
    }
}
