//! Outputs that wait to be polled, and the numbers of connections.

use std::collections::VecDeque;

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Open a connection to the broker.
    Open {
        /// Its number, which no other connection has.
        connection: u64,
    },
    /// Send these bytes.
    Send {
        /// The connection's number.
        connection: u64,
        /// Whole packets.
        bytes: Vec<u8>,
    },
    /// Close the connection after what was sent before. An unplugged device sends no word of farewell before.
    Close {
        /// Its number.
        connection: u64,
    },
}

#[derive(Debug, Default)]
pub(super) struct Outbox {
    waiting: VecDeque<Output>,
    last: u64,
}

impl Outbox {
    /// A connection is to be opened. Its number, which is never given again.
    pub(super) fn open(&mut self) -> u64 {
        self.last += 1;
        let connection = self.last;
        self.waiting.push_back(Output::Open { connection });
        connection
    }

    /// Bytes that follow others on the same connection go with them.
    pub(super) fn send(&mut self, connection: u64, packet: &[u8]) {
        match self.waiting.back_mut() {
            Some(Output::Send {
                connection: same,
                bytes,
            }) if *same == connection => bytes.extend_from_slice(packet),
            _ => self.waiting.push_back(Output::Send {
                connection,
                bytes: packet.to_vec(),
            }),
        }
    }

    pub(super) fn close(&mut self, connection: u64) {
        self.waiting.push_back(Output::Close { connection });
    }

    pub(super) fn next(&mut self) -> Option<Output> {
        self.waiting.pop_front()
    }
}
