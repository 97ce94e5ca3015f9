//! The line below a payload that is shown in part.

use super::steps::Steps;
use crate::{
    desk::format,
    link::Inspected,
    ui::{
        piece::{Piece, view},
        state::store::Store,
    },
};

/// The line that says how much is shown, and shows more.
pub fn more(store: Store, one: &Inspected, shown: usize, all: usize, steps: Steps) -> Piece {
    if shown >= all {
        return Piece::Nothing;
    }
    let seq = one.seq;
    let words = move || {
        (store.words().rest().bytes_shown)(&format::size(shown as u64), &format::size(all as u64))
    };
    view! {
        <p class="note">
            {words}" "
            <button class="link" on:click=move |_| steps.grow(seq)>{store.text(|w| w.rest().show_more)}</button>
        </p>
    }
}
