//! What the page asks of the worker.

use serde::{Deserialize, Serialize};

use super::{ExportRequest, Target, view::View};
use crate::protocol::{Connect, PublishProperties, Qos, SubscribeRequest};

/// One request of the page. It comes in a [`super::Turn`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// The page is there. Answered at once with a frame in which everything is said.
    Hello,
    /// Send the next frame when something that is shown has changed.
    Ask,
    /// Connect, or connect anew with other settings. Ends any earlier connection first.
    Connect(Box<ConnectRequest>),
    /// Disconnect and stay disconnected.
    Disconnect,
    /// While waiting for the next try: try now.
    TryNow,
    /// Ask for these filters now, or at the next connection when there is none. A filter that is already there is
    /// subscribed again with the new quality of service.
    Subscribe(Vec<SubscribeRequest>),
    /// Ask for those of these filters that are not there in this way; what is stays as it is. `only`: give up all others. For
    /// what was subscribed on an earlier visit, or belongs to a saved connection.
    Resubscribe {
        /// The filters.
        filters: Vec<SubscribeRequest>,
        /// No others.
        only: bool,
    },
    /// Give up a filter.
    Unsubscribe {
        /// The filter, as it was subscribed.
        filter: String,
    },
    /// Hide or show again what only this filter brought. Nothing is dropped.
    Mute {
        /// The filter, as it was subscribed.
        filter: String,
        /// Hide.
        muted: bool,
    },
    /// Publish once. Answered with [`super::Notice::Published`] or [`super::Notice::PublishFailed`].
    Publish(Box<Publication>),
    /// Publish once now and then every `every_ms`, until [`Command::Stop`]. Templates are filled in anew each time.
    Start {
        /// What to publish.
        publication: Box<Publication>,
        /// Milliseconds, 10 at least.
        every_ms: u32,
    },
    /// Withdraw a publication that waits; the number is that of [`super::Waiting`]. Answered with
    /// [`super::Notice::Cancelled`] unless it was sent already.
    Cancel(u32),
    /// Send a publication again that is held back; the number is that of [`super::HeldMessage`].
    SendHeld(u32),
    /// Give up a publication that is held back. Answered with [`super::Notice::Cancelled`].
    DropHeld(u32),
    /// Authenticate anew on this connection (MQTT 5 section 4.12.1).
    Reauthenticate,
    /// End a series that [`Command::Start`] began; the number is that of its publication.
    Stop {
        /// The publication's number.
        number: u32,
    },
    /// What the page shows from now on.
    Show(Box<View>),
    /// Look at one packet or topic from now on; `None` closes the inspector.
    Inspect(Option<Target>),
    /// Fold a node of the topic tree open or shut.
    Fold {
        /// The node, from [`super::TreeRow::node`].
        node: u32,
        /// Open it.
        open: bool,
    },
    /// Throw away what was captured, and start the counters at zero. Subscriptions stay.
    Clear,
    /// Bring back what [`Command::Clear`] threw away, as long as [`super::Counters::cleared`] says that it can be. What came
    /// since stays.
    BringBack,
    /// Make a file of what was captured until now: it comes in [`super::Chunk`]s. Another file on its way is given up.
    Export(Box<ExportRequest>),
    /// Give up the file of this number.
    StopExport(u32),
    /// Bytes the capture may keep.
    Budget(u64),
    /// The page was hidden, or is shown again.
    Hidden(bool),
    /// The page is hidden, and wants to know of the connection and the counters all the same, for the title of its tab.
    Glance,
}

/// Everything a connection needs. `Debug` does not show the password, which is in `connect`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectRequest {
    /// `ws://` or `wss://` addresses with host, port, path and query, at least one; tried in order. Checked by the page.
    pub addresses: Vec<String>,
    /// What CONNECT says. With `newest` its version is the first to be tried.
    pub connect: Connect,
    /// Try MQTT 5, then 3.1.1, then 3.1, beginning with the version of `connect`, until the broker takes one.
    pub newest: bool,
    /// Offer the WebSocket subprotocol `mqttv3.1` instead of `mqtt`.
    pub old_subprotocol: bool,
    /// The client identifier was made up by Midge, so that another may take its place.
    pub client_id_made_up: bool,
    /// Every broken rule ends the connection for good.
    pub strict: bool,
    /// Authenticate by SCRAM-SHA-256 with the user name and the password of `connect`, which are not sent in CONNECT then.
    /// MQTT 5 only.
    pub scram: bool,
}

/// A message to publish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Publication {
    /// Chosen by the page; comes back in the notices.
    pub number: u32,
    /// Topic name.
    pub topic: String,
    /// The payload.
    pub payload: Body,
    /// Quality of service.
    pub qos: Qos,
    /// Retain flag.
    pub retain: bool,
    /// MQTT 5 only; other versions drop them. Topic alias and subscription identifiers are not the user's to choose, and
    /// dropped too.
    pub properties: PublishProperties,
}

/// A payload to send.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Body {
    /// These bytes.
    Bytes(#[serde(with = "serde_bytes")] Vec<u8>),
    /// Text with `{{random 0..99}}` and its like, filled in anew for each message (see `payload::template`).
    Template(String),
}
