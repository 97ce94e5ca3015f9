//! The words for what is remembered and can be had again.

/// See the file of each language.
pub struct RememberedWords {
    /// The page connects by itself.
    pub by_itself: &'static str,
    pub by_itself_hint: &'static str,
    /// The name of a saved connection.
    pub connect_to: fn(&str) -> String,
    pub undo_clear: &'static str,
    /// Payloads that were sent before.
    pub payloads_before: &'static str,
    /// Whether to leave with an open connection.
    pub leave_title: &'static str,
    pub leave_text: &'static str,
    pub stay: &'static str,
    pub leave: &'static str,
    /// How many messages.
    pub undo_clear_hint: fn(&str) -> String,
    /// How many subscriptions, and their filters.
    pub brings: fn(usize, &str) -> String,
}
