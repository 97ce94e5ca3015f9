//! The words of why a subscription brought nothing: loaded with that, in every language.

/// See the file of each language. Topics and filters come in as they are to be read.
pub struct SilenceWords {
    pub comma: &'static str,
    pub space: &'static str,
    /// The topic.
    pub slash: fn(&str) -> String,
    /// The topic.
    pub capitals: fn(&str) -> String,
    /// Levels of the filter, and those of the topic, which all others that begin like it have, too.
    pub levels: fn(usize, u16, &str) -> String,
    /// Levels of the filter, the fewest and the most of the topics, and one of them.
    pub levels_differ: fn(usize, u16, u16, &str) -> String,
    pub quiet: &'static str,
    pub quiet_retained: &'static str,
    /// The filters.
    pub subscribe_instead: fn(&str) -> String,
}
