//! The connect screen: the form, what is wrong with it, and what went wrong with the last try.

mod address_field;
mod arrival;
mod form;
mod panels;

pub use address_field::MOSQUITTO_LINES;
pub use arrival::{HostInfo, provide_host_info};
pub use form::{Form, examine};
pub use panels::snag_words;

use address_field::AddressField;
use form::FormFault;
use leptos::prelude::*;
use panels::{JoinFromPhone, LastAttempt, Profiles};

use crate::{
    browser::location,
    link::{Command, Phase},
    profile::terminal,
    ui::{
        doctor::TroubleWords,
        field::{Segments, plain},
        settings::{BudgetField, provide_remembered_budget},
        store::Store,
        typed::topic_fault,
        words::Words,
    },
};

/// The words for what is wrong with a field; the address speaks for itself.
fn fault_words(fault: &FormFault, words: &Words) -> Option<String> {
    let w = &words.broker.field_faults;
    Some(match fault {
        FormFault::Address(_) => return None,
        FormFault::ClientIdNeeded => w.client_id_needed.to_owned(),
        FormFault::UserNameNeeded => w.user_name_needed.to_owned(),
        FormFault::KeepAlive => w.keep_alive.to_owned(),
        FormFault::TooLong => w.too_long.to_owned(),
        FormFault::WillTopic(fault) => {
            format!("{}: {}", words.broker.will_topic, topic_fault(fault, words))
        }
    })
}

/// The connect screen.
#[component]
pub fn ConnectScreen() -> impl IntoView {
    provide_remembered_budget();
    view! {
        <div class="connect">
            <ConnectForm />
            <div class="beside">
                <LastAttempt />
                <Profiles />
                <JoinFromPhone />
            </div>
        </div>
    }
}

/// The form.
#[component]
fn ConnectForm() -> impl IntoView {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let shown = RwSignal::new(false);
    let on = move || {
        let phase = store.connection.with(|connection| connection.phase);
        matches!(phase, Phase::Connecting | Phase::Connected | Phase::Waiting)
    };
    let fault = Memo::new(move |_| form.tried.get().then(|| form.fault()).flatten());
    let fault_text = move || {
        fault
            .get()
            .and_then(|fault| fault_words(&fault, store.words()))
    };
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        form.connect(store);
    };
    view! {
        <form class="panel connect-form" novalidate on:submit=submit aria-labelledby="connect-title">
            <h1 id="connect-title">{store.text(|w| w.broker.heading)}</h1>
            <AddressField />
            <div class="labelled">
                <label for="client-id">{store.text(|w| w.broker.client_id)}</label>
                <div class="line">
                    <input
                        id="client-id"
                        class="field mono grow"
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck="false"
                        aria-describedby="form-error"
                        aria-invalid=move || (fault.get() == Some(FormFault::ClientIdNeeded)).to_string()
                        prop:value=move || form.client_id.get()
                        on:input:target=move |event| form.type_client_id(event.target().value())
                    />
                    <button type="button" class="button" on:click=move |_| form.new_client_id()>
                        {store.text(|w| w.broker.new_id)}
                    </button>
                </div>
            </div>
            <div class="two">
                <div class="labelled">
                    <label for="user-name">{store.text(|w| w.broker.user_name)}</label>
                    <input
                        id="user-name"
                        class="field"
                        autocomplete="username"
                        autocapitalize="off"
                        spellcheck="false"
                        aria-describedby="form-error"
                        aria-invalid=move || (fault.get() == Some(FormFault::UserNameNeeded)).to_string()
                        prop:value=move || form.user_name.get()
                        on:input:target=move |event| form.user_name.set(event.target().value())
                    />
                </div>
                <div class="labelled">
                    <label for="password" id="password-label">{store.text(|w| w.broker.password)}</label>
                    <div class="line">
                        <input
                            id="password"
                            class="field grow"
                            type=move || if shown.get() { "text" } else { "password" }
                            autocomplete="current-password"
                            autocapitalize="off"
                            spellcheck="false"
                            prop:value=move || form.password.get()
                            on:input:target=move |event| form.password.set(event.target().value())
                        />
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
                    </div>
                </div>
            </div>
            <Details />
            <p id="form-error" class="error" role="alert" hidden=move || fault_text().is_none()>{fault_text}</p>
            <div class="buttons">
                <button class="button primary">{store.text(|w| w.connect)}</button>
                <button
                    type="button"
                    class="button phone-only"
                    hidden=move || !on()
                    on:click=move |_| store.say(Command::Disconnect)
                >
                    {store.text(|w| w.disconnect)}
                </button>
                <SaveProfile />
            </div>
            <TroubleWords />
            <Terminal />
        </form>
    }
}

/// What is seldom needed.
#[component]
fn Details() -> impl IntoView {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    view! {
        <details class="more">
            <summary>{store.text(|w| w.broker.session)}</summary>
            <div class="two">
                <div class="labelled">
                    <label for="keep-alive">{store.text(|w| w.broker.keep_alive)}</label>
                    <input
                        id="keep-alive"
                        class="field num"
                        inputmode="numeric"
                        autocomplete="off"
                        aria-describedby="keep-alive-hint form-error"
                        prop:value=move || form.keep_alive.get()
                        on:input:target=move |event| form.keep_alive.set(event.target().value())
                    />
                    <p id="keep-alive-hint" class="hint">{store.text(|w| w.broker.keep_alive_hint)}</p>
                </div>
                <div class="labelled">
                    <label class="check">
                        <input
                            type="checkbox"
                            aria-describedby="clean-session-hint"
                            prop:checked=move || form.clean_session.get()
                            on:change:target=move |event| form.clean_session.set(event.target().checked())
                        />
                        {store.text(|w| w.broker.clean_session)}
                    </label>
                    <p id="clean-session-hint" class="hint">{store.text(|w| w.broker.clean_session_hint)}</p>
                </div>
            </div>
            <fieldset class="will">
                <legend>{store.text(|w| w.broker.will)}</legend>
                <p class="hint">{store.text(|w| w.broker.will_hint)}</p>
                <div class="labelled">
                    <label for="will-topic">{store.text(|w| w.broker.will_topic)}</label>
                    <input
                        id="will-topic"
                        class="field mono"
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck="false"
                        aria-describedby="form-error"
                        prop:value=move || form.will_topic.get()
                        on:input:target=move |event| form.will_topic.set(event.target().value())
                    />
                </div>
                <div class="labelled">
                    <label for="will-payload">{store.text(|w| w.broker.will_payload)}</label>
                    <textarea
                        id="will-payload"
                        class="field mono"
                        rows="2"
                        autocomplete="off"
                        spellcheck="false"
                        prop:value=move || form.will_payload.get()
                        on:input:target=move |event| form.will_payload.set(event.target().value())
                    ></textarea>
                </div>
                <div class="buttons">
                    <Segments
                        label=Signal::derive(move || store.words().broker.will_qos.to_owned())
                        group="will-qos"
                        choices=vec![(0, plain("0")), (1, plain("1")), (2, plain("2"))]
                        value=form.will_qos
                        choose=move |qos| form.will_qos.set(qos)
                    />
                    <label class="check">
                        <input
                            type="checkbox"
                            prop:checked=move || form.will_retain.get()
                            on:change:target=move |event| form.will_retain.set(event.target().checked())
                        />
                        {store.text(|w| w.broker.will_retain)}
                    </label>
                </div>
            </fieldset>
            <BudgetField id="connect-budget" />
        </details>
    }
}

/// The button that asks for a name and saves.
#[component]
fn SaveProfile() -> impl IntoView {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let naming = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let begin = move |_| {
        match untrack(|| form.examined()) {
            Ok(address) => {
                name.set(address.authority());
                naming.set(true);
            }
            // The fault shows where it is.
            Err(_) => {
                form.tried.set(true);
                form.finished.set(true);
            }
        }
    };
    let save = move || {
        let typed = name.get_untracked();
        let typed = typed.trim();
        if typed.is_empty() {
            return;
        }
        let saved = form.save(typed);
        if !saved {
            form.tried.set(true);
        }
        let words = store.language.get_untracked().words();
        store.toast(if saved {
            (words.broker.saved)(typed)
        } else {
            words.broker.not_saved.to_owned()
        });
        naming.set(false);
    };
    view! {
        <button type="button" class="button" hidden=move || naming.get() on:click=begin>
            {store.text(|w| w.broker.save_profile)}
        </button>
        <div class="line naming" hidden=move || !naming.get()>
            <input
                class="field grow"
                aria-label=store.text(|w| w.broker.profile_name)
                autocomplete="off"
                prop:value=move || name.get()
                on:input:target=move |event| name.set(event.target().value())
                on:keydown=move |event| match event.key().as_str() {
                    // Enter would send the form, which connects.
                    "Enter" => {
                        event.prevent_default();
                        save();
                    }
                    "Escape" => naming.set(false),
                    _ => {}
                }
            />
            <button type="button" class="button" on:click=move |_| save()>{store.text(|w| w.broker.save)}</button>
        </div>
    }
}

/// How Mosquitto's clients reach the same broker. `None` where they cannot, as far as is known.
pub fn terminal_options(form: Form, info: RwSignal<Option<HostInfo>>) -> Option<String> {
    let address = form.examined().ok()?;
    let own = location::host().eq_ignore_ascii_case(&address.authority());
    let tcp = info.with(|info| info.as_ref().and_then(|info| info.tcp));
    if own && info.with(Option::is_some) && tcp.is_none() {
        // The host's broker takes no plain MQTT now: the command would not work.
        return None;
    }
    let user_name = form.user_name.get();
    let user_name = (!user_name.is_empty()).then_some(user_name.as_str());
    Some(terminal::broker_options(
        &address.host,
        tcp.filter(|_| own),
        user_name,
    ))
}

/// The same in a terminal.
#[component]
fn Terminal() -> impl IntoView {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let info = expect_context::<RwSignal<Option<HostInfo>>>();
    let command = move || {
        let options = terminal_options(form, info)?;
        let filters: Vec<_> = store
            .subscriptions
            .with(|all| all.iter().take(4).map(|one| one.filter.clone()).collect());
        Some(terminal::mosquitto_sub(&options, &filters))
    };
    view! {
        <p class="terminal" hidden=move || command().is_none()>
            <span class="hint">{store.text(|w| w.broker.terminal)}</span>
            <code class="mono quiet wrap">{command}</code>
        </p>
    }
}
