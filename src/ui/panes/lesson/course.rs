//! One lesson: its steps, the one that is to be done now, and whether what happens does it.

use leptos::prelude::*;

use crate::{
    lessons::{Facts, Lesson, StepState, Text},
    link::WatchView,
    ui::{
        panes::lesson::{
            spoken::{said, spoken, words},
            step::StepRow,
            texts::{State, Texts},
        },
        piece::{Piece, Pieces, view},
        state::store::{Learning, Store},
    },
};

/// Where somebody is in a lesson. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Course {
    /// The lesson.
    pub lesson: StoredValue<Lesson>,
    /// The step that is to be done now; `None`: all are done.
    pub now: RwSignal<Option<usize>>,
    /// Goals are watched for under this number.
    number: RwSignal<u32>,
    /// The packet to look at, by step.
    pub packets: RwSignal<Vec<Option<u64>>>,
    /// Topics that were ticked beforehand, by step.
    pub ticked: RwSignal<Vec<Vec<bool>>>,
    texts: Texts,
    store: Store,
}

impl Course {
    fn begin(lesson: Lesson, at: Option<usize>) -> Self {
        let store = expect_context::<Store>();
        let texts = expect_context::<Texts>();
        let steps = lesson.steps.len();
        let next = texts
            .progress
            .with_untracked(|progress| progress.next(&lesson));
        let ticked = lesson
            .steps
            .iter()
            .map(|step| vec![false; step.predict.len()]);
        let ticked = RwSignal::new(ticked.collect());
        let course = Self {
            lesson: StoredValue::new(lesson),
            now: RwSignal::new(None),
            number: RwSignal::new(0),
            packets: RwSignal::new(vec![None; steps]),
            ticked,
            texts,
            store,
        };
        course.go_to(at.filter(|at| *at < steps).or(next), None);
        Effect::new(move |_| course.look());
        // With the pane the engine stops watching.
        on_cleanup(move || store.show(|view| view.watched = None));
        course
    }

    /// This step is to be done now, by what comes from the packet of this number on; `None`: from now on.
    pub fn go_to(self, step: Option<usize>, from: Option<u64>) {
        let number = self.number.get_untracked().wrapping_add(1);
        let goals = step.and_then(|step| {
            self.lesson
                .with_value(|lesson| lesson.steps.get(step).map(crate::lessons::Step::goals))
        });
        self.store.show(|view| {
            view.watched = goals.map(|goals| WatchView {
                number,
                from,
                goals,
            });
        });
        self.number.set(number);
        self.now.set(step);
    }

    /// How a step stands. Tracks.
    pub fn state_of(self, step: usize) -> StepState {
        if self.now.get() == Some(step) {
            StepState::Now
        } else if self.is_done(step) {
            StepState::Done
        } else {
            StepState::Later
        }
    }

    /// A step was done, now or on an earlier visit. Tracks.
    pub fn is_done(self, step: usize) -> bool {
        self.texts.progress.with(|progress| {
            self.lesson
                .with_value(|lesson| progress.is_done(&lesson.name, step))
        })
    }

    /// The hint for the step that is to be done now, if one holds. Tracks.
    pub fn hint(self) -> Option<Text> {
        let step = self.now.get()?;
        self.with_facts(|facts| {
            self.lesson
                .with_value(|lesson| lesson.steps.get(step)?.hint(facts).cloned())
        })
    }

    /// Begins the whole lesson anew.
    pub fn begin_anew(self) {
        let name = self.lesson.with_value(|lesson| lesson.name.clone());
        self.texts.change(|progress| progress.forget(&name));
        self.go_to(Some(0), None);
    }

    fn with_facts<T>(self, read: impl FnOnce(&Facts<'_>) -> T) -> T {
        let number = self.number.get();
        let told = self.store.told;
        told.connection.with(|connection| {
            told.subscriptions.with(|subscriptions| {
                told.watched.with(|watched| {
                    read(&Facts {
                        connection,
                        subscriptions,
                        goals: Facts::goals_of(watched, number),
                    })
                })
            })
        })
    }

    /// Whether what has happened does the step, and what comes then.
    fn look(self) {
        let Some(step) = self.now.get() else {
            return;
        };
        let done = self.with_facts(|facts| {
            self.lesson.with_value(|lesson| {
                let step = lesson.steps.get(step)?;
                // The engine has not answered for this step yet.
                if facts.goals.len() < step.goals().len() || !step.is_done(facts) {
                    return None;
                }
                Some((step.packet_seen(facts.goals), step.done_at(facts.goals)))
            })
        });
        if let Some((packet, at)) = done {
            untrack(|| self.done(step, packet, at));
        }
    }

    fn done(self, step: usize, packet: Option<u64>, at: Option<u64>) {
        self.packets.update(|packets| {
            if let Some(slot) = packets.get_mut(step) {
                *slot = packet;
            }
        });
        let name = self.lesson.with_value(|lesson| lesson.name.clone());
        self.texts.change(|progress| progress.do_step(&name, step));
        let next = self.texts.progress.with_untracked(|progress| {
            self.lesson.with_value(|lesson| {
                let later = (step + 1..lesson.steps.len())
                    .find(|later| !progress.is_done(&lesson.name, *later));
                later.or_else(|| progress.next(lesson))
            })
        });
        self.go_to(next, at.map(|at| at + 1));
    }
}

/// The lesson of this name, once the texts are here.
#[component(transparent)]
pub fn CourseOf(
    /// Its name.
    name: String,
) -> Piece {
    let store = expect_context::<Store>();
    let texts = expect_context::<Texts>();
    let here = Memo::new(move |_| texts.state.with(|state| !matches!(state, State::Coming)));
    Piece::Live(Box::new(move || {
        if !here.get() {
            return view! { <p class="hint" role="status">{store.text(|w| w.loading)}</p> };
        }
        untrack(|| match texts.named(&name) {
            Some(lesson) => view! { <OneLesson lesson=lesson /> },
            None => view! { <NoLesson name=name.clone() /> },
        })
    }))
}

/// There is no such lesson, or none came.
#[component(transparent)]
fn NoLesson(name: String) -> Piece {
    let store = expect_context::<Store>();
    let texts = expect_context::<Texts>();
    let said = move || match texts.state.with(|state| matches!(state, State::Failed)) {
        true => words(store).not_loaded.to_owned(),
        false => (words(store).unknown)(&name),
    };
    view! {
        <p class="error remark" role="alert">{said}</p>
        <p><button type="button" class="button" on:click=move |_| store.chrome.learning.set(Learning::List)>
            {move || words(store).all_lessons}
        </button></p>
    }
}

#[component(transparent)]
fn OneLesson(lesson: Lesson) -> Piece {
    let store = expect_context::<Store>();
    let texts = expect_context::<Texts>();
    let at = match store.chrome.learning.get_untracked() {
        Learning::Lesson(_, at) => at,
        Learning::Nothing | Learning::List => None,
    };
    let (title, goal, needs) = (
        lesson.title.clone(),
        lesson.goal.clone(),
        lesson.needs.clone(),
    );
    let steps = lesson.steps.len();
    let after = texts.after(&lesson.name);
    let course = Course::begin(lesson, at);
    let folded = RwSignal::new(false);
    let done = move || (0..steps).filter(|step| course.is_done(*step)).count();
    let rows = (0..steps)
        .map(|step| view! { <StepRow course=course step=step /> })
        .pieces();
    let has_needs = !needs.is_empty();
    let next = after.map(|after| {
        let (name, title) = (after.name.clone(), after.title.clone());
        let open = move |_| {
            store
                .chrome
                .learning
                .set(Learning::Lesson(name.clone(), None))
        };
        view! {
            <button type="button" class="button primary" on:click=open>
                {move || (words(store).next_lesson)(&spoken(&title, store))}
            </button>
        }
    });
    view! {
        <div class="head" class:folded=move || folded.get()>
            <button
                type="button"
                class="button ghost icon"
                aria-label=move || words(store).all_lessons
                on:click=move |_| store.chrome.learning.set(Learning::List)
            >"‹"</button>
            <h2 class="grow">{said(title)}</h2>
            <span class="num quiet">{move || (words(store).done_of)(done(), steps)}</span>
            <button
                type="button"
                class="button ghost icon fold"
                aria-expanded=move || (!folded.get()).to_string()
                aria-label=move || if folded.get() { words(store).unfold } else { words(store).fold }
                on:click=move |_| folded.update(|folded| *folded = !*folded)
            >{move || if folded.get() { "▴" } else { "▾" }}</button>
            <button type="button" class="button ghost icon" data-escape="" aria-label=store.text(|w| w.close) on:click=move |_| store.chrome.learning.set(Learning::Nothing)>"×"</button>
        </div>
        <div class="scroll" tabindex="0" data-pane="lesson" role="group" aria-label=move || words(store).learn>
            <p class="hint">{said(goal)}</p>
            <p class="hint" hidden=!has_needs><b>{move || words(store).needs}</b>" "{said(needs)}</p>
            <ol class="course">{rows}</ol>
            <div class="finish" role="status" hidden=move || done() < steps || course.now.get().is_some()>
                <p><b>{move || words(store).finished}</b></p>
                {next}
            </div>
            <p hidden=move || done() == 0>
                <button type="button" class="link" on:click=move |_| course.begin_anew()>{move || words(store).anew}</button>
            </p>
        </div>
    }
}
