//! The frame of the page: its parts, and which section is in front. All parts stay mounted, so that nothing typed is lost
//! when another section comes to the front.

use leptos::prelude::*;

use crate::ui::{
    arrival::{arrival, provide_host_info},
    controls::rest::{Rest, RestFailed, next_turn, part, part_around},
    focus_keeper::focus_keeper,
    going_back::going_back,
    header::Header,
    keyboard::keyboard,
    notices::notices,
    panes::{connection::ConnectScreen, lesson::lesson},
    piece::{Piece, view},
    state::{
        announced::Announced,
        dialogs::Dialogs,
        preferences::{apply_remembered_theme, provide_remembered_budget},
        store::{Learning, Section, Store},
    },
    telling::telling,
    words::Words,
    workbench::{beside, work},
};

/// The whole page.
#[component(transparent)]
pub fn Page() -> Piece {
    apply_remembered_theme();
    let rest = Rest::default();
    provide_context(rest);
    let store = Store::start();
    provide_context(store);
    provide_context(Dialogs::default());
    provide_context(Announced::default());
    provide_host_info();
    provide_remembered_budget();
    let learning = move || {
        let learns = store.chrome.learning.with(|it| *it != Learning::Nothing);
        learns.then_some("")
    };
    let inspecting = move || store.chrome.chosen.with(Option::is_some).then_some("");
    view! {
        // Before all others: it may connect.
        {part(arrival)}
        <div class="app" data-section=move || store.chrome.section.get().name() data-inspecting=inspecting data-learning=learning>
            <Header />
            <RestFailed />
            <main class="broker scroll">
                {next_turn(|| view! { <ConnectScreen beside=beside /> })}
            </main>
            {part(work)}
            {part_around(lesson)}
            <Sections />
            {part_around(keyboard)}
            {part_around(telling)}
            {part_around(notices)}
            {part_around(focus_keeper)}
            {part_around(going_back)}
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
                aria-selected=move || (store.chrome.section.get() == section).to_string()
                on:click=move |_| {
                    store.chrome.section.set(section);
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
