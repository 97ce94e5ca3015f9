//! Announcements: one line that screen readers read when it changes. Also the number of unread messages in the list, for
//! the title of the tab.

use leptos::prelude::*;

/// A handle in the context: cheap to copy.
#[derive(Clone, Copy, Default)]
pub struct Announced {
    line: RwSignal<String>,
    /// How many messages wait above the list.
    waiting: StoredValue<Option<Memo<u64>>>,
}

impl Announced {
    /// Announces a text. Repeating the same text announces it again.
    pub fn say(self, words: &str) {
        self.line.update(|line| {
            let again = line == words;
            line.clear();
            line.push_str(words);
            // A line that does not change is not read.
            if again {
                line.push('\u{a0}');
            }
        });
    }

    /// The line. Tracks it.
    pub fn line(self) -> String {
        self.line.get()
    }

    /// How many messages wait above the list is known by this from now on.
    pub fn waits_by(self, waiting: Memo<u64>) {
        self.waiting.set_value(Some(waiting));
    }

    /// How many messages wait above the list.
    pub fn waiting(self) -> u64 {
        let waiting = self.waiting.get_value();
        waiting.map_or(0, |waiting| waiting.get_untracked())
    }
}
