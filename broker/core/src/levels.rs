//! A tree by the levels of topics, flat in memory: nothing recurses on its depth, and a node with a million children is
//! like any other. Children are found by one table for all of them, keyed by parent and level.

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::hash::BuildHasher;

/// A node's number.
pub type Node = u32;

/// No node.
pub const NONE: Node = u32::MAX;

/// The node above all first levels. It stands for no topic.
pub const ROOT: Node = 0;

/// What a node holds.
pub trait Load: Default {
    /// It holds nothing, so that the node may go once it has no children.
    fn is_vacant(&self) -> bool;
}

#[derive(Debug)]
struct Place<T> {
    parent: Node,
    first: Node,
    next: Node,
    previous: Node,
    level: Box<str>,
    load: T,
}

/// The tree.
#[derive(Debug)]
pub struct Tree<T> {
    places: Vec<Place<T>>,
    free: Vec<Node>,
    by_level: HashTable<Node>,
    hasher: FixedState,
}

impl<T: Load> Tree<T> {
    /// An empty tree. The seed keeps the table from being aimed at.
    pub fn new(seed: u64) -> Self {
        let root = Place {
            parent: NONE,
            first: NONE,
            next: NONE,
            previous: NONE,
            level: Box::default(),
            load: T::default(),
        };
        Self {
            places: vec![root],
            free: Vec::new(),
            by_level: HashTable::new(),
            hasher: FixedState::with_seed(seed),
        }
    }

    pub fn load(&self, node: Node) -> Option<&T> {
        Some(&self.places.get(node as usize)?.load)
    }

    pub fn load_mut(&mut self, node: Node) -> Option<&mut T> {
        Some(&mut self.places.get_mut(node as usize)?.load)
    }

    pub fn level(&self, node: Node) -> &str {
        self.places
            .get(node as usize)
            .map_or("", |place| &place.level)
    }

    pub fn parent(&self, node: Node) -> Node {
        self.places
            .get(node as usize)
            .map_or(NONE, |place| place.parent)
    }

    pub fn first_child(&self, node: Node) -> Node {
        self.places
            .get(node as usize)
            .map_or(NONE, |place| place.first)
    }

    pub fn next_sibling(&self, node: Node) -> Node {
        self.places
            .get(node as usize)
            .map_or(NONE, |place| place.next)
    }

    /// The child of this level; [`NONE`].
    pub fn child(&self, parent: Node, level: &str) -> Node {
        let found = self
            .by_level
            .find(hash(&self.hasher, parent, level), |&node| {
                let place = self.places.get(node as usize);
                place.is_some_and(|place| place.parent == parent && *place.level == *level)
            });
        found.copied().unwrap_or(NONE)
    }

    /// The node after this one, parents before their children.
    pub fn after(&self, node: Node) -> Option<Node> {
        match self.first_child(node) {
            NONE => self.beyond(node),
            child => Some(child),
        }
    }

    /// The node after this one and all that is below it.
    pub fn beyond(&self, mut node: Node) -> Option<Node> {
        while node != ROOT && node != NONE {
            match self.next_sibling(node) {
                NONE => node = self.parent(node),
                next => return Some(next),
            }
        }
        None
    }

    /// The topic or filter of a node. Of one that is longer than this, more than that and not all.
    pub fn path(&self, mut node: Node, most: usize) -> String {
        let mut levels = Vec::new();
        while node != ROOT && node != NONE {
            levels.push(self.level(node));
            node = self.parent(node);
        }
        let mut path = String::new();
        for (at, level) in levels.iter().rev().enumerate() {
            if path.len() > most {
                break;
            }
            if at > 0 {
                path.push('/');
            }
            path.push_str(level);
        }
        path
    }

    /// The node of this topic or filter.
    pub fn find(&self, path: &str) -> Option<Node> {
        let mut node = ROOT;
        for level in path.split('/') {
            node = self.child(node, level);
            if node == NONE {
                return None;
            }
        }
        Some(node)
    }

    /// The node of this topic or filter, made if it is not there.
    pub fn make(&mut self, path: &str) -> Node {
        let mut node = ROOT;
        for level in path.split('/') {
            let child = self.child(node, level);
            node = if child == NONE {
                self.grow(node, level)
            } else {
                child
            };
        }
        node
    }

    fn grow(&mut self, parent: Node, level: &str) -> Node {
        let next = self.first_child(parent);
        let place = Place {
            parent,
            first: NONE,
            next,
            previous: NONE,
            level: level.into(),
            load: T::default(),
        };
        let node = match self.free.pop() {
            Some(node) => {
                if let Some(old) = self.places.get_mut(node as usize) {
                    *old = place;
                }
                node
            }
            None => {
                self.places.push(place);
                (self.places.len() - 1) as Node
            }
        };
        if let Some(parent) = self.places.get_mut(parent as usize) {
            parent.first = node;
        }
        if let Some(next) = self.places.get_mut(next as usize) {
            next.previous = node;
        }
        let (places, hasher) = (&self.places, &self.hasher);
        self.by_level
            .insert_unique(hash(hasher, parent, level), node, |&other| {
                let place = places.get(other as usize);
                place.map_or(0, |place| hash(hasher, place.parent, &place.level))
            });
        node
    }

    /// Removes the node if it holds nothing and has no children, and so on with its parent.
    pub fn prune(&mut self, mut node: Node) {
        while node != ROOT {
            let Some(place) = self.places.get_mut(node as usize) else {
                return;
            };
            if place.first != NONE || place.parent == NONE || !place.load.is_vacant() {
                return;
            }
            let (parent, next, previous) = (place.parent, place.next, place.previous);
            let level = std::mem::take(&mut place.level);
            let hash = hash(&self.hasher, parent, &level);
            if let Ok(entry) = self.by_level.find_entry(hash, |&other| other == node) {
                entry.remove();
            }
            if let Some(place) = self.places.get_mut(node as usize) {
                place.parent = NONE;
            }
            let before = match previous {
                NONE => self
                    .places
                    .get_mut(parent as usize)
                    .map(|place| &mut place.first),
                previous => self
                    .places
                    .get_mut(previous as usize)
                    .map(|place| &mut place.next),
            };
            if let Some(link) = before {
                *link = next;
            }
            if let Some(next) = self.places.get_mut(next as usize) {
                next.previous = previous;
            }
            self.free.push(node);
            node = parent;
        }
    }

    /// How many nodes there are, the root not counted.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.places.len() - 1 - self.free.len()
    }
}

fn hash(hasher: &FixedState, parent: Node, level: &str) -> u64 {
    hasher.hash_one((parent, level))
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Load for Option<u32> {
        fn is_vacant(&self) -> bool {
            self.is_none()
        }
    }

    fn set(tree: &mut Tree<Option<u32>>, path: &str, load: Option<u32>) {
        let node = tree.make(path);
        *tree.load_mut(node).unwrap() = load;
        tree.prune(node);
    }

    #[test]
    fn what_is_emptied_is_gone_and_nothing_else() {
        let mut tree = Tree::new(1);
        for (number, path) in ["a/b/c", "a/b", "a/x", "/", ""].iter().enumerate() {
            set(&mut tree, path, Some(number as u32));
        }
        assert_eq!(tree.len(), 6);
        set(&mut tree, "a/b/c", None);
        assert_eq!((tree.find("a/b/c"), tree.len()), (None, 5));
        assert_eq!(
            tree.find("a/b").and_then(|node| *tree.load(node).unwrap()),
            Some(1)
        );
        for path in ["a/b", "a/x", "/", ""] {
            set(&mut tree, path, None);
        }
        assert_eq!((tree.len(), tree.first_child(ROOT)), (0, NONE));
    }

    #[test]
    fn children_are_a_list_that_stays_whole() {
        let mut tree = Tree::new(1);
        for path in ["a", "b", "c", "d"] {
            set(&mut tree, path, Some(1));
        }
        for path in ["b", "d", "a"] {
            set(&mut tree, path, None);
        }
        set(&mut tree, "e", Some(1));
        let mut seen = Vec::new();
        let mut node = tree.first_child(ROOT);
        while node != NONE {
            seen.push(tree.level(node).to_owned());
            node = tree.next_sibling(node);
        }
        assert_eq!(seen, ["e", "c"]);
    }

    #[test]
    fn depth_and_width_cost_what_they_are() {
        let mut tree = Tree::new(1);
        let deep = "/".repeat(65_535);
        set(&mut tree, &deep, Some(1));
        assert_eq!(tree.len(), 65_536);
        set(&mut tree, &deep, None);
        assert_eq!(tree.len(), 0);
        for number in 0..300_000 {
            set(&mut tree, &format!("w/{number}"), Some(number));
        }
        assert_eq!(tree.len(), 300_001);
        for number in 0..300_000 {
            set(&mut tree, &format!("w/{number}"), None);
        }
        assert_eq!(tree.len(), 0);
    }
}
