//! The connect screen: the form, what is wrong with it, and what went wrong with the last try.

mod address_field;
mod details;
mod faults;
mod five_panel;
mod panels;
mod save_profile;
mod secrets;
mod session_panel;
mod terminal_line;
mod trouble;

pub use five_panel::FiveFields;
pub use save_profile::SaveProfile;
pub use secrets::AddressSecrets;
pub use session_panel::SessionFields;
pub use terminal_line::TerminalLine;
pub use trouble::TroubleWords;

use address_field::Addresses;
use details::ConnectionDetails;
use faults::{Faults, Field};
use five_panel::VersionField;
use leptos::prelude::*;
use panels::{LastAttempt, Profiles};

use crate::{
    link::{Command, Phase},
    ui::{
        controls::{
            field::{Holds, TextField, said},
            rest::{Rest, part},
        },
        piece::{Piece, view},
        state::{form::Form, store::Store},
    },
};

/// The connect screen.
#[component(transparent)]
pub fn ConnectScreen() -> Piece {
    expect_context::<Rest>().begin_when_painted(expect_context::<Store>());
    view! {
        <div class="connect">
            <ConnectForm />
            <div class="beside">{part(|parts| parts.beside)}</div>
        </div>
    }
}

/// What stands beside the form.
#[component(transparent)]
pub fn Beside() -> Piece {
    view! {
        <ConnectionDetails />
        <LastAttempt />
        <Profiles />
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
        let phase = store.connection.with(|connection| connection.phase);
        matches!(phase, Phase::Connecting | Phase::Connected | Phase::Waiting)
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
            {part(|parts| parts.secrets)}
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
            <details class="more">
                <summary>{store.text(|w| w.broker.session)}</summary>
                {part(|parts| parts.session)}
            </details>
            <details class="more" hidden=move || !form.speaks_five()>
                <summary>{store.text(|w| w.broker.beyond.five)}</summary>
                {part(|parts| parts.five)}
            </details>
            <p id="form-error" class="error" role="alert" hidden=move || fault.with(Option::is_none)>
                {move || fault.get()}
            </p>
            <div class="buttons">
                <button class="button primary" aria-busy=move || busy().to_string()>
                    {move || {
                        let w = store.words();
                        if busy() { w.connecting } else { w.connect }
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
                {part(|parts| parts.save_profile)}
            </div>
            <p class="hint" role="status" hidden=move || !store.waits_for_engine()>
                {store.text(|w| w.broker.engine_coming)}
            </p>
            {part(|parts| parts.trouble)}
            {part(|parts| parts.terminal)}
        </form>
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
