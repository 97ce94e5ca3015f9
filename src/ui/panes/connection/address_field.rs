//! The addresses, with what can be told of them before anything is tried.

use leptos::prelude::*;

use crate::{
    desk::{
        connect::address::{Aside, Remark, asides, remark, way_in},
        mosquitto,
    },
    profile::{
        MAX_ADDRESSES,
        address::{AddressFault, Reading},
    },
    ui::{
        controls::field::{Cross, said},
        piece::{Inside, Piece, Pieces, rows, view},
        state::{
            form::{Form, fields::OtherAddress, host::examine_fully},
            store::Store,
        },
        words::Words,
    },
};

/// The words for a remark.
fn remark_words(remark: &Remark, words: &Words) -> String {
    let w = &words.broker.address_words;
    let fault = match remark {
        Remark::PlainPort { .. } => return w.plain_port.to_owned(),
        Remark::TlsPort { .. } => return w.tls_port.to_owned(),
        Remark::Fault(fault) => fault,
    };
    match fault {
        AddressFault::Empty => w.empty,
        AddressFault::NoScheme { .. } => w.no_scheme,
        AddressFault::OtherScheme { scheme, .. } => return (w.other_scheme)(scheme),
        AddressFault::NoHost => w.no_host,
        AddressFault::BadHost => w.bad_host,
        AddressFault::BadPort => w.bad_port,
        AddressFault::Space { .. } => w.space,
        AddressFault::Fragment { .. } => w.fragment,
        AddressFault::NoBrackets { .. } => w.no_brackets,
        AddressFault::Credentials { readings } if readings.len() > 1 => w.credentials_or_not,
        AddressFault::Credentials { .. } => w.credentials,
        AddressFault::MixedContent { .. } => w.mixed_content,
    }
    .to_owned()
}

/// The words for what is said in passing.
fn aside_words(aside: Aside, words: &Words) -> &'static str {
    let w = &words.broker.address_words;
    match aside {
        Aside::MixedContentOnLan => w.mixed_content_on_lan,
        Aside::PrivateFromPublic => w.private_from_public,
        Aside::LocalName => w.local_name,
    }
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
        text.with(|typed| remark(examine_fully(typed), finished.get(), insist.get()))
    });
    let way =
        Memo::new(move |_| shown.with(|remark| text.with(|typed| way_in(remark.as_ref()?, typed))));
    let aside = Memo::new(move |_| text.with(|typed| asides(&examine_fully(typed))));
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
    // Whoever goes to the connection goes to its first address.
    let pane = (id == "address").then_some("connection");
    view! {
        <div class="labelled">
            <label for=id.clone()>{move || label.get()}</label>
            <div class="line">
                <input
                    id=id
                    data-pane=pane
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
                    let lines = matches!(remark, Remark::PlainPort { .. });
                    view! {
                        <p>{remark_words(&remark, store.words())}</p>
                        {ways_out(remark.ways())}
                        {lines.then(|| view! {
                            <details>
                                <summary>{store.text(|w| w.broker.address_words.two_lines)}</summary>
                                <pre class="lines mono">{mosquitto::LISTENER}</pre>
                            </details>
                        })}
                    }
                })
            }}
            {move || {
                way.get().map(|command| view! {
                    <p>{store.text(|w| w.broker.address_words.way_in)}</p>
                    <pre class="lines mono">{command}</pre>
                })
            }}
        </div>
        <div id=hint_id class="hint" hidden=move || aside.with(Vec::is_empty)>
            {move || aside.get().into_iter().map(|said| view! { <p>{aside_words(said, store.words())}</p> }).pieces()}
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
