//! The search in the tree: which topics contain a text, found a few at a time.

use super::{ROOT, Tree};
use crate::reading::contains;

#[derive(Debug)]
pub(super) struct Search {
    /// In lower case.
    pub text: String,
    /// Topics that were looked at already.
    pub next: usize,
}

impl Tree {
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
}
