//! What is to be said of a message: that it came twice, and why.

use leptos::prelude::*;

use crate::{
    desk::{
        format,
        repeated::{Repeated, clause, repeated},
        text::{shortened, topic_words},
    },
    ui::{
        piece::{Piece, view},
        state::store::Store,
        words,
    },
};

/// Says it.
#[component(transparent)]
pub fn SaidOf() -> Piece {
    let store = expect_context::<Store>();
    let w = move || words::inspected(store.speech.language.get());
    // With the filters that match, and the version.
    let why = Memo::new(move |_| {
        store.told.inspected.with(|one| {
            let one = one.as_ref()?;
            let filters: Vec<String> = one
                .matched
                .iter()
                .map(|(filter, _)| topic_words(filter))
                .collect();
            Some((repeated(one)?, shortened(&filters.join(", ")), one.version))
        })
    });
    let said = move || {
        why.with(|why| match why {
            None => String::new(),
            Some((Repeated::Retained, ..)) => w().retained_again.to_owned(),
            Some((Repeated::Overlap { after }, filters, version)) => {
                let clause = (store.words().rest().work.clause)(version.name(), clause(*version));
                (w().overlap)(filters, &format::span(*after), &clause)
            }
        })
    };
    view! {
        <div class="remark said" data-repeated="" hidden=move || why.with(Option::is_none)>
            <p><b>{move || w().twice}</b></p>
            <p class="wrap">{said}</p>
        </div>
    }
}
