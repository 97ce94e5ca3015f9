//! A payload laid out as JSON, a value a line, with what each value was before.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    desk::{format, inspected::payload},
    link::Inspected,
    payload::{Change, Folds, JsonKind, JsonLine, MOST_INDENTED, Place},
    ui::{
        controls::name::quoted,
        panes::inspector::payload_view::{
            more::more,
            reading::{LINES_A_TURN, Readings, Verdict},
            steps::Steps,
        },
        piece::{IntoPiece, Piece, rows, view},
        state::store::Store,
        words::Words,
    },
};

/// A place as text: line and column.
pub fn numbers(place: Place) -> (String, String) {
    (
        format::whole(place.line as u64),
        format::whole(place.column as u64),
    )
}

/// Why the payload is no JSON, with the place.
pub fn why_not(verdict: &Verdict, words: &Words) -> Option<String> {
    let w = &words.later().content;
    match verdict {
        Verdict::Unknown => Some(w.reading.to_owned()),
        Verdict::NoText => Some(words.rest().not_json.to_owned()),
        Verdict::Not(not, place) => {
            let (line, column) = numbers(*place);
            let fault = (w.not_json)(&(w.json_fault)(&not.fault), &line, &column);
            if not.at == 0 {
                return Some(fault);
            }
            Some(format!("{fault} {}", words.payloads().up_to_there))
        }
        Verdict::Nearly(not, place, more) => {
            let (line, column) = numbers(*place);
            let fault = (w.not_json)(&(w.json_fault)(&not.fault), &line, &column);
            Some(format!("{fault} {}", (words.payloads().nearly)(*more)))
        }
        Verdict::Json | Verdict::NotAsked => None,
    }
}

/// The lines. They are kept from message to message, and changed.
pub fn json(
    store: Store,
    inspected: Signal<Option<Arc<Inspected>>>,
    readings: Readings,
    steps: Steps,
) -> Piece {
    let progress = readings.progress;
    let number = Memo::new(move |_| progress.with(|progress| progress.number));
    let parts = Memo::new(move |_| progress.with(|progress| progress.lines.div_ceil(LINES_A_TURN)));
    let part = move |_: ReadSignal<usize>, part: usize| {
        (move || {
            // Read, not only tracked: a memo that nobody reads follows nothing.
            number.get();
            let words = store.words();
            let start = part * LINES_A_TURN;
            readings.with_lines(start..start + LINES_A_TURN, |text, line, change| {
                json_line(store, readings, words, text, line, change)
            })
        })
        .into_piece()
    };
    let lone = move || progress.with(|progress| progress.lone_surrogate);
    let deep = move || progress.with(|progress| progress.deep);
    let rest = move || {
        let (all, lines, bytes) =
            progress.with(|progress| (progress.all, progress.lines, progress.bytes));
        inspected.with(|one| match one {
            Some(one) if !all && lines >= steps.lines(one) => {
                more(store, one, bytes, payload(one).len(), steps)
            }
            _ => Piece::Nothing,
        })
    };
    // What is behind a fault stands there as it came.
    let unread = move || {
        let at = progress.with(|progress| match &progress.verdict {
            Verdict::Not(not, _) if progress.all => Some(not.at),
            _ => None,
        })?;
        number.get();
        Some(view! { <span class="unread">{quoted(&readings.unread(at))}</span> })
    };
    view! {
        <p class="note" hidden=move || lone().is_none()>
            {move || {
                lone().map(|place| {
                    let (line, column) = numbers(place);
                    (store.words().later().content.lone_surrogate)(&line, &column)
                })
            }}
        </p>
        <p class="note" hidden=move || !deep()>
            {move || (store.words().later().content.deep)(MOST_INDENTED)}
        </p>
        <p class="folding">
            <button class="link" on:click=move |_| readings.fold(|_| Folds::all())>
                {store.text(|w| w.payloads().fold_all)}
            </button>
            " "
            <button class="link" on:click=move |_| readings.fold(|_| Folds::default())>
                {store.text(|w| w.payloads().unfold_all)}
            </button>
        </p>
        <pre class="json foldable" id="payload" tabindex="0">
            {rows(move || (0..parts.get()).collect(), usize::to_string, part)}
            {unread}
        </pre>
        {rest}
    }
}

fn json_line(
    store: Store,
    readings: Readings,
    words: &Words,
    text: &[u8],
    line: &JsonLine,
    change: &Change,
) -> Piece {
    let w = &words.later().content;
    let told = match change {
        Change::None => None,
        Change::Was(before) => Some((words.rest().was)(before)),
        Change::New => Some(w.new.to_owned()),
        Change::Gone(count, keys) => Some((w.gone)(*count, &keys.join(", "))),
    };
    let kind = match line.kind {
        JsonKind::String => "s",
        JsonKind::Number => "n",
        JsonKind::Word => "w",
        JsonKind::Open | JsonKind::Close | JsonKind::Empty | JsonKind::Folded => "",
    };
    let class = match change {
        Change::Was(_) | Change::New => format!("{kind} changed"),
        Change::None | Change::Gone(..) => kind.to_owned(),
    };
    let told = told.map(|told| view! { <span class="was">{told}</span> });
    let key = line
        .shown_key(text)
        .map(|key| view! { <span class="k">{quoted(key)}</span> ": " });
    let at = line.value.start;
    let fold = matches!(line.kind, JsonKind::Open | JsonKind::Folded).then(|| {
        let is_open = line.kind == JsonKind::Open;
        let fold = move |_| {
            readings.fold(|folds| {
                let mut folds = folds.clone();
                folds.toggle(at);
                folds
            });
        };
        view! {
            <button
                class="fold"
                aria-expanded=is_open.to_string()
                aria-label=store.text(|w| w.payloads().fold)
                on:click=fold
            ></button>
        }
    });
    let comma = if line.comma { "," } else { "" };
    let indent = "  ".repeat(line.indented());
    let value = quoted(line.shown(text));
    view! { <span class="jl">{fold}{indent}{key}<span class=class>{value}</span>{comma}{told}{"\n"}</span> }
}
