//! A payload in hexadecimal, with its characters.

use std::sync::Arc;

use super::{more::more, steps::Steps};
use crate::{
    desk::inspected::payload,
    link::Inspected,
    payload::{ROW_BYTES, hex_row, hex_rows},
    ui::{
        piece::{Piece, view},
        state::store::Store,
    },
};

/// The first rows, or more on request.
pub fn hex(store: Store, one: &Arc<Inspected>, steps: Steps) -> Piece {
    let bytes = payload(one);
    let rows = hex_rows(bytes.len()).min(steps.rows(one));
    let mut shown = String::with_capacity(rows * 80);
    for row in 0..rows {
        hex_row(bytes, row, &mut shown);
        shown.push('\n');
    }
    view! {
        <pre class="hexdump" id="payload" tabindex="0">{shown}</pre>
        {more(store, one, (rows * ROW_BYTES).min(bytes.len()), bytes.len(), steps)}
    }
}
