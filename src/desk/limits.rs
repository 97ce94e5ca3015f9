//! What the broker, or the version in use, does not allow: stopped in the form, with the reason, before anything is
//! sent. The engine holds the same limits; this only says so earlier.

use crate::{
    link::{Body, Connection, Phase, Publication, Queue},
    protocol::{Limit, PublishProperties, Qos, SubscribeRequest, Version, forbids},
};

/// The version in use when it is not MQTT 5; `None` while none is settled.
pub fn older_version(connection: &Connection) -> Option<Version> {
    let settled = matches!(connection.phase, Phase::Connected | Phase::Waiting);
    (settled && connection.version != Version::V5).then_some(connection.version)
}

/// Why this message may not be published on this connection (MQTT 5 sections 3.2.2.3.4 to 3.2.2.3.6).
pub fn publish_limit(publication: &Publication, connection: &Connection) -> Option<Limit> {
    choice_limit(publication.qos, publication.retain, connection).or_else(|| {
        let limit = connection.granted.as_ref()?.packet_size?;
        // A template is filled in by the engine, which knows its length.
        let Body::Bytes(payload) = &publication.payload else {
            return None;
        };
        let properties = (connection.version == Version::V5).then_some(&publication.properties);
        let size = packet_size(
            &publication.topic,
            payload.len(),
            publication.qos,
            properties,
        );
        (size > u64::from(limit)).then_some(Limit::PacketSize(limit))
    })
}

/// Why a message of this quality of service and retain flag may not be published.
pub fn choice_limit(qos: Qos, retain: bool, connection: &Connection) -> Option<Limit> {
    let granted = connection.granted.as_ref()?;
    if qos > granted.maximum_qos {
        Some(Limit::Qos(granted.maximum_qos))
    } else if retain && !granted.retain {
        Some(Limit::Retain)
    } else {
        None
    }
}

/// Nothing more may wait: the message would have to, and the queue is full.
pub fn queue_full(queue: &Queue, connection: &Connection) -> bool {
    connection.phase != Phase::Connected && queue.limit > 0 && queue.count >= queue.limit
}

/// Why this subscription may not be asked for (MQTT 5 sections 3.2.2.3.11 to 3.2.2.3.13 and 3.8.3.1). What an older version
/// has no word for is not typed for one.
pub fn subscribe_limit(wanted: &SubscribeRequest, connection: &Connection) -> Option<Limit> {
    let granted = connection.granted.as_ref();
    forbids(
        granted,
        Version::V5,
        &wanted.filter,
        &wanted.options,
        wanted.identifier,
    )
}

/// Bytes of a PUBLISH packet (MQTT 5 section 3.3); without properties that of MQTT 3.1.1. A topic alias can make it
/// smaller or larger by a few bytes, which the engine knows.
pub fn packet_size(
    topic: &str,
    payload: usize,
    qos: Qos,
    properties: Option<&PublishProperties>,
) -> u64 {
    let mut length = 2 + topic.len() as u64 + payload as u64;
    if qos > Qos::AtMostOnce {
        length += 2;
    }
    if let Some(properties) = properties {
        let size = properties_size(properties);
        length += size + length_size(size);
    }
    1 + length_size(length) + length
}

fn properties_size(properties: &PublishProperties) -> u64 {
    let text = |text: &Option<String>| text.as_ref().map_or(0, |text| 3 + text.len() as u64);
    let mut size = text(&properties.content_type) + text(&properties.response_topic);
    size += properties.payload_is_text.map_or(0, |_| 2);
    size += properties.message_expiry.map_or(0, |_| 5);
    let data = &properties.correlation_data;
    size += data.as_ref().map_or(0, |data| 3 + data.len() as u64);
    for (name, value) in &properties.user_properties {
        size += 5 + name.len() as u64 + value.len() as u64;
    }
    size
}

/// Bytes of a variable byte integer (MQTT 5 section 1.5.5).
fn length_size(length: u64) -> u64 {
    match length {
        0..128 => 1,
        128..16_384 => 2,
        16_384..2_097_152 => 3,
        _ => 4,
    }
}
