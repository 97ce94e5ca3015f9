//! The page as the engine knows it: what it shows, what it was told last, and so what is news to it.

use super::{
    connection::connection, inspection::Inspection, notices::Notices, palette::Palette,
    remarks::Remarks, rows, series::Running, shown,
};
use crate::{
    capture::Capture,
    link::{
        self, Connection, Counters, Frame, List, Queue, Remark, Series, Subscription, Target, Tree,
        View,
    },
    session::{self, Phase, QueueLimit, Session, Settings},
};

/// Publications that wait and that the page is told of one by one.
const MOST_WAITING: usize = 100;
/// Fewer bytes than this leave before anybody could read of them.
const WORTH_A_WORD: u64 = 64 * 1024;
/// While more of those than this are others at each frame, they are not told: nobody could read them, and the page would
/// make all of its lines anew each time.
const MOST_MOVING: usize = 10;

/// What the page was told last, and still shows.
#[derive(Debug, Default)]
struct Told {
    connection: Option<Connection>,
    counters: Option<Counters>,
    subscriptions: Option<Vec<Subscription>>,
    list: Option<List>,
    tree: Option<Tree>,
    series: Option<Vec<Series>>,
    queue: Option<Queue>,
    remarks: Option<Vec<Remark>>,
}

/// The page.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// It waits for a frame.
    pub asked: bool,
    pub hidden: bool,
    /// Something may have changed since the last frame.
    pub dirty: bool,
    pub notices: Notices,
    pub remarks: Remarks,
    /// Answer even if there is no news.
    greeted: bool,
    view: View,
    inspection: Option<Inspection>,
    told: Told,
    /// Those that would have been told one by one at the last frame.
    waiting: Vec<u32>,
    seen_revision: u64,
}

/// The new value, unless the page was told the same before.
fn news<T: Clone + PartialEq>(told: &mut Option<T>, now: T) -> Option<T> {
    if told.as_ref() == Some(&now) {
        return None;
    }
    *told = Some(now.clone());
    Some(now)
}

impl Page {
    /// The page is there and knows nothing.
    pub fn greet(&mut self) {
        self.asked = true;
        self.greeted = true;
        self.told = Told::default();
        self.reinspect();
    }

    pub fn show(&mut self, view: View) {
        if view.list.is_none() {
            self.told.list = None;
        }
        if view.tree.is_none() {
            self.told.tree = None;
        }
        self.view = view;
    }

    pub fn shows_list(&self) -> bool {
        self.view.list.is_some()
    }

    pub fn inspect(&mut self, target: Option<Target>) {
        self.inspection = target.map(Inspection::new);
    }

    fn reinspect(&mut self) {
        self.inspect(self.inspection.as_ref().map(Inspection::target));
    }

    /// Everything captured was thrown away, what is inspected too.
    pub fn forget_inspected(&mut self) {
        self.reinspect();
    }

    pub fn frame_due(&self, capture: &Capture) -> bool {
        let changed =
            self.dirty || !self.notices.is_empty() || self.seen_revision != capture.revision();
        self.asked && (self.greeted || (changed && !self.hidden))
    }

    /// Everything that is news.
    pub fn frame(
        &mut self,
        session: &Session,
        loading: Option<&Settings>,
        capture: &Capture,
        palette: &Palette,
        series: &[Running],
    ) -> Option<Frame> {
        self.dirty = false;
        self.seen_revision = capture.revision();
        let queue = self.queue(session);
        let Self {
            told,
            view,
            remarks,
            ..
        } = self;
        let list = view
            .list
            .as_ref()
            .map(|view| rows::list(view, capture, palette));
        let tree = view.tree.as_ref().map(|view| rows::tree(view, capture));
        let frame = Frame {
            connection: news(&mut told.connection, connection(session, loading)),
            counters: news(&mut told.counters, counters(session, capture)),
            subscriptions: news(
                &mut told.subscriptions,
                rows::subscriptions(session.subscriptions(), capture, palette),
            ),
            list: list.and_then(|list| news(&mut told.list, list)),
            tree: tree.and_then(|tree| news(&mut told.tree, tree)),
            inspected: self
                .inspection
                .as_mut()
                .and_then(|inspection| inspection.news(capture, palette)),
            series: news(&mut told.series, running(session, series)),
            queue: news(&mut told.queue, queue),
            remarks: news(&mut told.remarks, remarks.all()),
            notices: self.notices.take(),
        };
        if frame == Frame::default() && !self.greeted {
            return None;
        }
        self.asked = false;
        self.greeted = false;
        Some(frame)
    }

    /// What waits, one by one where that stands still enough.
    fn queue(&mut self, session: &Session) -> Queue {
        let (count, bytes) = session.queue_size();
        let limit = session
            .settings()
            .map_or(QueueLimit::default(), |settings| settings.queue);
        let first = || session.queue().take(MOST_WAITING);
        let numbers: Vec<u32> = first().map(|one| one.number).collect();
        let before = std::mem::replace(&mut self.waiting, numbers);
        let same = self.waiting.iter().filter(|one| before.contains(one));
        let moving = before.len().max(self.waiting.len()) - same.count() > MOST_MOVING;
        // Where they come to stand nothing else may be news.
        self.dirty |= moving;
        Queue {
            count: shown::count(count),
            limit: shown::count(limit.messages),
            bytes: bytes as u64,
            leaving: Some(session.on_way())
                .filter(|bytes| *bytes >= WORTH_A_WORD)
                .unwrap_or(0),
            first: if moving {
                Vec::new()
            } else {
                first().map(waiting).collect()
            },
            held: session.held_back().take(MOST_WAITING).map(held).collect(),
        }
    }
}

fn counters(session: &Session, capture: &Capture) -> Counters {
    let counts = capture.counts();
    Counters {
        received: counts.received,
        kept: counts.kept,
        dropped: counts.dropped,
        sent: counts.sent,
        received_rate: counts.received_rate,
        sent_rate: counts.sent_rate,
        held_bytes: counts.held_bytes,
        budget_bytes: counts.budget_bytes,
        in_flight: u32::try_from(session.in_flight()).unwrap_or(u32::MAX),
    }
}

fn running(session: &Session, series: &[Running]) -> Vec<Series> {
    let waiting = session.phase() != Phase::Connected;
    let described = |running: &Running| Series {
        number: running.number,
        topic: running.topic.clone(),
        every_ms: running.every_ms,
        sent: running.sent,
        waiting,
        held: running.held && !waiting,
    };
    series.iter().map(described).collect()
}

fn waiting(one: session::Waiting<'_>) -> link::Waiting {
    link::Waiting {
        number: one.number,
        topic: one.topic.to_owned(),
        size: shown::count(one.size),
        qos: one.qos,
    }
}

fn held(one: session::HeldMessage<'_>) -> link::HeldMessage {
    link::HeldMessage {
        number: one.number,
        topic: one.topic.map(str::to_owned),
        size: shown::count(one.size),
        qos: one.qos,
        published_at: one.topic.map(|_| shown::milliseconds(one.published_at)),
    }
}
