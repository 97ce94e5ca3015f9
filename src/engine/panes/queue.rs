//! Publications that wait or are held back.
//!
//! The only pane that may be moving: while the queue changes with each frame, only its size is sent. Once it stops, the
//! publications are listed, even if nothing else has changed.

use crate::{
    engine::{
        pane::{Pane, World},
        shown,
    },
    link::{self, Answer},
    session::{self, QueueLimit, Session},
};

/// The most publications that are listed.
const MOST_WAITING: usize = 100;
/// Fewer bytes than this in the send buffer are not shown: they leave too soon to be read.
const WORTH_A_WORD: u64 = 64 * 1024;
/// If more of the listed publications than this are new in a frame, none is listed: nobody could read them, and the page
/// would have to make all its lines again each time.
const MOST_MOVING: usize = 10;

/// The queue.
#[derive(Debug, Default)]
pub struct Queue {
    /// The numbers of those that would have been listed in the last frame.
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
    /// Whether too many of them are new since the last frame.
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
