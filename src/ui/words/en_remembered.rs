//! English: what is remembered and can be had again.

use super::remembered::RememberedWords;

pub const REMEMBERED: RememberedWords = RememberedWords {
    by_itself: "Connect when Midge opens",
    by_itself_hint: "To the broker that you used last, with its subscriptions. Not where a password has to be typed.",
    connect_to: |name| format!("Connect to {name}"),
    undo_clear: "Undo clear",
    payloads_before: "Sent before",
    leave_title: "Leave Midge?",
    leave_text: "The connection is open. Leaving ends it, and the messages that were captured are gone.",
    stay: "Stay",
    leave: "Leave",
    undo_clear_hint: |count| format!("Brings {count} messages back. Possible for half a minute."),
    brings: |count, filters| {
        let subscriptions = if count == 1 {
            "your subscription"
        } else {
            "your subscriptions"
        };
        format!("Connect goes on where you left, with {subscriptions}: {filters}")
    },
};
