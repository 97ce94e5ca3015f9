//! What more than one part of the broker's inside says.

use leptos::prelude::*;

use crate::{
    desk::{format, text::cut},
    reading::Kind,
    ui::{
        controls::name::name,
        piece::{Piece, view},
        state::store::Store,
        words::{InsideWords, inside},
    },
};

/// Characters of a name that have a place here.
pub const SHOWN: usize = 80;

/// The words of it, in the language of the page. Tracks that.
pub fn words(store: Store) -> &'static InsideWords {
    inside(store.speech.language.get())
}

/// How many are left out, if any are.
pub fn left_out(store: Store, count: u64) -> Piece {
    match count {
        0 => Piece::Nothing,
        _ => {
            let said = (words(store).left_out)(&format::whole(count));
            view! { <p class="hint">{said}</p> }
        }
    }
}

/// Who published a message.
pub fn publisher(from: Option<&str>, store: Store) -> Piece {
    match from {
        Some(client) => name(&cut(client, SHOWN), Kind::Text),
        None => Piece::Text(words(store).the_broker.into()),
    }
}

/// A moment, with its date unless that is today. Tracks which day it is.
pub fn clock(time: f64, store: Store) -> String {
    let mut out = String::new();
    let calendar = store.speech.calendar;
    let say = store.words().rest().shown.date;
    calendar
        .moment(time)
        .on(calendar.today.get(), say, &mut out);
    out
}
