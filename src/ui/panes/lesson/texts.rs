//! The texts of the lessons: fetched when the first lesson is opened, and what somebody has done of them, which is kept on
//! this device.

use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::{fetch, location, storage},
    lessons::{self, Fault, Lesson, Progress},
};

const FOLDER: &str = "lessons";
const NAME: &str = "midge.lessons";

/// How far they are.
#[derive(Clone)]
pub enum State {
    /// On their way.
    Coming,
    /// Here: the lessons; and by their names texts that are none: with a fault, or `None` where one did not load.
    Here(Arc<Vec<Lesson>>, Arc<Vec<(String, Option<Fault>)>>),
    /// They did not load.
    Failed,
}

/// The texts. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Texts {
    /// How far they are.
    pub state: RwSignal<State>,
    /// What was done.
    pub progress: RwSignal<Progress>,
}

impl Texts {
    /// Loads them.
    pub fn load() -> Self {
        let texts = Self {
            state: RwSignal::new(State::Coming),
            progress: RwSignal::new(stored()),
        };
        texts.fetch();
        texts
    }

    /// Loads them, once more if need be.
    pub fn fetch(self) {
        self.state.set(State::Coming);
        spawn_local(async move {
            let state = fetched().await.unwrap_or(State::Failed);
            // The pane may be closed by now.
            self.state.try_set(state);
        });
    }

    /// The lesson of this name. Tracks.
    pub fn named(self, name: &str) -> Option<Lesson> {
        self.state.with(|state| match state {
            State::Here(lessons, _) => lessons.iter().find(|one| one.name == name).cloned(),
            State::Coming | State::Failed => None,
        })
    }

    /// The one that comes after this one. Tracks.
    pub fn after(self, name: &str) -> Option<Lesson> {
        self.state.with(|state| match state {
            State::Here(lessons, _) => {
                let at = lessons.iter().position(|one| one.name == name)?;
                lessons.get(at + 1).cloned()
            }
            State::Coming | State::Failed => None,
        })
    }

    /// Changes what was done. Another tab may have done something meanwhile, so it is read anew.
    pub fn change(self, change: impl FnOnce(&mut Progress)) {
        let mut progress = stored();
        change(&mut progress);
        storage::write(NAME, &progress.write());
        self.progress.set(progress);
    }
}

fn stored() -> Progress {
    storage::read(NAME).map_or_else(Progress::default, |text| Progress::read(&text))
}

async fn fetched() -> Option<State> {
    let list = location::fetch_text(&format!("{FOLDER}/list.txt")).await?;
    let (mut lessons, mut faults) = (Vec::new(), Vec::new());
    let names: Vec<_> = list.split_whitespace().collect();
    let paths = names.iter().map(|name| format!("{FOLDER}/{name}.txt"));
    for (name, text) in names.iter().zip(fetch::texts(paths).await) {
        // One that is not there takes no other one with it.
        match text.map(|text| lessons::read(&text)) {
            Some(Ok(read)) => lessons.extend(read),
            Some(Err(fault)) => faults.push(((*name).to_owned(), Some(fault))),
            None => faults.push(((*name).to_owned(), None)),
        }
    }
    Some(State::Here(Arc::new(lessons), Arc::new(faults)))
}
