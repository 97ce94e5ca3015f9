//! The list of lessons, with what was done of each.

use leptos::prelude::*;

use crate::{
    lessons::Lesson,
    ui::{
        panes::lesson::{
            spoken::{said, spoken, words},
            texts::{State, Texts},
        },
        piece::{Piece, Pieces, view},
        state::store::{Learning, Store},
    },
};

/// The list.
#[component(transparent)]
pub fn ListOfLessons() -> Piece {
    let store = expect_context::<Store>();
    let texts = expect_context::<Texts>();
    let all = Piece::Live(Box::new(move || match texts.state.get() {
        State::Coming => view! { <p class="hint" role="status">{store.text(|w| w.loading)}</p> },
        State::Failed => view! {
            <p class="error remark" role="alert">
                {move || words(store).not_loaded}" "
                <button type="button" class="link" on:click=move |_| texts.fetch()>{store.text(|w| w.try_again)}</button>
            </p>
        },
        State::Here(lessons, faults) => {
            let missing = faults.iter().any(|(_, fault)| fault.is_none());
            let faulty = faults.iter().map(|(name, fault)| {
                let words = match fault {
                    Some(fault) => (words(store).fault)(name, fault),
                    None => (words(store).missing)(name),
                };
                view! { <p class="error remark">{words}</p> }
            });
            let again = missing.then(|| {
                view! {
                    <p><button type="button" class="link" on:click=move |_| texts.fetch()>{store.text(|w| w.try_again)}</button></p>
                }
            });
            let faulty = faulty.pieces();
            let rows = lessons.iter().cloned().enumerate().map(row).pieces();
            view! { {faulty}{again}<ol class="lessons">{rows}</ol> }
        }
    }));
    view! {
        <div class="head">
            <h2>{move || words(store).learn}</h2>
            <span class="grow"></span>
            <button type="button" class="button" data-escape="" on:click=move |_| store.chrome.learning.set(Learning::Nothing)>
                {store.text(|w| w.close)}
            </button>
        </div>
        <div class="scroll" tabindex="0" data-pane="lesson" role="group" aria-label=move || words(store).learn>
            <p class="hint">{move || words(store).about}</p>
            {all}
        </div>
    }
}

fn row((index, lesson): (usize, Lesson)) -> Piece {
    let store = expect_context::<Store>();
    let texts = expect_context::<Texts>();
    let steps = lesson.steps.len();
    let done = {
        let lesson = lesson.clone();
        Memo::new(move |_| texts.progress.with(|progress| progress.done(&lesson)))
    };
    let open = {
        let name = lesson.name.clone();
        move |_| {
            store
                .chrome
                .learning
                .set(Learning::Lesson(name.clone(), None))
        }
    };
    let title = {
        let title = lesson.title.clone();
        move || format!("{} · {}", index + 1, spoken(&title, store))
    };
    view! {
        <li class:finished=move || done.get() == steps>
            <button type="button" class="open" on:click=open>
                <b>{title}</b>
                <span class="num quiet">{move || (words(store).done_of)(done.get(), steps)}</span>
                <span class="hint">{said(lesson.goal.clone())}</span>
            </button>
        </li>
    }
}
