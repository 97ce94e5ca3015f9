//! English: the form beyond address, client id and credentials.

use crate::ui::words::broker::{SessionFaults, SessionWords};

pub const SESSION: SessionWords = SessionWords {
    version: "MQTT version",
    newest: "Newest the broker takes",
    begins_with: |version| format!("Begins with {version}, which this broker took last."),
    begin_anew: "Begin with MQTT 5",
    another_address: "Another address to try",
    address_number: |number| format!("Address {number}"),
    remove_address: |number| format!("Remove address {number}"),
    move_up: |number| format!("Move address {number} up"),
    addresses_hint: "Other addresses of the same broker or cluster, tried in this order.",
    clean_start_hint: "On: begin with nothing. Off: go on with what the broker kept for this client id.",
    expiry: "Session expiry",
    expiry_unit: "Unit of the session expiry",
    units: ["seconds", "minutes", "hours", "days", "for ever"],
    ends: "The session ends with the connection: subscriptions and unfinished messages are made anew.",
    ends_in_five: "With MQTT 5 the session still ends with the connection; a session expiry keeps it.",
    outlives: "Outlives this page: broker and browser keep subscriptions and unfinished QoS 1 and 2 messages for this \
        client id.",
    outlives_for: |span| {
        format!(
            "Outlives this page: broker and browser keep subscriptions and unfinished QoS 1 and 2 messages for this \
             client id, {span} after the connection ends."
        )
    },
    outlives_not_this_id: "This client id was made up by Midge, so nobody will come back for the session.",
    keep_this_id: "Keep this client id",
    old_subprotocol: "Offer the old WebSocket subprotocol mqttv3.1",
    old_subprotocol_hint: "Only for brokers that do not know “mqtt”.",
    five: "MQTT 5",
    five_hint: "All of this may stay empty: the broker then takes its own defaults.",
    receive_maximum: "Receive maximum",
    receive_maximum_hint: "QoS 1 and 2 messages on their way to this page at once.",
    maximum_packet_size: "Maximum packet size (bytes)",
    maximum_packet_size_hint: "The broker drops what is larger.",
    topic_alias_maximum: "Topic alias maximum",
    topic_alias_maximum_hint: "Topics that the broker may shorten to a number.",
    request_response: "Ask for response information",
    request_problem: "Ask for reasons with failures (problem information)",
    user_properties: "User properties of the connection",
    will_user_properties: "User properties of the will",
    add_property: "Add a user property",
    property_name: |number| format!("Name of property {number}"),
    property_value: |number| format!("Value of property {number}"),
    remove_property: |number| format!("Remove property {number}"),
    name: "Name",
    value: "Value",
    authentication: "Authentication",
    by_password: "User name and password",
    scram_hint: "The password itself is never sent, and the broker has to prove that it knows it. Only MQTT 5 is tried.",
    will_five: "MQTT 5 properties of the will",
    will_delay: "Will delay (seconds)",
    will_delay_hint: "No will if the client is back before that.",
    will_expiry: "Will expiry (seconds)",
    will_content_type: "Content type of the will",
    will_response_topic: "Response topic of the will",
    will_correlation: "Correlation data of the will",
    will_is_text: "The payload is text",
    faults: SessionFaults {
        whole_number: |from, to| format!("A whole number from {from} to {to}, or nothing."),
        time: "A whole number, or nothing. “For ever” is the longest.",
        nul: "MQTT texts cannot contain the character U+0000.",
        scram_user: "SCRAM-SHA-256 needs a user name and a password.",
        elsewhere: |field, fault| format!("{field}: {fault}"),
    },
};
