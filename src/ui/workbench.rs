//! The workbench: everything to work with once there is a connection, and whatever else the connect screen can wait for.

use leptos::prelude::*;

use crate::{
    desk::doctor,
    link::Phase,
    ui::{
        arrival::Arrival,
        controls::{
            name,
            rest::{Parts, part},
            suspects::Suspects,
        },
        header::Dialogs,
        panes::{
            connection::{
                AddressSecrets, Beside, FiveFields, SaveProfile, SessionFields, TerminalLine,
                TroubleWords,
            },
            inspector::Inspector,
            list::Messages,
            notes::{
                counters::Meter,
                remarks::RemarkLines,
                returned::{ReturnedLine, StorageLine},
            },
            publisher::Publisher,
            queue::{held::HeldMessages, waiting::WaitingQueue},
            sharing::JoinFromPhone,
            subscriptions::Subscriptions,
            tree::Topics,
        },
        piece::{Piece, view},
        state::store::{Section, Store},
        words::sentences::{suspected_words, trouble},
    },
};

/// All that is loaded after the connect screen.
pub static PARTS: Parts = Parts {
    arrival: || Arrival(),
    meter: || Meter(),
    secrets: || AddressSecrets(),
    save_profile: || SaveProfile(),
    work: || Work(),
    topics: || view! { <Subscriptions /><Topics /> },
    messages: || view! { <Lost /><RemarkLines /><ReturnedLine /><StorageLine /><Messages /> },
    publisher: || view! { <Publisher><WaitingQueue /><HeldMessages /></Publisher> },
    inspector: || Inspector(),
    dialogs: || Dialogs(),
    beside: || view! { <Beside /><JoinFromPhone /> },
    trouble: || TroubleWords(),
    terminal: || TerminalLine(),
    session: || SessionFields(),
    five: || FiveFields(),
};

/// Subscriptions, topics, messages, publisher and inspector.
#[component(transparent)]
fn Work() -> Piece {
    view! {
        <div class="work">
            <div class="column topics">{part(|parts| parts.topics)}</div>
            <div class="column middle">
                {part(|parts| parts.messages)}
                {part(|parts| parts.publisher)}
            </div>
            {part(|parts| parts.inspector)}
        </div>
    }
}

/// The strip that explains a lost connection, over the messages that stay readable.
#[component(transparent)]
fn Lost() -> Piece {
    let store = expect_context::<Store>();
    let now = RwSignal::new(crate::browser::date::now());
    // Only the countdown needs a clock, and only while it is on screen.
    let ticking = StoredValue::new_local(None::<gloo_timers::callback::Interval>);
    let waiting = Memo::new(move |_| {
        store
            .connection
            .with(|connection| connection.phase == Phase::Waiting)
    });
    Effect::new(move |_| {
        let interval = waiting.get().then(|| {
            gloo_timers::callback::Interval::new(1_000, move || {
                now.set(crate::browser::date::now())
            })
        });
        ticking.set_value(interval);
    });
    let summary = move || {
        store.connection.with(|connection| {
            connection
                .trouble
                .as_ref()
                .map(|trouble| trouble::summary(trouble, connection.version, store.words()))
        })
    };
    let quoted = move || {
        store
            .connection
            .with(|connection| connection.trouble.as_ref().and_then(doctor::own_words))
    };
    let suspected = move || {
        store.connection.with(|connection| {
            let suspected = connection.suspected.as_ref()?;
            suspected_words(suspected, store.words())
        })
    };
    // The connect screen has the long form under the same name; one of the two is in front.
    let id = move || (store.section.get() != Section::Broker).then_some("trouble");
    let kind = move || {
        store
            .connection
            .with(|connection| connection.trouble.as_ref().map(doctor::kind))
    };
    let next = move || {
        let due = store.connection.with(|connection| connection.next_try)?;
        let seconds = ((due - now.get()) / 1000.0).max(0.0).ceil() as u32;
        Some((store.words().next_try_in)(seconds))
    };
    view! {
        <div class="banner" id=id data-kind=kind role="alert" hidden=move || !waiting.get()>
            <span class="grow">
                {summary}" "
                <span hidden=move || suspected().is_none()>{suspected}" "</span>
                <q class="wrap" hidden=move || quoted().is_none()>{move || quoted().map(|words| name::quoted(&words))}</q>" "
                <span class="quiet num">{next}</span>
            </span>
            <button class="button" on:click=move |_| store.say(crate::link::Command::TryNow)>
                {store.text(|w| w.try_now)}
            </button>
            <button class="button ghost" on:click=move |_| store.section.set(Section::Broker)>
                {store.text(|w| w.change_settings)}
            </button>
            <Suspects />
        </div>
    }
}
