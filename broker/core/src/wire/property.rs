//! Properties of MQTT 5 in validated packets (MQTT 5 section 2.2.2).

/// Their identifiers (MQTT 5 section 2.2.2.2).
pub mod id {
    #![allow(missing_docs)] // the names are the specification's own
    pub const MESSAGE_EXPIRY: u8 = 0x02;
    pub const SUBSCRIPTION_ID: u8 = 0x0B;
    pub const SESSION_EXPIRY: u8 = 0x11;
    pub const ASSIGNED_CLIENT_ID: u8 = 0x12;
    pub const SERVER_KEEP_ALIVE: u8 = 0x13;
    pub const AUTHENTICATION_METHOD: u8 = 0x15;
    pub const AUTHENTICATION_DATA: u8 = 0x16;
    pub const REQUEST_PROBLEM_INFORMATION: u8 = 0x17;
    pub const WILL_DELAY: u8 = 0x18;
    pub const REQUEST_RESPONSE_INFORMATION: u8 = 0x19;
    pub const RESPONSE_INFORMATION: u8 = 0x1A;
    pub const REASON_STRING: u8 = 0x1F;
    pub const RECEIVE_MAXIMUM: u8 = 0x21;
    pub const TOPIC_ALIAS_MAXIMUM: u8 = 0x22;
    pub const TOPIC_ALIAS: u8 = 0x23;
    pub const MAXIMUM_PACKET_SIZE: u8 = 0x27;
}

/// The value of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'p> {
    /// A number of any length.
    Number(u32),
    /// Text or bytes.
    Bytes(&'p [u8]),
    /// A user property.
    Pair,
}

/// Identifier, value, and the bytes of both, of each property in its order. Ends with the bytes, or at what is none.
#[derive(Clone, Copy, Debug)]
pub struct Properties<'p>(pub &'p [u8]);

impl<'p> Iterator for Properties<'p> {
    type Item = (u8, Value<'p>, &'p [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let whole = self.0;
        let (&id, rest) = whole.split_first()?;
        self.0 = rest;
        let value = match id {
            0x01 | 0x17 | 0x19 | 0x24 | 0x25 | 0x28..=0x2A => {
                Value::Number(self.take::<1>()?[0].into())
            }
            0x13 | 0x21..=0x23 => Value::Number(u16::from_be_bytes(self.take()?).into()),
            0x02 | 0x11 | 0x18 | 0x27 => Value::Number(u32::from_be_bytes(self.take()?)),
            0x0B => {
                let (number, count) = variable(self.0)?;
                self.0 = self.0.get(count..)?;
                Value::Number(number)
            }
            0x26 => {
                self.prefixed()?;
                self.prefixed()?;
                Value::Pair
            }
            _ => Value::Bytes(self.prefixed()?),
        };
        let size = whole.len() - self.0.len();
        Some((id, value, whole.get(..size)?))
    }
}

impl<'p> Properties<'p> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*bytes)
    }

    fn prefixed(&mut self) -> Option<&'p [u8]> {
        let length = u16::from_be_bytes(self.take()?).into();
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }
}

/// A variable byte integer, and how many bytes it takes (MQTT 5 section 1.5.5).
pub fn variable(bytes: &[u8]) -> Option<(u32, usize)> {
    let mut number = 0;
    for (index, &byte) in bytes.iter().take(4).enumerate() {
        number |= u32::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((number, index + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_told_with_their_bytes() {
        let bytes = b"\x02\0\0\0\x05\x26\0\x01a\0\x01b\x0b\x80\x01\x03\0\x01x\x23\0\x07";
        let all: Vec<_> = Properties(bytes).collect();
        assert_eq!(all[0].1, Value::Number(5));
        assert_eq!(all[1], (0x26, Value::Pair, &b"\x26\0\x01a\0\x01b"[..]));
        assert_eq!(all[2].1, Value::Number(128));
        assert_eq!(all[3].1, Value::Bytes(b"x"));
        assert_eq!(all[4].1, Value::Number(7));
        let len = |end: usize| Properties(&bytes[..end]).count();
        assert!((0..bytes.len()).all(|end| len(end) < 5));
    }
}
