//! The clients, connected and kept.

use leptos::prelude::*;

use crate::{
    desk::{
        format,
        inside::{Session, about},
        text::{cut, topic_words},
    },
    inside::Client,
    reading::Kind,
    ui::{
        controls::name::name,
        panes::inside::{
            look::Look,
            said::{SHOWN, left_out, words},
        },
        piece::{Piece, rows, view},
        state::store::Store,
        words::{InsideWords, sentences::time_words},
    },
};

/// The table of clients.
#[component(transparent)]
pub fn Clients() -> Piece {
    let store = expect_context::<Store>();
    let look = expect_context::<Look>();
    let ids = move || {
        look.with(|report, _| {
            let clients = report.clients.shown.iter();
            clients.map(|client| client.id.clone()).collect::<Vec<_>>()
        })
        .unwrap_or_default()
    };
    let more = move || look.with(|report, _| left_out(store, report.clients.left_out));
    view! {
        <section class="clients" aria-labelledby="inside-clients">
            <h3 id="inside-clients">{move || words(store).clients}</h3>
            <div class="wide">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{move || words(store).client}</th>
                            <th scope="col">{move || words(store).state}</th>
                            <th scope="col">{move || words(store).keep_alive}</th>
                            <th scope="col">{move || words(store).session}</th>
                            <th scope="col" class="figure">{move || words(store).in_flight}</th>
                            <th scope="col" class="figure">{move || words(store).queued}</th>
                        </tr>
                    </thead>
                    <tbody>{rows(ids, |id| id.clone(), |_, id| view! { <Row id=id /> })}</tbody>
                </table>
            </div>
            {more}
        </section>
    }
}

/// One client.
#[component(transparent)]
fn Row(id: String) -> Piece {
    let store = expect_context::<Store>();
    let look = expect_context::<Look>();
    let wanted = id.clone();
    let client = Memo::new(move |_| {
        look.with(|report, _| {
            let mut clients = report.clients.shown.iter();
            let client = clients.find(|client| client.id == wanted)?;
            Some((client.clone(), report.now))
        })
        .flatten()
    });
    let read = move |read: fn(&Client, u64, Store) -> String| {
        move || {
            client.with(|client| {
                client
                    .as_ref()
                    .map(|(client, now)| read(client, *now, store))
            })
        }
    };
    let state = move || {
        client.with(|client| {
            let is_here = client
                .as_ref()
                .is_some_and(|(client, _)| client.connection.is_some());
            if is_here { "connected" } else { "away" }
        })
    };
    // On a phone, where the row stands by itself.
    let label = move |choose: fn(&InsideWords) -> &'static str| move || choose(words(store));
    let own = id.clone();
    let is_own = move || {
        store
            .told
            .connection
            .with(|connection| connection.client_id == own)
    };
    let shown = cut(&id, SHOWN);
    let title = topic_words(&id);
    view! {
        <tr data-client=id data-state=state>
            <th scope="row">
                <span class="mono wrap" title=title>{name(&shown, Kind::Text)}</span>" "
                <span class="tag" hidden=move || !is_own()>{move || words(store).this_page}</span>
                <span class="hint">{read(details)}</span>
            </th>
            <td data-label=label(|w| w.state)>{read(|client, _, store| {
                let w = words(store);
                let state = if client.connection.is_some() { w.connected } else { w.away };
                state.to_owned()
            })}</td>
            <td data-label=label(|w| w.keep_alive)>{read(keep_alive)}</td>
            <td data-label=label(|w| w.session)>{read(session)}</td>
            <td data-label=label(|w| w.in_flight) class="figure">{read(|client, _, _| format::whole(client.in_flight))}</td>
            <td data-label=label(|w| w.queued) class="figure">{read(queued)}</td>
        </tr>
    }
}

fn keep_alive(client: &Client, _: u64, store: Store) -> String {
    match client.connection.map(|connection| connection.keep_alive) {
        None => "–".to_owned(),
        Some(0) => words(store).no_keep_alive.to_owned(),
        Some(seconds) => time_words(u32::from(seconds), store.words()),
    }
}

fn session(client: &Client, now: u64, store: Store) -> String {
    let w = words(store);
    let time = |seconds| time_words(seconds, store.words());
    match Session::of(client, now) {
        Session::WithConnection => w.with_connection.to_owned(),
        Session::ForEver => w.for_ever.to_owned(),
        Session::Stays(seconds) => (w.stays)(&time(seconds)),
        Session::EndsIn(seconds) => (w.ends_in)(&time(seconds)),
    }
}

fn queued(client: &Client, _: u64, _: Store) -> String {
    let count = format::whole(client.queued.count);
    match client.queued.count {
        0 => count,
        _ => format!("{count} ({})", format::size(client.queued.bytes)),
    }
}

/// What else there is to know, as far as it is out of the ordinary.
fn details(client: &Client, now: u64, store: Store) -> String {
    let w = words(store);
    let mut all = Vec::new();
    if let Some(connection) = client.connection {
        all.push(connection.version.name().to_owned());
        if connection.clean {
            all.push(w.clean.to_owned());
        }
        let silent = now.saturating_sub(connection.heard) / 1_000_000;
        all.push((w.heard)(&time_words(
            about(u32::try_from(silent).unwrap_or(u32::MAX - 1)),
            store.words(),
        )));
        if connection.owed > 0 {
            all.push((w.owed)(&format::size(connection.owed)));
        }
    }
    if let Some(user) = &client.user_name {
        all.push((w.user)(&topic_words(&cut(user, SHOWN))));
    }
    if let Some(topic) = &client.will {
        all.push((w.will)(&topic_words(&cut(topic, SHOWN))));
    }
    if client.unreleased > 0 {
        all.push((w.unreleased)(&format::whole(client.unreleased)));
    }
    if client.dropped > 0 {
        all.push((w.dropped)(&format::whole(client.dropped)));
    }
    all.join(" · ")
}
