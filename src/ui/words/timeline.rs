//! The words of the time strip: loaded with it, in every language.

/// See the file of each language.
pub struct TimelineWords {
    /// What can be done with it.
    pub hint: &'static str,
    /// Ends looking at a span.
    pub all_times: &'static str,
    /// The right end.
    pub now: &'static str,
    /// How long there was no connection.
    pub away: fn(&str) -> String,
    /// From when to when, and how many messages were received, were sent, and came with the retain flag.
    pub said: fn(&str, &str, &[String; 3]) -> String,
}
