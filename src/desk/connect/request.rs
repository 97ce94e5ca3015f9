//! The request to the engine that a connection stands for.

use crate::{
    link::ConnectRequest,
    profile::saved::{SavedConnection, SavedProperties, SavedWill},
    protocol::{Connect, ConnectProperties, PublishProperties, Qos, Version, Will},
};

/// The request that a connection stands for. `made_up`: a client identifier for a connection without one. `strict`: every
/// broken rule ends the connection for good.
pub fn request(
    saved: SavedConnection,
    password: Option<Vec<u8>>,
    made_up: String,
    strict: bool,
) -> ConnectRequest {
    let scram = saved.scram && saved.version.is_none_or(|version| version == Version::V5);
    // Falling back to an older version would send the password, which SCRAM is there to avoid.
    let only = if scram {
        Some(Version::V5)
    } else {
        saved.version
    };
    let five = only.is_none_or(|version| version == Version::V5);
    let addresses = std::iter::once(saved.address)
        .chain(saved.more_addresses)
        .collect();
    let made_up_id = saved.client_id.is_none();
    ConnectRequest {
        addresses,
        connect: Connect {
            version: only.or(saved.found).unwrap_or_default(),
            client_id: saved.client_id.unwrap_or(made_up),
            keep_alive: saved.keep_alive,
            clean_session: saved.clean_session,
            user_name: saved.user_name,
            password,
            will: saved.will.map(|saved| will(saved, five)),
            properties: if five {
                properties(saved.properties)
            } else {
                ConnectProperties::default()
            },
        },
        newest: only.is_none(),
        old_subprotocol: saved.old_subprotocol,
        client_id_made_up: made_up_id,
        strict,
        scram,
    }
}

fn properties(saved: SavedProperties) -> ConnectProperties {
    ConnectProperties {
        session_expiry: saved.session_expiry,
        receive_maximum: saved.receive_maximum,
        maximum_packet_size: saved.maximum_packet_size,
        topic_alias_maximum: saved.topic_alias_maximum,
        request_response_information: saved.request_response_information,
        request_problem_information: saved.request_problem_information,
        user_properties: saved.user_properties,
        ..ConnectProperties::default()
    }
}

fn will(will: SavedWill, five: bool) -> Will {
    let properties = PublishProperties {
        payload_is_text: will.is_text.then_some(true),
        message_expiry: will.expiry,
        content_type: will.content_type,
        response_topic: will.response_topic,
        correlation_data: will.correlation_data.map(String::into_bytes),
        user_properties: will.user_properties,
        ..PublishProperties::default()
    };
    Will {
        topic: will.topic,
        payload: will.payload.into_bytes(),
        qos: Qos::from_bits(will.qos).unwrap_or_default(),
        retain: will.retain,
        delay: will.delay.filter(|_| five),
        properties: if five {
            properties
        } else {
            PublishProperties::default()
        },
    }
}
