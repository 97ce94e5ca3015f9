//! The words for broken rules and for limits of Midge's own, while the connection goes on and where it does not.

/// See the file of each language.
pub struct RemarkWords {
    /// Topic, what is wrong (in English), version and section.
    pub message: fn(&str, &str, &str, &str) -> String,
    /// How many such messages there were.
    pub messages: fn(&str) -> String,
    /// What is wrong (in English), version and section.
    pub broker: fn(&str, &str, &str) -> String,
    /// How often.
    pub times: fn(&str) -> String,
    /// Topic, size, limit.
    pub too_large: fn(&str, &str, &str) -> String,
    /// Size, limit.
    pub packet_too_large: fn(&str, &str) -> String,
    /// The same where it ended the connection.
    pub too_large_ended: fn(&str, &str) -> String,
    /// Limit.
    pub alias_names: fn(&str) -> String,
    pub look: &'static str,
    /// The mark of a row, and what it says in full.
    pub flawed: &'static str,
    pub flawed_title: &'static str,
    /// How many user properties are not laid out.
    pub further: fn(&str) -> String,
    pub suspects: &'static str,
    /// The filter.
    pub leave_out: fn(&str) -> String,
    pub strict: &'static str,
    pub strict_hint: &'static str,
}
