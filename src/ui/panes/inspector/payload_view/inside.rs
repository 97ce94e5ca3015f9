//! What a payload is in, opened in turns and then looked at as if it had come so. What came stays what is saved.

use std::sync::Arc;

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use crate::{
    desk::{inspected::payload, shape::makes_sense},
    link::Inspected,
    payload::{Opening, WhyNot, Wrapping},
};

/// One in the other, at the most.
const MOST_LAYERS: usize = 4;
/// Bytes of a turn.
const BYTES_A_TURN: usize = 1024 * 1024;

/// One that was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layer {
    /// What it is.
    pub wrapping: Wrapping,
    /// Bytes before.
    pub packed: usize,
    /// Bytes inside, as far as they were taken out.
    pub inside: usize,
    /// Why they are not all.
    pub why_not: Option<WhyNot>,
}

/// What is to be opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Open {
    /// What is seen to be packed.
    #[default]
    Seen,
    /// Nothing: it is shown as it came.
    Nothing,
    /// The payload is read as base64, and then what is seen.
    AsBase64,
}

/// What was opened, and of which message.
#[derive(Clone)]
struct Found {
    of: Arc<Inspected>,
    open: Open,
    inner: Arc<Inspected>,
    layers: Vec<Layer>,
}

/// A payload whose bytes are held by its message.
struct Held(Arc<Inspected>);

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        payload(&self.0)
    }
}

/// What is inside of the inspected payload. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Inside {
    inspected: RwSignal<Option<Arc<Inspected>>>,
    /// What was chosen, and for which topic.
    chosen: RwSignal<(String, Open)>,
    found: RwSignal<Option<Found>>,
    work: StoredValue<Option<(Found, Opening)>, LocalStorage>,
}

impl Inside {
    /// Follows what is inspected.
    pub fn follow(inspected: RwSignal<Option<Arc<Inspected>>>) -> Self {
        let this = Self {
            inspected,
            chosen: RwSignal::new((String::new(), Open::Seen)),
            found: RwSignal::new(None),
            work: StoredValue::new_local(None),
        };
        Effect::new(move |_| {
            let open = this.open();
            this.work.set_value(None);
            if let Some(one) = inspected.get() {
                let found = Found {
                    inner: Arc::clone(&one),
                    of: one,
                    open,
                    layers: Vec::new(),
                };
                this.next(found);
            }
        });
        this
    }

    /// What is chosen for the topic that is inspected.
    pub fn open(self) -> Open {
        self.inspected.with(|one| {
            let topic = one.as_ref().map_or("", |one| one.topic.as_str());
            self.chosen
                .with(|(of, open)| if of == topic { *open } else { Open::Seen })
        })
    }

    /// Chooses for the topic that is inspected.
    pub fn choose(self, open: Open) {
        let topic = self
            .inspected
            .with_untracked(|one| one.as_ref().map(|one| one.topic.clone()));
        self.chosen.set((topic.unwrap_or_default(), open));
    }

    /// What is looked at: what is inside, or the message as it came while nothing is known of it.
    pub fn shown(self) -> Option<Arc<Inspected>> {
        let one = self.inspected.get()?;
        let open = self.open();
        Some(self.found.with(|found| match found {
            Some(found) if Arc::ptr_eq(&found.of, &one) && found.open == open => {
                Arc::clone(&found.inner)
            }
            _ => one,
        }))
    }

    /// What was opened, from the outermost on.
    pub fn layers(self) -> Vec<Layer> {
        let one = self.inspected.get();
        let open = self.open();
        self.found.with(|found| match (found, one) {
            (Some(found), Some(one)) if Arc::ptr_eq(&found.of, &one) && found.open == open => {
                found.layers.clone()
            }
            _ => Vec::new(),
        })
    }

    /// Opens what is there now, if it is in something.
    fn next(self, found: Found) {
        let outermost = found.layers.is_empty();
        let bytes = payload(&found.inner);
        let wrapping = match found.open {
            _ if found.layers.len() >= MOST_LAYERS => None,
            Open::Nothing => None,
            Open::AsBase64 if outermost => Some(Wrapping::Base64),
            Open::Seen | Open::AsBase64 => Wrapping::seen(bytes),
        };
        match wrapping {
            Some(wrapping) => {
                let opening = Opening::new(wrapping, Arc::new(Held(Arc::clone(&found.inner))));
                self.work.set_value(Some((found, opening)));
                self.turn();
            }
            None if !outermost => self.found.set(Some(found)),
            None => {
                if self.found.with_untracked(Option::is_some) {
                    self.found.set(None);
                }
            }
        }
    }

    fn turn(self) {
        // It is gone when the inspector has been closed, or another message came meanwhile.
        let opened = self
            .work
            .try_update_value(|work| {
                let (_, opening) = work.as_mut()?;
                let opened = opening.go_on(BYTES_A_TURN)?;
                let (found, _) = work.take()?;
                Some((found, opened))
            })
            .flatten();
        let Some((mut found, opened)) = opened else {
            if self.work.try_with_value(Option::is_some) == Some(true) {
                Timeout::new(0, move || self.turn()).forget();
            }
            return;
        };
        let asked = found.open == Open::AsBase64 && found.layers.is_empty();
        let nothing = opened.bytes.is_empty() && opened.why_not.is_some();
        if !asked && (nothing || !makes_sense(opened.wrapping, &opened.bytes)) {
            // It only looked so.
            let shown = (!found.layers.is_empty()).then_some(found);
            self.found.set(shown);
            return;
        }
        let before = payload(&found.inner).len();
        let earlier = found.inner.before.as_ref();
        let earlier = earlier.and_then(|earlier| opened_at_once(opened.wrapping, earlier));
        found.layers.push(Layer {
            wrapping: opened.wrapping,
            packed: before,
            inside: opened.bytes.len(),
            why_not: opened.why_not,
        });
        found.inner = Arc::new(Inspected {
            seq: found.of.seq,
            topic: found.of.topic.clone(),
            time: found.of.time,
            payload: 0,
            bytes: opened.bytes,
            before: earlier,
            sparkplug: found.of.sparkplug.clone(),
            ..Inspected::default()
        });
        self.next(found);
    }
}

/// What is in the message before, which is small, to compare with it.
fn opened_at_once(wrapping: Wrapping, earlier: &[u8]) -> Option<Vec<u8>> {
    let bytes: Arc<Vec<u8>> = Arc::new(earlier.to_vec());
    let opened = Opening::bounded(wrapping, bytes, BYTES_A_TURN).go_on(usize::MAX)?;
    opened.why_not.is_none().then_some(opened.bytes)
}
