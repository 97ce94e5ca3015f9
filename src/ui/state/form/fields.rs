//! The parts of the form beyond address, client id and credentials, as signals.

use leptos::prelude::*;

use crate::{
    desk::connect::{TypedFive, TypedWill, expiry_to_edit},
    profile::{expiry::Unit, saved::USUAL_TOPIC_ALIASES},
    ui::state::properties::Properties,
};

/// One more address to try.
#[derive(Clone)]
pub struct OtherAddress {
    /// Never used twice.
    pub key: u32,
    /// What was typed.
    pub text: ArcRwSignal<String>,
    /// The field was left: say everything that is wrong with it.
    pub finished: ArcRwSignal<bool>,
}

/// What only MQTT 5 has. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Five {
    pub expiry: RwSignal<String>,
    pub expiry_unit: RwSignal<Unit>,
    pub receive_maximum: RwSignal<String>,
    pub maximum_packet_size: RwSignal<String>,
    pub topic_alias_maximum: RwSignal<String>,
    pub request_response: RwSignal<bool>,
    pub request_problem: RwSignal<bool>,
    pub user_properties: Properties,
    /// Authenticate by SCRAM-SHA-256.
    pub scram: RwSignal<bool>,
}

impl Five {
    /// As a plain user wants it: nothing but topic aliases.
    pub fn new() -> Self {
        Self {
            expiry: RwSignal::default(),
            expiry_unit: RwSignal::new(Unit::Hours),
            receive_maximum: RwSignal::default(),
            maximum_packet_size: RwSignal::default(),
            topic_alias_maximum: RwSignal::new(USUAL_TOPIC_ALIASES.to_string()),
            request_response: RwSignal::new(false),
            request_problem: RwSignal::new(true),
            user_properties: Properties::new(),
            scram: RwSignal::new(false),
        }
    }

    /// Fills in a session expiry.
    pub fn fill_expiry(&self, seconds: Option<u32>) {
        let (typed, unit) = expiry_to_edit(seconds);
        self.expiry.set(typed);
        self.expiry_unit.set(unit);
    }

    /// Fills in all of it.
    pub fn put(&self, typed: TypedFive) {
        self.expiry.set(typed.expiry);
        self.expiry_unit.set(typed.expiry_unit);
        self.receive_maximum.set(typed.receive_maximum);
        self.maximum_packet_size.set(typed.maximum_packet_size);
        self.topic_alias_maximum.set(typed.topic_alias_maximum);
        self.request_response.set(typed.request_response);
        self.request_problem.set(typed.request_problem);
        self.user_properties.fill(&typed.user_properties);
    }

    /// What is typed. Tracks the fields.
    pub fn typed(self) -> TypedFive {
        TypedFive {
            expiry: self.expiry.get(),
            expiry_unit: self.expiry_unit.get(),
            receive_maximum: self.receive_maximum.get(),
            maximum_packet_size: self.maximum_packet_size.get(),
            topic_alias_maximum: self.topic_alias_maximum.get(),
            request_response: self.request_response.get(),
            request_problem: self.request_problem.get(),
            user_properties: self.user_properties.pairs(),
        }
    }
}

/// The will. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct WillFields {
    pub topic: RwSignal<String>,
    pub payload: RwSignal<String>,
    pub qos: RwSignal<u8>,
    pub retain: RwSignal<bool>,
    pub delay: RwSignal<String>,
    pub expiry: RwSignal<String>,
    pub content_type: RwSignal<String>,
    pub response_topic: RwSignal<String>,
    pub correlation: RwSignal<String>,
    pub is_text: RwSignal<bool>,
    pub user_properties: Properties,
}

impl WillFields {
    /// No will.
    pub fn new() -> Self {
        Self {
            topic: RwSignal::default(),
            payload: RwSignal::default(),
            qos: RwSignal::new(0),
            retain: RwSignal::new(false),
            delay: RwSignal::default(),
            expiry: RwSignal::default(),
            content_type: RwSignal::default(),
            response_topic: RwSignal::default(),
            correlation: RwSignal::default(),
            is_text: RwSignal::new(false),
            user_properties: Properties::new(),
        }
    }

    /// Fills in a will.
    pub fn put(&self, typed: TypedWill) {
        self.topic.set(typed.topic);
        self.payload.set(typed.payload);
        self.qos.set(typed.qos);
        self.retain.set(typed.retain);
        self.delay.set(typed.delay);
        self.expiry.set(typed.expiry);
        self.content_type.set(typed.content_type);
        self.response_topic.set(typed.response_topic);
        self.correlation.set(typed.correlation);
        self.is_text.set(typed.is_text);
        self.user_properties.fill(&typed.user_properties);
    }

    /// What is typed. Tracks the fields.
    pub fn typed(self) -> TypedWill {
        TypedWill {
            topic: self.topic.get(),
            payload: self.payload.get(),
            qos: self.qos.get(),
            retain: self.retain.get(),
            delay: self.delay.get(),
            expiry: self.expiry.get(),
            content_type: self.content_type.get(),
            response_topic: self.response_topic.get(),
            correlation: self.correlation.get(),
            is_text: self.is_text.get(),
            user_properties: self.user_properties.pairs(),
        }
    }
}
