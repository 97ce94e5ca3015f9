//! The version, and what only MQTT 5 has to say at CONNECT.

use crate::ui::controls::rest::later;
use leptos::prelude::*;

use crate::{
    profile::names::{version_key, version_of},
    protocol::Version,
    ui::{
        controls::{
            field::{CheckField, Holds, TextField, said},
            user_properties::UserProperties,
        },
        panes::connection::faults::{Faults, Field},
        piece::{Piece, Pieces, view},
        state::{form::Form, store::Store},
    },
};

/// Which version to speak.
#[component(transparent)]
pub fn VersionField() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    // Only what differs from the usual beginning is worth a word.
    let found = move || {
        form.found
            .get()
            .filter(|found| form.version.get().is_none() && *found != Version::V5)
    };
    view! {
        <div class="labelled">
            <label for="version">{store.text(|w| w.broker.beyond.version)}</label>
            <select
                id="version"
                class="field"
                aria-describedby="version-hint"
                on:change:target=move |event| form.version.set(version_of(&event.target().value()))
            >
                <option value="" prop:selected=move || form.version.get().is_none()>
                    {store.text(|w| w.broker.beyond.newest)}
                </option>
                {[Version::V5, Version::V311, Version::V31].map(|version| view! {
                    <option value=version_key(version) prop:selected=move || form.version.get() == Some(version)>
                        {version.name()}
                    </option>
                }).pieces()}
            </select>
            <p id="version-hint" class="hint" hidden=move || found().is_none()>
                {move || found().map(|found| (store.words().broker.beyond.begins_with)(found.name()))}" "
                <button type="button" class="link" on:click=move |_| form.found.set(None)>
                    {store.text(|w| w.broker.beyond.begin_anew)}
                </button>
            </p>
        </div>
    }
}

later! {
    /// Inside of the form's panel for MQTT 5.
    pub fn five_fields() in options { FiveFields }
}

/// The inside of the panel.
#[component(transparent)]
fn FiveFields() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let faults = expect_context::<Faults>();
    let five = form.five;
    view! {
        <p class="hint">{store.text(|w| w.broker.beyond.five_hint)}</p>
        <Authentication />
        <div class="two">
            <TextField
                id="receive-maximum"
                label=said(store, |w| w.broker.beyond.receive_maximum)
                value=five.receive_maximum
                holds=Holds::Number
                hint=|w| w.broker.beyond.receive_maximum_hint
                fault=faults.at(Field::ReceiveMaximum)
            />
            <TextField
                id="maximum-packet-size"
                label=said(store, |w| w.broker.beyond.maximum_packet_size)
                value=five.maximum_packet_size
                holds=Holds::Number
                hint=|w| w.broker.beyond.maximum_packet_size_hint
                fault=faults.at(Field::MaximumPacketSize)
            />
            <TextField
                id="topic-alias-maximum"
                label=said(store, |w| w.broker.beyond.topic_alias_maximum)
                value=five.topic_alias_maximum
                holds=Holds::Number
                hint=|w| w.broker.beyond.topic_alias_maximum_hint
                fault=faults.at(Field::TopicAliasMaximum)
            />
        </div>
        <CheckField id="request-response" label=|w| w.broker.beyond.request_response value=five.request_response />
        <CheckField id="request-problem" label=|w| w.broker.beyond.request_problem value=five.request_problem />
        <UserProperties
            heading=|w| w.broker.beyond.user_properties
            properties=five.user_properties
            fault=faults.at(Field::UserProperties)
        />
    }
}

/// How to prove who one is.
#[component(transparent)]
fn Authentication() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let scram = form.five.scram;
    let fault = expect_context::<Faults>().at(Field::Authentication);
    view! {
        <div class="labelled">
            <label for="authentication">{store.text(|w| w.broker.beyond.authentication)}</label>
            <select
                id="authentication"
                class="field"
                aria-describedby="authentication-hint authentication-error"
                on:change:target=move |event| scram.set(event.target().value() == "scram")
            >
                <option value="password" prop:selected=move || !scram.get()>
                    {store.text(|w| w.broker.beyond.by_password)}
                </option>
                <option value="scram" prop:selected=move || scram.get()>"SCRAM-SHA-256"</option>
            </select>
            <p id="authentication-error" class="fault" aria-live="polite" hidden=move || fault.get().is_none()>
                {move || fault.get()}
            </p>
            <p id="authentication-hint" class="hint" hidden=move || !scram.get()>
                {store.text(|w| w.broker.beyond.scram_hint)}
            </p>
        </div>
    }
}
