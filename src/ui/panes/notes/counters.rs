//! The counters: what came, what is kept, what was dropped. They always add up.

use crate::ui::controls::rest::later;
use leptos::prelude::*;

use crate::{
    desk::format,
    link::Phase,
    ui::{
        piece::{Piece, view},
        state::store::Store,
        words::sentences::counters_words,
    },
};

later! {
    /// The counters.
    pub fn meter() in rest { Meter }
}

/// Rates and totals in the header.
#[component(transparent)]
fn Meter() -> Piece {
    let store = expect_context::<Store>();
    let counters = store.told.counters;
    let whole = move |choose: fn(&crate::link::Counters) -> u64| move || counters.with(choose);
    let quiet = move || {
        store
            .told
            .connection
            .with(|connection| connection.phase == Phase::Disconnected)
            && counters.with(|counters| counters.received + counters.sent == 0)
    };
    let totals = move || counters.with(|counters| counters_words(counters, store.words()));
    view! {
        <span
            class="meter num"
            id="counters"
            data-received=whole(|counters| counters.received)
            data-kept=whole(|counters| counters.kept)
            data-dropped=whole(|counters| counters.dropped)
            data-sent=whole(|counters| counters.sent)
            title=totals
            hidden=quiet
        >
            <span>
                "↓ "<b>{move || (store.words().per_second)(&format::rate(counters.with(|counters| counters.received_rate)))}</b>
            </span>
            <span class="up">
                "↑ "<b>{move || (store.words().per_second)(&format::rate(counters.with(|counters| counters.sent_rate)))}</b>
            </span>
            <span class="quiet totals">{totals}</span>
        </span>
    }
}
