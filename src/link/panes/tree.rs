//! The topic tree: what the page shows of it, and the rows that answer.

use serde::{Deserialize, Serialize};

use crate::link::Preview;

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

/// The visible rows of the tree.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    /// Topics that carried a message.
    pub topics: u32,
    /// Messages whose topic found no room in the tree; they are in the list like any other.
    pub beyond: u64,
    /// Rows there are with the present folds and search.
    pub total: u32,
    /// Position of the first of `rows`.
    pub skip: u32,
    /// The visible rows.
    pub rows: Vec<TreeRow>,
}

/// One level of a topic.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TreeRow {
    /// Its number, never used for another level.
    pub node: u32,
    /// 0 for the first level.
    pub depth: u16,
    /// The level's name; may be empty.
    pub name: String,
    /// Which of its siblings it is, from 1, and how many there are: the levels directly below the same one. `None`: nobody
    /// has counted them, as in a search.
    pub place: Option<(u32, u32)>,
    /// It has levels below it.
    pub branch: bool,
    /// It is folded open.
    pub open: bool,
    /// Messages received on this topic and all below it.
    pub count: u64,
    /// The latest payload on this very topic.
    pub preview: Option<Preview>,
    /// The latest message's retain flag, or a retained message is known.
    pub retained: bool,
}
