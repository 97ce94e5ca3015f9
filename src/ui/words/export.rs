//! The words of making a file of what was captured: loaded with it, in every language.

/// See the file of each language.
pub struct ExportWords {
    pub about: &'static str,
    pub only_matches: &'static str,
    pub all_packets: &'static str,
    pub secrets: &'static str,
    pub secrets_hint: &'static str,
    /// The group of the kinds of files.
    pub kinds: &'static str,
    /// What each kind is for.
    pub which: &'static str,
    /// Packets that were looked at, and how many there are.
    pub progress: fn(&str, &str) -> String,
    pub stop: &'static str,
    pub stopped: &'static str,
    pub saved: &'static str,
    /// How many packets made room for newer ones meanwhile.
    pub saved_without: fn(&str) -> String,
    pub refused: &'static str,
}
