//! The retained messages, without what they say.

use leptos::prelude::*;

use crate::{
    desk::{
        format,
        inside::time,
        text::{cut, topic_words},
    },
    inside::{Report, Retained},
    reading::Kind,
    ui::{
        controls::name::name,
        panes::inside::{
            look::Look,
            said::{SHOWN, clock, left_out, publisher, words},
        },
        piece::{Piece, Pieces, view},
        state::store::Store,
    },
};

/// The table of retained messages.
#[component(transparent)]
pub fn RetainedMessages() -> Piece {
    let store = expect_context::<Store>();
    let look = expect_context::<Look>();
    let all = move || {
        look.with(|report, at| {
            let retained = report.retained.shown.iter();
            retained.map(|one| row(one, report, at, store)).pieces()
        })
    };
    let is_empty = Memo::new(move |_| {
        look.with(|report, _| report.retained.shown.is_empty())
            .unwrap_or(true)
    });
    let more = move || look.with(|report, _| left_out(store, report.retained.left_out));
    let own = move || {
        look.with(|report, _| {
            let listed = report.retained.shown.len() as u64 + report.retained.left_out;
            let own = report.kept.count.saturating_sub(listed);
            (own > 0).then(|| (words(store).own_retained)(&format::whole(own)))
        })
        .flatten()
    };
    view! {
        <section class="kept" aria-labelledby="inside-retained">
            <h3 id="inside-retained">{move || words(store).retained}</h3>
            <div class="wide" hidden=move || is_empty.get()>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{move || words(store).topic}</th>
                            <th scope="col" class="figure">{move || words(store).size}</th>
                            <th scope="col" class="figure">{move || words(store).qos}</th>
                            <th scope="col">{move || words(store).when}</th>
                            <th scope="col">{move || words(store).from}</th>
                        </tr>
                    </thead>
                    <tbody>{all}</tbody>
                </table>
            </div>
            <p class="hint" hidden=move || !is_empty.get()>{move || words(store).no_retained}</p>
            {more}
            <p class="hint">{own}</p>
        </section>
    }
}

fn row(one: &Retained, report: &Report, now: f64, store: Store) -> Piece {
    let title = topic_words(&one.topic);
    view! {
        <tr data-retained=one.topic.clone()>
            <th scope="row"><span class="mono wrap" title=title>{name(&cut(&one.topic, SHOWN), Kind::Topic)}</span></th>
            <td class="figure">{format::size(one.size)}</td>
            <td class="figure">{one.qos.bits()}</td>
            <td>{clock(time(report, one.at, now), store)}</td>
            <td><span class="mono wrap">{publisher(one.from.as_deref(), store)}</span></td>
        </tr>
    }
}
