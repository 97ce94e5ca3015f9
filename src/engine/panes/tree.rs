//! The visible rows of the topic tree. Their cost depends on what is visible, never on what was captured.

use crate::{
    capture::{Branch, Capture},
    engine::{
        pane::{Pane, World},
        shown,
    },
    link::{self, Answer, TreeRow, TreeView},
};

/// The topic tree.
#[derive(Debug, Default)]
pub struct Tree {
    /// What is visible of it; `None` while it is not on screen.
    pub view: Option<TreeView>,
}

impl Pane for Tree {
    type Answer = link::Tree;
    const INTO_ANSWER: fn(link::Tree) -> Answer = Answer::Tree;

    fn answer(&mut self, world: &World<'_>) -> Option<link::Tree> {
        Some(tree(self.view.as_ref()?, world.capture))
    }
}

/// The visible rows of the tree. A part that would reach past the last row is moved up.
fn tree(view: &TreeView, capture: &Capture) -> link::Tree {
    let (topics, total) = capture.tree_size();
    let skip = view.skip.min(total.saturating_sub(u32::from(view.rows)));
    let rows = capture.tree_rows(skip, usize::from(view.rows));
    let row = |branch: &Branch<'_>| TreeRow {
        node: branch.node,
        depth: branch.depth,
        name: branch.name.to_owned(),
        place: branch.place,
        branch: branch.branch,
        open: branch.open,
        count: branch.count,
        preview: capture
            .latest(branch.node)
            .map(|packet| shown::preview(packet.payload())),
        retained: capture.knows_retained(branch),
    };
    link::Tree {
        topics,
        beyond: capture.counts().beyond_tree,
        total,
        skip,
        rows: rows.iter().map(row).collect(),
    }
}
