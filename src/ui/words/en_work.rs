//! English: the work with messages.

use super::en_remarks::REMARKS;
use super::work::{
    HappenedWords, LimitWords, OptionWords, PairWords, PropertyWords, QueueWords, RefusalWords,
    WorkWords,
};

fn meaning(code: u8) -> &'static str {
    match code {
        0x80 => "it does not say why",
        0x81 => "it found the packet malformed",
        0x82 => "it found a breach of the protocol",
        0x83 => "a rule of its own",
        0x87 => "not authorized",
        0x8f => "it does not accept this topic filter",
        0x90 => "it does not accept this topic",
        0x91 => "the packet identifier is still in use",
        0x93 => "more at once than it takes",
        0x95 => "the packet is too large",
        0x97 => "a quota is used up",
        0x99 => "the payload is not the text that its properties promise",
        0x9a => "it does not keep retained messages",
        0x9b => "it does not take this QoS",
        0x9e => "it has no shared subscriptions",
        0xa1 => "it has no subscription identifiers",
        0xa2 => "it does not take wildcards",
        _ => "for a reason that MQTT 5 does not name",
    }
}

pub const WORK: WorkWords = WorkWords {
    limits: LimitWords {
        qos: |maximum| {
            format!("This broker takes messages up to QoS {maximum}. Please choose a lower one.")
        },
        retain: "This broker does not keep retained messages. Untick Retain to send it.",
        wildcards: "This broker does not take wildcards: subscribe to exact topics.",
        shared: "This broker has no shared subscriptions.",
        identifiers: "This broker has no subscription identifiers. Leave it empty.",
        packet_size: |limit| {
            format!("This broker takes packets up to {limit}. This one would be larger.")
        },
        version: "Only MQTT 5 has this; the connection speaks an older version.",
        no_local_shared: "No local does not go with a shared subscription: the specification forbids it.",
        queue_full: "As much waits as may wait. Cancel something below, or wait for the connection.",
        expired: "It expired while it waited, so it was not sent.",
        cut: "The connection ended before the message had left.",
    },
    refusals: RefusalWords {
        meaning,
        message: |topic, meaning, code| {
            format!("The broker refused the message to {topic}: {meaning} (0x{code:02x}).")
        },
        earlier_message: |meaning, code| {
            format!("The broker refused a message of an earlier visit: {meaning} (0x{code:02x}).")
        },
        filter: |meaning, code| format!("The broker refused: {meaning} (0x{code:02x})."),
        unsubscribe: |filter, meaning, code| {
            format!("The broker did not give up {filter}: {meaning} (0x{code:02x}).")
        },
        says: |words| format!("The broker says: “{words}”"),
    },
    options: OptionWords {
        heading: "Options (MQTT 5)",
        needs_5: |version| format!("This connection speaks {version}, which has none of these."),
        no_local: "No local",
        no_local_hint: "Do not send back what this page publishes.",
        as_published: "Retain as published",
        as_published_hint: "Keep the retain flag that the sender set.",
        handling: "Send retained messages",
        handlings: ["Always", "Only if the subscription is new", "Never"],
        identifier: "Subscription identifier",
        identifier_hint: "Comes back with each message that this filter brings.",
        bad_identifier: "A subscription identifier is a whole number from 1 to 268,435,455, or empty.",
        share: "$share/group/filter shares the messages: each goes to one member of the group.",
        forbidden: "not allowed",
        tag_no_local: "no local",
        tag_as_published: "as published",
        tag_handling: ["retained", "retained if new", "no retained"],
        tag_identifier: |identifier| format!("id {identifier}"),
    },
    queue: QueueWords {
        heading: "Waiting to be sent",
        waiting: |count, limit, bytes| {
            let (noun, verb) = if count == "1" {
                ("message", "waits")
            } else {
                ("messages", "wait")
            };
            format!("{count} {noun} {verb} ({bytes}; at most {limit})")
        },
        first: |count| format!("The first {count} are shown."),
        cancel: "Cancel",
        cancel_one: |topic| format!("Cancel the message to {topic}"),
        later: "Not connected: it will be sent when the connection is there.",
        queued: "It waits, and will be sent when it can.",
        leaving: |bytes| format!("On its way: {bytes} have not left yet."),
        held: |bytes| format!("waits for the line: {bytes} have not left yet"),
        cancelled: |topic| format!("Cancelled: {topic}"),
    },
    left_out: super::en_left_out::LEFT_OUT,
    pairs: PairWords {
        request: "request",
        to_response: "This is a request. Show its response.",
        to_request: "This is a response. Show its request.",
        request_fact: "Request",
        response_fact: "Response",
        unanswered: "A request; no response has come.",
        show_response: "Show the response",
        show_request: "Show the request",
        after: |span| format!("{span} after the request"),
    },
    remarks: REMARKS,
    clause: |version, clause| format!("{version}, section {clause}"),
};

pub const PROPERTIES: PropertyWords = PropertyWords {
    heading: "Properties (MQTT 5)",
    in_use: |count| format!("{count} in use"),
    needs_5: |version| {
        format!(
            "This connection speaks {version}, which has no properties. What is here stays, and is not sent."
        )
    },
    response_topic: "Response topic",
    response_topic_hint: "Where the answer is wanted.",
    correlation_data: "Correlation data",
    correlation_as: "Correlation data as",
    make_up: "Make one up",
    make_up_hint: "Fills in a response topic and correlation data that nobody else uses.",
    subscribe_to_it: "Subscribe to the response topic",
    content_type: "Content type",
    expiry: "Message expiry",
    expiry_field: "Message expiry (seconds)",
    expiry_hint: "After that the broker throws it away. Empty: never.",
    payload_is_text: "Payload is text",
    format: "Payload format",
    format_text: "UTF-8 text",
    format_bytes: "Bytes",
    bad_expiry: "Message expiry is a whole number of seconds up to 4,294,967,295, or empty.",
    bad_response_topic: |fault| format!("Response topic: {fault}"),
    bad_correlation: |fault| format!("Correlation data: {fault}"),
    too_long: |what| format!("{what}: MQTT fields hold at most 65,535 bytes."),
    not_text: "The payload is not UTF-8 text. Untick “Payload is text”, or change the payload.",
    version: "Version",
    topic_alias: "Topic alias",
    identifiers: "Subscription identifiers",
    user_properties: "User properties",
    reply: "Reply",
};

pub const HAPPENED: HappenedWords = HappenedWords {
    restored: |count| {
        let noun = if count == 1 { "message" } else { "messages" };
        format!("{count} {noun} of an earlier visit are taken up again.")
    },
    damaged: |count| format!("{count} could not be read from storage."),
    session_unknown: "The broker had kept a session that this page does not know. A new one begins; messages that waited in \
        the old one are lost.",
    reauthenticated: "The broker accepted the new authentication.",
};
