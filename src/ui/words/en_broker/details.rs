//! English: a connection that stands.

use crate::ui::words::broker::DetailsWords;

pub const DETAILS: DetailsWords = DetailsWords {
    heading: "This connection",
    version: "Version",
    address: "Address",
    client_id: "Client id",
    assigned: "chosen by the broker",
    session: "Session",
    session_kept: "The broker had kept it",
    session_new: "New",
    session_expiry: "Session expiry",
    keep_alive: "Keep alive",
    instead_of: |granted, asked| format!("{granted}, chosen by the broker instead of {asked}"),
    seconds: |number| {
        if number == "1" {
            "1 second".to_owned()
        } else {
            format!("{number} seconds")
        }
    },
    minutes: |number| {
        if number == "1" {
            "1 minute".to_owned()
        } else {
            format!("{number} minutes")
        }
    },
    hours: |number| {
        if number == "1" {
            "1 hour".to_owned()
        } else {
            format!("{number} hours")
        }
    },
    days: |number| {
        if number == "1" {
            "1 day".to_owned()
        } else {
            format!("{number} days")
        }
    },
    for_ever: "for ever",
    with_connection: "ends with the connection",
    off: "off",
    storage: "In this browser",
    storage_off: "Nothing is stored",
    storage_on: "The session is stored and outlives this page",
    storage_failed: |detail| {
        format!(
            "Storage failed, so the session lives only until this page closes. The browser says: {detail}"
        )
    },
    highest_qos: "Highest QoS to publish",
    retain: "Retained messages",
    wildcards: "Wildcards in filters",
    shared: "Shared subscriptions",
    identifiers: "Subscription identifiers",
    yes: "yes",
    no: "no",
    packet_size: "Largest packet",
    receive_maximum: "Unacknowledged at once",
    topic_aliases: "Topic aliases to the broker",
    no_limit: "no limit",
    none: "none",
    response_information: "Response information",
    server_reference: "Another server",
    never_followed: "Midge does not go there by itself.",
    reason: "The broker says",
    user_properties: "User properties",
    before_five: "Before MQTT 5 a broker does not say what it allows.",
    reauthenticate: "Authenticate anew",
    back: |span| format!("Connected again after {span}."),
    back_kept: "The broker had kept the session: QoS 1 and 2 messages from meanwhile still come.",
    back_lost: "The broker had not kept the session: messages from meanwhile are missing.",
    slept: "This machine was asleep.",
};
