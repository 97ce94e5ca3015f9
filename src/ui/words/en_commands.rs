//! English: the commands and the keys.

use super::commands::{CommandWords, KeyWords};

pub static COMMANDS: CommandWords = CommandWords {
    field: "Find a command, a topic or a connection",
    placeholder: "What would you like to do?",
    list: "Commands, connections and topics",
    none: "Nothing fits. Try fewer letters.",
    count: |count| {
        let noun = if count == "1" { "entry" } else { "entries" };
        format!("{count} {noun}")
    },
    kinds: ["Action", "Connection", "Topic"],
    go_to_connection: "Go to the connection",
    go_to_subscriptions: "Subscribe to a topic filter",
    go_to_topics: "Go to the topics",
    go_to_messages: "Go to the messages",
    go_to_filter: "Filter the messages",
    go_to_publisher: "Write a message",
    go_to_inspector: "Go to the inspector",
    close_inspector: "Close the inspector",
    colours: ["Colours: as the system", "Colours: light", "Colours: dark"],
    subscribe_to: |filter| format!("Subscribe to {filter}"),
    characters: "? and / are commands",
    characters_hint: "Turn this off if you dictate, or press them by accident. All other keys stay.",
    keys: &[
        (
            "Everywhere",
            &[
                KeyWords {
                    keys: &["Ctrl", "K"],
                    what: "Find a command, a topic or a connection",
                },
                KeyWords {
                    keys: &["?"],
                    what: "Show these keys",
                },
                KeyWords {
                    keys: &["/"],
                    what: "Filter the messages",
                },
                KeyWords {
                    keys: &["P"],
                    what: "Show a value large, for a projector, and go back",
                },
                KeyWords {
                    keys: &["F6"],
                    what: "Go to the next part of the page; with Shift to the one before",
                },
                KeyWords {
                    keys: &["Esc"],
                    what: "Close what is open",
                },
            ],
        ),
        (
            "In the messages and the topics",
            &[
                KeyWords {
                    keys: &["↑", "↓"],
                    what: "Go to the row above or below",
                },
                KeyWords {
                    keys: &["Page Up", "Page Down"],
                    what: "Go a page up or down",
                },
                KeyWords {
                    keys: &["Home", "End"],
                    what: "Go to the first or the last row",
                },
                KeyWords {
                    keys: &["Enter"],
                    what: "Read the message in the inspector",
                },
            ],
        ),
        (
            "From one to the other",
            &[
                KeyWords {
                    keys: &["→"],
                    what: "From the messages to the inspector; from a topic to the messages",
                },
                KeyWords {
                    keys: &["←"],
                    what: "From the inspector to the messages, and from there to the topics",
                },
                KeyWords {
                    keys: &["→", "←"],
                    what: "In the topics: open a level, close it, or go to the level above",
                },
            ],
        ),
        (
            "While writing a message",
            &[KeyWords {
                keys: &["Ctrl", "Enter"],
                what: "Publish it",
            }],
        ),
    ],
};
