//! The subscription tree: which filters there are, and who sits where.

use leptos::prelude::*;

use crate::{
    desk::{
        inside::{Placed, placed},
        text::{cut, topic_words},
    },
    inside::Subscriber,
    protocol::RetainHandling,
    reading::Kind,
    ui::{
        controls::name::name,
        panes::inside::{
            look::Look,
            said::{SHOWN, left_out, words},
        },
        piece::{Piece, Pieces, view},
        state::store::Store,
    },
};

/// Filters that stand deeper are not moved in any further.
const DEEPEST: usize = 8;

/// The tree.
#[component(transparent)]
pub fn Filters() -> Piece {
    let store = expect_context::<Store>();
    let look = expect_context::<Look>();
    let all = move || {
        look.with(|report, _| {
            let filters = placed(&report.filters.shown);
            filters.iter().map(|one| filter(one, store)).pieces()
        })
    };
    let is_empty = move || {
        look.with(|report, _| report.filters.shown.is_empty())
            .unwrap_or(false)
    };
    let more = move || look.with(|report, _| left_out(store, report.filters.left_out));
    view! {
        <section class="filters" aria-labelledby="inside-filters">
            <h3 id="inside-filters">{move || words(store).subscriptions}</h3>
            <ul aria-labelledby="inside-filters">{all}</ul>
            <p class="hint" hidden=move || !is_empty()>{move || words(store).no_subscriptions}</p>
            {more}
        </section>
    }
}

fn filter(one: &Placed<'_>, store: Store) -> Piece {
    let class = format!("deep{}", one.depth.min(DEEPEST));
    let title = topic_words(&one.filter.filter);
    let subscribers = &one.filter.subscribers;
    let shown = subscribers.shown.iter();
    view! {
        <li class=class data-filter=one.filter.filter.clone()>
            <span class="mono wrap" title=title>
                <span class="quiet">{name(&cut(one.common, SHOWN), Kind::Topic)}</span>
                {name(&cut(one.own, SHOWN), Kind::Topic)}
            </span>
            <ul>{shown.map(|who| subscriber(who, store)).pieces()}</ul>
            {left_out(store, subscribers.left_out)}
        </li>
    }
}

fn subscriber(who: &Subscriber, store: Store) -> Piece {
    let w = words(store);
    let mut notes = Vec::new();
    if let Some(group) = &who.group {
        notes.push((w.group)(&topic_words(&cut(group, SHOWN))));
    }
    if who.options.no_local {
        notes.push(w.no_local.to_owned());
    }
    if who.options.retain_as_published {
        notes.push(w.as_published.to_owned());
    }
    let [if_new, never] = w.handlings;
    match who.options.retain_handling {
        RetainHandling::Always => {}
        RetainHandling::IfNew => notes.push(if_new.to_owned()),
        RetainHandling::Never => notes.push(never.to_owned()),
    }
    if who.identifier != 0 {
        notes.push((w.identifier)(who.identifier));
    }
    if !who.is_here {
        notes.push(w.away.to_owned());
    }
    let qos = who.options.qos.bits();
    let class = format!("tag q{qos}");
    view! {
        <li data-subscriber=who.client.clone()>
            <span class="mono wrap">{name(&cut(&who.client, SHOWN), Kind::Text)}</span>" "
            <span class=class>{format!("QoS {qos}")}</span>" "
            <span class="hint">{notes.join(" · ")}</span>
        </li>
    }
}
