//! The words for what is remembered and can be had again.

/// See the file of each language.
pub struct RememberedWords {
    pub undo_clear: &'static str,
    /// How many messages.
    pub undo_clear_hint: fn(&str) -> String,
}
