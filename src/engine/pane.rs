//! What a pane is to the engine: a part of the page that is answered by itself, when its answer is news.

use super::{palette::Palette, remarks::Remarks, series::Running};
use crate::{
    capture::Capture,
    link::Answer,
    session::{Session, Settings},
};

/// What panes answer from.
#[derive(Debug)]
pub(super) struct World<'a> {
    pub session: &'a Session,
    /// Those of a connection that is wanted and whose session is being read.
    pub loading: Option<&'a Settings>,
    pub capture: &'a Capture,
    pub palette: &'a Palette,
    pub series: &'a [Running],
    pub remarks: &'a Remarks,
}

/// A part of the page, as the engine answers it.
pub(super) trait Pane {
    /// What the page is told.
    type Answer: Clone + PartialEq;
    /// Makes it an answer of a frame.
    const INTO_ANSWER: fn(Self::Answer) -> Answer;

    /// The answer as of now; `None` while the pane is not on screen.
    fn answer(&mut self, world: &World<'_>) -> Option<Self::Answer>;

    /// What it is about changes faster than it is told: when that comes to rest, it has news though nothing else does.
    fn is_moving(&self) -> bool {
        false
    }
}

/// A pane that tells news only. All of them are gone through in the same way.
pub(super) trait Teller {
    /// The answer, unless the page was told the same before.
    fn news(&mut self, world: &World<'_>) -> Option<Answer>;

    /// The page does not have the last answer any more.
    fn forget(&mut self);

    /// As of [`Pane::is_moving`].
    fn is_moving(&self) -> bool {
        false
    }
}

/// A pane, and what the page was told of it last, and still shows.
#[derive(Debug)]
pub(super) struct Told<P: Pane> {
    pub pane: P,
    told: Option<P::Answer>,
}

impl<P: Pane + Default> Default for Told<P> {
    fn default() -> Self {
        Self {
            pane: P::default(),
            told: None,
        }
    }
}

impl<P: Pane> Teller for Told<P> {
    fn news(&mut self, world: &World<'_>) -> Option<Answer> {
        let now = self.pane.answer(world)?;
        if self.told.as_ref() == Some(&now) {
            return None;
        }
        self.told = Some(now.clone());
        Some(P::INTO_ANSWER(now))
    }

    fn forget(&mut self) {
        self.told = None;
    }

    fn is_moving(&self) -> bool {
        self.pane.is_moving()
    }
}
