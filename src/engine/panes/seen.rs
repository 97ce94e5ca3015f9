//! The topics that were seen and hold what is typed. Each is looked at once for a text, some thousands in one frame, so
//! that what it costs does not depend on how many there are.

use crate::{
    capture::Capture,
    engine::pane::{Pane, World},
    link::{self, Answer, SeenView},
};

/// Topics that are looked at for one frame.
const AT_ONCE: u32 = 20_000;

/// The topics that were seen.
#[derive(Debug, Default)]
pub struct Seen {
    /// What is looked for; `None` while nobody types.
    view: Option<SeenView>,
    /// The words of it, in lower case.
    words: Vec<String>,
    found: Vec<String>,
    /// How often topics were cleared when it looked last.
    clearings: u32,
    /// How many topics were looked at.
    looked: u32,
    /// There are more to look at.
    more: bool,
}

impl Seen {
    /// Looks for this from now on. False: nothing is looked for any more.
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
