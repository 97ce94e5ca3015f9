//! What goes to one connection, and the two ends of it that its owner holds.
//!
//! The task puts whole packets in, as they come out of the core; whoever writes to the client takes as much at once as is
//! there. A payload of some size is not copied for each client that it goes to.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use midge_broker_core::Ending;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Notify, Semaphore};

use crate::Gone;
use crate::limits::Limits;
use crate::task::Said;

/// A payload below this size is copied behind its head: that costs less than to write it as a piece of its own.
const SMALL: usize = 2 * 1024;

/// How many pieces of what clients said wait for the task at once. Of each client there is one at the most.
const PLACES: usize = 64;

/// The core need not hear of every write: it is told at the latest when so much has left since.
const UNTOLD: usize = 64 * 1024;

/// What all lines share with the task.
#[derive(Debug)]
pub struct Shared {
    places: Semaphore,
    /// The numbers of lines of which something has left.
    left: Mutex<Vec<u64>>,
    untold: u64,
}

impl Shared {
    pub fn new(limits: &Limits) -> Shared {
        Shared {
            places: Semaphore::new(PLACES),
            left: Mutex::default(),
            untold: UNTOLD.min(limits.owed_to_one / 4) as u64,
        }
    }

    /// One piece of what a client said was taken.
    pub fn taken(&self, line: &Line) {
        self.places.add_permits(1);
        line.room.add_permits(1);
    }

    /// Takes the numbers of those of whom something has left into an empty list.
    pub fn take_left(&self, into: &mut Vec<u64>) {
        std::mem::swap(&mut *lock(&self.left), into);
    }
}

/// What goes to one connection.
#[derive(Debug)]
pub struct Line {
    pub number: u64,
    out: Mutex<Out>,
    ready: Notify,
    /// Bytes that have left, of all that were ever put in.
    left: AtomicU64,
    /// As much of that as the task was told.
    told: AtomicU64,
    /// It stands in the list of those of whom something has left.
    is_listed: AtomicBool,
    /// Of one piece of what the client said.
    room: Semaphore,
}

#[derive(Debug, Default)]
struct Out {
    pieces: VecDeque<Bytes>,
    /// What comes behind them.
    tail: Vec<u8>,
    ended: Option<Ending>,
}

impl Line {
    pub fn new(number: u64) -> Line {
        Line {
            number,
            out: Mutex::default(),
            ready: Notify::new(),
            left: AtomicU64::new(0),
            told: AtomicU64::new(0),
            is_listed: AtomicBool::new(false),
            room: Semaphore::new(1),
        }
    }

    /// Puts a packet in. Nobody is woken.
    pub fn put(&self, head: &[u8], payload: &Bytes) {
        let mut out = lock(&self.out);
        out.tail.extend_from_slice(head);
        if payload.len() < SMALL {
            out.tail.extend_from_slice(payload);
        } else {
            let before = std::mem::take(&mut out.tail);
            out.pieces.push_back(before.into());
            out.pieces.push_back(payload.clone());
        }
    }

    /// Nothing comes any more. Nobody is woken.
    pub fn end(&self, why: Ending) {
        lock(&self.out).ended.get_or_insert(why);
    }

    /// Wakes whoever waits for what was put in.
    pub fn wake(&self) {
        self.ready.notify_one();
    }

    /// Bytes that have left, of all that were ever put in. The task knows it now.
    pub fn tell_left(&self) -> u64 {
        self.is_listed.store(false, Relaxed);
        let left = self.left.load(Relaxed);
        self.told.store(left, Relaxed);
        left
    }
}

/// The end for what the client says. Dropped, it ends the connection: behind all that was said.
#[derive(Debug)]
pub struct Inlet {
    line: Arc<Line>,
    said: UnboundedSender<Said>,
    shared: Arc<Shared>,
}

impl Inlet {
    pub(crate) fn new(line: Arc<Line>, said: UnboundedSender<Said>, shared: Arc<Shared>) -> Inlet {
        Inlet { line, said, shared }
    }

    /// Says what the client said: any part of a packet, or many. Waits until what was said before was taken.
    ///
    /// # Errors
    /// When the broker is gone.
    pub async fn say(&self, bytes: Vec<u8>) -> Result<(), Gone> {
        let own = self.line.room.acquire().await.map_err(|_| Gone)?;
        let place = self.shared.places.acquire().await.map_err(|_| Gone)?;
        // The task gives them back.
        own.forget();
        place.forget();
        let said = Said::Bytes(self.line.clone(), bytes);
        self.said.send(said).map_err(|_| Gone)
    }
}

impl Drop for Inlet {
    fn drop(&mut self) {
        // An error is a broker that is gone.
        let _ = self.said.send(Said::Closed(self.line.number));
    }
}

/// What is to be written next.
#[derive(Debug)]
pub enum Next {
    /// Something was put into the list of pieces.
    Bytes,
    /// Nothing comes any more, for this reason.
    Ended(Ending),
}

/// The end for what the client is told.
#[derive(Debug)]
pub struct Outlet {
    line: Arc<Line>,
    said: UnboundedSender<Said>,
    shared: Arc<Shared>,
}

impl Outlet {
    pub(crate) fn new(line: Arc<Line>, said: UnboundedSender<Said>, shared: Arc<Shared>) -> Outlet {
        Outlet { line, said, shared }
    }

    /// Waits for something to write, and puts all that there is behind these pieces. Borders of pieces mean nothing, but
    /// that the last one ends with a packet.
    pub async fn next(&self, pieces: &mut VecDeque<Bytes>) -> Next {
        loop {
            {
                let mut out = lock(&self.line.out);
                if !out.pieces.is_empty() || !out.tail.is_empty() {
                    pieces.append(&mut out.pieces);
                    if !out.tail.is_empty() {
                        pieces.push_back(std::mem::take(&mut out.tail).into());
                    }
                    return Next::Bytes;
                }
                if let Some(why) = out.ended {
                    return Next::Ended(why);
                }
            }
            self.line.ready.notified().await;
        }
    }

    /// So much of it has left.
    pub fn has_left(&self, bytes: usize) {
        let line = &self.line;
        let left = line.left.fetch_add(bytes as u64, Relaxed) + bytes as u64;
        let is_much = left - line.told.load(Relaxed) >= self.shared.untold;
        let is_listed = line.is_listed.swap(true, Relaxed);
        if !is_listed {
            lock(&self.shared.left).push(line.number);
        }
        if is_much {
            // What waits for this client may go. An error is a broker that is gone.
            let _ = self.said.send(Said::Left);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
