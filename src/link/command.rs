//! The commands of the page to the worker.

use serde::{Deserialize, Serialize};

use super::{ExportRequest, Target, view::View};
use crate::protocol::{Connect, PublishProperties, Qos, SubscribeRequest};

/// The address of the broker that lives in this browser.
pub const TAB: &str = "tab:";
/// The close code of a line to it when the tab that had the broker was closed.
pub const TAB_CLOSED: u16 = 4900;
/// The close code of a line to it when it could not go on.
pub const TAB_STOPPED: u16 = 4901;

/// One command. It is sent in a [`super::Turn`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// The page has started. It is answered at once, with all answers.
    Hello,
    /// Send the next frame as soon as something that is shown has changed.
    Ask,
    /// Connect, or connect again with other settings. Any earlier connection is ended first.
    Connect(Box<ConnectRequest>),
    /// Disconnect and stay disconnected.
    Disconnect,
    /// Do not wait for the next attempt: try now.
    TryNow,
    /// Subscribe to these filters, now or on the next connection. A filter that is subscribed already is subscribed again,
    /// with the new options.
    Subscribe(Vec<SubscribeRequest>),
    /// Subscribe to those of these filters that are not subscribed yet with these options. For the subscriptions of an
    /// earlier visit or of a saved connection.
    Resubscribe {
        /// The filters.
        filters: Vec<SubscribeRequest>,
        /// Unsubscribe from all others.
        only: bool,
    },
    /// Unsubscribe from a filter.
    Unsubscribe {
        /// The filter, as it was subscribed.
        filter: String,
    },
    /// Hide messages that only this filter matches, or show them again. They are kept either way.
    Mute {
        /// The filter, as it was subscribed.
        filter: String,
        /// Hide them.
        muted: bool,
    },
    /// A subscription is told by this colour from now on, 0 to 7; it may be one that is still to come.
    Paint {
        /// The filter.
        filter: String,
        /// The colour's number.
        colour: u8,
    },
    /// Publish once. Answered with [`super::Notice::Published`] or [`super::Notice::PublishFailed`].
    Publish(Box<Publication>),
    /// Start a series: publish now and then every `every_ms`, until [`Command::Stop`]. Templates are filled in for each
    /// message.
    Start {
        /// What to publish.
        publication: Box<Publication>,
        /// Milliseconds, at least 10.
        every_ms: u32,
    },
    /// Cancel a publication that waits, by the number of its [`super::Waiting`]. Answered with
    /// [`super::Notice::Cancelled`] unless it was sent already.
    Cancel(u32),
    /// Send a publication that is held back, by the number of its [`super::HeldMessage`].
    SendHeld(u32),
    /// Drop a publication that is held back. Answered with [`super::Notice::Cancelled`].
    DropHeld(u32),
    /// Authenticate again on this connection (MQTT 5 section 4.12.1).
    Reauthenticate,
    /// End the series that [`Command::Start`] began.
    Stop {
        /// The publication's number.
        number: u32,
    },
    /// Set what the page shows.
    Show(Box<View>),
    /// Set what the inspector shows; `None`: it is closed.
    Inspect(Option<Target>),
    /// Fold a node of the topic tree open or shut.
    Fold {
        /// The node, from [`super::TreeRow::node`].
        node: u32,
        /// Open it.
        open: bool,
    },
    /// Clear the capture, and reset the counters. Subscriptions stay.
    Clear,
    /// Undo [`Command::Clear`]. Possible while [`super::Counters::cleared`] is not zero. Messages that came since stay.
    BringBack,
    /// Make a file of the captured packets. It is sent in [`super::Chunk`]s. A file that is still being made is cancelled.
    Export(Box<ExportRequest>),
    /// Cancel the file with this number.
    StopExport(u32),
    /// Set how many bytes the capture may hold.
    Budget(u64),
    /// The page was hidden, or is visible again.
    Hidden(bool),
    /// The page is hidden, but needs connection and counters once, for the title of its tab.
    Glance,
}

/// Everything a connection needs. `Debug` does not show the password, which is in `connect`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectRequest {
    /// `ws://` or `wss://` addresses, or [`TAB`], at least one. They are tried in order. The page has checked them.
    pub addresses: Vec<String>,
    /// The contents of CONNECT. With `newest`, its version is the first to be tried.
    pub connect: Connect,
    /// Try MQTT 5, then 3.1.1, then 3.1, starting with the version of `connect`, until the broker accepts one.
    pub newest: bool,
    /// Offer the WebSocket subprotocol `mqttv3.1` instead of `mqtt`.
    pub old_subprotocol: bool,
    /// Midge generated the client identifier, so it may generate another one.
    pub client_id_made_up: bool,
    /// Strict mode: any violation of the protocol ends the connection, without another attempt.
    pub strict: bool,
    /// Authenticate by SCRAM-SHA-256 with the user name and password of `connect`, which are then not sent in CONNECT. MQTT 5
    /// only.
    pub scram: bool,
}

/// A message to publish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Publication {
    /// A number that the page chooses. Notices contain it.
    pub number: u32,
    /// Topic name.
    pub topic: String,
    /// The payload.
    pub payload: Body,
    /// Quality of service.
    pub qos: Qos,
    /// Retain flag.
    pub retain: bool,
    /// MQTT 5 only; ignored in other versions. Topic alias and subscription identifiers are ignored, too, because the user
    /// does not set them.
    pub properties: PublishProperties,
}

/// A payload to send.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Body {
    /// These bytes.
    Bytes(#[serde(with = "serde_bytes")] Vec<u8>),
    /// Text with placeholders such as `{{random 0..99}}`, filled in for each message (see `payload::template`).
    Template(String),
}
