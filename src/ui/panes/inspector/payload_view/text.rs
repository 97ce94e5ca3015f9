//! A payload as text.

use std::sync::Arc;

use super::{more::more, steps::Steps};
use crate::{
    desk::{format, inspected::payload},
    link::Inspected,
    ui::{
        piece::{Piece, view},
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
        <pre class="text" id="payload" tabindex="0">{shown}</pre>
        {more(store, one, limit, bytes.len(), steps)}
    }
}
