//! The connect screen: the form, what is wrong with it, and what went wrong with the last try.

mod address_field;
mod details;
mod faults;
mod five_panel;
mod goes_on;
mod panels;
mod save_profile;
mod secrets;
mod session_panel;
mod terminal_line;
mod trouble;

use address_field::Addresses;
use details::ConnectionDetails;
use faults::{Faults, Field};
use five_panel::{VersionField, five_fields};
use goes_on::goes_on;
use leptos::{ev::Targeted, prelude::*};
use panels::{LastAttempt, Profiles};
use save_profile::save_profile;
use secrets::address_secrets;
use session_panel::session_fields;
use terminal_line::terminal;
use trouble::trouble;
use web_sys::HtmlDetailsElement;

use crate::{
    link::{Command, Phase},
    ui::{
        controls::{
            field::{Holds, TextField, said},
            rest::{Part, Rest, on_demand, part_around},
        },
        piece::{Piece, shown_when, view},
        state::{form::Form, store::Store},
        words::Words,
    },
};

/// The connect screen.
#[component(transparent)]
pub fn ConnectScreen(
    /// What stands beside the form.
    beside: Part,
) -> Piece {
    expect_context::<Rest>().begin_when_painted(expect_context::<Store>());
    view! {
        <div class="connect">
            <ConnectForm />
            <div class="beside">{part_around(beside)}</div>
        </div>
    }
}

/// What stands beside the form.
#[component(transparent)]
pub fn Beside() -> Piece {
    view! {
        <ConnectionDetails />
        <Profiles />
        <LastAttempt />
    }
}

/// The form.
#[component(transparent)]
fn ConnectForm() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let faults = Faults::new(form);
    provide_context(faults);
    let on = move || {
        let phase = store.told.connection.with(|connection| connection.phase);
        matches!(phase, Phase::Connecting | Phase::Connected | Phase::Waiting)
    };
    let connected = move || {
        store
            .told
            .connection
            .with(|connection| connection.phase == Phase::Connected)
    };
    let fault = Memo::new(move |_| faults.first(form, store.words()));
    let busy = move || form.is_eager() || store.waits_for_engine();
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        form.submit(store);
    };
    view! {
        <form class="panel connect-form" novalidate on:submit=submit aria-labelledby="connect-title">
            <h1 id="connect-title">{store.text(|w| w.broker.heading)}</h1>
            <Addresses />
            {part_around(address_secrets)}
            <div class="two">
                <VersionField />
                <TextField
                    id="client-id"
                    label=said(store, |w| w.broker.client_id)
                    value=form.client_id
                    holds=Holds::Code
                    fault=faults.at(Field::ClientId)
                    typed=move |id| form.type_client_id(id)
                >
                    <button type="button" class="button" on:click=move |_| form.new_client_id()>
                        {store.text(|w| w.broker.new_id)}
                    </button>
                </TextField>
            </div>
            <Credentials />
            <Folded title=|w| w.broker.session hint=|w| w.broker.session_about inside=session_fields />
            <Folded title=|w| w.broker.beyond.five hint=|w| w.broker.five_about inside=five_fields hidden=Signal::derive(move || !form.speaks_five()) />
            <p id="form-error" class="error" role="alert" hidden=move || fault.with(Option::is_none)>
                {move || fault.get()}
            </p>
            {part_around(goes_on)}
            <div class="buttons">
                <button class="button primary" data-command="" aria-busy=move || busy().to_string()>
                    {move || {
                        let w = store.words();
                        if busy() {
                            w.connecting
                        } else if connected() {
                            w.reconnect
                        } else {
                            w.connect
                        }
                    }}
                </button>
                <button
                    type="button"
                    class="button phone-only"
                    hidden=move || !on()
                    on:click=move |_| store.say(Command::Disconnect)
                >
                    {store.text(|w| w.disconnect)}
                </button>
                <button type="button" class="button" data-command="" on:click=move |_| form.practise(store)>
                    {store.text(|w| w.broker.practise)}
                </button>
                {part_around(save_profile)}
            </div>
            <p class="hint" role="status" hidden=move || !store.waits_for_engine()>
                {store.text(|w| w.broker.engine_coming)}
            </p>
            {part_around(trouble)}
            {part_around(terminal)}
        </form>
    }
}

/// A panel that is loaded when it is first opened, and stays.
#[component(transparent)]
fn Folded(
    /// What it is called.
    title: fn(&Words) -> &'static str,
    /// What that is, for those to whom its name says nothing.
    hint: fn(&Words) -> &'static str,
    /// What is in it.
    inside: Part,
    /// It is of no use at the moment.
    #[prop(optional)]
    hidden: Signal<bool>,
) -> Piece {
    let store = expect_context::<Store>();
    let opened = RwSignal::new(false);
    let open = move |event: Targeted<web_sys::Event, HtmlDetailsElement>| {
        if event.target().open() {
            opened.set(true);
        }
    };
    view! {
        <details class="more" hidden=move || hidden.get() on:toggle:target=open>
            <summary><span>{store.text(title)}</span><span class="hint">{store.text(hint)}</span></summary>
            {shown_when(move || opened.get(), move || on_demand(inside))}
        </details>
    }
}

/// User name and password.
#[component(transparent)]
fn Credentials() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let faults = expect_context::<Faults>();
    let shown = RwSignal::new(false);
    view! {
        <div class="two">
            <TextField
                id="user-name"
                label=said(store, |w| w.broker.user_name)
                value=form.user_name
                fault=faults.at(Field::UserName)
                autocomplete="username"
            />
            <TextField
                id="password"
                label=said(store, |w| w.broker.password)
                value=form.password
                fault=faults.at(Field::Password)
                autocomplete="current-password"
                kind=Signal::derive(move || if shown.get() { "text" } else { "password" })
            >
                <button
                    type="button"
                    class="button"
                    aria-describedby="password-label"
                    aria-controls="password"
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    {move || {
                        let w = &store.words().broker;
                        if shown.get() { w.hide } else { w.show }
                    }}
                </button>
            </TextField>
        </div>
    }
}
