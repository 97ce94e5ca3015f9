//! The words of the history of a topic: loaded with it, in every language.

/// See the file of each language.
pub struct HistoryWords {
    /// The list of values.
    pub values: &'static str,
    pub newer: &'static str,
    pub newest: &'static str,
    pub older: &'static str,
    pub evicted: &'static str,
    pub nothing: &'static str,
    /// What changed: nothing, or something that is not said in short.
    pub same: &'static str,
    pub other: &'static str,
    /// How many values changed beside those that are named.
    pub more: fn(&str) -> String,
}
