//! The broker of a tab: lines in, lines out.

use std::collections::VecDeque;

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use midge::inside;
use midge_broker_core::{Broker, Everybody, Input, Limits, Output, Settings};

use crate::ending::close;
use crate::line::Line;

/// Seconds between two publications of `$SYS`, where something has changed.
const SYS_INTERVAL: u32 = 10;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Send these bytes.
    Send {
        /// The line.
        line: u64,
        /// Whole packets.
        bytes: Vec<u8>,
    },
    /// Close it once everything sent before is on its way. Nothing more is to be told of it.
    Close {
        /// The line.
        line: u64,
        /// WebSocket close code.
        code: u16,
        /// Why, in English, for a log.
        reason: &'static str,
    },
}

/// The broker.
#[derive(Debug)]
pub struct Tab {
    broker: Broker,
    /// By number. The numbers are those that the core has.
    lines: HashMap<u64, Line, FixedState>,
    last: u64,
    /// Lines with something to hand out, in the order in which it came.
    due: VecDeque<u64>,
    acts: VecDeque<Act>,
}

impl Tab {
    /// A broker without clients. Let the seed be a random one.
    pub fn new(seed: u64) -> Self {
        let settings = Settings {
            limits: Limits::for_a_tab(),
            sys_interval: SYS_INTERVAL,
            version: format!("Midge {} in a browser", env!("CARGO_PKG_VERSION")),
            ..Settings::default()
        };
        Self {
            broker: Broker::new(settings, Box::new(Everybody), seed),
            lines: HashMap::with_hasher(FixedState::with_seed(seed)),
            last: 0,
            due: VecDeque::new(),
            acts: VecDeque::new(),
        }
    }

    /// A line from this page opened. Gives its number, which is never given again.
    pub fn open(&mut self, now: u64, page: u32) -> u64 {
        self.last += 1;
        let line = self.last;
        self.lines.insert(line, Line::of(page));
        self.tell(now, Input::Opened { connection: line });
        line
    }

    /// Bytes came on a line: any part of a packet, or many.
    pub fn bytes(&mut self, now: u64, line: u64, bytes: &[u8]) {
        if self.lines.contains_key(&line) {
            let connection = line;
            self.tell(now, Input::Bytes { connection, bytes });
        }
    }

    /// The other end of a line has taken so many bytes since it opened.
    pub fn taken(&mut self, now: u64, line: u64, taken: u64) {
        if let Some(owed) = self.lines.get(&line).map(|line| line.owed(taken)) {
            let owed = Input::Owed {
                connection: line,
                bytes: owed,
            };
            self.tell(now, owed);
        }
    }

    /// A line is gone. Its client said so with DISCONNECT before, or its will comes.
    pub fn closed(&mut self, now: u64, line: u64) {
        if self.lines.remove(&line).is_some() {
            self.tell(now, Input::Closed { connection: line });
        }
    }

    /// A page is gone: all its lines are closed, for it may only be asleep, and find them closed when it wakes up.
    pub fn gone(&mut self, now: u64, page: u32) {
        let lines = self.lines.iter().filter(|(_, line)| line.page == page);
        let mut lines: Vec<u64> = lines.map(|(number, _)| *number).collect();
        lines.sort_unstable();
        for line in lines {
            self.closed(now, line);
            self.acts.push_back(Act::Close {
                line,
                code: 1001,
                reason: "the page was closed",
            });
        }
    }

    /// The time of [`Self::wake_at`] has come.
    pub fn time(&mut self, now: u64) {
        self.tell(now, Input::Time);
    }

    /// When [`Self::time`] is due. Cheap: ask after every drain.
    pub fn wake_at(&self) -> Option<u64> {
        self.broker.wake_at()
    }

    /// What is asked of the inside, and the report, both as `midge::inside` writes them. `None`: it was no question.
    pub fn inside(&mut self, now: u64, question: &[u8]) -> Option<Vec<u8>> {
        let ask = inside::decode(question).ok()?;
        Some(inside::encode(&self.broker.inside(now, &ask)))
    }

    /// The next thing to do. `None`: drained.
    pub fn poll(&mut self) -> Option<Act> {
        if let Some(act) = self.acts.pop_front() {
            return Some(act);
        }
        while let Some(number) = self.due.pop_front() {
            if let Some(line) = self.lines.get_mut(&number) {
                let bytes = line.take();
                if !bytes.is_empty() {
                    return Some(Act::Send {
                        line: number,
                        bytes,
                    });
                }
            }
        }
        None
    }

    fn tell(&mut self, now: u64, input: Input<'_>) {
        self.broker.handle(now, input);
        while let Some(output) = self.broker.poll() {
            match output {
                Output::Send {
                    connection,
                    head,
                    payload,
                } => {
                    if let Some(line) = self.lines.get_mut(&connection)
                        && line.put(head, payload)
                    {
                        self.due.push_back(connection);
                    }
                }
                Output::Close { connection, why } => {
                    if let Some(mut line) = self.lines.remove(&connection) {
                        let bytes = line.take();
                        if !bytes.is_empty() {
                            self.acts.push_back(Act::Send {
                                line: connection,
                                bytes,
                            });
                        }
                        let (code, reason) = close(why);
                        self.acts.push_back(Act::Close {
                            line: connection,
                            code,
                            reason,
                        });
                    }
                }
                // Nothing is stored, and nobody reads a log.
                Output::Store(_) | Output::Event(_) => {}
            }
        }
    }
}
