//! The subscriptions that are saved with a connection. If one is damaged, only that one is left out.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::protocol::{
    LARGEST_NUMBER, Qos, RetainHandling, SubscribeOptions, SubscribeRequest, check_topic_filter,
};

/// The most subscriptions that are saved with a connection.
pub const MAX_KEPT: usize = 100;

/// One subscription.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptFilter {
    /// Topic filter.
    pub filter: String,
    /// 0, 1 or 2.
    pub qos: u8,
    /// No local. MQTT 5 only, like all below.
    pub no_local: bool,
    /// Retain as published.
    pub as_published: bool,
    /// Retain handling: 0 to 2.
    pub handling: u8,
    /// Subscription identifier.
    pub identifier: Option<u32>,
    /// Number of its colour: 0 to 7.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colour: Option<u8>,
}

impl KeptFilter {
    /// Converts a subscription for saving.
    pub fn new(filter: &str, options: SubscribeOptions, identifier: Option<u32>) -> Self {
        Self {
            filter: filter.to_owned(),
            qos: options.qos.bits(),
            no_local: options.no_local,
            as_published: options.retain_as_published,
            handling: options.retain_handling as u8,
            identifier,
            colour: None,
        }
    }

    /// The same, told by this colour.
    pub fn coloured(self, colour: u8) -> Self {
        Self {
            colour: Some(colour),
            ..self
        }
    }

    /// It is the same as this subscription.
    pub fn says(&self, filter: &str, options: SubscribeOptions, identifier: Option<u32>) -> bool {
        self.filter == filter
            && self.qos == options.qos.bits()
            && self.no_local == options.no_local
            && self.as_published == options.retain_as_published
            && self.handling == options.retain_handling as u8
            && self.identifier == identifier
    }

    /// It is valid.
    fn is_sound(&self) -> bool {
        let numbers = self
            .identifier
            .is_none_or(|number| (1..=LARGEST_NUMBER).contains(&number));
        let colours = self.colour.is_none_or(|colour| colour < 8);
        numbers
            && colours
            && self.qos <= 2
            && self.handling <= 2
            && check_topic_filter(&self.filter).is_ok()
    }

    /// Converts it to a request.
    pub fn request(&self) -> SubscribeRequest {
        SubscribeRequest {
            filter: self.filter.clone(),
            options: SubscribeOptions {
                qos: Qos::from_bits(self.qos).unwrap_or_default(),
                no_local: self.no_local,
                retain_as_published: self.as_published,
                retain_handling: RetainHandling::from_bits(self.handling).unwrap_or_default(),
            },
            identifier: self.identifier,
        }
    }
}

/// Reads the valid ones, each once.
pub(super) fn read<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Vec<KeptFilter>>, D::Error> {
    let value = <&RawValue>::deserialize(deserializer)?;
    let Ok(stored) = serde_json::from_str::<Vec<&RawValue>>(value.get()) else {
        return Ok(None);
    };
    let mut kept: Vec<KeptFilter> = Vec::new();
    for one in stored {
        // Only an object: serde would also read a list as this type.
        let one = Some(one.get()).filter(|one| one.trim_start().starts_with('{'));
        let one = one.and_then(|one| serde_json::from_str::<KeptFilter>(one).ok());
        if let Some(one) = one.filter(KeptFilter::is_sound)
            && kept.len() < MAX_KEPT
            && !kept.iter().any(|other| other.filter == one.filter)
        {
            kept.push(one);
        }
    }
    Ok(Some(kept))
}
