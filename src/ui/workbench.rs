//! The workbench: what the user works with once there is a connection. Also what stands beside the connect form.

use leptos::prelude::*;

use crate::{
    desk::doctor,
    link::Phase,
    ui::{
        controls::{
            name,
            rest::{later, on_demand, part, part_around},
            splitter::{Edge, Splitter, Widths},
            suspects::Suspects,
        },
        panes::{
            connection::Beside,
            devices::Devices,
            inside::{InsideButton, InsidePane, provide_inside},
            inspector::inspector,
            list::Messages,
            notes::{
                remarks::RemarkLines,
                returned::{ReturnedLine, StorageLine},
            },
            publisher::Publisher,
            queue::{held::HeldMessages, waiting::WaitingQueue},
            sharing::JoinFromPhone,
            subscriptions::Subscriptions,
            tree::Topics,
        },
        piece::{Held, Piece, view},
        state::{
            keep,
            store::{Section, Store},
        },
        words::sentences::{suspected_words, trouble},
    },
};

later! {
    /// The workbench, whose columns are parts themselves.
    pub fn work() in rest { Work }
}

later! {
    /// What stands beside the connect form.
    pub fn beside() in around { || view! { <Beside /><JoinFromPhone /> } }
}

later! {
    /// Subscriptions and topics.
    fn topics() in rest { || view! { <Subscriptions /><Devices /><Topics /><InsideButton /> } }
}

later! {
    /// The banners over the messages.
    fn said_over_messages() in around {
        || view! { <Lost /><RemarkLines /><ReturnedLine /><StorageLine /> }
    }
}

later! {
    /// Messages.
    fn messages() in rest { Messages }
}

later! {
    /// The publisher, with the messages that wait.
    fn publisher() in publish {
        || view! { <Publisher><WaitingQueue /><HeldMessages /></Publisher> }
    }
}

/// After a reload, the section that was in front before comes to the front once there is a connection.
fn keep_section(store: Store) {
    let chrome = store.chrome;
    let held = keep::held(|bench| Section::at_work(&bench.section));
    chrome.at_work.set(held);
    keep::follow(
        move || {
            let section = chrome.section.get();
            if section != Section::Broker {
                chrome.at_work.set(section);
            }
        },
        move |bench| bench.section = chrome.at_work.get().name().to_owned(),
    );
}

/// Subscriptions, topics, messages, publisher and inspector.
#[component(transparent)]
fn Work() -> Piece {
    let store = expect_context::<Store>();
    provide_inside();
    keep_section(store);
    let widths = Widths::remembered();
    let work = Held::<web_sys::HtmlElement>::new_local(None);
    widths.follow(work);
    view! {
        // A second `main`: one of the two is on the screen.
        <main class="work" aria-labelledby="workbench-title" node_ref=work>
            <h1 id="workbench-title" class="visually-hidden">{store.text(|w| w.rest().told.workbench)}</h1>
            <div class="column topics">{part(topics)}</div>
            <div class="column middle">
                {part_around(said_over_messages)}
                {part(messages)}
                {on_demand(publisher)}
            </div>
            {part(inspector)}
            <Splitter edge=Edge::Left widths=widths name=|w| w.rest().told.left_width />
            <Splitter edge=Edge::Right widths=widths name=|w| w.rest().told.right_width />
        </main>
        <InsidePane />
    }
}

/// The banner that explains a lost connection. The messages below stay readable.
#[component(transparent)]
fn Lost() -> Piece {
    let store = expect_context::<Store>();
    let now = RwSignal::new(crate::browser::date::now());
    // Only the countdown needs a clock, and only while it is on screen.
    let ticking = StoredValue::new_local(None::<gloo_timers::callback::Interval>);
    let waiting = Memo::new(move |_| {
        store
            .told
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
    // What ended the connection is what happened; the tries after it only say that it is not there yet.
    let summary = move || {
        store.told.connection.with(|connection| {
            let words = store.words();
            let said = |trouble| trouble::summary(trouble, connection.version, words);
            match &connection.lost {
                Some(lost) => {
                    let time = store.speech.time_words(lost.at);
                    Some((words.rest().told.lost_at)(&time, &said(&lost.trouble)))
                }
                None => connection.trouble.as_ref().map(said),
            }
        })
    };
    let latest = move || {
        store.told.connection.with(|connection| {
            doctor::told_loss(connection)?;
            let words = store.words();
            let said = trouble::summary(connection.trouble.as_ref()?, connection.version, words);
            Some((words.rest().told.latest_try)(&said))
        })
    };
    let quoted = move || {
        store.told.connection.with(|connection| {
            let lost = connection.lost.as_ref().map(|lost| &lost.trouble);
            lost.or(connection.trouble.as_ref())
                .and_then(doctor::own_words)
        })
    };
    let suspected = move || {
        store.told.connection.with(|connection| {
            let suspected = connection.suspected.as_ref()?;
            suspected_words(suspected, store.words())
        })
    };
    // The connect screen has the long form under the same name; one of the two is in front.
    let id = move || (store.chrome.section.get() != Section::Broker).then_some("trouble");
    let kind = move || {
        store.told.connection.with(|connection| {
            let lost = connection.lost.as_ref().map(|lost| &lost.trouble);
            lost.or(connection.trouble.as_ref()).map(doctor::kind)
        })
    };
    let next = move || {
        let due = store
            .told
            .connection
            .with(|connection| connection.next_try)?;
        let seconds = ((due - now.get()) / 1000.0).max(0.0).ceil() as u32;
        Some((store.words().next_try_in)(seconds))
    };
    view! {
        <div class="banner" id=id data-kind=kind role="alert" hidden=move || !waiting.get()>
            <span class="grow">
                {summary}" "
                <span hidden=move || suspected().is_none()>{suspected}" "</span>
                <q class="wrap" hidden=move || quoted().is_none()>{move || quoted().map(|words| name::quoted(&words))}</q>" "
                <span class="quiet" hidden=move || latest().is_none()>{latest}" "</span>
                <span class="quiet num">{next}</span>
            </span>
            <button class="button" on:click=move |_| store.say(crate::link::Command::TryNow)>
                {store.text(|w| w.try_now)}
            </button>
            <button class="button ghost" on:click=move |_| store.chrome.section.set(Section::Broker)>
                {store.text(|w| w.change_settings)}
            </button>
            <Suspects />
        </div>
    }
}
