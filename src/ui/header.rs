//! The header: name, connection, counters, sharing and settings.

use leptos::prelude::*;

use crate::{
    desk::format,
    link::{Command, Connection, Phase, Reached, TAB},
    ui::{
        controls::{
            going::{Spot, go},
            rest::{later, part, part_around},
        },
        panes::{notes::counters::meter, settings::SettingsDialog, sharing::ShareDialog},
        piece::{Piece, view},
        state::{
            dialogs::Dialogs,
            form::Form,
            store::{Learning, Section, Store},
        },
        toasts::toasts,
        words::Words,
    },
};

/// The name of a phase in tests and style sheets.
pub fn phase_name(phase: Phase) -> &'static str {
    match phase {
        Phase::Disconnected => "disconnected",
        Phase::Connecting => "connecting",
        Phase::Connected => "connected",
        Phase::Waiting => "waiting",
        Phase::Failed => "failed",
    }
}

/// The state of the connection, in words.
pub fn phase_words(connection: &Connection, words: &Words) -> &'static str {
    match connection.phase {
        Phase::Disconnected => words.disconnected,
        Phase::Connecting => words.connecting,
        Phase::Connected => words.connected,
        Phase::Waiting => words.waiting,
        // It stood before it failed.
        Phase::Failed if connection.reached == Reached::Accepted || connection.lost.is_some() => {
            words.ended
        }
        Phase::Failed => words.failed,
    }
}

/// The header.
#[component(transparent)]
pub fn Header() -> Piece {
    let store = expect_context::<Store>();
    let dialogs = expect_context::<Dialogs>();
    let phase = Memo::new(move |_| store.told.connection.with(|connection| connection.phase));
    let on = move || {
        matches!(
            phase.get(),
            Phase::Connecting | Phase::Connected | Phase::Waiting
        )
    };
    let address = move || {
        store.told.connection.with(|connection| {
            let is_begun = connection.phase != Phase::Disconnected;
            is_begun.then(|| store.words().broker_at(&connection.address))
        })
    };
    let broker = move || {
        store.told.connection.with(|connection| {
            let is_tab = connection.phase == Phase::Connected && connection.address == TAB;
            is_tab.then_some("tab")
        })
    };
    let version = move || {
        store
            .told
            .connection
            .with(|connection| connection.version.name())
    };
    let round_trip = move || {
        let millis = store
            .told
            .connection
            .with(|connection| connection.round_trip)?;
        (phase.get() == Phase::Connected).then(|| format::span(millis))
    };
    let has_messages = move || {
        store
            .told
            .counters
            .with(|counters| counters.received + counters.sent > 0)
    };
    view! {
        <header class="top">
            {part_around(skip)}
            <span class="brand">
                <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
                    <circle cx="9" cy="9" r="8" fill="none" stroke="currentColor" stroke-width="2" />
                    <circle cx="9" cy="9" r="3" fill="currentColor" />
                </svg>
                <b>"Midge"</b>
            </span>
            <button
                class="chip"
                id="connection"
                data-pane="header"
                data-state=move || phase_name(phase.get())
                data-broker=broker
                title=store.text(|w| w.show_broker)
                on:click=move |_| store.chrome.section.set(Section::Broker)
            >
                <span class="dot"></span>
                // Told aloud by `telling`, in one line with all else.
                <span role="status" aria-live="off">{move || store.told.connection.with(|connection| phase_words(connection, store.words()))}</span>
                <span class="address mono long">{address}</span>
                <span class="tag long" hidden=move || phase.get() != Phase::Connected>{version}</span>
                <span class="num quiet trip">{round_trip}</span>
            </button>
            {part_around(connect_again)}
            <button class="button long" data-command="" hidden=move || !on() on:click=move |_| store.say(Command::Disconnect)>
                {store.text(|w| w.disconnect)}
            </button>
            <button
                class="button ghost long"
                hidden=move || store.chrome.section.get() != Section::Broker || !(has_messages() || phase.get() == Phase::Connected)
                on:click=move |_| store.chrome.section.set(Section::Messages)
            >
                {store.text(|w| w.back_to_messages)}
            </button>
            <span class="grow"></span>
            {part(toasts)}
            {part(meter)}
            <button
                class="button learn"
                data-command=""
                aria-expanded=move || (store.chrome.learning.get() != Learning::Nothing).to_string()
                on:click=move |_| store.chrome.learning.update(|learning| {
                    *learning = if *learning == Learning::Nothing { Learning::List } else { Learning::Nothing };
                })
            >
                {store.text(|w| w.learn)}
            </button>
            <button class="button" data-command="" on:click=move |_| dialogs.open(dialogs.sharing)>{store.text(|w| w.share)}</button>
            <button
                class="button ghost icon"
                data-command=""
                aria-label=store.text(|w| w.settings)
                title=store.text(|w| w.settings)
                on:click=move |_| dialogs.open(dialogs.settings)
            >
                <svg width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true">
                    <path d="M4 7h9M19 7h1M4 17h1M11 17h9" />
                    <circle cx="16" cy="7" r="3" />
                    <circle cx="8" cy="17" r="3" />
                </svg>
            </button>
        </header>
        {part_around(header_dialogs)}
    }
}

later! {
    /// The dialogs that the header opens.
    pub fn header_dialogs() in around { Dialogs }
}

/// The dialogs that the header opens.
#[component(transparent)]
fn Dialogs() -> Piece {
    let dialogs = expect_context::<Dialogs>();
    view! {
        <ShareDialog open=dialogs.sharing />
        <SettingsDialog open=dialogs.settings />
    }
}

later! {
    /// The way back to a connection, over the messages.
    fn connect_again() in around { ConnectAgain }
}

/// Connects anew where one is: the form need not be looked for.
#[component(transparent)]
fn ConnectAgain() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let off = move || {
        let phase = store.told.connection.with(|connection| connection.phase);
        matches!(phase, Phase::Disconnected | Phase::Failed)
            && store.chrome.section.get() != Section::Broker
    };
    let connect = move |_| {
        // What is in the way is said there.
        if !form.sound() {
            store.chrome.section.set(Section::Broker);
        }
        form.submit(store);
    };
    view! {
        <button class="button primary" data-command="" hidden=move || !off() on:click=connect>
            {store.text(|w| w.connect)}
        </button>
    }
}

later! {
    /// The way past the header.
    fn skip() in around { Skip }
}

/// The way past the header, for those who go by Tab: the first thing on the page, seen while it has the focus.
#[component(transparent)]
fn Skip() -> Piece {
    let store = expect_context::<Store>();
    let past = move |_| {
        let spot = match store.chrome.section.get_untracked() {
            Section::Broker => Spot::Connection,
            Section::Topics => Spot::Topics,
            Section::Publish => Spot::Publisher,
            Section::Messages => Spot::Messages,
        };
        go(store, spot);
    };
    view! {
        <button class="button skip" on:click=past>{store.text(|w| w.rest().told.skip)}</button>
    }
}
