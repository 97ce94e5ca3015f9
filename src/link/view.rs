//! What the page shows, which decides what the worker sends.

use serde::{Deserialize, Serialize};

use crate::link::{HistoryView, ListView, SeenView, TimelineView, TreeView, WatchView};

/// What is visible. Only this is sent to the page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// The list of messages; `None` while it is not on screen.
    pub list: Option<ListView>,
    /// The topic tree; `None` while it is not on screen.
    pub tree: Option<TreeView>,
    /// The search in the topics that were seen; `None` while nobody types.
    pub seen: Option<SeenView>,
    /// The time strip; `None` while it is not on screen.
    pub timeline: Option<TimelineView>,
    /// A page of a topic's history; `None` while it is not on screen.
    pub history: Option<HistoryView>,
    /// Goals that are watched for; `None` while no lesson is open.
    pub watched: Option<WatchView>,
}
