//! What was typed into the publisher: checked before it goes out, and never thrown away.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::File;

use crate::{
    browser::file,
    desk::limits::{choice_limit, older_version, publish_limit, queue_full},
    link::{Body, Connection, MessageProperties, Publication},
    profile::names::{TopicFault, check_topic_name},
    ui::{
        store::Store,
        typed_payload::{Format, TypedPayload},
        typed_properties::TypedProperties,
        words::{Words, sentences::limit_words},
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
        let words = store.language.get_untracked().words();
        let topic = self.topic.get_untracked();
        let topic_error = check_topic_name(&topic)
            .err()
            .map(|fault| topic_fault(&fault, words));
        let body = untrack(|| self.with_payload(|payload| payload.body(words)));
        let older = store.connection.with_untracked(older_version).is_some();
        let properties = if older {
            Ok(MessageProperties::default())
        } else {
            untrack(|| self.properties.read(words))
        };
        self.topic_error.set(topic_error.clone());
        self.payload_error.set(body.as_ref().err().cloned());
        self.properties.blame(properties.as_ref().err().cloned());
        self.said.set(String::new());
        if topic_error.is_some() {
            return None;
        }
        let publication = Publication {
            number: store.next_number(),
            topic,
            payload: body.ok()?,
            qos: self.qos.get_untracked(),
            retain: self.retain.get_untracked(),
            properties: properties.ok()?,
        };
        // The form says so already, for as long as it is chosen.
        let chosen = |connection: &Connection| {
            choice_limit(publication.qos, publication.retain, connection).is_some()
        };
        if store.connection.with_untracked(chosen) {
            return None;
        }
        let refused = store
            .connection
            .with_untracked(|connection| self.refused(&publication, connection, store, words));
        let allowed = refused.is_none();
        self.payload_error.set(refused);
        allowed.then_some(publication)
    }

    /// Why a publication would not go out, as far as the page can tell.
    fn refused(
        &self,
        publication: &Publication,
        connection: &Connection,
        store: Store,
        words: &Words,
    ) -> Option<String> {
        if let Some(limit) = publish_limit(publication, connection) {
            return Some(limit_words(limit, &words.rest().work));
        }
        let full = store
            .queue
            .with_untracked(|queue| queue_full(queue, connection));
        if full {
            return Some(words.rest().work.limits.queue_full.to_owned());
        }
        match &publication.payload {
            Body::Bytes(bytes)
                if publication.properties.payload_is_text == Some(true)
                    && std::str::from_utf8(bytes).is_err() =>
            {
                Some(words.rest().work.properties.not_text.to_owned())
            }
            _ => None,
        }
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

/// The words for a topic that cannot be published to. Levels count from 1 for people.
pub fn topic_fault(fault: &TopicFault, words: &Words) -> String {
    let faults = &words.topic_faults;
    match fault {
        TopicFault::Empty => faults.empty.to_owned(),
        TopicFault::TooLong => faults.too_long.to_owned(),
        TopicFault::Nul => faults.nul.to_owned(),
        TopicFault::Wildcard { level } => {
            (faults.wildcard)(u32::try_from(level + 1).unwrap_or(u32::MAX))
        }
    }
}
