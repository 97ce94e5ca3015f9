//! What the page shows, and so what the worker answers with.

use serde::{Deserialize, Serialize};

/// What is visible. Only this is ever sent to the page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// The list of messages; `None` while it is not on screen.
    pub list: Option<ListView>,
    /// The topic tree; `None` while it is not on screen.
    pub tree: Option<TreeView>,
}

/// The visible part of the list, newest first.
///
/// A message's *position* counts from 0 for the first that matched the filter since it was set, and never changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ListView {
    /// Show only messages whose topic or payload text contains this, whatever the case; if it is a valid topic filter
    /// with a wildcard, messages whose topic it matches. After `topic:` stands one exact topic, in quotes where it holds
    /// spaces or what is not seen. Empty: all.
    pub filter: String,
    /// Show every control packet, not messages alone. They are found by their names.
    pub packets: bool,
    /// Hold still: the newest position that is shown. `None` follows the newest.
    pub newest: Option<u64>,
    /// Rows between the newest shown and the first visible one.
    pub skip: u64,
    /// How many rows are visible.
    pub rows: u16,
}

/// The visible part of the topic tree, as rows from top to bottom.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TreeView {
    /// Rows above the first visible one.
    pub skip: u32,
    /// How many rows are visible.
    pub rows: u16,
    /// Show only topics that contain this text, whatever the case, with the levels above them. Empty: all.
    pub search: String,
}
