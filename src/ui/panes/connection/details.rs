//! The connection that stands: what was asked for, what the broker granted, and what becomes of the session.

use leptos::prelude::*;

use crate::{
    desk::{format, text::cut},
    link::{Command, Connection, Phase, Storage, TAB},
    protocol::{Granted, Qos, Version},
    ui::{
        controls::{
            name::quoted,
            rest::{fetch_in_calm, later, on_demand},
        },
        piece::{Piece, Pieces, shown_when, view},
        state::{
            form::Form,
            store::{Section, Store},
        },
        words::{Words, sentences::time_words},
    },
};

/// What a broker says can be 65,535 bytes long; a panel is no place for that.
const SHOWN: usize = 500;

/// One line of the panel.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fact {
    name: &'static str,
    value: String,
    /// What it means.
    note: Option<String>,
    /// It comes from the broker, word for word.
    quoted: bool,
    /// It is worth a second look.
    warn: bool,
}

impl Fact {
    fn new(name: &'static str, value: impl Into<String>) -> Self {
        Self {
            name,
            value: value.into(),
            note: None,
            quoted: false,
            warn: false,
        }
    }

    fn quoted(name: &'static str, value: &str) -> Self {
        Self {
            quoted: true,
            ..Self::new(name, cut(value, SHOWN))
        }
    }

    fn note(self, note: Option<&str>) -> Self {
        Self {
            note: note.map(str::to_owned),
            ..self
        }
    }
}

/// The lines of a connection.
fn facts(connection: &Connection, words: &Words) -> Vec<Fact> {
    let w = &words.later().details;
    let seconds = |seconds: u16| match seconds {
        0 => w.off.to_owned(),
        _ => time_words(u32::from(seconds), words),
    };
    let granted = connection.granted.as_ref();
    let mut all = vec![
        Fact::new(w.version, connection.version.name()),
        Fact::new(w.address, connection.address.clone())
            .note((connection.address == TAB).then_some(words.broker.in_this_browser)),
    ];
    let assigned = granted.is_some_and(|granted| granted.assigned_client_id.is_some());
    all.push(
        Fact::new(w.client_id, connection.client_id.clone()).note(assigned.then_some(w.assigned)),
    );
    all.push(Fact::new(
        w.session,
        if connection.session_present {
            w.session_kept
        } else {
            w.session_new
        },
    ));
    let asked = connection.asked.keep_alive;
    all.push(Fact::new(
        w.keep_alive,
        match granted {
            Some(granted) if granted.keep_alive_by_server && granted.keep_alive != asked => {
                (w.instead_of)(&seconds(granted.keep_alive), &seconds(asked))
            }
            Some(granted) => seconds(granted.keep_alive),
            None => seconds(asked),
        },
    ));
    if let Some(granted) = granted.filter(|_| connection.version == Version::V5) {
        five_facts(connection, granted, words, &mut all);
    }
    all.push(match &connection.storage {
        Storage::Off => Fact::new(w.storage, w.storage_off),
        Storage::On => Fact::new(w.storage, w.storage_on),
        Storage::Failed { detail } => Fact {
            warn: true,
            ..Fact::new(w.storage, (w.storage_failed)(&cut(detail, SHOWN)))
        },
    });
    if connection.version != Version::V5 {
        all.push(Fact::new(w.version, w.before_five));
    }
    all
}

fn five_facts(connection: &Connection, granted: &Granted, words: &Words, all: &mut Vec<Fact>) {
    let w = &words.later().details;
    let expiry = |seconds: Option<u32>| match seconds.unwrap_or(0) {
        0 => w.with_connection.to_owned(),
        seconds => time_words(seconds, words),
    };
    let asked = connection.asked.session_expiry;
    let given = granted.session_expiry;
    all.push(Fact::new(
        w.session_expiry,
        if given.unwrap_or(0) == asked.unwrap_or(0) {
            expiry(given)
        } else {
            (w.instead_of)(&expiry(given), &expiry(asked))
        },
    ));
    let may = |allowed: bool| if allowed { w.yes } else { w.no };
    let mut allowed = |name: &'static str, allowed: bool| {
        all.push(Fact {
            warn: !allowed,
            ..Fact::new(name, may(allowed))
        });
    };
    allowed(w.retain, granted.retain);
    allowed(w.wildcards, granted.wildcards);
    allowed(w.shared, granted.shared);
    allowed(w.identifiers, granted.identifiers);
    all.push(Fact {
        warn: granted.maximum_qos < Qos::ExactlyOnce,
        ..Fact::new(w.highest_qos, granted.maximum_qos.to_string())
    });
    all.push(Fact::new(
        w.packet_size,
        granted.packet_size.map_or_else(
            || w.no_limit.to_owned(),
            |bytes| format::size(u64::from(bytes)),
        ),
    ));
    all.push(Fact::new(
        w.receive_maximum,
        format::whole(u64::from(granted.receive_maximum)),
    ));
    all.push(Fact::new(
        w.topic_aliases,
        match granted.topic_alias_maximum {
            0 => w.none.to_owned(),
            most => format::whole(u64::from(most)),
        },
    ));
    if let Some(text) = &granted.response_information {
        all.push(Fact::quoted(w.response_information, text));
    }
    if let Some(text) = &granted.reason_string {
        all.push(Fact::quoted(w.reason, text));
    }
    if let Some(text) = &granted.server_reference {
        all.push(Fact::quoted(w.server_reference, text).note(Some(w.never_followed)));
    }
    // More would bury the rest; all of them are in the CONNACK of the list.
    for (name, value) in granted.user_properties.iter().take(20) {
        all.push(Fact::quoted(w.user_properties, &format!("{name}: {value}")));
    }
}

/// The panel beside the form, while connected.
#[component(transparent)]
pub fn ConnectionDetails() -> Piece {
    let store = expect_context::<Store>();
    let connected = Memo::new(move |_| {
        let connection = store.told.connection;
        connection.with(|connection| connection.phase == Phase::Connected)
    });
    // What few open comes once the first messages have had their turn, so that it is there when the page's server is not.
    fetch_in_calm(details, move || connected.get());
    // It is made when its section is first in front.
    let opened = Memo::new(move |before: Option<&bool>| {
        let in_front = connected.get() && store.chrome.section.get() == Section::Broker;
        in_front || before.is_some_and(|before| *before)
    });
    view! {
        <section class="panel" aria-labelledby="details-title" hidden=move || !connected.get()>
            <h2 id="details-title">{store.text(|w| w.later().details.heading)}</h2>
            {shown_when(move || opened.get(), move || on_demand(details))}
        </section>
    }
}

later! {
    /// What is in it.
    fn details() in options { Details }
}

#[component(transparent)]
fn Details() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let facts = Memo::new(move |_| {
        store.told.connection.with(|connection| {
            (connection.phase == Phase::Connected).then(|| facts(connection, store.words()))
        })
    });
    view! {
        <dl class="granted">
            {move || facts.get().into_iter().flatten().map(|fact| {
                let class = if fact.warn { "warn" } else { "" };
                let value = if fact.quoted {
                    view! { <q class="wrap">{quoted(&fact.value)}</q> }
                } else {
                    view! { <span class="wrap">{quoted(&fact.value)}</span> }
                };
                view! {
                    <dt>{fact.name}</dt>
                    <dd class=class>{value}{fact.note.map(|note| view! { <span class="hint">" "{note}</span> })}</dd>
                }
            }).pieces()}
        </dl>
        <div class="buttons" hidden=move || !form.in_use.with(|in_use| in_use.scram)>
            <button type="button" class="button" on:click=move |_| store.say(Command::Reauthenticate)>
                {store.text(|w| w.later().details.reauthenticate)}
            </button>
        </div>
    }
}
