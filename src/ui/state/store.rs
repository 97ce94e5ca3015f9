//! What the page knows, in four handles: the engine's answers, what is in front, the language, and the wire to the engine.
//! Joins them: what comes over the wire goes to the answers, and what is chosen goes over the wire.

use std::sync::Arc;

use leptos::prelude::*;

pub use crate::ui::state::{
    answers::Answers,
    chrome::{Chrome, Draft, Section, Tab, narrow},
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

/// What the page knows. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Store {
    /// What the engine has told.
    pub told: Answers,
    /// What is in front.
    pub chrome: Chrome,
    /// The language.
    pub speech: Speech,
    /// The engine has said something: it is there.
    pub engine_here: RwSignal<bool>,
    /// A connection was asked for before it was.
    pub engine_awaited: RwSignal<bool>,
    /// Reads frames, once it is there.
    reader: StoredValue<Option<Reader>>,
    wire: Wire,
}

impl Store {
    /// Makes the store and joins it to the engine.
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

    /// Reads what came from the engine, and what will, by this: [`Self::receive`], which is loaded later than the store.
    pub fn read_by(&self, read: Reader) {
        self.reader.set_value(Some(read));
        for bytes in self.wire.take_unread() {
            read(*self, &bytes);
        }
    }

    /// Reads what came from the engine.
    pub fn receive(self, bytes: &[u8]) {
        match link::decode::<Frame>(bytes) {
            Ok(frame) => self.apply(frame),
            Err(link::Garbled) => fail("The engine and the page are not of one build"),
        }
    }

    /// Says something to the engine at once.
    pub fn say(&self, command: Command) {
        self.wire.say(vec![command]);
    }

    /// A connection was asked for, and the engine is still on its way. Tracks both.
    pub fn waits_for_engine(&self) -> bool {
        self.engine_awaited.get() && !self.engine_here.get()
    }

    /// Changes what is shown; the engine hears of it before the next paint.
    pub fn show(&self, change: impl FnOnce(&mut View)) {
        self.wire.show(change);
    }

    /// Looks at a packet or a topic, or at nothing.
    pub fn inspect(&self, target: Option<Target>) {
        if target.is_none() {
            self.told.inspected.set(None);
        }
        self.chrome.choose(target);
        self.say(Command::Inspect(target));
    }

    /// Goes to a packet or a topic by keys: looks at it, where the inspector stands beside the rows.
    pub fn walk_to(&self, target: Target) {
        if narrow() && self.chrome.chosen.with_untracked(Option::is_none) {
            self.chrome.point(target);
        } else {
            self.inspect(Some(target));
        }
    }

    /// What the inspector looks at, once it is what the user chose last.
    pub fn looked_at(&self) -> Option<Arc<Inspected>> {
        self.told.looked_at(self.chrome.chosen.get_untracked())
    }

    /// The inspector waits for the answer to the latest choice.
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

    /// Sets and remembers the language, as soon as its words are here.
    pub fn speak(&self, language: Language) {
        let store = *self;
        self.speech
            .speak(language, move |stored| store.say_if_unstored(stored));
    }

    /// Says that a choice holds for this page alone, where the browser did not store it.
    pub fn say_if_unstored(&self, stored: bool) {
        if !stored {
            self.toast(self.speech.words_now().broker.not_saved.to_owned());
        }
    }

    /// Shows a short message until it is put away or a few seconds are over.
    pub fn toast(&self, words: String) {
        self.chrome.toast(self.next_number(), words);
    }
}
