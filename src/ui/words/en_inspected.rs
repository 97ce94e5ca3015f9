//! English: what is said of a message and can be done with it.

use super::inspected::InspectedWords;

pub const INSPECTED: InspectedWords = InspectedWords {
    twice: "The same message again",
    overlap: |filters, after, clause| {
        format!(
            "It came {after} after its like, most likely because several of your filters match: {filters}. MQTT leaves it to the \
             broker whether such a message comes once or once for each ({clause})."
        )
    },
    retained_again: "The broker sends what it retains for each new subscription, so it came once more.",
    clear_retained: "Clear retained",
    clear_title: |topic| format!("Clear what is retained under {topic}?"),
    clear_about: "The broker deletes the message that it retains there, for everybody. Midge publishes an empty retained message for \
        that; whoever is subscribed gets it. This cannot be undone.",
    clear_now: "Clear it",
    keep: "Leave it",
    clearing: "Sent, waiting for the broker\u{2026}",
    cleared: |topic| format!("The broker took it: nothing is retained under {topic} any more."),
    sent_to_clear: |topic| {
        format!(
            "Sent: nothing is retained under {topic} any more. This broker acknowledges nothing (QoS 0)."
        )
    },
    queued: "It waits for a connection and goes out then.",
    not_connected: "Only possible while connected.",
};
