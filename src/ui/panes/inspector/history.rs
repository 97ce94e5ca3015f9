//! The history of a topic: its values one below the other, the newest first, with what changed. Keys walk it; what is gone to
//! is the message under the inspector. The engine is asked page by page.

use std::fmt::Write;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, MouseEvent};

use crate::{
    desk::format,
    link::{History, HistoryAt, HistoryChange, HistoryRow, HistoryView, Preview, Target},
    reading::Kind,
    ui::{
        controls::{name::name, rest::later},
        piece::{Held, IntoPiece, Piece, rows, view},
        state::store::Store,
        words::{self, HistoryWords},
    },
};

/// Values of a page.
const PAGE: u16 = 100;

later! {
    /// The history of the topic under the inspector.
    pub fn history() in history { Values }
}

/// The identifier of a row, for the one that is chosen.
fn row_id(seq: u64) -> String {
    format!("value-{seq}")
}

#[component(transparent)]
fn Values() -> Piece {
    let store = expect_context::<Store>();
    let w = move || words::history(store.speech.language.get());
    let viewport = Held::<HtmlElement>::new_local(None);
    let told = store.told.history;
    // The topic and the direction of what is under the inspector, a message of a topic.
    let subject = Memo::new(move |_| {
        store.told.inspected.with(|one| {
            let one = one.as_ref()?;
            let message = one.bytes.first().is_some_and(|first| first >> 4 == 3);
            (message && !one.topic.is_empty()).then(|| (one.topic.clone(), one.outgoing))
        })
    });
    let at = RwSignal::new(HistoryAt::Newest);
    // Whether the end of a page that keys come to is to be gone on from: up or down.
    let going = StoredValue::new(None::<bool>);
    let chosen = move || match store.chrome.here() {
        Some(Target::Packet(seq)) => Some(seq),
        _ => None,
    };
    Effect::new(move |_| {
        subject.track();
        // A message that was chosen is shown among its neighbours, a topic by its newest.
        let here = untrack(chosen);
        at.set(here.map_or(HistoryAt::Newest, HistoryAt::Around));
    });
    Effect::new(move |_| {
        let view = subject.get().map(|(topic, outgoing)| HistoryView {
            topic,
            outgoing,
            at: at.get(),
            rows: PAGE,
        });
        store.show(|shown| shown.history = view);
    });
    on_cleanup(move || store.show(|shown| shown.history = None));
    let is_answered = move |history: &History| {
        subject.with(|subject| {
            let view = &history.view;
            subject.as_ref() == Some(&(view.topic.clone(), view.outgoing))
        })
    };
    let shown = move || {
        told.with(|history| {
            let history = history.as_ref().filter(|history| is_answered(history))?;
            Some(history.rows.clone())
        })
        .unwrap_or_default()
    };
    let with = move |say: fn(&History) -> bool| {
        move || {
            told.with(|history| {
                history
                    .as_ref()
                    .is_some_and(|it| is_answered(it) && say(it))
            })
        }
    };
    let go = move |seq: u64| store.inspect(Some(Target::Packet(seq)));
    let turn = move |newer: bool| {
        let end = told.with_untracked(|history| {
            let rows = &history.as_ref()?.rows;
            let end = if newer { rows.first() } else { rows.last() };
            Some(end?.seq)
        });
        if let Some(seq) = end {
            at.set(if newer {
                HistoryAt::After(seq)
            } else {
                HistoryAt::Before(seq)
            });
            if let Some(viewport) = viewport.get_untracked() {
                viewport.set_scroll_top(0);
            }
        }
    };
    Effect::new(move |_| {
        let Some((answered, newer, ends)) = told.with(|history| {
            let history = history.as_ref()?;
            let ends = (history.rows.first()?.seq, history.rows.last()?.seq);
            Some((history.view.at, history.newer, ends))
        }) else {
            return;
        };
        if answered != at.get_untracked() {
            return;
        }
        if let Some(newer) = going.get_value() {
            going.set_value(None);
            go(if newer { ends.1 } else { ends.0 });
        }
        // Whoever has come to the newest goes on with it.
        if matches!(answered, HistoryAt::After(_)) && !newer {
            at.set(HistoryAt::Newest);
        }
    });
    let clicked = move |event: MouseEvent| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let row = target.and_then(|target| target.closest("[data-value]").ok().flatten());
        let seq = row.and_then(|row| row.get_attribute("data-value")?.parse().ok());
        if let Some(seq) = seq {
            go(seq);
        }
    };
    let key = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key() {
            return;
        }
        let here = untrack(chosen);
        let step = told.with_untracked(|history| {
            let history = history.as_ref()?;
            let last = history.rows.len().checked_sub(1)?;
            let place = history.rows.iter().position(|row| Some(row.seq) == here);
            Some(match (event.key().as_str(), place) {
                ("ArrowDown", Some(place)) if place == last => Err((false, history.older)),
                ("ArrowUp", Some(0)) => Err((true, history.newer)),
                ("ArrowDown", Some(place)) => Ok(place + 1),
                ("ArrowUp", Some(place)) => Ok(place - 1),
                ("ArrowDown" | "ArrowUp" | "Home", _) => Ok(0),
                ("PageDown", place) => Ok((place.unwrap_or(0) + 10).min(last)),
                ("PageUp", place) => Ok(place.unwrap_or(0).saturating_sub(10)),
                ("End", _) => Ok(last),
                _ => return None,
            })
        });
        match step {
            None => return,
            Some(Ok(place)) => {
                let seq = told.with_untracked(|history| {
                    let rows = &history.as_ref()?.rows;
                    rows.get(place).map(|row| row.seq)
                });
                if let Some(seq) = seq {
                    go(seq);
                }
            }
            Some(Err((newer, true))) => {
                going.set_value(Some(newer));
                turn(newer);
            }
            Some(Err((_, false))) => {}
        }
        event.prevent_default();
    };
    // What is chosen is in sight.
    Effect::new(move |_| {
        let here = chosen();
        told.track();
        let Some(viewport) = viewport.get() else {
            return;
        };
        let row = here.and_then(|seq| {
            let found = viewport.query_selector(&format!("#{}", row_id(seq)));
            found.ok().flatten()
        });
        let Some(row) = row.and_then(|row| row.dyn_into::<HtmlElement>().ok()) else {
            return;
        };
        let (top, high) = (row.offset_top(), row.offset_height());
        let (from, seen) = (viewport.scroll_top(), viewport.client_height());
        if top < from {
            viewport.set_scroll_top(top);
        } else if top + high > from + seen {
            viewport.set_scroll_top(top + high - seen);
        }
    });
    let row = move |row: HistoryRow| {
        let seq = row.seq;
        let here = Memo::new(move |_| chosen() == Some(seq));
        let (value, kind) = match &row.preview {
            Preview::Empty => (None, "word"),
            Preview::Text(text) => (Some(text.clone()), "text"),
            Preview::Kind(kind) => (Some(kind.clone()), "word"),
            Preview::Hex(hex) => (Some(hex.clone()), "hex"),
        };
        let change = row.change;
        let time = row.time;
        view! {
            <div
                role="option"
                class="value"
                id=row_id(seq)
                data-value=seq.to_string()
                aria-selected=move || here.get().to_string()
            >
                <span class="when num">{move || {
                    let mut said = String::new();
                    let say = store.words().rest().shown.date;
                    let calendar = store.speech.calendar;
                    calendar.moment(time).on(calendar.today.get(), say, &mut said);
                    said
                }}</span>
                <span class=format!("what mono {kind}")>{move || match &value {
                    None => store.text(|w| w.rest().empty_payload).into_piece(),
                    Some(value) => name(value, Kind::Text),
                }}</span>
                <span class="tag" hidden=!row.retain>{store.text(|w| w.rest().retained)}</span>
                <span class="changed num quiet">{move || changed(&change, w())}</span>
            </div>
        }
    };
    view! {
        <div class="history">
            <p class="line">
                <button type="button" class="button" hidden=move || !with(|it| it.newer)() on:click=move |_| turn(true)>
                    {move || w().newer}
                </button>
                <button
                    type="button"
                    class="button"
                    hidden=move || at.get() == HistoryAt::Newest
                    on:click=move |_| at.set(HistoryAt::Newest)
                >
                    {move || w().newest}
                </button>
            </p>
            <div
                class="values"
                role="listbox"
                tabindex="0"
                data-rows=move || shown().len().to_string()
                aria-label=move || w().values
                aria-activedescendant=move || chosen().map(row_id)
                node_ref=viewport
                on:click=clicked
                on:keydown=key
            >
                {rows(shown, |row| row.seq.to_string(), move |_, each| row(each))}
            </div>
            <p class="line">
                <button type="button" class="button" hidden=move || !with(|it| it.older)() on:click=move |_| turn(false)>
                    {move || w().older}
                </button>
            </p>
            <p class="hint" hidden=move || !with(|it| it.evicted)()>{move || w().evicted}</p>
            <p class="hint" hidden=move || !with(|it| it.rows.is_empty())()>{move || w().nothing}</p>
        </div>
    }
}

/// What changed, in short.
fn changed(change: &HistoryChange, words: &HistoryWords) -> String {
    match change {
        HistoryChange::First => String::new(),
        HistoryChange::Same => words.same.to_owned(),
        HistoryChange::Number(by) => by.clone(),
        HistoryChange::Other => words.other.to_owned(),
        HistoryChange::Json(parts, more) => {
            let mut said = String::new();
            for part in parts {
                if !said.is_empty() {
                    said.push_str(" · ");
                }
                // Writing into a string cannot fail.
                let _ = match (&part.before, &part.now) {
                    (Some(before), Some(now)) => write!(said, "{} {before} → {now}", part.key),
                    (None, Some(now)) => write!(said, "+ {} {now}", part.key),
                    _ => write!(said, "− {}", part.key),
                };
            }
            if *more > 0 {
                said.push_str(" · ");
                said.push_str(&(words.more)(&format::whole(u64::from(*more))));
            }
            said
        }
    }
}
