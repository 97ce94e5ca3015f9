//! The panes that the engine answers. Each has a file with the same name as its types in `link::panes`.

mod connection;
mod counters;
mod history;
mod inspector;
mod list;
mod notes;
mod publisher;
mod queue;
mod seen;
mod silence;
mod subscriptions;
mod timeline;
mod tree;
mod watched;

use super::pane::{Teller, Told, World};
use crate::{
    capture::Capture,
    link::{Answer, View},
};

/// All panes.
#[derive(Debug, Default)]
pub(super) struct Panes {
    connection: Told<connection::Connection>,
    counters: Told<counters::Counters>,
    subscriptions: Told<subscriptions::Subscriptions>,
    list: Told<list::List>,
    tree: Told<tree::Tree>,
    pub inspector: inspector::Inspector,
    publisher: Told<publisher::Publisher>,
    queue: Told<queue::Queue>,
    notes: Told<notes::Notes>,
    seen: Told<seen::Seen>,
    timeline: Told<timeline::Timeline>,
    history: Told<history::History>,
    watched: Told<watched::Watched>,
    silence: Told<silence::Silence>,
}

impl Panes {
    /// Sets what the page shows. The last answers of panes that left the screen are forgotten.
    pub fn show(&mut self, view: View) {
        if view.list.is_none() {
            self.list.forget();
        }
        if view.tree.is_none() {
            self.tree.forget();
        }
        if !self.seen.pane.look_for(view.seen) {
            self.seen.forget();
        }
        if view.timeline.is_none() {
            self.timeline.forget();
        }
        self.timeline.pane.view = view.timeline;
        if !self.history.pane.look_at(view.history) {
            self.history.forget();
        }
        if !self.watched.pane.watch_for(view.watched) {
            self.watched.forget();
        }
        self.list.pane.view = view.list;
        self.tree.pane.view = view.tree;
    }

    /// Looks at what has come, for those that are not answered from what is kept.
    pub fn look(&mut self, capture: &mut Capture) {
        self.watched.pane.look(capture);
    }

    /// Everything captured was thrown away, or other things are there.
    pub fn forget_captured(&mut self) {
        self.inspector.forget();
        self.history.pane.forget();
    }

    pub fn shows_list(&self) -> bool {
        self.list.pane.view.is_some()
    }

    /// The page has no answers.
    pub fn forget(&mut self) {
        self.all().into_iter().for_each(Teller::forget);
    }

    /// All answers that have changed.
    pub fn news(&mut self, world: &World<'_>) -> Vec<Answer> {
        let all = self.all().into_iter();
        all.filter_map(|pane| pane.news(world)).collect()
    }

    /// The answers that have changed and that the title of a hidden tab needs.
    pub fn glance(&mut self, world: &World<'_>) -> Vec<Answer> {
        let both: [&mut dyn Teller; 2] = [&mut self.connection, &mut self.counters];
        both.into_iter()
            .filter_map(|pane| pane.news(world))
            .collect()
    }

    /// One of them is moving, see [`super::pane::Pane::is_moving`].
    pub fn are_moving(&mut self) -> bool {
        self.all().iter().any(|pane| pane.is_moving())
    }

    /// All panes, in the order of their answers in a frame.
    fn all(&mut self) -> [&mut dyn Teller; 14] {
        [
            &mut self.connection,
            &mut self.counters,
            &mut self.subscriptions,
            &mut self.list,
            &mut self.tree,
            &mut self.inspector,
            &mut self.publisher,
            &mut self.queue,
            &mut self.notes,
            &mut self.seen,
            &mut self.timeline,
            &mut self.history,
            &mut self.watched,
            &mut self.silence,
        ]
    }
}
