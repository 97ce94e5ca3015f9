//! The publisher at work: joins what was typed, the drafts, the engine, and what is said of the outcome.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::{
    desk::{
        format,
        publishing::{Outcome, Published},
        text::{spoken, topic_words},
        typed::{Shown, Way, interval, to_edit, way},
    },
    link::{Body, Command, Notice},
    profile::drafts::Format,
    protocol::Qos,
    ui::{
        panes::publisher::{drafts::Drafts, typed::Typed},
        state::{
            announced::Announced,
            store::{Draft, Store},
        },
        words::{Words, sentences::trouble_words},
    },
};

/// A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Publishing {
    store: Store,
    typed: Typed,
    drafts: Drafts,
    announced: Announced,
    published: StoredValue<Published>,
}

impl Publishing {
    /// Listens to the engine from now on.
    pub fn start(store: Store, typed: Typed, drafts: Drafts) -> Self {
        let publishing = Self {
            store,
            typed,
            drafts,
            announced: expect_context(),
            published: StoredValue::default(),
        };
        // Signals are written in answer to the engine here, where its answers arrive.
        Effect::new(move |_| {
            store.told.notices.with(|notices| {
                for notice in notices {
                    publishing.hear(notice);
                }
            });
        });
        publishing
    }

    /// What was typed.
    pub fn typed(self) -> Typed {
        self.typed
    }

    /// What is published now waits for a connection.
    pub fn later(self) -> Memo<bool> {
        let connection = self.store.told.connection;
        Memo::new(move |_| connection.with(|connection| way(connection.phase) == Way::Later))
    }

    /// Bytes that were sent and have not left yet.
    pub fn leaving(self) -> Memo<u64> {
        let queue = self.store.told.queue;
        Memo::new(move |_| queue.with(|queue| queue.leaving))
    }

    /// Publishes what was typed, or says what is in the way.
    pub fn publish(self) {
        let Self { store, typed, .. } = self;
        let Some(publication) = typed.publication(store) else {
            return;
        };
        let words = store.speech.words_now();
        let way = self.way();
        if way == Way::Nowhere {
            return self.blame(words.rest().not_connected);
        }
        if publication.qos > Qos::AtMostOnce && way == Way::Now {
            typed.said.set(words.rest().unacknowledged.to_owned());
        }
        typed.remember();
        // A retained message is kept by the broker: one has to want that each time.
        typed.retain.set(false);
        // What a template was filled in with is not the template.
        if matches!(publication.payload, Body::Bytes(_)) {
            self.drafts.settle();
        }
        self.published
            .update_value(|published| published.add(publication.number, &publication.topic));
        store.say(Command::Publish(Box::new(publication)));
    }

    /// Publishes what was typed again and again, or says what is in the way.
    pub fn start_series(self) {
        let Self { store, typed, .. } = self;
        let words = store.speech.words_now();
        // The browser reads it: `f64`'s own reading is 10 kB. What is no number is NaN.
        let seconds = JsValue::from_str(&typed.every.get_untracked());
        let Some(every_ms) = interval(f64::try_from(seconds).unwrap_or(f64::NAN)) else {
            return self.blame(words.rest().bad_interval);
        };
        let Some(publication) = typed.publication(store) else {
            return;
        };
        if self.way() != Way::Now {
            return self.blame(words.rest().not_connected);
        }
        typed.remember();
        typed.series.set(Some(publication.number));
        store.say(Command::Start {
            publication: Box::new(publication),
            every_ms,
        });
    }

    /// Ends the series.
    pub fn stop_series(self) {
        if let Some(number) = self.typed.series.get_untracked() {
            self.store.say(Command::Stop { number });
        }
        self.typed.series.set(None);
    }

    /// Puts a message into the form. What was typed there is kept.
    pub fn take_over(self, draft: Draft) {
        let Self { store, typed, .. } = self;
        let kept = self.drafts.make_room();
        typed.topic.set(draft.topic);
        typed.file.set(None);
        typed.file_again.set(None);
        typed.qos.set(draft.qos.bits());
        typed.retain.set(draft.retain);
        typed.properties.set(&draft.properties);
        typed.topic_error.set(None);
        typed.payload_error.set(None);
        match to_edit(&draft.payload) {
            Shown::Text { text, placeholders } => {
                typed.format.set(Format::Text);
                typed.placeholders.set(placeholders);
                typed.payload.set(text);
            }
            Shown::Hex(digits) => {
                typed.format.set(Format::Hex);
                typed.payload.set(digits);
            }
        }
        self.drafts.settle();
        let words = store.speech.words_now();
        let said = if kept {
            words.rest().shown.draft_kept
        } else {
            ""
        };
        typed.said.set(said.to_owned());
    }

    /// What there is to say now.
    pub fn said(self, leaving: Memo<u64>) -> String {
        let Self { store, typed, .. } = self;
        let number = typed.series.get();
        let series = store
            .told
            .series
            .with(|all| all.iter().find(|one| Some(one.number) == number).cloned());
        let words = store.words().rest();
        match series {
            Some(series) if series.waiting => words.running_waits.to_owned(),
            Some(series) if series.held => (words.work.queue.held)(&format::size(leaving.get())),
            Some(series) => {
                (words.running)(&format::whole(series.sent), &topic_words(&series.topic))
            }
            // What was said of it last is true once it has left.
            None if leaving.get() > 0 => (words.work.queue.leaving)(&format::size(leaving.get())),
            None => typed.said.get(),
        }
    }

    fn hear(self, notice: &Notice) {
        let Self { store, typed, .. } = self;
        let series = typed.series.get_untracked();
        let news = self
            .published
            .with_value(|published| published.hear(notice, series));
        let Some(news) = news else { return };
        if news.ends_series {
            typed.series.set(None);
        }
        if news.unsettles {
            self.drafts.unsettle();
        }
        let words = store.speech.words_now();
        let queue = &words.rest().work.queue;
        match news.outcome {
            Outcome::Done { topic } => {
                self.say((words.rest().published)(&topic_words(&topic)));
            }
            Outcome::Waits => self.say(queue.queued.to_owned()),
            Outcome::Cancelled { topic } => {
                self.say((queue.cancelled)(&topic_words(&topic)));
            }
            Outcome::Refused {
                topic,
                code,
                reason,
            } => {
                let topic = topic.map(|topic| topic_words(&topic));
                let why = refusal_words(topic.as_deref(), code, reason.as_deref(), words);
                typed.said.set(String::new());
                typed.payload_error.set(Some(why));
            }
            Outcome::Failed(why) => typed.payload_error.set(Some(trouble_words(&why, words))),
        }
    }

    /// Says what became of the latest message, to the eye and aloud.
    fn say(self, words: String) {
        self.announced.say(&words);
        self.typed.said.set(words);
    }

    fn way(self) -> Way {
        let connection = self.store.told.connection;
        connection.with_untracked(|connection| way(connection.phase))
    }

    fn blame(self, words: &str) {
        self.typed.payload_error.set(Some(words.to_owned()));
    }
}

/// The words for a publication that the broker refused; without a topic it is one of an earlier page.
fn refusal_words(topic: Option<&str>, code: u8, reason: Option<&str>, words: &Words) -> String {
    let w = &words.rest().work.refusals;
    let meaning = (w.meaning)(code);
    let mut text = match topic {
        Some(topic) => (w.message)(topic, meaning, code),
        None => (w.earlier_message)(meaning, code),
    };
    if let Some(reason) = reason {
        text.push(' ');
        text.push_str(&(w.says)(&spoken(reason)));
    }
    text
}
