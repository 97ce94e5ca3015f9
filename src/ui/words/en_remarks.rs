//! English: broken rules, and limits of Midge's own.

use super::remarks::RemarkWords;

pub const REMARKS: RemarkWords = RemarkWords {
    message: |topic, detail, version, clause| {
        format!(
            "A message on “{topic}” breaks a rule of {version}: {detail} (section {clause}). Somebody published it so; it is kept."
        )
    },
    messages: |count| format!("There were {count} such messages."),
    broker: |detail, version, clause| {
        format!("The broker broke a rule: {detail} ({version}, section {clause}). Midge goes on.")
    },
    times: |count| format!("This happened {count} times."),
    too_large: |topic, size, limit| {
        format!(
            "A message on “{topic}” has {size}. Midge takes up to {limit} and let it pass; MQTT allows it."
        )
    },
    packet_too_large: |size, limit| {
        format!("A packet has {size}. Midge takes up to {limit} and let it pass; MQTT allows it.")
    },
    too_large_ended: |size, limit| {
        format!(
            "A packet has {size}, and Midge takes up to {limit}. In strict mode that ends the connection"
        )
    },
    alias_names: |limit| {
        format!(
            "Midge keeps {limit} of topic names behind topic aliases, and the broker has set more. Messages under further aliases show no topic; a lower topic alias maximum avoids that."
        )
    },
    look: "Look at it",
    flawed: "breaks a rule",
    flawed_title: "This message breaks a rule of MQTT. The packet view marks the place.",
    further: |count| format!("{count} more are not laid out here; they are in the packet."),
    suspects: "The same comes on each connection. Most likely one of these topic filters brings it:",
    leave_out: |filter| format!("Leave out {filter} and connect"),
    strict: "Close on every broken rule",
    strict_hint: "Strict mode, for testing brokers: whatever breaks a rule of MQTT ends the connection for good. From the next Connect on.",
};
