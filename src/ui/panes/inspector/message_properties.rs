//! What MQTT 5 says of an inspected message: its properties, its identifiers, its request or response.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    desk::{
        format,
        text::{hex, readable},
    },
    link::{Inspected, Pair, Target},
    protocol::{PublishProperties, Version},
    ui::{
        controls::long_text::LongText,
        piece::{IntoPiece, Piece, Pieces, view},
        state::store::Store,
        words::{PropertyWords, Words},
    },
};

/// Bytes of correlation data that are shown in hexadecimal.
const HEX_SHOWN: usize = 256;
/// User properties that are shown at first.
const PAIRS_SHOWN: usize = 20;

/// The words of a name, or of a value that is a choice.
type Word = fn(&PropertyWords) -> &'static str;

enum Value {
    Text(String),
    Word(Word),
}

/// What is shown, compared as a whole: a message that is kept up to date draws anew only what changed.
#[derive(Clone, PartialEq)]
struct Shown {
    version: Version,
    properties: PublishProperties,
    further: u32,
    pair: Option<Pair>,
}

impl Shown {
    fn new(one: &Inspected) -> Self {
        Self {
            version: one.version,
            properties: one.properties.clone().unwrap_or_default(),
            further: one.further_properties,
            pair: one.pair,
        }
    }

    /// Names and values, but for user properties.
    fn lines(&self) -> Vec<(Word, Value)> {
        let mut lines: Vec<(Word, Value)> = Vec::new();
        let properties = &self.properties;
        if let Some(topic) = &properties.response_topic {
            lines.push((|w| w.response_topic, Value::Text(topic.clone())));
        }
        if let Some(data) = &properties.correlation_data {
            lines.push((|w| w.correlation_data, Value::Text(data_text(data))));
        }
        if let Some(kind) = &properties.content_type {
            lines.push((|w| w.content_type, Value::Text(kind.clone())));
        }
        if let Some(is_text) = properties.payload_is_text {
            let text: Word = |w| w.format_text;
            let bytes: Word = |w| w.format_bytes;
            lines.push((
                |w| w.format,
                Value::Word(if is_text { text } else { bytes }),
            ));
        }
        if let Some(seconds) = properties.message_expiry {
            let seconds = format!("{} s", format::whole(u64::from(seconds)));
            lines.push((|w| w.expiry, Value::Text(seconds)));
        }
        if !properties.subscription_identifiers.is_empty() {
            let all: Vec<_> = properties
                .subscription_identifiers
                .iter()
                .map(u32::to_string)
                .collect();
            lines.push((|w| w.identifiers, Value::Text(all.join(", "))));
        }
        if let Some(alias) = properties.topic_alias {
            lines.push((|w| w.topic_alias, Value::Text(alias.to_string())));
        }
        lines
    }
}

/// Correlation data as text where it is meant for reading, else in hexadecimal.
fn data_text(data: &[u8]) -> String {
    if let Some(text) = readable(data) {
        return text.to_owned();
    }
    let shown = data.get(..HEX_SHOWN).unwrap_or(data);
    let mut out = hex(shown);
    if shown.len() < data.len() {
        out.push_str(&format!(" … ({})", format::size(data.len() as u64)));
    }
    out
}

/// The lines, for inside a list of facts.
#[component(transparent)]
pub fn MessageProperties() -> Piece {
    let store = expect_context::<Store>();
    let shown = Memo::new(move |_| {
        store
            .told
            .inspected
            .with(|one: &Option<Arc<Inspected>>| one.as_deref().map(Shown::new))
    });
    (move || {
        let shown = shown.get()?;
        let lines = shown.lines().into_iter().map(|(name, value)| {
            let text = Signal::derive(move || match &value {
                Value::Text(text) => text.clone(),
                Value::Word(word) => word(&store.words().later().properties).to_owned(),
            });
            view! {
                <dt>{move || name(&store.words().later().properties)}</dt>
                <dd class="mono"><LongText text=text /></dd>
            }
        });
        let user = shown.properties.user_properties.clone();
        Some(view! {
            {shown.pair.map(|pair| pair_line(store, pair))}
            {lines.pieces()}
            {(!user.is_empty()).then(|| user_properties(store, user, shown.further))}
            <dt>{store.text(|w| w.later().properties.version)}</dt>
            <dd>{shown.version.name()}</dd>
        })
    })
    .into_piece()
}

/// Names and values in their order.
fn user_properties(store: Store, pairs: Vec<(String, String)>, further: u32) -> Piece {
    let all = RwSignal::new(false);
    let count = pairs.len();
    let rows = move || {
        let limit = if all.get() { count } else { PAIRS_SHOWN };
        let rows = pairs.iter().take(limit).map(|(name, value)| {
            view! {
                <li>
                    <LongText text=Signal::stored(name.clone()) />
                    <span class="quiet">" = "</span>
                    <LongText text=Signal::stored(value.clone()) />
                </li>
            }
        });
        rows.pieces()
    };
    view! {
        <dt>{store.text(|w| w.later().properties.user_properties)}</dt>
        <dd>
            <ol class="pairs mono">{rows}</ol>
            <button
                type="button"
                class="link"
                hidden=move || all.get() || count <= PAIRS_SHOWN
                on:click=move |_| all.set(true)
            >
                {store.text(|w| w.show_all)}
            </button>
            <p class="hint" hidden={further == 0}>
                {move || (store.words().rest().work.remarks.further)(&format::whole(u64::from(further)))}
            </p>
        </dd>
    }
}

/// The request or the response that belongs to a message.
fn pair_line(store: Store, pair: Pair) -> Piece {
    let jump = move |seq: u64, name: fn(&Words) -> &'static str| {
        view! {
            <button
                type="button"
                class="link"
                data-pair=seq
                on:click=move |_| store.inspect(Some(Target::Packet(seq)))
            >
                {store.text(name)}
            </button>
        }
    };
    match pair {
        Pair::Request {
            response: Some(response),
        } => view! {
            <dt>{store.text(|w| w.rest().work.pairs.request_fact)}</dt>
            <dd>{jump(response, |w| w.rest().work.pairs.show_response)}</dd>
        },
        Pair::Request { response: None } => view! {
            <dt>{store.text(|w| w.rest().work.pairs.request_fact)}</dt>
            <dd class="quiet">{store.text(|w| w.rest().work.pairs.unanswered)}</dd>
        },
        Pair::Response { request, after } => view! {
            <dt>{store.text(|w| w.rest().work.pairs.response_fact)}</dt>
            <dd>
                {move || (store.words().rest().work.pairs.after)(&format::span(after))}" · "
                {jump(request, |w| w.rest().work.pairs.show_request)}
            </dd>
        },
    }
}
