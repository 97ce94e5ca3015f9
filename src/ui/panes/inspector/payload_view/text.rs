//! A payload as text: UTF-8, or Latin-1 by choice. What cannot be seen in it has a sign.

use std::sync::Arc;

use super::{more::more, steps::Steps};
use crate::{
    desk::{format, inspected::payload},
    link::Inspected,
    payload::latin1,
    reading::{Kind, is_plain},
    ui::{
        controls::name::quoted,
        piece::{Piece, Pieces, view},
        state::store::Store,
    },
};

/// The start of it, or more on request.
pub fn text(store: Store, one: &Arc<Inspected>, steps: Steps) -> Piece {
    let bytes = payload(one);
    let limit = steps.text(one).min(bytes.len());
    // Not in the middle of a character.
    let limit = (limit..bytes.len())
        .find(|&at| bytes.get(at).is_none_or(|byte| byte & 0xc0 != 0x80))
        .unwrap_or(bytes.len());
    let odd = std::str::from_utf8(bytes)
        .err()
        .map(|error| error.valid_up_to());
    let shown = String::from_utf8_lossy(bytes.get(..limit).unwrap_or_default()).into_owned();
    view! {
        {odd.map(|at| view! { <p class="note">{move || (store.words().rest().not_text)(&format::whole(at as u64))}</p> })}
        <pre class="text" id="payload" tabindex="0">{signed(&shown)}</pre>
        {more(store, one, limit, bytes.len(), steps)}
    }
}

/// The same, a character a byte.
pub fn text_in_latin1(store: Store, one: &Arc<Inspected>, steps: Steps) -> Piece {
    let bytes = payload(one);
    let limit = steps.text(one).min(bytes.len());
    let shown = latin1(bytes.get(..limit).unwrap_or_default());
    view! {
        <pre class="text" id="payload" tabindex="0">{signed(&shown)}</pre>
        {more(store, one, limit, bytes.len(), steps)}
    }
}

/// A text whose lines stay lines: a line in which something cannot be seen is taken apart, the others are one text.
fn signed(text: &str) -> Piece {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    for line in text.split_inclusive('\n') {
        let inside = line.strip_suffix('\n').unwrap_or(line);
        let inside = inside.strip_suffix('\r').unwrap_or(inside);
        // Tabs and spaces are seen by what stands around them.
        let seen = inside
            .split(['\t', ' '])
            .all(|word| is_plain(word, Kind::Text));
        if seen {
            plain.push_str(line);
            continue;
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut plain).into()));
        }
        pieces.push(quoted(inside));
        plain.push_str(line.get(inside.len()..).unwrap_or_default());
    }
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain.into()));
    }
    pieces.into_iter().pieces()
}
