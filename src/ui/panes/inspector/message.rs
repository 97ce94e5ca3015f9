//! What is shown of a message: what is known of it, its payload, and what can be done with it. A program of its own: the
//! ways to lay a payload out are many, and the first message in the list needs none of them.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    desk::{format, inspected::payload},
    link::Inspected,
    protocol::PublishProperties,
    reading::Kind,
    ui::{
        controls::{name::name, rest::later},
        panes::inspector::{
            clear_retained::{ClearRetained, Clearing, ClearingQuestion},
            message_properties::MessageProperties,
            payload_view::{PayloadView, save},
            said_of::SaidOf,
        },
        piece::{Piece, Pieces, view},
        state::store::{Draft, Section, Store, narrow},
        words::Words,
    },
};

later! {
    /// A message, as its payload.
    pub fn message() in message { Message }
}

#[component(transparent)]
fn Message() -> Piece {
    view! { <Facts /><SaidOf /><PayloadView /><Actions /> }
}

/// What is known of a message beside its payload.
#[component(transparent)]
fn Facts() -> Piece {
    let store = expect_context::<Store>();
    let fact = move |choose: fn(&Inspected, &Words) -> String| {
        move || {
            store.told.inspected.with(|inspected| {
                inspected
                    .as_ref()
                    .map(|inspected| choose(inspected, store.words()))
            })
        }
    };
    let matched = move || {
        let matched = store
            .told
            .inspected
            .with(|inspected| inspected.as_ref().map(|one| one.matched.clone()));
        let matched = matched.unwrap_or_default();
        if matched.is_empty() {
            return view! { <span class="quiet">{store.text(|w| w.rest().matched_none)}</span> };
        }
        matched
            .into_iter()
            .map(|(filter, colour)| view! { <span class=format!("tag match c{}", colour % 8)>{name(&filter, Kind::Topic)}</span> " " })
            .pieces()
    };
    let identified = move || {
        store
            .told
            .inspected
            .with(|one| one.as_ref().is_some_and(|one| one.packet_id != 0))
    };
    let incoming = move || {
        store
            .told
            .inspected
            .with(|one| one.as_ref().is_some_and(|one| !one.outgoing))
    };
    view! {
        <dl class="facts">
            <dt>{store.text(|w| w.rest().topic)}</dt>
            <dd class="mono wrap">{move || {
                store.told.inspected.with(|one| one.as_ref().map(|one| name(&one.topic, Kind::Topic)))
            }}</dd>
            <dt>{fact(|one, words| (if one.outgoing { words.rest().sent } else { words.rest().received }).to_owned())}</dt>
            <dd class="num">{move || {
                let time = store.told.inspected.with(|one| one.as_ref().map(|one| one.time))?;
                Some(store.speech.moment_words(time))
            }}</dd>
            <dt>{store.text(|w| w.rest().qos)}</dt>
            <dd class="num">{fact(|one, words| {
                let again = if one.dup { format!(" · {}", words.rest().again) } else { String::new() };
                format!("{}{again}", one.qos)
            })}</dd>
            <dt hidden=move || !identified()>{store.text(|w| w.rest().packet_identifier)}</dt>
            <dd class="num" hidden=move || !identified()>{fact(|one, _| one.packet_id.to_string())}</dd>
            <dt>{store.text(|w| w.rest().retain)}</dt>
            <dd>{fact(|one, words| {
                match (one.outgoing, one.retain) {
                    (false, true) => words.rest().replayed,
                    (false, false) => words.rest().live,
                    (true, true) => words.rest().asked_to_retain,
                    (true, false) => words.rest().not_retained,
                }
                .to_owned()
            })}</dd>
            <dt>{store.text(|w| w.rest().size)}</dt>
            <dd class="num">{fact(|one, _| {
                let length = payload(one).len() as u64;
                if length < 1024 { format::size(length) } else { format!("{} ({} B)", format::size(length), format::whole(length)) }
            })}</dd>
            <dt hidden=move || !incoming()>{store.text(|w| w.rest().matched)}</dt>
            <dd hidden=move || !incoming()>{matched}</dd>
            <MessageProperties />
        </dl>
    }
}

/// What can be done with a message.
#[component(transparent)]
fn Actions() -> Piece {
    let store = expect_context::<Store>();
    let with = move |act: fn(Store, Arc<Inspected>)| {
        move |_| {
            if let Some(inspected) = store.looked_at() {
                act(store, inspected);
            }
        }
    };
    let answerable = move || {
        store.told.inspected.with(|one| {
            one.as_ref()
                .is_some_and(|one| !one.outgoing && response_topic(one).is_some())
        })
    };
    // Other packets have no topic.
    let is_message = move || {
        let first = store
            .told
            .inspected
            .with(|one| one.as_ref().and_then(|one| one.bytes.first().copied()));
        first.is_some_and(|first| first >> 4 == 3)
    };
    let clearing = Clearing::new(store);
    view! {
        <div class="actions">
            <button
                class="button"
                hidden=move || !answerable()
                on:click=with(|store, one| {
                    let Some(topic) = response_topic(&one) else { return };
                    let properties = one.properties.as_ref();
                    compose(store, Draft {
                        topic: topic.to_owned(),
                        payload: Vec::new(),
                        qos: one.qos,
                        retain: false,
                        properties: PublishProperties {
                            correlation_data: properties.and_then(|properties| properties.correlation_data.clone()),
                            ..PublishProperties::default()
                        },
                    });
                })
            >
                {store.text(|w| w.later().properties.reply)}
            </button>
            <button class="button" on:click=with(|_, one| save(&one))>{store.text(|w| w.rest().save)}</button>
            <button
                class="button"
                hidden=move || !is_message()
                on:click=with(|store, one| store.chrome.show_only(&one.topic))
            >
                {store.text(|w| w.rest().only_this_topic)}
            </button>
            <button
                class="button"
                on:click=with(|store, one| {
                    compose(store, Draft {
                        topic: one.topic.clone(),
                        payload: payload(&one).to_vec(),
                        qos: one.qos,
                        retain: one.retain,
                        properties: one.properties.clone().unwrap_or_default(),
                    });
                })
            >
                {store.text(|w| w.rest().publish_again)}
            </button>
            <ClearRetained clearing=clearing />
        </div>
        <ClearingQuestion clearing=clearing />
    }
}

/// Where an answer is wanted.
fn response_topic(one: &Inspected) -> Option<&str> {
    // One that breaks a rule may be no topic.
    let topic = one.properties.as_ref()?.response_topic.as_deref()?;
    (!topic.is_empty() && !topic.contains(['+', '#', '\0'])).then_some(topic)
}

/// Hands a message to the publisher, and brings that to the front.
fn compose(store: Store, draft: Draft) {
    store.chrome.draft.set(Some(draft));
    store.chrome.section.set(Section::Publish);
    // On a phone the inspector would cover the publisher; beside it, one reads what one answers.
    if narrow() {
        store.inspect(None);
    }
}
