//! The commands: everything that can be done, said in a few letters. What can be done are the buttons of the page that
//! are marked by `data-command`, ways to its parts, saved connections, and topics that were seen.

mod entries;

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, MouseEvent};

use crate::{
    desk::{
        format,
        palette::{self, Kind},
    },
    link::SeenView,
    reading,
    ui::{
        controls::{
            dialog::Dialog,
            name::name,
            rest::{later, on_demand},
        },
        panes::commands::entries::Entry,
        piece::{Held, Piece, Pieces, view},
        state::{dialogs::Dialogs, form::Form, store::Store},
    },
};

/// The dialog.
#[component(transparent)]
pub fn CommandsDialog() -> Piece {
    let open = expect_context::<Dialogs>().commands;
    view! {
        <Dialog open=open title=|w| w.rest().told.commands id="commands">
            {on_demand(commands)}
        </Dialog>
    }
}

later! {
    /// What is in it.
    fn commands() in commands { Commands }
}

/// Topics that are asked for.
const MOST_TOPICS: u16 = 40;

fn option_id(at: usize) -> String {
    format!("command-{at}")
}

#[component(transparent)]
fn Commands() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let dialogs = expect_context::<Dialogs>();
    let typed = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    let field = Held::<HtmlElement>::new_local(None);
    let list = Held::<HtmlElement>::new_local(None);
    // What the page offers does not change while it is covered, but for what the engine tells.
    let offered = StoredValue::new_local(entries::offered(store, form));
    let found = Memo::new(move |_| {
        typed.with(|typed| {
            let mut all = offered.get_value();
            store.told.seen.with(|seen| {
                // The answer to an earlier letter is left out where it does not fit any more.
                all.extend(seen.topics.iter().map(|name| entries::topic(name)));
            });
            let order = palette::in_order(all.iter().map(|one| (one.kind, &*one.name)), typed);
            let mut found: Vec<Entry> = order
                .into_iter()
                .filter_map(|at| all.get(at).cloned())
                .collect();
            found.extend(entries::typed(typed, store));
            found
        })
    });
    Effect::new(move |_| {
        let seen = SeenView {
            text: typed.get(),
            most: MOST_TOPICS,
        };
        store.show(|view| view.seen = Some(seen));
    });
    on_cleanup(move || store.show(|view| view.seen = None));
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
    });
    let run = move |chosen: usize| {
        let act = found.with_untracked(|found| found.get(chosen).map(|one| one.act.clone()));
        if let Some(act) = act {
            dialogs.close();
            // The dialog gives the focus back when it closes; what is done may move it on.
            Timeout::new(0, move || entries::run(act, store, form, dialogs)).forget();
        }
    };
    let pressed = move |event: KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let key = event.key();
        let count = found.with_untracked(Vec::len);
        if key == "Enter" {
            event.prevent_default();
            run(at.get_untracked());
        } else if let Some(next) = palette::moved(&key, at.get_untracked(), count) {
            event.prevent_default();
            at.set(next);
            let option = list
                .get_untracked()
                .and_then(|list| list.query_selector(&format!("#{}", option_id(next))).ok()?);
            if let Some(option) = option {
                // Without a smooth way there, which would be behind the keys.
                option.scroll_into_view_with_bool(next == 0);
            }
        }
    };
    let clicked = move |event: MouseEvent| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let option = target.and_then(|target| target.closest("[data-at]").ok().flatten());
        let chosen = option.and_then(|option| option.get_attribute("data-at")?.parse().ok());
        if let Some(chosen) = chosen {
            run(chosen);
        }
    };
    let active = move || {
        let count = found.with(Vec::len);
        (count > 0).then(|| option_id(at.get().min(count - 1)))
    };
    view! {
        <input
            class="field"
            type="text"
            role="combobox"
            aria-expanded="true"
            aria-autocomplete="list"
            aria-controls="command-list"
            aria-activedescendant=active
            aria-label=store.text(|w| w.commands().field)
            placeholder=store.text(|w| w.commands().placeholder)
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            node_ref=field
            on:input:target=move |event| {
                at.set(0);
                typed.set(event.target().value());
            }
            on:keydown=pressed
        />
        <div
            class="command-list"
            id="command-list"
            role="listbox"
            aria-label=store.text(|w| w.commands().list)
            node_ref=list
            on:click=clicked
        >
            {move || {
                let words = store.words().commands();
                found.get().into_iter().enumerate().map(|(place, one)| {
                    let kind = words.kinds.get(one.kind as usize).copied().unwrap_or_default();
                    view! {
                        <div
                            role="option"
                            class="command"
                            id=option_id(place)
                            data-at=place.to_string()
                            aria-selected=move || (at.get() == place).to_string()
                        >
                            <span class="grow wrap">{name(&one.name, reading::Kind::Topic)}</span>
                            <span class="quiet mono address">{one.beside.clone()}</span>
                            // Most are actions.
                            <span class="tag" hidden=one.kind == Kind::Action>{kind}</span>
                        </div>
                    }
                }).pieces()
            }}
        </div>
        <p class="hint" role="status">
            {move || {
                let words = store.words().commands();
                match found.with(Vec::len) {
                    0 => words.none.to_owned(),
                    count => (words.count)(&format::whole(count as u64)),
                }
            }}
        </p>
    }
}
