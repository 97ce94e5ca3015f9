//! The properties that were typed into the publisher (MQTT 5 section 3.3.2.3): as they would go out, and back.

use crate::{
    desk::text::{hex, readable},
    link::{Connection, Subscription},
    payload::{NotHex, parse_hex},
    profile::drafts::DraftProperties,
    protocol::{PublishProperties, TopicFault, check_topic_filter, check_topic_name},
};

/// A property whose length has a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Long {
    /// Content type.
    ContentType,
    /// Correlation data.
    CorrelationData,
    /// A name or value of a user property.
    UserProperties,
}

/// What is wrong with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PropertyFault {
    /// The response topic is no topic name.
    ResponseTopic(TopicFault),
    /// The correlation data is not hexadecimal.
    CorrelationData(NotHex),
    /// The expiry is no whole number of seconds.
    Expiry,
    /// Longer than the 65,535 bytes that MQTT has room for.
    TooLong(Long),
}

/// The properties as they would go out.
pub fn read(typed: &DraftProperties) -> Result<PublishProperties, PropertyFault> {
    let some = |text: &String| (!text.is_empty()).then(|| text.clone());
    let response_topic = some(&typed.response_topic);
    if let Some(topic) = &response_topic {
        check_topic_name(topic).map_err(PropertyFault::ResponseTopic)?;
    }
    let correlation_data = match some(&typed.correlation) {
        Some(text) if typed.correlation_hex => {
            Some(parse_hex(&text).map_err(PropertyFault::CorrelationData)?)
        }
        text => text.map(String::into_bytes),
    };
    let message_expiry = match typed.expiry.trim() {
        "" => None,
        text => Some(text.parse().map_err(|_| PropertyFault::Expiry)?),
    };
    let properties = PublishProperties {
        payload_is_text: typed.is_text.then_some(true),
        message_expiry,
        content_type: some(&typed.content_type),
        response_topic,
        correlation_data,
        user_properties: typed.user.clone(),
        ..PublishProperties::default()
    };
    match too_long(&properties) {
        Some(which) => Err(PropertyFault::TooLong(which)),
        None => Ok(properties),
    }
}

fn too_long(properties: &PublishProperties) -> Option<Long> {
    let beyond = |length: usize| length > usize::from(u16::MAX);
    let mut user = properties
        .user_properties
        .iter()
        .flat_map(|(name, value)| [name, value]);
    let content_type = properties.content_type.as_ref();
    let correlation_data = properties.correlation_data.as_ref();
    if user.any(|text| beyond(text.len())) {
        Some(Long::UserProperties)
    } else if content_type.is_some_and(|text| beyond(text.len())) {
        Some(Long::ContentType)
    } else if correlation_data.is_some_and(|data| beyond(data.len())) {
        Some(Long::CorrelationData)
    } else {
        None
    }
}

/// The properties of a message, as one would type them.
pub fn to_edit(properties: &PublishProperties) -> DraftProperties {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let data = properties.correlation_data.as_deref().unwrap_or_default();
    let readable = readable(data);
    DraftProperties {
        response_topic: text(&properties.response_topic),
        correlation: readable.map_or_else(|| hex(data), str::to_owned),
        correlation_hex: readable.is_none(),
        content_type: text(&properties.content_type),
        expiry: properties
            .message_expiry
            .map(|seconds| seconds.to_string())
            .unwrap_or_default(),
        is_text: properties.payload_is_text.unwrap_or_default(),
        user: properties.user_properties.clone(),
    }
}

/// How many were typed.
pub fn count(typed: &DraftProperties) -> usize {
    let texts = [
        &typed.response_topic,
        &typed.correlation,
        &typed.content_type,
        &typed.expiry,
    ];
    let texts = texts.iter().filter(|text| !text.is_empty()).count();
    texts + usize::from(typed.is_text) + typed.user.len()
}

/// An answer to this response topic would not come here yet, and a subscription would bring it.
pub fn is_unheard(response_topic: &str, subscriptions: &[Subscription]) -> bool {
    check_topic_filter(response_topic).is_ok()
        && check_topic_name(response_topic).is_ok()
        && subscriptions.iter().all(|one| one.filter != response_topic)
}

/// A response topic that nobody else uses: from what the broker says is this client's to use (MQTT 5 section
/// 3.2.2.3.15), else from the client identifier.
pub fn own_response_topic(connection: &Connection) -> String {
    let granted = connection.granted.as_ref();
    let client_id = granted
        .and_then(|granted| granted.assigned_client_id.as_deref())
        .unwrap_or(&connection.client_id)
        .replace(['+', '#', '/', '\0'], "-");
    let information = granted
        .and_then(|granted| granted.response_information.as_deref())
        .filter(|information| check_topic_name(information).is_ok());
    match information {
        Some(base) if base.ends_with('/') => format!("{base}{client_id}"),
        Some(base) => base.to_owned(),
        None => format!("response/{client_id}"),
    }
}
