//! What one client, one address and all of them together may take: every bound that the companion holds in one place.
//!
//! Plain numbers, without an opinion on who holds them. The fronts hold those that show in the bytes of a connection, this
//! crate those that show in what is kept. Why each number is what it is: docs/decisions/0015-limits-of-the-front.md.

use std::time::Duration;

/// The bounds. Sizes are bytes unless they say otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// One control packet, fixed header included.
    pub packet: usize,
    /// A CONNECT, and whatever else comes before a connection is accepted, fixed header included.
    pub first_packet: usize,
    /// Unfinished packets of all connections together. What is small goes on above it.
    pub unfinished: usize,
    /// What one connection may hold of an unfinished packet when `unfinished` is used up.
    pub unfinished_small: usize,
    /// Levels of a topic name or filter, `$share` and group included.
    pub topic_levels: usize,
    /// Topic filters in one SUBSCRIBE or UNSUBSCRIBE.
    pub filters_per_packet: usize,
    /// Topic filters of one client.
    pub filters_per_client: usize,
    /// Bytes of all topic filters of one client.
    pub filter_bytes_per_client: usize,
    /// From a connection's start to its whole CONNECT; while few wait for it.
    pub time_to_connect: Duration,
    /// The same while many wait for it.
    pub time_to_connect_in_a_rush: Duration,
    /// From one byte of an unfinished packet to the next.
    pub time_between_bytes: Duration,
    /// How long a client may take to read what was written to it.
    pub time_to_read: Duration,
    /// From the end of a response, or a connection's start, to the end of the next HTTP header.
    pub time_to_header: Duration,
    /// The longest life of a connection that only asks for files.
    pub http_life: Duration,
    /// Bytes of an HTTP header.
    pub http_header: usize,
    /// Connections of all kinds.
    pub connections: usize,
    /// Connections from one address.
    pub connections_per_address: usize,
    /// Sessions that are kept while their clients are away. Above it the one that is away the longest ends.
    pub offline_sessions: usize,
    /// How long a session is kept while its client is away.
    pub session_expiry: Duration,
    /// What was sent to one client and has not left, because it does not read. Above it messages of QoS 0 are dropped for
    /// it, and others wait.
    pub owed_to_one: usize,
    /// What waits for one client, connected or not, and as much again that it has not acknowledged.
    pub owed_to_one_away: usize,
    /// Each of both for all clients together. Who owes less than 64 KiB goes on above it.
    pub owed_to_all: usize,
    /// Retained messages.
    pub retained: usize,
    /// What retained messages take, bookkeeping included.
    pub retained_bytes: usize,
    /// Wrong passwords of one address that are answered at once.
    pub free_guesses: u32,
    /// How long one wrong password too many is waited for; it doubles with each.
    pub first_wait: Duration,
    /// The longest that a password waits; where it would be longer, the answer is no.
    pub longest_wait: Duration,
    /// After how long one wrong password is forgotten.
    pub forgiving: Duration,
    /// How many addresses are remembered for wrong passwords.
    pub guessing_addresses: usize,
}

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            packet: 16 * MIB,
            first_packet: 256 * KIB,
            unfinished: 128 * MIB,
            unfinished_small: 64 * KIB,
            topic_levels: 128,
            filters_per_packet: 1_000,
            filters_per_client: 1_000,
            filter_bytes_per_client: MIB,
            time_to_connect: Duration::from_secs(10),
            time_to_connect_in_a_rush: Duration::from_secs(2),
            time_between_bytes: Duration::from_secs(30),
            time_to_read: Duration::from_secs(20),
            time_to_header: Duration::from_secs(15),
            http_life: Duration::from_secs(300),
            http_header: 32 * KIB,
            connections: 10_000,
            connections_per_address: 7_500,
            offline_sessions: 1_000,
            session_expiry: Duration::from_secs(24 * 60 * 60),
            owed_to_one: 64 * MIB,
            owed_to_one_away: 32 * MIB,
            owed_to_all: 256 * MIB,
            retained: 100_000,
            retained_bytes: 128 * MIB,
            free_guesses: 5,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(8),
            forgiving: Duration::from_secs(60),
            guessing_addresses: 4_096,
        }
    }
}

/// Descriptors for everything that is no connection: listeners, the runtime, files of the page, the terminal.
const RESERVE: usize = 48;

/// Messages that wait for one client. A burst of tens of thousands of small ones must survive until it has read them.
const QUEUED: usize = 100_000;

impl Limits {
    /// The same, made to fit into so many file descriptors: a connection has one, and a session none.
    #[must_use]
    pub fn within(mut self, descriptors: usize) -> Limits {
        let usable = descriptors.saturating_sub(RESERVE);
        self.connections = self.connections.min(usable).max(4);
        self.connections_per_address = self
            .connections_per_address
            .min(self.connections - self.connections / 4);
        self
    }

    /// The same for packets of at most so many bytes. What must hold one of them grows with it.
    #[must_use]
    pub fn with_packet(mut self, packet: usize) -> Limits {
        self.packet = packet;
        self.first_packet = self.first_packet.min(packet);
        self.unfinished = self.unfinished.max(packet.saturating_mul(4));
        self.owed_to_one = self.owed_to_one.max(packet.saturating_mul(2));
        self.owed_to_one_away = self.owed_to_one_away.max(packet.saturating_mul(2));
        self.owed_to_all = self.owed_to_all.max(packet.saturating_mul(8));
        self.retained_bytes = self.retained_bytes.max(packet.saturating_mul(2));
        self
    }

    /// Those that the core holds.
    pub(crate) fn for_core(&self) -> midge_broker_core::Limits {
        let seconds = |time: Duration| {
            let whole = time.as_secs() + u64::from(time.subsec_nanos() > 0);
            u32::try_from(whole).unwrap_or(u32::MAX)
        };
        midge_broker_core::Limits {
            connections: self.connections,
            // The fronts give a connection to the broker when its CONNECT is there.
            connect_within: seconds(self.time_to_connect),
            greeting_bytes: self.first_packet,
            packet_bytes: self.packet,
            partial_bytes_in_all: self.unfinished,
            partial_bytes_small: self.unfinished_small,
            owed_bytes: self.owed_to_one,
            owed_bytes_in_all: self.owed_to_all,
            sessions: self.connections.saturating_add(self.offline_sessions),
            sessions_away: self.offline_sessions,
            session_expiry: seconds(self.session_expiry),
            levels: self.topic_levels,
            filters_per_packet: self.filters_per_packet,
            filters_per_client: self.filters_per_client,
            filter_bytes_per_client: self.filter_bytes_per_client,
            queued: QUEUED,
            queued_bytes: self.owed_to_one_away,
            queued_bytes_in_all: self.owed_to_all,
            retained: self.retained,
            retained_bytes: self.retained_bytes,
            ..midge_broker_core::Limits::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_fits_into_the_descriptors_there_are() {
        for descriptors in [64, 128, 256, 1_024, 4_096, 1_000_000] {
            let limits = Limits::default().within(descriptors);
            let needed = RESERVE + limits.connections;
            assert!(needed <= descriptors, "{descriptors}: {needed}");
            assert!(limits.connections_per_address < limits.connections);
        }
        assert_eq!(Limits::default().within(1_000_000).connections, 10_000);
    }
}
