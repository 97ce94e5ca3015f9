//! What page and companion have agreed on where the way to a broker goes through the companion.

use std::ops::RangeInclusive;

/// Where the paths of the companion begin by which a page reaches brokers of elsewhere. Their names come behind it.
pub const WAY_IN: &str = "/broker/";

/// Close codes of WebSocket, of the range for private use (RFC 6455 section 7.4.2), by which the companion tells why it did
/// not reach a broker of elsewhere, or lost it. Which is which: `host/src/unreached.rs`, and the page's words.
pub const UNREACHED: RangeInclusive<u16> = 4150..=4160;
