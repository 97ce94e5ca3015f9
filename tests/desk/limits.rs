//! What the forms stop before it is sent, because the broker does not allow it.

use midge::{
    desk::limits::{packet_size, publish_limit, queue_full, subscribe_limit},
    link::{Body, Connection, Phase, Publication, Queue},
    protocol::{
        Granted, Limit, PublishParts, PublishProperties, Qos, SubscribeOptions, SubscribeRequest,
        Version, encode,
    },
};

fn message(topic: &str, payload: &[u8]) -> Publication {
    Publication {
        number: 1,
        topic: topic.to_owned(),
        payload: Body::Bytes(payload.to_vec()),
        qos: Qos::AtMostOnce,
        retain: false,
        properties: PublishProperties::default(),
    }
}

/// A connection of MQTT 5 to a broker that allows next to nothing.
fn strict() -> Connection {
    Connection {
        phase: Phase::Connected,
        version: Version::V5,
        granted: Some(Granted {
            maximum_qos: Qos::AtLeastOnce,
            packet_size: Some(20),
            retain: false,
            wildcards: false,
            shared: false,
            identifiers: false,
            ..Granted::default()
        }),
        ..Connection::default()
    }
}

/// MQTT 5 [MQTT-3.2.2-11], [MQTT-3.2.2-14], [MQTT-3.2.2-15]
#[test]
fn the_form_stops_what_the_broker_does_not_allow() {
    let connection = strict();
    let plain = message("a", b"0123456789");
    assert_eq!(publish_limit(&plain, &connection), None);
    let louder = Publication {
        qos: Qos::ExactlyOnce,
        ..plain.clone()
    };
    assert_eq!(
        publish_limit(&louder, &connection),
        Some(Limit::Qos(Qos::AtLeastOnce))
    );
    let retained = Publication {
        retain: true,
        ..plain.clone()
    };
    assert_eq!(publish_limit(&retained, &connection), Some(Limit::Retain));
    // Fixed header 2, topic 3, no properties 1: a payload of 14 bytes fills the 20.
    assert_eq!(publish_limit(&message("a", &[0; 14]), &connection), None);
    assert_eq!(
        publish_limit(&message("a", &[0; 15]), &connection),
        Some(Limit::PacketSize(20))
    );
    // Without a connection nothing is known of the broker.
    let away = Connection {
        phase: Phase::Waiting,
        granted: None,
        ..connection
    };
    assert_eq!(publish_limit(&louder, &away), None);
}

/// MQTT 5 [MQTT-3.8.3-4]
#[test]
fn the_form_stops_subscriptions_that_are_not_allowed() {
    let connection = strict();
    let wanted = |filter: &str| SubscribeRequest {
        filter: filter.to_owned(),
        ..SubscribeRequest::default()
    };
    assert_eq!(subscribe_limit(&wanted("a/b"), &connection), None);
    for filter in ["a/#", "+/b"] {
        assert_eq!(
            subscribe_limit(&wanted(filter), &connection),
            Some(Limit::Wildcards)
        );
    }
    assert_eq!(
        subscribe_limit(&wanted("$share/g/a"), &connection),
        Some(Limit::Shared)
    );
    let identified = SubscribeRequest {
        identifier: Some(1),
        ..wanted("a")
    };
    assert_eq!(
        subscribe_limit(&identified, &connection),
        Some(Limit::Identifiers)
    );
    let selfish = SubscribeRequest {
        options: SubscribeOptions {
            no_local: true,
            ..SubscribeOptions::default()
        },
        ..wanted("$share/g/a")
    };
    // No broker is needed to know that.
    assert_eq!(
        subscribe_limit(&selfish, &Connection::default()),
        Some(Limit::NoLocalShared)
    );
}

#[test]
fn only_what_would_wait_is_stopped_by_a_full_queue() {
    let full = Queue {
        count: 3,
        limit: 3,
        ..Queue::default()
    };
    let away = Connection {
        phase: Phase::Waiting,
        ..Connection::default()
    };
    assert!(queue_full(&full, &away));
    assert!(!queue_full(&full, &strict()));
    let room = Queue { count: 2, ..full };
    assert!(!queue_full(&room, &away));
}

#[test]
fn the_form_counts_the_bytes_that_the_codec_writes() {
    let long = "x".repeat(200);
    let some = |text: &str| Some(text.to_owned());
    let properties = PublishProperties {
        payload_is_text: Some(true),
        message_expiry: Some(60),
        content_type: some("text/plain"),
        response_topic: some("answers/here"),
        correlation_data: Some(vec![0, 1, 2]),
        user_properties: vec![("unit".to_owned(), long)],
        ..PublishProperties::default()
    };
    for payload in [0, 100, 127, 128, 16_384, 2_097_152] {
        let body = vec![0; payload];
        for qos in [Qos::AtMostOnce, Qos::AtLeastOnce, Qos::ExactlyOnce] {
            for (version, properties) in [(Version::V311, None), (Version::V5, Some(&properties))] {
                let parts = PublishParts {
                    topic: "a/b",
                    payload: &body,
                    qos,
                    packet_id: 1,
                    properties,
                    ..PublishParts::default()
                };
                let mut written = Vec::new();
                encode::publish(&parts, version, &mut written).expect("a packet");
                assert_eq!(
                    packet_size("a/b", payload, qos, properties),
                    written.len() as u64
                );
            }
        }
    }
}
