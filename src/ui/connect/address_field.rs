//! The address, with what can be told of it before anything is tried.

use leptos::prelude::*;

use super::form::Form;
use crate::{
    profile::address::{AddressFault, Hint},
    ui::{store::Store, words::Words},
};

/// The two lines that a Mosquitto needs for the browser.
pub const MOSQUITTO_LINES: &str = "listener 9001\nprotocol websockets";

/// What to say of an address, and which way out to offer.
#[derive(Clone, Debug, PartialEq)]
struct Remark {
    words: String,
    instead: Option<String>,
    /// User name and password to move to their fields.
    credentials: Option<(String, String)>,
    /// Show Mosquitto's two lines.
    lines: bool,
}

impl Remark {
    fn plain(words: impl Into<String>, instead: Option<String>) -> Self {
        Self {
            words: words.into(),
            instead,
            credentials: None,
            lines: false,
        }
    }
}

fn fault_remark(fault: AddressFault, words: &Words) -> Remark {
    let w = &words.broker.address_words;
    match fault {
        AddressFault::Empty => Remark::plain(w.empty, None),
        AddressFault::NoScheme { instead } => Remark::plain(w.no_scheme, instead),
        AddressFault::OtherScheme { scheme, instead } => {
            Remark::plain((w.other_scheme)(&scheme), instead)
        }
        AddressFault::NoHost => Remark::plain(w.no_host, None),
        AddressFault::BadHost => Remark::plain(w.bad_host, None),
        AddressFault::BadPort => Remark::plain(w.bad_port, None),
        AddressFault::Space { instead } => Remark::plain(w.space, instead),
        AddressFault::Fragment { instead } => Remark::plain(w.fragment, Some(instead)),
        AddressFault::Credentials {
            instead,
            user_name,
            password,
        } => Remark {
            credentials: Some((user_name, password)),
            ..Remark::plain(w.credentials, Some(instead))
        },
        AddressFault::MixedContent { instead } => Remark::plain(w.mixed_content, Some(instead)),
    }
}

/// What is said as an alert: faults, and ports that hardly work.
fn remark(form: Form, words: &Words) -> Option<Remark> {
    let w = &words.broker.address_words;
    match form.examined() {
        Ok(address) => address.hints.into_iter().find_map(|hint| match hint {
            Hint::PlainMqttPort { instead } => Some(Remark {
                lines: true,
                ..Remark::plain(w.plain_port, Some(instead))
            }),
            Hint::TlsMqttPort { instead } => Some(Remark::plain(w.tls_port, Some(instead))),
            _ => None,
        }),
        Err(fault) => {
            let shown = match fault {
                // Nobody has to be told that an empty field is empty.
                AddressFault::Empty => form.tried.get(),
                // More typing does not put these right.
                AddressFault::OtherScheme { .. }
                | AddressFault::Fragment { .. }
                | AddressFault::Credentials { .. } => true,
                _ => form.finished.get(),
            };
            shown.then(|| fault_remark(fault, words))
        }
    }
}

/// What is said in passing.
fn asides(form: Form, words: &Words) -> Vec<&'static str> {
    let w = &words.broker.address_words;
    let hints = form
        .examined()
        .map(|address| address.hints)
        .unwrap_or_default();
    hints
        .iter()
        .filter_map(|hint| match hint {
            Hint::MixedContentOnLan => Some(w.mixed_content_on_lan),
            Hint::PrivateFromPublic => Some(w.private_from_public),
            Hint::LocalName => Some(w.local_name),
            Hint::PlainMqttPort { .. } | Hint::TlsMqttPort { .. } => None,
        })
        .collect()
}

/// The field with its remarks.
#[component]
pub fn AddressField() -> impl IntoView {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let shown = Memo::new(move |_| remark(form, store.words()));
    let way_out = move |remark: Remark| {
        let moves = remark.credentials.is_some();
        let credentials = StoredValue::new(remark.credentials);
        remark.instead.map(|instead| {
            let w = &store.words().broker.address_words;
            let label = if moves {
                w.move_credentials.to_owned()
            } else {
                (w.instead)(&instead)
            };
            let take = move |_| {
                if let Some((user_name, password)) = credentials.get_value() {
                    form.user_name.set(user_name);
                    form.password.set(password);
                }
                form.take_address(instead.clone());
            };
            view! { <button type="button" class="link" on:click=take>{label}</button> }
        })
    };
    view! {
        <div class="labelled">
            <label for="address">{store.text(|w| w.broker.address)}</label>
            <input
                id="address"
                class="field mono"
                type="text"
                inputmode="url"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                enterkeyhint="go"
                placeholder="ws://localhost:9001"
                aria-invalid=move || shown.with(Option::is_some).to_string()
                aria-describedby="address-error address-hint"
                prop:value=move || form.address.get()
                on:input:target=move |event| form.type_address(event.target().value())
                on:blur=move |_| form.finished.set(true)
            />
        </div>
        <div id="address-error" class="error" role="alert" hidden=move || shown.with(Option::is_none)>
            {move || {
                shown.get().map(|remark| {
                    let lines = remark.lines;
                    let said = remark.words.clone();
                    view! {
                        <p>{said}</p>
                        {way_out(remark)}
                        {lines.then(|| view! {
                            <details>
                                <summary>{store.text(|w| w.broker.address_words.two_lines)}</summary>
                                <pre class="lines mono">{MOSQUITTO_LINES}</pre>
                            </details>
                        })}
                    }
                })
            }}
        </div>
        <div id="address-hint" class="hint" hidden=move || asides(form, store.words()).is_empty()>
            {move || asides(form, store.words()).into_iter().map(|said| view! { <p>{said}</p> }).collect_view()}
        </div>
    }
}
