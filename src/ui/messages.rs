//! The list of messages: virtual, newest first, following the newest or holding still.
//!
//! It holds still when the user scrolls down or pauses: what is newer waits above, counted, and nothing moves. All of it
//! is still received and kept.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, MouseEvent, PointerEvent};

use crate::{
    browser::resize_observer,
    desk::{
        format,
        text::{shortened, spoken},
    },
    link::{Command, ListView, Row, Target},
    payload,
    reading::Kind,
    ui::{
        calendar::Calendar,
        counters::counters_words,
        empty_list::EmptyList,
        keep,
        message_row::MessageRow,
        name::HiddenHint,
        piece::{Held, Piece, view},
        pool::{Pool, set_down, set_height},
        store::Store,
        words::Words,
    },
};

/// Browsers cap the height of an element (Firefox near 17.8 million px). Beyond this the scroll position is scaled.
const TALLEST: f64 = 15_000_000.0;
/// Rows above and below the visible ones, so that a scroll finds them there.
const SPARE: u64 = 6;

/// Columns of text of a time of day.
const CLOCK_COLUMNS: usize = 12;

/// Where the list stands. Not signals: it changes at every scroll, and only the drawing reads it.
#[derive(Clone, Copy, Default)]
struct Stand {
    /// Position after the newest shown, while holding still.
    hold: Option<u64>,
    /// A changed filter while paused: hold still as soon as its answer is complete.
    hold_soon: bool,
    /// The numbering that positions belong to.
    numbering: u32,
    /// Height of the viewport in px.
    height: f64,
    /// Height of one row in px.
    row: f64,
}

impl Stand {
    fn visible(&self) -> u64 {
        (self.height / self.row.max(1.0)).ceil() as u64 + 1
    }

    /// From a scroll position to px in the full list, and back.
    fn scale(&self, rows: u64) -> f64 {
        let full = rows as f64 * self.row;
        if full <= TALLEST {
            1.0
        } else {
            (full - self.height) / (TALLEST - self.height)
        }
    }
}

/// The list with its head.
#[component(transparent)]
pub fn Messages() -> Piece {
    let store = expect_context::<Store>();
    let viewport = Held::<HtmlElement>::new_local(None);
    let tall = Held::<HtmlElement>::new_local(None);
    let rows = Held::<HtmlElement>::new_local(None);
    let stand = StoredValue::new(Stand {
        row: 28.0,
        ..Stand::default()
    });
    let (query, packets) = keep::held(|bench| (bench.query.clone(), bench.packets));
    store.filter.set(query);
    store.packets.set(packets);
    keep::follow(
        move || {
            store.filter.track();
            store.packets.track();
        },
        move |bench| {
            bench.query = store.filter.get();
            bench.packets = store.packets.get();
        },
    );
    let paused = RwSignal::new(false);
    let holding = RwSignal::new(false);
    let pool = StoredValue::new_local(None::<Pool<MessageRow>>);
    // Columns of text that dates have now, beside the time of day.
    let date_room = StoredValue::new(0usize);

    let end = move || store.list.with_untracked(|list| list.end);
    let ask = move || {
        let Some(viewport) = viewport.get_untracked() else {
            return;
        };
        let stand = stand.get_value();
        let total = store
            .list
            .with_untracked(|list| stand.hold.unwrap_or(list.end).saturating_sub(list.oldest));
        let top = f64::from(viewport.scroll_top()) * stand.scale(total);
        let first = (top / stand.row.max(1.0)) as u64;
        let skip = first.saturating_sub(SPARE);
        // Nothing was there when the list was held still: no row is older than none.
        let none = stand.hold == Some(0);
        let count = if none || stand.height == 0.0 {
            0
        } else {
            stand.visible() + (first - skip) + SPARE
        };
        store.show(|view| {
            view.list = Some(ListView {
                filter: store.filter.get_untracked(),
                packets: store.packets.get_untracked(),
                newest: stand.hold.map(|end| end.saturating_sub(1)),
                skip,
                rows: u16::try_from(count).unwrap_or(u16::MAX),
            });
        });
    };
    let hold = move |end: Option<u64>| {
        stand.update_value(|stand| {
            stand.hold = end;
            stand.hold_soon = false;
        });
        holding.set(end.is_some());
        ask();
    };
    let to_top = move || {
        paused.set(false);
        if let Some(viewport) = viewport.get_untracked() {
            viewport.set_scroll_top(0);
        }
        hold(None);
    };
    let scrolled = move |_| {
        let Some(viewport) = viewport.get_untracked() else {
            return;
        };
        let down = f64::from(viewport.scroll_top()) > 1.0;
        let held = stand.with_value(|stand| stand.hold.is_some());
        match (down, held) {
            (true, false) => hold(Some(end())),
            (false, true) if !paused.get_untracked() => hold(None),
            _ => ask(),
        }
    };

    Effect::new(move |_| {
        let (Some(viewport), Some(rows)) = (viewport.get(), rows.get()) else {
            return;
        };
        pool.set_value(Some(Pool::new(rows.unchecked_into::<HtmlElement>())));
        let element: Element = viewport.unchecked_into();
        resize_observer::watch(&element.clone(), move |_, height| {
            let row = row_height(&element);
            stand.update_value(|stand| {
                stand.height = f64::from(height);
                stand.row = row;
            });
            ask();
        });
    });
    Effect::new(move |before: Option<(String, bool)>| {
        let asked = (store.filter.get(), store.packets.get());
        if before.is_some_and(|before| before != asked) {
            if let Some(viewport) = viewport.get_untracked() {
                viewport.set_scroll_top(0);
            }
            hold(None);
            stand.update_value(|stand| stand.hold_soon = paused.get_untracked());
        }
        asked
    });
    Effect::new(move |_| {
        let chosen = store.chosen.get();
        let words = store.words();
        let today = store.calendar.today.get();
        store.list.with(|list| {
            let (Some(tall), Some(rows)) = (tall.get_untracked(), rows.get_untracked()) else {
                return;
            };
            // The answer to an earlier filter.
            if list.filter != store.filter.get_untracked()
                || list.packets != store.packets.get_untracked()
            {
                return;
            }
            let numbering = stand.with_value(|stand| stand.numbering);
            stand.update_value(|stand| stand.numbering = list.numbering);
            if numbering != list.numbering && stand.with_value(|stand| stand.hold.is_some()) {
                // What was held still is counted anew; hold again where that ends, if the user asked for it.
                hold(None);
                stand.update_value(|stand| stand.hold_soon = paused.get_untracked());
                return;
            }
            if list.complete && stand.with_value(|stand| stand.hold_soon) {
                hold(Some(list.end));
            }
            let stand = stand.get_value();
            let end = stand.hold.unwrap_or(list.end);
            let total = end.saturating_sub(list.oldest);
            set_height(&tall, (total as f64 * stand.row).min(TALLEST));
            let count = list
                .rows
                .iter()
                .take_while(|row| row.position >= list.oldest)
                .count();
            let above = list
                .rows
                .first()
                .map_or(0, |row| end.saturating_sub(row.position + 1));
            let scale = stand.scale(total);
            // Scaled, rows stand where the scroll position is, not at their place in the full list.
            let top = if scale == 1.0 {
                above as f64 * stand.row
            } else {
                let scroll = viewport
                    .get_untracked()
                    .map_or(0.0, |viewport| f64::from(viewport.scroll_top()));
                scroll + above as f64 * stand.row - scroll * scale
            };
            set_down(&rows, top);
            let wanted = date_columns(store.calendar, today, &list.rows, words);
            if date_room.with_value(|room| *room != wanted) {
                date_room.set_value(wanted);
                let columns = format!("{}ch", wanted + CLOCK_COLUMNS);
                let _ = rows.style().set_property("--when", &columns);
            }
            let mut scratch = String::new();
            pool.update_value(|pool| {
                let Some(pool) = pool else { return };
                let first = list.rows.first().map_or(0, |row| -(row.position as i64));
                for (slot, row) in pool.lay_out(first, count).iter_mut().zip(&list.rows) {
                    slot.show(
                        row,
                        chosen == Some(Target::Packet(row.seq)),
                        store.calendar,
                        today,
                        words,
                        &mut scratch,
                    );
                }
            });
            // While it follows, a longer list asks for nothing new; held, an eviction may.
            if stand.hold.is_some() {
                ask();
            }
        });
    });

    // The row that was pressed is the one that is meant: by the time the button is up, a newer one may be in its place.
    let pressed = StoredValue::new(None::<u64>);
    let press = move |event: PointerEvent| pressed.set_value(meant(&event));
    let choose = move |event: MouseEvent| {
        let seq = pressed.try_update_value(Option::take).flatten();
        if let Some(seq) = seq.or_else(|| meant(&event)) {
            store.inspect(Some(Target::Packet(seq)));
        }
    };
    let step = move |event: KeyboardEvent| {
        let down = match event.key().as_str() {
            "ArrowDown" => true,
            "ArrowUp" => false,
            _ => return,
        };
        let next = store.list.with_untracked(|list| {
            let next = match store.chosen.get_untracked() {
                Some(Target::Packet(seq)) => {
                    let index = list.rows.iter().position(|row| row.seq == seq)?;
                    if down {
                        index + 1
                    } else {
                        index.checked_sub(1)?
                    }
                }
                _ => 0,
            };
            let row = list.rows.get(next)?;
            let end = stand.with_value(|stand| stand.hold).unwrap_or(list.end);
            Some((row.seq, end.saturating_sub(row.position + 1)))
        });
        let (Some((seq, above)), Some(viewport)) = (next, viewport.get_untracked()) else {
            return;
        };
        event.prevent_default();
        // A list that runs on under the keys would take the chosen row away.
        if stand.with_value(|stand| stand.hold.is_none()) {
            paused.set(true);
            hold(Some(end()));
        }
        let stand = stand.get_value();
        let total = store
            .list
            .with_untracked(|list| stand.hold.unwrap_or(list.end).saturating_sub(list.oldest));
        let scale = stand.scale(total);
        let (top, scroll) = (
            above as f64 * stand.row,
            f64::from(viewport.scroll_top()) * scale,
        );
        if top < scroll {
            viewport.set_scroll_top((top / scale) as i32);
        } else if top + stand.row > scroll + stand.height {
            viewport.set_scroll_top(((top + stand.row - stand.height) / scale).ceil() as i32);
        }
        store.inspect(Some(Target::Packet(seq)));
    };

    let newer = move || {
        holding.get().then(|| {
            let held = stand.with_value(|stand| stand.hold).unwrap_or(0);
            store.list.with(|list| list.end.saturating_sub(held))
        })
    };
    let newer_words =
        move || newer().map(|count| (store.words().rest().newer)(&format::whole(count)));
    // The header has no room for them on a phone.
    let totals = move || counters_words(store);
    view! {
        <section class="messages">
            <div class="head">
                <h2>{store.text(|w| w.messages)}</h2>
                <input
                    class="field filter"
                    type="search"
                    aria-label=store.text(|w| w.rest().filter_messages)
                    placeholder=store.text(|w| w.rest().filter_messages_placeholder)
                    title=store.text(|w| w.rest().shown.filter_hint)
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    prop:value=move || store.filter.get()
                    on:input:target=move |event| {
                        let typed = event.target().value();
                        if !typed.is_empty() {
                            store.filter_before.set(None);
                        }
                        store.filter.set(typed);
                    }
                />
                <span class="grow"></span>
                <button
                    class="button ghost"
                    title=store.text(|w| w.rest().all_packets_hint)
                    aria-pressed=move || store.packets.get().to_string()
                    on:click=move |_| store.packets.update(|packets| *packets = !*packets)
                >
                    {store.text(|w| w.rest().all_packets)}
                </button>
                <button
                    class="button ghost"
                    aria-pressed=move || paused.get().to_string()
                    on:click=move |_| {
                        if paused.get_untracked() {
                            to_top();
                        } else {
                            paused.set(true);
                            hold(Some(end()));
                        }
                    }
                >
                    {move || if paused.get() { store.words().rest().resume } else { store.words().rest().pause }}
                </button>
                <button
                    class="button ghost"
                    on:click=move |_| {
                        store.say(Command::Clear);
                        store.inspect(None);
                        to_top();
                    }
                >
                    {store.text(|w| w.rest().clear)}
                </button>
            </div>
            <HiddenHint id="query-unseen" text=store.filter kind=Kind::Text />
            <p class="filter-before" hidden=move || store.filter_before.with(Option::is_none)>
                <button
                    class="link"
                    on:click=move |_| {
                        if let Some(before) = store.filter_before.get_untracked() {
                            store.filter_before.set(None);
                            store.filter.set(before);
                        }
                    }
                >
                    {move || {
                        let before = store.filter_before.get()?;
                        Some((store.words().rest().shown.back_to_filter)(&spoken(&shortened(&before))))
                    }}
                </button>
            </p>
            <p class="totals quiet num" aria-hidden="true">{totals}</p>
            <div class="around">
                <div
                    class="viewport"
                    node_ref=viewport
                    role="listbox"
                    tabindex="0"
                    aria-label=store.text(|w| w.messages)
                    on:scroll=scrolled
                    on:pointerdown=press
                    on:pointercancel=move |_| pressed.set_value(None)
                    on:click=choose
                    on:keydown=step
                >
                    <div class="tall" role="presentation" node_ref=tall>
                        <div class="rows" role="presentation" node_ref=rows></div>
                    </div>
                </div>
                <EmptyList />
                <button class="button newer num" hidden=move || newer().unwrap_or(0) == 0 on:click=move |_| to_top()>
                    {newer_words}
                </button>
            </div>
        </section>
    }
}

/// The number of the message that an event means: that of the row it hit, or of the request or response that the row's
/// mark leads to.
fn meant(event: &Event) -> Option<u64> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let hit = target.closest("[data-pair], [data-seq]").ok()??;
    let seq = hit
        .get_attribute("data-pair")
        .or_else(|| hit.get_attribute("data-seq"));
    seq?.parse().ok()
}

/// Columns of text that the dates of these rows need; none while all of them are of today.
fn date_columns(calendar: Calendar, today: i64, rows: &[Row], words: &Words) -> usize {
    let mut widest = 0;
    let mut before = today;
    for row in rows {
        let moment = calendar.moment(row.time);
        if moment.day != before {
            before = moment.day;
            widest = widest.max(moment.date_columns(today, words.rest().shown.date));
        }
    }
    widest
}

/// The style sheet's row height, which differs on a phone.
fn row_height(element: &Element) -> f64 {
    let style =
        web_sys::window().and_then(|window| window.get_computed_style(element).ok().flatten());
    let height = style.and_then(|style| style.get_property_value("--row").ok());
    height
        .and_then(|text| payload::number(text.trim().trim_end_matches("px")))
        .unwrap_or(28.0)
}
