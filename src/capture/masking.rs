//! The bytes of packets for people and files: without passwords and authentication data, unless somebody asks for them by
//! name. What is secret is decided by `protocol`.

use std::borrow::Cow;

use super::packet::Packet;
use crate::protocol::{self, Field};

/// Stands for each byte of a secret.
const MASK: u8 = b'*';

impl<'a> Packet<'a> {
    /// The whole packet, with another byte in place of each one that is secret.
    pub fn masked(&self) -> Cow<'a, [u8]> {
        let secrets = protocol::secrets(self.bytes, self.version);
        if secrets.is_empty() {
            return Cow::Borrowed(self.bytes);
        }
        let mut masked = self.bytes.to_vec();
        for secret in secrets {
            if let Some(secret) = masked.get_mut(secret) {
                secret.fill(MASK);
            }
        }
        Cow::Owned(masked)
    }

    /// The whole packet as it crossed the wire, with the secrets that may be in it.
    pub fn bytes_with_secrets(&self) -> &'a [u8] {
        self.bytes
    }

    /// Bytes of the whole packet.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Its fields. Their values tell no secret.
    pub fn fields(&self) -> Vec<Field> {
        protocol::fields(self.bytes, self.version)
    }

    /// The fields of its first bytes, so many at the most. Their values tell no secret.
    pub fn fields_within(&self, most: usize) -> Vec<Field> {
        let start = self.bytes.get(..most).unwrap_or(self.bytes);
        protocol::fields(start, self.version)
    }
}
