//! Retained messages (section 3.3.1.3), and how those that a filter matches are found: a few at a time, so that a
//! subscription to everything is no burden.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::levels::{Load, NONE, Node, ROOT, Tree};
use crate::message::Message;

/// What stands at one topic.
#[derive(Debug, Default)]
pub struct Kept {
    message: Option<Arc<Message>>,
    /// How many scans stand here, so that the node must stay.
    pins: u32,
}

impl Load for Kept {
    fn is_vacant(&self) -> bool {
        self.message.is_none() && self.pins == 0
    }
}

/// All retained messages.
#[derive(Debug)]
pub struct Retained {
    tree: Tree<Kept>,
    len: usize,
    bytes: usize,
    /// Those that expire, by when they do and their order.
    expiring: BTreeMap<(u64, u64), Arc<Message>>,
}

/// A way through the retained messages that one filter matches. To be ended with [`Retained::end`].
#[derive(Debug)]
pub struct Scan {
    levels: Box<[Box<str>]>,
    at: Node,
    depth: usize,
}

/// One step of a scan.
#[derive(Debug)]
pub enum Found {
    /// This message.
    Message(Arc<Message>),
    /// Nothing at this step.
    Nothing,
    /// There is no more.
    End,
}

impl Retained {
    pub fn new(seed: u64) -> Self {
        Self {
            tree: Tree::new(seed),
            len: 0,
            bytes: 0,
            expiring: BTreeMap::new(),
        }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn get(&self, topic: &str) -> Option<&Arc<Message>> {
        self.tree.load(self.tree.find(topic)?)?.message.as_ref()
    }

    /// Every message, but for those below first levels that are passed over.
    pub fn all(&self, passes_over: fn(&str) -> bool) -> impl Iterator<Item = &Arc<Message>> {
        let next = move |node: &Node| {
            let next = self.tree.after(*node)?;
            self.seen(next, passes_over)
        };
        let first = self
            .tree
            .after(ROOT)
            .and_then(|first| self.seen(first, passes_over));
        let nodes = std::iter::successors(first, next);
        nodes.filter_map(|node| self.tree.load(node)?.message.as_ref())
    }

    /// This node, or the next one after first levels that are passed over.
    fn seen(&self, mut node: Node, passes_over: fn(&str) -> bool) -> Option<Node> {
        while self.tree.parent(node) == ROOT && passes_over(self.tree.level(node)) {
            node = self.tree.beyond(node)?;
        }
        Some(node)
    }

    /// Keeps a message in place of the one before.
    pub fn set(&mut self, message: Arc<Message>) {
        let node = self.tree.make(&message.topic);
        if let Some(at) = message.expires() {
            self.expiring.insert((at, message.order), message.clone());
        }
        self.len += 1;
        self.bytes += message.size();
        let old = self
            .tree
            .load_mut(node)
            .and_then(|kept| kept.message.replace(message));
        if let Some(old) = old {
            self.forget(&old);
        }
    }

    fn forget(&mut self, old: &Message) {
        self.len -= 1;
        self.bytes -= old.size();
        if let Some(at) = old.expires() {
            self.expiring.remove(&(at, old.order));
        }
    }

    /// When the next one expires.
    pub fn expires(&self) -> Option<u64> {
        self.expiring.keys().next().map(|(at, _)| *at)
    }

    /// Removes one that has expired by now, and gives it.
    pub fn expired(&mut self, now: u64) -> Option<Arc<Message>> {
        let message = self
            .expiring
            .first_entry()
            .filter(|first| first.key().0 <= now)?;
        let message = message.get().clone();
        self.remove(&message.topic);
        Some(message)
    }

    /// Keeps no message for this topic any more. `true`: there was one.
    pub fn remove(&mut self, topic: &str) -> bool {
        let Some(node) = self.tree.find(topic) else {
            return false;
        };
        let old = self
            .tree
            .load_mut(node)
            .and_then(|kept| kept.message.take());
        let Some(old) = old else {
            return false;
        };
        self.forget(&old);
        self.tree.prune(node);
        true
    }

    /// Begins a way through what this filter matches.
    pub fn scan(&mut self, filter: &str) -> Scan {
        if let Some(root) = self.tree.load_mut(ROOT) {
            root.pins += 1;
        }
        Scan {
            levels: filter.split('/').map(Box::from).collect(),
            at: ROOT,
            depth: 0,
        }
    }

    /// Ends it, wherever it stands.
    pub fn end(&mut self, scan: Scan) {
        self.unpin(scan.at);
    }

    fn unpin(&mut self, node: Node) {
        if let Some(kept) = self.tree.load_mut(node) {
            kept.pins -= 1;
        }
        self.tree.prune(node);
    }

    /// Goes one node on.
    pub fn next(&mut self, scan: &mut Scan) -> Found {
        let old = scan.at;
        let moved = self.below(scan) || self.beside(scan);
        if let Some(kept) = self.tree.load_mut(scan.at) {
            kept.pins += 1;
        }
        self.unpin(old);
        if !moved {
            return Found::End;
        }
        let is_hash = scan.levels.last().is_some_and(|level| &**level == "#");
        let is_match = if is_hash {
            scan.depth + 1 >= scan.levels.len()
        } else {
            scan.depth == scan.levels.len()
        };
        match self
            .tree
            .load(scan.at)
            .and_then(|kept| kept.message.clone())
        {
            Some(message) if is_match => Found::Message(message),
            _ => Found::Nothing,
        }
    }

    /// Goes to the first child that the filter lets through.
    fn below(&self, scan: &mut Scan) -> bool {
        let Some(wanted) = wanted(scan, scan.depth) else {
            return false;
        };
        let child = match wanted {
            Some(level) => self.tree.child(scan.at, level),
            None => self.visible(scan.depth, self.tree.first_child(scan.at)),
        };
        if child == NONE {
            return false;
        }
        scan.at = child;
        scan.depth += 1;
        true
    }

    /// Goes to the next sibling that the filter lets through, of this node or of the nearest one above that has one.
    fn beside(&self, scan: &mut Scan) -> bool {
        while scan.depth > 0 {
            let above = scan.depth - 1;
            if let Some(None) = wanted(scan, above) {
                let next = self.visible(above, self.tree.next_sibling(scan.at));
                if next != NONE {
                    scan.at = next;
                    return true;
                }
            }
            scan.at = self.tree.parent(scan.at);
            scan.depth = above;
        }
        false
    }

    /// This node, or at the first level the next one that is not the broker's own [MQTT-4.7.2-1].
    fn visible(&self, depth: usize, mut node: Node) -> Node {
        while depth == 0 && node != NONE && self.tree.level(node).starts_with('$') {
            node = self.tree.next_sibling(node);
        }
        node
    }
}

/// What the filter wants at this depth: `None` nothing, `Some(None)` any level, else this one.
fn wanted(scan: &Scan, depth: usize) -> Option<Option<&str>> {
    let last = scan.levels.len().checked_sub(1)?;
    match scan.levels.get(depth.min(last)).map(|level| &**level) {
        Some("#") => Some(None),
        _ if depth > last => None,
        Some("+") => Some(None),
        level => Some(level),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use midge::protocol::{Qos, matches};
    use std::sync::atomic::AtomicU32;

    fn message(topic: &str) -> Arc<Message> {
        Arc::new(Message {
            topic: topic.into(),
            payload: Bytes::from_static(b"x"),
            properties: Box::default(),
            qos: Qos::AtMostOnce,
            retain: true,
            expiry: None,
            arrived: 0,
            from: None,
            order: 1,
            holds: AtomicU32::new(0),
            stored: AtomicU32::new(0),
        })
    }

    fn found(retained: &mut Retained, filter: &str) -> Vec<String> {
        let mut scan = retained.scan(filter);
        let mut topics = Vec::new();
        loop {
            match retained.next(&mut scan) {
                Found::Message(message) => topics.push(message.topic.to_string()),
                Found::Nothing => {}
                Found::End => break,
            }
        }
        retained.end(scan);
        topics.sort();
        topics
    }

    #[test]
    fn a_filter_finds_what_it_matches() {
        let topics = [
            "a", "a/b", "a/b/c", "/", "", "a/", "$SYS/x", "b/b", "a/c/c", "//", "b/b/b/b",
        ];
        let mut retained = Retained::new(3);
        for topic in topics {
            if !topic.is_empty() {
                retained.set(message(topic));
            }
        }
        for filter in [
            "#", "a", "+", "a/#", "+/b", "a/+/c", "+/+/+", "$SYS/#", "$SYS/+", "+/", "/+", "/#",
            "+/#", "a/+", "x/#", "+/b/#", "#", "b/+/+/+",
        ] {
            let mut wanted: Vec<_> = topics
                .iter()
                .filter(|topic| !topic.is_empty() && matches(filter, topic))
                .map(|topic| topic.to_string())
                .collect();
            wanted.sort();
            assert_eq!(found(&mut retained, filter), wanted, "{filter}");
        }
        for topic in topics {
            retained.remove(topic);
        }
        assert_eq!(
            (retained.len(), retained.bytes(), retained.tree.len()),
            (0, 0, 0)
        );
    }

    #[test]
    fn what_changes_while_a_scan_is_under_way_does_not_lead_it_astray() {
        let mut retained = Retained::new(3);
        for number in 0..100 {
            retained.set(message(&format!("a/{number}/x")));
        }
        let mut scan = retained.scan("a/+/x");
        let mut seen = 0;
        for step in 0.. {
            match retained.next(&mut scan) {
                Found::Message(message) => {
                    seen += 1;
                    // What it stands on, what it has passed, and what is new.
                    retained.remove(&message.topic);
                    retained.set(self::message(&format!("a/new{step}/x")));
                }
                Found::Nothing => {}
                Found::End => break,
            }
        }
        retained.end(scan);
        assert_eq!((seen, retained.len()), (100, 100));
        for topic in found(&mut retained, "#") {
            retained.remove(&topic);
        }
        assert_eq!(retained.tree.len(), 0);
    }
}
