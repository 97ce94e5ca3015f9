//! A payload laid out a value a line: CBOR, MessagePack, protobuf.

use std::sync::Arc;

use super::{more::more, steps::Steps};
use crate::{
    desk::{format, inspected::payload},
    link::Inspected,
    payload::{CborLayout, Line, LineKind, MsgpackLayout, ProtobufLayout},
    ui::{
        controls::name::quoted,
        piece::{Piece, Pieces, view},
        state::store::Store,
        words::Words,
    },
};

/// CBOR: the first lines, or more on request; and where it is none, what could be read, and why not the rest.
pub fn cbor(store: Store, one: &Arc<Inspected>, steps: Steps) -> Piece {
    let mut layout = CborLayout::default();
    layout.go_on(payload(one), steps.lines(one));
    let fault = layout.fault().map(|fault| {
        view! { <p class="note" id="not-cbor">{move || (store.words().later().content.cbor_fault)(&fault)}</p> }
    });
    let shown = (!layout.is_done()).then_some(layout.at());
    lines(store, one, steps, layout.lines(), fault, shown)
}

/// MessagePack, likewise.
pub fn msgpack(store: Store, one: &Arc<Inspected>, steps: Steps) -> Piece {
    let mut layout = MsgpackLayout::default();
    layout.go_on(payload(one), steps.lines(one));
    let fault = layout.fault().map(|fault| {
        view! { <p class="note" id="not-msgpack">{move || (store.words().payloads().msgpack_fault)(&fault)}</p> }
    });
    let shown = (!layout.is_done()).then_some(layout.at());
    lines(store, one, steps, layout.lines(), fault, shown)
}

/// Protobuf without a schema, likewise.
pub fn protobuf(store: Store, one: &Arc<Inspected>, steps: Steps) -> Piece {
    let mut layout = ProtobufLayout::default();
    layout.go_on(payload(one), steps.lines(one));
    let fault = layout.fault().map(|fault| {
        view! { <p class="note" id="not-protobuf">{move || (store.words().payloads().protobuf_fault)(&fault)}</p> }
    });
    let shown = (!layout.is_done()).then_some(layout.at());
    lines(store, one, steps, layout.lines(), fault, shown)
}

fn lines(
    store: Store,
    one: &Arc<Inspected>,
    steps: Steps,
    lines: &[Line],
    fault: Option<Piece>,
    shown: Option<usize>,
) -> Piece {
    let rest = shown.map(|shown| more(store, one, shown, payload(one).len(), steps));
    view! {
        {fault}
        <pre class="json" id="payload" tabindex="0">
            {lines.iter().map(|line| laid_out(store.words(), line)).pieces()}
        </pre>
        {rest}
    }
}

fn laid_out(words: &Words, line: &Line) -> Piece {
    let class = match line.kind {
        LineKind::Text | LineKind::Bytes => "s",
        LineKind::Number => "n",
        LineKind::Word => "w",
        LineKind::Open | LineKind::Close | LineKind::Empty => "",
    };
    let indent = "  ".repeat(line.indented());
    let key = line
        .key
        .as_deref()
        .map(|key| view! { <span class="k">{quoted(key)}</span> ": " });
    let whole = line.whole.map(|bytes| {
        let told = (words.later().content.cbor_cut)(&format::size(bytes as u64));
        view! { <span class="was">{told}</span> }
    });
    view! { <span class="jl">{indent}{key}<span class=class>{quoted(&line.value)}</span>{line.end.sign()}{whole}{"\n"}</span> }
}
