//! What was typed into the publisher: checked before it goes out, and never thrown away.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::File;

use crate::{
    browser::file,
    desk::typed::{Faults, Stop, TypedMessage, may_go, payload::TypedPayload},
    link::Publication,
    profile::drafts::Format,
    ui::{
        panes::publisher::typed_properties::TypedProperties,
        state::{store::Store, typed_before::Kind},
        words::{
            Words,
            sentences::{limit_words, payload_fault, property_fault, topic_fault},
        },
    },
};

/// What was typed. Lives as long as the page.
#[derive(Clone, Copy)]
pub struct Typed {
    pub topic: RwSignal<String>,
    pub payload: RwSignal<String>,
    pub format: RwSignal<Format>,
    pub file: RwSignal<Option<(String, Arc<[u8]>)>>,
    /// The name of a file that is to be chosen again: a reload keeps no more of it.
    pub file_again: RwSignal<Option<String>>,
    /// Placeholders in text are filled in.
    pub placeholders: RwSignal<bool>,
    pub qos: RwSignal<u8>,
    pub retain: RwSignal<bool>,
    pub properties: TypedProperties,
    pub every: RwSignal<String>,
    pub topic_error: RwSignal<Option<String>>,
    pub payload_error: RwSignal<Option<String>>,
    pub said: RwSignal<String>,
    pub series: RwSignal<Option<u32>>,
    /// Topics that were published to before.
    pub topics_before: RwSignal<Vec<String>>,
    /// Payloads of text that were sent before in this tab.
    pub payloads_before: RwSignal<Vec<String>>,
}

impl Typed {
    /// An empty form.
    pub fn new() -> Self {
        Self {
            topic: RwSignal::default(),
            payload: RwSignal::default(),
            format: RwSignal::new(Format::Text),
            file: RwSignal::default(),
            placeholders: RwSignal::new(true),
            file_again: RwSignal::default(),
            qos: RwSignal::new(0),
            retain: RwSignal::new(false),
            properties: TypedProperties::new(),
            every: RwSignal::new("1".to_owned()),
            topic_error: RwSignal::default(),
            payload_error: RwSignal::default(),
            said: RwSignal::default(),
            series: RwSignal::default(),
            topics_before: RwSignal::new(Kind::Topics.before()),
            payloads_before: RwSignal::new(Kind::Payloads.before()),
        }
    }

    /// Calls this with the payload as it was typed.
    pub fn with_payload<T>(&self, call: impl FnOnce(TypedPayload<'_>) -> T) -> T {
        self.payload.with(|text| {
            self.file.with(|file| {
                call(TypedPayload {
                    format: self.format.get(),
                    text,
                    file: file.as_ref().map(|(_, bytes)| &bytes[..]),
                    placeholders: self.placeholders.get(),
                })
            })
        })
    }

    /// A publication, or nothing after the errors have been shown.
    pub fn publication(&self, store: Store) -> Option<Publication> {
        let words = store.speech.words_now();
        let read = untrack(|| self.read(store));
        let faults = read.as_ref().err().cloned().unwrap_or_default();
        let topic = faults.topic.map(|fault| topic_fault(&fault, words));
        let payload = faults.payload.map(|fault| payload_fault(&fault, words));
        let properties = faults.properties;
        self.topic_error.set(topic);
        self.payload_error.set(payload);
        self.properties
            .blame(properties.map(|fault| property_fault(&fault, words)));
        self.said.set(String::new());
        let publication = read.ok()?;
        let may_go = store.told.connection.with_untracked(|connection| {
            store
                .told
                .queue
                .with_untracked(|queue| may_go(&publication, connection, queue))
        });
        match may_go {
            Ok(()) => Some(publication),
            Err(why) => {
                self.payload_error.set(stop_words(why, words));
                None
            }
        }
    }

    /// What was typed is sent: it is offered again later.
    pub fn remember(&self) {
        let note = |kind: Kind, text: RwSignal<String>, before| {
            text.with_untracked(|text| kind.note(text, before));
        };
        note(Kind::Topics, self.topic, self.topics_before);
        if matches!(self.format.get_untracked(), Format::Text | Format::Json) {
            note(Kind::Payloads, self.payload, self.payloads_before);
        }
    }

    fn read(&self, store: Store) -> Result<Publication, Faults> {
        let properties = self.properties.draft();
        self.topic.with(|topic| {
            self.with_payload(|payload| {
                let message = TypedMessage {
                    topic,
                    payload,
                    qos: self.qos.get(),
                    retain: self.retain.get(),
                    properties: &properties,
                };
                store
                    .told
                    .connection
                    .with(|connection| message.read(store.next_number(), connection))
            })
        })
    }

    /// Reads a file, and takes it for the payload.
    pub fn take_file(self, file: File) {
        leptos::task::spawn_local(async move {
            if let Some(bytes) = file::read(&file).await {
                self.payload_error.set(None);
                self.file.set(Some((file.name(), bytes.into())));
                self.file_again.set(None);
                self.format.set(Format::File);
            }
        });
    }
}

/// The words for a message that may not go; none where the form has them already.
fn stop_words(why: Stop, words: &Words) -> Option<String> {
    let work = &words.rest().work;
    match why {
        Stop::Choice => None,
        Stop::Limit(limit) => Some(limit_words(limit, work)),
        Stop::QueueFull => Some(work.limits.queue_full.to_owned()),
        Stop::NotText => Some(words.later().properties.not_text.to_owned()),
    }
}
