//! The topics as a tree of levels, with counts and folds, and the rows of it that are visible. Knows no messages and
//! no filters: what a topic is called and what it carries is looked up by its number.
//!
//! Every node keeps how many rows are below it, and so does every chunk of its children, so a visible part is found without
//! walking what lies above it.

mod search;
mod walk;

use search::Search;
pub use walk::Branch;

use super::siblings::{Chunk, Siblings, Slot};

/// While the tree is smaller than this, a new node stands open, so that the first topics are seen without a click.
const OPEN_WHILE_SMALLER: usize = 64;
const ROOT: usize = 0;
/// Bytes of a node without its name, at the most: each may be the only child of its parent.
const NODE_COST: usize = size_of::<Node>() + size_of::<Chunk>() + size_of::<[u32; 8]>();

#[derive(Debug)]
struct Node {
    name: Box<str>,
    parent: u32,
    /// Which chunk of its parent's children it is in.
    chunk: u32,
    /// Its children, ordered by name.
    chunks: Vec<u32>,
    topic: Option<u32>,
    /// Messages on this topic and all below.
    count: u64,
    open: bool,
    /// Rows below this one with the present folds.
    rows: u32,
    /// Rows below this one in the present search.
    found_below: u32,
    found: bool,
}

/// The tree.
#[derive(Debug)]
pub(super) struct Tree {
    /// The first is above the first level, and never shown.
    nodes: Vec<Node>,
    siblings: Siblings,
    /// The nodes of topics that carried a message, in the order in which they came.
    carriers: Vec<u32>,
    /// Numbers below this one were used before the last clearing.
    first_number: u32,
    search: Option<Search>,
    bytes: usize,
}

impl Node {
    fn new(name: &str, parent: u32, open: bool) -> Self {
        Self {
            name: name.into(),
            parent,
            chunk: 0,
            chunks: Vec::new(),
            topic: None,
            count: 0,
            open,
            rows: 0,
            found_below: 0,
            found: false,
        }
    }
}

impl Tree {
    pub fn new() -> Self {
        Self {
            nodes: vec![Node::new("", 0, true)],
            siblings: Siblings::default(),
            carriers: Vec::new(),
            first_number: 0,
            search: None,
            bytes: 0,
        }
    }

    /// Bytes of nodes and names.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// What a topic of this name adds at the most.
    pub fn cost(name: &[u8]) -> usize {
        let levels = memchr::memchr_iter(b'/', name).count() + 1;
        name.len() + levels * NODE_COST
    }

    /// Topics that carried a message.
    pub fn topics(&self) -> u32 {
        self.carriers.len() as u32
    }

    /// Finds or makes the node of a topic.
    pub fn insert(&mut self, name: &str, topic: u32) -> u32 {
        let mut at = ROOT;
        for level in name.split('/') {
            at = self.child(at, level);
        }
        if let Some(node) = self.nodes.get_mut(at)
            && node.topic.is_none()
        {
            node.topic = Some(topic);
            self.carriers.push(at as u32);
        }
        at as u32
    }

    fn child(&mut self, parent: usize, name: &str) -> usize {
        let Some(above) = self.nodes.get(parent) else {
            return ROOT;
        };
        let slot = self.siblings.find(&above.chunks, |child| {
            self.nodes
                .get(child as usize)
                .map_or("", |child| &*child.name)
                .cmp(name)
        });
        let slot = match slot {
            Slot::At(child) => return child as usize,
            Slot::Before { chunk, at } => (chunk, at),
        };
        let new = self.nodes.len();
        // A broker sends a lot about itself (`$SYS`), so that stays folded.
        let open = new <= OPEN_WHILE_SMALLER && !(parent == ROOT && name.starts_with('$'));
        self.bytes += name.len() + NODE_COST;
        self.nodes.push(Node::new(name, parent as u32, open));
        let nodes = &mut self.nodes;
        let mut chunks = nodes
            .get_mut(parent)
            .map(|above| std::mem::take(&mut above.chunks))
            .unwrap_or_default();
        let chunk = self
            .siblings
            .insert(&mut chunks, slot, new as u32, |other, chunk| {
                nodes.get_mut(other as usize).map_or((0, 0), |node| {
                    node.chunk = chunk;
                    let found = u32::from(node.found) + node.found_below;
                    (1 + node.rows, found)
                })
            });
        if let Some(above) = nodes.get_mut(parent) {
            above.chunks = chunks;
        }
        if let Some(node) = nodes.get_mut(new) {
            node.chunk = chunk;
        }
        self.add_rows(parent, 1);
        new
    }

    /// Rows were added (or taken away) directly below a node: counts them on every level that shows them.
    fn add_rows(&mut self, mut at: usize, rows: i64) {
        // A folded node has no rows, whatever is below it.
        while let Some(node) = self.nodes.get_mut(at)
            && node.open
        {
            node.rows = (i64::from(node.rows) + rows).max(0) as u32;
            if at == ROOT {
                break;
            }
            let chunk = node.chunk;
            at = node.parent as usize;
            self.add_to_chunk(chunk, rows);
        }
    }

    fn add_to_chunk(&mut self, chunk: u32, rows: i64) {
        if let Some(chunk) = self.siblings.get_mut(chunk) {
            chunk.rows = (i64::from(chunk.rows) + rows).max(0) as u32;
        }
    }

    /// Counts one message on this topic and all levels above.
    pub fn count(&mut self, node: u32) {
        let mut at = node as usize;
        while let Some(node) = self.nodes.get_mut(at) {
            node.count += 1;
            if at == ROOT {
                break;
            }
            at = node.parent as usize;
        }
    }

    fn index(&self, number: u32) -> Option<usize> {
        let index = number.checked_sub(self.first_number)? as usize;
        (index != ROOT && index < self.nodes.len()).then_some(index)
    }

    /// The number by which the page knows a node.
    pub fn number(&self, node: u32) -> u32 {
        self.first_number + node
    }

    /// The interned topic of a node, if it carried a message itself.
    pub fn topic(&self, number: u32) -> Option<u32> {
        self.nodes.get(self.index(number)?)?.topic
    }

    /// Folds a node open or shut. True if that changes anything.
    pub fn fold(&mut self, number: u32, open: bool) -> bool {
        let Some(index) = self.index(number) else {
            return false;
        };
        let Some(node) = self.nodes.get(index) else {
            return false;
        };
        if node.open == open {
            return false;
        }
        let (parent, chunk) = (node.parent as usize, node.chunk);
        let (before, after) = if open {
            let below = node
                .chunks
                .iter()
                .filter_map(|chunk| self.siblings.get(*chunk));
            (0, below.map(|chunk| chunk.rows).sum())
        } else {
            (node.rows, 0)
        };
        if let Some(node) = self.nodes.get_mut(index) {
            node.open = open;
            node.rows = after;
        }
        let more = i64::from(after) - i64::from(before);
        self.add_to_chunk(chunk, more);
        self.add_rows(parent, more);
        true
    }

    /// Takes everything out but the search. Numbers of nodes are not used again.
    pub fn set_aside(&mut self) -> Self {
        let next = Self {
            first_number: self.first_number + self.nodes.len() as u32,
            search: self.search.as_ref().map(|search| Search {
                text: search.text.clone(),
                next: 0,
            }),
            ..Self::new()
        };
        std::mem::replace(self, next)
    }

    /// This is the tree from now on, with the present search and with other numbers.
    pub fn bring_back(&mut self, earlier: Self) {
        let first_number = self.first_number + self.nodes.len() as u32;
        let text = self.search.take().map(|search| search.text);
        *self = Self {
            first_number,
            ..earlier
        };
        self.set_search("");
        if let Some(text) = text {
            self.set_search(&text);
        }
    }

    /// Forgets everything but the search. Numbers of nodes are not used again.
    pub fn clear(&mut self) {
        let search = self
            .search
            .take()
            .map(|search| Search { next: 0, ..search });
        let first_number = self.first_number + self.nodes.len() as u32;
        *self = Self {
            first_number,
            search,
            ..Self::new()
        };
    }
}

#[cfg(test)]
mod tests;
