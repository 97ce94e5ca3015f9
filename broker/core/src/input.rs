//! What the broker is told.

/// One thing that happened. See [`crate::Broker::handle`].
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// A connection opened. The owner gives it a number that it never gives again.
    Opened {
        /// Its number.
        connection: u64,
    },
    /// Bytes came on a connection: any part of a packet, or many.
    Bytes {
        /// Its number.
        connection: u64,
        /// The bytes.
        bytes: &'a [u8],
    },
    /// This much of what was handed out for a connection has not left yet: it still stands in the owner's buffers. To be
    /// told whenever some has left.
    Owed {
        /// Its number.
        connection: u64,
        /// Bytes.
        bytes: usize,
    },
    /// A connection is gone, whoever ended it. Nothing follows for one that the broker has closed itself.
    Closed {
        /// Its number.
        connection: u64,
    },
    /// Time passed, as [`crate::Broker::wake_at`] asked.
    Time,
    /// A message of the owner's own, to whom it may concern.
    Publish {
        /// Topic name; one that is none is left alone.
        topic: &'a str,
        /// Payload.
        payload: &'a [u8],
        /// Quality of service.
        qos: midge::protocol::Qos,
        /// Retain.
        retain: bool,
    },
    /// End every connection: the broker shuts down. Sessions stay as they are.
    Shutdown,
    /// What storage holds, as [`crate::Output::Store`] put it there, in the order of its keys. Before anything else.
    #[cfg(feature = "storing")]
    Restore(&'a [(Vec<u8>, Vec<u8>)]),
}
