//! What MQTT 5 says of an inspected message: its properties, its identifiers, its request or response.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    link::{Inspected, Pair, Target},
    ui::{
        format,
        long_text::LongText,
        store::Store,
        typed_properties::{hex, readable},
        words::{PropertyWords, Words, version_name},
    },
};

/// Bytes of correlation data that are shown in hexadecimal.
const HEX_SHOWN: usize = 256;
/// User properties that are shown at first.
const PAIRS_SHOWN: usize = 20;

/// What is shown beside the facts that every version has. Compared as a whole, so that a message that is kept up to
/// date changes only what changed.
#[derive(Clone, PartialEq)]
struct Shown {
    version: &'static str,
    lines: Vec<(fn(&PropertyWords) -> &'static str, Value)>,
    user: Vec<(String, String)>,
    pair: Option<Pair>,
}

#[derive(Clone, PartialEq)]
enum Value {
    /// As it is.
    Text(String),
    /// A choice of the page's words.
    Word(fn(&PropertyWords) -> &'static str),
}

impl Shown {
    #[allow(unpredictable_function_pointer_comparisons)] // a needless redraw is all that could come of it
    fn new(one: &Inspected) -> Self {
        let mut lines: Vec<(fn(&PropertyWords) -> &'static str, Value)> = Vec::new();
        if let Some(properties) = &one.properties {
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
                let word: fn(&PropertyWords) -> &'static str = if is_text {
                    |w| w.format_text
                } else {
                    |w| w.format_bytes
                };
                lines.push((|w| w.format, Value::Word(word)));
            }
            if let Some(seconds) = properties.message_expiry {
                let seconds = format!("{} s", format::whole(u64::from(seconds)));
                lines.push((|w| w.expiry, Value::Text(seconds)));
            }
        }
        if !one.identifiers.is_empty() {
            let all: Vec<_> = one.identifiers.iter().map(u32::to_string).collect();
            lines.push((|w| w.identifiers, Value::Text(all.join(", "))));
        }
        if one.topic_alias != 0 {
            lines.push((|w| w.topic_alias, Value::Text(one.topic_alias.to_string())));
        }
        let properties = one.properties.as_ref();
        Self {
            version: version_name(one.version),
            lines,
            user: properties.map_or_else(Vec::new, |properties| properties.user_properties.clone()),
            pair: one.pair,
        }
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
#[component]
pub fn MessageProperties() -> impl IntoView {
    let store = expect_context::<Store>();
    let shown = Memo::new(move |_| {
        store
            .inspected
            .with(|one: &Option<Arc<Inspected>>| one.as_deref().map(Shown::new))
    });
    move || {
        let shown = shown.get()?;
        let lines = shown.lines.into_iter().map(|(name, value)| {
            let text = Signal::derive(move || match &value {
                Value::Text(text) => text.clone(),
                Value::Word(word) => word(&store.words().work.properties).to_owned(),
            });
            view! {
                <dt>{move || name(&store.words().work.properties)}</dt>
                <dd class="mono"><LongText text=text /></dd>
            }
        });
        Some(view! {
            {shown.pair.map(|pair| pair_line(store, pair))}
            {lines.collect_view()}
            {(!shown.user.is_empty()).then(|| user_properties(store, shown.user))}
            <dt>{store.text(|w| w.work.properties.version)}</dt>
            <dd>{shown.version}</dd>
        })
    }
}

/// Names and values in their order.
fn user_properties(store: Store, pairs: Vec<(String, String)>) -> impl IntoView {
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
        rows.collect_view()
    };
    view! {
        <dt>{store.text(|w| w.work.user_properties.heading)}</dt>
        <dd>
            <ol class="pairs mono">{rows}</ol>
            <button
                type="button"
                class="link"
                hidden=move || all.get() || count <= PAIRS_SHOWN
                on:click=move |_| all.set(true)
            >
                {store.text(|w| w.work.show_all)}
            </button>
        </dd>
    }
}

/// The request or the response that belongs to a message.
fn pair_line(store: Store, pair: Pair) -> impl IntoView {
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
        .into_any()
    };
    match pair {
        Pair::Request {
            response: Some(response),
        } => view! {
            <dt>{store.text(|w| w.work.pairs.request)}</dt>
            <dd>{jump(response, |w| w.work.pairs.show_response)}</dd>
        }
        .into_any(),
        Pair::Request { response: None } => view! {
            <dt>{store.text(|w| w.work.pairs.request)}</dt>
            <dd class="quiet">{store.text(|w| w.work.pairs.unanswered)}</dd>
        }
        .into_any(),
        Pair::Response { request, after } => view! {
            <dt>{store.text(|w| w.work.pairs.response)}</dt>
            <dd>
                {move || (store.words().work.pairs.after)(&format::span(after))}" · "
                {jump(request, |w| w.work.pairs.show_request)}
            </dd>
        }
        .into_any(),
    }
}
