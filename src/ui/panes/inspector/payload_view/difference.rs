//! What changed since the message before on the topic, or against another message that was picked: text by line, bytes by
//! range. JSON says it in its own lines.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    desk::{format, inspected::payload, shape::Shape},
    link::Inspected,
    payload::{ChangedPlace, MOST_TEXT, changed_bytes, changed_lines, latin1},
    ui::{
        controls::name::quoted,
        piece::{Piece, Pieces, view},
        state::store::Store,
    },
};

/// Places that are shown.
const MOST_SHOWN: usize = 40;
/// Lines of a place that are shown, and bytes of a line.
const MOST_LINES: usize = 20;
const MOST_OF_LINE: usize = 2_000;
/// Bytes of a range that are shown.
const MOST_BYTES: usize = 24;

/// The message that others are compared with, where one was picked.
pub type Base = RwSignal<Option<Arc<Inspected>>>;

/// The choice what is compared with, and what changed.
pub fn difference(
    store: Store,
    looked_at: Signal<Option<Arc<Inspected>>>,
    base: Base,
    shape: Memo<Shape>,
    changes: RwSignal<bool>,
) -> Piece {
    let is_picked = Memo::new(move |_| base.with(Option::is_some));
    let is_base = move || {
        looked_at.with(|one| {
            base.with(|base| match (one, base) {
                (Some(one), Some(base)) => one.seq == base.seq,
                _ => false,
            })
        })
    };
    let told = move || {
        let words = &store.words().payloads().difference;
        let time = base.with(|base| base.as_ref().map(|base| base.time));
        match time {
            None => words.with_before.to_owned(),
            Some(_) if is_base() => words.is_picked.to_owned(),
            Some(time) => (words.with_picked)(&store.speech.moment_words(time)),
        }
    };
    let has_before = move || {
        is_picked.get()
            || looked_at.with(|one| one.as_ref().is_some_and(|one| one.before.is_some()))
    };
    let places = move || {
        // JSON has its own.
        if !changes.get() || shape.get() == Shape::Json {
            return Piece::Nothing;
        }
        looked_at.with(|one| {
            base.with(|base| {
                let Some(one) = one else {
                    return Piece::Nothing;
                };
                let before = match base {
                    Some(base) => Some(payload(base)),
                    None => one.before.as_deref(),
                };
                before.map_or(Piece::Nothing, |before| {
                    changed(store, before, payload(one), shape.get())
                })
            })
        })
    };
    view! {
        <p class="note" id="payload-compared">
            <span hidden=move || !has_before()>{told}" "</span>
            <button
                class="link"
                hidden=is_base
                on:click=move |_| base.set(looked_at.get_untracked())
            >
                {store.text(|w| w.payloads().difference.pick)}
            </button>
            " "
            <button class="link" hidden=move || !is_picked.get() on:click=move |_| base.set(None)>
                {store.text(|w| w.payloads().difference.drop)}
            </button>
        </p>
        {places}
    }
}

fn changed(store: Store, before: &[u8], now: &[u8], shape: Shape) -> Piece {
    if before == now {
        return view! { <p class="note" id="payload-difference">{store.text(|w| w.payloads().difference.same)}</p> };
    }
    let texts = (shape == Shape::Text && before.len().max(now.len()) <= MOST_TEXT)
        .then(|| {
            Some((
                std::str::from_utf8(before).ok()?,
                std::str::from_utf8(now).ok()?,
            ))
        })
        .flatten();
    let (places, rows) = match texts {
        Some((before, now)) => {
            let places = changed_lines(before, now);
            let (before, now): (Vec<_>, Vec<_>) = (before.lines().collect(), now.lines().collect());
            let rows = places.iter().take(MOST_SHOWN);
            let rows = rows
                .map(|place| by_line(store, place, &before, &now))
                .pieces();
            (places.len(), rows)
        }
        None => {
            let places = changed_bytes(before, now);
            let rows = places.iter().take(MOST_SHOWN);
            let rows = rows
                .map(|place| by_byte(store, place, before, now))
                .pieces();
            (places.len(), rows)
        }
    };
    let more = places.saturating_sub(MOST_SHOWN);
    let is_all = more == 0;
    view! {
        <section class="difference" id="payload-difference" aria-label=store.text(|w| w.payloads().difference.title)>
            {rows}
            <p class="note" hidden=is_all>
                {move || (store.words().payloads().difference.more)(&format::whole(more as u64))}
            </p>
        </section>
    }
}

fn by_line(store: Store, place: &ChangedPlace, before: &[&str], now: &[&str]) -> Piece {
    let line = place.now.start + 1;
    let side = |lines: &[&str],
                range: &std::ops::Range<usize>,
                sign: &'static str,
                class: &'static str| {
        let all = lines
            .get(range.start..range.end.min(lines.len()))
            .unwrap_or_default();
        let left_out = all.len().saturating_sub(MOST_LINES);
        let mut shown: Vec<Piece> = Vec::new();
        for line in all.iter().take(MOST_LINES) {
            let start = line
                .get(..line.floor_char_boundary(MOST_OF_LINE))
                .unwrap_or_default();
            let cut = if start.len() < line.len() { "…" } else { "" };
            shown.push(view! { <span class=class>{sign}{quoted(start)}{cut}{"\n"}</span> });
        }
        if left_out > 0 {
            shown.push(view! { <span class=class>{sign}{format!("… ({left_out})\n")}</span> });
        }
        shown.into_iter().pieces()
    };
    view! {
        <p class="note">{move || (store.words().payloads().difference.line)(&format::whole(line as u64))}</p>
        <pre class="json">{side(before, &place.before, "− ", "jl gone")}{side(now, &place.now, "+ ", "jl changed")}</pre>
    }
}

fn by_byte(store: Store, place: &ChangedPlace, before: &[u8], now: &[u8]) -> Piece {
    let side = |bytes: &[u8], range: &std::ops::Range<usize>| {
        let all = bytes.get(range.clone()).unwrap_or_default();
        let start = all.get(..MOST_BYTES).unwrap_or(all);
        let hex: Vec<String> = start.iter().map(|byte| format!("{byte:02x}")).collect();
        let cut = if start.len() < all.len() { " …" } else { "" };
        let letters: String = latin1(start)
            .chars()
            .map(|letter| {
                if (' '..='~').contains(&letter) {
                    letter
                } else {
                    '.'
                }
            })
            .collect();
        format!("{}{cut}  {letters}{cut}\n", hex.join(" "))
    };
    let (first, end) = (place.now.start, place.now.end);
    let (was, is) = (side(before, &place.before), side(now, &place.now));
    view! {
        <p class="note">
            {move || {
                let last = end.saturating_sub(1).max(first);
                (store.words().payloads().difference.bytes)(&format::whole(first as u64), &format::whole(last as u64))
            }}
        </p>
        <pre class="json"><span class="jl gone">"− "{was}</span><span class="jl changed">"+ "{is}</span></pre>
    }
}
