//! The panes that the engine answers, a file for each, named as its words are in `link::panes`.

mod connection;
mod counters;
mod inspector;
mod list;
mod notes;
mod publisher;
mod queue;
mod subscriptions;
mod tree;

use super::pane::{Pane, Told, World};
use crate::link::{Frame, View};

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
}

impl Panes {
    /// What the page shows from now on. Of a pane that left the screen it keeps nothing.
    pub fn show(&mut self, view: View) {
        if view.list.is_none() {
            self.list.forget();
        }
        if view.tree.is_none() {
            self.tree.forget();
        }
        self.list.pane.view = view.list;
        self.tree.pane.view = view.tree;
    }

    pub fn shows_list(&self) -> bool {
        self.list.pane.view.is_some()
    }

    /// The page has no answer of any.
    pub fn forget(&mut self) {
        self.connection.forget();
        self.counters.forget();
        self.subscriptions.forget();
        self.list.forget();
        self.tree.forget();
        self.inspector.begin_anew();
        self.publisher.forget();
        self.queue.forget();
        self.notes.forget();
    }

    /// Every answer that is news.
    pub fn news(&mut self, world: &World<'_>) -> Frame {
        Frame {
            connection: self.connection.news(world),
            counters: self.counters.news(world),
            subscriptions: self.subscriptions.news(world),
            list: self.list.news(world),
            tree: self.tree.news(world),
            inspected: self.inspector.answer(world),
            series: self.publisher.news(world),
            queue: self.queue.news(world),
            remarks: self.notes.news(world),
            notices: Vec::new(),
        }
    }

    /// A pane has news as soon as what it is about comes to rest.
    pub fn are_moving(&self) -> bool {
        self.queue.pane.is_moving()
    }
}
