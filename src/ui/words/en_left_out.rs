//! English: what is left out because the broker closed the connection over it.

use super::left_out::LeftOutWords;

pub const LEFT_OUT: LeftOutWords = LeftOutWords {
    heading: "Held back",
    messages: "The broker closed the connection each time these were sent, so they are probably not permitted. Everything else \
        works.",
    taken: "A message that the broker has already",
    send_again: "Send again",
    drop: "Drop it",
    badge: "not asked again",
    filter: "The broker closed the connection when it was asked for this, so it is probably not permitted.",
    ask_again: "Ask again",
    leave_out: "Leave it out",
    notice_filter: |filter| {
        format!(
            "The broker closed the connection over the filter {filter}: probably not permitted. It is not asked for again."
        )
    },
    notice_message: |topic| {
        format!(
            "The broker closed the connection each time the message to {topic} was sent. It is held back now."
        )
    },
    notice_taken: "The broker closed the connection each time a QoS 2 message was to be finished. It is held back now.",
    suspected_filters: |filters| {
        format!("The broker had just been asked for {filters}: probably not permitted.")
    },
    suspected_message: |topic| {
        format!("A message to {topic} had just been sent: probably not permitted.")
    },
};
