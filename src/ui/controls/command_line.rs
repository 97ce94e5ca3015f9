//! A command for a terminal with a button to copy it and with notes, or the reason why there is none.

use leptos::prelude::*;

use crate::{
    profile::terminal::{Line, NoLine},
    ui::{
        controls::copying::copy,
        piece::{Piece, view},
        state::store::Store,
        words::{self, Words},
    },
};

/// The command line. `None`: nothing is shown yet.
#[component(transparent)]
pub fn CommandLine(
    /// The command, or why there is none.
    line: Memo<Option<Result<Line, NoLine>>>,
    /// What it does.
    label: fn(&Words) -> &'static str,
) -> Piece {
    let store = expect_context::<Store>();
    let text = move || {
        line.with(|line| match line {
            Some(Ok(line)) => Some(line.text.clone()),
            _ => None,
        })
    };
    let notes = move || {
        let w = words::terminal(store.speech.language.get());
        line.with(|line| match line {
            Some(Ok(line)) => line.notes.iter().map(w.note).collect::<Vec<_>>().join(" "),
            Some(Err(why)) => (w.none)(*why),
            None => String::new(),
        })
    };
    let copy = move |_| {
        let Some(text) = untrack(text) else {
            return;
        };
        copy(store, text);
    };
    view! {
        <div class="terminal" hidden=move || line.with(Option::is_none)>
            <div class="line">
                <span class="hint grow">{store.text(label)}</span>
                <button type="button" class="link" hidden=move || text().is_none() on:click=copy>
                    {move || words::terminal(store.speech.language.get()).copy}
                </button>
            </div>
            <code class="mono quiet" tabindex="0" hidden=move || text().is_none()>{text}</code>
            <p class="hint wrap" hidden=move || notes().is_empty()>{notes}</p>
        </div>
    }
}
