//! English.

use super::{
    BadHex, FilterFaults, Language, LaterWords, RestWords, TopicFaults, Words,
    en_broker::{ATTEMPT, BROKER, CODES, DETAILS, DOCTOR, KEEPING, SETTINGS, SHARING},
    en_content::CONTENT,
    en_shown::SHOWN,
    en_told::TOLD,
    en_work::{HAPPENED, PROPERTIES, WORK},
};

pub static WORDS: Words = Words {
    disconnected: "Not connected",
    connecting: "Connecting",
    connected: "Connected",
    waiting: "Waiting to try again",
    failed: "Could not connect",
    ended: "Connection ended",
    connect: "Connect",
    reconnect: "Reconnect",
    disconnect: "Disconnect",
    back_to_messages: "Back to messages",
    show_broker: "Show the connection",
    counters: |received, kept, dropped| {
        format!("{received} received · {kept} kept · {dropped} dropped")
    },
    per_second: |rate| format!("{rate}/s"),
    learn: "Learn",
    share: "Share",
    settings: "Settings",
    sections: "Sections",
    close: "Close",
    show_all: "Show all",
    topic_faults: TopicFaults {
        empty: "Type a topic, for example sensors/lab/temp.",
        too_long: "A topic has at most 65,535 bytes.",
        nul: "A topic cannot contain the character U+0000.",
        wildcard: |level| {
            format!(
                "Level {level} has a wildcard. + and # are for subscribing; a message goes to one exact topic."
            )
        },
    },
    loading: "Loading…",
    rest_failed: "A part of the page did not load. Is the network still there?",
    try_again: "Try again",
    try_now: "Try now",
    change_settings: "Change settings",
    next_try_in: |seconds| format!("Next try in {seconds} s"),
    unfinished: |anew, unknown| {
        format!(
            "The broker had not kept the session. {anew} QoS 1 messages were sent anew; {unknown} QoS 2 messages may or \
             may not have arrived."
        )
    },
    topics: "Topics",
    messages: "Messages",
    publish: "Publish",
    broker: BROKER,
    language: Language::English,
};

pub static REST: RestWords = RestWords {
    subscriptions: "Subscriptions",
    topic_filter: "Topic filter",
    filter_placeholder: "lab/+/temp",
    subscription_qos: "QoS for the subscription",
    subscribe: "Subscribe",
    unsubscribe_from: |filter| format!("Unsubscribe from {filter}"),
    mute: |filter| format!("Mute {filter}"),
    unmute: |filter| format!("Unmute {filter}"),
    asleep: "waits for a connection",
    asked: "asked",
    refused: |code| format!("refused (0x{code:02x})"),
    lower_qos: |wanted, granted| {
        format!("You asked for QoS {wanted}; the broker granted {granted}.")
    },
    messages_counted: |count| {
        let noun = if count == "1" { "message" } else { "messages" };
        format!("{count} {noun}")
    },
    no_subscriptions: "Subscribe to a topic filter to see messages.",
    everything: "Everything",
    broker_figures: "Broker figures",
    inside_broker: "Inside the broker",
    second_client: "Open a second client",
    filter_faults: FilterFaults {
        empty: "Type a topic filter, for example sensors/# for everything below sensors.",
        too_long: "A topic filter has at most 65,535 bytes.",
        nul: "A topic filter cannot contain the character U+0000.",
        hash_not_last: |level| {
            format!("# must be the last level, but level {level} is followed by others.")
        },
        hash_not_alone: |level| {
            format!("# must be a whole level by itself; level {level} has more than that.")
        },
        plus_not_alone: |level| {
            format!("+ must be a whole level by itself; level {level} has more than that.")
        },
        share: "A shared subscription is $share/group/filter: the group has at least one character and no wildcard.",
    },
    explain_plus: "+ is exactly one level.",
    explain_hash: "# is this level and everything below it. Topics that start with $ need to be asked for by name.",
    explain_exact: "Only this very topic.",
    explain_share: "The group's members share the messages between them.",
    search_topics: "Search topics",
    no_topics: "Topics appear here as messages arrive. MQTT has no list to ask for.",
    beyond: |count| {
        format!(
            "{count} messages came on topics that found no room in the tree. They are in the list."
        )
    },
    empty_level: "(empty level)",
    filter_messages: "Filter messages",
    filter_messages_placeholder: "Text or a/+/b",
    all_packets: "All packets",
    all_packets_hint: "Show CONNECT, SUBACK, PINGREQ and all others too",
    pause: "Pause",
    resume: "Resume",
    clear: "Clear",
    newer: |count| format!("↑ {count} newer"),
    retained: "retained",
    again: "DUP",
    empty_payload: "empty",
    no_messages: "No message yet. Messages appear here as soon as one matches a subscription.",
    all_muted: "Everything here is muted. Messages still arrive and are kept.",
    nothing_matches: "Nothing here matches this filter.",
    searching: "Searching…",
    sent: "Sent",
    received: "Received",
    inspector: "Inspector",
    back: "Back",
    payload: "Payload",
    packet: "Packet",
    topic: "Topic",
    matched: "Matched",
    matched_none: "No subscription of this page",
    retain: "Retain",
    size: "Size",
    qos: "QoS",
    packet_identifier: "Packet identifier",
    to_broker: "Midge → broker",
    from_broker: "broker → Midge",
    live: "Live (flag 0): the broker clears it on live delivery, even if the sender asked to retain.",
    replayed: "Retained: the broker had stored this message before you subscribed (flag 1).",
    asked_to_retain: "The broker is asked to store it (flag 1).",
    not_retained: "Not to be stored (flag 0).",
    show_as: "Show the payload as",
    text: "Text",
    copy: "Copy",
    copied: "Copied.",
    not_copied: "The browser did not allow copying.",
    save: "Save",
    not_json: "This payload is not JSON: it is no UTF-8 text.",
    not_text: |at| {
        format!("These bytes are not UTF-8 text (first at byte {at}); such bytes show as \u{fffd}.")
    },
    changes: "Changes",
    was: |before| format!("was {before}"),
    only_this_topic: "Only this topic",
    publish_again: "Edit and publish",
    gone: "This message is no longer in the list: newer ones took its place in the memory budget.",
    bytes_shown: |shown, all| {
        format!("The first {shown} of {all} are shown. Save has all of them.")
    },
    show_more: "Show more",
    image: "The payload as a picture",
    delivery: "This delivery",
    fields: "Fields",
    field_name: |name| name,
    payload_format: "Payload format",
    file: "File",
    choose_file: "Choose a file",
    no_file: "Choose a file to publish first.",
    hex: "Hex",
    every: "every",
    seconds: "s",
    interval: "Interval in seconds",
    start: "Start",
    stop: "Stop",
    running: |count, topic| format!("{count} sent to {topic}"),
    running_waits: "waits for a connection",
    unacknowledged: "Sent. Waiting for the broker's acknowledgement…",
    published: |what| format!("Published: {what}"),
    not_connected: "There is no connection. What you typed stays here.",
    too_large: "MQTT packets hold at most 268,435,455 bytes. This one would be larger.",
    no_identifier: "65,535 messages are waiting for their acknowledgement; try again when some are done.",
    topic_refused: "This is not a topic to publish to.",
    bad_json: |what, line, column| {
        format!(
            "This is not JSON, line {line}, column {column}: {what}. Choose Text to send it as it is."
        )
    },
    bad_hex: BadHex {
        odd: "Hex needs two digits per byte; one digit is missing.",
        character: |what| format!("“{what}” is not a hexadecimal digit (0-9, a-f)."),
    },
    bad_template: |what| {
        format!(
            "“{what}” cannot be filled in. To send it as it is, untick “Fill in placeholders”. There are random 0..99, seq, time, unix, uuid, sine 0..10 60 and pick a|b."
        )
    },
    bad_interval: "The interval is a number of seconds from 0.01 to 86,400.",
    templates: "Placeholders: {{random 0..99}} {{seq}} {{time}} {{uuid}} {{sine 0..10 60}}",
    terminal: "The same in a terminal",
    work: WORK,
    shown: SHOWN,
    told: TOLD,
    remembered: super::en_remembered::REMEMBERED,
    keeping: KEEPING,
};

pub static LATER: LaterWords = LaterWords {
    content: CONTENT,
    properties: PROPERTIES,
    happened: HAPPENED,
    details: DETAILS,
    codes: CODES,
    attempt: ATTEMPT,
    doctor: DOCTOR,
    sharing: SHARING,
    settings: SETTINGS,
};
