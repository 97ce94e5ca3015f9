//! The addresses, with what can be told of them before anything is tried.

use leptos::prelude::*;

use super::{
    form::{Form, examine_fully},
    others::OtherAddress,
};
use crate::{
    desk::mosquitto,
    profile::{
        MAX_ADDRESSES,
        address::{AddressFault, Hint, Reading},
    },
    ui::{
        field::{Cross, said},
        piece::{Inside, Piece, Pieces, rows, view},
        store::Store,
        words::Words,
    },
};

/// What to say of an address, and which ways out to offer.
#[derive(Clone, Debug, PartialEq)]
struct Remark {
    words: String,
    ways: Vec<Reading>,
    /// Show Mosquitto's two lines.
    lines: bool,
}

impl Remark {
    fn plain(words: impl Into<String>, instead: Option<String>) -> Self {
        Self {
            words: words.into(),
            ways: plain_ways(instead),
            lines: false,
        }
    }
}

fn plain_ways(addresses: impl IntoIterator<Item = String>) -> Vec<Reading> {
    let plain = |address| Reading {
        address,
        credentials: None,
    };
    addresses.into_iter().map(plain).collect()
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
        AddressFault::NoBrackets { instead } => Remark {
            ways: plain_ways(instead),
            ..Remark::plain(w.no_brackets, None)
        },
        AddressFault::Credentials { readings } => {
            let said = if readings.len() > 1 {
                w.credentials_or_not
            } else {
                w.credentials
            };
            Remark {
                ways: readings,
                ..Remark::plain(said, None)
            }
        }
        AddressFault::MixedContent { instead } => Remark::plain(w.mixed_content, Some(instead)),
    }
}

/// What is said as an alert: faults, and ports that hardly work. `insist`: say that an empty field is empty.
fn remark(typed: &str, finished: bool, insist: bool, words: &Words) -> Option<Remark> {
    let w = &words.broker.address_words;
    match examine_fully(typed) {
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
                AddressFault::Empty => insist,
                // More typing does not put these right.
                AddressFault::OtherScheme { .. }
                | AddressFault::Fragment { .. }
                | AddressFault::Credentials { .. } => true,
                _ => finished,
            };
            shown.then(|| fault_remark(fault, words))
        }
    }
}

/// What is said in passing.
fn asides(typed: &str, words: &Words) -> Vec<&'static str> {
    let w = &words.broker.address_words;
    let hints = examine_fully(typed)
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

/// An address with its remarks.
#[component(transparent)]
fn AddressInput(
    /// Identifier on the page.
    #[prop(into)]
    id: String,
    /// Its label.
    #[prop(into)]
    label: Signal<String>,
    /// What was typed.
    #[prop(into)]
    text: Signal<String>,
    /// Everything that is wrong is to be said.
    finished: RwSignal<bool>,
    /// An empty field is wrong.
    #[prop(into)]
    insist: Signal<bool>,
    /// The user types.
    #[prop(into)]
    typed: Callback<String>,
    /// The user takes an address that is offered.
    #[prop(into)]
    take: Callback<String>,
    /// Controls beside it.
    #[prop(optional)]
    children: Option<Inside>,
) -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let shown = Memo::new(move |_| {
        text.with(|typed| remark(typed, finished.get(), insist.get(), store.words()))
    });
    let aside = Memo::new(move |_| text.with(|typed| asides(typed, store.words())));
    let ways_out = move |ways: Vec<Reading>| {
        let single = ways.len() == 1;
        let buttons = ways.into_iter().map(move |way| {
            let w = &store.words().broker.address_words;
            let label = match &way.credentials {
                Some(_) if single => w.move_credentials.to_owned(),
                Some(_) => (w.move_credentials_to)(&way.address),
                None => (w.instead)(&way.address),
            };
            let take = move |_| {
                if let Some((user_name, password)) = &way.credentials {
                    form.take_credentials(user_name, password);
                }
                take.run(way.address.clone());
            };
            view! { <button type="button" class="link" on:click=take>{label}</button> }
        });
        buttons.pieces()
    };
    let (error_id, hint_id) = (format!("{id}-error"), format!("{id}-hint"));
    let described = format!("{error_id} {hint_id}");
    view! {
        <div class="labelled">
            <label for=id.clone()>{move || label.get()}</label>
            <div class="line">
                <input
                    id=id
                    class="field mono grow"
                    type="text"
                    inputmode="url"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    enterkeyhint="go"
                    placeholder="ws://localhost:9001"
                    aria-invalid=move || shown.with(Option::is_some).to_string()
                    aria-describedby=described
                    prop:value=move || text.get()
                    on:input:target=move |event| typed.run(event.target().value())
                    on:blur=move |_| finished.set(true)
                />
                {children.map(|children| children())}
            </div>
        </div>
        <div id=error_id class="error remark" role="alert" hidden=move || shown.with(Option::is_none)>
            {move || {
                shown.get().map(|remark| {
                    let lines = remark.lines;
                    view! {
                        <p>{remark.words}</p>
                        {ways_out(remark.ways)}
                        {lines.then(|| view! {
                            <details>
                                <summary>{store.text(|w| w.broker.address_words.two_lines)}</summary>
                                <pre class="lines mono">{mosquitto::LISTENER}</pre>
                            </details>
                        })}
                    }
                })
            }}
        </div>
        <div id=hint_id class="hint" hidden=move || aside.with(Vec::is_empty)>
            {move || aside.get().into_iter().map(|said| view! { <p>{said}</p> }).pieces()}
        </div>
    }
}

/// The address, and the others to try after it.
#[component(transparent)]
pub fn Addresses() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let room = move || form.others.with(Vec::len) + 1 < MAX_ADDRESSES;
    view! {
        <AddressInput
            id="address"
            label=said(store, |w| w.broker.address)
            text=form.address
            finished=form.finished
            insist=form.tried
            typed=move |text| form.type_address(text)
            take=move |text| form.take_address(text)
        />
        {rows(
            move || form.others.get(),
            |other| other.key.to_string(),
            |index, other| view! { <OtherAddressInput index=index other=other /> },
        )}
        <div class="labelled others">
            <button type="button" class="link" hidden=move || !room() on:click=move |_| form.add_other()>
                {store.text(|w| w.broker.beyond.another_address)}
            </button>
            <p class="hint" hidden=move || form.others.with(Vec::is_empty)>
                {store.text(|w| w.broker.beyond.addresses_hint)}
            </p>
        </div>
    }
}

/// A further address, with the ways to move it and to take it away.
#[component(transparent)]
fn OtherAddressInput(
    /// Its place, from 0.
    index: ReadSignal<usize>,
    /// The address.
    other: OtherAddress,
) -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let key = other.key;
    let text = RwSignal::from(other.text);
    let finished = RwSignal::from(other.finished);
    let type_it = move |typed: String| {
        text.set(typed);
        finished.set(false);
        form.tried.set(false);
    };
    let number = move || index.get() + 2;
    view! {
        <AddressInput
            id=format!("address-{key}")
            label=Signal::derive(move || (store.words().broker.beyond.address_number)(number()))
            text=text
            finished=finished
            insist=Signal::stored(false)
            typed=type_it
            take=move |typed| {
                type_it(typed);
                finished.set(true);
            }
        >
            <button
                type="button"
                class="button icon"
                aria-label=move || (store.words().broker.beyond.move_up)(number())
                title=move || (store.words().broker.beyond.move_up)(number())
                on:click=move |_| form.move_other_up(key)
            >
                <svg width="14" height="14" viewBox="0 0 14 14" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
                    <path d="M7 12V2M3 6l4-4 4 4" />
                </svg>
            </button>
            <button
                type="button"
                class="button icon"
                aria-label=move || (store.words().broker.beyond.remove_address)(number())
                title=move || (store.words().broker.beyond.remove_address)(number())
                on:click=move |_| form.remove_other(key)
            >
                <Cross />
            </button>
        </AddressInput>
    }
}
