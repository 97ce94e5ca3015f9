//! The frame of the page: which parts there are and which is in front. Every part stays mounted, so that nothing typed
//! is lost when another comes to the front.

use leptos::prelude::*;

use crate::{
    link::{Notice, Phase},
    ui::{
        connect::{ConnectScreen, provide_host_info},
        doctor,
        header::Header,
        inspector::Inspector,
        long_text::{LongText, shortened},
        messages::Messages,
        piece::{Piece, rows, view},
        publisher::Publisher,
        returned::{ReturnedLine, StorageLine},
        settings::apply_remembered_theme,
        store::{Section, Store},
        subscriptions::Subscriptions,
        topics::Topics,
        words::Words,
    },
};

/// The whole page.
#[component(transparent)]
pub fn Page() -> Piece {
    apply_remembered_theme();
    let store = Store::start();
    provide_context(store);
    provide_host_info();
    let inspecting = move || store.chosen.with(Option::is_some).then_some("");
    view! {
        <div class="app" data-section=move || store.section.get().name() data-inspecting=inspecting>
            <Header />
            <main class="broker scroll">
                <ConnectScreen />
            </main>
            <div class="work">
                <div class="column topics">
                    <Subscriptions />
                    <Topics />
                </div>
                <div class="column middle">
                    <Lost />
                    <ReturnedLine />
                    <StorageLine />
                    <Messages />
                    <Publisher />
                </div>
                <Inspector />
            </div>
            <Sections />
            <Toasts />
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
                .map(|trouble| doctor::summary(trouble, connection.version, store.words()))
        })
    };
    let quoted = move || {
        store
            .connection
            .with(|connection| connection.trouble.as_ref().and_then(doctor::own_words))
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
                <q class="wrap" hidden=move || quoted().is_none()><bdi>{quoted}</bdi></q>" "
                <span class="quiet num">{next}</span>
            </span>
            <button class="button" on:click=move |_| store.say(crate::link::Command::TryNow)>
                {store.text(|w| w.try_now)}
            </button>
            <button class="button ghost" on:click=move |_| store.section.set(Section::Broker)>
                {store.text(|w| w.change_settings)}
            </button>
        </div>
    }
}

/// The bottom navigation of the phone.
#[component(transparent)]
fn Sections() -> Piece {
    let store = expect_context::<Store>();
    let button = move |section: Section, name: fn(&Words) -> &'static str| {
        view! {
            <button
                role="tab"
                aria-selected=move || (store.section.get() == section).to_string()
                on:click=move |_| {
                    store.section.set(section);
                    store.inspect(None);
                }
            >
                {store.text(name)}
            </button>
        }
    };
    view! {
        <nav class="sections" aria-label=store.text(|w| w.sections)>
            <div role="tablist">
            {button(Section::Messages, |w| w.messages)}
            {button(Section::Topics, |w| w.topics)}
            {button(Section::Publish, |w| w.publish)}
            {button(Section::Broker, |w| w.broker.section)}
        </div>
        </nav>
    }
}

/// What is said of a notice that belongs to no one part of the page.
fn notice_words(notice: &Notice, words: &Words) -> Option<String> {
    let work = &words.work;
    match notice {
        Notice::Unfinished { sent_anew, unknown } => Some((words.unfinished)(*sent_anew, *unknown)),
        Notice::Restored {
            publications,
            damaged,
        } => {
            let mut parts = Vec::new();
            if *publications > 0 {
                parts.push((work.happened.restored)(*publications));
            }
            if *damaged > 0 {
                parts.push((work.happened.damaged)(*damaged));
            }
            (!parts.is_empty()).then(|| parts.join(" "))
        }
        Notice::UnsubscribeRefused {
            filter,
            code,
            reason,
        } => {
            let w = &work.refusals;
            let mut text = (w.unsubscribe)(&shortened(filter), (w.meaning)(*code), *code);
            if let Some(reason) = reason {
                text.push(' ');
                text.push_str(&(w.says)(reason));
            }
            Some(text)
        }
        Notice::SessionUnknown => Some(work.happened.session_unknown.to_owned()),
        Notice::Reauthenticated => Some(work.happened.reauthenticated.to_owned()),
        _ => None,
    }
}

/// Short messages that go away by themselves.
#[component(transparent)]
fn Toasts() -> Piece {
    let store = expect_context::<Store>();
    Effect::new(move |_| {
        store.notices.with(|notices| {
            for notice in notices {
                if let Some(text) = notice_words(notice, store.language.get_untracked().words()) {
                    store.toast(text);
                }
            }
        });
    });
    view! {
        <div class="toasts" role="status">
            {rows(
                move || store.toasts.get(),
                |(number, _)| number.to_string(),
                move |_, (number, words)| view! {
                    <div class="toast">
                        <span class="grow"><LongText text=Signal::stored(words) /></span>
                        <button class="link" on:click=move |_| store.put_away(number)>{store.text(|w| w.close)}</button>
                    </div>
                },
            )}
        </div>
    }
}
