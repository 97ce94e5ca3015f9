//! What the page starts with: its storage, the link that opened it, and the answer of the host that served it.

use crate::ui::controls::rest::later;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::location,
    desk::text::topic_words,
    link::{Command, Phase},
    profile::{
        MAX_ADDRESSES,
        share_link::{LinkWarning, MAX_FILTERS, ShareLink, parse},
    },
    protocol::{Qos, SubscribeRequest},
    ui::{
        piece::Piece,
        state::{
            form::{Form, host::HostInfo, linked::Linked},
            store::{Learning, Store},
        },
        words::Words,
    },
};

/// How long the page waits for the answer of a host, in milliseconds, before it assumes that there is none.
const PATIENCE: u32 = 3_000;

/// The text of `midge.json`, which the host serves; `Some(None)`: there is no such file.
#[derive(Clone, Copy)]
struct Said(RwSignal<Option<Option<String>>>);

/// Puts the form and the facts about the host into the context, and requests those.
pub fn provide_host_info() {
    provide_context(RwSignal::new(None::<HostInfo>));
    provide_context(Form::start());
    let said = Said(RwSignal::new(None));
    provide_context(said);
    spawn_local(async move { said.0.set(Some(location::fetch_text("midge.json").await)) });
}

later! {
    /// Reads what the page starts with. It shows nothing.
    pub fn arrival() in rest { Arrival }
}

/// Reads storage, the link and the host's answer into the form. Later it follows changes of the link, and remembers which
/// version each broker accepts.
#[component(transparent)]
fn Arrival() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let info = expect_context::<RwSignal<Option<HostInfo>>>();
    let said = expect_context::<Said>();
    store.read_by(|store, bytes| store.receive(bytes));
    form.connect_by(Form::connect);
    form.recall(store);
    follow_link(form, store);
    location::on_fragment(move || follow_link(form, store));
    Effect::new(move |_| {
        if let Some(version) = store.told.version_taken.get() {
            let address = store
                .told
                .connection
                .with_untracked(|connection| connection.address.clone());
            form.remember_version(&address, version);
        }
    });
    Effect::new(move |_| {
        if store
            .told
            .connection
            .with(|connection| connection.phase == Phase::Connected)
        {
            form.meet();
        }
        store
            .told
            .subscriptions
            .with(|all| form.remember_subscriptions(all));
    });
    let settled = StoredValue::new(false);
    let settle = move |found: Option<HostInfo>| {
        let address = found.as_ref().and_then(HostInfo::offer);
        info.set(found);
        // After the patience is over only the facts are taken, not the form.
        if !settled.get_value() {
            settled.set_value(true);
            form.settle(address);
            if form.connect_now() {
                form.connect(store);
            }
        }
    };
    Effect::new(move |_| {
        if let Some(text) = said.0.get() {
            untrack(|| settle(text.and_then(|text| HostInfo::read(&text))));
        }
    });
    gloo_timers::callback::Timeout::new(PATIENCE, move || {
        if !settled.get_value() {
            settle(None);
        }
    })
    .forget();
    if form.connect_now() {
        form.connect(store);
    } else {
        form.connect_if_wanted(store);
    }
    Piece::Nothing
}

fn follow_link(form: Form, store: Store) {
    let fragment = location::fragment();
    if fragment.is_empty() {
        form.opened_with.set_value(None);
        return;
    }
    let (link, warnings) = parse(&fragment);
    let words = store.speech.words_now();
    for warning in warnings.iter().take(3) {
        store.warn(warning_words(warning, words));
    }
    let linked = form.take_link(&link);
    let ShareLink {
        filters,
        qos,
        connect,
        lesson,
        step,
        ..
    } = link;
    if let Some(name) = lesson {
        let at = step.map(|step| usize::from(step) - 1);
        store.chrome.learning.set(Learning::Lesson(name, at));
    }
    let filters = filters.into_iter().map(|filter| SubscribeRequest {
        filter,
        options: Qos::from_bits(qos).unwrap_or_default().into(),
        identifier: None,
    });
    form.link_filters.set(filters.collect());
    if connect && linked == Linked::HasPassword {
        store.warn(words.broker.link.has_password.to_owned());
    } else if connect && linked == Linked::MayConnect {
        form.connect(store);
    } else if store
        .told
        .connection
        .with_untracked(|one| one.phase == Phase::Disconnected)
    {
        // They show at once, and wait.
        let filters = std::mem::take(&mut *form.link_filters.write());
        if !filters.is_empty() {
            store.say(Command::Subscribe(filters));
        }
    }
}

fn warning_words(warning: &LinkWarning, words: &Words) -> String {
    let link = &words.broker.link;
    match warning {
        LinkWarning::Password => link.password.to_owned(),
        LinkWarning::TooLong => link.too_long.to_owned(),
        LinkWarning::TooManyFilters => (link.too_many_filters)(MAX_FILTERS),
        LinkWarning::TooManyAddresses => (link.too_many_addresses)(MAX_ADDRESSES),
        LinkWarning::BadFilter { filter } => (link.bad_filter)(&topic_words(filter)),
        LinkWarning::Unreadable { key } => (link.unreadable)(key),
        LinkWarning::BadValue { key } => (link.bad_value)(key),
    }
}
