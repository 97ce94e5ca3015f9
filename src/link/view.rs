//! What the page shows, and so what the worker answers with.

use serde::{Deserialize, Serialize};

use crate::link::{ListView, SeenView, TreeView};

/// What is visible. Only this is ever sent to the page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// The list of messages; `None` while it is not on screen.
    pub list: Option<ListView>,
    /// The topic tree; `None` while it is not on screen.
    pub tree: Option<TreeView>,
    /// The topics that were seen; `None` while nobody types a part of one.
    pub seen: Option<SeenView>,
}
