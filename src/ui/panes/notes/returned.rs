//! Lines over the messages that stay until they are put away: a lost connection is back, and storage has failed.

use leptos::prelude::*;

use crate::{
    desk::format,
    link::Phase,
    ui::{
        piece::{Piece, view},
        state::store::Store,
    },
};

/// How long the connection was away, and what that means.
#[component(transparent)]
pub fn ReturnedLine() -> Piece {
    let store = expect_context::<Store>();
    let connected = Memo::new(move |_| {
        store
            .told
            .connection
            .with(|connection| connection.phase == Phase::Connected)
    });
    let words = move || {
        let returned = store.told.returned.get().filter(|_| connected.get())?;
        let w = &store.words().later().details;
        let mut all = vec![(w.back)(&format::span(returned.away))];
        all.extend(returned.slept.then(|| w.slept.to_owned()));
        all.push(
            if returned.session_present {
                w.back_kept
            } else {
                w.back_lost
            }
            .to_owned(),
        );
        Some(all.join(" "))
    };
    view! {
        <div class="banner returned" id="returned" role="status" hidden=move || words().is_none()>
            <span class="grow">{words}</span>
            <button class="button ghost" on:click=move |_| store.told.returned.set(None)>
                {store.text(|w| w.close)}
            </button>
        </div>
    }
}

/// The session should outlive the page, and cannot.
#[component(transparent)]
pub fn StorageLine() -> Piece {
    let store = expect_context::<Store>();
    let words = move || {
        let detail = store.told.storage_failed.get()?;
        Some((store.words().later().details.storage_failed)(&detail))
    };
    view! {
        <div class="banner" id="storage-failed" role="alert" hidden=move || words().is_none()>
            <span class="grow wrap">{words}</span>
            <button class="button ghost" on:click=move |_| store.told.storage_failed.set(None)>
                {store.text(|w| w.close)}
            </button>
        </div>
    }
}
