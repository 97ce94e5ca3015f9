//! The tree of topic filters as it is shown: which filters there are, and who is subscribed to each.

use midge::inside::NAME;

use super::{Asked, Interest};
use crate::levels::{Load, Node, ROOT};
use crate::slab::Key;

impl Interest {
    /// The filter that stands here, without group. Of a very long one, more than a name may have and not all.
    pub fn filter(&self, node: Node) -> String {
        self.tree.path(node, NAME)
    }

    /// Where filters stand that somebody is subscribed to.
    pub fn places(&self) -> impl Iterator<Item = Node> {
        let all = std::iter::successors(Some(ROOT), |node| self.tree.after(*node));
        all.filter(|node| {
            let interested = self.tree.load(*node);
            interested.is_some_and(|interested| !interested.is_vacant())
        })
    }

    /// Who is subscribed to the filter that stands here, those of groups with their group.
    pub fn subscribed(&self, node: Node) -> impl Iterator<Item = (Option<&str>, Key, Asked)> {
        let interested = self.tree.load(node).into_iter();
        interested.flat_map(|interested| {
            let alone = interested.alone.iter();
            let groups = interested.groups.iter().flat_map(|(name, group)| {
                let members = group.members.iter();
                members.map(|(key, asked)| (Some(&**name), *key, *asked))
            });
            alone.map(|(key, asked)| (None, *key, *asked)).chain(groups)
        })
    }

    /// How many that are.
    pub fn count(&self, node: Node) -> usize {
        self.tree.load(node).map_or(0, |interested| {
            let members = interested.groups.values().map(|group| group.members.len());
            interested.alone.len() + members.sum::<usize>()
        })
    }
}
