//! Byte order marks: bytes that some programs put before a text to mark its encoding.

/// The encoding that a byte order mark indicates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// EF BB BF. MQTT needs none, and many JSON parsers reject it.
    Utf8,
    /// FF FE or FE FF.
    Utf16,
    /// FF FE 00 00 or 00 00 FE FF.
    Utf32,
}

impl Mark {
    /// The mark at the start of these bytes.
    pub fn before(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xef, 0xbb, 0xbf, ..] => Some(Self::Utf8),
            [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some(Self::Utf32),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(Self::Utf16),
            _ => None,
        }
    }
}

/// The bytes without a UTF-8 mark.
pub fn unmarked(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Bytes as Latin-1 (ISO 8859-1): a character each.
pub fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}
