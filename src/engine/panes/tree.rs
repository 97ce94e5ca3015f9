//! The visible rows of the topic tree. The cost depends on how many are visible, not on how many topics there are.

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
    /// Which part is visible; `None` while it is not on screen.
    pub view: Option<TreeView>,
}

impl Pane for Tree {
    type Answer = link::Tree;
    const INTO_ANSWER: fn(link::Tree) -> Answer = Answer::Tree;

    fn answer(&mut self, world: &World<'_>) -> Option<link::Tree> {
        Some(tree(self.view.as_ref()?, world.capture))
    }
}

/// The visible rows. If they would end beyond the last row, they start earlier.
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
