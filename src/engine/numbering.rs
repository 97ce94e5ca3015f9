//! The value of `{{seq}}` in single publications: it counts up for each topic separately. Knows no session.

/// The most topics whose numbers are kept. Beyond that the topic that was used longest ago starts at 1 again.
const MOST_TOPICS: usize = 64;

/// The last number of each topic.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    /// In the order of their last use.
    topics: Vec<(String, u64)>,
}

impl Numbering {
    /// The next number on this topic; the first is 1.
    pub fn next(&mut self, topic: &str) -> u64 {
        let known = self.topics.iter().position(|(each, _)| each == topic);
        let (topic, last) = match known {
            Some(at) => self.topics.remove(at),
            None => (topic.to_owned(), 0),
        };
        if self.topics.len() >= MOST_TOPICS {
            self.topics.remove(0);
        }
        let next = last.saturating_add(1);
        self.topics.push((topic, next));
        next
    }
}
