//! Bytes and packets: framing, the outline of a packet, typed packets, topic names and filters, reason codes.
//!
//! Knows no other room, no clock and no socket. Everything that comes in is untrusted: no input panics, and no length
//! allocates before it was checked against a limit.

mod packet;

pub use packet::*;
