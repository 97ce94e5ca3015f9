//! The words for what is left out because the broker closed the connection over it.

/// See the file of each language.
pub struct LeftOutWords {
    pub heading: &'static str,
    /// What the messages under the heading are.
    pub messages: &'static str,
    /// In place of the topic of a message that the broker has already.
    pub taken: &'static str,
    pub send_again: &'static str,
    pub drop: &'static str,
    /// In a word, of a filter.
    pub badge: &'static str,
    pub filter: &'static str,
    pub ask_again: &'static str,
    pub leave_out: &'static str,
    /// The filter.
    pub notice_filter: fn(&str) -> String,
    /// The topic.
    pub notice_message: fn(&str) -> String,
    pub notice_taken: &'static str,
    /// The filters.
    pub suspected_filters: fn(&str) -> String,
    /// The topic.
    pub suspected_message: fn(&str) -> String,
}
