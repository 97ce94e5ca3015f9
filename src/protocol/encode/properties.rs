//! Encoding the properties of packets to the broker: they are checked, measured, then written (MQTT 5 section 2.2.2).
//!
//! Each group is listed in one place, for a [`Sink`]: one kind counts bytes, the other writes them. So the property
//! length always matches what follows.

use super::super::header::{LARGEST_NUMBER, write_remaining_length};
use super::super::properties::{ConnectProperties, PublishProperties};
use super::super::property;
use super::super::topic::{TopicFault, check_topic_name};
use super::super::typed::{Auth, Disconnect, Will};
use super::super::walk::MOST_USER_PROPERTIES;
use super::checked::{check_length, check_text};
use super::error::{EncodeError, Part};

/// A receiver of properties.
pub(super) trait Sink {
    fn put(&mut self, bytes: &[u8]);
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// Counts bytes.
struct Size(usize);

impl Sink for Size {
    fn put(&mut self, bytes: &[u8]) {
        self.0 += bytes.len();
    }
}

/// The properties of one packet.
pub(super) trait Properties {
    /// Checks whether all can be written.
    fn check(&self) -> Result<(), EncodeError>;
    /// Passes each of them to the sink.
    fn say(&self, sink: &mut impl Sink);

    /// How many bytes they take, without their length.
    fn size(&self) -> usize {
        let mut size = Size(0);
        self.say(&mut size);
        size.0
    }
}

/// How many bytes the properties take together with their length.
pub(super) fn with_length(size: usize) -> usize {
    let length = match size {
        0..=0x7F => 1,
        0x80..=0x3FFF => 2,
        0x4000..=0x1F_FFFF => 3,
        _ => 4,
    };
    length + size
}

/// Appends the property length, which is known, and the properties.
pub(super) fn write(properties: &impl Properties, size: usize, out: &mut Vec<u8>) {
    write_remaining_length(size, out);
    properties.say(out);
}

impl Properties for ConnectProperties {
    fn check(&self) -> Result<(), EncodeError> {
        not_zero(self.receive_maximum.map(u32::from), Part::ReceiveMaximum)?;
        not_zero(self.maximum_packet_size, Part::MaximumPacketSize)?;
        check_optional(&self.authentication_method, Part::AuthenticationMethod)?;
        if let Some(data) = &self.authentication_data {
            check_length(data, Part::AuthenticationData)?;
            if self.authentication_method.is_none() {
                return Err(EncodeError::Missing(Part::AuthenticationMethod));
            }
        }
        check_user_properties(&self.user_properties)
    }

    fn say(&self, sink: &mut impl Sink) {
        four(sink, property::SESSION_EXPIRY, self.session_expiry);
        two(sink, property::RECEIVE_MAXIMUM, self.receive_maximum);
        four(
            sink,
            property::MAXIMUM_PACKET_SIZE,
            self.maximum_packet_size,
        );
        two(
            sink,
            property::TOPIC_ALIAS_MAXIMUM,
            self.topic_alias_maximum,
        );
        flag(
            sink,
            property::REQUEST_RESPONSE_INFORMATION,
            self.request_response_information,
        );
        flag(
            sink,
            property::REQUEST_PROBLEM_INFORMATION,
            self.request_problem_information,
        );
        user_properties(sink, &self.user_properties);
        text(
            sink,
            property::AUTHENTICATION_METHOD,
            &self.authentication_method,
        );
        binary(
            sink,
            property::AUTHENTICATION_DATA,
            self.authentication_data.as_deref(),
        );
    }
}

/// Those of a PUBLISH, with the topic alias to use. A client must not send subscription identifiers [MQTT-3.3.4-6], so
/// they are never written.
pub(super) struct OfPublish<'a> {
    pub(super) properties: Option<&'a PublishProperties>,
    pub(super) topic_alias: Option<u16>,
}

impl Properties for OfPublish<'_> {
    fn check(&self) -> Result<(), EncodeError> {
        not_zero(self.topic_alias.map(u32::from), Part::TopicAlias)?;
        self.properties.map_or(Ok(()), check_message)
    }

    fn say(&self, sink: &mut impl Sink) {
        two(sink, property::TOPIC_ALIAS, self.topic_alias);
        if let Some(properties) = self.properties {
            say_message(properties, sink);
        }
    }
}

/// Those of a will, which has no topic alias.
impl Properties for Will {
    fn check(&self) -> Result<(), EncodeError> {
        check_message(&self.properties)
    }

    fn say(&self, sink: &mut impl Sink) {
        four(sink, property::WILL_DELAY, self.delay);
        say_message(&self.properties, sink);
    }
}

fn check_message(all: &PublishProperties) -> Result<(), EncodeError> {
    if let Some(topic) = &all.response_topic {
        check_topic_name(topic).map_err(|fault| match fault {
            TopicFault::TooLong => EncodeError::TooLong(Part::ResponseTopic),
            TopicFault::Nul => EncodeError::Nul(Part::ResponseTopic),
            fault => EncodeError::ResponseTopic(fault),
        })?;
    }
    if let Some(data) = &all.correlation_data {
        check_length(data, Part::CorrelationData)?;
    }
    check_optional(&all.content_type, Part::ContentType)?;
    check_user_properties(&all.user_properties)
}

fn say_message(all: &PublishProperties, sink: &mut impl Sink) {
    flag(sink, property::PAYLOAD_FORMAT, all.payload_is_text);
    four(sink, property::MESSAGE_EXPIRY, all.message_expiry);
    text(sink, property::CONTENT_TYPE, &all.content_type);
    text(sink, property::RESPONSE_TOPIC, &all.response_topic);
    binary(
        sink,
        property::CORRELATION_DATA,
        all.correlation_data.as_deref(),
    );
    user_properties(sink, &all.user_properties);
}

/// The subscription identifier of a SUBSCRIBE. It is checked here, together with the other ranges.
pub(super) fn check_identifier(identifier: Option<u32>) -> Result<(), EncodeError> {
    match identifier {
        Some(0) => Err(EncodeError::OutOfRange(Part::SubscriptionIdentifier)),
        Some(number) if number > LARGEST_NUMBER => {
            Err(EncodeError::OutOfRange(Part::SubscriptionIdentifier))
        }
        _ => Ok(()),
    }
}

/// Only a broker sends a server reference, so it is never written.
impl Properties for Disconnect {
    fn check(&self) -> Result<(), EncodeError> {
        check_optional(&self.reason_string, Part::ReasonString)?;
        check_user_properties(&self.user_properties)
    }

    fn say(&self, sink: &mut impl Sink) {
        four(sink, property::SESSION_EXPIRY, self.session_expiry);
        text(sink, property::REASON_STRING, &self.reason_string);
        user_properties(sink, &self.user_properties);
    }
}

impl Properties for Auth {
    fn check(&self) -> Result<(), EncodeError> {
        if self.method.is_none() {
            return Err(EncodeError::Missing(Part::AuthenticationMethod));
        }
        check_optional(&self.method, Part::AuthenticationMethod)?;
        if let Some(data) = &self.data {
            check_length(data, Part::AuthenticationData)?;
        }
        check_optional(&self.reason_string, Part::ReasonString)?;
        check_user_properties(&self.user_properties)
    }

    fn say(&self, sink: &mut impl Sink) {
        text(sink, property::AUTHENTICATION_METHOD, &self.method);
        binary(sink, property::AUTHENTICATION_DATA, self.data.as_deref());
        text(sink, property::REASON_STRING, &self.reason_string);
        user_properties(sink, &self.user_properties);
    }
}

fn not_zero(number: Option<u32>, part: Part) -> Result<(), EncodeError> {
    match number {
        Some(0) => Err(EncodeError::OutOfRange(part)),
        _ => Ok(()),
    }
}

fn check_optional(text: &Option<String>, part: Part) -> Result<(), EncodeError> {
    text.as_deref()
        .map_or(Ok(()), |text| check_text(text, part))
}

fn check_user_properties(all: &[(String, String)]) -> Result<(), EncodeError> {
    if all.len() > MOST_USER_PROPERTIES {
        return Err(EncodeError::TooManyUserProperties);
    }
    for (name, value) in all {
        check_text(name, Part::UserPropertyName)?;
        check_text(value, Part::UserPropertyValue)?;
    }
    Ok(())
}

fn flag(sink: &mut impl Sink, id: u8, value: Option<bool>) {
    if let Some(value) = value {
        sink.put(&[id, value.into()]);
    }
}

fn two(sink: &mut impl Sink, id: u8, value: Option<u16>) {
    if let Some(value) = value {
        let [high, low] = value.to_be_bytes();
        sink.put(&[id, high, low]);
    }
}

fn four(sink: &mut impl Sink, id: u8, value: Option<u32>) {
    if let Some(value) = value {
        sink.put(&[id]);
        sink.put(&value.to_be_bytes());
    }
}

fn text(sink: &mut impl Sink, id: u8, value: &Option<String>) {
    binary(sink, id, value.as_ref().map(String::as_bytes));
}

fn binary(sink: &mut impl Sink, id: u8, value: Option<&[u8]>) {
    if let Some(value) = value {
        sink.put(&[id]);
        prefixed(sink, value);
    }
}

fn user_properties(sink: &mut impl Sink, all: &[(String, String)]) {
    for (name, value) in all {
        sink.put(&[property::USER_PROPERTY]);
        prefixed(sink, name.as_bytes());
        prefixed(sink, value.as_bytes());
    }
}

/// Bytes after their length, which was checked.
pub(super) fn prefixed(sink: &mut impl Sink, bytes: &[u8]) {
    sink.put(&(bytes.len() as u16).to_be_bytes());
    sink.put(bytes);
}
