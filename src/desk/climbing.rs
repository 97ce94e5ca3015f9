//! Going through the topic tree by keys: from row to row, down into a level and up out of it.

use super::walking::{Seen, walked};
use crate::link::{Target, Tree, TreeRow};

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Go to the row that has so many above it.
    To(u32),
    /// Fold a level open or shut.
    Fold {
        /// The level.
        node: u32,
        /// Open.
        open: bool,
    },
    /// Do what a press on the chosen row does.
    Act,
    /// There is nothing inside: on to the messages.
    Messages,
}

/// What a key does in the tree. Rows are told by the rows above them. `ahead`: the row that an earlier key led to, while
/// it has not come yet. `last`: the row that was chosen last, where its level is not here.
pub fn step(
    key: &str,
    tree: &Tree,
    chosen: Option<Target>,
    ahead: Option<u32>,
    last: Option<u32>,
    seen: Seen,
) -> Option<Step> {
    let here = (tree.skip..)
        .zip(&tree.rows)
        .find(|(_, row)| Some(Target::Topic(row.node)) == chosen);
    match (key, here) {
        ("Enter" | " ", Some(_)) => Some(Step::Act),
        ("ArrowRight", Some((at, row))) => Some(inside(at, row)),
        ("ArrowRight", None) => Some(Step::Messages),
        ("ArrowLeft", Some((_, row))) if row.branch && row.open => Some(Step::Fold {
            node: row.node,
            open: false,
        }),
        ("ArrowLeft", Some((at, row))) => above(tree, at, row).map(Step::To),
        (key, here) => {
            // The chosen row may still be here while a key has gone on from it already.
            let from = ahead.or(here.map(|(at, _)| at)).or(last);
            let next = walked(key, from.map(u64::from), seen)?;
            u32::try_from(next).ok().map(Step::To)
        }
    }
}

fn inside(at: u32, row: &TreeRow) -> Step {
    match (row.branch, row.open) {
        (true, false) => Step::Fold {
            node: row.node,
            open: true,
        },
        (true, true) => Step::To(at.saturating_add(1)),
        (false, _) => Step::Messages,
    }
}

/// The row of the level that this one is in; the first row that is here, where that one is further up.
fn above(tree: &Tree, at: u32, row: &TreeRow) -> Option<u32> {
    if row.depth == 0 {
        return None;
    }
    let mut before = (tree.skip..at).zip(&tree.rows);
    let parent = before.rfind(|(_, other)| other.depth < row.depth);
    Some(parent.map_or(tree.skip, |(at, _)| at))
}
