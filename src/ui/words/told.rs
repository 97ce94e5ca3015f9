//! The words of what is found and told without looking: headings, the way past the header, what happened.

/// See the file of each language.
pub struct ToldWords {
    /// The names of the dialogs.
    pub commands: &'static str,
    pub keys: &'static str,
    /// Goes past the header.
    pub skip: &'static str,
    /// Names of buttons whose own say too little among the commands.
    pub clear_messages: &'static str,
    pub start_series: &'static str,
    pub stop_series: &'static str,
    /// The heading over all there is to work with.
    pub workbench: &'static str,
    /// A value large enough for a classroom.
    pub projector: &'static str,
    /// The values of a topic, in the inspector.
    pub history: &'static str,
    /// Messages by time, above the list.
    pub timeline: &'static str,
    /// Over the latest payload of each topic.
    pub latest_value: &'static str,
    /// The filter, and the number of its colour, of eight.
    pub colour: fn(&str, u8) -> String,
    /// The lines between the columns.
    pub left_width: &'static str,
    pub right_width: &'static str,
    /// Host and port of the broker.
    pub connected_to: fn(&str) -> String,
    pub lost: &'static str,
    /// When, and what ended the connection.
    pub lost_at: fn(&str, &str) -> String,
    /// Why the latest try after that failed.
    pub latest_try: fn(&str) -> String,
    pub new_message: &'static str,
    /// How many: two or more.
    pub new_messages: fn(&str) -> String,
    /// How many short messages are not seen.
    pub more_toasts: fn(usize) -> String,
    /// What the two wildcards of a filter are.
    pub wildcards: &'static str,
}
