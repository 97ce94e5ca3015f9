//! What the engine knows of the page: whether it waits for a frame, what it shows, and whether that has changed.

use super::{notices::Notices, pane::World, panes::Panes};
use crate::{
    capture::Capture,
    link::{Chunk, FIRST_CONNECTION, Frame, Target, View},
};

/// The page.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// It waits for a frame.
    pub asked: bool,
    pub hidden: bool,
    /// Something may have changed since the last frame.
    pub dirty: bool,
    pub notices: Notices,
    /// Answer even if nothing has changed.
    greeted: bool,
    /// It is hidden, and asked for what the title of its tab needs.
    glanced: bool,
    panes: Panes,
    seen_revision: u64,
}

impl Page {
    /// A page has started, and has no answers yet.
    pub fn greet(&mut self) {
        self.asked = true;
        self.greeted = true;
        self.panes.forget();
    }

    /// The page is hidden, and asks for what the title of its tab needs.
    pub fn glance(&mut self) {
        self.glanced = self.hidden;
    }

    pub fn show(&mut self, view: View) {
        self.panes.show(view);
    }

    /// Looks at what has come, for panes that are not answered from what is kept.
    pub fn look(&mut self, capture: &mut Capture) {
        self.panes.look(capture);
    }

    pub fn shows_list(&self) -> bool {
        self.panes.shows_list()
    }

    pub fn inspect(&mut self, target: Option<Target>) {
        self.panes.inspector.inspect(target);
    }

    /// The capture was cleared, and with it the inspected packet.
    pub fn forget_inspected(&mut self) {
        self.panes.forget_captured();
    }

    pub fn frame_due(&self, capture: &Capture) -> bool {
        let changed =
            self.dirty || !self.notices.is_empty() || self.seen_revision != capture.revision();
        (self.glanced && changed) || (self.asked && (self.greeted || (changed && !self.hidden)))
    }

    /// The frame with all answers that have changed, all notices, and a chunk of a file if there is one.
    pub fn frame(&mut self, world: &World<'_>, chunk: Option<Chunk>) -> Option<Frame> {
        if std::mem::take(&mut self.glanced) && !self.greeted && chunk.is_none() {
            // All other answers wait until the page is shown, and so do notices.
            let answers = self.panes.glance(world);
            return (!answers.is_empty()).then(|| Frame {
                connection: FIRST_CONNECTION,
                answers,
                ..Frame::default()
            });
        }
        self.seen_revision = world.capture.revision();
        let frame = Frame {
            connection: FIRST_CONNECTION,
            answers: self.panes.news(world),
            notices: self.notices.take(),
            chunk,
        };
        self.dirty = self.panes.are_moving();
        let empty = frame.answers.is_empty() && frame.notices.is_empty() && frame.chunk.is_none();
        if empty && !self.greeted {
            return None;
        }
        self.asked = false;
        self.greeted = false;
        Some(frame)
    }
}
