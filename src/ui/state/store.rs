//! The store of the page. It joins four handles: the engine's answers, what is in front, the language, and the wire to the
//! engine. What comes over the wire goes to the answers, and the target of the inspector goes over the wire.

use std::sync::Arc;

use leptos::prelude::*;

pub use crate::ui::state::{
    answers::Answers,
    chrome::{Chrome, Draft, Learning, Section, Tab, narrow},
    speech::Speech,
};
use crate::{
    browser::{
        page_visibility,
        worker::{EngineWorker, FromWorker},
    },
    link::{self, Answer, Command, FIRST_CONNECTION, Frame, Inspected, Notice, Target, View},
    ui::{
        state::{failure::fail, wire::Wire},
        words::{Language, Words},
    },
};

/// Reads what came from the engine.
type Reader = fn(Store, &[u8]);

/// The store. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Store {
    /// The engine's answers.
    pub told: Answers,
    /// What is in front.
    pub chrome: Chrome,
    /// The language.
    pub speech: Speech,
    /// The engine has sent something, so it has started.
    pub engine_here: RwSignal<bool>,
    /// A connection was requested before the engine had started.
    pub engine_awaited: RwSignal<bool>,
    /// The function that reads frames, once it is loaded.
    reader: StoredValue<Option<Reader>>,
    wire: Wire,
}

impl Store {
    /// Creates the store and connects it with the engine.
    pub fn start() -> Self {
        let told = Answers::default();
        let wire = Wire::new(told.counters);
        let store = Self {
            told,
            chrome: Chrome::default(),
            speech: Speech::start(),
            engine_here: RwSignal::new(false),
            engine_awaited: RwSignal::new(false),
            reader: StoredValue::new(None),
            wire,
        };
        let worker = EngineWorker::take(move |said| match said {
            FromWorker::Turn(bytes) => {
                if !store.engine_here.get_untracked() {
                    store.engine_here.set(true);
                }
                match store.reader.get_value() {
                    Some(read) => read(store, &bytes),
                    None => wire.keep_unread(bytes),
                }
            }
            FromWorker::Crash(words) => fail(&words),
        });
        if worker.is_none() {
            fail("The engine was not started");
        }
        wire.join(worker);
        store.say(Command::Hello);
        page_visibility::watch(move |hidden| store.say(Command::Hidden(hidden)));
        store
    }

    /// Sets the function that reads frames, [`Self::receive`], which is loaded later than the store. It reads waiting frames,
    /// too.
    pub fn read_by(&self, read: Reader) {
        self.reader.set_value(Some(read));
        for bytes in self.wire.take_unread() {
            read(*self, &bytes);
        }
    }

    /// Reads a frame.
    pub fn receive(self, bytes: &[u8]) {
        match link::decode::<Frame>(bytes) {
            Ok(frame) => self.apply(frame),
            Err(link::Garbled) => fail("The engine and the page are not of one build"),
        }
    }

    /// Sends a command to the engine at once.
    pub fn say(&self, command: Command) {
        self.wire.say(vec![command]);
    }

    /// A connection was requested, and the engine has not started. Tracks both.
    pub fn waits_for_engine(&self) -> bool {
        self.engine_awaited.get() && !self.engine_here.get()
    }

    /// Changes what is shown. The engine is told before the next paint.
    pub fn show(&self, change: impl FnOnce(&mut View)) {
        self.wire.show(change);
    }

    /// Sets the target of the inspector; `None`: nothing is inspected.
    pub fn inspect(&self, target: Option<Target>) {
        if target.is_none() {
            self.told.inspected.set(None);
        }
        self.chrome.choose(target);
        self.say(Command::Inspect(target));
    }

    /// Moves to a row by keys. If the inspector is beside the rows, it shows that row.
    pub fn walk_to(&self, target: Target) {
        if narrow() && self.chrome.chosen.with_untracked(Option::is_none) {
            self.chrome.point(target);
        } else {
            self.inspect(Some(target));
        }
    }

    /// What the inspector shows, if it is the current target.
    pub fn looked_at(&self) -> Option<Arc<Inspected>> {
        self.told.looked_at(self.chrome.chosen.get_untracked())
    }

    /// The inspector waits for the answer about its target.
    pub fn is_awaited(&self) -> bool {
        let chosen = self.chrome.chosen.get();
        self.told
            .inspected
            .with(|one| one.as_ref().is_some_and(|one| one.target != chosen))
    }

    /// A number for a publication, never used twice.
    pub fn next_number(&self) -> u32 {
        self.wire.next_number()
    }

    fn apply(&self, frame: Frame) {
        if frame.connection != FIRST_CONNECTION || frame.notices.contains(&Notice::NoSuchConnection)
        {
            return fail("The engine does not have the page's connection");
        }
        self.wire.has_answered();
        for answer in frame.answers {
            if let Answer::Connection(after) = &answer {
                let before = self.told.connection.with_untracked(|before| before.phase);
                self.chrome.follow(before, after.phase);
            }
            self.told.take(answer, self.chrome.chosen.get_untracked());
        }
        self.told.note(frame.notices);
        if let Some(chunk) = frame.chunk {
            self.told.take_chunk(chunk);
        }
        // After a rest at once: what was sent is often followed by what comes back, and both are then in one paint.
        self.wire.ask();
    }

    /// The words of the chosen language. Tracks the language.
    pub fn words(&self) -> &'static Words {
        self.speech.words()
    }

    /// A text of the chosen language, for a view.
    pub fn text(
        self,
        choose: fn(&Words) -> &'static str,
    ) -> impl Fn() -> &'static str + Copy + Send + 'static {
        move || choose(self.words())
    }

    /// Sets and stores the language, once its words are loaded.
    pub fn speak(&self, language: Language) {
        let store = *self;
        self.speech
            .speak(language, move |stored| store.say_if_unstored(stored));
    }

    /// Shows a short message if a choice could not be stored and is valid for this page only.
    pub fn say_if_unstored(&self, stored: bool) {
        if !stored {
            self.warn(self.speech.words_now().broker.not_saved.to_owned());
        }
    }

    /// Shows a short message that matters, until it is closed.
    pub fn warn(&self, words: String) {
        self.chrome.keep_toast(self.next_number(), words);
    }

    /// Shows a short message for a few seconds, or until it is closed.
    pub fn toast(&self, words: String) {
        self.chrome.toast(self.next_number(), words);
    }
}
