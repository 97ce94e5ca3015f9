//! The topics as a tree of levels, with counts and folds, and the rows of it that are visible. Knows no messages and
//! no filters: what a topic is called and what it carries is looked up by its number.
//!
//! Every node keeps how many rows are below it, so a visible part is found without walking what lies above it.

use super::search::contains;

/// While the tree is smaller than this, a new node stands open, so that a newcomer sees topics without a click.
const OPEN_WHILE_SMALLER: usize = 64;
const ROOT: usize = 0;

#[derive(Debug)]
struct Node {
    name: Box<str>,
    parent: u32,
    /// Ordered by name.
    children: Vec<u32>,
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
    /// Nodes that carry a topic, in the order in which they came.
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
            children: Vec::new(),
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
        name.len() + levels * (size_of::<Node>() + size_of::<u32>() * 2)
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
        let place = above.children.binary_search_by(|child| {
            self.nodes
                .get(*child as usize)
                .map_or("", |child| &*child.name)
                .cmp(name)
        });
        let place = match place {
            Ok(place) => {
                return above
                    .children
                    .get(place)
                    .map_or(ROOT, |child| *child as usize);
            }
            Err(place) => place,
        };
        let new = self.nodes.len();
        // What a broker says about itself comes unasked for in quantity, so it stays folded.
        let open = new <= OPEN_WHILE_SMALLER && !(parent == ROOT && name.starts_with('$'));
        self.bytes += name.len() + size_of::<Node>() + size_of::<u32>() * 2;
        self.nodes.push(Node::new(name, parent as u32, open));
        if let Some(above) = self.nodes.get_mut(parent) {
            above.children.insert(place, new as u32);
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
            at = node.parent as usize;
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
        let parent = node.parent as usize;
        let (before, after) = if open {
            let below = node
                .children
                .iter()
                .filter_map(|child| self.nodes.get(*child as usize));
            (0, below.map(|child| 1 + child.rows).sum())
        } else {
            (node.rows, 0)
        };
        if let Some(node) = self.nodes.get_mut(index) {
            node.open = open;
            node.rows = after;
        }
        self.add_rows(parent, i64::from(after) - i64::from(before));
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
        let searching = self.search.is_some();
        let mut skip = u64::from(skip);
        let mut rows = Vec::with_capacity(most.min(256));
        // Levels on the way down: whose children, and which of them is next.
        let mut path = vec![(ROOT, 0usize)];
        while rows.len() < most {
            let depth = path.len().saturating_sub(1);
            let Some((parent, next)) = path.last_mut() else {
                break;
            };
            let Some(child) = self
                .nodes
                .get(*parent)
                .and_then(|node| node.children.get(*next))
            else {
                path.pop();
                continue;
            };
            *next += 1;
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
                    topic: node.topic,
                    branch: if searching {
                        below > 0
                    } else {
                        !node.children.is_empty()
                    },
                    open: searching || node.open,
                    count: node.count,
                });
            } else {
                skip -= 1;
            }
            if below > 0 {
                path.push((index, 0));
            }
        }
        rows
    }

    /// Forgets everything but the search; numbers go on.
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
