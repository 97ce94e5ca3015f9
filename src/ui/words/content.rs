//! The words for payloads: as they are read, and as they are typed.

use crate::{
    payload::{CborFault, JsonFault, Mark},
    profile::terminal::{NoLine, Note},
};

/// See the file of each language.
pub struct ContentWords {
    /// A payload is still being read.
    pub reading: &'static str,
    /// What is wrong, the line and the column.
    pub not_json: fn(&str, &str, &str) -> String,
    /// What is wrong, as the end of a sentence without its stop.
    pub json_fault: fn(&JsonFault) -> String,
    /// What is wrong, and from which byte on.
    pub cbor_fault: fn(&CborFault) -> String,
    /// The size of a string of which only the start is shown.
    pub cbor_cut: fn(&str) -> String,
    /// The line and the column.
    pub lone_surrogate: fn(&str, &str) -> String,
    /// Levels that are indented.
    pub deep: fn(usize) -> String,
    pub mark: fn(Mark) -> &'static str,
    /// Beside a value that was not there before.
    pub new: &'static str,
    /// How many values are gone, and the first keys of them.
    pub gone: fn(usize, &str) -> String,
    /// Whether they are filled in.
    pub placeholders: &'static str,
    /// The first few of what looks like a placeholder and is none, and how many more there are.
    pub as_it_is: fn(&[String], usize) -> String,
    pub empty: &'static str,
    pub empty_retained: &'static str,
}

/// The same in a terminal.
pub struct TerminalWords {
    pub copy: &'static str,
    /// What one has to know of a command.
    pub note: fn(&Note) -> String,
    /// Why there is none.
    pub none: fn(NoLine) -> String,
}
