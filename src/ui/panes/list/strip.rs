//! The time strip above the list: messages by time, stacked in the colours of the subscriptions. To drag over it looks at
//! that span, which is a term of the list's query then; a click jumps to that moment.
//!
//! Its room is there from the start, so that nothing moves when it comes. Its program is loaded when there are messages.

mod drag;
mod drawing;

use drag::Drag;
use drawing::{Inks, Seen, draw, samples};
use gloo_timers::callback::{Interval, Timeout};
use leptos::{ev::Targeted, prelude::*};
use web_sys::{HtmlElement, KeyboardEvent, PointerEvent};

use crate::{
    browser::{animation_frame, date, resize_observer, storage},
    desk::{
        format,
        timeline::{Scale, Sums, sums},
    },
    link::TimelineView,
    reading::{self, LocalTime, Wanted, span_term, with_span},
    ui::{
        controls::rest::{later, on_demand},
        panes::list::rows::Rows,
        piece::{Held, Piece, shown_when, view},
        state::store::Store,
        words,
    },
};

/// Whether it is folded away, on this device.
const FOLDED: &str = "midge.timeline";
/// How long the first messages have the page for themselves, in milliseconds.
const SETTLING: u32 = 1_200;
/// Pixels of a slot, about.
const SLOT_PX: i32 = 4;

/// Its room, with the button that folds it away.
#[component(transparent)]
pub fn StripRoom(
    /// The list below it.
    list: Rows,
) -> Piece {
    provide_context(list);
    let store = expect_context::<Store>();
    let folded = RwSignal::new(storage::read(FOLDED).as_deref() == Some("folded"));
    let wanted = RwSignal::new(false);
    // Not those of the list: its query may find none of them.
    let has_messages = Memo::new(move |_| {
        let counters = store.told.counters;
        counters.with(|counters| counters.received + counters.sent > 0)
    });
    Effect::new(move |_| {
        if has_messages.get() && !wanted.get_untracked() {
            Timeout::new(SETTLING, move || wanted.set(true)).forget();
        }
    });
    let fold = move |_| {
        folded.update(|folded| *folded = !*folded);
        if folded.get_untracked() {
            store.say_if_unstored(storage::write(FOLDED, "folded"));
        } else {
            storage::remove(FOLDED);
        }
    };
    view! {
        <div class="strip-room" class:folded=move || folded.get() hidden=move || !has_messages.get()>
            {shown_when(move || wanted.get() && !folded.get(), || on_demand(strip))}
            <button
                type="button"
                class="button ghost fold"
                data-command=""
                aria-expanded=move || (!folded.get()).to_string()
                aria-label=store.text(|w| w.rest().told.timeline)
                title=store.text(|w| w.rest().told.timeline)
                on:click=fold
            >
                {move || if folded.get() { "▾" } else { "▴" }}
            </button>
        </div>
    }
}

later! {
    /// The strip itself.
    fn strip() in timeline { Strip }
}

#[component(transparent)]
fn Strip() -> Piece {
    let store = expect_context::<Store>();
    let list = expect_context::<Rows>();
    let w = move || words::timeline(store.speech.language.get());
    let (canvas, inks_holder) = (
        Held::<HtmlElement>::new_local(None),
        Held::<HtmlElement>::new_local(None),
    );
    let size = RwSignal::new((0, 0));
    let now = RwSignal::new(date::now());
    let cursor = RwSignal::new(None::<f64>);
    // The other end of what keys mark.
    let anchor = RwSignal::new(None::<f64>);
    let drag = RwSignal::new(None::<Drag>);
    let wanted = RwSignal::new(None::<f64>);
    let told = store.told.timeline;
    let scale = Memo::new(move |_| {
        let (wide, _) = size.get();
        told.with(|told| Scale::of(told, now.get(), f64::from(wide)))
    });
    let local = move || LocalTime {
        now_us: (date::now() * 1000.0) as u64,
        offset: date::local_offset,
    };
    let asked_span = Memo::new(move |_| {
        let query = list.asked.with(|asked| reading::read_query(asked)).ok()?;
        let span = query.terms.iter().find_map(|term| match &term.wanted {
            Wanted::At(span) if !term.negated => Some(span.resolve(local())),
            _ => None,
        })?;
        Some((span.0 as f64 / 1000.0, span.1 as f64 / 1000.0))
    });
    // What is being marked, by pointer or by keys.
    let marked = Memo::new(move |_| {
        let scale = scale.get()?;
        if let Some(drag) = drag.get().filter(|drag| !drag.is_click()) {
            return Some(scale.between(scale.time(drag.began), scale.time(drag.now)));
        }
        Some(scale.between(anchor.get()?, cursor.get()?))
    });
    let span = move || {
        let scale = scale.get()?;
        let (from, to) = marked.get().or(asked_span.get())?;
        Some((from.max(scale.from), to.min(scale.to)))
    };

    // -- What the engine is asked for --
    Effect::new(move |_| {
        let (wide, _) = size.get();
        let locate = wanted.get();
        store.show(|view| {
            view.timeline = (wide > 0).then(|| TimelineView {
                columns: u16::try_from(wide / SLOT_PX).unwrap_or(u16::MAX),
                locate,
            });
        });
    });
    on_cleanup(move || store.show(|view| view.timeline = None));
    Effect::new(move |_| {
        let located = told.with(|told| told.located);
        let (Some(located), Some(time)) = (located, wanted.get_untracked()) else {
            return;
        };
        if located.time == time {
            wanted.set(None);
            if let Some(position) = located.position {
                list.show_at(position, located.numbering);
            }
        }
    });

    // -- Drawing --
    let inks = StoredValue::new_local(None::<(f64, Inks)>);
    let due = StoredValue::new(false);
    let paint = move || {
        due.set_value(false);
        let (Some(Some(canvas)), Some(Some(holder)), Some(Some(scale))) = (
            canvas.try_get_untracked(),
            inks_holder.try_get_untracked(),
            scale.try_get_untracked(),
        ) else {
            return;
        };
        let at = date::monotonic();
        inks.update_value(|inks| {
            // The theme may be another one since.
            if inks.as_ref().is_none_or(|(read, _)| at - read > 900.0) {
                *inks = Some((at, Inks::of(&holder)));
            }
        });
        let (_, height) = size.get_untracked();
        inks.with_value(|inks| {
            let Some((_, inks)) = inks else { return };
            told.with_untracked(|timeline| {
                let seen = Seen {
                    timeline,
                    scale,
                    span: untrack(span),
                    cursor: cursor.get_untracked(),
                    store,
                    words: untrack(w),
                };
                draw(&canvas, f64::from(height), inks, &seen);
            });
        });
    };
    Effect::new(move |_| {
        told.track();
        cursor.track();
        let _ = (size.get(), scale.get(), span(), store.speech.language.get());
        if !due.get_value() {
            due.set_value(true);
            animation_frame::before_next_paint(paint);
        }
    });
    let ticking = StoredValue::new_local(None::<Interval>);
    Effect::new(move |_| {
        // Time goes on where nothing comes. Nobody sees it while it has no width.
        let seen = size.get().0 > 0;
        ticking.set_value(seen.then(|| Interval::new(1_000, move || now.set(date::now()))));
    });
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            resize_observer::watch(&canvas, move |wide, high| {
                size.try_set((wide, high));
            });
        }
    });

    // -- What is done to it --
    let look_at = move |from: f64, to: f64| {
        let term = span_term(from, to, local());
        let query = store.chrome.filter.get_untracked();
        store.chrome.filter.set(with_span(&query, Some(&term)));
        anchor.set(None);
    };
    let all_times = move || {
        let query = store.chrome.filter.get_untracked();
        store.chrome.filter.set(with_span(&query, None));
        anchor.set(None);
    };
    let jump = move |time: f64| {
        if let Some(scale) = scale.get_untracked() {
            // To the latest of the slot.
            let (_, end) = scale.slot_at(time);
            wanted.set(Some((end - 0.001).min(end)));
        }
    };
    let place = |event: &Targeted<PointerEvent, HtmlElement>| {
        f64::from(event.client_x()) - event.target().get_bounding_client_rect().left()
    };
    let press = move |event: Targeted<PointerEvent, HtmlElement>| {
        if event.button() == 0 {
            let at = place(&event);
            let _ = event.target().set_pointer_capture(event.pointer_id());
            anchor.set(None);
            drag.set(Some(Drag {
                pointer: event.pointer_id(),
                began: at,
                now: at,
            }));
        }
    };
    let moved = move |event: Targeted<PointerEvent, HtmlElement>| {
        let at = place(&event);
        cursor.set(scale.get_untracked().map(|scale| scale.time(at)));
        if let Some(before) = drag.get_untracked()
            && before.pointer == event.pointer_id()
        {
            drag.set(Some(Drag { now: at, ..before }));
        }
    };
    let release = move |event: Targeted<PointerEvent, HtmlElement>| {
        let ours = |drag: &Drag| drag.pointer == event.pointer_id();
        let Some(done) = drag.get_untracked().filter(ours) else {
            return;
        };
        let span = marked.get_untracked();
        drag.set(None);
        let Some(scale) = scale.get_untracked() else {
            return;
        };
        match span.filter(|_| !done.is_click()) {
            Some((from, to)) => look_at(from, to),
            None => jump(scale.time(done.now)),
        }
    };
    let leave = move |_| {
        if drag.get_untracked().is_none() && anchor.get_untracked().is_none() {
            cursor.set(None);
        }
    };
    let key = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let Some(scale) = scale.get_untracked() else {
            return;
        };
        let here = cursor.get_untracked();
        match event.key().as_str() {
            "Enter" | " " => match (marked.get_untracked(), here) {
                (Some((from, to)), _) => look_at(from, to),
                (None, Some(time)) => jump(time),
                (None, None) => return,
            },
            "Escape" if here.is_some() || anchor.get_untracked().is_some() => {
                anchor.set(None);
                cursor.set(None);
                // It puts this away, and not what is beside it too.
                event.stop_propagation();
            }
            "Delete" | "Backspace" => all_times(),
            key => {
                let Some(to) = scale.step(key, here) else {
                    return;
                };
                if !event.shift_key() {
                    anchor.set(None);
                } else if anchor.get_untracked().is_none() {
                    anchor.set(here.or(Some(to)));
                }
                cursor.set(Some(to));
            }
        }
        event.prevent_default();
    };

    // -- What is said of it --
    let said = move |from: f64, to: f64| {
        let sums = told.with(|told| sums(told, from, to));
        let clock = |time: f64| {
            let mut clock = String::new();
            store.speech.calendar.moment(time).clock(&mut clock);
            // What has seconds to the full second is not said to the thousandth.
            if told.with(|told| told.width >= 1_000.0) {
                clock.truncate(8);
            }
            clock
        };
        let Sums {
            received,
            sent,
            retained,
        } = sums;
        let counts = [received, sent, retained].map(format::whole);
        (w().said)(&clock(from), &clock(to), &counts)
    };
    let readout = move || {
        let here = marked.get().or_else(|| {
            let scale = scale.get()?;
            Some(scale.slot_at(cursor.get()?))
        })?;
        Some(said(here.0, here.1))
    };
    let whole = move || {
        let scale = scale.get()?;
        readout().or_else(|| Some(said(scale.from, scale.to)))
    };
    let totals = Memo::new(move |_| told.with(|told| sums(told, f64::MIN, f64::MAX)));
    let slots_before = move |time: Option<f64>| {
        let scale = scale.get()?;
        let time = time.unwrap_or(scale.to);
        let share = (time - scale.from) / (scale.to - scale.from) * 1000.0;
        Some((share as i64).to_string())
    };
    view! {
        <div class="strip">
            <div
                id="timeline"
                role="slider"
                tabindex="0"
                data-pane="timeline"
                aria-label=store.text(|w| w.rest().told.timeline)
                aria-description=move || w().hint
                title=move || w().hint
                aria-valuemin="0"
                aria-valuemax="1000"
                aria-valuenow=move || slots_before(cursor.get())
                aria-valuetext=whole
                data-slot=move || told.with(|told| told.width.to_string())
                data-received=move || totals.get().received.to_string()
                data-sent=move || totals.get().sent.to_string()
                data-retained=move || totals.get().retained.to_string()
                data-gaps=move || told.with(|told| told.gaps.len().to_string())
                on:pointerdown:target=press
                on:pointermove:target=moved
                on:pointerup:target=release
                on:pointercancel=move |_| drag.set(None)
                on:pointerleave=leave
                on:keydown=key
                on:blur=move |_| {
                    anchor.set(None);
                    cursor.set(None);
                }
            >
                <canvas node_ref=canvas aria-hidden="true"></canvas>
            </div>
            <span class="inks" aria-hidden="true" node_ref=inks_holder>{samples()}</span>
            <p class="readout num" aria-hidden="true" hidden=move || readout().is_none()>{readout}</p>
            <button
                type="button"
                class="button all-times"
                hidden=move || asked_span.get().is_none()
                on:click=move |_| all_times()
            >
                {move || w().all_times}
            </button>
        </div>
    }
}
