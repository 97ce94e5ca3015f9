//! What was typed into the publisher: whether it is a message, and whether that may go.

pub mod payload;
pub mod properties;

use self::{
    payload::{PayloadFault, TypedPayload},
    properties::PropertyFault,
};
use super::limits::{choice_limit, older_version, publish_limit, queue_full};
use crate::{
    link::{Body, Connection, Phase, Publication, Queue},
    profile::drafts::DraftProperties,
    protocol::{Limit, PublishProperties, Qos, TopicFault, check_topic_name},
};

/// A message as it was typed.
#[derive(Clone, Copy, Debug)]
pub struct TypedMessage<'a> {
    /// Topic name.
    pub topic: &'a str,
    /// Payload.
    pub payload: TypedPayload<'a>,
    /// 0, 1 or 2.
    pub qos: u8,
    /// Retain flag.
    pub retain: bool,
    /// Properties, which only MQTT 5 has.
    pub properties: &'a DraftProperties,
}

/// What is wrong with it, field by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// With the topic.
    pub topic: Option<TopicFault>,
    /// With the payload.
    pub payload: Option<PayloadFault>,
    /// With the properties.
    pub properties: Option<PropertyFault>,
}

impl TypedMessage<'_> {
    /// The message as it would go out under this number, or everything that is wrong. Where an older version is in use, the
    /// properties cannot be reached and do not count.
    pub fn read(&self, number: u32, connection: &Connection) -> Result<Publication, Faults> {
        let topic = check_topic_name(self.topic);
        let body = self.payload.body();
        let properties = match older_version(connection) {
            Some(_) => Ok(PublishProperties::default()),
            None => properties::read(self.properties),
        };
        match (topic, body, properties) {
            (Ok(_), Ok(payload), Ok(properties)) => Ok(Publication {
                number,
                topic: self.topic.to_owned(),
                payload,
                qos: Qos::from_bits(self.qos).unwrap_or_default(),
                retain: self.retain,
                properties,
            }),
            (topic, body, properties) => Err(Faults {
                topic: topic.err(),
                payload: body.err(),
                properties: properties.err(),
            }),
        }
    }
}

/// Why a message may not go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The broker does not allow this quality of service, or to retain, which the form says for as long as it is chosen.
    Choice,
    /// The broker does not allow it.
    Limit(Limit),
    /// It would have to wait, and as much waits as may wait.
    QueueFull,
    /// It is said to be text, and is not.
    NotText,
}

/// Whether a message may go, as far as the page can tell.
pub fn may_go(
    publication: &Publication,
    connection: &Connection,
    queue: &Queue,
) -> Result<(), Stop> {
    if choice_limit(publication.qos, publication.retain, connection).is_some() {
        return Err(Stop::Choice);
    }
    if let Some(limit) = publish_limit(publication, connection) {
        return Err(Stop::Limit(limit));
    }
    if queue_full(queue, connection) {
        return Err(Stop::QueueFull);
    }
    match &publication.payload {
        Body::Bytes(bytes)
            if publication.properties.payload_is_text == Some(true)
                && std::str::from_utf8(bytes).is_err() =>
        {
            Err(Stop::NotText)
        }
        _ => Ok(()),
    }
}

/// What becomes of a message that is published now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It goes out.
    Now,
    /// It waits for the connection that is wanted and not there.
    Later,
    /// There is no connection, and none is wanted.
    Nowhere,
}

/// What becomes of a message in this phase.
pub fn way(phase: Phase) -> Way {
    match phase {
        Phase::Connected => Way::Now,
        Phase::Connecting | Phase::Waiting => Way::Later,
        Phase::Disconnected | Phase::Failed => Way::Nowhere,
    }
}

/// Milliseconds between two messages of a series, from a number of seconds; `None`: too short, too long, or no number.
pub fn interval(seconds: f64) -> Option<u32> {
    (0.01..=86_400.0)
        .contains(&seconds)
        .then(|| (seconds * 1000.0).round() as u32)
}

/// A payload as it is to stand in the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// As text.
    Text {
        /// The text.
        text: String,
        /// Placeholders in it are filled in.
        placeholders: bool,
    },
    /// As hexadecimal digits.
    Hex(String),
}

/// A message's payload for the form, so that it goes out as it came: a text field would change line ends, and `{{` is not to
/// be filled in.
pub fn to_edit(payload: &[u8]) -> Shown {
    match std::str::from_utf8(payload) {
        Ok(text) if !text.contains('\r') => Shown::Text {
            text: text.to_owned(),
            placeholders: !text.contains("{{"),
        },
        _ => Shown::Hex(payload.iter().map(|byte| format!("{byte:02x} ")).collect()),
    }
}
