//! What is under the inspector.

use crate::link::Inspected;

/// The payload of an inspected message.
pub fn payload(inspected: &Inspected) -> &[u8] {
    inspected
        .bytes
        .get(inspected.payload as usize..)
        .unwrap_or_default()
}
