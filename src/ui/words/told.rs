//! The words of what is found and told without looking: headings, the way past the header, what happened.

/// See the file of each language.
pub struct ToldWords {
    /// The names of the dialogs.
    pub commands: &'static str,
    pub keys: &'static str,
    /// Goes past the header.
    pub skip: &'static str,
}
