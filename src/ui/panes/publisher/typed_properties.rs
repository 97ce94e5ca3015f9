//! The properties that were typed into the publisher (MQTT 5 section 3.3.2.3).

use leptos::prelude::*;

use crate::{
    browser::random,
    desk::typed::properties::{own_response_topic, to_edit},
    link::Connection,
    profile::drafts::DraftProperties,
    protocol::PublishProperties,
    ui::state::properties::Properties,
};

/// What was typed. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct TypedProperties {
    pub response_topic: RwSignal<String>,
    pub correlation: RwSignal<String>,
    pub correlation_hex: RwSignal<bool>,
    pub content_type: RwSignal<String>,
    pub expiry: RwSignal<String>,
    pub is_text: RwSignal<bool>,
    pub user: Properties,
    /// What is wrong, in words.
    pub error: RwSignal<Option<String>>,
    pub open: RwSignal<bool>,
}

impl TypedProperties {
    /// Nothing typed.
    pub fn new() -> Self {
        Self {
            response_topic: RwSignal::default(),
            correlation: RwSignal::default(),
            correlation_hex: RwSignal::default(),
            content_type: RwSignal::default(),
            expiry: RwSignal::default(),
            is_text: RwSignal::default(),
            user: Properties::new(),
            error: RwSignal::default(),
            open: RwSignal::new(false),
        }
    }

    /// Puts these in place of what was typed.
    pub fn set(self, properties: &PublishProperties) {
        self.put(&to_edit(properties));
        if *properties != PublishProperties::default() {
            self.open.set(true);
        }
    }

    /// What was typed, as it was typed.
    pub fn draft(self) -> DraftProperties {
        DraftProperties {
            response_topic: self.response_topic.get(),
            correlation: self.correlation.get(),
            correlation_hex: self.correlation_hex.get(),
            content_type: self.content_type.get(),
            expiry: self.expiry.get(),
            is_text: self.is_text.get(),
            user: self.user.pairs(),
        }
    }

    /// Puts in what was typed before.
    pub fn put(self, draft: &DraftProperties) {
        self.response_topic.set(draft.response_topic.clone());
        self.correlation.set(draft.correlation.clone());
        self.correlation_hex.set(draft.correlation_hex);
        self.content_type.set(draft.content_type.clone());
        self.expiry.set(draft.expiry.clone());
        self.is_text.set(draft.is_text);
        self.user.fill(&draft.user);
        self.error.set(None);
        if *draft != DraftProperties::default() {
            self.open.set(true);
        }
    }

    /// Shows what is wrong, and the fields with it.
    pub fn blame(self, error: Option<String>) {
        if error.is_some() {
            self.open.set(true);
        }
        self.error.set(error);
    }

    /// Makes up a response topic and correlation data.
    pub fn make_up(self, connection: &Connection) {
        self.response_topic.set(own_response_topic(connection));
        self.correlation.set(format!("{:08x}", random::bits()));
        self.correlation_hex.set(false);
        self.error.set(None);
    }
}
