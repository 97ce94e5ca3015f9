//! A payload as CBOR, a value a line.

use std::sync::Arc;

use super::{more::more, steps::Steps};
use crate::{
    desk::{format, inspected::payload},
    link::Inspected,
    payload::{CborKind, CborLayout, CborLine},
    ui::{
        piece::{Piece, Pieces, view},
        state::store::Store,
        words::Words,
    },
};

/// The first lines, or more on request; and where it is none, what could be read, and why not the rest.
pub fn cbor(store: Store, one: &Arc<Inspected>, steps: Steps) -> Piece {
    let bytes = payload(one);
    let mut layout = CborLayout::default();
    layout.go_on(bytes, steps.lines(one));
    let lines = layout.lines().iter();
    let rest = if layout.is_done() {
        Piece::Nothing
    } else {
        more(store, one, layout.at(), bytes.len(), steps)
    };
    let fault = layout.fault().map(|fault| {
        view! { <p class="note" id="not-cbor">{move || (store.words().later().content.cbor_fault)(&fault)}</p> }
    });
    view! {
        {fault}
        <pre class="json" id="payload" tabindex="0">
            {lines.map(|line| cbor_line(store.words(), line)).pieces()}
        </pre>
        {rest}
    }
}

fn cbor_line(words: &Words, line: &CborLine) -> Piece {
    let class = match line.kind {
        CborKind::Text | CborKind::Bytes => "s",
        CborKind::Number => "n",
        CborKind::Word => "w",
        CborKind::Open | CborKind::Close | CborKind::Empty => "",
    };
    let indent = "  ".repeat(line.indented());
    let key = line
        .key
        .clone()
        .map(|key| view! { <span class="k">{key}</span> ": " });
    let whole = line.whole.map(|bytes| {
        let told = (words.later().content.cbor_cut)(&format::size(bytes as u64));
        view! { <span class="was">{told}</span> }
    });
    let value = line.value.clone();
    view! { <span class="jl">{indent}{key}<span class=class>{value}</span>{line.end.sign()}{whole}{"\n"}</span> }
}
