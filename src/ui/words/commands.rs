//! The words of the commands and the keys. Both languages are in the program that is loaded with the dialogs, so no other
//! word leads here.

/// See the file of each language.
pub struct CommandWords {
    /// What the field of the commands is for.
    pub field: &'static str,
    pub placeholder: &'static str,
    pub list: &'static str,
    pub none: &'static str,
    /// How many there are.
    pub count: fn(&str) -> String,
    /// What an entry is: an action, a connection, a topic.
    pub kinds: [&'static str; 3],
    pub go_to_connection: &'static str,
    pub go_to_subscriptions: &'static str,
    pub go_to_topics: &'static str,
    pub go_to_messages: &'static str,
    pub go_to_filter: &'static str,
    pub go_to_publisher: &'static str,
    pub go_to_inspector: &'static str,
    pub close_inspector: &'static str,
    pub colours: [&'static str; 3],
    pub subscribe_to: fn(&str) -> String,
    /// The choice whether keys of one character are commands.
    pub characters: &'static str,
    pub characters_hint: &'static str,
    /// For the list of keys: a group, and what each key of it does.
    pub keys: &'static [(&'static str, &'static [KeyWords])],
}

/// Keys, and what they do.
pub struct KeyWords {
    /// One or more: `Ctrl` stands for the machine's own key of commands.
    pub keys: &'static [&'static str],
    pub what: &'static str,
}
