//! A pane is a part of the page with an answer of its own in each frame. An answer is sent only if it has changed.

use super::{palette::Palette, remarks::Remarks, series::Running};
use crate::{
    capture::Capture,
    link::Answer,
    session::{Session, Settings},
};

/// The state that answers are made from.
#[derive(Debug)]
pub(super) struct World<'a> {
    pub session: &'a Session,
    /// The settings of the next connection, while its session is being read from storage.
    pub loading: Option<&'a Settings>,
    pub capture: &'a Capture,
    pub palette: &'a Palette,
    pub series: &'a [Running],
    pub remarks: &'a Remarks,
}

/// Makes the answers of one pane.
pub(super) trait Pane {
    /// The type of its answers.
    type Answer: Clone + PartialEq;
    /// Wraps it for a frame.
    const INTO_ANSWER: fn(Self::Answer) -> Answer;

    /// The current answer; `None` while the pane is not on screen.
    fn answer(&mut self, world: &World<'_>) -> Option<Self::Answer>;

    /// Its state changes too fast to be sent in full. Once the changes stop, there is a new answer even if nothing else has
    /// changed.
    fn is_moving(&self) -> bool {
        false
    }
}

/// A pane that sends an answer only if it has changed.
pub(super) trait Teller {
    /// The answer, if it is not the one that was sent last.
    fn news(&mut self, world: &World<'_>) -> Option<Answer>;

    /// The page no longer has the last answer.
    fn forget(&mut self);

    /// See [`Pane::is_moving`].
    fn is_moving(&self) -> bool {
        false
    }
}

/// A pane with the answer that was sent last and that the page still shows.
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
