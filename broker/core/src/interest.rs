//! Who is subscribed to what: the tree of topic filters, and what of it a topic matches (section 4.7).

mod group;
mod shown;

use std::collections::BTreeMap;
use std::sync::Arc;

use midge::protocol::{Qos, SubscribeOptions};

use self::group::Group;
use crate::levels::{Load, NONE, Node, ROOT, Tree};
use crate::slab::Key;

/// What one session asked for at one filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Maximum quality of service.
    pub qos: Qos,
    /// No local.
    pub no_local: bool,
    /// Retain as published.
    pub retain_as_published: bool,
    /// Subscription identifier; 0 is none.
    pub id: u32,
}

impl Asked {
    pub fn new(options: SubscribeOptions, id: u32) -> Self {
        Self {
            qos: options.qos,
            no_local: options.no_local,
            retain_as_published: options.retain_as_published,
            id,
        }
    }
}

/// What stands at one filter.
#[derive(Debug)]
pub struct Interested {
    alone: BTreeMap<Key, Asked>,
    groups: BTreeMap<Box<str>, Group>,
    plus: Node,
    hash: Node,
}

impl Default for Interested {
    fn default() -> Self {
        Self {
            alone: BTreeMap::new(),
            groups: BTreeMap::new(),
            plus: NONE,
            hash: NONE,
        }
    }
}

impl Load for Interested {
    fn is_vacant(&self) -> bool {
        self.alone.is_empty() && self.groups.is_empty()
    }
}

/// The group and the filter of a shared subscription; no group, and the filter.
pub fn parts(filter: &str) -> (Option<&str>, &str) {
    match filter
        .strip_prefix("$share/")
        .and_then(|rest| rest.split_once('/'))
    {
        Some((group, inner)) => (Some(group), inner),
        None => (None, filter),
    }
}

/// All subscriptions.
#[derive(Debug)]
pub struct Interest {
    tree: Tree<Interested>,
    /// What is still to be looked at, kept for its memory.
    open: Vec<(Node, usize)>,
    len: usize,
    shared: usize,
    bytes: usize,
}

impl Interest {
    pub fn new(seed: u64) -> Self {
        Self {
            tree: Tree::new(seed),
            open: Vec::new(),
            len: 0,
            shared: 0,
            bytes: 0,
        }
    }

    /// How many subscriptions there are, and how many of them are shared ones.
    pub fn len(&self) -> (usize, usize) {
        (self.len, self.shared)
    }

    /// The bytes of their filters.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// A session subscribes, or asks for something else at a filter that it is subscribed to.
    pub fn add(&mut self, key: Key, filter: &str, asked: Asked, is_live: bool) {
        let (group, inner) = parts(filter);
        let node = self.tree.make(inner);
        let Some(interested) = self.tree.load_mut(node) else {
            return;
        };
        let is_new = match group {
            None => interested.alone.insert(key, asked).is_none(),
            Some(group) => {
                let group = interested
                    .groups
                    .entry(group.into())
                    .or_insert_with(|| Group::new(filter));
                if is_live {
                    group.live.insert(key);
                }
                let is_new = group.members.insert(key, asked).is_none();
                self.shared += usize::from(is_new);
                is_new
            }
        };
        if is_new {
            self.len += 1;
            self.bytes += filter.len();
        }
        self.link(node);
    }

    /// Makes the wildcards on the way to a node known to the nodes above them.
    fn link(&mut self, mut node: Node) {
        while node != ROOT {
            let parent = self.tree.parent(node);
            let wildcard = match self.tree.level(node) {
                "+" => true,
                "#" => false,
                _ => {
                    node = parent;
                    continue;
                }
            };
            if let Some(above) = self.tree.load_mut(parent) {
                *(if wildcard {
                    &mut above.plus
                } else {
                    &mut above.hash
                }) = node;
            }
            node = parent;
        }
    }

    /// A session is no longer subscribed to this filter.
    pub fn remove(&mut self, key: Key, filter: &str) {
        let (name, inner) = parts(filter);
        let Some(node) = self.tree.find(inner) else {
            return;
        };
        let Some(interested) = self.tree.load_mut(node) else {
            return;
        };
        let removed = match name {
            None => interested.alone.remove(&key).is_some(),
            Some(name) => {
                let Some(group) = interested.groups.get_mut(name) else {
                    return;
                };
                let removed = group.members.remove(&key).is_some();
                group.live.remove(&key);
                if group.members.is_empty() {
                    interested.groups.remove(name);
                }
                self.shared -= usize::from(removed);
                removed
            }
        };
        if removed {
            self.len -= 1;
            self.bytes -= filter.len();
        }
        self.prune(node);
    }

    fn prune(&mut self, node: Node) {
        // Which wildcards go is known only afterwards, so each is looked up anew from above.
        let mut path = Vec::new();
        let mut at = node;
        while at != ROOT && at != NONE {
            let parent = self.tree.parent(at);
            if matches!(self.tree.level(at), "+" | "#") {
                path.push(parent);
            }
            at = parent;
        }
        self.tree.prune(node);
        for parent in path {
            let (plus, hash) = (self.tree.child(parent, "+"), self.tree.child(parent, "#"));
            if let Some(above) = self.tree.load_mut(parent) {
                (above.plus, above.hash) = (plus, hash);
            }
        }
    }

    /// A member of a shared subscription connected, or is gone.
    pub fn set_live(&mut self, key: Key, filter: &str, is_live: bool) {
        let (Some(group), inner) = parts(filter) else {
            return;
        };
        if let Some(node) = self.tree.find(inner)
            && let Some(interested) = self.tree.load_mut(node)
            && let Some(group) = interested.groups.get_mut(group)
        {
            if is_live {
                group.live.insert(key);
            } else {
                group.live.remove(&key);
            }
        }
    }

    /// The member of this shared subscription whose turn it is; then it is the next one's.
    pub fn turn(&mut self, filter: &str) -> Option<(Key, Asked)> {
        let (group, inner) = parts(filter);
        let node = self.tree.find(inner)?;
        let group = self.tree.load_mut(node)?.groups.get_mut(group?)?;
        let (key, asked) = group.next()?;
        group.last = key;
        Some((key, asked))
    }

    /// Every subscription that a topic matches: each session that is subscribed for itself, and of each group the member
    /// whose turn it is, with the shared subscription and where the filter stands. `turns`: and then it is the next one's.
    pub fn matching(
        &mut self,
        topic: &str,
        turns: bool,
        mut found: impl FnMut(Option<&Arc<str>>, Key, Asked, Node),
    ) {
        let mut levels = [""; 8];
        let mut more = Vec::new();
        let mut count = 0;
        let mut rest = Some(topic);
        while let Some(here) = rest {
            let end = here.bytes().position(|byte| byte == b'/');
            let (level, after) = here
                .split_at_checked(end.unwrap_or(here.len()))
                .unwrap_or((here, ""));
            match levels.get_mut(count) {
                Some(place) => *place = level,
                None => more.push(level),
            }
            count += 1;
            rest = after.get(1..);
        }
        let level = |at: usize| match levels.get(at) {
            Some(level) => *level,
            None => more.get(at - levels.len()).copied().unwrap_or_default(),
        };
        // [MQTT-4.7.2-1]: a leading wildcard leaves the broker's own topics alone.
        let is_own = topic.starts_with('$');
        let mut open = std::mem::take(&mut self.open);
        open.clear();
        open.push((ROOT, 0));
        while let Some((node, at)) = open.pop() {
            let Some(here) = self.tree.load(node) else {
                continue;
            };
            let (plus, hash) = (here.plus, here.hash);
            let may_be_wild = at > 0 || !is_own;
            if hash != NONE && may_be_wild {
                // `a/#` takes `a` too.
                tell(&mut self.tree, hash, turns, &mut found);
            }
            if at == count {
                tell(&mut self.tree, node, turns, &mut found);
                continue;
            }
            if plus != NONE && may_be_wild {
                open.push((plus, at + 1));
            }
            let child = self.tree.child(node, level(at));
            if child != NONE {
                open.push((child, at + 1));
            }
        }
        self.open = open;
    }
}

fn tell(
    tree: &mut Tree<Interested>,
    node: Node,
    turns: bool,
    found: &mut impl FnMut(Option<&Arc<str>>, Key, Asked, Node),
) {
    let Some(interested) = tree.load_mut(node) else {
        return;
    };
    for (key, asked) in &interested.alone {
        found(None, *key, *asked, node);
    }
    for group in interested.groups.values_mut() {
        if let Some((key, asked)) = group.next() {
            if turns {
                group.last = key;
            }
            found(Some(&group.filter), key, asked, node);
        }
    }
}

#[cfg(test)]
mod tests;
