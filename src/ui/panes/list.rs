//! The list of messages: virtual, newest first, following the newest or holding still.
//!
//! It holds still when the user scrolls down or pauses: what is newer waits above, counted, and nothing moves. All of it
//! is still received and kept. Where it stands is decided in [`crate::desk::holding`].

mod empty_list;
mod export;
mod message_row;
mod query_line;
mod rows;
mod strip;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, MouseEvent, PointerEvent};

use crate::{
    desk::{
        format,
        text::{shortened, spoken},
    },
    link::{Command, Target},
    reading::Kind,
    ui::{
        controls::name::HiddenHint,
        panes::list::{
            empty_list::EmptyList,
            export::ExportDialog,
            query_line::{QueryFaultLine, fault_of},
            rows::Rows,
            strip::StripRoom,
        },
        piece::{Piece, view},
        state::{announced::Announced, dialogs::Dialogs, keep, store::Store},
        words::sentences::counters_words,
    },
};

/// The list with its head.
#[component(transparent)]
pub fn Messages() -> Piece {
    let store = expect_context::<Store>();
    let dialogs = expect_context::<Dialogs>();
    let (query, packets) = keep::held(|bench| (bench.query.clone(), bench.packets));
    store.chrome.filter.set(query);
    store.chrome.packets.set(packets);
    keep::follow(
        move || {
            store.chrome.filter.track();
            store.chrome.packets.track();
        },
        move |bench| {
            bench.query = store.chrome.filter.get();
            bench.packets = store.chrome.packets.get();
        },
    );
    let list = Rows::start(store);
    let paused = list.paused();
    expect_context::<Announced>().waits_by(Memo::new(move |_| list.newer().unwrap_or(0)));

    // The row that was pressed is the one that is meant: by the time the button is up, a newer one may be in its place.
    let pressed = StoredValue::new(None::<u64>);
    let press = move |event: PointerEvent| pressed.set_value(meant(&event));
    let choose = move |event: MouseEvent| {
        let seq = pressed.try_update_value(Option::take).flatten();
        if let Some(seq) = seq.or_else(|| meant(&event)) {
            list.stop_walking();
            store.inspect(Some(Target::Packet(seq)));
        }
    };
    // What is shown large is the newest, unless somebody holds the list.
    Effect::new(move |_| {
        if dialogs.projector.get() && !paused.get_untracked() {
            list.to_top();
        }
    });
    let newer_words = move || {
        list.newer()
            .map(|count| (store.words().rest().newer)(&format::whole(count)))
    };
    let fault = fault_of(store.chrome.filter);
    // As far as the query has looked; nothing while the rows still answer an earlier one.
    let matches = Memo::new(move |_| {
        let asked = list.asked.get();
        store
            .told
            .list
            .with(|list| (list.filter == asked).then_some((list.end - list.oldest, list.complete)))
    });
    let said_matches = move || {
        let (count, _) = matches
            .get()
            .filter(|_| list.asked.with(|asked| !asked.is_empty()))?;
        Some((store.words().rest().shown.matches)(&format::whole(count)))
    };
    let cleared = Memo::new(move |_| store.told.counters.with(|counters| counters.cleared));
    // The header has no room for them on a phone.
    let totals = move || {
        store
            .told
            .counters
            .with(|counters| counters_words(counters, store.words()))
    };
    view! {
        <section
            class="messages"
            id="list"
            data-matches=move || matches.get().map(|(count, _)| count.to_string())
            data-complete=move || matches.get().map(|(_, complete)| complete.to_string())
        >
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
                    aria-invalid=move || fault.get().is_some().then_some("true")
                    aria-describedby="query-fault"
                    prop:value=move || store.chrome.filter.get()
                    on:input:target=move |event| {
                        let typed = event.target().value();
                        if !typed.is_empty() {
                            store.chrome.filter_before.set(None);
                        }
                        store.chrome.filter.set(typed);
                    }
                />
                <span class="quiet num matches" hidden=move || said_matches().is_none()>{said_matches}</span>
                <span class="grow"></span>
                <button
                    class="button ghost"
                    data-command=""
                    title=store.text(|w| w.rest().all_packets_hint)
                    aria-pressed=move || store.chrome.packets.get().to_string()
                    on:click=move |_| store.chrome.packets.update(|packets| *packets = !*packets)
                >
                    {store.text(|w| w.rest().all_packets)}
                </button>
                <button
                    class="button ghost"
                    data-command=""
                    on:click=move |_| {
                        if paused.get_untracked() {
                            list.to_top();
                        } else {
                            list.pause();
                        }
                    }
                >
                    {move || if paused.get() { store.words().rest().resume } else { store.words().rest().pause }}
                </button>
                <button
                    class="button ghost"
                    data-command=""
                    aria-haspopup="dialog"
                    on:click=move |_| dialogs.open(dialogs.export)
                >
                    {store.text(|w| w.rest().shown.export)}
                </button>
                <button
                    class="button ghost"
                    data-command=""
                    aria-haspopup="dialog"
                    on:click=move |_| dialogs.open(dialogs.projector)
                >
                    {store.text(|w| w.rest().told.projector)}
                </button>
                // Not beside Pause: a slip must not cost the messages.
                <button
                    class="button ghost"
                    data-command=""
                    hidden=move || cleared.get() == 0
                    title=move || (store.words().rest().remembered.undo_clear_hint)(&format::whole(cleared.get()))
                    on:click=move |_| {
                        store.say(Command::BringBack);
                        store.inspect(None);
                        list.to_top();
                    }
                >
                    {store.text(|w| w.rest().remembered.undo_clear)}
                </button>
                <button
                    class="button ghost"
                    data-command=store.text(|w| w.rest().told.clear_messages)
                    on:click=move |_| {
                        store.say(Command::Clear);
                        store.inspect(None);
                        list.to_top();
                    }
                >
                    {store.text(|w| w.rest().clear)}
                </button>
            </div>
            <ExportDialog asked=list.asked />
            <QueryFaultLine fault=fault />
            <HiddenHint id="query-unseen" text=store.chrome.filter kind=Kind::Text />
            <p class="filter-before" hidden=move || store.chrome.filter_before.with(Option::is_none)>
                <button
                    class="link"
                    on:click=move |_| {
                        if let Some(before) = store.chrome.filter_before.get_untracked() {
                            store.chrome.filter_before.set(None);
                            store.chrome.filter.set(before);
                        }
                    }
                >
                    {move || {
                        let before = store.chrome.filter_before.get()?;
                        Some((store.words().rest().shown.back_to_filter)(&spoken(&shortened(&before))))
                    }}
                </button>
            </p>
            <StripRoom list=list />
            <p class="totals quiet num" aria-hidden="true">{totals}</p>
            <div class="around">
                <div
                    class="viewport"
                    node_ref=list.viewport
                    role="listbox"
                    data-pane="messages"
                    tabindex="0"
                    aria-label=store.text(|w| w.messages)
                    on:scroll=move |_| list.scrolled()
                    on:pointerover=move |event| list.pointed(&event)
                    on:pointerdown=press
                    on:pointercancel=move |_| pressed.set_value(None)
                    on:click=choose
                    on:keydown=move |event| list.step(event)
                    on:focus=move |_| list.focus(true)
                    on:blur=move |_| list.focus(false)
                >
                    <div class="tall" role="presentation" node_ref=list.tall>
                        <div class="rows" role="presentation" node_ref=list.rows></div>
                        <span class="letters mono" aria-hidden="true" node_ref=list.letters></span>
                    </div>
                </div>
                <EmptyList />
                <button class="button newer num" hidden=move || list.newer().unwrap_or(0) == 0 on:click=move |_| list.to_top()>
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
