//! Sharing: the link to this page and broker, its QR code, and what is in it.

use leptos::{prelude::*, task::spawn_local};
use qrcodegen::{QrCode, QrCodeEcc};

use crate::{
    browser::{clipboard, location},
    link::{Phase, TAB},
    profile::{
        address::{Address, Reach, reach_of},
        share_link::{self, MAX_FILTERS, ShareLink},
    },
    ui::{
        controls::{
            dialog::Dialog,
            rest::{later, on_demand},
        },
        piece::{Piece, Pieces, shown_when, view},
        state::{
            form::{
                Form,
                host::{HostInfo, examine},
            },
            store::Store,
        },
        words::Words,
    },
};

/// Why a link is of no use on another machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Snag {
    /// The host serves this machine only, and could serve others.
    NoLan,
    /// The page came from this machine.
    PageIsLocal,
    /// The broker's address is this machine.
    BrokerIsLocal,
    /// The broker is in this browser.
    BrokerInTab,
}

/// A link for somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Invitation {
    /// The whole link.
    pub link: String,
    /// What it says. Never a password, never a client identifier.
    pub inside: ShareLink,
    /// Why it is of no use on another machine.
    pub snag: Option<Snag>,
    /// Names of what was left out of the addresses, because it looks like a secret.
    pub left_out: Vec<String>,
}

impl Invitation {
    /// What was left out, in words.
    pub fn left_out_words(&self, words: &Words) -> Option<String> {
        (!self.left_out.is_empty())
            .then(|| (words.later().sharing.left_out)(&self.left_out.join(", ")))
    }
}

/// Makes a link of the connection, or of the form while there is none. Tracks both.
fn invite(store: Store, form: Form, info: RwSignal<Option<HostInfo>>, go: bool) -> Invitation {
    let (addresses, user_name, version) = store.told.connection.with(|connection| {
        if connection.phase == Phase::Disconnected {
            return (
                form.addresses(),
                Some(form.user_name.get()),
                form.version.get(),
            );
        }
        let (addresses, version) = form.in_use.with(|in_use| {
            let mine = in_use.addresses.contains(&connection.address);
            let all = mine.then(|| in_use.addresses.clone());
            (
                all.unwrap_or_else(|| vec![connection.address.clone()]),
                in_use.version.filter(|_| mine),
            )
        });
        (addresses, connection.user_name.clone(), version)
    });
    let lan = info.with(|info| info.as_ref().and_then(|info| info.lan.clone()));
    let in_tab = addresses.first().is_some_and(|address| address == TAB);
    // Only this browser gets to it, and only by the page's own name: another is another origin.
    let lan = lan.filter(|_| !in_tab);
    let page = lan.clone().unwrap_or_else(location::page);
    let addresses: Vec<_> = addresses
        .iter()
        .filter_map(|address| examine(address).ok())
        .map(|address| match &lan {
            Some(lan) => (from_elsewhere(&address, lan), false),
            None => (address_text(&address), address.reach == Reach::Loopback),
        })
        .collect();
    let page_is_local = lan.is_none() && matches!(reach_of(&location::host()), Reach::Loopback);
    let snag = match addresses.first() {
        _ if in_tab => Some(Snag::BrokerInTab),
        _ if page_is_local && info.with(Option::is_some) => Some(Snag::NoLan),
        _ if page_is_local || location::host().is_empty() => Some(Snag::PageIsLocal),
        Some((_, true)) => Some(Snag::BrokerIsLocal),
        _ => None,
    };
    let (filters, qos) = store.told.subscriptions.with(|all| {
        let filters = all
            .iter()
            .take(MAX_FILTERS)
            .map(|one| one.filter.clone())
            .collect();
        let asked = all.iter().map(|one| one.options.qos.bits());
        (filters, asked.max().unwrap_or(0))
    });
    let mut inside = ShareLink {
        connect: go && !addresses.is_empty(),
        version,
        user_name: user_name.filter(|user| !user.is_empty()),
        filters,
        qos,
        ..ShareLink::default()
    };
    let mut left_out = Vec::new();
    for (address, _) in addresses {
        for name in inside.add_address(&address) {
            if !left_out.contains(&name) {
                left_out.push(name);
            }
        }
    }
    Invitation {
        link: format!("{page}#{}", share_link::write(&inside)),
        inside,
        snag,
        left_out,
    }
}

fn address_text(address: &Address) -> String {
    address.on_host(&address.host)
}

/// The address as other machines of the network reach it, for a page that they reach at `lan`.
fn from_elsewhere(address: &Address, lan: &str) -> String {
    let authority = lan
        .split("://")
        .nth(1)
        .unwrap_or(lan)
        .split('/')
        .next()
        .unwrap_or_default();
    let host = match authority
        .rfind(':')
        .filter(|colon| !authority.ends_with(']') && *colon > 0)
    {
        Some(colon) => authority.get(..colon).unwrap_or(authority),
        None => authority,
    };
    if address.reach == Reach::Loopback && !host.is_empty() {
        address.on_host(host)
    } else {
        address_text(address)
    }
}

/// A QR code, drawn in one path. Dark on light whatever the theme: some scanners know no other.
#[component(transparent)]
pub fn Qr(
    /// What it says.
    #[prop(into)]
    link: Signal<String>,
) -> Piece {
    let store = expect_context::<Store>();
    let code = Memo::new(move |_| link.with(|link| qr_path(link)));
    view! {
        {move || match code.get() {
            Some((size, path)) => view! {
                <svg
                    class="qr"
                    viewBox=format!("0 0 {size} {size}")
                    shape-rendering="crispEdges"
                    role="img"
                    aria-label=store.words().later().sharing.qr
                >
                    <path d=path fill="currentColor" />
                </svg>
            },
            None => view! { <p class="hint">{store.words().later().sharing.too_long}</p> },
        }}
    }
}

/// Width with the quiet zone, in modules, and the path of the dark ones. `None`: too long for any QR code.
fn qr_path(text: &str) -> Option<(i32, String)> {
    use std::fmt::Write;
    /// Modules that the standard wants to be light all around.
    const QUIET: i32 = 4;
    let code = QrCode::encode_text(text, QrCodeEcc::Low).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let start = x;
            while x < code.size() && code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                let _ = write!(
                    path,
                    "M{} {}h{}v1h-{}z",
                    start + QUIET,
                    y + QUIET,
                    x - start,
                    x - start
                );
            }
            x += 1;
        }
    }
    Some((code.size() + 2 * QUIET, path))
}

/// A button that copies a link.
#[component(transparent)]
pub fn CopyLink(
    /// The link.
    #[prop(into)]
    link: Signal<String>,
) -> Piece {
    let store = expect_context::<Store>();
    let copy = move |_| {
        let link = link.get_untracked();
        spawn_local(async move {
            let copied = clipboard::copy(&link).await;
            let words = store.speech.words_now();
            store.toast(
                if copied {
                    words.rest().copied
                } else {
                    words.rest().not_copied
                }
                .to_owned(),
            );
        });
    };
    view! { <button type="button" class="button" on:click=copy>{store.text(|w| w.later().sharing.copy)}</button> }
}

/// What is in a link, in words.
fn inside_words(inside: &ShareLink, words: &Words) -> Vec<String> {
    let w = &words.later().sharing;
    let mut all = vec![
        if inside.addresses.is_empty() {
            w.no_address
        } else {
            w.inside_page
        }
        .to_owned(),
    ];
    all.extend(
        inside
            .version
            .map(|version| (w.inside_version)(version.name())),
    );
    all.extend(inside.user_name.as_ref().map(|user| (w.inside_user)(user)));
    if !inside.filters.is_empty() {
        all.push((w.inside_filters)(inside.filters.len(), inside.qos));
    }
    all
}

/// The dialog behind the Share button.
#[component(transparent)]
pub fn ShareDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> Piece {
    view! {
        <Dialog open=open title=|w| w.later().sharing.heading id="sharing">
            {on_demand(share)}
        </Dialog>
    }
}

later! {
    /// What is in it.
    fn share() in options { ShareWords }
}

#[component(transparent)]
fn ShareWords() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let info = expect_context::<RwSignal<Option<HostInfo>>>();
    let go = RwSignal::new(true);
    let invitation = Memo::new(move |_| invite(store, form, info, go.get()));
    let link = Signal::derive(move || invitation.with(|one| one.link.clone()));
    let snag = move || {
        invitation
            .with(|one| one.snag)
            .map(|snag| snag_words(snag, store.words()))
    };
    let left_out = move || invitation.with(|one| one.left_out_words(store.words()));
    view! {
        <div class="labelled">
            <label for="share-link">{store.text(|w| w.later().sharing.link)}</label>
            <div class="line">
                <input
                    id="share-link"
                    class="field mono grow"
                    readonly
                    prop:value=move || link.get()
                    on:focus:target=move |event| event.target().select()
                />
                <CopyLink link=link />
            </div>
        </div>
        <p class="hint" hidden=move || snag().is_none()>{snag}</p>
        <p class="hint" hidden=move || left_out().is_none()>{left_out}</p>
        <label class="check">
            <input type="checkbox" prop:checked=move || go.get() on:change:target=move |event| go.set(event.target().checked()) />
            {store.text(|w| w.later().sharing.connect_at_once)}
        </label>
        <div class="join">
            // No code that nobody could use.
            {shown_when(move || snag().is_none(), move || view! { <Qr link=link /> })}
            <div class="join-words">
                <h3>{store.text(|w| w.later().sharing.inside)}</h3>
                <ul class="wrap">
                    {move || {
                        let inside = invitation.with(|one| inside_words(&one.inside, store.words()));
                        inside.into_iter().map(|words| view! { <li>{words}</li> }).pieces()
                    }}
                </ul>
                <p class="quiet">{store.text(|w| w.later().sharing.inside_never)}</p>
            </div>
        </div>
    }
}

/// The way in for a phone.
#[component(transparent)]
pub fn JoinFromPhone() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let info = expect_context::<RwSignal<Option<HostInfo>>>();
    let invitation = Memo::new(move |_| invite(store, form, info, true));
    let link = Signal::derive(move || invitation.with(|one| one.link.clone()));
    let snag = move || {
        invitation
            .with(|one| one.snag)
            .map(|snag| snag_words(snag, store.words()))
    };
    let left_out = move || invitation.with(|one| one.left_out_words(store.words()));
    provide_context(ForPhones(link));
    view! {
        <section class="panel" aria-labelledby="join-title">
            <h2 id="join-title">{store.text(|w| w.later().sharing.join)}</h2>
            <p class="quiet" hidden=move || snag().is_none()>{snag}</p>
            <p class="hint" hidden=move || left_out().is_none()>{left_out}</p>
            {shown_when(
                move || invitation.with(|one| one.snag.is_none()),
                move || on_demand(code),
            )}
        </section>
    }
}

/// The link for phones, for the code, which is loaded later.
#[derive(Clone, Copy)]
struct ForPhones(Signal<String>);

later! {
    /// The code and the link.
    fn code() in options { Code }
}

#[component(transparent)]
fn Code() -> Piece {
    let store = expect_context::<Store>();
    let ForPhones(link) = expect_context::<ForPhones>();
    view! {
        <div class="join">
            <Qr link=link />
            <div class="join-words">
                <p class="quiet">{store.text(|w| w.later().sharing.join_hint)}</p>
                <CopyLink link=link />
            </div>
        </div>
    }
}

/// Why a link is of no use to a phone.
fn snag_words(snag: Snag, words: &Words) -> &'static str {
    let w = &words.later().sharing;
    match snag {
        Snag::NoLan => w.start_with_lan,
        Snag::PageIsLocal => w.page_is_local,
        Snag::BrokerIsLocal => w.broker_is_local,
        Snag::BrokerInTab => w.broker_in_tab,
    }
}
