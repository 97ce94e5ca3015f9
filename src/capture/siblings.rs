//! The children of every node of the tree, in order of their names, in chunks of bounded size: a new one moves at
//! most one chunk, and the visible ones among a hundred thousand are found without walking over all. Knows no names: it is
//! told how they compare.

use std::cmp::Ordering;

/// Nodes in one chunk at the most; a fuller one becomes two.
const LARGEST: usize = 256;

/// Some siblings, in order.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    pub nodes: Vec<u32>,
    /// Rows that they and all below them take with the present folds, while their parent stands open.
    pub rows: u32,
    /// Rows of them and all below them in the present search.
    pub found: u32,
}

/// All chunks, by number. A parent names its own in their order.
#[derive(Debug, Default)]
pub(super) struct Siblings {
    chunks: Vec<Chunk>,
}

/// Where a name is among the children of a parent, or where it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// This node has it.
    At(u32),
    /// Before this one of this chunk, by its place among the parent's.
    Before { chunk: usize, at: usize },
}

impl Siblings {
    pub fn get(&self, chunk: u32) -> Option<&Chunk> {
        self.chunks.get(chunk as usize)
    }

    pub fn get_mut(&mut self, chunk: u32) -> Option<&mut Chunk> {
        self.chunks.get_mut(chunk as usize)
    }

    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Chunk> {
        self.chunks.iter_mut()
    }

    /// Looks for a name among the chunks of a parent. `compare`: a node's name with it.
    pub fn find(&self, chunks: &[u32], compare: impl Fn(u32) -> Ordering) -> Slot {
        let nodes = |chunk: u32| self.get(chunk).map_or(&[][..], |chunk| &chunk.nodes);
        let begins_before = |chunk: &u32| {
            let first = nodes(*chunk).first();
            first.is_some_and(|first| compare(*first) != Ordering::Greater)
        };
        let chunk = chunks.partition_point(begins_before).saturating_sub(1);
        let nodes = chunks.get(chunk).map_or(&[][..], |chunk| nodes(*chunk));
        match nodes.binary_search_by(|node| compare(*node)) {
            Ok(at) => nodes
                .get(at)
                .map_or(Slot::Before { chunk, at }, |node| Slot::At(*node)),
            Err(at) => Slot::Before { chunk, at },
        }
    }

    /// Puts a node where it belongs among the chunks of its parent, and says in which it is. A chunk that became too full
    /// is split: `moved` is told which nodes are in another one from then on, and is asked for the rows and the found rows
    /// that each of them brings along.
    pub fn insert(
        &mut self,
        chunks: &mut Vec<u32>,
        (chunk, at): (usize, usize),
        node: u32,
        mut moved: impl FnMut(u32, u32) -> (u32, u32),
    ) -> u32 {
        let Some(&number) = chunks.get(chunk) else {
            let number = self.chunks.len() as u32;
            self.chunks.push(Chunk {
                nodes: vec![node],
                rows: 1,
                found: 0,
            });
            chunks.push(number);
            return number;
        };
        let next = self.chunks.len() as u32;
        let Some(into) = self.get_mut(number) else {
            return number;
        };
        into.nodes.insert(at.min(into.nodes.len()), node);
        into.rows += 1;
        if into.nodes.len() <= LARGEST {
            return number;
        }
        // Names that come in order leave full chunks behind.
        let half = match at {
            LARGEST => LARGEST,
            _ => LARGEST / 2,
        };
        let mut rest = Chunk {
            nodes: into.nodes.split_off(half),
            ..Chunk::default()
        };
        let mut own = number;
        for other in &rest.nodes {
            if *other == node {
                (own, rest.rows) = (next, rest.rows + 1);
            } else {
                let (rows, found) = moved(*other, next);
                (rest.rows, rest.found) = (rest.rows + rows, rest.found + found);
            }
        }
        into.rows = into.rows.saturating_sub(rest.rows);
        into.found = into.found.saturating_sub(rest.found);
        self.chunks.push(rest);
        chunks.insert(chunk + 1, next);
        own
    }
}
