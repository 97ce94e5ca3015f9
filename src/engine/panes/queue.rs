//! Publications that wait or are held back.
//!
//! The one pane that says that it is moving: while others come to stand in the queue at each frame, those that wait are
//! not told one by one, and when it stands still they are, even if nothing else is news.

use crate::{
    engine::{
        pane::{Pane, World},
        shown,
    },
    link::{self, Answer},
    session::{self, QueueLimit, Session},
};

/// Publications that wait and that the page is told of one by one.
const MOST_WAITING: usize = 100;
/// Fewer bytes than this leave before anybody could read of them.
const WORTH_A_WORD: u64 = 64 * 1024;
/// While more of those than this are others at each frame, they are not told: nobody could read them, and the page would
/// make all of its lines anew each time.
const MOST_MOVING: usize = 10;

/// The queue.
#[derive(Debug, Default)]
pub struct Queue {
    /// Those that would have been told one by one at the last frame.
    waiting: Vec<u32>,
    moving: bool,
}

impl Pane for Queue {
    type Answer = link::Queue;
    const INTO_ANSWER: fn(link::Queue) -> Answer = Answer::Queue;

    fn answer(&mut self, world: &World<'_>) -> Option<link::Queue> {
        let session = world.session;
        self.compare(session);
        let (count, bytes) = session.queue_size();
        let limit = session
            .settings()
            .map_or(QueueLimit::default(), |settings| settings.queue);
        Some(link::Queue {
            count: shown::count(count),
            limit: shown::count(limit.messages),
            bytes: bytes as u64,
            leaving: Some(session.on_way())
                .filter(|bytes| *bytes >= WORTH_A_WORD)
                .unwrap_or(0),
            first: if self.moving {
                Vec::new()
            } else {
                session.queue().take(MOST_WAITING).map(waiting).collect()
            },
            held: session.held_back().take(MOST_WAITING).map(held).collect(),
        })
    }

    fn is_moving(&self) -> bool {
        self.moving
    }
}

impl Queue {
    /// Whether those that wait are others than at the last frame.
    fn compare(&mut self, session: &Session) {
        let first = session.queue().take(MOST_WAITING);
        let numbers: Vec<u32> = first.map(|one| one.number).collect();
        let before = std::mem::replace(&mut self.waiting, numbers);
        let same = self.waiting.iter().filter(|one| before.contains(one));
        self.moving = before.len().max(self.waiting.len()) - same.count() > MOST_MOVING;
    }
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
