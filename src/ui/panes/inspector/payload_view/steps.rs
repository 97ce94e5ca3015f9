//! How much of a payload is shown: a step at first, and more on request. Long texts are slow to lay out, and nobody reads
//! them whole.

use leptos::prelude::*;

use crate::link::Inspected;

const TEXT: usize = 32 * 1024;
const ROWS: usize = 512;
const LINES: usize = 1_000;

/// How often more of a message was asked for. Another message starts anew.
#[derive(Clone, Copy)]
pub struct Steps(RwSignal<(Option<u64>, usize)>);

impl Steps {
    /// The first.
    pub fn first() -> Self {
        Self(RwSignal::new((None, 1)))
    }

    fn of(self, one: &Inspected) -> usize {
        let (seq, steps) = self.0.get();
        if seq == one.seq { steps } else { 1 }
    }

    /// Bytes of text.
    pub fn text(self, one: &Inspected) -> usize {
        TEXT.saturating_mul(self.of(one))
    }

    /// Rows of hexadecimal.
    pub fn rows(self, one: &Inspected) -> usize {
        ROWS.saturating_mul(self.of(one))
    }

    /// Lines of JSON.
    pub fn lines(self, one: &Inspected) -> usize {
        LINES.saturating_mul(self.of(one))
    }

    /// More.
    pub fn grow(self, seq: Option<u64>) {
        self.0.update(|(of, steps)| {
            *steps = if *of == seq {
                steps.saturating_mul(4)
            } else {
                4
            };
            *of = seq;
        });
    }
}
