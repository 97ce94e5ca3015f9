//! The topics as a tree of levels, with counts and folds, and the rows of it that are visible. Knows no messages and
//! no filters: what a topic is called and what it carries is looked up by its number.
//!
//! Every node keeps how many rows are below it, and so does every chunk of its children, so a visible part is found without
//! walking what lies above it.

use super::siblings::{Chunk, Siblings, Slot};
use crate::reading::contains;

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
    pub(super) topic: Option<u32>,
    /// Which of its siblings it is, from 1, and how many there are. `None` in a search, which does not count them.
    pub place: Option<(u32, u32)>,
    /// There are levels below it.
    pub branch: bool,
    /// It is folded open.
    pub open: bool,
    /// Messages received on this topic and all below it.
    pub count: u64,
}

#[derive(Debug)]
struct Search {
    /// In lower case.
    text: String,
    /// Topics that were looked at already.
    next: usize,
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

    /// Shows only topics that contain this text. True if that is another search than before.
    pub fn set_search(&mut self, text: &str) -> bool {
        let text = text.to_lowercase();
        if self.search.as_ref().map_or("", |search| &search.text) == text {
            return false;
        }
        self.search = (!text.is_empty()).then_some(Search { text, next: 0 });
        for node in &mut self.nodes {
            node.found = false;
            node.found_below = 0;
        }
        for chunk in self.siblings.all_mut() {
            chunk.found = 0;
        }
        true
    }

    /// Looks at topics that the search has not seen yet, `most` of them. True if there are more.
    pub fn work<'a>(&mut self, most: usize, name: impl Fn(u32) -> &'a str) -> bool {
        let Some(search) = &mut self.search else {
            return false;
        };
        let end = search.next.saturating_add(most).min(self.carriers.len());
        for carrier in self.carriers.get(search.next..end).unwrap_or_default() {
            let topic = self
                .nodes
                .get(*carrier as usize)
                .and_then(|node| node.topic);
            if !topic.is_some_and(|topic| contains(name(topic).as_bytes(), &search.text)) {
                continue;
            }
            let mut at = *carrier as usize;
            let mut new_below = 0;
            while let Some(node) = self.nodes.get_mut(at) {
                node.found_below += new_below;
                if !node.found {
                    node.found = true;
                    new_below += 1;
                }
                if at == ROOT {
                    break;
                }
                if let Some(chunk) = self.siblings.get_mut(node.chunk) {
                    chunk.found += new_below;
                }
                at = node.parent as usize;
            }
        }
        search.next = end;
        end < self.carriers.len()
    }

    /// The search has yet to look at topics.
    pub fn is_searching(&self) -> bool {
        self.search
            .as_ref()
            .is_some_and(|search| search.next < self.carriers.len())
    }

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
    fn walk(&self, skip: u32, most: usize) -> (Vec<Branch<'_>>, usize) {
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
mod tests {
    use super::*;

    const MANY: u32 = 100_000;

    /// So many topics of one level below `a`, in the order of `number`.
    fn wide(number: impl Fn(u32) -> u32) -> Tree {
        let mut tree = Tree::new();
        for topic in 0..MANY {
            tree.insert(&format!("a/{:06}", number(topic)), topic);
        }
        tree
    }

    fn orders() -> [fn(u32) -> u32; 4] {
        [
            |at| at,
            |at| MANY - 1 - at,
            // From both ends to the middle, and all over.
            |at| {
                if at % 2 == 0 {
                    at / 2
                } else {
                    MANY - 1 - at / 2
                }
            },
            |at| (at * 7_919) % MANY,
        ]
    }

    /// What one more topic moves is bounded by a chunk and the number of chunks, in whatever order they come.
    #[test]
    fn a_topic_among_a_hundred_thousand_moves_few_others() {
        for number in orders() {
            let tree = wide(number);
            let above = &tree.nodes[1];
            assert_eq!(&*above.name, "a");
            let chunks = above
                .chunks
                .iter()
                .map(|chunk| tree.siblings.get(*chunk).unwrap());
            let longest = chunks.map(|chunk| chunk.nodes.len()).max();
            assert!(longest <= Some(256), "{longest:?}");
            assert!(
                above.chunks.len() <= MANY as usize / 100,
                "{}",
                above.chunks.len()
            );
        }
    }

    #[test]
    fn rows_are_found_among_a_hundred_thousand_without_walking_them() {
        for number in orders() {
            let mut tree = wide(number);
            for search in ["", "a/"] {
                tree.set_search(search);
                while tree.work(1000, |_| "a/x") {}
                assert_eq!(tree.total(), MANY + 1);
                for skip in [0, 1, 255, 256, 257, 50_000, MANY - 50] {
                    let (rows, steps) = tree.walk(skip, 40);
                    let names: Vec<&str> = rows.iter().map(|row| row.name).collect();
                    let wanted = (skip..skip + 40).map(|row| match row {
                        0 => "a".to_owned(),
                        row => format!("{:06}", row - 1),
                    });
                    assert_eq!(names, wanted.collect::<Vec<_>>(), "{search:?}");
                    assert!(steps < 1_500, "{steps}");
                }
            }
        }
    }

    /// What a fold and a search take away and give back is right in every chunk.
    #[test]
    fn runs_count_what_is_below_their_nodes() {
        let mut tree = Tree::new();
        for topic in 0..2_000u32 {
            tree.insert(&format!("a/{:03}/{topic}", topic * 7 % 500), topic);
        }
        let all = tree.total();
        let node = |tree: &Tree, name: &str| {
            let at = tree
                .nodes
                .iter()
                .position(|node| &*node.name == name)
                .unwrap();
            tree.number(at as u32)
        };
        for name in ["000", "499", "250"] {
            let number = node(&tree, name);
            tree.fold(number, true);
        }
        let (a, open) = (node(&tree, "a"), tree.total());
        assert!(tree.fold(a, false) && tree.total() == 1);
        assert!(tree.fold(a, true) && tree.total() == open);
        let rows = tree.rows(0, usize::MAX);
        assert_eq!(rows.len() as u32, open);
        for skip in 0..open {
            assert_eq!(tree.rows(skip, 1), rows[skip as usize..][..1]);
        }
        for name in ["000", "499", "250"] {
            let number = node(&tree, name);
            tree.fold(number, false);
        }
        assert!(tree.total() <= all);
        assert_eq!(tree.rows(0, usize::MAX).len() as u32, tree.total());
    }
}
