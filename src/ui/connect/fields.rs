//! The parts of the form beyond address, client id and credentials, as signals, and how a number is read from one.

use leptos::prelude::*;

use crate::{
    profile::{
        expiry::{self, NotATime, Unit},
        saved::{SavedProperties, SavedWill, USUAL_TOPIC_ALIASES},
    },
    ui::user_properties::Properties,
};

/// What was typed is no number of the range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange;

/// A whole number of a range; `None` for nothing typed. Tracks the field.
pub fn number<T>(field: RwSignal<String>, least: T) -> Result<Option<T>, OutOfRange>
where
    T: std::str::FromStr + PartialOrd,
{
    field.with(|typed| match typed.trim() {
        "" => Ok(None),
        digits => digits
            .parse()
            .ok()
            .filter(|number| *number >= least)
            .map(Some)
            .ok_or(OutOfRange),
    })
}

fn shown<T: ToString>(number: Option<T>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
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

    /// Session expiry in seconds. Tracks the fields.
    pub fn session_expiry(&self) -> Result<Option<u32>, NotATime> {
        let unit = self.expiry_unit.get();
        self.expiry.with(|typed| expiry::seconds(typed, unit))
    }

    /// Fills in a session expiry.
    pub fn fill_expiry(&self, seconds: Option<u32>) {
        let (typed, unit) = match seconds.map(expiry::split) {
            Some((_, Unit::ForEver)) => (String::new(), Unit::ForEver),
            Some((number, unit)) => (number.to_string(), unit),
            None => (String::new(), Unit::Hours),
        };
        self.expiry.set(typed);
        self.expiry_unit.set(unit);
    }

    /// Fills in what was saved.
    pub fn fill(&self, saved: &SavedProperties) {
        self.fill_expiry(saved.session_expiry);
        self.receive_maximum.set(shown(saved.receive_maximum));
        self.maximum_packet_size
            .set(shown(saved.maximum_packet_size));
        self.topic_alias_maximum
            .set(shown(saved.topic_alias_maximum));
        self.request_response
            .set(saved.request_response_information.unwrap_or(false));
        self.request_problem
            .set(saved.request_problem_information.unwrap_or(true));
        self.user_properties.fill(&saved.user_properties);
    }

    /// What was typed, to be saved; `None` if any of it is wrong. Tracks the fields.
    pub fn to_save(self) -> Option<SavedProperties> {
        Some(SavedProperties {
            session_expiry: self.session_expiry().ok()?,
            receive_maximum: number(self.receive_maximum, 1).ok()?,
            maximum_packet_size: number(self.maximum_packet_size, 1).ok()?,
            topic_alias_maximum: number(self.topic_alias_maximum, 0).ok()?,
            // The specification's defaults need no word.
            request_response_information: self.request_response.get().then_some(true),
            request_problem_information: (!self.request_problem.get()).then_some(false),
            user_properties: self.user_properties.pairs(),
        })
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

    /// Fills in a will, or none.
    pub fn fill(&self, saved: Option<&SavedWill>) {
        let will = saved.cloned().unwrap_or_default();
        self.topic.set(will.topic);
        self.payload.set(will.payload);
        self.qos.set(will.qos);
        self.retain.set(will.retain);
        self.delay.set(shown(will.delay));
        self.expiry.set(shown(will.expiry));
        self.content_type.set(will.content_type.unwrap_or_default());
        self.response_topic
            .set(will.response_topic.unwrap_or_default());
        self.correlation
            .set(will.correlation_data.unwrap_or_default());
        self.is_text.set(will.is_text);
        self.user_properties.fill(&will.user_properties);
    }

    /// What was typed, to be saved. `Some(None)`: no will. `None`: some of it is wrong. Tracks the fields.
    pub fn to_save(self) -> Option<Option<SavedWill>> {
        if self.topic.with(String::is_empty) {
            return Some(None);
        }
        Some(Some(SavedWill {
            topic: self.topic.get(),
            payload: self.payload.get(),
            qos: self.qos.get(),
            retain: self.retain.get(),
            delay: number(self.delay, 0).ok()?,
            is_text: self.is_text.get(),
            expiry: number(self.expiry, 0).ok()?,
            content_type: some(self.content_type.get()),
            response_topic: some(self.response_topic.get()),
            correlation_data: some(self.correlation.get()),
            user_properties: self.user_properties.pairs(),
        }))
    }
}
