//! If the same invalid packet ends every connection: the filters that may cause it.

use leptos::prelude::*;

use crate::{
    desk::text::shortened,
    link::{Command, Phase},
    ui::{
        piece::{Piece, rows, view},
        state::store::Store,
    },
};

/// The filters, each with a button that unsubscribes from it. Hidden while connected.
#[component(transparent)]
pub fn Suspects() -> Piece {
    let store = expect_context::<Store>();
    let filters = Memo::new(move |_| {
        store.told.connection.with(|connection| {
            let here = connection.phase == Phase::Connected;
            if here {
                Vec::new()
            } else {
                connection.suspects.clone()
            }
        })
    });
    let leave_out = move |filter: String| {
        store.say(Command::Unsubscribe { filter });
        store.say(Command::TryNow);
    };
    view! {
        <div class="suspects" hidden=move || filters.with(Vec::is_empty)>
            <p>{store.text(|w| w.rest().work.remarks.suspects)}</p>
            <div class="buttons">
                {rows(
                    move || filters.get(),
                    String::clone,
                    move |_, filter| {
                        let short = shortened(&filter);
                        view! {
                            <button type="button" class="button" data-filter=filter.clone() on:click=move |_| leave_out(filter.clone())>
                                {move || (store.words().rest().work.remarks.leave_out)(&short)}
                            </button>
                        }
                    },
                )}
            </div>
        </div>
    }
}
