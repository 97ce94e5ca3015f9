//! The shape that the user chose for a topic, in the browser's storage. Where nothing can be stored it holds for this page.

use leptos::prelude::*;

use crate::{browser::storage, desk::shape::Shape, profile::shown_as::ShownAs};

const NAME: &str = "midge.shown";

/// What was chosen. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Chosen(RwSignal<ShownAs>);

impl Chosen {
    /// What is stored.
    pub fn read() -> Self {
        let stored = storage::read(NAME).unwrap_or_default();
        Self(RwSignal::new(ShownAs::read(&stored)))
    }

    /// For this topic.
    pub fn of(self, topic: &str) -> Option<Shape> {
        self.0.with(|shown| Shape::of_stored(shown.of(topic)?))
    }

    /// Chooses for this topic; nothing takes the choice back.
    pub fn choose(self, topic: &str, shape: Option<Shape>) {
        self.0.update(|shown| {
            // Another tab may have chosen meanwhile.
            if let Some(stored) = storage::read(NAME) {
                *shown = ShownAs::read(&stored);
            }
            shown.choose(topic, shape.map(Shape::stored));
            storage::write(NAME, &shown.write());
        });
    }
}
