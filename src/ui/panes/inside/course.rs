//! What happened to a message: from whom it came, which filters it matched, to whom it went and why so, and for whom it
//! waits. It is the one under the inspector, or one that is chosen here.

use leptos::prelude::*;

use crate::{
    desk::{
        format,
        inside::{time, waits_for},
        text::{cut, hex, readable, topic_words},
    },
    inside::{Came, Course, Listed, Reached, Report},
    reading::Kind,
    ui::{
        controls::name::name,
        panes::inside::{
            look::Look,
            said::{SHOWN, clock, left_out, publisher, words},
        },
        piece::{Piece, Pieces, rows, view},
        state::store::Store,
    },
};

/// Bytes that are shown in hexadecimal.
const HEX: usize = 16;

/// The course of the chosen message.
#[component(transparent)]
pub fn CourseOfMessage() -> Piece {
    let store = expect_context::<Store>();
    let look = expect_context::<Look>();
    let course = move || {
        look.with(|report, at| match (&report.course, &report.would_reach) {
            (Some(found), _) => course(found, report, at, store),
            (None, Some(would)) if look.is_unknown() => unknown(would, store),
            _ => Piece::Nothing,
        })
    };
    let is_chosen = Memo::new(move |_| {
        look.with(|report, _| report.course.is_some())
            .unwrap_or(false)
            || look.is_unknown()
    });
    let others = move || {
        let w = words(store);
        if is_chosen.get() {
            w.all_messages
        } else {
            w.choose
        }
    };
    let came = move || look.with(|report, _| report.came.shown.clone());
    let is_empty = move || came().is_none_or(|came| came.is_empty());
    view! {
        <section class="course" aria-labelledby="inside-course">
            <h3 id="inside-course">{move || words(store).course}</h3>
            {course}
            <p class="hint" id="inside-came">{others}</p>
            <ul aria-labelledby="inside-came" class="came">
                {rows(move || came().unwrap_or_default(), |one| one.number.to_string(), |_, one| view! { <Choice came=one /> })}
            </ul>
            <p class="hint" hidden=move || !is_empty()>{move || words(store).none_came}</p>
        </section>
    }
}

/// A message that came, to be chosen.
#[component(transparent)]
fn Choice(came: Came) -> Piece {
    let store = expect_context::<Store>();
    let look = expect_context::<Look>();
    let number = came.number;
    let at = StoredValue::new(look.with(|report, now| time(report, came.at, now)));
    let qos = came.qos.bits();
    let class = format!("tag q{qos}");
    view! {
        <li data-came=number>
            <button
                type="button"
                class="link"
                aria-pressed=move || (look.picked.get() == Some(number)).to_string()
                on:click=move |_| look.picked.set(Some(number))
            >
                <span class="num">{move || at.get_value().map(|at| clock(at, store))}</span>" "
                <span class="mono wrap">{name(&cut(&came.topic, SHOWN), Kind::Topic)}</span>
            </button>" "
            <span class=class>{format!("QoS {qos}")}</span>" "
            <span class="num quiet">{format::size(came.size)}</span>
        </li>
    }
}

fn course(course: &Course, report: &Report, now: f64, store: Store) -> Piece {
    let w = words(store);
    let came = &course.came;
    let qos = came.qos.bits();
    let class = format!("tag q{qos}");
    let waits: Vec<_> = waits_for(course)
        .map(|to| topic_words(&to.client))
        .collect();
    let waits = match waits.is_empty() {
        true => w.nobody_any_more.to_owned(),
        false => waits.join(", "),
    };
    let will = came.is_will.then_some(w.is_will);
    view! {
        <dl class="facts" data-course=came.number>
            <dt>{w.topic}</dt>
            <dd class="mono wrap">{name(&cut(&came.topic, SHOWN), Kind::Topic)}</dd>
            <dt>{w.came_from}</dt>
            <dd>
                <span class="mono wrap">{publisher(came.from.as_deref(), store)}</span>" "
                <span class="tag" hidden=will.is_none()>{will}</span>
            </dd>
            <dt>{w.at}</dt>
            <dd class="num">{clock(time(report, came.at, now), store)}</dd>
            <dt>{w.size}</dt>
            <dd>
                <span class="num">{format::size(came.size)}</span>" "
                <span class=class>{format!("QoS {qos}")}</span>" "
                <span class="tag retained" hidden=!came.retain>{store.words().rest().retain}</span>" "
                <span class="mono wrap quiet">{start(came)}</span>
            </dd>
            <dt>{w.waits_for}</dt>
            <dd class="wrap" data-waits="">{waits}</dd>
        </dl>
        {went(w.went_to, &course.reached, Some(qos), store)}
    }
}

fn unknown(would: &Listed<Reached>, store: Store) -> Piece {
    let w = words(store);
    view! {
        <p class="hint">{w.not_noted}</p>
        {went(w.would_go_to, would, None, store)}
    }
}

/// The beginning of a payload.
fn start(came: &Came) -> String {
    let mut start = match readable(&came.start) {
        Some(text) => topic_words(text),
        None => hex(came.start.get(..HEX).unwrap_or(&came.start)),
    };
    if came.size > came.start.len() as u64 && !start.ends_with('…') {
        start.push('…');
    }
    start
}

fn went(heading: &'static str, to: &Listed<Reached>, published: Option<u8>, store: Store) -> Piece {
    let w = words(store);
    if to.shown.is_empty() {
        return view! { <p class="none"><span class="quiet">{heading}</span>" "{w.nobody}</p> };
    }
    let all = to.shown.iter().map(|one| reached(one, published, store));
    view! {
        <div class="wide">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{heading}</th>
                        <th scope="col">{w.matched}</th>
                        <th scope="col" class="figure">{w.qos}</th>
                        <th scope="col">{w.outcome}</th>
                    </tr>
                </thead>
                <tbody>{all.pieces()}</tbody>
            </table>
        </div>
        {left_out(store, to.left_out)}
    }
}

fn reached(to: &Reached, published: Option<u8>, store: Store) -> Piece {
    let w = words(store);
    let matched = to.matched.shown.iter().map(|one| {
        let mut notes = vec![(w.granted)(one.granted.bits())];
        if let Some(group) = &one.group {
            notes.push((w.group)(&topic_words(&cut(group, SHOWN))));
        }
        if one.no_local {
            notes.push(w.no_local.to_owned());
        }
        view! {
            <li>
                <span class="mono wrap">{name(&cut(&one.filter, SHOWN), Kind::Topic)}</span>" "
                <span class="hint">{notes.join(" · ")}</span>
            </li>
        }
    });
    let qos = to.qos.bits();
    // Only where the subscription is what made it less.
    let lower = published
        .filter(|published| *published > qos)
        .map(|published| (w.lower)(published, qos));
    let outcome = (w.outcomes)(to.outcome, to.is_here);
    let as_retained = to.as_retained.then_some(w.as_retained);
    view! {
        <tr data-reached=to.client.clone() data-outcome=format!("{:?}", to.outcome)>
            <th scope="row"><span class="mono wrap">{name(&cut(&to.client, SHOWN), Kind::Text)}</span></th>
            <td><ul>{matched.pieces()}</ul>{left_out(store, to.matched.left_out)}</td>
            <td class="figure">{qos}</td>
            <td>{outcome}<span class="hint">{lower}</span><span class="hint">{as_retained}</span></td>
        </tr>
    }
}
