//! The line that says how long a lost connection was away, and what that means.

use leptos::prelude::*;

use crate::{
    link::Phase,
    ui::{format, store::Store},
};

/// The line, over the messages, until it is put away or the connection ends.
#[component]
pub fn ReturnedLine() -> impl IntoView {
    let store = expect_context::<Store>();
    let connected = Memo::new(move |_| {
        store
            .connection
            .with(|connection| connection.phase == Phase::Connected)
    });
    let words = move || {
        let returned = store.returned.get().filter(|_| connected.get())?;
        let w = &store.words().broker.details;
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
            <button class="button ghost" on:click=move |_| store.returned.set(None)>
                {store.text(|w| w.close)}
            </button>
        </div>
    }
}
