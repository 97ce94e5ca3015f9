//! What `{{seq}}` is in single publications: it counts on, on each topic by itself. Knows no session.

/// Topics whose numbers are remembered; beyond it the one that was used longest ago begins anew.
const MOST_TOPICS: usize = 64;

/// The numbers that were given last.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    /// The topic that was used last comes last.
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
