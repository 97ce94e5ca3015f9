//! English: what is found and told without looking.

use super::told::ToldWords;

pub const TOLD: ToldWords = ToldWords {
    commands: "Commands",
    keys: "Keys",
    skip: "Skip to the content",
    clear_messages: "Clear the messages",
    start_series: "Start a series of messages",
    stop_series: "Stop the series of messages",
    workbench: "Workbench",
    projector: "Projector",
    history: "History",
    timeline: "Time strip",
    latest_value: "Latest value",
    colour: |filter, number| format!("Colour {number} of 8 for {filter}, take the next"),
    left_width: "Width of subscriptions and topics",
    right_width: "Width of the inspector",
    connected_to: |broker| format!("Connected to {broker}"),
    lost: "The connection was lost",
    lost_at: |time, what| format!("At {time}: {what}"),
    latest_try: |what| format!("Latest try: {what}"),
    new_message: "1 new message",
    new_messages: |count| format!("{count} new messages"),
    more_toasts: |more| format!("{more} more"),
    wildcards: "+ stands for one level, # for all that is below.",
};
