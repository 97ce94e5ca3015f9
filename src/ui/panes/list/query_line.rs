//! What is wrong with the query in the field of the list. Its rows meanwhile answer the last one that could be read.

use leptos::prelude::*;

use crate::{
    reading::{self, QueryFault},
    ui::{
        piece::{Piece, view},
        state::store::Store,
    },
};

/// What is wrong with this query.
pub fn fault_of(query: RwSignal<String>) -> Memo<Option<QueryFault>> {
    Memo::new(move |_| query.with(|query| reading::read_query(query).err()))
}

/// Says it, with the place.
#[component(transparent)]
pub fn QueryFaultLine(
    /// What is wrong.
    fault: Memo<Option<QueryFault>>,
) -> Piece {
    let store = expect_context::<Store>();
    let words = move || {
        let fault = fault.get()?;
        let shown = &store.words().rest().shown;
        Some((shown.query_fault)(
            fault.at + 1,
            (shown.query_why)(fault.why),
        ))
    };
    view! {
        <p id="query-fault" class="hint error" role="status" hidden=move || fault.get().is_none()>{words}</p>
    }
}
