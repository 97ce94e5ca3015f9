//! The language of the page: the current one, and one that is being loaded.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::{color_scheme, storage},
    ui::{
        state::calendar::Calendar,
        words::{Language, Words},
    },
};

/// The language. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Speech {
    /// The language.
    pub language: RwSignal<Language>,
    /// The language that was chosen last. It may not be loaded yet.
    pub wanted: RwSignal<Language>,
    /// It could not be loaded.
    pub failed: RwSignal<bool>,
    /// How often a language was chosen.
    choices: StoredValue<u32>,
    /// The current day, and local time.
    pub calendar: Calendar,
}

impl Speech {
    /// Starts with the stored language, or that of the browser.
    pub fn start() -> Self {
        let language = Language::remembered();
        color_scheme::set_language(language.tag());
        Self {
            language: RwSignal::new(language),
            wanted: RwSignal::new(language),
            failed: RwSignal::new(false),
            choices: StoredValue::new(0),
            calendar: Calendar::start(),
        }
    }

    /// The words of the chosen language. Tracks the language.
    pub fn words(&self) -> &'static Words {
        self.language.get().words()
    }

    /// The same without tracking it.
    pub fn words_now(&self) -> &'static Words {
        self.language.get_untracked().words()
    }

    /// Date, time and distance from UTC. Tracks the language.
    pub fn moment_words(&self, time: f64) -> String {
        let say = self.words().rest().shown.date;
        self.calendar.moment(time).whole(say)
    }

    /// The time of day; with the date and the distance from UTC when it was on another day. Tracks both.
    pub fn time_words(&self, time: f64) -> String {
        let moment = self.calendar.moment(time);
        if moment.day != self.calendar.today.get() {
            return self.moment_words(time);
        }
        let mut clock = String::new();
        moment.clock(&mut clock);
        clock
    }

    /// Sets and stores the language, once its words are loaded. `stored` is called with whether it could be stored.
    pub fn speak(&self, language: Language, stored: impl FnOnce(bool) + 'static) {
        let speech = *self;
        speech.wanted.set(language);
        speech.failed.set(false);
        let choice = speech.choices.get_value() + 1;
        speech.choices.set_value(choice);
        spawn_local(async move {
            let loaded = language.load().await;
            // There may have been another choice meanwhile.
            if speech.choices.get_value() != choice {
                return;
            }
            if loaded.is_ok() {
                let kept = storage::write("midge.language", language.tag());
                color_scheme::set_language(language.tag());
                speech.language.set(language);
                stored(kept);
            } else {
                speech.wanted.set(speech.language.get_untracked());
                speech.failed.set(true);
            }
        });
    }
}
