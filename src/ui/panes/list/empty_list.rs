//! What stands in an empty list: why it is empty, and the shortest way to a first message.

use leptos::prelude::*;

use crate::{
    link::{Command, Phase},
    protocol::SubscribeRequest,
    ui::{
        piece::{Piece, view},
        state::store::Store,
        words::Words,
    },
};

/// The words over an empty list of messages.
#[component(transparent)]
pub fn EmptyList() -> Piece {
    let store = expect_context::<Store>();
    let unsubscribed = Memo::new(move |_| store.told.subscriptions.with(Vec::is_empty));
    let muted = Memo::new(move |_| {
        let all = store
            .told
            .subscriptions
            .with(|all| all.iter().all(|one| one.muted));
        all && store.told.counters.with(|counters| counters.received > 0)
    });
    let connected = Memo::new(move |_| {
        store
            .told
            .connection
            .with(|connection| connection.phase == Phase::Connected)
    });
    let why = Memo::new(move |_| {
        let words = store.words();
        store.told.list.with(|list| {
            if list.end > list.oldest {
                None
            } else if list.filter.is_empty() {
                let first = if unsubscribed.get() {
                    words.rest().no_subscriptions
                } else if muted.get() {
                    words.rest().all_muted
                } else {
                    words.rest().no_messages
                };
                Some(first)
            } else if list.complete {
                Some(words.rest().nothing_matches)
            } else {
                Some(words.rest().searching)
            }
        })
    });
    let suggestion = move |filter: &'static str, name: fn(&Words) -> &'static str| {
        let wanted = move || SubscribeRequest {
            filter: filter.to_owned(),
            ..SubscribeRequest::default()
        };
        view! {
            <button class="button" data-command="" on:click=move |_| store.say(Command::Subscribe(vec![wanted()]))>
                {store.text(name)}" "
                <span class="mono quiet">{filter}</span>
            </button>
        }
    };
    view! {
        <div class="empty" hidden=move || why.get().is_none()>
            <p class="quiet">{move || why.get()}</p>
            <div class="line" hidden=move || !(connected.get() && unsubscribed.get())>
                {suggestion("#", |w| w.rest().everything)} {suggestion("$SYS/#", |w| w.rest().broker_figures)}
            </div>
        </div>
    }
}
