//! What waits to be drained. A PUBLISH waits as what it is made of and is written when it is its turn, so that a message to
//! thousands of clients takes little more room than a message to one.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;

use crate::message::{Ids, Message};
use crate::output::{Change, Ending, Event, Output};
use crate::wire::{Shape, publish_head};

/// Buffers that are larger than this are given back.
const KEPT: usize = 1 << 20;

static NO_PAYLOAD: Bytes = Bytes::new();

#[derive(Debug)]
enum Entry {
    Raw {
        connection: u64,
        start: usize,
        end: usize,
    },
    Publish {
        connection: u64,
        message: Arc<Message>,
        shape: Shape,
        ids: Ids,
    },
    Close {
        connection: u64,
        why: Ending,
    },
    Store(Change),
    Event(Event),
}

/// A PUBLISH that was taken back.
#[derive(Debug)]
pub struct HeldBack(Entry);

/// What waits to be drained, in its order.
#[derive(Debug, Default)]
pub struct Outbox {
    entries: VecDeque<Entry>,
    /// Each PUBLISH that is put in waits here.
    is_holding: bool,
    held_back: Vec<Entry>,
    /// The bytes of raw packets.
    bytes: Vec<u8>,
    /// The head that is lent.
    head: Vec<u8>,
    /// The message that is lent.
    lent: Option<Arc<Message>>,
}

impl Outbox {
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// A packet that the closure writes. Gives its size.
    pub fn packet(&mut self, connection: u64, write: impl FnOnce(&mut Vec<u8>)) -> usize {
        if self.entries.is_empty() {
            clear(&mut self.bytes);
        }
        let start = self.bytes.len();
        write(&mut self.bytes);
        let end = self.bytes.len();
        self.entries.push_back(Entry::Raw {
            connection,
            start,
            end,
        });
        end - start
    }

    /// Takes back the packet that was put in last.
    pub fn take_back(&mut self) {
        if let Some(Entry::Raw { start, .. }) = self.entries.back() {
            self.bytes.truncate(*start);
            self.entries.pop_back();
        }
    }

    pub fn publish(&mut self, connection: u64, message: Arc<Message>, shape: Shape, ids: Ids) {
        let entry = Entry::Publish {
            connection,
            message,
            shape,
            ids,
        };
        match self.is_holding {
            true => self.held_back.push(entry),
            false => self.entries.push_back(entry),
        }
    }

    /// From here on each PUBLISH waits behind all else, until it is let go.
    pub fn hold_back(&mut self) {
        self.is_holding = true;
    }

    /// What was held back goes behind all else.
    pub fn let_go(&mut self) {
        self.is_holding = false;
        self.entries.extend(self.held_back.drain(..));
    }

    /// Takes back the PUBLISH that was put in last, to be put in again behind what must be safe before it leaves.
    pub fn take_publish(&mut self) -> Option<HeldBack> {
        let last = self
            .entries
            .pop_back_if(|entry| matches!(entry, Entry::Publish { .. }));
        last.map(HeldBack)
    }

    pub fn put_again(&mut self, held_back: HeldBack) {
        self.entries.push_back(held_back.0);
    }

    pub fn close(&mut self, connection: u64, why: Ending) {
        self.entries.push_back(Entry::Close { connection, why });
    }

    pub fn store(&mut self, change: Change) {
        self.entries.push_back(Entry::Store(change));
    }

    pub fn event(&mut self, event: Event) {
        self.entries.push_back(Entry::Event(event));
    }

    /// The next one.
    pub fn next(&mut self) -> Option<Output<'_>> {
        Some(match self.entries.pop_front()? {
            Entry::Raw {
                connection,
                start,
                end,
            } => Output::Send {
                connection,
                head: self.bytes.get(start..end).unwrap_or_default(),
                payload: &NO_PAYLOAD,
            },
            Entry::Publish {
                connection,
                message,
                shape,
                ids,
            } => {
                clear(&mut self.head);
                publish_head(&message, &shape, &ids, &mut self.head);
                let message = self.lent.insert(message);
                Output::Send {
                    connection,
                    head: &self.head,
                    payload: &message.payload,
                }
            }
            Entry::Close { connection, why } => Output::Close { connection, why },
            Entry::Store(change) => Output::Store(change),
            Entry::Event(event) => Output::Event(event),
        })
    }

    /// Nothing is lent any more.
    pub fn rest(&mut self) {
        self.lent = None;
        if self.entries.is_empty() && self.entries.capacity() > KEPT / 64 {
            self.entries = VecDeque::new();
        }
    }
}

fn clear(bytes: &mut Vec<u8>) {
    bytes.clear();
    if bytes.capacity() > KEPT {
        *bytes = Vec::new();
    }
}
