//! The doctor, on the connect screen: why there is no connection, and what to check. What to say is decided in
//! [`crate::desk::doctor`].

use crate::ui::controls::rest::later;
use leptos::prelude::*;

use crate::{
    browser::date,
    desk::doctor::{advise, is_guessing, kind, told_loss, trouble_now},
    link::Connection,
    ui::{
        controls::{name, suspects::Suspects},
        piece::{Piece, Pieces, view},
        state::{
            form::{Form, host::for_this_page},
            store::{Section, Store},
        },
        words::sentences::{self, trouble::Said},
    },
};

later! {
    /// What went wrong with the last try.
    pub fn trouble() in around { TroubleWords }
}

/// Why there is no connection, and what to check, on the connect screen.
#[component(transparent)]
fn TroubleWords() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let trouble = Memo::new(move |_| {
        store.told.connection.with(|connection| {
            let told = || Connection {
                next_try: None,
                attempt: 0,
                since: None,
                round_trip: None,
                ..connection.clone()
            };
            trouble_now(connection).map(|_| told())
        })
    });
    let kind = move || {
        trouble.with(|told| {
            told.as_ref()
                .and_then(|told| told.trouble.as_ref().map(kind))
        })
    };
    let replaced = move || kind() == Some("replaced");
    let words = move || {
        trouble.with(|told| {
            let told = told.as_ref()?;
            let trouble = told.trouble.as_ref()?;
            let words = store.words();
            let checks = for_this_page(|page| advise(trouble, told, page, date::now()));
            let checks = checks.into_iter().map(|one| {
                match sentences::trouble::advice(one, words) {
                    Said::Words(words) => view! { <li>{words}</li> },
                    Said::Lines(words, lines) => {
                        view! { <li>{words}<pre class="lines mono">{lines}</pre></li> }
                    }
                    Said::Quote(words, quoted) => {
                        view! { <li>{words}" "<q class="wrap">{name::quoted(&quoted)}</q></li> }
                    }
                    Said::Open(words, address) => {
                        let href = address.clone();
                        view! { <li>{words}" "<a class="mono" href=href target="_blank" rel="noopener noreferrer">{address}</a></li> }
                    }
                }
            });
            let guessing = is_guessing(trouble);
            let lost = told_loss(told).map(|lost| {
                let time = store.speech.moment_words(lost.at);
                let what = sentences::trouble::summary(&lost.trouble, told.version, words);
                view! { <p class="title">{(words.rest().told.lost_at)(&time, &what)}</p> }
            });
            Some(view! {
                {lost}
                <p class="title">{sentences::trouble::summary(trouble, told.version, words)}</p>
                {guessing.then(|| view! { <p>{words.later().doctor.guesses}</p> })}
                <ul>{checks.pieces()}</ul>
            })
        })
    };
    view! {
        <div
            // Over the messages another part of the page tells the same; the name is that of the one in front.
            id=move || (store.chrome.section.get() == Section::Broker).then_some("trouble")
            class="trouble error"
            role="alert"
            data-kind=kind
            hidden=move || trouble.with(Option::is_none)
        >
            {words}
            <Suspects />
            <div class="buttons" hidden=move || !replaced()>
                <button
                    type="button"
                    class="button"
                    on:click=move |_| {
                        form.new_client_id();
                        form.connect(store);
                    }
                >
                    {store.text(|w| w.later().doctor.with_new_id)}
                </button>
                <button type="button" class="button" on:click=move |_| form.connect(store)>
                    {store.text(|w| w.later().doctor.again)}
                </button>
            </div>
        </div>
    }
}
