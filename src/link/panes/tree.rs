//! The topic tree: the visible part, and its rows.

use serde::{Deserialize, Serialize};

use crate::link::Preview;

/// The visible part of the topic tree, as rows from top to bottom.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TreeView {
    /// Rows above the first visible one.
    pub skip: u32,
    /// How many rows are visible.
    pub rows: u16,
    /// Show only topics that contain this text, case-insensitively, with the levels above them. Empty: all.
    pub search: String,
}

/// The visible rows of the tree.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    /// How many topics had a message.
    pub topics: u32,
    /// How many messages have a topic that did not fit into the tree. They are in the list.
    pub beyond: u64,
    /// How many rows there are with the current folding and search.
    pub total: u32,
    /// The position of the first row in `rows`.
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
    /// Its position among its siblings, from 1, and how many there are. `None` in a search, where they are not counted.
    pub place: Option<(u32, u32)>,
    /// There are levels below it.
    pub branch: bool,
    /// It is folded open.
    pub open: bool,
    /// How many messages came on this topic and on all below it.
    pub count: u64,
    /// The latest payload on exactly this topic.
    pub preview: Option<Preview>,
    /// The latest message has the retain flag, or a retained message is known.
    pub retained: bool,
}
