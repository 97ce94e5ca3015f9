//! A packet: every byte tied to a named field and its clause, and the delivery it belongs to.

use leptos::prelude::*;

use crate::{
    desk::{field_names, format},
    link::{Field, Inspected, Step, Target},
    payload::character,
    protocol::Qos,
    ui::{
        controls::{name::quoted, rest::later},
        piece::{Piece, Pieces, view},
        state::store::Store,
        words::Language,
    },
};

/// Rows of bytes shown at first: the fields stand at the front, and the payload has its own view.
const ROWS: usize = 64;
/// Bytes in a row: the column is narrow, on a wide screen too.
const ROW_BYTES: usize = 8;
/// Field rows shown.
const FIELDS: usize = 500;

later! {
    /// The packet that the inspector shows, byte by byte.
    pub fn packet_view() in packet { PacketView }
}

/// The packet view.
#[component(transparent)]
fn PacketView() -> Piece {
    let store = expect_context::<Store>();
    let inspected = store.told.inspected;
    // The field under the pointer, lit in both places.
    let lit = RwSignal::new(None::<usize>);
    let all = RwSignal::new(false);
    view! {
        {move || {
            let Some(one) = inspected.get() else { return Piece::Nothing };
            lit.set(None);
            let name = one.fields.first().map(|field| packet_name(&field.value)).unwrap_or_default();
            let direction = if one.outgoing { store.words().rest().to_broker } else { store.words().rest().from_broker };
            let line = format!("{direction} · {} B · {}", format::whole(one.bytes.len() as u64), store.speech.moment_words(one.time));
            let rows = one.bytes.len().div_ceil(ROW_BYTES);
            let shown = if all.get() { rows.min(ROWS * 64) } else { rows.min(ROWS) };
            view! {
                <div class="packet-head">
                    <b>{name}</b>
                    {(one.qos > Qos::AtMostOnce).then(|| view! { <span class=format!("tag q{}", one.qos)>{format!("QoS {}", one.qos)}</span> })}
                    <span class="quiet num">{line}</span>
                </div>
                <p class="note" hidden=one.fields.is_empty()>{one.version.name()}</p>
                <div class="bytes mono" tabindex="0" aria-label=store.text(|w| w.rest().packet)>
                    {(0..shown).map(|row| byte_row(&one, row, lit)).pieces()}
                </div>
                <p class="note" hidden={shown >= rows}>
                    {(store.words().rest().bytes_shown)(
                        &format::size((shown * ROW_BYTES) as u64),
                        &format::size(one.bytes.len() as u64),
                    )}
                    " "
                    <button class="link" hidden=all.get() on:click=move |_| all.set(true)>
                        {store.text(|w| w.rest().show_more)}
                    </button>
                </p>
                <ol class="fields" aria-label=store.text(|w| w.rest().fields)>
                    {one.fields
                        .iter()
                        .take(FIELDS)
                        .enumerate()
                        .map(|(index, field)| field_row(store, &one, index, field, lit))
                        .pieces()}
                </ol>
                {(one.delivery.len() > 1).then(|| delivery(store, &one))}
            }
        }}
    }
}

/// `PUBLISH, DUP 0, …` names its packet first.
fn packet_name(value: &str) -> String {
    value.split(',').next().unwrap_or_default().to_owned()
}

/// The colour of a field. The payload has none: it is the user's, not the protocol's.
fn colour(index: usize, field: &Field) -> String {
    if field.fault.is_some() {
        "fault".to_owned()
    } else if field.name == "Payload" {
        String::new()
    } else {
        format!("f{}", index % 6)
    }
}

fn byte_row(one: &Inspected, row: usize, lit: RwSignal<Option<usize>>) -> Piece {
    let start = row * ROW_BYTES;
    let end = (start + ROW_BYTES).min(one.bytes.len());
    let mut parts = Vec::new();
    let mut letters = Vec::new();
    let mut at = start;
    while at < end {
        let index = one
            .fields
            .iter()
            .position(|field| (field.start as usize..field.end as usize).contains(&at));
        let field = index.and_then(|index| one.fields.get(index));
        let stop = field.map_or(end, |field| (field.end as usize).clamp(at + 1, end));
        let bytes = one.bytes.get(at..stop).unwrap_or_default();
        let text = bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<Vec<_>>()
            .join(" ");
        let class = match (index, field) {
            (Some(index), Some(field)) => colour(index, field),
            _ => String::new(),
        };
        let shade = class.clone();
        let characters: String = bytes.iter().copied().map(character).collect();
        letters.push(view! {
            <u class=shade class:lit=move || index.is_some() && lit.get() == index on:mouseenter=move |_| lit.set(index)>{characters}</u>
        });
        parts.push(view! {
            <u class=class class:lit=move || index.is_some() && lit.get() == index on:mouseenter=move |_| lit.set(index)>{text}</u>
            " "
        });
        at = stop;
    }
    view! {
        <span class="quiet">{format!("{start:04x}")}</span>
        <span>{parts}</span>
        <span class="characters" aria-hidden="true">{letters}</span>
    }
}

fn field_row(
    store: Store,
    one: &Inspected,
    index: usize,
    field: &Field,
    lit: RwSignal<Option<usize>>,
) -> Piece {
    let part = one
        .bytes
        .get(field.start as usize..field.end as usize)
        .unwrap_or_default();
    let chinese = store.speech.language.get() == Language::Chinese;
    let value = if chinese {
        field_names::chinese_value(&field.name, &field.value)
    } else {
        field.value.clone()
    };
    let mut sample = part
        .iter()
        .take(3)
        .map(|byte| format!("{byte:02x}"))
        .collect::<Vec<_>>()
        .join(" ");
    if part.len() > 3 {
        sample.push_str(" …");
    }
    let (key, clause) = (field.name.clone(), field.clause.clone());
    let version = one.version.name();
    let title = {
        let clause = clause.clone();
        move || (store.words().rest().work.clause)(version, &clause)
    };
    let fault = field.fault.clone();
    view! {
        <li class:lit=move || lit.get() == Some(index) on:mouseenter=move |_| lit.set(Some(index))>
            <i class=colour(index, field)></i>
            <span class="mono quiet">{sample}</span>
            <span class="wrap">
                {move || (store.words().rest().field_name)(&key).to_owned()}" "<span class="mono">{quoted(&value)}</span>
                {fault.map(|fault| view! { <span class="error">{fault}</span> })}
            </span>
            <small class="quiet" title=title>{clause}</small>
        </li>
    }
}

/// The packets of one delivery between two life lines.
fn delivery(store: Store, one: &Inspected) -> Piece {
    let steps = one.delivery.clone();
    let first = steps.first().map_or(0.0, |step| step.time);
    let (seq, id) = (one.seq, one.packet_id);
    let height = 34 + steps.len() * 36;
    let lines = format!("M70 22V{height}M270 22V{height}");
    let arrow = move |(index, step): (usize, Step)| {
        let (from, to) = if step.outgoing { (70, 270) } else { (270, 70) };
        let (top, bottom) = (36 + index * 36, 46 + index * 36);
        let back = if step.outgoing { -8 } else { 8 };
        let head = format!(
            "M{} {} L{to} {bottom} L{} {}",
            to + back,
            bottom - 5,
            to + back,
            bottom + 4
        );
        let label = if id == 0 {
            step.packet.clone()
        } else {
            format!("{} {id}", step.packet)
        };
        let at = if index == 0 {
            "0 ms".to_owned()
        } else {
            format!("+{}", format::span(step.time - first))
        };
        let here = Some(step.seq) == seq;
        view! {
            <g class="step" class:here=here on:click=move |_| store.inspect(Some(Target::Packet(step.seq)))>
                <path d=format!("M{from} {top}L{to} {bottom}") />
                <path d=head />
                <text x="170" y=top text-anchor="middle">{label}</text>
                <text class="at" x="282" y=top + 6>{at}</text>
            </g>
        }
    };
    view! {
        <div class="delivery">
            <h3>{store.text(|w| w.rest().delivery)}</h3>
            <svg viewBox=format!("0 0 350 {}", height + 6) width="100%" role="img" aria-label=store.text(|w| w.rest().delivery)>
                <text x="70" y="14" text-anchor="middle">"Midge"</text>
                <text x="270" y="14" text-anchor="middle">"Broker"</text>
                <path class="life" d=lines />
                {steps.into_iter().enumerate().map(arrow).pieces()}
            </svg>
        </div>
    }
}
