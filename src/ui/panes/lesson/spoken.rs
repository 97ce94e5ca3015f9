//! What a lesson says, on the page: words, and code between them.

use leptos::prelude::*;

use crate::{
    lessons::{Span, Text, spans},
    reading::Kind,
    ui::{
        controls::name::name,
        piece::{Piece, Pieces, view},
        state::store::Store,
        words::{LessonWords, lessons},
    },
};

/// The words around lessons, in the language of the page. Tracks that.
pub fn words(store: Store) -> &'static LessonWords {
    lessons(store.speech.language.get())
}

/// What it says in the language of the page. Tracks that.
pub fn spoken(text: &Text, store: Store) -> String {
    text.in_language(store.speech.language.get().tag())
        .to_owned()
}

/// A text in its pieces. Follows the language.
pub fn said(text: Text) -> Piece {
    let store = expect_context::<Store>();
    Piece::Live(Box::new(move || {
        let text = spoken(&text, store);
        spans(&text)
            .into_iter()
            .map(|span| match span {
                Span::Plain(text) => Piece::Text(text.to_owned().into()),
                Span::Code(code) => view! { <code>{name(code, Kind::Text)}</code> },
            })
            .pieces()
    }))
}
