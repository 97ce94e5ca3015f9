//! Lessons, beside the work: the list of them, and the steps of one. On a phone a sheet below, which folds. Loaded when it is
//! opened, and its texts then too.

mod course;
mod list;
mod spoken;
mod step;
mod texts;

use leptos::prelude::*;

use crate::browser::focus;
use crate::ui::{
    controls::{
        going::{Spot, go},
        rest::{later, on_demand},
    },
    panes::lesson::{course::CourseOf, list::ListOfLessons, texts::Texts},
    piece::{Piece, shown_when, view},
    state::store::{Learning, Store},
};

later! {
    /// The place of the pane.
    pub fn lesson() in around { LessonPane }
}

/// The pane, while it is open.
#[component(transparent)]
fn LessonPane() -> Piece {
    let store = expect_context::<Store>();
    let learning = store.chrome.learning;
    shown_when(
        move || learning.with(|it| *it != Learning::Nothing),
        move || {
            view! {
                <aside class="lesson" aria-label=store.text(|w| w.learn)>
                    {on_demand(lessons)}
                </aside>
            }
        },
    )
}

later! {
    /// What is in it.
    fn lessons() in lesson { Lessons }
}

/// The list, or the lesson that was chosen.
#[component(transparent)]
fn Lessons() -> Piece {
    let store = expect_context::<Store>();
    let texts = Texts::load();
    provide_context(texts);
    // Whoever opened it goes on there, and comes back to the button when it closes.
    go(store, Spot::Lesson);
    on_cleanup(|| {
        if focus::is_within(".lesson") {
            focus::to(".top .learn");
        }
    });
    let chosen = Memo::new(move |_| match store.chrome.learning.get() {
        Learning::Lesson(name, _) => Some(name),
        Learning::Nothing | Learning::List => None,
    });
    Piece::Live(Box::new(move || {
        let name = chosen.get();
        untrack(|| match name {
            Some(name) => view! { <CourseOf name=name /> },
            None => view! { <ListOfLessons /> },
        })
    }))
}
