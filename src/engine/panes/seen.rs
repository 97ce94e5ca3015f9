//! Topics that were seen and contain what is typed. For each text every topic is checked once, some thousands per frame, so
//! that the cost of a frame does not depend on the number of topics.

use crate::{
    capture::Capture,
    engine::pane::{Pane, World},
    link::{self, Answer, SeenView},
};

/// How many topics are checked per frame.
const AT_ONCE: u32 = 20_000;

/// The topics that were seen.
#[derive(Debug, Default)]
pub struct Seen {
    /// The typed text; `None` while nobody types.
    view: Option<SeenView>,
    /// Its words, in lower case.
    words: Vec<String>,
    found: Vec<String>,
    /// How often topics had been cleared at the last check.
    clearings: u32,
    /// How many topics were checked.
    looked: u32,
    /// There are more to check.
    more: bool,
}

impl Seen {
    /// Sets the text. Returns false if nobody types.
    pub fn look_for(&mut self, view: Option<SeenView>) -> bool {
        if self.view != view {
            let text = view.as_ref().map_or("", |view| &view.text);
            let words = text.split_whitespace().map(str::to_lowercase);
            *self = Self {
                words: words.collect(),
                view,
                ..Self::default()
            };
        }
        self.view.is_some()
    }

    fn look(&mut self, most: usize, capture: &Capture) {
        let (clearings, all) = capture.topic_count();
        if std::mem::replace(&mut self.clearings, clearings) != clearings {
            self.looked = 0;
            self.found.clear();
        }
        let end = all.min(self.looked.saturating_add(AT_ONCE));
        while self.looked < end && self.found.len() < most {
            if let Some(topic) = capture.topic_with(self.looked, &self.words) {
                self.found.push(topic.to_owned());
            }
            self.looked += 1;
        }
        self.more = self.looked < all && self.found.len() < most;
    }
}

impl Pane for Seen {
    type Answer = link::Seen;
    const INTO_ANSWER: fn(link::Seen) -> Answer = Answer::Seen;

    fn answer(&mut self, world: &World<'_>) -> Option<link::Seen> {
        let view = self.view.as_ref()?;
        let (text, most) = (view.text.clone(), usize::from(view.most));
        self.look(most, world.capture);
        Some(link::Seen {
            text,
            topics: self.found.clone(),
        })
    }

    fn is_moving(&self) -> bool {
        self.more
    }
}
