//! A payload as JSON, text, hexadecimal or picture. The bytes are exact, and what is not shown is said.

mod json;

use std::sync::Arc;

use json::{Made, json};
use leptos::prelude::*;

use crate::{
    browser::{clipboard, download, object_url::ObjectUrl},
    link::Inspected,
    payload::{check_json, hex_row, hex_rows, picture_type},
    ui::{
        field::{Segments, plain},
        format,
        inspector::payload,
        piece::{Piece, view},
        store::Store,
    },
};

/// How a payload is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Json,
    Text,
    Hex,
}

/// Shown at first; more on request. Long texts are slow to lay out, and nobody reads them whole.
const TEXT_STEP: usize = 32 * 1024;
const ROWS_STEP: usize = 512;
/// Beyond this, JSON is not tried by itself.
const JSON_LIMIT: usize = 8 * 1024 * 1024;

/// How often more of a message was asked for. Another message starts anew.
#[derive(Clone, Copy)]
struct Steps(RwSignal<(Option<u64>, usize)>);

impl Steps {
    fn of(self, one: &Inspected) -> usize {
        let (seq, steps) = self.0.get();
        if seq == one.seq { steps } else { 1 }
    }

    fn grow(self, seq: Option<u64>) {
        self.0.update(|(of, steps)| {
            *steps = if *of == seq { *steps * 4 } else { 4 };
            *of = seq;
        });
    }
}

/// The shape that says most.
fn best(bytes: &[u8]) -> Shape {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Shape::Hex;
    };
    let first = text.trim_start().as_bytes().first();
    if bytes.len() <= JSON_LIMIT && matches!(first, Some(b'{' | b'[')) && check_json(text).is_ok() {
        return Shape::Json;
    }
    // Control characters other than white space are not meant for reading.
    let odd = text
        .bytes()
        .take(4096)
        .any(|byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x1b));
    if odd { Shape::Hex } else { Shape::Text }
}

/// The shape that says most, given what the sender says of the payload. What is said is a hint: the bytes decide.
fn best_of(one: &Inspected) -> Shape {
    let bytes = payload(one);
    let found = best(bytes);
    let Some(properties) = &one.properties else {
        return found;
    };
    let kind = properties.content_type.as_deref().unwrap_or_default();
    let kind = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let Ok(text) = std::str::from_utf8(bytes) else {
        return found;
    };
    let json = kind == "application/json" || kind.ends_with("+json");
    if json && bytes.len() <= JSON_LIMIT && check_json(text).is_ok() {
        Shape::Json
    } else if found == Shape::Hex
        && (kind.starts_with("text/") || properties.payload_is_text == Some(true))
    {
        Shape::Text
    } else if found == Shape::Text && kind == "application/octet-stream" {
        Shape::Hex
    } else {
        found
    }
}

/// The payload, with the choice of its shape.
#[component(transparent)]
pub fn PayloadView() -> Piece {
    let store = expect_context::<Store>();
    // The user's own choice holds from message to message; without one, each gets the shape that says most.
    let chosen = RwSignal::new(None::<Shape>);
    let wanted = Memo::new(move |_| {
        chosen.get().unwrap_or_else(|| {
            store
                .inspected
                .with(|one| one.as_ref().map_or(Shape::Text, |one| best_of(one)))
        })
    });
    let changes = RwSignal::new(true);
    let steps = Steps(RwSignal::new((None, 1)));
    let made = Made::none();
    let copy = move |_| {
        let Some(one) = store.looked_at() else {
            return;
        };
        let shape = wanted.get_untracked();
        let text = match shape {
            Shape::Hex => payload(&one)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<String>(),
            _ => String::from_utf8_lossy(payload(&one)).into_owned(),
        };
        leptos::task::spawn_local(async move {
            let done = clipboard::copy(&text).await;
            let words = store.language.get_untracked().words();
            store.toast(
                if done {
                    words.rest().copied
                } else {
                    words.rest().not_copied
                }
                .to_owned(),
            );
        });
    };
    let picture = move || {
        store.inspected.with(|one| {
            let one = one.as_ref()?;
            let bytes = payload(one);
            ObjectUrl::new(bytes, picture_type(bytes)?)
        })
    };
    let kept_picture = StoredValue::new_local(None::<ObjectUrl>);
    let picture_address = Memo::new(move |_| {
        let made = picture();
        let address = made.as_ref().map(|url| url.address().to_owned());
        kept_picture.set_value(made);
        address
    });
    view! {
        <div class="shape">
            <Segments
                label=Signal::derive(move || store.words().rest().show_as.to_owned())
                group="shape"
                choices=vec![
                    (Shape::Json, plain("JSON")),
                    (Shape::Text, Signal::derive(move || store.words().rest().text.to_owned())),
                    (Shape::Hex, Signal::derive(move || store.words().rest().hex.to_owned())),
                ]
                value=wanted
                choose=move |shape| chosen.set(Some(shape))
            />
            <span class="grow"></span>
            <label class="check" hidden=move || wanted.get() != Shape::Json>
                <input
                    type="checkbox"
                    prop:checked=move || changes.get()
                    on:change:target=move |event| changes.set(event.target().checked())
                />
                {store.text(|w| w.rest().changes)}
            </label>
            <button class="button ghost" on:click=copy>{store.text(|w| w.rest().copy)}</button>
        </div>
        {move || {
            picture_address.get().map(|address| view! { <img class="picture" src=address alt=store.text(|w| w.rest().image) /> })
        }}
        {move || {
            let Some(one) = store.inspected.get() else { return Piece::Nothing };
            match wanted.get() {
                Shape::Json => json(store, &one, steps, made, changes.get()).unwrap_or_else(|| {
                    view! {
                        <p class="note">{store.text(|w| w.rest().not_json)}</p>
                        {text(store, &one, steps)}
                    }
                }),
                Shape::Text => text(store, &one, steps),
                Shape::Hex => hex(store, &one, steps),
            }
        }}
    }
}

/// Saves the payload, every byte of it, to a file named after its topic.
pub fn save(one: &Inspected) {
    let bytes = payload(one);
    // A browser that does not want to has said so itself.
    let _ = download::save(&file_name(&one.topic, bytes), bytes);
}

/// A file name made of the topic: whatever the topic says, it names a file and no folder.
fn file_name(topic: &str, bytes: &[u8]) -> String {
    let safe = |letter: char| {
        if letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.') {
            letter
        } else {
            '_'
        }
    };
    let stem: String = topic.chars().take(80).map(safe).collect();
    let stem = stem.trim_matches('.');
    let ending = match picture_type(bytes) {
        Some("image/png") => "png",
        Some("image/jpeg") => "jpg",
        Some("image/gif") => "gif",
        Some("image/webp") => "webp",
        _ if best(bytes) == Shape::Json => "json",
        _ if best(bytes) == Shape::Text => "txt",
        _ => "bin",
    };
    format!(
        "{}.{ending}",
        if stem.is_empty() { "payload" } else { stem }
    )
}

/// The line that says how much is shown, and shows more.
fn more(store: Store, one: &Inspected, shown: usize, all: usize, steps: Steps) -> Piece {
    if shown >= all {
        return Piece::Nothing;
    }
    let seq = one.seq;
    let words = move || {
        (store.words().rest().bytes_shown)(&format::size(shown as u64), &format::size(all as u64))
    };
    view! {
        <p class="note">
            {words}" "
            <button class="link" on:click=move |_| steps.grow(seq)>{store.text(|w| w.rest().show_more)}</button>
        </p>
    }
}

fn text(store: Store, one: &Arc<Inspected>, steps: Steps) -> Piece {
    let bytes = payload(one);
    let limit = TEXT_STEP.saturating_mul(steps.of(one)).min(bytes.len());
    // Not in the middle of a character.
    let limit = (limit..bytes.len())
        .find(|&at| bytes.get(at).is_none_or(|byte| byte & 0xc0 != 0x80))
        .unwrap_or(bytes.len());
    let odd = std::str::from_utf8(bytes)
        .err()
        .map(|error| error.valid_up_to());
    let shown = String::from_utf8_lossy(bytes.get(..limit).unwrap_or_default()).into_owned();
    view! {
        {odd.map(|at| view! { <p class="note">{move || (store.words().rest().not_text)(&format::whole(at as u64))}</p> })}
        <pre class="text" id="payload" tabindex="0">{shown}</pre>
        {more(store, one, limit, bytes.len(), steps)}
    }
}

fn hex(store: Store, one: &Arc<Inspected>, steps: Steps) -> Piece {
    let bytes = payload(one);
    let rows = hex_rows(bytes.len()).min(ROWS_STEP.saturating_mul(steps.of(one)));
    let mut shown = String::with_capacity(rows * 80);
    for row in 0..rows {
        hex_row(bytes, row, &mut shown);
        shown.push('\n');
    }
    view! {
        <pre class="hexdump" id="payload" tabindex="0">{shown}</pre>
        {more(store, one, (rows * crate::payload::ROW_BYTES).min(bytes.len()), bytes.len(), steps)}
    }
}
