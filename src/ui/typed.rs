//! What was typed into the publisher: checked before it goes out, and never thrown away.

use leptos::prelude::*;
use web_sys::File;

use crate::{
    browser::file,
    link::{Body, Connection, MessageProperties, Publication},
    payload::{Context, NotHex, NotJson, Place, Rng, Template, check_json, parse_hex, place},
    profile::names::{TopicFault, check_topic_name},
    ui::{
        format,
        limits::{choice_limit, limit_words, older_version, publish_limit, queue_full},
        store::Store,
        typed_properties::TypedProperties,
        words::Words,
    },
};

/// How the payload is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// As it is typed; placeholders are filled in.
    Text,
    /// The same, checked to be JSON.
    Json,
    /// Hexadecimal digits.
    Hex,
    /// The bytes of a file.
    File,
}

/// What was typed. Lives as long as the page.
#[derive(Clone, Copy)]
pub struct Typed {
    pub topic: RwSignal<String>,
    pub payload: RwSignal<String>,
    pub format: RwSignal<Format>,
    pub file: RwSignal<Option<(String, Vec<u8>)>>,
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

    /// The payload as it would go out, or what is wrong with it.
    fn body(&self, words: &Words) -> Result<Body, String> {
        let text = self.payload.get_untracked();
        match self.format.get_untracked() {
            Format::File => self
                .file
                .with_untracked(|file| file.as_ref().map(|(_, bytes)| Body::Bytes(bytes.clone())))
                .ok_or_else(|| words.rest().no_file.to_owned()),
            Format::Hex => parse_hex(&text)
                .map(Body::Bytes)
                .map_err(|fault| hex_fault(&fault, words)),
            format => {
                let template = text.contains("{{");
                let parsed = Template::parse(&text)
                    .map_err(|error| (words.rest().bad_template)(&error.what))?;
                if format == Format::Json {
                    // A placeholder stands where a value will; what it will be filled with is JSON by itself.
                    let context = &mut Context {
                        seq: 1,
                        now_ms: 0,
                        rng: &mut Rng::with_seed(1),
                    };
                    let sample = parsed.fill(context);
                    check_json(&sample).map_err(|not| json_fault(&sample, &not, words))?;
                }
                Ok(if template {
                    Body::Template(text)
                } else {
                    Body::Bytes(text.into_bytes())
                })
            }
        }
    }

    /// A publication, or nothing after the errors have been shown.
    pub fn publication(&self, store: Store) -> Option<Publication> {
        let words = store.language.get_untracked().words();
        let topic = self.topic.get_untracked();
        let topic_error = check_topic_name(&topic)
            .err()
            .map(|fault| topic_fault(&fault, words));
        let body = self.body(words);
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
                self.file.set(Some((file.name(), bytes)));
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

/// The words for text that is not hexadecimal.
pub fn hex_fault(fault: &NotHex, words: &Words) -> String {
    match fault {
        NotHex::Odd => words.rest().bad_hex.odd.to_owned(),
        NotHex::Character(letter) => (words.rest().bad_hex.character)(&letter.to_string()),
    }
}

/// The words for text that is no JSON.
fn json_fault(text: &str, not: &NotJson, words: &Words) -> String {
    let Place { line, column } = place(text.as_bytes(), not.at);
    let (line, column) = (format::whole(line as u64), format::whole(column as u64));
    let what = (words.rest().content.json_fault)(&not.fault);
    (words.rest().bad_json)(&what, &line, &column)
}
