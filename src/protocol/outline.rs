//! The outline of a packet: it is validated in full, and the places of its parts are found, without allocating.
//!
//! On the path of every message. Knows nothing of what the parts mean.

use super::fault::Fault;
use super::packet::{Direction, Outline, Version};
use super::walk;

/// Validates one whole packet that goes this way, and finds its parts. Every rule of the version that shows in a single
/// packet is held: type and flags, lengths to the byte, UTF-8 without U+0000, topic names and filters, packet
/// identifiers, codes, properties. Left to others: whether a payload that is said to be UTF-8 is, and everything that
/// depends on what came before.
pub fn outline(packet: &[u8], version: Version, direction: Direction) -> Result<Outline, Fault> {
    walk::walk(packet, version, Some(direction), &mut ())
}
