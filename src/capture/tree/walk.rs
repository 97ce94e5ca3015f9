//! The rows of the tree that are visible, found without walking what lies above them.

use super::{ROOT, Tree};
use crate::capture::siblings::Chunk;

/// One visible row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Branch<'a> {
    /// Its number, never used for another level.
    pub node: u32,
    /// 0 for the first level.
    pub depth: u16,
    /// The level's name.
    pub name: &'a str,
    /// Its interned topic, if it carried a message itself.
    pub(in crate::capture) topic: Option<u32>,
    /// Which of its siblings it is, from 1, and how many there are. `None` in a search, which does not count them.
    pub place: Option<(u32, u32)>,
    /// There are levels below it.
    pub branch: bool,
    /// It is folded open.
    pub open: bool,
    /// Messages received on this topic and all below it.
    pub count: u64,
}

/// How far the walk along the children of a node is.
#[derive(Debug)]
struct Way {
    /// Whose children.
    parent: usize,
    /// Which chunk of them.
    chunk: usize,
    /// Which in it is next.
    next: usize,
    /// How many are in the chunks before.
    before: u32,
    /// How many there are in all.
    siblings: u32,
}

impl Way {
    /// On to the next chunk.
    fn leave(&mut self, chunk: &Chunk) {
        self.before += chunk.nodes.len() as u32;
        self.chunk += 1;
        self.next = 0;
    }
}

impl Tree {
    fn rows_below(&self, index: usize) -> u32 {
        self.nodes.get(index).map_or(0, |node| {
            if self.search.is_some() {
                node.found_below
            } else {
                node.rows
            }
        })
    }

    /// Rows there are with the present folds and search. A search shows everything that it found as folded open.
    pub fn total(&self) -> u32 {
        self.rows_below(ROOT)
    }

    /// Visible rows, from top to bottom.
    pub fn rows(&self, skip: u32, most: usize) -> Vec<Branch<'_>> {
        self.walk(skip, most).0
    }

    /// The way through the children of a node, from the first one on.
    fn way(&self, parent: usize) -> Way {
        let chunks = self.nodes.get(parent).map_or(&[][..], |node| &node.chunks);
        let sizes = chunks
            .iter()
            .filter_map(|chunk| self.siblings.get(*chunk))
            .map(|chunk| chunk.nodes.len() as u32);
        Way {
            parent,
            chunk: 0,
            next: 0,
            before: 0,
            siblings: sizes.sum(),
        }
    }

    /// Visible rows, and how many steps it took to find them.
    pub(super) fn walk(&self, skip: u32, most: usize) -> (Vec<Branch<'_>>, usize) {
        let searching = self.search.is_some();
        let mut skip = u64::from(skip);
        let mut rows = Vec::with_capacity(most.min(256));
        let mut steps = 0;
        // Levels on the way down.
        let mut path = vec![self.way(ROOT)];
        while rows.len() < most {
            steps += 1;
            let depth = path.len().saturating_sub(1);
            let Some(way) = path.last_mut() else {
                break;
            };
            let chunk = self
                .nodes
                .get(way.parent)
                .and_then(|node| node.chunks.get(way.chunk));
            let Some(chunk) = chunk.and_then(|chunk| self.siblings.get(*chunk)) else {
                path.pop();
                continue;
            };
            let whole = u64::from(if searching { chunk.found } else { chunk.rows });
            if way.next == 0 && skip >= whole {
                skip -= whole;
                way.leave(chunk);
                continue;
            }
            let Some(child) = chunk.nodes.get(way.next) else {
                way.leave(chunk);
                continue;
            };
            way.next += 1;
            let place = (way.before + way.next as u32, way.siblings);
            let index = *child as usize;
            let Some(node) = self.nodes.get(index) else {
                continue;
            };
            if searching && !node.found {
                continue;
            }
            let below = self.rows_below(index);
            if skip > u64::from(below) {
                skip -= u64::from(below) + 1;
                continue;
            }
            if skip == 0 {
                rows.push(Branch {
                    node: self.number(*child),
                    depth: u16::try_from(depth).unwrap_or(u16::MAX),
                    name: &node.name,
                    place: (!searching).then_some(place),
                    topic: node.topic,
                    branch: if searching {
                        below > 0
                    } else {
                        !node.chunks.is_empty()
                    },
                    open: searching || node.open,
                    count: node.count,
                });
            } else {
                skip -= 1;
            }
            if below > 0 {
                path.push(self.way(index));
            }
        }
        (rows, steps)
    }
}
