//! The topics that were seen, for whoever types a part of one: what the page looks for, and those that hold it.

use serde::{Deserialize, Serialize};

/// What is typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SeenView {
    /// Each word of it has to be in a topic, whatever the case. Nothing: any topic.
    pub text: String,
    /// So many are wanted at most.
    pub most: u16,
}

/// Topics that hold what is typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// What was looked for.
    pub text: String,
    /// In the order in which they were first seen.
    pub topics: Vec<String>,
}
