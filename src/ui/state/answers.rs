//! The latest answer of the engine for each pane, and notices that are shown until they are closed.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    link::{
        Answer, Chunk, Connection, Counters, History, Inspected, List, Notice, Queue, Remark, Seen,
        Series, Silence, Subscription, Target, Timeline, Tree, Watched,
    },
    protocol::Version,
};

/// The most notices that wait for the part that shows them, which is loaded later. If there are more, the latest are kept.
const UNSAID: usize = 50;

/// A lost connection that was restored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Returned {
    /// How long it was lost, in milliseconds.
    pub away: f64,
    /// The broker had kept the session.
    pub session_present: bool,
    /// The machine probably slept meanwhile.
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
    /// What the inspector shows. It may still be an earlier target, see [`Self::looked_at`].
    pub inspected: RwSignal<Option<Arc<Inspected>>>,
    /// The running series.
    pub series: RwSignal<Vec<Series>>,
    /// Publications that wait or are held back.
    pub queue: RwSignal<Queue>,
    /// Topics that contain what is typed.
    pub seen: RwSignal<Seen>,
    /// Messages by time.
    pub timeline: RwSignal<Timeline>,
    /// A page of the history of a topic.
    pub history: RwSignal<Option<History>>,
    /// Goals that a lesson watches for.
    pub watched: RwSignal<Watched>,
    /// Subscriptions that brought nothing, beside the topics that were seen.
    pub silence: RwSignal<Vec<Silence>>,
    /// Faults that did not end the connection.
    pub remarks: RwSignal<Vec<Remark>>,
    /// The latest restored connection; `None` closes the banner about it.
    pub returned: RwSignal<Option<Returned>>,
    /// The browser's error message of storage; `None` closes the banner about it.
    pub storage_failed: RwSignal<Option<String>>,
    /// The version that the broker accepted last.
    pub version_taken: RwSignal<Option<Version>>,
    /// The latest notices, for a pane that waits for one.
    pub notices: RwSignal<Vec<Notice>>,
    /// Notices that were not shown yet.
    unsaid: StoredValue<Vec<Notice>>,
    /// How many chunks of files have come.
    pub chunks_come: RwSignal<u32>,
    /// Chunks that were not taken yet.
    chunks: StoredValue<Vec<Chunk>>,
}

impl Answers {
    /// Stores an answer. `chosen` is the target of the inspector.
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
            Answer::Timeline(timeline) => self.timeline.set(timeline),
            Answer::History(history) => self.history.set(Some(history)),
            Answer::Watched(watched) => self.watched.set(watched),
            Answer::Silence(silence) => self.silence.set(silence),
        }
    }

    /// An answer for an earlier target is ignored.
    fn take_inspected(&self, inspected: Inspected, chosen: Option<Target>) {
        if inspected.target.is_some() && inspected.target == chosen {
            self.inspected.set(Some(Arc::new(inspected)));
        }
    }

    /// Stores notices.
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

    /// Takes the notices that have come since the last call.
    pub fn unsaid(&self) -> Vec<Notice> {
        self.unsaid
            .try_update_value(std::mem::take)
            .unwrap_or_default()
    }

    /// Stores a chunk of a file.
    pub fn take_chunk(&self, chunk: Chunk) {
        self.chunks.update_value(|chunks| chunks.push(chunk));
        self.chunks_come.update(|come| *come = come.wrapping_add(1));
    }

    /// Takes the chunks that have come since the last call.
    pub fn new_chunks(&self) -> Vec<Chunk> {
        self.chunks
            .try_update_value(std::mem::take)
            .unwrap_or_default()
    }

    /// Keeps what is shown until it is closed.
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

    /// What the inspector shows, if it is the current target. An earlier one stays visible so that the page does not jump, but
    /// must not be acted on.
    pub fn looked_at(&self, chosen: Option<Target>) -> Option<Arc<Inspected>> {
        self.inspected
            .get_untracked()
            .filter(|one| one.target == chosen)
    }
}
