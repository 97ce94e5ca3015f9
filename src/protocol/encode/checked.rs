//! Lengths and texts, checked before the first byte of a packet is written.

use super::super::header::{LARGEST_LENGTH, write_remaining_length};
use super::super::topic::LONGEST;
use super::error::{EncodeError, Part};

/// A packet has room for this remaining length.
pub fn check_size(length: usize) -> Result<(), EncodeError> {
    if length > LARGEST_LENGTH {
        Err(EncodeError::PacketTooLarge)
    } else {
        Ok(())
    }
}

/// A field has room for these bytes.
pub fn check_length(bytes: &[u8], part: Part) -> Result<(), EncodeError> {
    if bytes.len() > LONGEST {
        Err(EncodeError::TooLong(part))
    } else {
        Ok(())
    }
}

/// A text that MQTT can carry.
pub fn check_text(text: &str, part: Part) -> Result<(), EncodeError> {
    check_length(text.as_bytes(), part)?;
    if memchr::memchr(0, text.as_bytes()).is_some() {
        Err(EncodeError::Nul(part))
    } else {
        Ok(())
    }
}

/// Begins a packet: its first byte and its remaining length.
pub fn begin(first: u8, length: usize, out: &mut Vec<u8>) {
    out.reserve(5 + length);
    out.push(first);
    write_remaining_length(length, out);
}
