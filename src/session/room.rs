//! How much fits into a SUBSCRIBE or UNSUBSCRIBE (sections 3.8 and 3.10 of MQTT 3.1.1 and MQTT 5) if the broker limits
//! the size of packets [MQTT-3.2.2-15].

use crate::protocol::{LARGEST_LENGTH, Version};

/// The room in one packet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    version: Version,
    /// The largest packet, in bytes; `None`: the protocol's own limit.
    most: Option<u32>,
}

impl Room {
    pub(super) fn new(version: Version, most: Option<u32>) -> Self {
        Self { version, most }
    }

    /// A SUBSCRIBE fits. `filters`: the sum of [`Self::asking`] over all filters.
    pub(super) fn subscribe(self, identifier: Option<u32>, filters: usize) -> bool {
        self.fits(identifier.map_or(0, |identifier| 1 + digits(identifier)) + filters)
    }

    /// An UNSUBSCRIBE fits. `filters`: the sum of [`Self::leaving`] over all filters.
    pub(super) fn unsubscribe(self, filters: usize) -> bool {
        self.fits(filters)
    }

    /// Bytes of one filter in a SUBSCRIBE.
    pub(super) fn asking(filter: &str) -> usize {
        3 + filter.len()
    }

    /// Bytes of one filter in an UNSUBSCRIBE.
    pub(super) fn leaving(filter: &str) -> usize {
        2 + filter.len()
    }

    /// The packet identifier and, in MQTT 5, the length of the properties (one byte here) come before the rest.
    fn fits(self, rest: usize) -> bool {
        let length = 2 + usize::from(self.version == Version::V5) + rest;
        if length > LARGEST_LENGTH {
            return false;
        }
        let size = 1 + digits(length as u32) + length;
        self.most
            .is_none_or(|most| size <= usize::try_from(most).unwrap_or(usize::MAX))
    }
}

/// Bytes of a variable byte integer (MQTT 5 section 1.5.5).
fn digits(number: u32) -> usize {
    match number {
        0..=127 => 1,
        128..=16_383 => 2,
        16_384..=2_097_151 => 3,
        _ => 4,
    }
}
