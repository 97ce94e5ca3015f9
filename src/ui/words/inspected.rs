//! The words of what is said of a message and can be done with it: loaded with the inspector's program, in every language.

/// See the file of each language. Topics come in as they are to be read.
pub struct InspectedWords {
    pub twice: &'static str,
    /// The filters, how long after, and the clause.
    pub overlap: fn(&str, &str, &str) -> String,
    pub retained_again: &'static str,
    pub clear_retained: &'static str,
    /// The topic.
    pub clear_title: fn(&str) -> String,
    pub clear_about: &'static str,
    pub clear_now: &'static str,
    pub keep: &'static str,
    pub clearing: &'static str,
    /// The topic.
    pub cleared: fn(&str) -> String,
    /// The same where nobody acknowledges it.
    pub sent_to_clear: fn(&str) -> String,
    pub queued: &'static str,
    pub not_connected: &'static str,
}
