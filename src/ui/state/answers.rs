//! What the engine has told: an answer for each pane, and what happened that is shown until it is put away.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    link::{
        Answer, Chunk, Connection, Counters, Inspected, List, Notice, Queue, Remark, Seen, Series,
        Subscription, Target, Tree,
    },
    protocol::Version,
};

/// So many notices wait for what says them, which is loaded later. Of more, the latest.
const UNSAID: usize = 50;

/// A lost connection that came back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Returned {
    /// Milliseconds it was away.
    pub away: f64,
    /// The broker had kept the session.
    pub session_present: bool,
    /// The machine had slept meanwhile, as far as can be told.
    pub slept: bool,
}

/// The answers. A handle: cheap to copy.
#[derive(Clone, Copy, Default)]
pub struct Answers {
    /// The connection.
    pub connection: RwSignal<Connection>,
    /// Counters and rates.
    pub counters: RwSignal<Counters>,
    /// Subscriptions.
    pub subscriptions: RwSignal<Vec<Subscription>>,
    /// The visible rows of the list.
    pub list: RwSignal<List>,
    /// The visible rows of the tree.
    pub tree: RwSignal<Tree>,
    /// What the inspector looks at. It may still be what was chosen earlier, see [`Self::looked_at`].
    pub inspected: RwSignal<Option<Arc<Inspected>>>,
    /// The series that run.
    pub series: RwSignal<Vec<Series>>,
    /// Publications that wait.
    pub queue: RwSignal<Queue>,
    /// Topics that hold what is typed.
    pub seen: RwSignal<Seen>,
    /// What is remarked on while the connection goes on.
    pub remarks: RwSignal<Vec<Remark>>,
    /// The latest return of a lost connection; put away with `None`.
    pub returned: RwSignal<Option<Returned>>,
    /// Storage failed, in the browser's own words; put away with `None`.
    pub storage_failed: RwSignal<Option<String>>,
    /// The version that the broker took last, to be remembered.
    pub version_taken: RwSignal<Option<Version>>,
    /// The latest notices, for whoever waits for one.
    pub notices: RwSignal<Vec<Notice>>,
    /// Those that were not said yet.
    unsaid: StoredValue<Vec<Notice>>,
    /// How many parts of files have come.
    pub chunks_come: RwSignal<u32>,
    /// Those that nobody has taken yet.
    chunks: StoredValue<Vec<Chunk>>,
}

impl Answers {
    /// What a pane shows from now on. `chosen` is what the inspector is to show.
    pub fn take(&self, answer: Answer, chosen: Option<Target>) {
        match answer {
            Answer::Connection(connection) => self.connection.set(connection),
            Answer::Counters(counters) => self.counters.set(counters),
            Answer::Subscriptions(subscriptions) => self.subscriptions.set(subscriptions),
            Answer::List(list) => self.list.set(list),
            Answer::Tree(tree) => self.tree.set(tree),
            Answer::Inspector(inspected) => self.take_inspected(inspected, chosen),
            Answer::Publisher(series) => self.series.set(series),
            Answer::Queue(queue) => self.queue.set(queue),
            Answer::Notes(remarks) => self.remarks.set(remarks),
            Answer::Seen(seen) => self.seen.set(seen),
        }
    }

    /// An answer that was on its way when something else was chosen is of no use any more.
    fn take_inspected(&self, inspected: Inspected, chosen: Option<Target>) {
        if inspected.target.is_some() && inspected.target == chosen {
            self.inspected.set(Some(Arc::new(inspected)));
        }
    }

    /// What happened.
    pub fn note(&self, notices: Vec<Notice>) {
        for notice in &notices {
            self.keep(notice);
        }
        if !notices.is_empty() {
            self.unsaid.update_value(|unsaid| {
                unsaid.extend(notices.iter().cloned());
                let too_many = unsaid.len().saturating_sub(UNSAID);
                unsaid.drain(..too_many);
            });
            self.notices.set(notices);
        }
    }

    /// The notices that have come since this was asked last.
    pub fn unsaid(&self) -> Vec<Notice> {
        self.unsaid
            .try_update_value(std::mem::take)
            .unwrap_or_default()
    }

    /// A part of a file has come, for whoever asked for it.
    pub fn take_chunk(&self, chunk: Chunk) {
        self.chunks.update_value(|chunks| chunks.push(chunk));
        self.chunks_come.update(|come| *come = come.wrapping_add(1));
    }

    /// The parts that have come since this was asked last.
    pub fn new_chunks(&self) -> Vec<Chunk> {
        self.chunks
            .try_update_value(std::mem::take)
            .unwrap_or_default()
    }

    /// What of it is shown until it is put away.
    fn keep(&self, notice: &Notice) {
        match notice {
            Notice::Returned {
                away,
                session_present,
                slept,
            } => self.returned.set(Some(Returned {
                away: *away,
                session_present: *session_present,
                slept: *slept,
            })),
            Notice::StorageFailed { detail } => self.storage_failed.set(Some(detail.clone())),
            Notice::VersionTaken(version) => self.version_taken.set(Some(*version)),
            _ => {}
        }
    }

    /// What the inspector looks at, once it is what the user chose last. Before that it still holds what was chosen
    /// earlier, which is to be kept for its place on the page and is nothing to act on.
    pub fn looked_at(&self, chosen: Option<Target>) -> Option<Arc<Inspected>> {
        self.inspected
            .get_untracked()
            .filter(|one| one.target == chosen)
    }
}
