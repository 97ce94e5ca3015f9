//! All subscriptions, and what became of them.

use serde::{Deserialize, Serialize};

use crate::protocol::{Limit, Qos, SubscribeOptions};

/// What became of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Grant {
    /// Not connected, so not asked yet.
    Asleep,
    /// SUBSCRIBE was sent.
    Asked,
    /// SUBACK granted this quality of service.
    Granted(Qos),
    /// SUBACK refused it, with this code: 0x80, or the reason code of MQTT 5.
    Refused(u8),
    /// The broker does not allow it, so it was not asked for.
    Forbidden(Limit),
    /// The broker closed the connection when it was asked for it, so it is not asked for again by itself.
    Withheld,
}

/// A subscription.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subscription {
    /// Topic filter.
    pub filter: String,
    /// What is asked for with it.
    pub options: SubscribeOptions,
    /// Subscription identifier.
    pub identifier: Option<u32>,
    /// The broker's reason string, with a refusal.
    pub reason: Option<String>,
    /// What became of it.
    pub grant: Grant,
    /// Number of its colour: 0 to 7. Stays the same for as long as the filter is there.
    pub colour: u8,
    /// Hidden in the list.
    pub muted: bool,
    /// Messages that it matched.
    pub count: u64,
    /// Messages that it matched in the last second.
    pub rate: f32,
}
