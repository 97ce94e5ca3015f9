//! A payload of Sparkplug B: its metrics by name, with what the birth has told, and gaps in the sequence of its node.

use std::sync::Arc;

use super::steps::Steps;
use crate::{
    desk::{format, inspected::payload},
    link::Inspected,
    payload::{Metric, Sparkplug, sparkplug_gap},
    reading::Kind,
    ui::{
        controls::name::{name, quoted},
        piece::{Piece, Pieces, view},
        state::store::Store,
    },
};

/// Metrics that are shown for each thousand lines that are asked for.
const ROWS: usize = 500;

/// The metrics.
pub fn sparkplug(store: Store, one: &Arc<Inspected>, steps: Steps) -> Piece {
    let mut read = Sparkplug::read(payload(one));
    let context = one.sparkplug.as_ref();
    let birth = context.and_then(|context| context.birth.as_deref());
    let has_birth = birth.is_some();
    if let Some(birth) = birth {
        read.resolve(&Sparkplug::read(birth));
    }
    let previous = context.and_then(|context| context.previous.as_deref());
    let gap = previous
        .and_then(|previous| sparkplug_gap(Sparkplug::read(previous).seq?, read.seq?))
        // A birth of the node begins the sequence anew.
        .filter(|_| read.seq != Some(0));
    let unknown = read
        .metrics
        .iter()
        .filter(|metric| metric.name.is_none())
        .count();
    let shown = read.metrics.len().min(steps.lines(one) / 1_000 * ROWS);
    let hidden = read.metrics.len() - shown + read.more;
    let told = move || {
        let words = &store.words().payloads().sparkplug;
        let mut told = Vec::new();
        told.extend(read.seq.map(words.seq));
        told.extend(gap.map(words.gap));
        if unknown > 0 {
            told.push((words.unknown)(unknown));
            if !has_birth {
                told.push(words.no_birth.to_owned());
            }
        }
        told.extend(
            read.fault
                .map(|at| (words.fault)(&format::whole(at as u64))),
        );
        if hidden > 0 {
            told.push((words.more)(&format::whole(hidden as u64)));
        }
        if shown == 0 && read.fault.is_none() {
            told.push(words.empty.to_owned());
        }
        told.join(" ")
    };
    let gap = gap.map(|missing| missing.to_string());
    let is_empty = shown == 0;
    let rows = read
        .metrics
        .iter()
        .take(shown)
        .map(|metric| row(store, metric));
    view! {
        <p class="note" id="sparkplug" data-gap=gap>{told}</p>
        <div class="metrics" id="payload" tabindex="0">
            <table aria-label=store.text(|w| w.payloads().sparkplug.table) hidden=is_empty>
                <thead>
                    <tr>
                        <th scope="col">{store.text(|w| w.payloads().sparkplug.metric)}</th>
                        <th scope="col">{store.text(|w| w.payloads().sparkplug.kind)}</th>
                        <th scope="col">{store.text(|w| w.payloads().sparkplug.value)}</th>
                        <th scope="col">{store.text(|w| w.payloads().sparkplug.time)}</th>
                    </tr>
                </thead>
                <tbody>{rows.pieces()}</tbody>
            </table>
        </div>
    }
}

fn row(store: Store, metric: &Metric) -> Piece {
    let called = match (&metric.name, metric.alias) {
        (Some(called), _) => name(called, Kind::Text),
        (None, Some(alias)) => Piece::Text(format!("#{alias}").into()),
        (None, None) => Piece::Text("?".to_owned().into()),
    };
    let alias = metric.alias.filter(|_| metric.is_resolved);
    let resolved = move || alias.map(|alias| (store.words().payloads().sparkplug.resolved)(alias));
    let time = metric.timestamp;
    let time = move || time.map(|time| store.speech.moment_words(time as f64));
    let historical = metric.is_historical.then(|| {
        view! { " " <span class="tag">{store.text(|w| w.payloads().sparkplug.historical)}</span> }
    });
    view! {
        <tr>
            <th scope="row" class="mono wrap" title=resolved>{called}</th>
            <td>{metric.type_name()}</td>
            <td class="mono wrap">{quoted(&metric.shown())}{historical}</td>
            <td class="num">{time}</td>
        </tr>
    }
}
