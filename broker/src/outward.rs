//! The core's outputs on their way: packets to the lines, changes to storage, events to whoever hears of them. What comes
//! behind a change waits until storage has it: only then is what was acknowledged safe.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use foldhash::{HashMap, HashMapExt};
use midge_broker_core::{Change, Ending, Event, Output, Overflow, SessionEnd};

use crate::keeping::Keeper;
use crate::line::Line;
use crate::notice::{Ear, Notice};

/// With so many bytes of changes that storage has not taken, clients have to wait.
const BEHIND: usize = 8 * 1024 * 1024;

/// One connection, as the task knows it.
struct Known {
    line: Arc<Line>,
    /// Bytes that were put in, or are held back.
    put: u64,
    /// It is to be woken.
    is_touched: bool,
}

/// Something that is held back.
struct Held {
    /// The number of the batch of changes that must be safe first.
    batch: u64,
    connection: u64,
    what: What,
}

enum What {
    Packet { head: Box<[u8]>, payload: Bytes },
    End(Ending),
}

/// All that goes out.
pub struct Outward {
    lines: HashMap<u64, Known>,
    touched: Vec<u64>,
    ear: Ear,
    keeper: Option<Keeper>,
    changes: Vec<Change>,
    changed_bytes: usize,
    /// The number of the batch that is being made.
    batch: u64,
    /// The one before it is not safe yet.
    is_keeping: bool,
    held: VecDeque<Held>,
}

impl Outward {
    pub fn new(ear: Ear, keeper: Option<Keeper>) -> Outward {
        Outward {
            lines: HashMap::new(),
            touched: Vec::new(),
            ear,
            keeper,
            changes: Vec::new(),
            changed_bytes: 0,
            batch: 1,
            is_keeping: false,
            held: VecDeque::new(),
        }
    }

    /// A connection opened.
    pub fn open(&mut self, line: Arc<Line>) {
        let known = Known {
            put: 0,
            is_touched: false,
            line,
        };
        self.lines.insert(known.line.number, known);
    }

    /// Bytes that were put in for a connection and have not left.
    pub fn owed(&self, connection: u64) -> Option<usize> {
        let known = self.lines.get(&connection)?;
        let owed = known.put.saturating_sub(known.line.tell_left());
        Some(usize::try_from(owed).unwrap_or(usize::MAX))
    }

    /// Takes an output of the core.
    #[inline]
    pub fn take(&mut self, output: Output<'_>) {
        match output {
            Output::Send {
                connection,
                head,
                payload,
            } => {
                let Some(known) = self.lines.get_mut(&connection) else {
                    return;
                };
                known.put += (head.len() + payload.len()) as u64;
                if self.is_keeping || !self.changes.is_empty() {
                    let what = What::Packet {
                        head: head.into(),
                        payload: payload.clone(),
                    };
                    self.hold(connection, what);
                } else {
                    known.line.put(head, payload);
                    touch(known, &mut self.touched);
                }
            }
            Output::Close { connection, why } => self.end(connection, why),
            Output::Store(change) => {
                if self.keeper.is_some() {
                    self.changed_bytes += match &change {
                        Change::Put { key, value } => key.len() + value.len(),
                        Change::Remove { key } => key.len(),
                    };
                    self.changes.push(change);
                }
            }
            Output::Event(event) => {
                if let Some(notice) = notice(&event) {
                    self.ear.tell(notice);
                }
            }
        }
    }

    /// A connection ends, behind all that it is still told.
    pub fn end(&mut self, connection: u64, why: Ending) {
        if self.is_keeping || !self.changes.is_empty() {
            self.hold(connection, What::End(why));
        } else if let Some(known) = self.lines.remove(&connection) {
            known.line.end(why);
            known.line.wake();
        }
    }

    fn hold(&mut self, connection: u64, what: What) {
        // Behind the changes of the batch that is being made, or else of the one that is being kept.
        let batch = match self.changes.is_empty() {
            true => self.batch - 1,
            false => self.batch,
        };
        self.held.push_back(Held {
            batch,
            connection,
            what,
        });
    }

    /// Wakes those who have something to write, and gives storage what it is to keep.
    pub fn flush(&mut self) {
        for connection in self.touched.drain(..) {
            if let Some(known) = self.lines.get_mut(&connection) {
                known.is_touched = false;
                known.line.wake();
            }
        }
        if self.is_keeping || self.changes.is_empty() {
            return;
        }
        if let Some(keeper) = &self.keeper {
            let changes = std::mem::take(&mut self.changes);
            self.changed_bytes = 0;
            keeper.keep(self.batch, changes);
            self.is_keeping = true;
            self.batch += 1;
        }
    }

    /// Waits for storage: comes back with the number of a batch that is safe. Never, where nothing is kept.
    pub async fn kept(&mut self) -> u64 {
        match &mut self.keeper {
            Some(keeper) if self.is_keeping => keeper.kept().await,
            _ => std::future::pending().await,
        }
    }

    /// A batch is safe: what waited for it goes out.
    pub fn release(&mut self, batch: u64) {
        self.is_keeping = false;
        while let Some(held) = self.held.pop_front_if(|held| held.batch <= batch) {
            match held.what {
                What::Packet { head, payload } => {
                    if let Some(known) = self.lines.get_mut(&held.connection) {
                        known.line.put(&head, &payload);
                        touch(known, &mut self.touched);
                    }
                }
                What::End(why) => {
                    if let Some(known) = self.lines.remove(&held.connection) {
                        known.line.end(why);
                        known.line.wake();
                    }
                }
            }
        }
    }

    /// Whether clients have to wait for storage.
    pub fn is_behind(&self) -> bool {
        self.changed_bytes > BEHIND
    }

    /// Closes storage. Nothing is kept from here on.
    pub async fn close(&mut self) {
        if let Some(keeper) = self.keeper.take() {
            keeper.close().await;
        }
    }

    /// Whether all is safe.
    pub fn is_safe(&self) -> bool {
        !self.is_keeping && self.changes.is_empty()
    }
}

fn touch(known: &mut Known, touched: &mut Vec<u64>) {
    if !known.is_touched {
        known.is_touched = true;
        touched.push(known.line.number);
    }
}

/// What the person at the terminal is told of an event. Why connections end, their owners say.
fn notice(event: &Event) -> Option<Notice> {
    Some(match event {
        Event::FilterRefused { code: 0x97, .. } => Notice::TooManyFilters,
        Event::FilterRefused { code: 0x8F, .. } => Notice::WrongFilter,
        Event::PublishRefused { code: 0x97, .. } => Notice::RetainedFull,
        Event::PublishRefused { code: 0x90, .. } => Notice::DeepTopic,
        Event::PublishRefused { code: 0x87, .. } => Notice::BrokersTopic,
        Event::Dropping {
            why: Overflow::Owed,
            ..
        } => Notice::ReaderTooSlow,
        Event::Dropping { .. } => Notice::TooMuchWaits,
        Event::SessionEnded {
            why: SessionEnd::Displaced,
            ..
        } => Notice::SessionDropped,
        Event::Damaged { .. } => Notice::Damaged,
        _ => return None,
    })
}
