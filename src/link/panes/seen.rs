//! The search in the topics that were seen, for fields in which a topic is typed.

use serde::{Deserialize, Serialize};

/// A search.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SeenView {
    /// The typed text. A topic must contain each of its words, case-insensitively. Empty: any topic.
    pub text: String,
    /// The most topics that are wanted.
    pub most: u16,
}

/// The topics that contain it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// The text of the search.
    pub text: String,
    /// In the order in which they were first seen.
    pub topics: Vec<String>,
}
