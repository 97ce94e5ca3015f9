//! Inside the broker: clients, subscriptions, retained messages, and what happened to a message. Below the columns of the
//! workbench, so that the list and the inspector stay in sight; on a phone it covers them. Loaded when it is opened.
//!
//! Where the report comes from is `source`'s to know. The parts show it: `clients`, `filters`, `retained`, `course`.

mod clients;
mod course;
mod filters;
mod look;
mod retained;
mod said;
mod source;

use leptos::prelude::*;
use look::Look;
use source::{NoReport, Source};
use web_sys::HtmlElement;

use crate::{
    desk::format,
    link::Phase,
    ui::{
        controls::rest::{later, on_demand},
        panes::inside::{
            clients::Clients, course::CourseOfMessage, filters::Filters,
            retained::RetainedMessages, said::words,
        },
        piece::{Held, Piece, shown_when, view},
        state::store::{Section, Store},
        words::Words,
    },
};

/// Whether it is open, and the button that opens it. A handle: cheap to copy.
#[derive(Clone, Copy)]
struct Open {
    is_open: RwSignal<bool>,
    button: Held<HtmlElement>,
}

impl Open {
    fn close(self) {
        self.is_open.set(false);
        // Whoever closed it by the keyboard goes on where it was opened.
        if let Some(button) = self.button.get_untracked() {
            let _ = button.focus();
        }
    }
}

/// For the button and the pane. To be called above both.
pub fn provide_inside() {
    provide_context(Open {
        is_open: RwSignal::new(false),
        button: Held::new_local(None),
    });
}

/// The button, where the broker shows its inside.
#[component(transparent)]
pub fn InsideButton() -> Piece {
    let store = expect_context::<Store>();
    let Open { is_open, button } = expect_context::<Open>();
    let source = Source::memo();
    let is_connected = Memo::new(move |_| {
        store
            .told
            .connection
            .with(|connection| connection.phase == Phase::Connected)
    });
    let hidden = move || source.get().is_none() || !(is_connected.get() || is_open.get());
    view! {
        <div class="inside-way" hidden=hidden>
            <button
                type="button"
                class="button"
                node_ref=button
                data-command=""
                aria-expanded=move || is_open.get().to_string()
                on:click=move |_| is_open.update(|open| *open = !*open)
            >
                {store.text(|w| w.rest().inside_broker)}
            </button>
            <a
                class="button"
                href="#url=tab%3A&go=1"
                target="_blank"
                rel="noopener"
                hidden=move || source.get() != Some(Source::Tab)
            >
                {store.text(|w| w.rest().second_client)}
            </a>
        </div>
    }
}

/// The pane, while it is open.
#[component(transparent)]
pub fn InsidePane() -> Piece {
    let store = expect_context::<Store>();
    let open = expect_context::<Open>();
    let source = Source::memo();
    // Elsewhere nobody sees it, and the broker need not be asked.
    let is_seen = move || {
        open.is_open.get()
            && source.get().is_some()
            && store.chrome.section.get() != Section::Broker
    };
    let close_by_key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            // It closes this one, and not what is beside it too.
            event.stop_propagation();
            open.close();
        }
    };
    shown_when(is_seen, move || {
        view! {
            <section
                class="inside"
                role="region"
                aria-label=store.text(|w| w.rest().inside_broker)
                on:keydown=close_by_key
            >
                <div class="head">
                    <h2>{store.text(|w| w.rest().inside_broker)}</h2>
                    <span class="grow"></span>
                    <button type="button" class="button" data-escape="" on:click=move |_| open.close()>{store.text(|w| w.close)}</button>
                </div>
                {on_demand(inside_of)}
            </section>
        }
    })
}

later! {
    /// What is in it.
    fn inside_of() in inside { InsideOf }
}

#[component(transparent)]
fn InsideOf() -> Piece {
    let store = expect_context::<Store>();
    let look = Look::begin();
    provide_context(look);
    let totals = move || {
        look.with(|report, _| {
            let clients = report.clients.shown.len() as u64 + report.clients.left_out;
            let retained = report.retained.shown.len() as u64 + report.retained.left_out;
            let [connected, clients, subscriptions, retained, waiting] = [
                report.connected,
                clients,
                report.subscriptions,
                retained,
                report.waiting.count,
            ]
            .map(format::whole);
            (words(store).totals)(&connected, &clients, &subscriptions, &retained, &waiting)
        })
    };
    let trouble = move || match look.trouble.get()? {
        NoReport::Silence | NoReport::Later => Some(words(store).no_answer.to_owned()),
        NoReport::Refused(why) => Some((words(store).refused)(&why)),
    };
    view! {
        <p class="error remark" role="alert" hidden=move || trouble().is_none()>{trouble}</p>
        <div class="scroll insides" tabindex="0" data-pane="inside" role="group" aria-label=store.text(|w: &Words| w.rest().inside_broker)>
            <p class="totals quiet num">{totals}</p>
            <Clients />
            <CourseOfMessage />
            <Filters />
            <RetainedMessages />
        </div>
    }
}
