//! Session, will and limits: what is seldom needed, and what outlives the page.

use crate::ui::controls::rest::later;
use leptos::prelude::*;

use crate::{
    profile::expiry::{FOR_EVER, Unit},
    protocol::Version,
    ui::{
        controls::{
            budget_field::BudgetField,
            field::{CheckField, Holds, Segments, TextField, plain, said},
            name::HiddenHint,
            user_properties::UserProperties,
        },
        panes::connection::faults::{Faults, Field},
        piece::{Piece, Pieces, view},
        state::{form::Form, store::Store},
        words::{Words, sentences::time_words},
    },
};

/// What becomes of the session when the page goes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fate {
    words: String,
    /// The session is kept, but nobody will know the client identifier.
    lost_id: bool,
}

/// Tracks the fields that decide.
fn fate(form: Form, words: &Words) -> Fate {
    let w = &words.broker.beyond;
    let expiry = form
        .five
        .typed()
        .session_expiry()
        .ok()
        .flatten()
        .unwrap_or(0);
    let kept_in_five = match expiry {
        0 => None,
        FOR_EVER => Some(w.outlives.to_owned()),
        seconds => Some((w.outlives_for)(&time_words(seconds, words))),
    };
    let kept_before = (!form.clean_session.get()).then(|| w.outlives.to_owned());
    let (words, kept) = match form.version.get().or(form.found.get()) {
        Some(Version::V31 | Version::V311) => match kept_before {
            Some(words) => (words, true),
            None => (w.ends.to_owned(), false),
        },
        Some(Version::V5) => match kept_in_five {
            Some(words) => (words, true),
            None if kept_before.is_some() => (w.ends_in_five.to_owned(), false),
            None => (w.ends.to_owned(), false),
        },
        None => match (kept_in_five, kept_before) {
            (Some(words), _) => (words, true),
            (None, Some(_)) => (w.ends_in_five.to_owned(), true),
            (None, None) => (w.ends.to_owned(), false),
        },
    };
    Fate {
        words,
        lost_id: kept && form.made_up.get(),
    }
}

/// What becomes of the session, and a way to keep the client identifier for it.
#[component(transparent)]
fn SessionFate() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let fate = Memo::new(move |_| fate(form, store.words()));
    view! {
        <p class="hint" id="session-hint">{move || fate.with(|fate| fate.words.clone())}</p>
        <p class="hint" hidden=move || !fate.with(|fate| fate.lost_id)>
            {store.text(|w| w.broker.beyond.outlives_not_this_id)}" "
            <button type="button" class="link" on:click=move |_| form.made_up.set(false)>
                {store.text(|w| w.broker.beyond.keep_this_id)}
            </button>
        </p>
    }
}

later! {
    /// Inside of the form's panel for session and will.
    pub fn session_fields() in options { SessionFields }
}

/// The inside of the panel.
#[component(transparent)]
fn SessionFields() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let faults = expect_context::<Faults>();
    let five = move || form.speaks_five();
    let clean_hint = Signal::derive(move || {
        let w = &store.words().broker;
        if five() {
            w.beyond.clean_start_hint
        } else {
            w.clean_session_hint
        }
        .to_owned()
    });
    view! {
        <div class="two">
            <TextField
                id="keep-alive"
                label=said(store, |w| w.broker.keep_alive)
                value=form.keep_alive
                holds=Holds::Number
                hint=|w| w.broker.keep_alive_hint
                fault=faults.at(Field::KeepAlive)
            />
            <CheckField
                id="clean-session"
                label=|w| w.broker.clean_session
                value=form.clean_session
                hint=clean_hint
            />
        </div>
        <div class="two" hidden=move || !five()>
            <Expiry />
        </div>
        <SessionFate />
        <Will />
        <CheckField
            id="old-subprotocol"
            label=|w| w.broker.beyond.old_subprotocol
            value=form.old_subprotocol
            hint=said(store, |w| w.broker.beyond.old_subprotocol_hint)
        />
        <BudgetField id="connect-budget" />
    }
}

/// Session expiry: a number and its unit.
#[component(transparent)]
fn Expiry() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let faults = expect_context::<Faults>();
    let unit = form.five.expiry_unit;
    view! {
        <TextField
            id="session-expiry"
            label=said(store, |w| w.broker.beyond.expiry)
            value=form.five.expiry
            holds=Holds::Number
            fault=faults.at(Field::Expiry)
        >
            <select
                class="field grow"
                aria-label=store.text(|w| w.broker.beyond.expiry_unit)
                on:change:target=move |event| {
                    if let Some(chosen) = Unit::of(&event.target().value()) {
                        unit.set(chosen);
                    }
                }
            >
                {Unit::ALL.into_iter().enumerate().map(|(place, each)| view! {
                    <option value=each.key() prop:selected=move || unit.get() == each>
                        {move || store.words().broker.beyond.units.get(place).copied().unwrap_or_default()}
                    </option>
                }).pieces()}
            </select>
        </TextField>
    }
}

/// The will.
#[component(transparent)]
fn Will() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let faults = expect_context::<Faults>();
    let will = form.will;
    view! {
        <fieldset class="will">
            <legend>{store.text(|w| w.broker.will)}</legend>
            <p class="hint">{store.text(|w| w.broker.will_hint)}</p>
            <TextField
                id="will-topic"
                label=said(store, |w| w.broker.will_topic)
                value=will.topic
                holds=Holds::Code
                fault=faults.at(Field::WillTopic)
            />
            <HiddenHint id="will-topic-unseen" text=will.topic />
            <TextField
                id="will-payload"
                label=said(store, |w| w.broker.will_payload)
                value=will.payload
                holds=Holds::Lines
                fault=faults.at(Field::WillPayload)
            />
            <div class="buttons">
                <Segments
                    label=said(store, |w| w.broker.will_qos)
                    group="will-qos"
                    choices=vec![(0, plain("0")), (1, plain("1")), (2, plain("2"))]
                    value=will.qos
                    choose=move |qos| will.qos.set(qos)
                />
                <CheckField id="will-retain" label=|w| w.broker.will_retain value=will.retain />
            </div>
            <details class="more" hidden=move || !form.speaks_five()>
                <summary>{store.text(|w| w.broker.beyond.will_five)}</summary>
                <div class="two">
                    <TextField
                        id="will-delay"
                        label=said(store, |w| w.broker.beyond.will_delay)
                        value=will.delay
                        holds=Holds::Number
                        hint=|w| w.broker.beyond.will_delay_hint
                        fault=faults.at(Field::WillDelay)
                    />
                    <TextField
                        id="will-expiry"
                        label=said(store, |w| w.broker.beyond.will_expiry)
                        value=will.expiry
                        holds=Holds::Number
                        fault=faults.at(Field::WillExpiry)
                    />
                    <TextField
                        id="will-content-type"
                        label=said(store, |w| w.broker.beyond.will_content_type)
                        value=will.content_type
                        fault=faults.at(Field::WillContentType)
                    />
                    <CheckField id="will-is-text" label=|w| w.broker.beyond.will_is_text value=will.is_text />
                    <TextField
                        id="will-response-topic"
                        label=said(store, |w| w.broker.beyond.will_response_topic)
                        value=will.response_topic
                        holds=Holds::Code
                        fault=faults.at(Field::WillResponseTopic)
                    />
                    <HiddenHint id="will-response-topic-unseen" text=will.response_topic />
                    <TextField
                        id="will-correlation"
                        label=said(store, |w| w.broker.beyond.will_correlation)
                        value=will.correlation
                        holds=Holds::Code
                        fault=faults.at(Field::WillCorrelation)
                    />
                </div>
                <UserProperties
                    heading=|w| w.broker.beyond.will_user_properties
                    properties=will.user_properties
                    fault=faults.at(Field::WillUserProperties)
                />
            </details>
        </fieldset>
    }
}
