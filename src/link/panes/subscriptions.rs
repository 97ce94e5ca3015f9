//! All subscriptions with their states.

use serde::{Deserialize, Serialize};

use crate::protocol::{Limit, Qos, SubscribeOptions};

/// The state of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Grant {
    /// Not requested on this connection.
    Asleep,
    /// SUBSCRIBE was sent.
    Asked,
    /// SUBACK granted this quality of service.
    Granted(Qos),
    /// SUBACK refused it, with this code: 0x80, or the reason code of MQTT 5.
    Refused(u8),
    /// Not requested, because the broker or the version does not allow it.
    Forbidden(Limit),
    /// Not requested again automatically, because the broker closed the connection when it was.
    Withheld,
}

/// A subscription.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subscription {
    /// Topic filter.
    pub filter: String,
    /// Its options.
    pub options: SubscribeOptions,
    /// Subscription identifier.
    pub identifier: Option<u32>,
    /// The reason string of a SUBACK that refused it.
    pub reason: Option<String>,
    /// Its state.
    pub grant: Grant,
    /// The number of its colour, 0 to 7. It does not change.
    pub colour: u8,
    /// Its messages are hidden in the list.
    pub muted: bool,
    /// How many messages it matched.
    pub count: u64,
    /// How many of them in the last second.
    pub rate: f32,
}
