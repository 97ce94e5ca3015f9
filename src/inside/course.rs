//! What became of one message.

use serde::{Deserialize, Serialize};

use super::Listed;
use crate::protocol::Qos;

/// A message that came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Came {
    /// Its number with the broker.
    pub number: u64,
    /// When it came.
    pub at: u64,
    /// Topic name.
    pub topic: String,
    /// The client that published it; `None`: the broker itself.
    pub from: Option<String>,
    /// It is that client's will.
    pub is_will: bool,
    /// The quality of service that it was published with.
    pub qos: Qos,
    /// The retain flag that it was published with.
    pub retain: bool,
    /// Bytes of its payload.
    pub size: u64,
    /// The first bytes of its payload.
    #[serde(with = "serde_bytes")]
    pub start: Vec<u8>,
    /// How many clients it was sent to, or waits for.
    pub reached: u64,
}

/// The course of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    /// The message.
    pub came: Came,
    /// Whom it was for.
    pub reached: Listed<Reached>,
}

/// A client with a subscription that a message matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// Client identifier.
    pub client: String,
    /// It is connected now.
    pub is_here: bool,
    /// The subscriptions that match.
    pub matched: Listed<Matched>,
    /// The quality of service that it goes out with: the lower one of what was published and the highest that was granted.
    pub qos: Qos,
    /// It came as a retained message to a new subscription.
    pub as_retained: bool,
    /// How far it is.
    pub outcome: Outcome,
}

/// A subscription that a message matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matched {
    /// The filter, without group.
    pub filter: String,
    /// The group of a shared subscription, of which this client had its turn.
    pub group: Option<String>,
    /// The quality of service that was granted.
    pub granted: Qos,
    /// Nothing of the client's own (no local).
    pub no_local: bool,
}

/// How far a message is on its way to a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It would go out now: nothing was published.
    WouldGo,
    /// It was sent, at QoS 0: there is no more to it.
    Sent,
    /// It was sent, and is not acknowledged.
    Unacknowledged,
    /// The client has it (PUBREC); the end of the exchange (PUBCOMP) has not come.
    Received,
    /// The client acknowledged it.
    Acknowledged,
    /// It waits for the client: to come back, or for those before it.
    Waits,
    /// Not for who published it: no local.
    NoLocal,
    /// The rules do not let the client have it.
    Forbidden,
    /// The client is away, and QoS 0 is not kept.
    Away,
    /// It is larger than the client takes.
    TooLarge,
    /// The client does not read what it is sent.
    SlowReader,
    /// As much waits for the client as may.
    QueueFull,
    /// As much waits for all clients as may.
    BrokerFull,
    /// Its time was over before it could be sent.
    Expired,
    /// It waited at QoS 0 when the connection ended.
    LostWithConnection,
    /// The session ended before it was acknowledged.
    SessionEnded,
}

impl Outcome {
    /// It is with the client, or still on its way there.
    pub fn is_for_client(self) -> bool {
        matches!(
            self,
            Self::Sent | Self::Unacknowledged | Self::Received | Self::Acknowledged | Self::Waits
        )
    }
}
