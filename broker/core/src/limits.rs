//! What the broker holds at the most. All bounds are here.

/// What the broker holds at the most, and how long it waits. Sizes are bytes, times are seconds; a message counts as its
/// topic, payload and properties and 64 bytes beside them.
///
/// Over a limit the client at fault is told with the code of its version, an [`crate::Event`] says so once, and nobody else
/// is affected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Open connections. One more is closed at once.
    pub connections: usize,
    /// Seconds that a connection may take until its CONNECT is there.
    pub connect_within: u32,
    /// Bytes of the first packet.
    pub greeting_bytes: usize,
    /// Bytes of any other packet from a client; MQTT 5 clients are told (maximum packet size).
    pub packet_bytes: usize,
    /// Bytes of packets that have come in part, of all connections. The one that brings more is closed.
    pub partial_bytes_in_all: usize,
    /// Bytes of a packet that has come in part which are never too many, whatever others have.
    pub partial_bytes_small: usize,
    /// Bytes that were handed out for a connection and have not left, as [`crate::Input::Owed`] tells. Above this QoS 0
    /// messages to it are dropped, and others wait. Once answers to it alone are twice as much, it is closed.
    pub owed_bytes: usize,
    /// The same of all connections. Above this each counts as full that owes more than 64 KiB.
    pub owed_bytes_in_all: usize,
    /// Sessions, connected or not. One more takes the place of the one that has been away for longest.
    pub sessions: usize,
    /// Sessions that are not connected. One more takes the place of the one that has been away for longest.
    pub sessions_away: usize,
    /// Bytes of a client identifier.
    pub client_id_bytes: usize,
    /// Bytes of a user name.
    pub user_name_bytes: usize,
    /// Bytes of the wills of all sessions.
    pub will_bytes_in_all: usize,
    /// Seconds that a session stays without its client; more is not granted. `u32::MAX`: for ever.
    pub session_expiry: u32,
    /// Levels of a topic name or filter, `$share` and group included.
    pub levels: usize,
    /// Topic filters in one SUBSCRIBE or UNSUBSCRIBE. A connection that sends more is closed.
    pub filters_per_packet: usize,
    /// Topic filters that one client is subscribed to.
    pub filters_per_client: usize,
    /// Bytes of the topic filters that one client is subscribed to.
    pub filter_bytes_per_client: usize,
    /// Topic filters that all clients are subscribed to.
    pub filters: usize,
    /// Bytes of the topic filters that all clients are subscribed to.
    pub filter_bytes: usize,
    /// QoS 2 messages of one client that it has not released, and what MQTT 5 clients are told (receive maximum).
    pub receive_maximum: u16,
    /// QoS 1 and 2 messages to one client that it has not acknowledged. A smaller receive maximum of its own goes first.
    pub in_flight: u16,
    /// Messages that wait for one client.
    pub queued: usize,
    /// Bytes of the messages that wait for one client; and of those in flight to it, above which others wait.
    pub queued_bytes: usize,
    /// Bytes of all messages that wait or are in flight; each counts once, and 64 bytes more for each client that it is for.
    pub queued_bytes_in_all: usize,
    /// Retained messages, beside those of `$SYS`.
    pub retained: usize,
    /// Bytes of all retained messages, beside those of `$SYS`.
    pub retained_bytes: usize,
    /// Topic aliases that a client may use.
    pub aliases_from_client: u16,
    /// Topic aliases that are used towards one client. A smaller topic alias maximum of its own goes first.
    pub aliases_to_client: u16,
    /// Bytes of the topics that have aliases on one connection, each way.
    pub alias_bytes: usize,
}

impl Default for Limits {
    /// For a machine that serves a house or a classroom.
    fn default() -> Self {
        Self {
            connections: 10_000,
            connect_within: 10,
            greeting_bytes: 256 * 1024,
            packet_bytes: 16 * 1024 * 1024,
            partial_bytes_in_all: 256 * 1024 * 1024,
            partial_bytes_small: 64 * 1024,
            owed_bytes: 16 * 1024 * 1024,
            owed_bytes_in_all: 512 * 1024 * 1024,
            sessions: 20_000,
            sessions_away: 10_000,
            client_id_bytes: 1024,
            user_name_bytes: 4096,
            will_bytes_in_all: 64 * 1024 * 1024,
            session_expiry: u32::MAX,
            levels: 128,
            filters_per_packet: 1000,
            filters_per_client: 10_000,
            filter_bytes_per_client: 4 * 1024 * 1024,
            filters: 1_000_000,
            filter_bytes: 128 * 1024 * 1024,
            receive_maximum: 1000,
            in_flight: 100,
            queued: 10_000,
            queued_bytes: 16 * 1024 * 1024,
            queued_bytes_in_all: 256 * 1024 * 1024,
            retained: 1_000_000,
            retained_bytes: 256 * 1024 * 1024,
            aliases_from_client: 32,
            aliases_to_client: 32,
            alias_bytes: 128 * 1024,
        }
    }
}

impl Limits {
    /// For a broker in a browser tab.
    pub fn for_a_tab() -> Self {
        Self {
            connections: 200,
            packet_bytes: 1024 * 1024,
            partial_bytes_in_all: 16 * 1024 * 1024,
            owed_bytes: 1024 * 1024,
            owed_bytes_in_all: 16 * 1024 * 1024,
            sessions: 400,
            sessions_away: 200,
            will_bytes_in_all: 4 * 1024 * 1024,
            filters_per_client: 1000,
            filter_bytes_per_client: 256 * 1024,
            filters: 20_000,
            filter_bytes: 4 * 1024 * 1024,
            queued: 1000,
            queued_bytes: 1024 * 1024,
            queued_bytes_in_all: 16 * 1024 * 1024,
            retained: 10_000,
            retained_bytes: 16 * 1024 * 1024,
            ..Self::default()
        }
    }
}
